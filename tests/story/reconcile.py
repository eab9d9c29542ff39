#!/usr/bin/env python3
"""reconcile.py - a message in doubt: its provider is asked what became of it, the way its
own library asks; what it has is believed, what it surely does not have is free again, and
nothing else moves.

The stand-ins keep a list of what they took and hang up before they have answered, or
without having taken anything.
"""
import base64
import email.utils
import glob
import json
import os
import re
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check"),
                os.path.join(HERE, "..", "server")]
import judge  # noqa: E402
import servers  # noqa: E402
import tap  # noqa: E402
from rest_provider import Provider  # noqa: E402
from twilio_sdk import ask as sdk  # noqa: E402
from workspace import Workspace, at_text, instant, invoice  # noqa: E402

IMPORTED, NOW = "2026-09-20T10:00:00Z", instant("2026-09-28T08:30:00Z")
MINUTE, HOUR = 60, 3600
ACCOUNT = "AC" + "0" * 31 + "1"


class Twilio:
    """Takes (unless `lossy`) and hangs up; lists what it has."""
    name, user = "twilio", ACCOUNT

    def __init__(self, lossy=False):
        self.has, self.more, self.broken, self.status, self.lossy = [], False, None, "sent", lossy
        self.others = [("+4571000001", "Din kode er 4711", NOW - 86400)]    # the account writes to others, too
        self.hides = lambda to, body: (to, body)
        self.provider = Provider(lambda _: (201, "{}"), self.listing)
        self.provider.mute, self.provider.meanwhile = True, self.take

    def take(self, form):
        if not self.lossy:
            self.has.insert(0, (form["To"], form["Body"], NOW))

    def entry(self, nth, to, body, at):
        return {"sid": f"SM{nth:032x}", "to": to, "body": body, "status": self.status,
                "direction": "outbound-api", "date_created": email.utils.formatdate(at)}

    def listing(self, path):
        if self.broken:
            return self.broken
        return 200, json.dumps({"messages": self.found(path, "To"), "next_page_uri": "/more" if self.more else None})

    def found(self, path, name):
        to = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query).get(name)
        seen = [(*self.hides(m[0], m[1]), m[2]) for m in self.has + self.others]
        return [self.entry(n, *m) for n, m in enumerate(seen) if to is None or m[0] == to[0]]

    def take_quietly(self, to, body, at):
        self.has.append((to, body, at))


class Elks(Twilio):
    name, user = "46elks", "u1"

    def take(self, form):
        if not self.lossy:
            self.has.insert(0, (form["to"], form["message"], NOW))

    def entry(self, nth, to, body, at):
        return {"id": f"s{nth}", "to": to, "message": body, "status": self.status,
                "direction": "outgoing", "created": at_text(at)[:-1] + ".302000"}

    def listing(self, path):
        if self.broken:
            return self.broken
        return 200, json.dumps({"data": self.found(path, "to"), **({"next": "2026-09-01T00:00:00"} if self.more else {})})


def use(w, section, way):
    key = w.file(f"{section}.key", "s3cret\n")
    os.chmod(w.path(key), 0o600)
    for name, value in (("driver", way.name), ("user", way.user), ("url", way.provider.url),
                        ("password_file", key)):
        w.setting(section, name, value)


def doubtful(way, debtors=1, second=None, prepare=lambda w: None):
    """A workspace with so many messages in doubt."""
    w = Workspace()
    prepare(w)
    use(w, "sms", way)
    if second is not None:
        use(w, "sms_second", second)
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", email="", phone=f"+452012345{k}")
                for k in range(debtors)], IMPORTED)
    w.json("plan", at=at_text(NOW))
    w.json("send", at=at_text(NOW))
    tap.same(w.sql("select state, provider, count(*) from contact group by 1, 2"),
             [("unknown", way.name, debtors)], f"{way.name} hangs up: in doubt")
    return w


def later(w, seconds):
    return w.json("send", at=at_text(NOW + seconds))["reconciled"]


def state(w):
    return w.one("select state from contact order by id limit 1")


# --- it has the message --------------------------------------------------------------------

def there(kind):
    for status, wanted in (("sent", "sent"), ("queued", "sent"), ("delivered", "delivered"),
                           ("failed", "bounced")):
        way = kind()
        way.status = status
        with doubtful(way, 3) as w:
            tap.same((later(w, MINUTE), len(way.provider.looked_up)), (0, 0), "nobody asks in the first minutes")
            tap.same((later(w, 3 * MINUTE), later(w, 4 * MINUTE)), (3, 0), "then all three are settled, once")
            tap.same({s for (s,) in w.sql("select state from contact")}, {wanted}, f"{status}: {wanted}")
            tap.same(w.sql("select distinct provider, code from receipt"), [(way.name, "asked")],
                     "by a receipt that says how")
            tap.same(w.json("tasks", at=at_text(NOW + HOUR))["tasks"], [], "and no task is left")
            tap.same(len(way.has), 3, "nothing was sent again")
            tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")
        way.provider.close()


def asked_like_its_library():
    way = Twilio()
    with doubtful(way) as w:
        later(w, 3 * MINUTE)
        answer = way.listing(way.provider.looked_up[0][0])[1]
        wanted = sdk("list", user=ACCOUNT, password="s3cret", answer=answer,
                     filter={"to": "+4520123450", "pageSize": 50})
        path, login = way.provider.looked_up[0]
        asked = urllib.parse.urlsplit(path)
        tap.same((asked.path, dict(urllib.parse.parse_qsl(asked.query)),
                  base64.b64decode(login.split()[1]).decode()),
                 (wanted["path"], {k: str(v) for k, v in wanted["query"].items()},
                  f"{wanted['user']}:{wanted['password']}"), "asked as Twilio's own library asks")
        tap.same([(m["sid"], m["made_at"]) for m in wanted["read"]], [(f"SM{0:032x}", NOW)],
                 "which reads the same in the answer")
        tap.same(w.sql("select provider_id from receipt"), [(wanted["read"][0]["sid"],)], "id and all")
    way.provider.close()


# --- it has not ------------------------------------------------------------------------------

def gone(kind):
    way = kind(lossy=True)
    with doubtful(way) as w:
        tap.same([later(w, s) for s in (3 * MINUTE, 16 * MINUTE)], [0, 0], "not there: too early to say")
        tap.same(state(w), "unknown", "it stays in doubt")
        tap.same((later(w, HOUR + 1), state(w)), (1, "failed"), "an hour later: it has not left")
        way.lossy, way.provider.mute = False, False
        w.json("plan", at=at_text(NOW + 2 * HOUR))
        tap.same(w.one("select count(*) from contact where state = 'planned'"), 1, "its step is free again")
        tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
        tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")
    way.provider.close()


def no_proof(kind):
    """What proves nothing leaves it in doubt, however often it is asked."""
    old = ("+4520123450", "something else", NOW - 5 * HOUR)
    for what, change in (
            ("a list that goes on", lambda way: setattr(way, "more", True)),
            ("an error", lambda way: setattr(way, "broken", (500, "oops"))),
            ("nonsense", lambda way: setattr(way, "broken", (200, "<html>"))),
            ("an odd object", lambda way: setattr(way, "broken", (200, '{"messages": 1, "data": {}}'))),
            ("a refused login", lambda way: setattr(way, "broken", (401, "{}")))):
        way = kind(lossy=True)
        change(way)
        with doubtful(way) as w:
            tap.same([later(w, s) for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1, 5 * HOUR, 17 * HOUR, 40 * HOUR)],
                     [0] * 6, f"{what} proves nothing")
            tap.same((state(w), sum("20123450" in path for path, _ in way.provider.looked_up)), ("unknown", 5),
                     "asked five times, and a person's")
            tap.same([t["kind"] for t in w.json("tasks")["tasks"]], ["unknown_outcome"], "who has a task")
        way.provider.close()
    way = kind(lossy=True)
    way.more = True
    way.take_quietly(*old)
    with doubtful(way) as w:
        tap.same(sum(later(w, s) for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1)), 1,
                 "a list that goes back behind the message is whole enough")
    way.provider.close()


def hidden(kind):
    """An account that hides texts or digits knows nothing again: no second message goes out."""
    for what, hides in (("texts", lambda to, body: (to, "")), ("digits", lambda to, body: (to[:-4] + "****", body)),
                        ("both", lambda to, body: (to[:-4] + "XXXX", ""))):
        for lossy in (False, True):
            way = kind(lossy)
            way.hides = hides
            with doubtful(way) as w:
                tap.same([later(w, s) for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1, 5 * HOUR, 17 * HOUR)], [0] * 5,
                         f"{way.name} hides {what}: nothing is proved")
                tap.same(state(w), "unknown", "a person decides")
            way.provider.close()
    way = kind(lossy=True)
    way.others = []
    with doubtful(way) as w:
        tap.same(sum(later(w, s) for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1)), 0,
                 "an account in which nothing is seen shows nothing by that")
    way.provider.close()


def elsewhere():
    """The settings change while a message is in doubt: who is asked then knows nothing of it."""
    for what, change in (
            ("another account", lambda w, way: w.setting("sms", "user", ACCOUNT[:-1] + "2")),
            ("another provider", lambda w, way: use(w, "sms", way))):
        first, second = Twilio(), Elks(lossy=True)
        with doubtful(first) as w:
            w.sql("update contact set provider = ''")       # as after a crash on the wire
            change(w, second)
            first.listing = lambda path, ask=first.listing: ask(path) if ACCOUNT in path else \
                (200, json.dumps({"messages": [first.entry(0, *first.others[0])], "next_page_uri": None}))
            first.provider.close()
            again = Provider(lambda _: (201, "{}"), first.listing)
            if what == "another account":
                w.setting("sms", "url", again.url)
            tap.same([later(w, s) for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1, 5 * HOUR)], [0] * 4,
                     f"{what}: asked, and not believed")
            tap.same(state(w), "unknown", "a person decides")
            again.close()
        second.provider.close()


# --- two providers ------------------------------------------------------------------------------

def either():
    """Nobody knows which of two it was: both must say that it is not there."""
    for has, wanted in ((None, "failed"), ("second", "sent")):
        first, second = Twilio(lossy=True), Elks(lossy=True)
        with doubtful(first, second=second) as w:
            w.sql("update contact set provider = ''")
            if has:
                token = re.search(r"/p/[\w-]{22}", first.provider.asked[0]["Body"]).group(0)
                second.take_quietly("+4520123450", f"Betal: https://b.example{token}", NOW)
            for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1):
                later(w, s)
            tap.same(state(w), wanted, "the second has it" if has else "neither has it")
        first.provider.close()
        second.provider.close()
    first, second = Twilio(lossy=True), Elks(lossy=True)
    second.broken = (500, "")
    with doubtful(first, second=second) as w:
        w.sql("update contact set provider = ''")
        for s in (3 * MINUTE, 16 * MINUTE, HOUR + 1):
            later(w, s)
        tap.same(state(w), "unknown", "one of them says nothing: in doubt")
    first.provider.close()
    second.provider.close()


def without_link():
    """A text of the creditor's own that has no link is not found by it, and that proves nothing."""
    def cut(w):
        for name in glob.glob(w.path("templates", "sms", "da", "*.mustache")):
            with open(name, encoding="utf-8") as f:
                text = f.read()
            with open(name, "w", encoding="utf-8") as f:
                f.write(text.replace("{{link_url}}", "").replace("link_url", ""))
    way = Twilio()
    with doubtful(way, prepare=cut) as w:
        for seconds in (2 * MINUTE, 16 * MINUTE, 2 * HOUR, 6 * HOUR, 30 * HOUR):
            later(w, seconds)
        tap.same((state(w), len(way.has)), ("unknown", 1), "it is not sent again")
    way.provider.close()


def mute_list():
    """A provider that takes the question and says nothing holds up nobody for long."""
    way = Twilio()
    with doubtful(way, debtors=9) as w:
        with servers.Fault(lambda connection, _: connection.recv(65536) and time.sleep(60)) as fault:
            w.setting("sms", "url", f"http://127.0.0.1:{fault.port}")
            began = time.monotonic()
            later(w, 2 * MINUTE)
            tap.ok(fault.connections <= 4 and time.monotonic() - began < 30, "four are asked, not nine",
                   (fault.connections, time.monotonic() - began))
    way.provider.close()


def silent():
    """GatewayAPI cannot be asked."""
    way = Provider(lambda _: (200, "{}"))
    way.mute = True
    with Workspace() as w:
        key = w.file("sms.key", "s3cret\n")
        os.chmod(w.path(key), 0o600)
        for name, value in (("driver", "gatewayapi"), ("url", way.url), ("password_file", key)):
            w.setting("sms", name, value)
        w.invoices([invoice("A1", "A1", "2026-09-24", "100.00", email="", phone="+4520123450")], IMPORTED)
        w.json("plan", at=at_text(NOW))
        w.json("send", at=at_text(NOW))
        tap.same((later(w, HOUR), state(w), way.looked_up), (0, "unknown", []), "who cannot be asked is not")
    way.close()


def main():
    asked_like_its_library()
    for kind in (Twilio, Elks):
        there(kind)
        gone(kind)
        no_proof(kind)
        hidden(kind)
    elsewhere()
    either()
    without_link()
    mute_list()
    silent()
    tap.done()


if __name__ == "__main__":
    main()
