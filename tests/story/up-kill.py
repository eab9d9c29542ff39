#!/usr/bin/env python3
# time-limit: 240
"""up-kill.py - purr up while 200 letters leave, and each of its processes is
killed with SIGKILL again and again: the sink counts.

Letters, since they may leave at any hour: `purr up` lives in the present.
"""
import collections
import datetime
import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "lib")]
import tap
import workspace

DEBTORS = 200
SEED = 20261122
SECONDS_MAX = 150
ENDED = ("sent", "unknown")


def make(w):
    due = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=6)
    w.setting("purr", "send_batch", "1")
    w.invoices([workspace.invoice(f"F{i}", f"K{i}", str(due), "100.00", email="", street=f"Gade {i}",
                                  postcode="8000", city="Aarhus C") for i in range(DEBTORS)], at=None)


class Up:
    """purr up, and where it serves."""

    def __init__(self, w):
        self.child = subprocess.Popen(w.argv("up", "--listen", "127.0.0.1:0"), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ports, self.log = [], []
        for pipe, keep in ((self.child.stdout, self.see), (self.child.stderr, self.log.append)):
            threading.Thread(target=lambda p=pipe, k=keep: [k(line) for line in p], daemon=True).start()

    def see(self, line):
        found = re.search(r":(\d+)/$", line.strip())
        if found:
            self.ports.append(int(found.group(1)))

    def pids(self):
        """{name: pid} of its children, as ps shows them."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as f:
                    name, rest = re.match(r"\d+ \((.*)\) (.*)", f.read(), re.S).groups()
            except (OSError, AttributeError):
                continue
            state, parent = rest.split()[:2]
            if int(parent) == self.child.pid and state != "Z":
                found[name] = int(pid)
        return found

    def wait_pid(self, name, seconds=40):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid = self.pids().get(name)
            if pid:
                return pid
            time.sleep(0.005)
        raise RuntimeError(f"{name} is not running: {''.join(self.log[-5:])}")


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def answers(up):
    """Does the newest server answer?  It may have come back this moment."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            c = http.client.HTTPConnection("127.0.0.1", up.ports[-1], timeout=2)
            c.request("GET", "/readyz")
            if c.getresponse().status == 200:
                return True
        except (OSError, IndexError, http.client.HTTPException):
            time.sleep(0.05)
    return False


def gone(pids, seconds=20):
    until = time.monotonic() + seconds
    while any(alive(p) for p in pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(alive(p) for p in pids)


def is_over(w):
    counts = dict(w.sql("select state, count(*) from contact group by state"))
    return sum(counts.values()) == DEBTORS and set(counts) <= set(ENDED)


def kill_round(w, up, chance, kills):
    """One process dies; the supervisor in place afterwards."""
    name = ("work", "up", "work", "serve", "work")[sum(kills.values()) % 5]
    pid = up.wait_pid("work" if name == "up" else name)
    time.sleep(chance.uniform(0.0, 0.12))
    if name != "up":
        try:
            os.kill(pid, signal.SIGKILL)
            kills[name] += 1
        except ProcessLookupError:
            pass			# it ended by itself meanwhile
        return up
    kills[name] += 1
    children = list(up.pids().values())
    up.child.kill()
    up.child.wait()
    if kills[name] == 1:
        tap.ok(gone(children), "when the supervisor is killed, its children end by themselves")
    return Up(w)


def finish(w, up):
    """Kills are over: wait until every contact has an end, hurrying it along."""
    until = time.monotonic() + SECONDS_MAX
    while not is_over(w) and time.monotonic() < until:
        up.child.send_signal(signal.SIGUSR1)
        time.sleep(0.5)


def judge(w, kills):
    states = w.states()
    left = collections.Counter(line["contact"] for line in w.letters())
    counts = collections.Counter(states.values())
    tap.note(f"kills {dict(kills)}, contacts {len(states)}, {dict(counts)}, letters {sum(left.values())}")
    tap.same(len(states), DEBTORS, "one contact for each debtor")
    tap.same([k for k, n in left.items() if n != 1], [], "the sink has no contact twice")
    tap.same([k for k, s in states.items() if s not in ENDED], [], "every contact has come to its end")
    tap.same([k for k, s in states.items() if s == "sent" and left[k] != 1], [],
             "what is said to be sent lies in the sink")
    tap.same([k for k in left if states[k] not in ENDED], [], "what lies in the sink is known of")
    tap.ok(counts["unknown"] <= kills["work"] + kills["up"], "not more unknown than kills on the wire", counts)
    tap.same(w.one("select count(*) from (select 1 from contact_case where void = 0 group by case_id, "
                   "invoice_id, step having count(*) > 1)"), 0, "no step taken twice")


def main():
    chance, kills = random.Random(SEED), collections.Counter()
    with workspace.Workspace() as w:
        make(w)
        up = Up(w)
        while sum(kills.values()) < 15 and not is_over(w):
            up = kill_round(w, up, chance, kills)
        tap.ok(kills["work"] >= 3 and kills["up"] >= 1 and kills["serve"] >= 1,
               "each kind of process was killed while letters left", kills)
        finish(w, up)
        tap.ok(answers(up), "the pages are served again")
        children = list(up.pids().values())
        up.child.send_signal(signal.SIGTERM)
        tap.same(up.child.wait(timeout=30), 0, "SIGTERM ends the supervisor")
        tap.ok(gone(children), "and its children")
        judge(w, kills)
        w.setting("creditor demo", "zone", "Nowhere/Place")
        bad = subprocess.run(w.argv("up", "--listen", "nonsense"), capture_output=True, text=True, timeout=60)
        tap.ok(bad.returncode == 1 and "serve does not start" in bad.stderr, "what cannot start is given up",
               bad.stderr)
    tap.done()


main()
