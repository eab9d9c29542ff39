#!/usr/bin/env python3
"""When a message left is when it left: not when a crash was found, not when a
person said so.  And a deadline counts from the day of the dispatch."""
import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, day, instant, invoice  # noqa: E402

BEFORE = "2026-09-01T10:00:00Z"
MONDAY = "2026-09-21T08:00:00Z"         # 10:00 in Copenhagen
HOUR = 3600
DEADLINE_DAYS = 10
SECONDS = 60                            # that a run of the program may take


def later(at, seconds):
    return at_text(instant(at) + seconds)


def only_fee_reminder(schedule):
    schedule["steps"] = [{**step, "from": "due", "days": 4} for step in schedule["steps"]
                         if step["id"] == "fee_reminder"]
    schedule.pop("experiment")


def made(**row):
    w = Workspace()
    w.schedule(only_fee_reminder)
    w.invoices([invoice("F1", "K1", "2026-09-10", "1000.00", **row)], BEFORE)
    return w


def contact(w):
    return dict(zip(("state", "armed", "sent", "deadline", "reason", "ripe"), w.sql(
        "select state, armed_at, sent_at, deadline_on, reason, ripe_at from contact")[0]))


def fees(w):
    return w.sql("select value_on, booked_at from entry where type = 'fee'")


def found_later():
    """The worker dies with the message out of the house; nobody looks until
    the next day."""
    next_day = later(MONDAY, 24 * HOUR)
    with made() as w:
        w.run("plan", at=MONDAY)
        died = w.run("send", at=MONDAY, env={"PURR_DIE_AT": "after-outcome"})
        tap.same(died.returncode, -signal.SIGKILL, "killed when the outcome was known")
        w.run("send", at=next_day)
        now = contact(w)
        tap.ok(now["state"] == "sent" and 0 <= now["sent"] - instant(MONDAY) < SECONDS,
               "found the day after: it was sent when it was sent", now)
        tap.same([(on, booked >= instant(next_day)) for on, booked in fees(w)],
                 [(day("2026-09-21"), True)],
                 "its fee has the day of the message, and is booked when it was found")
        tap.same(now["deadline"], day("2026-09-21") + DEADLINE_DAYS, "its deadline stands")


def said_later():
    with made() as w:
        w.run("plan", at=MONDAY)
        w.run("send", at=MONDAY, env={"PURR_DIE_AT": "mid-wire"})
        w.run("send", at=later(MONDAY, HOUR))
        tap.same(contact(w)["state"], "unknown", "killed on the wire: unknown")
        number = w.one("select id from contact")
        w.run("resolve", str(number), "--sent", "--by", "Ida", at=later(MONDAY, 48 * HOUR))
        now = contact(w)
        tap.ok(now["state"] == "sent" and 0 <= now["sent"] - instant(MONDAY) < SECONDS,
               "somebody says two days later that it arrived: it left when it was armed", now)
        tap.same([on for on, _ in fees(w)], [day("2026-09-21")], "its fee has that day, too")


LETTER = {"email": "", "street": "Nygade 1", "postcode": "8000", "city": "Aarhus"}


def near_midnight():
    """Letters have no hours; a deadline has a day."""
    for at, on, what in (("2026-09-21T21:40:00Z", "2026-09-21", "23:40: leaves today"),
                         ("2026-09-21T21:55:00Z", "2026-09-22", "23:55: waits for tomorrow")):
        with made(**LETTER) as w:
            w.setting("letter", "posting_days", "0")
            w.run("plan", at=MONDAY)
            w.run("send", at=at)
            first = contact(w)
            waits = on != "2026-09-21"
            tap.same((first["state"], first["reason"] if waits else ""),
                     ("planned", "day_ends") if waits else ("sent", ""), what)
            if waits:
                tap.same(first["ripe"], instant("2026-09-21T22:00:00Z"), "until midnight there")
                w.run("send", at="2026-09-21T22:00:00Z")
            now = contact(w)
            tap.same((now["state"], now["deadline"]), ("sent", day(on) + DEADLINE_DAYS),
                     "the deadline counts from the day on which it leaves")
            tap.same(len(w.letters()), 1, "one letter")


found_later()
said_later()
near_midnight()
tap.done()
