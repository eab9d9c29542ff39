#!/usr/bin/env python3
# variants: release asan
"""letter-hooks.py - what the print house says of a letter that it took: posted, arrived,
returned, or not printed; who may say so; and what a person does about the last.
"""
import http.client
import os
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import served  # noqa: E402
import tap  # noqa: E402
from pingen_house import Api, signed, webhook  # noqa: E402
from workspace import Workspace, instant, invoice  # noqa: E402

IMPORTED, NOW, SAID = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-10-01T08:30:00Z"
LATER = "2026-10-20T06:30:00Z"
KEY = "d09a095a0d1d2ae896f985c0fff1ad51"


def shop(w, api, count):
    w.schedule(lambda s: [p.update(channels=["letter", "email"]) for p in s["steps"][:3]])
    for name, value in (("street", "Elmevej 1"), ("postcode", "8000"), ("city", "Aarhus C")):
        w.setting("creditor demo", name, value)
    for name, text in (("pingen.key", "s3cret"), ("webhook.key", KEY)):
        w.file(name, text + "\n")
        os.chmod(w.path(name), 0o600)
    for name, value in (("driver", "pingen"), ("url", api.url), ("user", "client-1"), ("organisation", "org-1"),
                        ("password_file", "pingen.key"), ("secret_file", "webhook.key")):
        w.setting("letter", name, value)
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "1250.00", street=f"Strandgade {k}",
                        postcode="1401", city="København K") for k in range(1, count + 1)], IMPORTED)
    w.json("plan", at=NOW)
    w.json("send", at=NOW)


def call(s, url, body, headers, method="POST"):
    """To the page of the address, whatever the name of its host."""
    at = urllib.parse.urlsplit(url)
    link = http.client.HTTPConnection("127.0.0.1", s.port, timeout=10)
    link.request(method, f"{at.path}?{at.query}", body, headers)
    answer = link.getresponse()
    text = answer.read()
    link.close()
    return answer.status, text


def say(s, url, category, letter, code, key=KEY, **more):
    body = webhook(category, letter, code, **more)
    return call(s, url, body, signed(body, key))


def states(w):
    return dict(w.sql("select d.external_id, k.state from contact k join debtor d on d.id = k.debtor_id "
                      "order by k.id"))


def holds(w):
    return w.sql("select d.external_id, h.reason from hold h join debtor d on d.id = h.debtor_id "
                 "where h.released_at is null order by 1")


def who_may(w, s, url):
    body = webhook("undeliverable", "letter-1", "undeliverable")
    for what, answer in (
            ("no signature", call(s, url, body, {})),
            ("another key", call(s, url, body, signed(body, "other"))),
            ("a changed body", call(s, url, body.replace(b"letter-1", b"letter-2"), signed(body, KEY))),
            ("a signature in capitals", call(s, url, body, {"Signature": signed(body, KEY)["Signature"].upper()}))):
        tap.same(answer, (403, b""), f"{what}: refused")
    for what, other in (("another secret", url[:-1] + ("A" if url[-1] != "A" else "B")), ("none", url.split("?")[0]),
                        ("another house", url.replace("/pingen/", "/postgrid/"))):
        tap.same(call(s, other, body, signed(body, KEY)), (404, b""), f"{what} in the address: nobody there")
    for what, odd in (("no JSON", b"undeliverable"), ("another kind", webhook("happy", "letter-1", "x")),
                      ("no letter", webhook("sent", "", "sent")), ("empty", b"")):
        tap.same(call(s, url, odd, signed(odd, KEY)), (400, b""), f"{what}: not as documented")
    tap.same(say(s, url, "undeliverable", "letter-of-another-program", "undeliverable"), (204, b""),
             "a letter of somebody else at that house is none of ours")
    tap.same(set(states(w).values()), {"sent"}, "and nothing has happened")


def ends(w, s, url):
    for _ in range(2):
        tap.same(say(s, url, "sent", "letter-1", "sent"), (204, b""), "posted")
    tap.same(w.sql("select state, code, said_at from receipt"),
             [("on_its_way", "sent", instant("2026-10-01T07:54:38Z"))], "said twice, kept once, at its own time")
    say(s, url, "delivered", "letter-2", "delivered")
    say(s, url, "undeliverable", "letter-3", "undeliverable", reason="Recipient unknown")
    got = states(w)
    tap.same((got["A1"], got["A2"], got["A3"]), ("sent", "delivered", "bounced"), "each to its end")
    tap.same(w.sql("select d.external_id, a.channel from address a join debtor d on d.id = a.debtor_id "
                   "where a.bad_at is not null"), [("A3", "letter")], "the address of the returned one is closed")
    say(s, url, "sent", "letter-3", "sent")
    tap.same(states(w)["A3"], "bounced", "what is said late changes nothing")


def stuck(w, s, url):
    for letter in ("letter-4", "letter-5"):
        event = f"event-{letter}"
        for _ in range(2):
            tap.same(say(s, url, "issues", letter, "file_too_many_pages", reason="Page limit exceeded", event=event),
                     (204, b""), "not printed")
    tap.same((states(w)["A4"], holds(w)), ("sent", [("A4", "a letter is not printed"), ("A5", "a letter is not printed")]),
             "neither sent nor not: reminders are held, once")
    tasks = [t for t in w.json("tasks")["tasks"] if t["kind"] == "letter_stuck"]
    tap.ok(len(tasks) == 2 and "Page limit exceeded" in tasks[0]["text"] and "letter-4" in tasks[0]["text"] and
           "--not-sent" in tasks[0]["text"], "a person is told, with the house's words", tasks)
    say(s, url, "sent", "letter-4", "sent")
    tap.same((holds(w), states(w)["A4"]), ([("A5", "a letter is not printed")], "sent"),
             "mended there and posted: it goes on by itself")
    tap.same([t["debtor"] for t in w.json("tasks")["tasks"] if t["kind"] == "letter_stuck"], ["A5"], "the task is done")


def never(w):
    contact = w.one("select k.id from contact k join debtor d on d.id = k.debtor_id where d.external_id = 'A5'")
    sent = w.one("select k.id from contact k join debtor d on d.id = k.debtor_id where d.external_id = 'A1'")
    done = w.run("resolve", str(sent), "--not-sent", "--by", "Ida", at=SAID)
    tap.ok(done.returncode == 1 and "known already" in done.stderr, "of one that lies nowhere, no", done.stderr)
    done = w.run("resolve", str(contact), "--sent", "--by", "Ida", at=SAID)
    tap.ok(done.returncode == 1, "nor that it was sent: the house will say so", done.stderr)
    done = w.run("resolve", str(contact), "--not-sent", "--by", "Ida", at=SAID)
    tap.same(done.returncode, 0, "a person says that it never will be")
    tap.same((states(w)["A5"], holds(w)), ("bounced", []), "its step is free, reminders go on")
    tap.same(w.one("select count(*) from address a join debtor d on d.id = a.debtor_id where "
                   "d.external_id = 'A5' and a.bad_at is not null"), 0, "and the address is not to blame")
    w.json("plan", at=LATER)
    w.json("send", at=LATER)
    again = w.sql("select d.external_id, k.channel, k.step from contact k join debtor d on d.id = k.debtor_id "
                  "where k.planned_at >= ? and d.external_id in ('A3', 'A5') order by 1", instant(LATER))
    tap.same(again, [("A3", "email", "friendly_reminder"), ("A5", "letter", "friendly_reminder")],
             "both get that step again: by the next way, and by letter")
    tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")


def address(w):
    urls = [u["letters"] for u in w.json("hooks") if "letters" in u]
    tap.ok(len(urls) == 1 and "/hooks/letter/pingen/status?t=" in urls[0] and
           w.run("hooks").stdout == urls[0] + "\n", "purr hooks names the address", urls)
    return urls[0]


def without_key():
    api = Api()
    with Workspace() as w:
        shop(w, api, 1)
        url = address(w)
        w.setting("letter", "secret_file", "")
        with served.Served(w, SAID) as s:
            tap.same(say(s, url, "undeliverable", "letter-1", "undeliverable", key="")[0], 403,
                     "no key in the settings: nothing is believed")
        w.setting("letter", "driver", "file")
        with served.Served(w, SAID) as s:
            tap.same(say(s, url, "undeliverable", "letter-1", "undeliverable")[0], 404, "no print house: nobody calls")
        tap.same(w.run("hooks").stdout, "no provider of purr.conf calls\n", "and purr hooks says so")
    api.close()


def main():
    api = Api()
    with Workspace() as w:
        shop(w, api, 5)
        names = dict(w.sql("select k.provider_id, d.external_id from contact k join debtor d on d.id = k.debtor_id"))
        tap.same(names, {f"letter-{k}": f"A{k}" for k in range(1, 6)}, "five letters are with the house")
        url = address(w)
        with served.Served(w, SAID) as s:
            who_may(w, s, url)
            ends(w, s, url)
            stuck(w, s, url)
        never(w)
    api.close()
    without_key()
    tap.done()


if __name__ == "__main__":
    main()
