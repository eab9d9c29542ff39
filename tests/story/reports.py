#!/usr/bin/env python3
# time-limit: 200
"""reports.py - the reports on the ledger against Python's own reckoning from the
tables of a simulated workspace, where people promise, dispute, opt out and pay; and
each form of each report says the same.
"""
import collections
import csv
import datetime
import io
import json
import math
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PURR = os.path.abspath(os.environ.get("PURR", "build/release/purr"))
EPOCH = datetime.date(1970, 1, 1)
LAG = 3
BUCKETS = ("not due", "1 to 30", "31 to 60", "61 to 90", "over 90")


def run(*args):
    done = subprocess.run([PURR, *args], capture_output=True, timeout=150, text=True)
    if done.returncode != 0:
        tap.note(done.stderr)
    return done.stdout


def number(day):
    return (day - EPOCH).days


def local(at, zone):
    return number(datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(zone)).date())


def report(space, name, as_of):
    return json.loads(run("report", name, "--as-of", str(EPOCH + datetime.timedelta(as_of)),
                          "--format", "json", "-C", space))


def table(result, which):
    return next(t for t in result["tables"] if t["id"] == which)["rows"]


def near(a, b):
    return (a is None and b is None) or (a is not None and b is not None and abs(a - b) < 1e-9)


class Ledger:
    """What was known at the end of a day."""

    def __init__(self, db, as_of):
        self.as_of = as_of
        self.before = (as_of + 1) * 86400
        self.invoices = {i: (d, c, issued, due) for i, d, c, issued, due in db.execute(
            "select id, debtor_id, currency, issued_on, due_on from invoice where type = 'invoice'")}
        self.entries = collections.defaultdict(list)
        self.booked = collections.defaultdict(list)
        for invoice, kind, minor, on, booked in db.execute(
                "select invoice_id, type, amount_minor, value_on, booked_at from entry where booked_at < ? and "
                "value_on <= ? order by invoice_id, value_on, id", (self.before, as_of)):
            if invoice in self.invoices:
                self.entries[invoice].append((kind, minor, on))
                self.booked[invoice].append((kind, minor, on, booked))

    def balance(self, invoice, on):
        issued = self.invoices[invoice][2]
        return sum(minor for kind, minor, day in self.entries[invoice]
                   if (min(day, issued) if kind == "principal" and issued is not None else day) <= on)

    def sold(self, invoice):
        return sum(minor for kind, minor, _ in self.entries[invoice] if kind == "principal")

    def owed_for(self, invoice):
        return sum(minor for kind, minor, _ in self.entries[invoice] if kind in ("principal", "credit"))

    def paid(self, invoice, until):
        return -sum(minor for kind, minor, day in self.entries[invoice] if kind == "allocation" and day <= until)


def aging(space, ledger):
    result = report(space, "aging", ledger.as_of)
    open_now, sums = collections.Counter(), collections.defaultdict(lambda: [0, set(), 0])
    for invoice, (debtor, currency, _, due) in ledger.invoices.items():
        balance, age = ledger.balance(invoice, ledger.as_of), ledger.as_of - due
        if balance > 0:
            bucket = BUCKETS[0 if age <= 0 else 1 if age <= 30 else 2 if age <= 60 else 3 if age <= 90 else 4]
            row = sums[currency, bucket]
            row[0] += 1
            row[1].add(debtor)
            row[2] += balance
            open_now[currency] += balance
    tap.ok(len(open_now) == 6, f"six currencies are open ({len(open_now)})")
    wrong = [(c, row) for c in open_now for row in table(result, c)
             if [row["invoices"], row["debtors"], row["open_minor"]] !=
             [sums[c, row["days_overdue"]][0], len(sums[c, row["days_overdue"]][1]),
              sums[c, row["days_overdue"]][2]] or
             not near(row["share"], sums[c, row["days_overdue"]][2] / open_now[c])]
    tap.same(wrong, [], "open by age: invoices, debtors, amounts")

    def sales(currency, after, until):
        return sum(ledger.sold(i) for i, (_, c, issued, _) in ledger.invoices.items()
                   if c == currency and issued is not None and after < issued <= until)

    def at(currency, on):
        rows = [(ledger.balance(i, on), due) for i, (_, c, _, due) in ledger.invoices.items() if c == currency]
        return (sum(b for b, _ in rows if b > 0), sum(b for b, due in rows if b > 0 and due >= on))

    for row in table(result, "key_figures"):
        currency, left, days = row["currency"], open_now[row["currency"]], 0.0
        until = EPOCH + datetime.timedelta(ledger.as_of)
        while left > 0 and days < 1000:
            after = until.replace(day=1) - datetime.timedelta(1)
            sold = sales(currency, number(after), number(until))
            if sold >= left > 0:
                days += until.day * left / sold
                left = 0
            else:
                left -= sold
                days += until.day
            until = after
        begin, (end, current) = at(currency, ledger.as_of - 90)[0], at(currency, ledger.as_of)
        grown = begin + sales(currency, ledger.as_of - 90, ledger.as_of)
        tap.ok(near(row["dso"]["estimate"], days if days < 1000 else None) and
               near(row["cei"]["estimate"], (grown - end) / (grown - current) if grown > current else None),
               f"{currency}: days sales outstanding and effectiveness",
               (row, days, begin, end, current, grown))


def recovery(space, ledger):
    result = report(space, "recovery", ledger.as_of)
    cohorts = collections.defaultdict(list)
    for invoice, (debtor, currency, _, due) in ledger.invoices.items():
        owed = ledger.owed_for(invoice)
        if owed > 0 and due <= ledger.as_of:
            cohorts[currency, (EPOCH + datetime.timedelta(due)).strftime("%Y-%m")].append(
                (debtor, due, owed, invoice))
    checked = wrong = 0
    for currency in {c for c, _ in cohorts}:
        for row in table(result, currency):
            rows = cohorts[currency, row["month"]]
            for t in (0, 7, 14, 30, 60, 90):
                got = row[f"day_{t}"]
                if any(due + t + LAG > ledger.as_of for _, due, _, _ in rows):
                    wrong += got["estimate"] is not None
                    continue
                per = collections.defaultdict(lambda: [0, 0])
                for debtor, due, owed, invoice in rows:
                    per[debtor][0] += owed
                    per[debtor][1] += max(0, min(owed, ledger.paid(invoice, due + t)))
                m, y, n = sum(v[0] for v in per.values()), sum(v[1] for v in per.values()), len(per)
                rate, checked = y / m, checked + 1
                se = math.sqrt(n / (n - 1) * sum((v[1] - rate * v[0]) ** 2 for v in per.values())) / m \
                    if n > 1 else None
                wrong += not (near(got["estimate"], rate) and got["n"] == n and
                              (se is None or se == 0 or abs(got["se"] - se) < 1e-9))
    tap.ok(checked > 50, f"many months and days ({checked})")
    tap.same(wrong, 0, "money recovered by day, and its error")


def promises(space, db, ledger):
    result = report(space, "promises", ledger.as_of)
    by = collections.defaultdict(collections.Counter)
    of = collections.defaultdict(list)
    for invoice, (debtor, _, _, due) in ledger.invoices.items():
        of[debtor].append((invoice, due))
    for debtor, made_at, pay_on, released, zone in db.execute(
            "select p.debtor_id, p.made_at, p.pay_on, h.released_at, c.zone from promise p join hold h "
            "on h.id = p.hold_id join creditor c on c.id = h.creditor_id where p.made_at < ?",
            (ledger.before,)):
        made = local(made_at, zone)
        owed = paid = 0
        for invoice, due in of[debtor]:
            balance = later = 0
            for kind, minor, on, booked in ledger.booked[invoice]:
                money = kind == "allocation"
                if on < made or booked < made_at or (on == made and not money):
                    balance += minor        # what was known when the word was given
                elif kind == "credit":
                    balance += minor * (on <= pay_on + LAG)
                elif money and on <= pay_on + LAG:
                    later -= minor
            if balance > 0 and due <= pay_on:
                owed += balance
                paid += max(0, min(balance, later))
        what = "taken_back" if (released and released < ledger.before and local(released, zone) <= pay_on) \
            or owed == 0 else "waiting" if pay_on + LAG > ledger.as_of else \
            "kept" if paid >= owed else "in_part" if paid > 0 else "broken"
        for month in ((EPOCH + datetime.timedelta(made)).strftime("%Y-%m"), "all"):
            by[month][what] += 1
            by[month]["made"] += 1
    rows = table(result, "promises")
    tap.ok(by["all"]["kept"] > 10 and by["all"]["broken"] > 10, "promises are kept and broken", by["all"])
    tap.same([(r["made_in"], {k: r[k] for k in ("made", "waiting", "taken_back", "kept", "in_part", "broken")})
              for r in rows], [(m, {k: by[m][k] for k in ("made", "waiting", "taken_back", "kept", "in_part",
                                                           "broken")}) for m in sorted(by)],
             "what came of each promise")
    last = rows[-1]["kept_share"]
    n, x, z = by["all"]["kept"] + by["all"]["in_part"] + by["all"]["broken"], by["all"]["kept"], 1.959963984540054
    mid, half = (x + z * z / 2) / (n + z * z), z * math.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
    tap.ok(near(last["estimate"], x / n) and near(last["lower"], mid - half) and near(last["upper"], mid + half),
           "with Wilson's limits", last)


def channels(space, db, ledger):
    result = report(space, "channels", ledger.as_of)
    payments = collections.defaultdict(list)
    for invoice, (debtor, _, _, _) in ledger.invoices.items():
        payments[debtor] += [(on, -minor) for kind, minor, on in ledger.entries[invoice]
                             if kind == "allocation"]
    per = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
    states, sent = collections.Counter(), collections.Counter()
    left, debtors = set(), collections.defaultdict(set)
    for contact, debtor, channel, state, at, zone in db.execute(
            "select c.id, c.debtor_id, c.channel, c.state, c.sent_at, r.zone from contact c join creditor r on "
            "r.id = c.creditor_id where c.planned_at < ?", (ledger.before,)):
        states[channel, state] += 1
        states[channel, "all"] += 1
        if at is None or at >= ledger.before:
            continue
        on = local(at, zone)
        if on > ledger.as_of:
            continue
        sent[channel] += 1
        if on + 14 + LAG <= ledger.as_of:
            left.add(contact)
            debtors[channel].add(debtor)
            row = per[channel][debtor]
            row[0] += 1
            row[1] += any(on <= day <= on + 14 and minor > 0 for day, minor in payments[debtor])
    for row in table(result, "reach"):
        channel, rows = row["channel"], per[row["channel"]].values()
        tap.same([row["contacts"], row["sent"], row["receipts"], row["failed"], row["unknown"]],
                 [states[channel, "all"], sent[channel], states[channel, "delivered"],
                  states[channel, "failed"] + states[channel, "bounced"], states[channel, "unknown"]],
                 f"{channel}: messages by what became of them")
        tap.ok(near(row["followed"]["estimate"], sum(y for _, y in rows) / sum(m for m, _ in rows)),
               f"{channel}: payment within 14 days", row["followed"])
    caused = collections.Counter(channel for channel, contact in db.execute(
        "select c.channel, c.id from task t join contact c on c.id = t.contact_id where t.made_at < ?",
        (ledger.before,)) if contact in left)
    tap.same([round(r["tasks"]["estimate"] * len(debtors[r["channel"]])) for r in table(result, "cost")],
             [caused[r["channel"]] for r in table(result, "cost")], "tasks that messages caused whose days are over")


def service(space, db, ledger, last):
    result = report(space, "service", ledger.as_of)
    waits, tasks = collections.defaultdict(list), collections.Counter()
    for kind, made, done in db.execute("select kind, made_at, done_at from task where made_at < ?",
                                       (ledger.before,)):
        tasks[kind] += 1
        waits[kind].append((done - made) // 3600 if done is not None and done < ledger.before else None)
    tap.same({r["kind"]: (r["tasks"], r["open"]) for r in table(result, "tasks")},
             {k: (tasks[k], waits[k].count(None)) for k in tasks}, "tasks, and the open ones")
    whole = {k: v for k, v in waits.items() if None not in v}
    if last:
        tap.ok(len(whole) > 0, f"some kinds are all done ({len(whole)})")
    tap.same([k for k, v in whole.items() if abs(next(r for r in table(result, "tasks") if r["kind"] == k)
              ["median_hours"]["estimate"] - statistics.median(v)) > 0.5 and len(v) % 2], [],
             "their median wait")
    forms = collections.Counter(a for (a,) in db.execute("select action from submission where at < ?",
                                                         (ledger.before,)))
    tap.same({r["action"]: r["forms"] for r in table(result, "forms")}, dict(forms), "forms by action")


def tone_costs(space, db, last):
    """What messages and tasks within the horizon cost, arm by arm."""
    conf = pathlib.Path(space, "purr.conf")
    prices = {"email": 0.05, "sms": 0.35, "letter": 9.0, "call": 10.0}
    conf.write_text(conf.read_text() + "\n[cost]\ncurrency = DKK\nemail = 0.05\nsms_part = 0.35\n"
                    "letter = 9.00\ntask = 10.00\n")
    as_of = last - 5
    result = report(space, "tone", as_of)
    net = next(b for b in result["finance"] if b["metric"] == "net_recovery_per_debtor_by_horizon")
    span = (result["experiment"]["horizon_days"] + 1) * 86400
    ready = result["experiment"]["horizon_days"] + result["experiment"]["lag_days"]
    units, costs = dict(db.execute("select id, unit_id from debtor")), collections.defaultdict(list)
    sent, tasks = collections.defaultdict(list), collections.defaultdict(list)
    for debtor, channel, at, parts in db.execute("select debtor_id, channel, sent_at, parts from contact where "
                                                 "sent_at is not null"):
        sent[units[debtor]].append((at, prices[channel] * parts))
    for debtor, at in db.execute("select debtor_id, made_at from task where debtor_id is not null"):
        tasks[units[debtor]].append(at)
    for unit, arm, at, on, opening, currency in db.execute(
            "select unit_id, arm, assigned_at, assigned_on, opening_minor, currency from assignment"):
        if currency == net["currency"] and on + ready <= as_of and opening > 0:
            costs[arm].append(sum(p for when, p in sent[unit] if at <= when < at + span) +
                              10 * sum(at <= when < at + span for when in tasks[unit]))
    got = {a["arm"]: a["cost_minor"] for a in net["arms"]}
    tap.ok(sum(map(sum, costs.values())) > 100 and all(abs(got[a] - 100 * sum(costs[a])) < 1e-6 for a in got),
           "tone: what each arm's messages and tasks cost", (got, {a: 100 * sum(c) for a, c in costs.items()}))
    money = {a["arm"]: a["mean_minor"]["estimate"] for a in result["finance"][0]["arms"]}
    tap.ok(all(abs(a["net_minor"]["estimate"] - (money[a["arm"]] - 100 * statistics.mean(costs[a["arm"]]))) < 1e-6
               for a in net["arms"]), "and recovered less that is what is left")


def forms(space, tmp, as_of):
    for name in ("recovery", "channels", "service", "aging", "promises"):
        result = report(space, name, as_of)
        day = str(EPOCH + datetime.timedelta(as_of))
        rows = list(csv.DictReader(io.StringIO(run("report", name, "--as-of", day, "--format", "csv", "-C",
                                                   space), newline="")))
        figures = {(t["id"], i, c["key"]) for t in result["tables"] for i, r in enumerate(t["rows"])
                   for c in t["columns"] if not isinstance(r[c["key"]], str)}
        tap.same(len(rows), len(figures), f"{name}: a line of CSV for each figure")
        text = run("report", name, "--as-of", day, "-C", space)
        tap.ok(result["headline"] in text and "nan" not in text and "inf" not in text.replace("info", ""),
               f"{name}: as text", text[:400])
        pdf = os.path.join(tmp, name + ".pdf")
        run("report", name, "--as-of", day, "--format", "pdf", "--out", pdf, "-C", space)
        first = pathlib.Path(pdf).read_bytes()
        run("report", name, "--as-of", day, "--format", "pdf", "--out", pdf, "-C", space)
        words = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
        tap.ok(first.startswith(b"%PDF") and result["result"][:12] in words, f"{name}: as PDF")
        html = run("report", name, "--as-of", day, "--format", "html", "-C", space)
        tap.ok(html == run("report", name, "--as-of", day, "--format", "html", "-C", space) and
               html.count("<table>") == len(result["tables"]), f"{name}: as a page, the same each time")


def main():
    with tempfile.TemporaryDirectory() as tmp:
        space = os.path.join(tmp, "w")
        run("simulate", "--debtors", "1500", "--days", "90", "--seed", "3", "--workspace", space)
        db = sqlite3.connect(os.path.join(space, "purr.db"))
        last = db.execute("select max(at) from event").fetchone()[0] // 86400
        for as_of in (last - 40, last):
            ledger = Ledger(db, as_of)
            aging(space, ledger)
            recovery(space, ledger)
            channels(space, db, ledger)
            service(space, db, ledger, as_of == last)
        promises(space, db, Ledger(db, last))
        forms(space, tmp, last)
        tone_costs(space, db, last)
        done = subprocess.run([PURR, "report", "weather", "-C", space], capture_output=True, text=True)
        tap.ok(done.returncode == 2 and "recovery, channels, service, aging and promises" in done.stderr,
               "another report is refused, with the names of those there are", done.stderr)
    tap.done()


main()
