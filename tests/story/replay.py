#!/usr/bin/env python3
"""A past ledger lived through, and judged by others: the judge of tests/check
reads the workspace, and this program compares what was sent with the ledger's
own columns.  Run from the root of the repository.
"""
# time-limit: 600
import csv
import datetime
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path[:0] = ["tests", "tests/check"]
import judge  # noqa: E402
import judge_days  # noqa: E402
import tap  # noqa: E402

PURR = os.environ.get("PURR", "build/release/purr")
LEDGER = "tests/data/demo-ledger.csv"
PROFILE = "tests/data/demo-ledger.profile.json"
CUT_DEBTORS = 300
LATE_DAYS = 21          # who pays that late has heard of it
STEPS = {"heads_up", "friendly_reminder", "fee_reminder", "formal_notice"}

# One who never pays the first invoice and pays the others late: three fees for
# the whole time in arrears, not three for each invoice.
ARREARS = (("01-07-2025", "31-07-2025", ""), ("01-11-2025", "30-11-2025", "20-01-2026"),
           ("01-02-2026", "28-02-2026", "20-04-2026"), ("01-05-2026", "31-05-2026", "20-07-2026"))


def replay(ledger, folder):
    done = subprocess.run([PURR, "replay", ledger, "--map", PROFILE, "--workspace", folder,
                           "--json"], capture_output=True, text=True)
    tap.same((done.returncode, done.stderr), (0, ""), f"replays {os.path.basename(ledger)}")
    return json.loads(done.stdout)


def rows_of(ledger):
    with open(ledger, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter=";"))


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, rows[0].keys(), delimiter=";", lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def judged(folder, what):
    start = time.monotonic()
    found = judge.judge(folder)
    db = sqlite3.connect(f"file:{folder}/purr.db?mode=ro", uri=True)
    contacts = db.execute("select count(*) from contact where sent_at is not null").fetchone()[0]
    db.close()
    tap.note(f"{what}: {contacts} contacts judged in {time.monotonic() - start:.1f} s")
    tap.ok(contacts > 0 and not found, f"{what}: the judge finds no violation",
           "\n".join(map(str, found[:20])))


def date(text):
    return datetime.datetime.strptime(text, "%d-%m-%Y").date()


def against_ledger(folder, rows, what):
    """What was sent, held against the columns of the ledger itself."""
    db = sqlite3.connect(f"file:{folder}/purr.db?mode=ro", uri=True)
    told = db.execute("select i.external_id, c.sent_at, c.step from contact c join contact_invoice ci "
                      "on ci.contact_id = c.id join invoice i on i.id = ci.invoice_id "
                      "where c.sent_at is not null").fetchall()
    steps = {r[0] for r in db.execute("select distinct step from contact where sent_at is not null")}
    db.close()
    ledger = {r["Fakturanr"]: r for r in rows}
    paid, disputed, late = [], [], set()
    for number, sent_at, step in told:
        row = ledger[number]
        day = judge_days.local(sent_at, "Europe/Copenhagen").date()
        if row["Betalt den"] and date(row["Betalt den"]) <= day:
            paid.append((number, step, day))
        if row["Indsigelse"] == "Ja" and date(row["Forfaldsdato"]) <= day:
            disputed.append((number, step, day))
        if date(row["Forfaldsdato"]) < day:
            late.add(number)
    tap.ok(not paid, f"{what}: nobody was asked for an invoice on or after the day it was paid",
           paid[:5])
    tap.ok(not disputed, f"{what}: nobody was asked for a disputed invoice", disputed[:5])
    tap.ok(steps >= STEPS, f"{what}: every step of the ladder was taken", steps)
    silent = [n for n, r in ledger.items() if r["Betalt den"] and r["Indsigelse"] == "Nej" and
              (r["Email"] or r["Mobil"]) and n not in late and
              (date(r["Betalt den"]) - date(r["Forfaldsdato"])).days >= LATE_DAYS]
    tap.ok(not silent, f"{what}: who paid {LATE_DAYS} days late had heard of it", silent[:5])


def spoil(folder):
    """The same workspace with one payment an hour before a message."""
    db = sqlite3.connect(f"{folder}/purr.db")
    contact, armed = db.execute("select id, armed_at from contact where state = 'sent' "
                                "order by id limit 1").fetchone()
    for invoice, minor in db.execute("select invoice_id, balance_minor from contact_invoice "
                                     "where contact_id = ?", (contact,)).fetchall():
        db.execute("insert into entry (invoice_id, type, amount_minor, value_on, booked_at, source) "
                   "values (?, 'allocation', ?, 0, ?, 'planted')", (invoice, -minor, armed - 3600))
    db.commit()
    db.close()
    codes = judge.counts(judge.judge(folder))
    tap.ok(codes.get("P1") == 1, "a payment planted before a message is found", codes)


def fees_in_arrears(tmp):
    first = rows_of(LEDGER)[0]
    rows = [dict(first, Fakturanr=f"A{n}", Fakturadato=issued, Forfaldsdato=due, Indsigelse="Nej",
                 **{"Beløb": "500,00", "Betalt den": paid, "Betalings-ID": ""})
            for n, (issued, due, paid) in enumerate(ARREARS)]
    ledger, folder = os.path.join(tmp, "arrears.csv"), os.path.join(tmp, "arrears")
    write(ledger, rows)
    replay(ledger, folder)
    db = sqlite3.connect(f"file:{folder}/purr.db?mode=ro", uri=True)
    fees = db.execute("select count(*) from entry where type = 'fee'").fetchone()[0]
    messages = db.execute("select count(*) from contact where sent_at is not null and step in "
                          "('fee_reminder', 'formal_notice')").fetchone()[0]
    db.close()
    tap.ok(messages > 3, "more than three reminders that could bear a fee", messages)
    tap.same(fees, 3, "three fees for the whole time in arrears")
    judged(folder, "one long time in arrears")


def main():
    rows = rows_of(LEDGER)
    debtors = list(dict.fromkeys(r["Kundenr"] for r in rows))[:CUT_DEBTORS]
    cut = [r for r in rows if r["Kundenr"] in set(debtors)]
    with tempfile.TemporaryDirectory() as tmp:
        ledger, folder = os.path.join(tmp, "cut.csv"), os.path.join(tmp, "cut")
        write(ledger, cut)
        summary = replay(ledger, folder)
        tap.same(summary["summary"]["ledger"]["debtors"], CUT_DEBTORS, "the cut's debtors")
        judged(folder, "the cut")
        against_ledger(folder, cut, "the cut")
        spoil(folder)
        fees_in_arrears(tmp)
        folder = os.path.join(tmp, "whole")
        replay(LEDGER, folder)
        judged(folder, "the whole ledger")
        against_ledger(folder, rows, "the whole ledger")
    tap.done()


main()
