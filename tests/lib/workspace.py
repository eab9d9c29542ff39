"""workspace.py - what every story needs: a workspace, a ledger, the program.

    with workspace.Workspace() as w:
        w.invoices([workspace.invoice("F1", "K1", "2026-09-10", "100.00")], at=DAY)
        w.run("run", at="2026-09-21T08:00:00Z")
        w.mails()                      # what lies in the outbox

The database is read with Python's own sqlite3, never through the program.
Each workspace is a folder in $TMPDIR that goes away with it.
"""
import csv
import datetime
import email
import email.policy
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PURR = os.path.abspath(os.environ.get("PURR", os.path.join(ROOT, "build/release/purr")))
RUN_SECONDS_MAX = 110
EPOCH = datetime.date(1970, 1, 1)

COLUMNS = ("no", "kind", "credits", "debtor", "name", "party", "lang", "country", "zone", "email",
           "phone", "street", "postcode", "city", "prefers", "issued", "due", "currency", "amount",
           "open", "disputed", "reference", "subject")

INVOICE_PROFILE = {
    "name": "story", "what": "invoices", "encoding": "utf-8", "delimiter": ",",
    "decimal_mark": ".", "date": "yyyy-mm-dd", "balance": "payments", "missing_invoices": "keep",
    "columns": {
        "external_id": {"column": "no"},
        "type": {"column": "kind", "values": {"": "invoice", "credit": "credit"}},
        "credits": {"column": "credits"},
        "debtor": {"column": "debtor"}, "name": {"column": "name"}, "party": {"column": "party"},
        "lang": {"column": "lang"}, "country": {"column": "country"}, "zone": {"column": "zone"},
        "email": {"column": "email"}, "phone": {"column": "phone"},
        "street": {"column": "street"}, "postcode": {"column": "postcode"},
        "city": {"column": "city"}, "prefers": {"column": "prefers"},
        "issued_on": {"column": "issued"}, "due_on": {"column": "due"},
        "currency": {"column": "currency"}, "amount": {"column": "amount"},
        "disputed": {"column": "disputed"}, "reference": {"column": "reference"},
        "subject": {"column": "subject"},
    },
}

PAYMENT_COLUMNS = ("id", "invoice", "debtor", "reference", "on", "currency", "amount")
PAYMENT_PROFILE = {
    "name": "bank", "what": "payments", "encoding": "utf-8", "delimiter": ",",
    "decimal_mark": ".", "date": "yyyy-mm-dd",
    "columns": {
        "external_id": {"column": "id"}, "invoice": {"column": "invoice"},
        "debtor": {"column": "debtor"}, "reference": {"column": "reference"},
        "paid_on": {"column": "on"}, "currency": {"column": "currency"},
        "amount": {"column": "amount"},
    },
}


def instant(text):
    """Seconds since 1970 of an RFC 3339 time."""
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def at_text(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%SZ")


def day(text):
    """Days since 1970-01-01."""
    return (datetime.date.fromisoformat(text) - EPOCH).days


def invoice(no, debtor, due, amount, **more):
    """One row; a consumer in Denmark with an e-mail address unless told."""
    row = {"no": no, "debtor": debtor, "name": f"Kunde {debtor}", "party": "consumer",
           "lang": "da", "country": "DK", "email": f"{debtor.lower()}@kunde.example",
           "due": due, "currency": "DKK", "amount": amount}
    row.update(more)
    return row


def payment(id_, amount, on, **more):
    return {"id": id_, "amount": amount, "on": on, "currency": "DKK", **more}


class Workspace:
    def __init__(self, where=None):
        self.dir = tempfile.mkdtemp(prefix="purr-", dir=where)
        self.count = 0
        done = self.run("init", self.dir)
        if done.returncode != 0:
            raise RuntimeError(f"init: {done.stderr}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    # --- the program -----------------------------------------------------------

    def argv(self, command, *args, at=None):
        where = [] if command == "init" else ["-C", self.dir]
        return [PURR, command, *args, *where, *(["--at", at] if at else [])]

    def run(self, command, *args, at=None, env=None):
        return subprocess.run(self.argv(command, *args, at=at), capture_output=True, text=True,
                              errors="replace", stdin=subprocess.DEVNULL,
                              timeout=RUN_SECONDS_MAX, env={**os.environ, **(env or {})})

    def start(self, command, *args, at=None, env=None):
        return subprocess.Popen(self.argv(command, *args, at=at), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                env={**os.environ, **(env or {})})

    def json(self, command, *args, at=None):
        """The object that --json prints (of plan and send the one inside);
        the program must have succeeded."""
        done = self.run(command, *args, "--json", at=at)
        if done.returncode != 0:
            raise RuntimeError(f"{command}: {done.returncode} {done.stderr}")
        found = json.loads(done.stdout)
        return found[command] if command in ("plan", "send") else found

    # --- settings ----------------------------------------------------------------

    def setting(self, section, name, value):
        """Puts one line into a section of purr.conf, in place of any other."""
        lines, here, found = [], False, False
        with open(self.path("purr.conf")) as f:
            text = f.read().splitlines()
        for line in text:
            if line.startswith("["):
                here = line == f"[{section}]"
            if here and re.match(rf";?\s*{re.escape(name)}\s*=", line):
                continue
            lines.append(line)
            if line == f"[{section}]":
                lines.append(f"{name} = {value}")
                found = True
        if not found:
            lines += [f"[{section}]", f"{name} = {value}"]
        with open(self.path("purr.conf"), "w") as f:
            f.write("\n".join(lines) + "\n")

    def schedule(self, change):
        """Lets change(dict) edit the schedule file."""
        path = self.path("schedules", "dk-consumer.json")
        with open(path) as f:
            text = json.load(f)
        change(text)
        with open(path, "w") as f:
            json.dump(text, f)

    # --- files to import ------------------------------------------------------------

    def experiment(self, change, name="dk-tone"):
        """Changes the file of an experiment, as an object."""
        path = self.path("schedules", "experiments", f"{name}.json")
        with open(path, encoding="utf-8") as f:
            data = json.load(f)
        change(data)
        with open(path, "w", encoding="utf-8") as f:
            json.dump(data, f)

    def file(self, name, content):
        path = self.path(name)
        with open(path, "wb") as f:
            f.write(content.encode() if isinstance(content, str) else content)
        return path

    def table(self, columns, rows, name=None):
        self.count += 1
        path = self.path(name or f"rows-{self.count}.csv")
        with open(path, "w", newline="") as f:
            writer = csv.DictWriter(f, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def profile(self, base, **more):
        self.count += 1
        profile = {**base, **more}
        if profile.get("balance") == "open_amount":
            profile["columns"] = {**profile["columns"], "open_amount": {"column": "open"}}
        return self.file(f"profile-{self.count}.json", json.dumps(profile))

    def take(self, what, columns, base, rows, at, options=(), **profile):
        done = self.run("import", what, self.table(columns, rows), "--map",
                        self.profile(base, **profile), *options, "--json", at=at)
        if done.returncode != 0:
            raise RuntimeError(f"import: {done.stderr}")
        return json.loads(done.stdout)

    def invoices(self, rows, at, **profile):
        return self.take("invoices", COLUMNS, INVOICE_PROFILE, rows, at, **profile)

    def payments(self, rows, at, **profile):
        return self.take("payments", PAYMENT_COLUMNS, PAYMENT_PROFILE, rows, at, **profile)

    # --- the database ------------------------------------------------------------------

    def sql(self, text, *values):
        base = sqlite3.connect(self.path("purr.db"), timeout=10)
        try:
            rows = base.execute(text, values).fetchall()
            base.commit()
            return rows
        finally:
            base.close()

    def one(self, text, *values):
        return self.sql(text, *values)[0][0]

    def dump(self):
        """A fingerprint of every row of every table."""
        base = sqlite3.connect(self.path("purr.db"), timeout=10)
        try:
            total = hashlib.sha256()
            for line in base.iterdump():
                total.update(line.encode() + b"\n")
            return total.hexdigest()
        finally:
            base.close()

    def states(self):
        """{contact id: state}"""
        return dict(self.sql("select id, state from contact"))

    # --- what left the house, by the `file` driver ----------------------------------------

    def mails(self):
        """{contact id: EmailMessage}, oldest first: a folder's own order is the file system's."""
        folder, found = self.path("outbox", "mail", "new"), {}
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name), "rb") as f:
                found[int(re.match(r"C(\d+)\.purr$", name).group(1))] = email.message_from_bytes(
                    f.read(), policy=email.policy.default)
        return dict(sorted(found.items()))

    def lines(self, name):
        try:
            with open(self.path("outbox", name)) as f:
                return [json.loads(line) for line in f]
        except FileNotFoundError:
            return []

    def texts(self):
        return self.lines("sms.jsonl")

    def letters(self):
        return self.lines("letter.jsonl")

    def left(self):
        """How many messages left, over all channels."""
        return len(self.mails()) + len(self.texts()) + len(self.letters())


def mail_text(message):
    return message.get_body(("plain",)).get_content()
