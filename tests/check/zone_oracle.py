#!/usr/bin/env python3
"""zone_oracle.py - base/zone.c against Python's zoneinfo, which reads the same
files with code of its own.

usage: tests/check/zone_oracle.py [build/release/tests/unit/base/test_zone]

Every zone of the machine, 1970 to 2060: the offset on random instants and one
second before, at and after every change; local times around every change, in
gaps and overlaps (zoneinfo's fold=0 is RFC 5545's rule for both), to instants.
"""
import datetime as dt
import pathlib
import random
import subprocess
import sys
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "build/release/tests/unit/base/test_zone"
UTC = dt.timezone.utc
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
NAIVE = dt.datetime(1970, 1, 1)
FIRST = 0
LAST = int((dt.datetime(2060, 12, 31, tzinfo=UTC) - EPOCH).total_seconds())


def offset(zone, at):
    return int((EPOCH + dt.timedelta(seconds=at)).astimezone(zone).utcoffset().total_seconds())


def changes(zone):
    """Every change of the offset, by looking monthly and halving.  Two changes
    that undo each other inside a month would be missed; so the grid is five
    days (Ramadan's pairs in Morocco are a month apart)."""
    step, found = 5 * 86400, []
    at, was = FIRST, offset(zone, FIRST)
    while at < LAST:
        now = offset(zone, at + step)
        if now != was:
            low, high = at, at + step
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == was:
                    low = middle
                else:
                    high = middle
            found.append(high)
            # another one before the grid point?
            if offset(zone, high) != now:
                at, was = high, offset(zone, high)
                continue
        at, was = at + step, now
    return found


def local_to_instant(zone, seconds):
    """zoneinfo, fold=0: the first of two; the offset before a gap."""
    wall = (NAIVE + dt.timedelta(seconds=seconds)).replace(tzinfo=zone, fold=0)
    return seconds - int(wall.utcoffset().total_seconds())


def main():
    rng = random.Random(20261122)
    names = sorted(n for n in zoneinfo.available_timezones()
                   if n[0].isupper() and n != "Factory")
    lines, wanted, ends = [], [], 0
    for name in names:
        zone = zoneinfo.ZoneInfo(name)
        found = changes(zone)
        instants = {rng.randint(FIRST, LAST) for _ in range(20)}
        for c in found:
            instants.update((c - 1, c, c + 1))
        for at in sorted(instants):
            lines.append(f"{name} o {at}")
            wanted.append(("o", at, offset(zone, at), found))
        locals_ = {rng.randint(FIRST, LAST) for _ in range(20)}
        for c in found:
            for off in (offset(zone, c - 1), offset(zone, c)):
                locals_.update(c + off + d for d in (-3601, -1800, -1, 0, 1, 1799, 3600))
        for local in sorted(locals_):
            if local < 86400:
                continue
            lines.append(f"{name} i {local // 86400} {local % 86400}")
            wanted.append(("i", local, local_to_instant(zone, local), None))
    out = subprocess.run([PROGRAM, "answer"], input="\n".join(lines) + "\n", text=True,
                         capture_output=True, check=True).stdout.splitlines()
    tap.same(len(out), len(lines), "one answer a line")
    wrong = {"o": [], "i": [], "until": []}
    asked = {"o": 0, "i": 0, "until": 0}
    for line, got, (kind, at, want, found) in zip(lines, out, wanted):
        asked[kind] += 1
        numbers = [int(n) for n in got.split()] if got != "refused" else [None, None]
        if numbers[0] != want:
            wrong[kind].append(f"{line}: got {got}, wanted {want}")
        if kind == "o":
            after = [c for c in found if c > at]
            if after:
                asked["until"] += 1
                if numbers[1] != after[0]:
                    wrong["until"].append(f"{line}: ends {numbers[1]}, wanted {after[0]}")
    tap.ok(len(names) > 300, f"{len(names)} zones asked")
    for kind, what in (("o", "offsets"), ("until", "ends of offsets"),
                       ("i", "local times")):
        tap.ok(asked[kind] > 10000 and not wrong[kind],
               f"{asked[kind]} {what} equal zoneinfo's", "\n".join(wrong[kind][:20]))
    tap.done()


main()
