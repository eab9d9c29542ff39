#!/usr/bin/env python3
# variants: release asan
"""desk-tasks.py - what a debtor writes reaches a person: purr tasks lists it
with who and when, and it is ticked off once.
"""
import os
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "lib")]
import served
import tap
import workspace

SENT = "2026-09-21T10:00:00Z"
PRESSED = "2026-09-21T12:00:00Z"
LATER = "2026-09-22T10:00:00Z"
PEOPLE = ("wrong", "parts", "help")


def refused(w, code, *args):
    before = w.dump()
    done = w.run("tasks", *args, at=LATER)
    tap.ok(done.returncode == code and done.stdout == "" and len(done.stderr.splitlines()) == 1 and
           w.dump() == before, f"purr tasks {' '.join(args)}: code {code}, one line, nothing changed",
           (done.returncode, done.stdout, done.stderr))


def main():
    with workspace.Workspace() as w:
        w.invoices([workspace.invoice(f"F-{who}", who, "2026-09-15", "1249.00") for who in PEOPLE],
                   at="2026-09-20T10:00:00Z")
        w.json("run", at=SENT)
        tap.same(w.json("tasks"), {"tasks": []}, "nothing needs a person yet")
        tokens = {m["To"].split("@")[0]: served.token_of(m) for m in w.mails().values()}
        contacts = {m["To"].split("@")[0]: c for c, m in w.mails().items()}
        with served.Served(w, PRESSED) as s:
            s.act(tokens["wrong"], "wrong", reason="amount", stage="send",
                  text="Jeg har kun købt én.\r\nSe vedlagte \"kvittering\"; æøå")
            s.act(tokens["parts"], "parts", parts="3", text="")
            s.act(tokens["help"], "help", text="Ring til mig")

        tasks = {t["debtor"]: t for t in w.json("tasks")["tasks"]}
        tap.same({d: t["kind"] for d, t in tasks.items()},
                 {"wrong": "dispute", "parts": "parts", "help": "help"}, "three tasks, each of its kind")
        tap.same({d: (t["contact"], t["made_at"], t["name"], t["creditor"]) for d, t in tasks.items()},
                 {d: (contacts[d], PRESSED, f"Kunde {d}", "demo") for d in PEOPLE},
                 "with the message that it answers, when, and whose it is")
        words = tasks["wrong"]["text"]
        tap.ok("the amount is wrong" in words and "Jeg har kun købt én." in words and
               "\"kvittering\"; æøå" in words, "what was written, as it was written", words)
        tap.ok("in 3 parts" in tasks["parts"]["text"] and "Ring til mig" in tasks["help"]["text"],
               "what was asked for", tasks)
        lines = w.run("tasks").stdout.splitlines()
        tap.ok(len(lines) == 7 and lines[0].endswith(f"wrong (Kunde wrong), contact:{contacts['wrong']}")
               and "2026-09-21 14:00" in lines[0] and lines[6] == "3 tasks",
               "as text: two lines for each, in the creditor's time", lines)
        tap.same([t["debtor"] for t in w.json("tasks", "--debtor", "help")["tasks"]], ["help"],
                 "of one debtor")

        number = str(tasks["help"]["id"])
        tap.same(w.json("tasks", "--done", number, "--by", "Ida", at=LATER), {"done": int(number)},
                 "ticked off")
        tap.same(w.sql("select done_at, done_by from task where id = ?", number),
                 [(workspace.instant(LATER), "Ida")], "by whom, and when")
        tap.same(w.sql("select who, at, data from event where kind = 'task.done'"),
                 [("Ida", workspace.instant(LATER), f'{{"task":{number}}}')], "it is in the history")
        tap.same(sorted(t["debtor"] for t in w.json("tasks")["tasks"]), ["parts", "wrong"],
                 "and no longer listed")
        tap.same(w.one("select count(*) from hold where type = 'hardship' and released_at is null"), 1,
                 "its hold stays until it is released")
        tap.same(w.run("release", "--debtor", "wrong", at=LATER).returncode, 0, "a hold is released")
        tap.same([t["debtor"] for t in w.json("tasks")["tasks"]], ["parts"], "its task ends with it")
        refused(w, 1, "--done", number)
        refused(w, 1, "--done", "4711")
        refused(w, 2, "--done", "x")
        refused(w, 2, "--done", number, "--debtor", "parts")
        refused(w, 2, "--by", "Ida")
    tap.done()


main()
