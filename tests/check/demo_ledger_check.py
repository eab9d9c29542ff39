#!/usr/bin/env python3
"""The demo ledger is what its maker says: the same bytes, the figures of the
public ledger that it follows, and nobody in it who could exist.

Reads the file with Python's csv module and computes each figure anew.
"""
import collections
import csv
import datetime
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import tap  # noqa: E402

LEDGER = os.path.join(ROOT, "tests/data/demo-ledger.csv")
MAKER = os.path.join(ROOT, "tests/data/make_demo_ledger.py")
BYTES_MAX = 1_500_000


def day(text):
    return datetime.datetime.strptime(text, "%d-%m-%Y").date() if text else None


def luhn_holds(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        d = int(c) * (1 + i % 2)
        total += d // 10 + d % 10
    return total % 10 == 0


def near(got, wanted, room, what):
    tap.ok(abs(got - wanted) <= room, f"{what}: {got:.3f}, wanted {wanted} +- {room}")


def icc(groups):
    """Intra-class correlation, one-way analysis of variance."""
    n = sum(len(g) for g in groups)
    k = len(groups)
    overall = sum(map(sum, groups)) / n
    between = sum(len(g) * (sum(g) / len(g) - overall) ** 2 for g in groups) / (k - 1)
    within = sum((y - sum(g) / len(g)) ** 2 for g in groups for y in g) / (n - k)
    size = (n - sum(len(g) ** 2 for g in groups) / n) / (k - 1)
    return (between - within) / (between + (size - 1) * within)


def check_form(raw, rows):
    tap.ok(len(raw) < BYTES_MAX, f"{len(raw)} bytes are fewer than {BYTES_MAX}")
    tap.same(list(rows[0]), ["Kundenr", "Navn", "Email", "Mobil", "Type", "Fakturanr",
                             "Fakturadato", "Forfaldsdato", "Beløb", "Valuta", "Betalt den",
                             "Indsigelse", "Betalings-ID", "Sprog"], "the header")
    tap.same(len({r["Fakturanr"] for r in rows}), len(rows), "invoice numbers are unique")
    tap.same(len({r["Kundenr"] for r in rows}), 2000, "2,000 debtors")
    tap.ok(all(re.fullmatch(r"\d{1,3}(\.\d{3})*,\d\d", r["Beløb"]) for r in rows),
           "amounts have a decimal comma and points between thousands")
    tap.ok(all(re.fullmatch(r"\+71<\d{15}", r["Betalings-ID"]) and
               luhn_holds(r["Betalings-ID"][4:]) for r in rows),
           "every payment reference is FIK 71 with its check digit")
    issued = [day(r["Fakturadato"]) for r in rows]
    tap.ok(min(issued) >= datetime.date(2025, 7, 1) and max(issued) <= datetime.date(2026, 6, 30),
           "issued from 2025-07-01 to 2026-06-30")
    facts = collections.defaultdict(set)
    for r in rows:
        facts[r["Kundenr"]].add((r["Navn"], r["Email"], r["Mobil"], r["Type"], r["Sprog"]))
    tap.ok(all(len(f) == 1 for f in facts.values()), "a debtor's facts are the same in every row")


def check_people(rows):
    tap.ok(all(re.fullmatch(r"[a-z.]+\.\d+@[a-z]+\.example", r["Email"])
               for r in rows if r["Email"]), "every e-mail address ends in .example")
    tap.ok(all(re.fullmatch(r"10 \d\d \d\d \d\d", r["Mobil"]) for r in rows if r["Mobil"]),
           "every telephone number begins with 10, which no subscriber has")
    tap.ok(all(r["Email"] or r["Mobil"] for r in rows), "everybody can be reached somehow")
    people = {r["Kundenr"]: r for r in rows}.values()
    near(sum(r["Mobil"] != "" for r in people) / len(people), 0.42, 0.04, "share with a telephone")
    near(sum(r["Type"] == "Privat" for r in people) / len(people), 0.94, 0.02, "share of consumers")


def check_paying(rows):
    by_debtor = collections.defaultdict(list)
    days = {"Ja": [], "Nej": []}
    for r in rows:
        paid, due = day(r["Betalt den"]), day(r["Forfaldsdato"])
        by_debtor[r["Kundenr"]].append(int(paid is None or paid > due))
        if paid:
            days[r["Indsigelse"]].append((paid - day(r["Fakturadato"])).days)
    every = sorted(days["Ja"] + days["Nej"])
    tap.ok(every[0] >= 0, "nothing is paid before it is issued")
    near(100 * sum(map(sum, by_debtor.values())) / len(rows), 35.6, 1.0, "late, per cent")
    for q, wanted in ((5, 6), (25, 18), (50, 26), (75, 35), (95, 48)):
        near(every[len(every) * q // 100], wanted, 1, f"days to pay, percentile {q}")
    near(sum(days["Ja"]) / len(days["Ja"]), 36.4, 1.0, "mean days, disputed")
    near(sum(days["Nej"]) / len(days["Nej"]), 23.5, 1.0, "mean days, not disputed")
    near(icc(list(by_debtor.values())), 0.45, 0.03, "intra-customer correlation of late")
    near(100 * sum(r["Betalt den"] == "" for r in rows) / len(rows), 2, 0.3, "never settled, per cent")
    sizes = {len(v) for v in by_debtor.values()}
    tap.ok(sizes == {3, 4, 5, 6}, "three to six invoices a debtor")
    amounts = sorted(int(r["Beløb"].replace(".", "").replace(",", ""))
                     for r in rows if r["Type"] == "Privat")
    near(amounts[len(amounts) // 2] / 100, 600, 20, "median amount of consumers")


def main():
    with open(LEDGER, "rb") as f:
        raw = f.read()
    with tempfile.TemporaryDirectory() as scratch:
        again = os.path.join(scratch, "again.csv")
        subprocess.run([sys.executable, MAKER, again], check=True)
        with open(again, "rb") as f:
            tap.ok(f.read() == raw, "the maker writes the same bytes again")
    with open(LEDGER, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter=";", strict=True))
    check_form(raw, rows)
    check_people(rows)
    check_paying(rows)
    tap.done()


main()
