#!/usr/bin/env python3
# time-limit: 600
"""kill -9 at every step of the send protocol, counted at the sink.

The judge is not the program: what arrived is counted at the relay, the message
centre or the outbox; what must be `unknown` is worked out here from the wire
journal that the dead worker left.
"""
import json
import os
import random
import re
import signal
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "server")]
import servers  # noqa: E402
from rest_provider import Provider  # noqa: E402
from sftp_house import SftpHouse  # noqa: E402
from slow_sink import SlowSink  # noqa: E402
import tap  # noqa: E402
import workspace  # noqa: E402

IMPORTED = "2026-09-20T10:00:00Z"
NOW = workspace.instant("2026-09-21T08:00:00Z")       # a Monday, 10:00 in Copenhagen
CONTACTS = 12
BATCH = 5
LEASE_SECONDS = 900
ROUNDS = 20 if os.environ.get("KILLS") == "all" else 8
SEED = 20260921
STATES = {"planned", "armed", "sent", "delivered", "bounced", "unknown", "failed", "dropped"}
TOKEN = re.compile(r"/p/([A-Za-z0-9_-]{22})")

POINTS = ["before-arm", "before-arm:2", "after-arm", "after-arm:3",
          "before-journal", "before-journal:2", "before-journal:5",
          "after-journal", "after-journal:2", "after-journal:5",
          "mid-wire", "mid-wire:2", "mid-wire:5",
          "after-wire", "after-wire:2", "after-wire:5",
          "after-outcome", "after-outcome:2", "after-outcome:5"]

# Everything is what `make test-long` asks for; the file driver, being quick, always gets it.
SOME = POINTS if os.environ.get("KILLS") == "all" else [
    "before-arm", "after-arm:3", "before-journal:2", "after-journal", "after-journal:5",
    "mid-wire", "mid-wire:5", "after-wire:2", "after-outcome", "after-outcome:5"]

totals = {"kills": 0, "contacts": 0, "unknown": 0, "doubles": 0, "lost": 0}
made = 0


# --- the ways out of the house ---------------------------------------------------

class Way:
    """One driver: how to set it up, and what its sink has of each debtor."""

    def arrived(self, w):
        """[(debtor, link token)], one for each message."""
        raise NotImplementedError


class Smtp(Way):
    name = "smtp"

    def __init__(self, sink):
        self.sink = sink

    def set_up(self, w):
        w.setting("email", "driver", "smtp")
        w.setting("email", "url", self.sink.url)
        w.setting("email", "starttls", "false")

    def row(self, tag, n):
        return {"email": f"t{tag}n{n}@kunde.example"}

    def arrived(self, w):
        found = []
        for envelope, raw in self.sink.messages():
            to = re.match(r"<t(\d+)n(\d+)@", envelope["x-rcpt-args"])
            if to and int(to.group(1)) == w.tag:
                message = workspace.email.message_from_bytes(
                    raw, policy=workspace.email.policy.default)
                found.append((int(to.group(2)), TOKEN.search(
                    workspace.mail_text(message)).group(1)))
        return found


class Sms(Way):
    name = "kannel"

    def __init__(self, kannel, centre, password):
        self.kannel, self.centre, self.password = kannel, centre, password

    def set_up(self, w):
        w.setting("sms", "driver", "kannel")
        w.setting("sms", "url", self.kannel.url)
        w.setting("sms", "user", servers.Kannel.USER)
        w.setting("sms", "password_file", self.password)

    def row(self, tag, n):
        return {"email": "", "phone": f"+45 20{tag:03d}{n:03d}"}

    def arrived(self, w):
        servers.wait_until(lambda: "0 queued" in self.kannel.status(), 5)
        parts = {}
        for submit in self.centre.submits():
            number = submit["to"].lstrip("+0")
            if number.startswith(f"4520{w.tag:03d}"):
                octets = submit["body"] or bytes.fromhex(submit["hex"]).decode(
                    "utf-16-be" if submit["data_coding"] == 8 else "latin-1")
                parts.setdefault((int(number[-3:]), (submit["udh"] or [""])[0][:-2]),
                                 []).append(octets)
        # A message of several parts is one message: its first part counts it.
        return [(n, "".join(texts)) for (n, _), texts in parts.items()
                for _ in range(max(1, len(texts) // max(1, parts_of(texts))))]


class Rest(Way):
    """A provider that is asked by HTTP, once for each message."""

    def __init__(self, name, password, answer):
        self.name, self.password = name, password
        self.provider = Provider(lambda n: (200, json.dumps(answer(n))))

    def set_up(self, w):
        for name, value in (("driver", self.name), ("url", self.provider.url), ("user", "AC1"),
                            ("password_file", self.password)):
            w.setting("sms", name, value)

    def row(self, tag, n):
        return {"email": "", "phone": f"+45 20{tag:03d}{n:03d}"}

    def arrived(self, w):
        found = []
        for asked in list(self.provider.asked):
            number = str(asked["recipients"][0]["msisdn"] if "recipients" in asked else
                         asked.get("To") or asked.get("to")).lstrip("+")
            if number.startswith(f"4520{w.tag:03d}"):
                text = asked.get("message") or asked.get("Body")
                found.append((int(number[-3:]), TOKEN.search(text).group(1)))
        return found


class Pair(Rest):
    """A first provider that is down every other time, and a second that takes it then."""

    def __init__(self, password):
        super().__init__("46elks", password, lambda n: {"id": f"s{n}"})
        self.name = "a second provider"
        self.first = Provider(lambda n: (503, "") if n % 2 else (201, json.dumps({"sid": f"SM{n}"})))

    def set_up(self, w):
        for section, driver, url in (("sms", "twilio", self.first.url),
                                     ("sms_second", "46elks", self.provider.url)):
            for name, value in (("driver", driver), ("url", url), ("user", "AC1"),
                                ("password_file", self.password)):
                w.setting(section, name, value)

    def arrived(self, w):
        found = super().arrived(w)
        for nth, asked in enumerate(list(self.first.asked), 1):
            if nth % 2 == 0 and asked["To"].startswith(f"+4520{w.tag:03d}"):
                found.append((int(asked["To"][-3:]), TOKEN.search(asked["Body"]).group(1)))
        return found


class Letters(Way):
    """A print house by SFTP: the same letter twice is the same file."""
    name = "sftp"

    def __init__(self, house):
        self.house = house

    def set_up(self, w):
        for name, value in (("driver", "sftp"), ("url", f"{self.house.url}{w.tag}"), ("user", self.house.user),
                            ("key_file", self.house.key), ("known_hosts", self.house.known_hosts)):
            w.setting("letter", name, value)
        w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
        for name, value in (("street", "Elmevej 1"), ("postcode", "8000"), ("city", "Aarhus C")):
            w.setting("creditor demo", name, value)
        os.mkdir(os.path.join(self.house.folder, str(w.tag)))

    def row(self, tag, n):
        return {"email": "", "street": f"Gade {n}", "postcode": "8000", "city": "Aarhus C"}

    def arrived(self, w):
        who = dict(w.sql("select k.id, d.external_id from contact k join debtor d on d.id = k.debtor_id"))
        return [(int(who[int(name[1:-4])][1:]), name)
                for name in os.listdir(os.path.join(self.house.folder, str(w.tag))) if name[0] == "C"]


def parts_of(texts):
    """How many different parts there are among what came for one message."""
    return len(set(texts))


class File(Way):
    name = "file"

    def set_up(self, w):
        pass

    def row(self, tag, n):
        # Lines are never merged, so a double would be seen.
        return {"email": "", "phone": f"+45 20{tag:03d}{n:03d}"} if n % 3 else \
            {"email": f"t{tag}n{n}@kunde.example"}

    def arrived(self, w):
        found = [(int(line["to"][-3:]), TOKEN.search(line["text"]).group(1))
                 for line in w.texts()]
        for message in w.mails().values():
            found.append((int(re.search(r"n(\d+)@", message["To"]).group(1)),
                          TOKEN.search(workspace.mail_text(message)).group(1)))
        return found


def make(way, batch=BATCH, debtors=CONTACTS, connections=None):
    """A workspace with that many planned contacts over that way."""
    global made
    made += 1
    w = workspace.Workspace()
    w.tag = made
    w.setting("purr", "send_batch", batch)
    way.set_up(w)
    for section in ("email", "sms") if connections else ():
        w.setting(section, "connections", connections)
    w.invoices([workspace.invoice(f"F{n}", f"K{n}", "2026-09-10", "100.00", **way.row(w.tag, n))
                for n in range(1, debtors + 1)], IMPORTED)
    w.run("plan", at=workspace.at_text(NOW))
    if w.one("select count(*) from contact where state = 'planned'") != debtors:
        raise RuntimeError("the plan did not plan them all")
    totals["contacts"] += debtors
    return w


# --- what a dead worker left --------------------------------------------------------------

def journal_says(w, worker="main"):
    """({(contact, token)} begun, same with an outcome), whole lines only.  What begins again,
    with the second provider, has none any more."""
    begun, ended = set(), set()
    try:
        with open(w.path("journal", f"{worker}.wire")) as f:
            lines = f.read().split("\n")[:-1]
    except FileNotFoundError:
        return begun, ended
    for line in lines:
        word = line.split(" ")
        if word[0] == "B":
            begun.add((int(word[1]), word[2]))
            ended.discard((int(word[1]), word[2]))
        if word[0] == "E":
            ended.add((int(word[1]), word[2]))
    return begun, ended


def must_be_unknown(w, worker="main"):
    """Contacts that were on the wire when their worker died."""
    begun, ended = journal_says(w, worker)
    return {contact for contact, token in
            w.sql("select id, lease_token from contact where state = 'armed'")
            if (contact, token) in begun - ended}


def count(w, way):
    """(trouble as text or "", messages at the sink) once everything has settled."""
    states = dict(w.sql("select d.external_id, c.state from contact c "
                        "join debtor d on d.id = c.debtor_id"))
    rows = w.one("select count(*) from contact")
    arrived, trouble = way.arrived(w), []
    per = {}
    for debtor, token in arrived:
        per.setdefault(debtor, []).append(token)
    doubles = {d: len(t) for d, t in per.items() if len(t) > 1}
    totals["doubles"] += sum(n - 1 for n in doubles.values())
    if doubles:
        trouble.append(f"more than one: {doubles}")
    if rows != len(states):
        trouble.append(f"{rows} contacts for {len(states)} debtors")
    if not set(states.values()) <= {"sent", "unknown"}:
        trouble.append(f"states: {states}")
    for name, state in states.items():
        number = len(per.get(int(name[1:]), []))
        if state == "sent" and number != 1:
            totals["lost"] += number == 0
            trouble.append(f"{name} is sent, and {number} arrived")
    totals["unknown"] += list(states.values()).count("unknown")
    return "; ".join(trouble), len(arrived)


def send(w, seconds, *options, env=None):
    return w.run("send", *options, at=workspace.at_text(NOW + seconds), env=env)


def settle(w, first=2):
    """Sends again at once, after the first wait, and after the lease."""
    for seconds in (first, first + 400, first + LEASE_SECONDS + 400):
        done = send(w, seconds)
        if done.returncode != 0:
            return done.stderr
    return ""


# --- named points ----------------------------------------------------------------------------

def at_point(way, point):
    with make(way) as w:
        done = send(w, 0, env={"PURR_DIE_AT": point})
        totals["kills"] += done.returncode == -signal.SIGKILL
        wanted = must_be_unknown(w)
        early = {c for c, s in w.states().items() if s not in STATES}
        trouble = settle(w)
        unknown = {c for c, s in w.states().items() if s == "unknown"}
        wrong, arrived = count(w, way)
        name = point.partition(":")[0]
        none_on_wire = name in ("before-arm", "after-arm") or point in (
            "before-journal", "after-outcome") and way.name == "file"
        tap.ok(done.returncode == -signal.SIGKILL and not early and not trouble and not wrong
               and unknown == wanted and not (none_on_wire and unknown),
               f"{way.name}, killed {point}: {arrived} of {CONTACTS} at the sink, "
               f"{len(unknown)} unknown",
               f"exit {done.returncode} {done.stderr}\n{trouble}\n{wrong}\n"
               f"unknown {sorted(unknown)}, wanted {sorted(wanted)}")


# --- random moments ----------------------------------------------------------------------------

def at_random():
    chance = random.Random(SEED)
    sink = SlowSink(random.Random(SEED))
    way = Smtp(sink)
    sound, kills, arrived_all, unknown_all, wrong = 0, 0, 0, 0, []
    for nth in range(ROUNDS):
        with make(way, batch=4, connections=1 + nth % 3) as w:
            wanted, seconds, round_kills = set(), 0, 0
            while True:
                process = w.start("send", at=workspace.at_text(NOW + seconds))
                try:
                    process.wait(chance.uniform(0.01, 0.35) if round_kills < 6 else 60)
                except servers.subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                code = process.wait()
                seconds += 2
                if code == 0:
                    break
                if code != -signal.SIGKILL:
                    wrong.append(f"round {nth}: exit {code}")
                    break
                round_kills += 1
                found = must_be_unknown(w)
                wanted |= found
                if len(found) > 1 + nth % 3:
                    wrong.append(f"round {nth}: {len(found)} unknown by one kill")
            kills += round_kills
            settle(w, seconds)
            unknown = {c for c, s in w.states().items() if s == "unknown"}
            trouble, arrived = count(w, way)
            arrived_all += arrived
            unknown_all += len(unknown)
            if trouble or unknown != wanted:
                wrong.append(f"round {nth}: {trouble} unknown {sorted(unknown)}, "
                             f"wanted {sorted(wanted)}")
            else:
                sound += 1
    totals["kills"] += kills
    tap.ok(sound == ROUNDS and kills >= ROUNDS and not wrong,
           f"smtp, {kills} kills at random moments of {ROUNDS} rounds: "
           f"{arrived_all} of {ROUNDS * CONTACTS} at the sink, {unknown_all} unknown, none twice",
           "\n".join(wrong))


# --- a journal that is gone, another boot ------------------------------------------------------

def lost_journal(way, ways_to_lose):
    for what, point in ways_to_lose:
        for worker in ("main", "second"):
            with make(way) as w:
                done = send(w, 0, env={"PURR_DIE_AT": point})
                totals["kills"] += done.returncode == -signal.SIGKILL
                armed = {c for c, s in w.states().items() if s == "armed"}
                path = w.path("journal", "main.wire")
                if what == "deleted":
                    os.remove(path)
                else:
                    open(path, "w").close()
                later = 2 if worker == "main" else LEASE_SECONDS + 2
                again = send(w, later, "--worker", worker)
                trouble = settle(w, later + 2)
                unknown = {c for c, s in w.states().items() if s == "unknown"}
                wrong, _ = count(w, way)
                tap.ok(armed and unknown == armed and not trouble and not wrong
                       and again.returncode == 0,
                       f"{way.name}, journal {what} after a kill {point}, found by {worker}: "
                       f"the batch of {len(armed)} is unknown",
                       f"armed {armed}\nunknown {unknown}\n{again.stderr}{trouble}\n{wrong}")


def other_boot(way):
    for worker in ("main", "second"):
        with make(way) as w:
            done = send(w, 0, env={"PURR_DIE_AT": "after-wire:3"})
            totals["kills"] += done.returncode == -signal.SIGKILL
            armed = {c for c, s in w.states().items() if s == "armed"}
            path = w.path("journal", "main.wire")
            with open(path) as f:
                text = f.read()
            old = re.search(r"^H purr-wire 3 (\S+) \.$", text, re.M).group(1)
            other = "00000000-0000-4000-8000-000000000000"
            with open(path, "w") as f:
                f.write(text.replace(old, other))
            w.sql("update contact set boot_id = ? where state = 'armed'", other)
            later = 2 if worker == "main" else LEASE_SECONDS + 2
            send(w, later, "--worker", worker)
            trouble = settle(w, later + 2)
            unknown = {c for c, s in w.states().items() if s == "unknown"}
            wrong, _ = count(w, way)
            tap.ok(armed and unknown == armed and not trouble and not wrong,
                   f"{way.name}, the machine restarted, found by {worker}: the batch of "
                   f"{len(armed)} is unknown", f"{armed} {unknown} {trouble} {wrong}")


# --- two workers ---------------------------------------------------------------------------------

def slow_worker():
    """A worker that is slower than its lease still lives: nobody may take its
    contacts over."""
    sink = SlowSink(random.Random(SEED))
    sink.most_seconds = 0.2
    way = Smtp(sink)
    with make(way, batch=CONTACTS, connections=1) as w:
        slow = w.start("send", "--worker", "slow", at=workspace.at_text(NOW))
        servers.wait_until(lambda: len(sink.messages()) >= 2)
        taken = send(w, LEASE_SECONDS + 2, "--worker", "quick")
        alive = slow.poll() is None
        again = send(w, LEASE_SECONDS + 10, "--worker", "quick")
        slow.wait(60)
        trouble = settle(w, LEASE_SECONDS + 20)
        wrong, arrived = count(w, way)
        tap.ok(alive and not wrong and not trouble and arrived == CONTACTS
               and (taken.returncode, again.returncode, slow.returncode) == (0, 0, 0),
               "a worker that outlives its lease keeps its contacts: "
               f"{arrived} of {CONTACTS}, none twice", f"alive {alive}\n{wrong}\n{trouble}\n"
               f"{taken.stdout}{taken.stderr}{again.stdout}{again.stderr}")


def other_worker(way):
    """A worker that never comes back: another one waits for the lease."""
    with make(way) as w:
        done = send(w, 0, "--worker", "gone", env={"PURR_DIE_AT": "after-wire:2"})
        totals["kills"] += done.returncode == -signal.SIGKILL
        armed = {c for c, s in w.states().items() if s == "armed"}
        wanted = must_be_unknown(w, "gone")
        send(w, 2)
        kept = {c for c, s in w.states().items() if s == "armed"}
        tap.same(kept, armed, f"{way.name}, before the lease has run out nobody touches them")
        trouble = settle(w, LEASE_SECONDS + 2)
        unknown = {c for c, s in w.states().items() if s == "unknown"}
        wrong, arrived = count(w, way)
        tap.ok(unknown == wanted and not wrong and not trouble,
               f"{way.name}, then another worker sorts them: {arrived} at the sink, "
               f"{len(unknown)} unknown", f"{unknown} {wanted} {wrong} {trouble}")


def connecting(way):
    """Killed before anything could leave: nobody has taken the connection's first byte."""
    mute = servers.Fault(lambda connection, _: connection.recv(1 << 20) and time.sleep(60))
    with mute, make(way) as w:
        w.setting("sms", "url", f"https://127.0.0.1:{mute.port}")
        worker = w.start("send", at=workspace.at_text(NOW))
        servers.wait_until(lambda: mute.connections >= 1)
        time.sleep(0.3)
        worker.kill()
        worker.communicate()
        totals["kills"] += 1
        w.setting("sms", "url", way.provider.url)
        trouble = settle(w)
        states = set(w.states().values())
        wrong, arrived = count(w, way)
        tap.ok(states == {"sent"} and arrived == CONTACTS and not trouble and not wrong,
               f"killed while it connects: nothing is unknown, {arrived} at the sink", f"{states} {trouble} {wrong}")


def held_name():
    """Two processes under one worker's name: the second is refused."""
    sink = SlowSink(random.Random(SEED))
    sink.most_seconds = 0.1
    way = Smtp(sink)
    with make(way, batch=CONTACTS, connections=1) as w:
        first = w.start("send", at=workspace.at_text(NOW))
        servers.wait_until(lambda: len(sink.messages()) >= 1)
        done = send(w, 2)
        first.wait(60)
        wrong, arrived = count(w, way)
        tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1 and "held" in done.stderr
               and not wrong and arrived == CONTACTS,
               "two processes cannot be one worker, and nothing is sent twice",
               f"{done.returncode} {done.stderr} {wrong}")


def main():
    with tempfile.TemporaryDirectory(prefix="purr-") as folder:
        way = File()
        for point in POINTS:
            at_point(way, point)
        lost_journal(way, (("deleted", "after-wire:3"), ("deleted", "after-arm"),
                           ("emptied", "after-wire:3"), ("emptied", "after-arm")))
        other_boot(way)
        other_worker(way)
        with servers.SmtpSink() as sink:
            way = Smtp(sink)
            for point in SOME:
                at_point(way, point)
            lost_journal(way, [("deleted", "after-wire:3")])
            other_worker(way)
        password = os.path.join(folder, "password")
        with open(password, "w") as f:
            f.write(servers.Kannel.PASSWORD + "\n")
        os.chmod(password, 0o600)
        with servers.SmppCentre() as centre, servers.Kannel(centre.port) as kannel:
            tap.ok(kannel.wait_online(), "Kannel reaches the message centre")
            way = Sms(kannel, centre, password)
            for point in SOME:
                at_point(way, point)
        for name, answer in (("twilio", lambda n: {"sid": f"SM{n}"}), ("gatewayapi", lambda n: {"ids": [n]}),
                             ("46elks", lambda n: {"id": f"s{n}"})):
            way = Rest(name, password, answer)
            # They share all but what is asked and how an answer is read.
            for point in SOME if name == "twilio" else SOME[::2]:
                at_point(way, point)
            if name == "46elks":
                connecting(way)
            way.provider.close()
        way = Pair(password)
        for point in ("before-second", "before-second:2", "before-second:5", "after-journal:2", "mid-wire:3",
                      "after-wire:3", "after-outcome:2"):
            at_point(way, point)
        way.provider.close()
        way.first.close()
        with SftpHouse() as house:
            way = Letters(house)
            for point in SOME:
                at_point(way, point)
    at_random()
    slow_worker()
    held_name()
    tap.note(", ".join(f"{n} {what}" for what, n in totals.items()))
    tap.ok(totals["doubles"] == 0 and totals["lost"] == 0,
           f"{totals['kills']} kills, {totals['contacts']} contacts, {totals['unknown']} unknown, "
           f"{totals['doubles']} doubles")
    tap.done()


if __name__ == "__main__":
    main()
