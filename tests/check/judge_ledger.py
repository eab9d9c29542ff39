"""A workspace as the judge sees it: its tables, and balances made anew.

Everything is read once, through SQLite in read-only mode.  Nothing here uses
what the program has added up itself: a balance is the sum of the entries that
were known at an instant.
"""
import collections
import configparser
import json
import pathlib
import sqlite3

import judge_days as days
import judge_places as places

TABLES = ("creditor", "unit", "debtor", "address", "case", "invoice", "payment", "entry",
          "hold", "softening", "arm_stop", "decision", "contact", "contact_case", "contact_invoice", "link",
          "assignment", "assignment_invoice", "exposure", "event", "policy")
REACHED = ("sent", "delivered", "bounced", "unknown")   # left, or may have left
LEFT = ("sent", "delivered", "bounced")
SHARED = ("email", "sms")       # an address in common is a person in common
VOID = ("dropped", "failed", "bounced")
# Between the last look and the wire lies one batch: what comes in during this
# minute could not be known.
WIRE_SECONDS = 60
FOREVER = 1 << 62


class Violation(tuple):
    """(code, subject, words)"""
    __slots__ = ()

    def __new__(cls, code, subject, words):
        return tuple.__new__(cls, (code, subject, words))

    def __str__(self):
        return "%s %s: %s" % self


class Workspace:
    def __init__(self, folder, whole=False):
        self.whole = whole      # read every e-mail strictly, however many
        self.folder = pathlib.Path(folder)
        path = self.folder / "purr.db"
        if not path.is_file():
            raise FileNotFoundError(f"{path}: there is no database")
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.db.row_factory = sqlite3.Row
        self.rows = {}
        for table in TABLES:
            self.rows[table] = [dict(r) for r in self.db.execute(f'select * from "{table}"')]
            if self.rows[table] and "id" in self.rows[table][0]:
                setattr(self, table, {r["id"]: r for r in self.rows[table]})
            else:
                setattr(self, table, {})
        self.settings = configparser.ConfigParser(interpolation=None, strict=False,
                                                  inline_comment_prefixes=(" ;",))
        self.settings.read(self.folder / "purr.conf", encoding="utf-8")
        self.policy = {r["hash"]: r for r in self.rows["policy"]}
        self.group()
        self.schedules = {r["hash"]: json.loads(r["content"]) for r in self.rows["policy"]
                          if r["kind"] == "schedule"}
        self.now = max([r["at"] for r in self.rows["event"]] +
                       [r["at"] for r in self.rows["decision"]], default=0)

        self.last_look = max([r["at"] for r in self.rows["decision"]], default=0)
        self.address_holders = collections.defaultdict(set)
        self.addresses_of = collections.defaultdict(list)
        self.phones = collections.defaultdict(list)
        for row in self.rows["address"]:
            if row["current"] and row["channel"] in ("sms", "call"):
                self.phones[row["debtor_id"]].append(row["value"])
            if row["current"] and row["channel"] in SHARED:
                key = (self.debtor[row["debtor_id"]]["creditor_id"], row["channel"], row["value"])
                self.address_holders[key].add(row["debtor_id"])
                self.addresses_of[row["debtor_id"]].append(key)

    def by(self, table, *keys):
        out = collections.defaultdict(list)
        for row in self.rows[table]:
            out[tuple(row[k] for k in keys) if len(keys) > 1 else row[keys[0]]].append(row)
        return out

    def group(self):
        self.parts = self.by("contact_case", "contact_id")
        self.listed = self.by("contact_invoice", "contact_id")
        self.entries = self.by("entry", "invoice_id")
        self.invoices_of_case = self.by("invoice", "case_id")
        self.invoices_of_debtor = self.by("invoice", "debtor_id")
        self.contacts_of_debtor = self.by("contact", "debtor_id")
        self.events_of_contact = self.by("event", "contact_id")
        self.events_of_debtor = self.by("event", "debtor_id")
        self.holds_of_debtor = self.by("hold", "debtor_id")
        self.holds_of_creditor = collections.defaultdict(list)
        for hold in self.rows["hold"]:
            if hold["scope"] == "creditor":
                self.holds_of_creditor[hold["creditor_id"]].append(hold)
        self.changed = {e["invoice_id"]: e["at"] for e in self.rows["event"]
                        if e["kind"] == "invoice.changed"}

    # --- contacts ---------------------------------------------------------------

    def reached(self):
        """Contacts that left or may have left and that take a step."""
        for contact in self.rows["contact"]:
            if contact["state"] in REACHED and self.parts[contact["id"]] and \
                    self.moment(contact) is not None:
                yield contact

    @staticmethod
    def at(contact):
        """When it left; None when nothing says so (which S1 tells)."""
        return contact["sent_at"] if contact["sent_at"] is not None else contact["armed_at"]

    def moment(self, contact):
        """The last instant of which the sender can have known."""
        at = self.at(contact)
        if at is None or contact["armed_at"] is None:
            return at
        return max(contact["armed_at"], at - WIRE_SECONDS)

    def sent_event(self, contact):
        ids = [e["id"] for e in self.events_of_contact[contact["id"]]
               if e["kind"] in ("contact.sent", "contact.unknown")]
        return min(ids, default=None)

    def came_first(self, contact, at, kinds, unsure):
        """Did something of the second `at` come before the contact?  In the same
        second the order of the events decides; `unsure` where there is none."""
        moment = self.moment(contact)
        if at != moment:
            return at < moment
        sent = self.sent_event(contact)
        ids = [e["id"] for e in self.events_of_debtor[contact["debtor_id"]]
               if e["at"] == at and e["kind"].startswith(kinds)]
        if sent is None or not ids:
            return unsure
        return min(ids) < sent

    def zones(self, debtor_id):
        """Every zone that the debtor may be in, by the addresses of today."""
        return places.zones(self.debtor[debtor_id], self.phones[debtor_id])

    def debtor_day(self, contact, zone=None):
        return days.civil_day(self.at(contact), zone or self.debtor[contact["debtor_id"]]["zone"])

    def ledger_day(self, contact):
        return days.civil_day(self.at(contact), self.creditor[contact["creditor_id"]]["zone"])

    def neighbours(self, debtor_id):
        """The debtor, and whoever of the same creditor has one of its addresses."""
        out = {debtor_id}
        for key in self.addresses_of[debtor_id]:
            out |= self.address_holders[key]
        return out

    def first_booked(self, invoice_id):
        return min((e["booked_at"] for e in self.entries[invoice_id]), default=FOREVER)

    # --- money --------------------------------------------------------------------

    def balance_at(self, invoice_id, contact):
        """What was owed on an invoice when the contact was armed."""
        return sum(e["amount_minor"] for e in self.entries[invoice_id]
                   if e["contact_id"] != contact["id"] and
                   self.came_first(contact, e["booked_at"], ("payment.", "invoice.", "contact.sent"),
                                   True))

    def balance_by(self, invoice_id, instant):
        return sum(e["amount_minor"] for e in self.entries[invoice_id]
                   if e["booked_at"] <= instant)

    # --- holds --------------------------------------------------------------------

    def holds(self, debtor_id, case_id, invoice_id):
        """All holds, of any time, that cover an invoice."""
        for hold in self.holds_of_debtor[debtor_id]:
            if hold["scope"] == "debtor" or \
                    (hold["scope"] == "case" and hold["case_id"] == case_id) or \
                    (hold["scope"] == "invoice" and hold["invoice_id"] == invoice_id):
                yield hold
        yield from self.holds_of_creditor[self.debtor[debtor_id]["creditor_id"]]

    @staticmethod
    def hold_end(hold):
        ends = [hold["until_at"]]
        if hold["released_at"] is not None:
            ends.append(hold["released_at"])
        return min(ends)

    # --- ladder -------------------------------------------------------------------

    def schedule(self, case_id):
        case = self.case.get(case_id)
        return self.schedules.get(case["schedule_hash"]) if case else None

    def ladder_of(self, case_id):
        """An invoice that is owed again may stand in a newer case: on the same ladder."""
        case = self.case.get(case_id)
        return case["schedule_name"] if case else case_id

    def step_index(self, schedule, step_id):
        for index, step in enumerate(schedule["steps"]):
            if step["id"] == step_id:
                return index
        return None
