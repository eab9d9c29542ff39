# time-limit: 300
"""explain-ledger.py - over a whole past ledger: stored decisions give the same
answer when they are made again, whatever the files say by then, and the tone
report is what Python counts in the database.
"""
import datetime
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PURR = os.path.abspath(os.environ.get("PURR", "build/release/purr"))
LEDGER = "tests/data/demo-ledger.csv"
PROFILE = "tests/data/demo-ledger.profile.json"
SAMPLE = 30
EPOCH = datetime.date(1970, 1, 1)
ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")


def run(*args):
    done = subprocess.run([PURR, *args], capture_output=True, timeout=600, text=True)
    return done.returncode, done.stdout, done.stderr


def day_of(at):
    return (datetime.datetime.fromtimestamp(at, ZONE).date() - EPOCH).days


# --- decisions made again ---------------------------------------------------------

def replays(space, db):
    cases = [row[0] for row in db.execute('select id from "case" order by id')]
    random.Random(7).shuffle(cases)
    made = wrong = 0
    for case in cases[:SAMPLE]:
        code, out, err = run("explain", f"case:{case}", "--replay", "--json", "-C", space)
        answer = json.loads(out) if out else {"decisions": 0, "same": 0}
        made += answer["decisions"]
        wrong += answer["decisions"] - answer["same"] + (code != 0)
        if code != 0:
            tap.note(out + err)
    tap.ok(made > 5 * SAMPLE, f"{SAMPLE} cases have many decisions ({made})")
    tap.same(wrong, 0, "each made again gives the same answer")
    return cases


def kinds(space, db):
    """One decision of each result, so that none is left to chance."""
    for result, contact in db.execute(
            "select d.result, max(k.id) from decision d join contact k on k.decision_id = d.id "
            "group by d.result").fetchall():
        tap.same(run("explain", f"contact:{contact}", "--replay", "-C", space)[0], 0,
                 f"a contact decided as {result}")
    assigned = db.execute("select k.id from contact k join decision d on d.id = k.decision_id "
                          "where d.answer like '%\"assign\":true%' limit 1").fetchone()
    if tap.ok(assigned is not None, "some contact's own decision assigned its tone"):
        tap.same(run("explain", f"contact:{assigned[0]}", "--replay", "-C", space)[0], 0,
                 "it gives the same tone again")


def other_files(space, cases):
    """Schedules, pack and experiment of the workspace say something else now."""
    for path in pathlib.Path(space, "schedules").rglob("*.json"):
        text = path.read_text()
        text = text.replace('"gap_days_min": 5', '"gap_days_min": 9').replace(
            '"days": 4', '"days": 6').replace('"basis_points": 3400', '"basis_points": 3500'
            ).replace('"basis_points": 3300', '"basis_points": 3250').replace('"max": 1,', '"max": 2,')
        path.write_text(text)
    same = [run("explain", f"case:{case}", "--replay", "-C", space)[0] for case in cases[:10]]
    tap.same(same, [0] * 10, "edited files do not change what was decided")


def tampered(space, db):
    contact, decision, answer, facts = db.execute(
        "select k.id, d.id, d.answer, d.facts from contact k join decision d on d.id = k.decision_id "
        "where d.result = 'contact:armed' order by k.id desc limit 1").fetchone()
    for what, column, value in (
            ("another tone in the answer", "answer", answer.replace(
                '"tone":"', '"tone":"very ')),
            ("another moment in the facts", "facts", facts.replace('"n":', '"n":9', 1)),
            ("a pack that is not in the store", "pack_hash", "00" * 32),
            ("facts that are cut off", "facts", facts[:-9]),
            ("no answer", "answer", "")):
        kept = db.execute(f"select {column} from decision where id = ?", (decision,)).fetchone()[0]
        db.execute(f"update decision set {column} = ? where id = ?", (value, decision))
        db.commit()
        code, out, err = run("explain", f"contact:{contact}", "--replay", "-C", space)
        tap.ok(code == 1 and (out + err).strip() and "same answer" not in out,
               f"found out: {what}", out + err)
        db.execute(f"update decision set {column} = ? where id = ?", (kept, decision))
        db.commit()
    tap.same(run("explain", f"contact:{contact}", "--replay", "-C", space)[0], 0, "put back: same")


# --- the tone report ------------------------------------------------------------------

def disturb(db):
    """Disputes, a hand-over, write-offs and a bounced payment that the ledger lacks."""
    rows = db.execute("select a.id, a.debtor_id, a.assigned_at, a.assigned_on, ai.invoice_id, "
                      "ai.balance_minor, i.creditor_id from assignment a join assignment_invoice ai "
                      "on ai.assignment_id = a.id join invoice i on i.id = ai.invoice_id "
                      "order by a.id").fetchall()

    def hold(row, days, scope="invoice"):
        db.execute("insert into hold (scope, creditor_id, debtor_id, invoice_id, type, owner, reason, "
                   "from_at, until_at) values (?, ?, ?, ?, 'dispute', 'test', '', ?, 253402300799)",
                   (scope, row[6], row[1], row[4] if scope == "invoice" else None,
                    row[2] + days * 86400))

    def entry(row, kind, amount, days):
        db.execute("insert into entry (invoice_id, type, amount_minor, value_on, booked_at, source) "
                   "values (?, ?, ?, ?, ?, 'test')",
                   (row[4], kind, amount, row[3] + days, row[2] + days * 86400))
    for row in rows[5:800:20]:
        hold(row, 2)
    for row in rows[6:800:25]:
        hold(row, 40, "debtor")
    for row in rows[7:800:20]:
        entry(row, "write_off", -row[5], 3)
    for row in rows[8:800:20]:
        entry(row, "allocation", row[5], 20)       # taken back
    for row in rows[9:800:20]:
        entry(row, "credit", -row[5], 1)
    for row in rows[10:800:20]:
        entry(row, "fee", 10000, 5)
        entry(row, "waiver", -10000, 6)
    for row in rows[11:800:40]:
        db.execute("insert into event (at, kind, who, creditor_id, debtor_id, invoice_id, data) values "
                   "(?, 'invoice.handed_over', 'test', ?, ?, ?, '{}')",
                   (row[2] + 4 * 86400, row[6], row[1], row[4]))
    db.commit()


def first(*days):
    real = [d for d in days if d is not None]
    return min(real) if real else None


def invoice_counts(db, invoice, owed, on, at, as_of, horizon):
    """(nothing owed since or None, by money too, money by the horizon, written off on or None)"""
    money, credited, clear, with_money, by_horizon, written_off = 0, 0, None, False, 0, None
    for value_on, amount, kind in db.execute(
            "select max(value_on, ?), -amount_minor, type from entry where invoice_id = ? and booked_at > ? "
            "and value_on <= ? and type in ('allocation', 'credit', 'write_off') order by value_on, id",
            (on, invoice, at, as_of)):
        if kind == "write_off":
            written_off = first(written_off, value_on)
            continue
        money, credited = (money, credited + amount) if kind == "credit" else (money + amount, credited)
        if value_on <= on + horizon:
            by_horizon = max(0, min(money, owed - credited, owed))
        if money + credited < owed:
            clear = None
        elif clear is None:
            clear, with_money = value_on, money > 0
    return clear, with_money, by_horizon, written_off


def counted(db, as_of, horizon, lag):
    arms = {}
    for a, arm, debtor, at, on in db.execute(
            "select id, arm, debtor_id, assigned_at, assigned_on from assignment").fetchall():
        if on > as_of:
            continue
        line = arms.setdefault(arm, dict.fromkeys(
            ("assigned", "exposed", "matured", "paid_in_full", "paid_in_part", "paid_nothing",
             "other_exits", "owed", "money"), 0))
        days, exits, money, owed_all, gave = [], [], 0, 0, False
        for invoice, owed in db.execute("select invoice_id, balance_minor from assignment_invoice "
                                        "where assignment_id = ?", (a,)).fetchall():
            clear, with_money, paid, written_off = invoice_counts(db, invoice, owed, on, at, as_of, horizon)
            days.append(clear)
            gave |= clear is not None and with_money
            money += paid
            owed_all += owed
            events = [r[0] for r in db.execute(
                "select from_at from hold where type = 'dispute' and debtor_id = ? and from_at >= ? and "
                "(invoice_id = ? or invoice_id is null) union all select at from event where at >= ? and "
                "kind = 'invoice.handed_over' and invoice_id = ?", (debtor, at, invoice, at, invoice))]
            exits += [written_off, first(*[day_of(e) for e in events if day_of(e) <= as_of])]
        clear_on = None if None in days else max(days)
        paid_on = clear_on if gave else None
        exits.append(None if gave else clear_on)        # all of it was credited
        exit_on = first(*exits)
        matured = on + horizon + lag <= as_of
        full = paid_on is not None and paid_on <= on + horizon
        line["assigned"] += 1
        line["exposed"] += any(day_of(r[0]) <= as_of for r in db.execute(
            "select at from exposure where assignment_id = ?", (a,)))
        line["matured"] += matured
        line["paid_in_full"] += matured and full
        line["paid_in_part"] += matured and not full and money > 0
        line["paid_nothing"] += matured and not full and money == 0
        line["other_exits"] += (exit_on is not None and exit_on <= min(as_of - lag, on + horizon)
                                and (paid_on is None or exit_on < paid_on))
        line["owed"] += matured * owed_all
        line["money"] += matured * money
    return arms


def report(space, db, as_of_text, what):
    as_of = (datetime.date.fromisoformat(as_of_text) - EPOCH).days
    code, out, err = run("report", "tone", "--format", "json", "--as-of", as_of_text, "-C", space)
    if not tap.same((code, err), (0, ""), f"{what}: a report"):
        return
    got = json.loads(out)
    wanted = counted(db, as_of, 30, 3)
    for line in got["flow"]["arms"]:
        mine = wanted[line["arm"]]
        tap.same({k: line[k] for k in line if k in mine}, {k: mine[k] for k in line if k in mine},
                 f"{what}: the counts of {line['arm']}")
    for line in got["finance"][0]["arms"]:
        mine = wanted[line["arm"]]
        tap.same((line["owed_minor"], line["paid_minor"]), (mine["owed"], mine["money"]),
                 f"{what}: the money of {line['arm']}")
    tap.same(sum(got["flow"]["rejected"].values()), 0, f"{what}: no row is rejected")


def main():
    folder = tempfile.mkdtemp()
    space = os.path.join(folder, "w")
    code, _, err = run("replay", LEDGER, "--map", PROFILE, "--workspace", space)
    tap.same((code, err), (0, ""), "a past ledger is lived through")
    db = sqlite3.connect(os.path.join(space, "purr.db"))
    report(space, db, "2026-09-07", "the whole ledger")
    report(space, db, "2025-12-24", "an earlier day")
    cases = replays(space, db)
    kinds(space, db)
    tampered(space, db)
    disturb(db)
    report(space, db, "2026-09-07", "with disputes, write-offs, credits, fees taken back")
    report(space, db, "2026-01-31", "the same on an earlier day")
    other_files(space, cases)
    db.close()
    shutil.rmtree(folder)
    tap.done()


if __name__ == "__main__":
    main()
