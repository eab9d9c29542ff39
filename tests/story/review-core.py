#!/usr/bin/env python3
"""What an independent reading of the core found: each case here sent, chased
or closed something that it must not, or stopped everything for one bad row."""
# variants: release asan
import csv
import fcntl
import glob
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]
import tap  # noqa: E402

PURR = os.environ.get("PURR", "build/release/purr")
PLACE = tempfile.TemporaryDirectory(prefix="purr-review-")
PLAIN = ("external_id", "debtor", "name", "email", "phone", "issued_on", "due_on", "amount",
         "open_amount", "credits", "reference")
COLUMNS = PLAIN + ("type", "currency", "lang", "country", "disputed")


def profile(**more):
    columns = {c: {"column": c} for c in PLAIN}
    columns["type"] = {"column": "type", "values": {"I": "invoice", "C": "credit"}}
    columns["currency"] = {"column": "currency"}
    columns["lang"] = {"column": "lang", "if_empty": "da"}
    columns["country"] = {"column": "country", "if_empty": "DK"}
    columns["disputed"] = {"column": "disputed", "values": {"1": "true", "0": "false"}}
    return {"name": "t", "what": "invoices", "creditor": "", "encoding": "utf-8",
            "delimiter": ";", "decimal_mark": ",", "group_mark": ".", "date": "yyyy-mm-dd",
            "balance": "open_amount", "missing_invoices": "keep", "columns": columns, **more}


def row(number, debtor, due, amount, **more):
    return {"external_id": number, "type": "I", "debtor": debtor, "name": "Navn", "due_on": due,
            "email": f"{debtor.lower()}@example.com", "issued_on": "2026-09-01",
            "currency": "DKK", "amount": amount, "open_amount": amount, "lang": "da",
            "country": "DK", "disputed": "0", **more}


class Place:
    """A workspace of its own."""

    def __init__(self, name, **more):
        self.dir = os.path.join(PLACE.name, name)
        self.profile = profile(**more)
        self.purr("init", self.dir)

    def purr(self, *args, env=None):
        done = subprocess.run([PURR, *args], capture_output=True, text=True, timeout=100,
                              env={**os.environ, **(env or {})})
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        return done.returncode

    def at(self, command, at, *more, env=None):
        return self.purr(command, *more, "-C", self.dir, "--at", at, env=env)

    def take(self, at, *rows, flags=()):
        path, map_path = os.path.join(self.dir, "in.csv"), os.path.join(self.dir, "map.json")
        with open(path, "w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, COLUMNS, delimiter=";", restval="")
            writer.writeheader()
            writer.writerows(rows)
        with open(map_path, "w", encoding="utf-8") as out:
            json.dump(self.profile, out)
        return self.at("import", at, "invoices", path, "--map", map_path, *flags)

    def ask(self, sql):
        db = sqlite3.connect(os.path.join(self.dir, "purr.db"))
        rows = db.execute(sql).fetchall()
        db.close()
        return rows

    def states(self):
        return [r[0] for r in self.ask("select state from contact order by id")]

    def texts(self):
        try:
            with open(os.path.join(self.dir, "outbox", "sms.jsonl"), encoding="utf-8") as f:
                return f.readlines()
        except FileNotFoundError:
            return []

    def balances(self):
        return dict(self.ask("select external_id, balance_minor from invoice order by id"))


def journal_lost():
    p = Place("journal")
    p.take("2026-09-20T10:00:00Z", row("A1", "D1", "2026-09-10", "1000,00", email="",
                                       phone="20123456"))
    p.at("run", "2026-09-21T10:00:00Z", env={"PURR_DIE_AT": "after-wire"})
    tap.same((p.states(), len(p.texts())), (["armed"], 1), "killed when the message was out")
    for path in glob.glob(os.path.join(p.dir, "journal", "*.wire")):
        os.unlink(path)
    p.at("run", "2026-09-21T10:05:00Z")
    p.at("run", "2026-09-21T11:00:00Z")
    tap.same((p.states(), len(p.texts())), (["unknown"], 1),
             "its journal lost too: unknown, never a second copy")


def slow_worker():
    p = Place("slow")
    p.take("2026-09-20T10:00:00Z", row("A1", "D1", "2026-09-10", "1000,00", email="",
                                       phone="20123456"))
    p.at("plan", "2026-09-21T10:00:00Z")
    p.at("send", "2026-09-21T10:00:00Z", "--worker", "a", env={"PURR_DIE_AT": "after-arm"})
    with open(os.path.join(p.dir, "journal", "a.wire"), "r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for minute in ("30", "40"):
            p.at("send", f"2026-09-21T10:{minute}:00Z", "--worker", "b")
        tap.same((p.states(), p.texts()), (["armed"], []),
                 "a lease has run out, but its worker lives: nobody takes its messages")
    for minute in ("50", "52"):
        p.at("send", f"2026-09-21T10:{minute}:00Z", "--worker", "b")
    tap.same((p.states(), len(p.texts())), (["sent"], 1), "once it is gone they are taken over")


journal_lost()
slow_worker()
tap.done()
