#!/usr/bin/env python3
"""owed-again.py - what is owed again on a claim that was even stands in an open
case and is explained: a fee that is booked after the payment, a credit note that
has become smaller.

A reminder with a fee leaves, nobody knows whether; the debtor pays the claim;
then a person says that the reminder arrived.  (Found by purr simulate.)
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import tap  # noqa: E402
import workspace  # noqa: E402

OPEN = ("select i.balance_minor, c.state, c.next_check_at from invoice i join \"case\" c "
        "on c.id = i.case_id where i.external_id = ?")

with workspace.Workspace() as w:
    w.invoices([workspace.invoice("F1", "K1", "2026-08-25", "500.00")], at="2026-08-28T08:00:00Z")
    w.run("run", at="2026-09-01T10:00:00Z")
    w.run("run", at="2026-09-14T10:00:00Z", env={"PURR_DIE_AT": "after-wire"})
    w.run("run", at="2026-09-14T10:30:00Z")
    unknown = w.sql("select id, step from contact where state = 'unknown'")
    tap.same([step for _, step in unknown], ["fee_reminder"], "the reminder with a fee is unknown")
    w.payments([workspace.payment("P1", "500.00", "2026-09-17", invoice="F1")],
               at="2026-09-18T06:00:00Z")
    tap.same(w.sql(OPEN, "F1")[0][:2], (0, "closed"), "the claim is paid, its case closed")
    done = w.run("resolve", str(unknown[0][0]), "--sent", at="2026-09-21T09:00:00Z")
    tap.same(done.returncode, 0, "a person says that it arrived")
    balance, state, look = w.sql(OPEN, "F1")[0]
    tap.same((balance, state), (10000, "open"), "the fee is owed, in an open case")
    tap.ok(look <= workspace.instant("2026-09-21T09:00:00Z"), "which is looked at at once", look)
    w.run("run", at="2026-09-21T10:00:00Z")
    told = w.json("explain", "F1", at="2026-09-21T10:01:00Z")
    tap.same(told["decision"]["result"], "wait", "and the next step is known")
    tap.ok(told["decision"]["next_check_at"], "with its day", told["decision"])

with workspace.Workspace() as w:
    w.invoices([workspace.invoice("F1", "K1", "2026-08-25", "500.00")], at="2026-08-28T08:00:00Z")
    credit = workspace.invoice("C1", "K1", "2026-08-25", "-500.00", kind="credit", credits="F1")
    w.invoices([credit], at="2026-08-29T08:00:00Z")
    tap.same(w.sql(OPEN, "F1")[0][:2], (0, "closed"), "a credit closes the case")
    w.invoices([dict(credit, amount="-200.00")], at="2026-08-30T08:00:00Z")
    tap.same(w.sql(OPEN, "F1")[0][:2], (30000, "open"),
             "a smaller one: what is owed again stands in an open case")
    w.run("run", at="2026-09-01T10:00:00Z")
    tap.same(w.left(), 1, "and a reminder is sent")
tap.done()
