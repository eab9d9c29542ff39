#!/usr/bin/env python3
"""shared-address.py - two customer numbers, one person at one address: gaps and
caps belong to the person, whatever the ledger calls them.

variants: release
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import served  # noqa: E402
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


def spelled():
    """Capitals make no other mailbox."""
    with workspace.Workspace() as w:
        w.invoices([workspace.invoice("F1", "K1", "2026-09-10", "500.00", email="mette@firma.example"),
                    workspace.invoice("F2", "K2", "2026-09-10", "700.00", email="Mette@Firma.example")],
                   at="2026-09-15T08:00:00Z")
        tap.same(w.one("select count(distinct unit_id) from debtor"), 1, "one unit in two spellings")
        w.run("run", at="2026-09-15T10:00:00Z")
        tap.same(w.sql("select d.external_id from contact k join debtor d on d.id = k.debtor_id where "
                       "k.sent_at is not null"), [("K1",)], "and one message, not two in the same minute")
        said = w.run("explain", "F2", at="2026-09-16T10:00:00Z").stdout
        tap.ok("the last one went to another customer who has the same address" in said,
               "and why the other waits is told", said)
        done = w.run("explain", "K2", at="2026-09-16T10:00:00Z")
        tap.ok(done.returncode == 1 and "K2 is a customer: explain one of the invoices F2" in done.stderr,
               "who asks for a customer is told the invoices", done.stderr)
        with served.Served(w, "2026-09-15T12:00:00Z") as s:
            tap.same(s.one_click(served.token_of(w.mails()[1])), 200, "who leaves the address")
        told = w.json("explain", "F1", at="2026-09-16T07:00:00Z")
        tap.same((told["decision"]["reason"], told["addresses"]),
                 ("not_due", [{"channel": "email", "address": "mette@firma.example", "opted_out": True, "bad": False}]),
                 "is told so by explain before any step is due")
        said = w.run("explain", "F1", at="2026-09-16T07:00:00Z").stdout
        tap.ok("Addresses\n  email: mette@firma.example (does not want it)\n" in said, "in words, too", said)
        w.invoices([workspace.invoice("F1", "K1", "2026-09-10", "500.00", email="METTE@firma.example"),
                    workspace.invoice("F3", "K3", "2026-09-10", "50.00", email="mette@FIRMA.example")],
                   at="2026-09-16T08:00:00Z")
        tap.same(w.sql("select d.external_id, a.value, a.opted_out_at is not null from address a join "
                       "debtor d on d.id = a.debtor_id where a.channel = 'email' order by a.id"),
                 [("K1", "mette@firma.example", 1), ("K2", "Mette@Firma.example", 1),
                  ("K1", "METTE@firma.example", 1), ("K3", "mette@FIRMA.example", 1)],
                 "has left it in every spelling, under every number, also later")
        for day in range(16, 31):
            w.run("run", at=f"2026-09-{day}T10:00:00Z")
        tap.same(w.one("select count(*) from contact where sent_at is not null and channel = 'email'"), 1,
                 "and gets no further e-mail")


spelled()
tap.done()
