#!/usr/bin/env python3
# time-limit: 180
# variants: release asan
"""Import against what is known already: a row that contradicts the store is a
rejected row like any other; an address that the register blanks is given up;
several files are one import."""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import (COLUMNS, INVOICE_PROFILE, PAYMENT_COLUMNS, PAYMENT_PROFILE,  # noqa: E402
                       Workspace, invoice, payment)

AT = "2026-09-20T10:00:00Z"
LATER = "2026-09-21T08:00:00Z"
DEBTOR_COLUMNS = ("no", "name", "country", "lang", "zone", "email", "phone", "street", "postcode",
                  "city", "prefers")
DEBTOR_PROFILE = {
    "name": "register", "what": "debtors", "encoding": "utf-8", "delimiter": ",",
    "columns": {"external_id": {"column": "no"},
                **{c: {"column": c} for c in DEBTOR_COLUMNS[1:]}},
}


def take(w, what, columns, profile, rows, options=(), at=LATER):
    """(exit code, the report, what stands on stderr)"""
    done = w.run("import", what, w.table(columns, rows), "--map", w.profile(profile), "--json",
                 *options, at=at)
    return done.returncode, json.loads(done.stdout), done.stderr


def balances(w):
    return dict(w.sql("select external_id, balance_minor from invoice order by 1"))


# --- contradictions ------------------------------------------------------------------

KNOWN = [invoice("F1", "K1", "2026-09-10", "100.00"), invoice("F2", "K2", "2026-09-10", "200.00"),
         invoice("F3", "K3", "2026-09-10", "300.00")]
ROWS = [invoice("F0", "K1", "2026-09-10", "5.00"),
        {**KNOWN[0], "debtor": "K222"},
        {**KNOWN[1], "currency": "EUR"},
        invoice("F8", "K8", "", "7.00"),                       # no due date: wrong in itself
        {**KNOWN[2], "kind": "credit", "amount": "-300.00"},
        invoice("F9", "K9", "2026-09-10", "9.00", zone="Europe/Atlantis")]
FAULTS = [(3, "debtor", "text of 4 characters", "another debtor"),
          (4, "currency", "text of 3 characters", "another currency"),
          (5, "due", "empty", "must be there"),
          (6, "kind", "text of 6 characters", "another type"),
          (7, "zone", "text of 15 characters", "no time zone")]


def same_faults(found, expected, what):
    tap.same([(f["line"], f["column"], f["value_class"]) for f in found["faults"]],
             [e[:3] for e in expected], what)
    tap.ok(all(e[3] in f["reason"] for f, e in zip(found["faults"], expected)),
           "each with its reason", found["faults"])


def contradictions():
    with Workspace() as w:
        w.invoices(KNOWN, AT)
        before = w.dump()
        for options in ((), ("--dry-run",)):
            code, found, said = take(w, "invoices", COLUMNS, INVOICE_PROFILE, ROWS, options)
            tap.same((code, w.dump() == before, found["rows"], found["new"], found["rejected"]),
                     (1, True, 6, 0, 5), f"rows that contradict: nothing is imported {options}")
            same_faults(found, FAULTS, "and all of them are told, with those wrong in themselves")
            tap.ok(said.count("\n") == 6 and "5 of 6 rows are rejected" in said,
                   "in words as well", said)
        code, found, said = take(w, "invoices", COLUMNS, INVOICE_PROFILE, ROWS,
                                 ["--dry-run", "--skip-rejected"])
        tap.same((code, w.dump() == before, found["new"]), (0, True, 1), "a dry run that skips")
        code, found, said = take(w, "invoices", COLUMNS, INVOICE_PROFILE, ROWS,
                                 ["--skip-rejected"])
        tap.same((code, found["new"], found["changed"], found["rejected"], balances(w)),
                 (0, 1, 0, 5, {"F0": 500, "F1": 10000, "F2": 20000, "F3": 30000}),
                 "--skip-rejected takes the others")
        tap.same(w.sql("select external_id from debtor order by 1"), [("K1",), ("K2",), ("K3",)],
                 "and a rejected row leaves nobody behind")
        before = w.dump()
        code, found, said = take(w, "invoices", COLUMNS, INVOICE_PROFILE, ROWS,
                                 ["--skip-rejected"])
        tap.ok(code == 0 and w.dump() == before, "twice is once", found)
        closing = {**INVOICE_PROFILE, "missing_invoices": "close"}
        code, found, said = take(w, "invoices", COLUMNS, closing, ROWS[:2], ["--skip-rejected"])
        tap.same((code, found["closed"]), (0, 0),
                 "a file with a contradiction is not a full export: nothing is closed")


def other_payments():
    with Workspace() as w:
        w.invoices(KNOWN, AT)
        w.payments([payment("P1", "30.00", "2026-09-18", invoice="F1")], AT)
        before = w.dump()
        rows = [payment("P1", "31.00", "2026-09-18", invoice="F1"),
                payment("P2", "20.00", "2026-09-18", invoice="F2")]
        code, found, _ = take(w, "payments", PAYMENT_COLUMNS, PAYMENT_PROFILE, rows)
        tap.same((code, w.dump() == before), (1, True), "a payment with another amount: rejected")
        same_faults(found, [(2, "amount", "an amount", "another amount")], "and told")
        rows[0] = payment("P1", "30.00", "2026-09-18", invoice="F1", currency="EUR")
        code, found, _ = take(w, "payments", PAYMENT_COLUMNS, PAYMENT_PROFILE, rows)
        same_faults(found, [(2, "currency", "text of 3 characters", "another currency")],
                    "so is another currency")
        code, found, _ = take(w, "payments", PAYMENT_COLUMNS, PAYMENT_PROFILE, rows,
                              ["--skip-rejected"])
        tap.same((code, balances(w)["F1"], balances(w)["F2"]), (0, 7000, 18000),
                 "the other payment is booked where asked")


# --- several files ------------------------------------------------------------------------

def several_files():
    with Workspace() as w:
        map_ = w.profile(INVOICE_PROFILE, missing_invoices="close")
        first = w.table(COLUMNS, KNOWN[:2], "a.csv")
        second = w.table(COLUMNS, KNOWN[2:], "b.csv")
        done = w.run("import", "invoices", first, second, "--map", map_, "--json", at=AT)
        found = json.loads(done.stdout)
        tap.same((done.returncode, found["rows"], found["new"], found["closed"], len(balances(w))),
                 (0, 3, 3, 0, 3), "two files: both are booked, and together they are the export")
        tap.same(w.one("select count(*) from import_run"), 2, "each is a line of the history")
        before = w.dump()
        done = w.run("import", "invoices", second, first, "--map", map_, at=LATER)
        tap.ok(done.returncode == 0 and w.dump() == before, "again, the other way round: nothing",
               done.stdout + done.stderr)
        third = w.table(COLUMNS, [invoice("F4", "K4", "2026-09-10", "4.00"),
                                  {**KNOWN[0], "debtor": "K2"}], "c.csv")
        done = w.run("import", "invoices", first, third, second, "--map", map_, "--json", at=LATER)
        found = json.loads(done.stdout)
        tap.same((done.returncode, w.dump() == before, found["rows"], found["rejected"]),
                 (1, True, 5, 1), "a rejected row in one: nothing of any")
        tap.same([(f["file"], f["line"]) for f in found["faults"]], [(third, 3)],
                 "with the file that it stands in")
        done = w.run("import", "invoices", first, w.path("none.csv"), "--map", map_, at=LATER)
        tap.ok(done.returncode == 1 and "none.csv" in done.stderr and w.dump() == before,
               "a file that is not there: nothing of the other", done.stderr)
        changed = w.table(COLUMNS, [{**KNOWN[0], "amount": "90.00"}, *KNOWN[1:]], "d.csv")
        done = w.run("import", "invoices", first, changed, "--map", map_, at=LATER)
        tap.same((done.returncode, balances(w)["F1"]), (0, 9000), "the later file has the last word")


# --- addresses that are blanked -------------------------------------------------------------

WHO = {"no": "K1", "name": "Anna", "country": "DK", "lang": "da", "email": "anna@kunde.example",
       "phone": "20123456", "street": "Gade 1", "postcode": "8000", "city": "Aarhus",
       "prefers": "email"}


def register(w, at=AT, **more):
    done = w.run("import", "debtors", w.table(DEBTOR_COLUMNS, [{**WHO, **more}]), "--map",
                 w.profile(DEBTOR_PROFILE), "--json", at=at)
    return json.loads(done.stdout)


def current(w):
    return [c for c, in w.sql("select channel from address where current = 1 order by channel")]


def blanked():
    with Workspace() as w:
        register(w)
        row = invoice("F1", "K1", "2026-09-10", "100.00", name="", lang="", party="", country="",
                      zone="", email="", phone="")
        w.invoices([row], AT)
        tap.same(current(w), ["call", "email", "letter", "sms"],
                 "an invoice without addresses leaves those that are known")
        before = w.dump()
        again = (register(w, LATER)["unchanged"], w.invoices([row], LATER)["unchanged"])
        tap.ok(again == (1, 1) and w.dump() == before,
               "and the two files by turns change nothing", again)
        w.json("plan", at=LATER)
        planned = w.sql("select channel, state from contact")
        w.sql("update address set opted_out_at = 5 where channel = 'sms'")
        register(w, LATER, email="", prefers="")
        tap.same((current(w), w.one("select prefers from debtor")), (["call", "letter", "sms"], None),
                 "blank in the register: the address and the preference are given up")
        w.json("send", at=LATER)
        tap.same((planned, w.one("select state from contact order by id limit 1"), len(w.mails())),
                 ([("email", "planned")], "dropped", 0), "a message planned to it falls away")
        register(w, LATER, email="", phone="", street="", postcode="", city="")
        tap.same(current(w), [], "the telephone and the postal address as well")
        w.json("run", at=LATER)
        tap.same(w.left(), 0, "nobody is written to without an address")
        register(w, LATER)
        tap.same((current(w), w.one("select opted_out_at from address where channel = 'sms'")),
                 (["call", "email", "letter", "sms"], 5),
                 "back again: and what was said about it still holds")
        narrow = {**DEBTOR_PROFILE, "columns": {k: DEBTOR_PROFILE["columns"][k] for k in
                                                ("external_id", "name")}}
        w.run("import", "debtors", w.table(DEBTOR_COLUMNS, [{**WHO, "email": ""}]), "--map",
              w.profile(narrow), at=LATER)
        tap.same(current(w), ["call", "email", "letter", "sms"],
                 "a register without such columns says nothing about them")


def renamed():
    with Workspace() as w:
        rows = [invoice("F1", "K1", "2026-09-10", "100.00")]
        w.invoices(rows, AT)
        with open(w.path("purr.conf")) as f:
            text = f.read()
        section = re.search(r"^\[creditor (\S+)\]", text, re.M).group(1)
        with open(w.path("purr.conf"), "w") as f:
            f.write(text.replace(f"[creditor {section}]", "[creditor other]"))
        try:
            w.invoices(rows, LATER)
            told = "taken"
        except RuntimeError as refused:
            told = str(refused)
        tap.ok("renamed" in told and f"[creditor {section}]" in told,
               "a creditor's section that was renamed is noticed", told)
        tap.same(w.one("select count(*) from creditor"), 1, "and makes no second creditor")
        with open(w.path("purr.conf"), "w") as f:
            f.write(text + "\n[creditor second]\n" + "\n".join(
                l for l in text.split(f"[creditor {section}]")[1].splitlines()[1:]
                if l and not l.startswith("[")))
        w.take("invoices", COLUMNS, {**INVOICE_PROFILE, "creditor": "second"}, rows, LATER)
        tap.same(w.one("select count(*) from creditor"), 2, "a second one beside it is welcome")


def main():
    for story in (contradictions, other_payments, several_files, blanked, renamed):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
