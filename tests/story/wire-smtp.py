#!/usr/bin/env python3
"""E-mail on the wire: every way in which a relay can answer, or not answer,
gives the one outcome that is true.  Relays: Postfix's smtp-sink, and raw
sockets for the faults that it does not offer."""
import base64
import email
import email.policy
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server")]
import servers  # noqa: E402
import tap  # noqa: E402
import wire_probe  # noqa: E402
from wire_probe import MAIL  # noqa: E402

EXTRA = ()                              # of the sinks


def config(url, **more):
    return {"email_driver": "smtp", "email_url": url, "email_helo": "purr.butik.example",
            "sms_driver": "file", "outbox": OUTBOX.name, "connect_seconds_max": 2,
            "stall_seconds_max": 2, "transfer_seconds_max": 6, **more}


def outcome(url, messages=(MAIL,), **more):
    """The (outcome, code, detail) of contact 1."""
    found, last, code, err = wire_probe.run(config(url, **more), messages)
    if code != 0 or len(found.get(1, [])) != 1:
        return f"probe: {code} {err} {found}"
    row = found[1][0]
    return row["outcome"], row["code"], row["detail"]


OUTBOX = tempfile.TemporaryDirectory(prefix="purr-")


def accepted():
    with servers.SmtpSink() as sink:
        found, last, code, _ = wire_probe.run(
            config(sink.url, email_connections_max=4), [{**MAIL, "repeat": 40}])
        tap.same((last["done"], code), (40, 0), "40 messages end, each once")
        tap.ok(all(len(r) == 1 and r[0]["outcome"] == "taken" for r in found.values())
               and len(found) == 40, "all are taken", found)
        kept = sink.messages()
        tap.same(sorted(e["x-rcpt-args"] for e, _ in kept),
                 sorted(f"<kunde{i}@kunde.example>" for i in range(1, 41)),
                 "the relay has each recipient exactly once")
        tap.ok(all(e["x-mail-args"].startswith("<bounces+") for e, _ in kept),
               "each has an envelope sender of its own")
        tap.ok(all(e["x-helo-args"] == "purr.butik.example" for e, _ in kept),
               "EHLO gives the name of the setting")
        parsed = email.message_from_bytes(kept[0][1], policy=email.policy.default)
        text = parsed.get_body(("plain",)).get_content()
        tap.same(text, MAIL["text"], "the text arrives as it was, its leading dot too")
        tap.same(parsed.defects, [], "Python's parser finds no defect")


def refusals():
    cases = [
        (["-r", "RCPT"], ("later", 450, "450 4.3.0"), "450 at RCPT: later"),
        (["-f", "RCPT", "-B", "550 5.1.1 <kunde1@kunde.example> unknown"],
         ("never", 550, "550 5.1.1"), "550 at RCPT: never, without the address"),
        (["-r", "MAIL"], ("later", 450, "450 4.3.0"), "450 at MAIL: later"),
        (["-f", "MAIL", "-B", "552 too large"], ("never", 552, "refused"),
         "552 at MAIL: never"),
        (["-r", "DATA"], ("later", 450, "450 4.3.0"), "450 at DATA: later"),
        (["-f", "DATA"], ("never", 500, "500 5.3.0"), "500 at DATA: never"),
        (["-r", ".", "-b", "451 4.7.1 greylisted"], ("later", 451, "451 4.7.1"),
         "451 after the body: later"),
        (["-f", ".", "-B", "554 5.7.1 spam"], ("never", 554, "554 5.7.1"),
         "554 after the body: never"),
        (["-f", "CONNECT", "-B", "554 5.3.2 closed"], ("later", 554, "554 5.3.2"),
         "554 as greeting: later, it is not about the debtor"),
        (["-f", "EHLO,HELO"], ("later", 500, "500 5.3.0"), "EHLO and HELO refused: later"),
        (["-Q", "RCPT"], ("later", 421, None), "421 and closed at RCPT: later"),
    ]
    for options, wanted, what in cases:
        with servers.SmtpSink(*EXTRA, *options) as sink:
            got = outcome(sink.url)
            tap.same(got if wanted[2] else got[:2], wanted if wanted[2] else wanted[:2], what)
            if "." not in options:      # smtp-sink dumps a body before it refuses it
                tap.same(len(sink.messages()), 0, f"... and the relay keeps nothing ({what})")
    with servers.SmtpSink("-e") as sink:
        tap.same(outcome(sink.url)[0], "taken", "a relay that knows only HELO: taken")


def at_recipient():
    """Only a refusal of RCPT is about the recipient, whatever its code says."""
    for command in ("CONNECT", "MAIL", "RCPT", "DATA", "."):
        with servers.SmtpSink(*EXTRA, "-f", command, "-B", "550 5.1.1 no") as sink:
            found, _, _, _ = wire_probe.run(config(sink.url), [MAIL])
            tap.same([r["at_recipient"] for r in found[1]], [command == "RCPT"],
                     f"550 at {command}: " + ("" if command == "RCPT" else "not ") +
                     "about the recipient")
    with servers.SmtpSink() as sink:
        found, _, _, _ = wire_probe.run(config(sink.url), [MAIL])
        tap.same([r["at_recipient"] for r in found[1]], [False], "taken: nobody is refused")


def losses():
    cases = [
        ("CONNECT", ("later", 0, "lost"), "hung up at connect: later"),
        ("EHLO", ("later", None, "lost"), "hung up at EHLO: later"),
        ("MAIL", ("later", None, "lost"), "hung up at MAIL: later"),
        ("RCPT", ("later", None, "lost"), "hung up at RCPT: later"),
        ("DATA", ("later", None, "lost"), "hung up at DATA, before 354: later"),
        (".", ("unknown", 354, "lost"), "hung up before the final reply: unknown"),
    ]
    for command, wanted, what in cases:
        with servers.SmtpSink(*EXTRA, "-q", command) as sink:
            got = outcome(sink.url)
            tap.same((got[0], got[2]), (wanted[0], wanted[2]), what)
            if wanted[1] is not None:
                tap.same(got[1], wanted[1], f"... with code {wanted[1]}")
    tap.same(outcome(f"smtp://127.0.0.1:{servers.free_port()}"), ("later", 0, "connect"),
             "nobody listens: later")
    tap.same(outcome("smtp://no-such-host.invalid:25"), ("later", 0, "name"),
             "no such name: later")


def stalls():
    with servers.SmtpSink("-p", "-W", "RCPT:30") as sink:
        tap.same(outcome(sink.url)[::2], ("later", "timeout"), "stall at RCPT: later")
    with servers.SmtpSink("-W", ".:30") as sink:
        tap.same(outcome(sink.url)[::2], ("unknown", "timeout"),
                 "stall after the body: unknown")
    with servers.SmtpSink("-W", ".:1") as sink:
        tap.same(outcome(sink.url)[0], "taken", "a slow answer after the body: taken")

    def silent(connection, _):
        time.sleep(10)
    with servers.Fault(silent) as fault:
        tap.same(outcome(f"smtp://127.0.0.1:{fault.port}")[::2], ("later", "timeout"),
                 "no greeting: later")

    def trickle(connection, _):
        for byte in b"220 slow relay ESMTP, one byte at a time, for ever and ever\r\n" * 3:
            connection.sendall(bytes([byte]))
            time.sleep(0.2)
    start = time.monotonic()
    with servers.Fault(trickle) as fault:
        tap.same(outcome(f"smtp://127.0.0.1:{fault.port}")[0], "later",
                 "a greeting that trickles: later")
    tap.ok(time.monotonic() - start < 10, "... within the limit of one transfer")


def smtp_session(connection, after_body, messages):
    """A relay by hand; after_body(connection, nth message) answers the body
    and says whether to go on."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 hand ESMTP\r\n")
    while True:
        line = lines.readline().upper()
        if not line:
            return
        if line.startswith(b"DATA"):
            connection.sendall(b"354 go\r\n")
            while lines.readline() not in (b".\r\n", b""):
                pass
            messages.append(1)
            if not after_body(connection, len(messages)):
                return
        elif line.startswith(b"QUIT"):
            connection.sendall(b"221 bye\r\n")
            return
        else:
            connection.sendall(b"250 ok\r\n")


def kept_connections():
    """A relay that closes a kept connection must cost nothing: that message
    is tried once more on a new one."""
    messages = []

    def one_each(connection, _):
        def after_body(connection, nth):
            connection.sendall(b"250 2.0.0 Ok: queued as ABC%d\r\n" % nth)
            return False
        smtp_session(connection, after_body, messages)
    with servers.Fault(one_each) as fault:
        found, _, _, err = wire_probe.run(
            config(f"smtp://127.0.0.1:{fault.port}", email_connections_max=1),
            [{**MAIL, "repeat": 5}])
        tap.same([r[0]["outcome"] for r in found.values()], ["taken"] * 5,
                 "a relay that closes after each message: all taken")
        tap.same(len(messages), 5, "... and it had each once")
        tap.same(found[1][0]["provider_id"], "ABC1", "the relay's queue id is kept")

    messages = []

    def lost_second(connection, _):
        def after_body(connection, nth):
            if nth == 2:
                return False
            connection.sendall(b"250 ok\r\n")
            return True
        smtp_session(connection, after_body, messages)
    with servers.Fault(lost_second) as fault:
        found, _, _, _ = wire_probe.run(
            config(f"smtp://127.0.0.1:{fault.port}", email_connections_max=1),
            [{**MAIL, "repeat": 3}])
        tap.same([found[i][0]["outcome"] for i in (1, 2, 3)], ["taken", "unknown", "taken"],
                 "lost after the body on a kept connection: unknown, not sent again")
        tap.same(len(messages), 3, "... three bodies for three messages")


def login():
    def relay(reply):
        def script(connection, _):
            lines = connection.makefile("rb")
            connection.sendall(b"220 hand ESMTP\r\n")
            while line := lines.readline().upper():
                if line.startswith(b"EHLO"):
                    connection.sendall(b"250-hand\r\n250 AUTH PLAIN\r\n")
                elif line.startswith(b"AUTH"):
                    connection.sendall(b"334 \r\n")
                    good = base64.b64decode(lines.readline()) == b"\0purr\0hemmelig"
                    connection.sendall(reply if good else b"535 5.7.8 not that\r\n")
                elif line.startswith(b"DATA"):
                    connection.sendall(b"354 go\r\n")
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    connection.sendall(b"250 ok\r\n")
                else:
                    connection.sendall(b"250 ok\r\n")
        return script
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "password")
        with open(path, "w") as f:
            f.write("hemmelig\n")
        os.chmod(path, 0o600)
        more = {"email_user": "purr", "email_password_file": path}
        with servers.Fault(relay(b"235 2.7.0 welcome\r\n")) as fault:
            tap.same(outcome(f"smtp://127.0.0.1:{fault.port}", **more)[0], "taken",
                     "login accepted: taken")
        with servers.Fault(relay(b"535 5.7.8 wrong\r\n")) as fault:
            tap.same(outcome(f"smtp://127.0.0.1:{fault.port}", **more),
                     ("later", 535, "535 5.7.8"), "login refused: later, an operator's matter")
        got = outcome("smtp://relay.example", **more)
        tap.ok("clear" in got, "a password over clear text to another host is refused", got)
        os.chmod(path, 0o644)
        got = outcome("smtp://127.0.0.1", **more)
        tap.ok("chmod 600" in got, "a password file that others can read is refused", got)


def tls():
    """STARTTLS demanded of a relay that has none; and smtps:// with a
    certificate that nobody vouches for, then with its own as root."""
    with servers.SmtpSink() as sink:
        tap.same(outcome(sink.url, email_starttls=True)[::2], ("later", "tls"),
                 "STARTTLS demanded and not offered: later, nothing in clear")
        tap.same(len(sink.messages()), 0, "... the relay got nothing")
    import ssl
    with tempfile.TemporaryDirectory() as folder:
        cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", cert], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        messages = []

        def script(connection, _):
            def after_body(connection, nth):
                connection.sendall(b"250 ok\r\n")
                return True
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    smtp_session(secure, after_body, messages)
            except ssl.SSLError:
                pass
        with servers.Fault(script) as fault:
            url = f"smtps://127.0.0.1:{fault.port}"
            tap.same(outcome(url)[::2], ("later", "tls"), "an unknown certificate: later")
            tap.same(outcome(url, ca_file=cert)[0], "taken", "a trusted certificate: taken")
            tap.same(len(messages), 1, "... one message")


def wrong_messages():
    with servers.SmtpSink() as sink:
        for field, value, what in [
                ("to", "a@b.example>\r\nRCPT TO:<c@d.example", "line breaks in the address"),
                ("to", "a b@c.example", "a blank in the address"),
                ("envelope_from", "a@b.example> NOTIFY=NEVER", "parameters in the sender"),
                ("message_id", "a@b\r\nBcc: c@d", "a line break in the Message-ID")]:
            tap.same(outcome(sink.url, [{**MAIL, field: value}])[0], "never", f"{what}: never")
        got = outcome(sink.url, [{**MAIL, "subject": "a\r\nBcc: c@d.example"}])
        tap.same(got[0], "taken", "line breaks in a subject become blanks")
        kept = sink.messages()
        tap.same(len(kept), 1, "only that one arrived")
        tap.same(email.message_from_bytes(kept[0][1])["Bcc"], None, "... without a Bcc")


def relay_down():
    start = time.monotonic()
    found, last, _, _ = wire_probe.run(
        config(f"smtp://127.0.0.1:{servers.free_port()}", email_connections_max=2),
        [{**MAIL, "repeat": 200}])
    details = [r[0]["detail"] for r in found.values()]
    tap.same(last["done"], 200, "a relay that is down: all 200 end")
    tap.ok({r[0]["outcome"] for r in found.values()} == {"later"} and
           details.count("connect") < 20 and details.count("provider down") > 180,
           "... later, after a few attempts only", details[:30])
    tap.ok(time.monotonic() - start < 5, "... at once")


def killed():
    """kill -9 at each named point; the journal tells what the relay has."""
    for point, at_relay, journal in [
            ("before-journal:3", 2, "BEBE"), ("after-journal:3", 2, "BEBEB"),
            ("mid-wire:3", 2, "BEBEB"), ("after-wire:3", 3, "BEBEB"),
            ("after-outcome:3", 3, "BEBEBE")]:
        with servers.SmtpSink() as sink, tempfile.TemporaryDirectory() as folder:
            _, _, code, _ = wire_probe.run(
                config(sink.url, journal=folder, worker="w1", email_connections_max=1),
                [{**MAIL, "repeat": 5}], die_at=point)
            with open(os.path.join(folder, "w1.wire")) as f:
                kinds = "".join(line[0] for line in f if line[0] != "H")
            servers.wait_until(lambda: len(sink.messages()) == at_relay)
            tap.same((code, len(sink.messages()), kinds), (-9, at_relay, journal),
                     f"killed at {point}: {at_relay} at the relay, journal {journal}")


accepted()
# With commands sent together (RFC 2920), and one by one.
for EXTRA in ((), ("-p",)):
    refusals()
    at_recipient()
    losses()
stalls()
kept_connections()
login()
tls()
wrong_messages()
relay_down()
killed()
OUTBOX.cleanup()
tap.done()
