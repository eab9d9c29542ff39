#!/usr/bin/env python3
"""wire-sms.py - Twilio, GatewayAPI and 46elks on the wire, against stand-ins that answer as
their documents say (none of them can be run here).  What Twilio is asked is what its own
library asks; what each answer and each trouble means is told case by case."""
import base64
import json
import os
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "lib")]
import servers  # noqa: E402
import tap  # noqa: E402
import wire_probe  # noqa: E402
from twilio_sdk import ask as sdk  # noqa: E402
from wire_probe import SMS  # noqa: E402

FOLDER = tempfile.TemporaryDirectory(prefix="purr-")
SECRET = "s3cret-token"
PASSWORD = os.path.join(FOLDER.name, "password")
with open(PASSWORD, "w") as out:
    out.write(SECRET + "\n")
os.chmod(PASSWORD, 0o600)
ACCOUNT = "AC" + "0" * 31 + "1"
REPORT = "https://betal.example/hooks/sms/x/status?c=1&t=abc"
DANISH = "Hej Søren, 50% af 100 € + æbler & pærer: https://b.example/p/x?y=1+2"
UCS2 = "Hei Áile 😀 – betal gjerne"


def request_read(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    length = [int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")]
    while length and len(body) < length[0]:
        body += connection.recv(65536)
    return head.decode(), body


def answering(status, body, headers=""):
    """A script that answers once, and the requests that it saw."""
    seen = []

    def script(connection, _):
        got = request_read(connection)
        if got is None:
            return
        seen.append(got)
        raw = body.encode()
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(raw)}\r\n{headers}"
                           "Content-Type: application/json\r\n\r\n".encode() + raw)
    return script, seen


def outcome(driver, script, seconds=6, **message):
    user = {"twilio": ACCOUNT, "46elks": "u1"}.get(driver, "")
    with servers.Fault(script) as fault:
        found, _, code, err = wire_probe.run({
            "email_driver": "file", "outbox": FOLDER.name, "sms_driver": driver, "sms_user": user,
            "sms_url": f"http://127.0.0.1:{fault.port}/", "sms_password_file": PASSWORD,
            "connect_seconds_max": 2, "stall_seconds_max": 2, "transfer_seconds_max": seconds},
            [{**SMS, **message}])
    if code != 0 or len(found.get(1, [])) != 1:
        return f"probe: {code} {err} {found}"
    return found[1][0]


def short(row):
    return row if isinstance(row, str) else (row["outcome"], row["code"], row["detail"])


def parts_of(request):
    head, body = request
    line, *rest = head.split("\r\n")
    headers = {k.lower(): v.strip() for k, v in (h.split(":", 1) for h in rest)}
    login = base64.b64decode(headers["authorization"].split()[1]).decode()
    return line, headers, login, body


# --- what is asked -----------------------------------------------------------------------


def twilio_asks():
    for text in (DANISH, UCS2, "a & b = c % d\nnew line"):
        script, seen = answering("201 Created", json.dumps({"sid": "SM" + "a" * 32, "status": "queued"}))
        got = outcome("twilio", script, text=text, dlr_url=REPORT, dead_at=SMS["date"] + 7200)
        tap.same((short(got), got["provider_id"]), (("taken", 201, ""), "SM" + "a" * 32), "taken, with its id")
        line, headers, login, body = parts_of(seen[0])
        wanted = sdk("send", user=ACCOUNT, password=SECRET, message={
            "to": SMS["to"], "from": SMS["from"], "body": text, "statusCallback": REPORT,
            "validityPeriod": 7200})
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        tap.same((line.split()[:2], login), ([wanted["method"], wanted["path"]],
                                             f"{wanted['user']}:{wanted['password']}"),
                 "the same resource and login as its own library")
        seconds = int(form.pop("ValidityPeriod"))
        tap.ok(7190 <= seconds <= 7200 and wanted["form"].pop("ValidityPeriod") == 7200,
               "the window's end is its validity", seconds)
        tap.same(form, {k: str(v) for k, v in wanted["form"].items()}, "and the same form, text included")
        tap.same(headers["content-type"], "application/x-www-form-urlencoded", "as a form")
    script, seen = answering("201 Created", '{"sid": "SM1"}')
    outcome("twilio", script, **{"from": "MG" + "b" * 32})
    form = dict(urllib.parse.parse_qsl(parts_of(seen[0])[3].decode()))
    tap.same((form.get("MessagingServiceSid"), form.get("From")), ("MG" + "b" * 32, None),
             "a messaging service is named as one")
    script, seen = answering("201 Created", '{"sid": "SM1"}')
    tap.same((short(outcome("twilio", script, text="æ" * 1601)), seen), (("never", 0, "message"), []),
             "1,601 characters are not asked for")


def gatewayapi_asks():
    for text, encoding, parts in ((DANISH, "UTF8", 1), (UCS2, "UCS2", 1), ("x" * 200, "UTF8", 2)):
        script, seen = answering("200 OK", json.dumps({"ids": [1048576], "usage": {}}))
        got = outcome("gatewayapi", script, text=text, dlr_url=REPORT, dead_at=SMS["date"] + 7200)
        tap.same((short(got), got["provider_id"]), (("taken", 200, ""), "1048576"), "taken, with its id")
        line, headers, login, body = parts_of(seen[0])
        asked = json.loads(body)
        seconds = asked.pop("validity_period")
        tap.same(asked, {"sender": SMS["from"], "message": text, "recipients": [{"msisdn": 4520123456}],
                         "userref": "1", "encoding": encoding, "max_parts": parts, "callback_url": REPORT},
                 f"text, digits of the number, {encoding}, {parts} part(s)")
        tap.ok(7190 <= seconds <= 7200, "its validity", seconds)
        tap.same((line.split()[:2], login, headers["content-type"]),
                 (["POST", "/rest/mtsms"], SECRET + ":", "application/json"), "the token is the user")
    script, seen = answering("200 OK", '{"ids": [1]}')
    outcome("gatewayapi", script, **{"from": "+4571000001"})
    tap.same(json.loads(parts_of(seen[0])[3])["sender"], "4571000001", "a number that sends is digits alone")
    script, seen = answering("200 OK", '{"ids": [1]}')
    tap.same((short(outcome("gatewayapi", script, to="+45 20")), seen), (("never", 0, "message"), []),
             "what is no number is not asked for")


def elks_asks():
    script, seen = answering("200 OK", json.dumps({"id": "s17a6dafb12d6b1cabc053d57dac2b9d8",
                                                   "status": "created", "cost": 5200, "parts": 1}))
    got = outcome("46elks", script, text=DANISH, dlr_url=REPORT)
    tap.same((short(got), got["provider_id"]), (("taken", 200, ""), "s17a6dafb12d6b1cabc053d57dac2b9d8"),
             "taken, with its id")
    line, _, login, body = parts_of(seen[0])
    tap.same(dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True)),
             {"from": SMS["from"], "to": SMS["to"], "message": DANISH, "whendelivered": REPORT},
             "number, text and where the report goes")
    tap.same((line.split()[:2], login), (["POST", "/a1/sms"], "u1:" + SECRET), "by its login")


# --- what the answers mean -----------------------------------------------------------------


def refusals():
    def says(driver, status, body, headers=""):
        row = outcome(driver, answering(status, body, headers)[0])
        return row if isinstance(row, str) else (*short(row), row["at_recipient"])

    def code(number, status=400):
        return json.dumps({"code": number, "message": "no", "more_info": "", "status": status})
    for number, blamed in ((21211, True), (21614, True), (21612, False), (21408, False), (21617, False),
                           (21999, False)):
        tap.same(says("twilio", "400 Bad Request", code(number)), ("never", 400, str(number), blamed),
                 f"Twilio {number}: never{', for its number' if blamed else ''}")
    tap.same(says("twilio", "400 Bad Request", code(21610)), ("never", 400, "opted out", True),
             "Twilio 21610: the number's owner has said STOP there")
    for number in (21212, 21603, 21606):
        tap.same(says("twilio", "400 Bad Request", code(number)), ("later", 400, "login", False),
                 f"Twilio {number}: our sender, which concerns everybody")
    tap.same(says("twilio", "401 Unauthorized", code(20003, 401)), ("later", 401, "login", False),
             "Twilio 20003: our login")
    tap.same(says("twilio", "404 Not Found", code(20404, 404)), ("later", 404, "login", False),
             "Twilio 20404: our account")
    row = outcome("twilio", answering("429 Too Many Requests", code(20429, 429), "Retry-After: 7\r\n")[0])
    tap.same((short(row), row["retry_after"]), (("later", 429, "20429"), 7), "Twilio 429: later, when it says")
    for status in "408 Request Timeout", "425 Too Early":
        for driver in ("twilio", "gatewayapi", "46elks", "kannel"):
            tap.same(says(driver, status, "")[0], "later", f"{driver} {status}: not processed, so later")
    for body, blamed in (("Missing receiver number, rejected", True), ("<html>Bad Request", False), ("", False)):
        tap.same(says("kannel", "400 Bad Request", body), ("never", 400, "refused", blamed),
                 f"Kannel 400 {body}: {'for' if blamed else 'not for'} the number")
    for driver in ("gatewayapi", "46elks"):
        row = outcome(driver, answering("429 Too Many Requests", "{}", "Retry-After: 9\r\n")[0])
        tap.same((row["outcome"], row["retry_after"]), ("later", 9), f"{driver} 429: later, when it says")
    for number, status, wanted in (
            ("0x0216", "403 Forbidden", ("later", 403, "0x0216", False)),
            ("0x0213", "403 Forbidden", ("later", 403, "0x0213", False)),
            ("0x0312", "422 Unprocessable Entity", ("later", 422, "0x0312", False)),
            ("0x0308", "400 Bad Request", ("never", 400, "0x0308", False)),
            ("0xZZ;drop", "400 Bad Request", ("never", 400, "refused", False))):
        tap.same(says("gatewayapi", status, json.dumps({"code": number, "message": "no"})), wanted,
                 f"GatewayAPI {number}")
    tap.same(says("46elks", "403 Forbidden", "Not enough credits"), ("later", 403, "credit", False),
             "46elks without credit: an operator's matter")
    tap.same(says("46elks", "400 Bad Request", "Invalid to number"), ("never", 400, "refused", False),
             "46elks 400: never")


def troubles():
    def hung_up(connection, _):
        request_read(connection)

    def stall(connection, _):
        request_read(connection)
        time.sleep(3)

    def cut(connection, _):
        request_read(connection)
        connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"sid": "SM')
    for driver in ("twilio", "gatewayapi", "46elks"):
        for script, wanted, what in (
                (hung_up, ("unknown", 0, "lost"), "hung up after the request"),
                (stall, ("unknown", 0, "timeout"), "no answer"),
                (cut, ("unknown", 201, "odd reply"), "an answer cut in its text"),
                (answering("201 Created", "<html>hello</html>")[0], ("unknown", 201, "odd reply"),
                 "a 201 that names no message"),
                (answering("500 Internal Server Error", "<html/>")[0], ("unknown", 500, "refused"),
                 "500: nobody knows"),
                (answering("502 Bad Gateway", "<html/>")[0], ("unknown", 502, "refused"), "502: nobody knows"),
                (answering("503 Service Unavailable", "<html/>")[0], ("later", 503, "refused"), "503: later"),
                (answering("302 Found", "", "Location: http://127.0.0.1:1/\r\n")[0], ("later", 302, "login"),
                 "a redirect is not followed")):
            tap.same(short(outcome(driver, script, 2)), wanted, f"{driver}: {what}")
        found, _, code, err = wire_probe.run({
            "email_driver": "file", "outbox": FOLDER.name, "sms_driver": driver, "sms_user": "u",
            "sms_url": f"http://127.0.0.1:{servers.free_port()}", "sms_password_file": PASSWORD}, [SMS])
        tap.same(found.get(1, [{}])[0].get("outcome"), "later", f"{driver}: nobody there, later")
    for settings in ({"sms_driver": "twilio", "sms_user": ""}, {"sms_driver": "kannel", "sms_url": ""},
                     {"sms_driver": "pigeon"}, {"sms_driver": "twilio", "sms_user": "u", "sms_url": "ftp://a"}):
        _, _, code, err = wire_probe.run({"email_driver": "file", "outbox": FOLDER.name,
                                          "sms_password_file": PASSWORD, **settings}, [SMS])
        tap.ok(code != 0 and "sms" in err, f"refused before anything is sent: {settings}", err)


def kept_and_dropped():
    """A connection that answered one request dies under the second: curl would ask again."""
    seen = []

    def script(connection, _):
        while (got := request_read(connection)) is not None:
            seen.append(got)
            if len(seen) == 2:
                return
            body = b'{"sid": "SM1", "id": "s1", "ids": [1]}'
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    for driver in ("twilio", "gatewayapi", "46elks"):
        seen.clear()
        with servers.Fault(script) as fault:
            found, _, _, _ = wire_probe.run({
                "email_driver": "file", "outbox": FOLDER.name, "sms_driver": driver, "sms_user": ACCOUNT,
                "sms_url": f"http://127.0.0.1:{fault.port}", "sms_password_file": PASSWORD,
                "sms_connections_max": 1}, [{**SMS, "repeat": 3}])
            tap.same([short(found[n][0]) for n in (1, 2, 3)],
                     [("taken", 200, ""), ("unknown", 0, "lost"), ("taken", 200, "")],
                     f"{driver}: only the second is unknown")
            tap.same(len(seen), 3, f"{driver}: and was not asked for again")


def windows():
    """How many are under way, as the provider sees it."""
    lock, now, most = threading.Lock(), [0], []

    def serve(trouble):
        def script(connection, _):
            if request_read(connection) is None:
                return
            with lock:
                now[0] += 1
                most.append(now[0])
                nth = len(most)
            time.sleep(0.05)
            with lock:
                now[0] -= 1
            body = b'{"sid": "SM1"}'
            status = b"503 Busy" if nth <= trouble else b"201 Created"
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                               % len(body) + body)
        return script

    def run(trouble, count, **more):
        most.clear()
        with servers.Fault(serve(trouble)) as fault:
            found, last, code, err = wire_probe.run({
                "email_driver": "file", "outbox": FOLDER.name, "sms_driver": "twilio", "sms_user": ACCOUNT,
                "sms_url": f"http://127.0.0.1:{fault.port}", "sms_password_file": PASSWORD,
                "sms_connections_max": 8, **more}, [{**SMS, "repeat": count}])
        return found, last
    found, _ = run(0, 40)
    tap.same(max(most), 8, "all goes well: eight at once")
    found, _ = run(8, 120)
    tap.same(sum(r[0]["outcome"] == "later" for r in found.values()), 8, "eight are told to come later")
    tap.ok(max(most[8:16]) <= 4, "then no more than half are under way", most[8:16])
    tap.ok(max(most[-20:]) == 8 and max(most[16:30]) < 8, "which grows back slowly", most)
    began = time.monotonic()
    found, _ = run(0, 21, sms_per_second=20)
    tap.ok(len(found) == 21 and time.monotonic() - began >= 0.99, "twenty in a second, if so many are wanted",
           time.monotonic() - began)
    _, _, code, err = wire_probe.run({"email_driver": "file", "outbox": FOLDER.name, "sms_per_second": -1}, [SMS])
    tap.ok(code != 0 and "second" in err, "a negative rate is refused", err)


windows()
twilio_asks()
gatewayapi_asks()
elks_asks()
refusals()
troubles()
kept_and_dropped()
tap.done()
