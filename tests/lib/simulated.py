"""simulated.py - one seed of purr simulate, and everybody who judges it.

Not through the program: the judge reads the store and the sink.  Through the
program, since nothing else can: each stored decision made again.
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import judge  # noqa: E402
import tap  # noqa: E402
import workspace  # noqa: E402

DEBTORS, DAYS = 10000, 90
SHOWN = 20


def seed_holds(seed, debtors=DEBTORS, days=DAYS):
    with tempfile.TemporaryDirectory() as tmp:
        folder = os.path.join(tmp, "w")
        done = subprocess.run(
            [workspace.PURR, "simulate", "--debtors", str(debtors), "--days", str(days), "--seed",
             str(seed), "--faults", "--json", "--workspace", folder], capture_output=True, text=True)
        if not tap.ok(done.returncode == 0, f"seed {seed}: the run ends in order",
                      done.stdout[-2000:] + done.stderr):
            return
        answer = json.loads(done.stdout)
        tap.note(f"seed {seed}: {answer['contacts']} contacts, {answer['decisions']} decisions, "
                 f"{sum(answer['faults'].values())} faults")
        found = judge.judge(folder)
        tap.ok(not found, f"seed {seed}: the judge finds nothing",
               "\n".join(map(str, found[:SHOWN])))
        again = subprocess.run([workspace.PURR, "explain", "--replay", "--all", "--json", "-C",
                                folder], capture_output=True, text=True)
        tap.ok(again.returncode == 0, f"seed {seed}: every decision replays",
               again.stdout[-2000:] + again.stderr)
