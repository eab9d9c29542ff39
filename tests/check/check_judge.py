"""Does the judge find what it is there for?  The program makes a workspace of
its own accord, which must be in order; then each kind of violation is planted
in a copy, and the judge must name it.  At last the program is led astray by
wrong rules in the workspace, and the judge, who knows better, must say so.

Holidays are compared with tests/data/holidays.json (npm date-holidays).
"""
# time-limit: 600
import calendar
import csv
import datetime
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import tap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge  # noqa: E402
import judge_book  # noqa: E402
import judge_days  # noqa: E402
import judge_plants  # noqa: E402
import judge_plants_open  # noqa: E402
import judge_plants_place  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILDS = [os.path.join(ROOT, "build", v, "purr") for v in ("release", "debug", "asan")]
LEDGER = "tests/data/invoices.csv"
PROFILE = "tests/data/invoices.profile.json"
IMPORTED = "2026-09-10T08:00:00Z"
RUNS = ("2026-09-14T10:00:00Z", "2026-09-21T10:00:00Z", "2026-09-29T10:00:00Z",
        "2026-10-12T10:00:00Z", "2026-10-26T12:00:00Z", "2026-11-09T12:00:00Z")


def program():
    """The build that PURR names, else the newest."""
    if os.environ.get("PURR"):
        return os.path.join(ROOT, os.environ["PURR"])
    built = [path for path in BUILDS if os.access(path, os.X_OK)]
    if not built:
        raise SystemExit("Bail out! build the program first")
    return max(built, key=os.path.getmtime)


PURR = program()


def purr(*words):
    done = subprocess.run([PURR, *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"Bail out! purr {' '.join(words)}: {done.stderr}")


def workspace(folder, change=None, runs=RUNS):
    """A workspace that has lived through `runs`; change(folder) comes first."""
    purr("init", folder)
    if change:
        change(folder)
    purr("import", "invoices", LEDGER, "--map", PROFILE, "-C", folder, "--at", IMPORTED)
    for at in runs:
        purr("run", "-C", folder, "--at", at)
    settle(folder)


def places_workspace(folder):
    """The same with the ledger of judge_plants_place.py."""
    store = judge_plants_place
    purr("init", folder)
    with open(os.path.join(folder, "purr.conf"), encoding="utf-8") as f:
        text = f.read()
    for name, value in store.SETTINGS.items():
        text = re.sub(rf"(?m)^{name}\s*=.*$", f"{name} = {value}", text, count=1)
    with open(os.path.join(folder, "purr.conf"), "w", encoding="utf-8") as f:
        f.write(text)
    ledger, profile = os.path.join(folder, "ledger.csv"), os.path.join(folder, "profile.json")
    with open(ledger, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([store.COLUMNS, *store.rows()])
    with open(profile, "w", encoding="utf-8") as f:
        json.dump(store.PROFILE, f)
    purr("import", "invoices", ledger, "--map", profile, "-C", folder, "--at", store.IMPORTED)
    for at in store.RUNS:
        purr("run", "-C", folder, "--at", at)
    settle(folder)


def settle(folder):
    db = sqlite3.connect(os.path.join(folder, "purr.db"))
    db.execute("pragma wal_checkpoint(truncate)")
    db.execute("pragma journal_mode = delete")
    db.close()


def instant(text):
    return calendar.timegm(datetime.datetime.fromisoformat(text).utctimetuple())


def holidays_agree():
    with open(os.path.join(ROOT, "tests/data/holidays.json"), encoding="utf-8") as f:
        oracle = json.load(f)
    compared = 0
    for country in judge_days.HOURS:
        for year, days in oracle[country].items():
            wanted = {d["date"] for d in days if d["type"] == "public"}
            got = {d.isoformat() for d in judge_days.holidays(country, int(year))}
            compared += 1
            if not tap.ok(wanted == got, f"public holidays {country} {year}",
                          f"missing {sorted(wanted - got)}, too many {sorted(got - wanted)}"):
                return
    tap.ok(compared >= 20, f"{compared} country-years of holidays compared")


HOURS = (       # local time of Copenhagen with its offset, channel, code or None
    ("2026-09-21T08:00:00+02:00", "sms", None), ("2026-09-21T07:59:59+02:00", "sms", "W1"),
    ("2026-09-21T19:59:59+02:00", "email", None), ("2026-09-21T20:00:00+02:00", "email", "W1"),
    ("2026-09-26T09:00:00+02:00", "sms", None), ("2026-09-26T08:59:00+02:00", "call", "W1"),
    ("2026-09-26T16:00:00+02:00", "email", "W1"), ("2026-09-27T12:00:00+02:00", "sms", "W2"),
    ("2026-09-27T03:00:00+02:00", "letter", None), ("2026-04-06T12:00:00+02:00", "sms", "W2"),
    ("2026-05-14T12:00:00+02:00", "sms", "W2"), ("2026-05-01T12:00:00+02:00", "sms", None),
    ("2026-06-05T12:00:00+02:00", "email", "W2"), ("2026-12-24T10:00:00+01:00", "sms", "W2"),
    ("2026-12-31T10:00:00+01:00", "sms", "W2"), ("2026-03-30T08:00:00+02:00", "sms", None),
    ("2026-03-27T08:00:00+01:00", "sms", None), ("2026-10-26T07:30:00+01:00", "sms", "W1"),
)
ABROAD = (      # country, zone, time, code or None
    ("DE", "Europe/Berlin", "2026-12-24T13:59:59+01:00", None),
    ("DE", "Europe/Berlin", "2026-12-24T14:00:00+01:00", "W1"),
    ("DE", "Europe/Berlin", "2026-10-03T12:00:00+02:00", "W2"),
    ("DE", "Europe/Berlin", "2026-09-26T08:59:00+02:00", "W1"),
    ("GB", "Europe/London", "2026-12-28T12:00:00+00:00", "W2"),
    ("GB", "Europe/London", "2026-12-24T17:00:00+00:00", "W1"),
    ("GB", "Europe/London", "2026-12-24T16:59:00+00:00", None),
    ("US", "America/Chicago", "2026-11-26T12:00:00-06:00", "W2"),
    ("US", "America/Chicago", "2026-07-03T09:59:00-05:00", "W1"),
    ("US", "America/Chicago", "2026-07-03T10:00:00-05:00", None),
    ("US", "America/Chicago", "2026-09-27T18:00:00-05:00", "W1"),
    ("US", "America/Chicago", "2026-09-28T20:59:59-05:00", None),
)


def hours_agree():
    for text, channel, wanted in HOURS:
        fault = judge_days.window_fault("DK", "Europe/Copenhagen", channel, instant(text))
        tap.same(fault[0] if fault else None, wanted, f"{channel} at {text}: {wanted or 'fine'}")
    for country, zone, text, wanted in ABROAD:
        fault = judge_days.window_fault(country, zone, "sms", instant(text))
        tap.same(fault[0] if fault else None, wanted, f"{country} at {text}: {wanted or 'fine'}")
    fault = judge_days.window_fault("XX", "UTC", "sms", instant("2026-09-21T12:00:00+00:00"))
    tap.same(fault and fault[0], "W1", "a country without rules is refused")


def plants(good, wanted):
    """Plants each violation in a copy; the codes of them."""
    planted = set()
    for plant in wanted:
        code = re.match(r"[A-Z]\d", plant.__name__.upper()).group(0)
        planted.add(code)
        with tempfile.TemporaryDirectory() as tmp:
            folder = os.path.join(tmp, "w")
            shutil.copytree(good, folder)
            db = judge_book.Book(folder)
            plant(db)
            db.commit()
            db.close()
            codes = judge.counts(judge.judge(folder, whole=True))
        tap.ok(code in codes, f"{code} is found: {plant.__doc__}", f"found {codes}")
    return planted


def all_planted(planted):
    known = set(re.findall(r"\b([A-Z]\d) ", judge.__doc__))
    tap.same(sorted(known - planted), [], "each code of the judge was planted")


# --- a program led astray ------------------------------------------------------------

def edit(path, change):
    def change_file(folder):
        name = os.path.join(folder, path)
        with open(name, encoding="utf-8") as f:
            text = f.read()
        changed = change(text)
        if changed == text:
            raise SystemExit(f"Bail out! nothing to change in {path}")
        with open(name, "w", encoding="utf-8") as f:
            f.write(changed)
    return change_file


def rule(rule_id, **values):
    """A pack in which a rule says something else."""
    def change(text):
        pack = json.loads(text)
        for group in ("contact", "step", "charge"):
            for r in pack[group]:
                if r["id"] == rule_id:
                    r.update(values)
        return json.dumps(pack)
    return edit("schedules/rules/dk.json", change)


def step(step_id, **values):
    def change(text):
        schedule = json.loads(text)
        for s in schedule["steps"]:
            if s["id"] == step_id:
                s.update(values)
        return json.dumps(schedule)
    return edit("schedules/dk-consumer.json", change)


def both(*changes):
    def change(folder):
        for one in changes:
            one(folder)
    return change


ASTRAY = (      # what is wrong, how, code, runs
    ("hours until 23", edit("schedules/calendars/dk.ics",
                            lambda t: t.replace("T200000", "T230000")), "W1",
     ("2026-09-21T19:30:00Z",)),
    ("a calendar without Christmas Eve", edit("schedules/calendars/dk.ics",
                                              lambda t: re.sub(r"(\d{4})1224", r"\g<1>1220", t)),
     "W2", ("2026-12-24T10:00:00Z",)),
    ("a fee of 250 kr.", both(rule("DK-FEE-1", max_minor=25000),
                              step("fee_reminder", fee={"minor": 25000, "currency": "DKK"})),
     "F1", RUNS),
    ("fees seven days apart", both(rule("DK-FEE-4", min_gap_days=1),
                                  rule("DK-STEP-2", min_gap_days=1),
                                  rule("DK-DEADLINE-2", days=2),
                                  step("fee_reminder", deadline_days=2),
                                  step("formal_notice", days=6, grace_days=0)), "F3",
     ("2026-09-21T10:00:00Z", "2026-10-02T10:00:00Z", "2026-10-09T10:00:00Z")),
    ("a notice of four days", both(rule("DK-INK-3", days=4),
                                   step("formal_notice", deadline_days=4)), "L1", RUNS),
)


def led_astray():
    for what, change, code, runs in ASTRAY:
        with tempfile.TemporaryDirectory() as tmp:
            folder = os.path.join(tmp, "w")
            workspace(folder, change, runs)
            codes = judge.counts(judge.judge(folder))
        tap.ok(code in codes, f"led astray by {what}: {code}", f"found {codes}")


def shown(good):
    """As a command: its exit codes and its JSON."""
    path = os.path.join(ROOT, "tests/check/judge.py")

    def run(*words):
        done = subprocess.run([sys.executable, path, *words], capture_output=True, text=True)
        return done.returncode, done.stdout

    code, out = run(good, "--json")
    tap.same((code, json.loads(out)), (0, {"violations": 0, "codes": {}}), "in order: exit 0")
    with tempfile.TemporaryDirectory() as tmp:
        tap.same(run(tmp)[0], 2, "no workspace: exit 2")
        folder = os.path.join(tmp, "w")
        shutil.copytree(good, folder)
        db = judge_book.Book(folder)
        db.run("update invoice set balance_minor = balance_minor + 1 where id = 1")
        db.commit()
        db.close()
        code, out = run(folder)
        tap.ok(code == 1 and out.startswith("B1 invoice 1: "), "a violation: exit 1 and a line",
               out)


def main():
    holidays_agree()
    hours_agree()
    with tempfile.TemporaryDirectory() as tmp:
        good = os.path.join(tmp, "good")
        workspace(good)
        found = judge.judge(good, whole=True)
        tap.ok(not found, "a workspace of the program's own is in order",
               "\n".join(map(str, found)))
        db = judge_book.Book(good)
        steps = {r[0] for r in db.db.execute("select step || '/' || channel from contact")}
        db.close()
        tap.note("steps: " + ", ".join(sorted(steps)))
        tap.ok({"friendly_reminder/email", "fee_reminder/email", "formal_notice/email",
                "friendly_reminder/sms"} <= steps, "it holds every kind of step", steps)
        planted = plants(good, judge_plants.PLANTS + judge_plants_open.PLANTS)
        shown(good)
        abroad = os.path.join(tmp, "abroad")
        places_workspace(abroad)
        found = judge.judge(abroad, whole=True)
        tap.ok(not found, "so is one of Americans and Germans", "\n".join(map(str, found)))
        all_planted(planted | plants(abroad, judge_plants_place.PLANTS))
    led_astray()
    tap.done()


main()
