#!/usr/bin/env python3
"""soften.py - a person has one debtor written to warmly: what is planned in another tone
is made anew, the debtor stays in the arm, the notice that law asks for stays, it can be
undone, and the report says in how many of an arm it was so.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

IMPORTED, FIRST = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z"
SECOND, THIRD = "2026-10-08T06:30:00Z", "2026-10-23T06:30:00Z"


def of(w, debtor):
    return w.sql("select k.step, k.tone, a.arm from contact k join debtor d on d.id = k.debtor_id "
                 "left join assignment a on a.id = k.assignment_id where d.external_id = ? and "
                 "k.state = 'sent' order by k.id", debtor)


def one_of(w, arm):
    return w.one("select d.external_id from assignment a join debtor d on d.id = a.debtor_id "
                 "where a.arm = ? order by d.id limit 1", arm)


def story(w):
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00") for k in range(60)], IMPORTED)
    w.json("plan", at=FIRST)
    ida, bo = one_of(w, "firm"), one_of(w, "neutral")
    for words, code in (((), 2), (("--debtor", ida), 2), (("--debtor", ida, "--by", "Ida"), 2),
                        (("--debtor", "nobody", "--by", "Ida", "--reason", "ill"), 1)):
        tap.same(w.run("soften", *words, at=FIRST).returncode, code, f"soften {' '.join(words)}")
    tap.same(w.json("soften", "--debtor", ida, "--by", "Ida", "--reason", "in hospital", at=FIRST),
             {"debtor": ida, "softened": True}, "softened, after the message was planned")
    done = w.run("soften", "--debtor", ida, "--by", "Ida", "--reason", "again", at=FIRST)
    tap.ok(done.returncode == 1 and "already" in done.stderr, "once", done.stderr)
    w.json("send", at=FIRST)
    tap.same(of(w, ida), [], "what was planned in another tone is given back")
    w.json("plan", at="2026-09-28T06:31:00Z")
    w.json("send", at="2026-09-28T06:31:00Z")
    tap.same(of(w, ida), [("friendly_reminder", "warm", "firm")], "and made anew, warmly; the arm stays")
    contact = w.one("select max(k.id) from contact k join debtor d on d.id = k.debtor_id "
                    "where d.external_id = ?", ida)
    said = w.run("explain", f"contact:{contact}", at=FIRST).stdout
    tap.ok("a person has this debtor written to warmly" in said, "which is explained", said)
    w.json("plan", at=SECOND)
    w.json("send", at=SECOND)
    w.json("soften", "--debtor", bo, "--by", "Ida", "--reason", "a complaint",
           at="2026-10-09T07:00:00Z")
    w.json("soften", "--debtor", ida, "--undo", "--by", "Ida", at="2026-10-09T08:00:00Z")
    w.json("plan", at=THIRD)
    w.json("send", at=THIRD)
    w.json("plan", at="2026-10-23T06:31:00Z")
    tap.same([t for _, t, _ in of(w, ida)], ["warm", "warm", "firm"], "undone: the arm's tone again")
    tap.same([(s, t) for s, t, _ in of(w, bo)],
             [("friendly_reminder", "neutral"), ("fee_reminder", "neutral"), ("formal_notice", "warm")],
             "the steps stay what they were")
    tap.same(w.sql("select who, reason, softened from softening order by id"),
             [("Ida", "in hospital", 1), ("Ida", "a complaint", 1), ("Ida", "", 0)], "who said it, and why")
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
    tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")


def report(w):
    def result():
        return w.json("report", "tone", "--as-of", "2026-10-24", at="2026-10-25T06:00:00Z")
    found = result()
    tap.same({a["arm"]: a["softened"] for a in found["flow"]["arms"]}, {"neutral": 1, "warm": 0, "firm": 1},
             "the report counts them by arm")
    check = [h for h in found["health"] if h["check"] == "softened"]
    tap.same([h["state"] for h in check], ["green"], "few are fine")
    w.sql("insert into softening (debtor_id, at, softened, who, reason) select a.debtor_id, "
          "a.assigned_at - 1, 1, 'Ida', 'all of them' from assignment a where a.arm = 'firm' limit 8")
    check = [h for h in result()["health"] if h["check"] == "softened"]
    tap.ok(check[0]["state"] == "amber" and "not kept apart" in check[0]["text"],
           "more than one in ten of an arm are told", check)


with Workspace() as space:
    story(space)
    report(space)
tap.done()
