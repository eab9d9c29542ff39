#!/usr/bin/env python3
"""SMS on the wire: through Kannel's bearerbox and smsbox to an SMPP centre,
and against HTTP servers that fail in ways Kannel cannot be made to."""
import http.server
import os
import queue
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server")]
import servers  # noqa: E402
import tap  # noqa: E402
import wire_probe  # noqa: E402
from wire_probe import SMS  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="purr-")
PASSWORD = os.path.join(FOLDER.name, "password")
with open(PASSWORD, "w") as f:
    f.write(servers.Kannel.PASSWORD + "\n")
os.chmod(PASSWORD, 0o600)

DANISH = "Hej Søren, du mangler at betale. Æblegrød & 50% på øl; se https://b.example/p/x?y=1+2"
EXTENDED = "Pris: 100 € {se} [her] ~ ^ \\ |"
UCS2 = "Hei Áile 😀 – betal gjerne"
LONG = "Kære kunde. " + "Din faktura er forfalden, og vi hjælper gerne. " * 6
LONG_UCS2 = "čáhppes guolli " * 12


def config(url, **more):
    return {"email_driver": "file", "outbox": FOLDER.name, "sms_driver": "kannel",
            "sms_url": url, "sms_user": servers.Kannel.USER, "sms_password_file": PASSWORD,
            "connect_seconds_max": 2, "stall_seconds_max": 2, "transfer_seconds_max": 6, **more}


def outcome(url, message=SMS, **more):
    found, _, code, err = wire_probe.run(config(url, **more), [message])
    if code != 0 or len(found.get(1, [])) != 1:
        return f"probe: {code} {err} {found}"
    row = found[1][0]
    return row["outcome"], row["code"], row["detail"]


# 3GPP TS 23.038, table of the default alphabet, in order of its codes.
GSM = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
       "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
EXTENSION = {0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]",
             0x40: "|", 0x65: "€"}


def body_text(submit):
    """What a phone would show: the octets of the body, decoded by the table."""
    if submit["hex"] is None:
        return submit["body"]
    octets = bytes.fromhex(submit["hex"])
    if submit["data_coding"] == 8:
        return octets.decode("utf-16-be")
    out, escaped = "", False
    for octet in octets:
        if escaped:
            out, escaped = out + EXTENSION[octet], False
        elif octet == 0x1B:
            escaped = True
        else:
            out += GSM[octet]
    return out


def wait_for_submits(centre, count):
    servers.wait_until(lambda: len(centre.submits()) >= count)
    time.sleep(0.1)         # one too many would come now
    return centre.submits()


def through_kannel():
    with servers.SmppCentre() as centre, servers.Kannel(centre.port) as kannel:
        tap.ok(kannel.wait_online(), "Kannel reaches the message centre")
        seen = 0
        for text, parts, coding, what in [
                (SMS["text"], 1, 0, "plain text"), (DANISH, 1, 0, "Danish text"),
                (EXTENDED, 1, 0, "extension characters"), (UCS2, 1, 8, "text outside GSM"),
                (LONG, 2, 0, "a long text"), (LONG_UCS2, 3, 8, "a long text outside GSM")]:
            got = outcome(kannel.url, {**SMS, "text": text})
            tap.same(got, ("taken", 202, "accepted"), f"{what}: taken")
            submits = wait_for_submits(centre, seen + parts)[seen:]
            seen += parts
            tap.same([s["data_coding"] for s in submits], [coding] * parts,
                     f"{what}: {parts} part(s), coding {coding}")
            tap.same("".join(body_text(s) for s in submits), text, f"{what}: arrives whole")
        first = centre.submits()[0]
        tap.same((first["to"].lstrip("+"), first["from"]), ("4520123456", "Butik"),
                 "number and sender arrive")
        got = outcome(kannel.url, {**SMS, "dead_at": SMS["date"] + 7200})
        tap.same(got[0], "taken", "a text with an end: taken")
        validity = wait_for_submits(centre, seen + 1)[-1]["validity"]
        tap.ok(validity, "... with a validity period", validity)
        got = outcome(kannel.url, {**SMS, "dead_at": SMS["date"] - 60})
        tap.same(got[::2], ("later", "window closed"), "a text whose end has passed: not now")
        tap.same(outcome(kannel.url, {**SMS, "to": ""})[0], "never", "no number: never")
        tap.same(outcome(kannel.url, sms_user="somebody"), ("later", 403, "login"),
                 "wrong login: later, an operator's matter")
        found, last, _, _ = wire_probe.run(config(kannel.url, sms_connections_max=8),
                                           [{**SMS, "contact": 100, "repeat": 200,
                                             "text": "nr {id}"}])
        tap.ok(len(found) == 200 and all(r[0]["outcome"] == "taken" for r in found.values()),
               "200 texts over 8 connections: all taken")
        texts = [body_text(s) for s in wait_for_submits(centre, seen + 201)[seen + 1:]]
        tap.same(sorted(texts), sorted(f"nr {i}" for i in range(100, 300)),
                 "... the centre has each exactly once")
        reports(kannel, centre)


def reports(kannel, centre):
    """The delivery report comes back to the URL that the message carried."""
    arrived = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            arrived.put(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hooks/sms/kannel/status?c=1&t=%d&id=%F"
    tap.same(outcome(kannel.url, {**SMS, "dlr_url": url})[0], "taken",
             "a text with a report URL: taken")
    paths = []
    try:
        while not any("t=1&" in p for p in paths):
            paths.append(arrived.get(timeout=10))
    except queue.Empty:
        pass
    server.shutdown()
    tap.ok(any("?c=1&t=1&id=m" in p for p in paths), "... its delivery report comes back", paths)


def centre_down():
    with servers.Kannel(servers.free_port()) as kannel:
        got = outcome(kannel.url)
        tap.ok(got == ("taken", 202, "queued") or got[0] == "later",
               "Kannel without its centre: queued there, or later", got)
    tap.same(outcome(f"http://127.0.0.1:{servers.free_port()}/cgi-bin/sendsms"),
             ("later", 0, "connect"), "Kannel down: later")


def request_read(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            return None
        data += piece
    return data


def http_faults():
    def say(text):
        def script(connection, _):
            if request_read(connection):
                connection.sendall(text.encode())
        return script

    def answer(status, body="", headers=""):
        return say(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n{body}")

    def stall(connection, _):
        request_read(connection)
        time.sleep(10)

    cases = [
        (say(""), ("unknown", 0, "lost"), "hung up after the request: unknown"),
        (stall, ("unknown", 0, "timeout"), "no answer: unknown"),
        (say("HTTP/1.1 202 Acc"), ("unknown", 0, "lost"), "cut in the status line: unknown"),
        (say("gibberish\r\n\r\n"), ("unknown", 0, "lost"), "no HTTP: unknown"),
        (answer("503 Busy"), ("later", 503, "refused"), "503: later"),
        (answer("500 Oops"), ("unknown", 500, "refused"), "500: it may have it"),
        (answer("524 Nobody knows"), ("unknown", 524, "refused"), "nor does what stands before it"),
        (answer("403 Forbidden", "Not routable. Do not try again."), ("never", 403, "refused"),
         "a number that no route leads to: never"),
        (answer("403 Forbidden", "Authorization failed for sendsms"), ("later", 403, "login"),
         "403, a wrong login: later"),
        (answer("504 Gateway timeout"), ("unknown", 504, "refused"),
         "504, a gateway that does not know: unknown"),
        (answer("400 Bad"), ("never", 400, "refused"), "400: never"),
        (answer("404 Not found"), ("later", 404, "login"), "404, a wrong URL: later"),
        (answer("302 Moved", "", "Location: http://127.0.0.1:1/\r\n"), ("later", 302, "login"),
         "a redirect is not followed: later"),
        (answer("200 OK", "hello"), ("unknown", 200, "odd reply"),
         "200 that is not Kannel's yes: unknown"),
        (answer("202 Accepted", "0: Accepted for delivery"), ("taken", 202, "accepted"),
         "202: taken"),
        (say("HTTP/1.1 202 Accepted\r\nContent-Length: 900\r\n\r\n0: Accepted"),
         ("taken", 202, "accepted"), "202 cut in its text: taken"),
        (answer("202 Accepted", "0: " + "x" * 200000), ("taken", 202, "accepted"),
         "202 with an endless text: taken, the rest not read"),
    ]
    for script, wanted, what in cases:
        with servers.Fault(script) as fault:
            tap.same(outcome(f"http://127.0.0.1:{fault.port}/cgi-bin/sendsms"), wanted, what)
            tap.same(fault.connections, 1, f"... one request only ({what})")
    with servers.Fault(answer("429 Slow down", "", "Retry-After: 17\r\n")) as fault:
        found, _, _, _ = wire_probe.run(config(f"http://127.0.0.1:{fault.port}/"), [SMS])
        tap.same((found[1][0]["outcome"], found[1][0]["retry_after"]), ("later", 17),
                 "429 with Retry-After: later, in 17 s")


def kept_connection_lost():
    """The second request on a kept connection is read and not answered: the
    library would send it again on a new connection; it must not."""
    requests = []

    def script(connection, _):
        for _ in range(2):
            if not request_read(connection):
                return
            requests.append(1)
            if len(requests) == 2:
                return
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n0:")
        request_read(connection)
    with servers.Fault(script) as fault:
        found, _, _, _ = wire_probe.run(
            config(f"http://127.0.0.1:{fault.port}/", sms_connections_max=1),
            [{**SMS, "repeat": 3}])
        tap.same([found[i][0]["outcome"] for i in (1, 2, 3)], ["taken", "unknown", "taken"],
                 "lost on a kept connection: unknown")
        tap.same(len(requests), 3, "... three requests for three messages")


def killed():
    """kill -9 at each named point; the journal tells what the gateway has."""
    for point, at_gateway, journal in [
            ("before-journal:3", 2, "BEBE"), ("after-journal:3", 2, "BEBEB"),
            ("mid-wire:3", 3, "BEBEB"), ("after-wire:3", 3, "BEBEB"),
            ("after-outcome:3", 3, "BEBEBE")]:
        requests = []

        def script(connection, _):
            while request_read(connection):
                requests.append(1)
                connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n0:")
        with servers.Fault(script) as fault, tempfile.TemporaryDirectory() as folder:
            _, _, code, _ = wire_probe.run(
                config(f"http://127.0.0.1:{fault.port}/", sms_connections_max=1,
                       journal=folder, worker="w1"), [{**SMS, "repeat": 5}], die_at=point)
            with open(os.path.join(folder, "w1.wire")) as f:
                kinds = "".join(line[0] for line in f if line[0] != "H")
            servers.wait_until(lambda: len(requests) >= at_gateway)
            tap.same((code, len(requests), kinds), (-9, at_gateway, journal),
                     f"killed at {point}: {at_gateway} at the gateway, journal {journal}")


through_kannel()
centre_down()
http_faults()
kept_connection_lost()
killed()
FOLDER.cleanup()
tap.done()
