"""A workspace's database, opened to plant violations in; see judge_plants.py.

The schema's own guards can be taken off, since a guard that works would make
planting impossible.
"""
import json
import os
import sqlite3

DAY = 86400


class Book:
    def __init__(self, folder):
        self.folder = folder
        self.db = sqlite3.connect(os.path.join(folder, "purr.db"))
        self.db.row_factory = sqlite3.Row

    def run(self, text, *values):
        return self.db.execute(text, values)

    def one(self, text, *values):
        row = self.db.execute(text, values).fetchone()
        if row is None:
            raise SystemExit(f"Bail out! the workspace has nothing for: {text}")
        return row if len(row) > 1 else row[0]

    def commit(self):
        self.db.commit()

    def close(self):
        self.db.close()

    def path(self, name):
        return os.path.join(self.folder, name)

    def unguard(self):
        for (name,) in self.run("select name from sqlite_master where type = 'trigger'").fetchall():
            self.run(f"drop trigger {name}")
        for (name,) in self.run("select name from sqlite_master where type = 'index' "
                                "and sql like 'create unique%'").fetchall():
            self.run(f"drop index {name}")

    def rebuild(self, table):
        """The same rows in a table without constraints."""
        self.run(f"create table copied as select * from {table}")
        self.run(f"drop table {table}")
        self.run(f"alter table copied rename to {table}")

    def contact(self, step="friendly_reminder", channel="email"):
        return self.one("select * from contact where step = ? and channel = ? and state = 'sent' "
                        "order by id", step, channel)

    def part(self, contact):
        return self.one("select * from contact_case where contact_id = ?", contact["id"])

    def move(self, contact, seconds):
        """The whole contact, as if all of it had happened at another time."""
        for column in ("planned_at", "ripe_at", "expires_at", "armed_at", "sent_at"):
            self.run(f"update contact set {column} = {column} + ? where id = ?", seconds,
                     contact["id"])

    def book(self, invoice, amount, at, kind="allocation", contact=None):
        self.run("insert into entry (invoice_id, type, amount_minor, value_on, booked_at, "
                 "contact_id, source) values (?, ?, ?, ?, ?, ?, 'planted')", invoice, kind, amount,
                 at // DAY, at, contact)

    def hold(self, scope, contact, invoice=None, case=None, end=1 << 40, kind="dispute"):
        self.run("insert into hold (scope, creditor_id, debtor_id, case_id, invoice_id, type, "
                 "owner, reason, from_at, until_at) values (?, ?, ?, ?, ?, ?, 'test', '', ?, ?)",
                 scope, contact["creditor_id"],
                 contact["debtor_id"] if scope != "creditor" else None, case, invoice, kind,
                 contact["armed_at"] - 5 * DAY, end)

    def mail(self, contact):
        return self.path(f"outbox/mail/new/C{contact['id']}.purr")

    def edit_mail(self, contact, old, new):
        with open(self.mail(contact), encoding="utf-8") as f:
            text = f.read()
        if old not in text:
            raise SystemExit(f"Bail out! the mail does not hold {old!r}")
        with open(self.mail(contact), "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))

    def edit_sms(self, change):
        with open(self.path("outbox/sms.jsonl"), encoding="utf-8") as f:
            rows = [json.loads(line) for line in f]
        change(rows)
        with open(self.path("outbox/sms.jsonl"), "w", encoding="utf-8") as f:
            f.writelines(json.dumps(row) + "\n" for row in rows)
