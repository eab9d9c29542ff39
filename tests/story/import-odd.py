#!/usr/bin/env python3
# time-limit: 300
"""Import: ledgers as finance systems write them.  What means one thing is read
as that; what does not gets one clear error with the way out."""
import os
import signal
import sqlite3
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import (COLUMNS, INVOICE_PROFILE, PAYMENT_COLUMNS, PAYMENT_PROFILE,  # noqa: E402
                       Workspace, day, invoice, payment)

AT = "2026-09-20T10:00:00Z"
BUSY_SECONDS = 10           # as long as the program waits for a lock
BASE = {"name": "odd", "what": "invoices", "delimiter": ";", "decimal_mark": ",",
        "group_mark": ".", "date": "dd.mm.yyyy", "balance": "payments", "negative_is_credit": True,
        "columns": {"external_id": {"column": "Nr"}, "debtor": {"column": "Kunde nr."},
                    "due_on": {"column": "Forfald"}, "currency": {"column": "Valuta"},
                    "amount": {"column": "Beløb"}, "phone": {"column": "Tlf."},
                    "country": {"column": "Land"}}}
HEAD = "Nr;Kunde nr.;Forfald;Valuta;Beløb;Tlf.;Land"
SPACED = {"group_mark": " "}
POINT = {"decimal_mark": ".", "group_mark": ","}

AMOUNTS = [     # as written, currency, profile, minor units or a word of the error
    ("1.234,50", "DKK", {}, 123450),
    ("1.234,50-", "DKK", {}, -123450),
    ("-1.234,50", "DKK", {}, -123450),
    ("\u22121.234,50", "DKK", {}, -123450),
    ("1\u00a0234,50", "DKK", SPACED, 123450),
    ("1\u202f234,50", "SEK", SPACED, 123450),
    ("1 234 567,00", "NOK", SPACED, 123456700),
    ('"1,234.50"', "GBP", POINT, 123450),
    ("1.234", "KWD", {"decimal_mark": ".", "group_mark": ""}, 1234),
    ("12,5", "KWD", {}, 12500),
    ("1.234", "JPY", {}, 1234),
    ("1234,00", "ISK", {}, 1234),
    ("kr 1.234,50", "DKK", {}, "export the number alone"),
    ("1.234,50 DKK", "DKK", {}, "export the number alone"),
    ("$1,234.50", "USD", POINT, "export the number alone"),
    ("€ 5,00", "EUR", {}, "export the number alone"),
    ("(1.234,50)", "DKK", {}, "with a minus"),
    ("1.234,50", "DKK", {"group_mark": ""}, "group_mark"),
    ("1,5", "JPY", {}, "at most 0 decimals"),
    ("0,00", "DKK", {}, "leave such rows out"),
    ("1,23E+05", "DKK", {}, "export the number alone"),
]

DATES = [       # as written, the profile's form, the day or a word of the error
    ("05.11.2026", "dd.mm.yyyy", "2026-11-05"),
    ("5.11.2026", "d.m.yyyy", "2026-11-05"),
    ("20261105", "yyyymmdd", "2026-11-05"),
    ("2026-11-05", "auto", "2026-11-05"),
    ("2026-11-05T00:00:00", "yyyy-mm-dd", "export the day alone"),
    ("2026-11-05 00:00", "auto", "export the day alone"),
    ("05.11.2026 00:00:00", "auto", "export the day alone"),
    ("5/11/26", "d/m/yyyy", "four digits"),
    ("05.11.26", "auto", "four digits"),
    ("46331", "dd.mm.yyyy", "count of days"),
    ("46331", "auto", "count of days"),
    ("5/11/2026", "auto", "let the profile say"),
    ("31.02.2026", "dd.mm.yyyy", "no such day"),
]

PHONES = [      # as written, country, E.164 or a word of the error
    ("00 45 20 12 34 56", "DK", "+4520123456"),
    ("0045 20123456", "SE", "+4520123456"),
    ("+45 2012-3456", "DE", "+4520123456"),
    ("(+45) 20 12 34 56", "DK", "+4520123456"),
    ("070-123 45 67", "SE", "+46701234567"),
    ("20123456 / 87654321", "DK", "keep one"),
    ("20123456, 87654321", "DK", "keep one"),
    ("030 123456/7", "DE", "keep one"),
    ("20123456 (Lene)", "DK", "something else"),
]


def take(w, text, options=(), **profile):
    return w.run("import", "invoices", w.file("odd.csv", text), "--map",
                 w.profile(BASE, **profile), *options, at=AT)


def judge(what, done, found, wanted):
    """Read as wanted; or one fault, with the way out, and the closing line."""
    if isinstance(wanted, str) and found is None:
        tap.ok(done.returncode == 1 and wanted in done.stderr
               and len(done.stderr.splitlines()) <= 2, f"{what}: refused, and how to mend it",
               done.stderr)
    else:
        tap.same((done.returncode, found), (0, wanted), f"{what}: read")


def one(w, column, number="1"):
    rows = w.sql(f"select {column} from invoice i left join address a on a.debtor_id = i.debtor_id "
                 "and a.channel = 'sms' where i.external_id = ?", number)
    return rows[0][0] if rows else None


def cells():
    with Workspace() as w:
        for n, (text, currency, profile, wanted) in enumerate(AMOUNTS):
            done = take(w, f"{HEAD}\nA{n};A{n};05.11.2026;{currency};{text};;DK\n", **profile)
            judge(f"{text} {currency}", done, one(w, "balance_minor", f"A{n}"), wanted)
        for n, (text, form, wanted) in enumerate(DATES):
            done = take(w, f"{HEAD}\nD{n};D{n};{text};DKK;5,00;;DK\n", date=form)
            due = one(w, "due_on", f"D{n}")
            judge(f"{text} as {form}", done, due, day(wanted) if due is not None else wanted)
        for n, (text, country, wanted) in enumerate(PHONES):
            done = take(w, f"{HEAD}\nP{n};P{n};05.11.2026;DKK;5,00;{text};{country}\n")
            judge(f"{text} in {country}", done, one(w, "a.value", f"P{n}"), wanted)


ROW = "1;K1;05.11.2026;DKK;1.234,50;;DK\n"
FILES = [       # what, the text, the profile, amount of invoice 1 or a word of the error
    ("headers in quotes", '"Nr";"Kunde nr.";"Forfald";"Valuta";"Beløb";"Tlf.";"Land"\n' + ROW, {},
     123450),
    ("spaces around headers", HEAD.replace(";", " ; ") + "\n" + ROW, {}, 123450),
    ("no-break spaces around cells", HEAD + "\n" + ROW.replace(";", "\u00a0;\u00a0"), {}, 123450),
    ("blank lines", f"\n{HEAD}\n\n{ROW}\n\n", {}, 123450),
    ("a spreadsheet's blank lines", f"{HEAD}\n;;;;;;\n{ROW};;;;;;\n; ;;;;;\n", {}, 123450),
    ("blank lines above the header", f";;;;;;\n{HEAD}\n{ROW}", {}, 123450),
    ("sep=;", f"sep=;\r\n{HEAD}\r\n{ROW}", {"delimiter": "auto"}, 123450),
    ("a byte order mark and sep=;", f"\ufeffsep=;\n{HEAD}\n{ROW}", {}, 123450),
    ("sep= of another delimiter", f"sep=,\n{HEAD}\n{ROW}", {}, "another delimiter"),
    ("sep=|", f"sep=|\n{HEAD}\n{ROW}", {"delimiter": "auto"}, "comma, semicolon and tab"),
    ("a line of totals", f"{HEAD}\n{ROW}I alt;;;;1.234,50;;\n", {}, "line of totals"),
    ("a line of totals without a word", f"{HEAD}\n{ROW};;;DKK;1.234,50;;\n", {},
     "line of totals"),
    ("two columns of one name", f"{HEAD};Beløb\n" + ROW.replace(";DK\n", ";DK;2\n"), {},
     "rename all but one"),
    ("two columns of one name that is not mapped", f"{HEAD};x;x\n" + ROW.replace(
        ";DK\n", ";DK;;\n"), {}, 123450),
    ("a title above the header", f"Debitorliste\n{HEAD}\n{ROW}", {}, 'no column "Nr"'),
    ("a number that a spreadsheet has shortened", f"{HEAD}\n" + ROW.replace("1;K1", "1,23E+11;K1"),
     {}, "as text before the export"),
    ("a currency by its sign", f"{HEAD}\n" + ROW.replace("DKK", "kr."), {}, '"values"'),
]


def files():
    for what, text, profile, wanted in FILES:
        with Workspace() as w:
            done = take(w, text, **profile)
            judge(what, done, one(w, "balance_minor"), wanted)
    with Workspace() as w:
        done = take(w, f"{HEAD}\n{ROW}I alt;;;;1.234,50;;\n;;;;;;\n", ["--skip-rejected"])
        tap.ok(done.returncode == 0 and "2 rows: 1 new" in done.stdout and
               "1 rejected" in done.stdout, "totals are left out where asked", done.stdout)


def even_invoices():
    """Settled ones are in a ledger too: known, not owed, no case."""
    with Workspace() as w:
        found = w.invoices([invoice("F1", "K1", "2026-09-10", "100.00", open="0.00"),
                            invoice("F2", "K1", "2026-09-11", "50.00", open="50.00"),
                            invoice("F3", "K2", "2026-09-11", "50.00", open="0.00")], AT,
                           balance="open_amount")
        tap.same((found["new"], w.sql("select external_id, balance_minor from invoice order by 1"),
                  w.one("select count(*) from \"case\"")),
                 (3, [("F1", 0), ("F2", 5000), ("F3", 0)], 1), "an open amount of nothing")


def beside_a_worker():
    """A large file while the worker runs: both get through."""
    rows = [invoice(f"F{n}", f"K{n % 900}", "2026-09-10", "40.00") for n in range(6000)]
    paid = [payment(f"P{n}", "40.00", "2026-09-15", invoice=f"F{n}") for n in range(0, 6000, 2)]
    with Workspace() as w:
        w.invoices([invoice("A1", "A1", "2026-09-10", "10.00")], AT)
        worker = w.start("work")
        try:
            codes = []
            for what, columns, profile, table in (("invoices", COLUMNS, INVOICE_PROFILE, rows),
                                                  ("payments", PAYMENT_COLUMNS, PAYMENT_PROFILE,
                                                   paid)):
                done = w.run("import", what, w.table(columns, table), "--map", w.profile(profile))
                codes.append((done.returncode, done.stderr))
            time.sleep(0.5)
            alive = worker.poll() is None
        finally:
            worker.terminate()
            worker.wait(60)
        tap.same((codes, alive), ([(0, ""), (0, "")], True), "the files go in, the worker goes on")
        tap.same(w.one("select sum(balance_minor) from invoice where external_id like 'F%'"),
                 3000 * 4000, "and what is owed is right")


def a_long_import():
    """Whoever writes for longer than anybody waits does not end the worker."""
    with Workspace() as w:
        w.invoices([invoice("A1", "A1", "2026-09-10", "10.00")], AT)
        worker = w.start("work")
        base = sqlite3.connect(w.path("purr.db"), isolation_level=None)
        try:
            until = time.monotonic() + 30
            while not w.sql("select 1 from lease") and time.monotonic() < until:
                time.sleep(0.2)
            time.sleep(1)
            base.execute("begin immediate")
            worker.send_signal(signal.SIGUSR1)          # the next pass, now
            time.sleep(BUSY_SECONDS + 3)
            alive = worker.poll() is None
            base.execute("rollback")
            held = w.one("select until_at from lease")
            while w.one("select until_at from lease") <= held and time.monotonic() < until + 30:
                time.sleep(0.5)
            kept = w.one("select until_at from lease") > held
        finally:
            base.close()
            worker.terminate()
            code = worker.wait(60)
        tap.same((alive, kept, code), (True, True, 0),
                 "a worker outlives a long import, and goes on behind it")


def main():
    for story in (cells, files, even_invoices, beside_a_worker, a_long_import):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
