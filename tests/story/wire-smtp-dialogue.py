#!/usr/bin/env python3
# variants: release asan
"""wire-smtp-dialogue.py - what is said to a relay, command by command, seen from its side:
a relay by hand that keeps each transaction, answers in pieces, late, or out of turn.
"""
import argparse
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server")]
import servers  # noqa: E402
import tap  # noqa: E402
import wire_probe  # noqa: E402
from wire_probe import MAIL  # noqa: E402

OUTBOX = tempfile.TemporaryDirectory(prefix="purr-")


class Relay:
    """`answer(relay, command, nth)` may return another reply than 250, None to hang up."""

    def __init__(self, answer=None, offers=("PIPELINING", "SIZE 10240000"), pieces=False, body=None,
                 secure=None):
        self.answer, self.offers, self.pieces, self.body = answer, offers, pieces, body
        self.commands, self.bodies, self.connections, self.together = [], [], 0, []
        self.now_in_body = self.most_in_body = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.secure = secure
        self.url = f"{'smtps' if secure else 'smtp'}://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def say(self, connection, text):
        data = text.encode()
        for i in range(0, len(data), 1 if self.pieces else len(data) or 1):
            connection.sendall(data[i:i + 1] if self.pieces else data)

    def serve(self, connection):
        try:
            if self.secure:
                connection = self.secure.wrap_socket(connection, server_side=True)
            self.dialogue(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def dialogue(self, connection):
        buffer = b""
        transaction = []
        self.say(connection, "220 hand ESMTP\r\n")
        while True:
            while b"\r\n" not in buffer:
                got = connection.recv(65536)
                if not got:
                    return
                buffer += got
                self.together.append(buffer.count(b"\r\n"))
            line, _, buffer = buffer.partition(b"\r\n")
            command = line.decode()
            word = command.split(" ")[0].split(":")[0].upper()
            self.commands.append(command)
            if word == "EHLO":
                rows = ["hand", *self.offers]
                self.say(connection, "".join(f"250{'-' if k + 1 < len(rows) else ' '}{row}\r\n"
                                             for k, row in enumerate(rows)))
                continue
            if word == "QUIT":
                self.say(connection, "221 bye\r\n")
                return
            reply = self.answer(self, command, sum(c.startswith(word) for c in self.commands)) \
                if self.answer else "250 ok"
            if reply is None:
                return
            if word in ("MAIL", "RSET"):
                transaction = []
            if word == "RCPT" and reply.startswith("250"):
                transaction.append(command)
            if word != "DATA":
                self.say(connection, reply + "\r\n")
                continue
            if not transaction and reply == "250 ok":
                self.say(connection, "503 5.5.1 no recipient\r\n")
                continue
            self.say(connection, "354 go\r\n" if reply == "250 ok" else reply + "\r\n")
            if reply != "250 ok" and not reply.startswith("354"):
                continue
            with self.lock:
                self.now_in_body += 1
                self.most_in_body = max(self.most_in_body, self.now_in_body)
            while b"\r\n.\r\n" not in buffer:
                got = connection.recv(65536)
                if not got:
                    return
                buffer += got
            body, _, buffer = buffer.partition(b"\r\n.\r\n")
            self.bodies.append((transaction, body))
            said = self.body(self, len(self.bodies)) if self.body else "250 2.0.0 ok: queued as X1"
            with self.lock:
                self.now_in_body -= 1
            if said is None:
                return
            self.say(connection, said + "\r\n")

    def close(self):
        self.listener.close()


def send(relay, messages, connections=1, **more):
    found, _, code, err = wire_probe.run({
        "email_driver": "smtp", "email_url": relay.url, "email_connections_max": connections,
        "outbox": OUTBOX.name, "sms_driver": "file", "connect_seconds_max": 3, "stall_seconds_max": 3,
        "transfer_seconds_max": 9, **more}, messages)
    if code != 0:
        return f"probe: {code} {err}"
    return [found[k][0] for k in sorted(found)]


def words(rows):
    return rows if isinstance(rows, str) else [(r["outcome"], r["code"]) for r in rows]


def verbs(relay):
    return [c.split(" ")[0].split(":")[0] for c in relay.commands]


def said():
    for what, offers, pieces in (("together", ("PIPELINING", "SIZE 10240000"), False),
                                 ("one by one", (), False), ("answered in single bytes", ("PIPELINING",), True)):
        relay = Relay(offers=offers, pieces=pieces)
        got = send(relay, [{**MAIL, "repeat": 4}])
        tap.same((words(got), relay.connections), ([("taken", 250)] * 4, 1), f"{what}: four messages, one connection")
        servers.wait_until(lambda r=relay: r.commands[-1] == "QUIT")
        tap.same(verbs(relay), ["EHLO"] + ["MAIL", "RCPT", "DATA"] * 4 + ["QUIT"], f"{what}: nothing else is said")
        tap.same([t for t, _ in relay.bodies], [[f"RCPT TO:<kunde{k}@kunde.example>"] for k in range(1, 5)],
                 f"{what}: each to one recipient")
        tap.same(max(relay.together) >= 3, "PIPELINING" in offers, f"{what}: as it should be")
        sizes = [c.partition("SIZE=")[2] for c in relay.commands if c.startswith("MAIL")]
        if any(o.startswith("SIZE") for o in offers):
            tap.ok(all(abs(int(n) - len(b) - 2) <= 40 for n, (_, b) in zip(sizes, relay.bodies)),
                   "the size is told where it is asked for", sizes)
        else:
            tap.same(set(sizes), {""}, f"{what}: no size, where nobody asks")
        relay.close()


def dots():
    relay = Relay()
    texts = [".", "..", ".\n.\n..x", "a\n.\nb", "x" * 5000 + "\n.dot", "\n.", "no dot"]
    got = send(relay, [{**MAIL, "contact": k + 1, "text": t + "\n", "html": ""} for k, t in enumerate(texts)])
    tap.same({o for o, _ in words(got)}, {"taken"}, "texts with dots are taken")
    plain = [b.replace(b"\r\n..", b"\r\n.") for _, b in relay.bodies]
    tap.ok(all(b"\r\n.\r\n" not in b for _, b in relay.bodies), "no dot stands alone in a body")
    ends = [p.partition(b"\r\n\r\n")[2].decode().replace("\r\n", "\n") for p in plain]
    tap.ok(all(t in e or t[:70] in e for t, e in zip(texts, ends)), "and each is as it was", list(zip(texts, ends)))
    relay.close()


def refused_among_others():
    """One recipient in three is refused: the others are not touched by it."""
    def answer(_, command, nth):
        return "550 5.1.1 unknown" if command.startswith("RCPT") and nth % 3 == 2 else "250 ok"
    for offers in (("PIPELINING",), ()):
        relay = Relay(answer, offers)
        got = send(relay, [{**MAIL, "repeat": 9}])
        tap.same(words(got), [("never", 550) if k % 3 == 1 else ("taken", 250) for k in range(9)],
                 f"{offers}: each has its own answer")
        tap.same((len(relay.bodies), relay.connections, verbs(relay).count("RSET")), (6, 1, 3),
                 "six bodies, one connection, and a clean start after each refusal")
        tap.same([r["at_recipient"] for r in got], [k % 3 == 1 for k in range(9)], "the recipient was refused")
        relay.close()

    def no_reset(_, command, nth):
        return "502 no" if command.startswith("RSET") else answer(_, command, nth)
    relay = Relay(no_reset)
    got = send(relay, [{**MAIL, "repeat": 6}])
    tap.same((set(words(got)) <= {("taken", 250), ("never", 550)}, relay.connections > 1, len(relay.bodies)),
             (True, True, words(got).count(("taken", 250))),
             "a relay without RSET: a new connection after a refusal, and each taken once")
    relay.close()


def odd_relays():
    def wants_body(_, command, nth):
        return "550 5.1.1 unknown" if command.startswith("RCPT") else "354 go" if command == "DATA" else "250 ok"
    relay = Relay(wants_body)
    tap.same((words(send(relay, [MAIL])), relay.bodies), ([("never", 550)], []),
             "it refuses the recipient and wants the body: no body")
    relay.close()
    relay = Relay(lambda r, c, n: "999 what" if c.startswith("RCPT") else "250 ok")
    tap.same((send(relay, [MAIL])[0]["outcome"], relay.bodies), ("later", []), "what is no reply ends the dialogue: later")
    relay.close()
    relay = Relay(lambda r, c, n: "354 go" if c.startswith("MAIL") else "250 ok")
    got = send(relay, [{**MAIL, "repeat": 2}])
    tap.ok({r["outcome"] for r in got} == {"later"} and not relay.bodies, "replies out of turn: no body", got)
    relay.close()
    relay = Relay(lambda r, c, n: "421 4.3.2 going down" if c.startswith("MAIL") and n % 2 == 0 else "250 ok")
    got = send(relay, [{**MAIL, "repeat": 3}])
    tap.same(([o for o, _ in words(got)], len(relay.bodies)), (["taken"] * 3, 3),
             "421 on a kept connection: begun once more on a new one")
    relay.close()
    relay = Relay(lambda r, c, n: "421 4.3.2 going down" if c.startswith("MAIL") else "250 ok")
    tap.same((words(send(relay, [MAIL])), relay.connections), ([("later", 421)], 1), "421 on a new one: later")
    relay.close()
    for when in ("MAIL", "RCPT", "DATA"):
        relay = Relay(lambda r, c, n, w=when: None if c.startswith(w) else "250 ok")
        got = send(relay, [MAIL])
        tap.same((got[0]["outcome"], relay.bodies, relay.connections), ("later", [], 1), f"hangs up at {when}: later")
        relay.close()
    for what, body, wanted in (("hangs up", lambda r, n: None, ("unknown", 354)),
                               ("says 451", lambda r, n: "451 4.3.0 later", ("later", 451)),
                               ("says 554", lambda r, n: "554 5.7.1 no", ("never", 554)),
                               ("says 421", lambda r, n: "421 4.3.2 bye", ("later", 421))):
        relay = Relay(body=body)
        got = send(relay, [{**MAIL, "repeat": 3}])
        tap.same((set(words(got)), len(relay.bodies)), ({wanted}, 3), f"{what} after the body: {wanted[0]}")
        relay.close()


def many_lines():
    relay = Relay(lambda r, c, n: "550-5.1.1 There is nobody\r\n550-of that name\r\n550 here"
                  if c.startswith("RCPT") else "250 ok")
    got = send(relay, [MAIL])
    tap.same((words(got), got[0]["detail"]), ([("never", 550)], "550 5.1.1"),
             "a reply of several lines: its first one says what it is")
    relay.close()


def blamed():
    """A relay that does not know us any more costs nobody the address; an unknown mailbox does."""
    for reply, wanted in (("550 relay not permitted", False), ("550 5.7.1 relaying denied", False),
                          ("553 sorry, not in my list of allowed rcpthosts (#5.7.1)", False),
                          ("550 No such user here", True), ("550-Hello\r\n550 Unknown user", True),
                          ("550-Unknown user\r\n550 bye", True), ("550-Hello\r\n550 bye", False),
                          ("550 5.2.3 message too large", False), ("550 5.0.0 access denied", False),
                          ("550 5.1.0 sender rejected by policy", False), ("550 5.0.0 User unknown", True),
                          ("550 5.5.0 mailbox unavailable", True), ("550 5.2.1 disabled", True),
                          ("550 5.4.1 Recipient address rejected: Access denied", True),
                          ("556 5.1.10 null MX", True)):
        relay = Relay(lambda r, c, n, reply=reply: reply if c.startswith("RCPT") else "250 ok")
        got = send(relay, [MAIL])
        tap.same((words(got), got[0]["at_recipient"]), ([("never", int(reply[:3]))], wanted), reply)


def full():
    """A mailbox that is full today need not be so tomorrow."""
    for reply, wanted in (("552 5.2.2 mailbox full", "later"), ("552 over quota", "later"),
                          ("452 4.2.2 mailbox full", "later"), ("552 5.3.4 message too big", "never")):
        relay = Relay(lambda r, c, n, reply=reply: reply if c.startswith("RCPT") else "250 ok")
        got = send(relay, [MAIL])
        tap.same((words(got), got[0]["at_recipient"]), ([(wanted, int(reply[:3]))], False), reply)


def reset():
    """The connection is gone the moment we are let in."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
                connection.sendall(b"220 hand\r\n")
                connection.recv(4096)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.send(b"250 hand\r\n")
                connection.close()
            except OSError:
                return
    threading.Thread(target=serve, daemon=True).start()
    relay = argparse.Namespace(url=f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    got = send(relay, [{**MAIL, "repeat": 12}], 4)
    tap.same({r["outcome"] for r in got} if not isinstance(got, str) else got, {"later"},
             "reset behind EHLO: later, twelve times")
    listener.close()


def one_time_for_both():
    """The second try on a new connection has what the first left of the message's time."""
    began = time.monotonic()

    def answer(_, command, nth):
        if command.startswith("MAIL") and nth in (2, 3):
            time.sleep(3.6)
        return None if command.startswith("MAIL") and nth == 2 else "250 ok"
    relay = Relay(answer)
    got = send(relay, [{**MAIL, "repeat": 2}], 1, stall_seconds_max=4, transfer_seconds_max=5)
    tap.ok(words(got)[1][0] == "later" and time.monotonic() - began < 7.2 and len(relay.bodies) == 1,
           "over in the time of one", (words(got), time.monotonic() - began))


def secured():
    """The same within TLS: many messages, a relay that closes, large ones."""
    cert, key = (os.path.join(OUTBOX.name, name) for name in ("cert.pem", "key.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    relay = Relay(secure=context)
    got = send(relay, [{**MAIL, "repeat": 20}], connections=4, ca_file=cert)
    tap.same((words(got), len(relay.bodies), relay.connections <= 4), ([("taken", 250)] * 20, 20, True),
             "within TLS: twenty messages, four connections at most")
    relay.close()
    relay = Relay(secure=context)
    text = "Hej. Vi har ikke set din betaling endnu.\n" * 20000
    got = send(relay, [{**MAIL, "text": text, "html": "", "repeat": 3}], ca_file=cert)
    tap.same((words(got), {len(b) > 800000 for _, b in relay.bodies}), ([("taken", 250)] * 3, {True}),
             "three of 800 kB, whole")
    relay.close()
    relay = Relay(lambda r, c, n: None if c.startswith("MAIL") and n % 2 == 0 else "250 ok", secure=context)
    got = send(relay, [{**MAIL, "repeat": 5}], ca_file=cert)
    tap.same((words(got), len(relay.bodies)), ([("taken", 250)] * 5, 5),
             "a relay that closes under the second message of each connection: all taken, once")
    relay.close()


def side_by_side():
    """Sixteen connections: while one waits for its last reply, the others are served."""
    gate = threading.Barrier(8)

    def body(relay, nth):
        try:
            gate.wait(2)            # goes on when eight are here
        except threading.BrokenBarrierError:
            pass
        return "250 ok"
    relay = Relay(body=body)
    got = send(relay, [{**MAIL, "repeat": 64}], connections=16)
    tap.same((words(got), len(relay.bodies)), ([("taken", 250)] * 64, 64), "64 messages over sixteen connections")
    tap.ok(relay.most_in_body >= 8 and not gate.broken, "eight and more wait for their reply at once",
           relay.most_in_body)
    relay.close()


def main():
    said()
    dots()
    refused_among_others()
    odd_relays()
    many_lines()
    blamed()
    full()
    reset()
    one_time_for_both()
    secured()
    side_by_side()
    OUTBOX.cleanup()
    tap.done()


if __name__ == "__main__":
    main()
