#!/usr/bin/env python3
"""window_oracle.py - `purr window --from` against an independent answer.

usage: tests/check/window_oracle.py [build/release/purr] [LINES]

The oracle shares nothing with purr: Python's zoneinfo for zones, an Easter
computus of its own (Gauss, checked against tests/data/holidays.json), the
hours of Denmark written down below from the contract, and a search that walks
local days.  Instants are random, on edges of windows, and around changes of
clocks, in zones with odd ones too.
"""
import datetime as dt
import json
import pathlib
import random
import subprocess
import sys
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402

PURR = sys.argv[1] if len(sys.argv) > 1 else "build/release/purr"
LINES = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
UTC = dt.timezone.utc
ZONES = ["Europe/Copenhagen", "America/Nuuk", "Atlantic/Faroe", "America/New_York",
         "Pacific/Auckland", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe",
         "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns",
         "Africa/Casablanca", "Antarctica/Troll", "UTC", "Atlantic/Azores",
         "America/Santiago", "Europe/Dublin"]
CHANNELS = ["sms", "email", "call"]
HOLIDAY, AS_SUNDAY = "DK-HOURS-2", "DK-HOURS-3"


def easter(year):
    """Gauss, 1800, with the corrections of 1816."""
    a, b, c, k = year % 19, year % 4, year % 7, year // 100
    p, q = (13 + 8 * k) // 25, k // 4
    m, n = (15 - p + k - q) % 30, (4 + k - q) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    if d == 29 and e == 6:
        return dt.date(year, 4, 19)
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return dt.date(year, 4, 18)
    return dt.date(year, 3, 22) + dt.timedelta(days=d + e)


def closed_days(year):
    days = {dt.date(year, 6, 5): AS_SUNDAY, dt.date(year, 12, 24): AS_SUNDAY,
            dt.date(year, 12, 31): AS_SUNDAY}
    for offset in (-3, -2, 0, 1, 39, 49, 50) + ((26,) if year < 2024 else ()):
        days[easter(year) + dt.timedelta(days=offset)] = HOLIDAY
    for month, day in ((1, 1), (12, 25), (12, 26)):
        days[dt.date(year, month, day)] = HOLIDAY
    return days


CLOSED = {}
for y in range(1999, 2063):
    CLOSED.update(closed_days(y))


def hours(day):
    """Opening and closing hour of a civil day, or None."""
    if day in CLOSED or day.weekday() == 6 or not 2000 <= day.year <= 2060:
        return None
    return (9, 16) if day.weekday() == 5 else (8, 20)


def to_utc(day, hour, zone):
    """fold=0 is the first of two, and the offset before a gap."""
    wall = dt.datetime(day.year, day.month, day.day, hour, tzinfo=zone, fold=0)
    return wall.astimezone(UTC)


def expect(at, zone):
    """(allowed, next_open, closes, rules).  No window of these edges at hours
    8, 9, 16 and 20 is touched by a change of clocks in the zones above, so a
    window's ends are plain local times."""
    day = at.astimezone(zone).date()
    today = CLOSED.get(day)
    for ahead in range(-1, 372):
        d = day + dt.timedelta(days=ahead)
        h = hours(d)
        if h is None:
            continue
        opens, closes = to_utc(d, h[0], zone), to_utc(d, h[1], zone)
        if closes <= at:
            continue
        if opens <= at:
            return True, at, closes, ["DK-HOURS-1"]
        return False, opens, None, ["DK-HOURS-1"] + ([today] if today else [])
    return False, None, None, ["DK-HOURS-1"] + ([today] if today else [])


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def instants(rng, zone):
    """Random ones, and edges."""
    first = dt.datetime(2001, 1, 1, tzinfo=UTC)
    while True:
        at = first + dt.timedelta(seconds=rng.randrange(58 * 365 * 86400))
        kind = rng.random()
        if kind < 0.4:
            yield at
        elif kind < 0.8:
            day = at.astimezone(zone).date()
            if rng.random() < 0.5:
                day = rng.choice([d for d in CLOSED if d.year == max(2001, day.year)])
                day += dt.timedelta(days=rng.randrange(-1, 2))
            yield (to_utc(day, rng.choice((0, 8, 9, 16, 20)), zone)
                   + dt.timedelta(seconds=rng.randrange(-1, 2)))
        else:
            # days on which clocks change: March, April, October, November
            at = at.replace(month=rng.choice((3, 4, 10, 11)), day=min(at.day, 28))
            yield at + dt.timedelta(days=(6 - at.weekday()) % 7 - rng.randrange(2))


def ask(lines):
    run = subprocess.run([PURR, "window", "--from", "-"], input="\n".join(lines) + "\n",
                         text=True, capture_output=True)
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def check_calendar():
    """The oracle's own days against the list in the repository."""
    listed = json.load(open(HERE.parent / "data" / "holidays.json"))["DK"]
    wrong = []
    for year, rows in listed.items():
        days = {r["date"] for r in rows if r["type"] == "public"}
        own = {d.isoformat() for d, rule in closed_days(int(year)).items() if rule == HOLIDAY}
        if days != own:
            wrong.append(f"{year}: {sorted(days ^ own)}")
    tap.ok(len(listed) >= 5 and not wrong,
           "the oracle's holidays are those of tests/data/holidays.json", "\n".join(wrong))


def check_random():
    rng = random.Random(20261224)
    zones = {name: zoneinfo.ZoneInfo(name) for name in ZONES}
    sources = {name: instants(rng, zone) for name, zone in zones.items()}
    lines, wanted = [], []
    for i in range(LINES):
        name = "Europe/Copenhagen" if rng.random() < 0.3 else rng.choice(ZONES)
        at = next(sources[name])
        channel = rng.choice(CHANNELS + ["letter"]) if i % 7 == 0 else rng.choice(CHANNELS)
        lines.append(json.dumps({"id": i, "pack": "dk", "channel": channel, "zone": name,
                                 "at": text(at)}))
        if channel == "letter":
            wanted.append((True, at, None, []))
        else:
            wanted.append(expect(at, zones[name]))
    code, answers = ask(lines)
    tap.same(code, 0, "exit code 0")
    tap.same([a["id"] for a in answers], list(range(LINES)), "as many answers, same order")
    wrong, open_count = [], 0
    for line, answer, (allowed, opens, closes, rules) in zip(lines, answers, wanted):
        open_count += allowed
        want = {"id": answer["id"], "allowed": allowed, "next_open": text(opens),
                "closes": text(closes), "rules": rules}
        if answer != want:
            wrong.append(f"{line}\n  got    {answer}\n  wanted {want}")
    tap.ok(not wrong, f"{LINES} answers equal the oracle's", "\n".join(wrong[:10]))
    tap.ok(0.15 * LINES < open_count < 0.85 * LINES,
           f"both answers occur ({open_count} open)")


def check_fixed():
    """The contract's own examples."""
    cases = [
        ("sms", "2026-12-24T10:00:00Z", False, "2026-12-28T07:00:00Z", None),
        ("letter", "2026-12-24T10:00:00Z", True, "2026-12-24T10:00:00Z", None),
        ("sms", "2026-11-23T06:59:59Z", False, "2026-11-23T07:00:00Z", None),
        ("sms", "2026-11-23T07:00:00Z", True, "2026-11-23T07:00:00Z", "2026-11-23T19:00:00Z"),
        ("sms", "2026-11-23T18:59:59Z", True, "2026-11-23T18:59:59Z", "2026-11-23T19:00:00Z"),
        ("sms", "2026-11-23T19:00:00Z", False, "2026-11-24T07:00:00Z", None),
        ("call", "2026-03-28T15:00:00Z", False, "2026-03-30T06:00:00Z", None),
        ("email", "2026-10-24T14:00:00Z", False, "2026-10-26T07:00:00Z", None),
        # Store bededag 2023 closed, 2024 (26 April) open
        ("sms", "2023-05-05T10:00:00Z", False, "2023-05-06T07:00:00Z", None),
        ("sms", "2024-04-26T10:00:00Z", True, "2024-04-26T10:00:00Z", "2024-04-26T18:00:00Z"),
        # offsets other than Z are understood
        ("sms", "2026-11-23T08:00:00+01:00", True, "2026-11-23T07:00:00Z",
         "2026-11-23T19:00:00Z"),
    ]
    code, answers = ask([json.dumps({"id": str(i), "pack": "dk", "channel": c,
                                     "zone": "Europe/Copenhagen", "at": at})
                         for i, (c, at, *_) in enumerate(cases)])
    tap.same(code, 0, "fixed cases: exit code 0")
    for (channel, at, allowed, opens, closes), a in zip(cases, answers):
        tap.same((a["allowed"], a["next_open"], a["closes"]), (allowed, opens, closes),
                 f"{channel} at {at}")


def check_bad_lines():
    good = '{"id":9,"pack":"dk","channel":"sms","zone":"UTC","at":"2026-11-23T10:00:00Z"}'
    bad = [
        ('{"id":1,"pack":"xx","channel":"sms","zone":"UTC","at":"2026-11-23T10:00:00Z"}', 1),
        ('{"id":2,"pack":"../dk","channel":"sms","zone":"UTC","at":"2026-11-23T10:00:00Z"}', 2),
        ('{"id":3,"pack":"dk","channel":"fax","zone":"UTC","at":"2026-11-23T10:00:00Z"}', 3),
        ('{"id":4,"pack":"dk","channel":"sms","zone":"../UTC","at":"2026-11-23T10:00:00Z"}', 4),
        ('{"id":5,"pack":"dk","channel":"sms","zone":"UTC","at":"2026-02-30T10:00:00Z"}', 5),
        ('{"id":6,"pack":"dk","channel":"sms","zone":"UTC"}', 6),
        ('{"id":7,"pack":"dk","channel":"sms","zone":"UTC","at":1}', 7),
        ('{"id":8,"id":9,"pack":"dk","channel":"sms","zone":"UTC","at":"2026-11-23T10:00:00Z"}', 8),
        ('{"id":"q\\"x","pack":"dk","channel":"fax","zone":"UTC","at":"x"}', 'q"x'),
        ('not json', None), ('[]', None), ('{"id":1', 1), (good + "x", 9),
        ('{"id":1,}', 1), ('{"id":01}', None), ('{"id":1 "a":2}', 1),
        ('{"pad":"' + "x" * 100000 + '"}', None),
    ]
    for line, wanted_id in bad:
        code, answers = ask([good, line, good])
        tap.ok(code == 1 and len(answers) == 3 and answers[0] == answers[2]
               and "error" not in answers[0] and isinstance(answers[1].get("error"), str)
               and answers[1]["id"] == wanted_id,
               f"refused, and the others answered: {line[:60]}", f"{code} {answers}")
    odd = ['  {  "at" : "2026-11-23T10:00:00Z" , "zone":"Europe\\/Copenhagen", "x":null,'
           ' "pack":"d\\u006b","channel":"sms","n":-1.5e3,"id":{"a":1}} ',
           '{"id":"\\u00e6","pack":"dk","channel":"sms","zone":"UTC",'
           '"at":"2026-11-23T10:00:00Z","party":"business","role":"third_party"}\r']
    code, answers = ask(odd)
    tap.ok(code == 1 and "error" in answers[0], "an id that is an object is refused", answers)
    code, answers = ask([odd[0].replace('{"a":1}', "true"), odd[1], "", "  "])
    tap.ok(code == 0 and len(answers) == 2 and answers[0]["id"] is True
           and answers[1]["id"] == "æ" and all(a["allowed"] for a in answers),
           "spaces, escapes, other members and empty lines do no harm", f"{code} {answers}")


check_calendar()
check_fixed()
check_random()
check_bad_lines()
tap.done()
