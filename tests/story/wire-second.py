#!/usr/bin/env python3
"""wire-second.py - a second provider stands in for a first one in trouble, and only where
it is sure that the first has not taken the message: against stand-ins for providers of
SMS, and against smtp-sink for a relay.

Counted at both ends: whatever the first one does, a message is taken at most once, and
one in doubt goes nowhere else.
"""
import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import servers  # noqa: E402
import tap  # noqa: E402
import wire_probe  # noqa: E402
from rest_provider import Provider  # noqa: E402
from wire_probe import MAIL, SMS  # noqa: E402
from workspace import Workspace, instant, invoice  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="purr-")
PASSWORD = os.path.join(FOLDER.name, "password")
with open(PASSWORD, "w") as out:
    out.write("s3cret\n")
os.chmod(PASSWORD, 0o600)
GOOD = (201, '{"sid": "SM' + "a" * 32 + '"}')
ELKS = (200, '{"id": "s1", "status": "created"}')


def probe(first_url, second_url, count=1, **more):
    found, _, code, err = wire_probe.run({
        "email_driver": "file", "outbox": FOLDER.name,
        "sms_driver": "twilio", "sms_user": "AC1", "sms_url": first_url, "sms_password_file": PASSWORD,
        "sms_second_driver": "46elks", "sms_second_user": "u1", "sms_second_url": second_url,
        "sms_second_password_file": PASSWORD, "connect_seconds_max": 2, "stall_seconds_max": 2,
        "transfer_seconds_max": 6, **more},
        [{**SMS, "repeat": count, "dlr_url": "https://b.example/1", "dlr_url_second": "https://b.example/2",
          "dead_at": SMS["date"] + 3600}])
    if code != 0:
        return f"probe: {code} {err}"
    return found


def row(found):
    one = found[1][0]
    return one["outcome"], one["code"], one["detail"], one["provider"]


def each_trouble():
    refused = f"http://127.0.0.1:{servers.free_port()}"
    for what, answer, mute, wanted, asked in (
            ("takes it", GOOD, False, ("taken", 201, "", "twilio"), 0),
            ("is too busy (429)", (429, '{"code": 20429}'), False, ("taken", 200, "", "46elks"), 1),
            ("is down (503)", (503, ""), False, ("taken", 200, "", "46elks"), 1),
            ("refuses our login", (401, '{"code": 20003}'), False, ("taken", 200, "", "46elks"), 1),
            ("says that the account is suspended", (403, '{"code": 20005}'), False,
             ("taken", 200, "", "46elks"), 1),
            ("refuses the number", (400, '{"code": 21211}'), False, ("never", 400, "21211", "twilio"), 0),
            ("says that its owner wants none", (400, '{"code": 21610}'), False,
             ("never", 400, "opted out", "twilio"), 0),
            ("fails inside (500)", (500, "oops"), False, ("unknown", 500, "status", "twilio"), 0),
            ("answers with nonsense", (201, "<html>"), False, ("unknown", 201, "odd reply", "twilio"), 0),
            ("hangs up without a word", GOOD, True, ("unknown", 0, "", "twilio"), 0)):
        first, second = Provider(lambda _, a=answer: a), Provider(lambda _: ELKS)
        first.mute = mute
        try:
            got = row(probe(first.url, second.url))
            if wanted[1] == 0 or what.startswith("fails"):
                got = (got[0], got[1], wanted[2], got[3])
            tap.same((got, len(first.asked), len(second.asked)), (wanted, 1, asked),
                     f"the first {what}: {'the second takes it' if asked else 'it stays there'}")
            if asked:
                tap.same(second.asked[0]["whendelivered"], "https://b.example/2",
                         "and is told its own address for reports")
        finally:
            first.close()
            second.close()
    second = Provider(lambda _: ELKS)
    try:
        tap.same(row(probe(refused, second.url)), ("taken", 200, "", "46elks"),
                 "the first cannot be reached: the second takes it")
        found = probe(refused, second.url, count=60)
        tap.same(({r["outcome"] for rows in found.values() for r in rows}, len(found), len(second.asked)),
                 ({"taken"}, 60, 61), "all of sixty")
    finally:
        second.close()
    found = probe(refused, f"http://127.0.0.1:{servers.free_port()}", count=60)
    outcomes = [r for rows in found.values() for r in rows]
    tap.same((len(outcomes), {r["outcome"] for r in outcomes}), (60, {"later"}),
             "neither can be reached: all of them later")
    tap.ok(sum(r["detail"] == "provider down" for r in outcomes) > 20, "most without a try",
           [r["detail"] for r in outcomes])


def doubt_of_the_second():
    first, second = Provider(lambda _: (503, "")), Provider(lambda _: ELKS)
    second.mute = True
    try:
        found = probe(first.url, second.url)
        tap.same((row(found)[0], row(found)[3], len(second.asked)), ("unknown", "46elks", 1),
                 "the second hangs up: unknown, and asked once")
    finally:
        first.close()
        second.close()


def flapping():
    """Every third request of the first is refused: each message is taken once."""
    first = Provider(lambda n: GOOD if n % 3 else (503, ""))
    second = Provider(lambda _: ELKS)
    try:
        found = probe(first.url, second.url, count=90)
        by = [r["provider"] for rows in found.values() for r in rows]
        tap.same(({r["outcome"] for rows in found.values() for r in rows}, len(by)), ({"taken"}, 90),
                 "a first one that comes and goes: all taken")
        tap.same((by.count("46elks"), by.count("twilio")), (len(second.asked), 90 - len(second.asked)),
                 "each by who says so")
        tap.ok(20 <= len(second.asked) <= 40, "a third of them by the second", len(second.asked))
    finally:
        first.close()
        second.close()


def settings():
    for what, more in (("a second beside files", {"sms_driver": "file"}),
                       ("files as a second", {"sms_second_driver": "file"}),
                       ("a second that is none", {"sms_second_driver": "pigeon"}),
                       ("a second without a user", {"sms_second_user": ""}),
                       ("a relay that is none", {"email_driver": "smtp", "email_url": "smtp://127.0.0.1:9",
                                                 "email_second_driver": "smtp",
                                                 "email_second_url": "relay"})):
        got = probe("http://127.0.0.1:9", "http://127.0.0.1:9", **more)
        tap.ok(isinstance(got, str) and "probe: 1" in got, f"{what}: refused", got)


def mails(first_options, count=12):
    """Outcomes by provider's port, and what each sink holds."""
    with servers.SmtpSink(*first_options) as first, servers.SmtpSink() as second:
        found, _, code, err = wire_probe.run({
            "email_driver": "smtp", "email_url": first.url, "email_second_driver": "smtp",
            "email_second_url": second.url, "outbox": FOLDER.name, "sms_driver": "file",
            "connect_seconds_max": 2, "stall_seconds_max": 2, "transfer_seconds_max": 6},
            [{**MAIL, "contact": 1, "repeat": count, "dead_at": MAIL["date"] + 3600}])
        if code != 0:
            return f"probe: {code} {err}"
        return ({r["outcome"] for rows in found.values() for r in rows}, len(found),
                len(first.messages()), len(second.messages()))


def relays():
    tap.same(mails(()), ({"taken"}, 12, 12, 0), "a relay that works takes all its mail")
    tap.same(mails(("-q", "connect")), ({"taken"}, 12, 0, 12), "one that hangs up: the second takes it")
    tap.same(mails(("-r", "RCPT")), ({"later"}, 12, 0, 0),
             "one that wants a recipient later (450): not its own trouble, it waits")
    tap.same(mails(("-f", "RCPT")), ({"never"}, 12, 0, 0), "one that refuses a recipient is believed")
    tap.same(mails(("-q", "."))[0] <= {"unknown"}, True, "one that hangs up after the body: unknown")
    tap.same(mails(("-q", "."))[3], 0, "and sent to nobody else")


def workspace():
    """The whole program: which one took it is kept, and each is listened to."""
    first, second = Provider(lambda _: (503, "")), Provider(lambda _: ELKS)
    try:
        with Workspace() as w:
            key = w.file("twilio.key", "s3cret\n")
            other = w.file("elks.key", "s3cret\n")
            for path in (key, other):
                os.chmod(w.path(path), 0o600)
            for section, values in (("sms", {"driver": "twilio", "user": "AC1", "url": first.url,
                                             "password_file": key}),
                                    ("sms_second", {"driver": "46elks", "user": "u1", "url": second.url,
                                                    "password_file": other})):
                for name, value in values.items():
                    w.setting(section, name, value)
            w.invoices([invoice("A1", "A1", "2026-09-24", "100.00", email="", phone="+4520123456")],
                       "2026-09-20T10:00:00Z")
            w.json("plan", at="2026-09-28T08:30:00Z")
            w.json("send", at="2026-09-28T08:30:00Z")
            tap.same(w.sql("select state, provider from contact"), [("sent", "46elks")],
                     "who took it is kept")
            tap.ok("/hooks/sms/46elks/status" in second.asked[0]["whendelivered"],
                   "its reports come under its own name", second.asked)
            hooks = w.json("hooks")
            tap.same([h["provider"] for h in hooks], ["twilio", "46elks"], "both are told where to call")
            tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")
    finally:
        first.close()
        second.close()


def not_sooner():
    """A provider that asks for a second's patience is not asked again and again in one pass."""
    for seconds, least in (("1", 300), ("7200", 7200)):
        way = Provider(lambda _: (429, "{}"))
        way.headers = {"Retry-After": seconds}
        with Workspace() as w:
            key = w.file("sms.key", "s3cret\n")
            os.chmod(w.path(key), 0o600)
            for name, value in (("driver", "46elks"), ("user", "u1"), ("url", way.url), ("password_file", key)):
                w.setting("sms", name, value)
            w.setting("purr", "send_batch", "5")
            w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", email="", phone=f"+45201234{k:02d}")
                        for k in range(12)], "2026-09-20T10:00:00Z")
            w.json("plan", at="2026-09-28T08:30:00Z")
            w.json("send", at="2026-09-28T08:30:00Z")
            tap.ok(w.sql("select distinct state, attempt from contact") == [("planned", 1)] and
                   (len(way.asked) == 5 if least == 7200 else len(way.asked) <= 12),
                   f"Retry-After {seconds}: those that are under way are tried, the others wait with them", len(way.asked))
            tap.ok(w.one("select min(ripe_at) from contact") - instant("2026-09-28T08:30:00Z") >= least,
                   "and not sooner than it or we want")
        way.close()


def many(answers, count=60, **more):
    """What became of so many messages of a first provider alone, and how many it was asked for."""
    way = Provider(answers)
    way.mute = more.pop("mute", False)
    way.headers = more.pop("headers", {})
    try:
        found, _, code, err = wire_probe.run({
            "email_driver": "file", "outbox": FOLDER.name, "sms_driver": "46elks", "sms_user": "u1",
            "sms_url": way.url, "sms_password_file": PASSWORD, **more},
            [{**SMS, "repeat": count, "dead_at": SMS["date"] + 7200}])
        if code != 0:
            return f"probe: {code} {err}", 0
        return [r for rows in found.values() for r in rows], len(way.asked)
    finally:
        way.close()


def does_not_answer_clearly():
    """A provider of which nobody knows what it did is not fed the whole queue."""
    for what, answers, mute in (("500", lambda _: (500, "oops"), False), ("no answer", lambda _: (200, "{}"), True),
                                ("nonsense", lambda _: (200, "<html>"), False)):
        rows, asked = many(answers, mute=mute)
        unknown = sum(r["outcome"] == "unknown" for r in rows)
        tap.ok(len(rows) == 60 and unknown == asked <= 24, f"{what}: a few are unknown, the others wait", (unknown, asked))
    rows, asked = many(lambda n: (500, "") if n % 4 == 0 else (200, json.dumps({"id": f"s{n}"})))
    tap.same((asked, sum(r["outcome"] == "taken" for r in rows)), (60, 45), "one in four: all are tried")


def asks_for_peace():
    """What Retry-After asks for holds for all that has not begun, and the second takes it."""
    rows, asked = many(lambda _: (429, "{}"), headers={"Retry-After": "3600"})
    tap.ok(asked <= 8 and {r["outcome"] for r in rows} == {"later"} and
           all(3590 <= r["retry_after"] <= 3600 for r in rows), "an hour's peace is an hour for each", asked)
    first, second = Provider(lambda _: (429, "{}")), Provider(lambda n: (200, json.dumps({"id": f"s{n}"})))
    first.headers = {"Retry-After": "3600"}
    try:
        found = probe(first.url, second.url, count=60)
        rows = [r for one in found.values() for r in one]
        tap.ok({r["outcome"] for r in rows} == {"taken"} and len(first.asked) <= 8 and len(second.asked) == 60,
               "the second takes what the first has no time for", (len(first.asked), len(second.asked)))
    finally:
        first.close()
        second.close()


def why_after_a_crash():
    """What a provider said is not forgotten by a crash before it is written down."""
    for code, column in ((21610, "opted_out_at"), (21211, "bad_at")):
        way = Provider(lambda _, code=code: (400, json.dumps({"code": code})))
        with Workspace() as w:
            key = w.file("sms.key", "s3cret\n")
            os.chmod(w.path(key), 0o600)
            for name, value in (("driver", "twilio"), ("user", "AC1"), ("url", way.url), ("password_file", key)):
                w.setting("sms", name, value)
            w.invoices([invoice("A1", "A1", "2026-09-24", "100.00", email="", phone="+4520123401")],
                       "2026-09-20T10:00:00Z")
            w.json("plan", at="2026-09-28T08:30:00Z")
            died = w.run("send", at="2026-09-28T08:30:00Z", env={"PURR_DIE_AT": "after-outcome:1"})
            tap.same((died.returncode, w.sql("select state from contact")), (-9, [("armed",)]), f"{code}, and killed")
            w.json("send", at="2026-09-28T08:31:00Z")
            tap.same((w.sql("select state, provider from contact"), len(way.asked)), ([("failed", "twilio")], 1),
                     "found again, by whom, and not sent twice")
            tap.same(w.one(f"select count(*) from address where {column} is not null"), 1, f"and its {column}")
        way.close()


def main():
    each_trouble()
    doubt_of_the_second()
    flapping()
    settings()
    relays()
    workspace()
    not_sooner()
    does_not_answer_clearly()
    asks_for_peace()
    why_after_a_crash()
    tap.done()


if __name__ == "__main__":
    main()
