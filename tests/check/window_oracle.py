#!/usr/bin/env python3
"""window_oracle.py - `purr window --from` against an independent answer.

usage: tests/check/window_oracle.py [build/release/purr] [LINES]

The oracle shares nothing with purr or with the generator of the calendars:
Python's zoneinfo for zones, an Easter computus of its own (Gauss), the hours
and holidays of the seven packs written down in window_days.py, and a search
that walks local days.  Instants from 2024 to 2035 are random, on the edges of
windows and around every change of clocks, in every zone that the system has.
"""
import datetime as dt
import json
import pathlib
import random
import subprocess
import sys
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import tap  # noqa: E402
from window_days import FIRST, LAST, PACKS, REGIONS, days_of, hours  # noqa: E402

PURR = sys.argv[1] if len(sys.argv) > 1 else "build/release/purr"
LINES = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
CHUNK = 100000
UTC = dt.timezone.utc
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
START = dt.datetime(FIRST, 1, 1, tzinfo=UTC)
END = dt.datetime(LAST + 1, 1, 1, tzinfo=UTC)
HOME = {"dk": "Europe/Copenhagen", "no": "Europe/Oslo", "se": "Europe/Stockholm",
        "fi": "Europe/Helsinki", "de": "Europe/Berlin", "gb": "Europe/London",
        "us": "America/New_York"}
# changes of half an hour, of two, at midnight, at odd offsets, by Ramadan; a
# day apart from its neighbours; other names of a zone
ODD = ["Australia/Lord_Howe", "Antarctica/Troll", "Asia/Beirut", "America/Santiago",
       "America/Havana", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Casablanca",
       "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "America/Nuuk",
       "America/Scoresbysund", "Asia/Almaty", "Africa/Cairo", "Asia/Gaza", "Asia/Tehran",
       "America/Asuncion", "Europe/Dublin", "Atlantic/Azores", "Pacific/Norfolk",
       "America/Adak", "Pacific/Marquesas", "Etc/GMT+12", "Etc/GMT-14", "UTC", "EST5EDT",
       "US/Eastern", "GB", "Asia/Calcutta", "Europe/Kiev", "America/Phoenix",
       "America/Los_Angeles", "Pacific/Honolulu", "America/Anchorage"]


# --- zones --------------------------------------------------------------------

def zone_names():
    """As purr takes them: those of the system that begin with a capital."""
    return sorted(n for n in zoneinfo.available_timezones() if n[0].isupper()
                  and n != "Factory")


def changes(zone):
    """The instants from 2024 to 2035 at which a zone's offset changes."""
    found, at = [], START
    offset = at.astimezone(zone).utcoffset()
    while at < END:
        after = at + DAY
        then = after.astimezone(zone).utcoffset()
        if then != offset:
            low, high = at, after
            while high - low > SECOND:
                middle = low + dt.timedelta(seconds=(high - low) // SECOND // 2)
                if middle.astimezone(zone).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            found.append(high)
        at, offset = after, then
    return found


def to_utc(day, hour, zone):
    """fold=0 is the first of two, and the offset before a gap."""
    wall = dt.datetime(day.year, day.month, day.day, hour, tzinfo=zone, fold=0)
    return wall.astimezone(UTC)


# --- the answer ---------------------------------------------------------------

def expect(pack, region, at, zone):
    """(allowed, next_open, closes, kind of the day when it is closed).  No
    change of clocks lies inside a window in these years, so a window's ends
    are plain local times; check_changes() sees to it."""
    day = at.astimezone(zone).date()
    for ahead in range(-1, 20):
        d = day + ahead * DAY
        h = hours(pack, region, d)
        if h is None:
            continue
        opens, closes = to_utc(d, h[0], zone), to_utc(d, h[1], zone)
        if closes <= at:
            continue
        if opens <= at:
            return True, at, closes, None
        return False, opens, None, days_of(pack, region, day.year).get(day, (None,))[0]
    raise AssertionError(f"nothing open within three weeks of {at}")


def text(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


# --- questions ----------------------------------------------------------------

class Questions:
    """Lines to ask and what must come back."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.zones = {name: zoneinfo.ZoneInfo(name) for name in zone_names()}
        self.names = list(self.zones)
        self.count = 0

    def line(self, pack, name, at):
        rng = self.rng
        channel = rng.choice(("sms", "sms", "email", "call"))
        region = ""
        self.count += 1
        if rng.random() < 0.02:
            channel = "letter"
        if pack in REGIONS and rng.random() < 0.3:
            region = rng.choice(REGIONS[pack])
        asked = {"id": self.count, "pack": pack, "channel": channel, "zone": name,
                 "at": text(at)}
        if region:
            asked["region"] = region
        wanted = (True, at, None, None) if channel == "letter" else \
            expect(pack, region, at, self.zones[name])
        return json.dumps(asked), wanted

    def around_changes(self, names, packs_each):
        """Every change of clocks, a second, a minute, an hour and a day off."""
        for name in names:
            for at in changes(self.zones[name]):
                for pack in self.rng.sample(list(PACKS), packs_each):
                    for off in (-86400, -3600, -60, -1, 0, 1, 60, 3600, 86400):
                        yield self.line(pack, name, at + off * SECOND)

    def anywhere(self, count):
        rng = self.rng
        seconds = (END - START) // SECOND
        for _ in range(count):
            pack = rng.choice(list(PACKS))
            name = HOME[pack] if rng.random() < 0.3 else \
                rng.choice(ODD) if rng.random() < 0.3 else rng.choice(self.names)
            zone = self.zones[name]
            at = START + rng.randrange(seconds) * SECOND
            if rng.random() < 0.6:
                day = at.astimezone(zone).date()
                if rng.random() < 0.6:
                    day = rng.choice(list(days_of(pack, "", min(max(day.year, FIRST), LAST))))
                    day += rng.randrange(-1, 2) * DAY
                at = to_utc(day, rng.choice((0, 8, 9, 10, 14, 15, 16, 17, 18, 20, 21)), zone)
                at += rng.randrange(-1, 2) * SECOND
            yield self.line(pack, name, at)


def ask(lines):
    run = subprocess.run([PURR, "window", "--from", "-"], input="\n".join(lines) + "\n",
                         text=True, capture_output=True)
    return run.returncode, [json.loads(line) for line in run.stdout.splitlines()]


def kinds_of_rules():
    """What the ids in answers stand for: {pack: {id: "hours" | "holiday" | ...}}."""
    found = {}
    for pack in PACKS:
        rules = json.load(open(HERE.parent.parent / "schedules" / "rules" / f"{pack}.json"))
        found[pack] = {r["id"]: "hours" if r["kind"] == "hours" else r.get("days")
                       for r in rules["contact"]}
    return found


class Tally:
    def __init__(self):
        self.rules = kinds_of_rules()
        self.wrong, self.asked = [], 0
        self.open = dict.fromkeys(PACKS, 0)
        self.shut = dict.fromkeys(PACKS, 0)

    def compare(self, line, answer, wanted):
        allowed, opens, closes, kind = wanted
        asked = json.loads(line)
        pack = asked["pack"]
        rules = [] if asked["channel"] == "letter" else ["hours"] + ([kind] if kind else [])
        got = dict(answer)
        got["rules"] = [self.rules[pack].get(r) for r in answer.get("rules", ["none"])]
        want = {"id": asked["id"], "allowed": allowed, "next_open": text(opens),
                "closes": text(closes), "rules": rules}
        self.asked += 1
        (self.open if allowed else self.shut)[pack] += 1
        if got != want:
            self.wrong.append(f"{line}\n  got    {answer}\n  wanted {want}")

    def ask(self, questions):
        """In chunks, so that a million lines fit."""
        chunk = []
        for question in questions:
            chunk.append(question)
            if len(chunk) == CHUNK:
                self.ask_chunk(chunk)
                chunk = []
        if chunk:
            self.ask_chunk(chunk)

    def ask_chunk(self, chunk):
        code, answers = ask([line for line, _ in chunk])
        if code != 0 or len(answers) != len(chunk):
            self.wrong.append(f"exit code {code}, {len(answers)} answers to {len(chunk)}")
        for (line, wanted), answer in zip(chunk, answers):
            self.compare(line, answer, wanted)


# --- checks -------------------------------------------------------------------

def check_days():
    """The oracle's own days against the list in the repository."""
    listed = json.load(open(HERE.parent / "data" / "holidays.json"))
    wrong = []
    for pack in PACKS:
        for year, rows in listed["GB-ENG" if pack == "gb" else pack.upper()].items():
            days = {r["date"] for r in rows if r["type"] == "public"}
            own = {d.isoformat() for d, (kind, _) in days_of(pack, "", int(year)).items()
                   if kind == "holiday" or (pack == "us" and kind)}
            if days != own:
                wrong.append(f"{pack} {year}: {sorted(days ^ own)}")
    tap.ok(not wrong, "the oracle's holidays are those of tests/data/holidays.json",
           "\n".join(wrong))


def check_changes(questions, names):
    """What expect() takes for granted."""
    inside = []
    for name in names:
        for at in changes(questions.zones[name]):
            for moment in (at - SECOND, at):
                local = moment.astimezone(questions.zones[name])
                if 8 <= local.hour < 21:
                    inside.append(f"{name} {local}")
    tap.ok(not inside, "no change of clocks lies inside a window", "\n".join(inside))


def check_sweep():
    questions, tally = Questions(20261224), Tally()
    names = questions.names if LINES >= 500000 else \
        sorted({*HOME.values(), *ODD} & set(questions.names))
    check_changes(questions, names)
    tally.ask(questions.around_changes(names, len(PACKS) if LINES >= 500000 else 4))
    changed = tally.asked
    tally.ask(questions.anywhere(max(LINES - changed, LINES // 3)))
    tap.ok(not tally.wrong, f"{tally.asked} answers equal the oracle's, {changed} of them "
           f"around changes of clocks in {len(names)} zones", "\n".join(tally.wrong[:10]))
    tap.ok(tally.asked >= LINES, "as many as asked for")
    for pack in PACKS:
        few = min(tally.open[pack], tally.shut[pack])
        tap.ok(few > LINES / 40, f"{pack}: both answers occur "
               f"({tally.open[pack]} open, {tally.shut[pack]} closed)")


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
    abroad = [
        # Thanksgiving and Christmas closed, what is observed for it like a Sunday
        ("us", "2026-11-26T18:00:00Z", False, "2026-11-27T13:00:00Z", None),
        ("us", "2027-12-24T14:59:59Z", False, "2027-12-24T15:00:00Z", None),
        ("us", "2027-12-24T15:00:00Z", True, "2027-12-24T15:00:00Z", "2027-12-24T23:00:00Z"),
        ("us", "2027-12-24T23:00:00Z", False, "2027-12-26T15:00:00Z", None),
        # 1 January 2028 is a Saturday: its Friday is open from 10 to 18, it is not
        ("us", "2027-12-31T23:00:00Z", False, "2028-01-02T15:00:00Z", None),
        ("us", "2026-07-05T14:00:00Z", True, "2026-07-05T14:00:00Z", "2026-07-05T22:00:00Z"),
        ("de", "2026-12-24T12:59:59Z", True, "2026-12-24T12:59:59Z", "2026-12-24T13:00:00Z"),
        ("de", "2026-12-31T13:00:00Z", False, "2027-01-02T08:00:00Z", None),
        ("gb", "2026-12-24T16:59:59Z", True, "2026-12-24T16:59:59Z", "2026-12-24T17:00:00Z"),
        ("gb", "2026-12-24T17:00:00Z", False, "2026-12-29T08:00:00Z", None),
        # two holidays on one day
        ("no", "2027-05-17T10:00:00Z", False, "2027-05-18T06:00:00Z", None),
        ("se", "2026-06-19T10:00:00Z", False, "2026-06-22T06:00:00Z", None),
        ("fi", "2026-12-05T13:59:59Z", True, "2026-12-05T13:59:59Z", "2026-12-05T14:00:00Z"),
    ]
    cases = [("dk", *case) for case in cases] + [(p, "sms", *case) for p, *case in abroad]
    code, answers = ask([json.dumps({"id": str(i), "pack": p, "channel": c,
                                     "zone": HOME[p], "at": at})
                         for i, (p, c, at, *_) in enumerate(cases)])
    tap.same(code, 0, "fixed cases: exit code 0")
    for (pack, channel, at, allowed, opens, closes), a in zip(cases, answers):
        tap.same((a["allowed"], a["next_open"], a["closes"]), (allowed, opens, closes),
                 f"{pack}: {channel} at {at}")


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
    bad += [(good.replace('"UTC"', f'"{zone}"'), 9) for zone in
            ("Mars/Olympus", "europe/copenhagen", "Romance Standard Time", "CEST", "+01:00",
             "Europe", "localtime", "posix/UTC", "")]
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


check_days()
check_fixed()
check_sweep()
check_bad_lines()
tap.done()
