#!/usr/bin/env python3
"""calls.py - a step of channel call: a task with what to say, a debtor who is waited for,
each outcome and what follows from it, and a call that nobody makes."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, instant, invoice, payment  # noqa: E402

IMPORTED, FIRST, LATER = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-09-28T09:00:00Z"
OUTCOMES = ("reached", "voicemail", "unreachable", "not_received", "dispute", "paid", "promise", "wrong_person")


def contact_of(w, k):
    return w.sql("select k.id, k.state from contact k join debtor d on d.id = k.debtor_id "
                 "where d.external_id = ? order by k.id desc limit 1", f"A{k}")[0]


def planned(w, at):
    return dict(w.sql("select d.external_id, k.step || ' ' || k.channel from contact k join debtor d on "
                      "d.id = k.debtor_id where k.planned_at = ?", instant(at)))


with Workspace() as w:
    w.schedule(lambda s: (s["steps"][1].update(channels=["call", "email"]), s.pop("experiment", None)))
    tap.same(w.run("check").returncode, 0, "a step may be a call")
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", phone=f"+45201234{k:02d}",
                        lang="en" if k == 9 else "da") for k in range(10)], IMPORTED)
    w.json("plan", at=FIRST)
    done = w.json("send", at=FIRST)
    tap.same((done["sent"], w.left()), (10, 0), "ten calls are due, and nothing leaves the house")
    tasks = {t["contact"]: t["text"] for t in w.json("tasks")["tasks"] if t["kind"] == "call"}
    tap.same(sorted(tasks), sorted(contact_of(w, k)[0] for k in range(10)), "each is a task")
    text = tasks[contact_of(w, 0)[0]]
    tap.ok("+4520123400" in text and "Until 2026-09-28 20:00" in text and "warm" in text and "En regning kan nemt blive glemt" in text and "100,00" in text,
           "with the number and what to say, in the step's tone", text)
    tap.ok("A bill is easily forgotten" in tasks[contact_of(w, 9)[0]], "in the debtor's language")
    tap.ok(re.search(r"/p/[A-Za-z0-9_-]{22}", text) is None, "without the debtor's private link")
    for at in ("2026-09-29T06:30:00Z", "2026-09-30T06:30:00Z"):
        w.json("plan", at=at)
    tap.same(w.one("select count(*) from contact"), 10, "nothing more until somebody says what came of it")
    for words, code in (((), 2), (("1",), 2), (("1", "--outcome", "reached"), 2),
                        (("1", "--outcome", "sung", "--by", "Ida"), 2), (("x", "--outcome", "reached", "--by", "Ida"), 2),
                        (("999", "--outcome", "reached", "--by", "Ida"), 1),
                        (("1", "--outcome", "promise", "--by", "Ida"), 1),
                        (("1", "--outcome", "promise", "--on", "2027-12-24", "--by", "Ida"), 1)):
        tap.same(w.run("call", *words, at=LATER).returncode, code, f"call {' '.join(words)}")
    tap.same(w.sql("select distinct state from contact"), [("sent",)], "none of it changed anything")
    for k, word in enumerate(OUTCOMES):
        more = ["--on", "2026-10-09"] if word == "promise" else ["--note", "too much"] if word == "dispute" else []
        got = w.json("call", str(contact_of(w, k)[0]), "--outcome", word, "--by", "Ida", *more, at=LATER)
        tap.same(got["outcome"], word, f"{word}: told")
    tap.same([contact_of(w, k)[1] for k in range(8)],
             ["delivered", "delivered", "bounced", "delivered", "delivered", "delivered", "delivered", "bounced"],
             "what that says of the step")
    tap.same(w.run("call", str(contact_of(w, 0)[0]), "--outcome", "reached", "--by", "Bo", at=LATER).returncode, 1, "once")
    tap.same(w.sql("select d.external_id, h.type from hold h join debtor d on d.id = h.debtor_id where released_at is null "
                   "order by 1"), [("A3", "manual"), ("A4", "dispute"), ("A5", "paid_claimed"), ("A6", "promise"),
                                   ("A7", "wrong_person")], "who is left in peace")
    tap.same(sorted(t["kind"] for t in w.json("tasks")["tasks"] if t["contact"] in [contact_of(w, k)[0] for k in range(8)]),
             ["dispute", "not_received", "wrong_person"], "what is left to do; the calls are done")
    tap.same(w.sql("select distinct a.value from address a where a.bad_at is not null"), [("+4520123407",)],
             "somebody else's number is not called again")
    w.json("plan", at="2026-10-05T06:30:00Z")
    got = planned(w, "2026-10-05T06:30:00Z")
    tap.same((got.get("A2"), got.get("A0"), got.get("A4")), ("friendly_reminder call", None, None),
             "who did not answer is called once more; the others wait their time")
    tap.same({k: v for k, v in got.items() if k in ("A8", "A9")}, {"A8": "friendly_reminder call", "A9": "friendly_reminder call"},
             "a call that nobody made is due again")
    tap.same(w.sql("select count(*) from task where kind = 'call' and done_at is null"), [(0,)], "its task is over")
    w.json("send", at="2026-10-05T06:30:00Z")
    w.json("call", str(contact_of(w, 2)[0]), "--outcome", "unreachable", "--by", "Ida", at="2026-10-05T08:00:00Z")
    w.json("plan", at="2026-10-12T06:30:00Z")
    tap.same(planned(w, "2026-10-12T06:30:00Z").get("A2"), "friendly_reminder email", "the second time the next way is taken")
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
    tap.same([v for v in map(str, judge.judge(w.dir)) if not v.startswith("E3")], [], "the judge finds no violation")

def open_calls(w):
    return sorted(t["debtor"] for t in w.json("tasks")["tasks"] if t["kind"] == "call")


with Workspace() as w:
    w.schedule(lambda s: (s["steps"][1].update(channels=["call", "sms", "email"]), s.pop("experiment", None)))
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", phone=f"+45201234{k:02d}") for k in range(8)],
               IMPORTED)
    w.json("plan", at=FIRST)
    w.json("send", at=FIRST)
    w.payments([payment("P0", "100.00", "2026-09-28", invoice="A0"), payment("P1", "40.00", "2026-09-28", invoice="A1")],
               LATER)
    tap.same(open_calls(w), [f"A{k}" for k in range(2, 8)], "who has paid, in part or whole, is not called about the old sum")
    w.json("hold", "--debtor", "A2", "--type", "dispute", "--by", "Ida", at=LATER)
    w.json("hold", "--invoice", "A3", "--by", "Ida", at=LATER)
    tap.same(open_calls(w), ["A4", "A5", "A6", "A7"], "nor who is held, or whose invoice is")
    w.json("call", str(contact_of(w, 4)[0]), "--outcome", "wrong_person", "--by", "Ida", at=LATER)
    tap.same(w.sql("select channel from address where value = '+4520123404' and bad_at is null"), [],
             "somebody else's number gets no SMS either")
    w.json("call", str(contact_of(w, 5)[0]), "--outcome", "reached", "--by", "Ida", at=LATER)
    w.json("pause", "--by", "Ida", at=LATER)
    tap.same(open_calls(w), [], "nobody is called while everything rests")
    tap.same([contact_of(w, k)[1] for k in (0, 4, 5, 7)], ["bounced", "bounced", "delivered", "bounced"],
             "what was not called counts as not made")
    tap.same(w.sql("select value from address where bad_at is not null and channel = 'call'"), [("+4520123404",)],
             "and no number is blamed for it")
    w.json("resume", "--by", "Ida", at="2026-09-29T09:00:00Z")
    w.json("plan", at="2026-10-05T06:30:00Z")
    got = planned(w, "2026-10-05T06:30:00Z")
    tap.same({k: got.get(k) for k in ("A0", "A1", "A2", "A6", "A7")},
             {"A0": None, "A1": "friendly_reminder call", "A2": None, "A6": "friendly_reminder call",
              "A7": "friendly_reminder call"}, "whoever still owes is called after it")
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
    tap.same([v for v in map(str, judge.judge(w.dir)) if not v.startswith("E3")], [], "the judge finds no violation")
tap.done()
