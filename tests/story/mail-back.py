#!/usr/bin/env python3
"""mail-back.py - e-mail out and back through real servers: Postfix takes what purr sends,
Dovecot stores it, refused recipients come back as real reports; and what other relays
write instead of one, what people reply, what robots do, what nobody can read."""
import base64
import email.message
import hashlib
import hmac
import os
import smtplib
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import mail_house  # noqa: E402
import servers  # noqa: E402
import subprocess  # noqa: E402
import tap  # noqa: E402
from workspace import PURR, Workspace, instant, invoice, mail_text  # noqa: E402

IMPORTED, FIRST, LATER = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-09-28T07:00:00Z"
SECOND = "2026-10-05T06:30:00Z"
PEOPLE = ["anna", "bo", "carl", "dora", "elin", "finn"]


def state(w, debtor):
    return w.one("select k.state from contact k join debtor d on d.id = k.debtor_id "
                 "where d.external_id = ? order by k.id desc limit 1", debtor)


def bad(w):
    return [v for (v,) in w.sql("select value from address where bad_at is not null order by 1")]


def receive(w, raw, at=LATER):
    """The message piped in, as a mail server does."""
    done = subprocess.run([PURR, "receive", "-C", w.dir, "--at", at], input=raw if isinstance(raw, bytes)
                          else raw.replace("\n", "\r\n").encode(), capture_output=True, timeout=60)
    return done.stdout.decode().strip() if done.returncode == 0 else (done.returncode, done.stderr.decode())


def ready(w, url):
    for name, value in (("driver", "smtp"), ("url", url), ("starttls", "false"), ("connections", "4")):
        w.setting("email", name, value)
    w.setting("purr", "base_url", "https://betal.butik.test")
    for name, value in (("email", "hej@butik.test"), ("from", "regnskab@butik.test"), ("bounce_domain", "butik.test")):
        w.setting("creditor demo", name, value)
    w.schedule(lambda s: [p.update(channels=["email", "sms"]) for p in s["steps"][:3]])
    names = PEOPLE + ["ghost", "Ghost.Two"]
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", email=f"{name}@kunde.test",
                        phone=f"+452012340{k}") for k, name in enumerate(names)] +
               [invoice("W0", "W0", "2026-09-24", "100.00", email="somebody@wall.test", phone="+4520123499")],
               IMPORTED)
    w.json("plan", at=FIRST)


def house(w, mail):
    sent = w.json("send", at=FIRST)
    tap.same(sent["sent"], 9, "Postfix takes all nine")
    tap.ok(servers.wait_until(lambda: len(mail.arrived()) == 3 and all(mail.box(p) for p in PEOPLE), 30),
           "six are stored by Dovecot, three come back", mail.log()[-2000:])
    one = mail.box("anna")[0]
    tap.ok(one["Return-Path"].startswith("<bounces+") and one["Message-ID"] and one["Feedback-ID"] and
           one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and one["Auto-Submitted"] == "auto-generated"
           and "betalingsside" in mail_text(one), "whole, with its headers", one.as_string()[:1500])
    done = w.run("receive", "--maildir", mail.back, at=LATER)
    tap.same((done.returncode, done.stdout), (0, "3 report, 0 automatic, 0 stop, 0 words, 0 strange, 0 unreadable\n"),
             "three reports are understood")
    tap.same([state(w, d) for d in ("A0", "A6", "A7", "W0")], ["sent", "bounced", "bounced", "bounced"],
             "and theirs are the messages that came back")
    tap.same(bad(w), ["Ghost.Two@kunde.test", "ghost@kunde.test"],
             "who does not exist is closed; a refusal that says no more is not yet")
    tap.same(w.sql("select code from receipt order by code"), [("5.1.1",), ("5.1.1",), ("5.3.0",)], "with the reason")
    before = w.dump()
    for name in os.listdir(os.path.join(mail.back, "cur")):
        os.rename(os.path.join(mail.back, "cur", name), os.path.join(mail.back, "new", name.split(":")[0]))
    w.run("receive", "--maildir", mail.back, at=LATER)
    tap.ok(w.dump() == before, "read again, nothing changes")
    w.json("plan", at=SECOND)
    tap.same(w.sql("select d.external_id, k.channel from contact k join debtor d on d.id = k.debtor_id "
                   "where k.planned_at = ? order by 1", instant(SECOND)),
             [("A6", "sms"), ("A7", "sms"), ("W0", "email")], "the next way is taken, once more the same where it may be")
    w.json("send", at=SECOND)
    tap.ok(servers.wait_until(lambda: len(mail.arrived()) == 1, 30), "the wall refuses again")
    w.run("receive", "--maildir", mail.back, at=SECOND)
    tap.ok("somebody@wall.test" in bad(w), "the second time in a row closes it", bad(w))


def replies(w, mail):
    def write(sender, subject, text, **headers):
        m = email.message.EmailMessage()
        m["From"], m["To"], m["Subject"] = f"Somebody <{sender}>", "svar@butik.test", subject
        m["Message-ID"] = f"<{len(text)}{time.monotonic()}@kunde.test>"
        for name, value in headers.items():
            m[name.replace("_", "-")] = value
        m.set_content(text)
        with smtplib.SMTP("127.0.0.1", mail.port) as smtp:
            smtp.send_message(m, sender, ["svar@butik.test"])
    write("anna@kunde.test", "SV: Påmindelse", "Jeg betalte i går. Mvh Anna\n\n> Kære Anna\n> Vi mangler\n")
    write("BO@kunde.test", "Re: Reminder", "Stop.\n\nDen 28. september 2026 skrev Butik:\n> Hej Bo\n")
    write("carl@kunde.test", "Ikke på kontoret", "Jeg er tilbage mandag.", Auto_Submitted="auto-replied")
    write("stranger@elsewhere.test", "Hello", "Who are you?")
    tap.ok(servers.wait_until(lambda: len(mail.arrived()) == 4, 20), "four messages come in")
    w.setting("email", "maildir", mail.back)
    done = w.run("work", "--once", at="2026-10-05T07:00:00Z")
    tap.ok(done.returncode == 0 and mail.arrived() == [], "purr work takes them by itself", done.stderr)
    tap.same(w.sql("select sender, meaning, text, debtor_id is not null from inbound order by sender"),
             [("anna@kunde.test", "words", "SV: Påmindelse\nJeg betalte i går. Mvh Anna", 1),
              ("bo@kunde.test", "stop", "Stop.", 1), ("stranger@elsewhere.test", "words", "Hello\nWho are you?", 0)],
             "what they wrote, without what they quoted; a robot's is left alone")
    tap.same(w.sql("select value from address where opted_out_at is not null"), [("bo@kunde.test",)],
             "stop is heard, whatever the case of the letters")
    tap.same([t["text"] for t in w.json("tasks")["tasks"] if t["kind"] == "wrote"],
             ["They wrote by e-mail: SV: Påmindelse\nJeg betalte i går. Mvh Anna"], "the rest is a person's task")
    tap.same([v for v in map(str, judge.judge(w.dir)) if not v.startswith("E3")], [], "the judge finds no violation")


# --- relays that we cannot run ---------------------------------------------------------------------


def returned(w, debtor):
    """The return path of the debtor's message, from the key and the message's number."""
    contact = w.one("select k.id from contact k join debtor d on d.id = k.debtor_id where d.external_id = ?", debtor)
    with open(w.path("keys", "link.key"), encoding="ascii") as f:
        key = bytes.fromhex(f.read().strip())
    digest = hmac.new(key, f"bounce-v1\x1f{contact}\x1f1".encode(), hashlib.sha256).digest()
    return f"bounces+{base64.urlsafe_b64encode(digest[:16]).decode().rstrip('=')}@butik.test"


EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.example>
To: {path}
Subject: Mail delivery failed: returning message to sender
Auto-Submitted: auto-replied
X-Failed-Recipients: {to}
Message-Id: <E1exim@mx.example>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    host mx.kunde.test [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    550 5.1.1 no such user here
"""

QMAIL = """From: MAILER-DAEMON@mx.example
To: {path}
Subject: failure notice
Message-Id: <qmail1@mx.example>

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
"""

EXCHANGE = """From: <postmaster@kunde.test>
To: <{path}>
Subject: =?utf-8?Q?Kan_ikke_leveres=3A_P=C3=A5mindelse?=
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
MIME-Version: 1.0
Message-Id: <exch1@kunde.test>

--b1
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/html; charset="utf-8"

<p>Meddelelsen kunne ikke leveres</p>
--b2--

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns;EXCH01.kunde.test
Received-From-MTA: dns;mx.butik.test
Arrival-Date: Mon, 28 Sep 2026 06:30:05 +0000

Final-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 {status} RESOLVER.ADR.RecipNotFound;
 not found
X-Display-Name: {to}

--b1
Content-Type: text/rfc822-headers

From: regnskab@butik.test

--b1--
"""


def others():
    with Workspace() as w:
        w.schedule(lambda s: [p.update(channels=["email"]) for p in s["steps"][:3]])
        w.setting("creditor demo", "bounce_domain", "butik.test")
        w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00") for k in range(9)], IMPORTED)
        w.json("plan", at=FIRST)
        w.json("send", at=FIRST)
        path = {k: returned(w, f"A{k}") for k in range(9)}
        to = [f"a{k}@kunde.example" for k in range(9)]
        tap.same((receive(w, EXIM.format(path=path[0], to=to[0])), state(w, "A0")), ("report", "bounced"), "Exim's way")
        tap.same((receive(w, QMAIL.format(path=path[1].upper().replace("BOUNCES+", "bounces+"), to=to[1])),
                  state(w, "A1")), ("report", "bounced"), "qmail's way, to a path in capitals")
        tap.same((receive(w, EXCHANGE.format(path=path[2], to=to[2], action="failed", status="5.1.10")), state(w, "A2")),
                 ("report", "bounced"), "Exchange's")
        tap.same(bad(w), to[:3], "the addresses are closed")
        tap.same((receive(w, EXCHANGE.format(path=path[3], to=to[3], action="delayed", status="4.4.1")), state(w, "A3")),
                 ("report", "sent"), "a delay is none")
        tap.same((receive(w, EXCHANGE.format(path=path[3], to=to[3], action="failed", status="5.2.2")), state(w, "A3"),
                  to[3] in bad(w)), ("report", "bounced", False), "a full mailbox comes back and stays open")
        tap.same((receive(w, EXCHANGE.format(path=path[4], to="else@where.example", action="failed", status="5.1.1")),
                  state(w, "A4")), ("report", "bounced"), "forwarded elsewhere: the return path knows whose it was")
        tap.same((receive(w, EXCHANGE.format(path=path[5], to=to[5], action="relayed", status="2.0.0")), state(w, "A5")),
                 ("report", "sent"), "relayed is not delivered")
        tap.same((receive(w, EXCHANGE.format(path=path[5], to=to[5], action="delivered", status="2.1.5")),
                  state(w, "A5")), ("report", "delivered"), "delivered is")
        forged(w, path, to)
        unreadable(w)


def forged(w, path, to):
    before = w.dump()
    wrong = path[6][:-13] + ("A" if path[6][-13] != "A" else "B") + path[6][-12:]
    for to_path, what in ((wrong, "a path with one letter changed"), ("bounces+" + "A" * 22 + "@butik.test", "a made-up one"),
                          ("regnskab@butik.test", "none")):
        tap.same(receive(w, EXCHANGE.format(path=to_path, to=to[6], action="failed", status="5.1.1")), "strange",
                 f"a report to {what} is not believed")
    tap.ok(w.dump() == before, "and changes nothing")


def unreadable(w):
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(5000))
    for raw, what in ((b"", "nothing"), (b"\0" * 5000, "zeros"), (b"\xff\xfe" * 9000, "no letters"), (deep, "5,000 parts, each in the other"),
                      (b"From: a@b.example\nContent-Type: text/plain; charset=latin-9000\n\n\xe6\xf8", "an unknown charset"),
                      (b"From: x@y.example\nSubject: " + b"a" * 3_000_000 + b"\n\nhej", "a line of three million letters"),
                      (b"From: =?utf-8?b?" + b"w" * 100000 + b"?= <q@r.example>\n\nhej", "a name that never ends")):
        got = receive(w, raw)
        tap.ok(got in ("strange", "automatic", "words") or (isinstance(got, tuple) and got[0] == 1), f"{what}: no harm", got)
    tap.same(w.sql("pragma integrity_check"), [("ok",)], "the store is whole")
    big = b"From: a@b.example\n\n" + b"x" * (17 * 1024 * 1024)
    got = receive(w, big)
    tap.ok(isinstance(got, tuple) and got[0] == 1, "17 MB are refused", got)


with Workspace() as space, servers.SmtpSink("-f", "RCPT", keep=False) as refusing, \
        mail_house.MailHouse(PEOPLE, refusing.port) as real:
    ready(space, real.url)
    house(space, real)
    replies(space, real)
others()
tap.done()
