#!/usr/bin/env python3
"""The schedule's minimum amount is asked of what is due, day by day; and what
was decided when it was asked of everything open is still proved as it was."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, day, instant, invoice  # noqa: E402

DAY = 86400
MONDAY = "2026-09-21T08:00:00Z"


def steps(w):
    return w.sql("select step, sent_at / 86400 from contact where state = 'sent' order by id")


def day_by_day():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "20.00"),
                    invoice("F2", "K1", "2026-10-14", "20.00")], "2026-09-20T10:00:00Z")
        start = instant(MONDAY)
        looked = 0
        for n in range(30):
            looked += w.json("run", at=at_text(start + n * DAY))["plan"]["looked_at"]
        tap.same(steps(w), [("friendly_reminder", day("2026-10-15"))],
                 "20 kroner are not reminded of until 20 more are overdue")
        tap.ok(looked <= 6, "and nobody looks at them every day meanwhile", looked)
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-24", "20.00"),
                    invoice("F2", "K1", "2026-09-25", "20.00")], "2026-09-20T10:00:00Z")
        for n in range(3):
            w.json("run", at=at_text(instant(MONDAY) + n * DAY))
        tap.same(steps(w), [("heads_up", day("2026-09-22"))],
                 "a heads-up counts what is due by the day that it looks ahead to")


def replay(w, contact):
    done = w.run("explain", contact, "--replay", at="2026-09-22T08:00:00Z")
    return done.returncode, done.stdout + done.stderr


def old_decisions():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00"),
                    invoice("F2", "K1", "2026-12-10", "100.00")], "2026-09-20T10:00:00Z")
        w.json("run", at=MONDAY)
        tap.same(replay(w, "contact:1")[0], 0, "a decision of today is proved")
        for id_, text in w.sql("select id, facts from decision"):
            facts = json.loads(text)
            del facts["e"]                              # as they were frozen before
            facts["c"][0]["o"][0][1] = 2000             # 20 kroner due, 100 later
            w.sql("update decision set facts = ? where id = ?", json.dumps(facts), id_)
        code, text = replay(w, "contact:1")
        tap.same(code, 0, "one from before, which counted what is due later, is proved as it was")
        for id_, facts in w.sql("select id, facts from decision"):
            w.sql("update decision set facts = ? where id = ?",
                  json.dumps({**json.loads(facts), "e": 2}), id_)
        tap.ok(replay(w, "contact:1")[0] == 1, "today it would not have been made", replay(w, "contact:1"))


day_by_day()
old_decisions()
tap.done()
