#!/usr/bin/env python3
"""The calendars in the repository are what their generator writes, and the
generator writes the same twice."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import tap  # noqa: E402

FOLDER = ROOT / "schedules" / "calendars"
GENERATE = [sys.executable, str(FOLDER / "generate")]


def run(*args):
    return subprocess.run([*GENERATE, *args], capture_output=True, check=True).stdout


names = run("--list").decode().split()
tap.same(sorted(p.stem for p in FOLDER.glob("*.ics")), sorted(names),
         "each calendar has a generator, and each generator a calendar")
for name in names:
    written = run(name)
    tap.ok((FOLDER / f"{name}.ics").read_bytes() == written,
           f"{name}.ics is what 'generate {name}' writes",
           "write them anew: schedules/calendars/generate --all schedules/calendars")
    tap.ok(all(len(line) <= 75 for line in written.split(b"\r\n")),
           f"{name}: no line is longer than 75 octets")
tap.done()
