#!/usr/bin/env python3
"""experiment-arms.py - what an arm may have of its own beside the tone: an hour of the
day, a person who signs, the offer to pay in parts, no heads-up.  Nothing of it touches
a formal notice, who is assigned and when, or a window; the report says it.
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, instant, invoice, mail_text  # noqa: E402

DUE = "2026-09-24"                      # a Thursday; the heads-up is on Monday the 21st
IMPORTED, AHEAD = "2026-09-20T10:00:00Z", "2026-09-21T06:30:00Z"
LATE = "2026-09-28T06:30:00Z"           # Monday, 8:30 in Copenhagen: four days late
OWN = {"hour": 17, "sender": "Mette Holm", "plan_offer": True, "heads_up": False}
OFFER = "Du er velkommen til at betale i rater."


def warm(own):
    def change(x):
        for arm in x["arms"]:
            if arm["tone"] == "warm":
                for key in OWN:
                    arm.pop(key, None)
                arm.update(own)
    return change


def ledger(w, letter, due, at, n=40):
    w.invoices([invoice(f"{letter}{k}", f"{letter}{k}", due, "100.00") for k in range(n)], at)


def of_arms(w, letter, what):
    """{arm: the distinct values} of the newest contacts of a group of debtors."""
    out = {}
    for arm, value in w.sql(
            f"select a.arm, {what} from assignment a join debtor d on d.id = a.debtor_id "
            "left join contact k on k.id = (select max(id) from contact where debtor_id = d.id) "
            "where d.external_id glob ?", f"{letter}[0-9]*"):
        out.setdefault(arm, set()).add(value)
    return out


def heads_up(w):
    w.schedule(lambda s: s["steps"][0].update(channels=["email"]))
    w.experiment(warm(OWN))
    ledger(w, "A", DUE, IMPORTED)
    w.json("plan", at=AHEAD)
    got = of_arms(w, "A", "k.step")
    tap.same(got, {"warm": {None}, "neutral": {"heads_up"}, "firm": {"heads_up"}},
             "an arm without a heads-up gets none")
    tap.same(w.sql("select distinct assigned_at from assignment"), [(instant(AHEAD),)],
             "all are assigned at the same moment")
    tap.same(w.sql("select distinct opening_minor from assignment"), [(10000,)], "on the same claim")
    rows = w.one("select count(*) from decision")
    w.json("plan", at="2026-09-21T07:00:00Z")
    tap.same(w.one("select count(*) from decision"), rows, "nobody is looked at again before the step lapses")
    who = w.sql("select d.external_id from assignment a join debtor d on d.id = a.debtor_id "
                "where a.arm = 'warm' limit 1")[0][0]
    said = w.run("explain", who, at=AHEAD).stdout
    tap.ok("the debtor's arm has no heads-up" in said, "which is explained", said)


def hour(w):
    w.run("send", at="2026-09-21T07:30:00Z")
    w.json("plan", at=LATE)
    got = of_arms(w, "A", "k.step || ' ' || k.ripe_at")
    now, later = instant(LATE), instant("2026-09-28T15:00:00Z")
    tap.same(got["warm"], {f"friendly_reminder {later}"}, "five in the afternoon by the debtor's clock")
    tap.same(got["neutral"] | got["firm"], {f"friendly_reminder {now}"}, "the others when the window is open")
    w.run("send", at="2026-09-28T08:00:00Z")
    before = len(w.mails())
    left = w.one("select count(*) from contact where state = 'planned'")
    tap.ok(left > 0, "the arm's messages wait")
    w.json("plan", at="2026-09-28T15:01:00Z")
    w.json("send", at="2026-09-28T15:01:00Z")
    w.json("plan", at="2026-09-28T15:02:00Z")
    tap.same(len(w.mails()) - before, left, "and leave at their hour")


def words(w):
    arm_of = dict(w.sql("select k.id, a.arm from contact k join assignment a on a.id = k.assignment_id "
                        "where k.step = 'friendly_reminder' and k.channel = 'email'"))
    seen, html = {}, set()
    for contact, message in w.mails().items():
        if contact in arm_of:
            text = mail_text(message).replace("\r", "")
            seen.setdefault(arm_of[contact], set()).add(("\nMette Holm, Nordlys El\n" in text, OFFER in text))
            html.add((arm_of[contact], "<p>" + OFFER in message.get_body(("html",)).get_content()))
    tap.same(seen, {"warm": {(True, True)}, "neutral": {(False, False)}, "firm": {(False, False)}},
             "a person signs for the arm and offers parts, for no other")
    tap.same(html, {("warm", True), ("neutral", False), ("firm", False)}, "in HTML, too")


def report(w):
    result = w.json("report", "tone", "--as-of", "2026-09-28", at="2026-09-29T06:00:00Z")
    said = {a["name"]: a["levers"] for a in result["experiment"]["arms"]}
    tap.same((said["neutral"], said["firm"]), ("", ""), "two arms differ in tone alone")
    tap.same(said["warm"], "not before 17:00, signed by Mette Holm, an offer to pay in parts, no heads-up",
             "the third in more, word by word")
    tap.ok(any(said["warm"] in text for text in result["limits"]), "which stands under the limits")
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
    found = judge.judge(w.dir)
    tap.same([str(v) for v in found], [], "the judge finds no violation")


def notice(w):
    """What law asks for: no offer in it, and the hour where the window is closed then."""
    w.schedule(lambda s: s.update(plan_offer=True, sender="Mette Holm", hour=23))
    w.experiment(warm({}))
    w.json("reschedule", "dk-consumer", "--all", "--by", "Anna", at="2026-10-01T06:00:00Z")
    for at in ("2026-10-08T06:30:00Z", "2026-10-09T06:30:00Z", "2026-10-22T06:30:00Z", "2026-10-23T06:30:00Z"):
        w.json("plan", at=at)
        w.json("send", at=at)
    got = w.sql("select k.step, count(*), sum(k.sent_at % 86400 = 6 * 3600 + 1800) from contact k "
                "where k.planned_at > ? and k.state = 'sent' group by 1 order by 1",
                instant("2026-10-01T00:00:00Z"))
    tap.ok({s for s, _, _ in got} == {"fee_reminder", "formal_notice"} and all(n == m for _, n, m in got),
           "an hour outside the window holds nothing up", got)
    steps, seen = dict(w.sql("select id, step from contact where channel = 'email'")), {}
    for contact, message in w.mails().items():
        if contact in steps and steps[contact] in ("fee_reminder", "formal_notice"):
            text = mail_text(message)
            seen.setdefault(steps[contact], set()).add(("Mette Holm" in text, OFFER in text))
    tap.same(seen, {"fee_reminder": {(True, True)}, "formal_notice": {(True, False)}},
             "a schedule may say it for all; a formal notice makes no offer")


def checked(w):
    w.experiment(warm({"heads_up": False}))
    w.schedule(lambda s: s["steps"][0].pop("lapses_days_after_due"))
    done = w.run("check")
    tap.ok(done.returncode == 1 and "never lapses" in done.stdout + done.stderr,
           "a heads-up that never lapses cannot be passed over", done.stdout + done.stderr)
    w.schedule(lambda s: s["steps"][0].update(lapses_days_after_due=0))
    w.experiment(lambda x: x.update(planned={"debtors": 9000, "base_basis_points": 6000,
                                        "effect_basis_points": 300}))
    done = w.run("check")
    tap.ok(done.returncode == 0 and "is planned and not started" in done.stdout + done.stderr,
           "a planned experiment that nobody started is told", done.stdout + done.stderr)
    for wrong in ({"hour": 24}, {"sender": "x" * 64}, {"plan_offer": "yes"}, {"fee": 100},
                  {"deadline_days": 3}, {"legal_notice": False}):
        w.experiment(warm(OWN))
        w.experiment(lambda x: x["arms"][0].update(wrong))
        done = w.run("check")
        tap.ok(done.returncode == 1 and "/arms/0" in done.stdout + done.stderr,
               f"no arm with {wrong}", done.stdout + done.stderr)


with Workspace() as space:
    heads_up(space)
    hour(space)
    words(space)
    report(space)
    notice(space)
    checked(space)
tap.done()
