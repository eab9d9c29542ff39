#!/usr/bin/env python3
"""check-settings.py - settings that cannot work: `purr check` tells each with its line and
what to write instead; a send keeps back what they concern, and nothing else; a slash at the
end of base_url changes no address.

variants: release asan
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from rest_provider import Provider  # noqa: E402
from served import Served  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

IMPORTED, FIRST, LATER = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-09-28T07:00:00Z"
AGAIN = "2026-09-28T08:00:00Z"
SID = "AC" + "1" * 32
SERVICE = "MG" + "a" * 32
NOBODY = "http://127.0.0.1:9"
TWILIO = {"driver": "twilio", "url": NOBODY, "user": SID, "password_file": "token"}
ELKS = {**TWILIO, "driver": "46elks", "user": "u1"}
GATEWAYAPI = {"driver": "gatewayapi", "url": NOBODY, "password_file": "token", "secret_file": "token"}
KANNEL = {**TWILIO, "driver": "kannel", "url": "http://127.0.0.1:9/sendsms"}
RELAY = {"driver": "smtp", "url": "smtp://127.0.0.1:9", "user": "purr", "password_file": "token"}
SFTP = {"driver": "sftp", "url": "sftp://127.0.0.1:9/in", "user": "u", "password_file": "token", "known_hosts": "hosts"}
PINGEN = {"driver": "pingen", "user": "c", "password_file": "token", "organisation": "o"}

# section, driver's settings, setting, value, words that check must say; None: it says nothing
WAYS = (
    *(("sms", TWILIO, "connections", v, "1 to 256, or 0 for 8") for v in ("-1", "257", "1000", "4294967304")),
    *(("sms", TWILIO, "connections", v, None) for v in ("0", "1", "256")),
    ("email", RELAY, "connections", "-1", "1 to 256, or 0 for 8"), ("email", {}, "connections", "1000", "1 to 256"),
    ("sms", TWILIO, "per_second", "-1", "0 for as many as go"), ("email", RELAY, "per_second", "-1", "0 for as"),
    ("sms", TWILIO, "per_second", "0", None), ("sms", TWILIO, "per_second", "1000", None),
    ("sms", TWILIO, "driver", "Twilio", "write twilio"), ("sms", TWILIO, "driver", "twillio", "write twilio"),
    ("sms", TWILIO, "driver", "GATEWAYAPI", "write gatewayapi"),
    ("sms", TWILIO, "driver", "sinch", "write file, kannel, twilio, gatewayapi or 46elks"),
    ("email", RELAY, "driver", "SMTP", "write smtp"), ("email", RELAY, "driver", "pigeon", "write file or smtp"),
    ("letter", SFTP, "driver", "fax", "write file, sftp or pingen"), ("letter", SFTP, "driver", "sfpt", "write sftp"),
    ("sms", TWILIO, "user", "", "account's SID"), ("sms", ELKS, "user", "", "API's user"),
    ("sms", GATEWAYAPI, "user", "", None), ("sms", KANNEL, "user", "", None),
    ("sms", TWILIO, "password_file", "", "auth token"), ("sms", ELKS, "password_file", "", "API's password"),
    ("sms", GATEWAYAPI, "password_file", "", "API's token"), ("sms", KANNEL, "password_file", "", None),
    ("sms", TWILIO, "password_file", "nosuch", "there is no password file"),
    ("sms", TWILIO, "password_file", "empty", "is empty"), ("sms", TWILIO, "password_file", "open", "chmod 600"),
    ("sms", KANNEL, "password_file", "nosuch", "there is no password file"),
    ("sms", TWILIO, "url", "api.twilio.com", "begins with https://"),
    ("sms", TWILIO, "url", "https://api.twilio.com/?x", "ends before the '?'"),
    ("sms", TWILIO, "url", "https://u:p@h/", "login is a setting of its own"),
    ("sms", TWILIO, "url", "https://h:99999", "no address"), ("sms", TWILIO, "url", "https://", "no address"),
    ("sms", TWILIO, "url", "", None), ("sms", TWILIO, "url", NOBODY + "/", None),
    ("sms", KANNEL, "url", "", "needs url, http://host:13013/cgi-bin/sendsms"),
    ("email", RELAY, "url", "relay.example", "smtp://host:port"), ("email", RELAY, "url", "smtp://h/x", "host:port"),
    ("email", RELAY, "url", "smtp://h:port", "host:port"), ("email", {**RELAY, "url": "smtp://h"}, "starttls", "false", "in clear"),
    ("email", RELAY, "password_file", "", "password of user"), ("email", RELAY, "helo", "a b", "host name"),
    ("letter", SFTP, "url", "http://h", "sftp://host:port/folder"), ("letter", SFTP, "user", "", "sftp needs it"),
    ("letter", SFTP, "known_hosts", "", "ssh-keyscan"), ("letter", SFTP, "known_hosts", "nosuch", "No such file"),
    ("letter", SFTP, "password_file", "", "key_file"), ("letter", PINGEN, "organisation", "", "pingen needs it"),
    ("letter", PINGEN, "user", "", "client's id"), ("letter", PINGEN, "password_file", "", "client's secret"),
)

SECONDS = (
    ("sms_second", ELKS, "driver", "file", "is real itself"), ("sms_second", ELKS, "driver", "46elk", "write 46elks"),
    ("sms_second", ELKS, "driver", "sinch", "write kannel, twilio, gatewayapi or 46elks"),
    ("sms_second", ELKS, "user", "", "API's user"), ("sms_second", ELKS, "password_file", "nosuch", "there is no"),
    ("sms_second", ELKS, "url", "ftp://h", "begins with https://"),
    ("sms_second", KANNEL, "url", "", "needs url"),
    ("email_second", {"url": "smtp://h"}, "url", "http://h", "smtp://host:port"),
    ("email_second", {"url": "smtp://h", "user": "u"}, "password_file", "", "password of user"),
)

# driver, sender, words
SENDERS = (
    *(("twilio", v, None) for v in ("A", "Nordlys", "Nord lys", "Nordlys2026", "+4512345678", "4512345678", "1234",
                                    "123456789012345", SERVICE)),
    *(("file", v, None) for v in ("Nordlys", "2lys", "A", SERVICE)),
    ("twilio", "Nordlys Finans ApS", "at most 11"), ("file", "Nordlys Finans ApS", "at most 11"),
    ("twilio", "æøå", "A-Z"), ("twilio", "Nord-lys", "A-Z"), ("twilio", "Nordlys\U0001f600", "A-Z"),
    ("kannel", "Nord_lys", "A-Z"), ("twilio", "+45", "with its country"), ("twilio", "12", "3 digits"),
    ("gatewayapi", "1234567890123456", "15 digits"), ("twilio", "+1234567890123456", "15 digits"),
    ("twilio", "12 34", "a letter"), ("46elks", "2lys", "begin with a digit"), ("46elks", "El", "3 to 11"),
    ("46elks", "Elg", None), ("46elks", SERVICE, "only Twilio"), ("gatewayapi", SERVICE, "only Twilio"),
)

BASES = (
    ("", "https://"), ("betal.example", "https://"), ("ftp://betal.example", "https://"), ("https://", "a host"),
    ("https://betal.example/?a=1", "without ?"), ("https://betal.example#x", "without ?"),
    ("https://betal.example /p", "without ?"), ("https://u:p@betal.example", "without ?"),
    ("https://betal.example", None), ("https://betal.example/", None), ("http://betal.example:8080/p/", None),
)


def put(w, section, **values):
    for name, value in values.items():
        w.setting(section, name, value)


def fresh(w):
    for name, text, mode in (("token", "12345\n", 0o600), ("empty", "", 0o600), ("open", "12345\n", 0o644),
                             ("hosts", "x\n", 0o600)):
        w.file(name, text)
        os.chmod(w.path(name), mode)
    put(w, "purr", base_url="https://betal.example")
    put(w, "creditor demo", email="hej@nordlys.test", **{"from": "hej@nordlys.test"})


def line_of(w, section, name):
    """Of the setting, else of what asks for it."""
    here, found = None, {}
    with open(w.path("purr.conf"), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("["):
                here = line.strip()
            named = re.match(r"(\w+)\s*=", line)
            if here == f"[{section}]" and named:
                found[named.group(1)] = number
    return next((found[n] for n in (name, "driver", "url") if n in found), 0)


def problems(w):
    done = w.run("check", "--json")
    return done.returncode, [p for p in json.loads(done.stdout)["problems"] if p["path"] == "purr.conf"]


def told(w, section, name, words, what):
    """One problem, at its line; or none."""
    code, found = problems(w)
    if words is None:
        return tap.same((code, found), (0, []), f"{what}: nothing to tell")
    heading = f"[{section}] {name}: "
    return tap.ok(code == 1 and len(found) == 1 and found[0]["text"].startswith(heading) and
                  words in found[0]["text"] and found[0]["line"] == line_of(w, section, name),
                  f"{what}: told with its line", found)


def conf(w, text=None):
    """What stands in purr.conf; puts it back."""
    if text is not None:
        w.file("purr.conf", text)
    with open(w.path("purr.conf"), encoding="utf-8") as f:
        return f.read()


def ways():
    """What check says, a send says too, and nothing else stops it."""
    with Workspace() as w:
        fresh(w)
        clean = conf(w)
        for section, base, name, value, words in (*WAYS, *SECONDS):
            conf(w, clean)
            if section == "sms_second":
                put(w, "sms", **TWILIO)
            if section == "email_second":
                put(w, "email", **RELAY)
            put(w, section, **{**base, name: value})
            what = f"[{section}] {base.get('driver', 'file')}, {name} = {value}"
            told(w, section, name, words, what)
            sent = w.run("send", at=FIRST)
            tap.ok((sent.returncode, f"[{section}] {name}: " in sent.stderr) == (int(words is not None),) * 2 and
                   sent.stderr.count("\n") == int(words is not None), f"{what}: a send says the same", sent.stderr)
        conf(w, clean)
        put(w, "sms_second", **ELKS)
        told(w, "sms_second", "driver", "for a real first one", "a second beside files")
        conf(w, clean)
        put(w, "email", driver="pigeon")
        put(w, "sms", driver="sinch", connections="-1")
        tap.same([p["text"].split(":")[0] for p in problems(w)[1]],
                 ["[email] driver", "[sms] driver", "[sms] connections"], "three faults are told in one go")
        conf(w, clean)
        put(w, "sms", **{**GATEWAYAPI, "secret_file": "nosuch"})
        told(w, "sms", "secret_file", "there is no", "a secret that is not there")


def senders():
    with Workspace() as w:
        fresh(w)
        clean = conf(w)
        for driver, sender, words in SENDERS:
            conf(w, clean)
            put(w, "sms", **{"twilio": TWILIO, "46elks": ELKS, "gatewayapi": GATEWAYAPI, "kannel": KANNEL}.get(driver, {}))
            put(w, "creditor demo", sms_from=sender)
            told(w, "creditor demo", "sms_from", words, f"{driver}, sender {sender}")
        conf(w, clean)
        put(w, "sms", **TWILIO)
        put(w, "sms_second", **ELKS)
        put(w, "creditor demo", sms_from=SERVICE)
        told(w, "creditor demo", "sms_from", "only Twilio", "a sender must be good at both")


def bases():
    with Workspace() as w:
        fresh(w)
        for value, words in BASES:
            put(w, "purr", base_url=value)
            told(w, "purr", "base_url", words, f"base_url = {value}")
            tap.same(w.run("plan", at=FIRST).returncode, int(words is not None),
                     f"base_url = {value}: {'refused' if words else 'taken'} by all")
        put(w, "purr", base_url="betal.example", send_batch="0", colour="red")
        code, found = problems(w)
        tap.same((code, sorted(p["text"].split(":")[0] for p in found)),
                 (1, ["[purr] base_url", "[purr] colour", "[purr] send_batch"]), "three lines are told in one go")


def slash():
    """The same addresses with a slash at the end and without."""
    provider = Provider(lambda n: (200, json.dumps({"id": f"s{n}"})))
    with Workspace() as w:
        fresh(w)
        put(w, "sms", **{**ELKS, "url": provider.url})
        put(w, "purr", base_url="https://betal.example//")
        w.schedule(lambda s: [p.update(channels=["sms"]) for p in s["steps"][:3]])
        w.invoices([invoice("A1", "A1", "2026-09-24", "100.00", phone="+4520123456")], IMPORTED)
        w.json("run", at=FIRST)
        asked = provider.asked[0]
        link = re.search(r"https://betal\.example(/\S+)", asked["message"]).group(1)
        report = asked["whendelivered"][len("https://betal.example"):]
        hooks = w.json("hooks")
        with Served(w, LATER) as s:
            tap.same(s.get(link)[0], 200, "base_url with slashes: the link is found")
            tap.same(s.ask("POST", report, "id=s1&status=delivered", {
                "Content-Type": "application/x-www-form-urlencoded"})[0], 204, "and the report is taken")
        put(w, "purr", base_url="https://betal.example")
        tap.same(hooks, w.json("hooks"), "providers are told the same addresses as without")
    provider.close()


def other_channels_go_on():
    provider = Provider(lambda n: (201, json.dumps({"sid": f"SM{n:032d}"})))
    with Workspace() as w:
        fresh(w)
        put(w, "sms", **{**TWILIO, "url": provider.url, "password_file": "nosuch"})
        w.schedule(lambda s: [p.update(channels=["sms", "email"]) for p in s["steps"][:3]])
        w.invoices([invoice("A1", "A1", "2026-09-24", "100.00", phone="+4520123456"),
                    invoice("B1", "B1", "2026-09-24", "100.00")], IMPORTED)
        done = w.run("run", at=FIRST)
        tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1 and "kept for later" in done.stderr and
               "there is no password file" in done.stderr, "a wrong [sms] is said once, and is an error", done.stderr)
        tap.same((len(w.mails()), provider.asked, w.sql("select channel, state from contact order by channel")),
                 (1, [], [("email", "sent"), ("sms", "planned")]), "the e-mail goes, the SMS is kept")
        once = w.run("work", "--once", at="2026-09-28T06:40:00Z")
        tap.ok(once.returncode == 0 and once.stderr.count("work.closed") == 1, "a worker says so, too", once.stderr)
        put(w, "sms", password_file="token")
        done = w.run("run", at=AGAIN)
        tap.same((done.returncode, done.stderr, len(provider.asked),
                  w.sql("select channel, state from contact order by channel")),
                 (0, "", 1, [("email", "sent"), ("sms", "sent")]), "mended, it goes")
        put(w, "sms_second", **{**ELKS, "user": ""})
        w.invoices([invoice("C1", "C1", "2026-09-24", "100.00", phone="+4520123457")], FIRST)
        done = w.run("run", at=AGAIN)
        tap.ok(done.returncode == 1 and "nothing stands in" in done.stderr and len(provider.asked) == 2,
               "a wrong second one does not keep the first from sending", (done.stderr, len(provider.asked)))
    provider.close()


def main():
    with Workspace() as w:
        tap.same(problems(w), (0, []), "what `purr init` writes has nothing to tell")
    ways()
    senders()
    bases()
    slash()
    other_channels_go_on()
    tap.done()


if __name__ == "__main__":
    main()
