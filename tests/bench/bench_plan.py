"""bench_plan.py - a daily plan over 100,000 open invoices of which one in five
falls due, against a floor in the same run: SQLite writing the very rows that the
plan wrote, decided and explained for nothing (full sync, one transaction).
"""
import csv
import json
import os
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import workspace  # noqa: E402

PURR = os.environ["PURR"]
INVOICES, ROUNDS, EVERY = 100000, 3, 5
BEFORE, FIRST, DAY = "2026-09-01T10:00:00Z", "2026-09-01T11:00:00Z", "2026-09-21T06:00:00Z"
WRITTEN = ("decision", "contact", "contact_case", "contact_invoice", "assignment",
           "assignment_invoice", "event")


def run(where, *words):
    subprocess.run([PURR, *words, "-C", where], check=True, stdout=subprocess.DEVNULL)


def portfolio(where, folder):
    """A ledger in which everybody has been looked at once."""
    run(where, "init")
    settings = os.path.join(where, "purr.conf")
    with open(settings) as f:
        text = f.read()
    with open(settings, "w") as f:          # no circuit breaker: nobody is there to ask
        f.write(re.sub(r"(?m)^(\[breaker\]\n(?:.*\n)*?)times *=.*$", r"\1times = 0", text))
    path = os.path.join(folder, "ledger.csv")
    with open(path, "w", newline="") as f:
        rows = csv.DictWriter(f, workspace.COLUMNS, restval="")
        rows.writeheader()
        for n in range(INVOICES):
            rows.writerow(workspace.invoice(f"F{n}", f"K{n}", "2026-09-17" if n % EVERY == 0
                                            else "2027-03-01", "100.00"))
    profile = os.path.join(folder, "profile.json")
    with open(profile, "w") as f:
        json.dump(workspace.INVOICE_PROFILE, f)
    run(where, "import", "invoices", path, "--map", profile, "--at", BEFORE)
    run(where, "plan", "--at", FIRST)


def planned(where):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(where, "plan", "--at", DAY)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.monotonic() - began,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def rows_of(where, last):
    base = sqlite3.connect(os.path.join(where, "purr.db"))
    try:
        return {table: base.execute(f'select * from "{table}"').fetchall()[last[table]:]
                for table in WRITTEN}
    finally:
        base.close()


def counts(where):
    base = sqlite3.connect(os.path.join(where, "purr.db"))
    try:
        return {table: base.execute(f'select count(*) from "{table}"').fetchone()[0]
                for table in WRITTEN}
    finally:
        base.close()


def written_bare(where, rows):
    base = sqlite3.connect(os.path.join(where, "purr.db"), isolation_level=None)
    base.execute("pragma synchronous = full")
    began = time.monotonic()
    base.execute("begin immediate")
    for table, some in rows.items():
        if some:
            base.executemany(f'insert into "{table}" values ({",".join("?" * len(some[0]))})',
                             some)
    base.execute("commit")
    spent = time.monotonic() - began
    base.close()
    return spent


def main():
    wall, cpu, floor = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        ready = os.path.join(folder, "ready")
        os.mkdir(ready)
        portfolio(ready, folder)
        last = counts(ready)
        for number in range(ROUNDS):
            ours, theirs = (os.path.join(folder, f"{name}{number}") for name in ("a", "b"))
            shutil.copytree(ready, ours)
            shutil.copytree(ready, theirs)
            spent = planned(ours)
            wall.append(spent[0])
            cpu.append(spent[1])
            rows = rows_of(ours, last)
            floor.append(written_bare(theirs, rows))
            shutil.rmtree(ours)
            shutil.rmtree(theirs)
    ours = statistics.median(wall)
    many = sum(len(some) for some in rows.values())
    print(f"daily plan, {INVOICES} open, {INVOICES // EVERY} due: {INVOICES / ours / 1e3:.0f}k "
          f"invoices/s ({ours:.2f} s, {statistics.median(cpu):.2f} s of CPU), {many} rows")
    print(f"of SQLite writing the same rows: {statistics.median(floor) / ours:.2f}")


main()
