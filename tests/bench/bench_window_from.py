"""bench_window_from.py - a million lines through `purr window --from`, reading
and writing included: in the zone of each pack, and in random ones."""
import datetime as dt
import json
import os
import random
import resource
import statistics
import subprocess
import tempfile
import time
import zoneinfo

PURR = os.environ["PURR"]
LINES, ROUNDS = 1000000, 5
HOME = {"dk": "Europe/Copenhagen", "no": "Europe/Oslo", "se": "Europe/Stockholm",
        "fi": "Europe/Helsinki", "de": "Europe/Berlin", "gb": "Europe/London",
        "us": "America/New_York"}
START = dt.datetime(2024, 1, 1)


def write(path, zones):
    rng = random.Random(11)
    packs = list(HOME)
    with open(path, "w") as f:
        for number in range(LINES):
            pack = rng.choice(packs)
            at = START + dt.timedelta(seconds=rng.randrange(12 * 365 * 86400))
            f.write(json.dumps({
                "id": number, "pack": pack, "channel": rng.choice(("sms", "email", "call")),
                "zone": rng.choice(zones) if zones else HOME[pack],
                "at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}) + "\n")


def measure(name, path):
    wall, cpu = [], []
    for _ in range(ROUNDS):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        with open(os.devnull, "w") as out:
            subprocess.run([PURR, "window", "--from", path], stdout=out, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.monotonic() - began)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"{name:28} {LINES / statistics.median(wall) / 1e6:5.2f} M lines/s, "
          f"{statistics.median(cpu):5.2f} s of CPU, best {min(wall):.2f} s (wanted: 1 M/s)")


with tempfile.TemporaryDirectory() as folder:
    lines = os.path.join(folder, "lines.jsonl")
    write(lines, None)
    measure("the packs' own zones", lines)
    write(lines, sorted(z for z in zoneinfo.available_timezones()
                        if z[0].isupper() and z != "Factory"))
    measure("all zones of the system", lines)
