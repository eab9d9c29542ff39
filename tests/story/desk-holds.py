#!/usr/bin/env python3
# variants: release asan
"""desk-holds.py - hold, release, pause, resume, resolve, work, migrate: what an
operator decides, and what the next passes make of it.
"""
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "lib")]
import tap
import workspace

MONDAY = "2026-09-21T10:00:00Z"
BEFORE = "2026-09-20T19:00:00Z"			# Sunday: planned for Monday, not sent
NAMES = ("free", "held", "part", "cased", "later")


def make(w):
    rows = [workspace.invoice(f"F-{who}", who, "2026-09-15", "1249.00") for who in NAMES]
    rows.append(workspace.invoice("F-part2", "part", "2026-09-14", "300.00"))
    w.invoices(rows, at="2026-09-20T10:00:00Z")
    w.json("plan", at=BEFORE)


def state(w, who):
    return [r[0] for r in w.sql("select k.state from contact k join debtor d on d.id = k.debtor_id "
                                "where d.external_id = ? order by k.id", who)]


def fails(w, code, command, *args, at=MONDAY):
    before = w.dump()
    done = w.run(command, *args, at=at)
    lines = done.stderr.splitlines()
    tap.ok(done.returncode == code and len(lines) == 1 and done.stdout == "" and w.dump() == before,
           f"purr {command} {' '.join(args)}: code {code}, one line, nothing changed",
           (done.returncode, done.stdout, done.stderr))


def check_hold(w):
    tap.same([state(w, n) for n in NAMES], [["planned"]] * 5, "five contacts are planned")
    case_id = w.one("select c.id from \"case\" c join debtor d on d.id = c.debtor_id "
                    "where d.external_id = 'cased'")
    held = w.json("hold", "--debtor", "held", "--reason", "a \"quote\"", "--by", "Ida", at=BEFORE)
    part = w.json("hold", "--invoice", "F-part2", "--type", "dispute", at=BEFORE)
    w.json("hold", "--case", str(case_id), "--until", "2026-09-25", at=BEFORE)
    tap.same([state(w, n) for n in ("free", "held", "part", "cased")],
             [["planned"], ["dropped"], ["dropped"], ["dropped"]], "what is planned and covered is dropped at once")
    tap.same(w.sql("select distinct reason from contact where state = 'dropped'"), [("hold",)], "with its reason")
    tap.same(w.sql("select owner, reason, until_at from hold where id = ?", held["holds"][0]),
             [("Ida", 'a "quote"', 253402300799)], "owner, reason, open end")
    tap.same(w.sql("select void from contact_case cc join contact k on k.id = cc.contact_id where "
                   "k.state = 'dropped' and void = 0"), [], "the steps of dropped contacts are free again")
    return held["holds"][0], part["holds"][0]


def check_after(w, held, part):
    w.json("run", at=MONDAY)
    mails = {m["To"]: workspace.mail_text(m) for m in w.mails().values()}
    tap.same(sorted(mails), ["free@kunde.example", "later@kunde.example", "part@kunde.example"],
             "Monday: the debtor and the case on hold get nothing")
    text = mails["part@kunde.example"]
    tap.ok("F-part" in text and "1.549" not in text and
           re.search(r"Sat på pause, og ikke med i beløbet:\s+- Faktura F-part2\. 300,00\skr\.", text) is not None,
           "an invoice on hold is named as set aside, and not asked for", text)
    tap.same(w.run("release", "--debtor", "held", at="2026-09-22T10:00:00Z").returncode, 0, "release by debtor")
    fails(w, 1, "release", str(held), at="2026-09-22T10:00:00Z")
    for day in ("22", "23", "24", "25", "28", "29"):
        w.json("run", at=f"2026-09-{day}T10:00:00Z")
    sent = dict(w.sql("select d.external_id, min(k.sent_at) from contact k join debtor d on "
                      "d.id = k.debtor_id where k.state = 'sent' group by 1"))
    tap.same(workspace.at_text(sent["held"])[:10], "2026-09-24", "two days after its release it goes on")
    tap.same(workspace.at_text(sent["cased"])[:10], "2026-09-28",
             "a hold to the 25th: two days after, on the Monday")
    tap.same(w.run("release", f"P-{part:06}", at="2026-09-29T12:00:00Z").returncode, 0,
             "a receipt number releases, too")


def check_pause(w):
    tap.same(w.run("pause", at="2026-09-30T06:00:00Z").returncode, 0, "pause everything")
    w.json("run", at="2026-10-01T10:00:00Z")
    left = w.left()
    tap.same(w.one("select count(*) from contact where sent_at > ?",
                   workspace.instant("2026-09-30T06:00:00Z")), 0, "nothing leaves meanwhile")
    tap.same(w.run("resume", at="2026-10-01T11:00:00Z").returncode, 0, "resume")
    w.json("run", at="2026-10-05T10:00:00Z")
    tap.ok(w.left() > left, "afterwards it goes on")
    fails(w, 1, "resume", at="2026-10-05T11:00:00Z")


def check_refusals(w):
    fails(w, 1, "hold", "--debtor", "nobody")
    fails(w, 1, "hold", "--invoice", "F-nothing")
    fails(w, 1, "hold", "--case", "99999")
    fails(w, 1, "hold", "--debtor", "free", "--type", "sulk")
    fails(w, 1, "hold", "--debtor", "free", "--until", "soon")
    fails(w, 1, "hold", "--debtor", "free", "--until", "2026-09-20")
    fails(w, 1, "hold", "--debtor", "free", "--creditor", "other")
    fails(w, 1, "release", "9999")
    fails(w, 1, "pause", "--creditor", "other")
    fails(w, 2, "hold")
    fails(w, 2, "hold", "--debtor", "free", "--invoice", "F-free")
    fails(w, 2, "release")
    fails(w, 2, "resolve", "1")
    fails(w, 1, "resolve", "1", "--sent")
    fails(w, 1, "resolve", "99999", "--sent")
    fails(w, 1, "serve", "--listen", "nonsense")
    fails(w, 1, "serve", "--listen", "127.0.0.1:70000")
    fails(w, 2, "work")


def unknown(w, no):
    """A contact that died on the wire."""
    w.invoices([workspace.invoice(f"F-{no}", no, "2026-10-06", "99.00")], at="2026-10-11T10:00:00Z")
    w.run("run", at="2026-10-12T10:00:00Z", env={"PURR_DIE_AT": "after-wire"})
    w.json("send", at="2026-10-12T10:30:00Z")
    return w.one("select k.id from contact k join debtor d on d.id = k.debtor_id where "
                 "d.external_id = ? and k.state = 'unknown'", no)


def check_resolve(w):
    first = unknown(w, "lost")
    tap.same(w.run("resolve", str(first), "--not-sent", "--by", "Ida", at="2026-10-12T11:00:00Z").returncode, 0,
             "an unknown contact is said not to have been sent")
    tap.same(w.one("select count(*) from address a join debtor d on d.id = a.debtor_id where "
                   "d.external_id = 'lost' and a.bad_at is not null"), 0,
             "that says nothing about the address")
    tap.same(w.one("select count(*) from task where contact_id = ? and done_by = 'Ida'", first), 1,
             "its task is done")
    w.json("run", at="2026-10-12T12:00:00Z")
    tap.same(state(w, "lost"), ["failed", "sent"], "the step is free and is taken again, over the same channel")
    second = unknown(w, "found")
    w.json("run", at="2026-11-02T10:00:00Z")
    tap.same(state(w, "found"), ["unknown"], "nothing more until somebody says")
    tap.same(w.run("resolve", str(second), "--sent", at="2026-11-02T11:00:00Z").returncode, 0, "it was sent")
    w.json("run", at="2026-11-03T10:00:00Z")
    tap.same(w.sql("select k.step, k.state from contact k join debtor d on d.id = k.debtor_id "
                   "where d.external_id = 'found' order by k.id"),
             [("friendly_reminder", "sent"), ("fee_reminder", "sent")],
             "and is not sent again: the ladder goes on from the day on which it left")


def check_work(w):
    for _ in range(2):			# what the first sends, the second takes note of
        w.json("run", at="2026-10-14T12:00:00Z")
    before = w.dump()
    tap.same(w.run("work", "--once", at="2026-10-14T12:00:00Z").returncode, 0, "work --once")
    tap.same(w.dump(), before, "a pass at an instant that was worked already writes nothing")
    child = subprocess.Popen(w.argv("work", "--worker", "w1"), stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 20
    while w.one("select count(*) from lease where name = 'work:w1'") == 0 and time.monotonic() < until:
        time.sleep(0.05)
    done = w.run("work", "--worker", "w1", "--once")
    tap.ok(done.returncode == 1 and "running already" in done.stderr, "a name is held by one process", done.stderr)
    child.send_signal(signal.SIGUSR1)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=20)
    tap.same(child.returncode, 0, "SIGTERM ends a worker")
    tap.same(w.one("select count(*) from lease"), 0, "and its name is free")
    w.sql("insert into lease values ('work:w2', 'another-machine', 'x', ?)", int(time.time()) + 600)
    done = w.run("work", "--worker", "w2", "--once")
    tap.ok(done.returncode == 1 and "another machine" in done.stderr, "a lease of another machine is kept",
           done.stderr)
    w.sql("update lease set until_at = ?", int(time.time()) - 1)
    tap.same(w.run("work", "--worker", "w2", "--once").returncode, 0, "until it has run out")


def check_migrate(w):
    tap.same(w.json("migrate")["backup"], "", "migrate: nothing to do")
    path = w.path("old")
    os.mkdir(path)
    base = sqlite3.connect(os.path.join(path, "purr.db"))
    base.execute("create table kept (x)")
    base.execute("insert into kept values (7)")
    base.commit()
    base.close()
    argv = [workspace.PURR, "migrate", "-C", path]
    tap.same(subprocess.run(argv, capture_output=True).returncode, 0, "an older database is brought up")
    copy = sqlite3.connect(os.path.join(path, "purr.db.0.backup"))
    tap.same(copy.execute("select x from kept").fetchall(), [(7,)], "and a copy of it kept first")
    tap.same(copy.execute("select count(*) from sqlite_master").fetchone(), (1,), "as it was")
    copy.close()
    done = subprocess.run([workspace.PURR, "migrate", "-C", w.path("none")], capture_output=True, text=True)
    tap.ok(done.returncode == 1 and len(done.stderr.splitlines()) == 1, "no database: one line", done.stderr)
    w.sql("insert into schema_version values (99, 0)")
    done = w.run("plan")
    tap.ok(done.returncode == 1 and "purr migrate" in done.stderr, "a newer schema is refused", done.stderr)
    done = w.run("migrate")
    tap.ok(done.returncode == 1 and "newer" in done.stderr, "also by migrate", done.stderr)


def main():
    with workspace.Workspace() as w:
        make(w)
        check_after(w, *check_hold(w))
        check_pause(w)
        check_refusals(w)
        with workspace.Workspace() as alone:
            check_resolve(alone)
        check_work(w)
        check_migrate(w)
    tap.done()


main()
