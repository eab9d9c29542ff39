#!/usr/bin/env python3
# time-limit: 240
"""Who has paid is left in peace: a ledger that knows of no fees and calls an
invoice settled settles its fees too, and what is left of fees alone makes no
further fee."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, instant, invoice, payment  # noqa: E402

DAY = 86400
START = instant("2026-09-21T08:00:00Z")


def days(w, first, last):
    for n in range(first, last):
        w.json("run", at=at_text(START + n * DAY))


def fees(w):
    return w.one("select coalesce(sum(amount_minor), 0) from entry where type in ('fee', 'waiver')")


def open_amounts():
    with Workspace() as w:
        row = invoice("F1", "K1", "2026-09-10", "500.00", open="500.00")
        w.invoices([row], "2026-09-20T10:00:00Z", balance="open_amount")
        days(w, 0, 12)
        tap.same((fees(w), w.one("select max(step) from contact_case")),
                 (10000, "friendly_reminder"), "a reminder with a fee has been sent")
        row = invoice("F1", "K1", "2026-09-10", "500.00", open="0.00")
        w.invoices([row], at_text(START + 12 * DAY), balance="open_amount")
        tap.same((w.one("select balance_minor from invoice"), fees(w)), (0, 0),
                 "the ledger calls it settled: so it is, its fee waived")
        sent = w.one("select count(*) from contact where state = 'sent'")
        days(w, 13, 60)
        tap.same((w.one("select count(*) from contact where state = 'sent'"),
                  w.one("select state from invoice")), (sent, "open"),
                 "nothing more is sent, and nothing is handed over")


def fees_alone():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "500.00")], "2026-09-20T10:00:00Z")
        days(w, 0, 12)
        w.payments([payment("P1", "500.00", "2026-10-03", invoice="F1")],
                   at_text(START + 12 * DAY))
        tap.same((w.one("select balance_minor from invoice"), fees(w)), (10000, 10000),
                 "the claim is paid, its fee is not")
        days(w, 13, 40)
        tap.same(fees(w), 10000, "no fee is asked for because of a fee")


for story in (open_amounts, fees_alone):
    story()
tap.done()
