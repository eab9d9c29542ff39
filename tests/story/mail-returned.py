#!/usr/bin/env python3
# variants: release asan
"""mail-returned.py - reports of messages that came back as servers write them that we cannot
run: Yahoo's and Exim's text, vague codes above plain words, reports of several recipients,
to a wrong address, of RFC 6533, with remarks; and what looks like one and is none."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from mail_in import FIRST, IMPORTED, closed, contact, receive, return_path, shop, state  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

DEAD, FAILED, SENT, DELIVERED = ("bounced", True), ("bounced", False), ("sent", False), ("delivered", False)


def group(to, action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 no such user", original=None):
    first = f"Original-Recipient: rfc822; {original}\n" if original else ""
    return f"{first}Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n"


def report(path, groups, outer="multipart/report; report-type=delivery-status", part="message/delivery-status",
           third="Content-Type: text/rfc822-headers\n\nSubject: y\n", name="d1"):
    return (f"From: MAILER-DAEMON@mx.example\nTo: {path}\nSubject: x\nMessage-Id: <{name}@mx.example>\nMIME-Version: 1.0\n"
            f"Content-Type: {outer}; boundary=b1\n\n--b1\nContent-Type: text/plain\n\ntext\n\n--b1\nContent-Type: {part}\n\n"
            "Reporting-MTA: dns; mx.example\n\n" + "\n".join(groups) + f"\n--b1\n{third}\n--b1--\n")


CODES = [
    ("5.0.0 above 5.1.1", dict(status="5.0.0", diagnostic="smtp; 550 5.1.1 <x>: Recipient address rejected"), DEAD, "5.1.1"),
    ("5.0.0 above words", dict(status="5.0.0", diagnostic="smtp; 550 No such user here"), DEAD, "5.0.0"),
    ("Yahoo's", dict(status="5.0.0", diagnostic="smtp; 554 delivery error: dd This user doesn't have a yahoo.com account"),
     DEAD, "5.0.0"),
    ("Outlook.com's", dict(status="5.5.0", diagnostic="smtp;550 5.5.0 Requested action not taken: mailbox unavailable"),
     DEAD, "5.5.0"),
    ("Exchange Online's", dict(status="5.4.1", diagnostic="smtp;550 5.4.1 Recipient address rejected: Access denied"),
     DEAD, "5.4.1"),
    ("5.4.1 of others", dict(status="5.4.1", diagnostic="smtp; no answer from host"), FAILED, "5.4.1"),
    ("no code, and an owner's rule", dict(status="5.0.0", diagnostic="smtp; 554 Recipient address rejected: Access denied"),
     FAILED, "5.0.0"),
    ("5.0.0 above 5.2.2", dict(status="5.0.0", diagnostic="smtp; 552-5.2.2 The recipient's mailbox is full"), FAILED, "5.2.2"),
    ("5.0.0 and nothing", dict(status="5.0.0", diagnostic="smtp; 554 transaction failed"), FAILED, "5.0.0"),
    ("5.7.1, whatever the words", dict(status="5.7.1", diagnostic="smtp; 550 5.7.1 user unknown here"), FAILED, "5.7.1"),
    ("5.1.100 is not 5.1.10", dict(status="5.1.100", diagnostic="x"), FAILED, "5.1.100"),
    ("a blank behind the action", dict(action="failed "), DEAD, "5.1.1"),
    ("a remark behind the action", dict(action="failed (bad)"), DEAD, "5.1.1"),
    ("a remark behind the status", dict(status="5.1.1 (bad destination mailbox address)"), DEAD, "5.1.1"),
    ("in capitals", dict(action="FAILED"), DEAD, "5.1.1"),
    ("a delay that names a reason", dict(action="delayed", status="4.0.0", diagnostic="smtp; 550 5.1.1 x"), SENT, "4.0.0"),
]

YAHOO = """From: MAILER-DAEMON@yahoo.com
To: {path}
Subject: Failure Notice
Message-ID: <y1@yahoo.com>

Sorry, we were unable to deliver your message to the following address.

<{to}>:
550: 5.1.1 <{to}>: Recipient address rejected: User unknown

--- Below this line is a copy of the message.

<else@where.example>:
550 5.1.1 this was in the message
"""

EXIM = """Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example>
To: {path}
Subject: Mail delivery failed: returning message to sender
Message-ID: <e9@mx>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    Unrouteable address

"""

OTHER = """Return-Path: <>
From: postmaster@mx.example
To: {path}
Subject: Din besked kunne ikke leveres
Message-ID: <o9@mx>

Serveren kunne ikke aflevere beskeden til

{to}:

550 5.1.1 Ukendt bruger
"""

EXIM_FULL = """From: Mail Delivery System <Mailer-Daemon@mx.example>
To: {path}
Subject: Mail delivery failed
X-Failed-Recipients: else@where.example, {to}
Message-ID: <e12@mx>

Exim 4.9.6 at 5.1.1 build
  else@where.example
    550 5.1.1 no such user
  {to}
    host mx [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{to}>:
    552 5.2.2 mailbox full
"""

WAITS = """From: Mail Delivery System <Mailer-Daemon@mx.example>
To: {path}
Subject: Warning: message 1abc delayed 24 hours
Auto-Submitted: auto-replied
Message-ID: <e11@mx>

This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.
  {to}
    Delay reason: 550 5.1.1
"""

ABSENT = """Return-Path: <>
From: {to}
To: {path}
Subject: Ferie
Message-ID: <a1@mx>

Jeg er tilbage mandag. Skriv til

kollega@kunde.example
eller ring 55 01 23 45
"""

TEXTS = [("Yahoo's text", YAHOO, "report", DEAD), ("Exim's text alone", EXIM, "report", DEAD),
         ("a text in Danish", OTHER, "report", DEAD), ("Exim's, of two recipients", EXIM_FULL, "report", FAILED),
         ("one that still waits", WAITS, "automatic", SENT), ("an absence that names an address", ABSENT, "automatic", SENT)]


def codes(w):
    for k, (what, fields, wanted, code) in enumerate(CODES):
        to = f"a{k}@kunde.example"
        tap.same((receive(w, report(return_path(w, f"A{k}"), [group(to, **fields)], name=f"c{k}")), state(w, f"A{k}"),
                  to in closed(w, "bad_at"), w.one("select code from receipt order by id desc limit 1")),
                 ("report",) + wanted + (code,), what)


def forms(w):
    def check(k, raw, wanted, what):
        tap.same((receive(w, raw), state(w, f"A{k}"), f"a{k}@kunde.example" in closed(w, "bad_at")), ("report",) + wanted, what)
    to = [f"a{k}@kunde.example" for k in range(40)]
    path = [return_path(w, f"A{k}") for k in range(40)]
    other = group("else@where.example", "delivered", "2.1.5", "smtp; 250 ok")
    check(20, report(path[20], [group(to[20])], part="message/global-delivery-status"), DEAD, "RFC 6533")
    check(21, report(path[21], [group(to[21])], outer="multipart/mixed"), DEAD, "in a multipart/mixed")
    check(22, report(path[22], [other, group(to[22])]), DEAD, "the second of two recipients is ours")
    check(23, report(path[23], [group("else@where.example"), group(to[23], "delivered", "2.1.5", "smtp; 250 ok")]),
          DELIVERED, "and has it, the first has not")
    check(24, report(path[24], [group("else@where.example"), group("new@where.example", original=to[24].upper())]),
          DEAD, "is ours under the name that we used")
    check(25, report(path[25], [group("x@where.example"), group("y@where.example", "relayed", "2.1.9", "x")]), SENT,
          "forwarded to two, one of them fails: it has not come back")


def by_id(w):
    own = w.mails()[contact(w, "A26")]["Message-ID"]
    wrong = own[:5] + ("A" if own[5] != "A" else "B") + own[6:]
    for mid, wanted in ((wrong, ("strange", "sent")), (own, ("report", "bounced"))):
        tap.same((receive(w, report("regnskab@butik.test", [group("a26@kunde.example")],
                                    third=f"Content-Type: message/rfc822\n\nMessage-ID: {mid}\n\nx\n")), state(w, "A26")), wanted,
                 f"to the address in From, with {'our' if mid == own else 'a made-up'} Message-ID")
    own = w.mails()[contact(w, "A27")]["Message-ID"]
    tap.same((receive(w, report("regnskab@butik.test", [group("new@where.example")],
                                third=f"Content-Type: text/rfc822-headers\n\nSubject: y\nMessage-ID:\n {own}\n")), state(w, "A27")),
             ("report", "bounced"), "with its head alone, forwarded")
    tap.same((receive(w, report(return_path(w, "A28"), [group("a28@kunde.example")],
                                third=f"Content-Type: message/rfc822\n\nMessage-ID: {own}\n\nx\n")), state(w, "A28")),
             ("report", "bounced"), "the return path is stronger than an id")


def texts(w):
    for k, (what, raw, taken, wanted) in enumerate(TEXTS, 30):
        to = f"a{k}@kunde.example"
        tap.same((receive(w, raw.format(path=return_path(w, f"A{k}"), to=to)), state(w, f"A{k}"), to in closed(w, "bad_at")),
                 (taken,) + wanted, what)


with Workspace() as space:
    shop(space, 40)
    codes(space)
    forms(space)
    by_id(space)
    texts(space)
    tap.same([v for v in map(str, judge.judge(space.dir)) if not v.startswith("E3")], [], "the judge finds no violation")
# A creditor whose domain has letters of its own: what stands in headers is ASCII.
with Workspace() as space:
    space.schedule(lambda s: [p.update(channels=["email"]) for p in s["steps"][:3]])
    for setting, value in (("from", "faktura@blåbær.example"), ("email", "hej@blåbær.example"), ("bounce_domain", "")):
        space.setting("creditor demo", setting, value)
    for k, due in enumerate(("2026-09-20", "2026-09-24")):
        space.invoices([invoice(f"B{k}", "B", due, "100.00")], IMPORTED)
    for at in (FIRST, "2026-10-12T06:30:00Z"):
        space.json("plan", at=at)
        space.json("send", at=at)
    mails = list(space.mails().values())
    folder = space.path("outbox", "mail", "new")
    heads = [open(os.path.join(folder, name), "rb").read().split(b"\r\n\r\n")[0] for name in os.listdir(folder)]
    tap.ok(len(heads) == 2 and all(h.isascii() for h in heads), "every header is ASCII", heads)
    machine = "blåbær.example".encode("idna").decode()
    tap.ok(all(m["Message-ID"].endswith(f"@{machine}>") for m in mails) and mails[1]["In-Reply-To"] == mails[0]["Message-ID"],
           "with the domain's name for machines", [m["Message-ID"] for m in mails])
tap.done()
