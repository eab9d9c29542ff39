#!/usr/bin/env python3
"""hooks.py - what providers of SMS say by themselves: reports and replies, signed by their
own library or by an independent one, believed once, never when forged; what follows for
the message, the fee, the number, and the debtor's peace.

variants: release asan
"""
import json
import os
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from mail_in import receive, return_path  # noqa: E402
from rest_provider import Provider  # noqa: E402
from twilio_sdk import ask as sdk  # noqa: E402
from served import Served  # noqa: E402
from workspace import Workspace, instant, invoice, payment  # noqa: E402

PUBLIC = "https://betal.example"
TOKEN = "12345"
IMPORTED, FIRST = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z"
LATER = "2026-09-28T07:00:00Z"


def secret_file(w, name, text):
    with open(w.path(name), "w", encoding="ascii") as f:
        f.write(text + "\n")
    os.chmod(w.path(name), 0o600)


def shop(w, driver, provider, n, **more):
    """n debtors whose friendly reminder goes by SMS, and who have an e-mail address, too."""
    secret_file(w, "token", TOKEN)
    for name, value in {"driver": driver, "url": provider.url, "password_file": "token",
                        **({"user": "AC" + "1" * 32} if driver == "twilio" else {}),
                        **({"user": "u1"} if driver == "46elks" else {}), **more}.items():
        w.setting("sms", name, value)
    w.setting("purr", "base_url", PUBLIC)
    for name in ("email", "from"):
        w.setting("creditor demo", name, "hej@nordlys.test")
    w.setting("cost", "currency", "DKK")
    w.schedule(lambda s: [p.update(channels=["sms", "email"]) for p in s["steps"][:3]])
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", phone=f"+45201234{k:02d}")
                for k in range(n)], IMPORTED)
    w.json("plan", at=FIRST)


def contact_of(w, debtor):
    return w.sql("select k.id, k.state from contact k join debtor d on d.id = k.debtor_id "
                 "where d.external_id = ? order by k.id desc limit 1", debtor)[0]


def state(w, debtor):
    return contact_of(w, debtor)[1]


class Twilio:
    """Calls as Twilio would, at the public address, signed by Twilio's own library."""

    def __init__(self, served):
        self.served = served

    def call(self, url, form, signature=None, **headers):
        if signature is None:
            signature = sdk("sign", token=TOKEN, url=url, form=form)
        path = url[len(PUBLIC):]
        return self.served.ask("POST", path, urllib.parse.urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "X-Twilio-Signature": signature, **headers})

    def report(self, asked, status, code="", **more):
        form = {"MessageSid": "SM" + "a" * 32, "MessageStatus": status, "To": asked["To"],
                "From": asked["From"], "AccountSid": "AC" + "1" * 32, "ApiVersion": "2010-04-01",
                **({"ErrorCode": code} if code else {}), **more}
        return self.call(asked["StatusCallback"], form)[0]

    def reply(self, w, sender, text, sid, **more):
        url = w.json("hooks")[0]["inbound"]
        return self.call(url, {"MessageSid": sid, "From": sender, "To": "+4512345678", "Body": text,
                               "NumMedia": "0", **more})


# --- reports --------------------------------------------------------------------------------


def reports():
    provider = Provider(lambda n: (201, json.dumps({"sid": f"SM{n:032d}"})))
    with Workspace() as w:
        shop(w, "twilio", provider, 9)
        tap.same(w.json("send", at=FIRST)["sent"], 9, "nine messages are taken")
        by_debtor = {f"A{int(a['To'][-2:])}": a for a in provider.asked}
        with Served(w, LATER) as served:
            twilio = Twilio(served)
            believed(w, twilio, by_debtor)
            forged(w, served, twilio, by_debtor)
            came_back(w, twilio, by_debtor)
        afterwards(w)
    provider.close()


def believed(w, twilio, asked):
    tap.same([twilio.report(asked["A0"], s) for s in ("queued", "sent")], [204, 204], "on its way: heard")
    tap.same(state(w, "A0"), "sent", "and nothing follows")
    tap.same(twilio.report(asked["A0"], "delivered", NewField="unannounced", ErrorMessage="Grüße & æ=1"), 204,
             "delivered, with a field that nobody announced")
    tap.same(w.sql("select k.state, k.delivered_at, count(r.id) from contact k join receipt r on "
                   "r.contact_id = k.id where k.id = ?", contact_of(w, "A0")[0]),
             [("delivered", instant(LATER), 3)], "it is, and each report is kept")
    before = w.dump()
    tap.same([twilio.report(asked["A0"], s) for s in ("delivered", "sent")], [204, 204], "said again")
    tap.ok(w.dump() == before, "changes nothing")
    tap.same((twilio.report(asked["A0"], "failed", "30005"), state(w, "A0")), (204, "delivered"),
             "what has arrived stays so")


def forged(w, served, twilio, asked):
    url = asked["A1"]["StatusCallback"]
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    good = sdk("sign", token=TOKEN, url=url, form=form)
    tap.same(twilio.call(url, form, "")[0], 403, "no signature")
    tap.same(twilio.call(url, form, sdk("sign", token="12346", url=url, form=form))[0], 403, "another token's")
    tap.same(twilio.call(url, {**form, "MessageStatus": "failed"}, good)[0], 403, "another form's")
    tap.same(twilio.call(url, form, sdk("sign", token=TOKEN, url=url.replace(PUBLIC, "https://evil.example"),
                                        form=form), Host="evil.example")[0], 403,
             "signed for the Host header's address")
    other = asked["A2"]["StatusCallback"]
    mixed = url.split("?")[0] + "?c=" + url.split("c=")[1].split("&")[0] + "&t=" + other.split("t=")[1]
    tap.same(twilio.call(mixed, form)[0], 404, "another message's secret")
    tap.same(twilio.call(url.split("&t=")[0], form)[0], 404, "no secret")
    tap.same(twilio.call(url.replace("/twilio/", "/kannel/"), form)[0], 404, "a provider that is not ours")
    tap.same(served.get(url[len(PUBLIC):])[0], 403, "by GET")
    tap.same(served.ask("HEAD", url[len(PUBLIC):])[0], 405, "HEAD is not asked for")
    tap.same(twilio.call(url, {"MessageSid": "SM1"})[0], 400, "signed, but without a state")
    tap.same(state(w, "A1"), "sent", "none of it changed the message")
    status, head, body = twilio.call(url, form, sdk("sign", token=TOKEN, form=form, url=url.replace(
        "betal.example", "betal.example:443")))
    tap.same((status, body, state(w, "A1")), (204, "", "delivered"), "a named port is the same address; no text")
    url = asked["A8"]["StatusCallback"]
    form = [("MessageStatus", "delivered"), ("MessageSid", "SM8"), ("B", "2"), ("B", "1"), ("B", "2"), ("E", "")]
    signature = sdk("sign", token=TOKEN, url=url, form={"MessageStatus": "delivered", "MessageSid": "SM8",
                                                       "B": ["2", "1", "2"], "E": ""})
    tap.same(served.ask("POST", url[len(PUBLIC):], urllib.parse.urlencode(form), {
        "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature})[0], 204,
        "a name that comes again, and an empty value, are signed as its library signs them")


def came_back(w, twilio, asked):
    tap.same(twilio.report(asked["A3"], "undelivered", "30005"), 204, "a number that nobody has")
    tap.same((state(w, "A3"), w.one("select count(*) from address where bad_at is not null and "
                                    "value like '+45%03'")), ("bounced", 1),
             "came back, and the number is closed")
    tap.same(twilio.report(asked["A4"], "undelivered", "30003"), 204, "a telephone that is off")
    tap.same((state(w, "A4"), w.one("select count(*) from address where bad_at is not null and "
                                    "value like '+45%04'")), ("bounced", 0), "came back, and the number stays")


def afterwards(w):
    at = "2026-10-05T06:30:00Z"
    w.json("plan", at=at)
    tap.same(w.sql("select d.external_id, k.step, k.channel from contact k join debtor d on d.id = k.debtor_id "
                   "where k.planned_at = ? order by 1", instant(at)),
             [("A3", "friendly_reminder", "email"), ("A4", "friendly_reminder", "sms")],
             "the step is taken again: by e-mail where the number is closed")
    tap.same([v for v in map(str, judge.judge(w.dir)) if not v.startswith("E3")], [], "the judge finds no violation")


# --- a fee that came back, twice ------------------------------------------------------------------


def fees():
    provider = Provider(lambda n: (201, json.dumps({"sid": f"SM{n:032d}"})))
    with Workspace() as w:
        shop(w, "twilio", provider, 1)
        w.json("send", at=FIRST)
        at = "2026-10-08T06:30:00Z"
        w.json("plan", at=at)
        w.json("send", at=at)
        tap.same(w.sql("select step, balance_minor from contact k join invoice i on i.debtor_id = k.debtor_id "
                       "order by k.id desc limit 1"), [("fee_reminder", 10000)], "a reminder that costs nothing by SMS")
        with Served(w, "2026-10-08T08:00:00Z") as served:
            twilio = Twilio(served)
            tap.same(twilio.report(provider.asked[-1], "failed", "30003"), 204, "does not arrive")
        at = "2026-10-13T06:30:00Z"
        w.json("plan", at=at)
        w.json("send", at=at)
        tap.same(contact_of(w, "A0")[1], "sent", "the step is taken again")
        with Served(w, "2026-10-13T08:00:00Z") as served:
            Twilio(served).report(provider.asked[-1], "failed", "30003")
        tap.same(w.one("select count(*) from address where channel = 'sms' and bad_at is not null"), 1,
                 "the second time in a row closes the number")
        at = "2026-10-19T06:30:00Z"
        w.json("plan", at=at)
        tap.same(w.sql("select step, channel from contact order by id desc limit 1"),
                 [("fee_reminder", "email")], "and the next way is tried")
        w.json("send", at=at)
        tap.same(w.one("select balance_minor from invoice"), 20000, "by e-mail it has its fee")
        path = return_path(w, "A0").replace("butik.test", "nordlys.test")
        tap.same(receive(w, f"From: MAILER-DAEMON@mx.example\nTo: {path}\nMIME-Version: 1.0\nContent-Type: "
                            "multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
                            "message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; "
                            "a0@kunde.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
                         "2026-10-20T08:00:00Z"), "report", "which comes back")
        tap.same((w.one("select balance_minor from invoice"),
                  w.sql("select type, amount_minor, source from entry where contact_id is not null order by id")),
                 (10000, [("fee", 10000, "reminder"), ("waiver", -10000, "bounced")]),
                 "nobody pays for it: the fee is waived, and both stand in the books")
        tap.same([v for v in map(str, judge.judge(w.dir)) if not v.startswith("E3")], [],
                 "the judge finds no violation")
    provider.close()


# --- before we know ourselves ------------------------------------------------------------------------


def two_workers():
    """What may be begun in a second is the provider's measure: all workers share it."""
    stamps = []
    provider = Provider(lambda n: stamps.append(time.monotonic()) or (200, json.dumps({"id": f"s{n}"})))
    with Workspace() as w:
        shop(w, "46elks", provider, 20, per_second="5")
        w.setting("purr", "send_batch", "5")
        workers = [w.start("send", "--worker", name, at=FIRST) for name in ("a", "b")]
        for worker in workers:
            worker.communicate()
        tap.ok(len(stamps) == 20 and stamps[-1] - stamps[0] >= 3.6, "two of them send five in a second",
               (len(stamps), stamps[-1] - stamps[0]))
    provider.close()


def blameless():
    """What a carrier stops costs nobody the number; a STOP that the provider keeps is one."""
    provider = Provider(lambda n: (201, json.dumps({"sid": f"SM{n:032d}"})))
    with Workspace() as w:
        shop(w, "twilio", provider, 4)
        with Served(w, LATER) as served:
            twilio = Twilio(served)
            for day in ("2026-09-28", "2026-10-05"):
                w.json("plan", at=f"{day}T06:30:00Z")
                provider.asked.clear()
                w.json("send", at=f"{day}T07:00:00Z")
                codes = {"00": "30007", "01": "30001", "02": "30003", "03": "21610"}
                for asked in list(provider.asked):
                    twilio.report(asked, "undelivered", codes[asked["To"][-2:]])
            tap.same(w.sql("select value, bad_at is not null, opted_out_at is not null from address where channel = 'sms' "
                           "order by value"),
                     [("+4520123400", 0, 0), ("+4520123401", 0, 0), ("+4520123402", 1, 0), ("+4520123403", 0, 1)],
                     "filtered twice, a full queue twice, out of reach twice, a STOP")
            tap.same(w.sql("select d.external_id from task t join debtor d on d.id = t.debtor_id where t.kind = 'refused' "
                           "order by 1"), [("A0",), ("A1",)], "what was stopped is told to a person")
        tap.same(w.run("allow", "sms", "--debtor", "A2", "--by", "Ida", "--reason", "a new telephone",
                       at="2026-10-06T07:00:00Z").returncode, 0, "a number that works again")
        tap.same(w.one("select count(*) from address where channel = 'sms' and bad_at is not null"), 0, "is tried again")
    provider.close()


def overtaken():
    """The queue is slow: who says stop, pays or is held while it waits gets nothing any more."""
    provider = Provider(lambda n: (200, json.dumps({"id": f"s{n}"})))
    with Workspace() as w:
        shop(w, "46elks", provider, 8, per_second="1")
        inbound = w.json("hooks")[0]["inbound"]
        with Served(w, FIRST) as served:
            worker = w.start("send", at=FIRST)
            while not provider.asked:
                time.sleep(0.05)
            form = {"direction": "incoming", "id": "i1", "from": "+4520123407", "to": "+4511", "message": "STOP"}
            tap.same(served.ask("POST", inbound[len(PUBLIC):], urllib.parse.urlencode(form),
                                {"Content-Type": "application/x-www-form-urlencoded"})[0], 204, "one says stop")
            w.payments([payment("P1", "100.00", "2026-09-28", invoice="A6")], FIRST)
            w.json("hold", "--debtor", "A5", "--type", "dispute", at=FIRST)
            worker.communicate()
        tap.same(sorted(a["to"] for a in provider.asked), [f"+45201234{k:02d}" for k in range(5)],
                 "what was armed and overtaken is not sent")
        w.json("send", at="2026-09-28T07:20:00Z")
        tap.same((len(provider.asked), [state(w, f"A{k}") for k in (5, 6, 7)]), (5, ["dropped"] * 3), "nor later")
    provider.close()


def races():
    provider = Provider(lambda n: (201, json.dumps({"sid": f"SM{n:032d}"})))
    with Workspace() as w:
        shop(w, "twilio", provider, 3)
        with Served(w, LATER) as served:
            twilio = Twilio(served)
            provider.meanwhile = lambda asked: twilio.report(asked, "delivered")
            w.json("send", at=FIRST)
            tap.same(w.sql("select state, count(*) from contact group by 1"), [("delivered", 3)],
                     "a report that is faster than our own note is not lost")
    provider.close()
    for status, mute, wanted in ((201, True, "delivered"), (500, False, "delivered"), (503, False, "dropped"),
                                 (400, False, "failed")):
        provider = Provider(lambda n, status=status: (status, "{}"))
        with Workspace() as w:
            shop(w, "twilio", provider, 1)
            with Served(w, LATER) as served:
                twilio = Twilio(served)
                provider.mute, provider.meanwhile = mute, lambda asked, t=twilio: t.report(asked, "delivered")
                w.json("send", at=FIRST)
                provider.meanwhile = None
                tap.same(state(w, "A0"), wanted, f"nor one that comes before {status if not mute else 'no answer'}")
                w.json("send", at="2026-09-28T07:40:00Z")
                tap.same((len(provider.asked), w.one("select count(*) from task where kind = 'contradiction'"),
                          w.one("select count(*) from task where kind = 'unknown_outcome' and done_at is null")),
                         (1, int(wanted != "delivered"), 0), "nothing goes out again, and what contradicts is told")
        provider.close()
    provider = Provider(lambda n: (201, "{}"))
    with Workspace() as w:
        shop(w, "twilio", provider, 3)
        provider.mute = True
        w.json("send", at=FIRST)
        tap.same(w.sql("select state, count(*) from contact group by 1"), [("unknown", 3)],
                 "hung up: nobody knows")
        with Served(w, LATER) as served:
            twilio = Twilio(served)
            by_debtor = {f"A{int(a['To'][-2:])}": a for a in provider.asked}
            for debtor, status, wanted in (("A0", "sent", "sent"), ("A1", "delivered", "delivered"),
                                           ("A2", "undelivered", "bounced")):
                tap.same((twilio.report(by_debtor[debtor], status, "30003" if wanted == "bounced" else ""),
                          state(w, debtor)), (204, wanted), f"until it reports {status}")
        tap.same(w.sql("select count(*) from task where kind = 'unknown_outcome' and done_at is null"),
                 [(0,)], "no person has to say it any more")
    provider.close()
    provider = Provider(lambda n: (400, json.dumps({"code": 21612, "status": 400})))
    with Workspace() as w:
        shop(w, "twilio", provider, 1)
        w.json("send", at=FIRST)
        tap.same(state(w, "A0"), "failed", "refused")
        with Served(w, LATER) as served:
            tap.same(Twilio(served).report(provider.asked[0], "delivered"), 204, "and reported all the same")
        w.json("plan", at="2026-09-30T06:30:00Z")
        tap.same((w.one("select count(*) from task where kind = 'contradiction'"),
                  w.one("select count(*) from hold where released_at is null"),
                  w.one("select count(*) from contact")), (1, 1, 1), "a person looks before anything more is sent")
    provider.close()
    provider = Provider(lambda n: (400, json.dumps({"code": 21610, "status": 400})))
    with Workspace() as w:
        shop(w, "twilio", provider, 1)
        w.json("send", at=FIRST)
        tap.same((state(w, "A0"), w.one("select count(*) from address where channel = 'sms' and "
                                        "opted_out_at is not null")), ("failed", 1),
                 "a STOP that only the provider knows is an opt-out here, too")
    provider.close()


# --- replies -----------------------------------------------------------------------------------------


def replies():
    provider = Provider(lambda n: (201, json.dumps({"sid": f"SM{n:032d}"})))
    stops = ["STOP", " stop! ", "Stopp", "Stop sms", "AFMELD", "avslutt", "Avsluta.", "lopeta", "Abmelden",
             "\"Aufhören\"", "Nej tak", "Meld meg av", "arrêt", "\u201eStopp\u201c", "STOP\u200b \U0001f64f",
             "S.T.O.P", "stop\n\nSent from my iPhone", "NORDLYS STOP"]
    words = ["stop it, I have paid already", "Jeg har betalt i går", "Ring mig tirsdag 😀", "don't stop", "ikke stop", "Nordlys stop",
             "clear \x1b[2J\x07 and \x9bm all"]
    with Workspace() as w:
        shop(w, "twilio", provider, len(stops) + len(words))
        with Served(w, FIRST) as served:
            twilio = Twilio(served)
            for k, text in enumerate(stops + words):
                status, _, body = twilio.reply(w, f"+45201234{k:02d}", text, f"SMi{k}")
                tap.same((status, body), (204, ""), f"{text!r} is taken, and nothing is answered")
            tap.same(w.sql("select count(*) from inbound where meaning = 'stop'"), [(len(stops),)],
                     "each way to say stop is one, and nothing else is")
            tap.same(w.sql("select state, count(*) from contact group by 1"),
                     [("dropped", len(stops) + len(words))], "what was planned is dropped at once")
            before = w.dump()
            twilio.reply(w, "+4520123400", "STOP", "SMi0")
            tap.ok(w.dump() == before, "the same message again changes nothing")
            status, _, _ = twilio.reply(w, "+4599999999", "Who are you?", "SMi99")
            tap.same((status, w.sql("select debtor_id, text from inbound where sender = '+4599999999'")),
                     (204, [(None, "Who are you?")]), "a stranger's words are kept")
            url = w.json("hooks")[0]["inbound"]
            tap.same(twilio.call(url[:-1] + ("A" if url[-1] != "A" else "B"),
                                 {"MessageSid": "SMx", "From": "+4520123411", "Body": "STOP"})[0], 404,
                     "not without the secret")
            tap.same(twilio.call(url, {"MessageSid": "SMx", "From": "+4520123411", "Body": "STOP"}, "x")[0], 403,
                     "nor unsigned")
        tasks = [t for t in w.json("tasks")["tasks"] if t["kind"] == "wrote"]
        tap.same(sorted(t["text"] for t in tasks), sorted("They wrote by SMS: " + t.translate({0x1b: 32, 7: 32}).replace("\x9b", "  ") for t in words),
                 "what was written is a task, word for word, but for what a terminal would obey")
        w.json("plan", at=LATER)
        tap.same(w.sql("select channel, count(*) from contact where state = 'planned' group by 1"),
                 [("email", len(stops))], "the debt stays: who said stop gets an e-mail; who wrote is left in peace")
        said = w.run("explain", f"A{len(stops)}", at=LATER).stdout
        tap.ok("wrote by SMS" in said, "which is explained", said)
    provider.close()


# --- the other providers ------------------------------------------------------------------------------


def gatewayapi():
    provider = Provider(lambda n: (200, json.dumps({"ids": [1000 + n], "usage": {}})))
    with Workspace() as w:
        secret_file(w, "hook", "topsecret")
        shop(w, "gatewayapi", provider, 4, secret_file="hook")
        w.json("send", at=FIRST)
        by_debtor = {f"A{a['recipients'][0]['msisdn'] % 100}": a for a in provider.asked}

        with Served(w, LATER) as served:
            def call(url, claims, secret="topsecret", algorithm="HS256", token=None, body=None):
                token = token or sdk("token", claims=claims, secret=secret, algorithm=algorithm)
                return served.ask("POST", url[len(PUBLIC):], json.dumps(body or claims), {
                    "Content-Type": "application/json", "X-Gwapi-Signature": token})[0]
            claims = {"id": 1001, "msisdn": 4520123400, "time": instant(FIRST) + 60, "status": "DELIVERED",
                      "userref": "1"}
            url = by_debtor["A0"]["callback_url"]
            tap.same((call(url, claims), state(w, "A0")), (204, "delivered"), "GatewayAPI: delivered")
            tap.same(w.one("select delivered_at from contact where id = ?", contact_of(w, "A0")[0]),
                     instant(FIRST) + 60, "when it says so")
            url = by_debtor["A1"]["callback_url"]
            for what, more in (("another secret", {"secret": "other"}), ("HS384", {"algorithm": "HS384"}),
                               ("no algorithm", {"algorithm": "none", "secret": ""}), ("no token", {"token": "x"}),
                               ("half a token", {"token": "a.b"}), ("three dots", {"token": "..."})):
                tap.same(call(url, claims, **more), 403, f"{what}: not believed")
            tap.same((call(url, {**claims, "status": "UNDELIVERABLE"}, body=claims), state(w, "A1")),
                     (204, "bounced"), "the signed claims count, whatever the body says")
            inbound = w.json("hooks")[0]["inbound"]
            tap.same(call(inbound, {"id": 77, "msisdn": 4520123402, "receiver": 451204, "message": "Stop",
                                    "senttime": instant(FIRST)}), 204, "a reply")
            tap.same(call(inbound, {"id": 78, "msisdn": 4520123403, "receiver": 451204, "message": "Nordlys stop",
                                    "senttime": instant(FIRST)}), 204, "and one behind the keyword of a short code")
            tap.same(w.sql("select a.value from address a where a.opted_out_at is not null order by 1"),
                     [("+4520123402",), ("+4520123403",)], "close their numbers")
    provider.close()


def checked():
    with Workspace() as w:
        for driver, says in (("gatewayapi", "secret_file"), ("kannel", "needs url")):
            w.setting("sms", "driver", driver)
            done = w.run("check")
            tap.ok(done.returncode == 1 and says in done.stdout + done.stderr, f"purr check: {driver} {says}",
                   done.stdout + done.stderr)


def elks():
    provider = Provider(lambda n: (200, json.dumps({"id": f"s{n}", "status": "created"})))
    with Workspace() as w:
        shop(w, "46elks", provider, 3)
        w.json("send", at=FIRST)
        by_debtor = {f"A{int(a['to'][-2:])}": a for a in provider.asked}
        with Served(w, LATER) as served:
            def call(url, **form):
                status, _, body = served.ask("POST", url[len(PUBLIC):], urllib.parse.urlencode(form), {
                    "Content-Type": "application/x-www-form-urlencoded"})
                return status, body
            tap.same((call(by_debtor["A0"]["whendelivered"], id="s1", status="delivered",
                           delivered="2026-09-28T06:31:12.741000"), state(w, "A0")), ((204, ""), "delivered"),
                     "46elks: delivered; no text that it would send on")
            tap.same(w.one("select delivered_at from contact where id = ?", contact_of(w, "A0")[0]),
                     instant("2026-09-28T06:31:12Z"), "when it says so")
            tap.same((call(by_debtor["A1"]["whendelivered"], id="s2", status="failed"), state(w, "A1")),
                     ((204, ""), "bounced"), "failed")
            tap.same(call(by_debtor["A2"]["whendelivered"], id="s3", status="odd")[0], 400, "a state it does not have")
            url = w.json("hooks")[0]["inbound"]
            tap.same(call(url, direction="incoming", id="i1", to="+4511", message="Jag har betalat",
                          created="2026-09-28T06:40:00.100000", **{"from": "+4520123402"})[0], 204, "a reply")
            tap.same(w.sql("select text, said_at from inbound"), [("Jag har betalat", instant("2026-09-28T06:40:00Z"))],
                     "is kept with its time")
    provider.close()


reports()
fees()
overtaken()
two_workers()
blameless()
races()
replies()
gatewayapi()
elks()
checked()
tap.done()
