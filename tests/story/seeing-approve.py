#!/usr/bin/env python3
# time-limit: 480
"""A second person, and the circuit breaker: what nobody approved does not leave,
and a day that would contact far more people than usual stops and asks."""
import datetime
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, invoice, payment  # noqa: E402

BEFORE = "2026-09-18T10:00:00Z"
AT = "2026-09-21T08:00:00Z"
LATER = "2026-09-21T09:00:00Z"


def people(count, due="2026-09-10", first=0):
    return [invoice(f"F{n}", f"K{n}", due, "100.00") for n in range(first, first + count)]


def preview(w, by="Ida", at=AT, days="1"):
    return w.json("preview", "--by", by, "--days", days, at=at)["approval"]


def refused(w, words, what, *argv, at=LATER):
    before = w.dump()
    done = w.run(*argv, at=at)
    tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1 and not done.stdout
           and all(word in done.stderr for word in words) and w.dump() == before,
           what, (done.returncode, done.stdout, done.stderr))


def asking(w):
    w.setting("approval", "needed", "true")


# --- a second person ---------------------------------------------------------------------

def plan_waits():
    with Workspace() as w:
        asking(w)
        w.invoices(people(6), BEFORE)
        planned = w.run("plan", at=AT)
        tap.ok(planned.returncode == 0 and "6 of the contacts wait for approval" in planned.stdout,
               "the plan says that they wait", planned.stdout)
        tap.same((w.json("send", at=AT)["sent"], w.left(), set(w.states().values())),
                 (0, 0, {"planned"}), "nothing leaves that nobody has approved")
        tap.same(w.sql("select kind, count(*) from task where done_at is null group by 1"),
                 [("approval", 1)], "a person is asked, once")
        tap.ok("waits until a second person approves" in w.run("explain", "F1", at=AT).stdout,
               "explain says what it waits for")
        refused(w, ["waits", "purr preview"], "a run is not approved without its preview",
                "approve", "R-1", "--by", "Ole")
        seen = preview(w)
        tap.same(preview(w), seen, "the same look in the same second is the same preview")
        tap.same(seen["contacts"], 6, "a preview under a name has an id and shows the six")
        refused(w, ["somebody else"], "the author cannot approve it", "approve", seen["id"], "--by", "Ida")
        refused(w, ["somebody else"], "nor in other letters", "approve", seen["id"], "--by", "IDA")
        refused(w, ["expired"], "nor anybody once it has expired", "approve", seen["id"], "--by", "Ole",
                at="2026-09-22T08:00:00Z")
        refused(w, ["no preview"], "nor what was never shown", "approve", "P-000000000000", "--by", "Ole")
        for argv in (["approve"], ["approve", seen["id"]], ["approve", "--list", "x"],
                     ["approve", seen["id"], "--by", ""]):
            done = w.run(*argv, at=LATER)
            tap.same((done.returncode, done.stderr.count("\n")), (2, 1), f"wrong usage: {argv}")
        listed = w.json("approve", "--list", at=LATER)
        tap.ok([p["id"] for p in listed["previews"]] == [seen["id"]] and listed["waiting"] == 6
               and [(r["id"], r["kind"], r["contacts"]) for r in listed["runs"]] == [("R-1", "approval", 6)],
               "the list names both", listed)
        done = w.json("approve", seen["id"], "--by", "Ole", at=LATER)
        tap.same((done["freed"], done["waiting"]), (6, 0), "another person frees them")
        refused(w, ["already"], "once", "approve", seen["id"], "--by", "Per")
        tap.same((w.json("send", at=LATER)["sent"], w.left()), (6, 6), "and they leave")
        kinds = dict(w.sql("select kind, count(*) from event where kind like '%approv%' "
                           "or kind like 'preview%' or kind = 'contact.waits' group by 1"))
        tap.same(kinds, {"contact.waits": 6, "preview.made": 2, "preview.approved": 1,
                         "contact.approved": 6}, "all of it is in the events")
        tap.same(w.sql("select who, json_extract(data, '$.contacts') from event "
                       "where kind like 'preview.%' order by id"), [("Ida", 6), ("Ida", 6), ("Ole", 6)],
                 "with who it was")
        tap.same(w.one("select count(*) from task where kind = 'approval' and done_at is null"), 0,
                 "the task is done")


def approved_before_the_plan():
    with Workspace() as w:
        asking(w)
        w.invoices(people(4), BEFORE)
        seen = preview(w)
        w.json("approve", seen["id"], "--by", "Ole", at=AT)
        w.invoices(people(3, first=10), "2026-09-21T08:10:00Z")
        w.json("run", at=LATER)
        who = [k for k, in w.sql("select d.external_id from contact k join debtor d on d.id = k.debtor_id "
                                 "where k.sent_at is not null order by 1")]
        tap.same(who, ["K0", "K1", "K2", "K3"], "approved first, planned then: those leave")
        tap.same(w.one("select count(*) from contact where waits_for is not null"), 3,
                 "what came meanwhile was not shown, and waits")
        second = preview(w, at=LATER)
        w.json("approve", second["id"], "--by", "Ole", at=LATER)
        w.json("send", at=LATER)
        tap.same(w.left(), 7, "until it is shown and approved, too")


def tomorrow_too():
    """A preview holds what becomes due until it expires: a worker at midnight finds it approved."""
    with Workspace() as w:
        asking(w)
        w.invoices(people(3, due="2026-09-18"), BEFORE)     # friendly reminder on the 22nd
        seen = preview(w, at="2026-09-21T14:00:00Z")
        w.json("approve", seen["id"], "--by", "Ole", at="2026-09-21T14:30:00Z")
        w.json("run", at="2026-09-21T22:00:00Z")
        w.json("run", at="2026-09-22T06:00:00Z")
        tap.same((seen["contacts"], w.left()), (3, 3), "what becomes due overnight is covered")


def changed():
    with Workspace() as w:
        asking(w)
        w.invoices(people(5), BEFORE)
        w.json("plan", at=AT)
        seen = preview(w)
        w.payments([payment("B1", "100.00", "2026-09-21", invoice="F0")], LATER)
        w.json("approve", seen["id"], "--by", "Ole", at=LATER)
        w.json("send", at=LATER)
        tap.same((w.left(), w.states()[1]), (4, "dropped"),
                 "approved, and paid meanwhile: that one is dropped right before the wire")
    with Workspace() as w:
        asking(w)
        w.invoices(people(5), BEFORE)
        w.json("plan", at=AT)
        seen = preview(w)
        w.schedule(lambda s: s.update(gap_days_min=6))
        refused(w, ["changed since"], "another schedule: refused", "approve", seen["id"], "--by", "Ole")
    with Workspace() as w:
        asking(w)
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00", phone="+4520123456")], BEFORE)
        w.json("plan", at=AT)
        seen = preview(w)
        w.sql("update contact set channel = 'sms' where id = 1")
        refused(w, ["no longer what preview"], "another channel: refused", "approve", seen["id"], "--by", "Ole")


def nobody_answers():
    with Workspace() as w:
        asking(w)
        w.invoices(people(2), BEFORE)
        w.json("plan", at=AT)
        w.json("run", at="2026-09-25T08:00:00Z")
        states = sorted(w.sql("select state, reason from contact"))
        tap.same(states, [("dropped", "not_approved")] * 2 + [("planned", "")] * 2,
                 "not approved in time: dropped, planned anew, and asked for again")
        seen = preview(w, at="2026-09-25T08:00:00Z")
        w.json("approve", seen["id"], "--by", "Ole", at="2026-09-25T08:00:00Z")
        w.json("send", at="2026-09-25T08:00:00Z")
        tap.same(w.left(), 2, "they leave once somebody says yes")


def at_night():
    with Workspace() as w:
        asking(w)
        w.invoices(people(2), BEFORE)
        w.json("plan", at=AT)
        seen = preview(w)
        w.json("approve", seen["id"], "--by", "Ole", at="2026-09-21T21:00:00Z")
        w.json("send", at="2026-09-21T21:00:00Z")
        early = w.left()
        w.json("send", at="2026-09-22T06:00:00Z")
        tap.same((early, w.left()), (0, 2), "an approval opens no window: approved at night, sent in the morning")


# --- the circuit breaker ----------------------------------------------------------------------

def history(w, days=8, each=4):
    """`each` people a day, on working days, from 31 August on."""
    w.setting("breaker", "least", "10")
    w.setting("breaker", "first", "20")
    day, number = datetime.date(2026, 8, 31), 1000
    for _ in range(days):
        while day.weekday() > 4:
            day += datetime.timedelta(days=1)
        due = day - datetime.timedelta(days=4)
        w.invoices(people(each, str(due), number), f"{day}T06:00:00Z")
        w.json("run", at=f"{day}T08:00:00Z")
        number += each
        day += datetime.timedelta(days=1)
    return w.left()


def stopped(w, done, what):
    return tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1 and "purr approve R-" in done.stderr
                  and not done.stdout, what, (done.returncode, done.stdout, done.stderr))


def too_many():
    with Workspace() as w:
        sent = history(w)
        w.invoices(people(60), BEFORE)
        done = w.run("plan", at=AT)
        stopped(w, done, "sixty where four are usual: the plan stops, exit 1, one line")
        tap.ok("4 a day are usual" in done.stderr and "2026-09-21" in done.stderr
               and "14 allowed" in done.stderr, "with the figures", done.stderr)
        figures = w.one("select contacts from run where kind = 'breaker'")
        tap.ok(60 <= figures <= 100 and f"{figures} contacts" in done.stderr, "those of the run", figures)
        tap.same((w.one("select count(*) from contact where planned_at >= 1789900000"), w.left()), (0, sent),
                 "nothing was planned and nothing sent")
        for command in ("run", "plan"):
            stopped(w, w.run(command, at=LATER), f"purr {command} stops again")
        work = w.run("work", "--once", at=LATER)
        tap.ok(work.returncode == 1 and "purr approve R-1" in work.stderr, "purr work --once, too", work.stderr)
        tap.same((w.sql("select kind, count(*) from task where done_at is null group by 1"),
                  w.one("select count(*) from run"),
                  w.one("select count(*) from event where kind = 'run.stopped'")),
                 ([("breaker", 1)], 1, 1), "one run, one event, one task, however often it is asked")
        dry = w.run("plan", "--dry-run", at=LATER)
        tap.ok(dry.returncode == 0 and "dry run" in dry.stdout, "a dry run shows it all the same", dry.stderr)
        tap.ok(w.json("preview", "--days", "1", at=LATER)["contacts"] >= 60, "and so does a preview")
        listed = w.json("approve", "--list", at=LATER)["runs"]
        tap.same([(r["id"], r["kind"], r["usual"], r["allowed"]) for r in listed],
                 [("R-1", "breaker", 4, 14)], "it stands in the list")
        w.json("approve", "R-1", "--by", "Ole", at=LATER)
        refused(w, ["already"], "approved once", "approve", "R-1", "--by", "Per")
        both = w.json("run", at=LATER)
        tap.same(both["send"]["sent"], figures, "after an approval it goes on")
        tap.same(w.one("select who from event where kind = 'run.approved'"), "Ole", "which is an event")
        tap.same(w.one("select count(*) from task where done_at is null and kind = 'breaker'"), 0,
                 "and the task is done")
        w.invoices(people(40, first=200), LATER)
        stopped(w, w.run("run", at="2026-09-21T10:00:00Z"), "what comes on top of it stops again")


def many_small_runs():
    with Workspace() as w:
        history(w)
        codes = []
        for n in range(12):
            hour = f"2026-09-10T{8 + n // 6:02d}:{n % 6}"
            w.invoices(people(3, due="2026-09-05", first=300 + 3 * n), f"{hour}0:00Z")
            codes.append(w.run("run", at=f"{hour}5:00Z").returncode)
        planned = w.one("select count(*) from contact where state <> 'dropped' and planned_at >= "
                        "unixepoch('2026-09-10') and planned_at < unixepoch('2026-09-11')")
        tap.ok(codes[0] == 0 and codes[-1] == 1 and codes == sorted(codes) and 11 < planned <= 14,
               f"many small runs in a day are one day: they stop at {planned}", codes)


def send_asks_too():
    with Workspace() as w:
        history(w)
        w.setting("breaker", "times", "0")
        w.invoices(people(60), BEFORE)
        w.json("plan", at=AT)
        w.setting("breaker", "times", "3")
        before = w.left()
        stopped(w, w.run("send", at=LATER), "purr send asks for what was planned without the breaker")
        tap.same(w.left(), before, "and nothing leaves")
        up = subprocess.Popen(w.argv("up", "--listen", "127.0.0.1:0"), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        line = ""
        try:
            for line in up.stderr:
                if "work." in line:
                    break
        finally:
            up.terminate()
            up.wait(30)
        tap.ok(line.startswith("work."), "purr up comes to its first pass", line)


def worker_says_warn():
    with Workspace() as w:
        w.setting("breaker", "first", "5")
        w.setting("breaker", "least", "5")
        due = str(datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=6))
        w.invoices(people(30, due), None)
        up = subprocess.Popen(w.argv("up", "--listen", "127.0.0.1:0"), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        try:
            line = next((x for x in up.stderr if x.startswith("work.")), "")
        finally:
            up.terminate()
            up.wait(30)
        tap.ok(line.startswith("work.stopped severity=warn worker=main") and "purr approve R-1" in line,
               "purr up: the worker stops, with a warning that says what to do", line)
        tap.same((w.left(), w.one("select count(*) from contact")), (0, 0), "and nothing was planned")


def after_a_holiday():
    """Four days planned while nothing may leave go out together: nobody has to say yes."""
    with Workspace() as w:
        w.setting("breaker", "least", "10")
        w.setting("breaker", "first", "20")
        number = 0
        for day in range(14, 32):                     # 14 to 31 December, a worker each day
            on = datetime.date(2026, 12, day)
            w.invoices(people(9, str(on - datetime.timedelta(days=4)), number), f"{on}T06:00:00Z")
            number += 9
            codes = [w.run("run", at=f"{on}T08:00:00Z").returncode]
            if any(codes):
                break
        left = dict(w.sql("select date(sent_at, 'unixepoch'), count(*) from contact "
                          "where sent_at is not null group by 1"))
        tap.ok(not any(codes) and left.get("2026-12-28", 0) >= 40,
               f"after Christmas {left.get('2026-12-28')} leave at once where nine are usual, "
               "and nothing stops them", (codes, left))


def first_of_all():
    with Workspace() as w:
        w.setting("breaker", "first", "20")
        w.setting("breaker", "least", "10")
        w.invoices(people(21), BEFORE)
        done = w.run("run", at=AT)
        stopped(w, done, "the first run of a workspace: above the set number it stops")
        tap.ok("no day to compare" in done.stderr and "20 are allowed" in done.stderr, "and says why",
               done.stderr)
        w.setting("breaker", "first", "21")
        tap.same(w.json("run", at=AT)["send"]["sent"], 21, "up to the set number it goes")
    with Workspace() as w:
        w.setting("breaker", "first", "20")
        w.setting("breaker", "least", "10")
        w.invoices(people(30), BEFORE)
        seen = preview(w)
        w.json("approve", seen["id"], "--by", "Ole", at=AT)
        tap.same(w.json("run", at=LATER)["send"]["sent"], 30, "an approved preview lets pass what it showed")
    with Workspace() as w:
        for name, value in (("times", "-1"), ("least", "x"), ("first", "1000000000")):
            w.setting("breaker", name, value)
            done = w.run("plan", at=AT)
            tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1 and name in done.stderr,
                   f"a wrong setting is told: {name} = {value}", done.stderr)
            w.setting("breaker", name, "10")
        w.setting("cost", "sms_part", "0,35")
        tap.ok("0.35" in w.run("plan", at=AT).stderr, "a price with a comma is told")


def main():
    for story in (plan_waits, approved_before_the_plan, tomorrow_too, changed, nobody_answers, at_night,
                  too_many, many_small_runs, send_asks_too, worker_says_warn, after_a_holiday,
                  first_of_all):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
