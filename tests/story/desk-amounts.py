#!/usr/bin/env python3
# variants: release asan
"""desk-amounts.py - what the debtor's page says is owed, and when: nothing is
due "now" before its day, and what is set aside is named, but not asked for.
"""
import os
import re
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "lib")]
import served
import tap
import workspace

SENT = "2026-09-21T10:00:00Z"		# a Monday
SEEN = "2026-09-21T12:00:00Z"


def page(w, token):
    with served.Served(w, SEEN) as s:
        text = served.words(s.get(f"/p/{token}?lang=en")[2])
    return re.search(r"Hello .*?What would you like to do", text).group(0), text


def says(text, what, *words, never=()):
    missing = [w for w in words if w not in text] + [w for w in never if w in text]
    tap.ok(not missing, what, (missing, text))


def main():
    with workspace.Workspace() as w:
        w.invoices([workspace.invoice("A-1", "ahead", "2026-09-24", "500.00"),
                    workspace.invoice("L-1", "late", "2026-09-14", "300.00"),
                    workspace.invoice("L-2", "late", "2026-09-15", "1249.00"),
                    workspace.invoice("E-1", "euro", "2026-09-15", "100.00"),
                    workspace.invoice("E-2", "euro", "2026-09-15", "75.10", currency="EUR")],
                   at="2026-09-20T10:00:00Z")
        w.json("run", at=SENT)
        tokens = {m["To"].split("@")[0]: served.token_of(m) for m in w.mails().values()}
        tap.same(sorted(tokens), ["ahead", "euro", "late"], "a message to each, with its link")

        text = page(w, tokens["ahead"])[0]
        says(text, "before the due day: not due yet, and by when", "Not due yet DKK 500.00",
             "By 24 September 2026", never=("now", "as soon as you can"))

        w.invoices([workspace.invoice("A-2", "ahead", "2026-11-24", "40.00")], at=SENT)
        text, whole = page(w, tokens["ahead"])
        says(text, "two days to come: no one day for both", "Not due yet DKK 540.00", "2 invoices",
             never=("By ", "now"))
        says(whole, "and each is listed with its own", "Invoice A-1 DKK 500.00 Due on 24 September 2026",
             "Invoice A-2 DKK 40.00 Due on 24 November 2026")

        w.json("hold", "--invoice", "L-1", "--type", "dispute", at=SENT)
        text, whole = page(w, tokens["late"])
        says(text, "one of two on hold: the other is to be paid now", "To pay now DKK 1,249.00",
             "On hold DKK 300.00", "2 invoices", never=("Not due yet", "In all"))
        says(whole, "and the one on hold is listed as such", "Invoice L-1 DKK 300.00 Was due on 14 September "
             "2026. Paused")

        w.json("hold", "--invoice", "E-1", at=SENT)
        text = page(w, tokens["euro"])[0]
        says(text, "a currency on hold beside one that is not", "On hold DKK 100.00",
             "To pay now EUR 75.10", never=("Not due yet",))
        w.json("hold", "--invoice", "E-2", at=SENT)
        text, whole = page(w, tokens["euro"])
        says(text, "everything on hold: nothing is asked for, nothing is hidden",
             "On hold DKK 100.00", "On hold EUR 75.10", "2 invoices",
             never=("To pay now", "Not due yet", "as soon as you can"))
    tap.done()


main()
