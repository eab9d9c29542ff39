#!/usr/bin/env python3
"""newcomer.py - what somebody met who set purr up for the first time.

variants: release asan
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import served  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, invoice, payment  # noqa: E402

IMPORTED, SENT, PRESSED = "2026-09-10T08:00:00Z", "2026-09-21T10:00:00Z", "2026-09-21T12:00:00Z"


def abroad():
    """Nobody said which language: that of the country, not that of the creditor."""
    with Workspace() as w:
        w.invoices([invoice(f"F{c}", f"K{c}", "2026-09-15", "90.00", country=c, lang="") for c in
                    ("DK", "NO", "SE", "FI", "DE", "AT", "GB", "US", "FR")], at=IMPORTED)
        tap.same(dict(w.sql("select country, lang from debtor")),
                 {"DK": "da", "NO": "nb", "SE": "sv", "FI": "fi", "DE": "de", "AT": "de", "GB": "en", "US": "en",
                  "FR": "en"}, "who lives abroad is written to in the country's language, else English")


def page():
    with Workspace() as w:
        w.setting("creditor demo", "iban", "DK5000400440116243")
        w.invoices([invoice("F1", "K1", "2026-09-15", "90.00", currency="EUR"),
                    invoice("F2", "K2", "2026-09-15", "90.00")], at=IMPORTED)
        w.json("run", at=SENT)
        one, two = (served.token_of(w.mails()[c]) for c in (1, 2))
        with served.Served(w, PRESSED) as s:
            shown = served.words(s.get(f"/p/{one}?lang=en")[2])
            tap.ok("IBAN DK50 0040 0440 1162 43" in shown, "the page has the line to pay by, too", shown)
            s.act(two, "parts", parts="3", text="")
            w.run("hold", "--debtor", "K2", "--type", "plan", "--until", "2026-12-05", "--by", "Ida", at=PRESSED)
            shown = served.words(s.get(f"/p/{two}?lang=en")[2])
            tap.ok("5 December 2026" in shown and "5 October 2026" not in shown,
                   "of two holds of a kind the longer is told", shown)


def paid_too_much():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-15", "90.00")], at=IMPORTED)
        w.json("run", at=SENT)
        w.payments([payment("P1", "290.00", "2026-09-21", invoice="F1")], at=PRESSED)
        with served.Served(w, PRESSED) as s:
            shown = served.words(s.get(f"/p/{served.token_of(w.mails()[1])}?lang=en")[2])
        tap.ok("Everything is paid" in shown and "DKK 200.00 more than was asked for" in shown,
               "who has paid too much is told so", shown)


abroad()
page()
paid_too_much()
tap.done()
