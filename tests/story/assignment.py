#!/usr/bin/env python3
"""Whose arm chose the tone of a message: the contact names its assignment, only
such a message exposes anybody, and a workspace of the version before learns it
by `purr migrate`."""
import os
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
import workspace  # noqa: E402
from workspace import Workspace, at_text, instant, invoice  # noqa: E402

BEFORE = "2026-09-01T10:00:00Z"
SUNDAY = "2026-09-20T10:00:00Z"         # planned for Monday 08:00 in Copenhagen
WINDOW = "2026-09-21T06:00:00Z"
DAY = 86400
SCHEMA = os.path.join(workspace.ROOT, "src", "store", "schema")
# Each with what makes it a right call; all of them need the store.
COMMANDS = (("plan",), ("send",), ("run",), ("work", "--once"), ("serve", "--listen", "127.0.0.1:0"),
            ("explain", "F1"), ("hold", "--debtor", "K1"), ("release", "--debtor", "K1"), ("pause",),
            ("resume",), ("allocate", "P1"), ("resolve", "1", "--sent"), ("report", "tone"), ("up",),
            ("import", "invoices", "rows-1.csv", "--map", "profile-2.json"))


def rows(count):
    return [invoice(f"F{n}", f"K{n}", "2026-09-10", "100.00",
                    party="business" if n % 3 == 0 else "consumer") for n in range(1, count + 1)]


def named(w):
    """{contact: its assignment}"""
    return dict(w.sql("select id, assignment_id from contact"))


def exposures(w):
    return dict(w.sql("select contact_id, assignment_id from exposure"))


def exactly():
    with Workspace() as w:
        w.invoices(rows(6), BEFORE)
        w.json("plan", at=SUNDAY)
        whose = dict(w.sql("select k.id, a.id from contact k join debtor d on d.id = k.debtor_id "
                           "left join assignment a on a.unit_id = d.unit_id"))
        tap.ok(named(w) == whose and sorted(x is None for x in whose.values()) ==
               [False] * 4 + [True] * 2,
               "a planned contact names its unit's assignment; a business is in no experiment", whose)
        # Meanwhile another debtor of each unit is assigned in another experiment.
        w.sql("insert into assignment (experiment, experiment_hash, unit_id, debtor_id, case_id, arm, "
              "bucket, assigned_at, assigned_on, opening_minor, currency) select 'other', "
              "(select hash from policy where kind = 'experiment'), d.unit_id, d.id, c.id, 'warm', 1, 0, "
              "0, 1, 'DKK' from debtor d join \"case\" c on c.debtor_id = d.id")
        w.json("send", at=WINDOW)
        tap.same((len(w.mails()), named(w)), (6, whose), "sent: the same assignment")
        tap.same(exposures(w), {k: a for k, a in whose.items() if a is not None},
                 "who is exposed is exposed to that one, and a business to none")


def untoned():
    with Workspace() as w:
        w.schedule(lambda s: s["steps"][1].update(toned=False))
        w.invoices([invoice("F1", "K1", "2026-09-24", "100.00")], BEFORE)
        w.json("run", at="2026-09-21T08:00:00Z")
        w.json("run", at="2026-09-28T08:00:00Z")
        tap.same(w.sql("select step, state, assignment_id from contact order by id"),
                 [("heads_up", "sent", 1), ("friendly_reminder", "sent", None)],
                 "a step in the schedule's own tone belongs to no arm, though the unit is assigned")
        tap.same(exposures(w), {1: 1}, "and exposes nobody")


# --- the version before --------------------------------------------------------------------

def as_before(w):
    """Makes the database what the program of schema version 1 would have made."""
    old = sqlite3.connect(w.path("old.db"))
    with open(os.path.join(SCHEMA, "0001_ground.sql")) as f:
        old.executescript(f.read())
    old.execute("attach ? as now", (w.path("purr.db"),))
    tables = [t for t, in old.execute("select name from main.sqlite_master where type = 'table'")]
    for table in sorted(tables, key=lambda t: t != "entry"):   # first: its trigger moves balances
        columns = ", ".join(f'"{c[1]}"' for c in old.execute(f"pragma main.table_info('{table}')"))
        old.execute(f'insert into main."{table}" ({columns}) select {columns} from now."{table}"')
    old.execute("delete from main.schema_version where version > 1")
    old.commit()
    old.close()
    for name in ("purr.db-wal", "purr.db-shm"):
        if os.path.exists(w.path(name)):
            os.unlink(w.path(name))
    os.replace(w.path("old.db"), w.path("purr.db"))


def migrates():
    with Workspace() as w:
        w.invoices(rows(4), BEFORE)
        w.json("run", at="2026-09-21T08:00:00Z")
        w.invoices([invoice(f"F{n}", f"K{n}", "2026-09-25", "100.00") for n in range(11, 14)],
                   "2026-09-26T10:00:00Z")
        w.schedule(lambda s: s["steps"][1].update(toned=False))
        w.invoices([invoice(f"F{n}", f"K{n}", "2026-09-14", "100.00") for n in range(21, 23)],
                   "2026-09-27T08:00:00Z")
        w.json("plan", at="2026-10-04T08:00:00Z")           # a Sunday
        before, balances = named(w), w.sql("select id, balance_minor from invoice")
        kinds = set(w.sql("select state, assignment_id is null from contact"))
        tap.same(kinds, {("sent", 0), ("sent", 1), ("planned", 0), ("planned", 1)},
                 "contacts sent and planned, in the experiment and outside")
        as_before(w)
        tap.same((w.sql("select max(version) from schema_version"), w.sql("select id, balance_minor "
                 "from invoice")), ([(1,)], balances), "a workspace of the version before")
        bad = []
        for command in COMMANDS:
            done = w.run(*[w.path(c) if c[-4:] in (".csv", "json") else c for c in command])
            if done.returncode != 1 or "purr migrate" not in done.stderr:
                bad.append((command, done.returncode, done.stderr))
        tap.ok(not bad, f"{len(COMMANDS)} commands refuse it and say what to run", bad)
        report = w.json("migrate")
        tap.same((report["before"], report["after"] > 1, os.path.exists(w.path("purr.db.1.backup"))),
                 (1, True, True), "migrate brings it up and keeps a copy")
        tap.same(named(w), before, "each contact names the assignment that chose its tone")
        tap.same(w.sql("pragma foreign_key_check"), [], "and every reference leads somewhere")
        w.json("send", at=at_text(instant("2026-10-05T08:00:00Z")))
        tap.same(exposures(w), {k: a for k, a in before.items() if a is not None},
                 "what was planned before is sent after, and exposes whom it must")
        tap.same(w.json("migrate")["backup"], "", "a second time there is nothing to do")


exactly()
untoned()
migrates()
tap.done()
