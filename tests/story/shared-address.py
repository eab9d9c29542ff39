#!/usr/bin/env python3
"""shared-address.py - two customer numbers, one person at one address: gaps and
caps belong to the person, whatever the ledger calls them.

variants: release
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import tap  # noqa: E402
import workspace  # noqa: E402

with workspace.Workspace() as w:
    rows = [workspace.invoice("F1", "K1", "2026-09-10", "500.00", email="same@example.com"),
            workspace.invoice("F2", "K2", "2026-09-10", "700.00", email="same@example.com"),
            workspace.invoice("F3", "K3", "2026-09-10", "900.00", email="other@example.com")]
    w.invoices(rows, at="2026-09-15T08:00:00Z")
    units = w.sql("select count(distinct unit_id) from debtor")[0][0]
    tap.same(units, 2, "three customers, two units")
    sent = []
    for d in range(15, 31):
        for hour in (9, 10, 15):
            w.run("run", at=f"2026-09-{d:02d}T{hour:02d}:00:00Z")
        sent.append(w.sql("select count(*) from contact k join debtor d on d.id = k.debtor_id "
                          "where d.external_id in ('K1', 'K2') and k.sent_at is not null")[0][0])
    tap.same(sent[0], 1, "on the first day one message goes to the shared address")
    days = sorted(s[0] for s in w.sql(
        "select k.sent_at / 86400 from contact k join debtor d on d.id = k.debtor_id "
        "where d.external_id in ('K1', 'K2') and k.sent_at is not null"))
    tap.ok(len(days) >= 2, "the other customer number is written to later", days)
    tap.ok(all(b - a >= 5 for a, b in zip(days, days[1:])),
           "five days between any two messages to that address", days)
    dropped = w.sql("select count(*) from contact where state = 'dropped'")[0][0]
    tap.same(dropped, 0, "nothing is planned that has to be dropped")
tap.done()
