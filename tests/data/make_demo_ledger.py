#!/usr/bin/env python3
"""Writes demo-ledger.csv: an invented year of a Danish company's invoices.

Nobody in it exists: names are drawn from lists, every e-mail address ends in
.example (RFC 2606), and every telephone number begins with 10, which no Danish
subscriber has.  How people pay follows the figures of a public ledger of 2,466
invoices: 35.6 % late; days from invoice to payment 6/18/26/35/48 at the 5th,
25th, 50th, 75th and 95th percentile; 36.4 days when disputed against 23.5;
intra-customer correlation of "late" 0.45.

Whole numbers only, with a generator of its own, so that the same bytes come
out of every Python 3 on every machine.

    make_demo_ledger.py [FILE]       writes FILE, demo-ledger.csv beside this else
    make_demo_ledger.py --check      only prints the figures reached, on stderr
"""
import datetime
import os
import sys

SEED = 20260630
DEBTORS = 2000
FIRST_ISSUE = datetime.date(2025, 7, 1)
ISSUE_DAYS = 365                        # .. 2026-06-30
BUSINESS_PER_MILLE = 60
ENGLISH_PER_MILLE = 50
PHONE_PER_MILLE = 400
PHONE_ONLY_PER_MILLE = 30
DISPUTED_PER_MILLE = 225
UNSETTLED_OF_LATE_PER_MILLE = 56        # of the late ones: 2 % of all
SD = 65536                              # one standard deviation of normal()
TRAIT, NOISE = 8718, 4899               # /10000: their squares sum to 1
DISPUTE_SHIFT = 100 * SD // 100         # how much later a disputed invoice is

# percentile * 1000 -> days * 100, straight lines between
DAYS = [(0, 100), (5000, 700), (25000, 2080), (50000, 2810), (64400, 3100),
        (75000, 3670), (95000, 5000), (99000, 6100), (100000, 8000)]
# percentile * 1000 -> oere: log-normal, median 600 kroner
AMOUNT = [(0, 4900), (1000, 7400), (5000, 13600), (10000, 18900), (25000, 32700),
          (50000, 60000), (75000, 110100), (90000, 190200), (95000, 263700),
          (99000, 487000), (100000, 1495000)]

GIVEN = """Anne Mette Kirsten Hanne Anna Helle Susanne Lene Maria Marianne Inge
Karen Lone Camilla Pia Louise Charlotte Tina Birgitte Sofie Ida Emma Freja Laura
Clara Josefine Signe Maja Caroline Nanna Peter Michael Jens Lars Thomas Henrik
Søren Christian Martin Jan Morten Jesper Anders Niels Mads Rasmus Per Hans Jørgen
Kasper Emil Oliver William Noah Victor Magnus Frederik Mikkel Bjørn Åge""".split()
FAMILY = """Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen
Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen
Johansen Møller Mortensen Knudsen Jakobsen Lund Holm Schmidt Eriksen Clausen
Simonsen Svendsen Andreasen Iversen Østergaard Jeppesen Vestergaard Nissen
Lauridsen Kjær Jespersen Mogensen Nørgaard Jepsen Frandsen Søndergaard Jacobsen
Bertelsen Dahl Ågaard Friis Bech Kruse""".split()
FIRM = """Nordlys Havblik Bøgelund Strandvejens Klitgårdens Lyngens Møllebakkens
Fjordens Egevangens Kirkebakkens Skovly Rugmarkens Åbrinkens Solsortens""".split()
TRADE = """Bageri Cykler Tømrerfirma Blomster Optik Vinhandel Frisør Tandklinik
Maskinværksted Bogholderi Gartneri Kaffebar Trykkeri""".split()
HOSTS = ["mail.example", "post.example", "brev.example", "kunde.example"]
HEADER = ("Kundenr;Navn;Email;Mobil;Type;Fakturanr;Fakturadato;Forfaldsdato;Beløb;"
          "Valuta;Betalt den;Indsigelse;Betalings-ID;Sprog")


class Random:
    """splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014)."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return z ^ (z >> 31)

    def below(self, n):
        return (self.bits() >> 16) * n >> 48

    def chance(self, per_mille):
        return self.below(1000) < per_mille

    def pick(self, items):
        return items[self.below(len(items))]

    def normal(self):
        """Sum of twelve: mean 0, standard deviation SD, whole."""
        return sum(self.below(SD) for _ in range(12)) - 6 * SD


def along(table, at):
    """The table's value at `at`, by straight lines, whole."""
    for (x0, y0), (x1, y1) in zip(table, table[1:]):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) // (x1 - x0)
    return table[-1][1]


def luhn(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def fik71(serial):
    digits = f"{serial:014d}"
    return f"+71<{digits}{luhn(digits)}"


def kroner(minor):
    whole = f"{minor // 100:,}".replace(",", ".")
    return f"{whole},{minor % 100:02d}"


def date(day):
    return day.strftime("%d-%m-%Y") if day else ""


def ascii_name(text):
    for a, b in (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("Å", "Aa"), ("Ø", "Oe"), (" ", ".")):
        text = text.replace(a, b)
    return text.lower()


def make_debtor(rnd, index):
    business = rnd.chance(BUSINESS_PER_MILLE)
    if business:
        name = f"{rnd.pick(FIRM)} {rnd.pick(TRADE)} ApS"
    else:
        name = f"{rnd.pick(GIVEN)} {rnd.pick(FAMILY)}"
    number = 10001 + index
    email = f"{ascii_name(name)}.{number}@{rnd.pick(HOSTS)}"
    phone = ""
    phone_only = rnd.chance(PHONE_ONLY_PER_MILLE)
    if phone_only or rnd.chance(PHONE_PER_MILLE):
        rest = f"{index:04d}{rnd.below(100):02d}"
        phone = f"10 {rest[:2]} {rest[2:4]} {rest[4:]}"
    return {
        "id": f"K{number}", "name": name, "phone": phone,
        "email": "" if phone_only else email,
        "kind": "Erhverv" if business else "Privat",
        "lang": "en" if rnd.chance(ENGLISH_PER_MILLE) else "da",
        "trait": rnd.normal(), "invoices": 3 + rnd.below(4),
        "terms": rnd.pick([30] * 24 + [14, 8]),
    }


def issue_day(rnd, k, count):
    """The k-th of `count` invoices in its part of the year, on a weekday."""
    part = ISSUE_DAYS // count
    day = FIRST_ISSUE + datetime.timedelta(days=k * part + rnd.below(part))
    while day.weekday() >= 5:
        day -= datetime.timedelta(days=1)
    return max(day, FIRST_ISSUE)


def make_invoices(rnd, debtors):
    out = []
    for debtor in debtors:
        for k in range(debtor["invoices"]):
            disputed = rnd.chance(DISPUTED_PER_MILLE)
            late = (TRAIT * debtor["trait"] + NOISE * rnd.normal()) // 10000
            amount = along(AMOUNT, rnd.below(100001))
            out.append({
                "debtor": debtor, "disputed": disputed,
                "rank": late + (DISPUTE_SHIFT if disputed else 0),
                "amount": amount * (4 if debtor["kind"] == "Erhverv" else 1),
                "issued": issue_day(rnd, k, debtor["invoices"]),
            })
    return out


def settle(rnd, invoices):
    """Days to pay by rank, so that the percentiles are those of DAYS."""
    order = sorted(range(len(invoices)), key=lambda i: (invoices[i]["rank"], i))
    for place, i in enumerate(order):
        invoice = invoices[i]
        terms = invoice["debtor"]["terms"]
        days = along(DAYS, (2 * place + 1) * 100000 // (2 * len(order))) // 100
        late_by = days - 30
        invoice["due"] = invoice["issued"] + datetime.timedelta(days=terms)
        days = terms + late_by if late_by > 0 else days * terms // 30
        invoice["paid"] = invoice["issued"] + datetime.timedelta(days=days)
        if late_by > 0 and rnd.chance(UNSETTLED_OF_LATE_PER_MILLE):
            invoice["paid"] = None


def make():
    rnd = Random(SEED)
    debtors = [make_debtor(rnd, i) for i in range(DEBTORS)]
    invoices = make_invoices(rnd, debtors)
    settle(rnd, invoices)
    invoices.sort(key=lambda v: (v["issued"], v["debtor"]["id"]))
    return invoices


def text(invoices):
    lines = [HEADER]
    for n, v in enumerate(invoices):
        d = v["debtor"]
        lines.append(";".join([
            d["id"], d["name"], d["email"], d["phone"], d["kind"], f"F{100001 + n}",
            date(v["issued"]), date(v["due"]), kroner(v["amount"]), "DKK", date(v["paid"]),
            "Ja" if v["disputed"] else "Nej", fik71(100001 + n), d["lang"]]))
    return "\r\n".join(lines) + "\r\n"


def mean(values):
    return sum(values) / len(values)


def figures(invoices):
    days = {flag: [(v["paid"] - v["issued"]).days for v in invoices
                   if v["paid"] and v["disputed"] == flag] for flag in (True, False)}
    every = sorted(days[True] + days[False])
    late = [v["paid"] is None or v["paid"] > v["due"] for v in invoices]
    return {
        "invoices": len(invoices),
        "late %": 100 * mean(late),
        "days 5/25/50/75/95 %": [every[len(every) * q // 100] for q in (5, 25, 50, 75, 95)],
        "days disputed": mean(days[True]), "days undisputed": mean(days[False]),
        "never settled %": 100 * mean([v["paid"] is None for v in invoices]),
        "with phone %": 100 * mean([v["debtor"]["phone"] != "" for v in invoices]),
    }


def main():
    invoices = make()
    if sys.argv[1:] == ["--check"]:
        for name, value in figures(invoices).items():
            print(f"{name}: {value}", file=sys.stderr)
        return
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo-ledger.csv")
    path = sys.argv[1] if len(sys.argv) > 1 else beside
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text(invoices))


main()
