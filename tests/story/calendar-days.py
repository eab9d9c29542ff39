#!/usr/bin/env python3
# time-limit: 240
"""The holidays in schedules/calendars against three others: the list in
tests/data (to 2030), the npm package date-holidays (2000 to 2060; the Laender,
Scotland and Northern Ireland 2017 to 2040), and Easter by the rule of Butcher.
Where they differ is listed by name; nothing else is let through."""
import datetime as dt
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

PROBE = os.path.join(os.path.dirname(os.environ["PURR"]), "tests/calendar/calendar_probe")
FIRST, LAST = 2000, 2060
REGIONS_FIRST, REGIONS_LAST = 2017, 2040
PACKS = {"dk": "DK", "no": "NO", "se": "SE", "fi": "FI", "de": "DE", "gb": "GB-ENG", "us": "US"}
LAENDER = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split()
REGIONS = {**{f"de-{land.lower()}": f"DE-{land}" for land in LAENDER},
           "gb-sct": "GB-SCT", "gb-nir": "GB-NIR"}
FULL_DAY = {"dk": "08:00-20:00", "no": "08:00-20:00", "se": "08:00-20:00",
            "fi": "08:00-20:00", "de": "08:00-20:00", "gb": "08:00-20:00",
            "us": "08:00-21:00"}
SATURDAY = {"dk": "09:00-16:00", "no": "09:00-15:00", "se": "10:00-16:00",
            "fi": "10:00-16:00", "de": "09:00-18:00", "gb": "09:00-17:00",
            "us": "08:00-21:00"}
EVES = {
    "dk": {"06-05", "12-24", "12-31"}, "no": {"12-24", "12-31", -1, 48},
    "se": {"12-24", "12-31", -1, "midsummer"}, "fi": {"12-24", "12-31", "midsummer"},
    "de": set(), "gb": set(), "us": set(),
}
EASTER_DAYS = {
    "dk": (-3, -2, 0, 1, 39, 49, 50), "no": (-3, -2, 0, 1, 39, 49, 50),
    "se": (-2, 0, 1, 39, 49), "fi": (-2, 0, 1, 39, 49), "de": (-2, 1, 39, 50), "gb": (-2, 1),
}


def easter(year):
    """Butcher's rule of 1876."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def read(name):
    """{date: (kind, windows, event)}"""
    run = subprocess.run([PROBE, f"schedules/calendars/{name}.ics", str(FIRST), str(LAST)],
                         capture_output=True, text=True, check=True)
    days = {}
    for line in run.stdout.splitlines():
        said, event = line.split("\t")
        date, kind, windows = said.split()
        days[date] = (kind, windows, event)
    return days


def public(name, days):
    """What counts as a public holiday: in the US those with a Sunday's hours too."""
    return {d for d, (kind, _, _) in days.items()
            if kind == "holiday" or (name == "us" and kind == "as_sunday")}


def shown(days):
    return " ".join(sorted(days))


# --- the list in the repository -------------------------------------------------

def check_list(calendars):
    listed = json.load(open("tests/data/holidays.json"))
    for name, place in PACKS.items():
        years = listed[place]
        rows = [row for year in years.values() for row in year]
        wanted = {r["date"] for r in rows if r["type"] == "public"}
        got = {d for d in public(name, calendars[name]) if d[:4] in years}
        tap.ok(len(years) == 7 and wanted == got, f"{name}: public holidays 2024 to 2030",
               shown(wanted ^ got))


# --- Easter, eves, hours --------------------------------------------------------

def eves_of(name, year):
    days = set()
    for eve in EVES[name]:
        if eve == "midsummer":
            day = dt.date(year, 6, 19)
            while day.weekday() != 4:
                day += dt.timedelta(days=1)
            days.add(day.isoformat())
        elif isinstance(eve, int):
            days.add((easter(year) + dt.timedelta(days=eve)).isoformat())
        else:
            days.add(f"{year}-{eve}")
    return days


def check_easter(calendars):
    for name, offsets in EASTER_DAYS.items():
        wanted = {(easter(y) + dt.timedelta(days=n)).isoformat()
                  for y in range(FIRST, LAST + 1) for n in offsets}
        missing = wanted - public(name, calendars[name])
        tap.ok(not missing, f"{name}: the days that go with Easter, {FIRST} to {LAST}",
               shown(missing))


def check_eves(calendars):
    for name in PACKS:
        if name == "us":
            continue
        days = calendars[name]
        wanted = {d for y in range(FIRST, LAST + 1) for d in eves_of(name, y)
                  if days[d][0] != "holiday"}
        got = {d for d, (kind, _, _) in days.items() if kind == "as_sunday"}
        tap.ok(wanted == got, f"{name}: days treated like Sundays", shown(wanted ^ got))


def windows_wanted(name, date, kind):
    day = dt.date.fromisoformat(date)
    if kind == "holiday" or (kind == "as_sunday" and name != "us"):
        return "-"
    if name == "us" and (kind == "as_sunday" or day.weekday() == 6):
        return "10:00-18:00"
    if day.weekday() == 6:
        return "-"
    usual = SATURDAY[name] if day.weekday() == 5 else FULL_DAY[name]
    if name == "de" and date[5:] in ("12-24", "12-31"):
        return usual[:6] + "14:00"
    if name == "gb" and date[5:] == "12-24":
        return usual[:6] + "17:00"
    return usual


def check_hours(calendars):
    for name, days in calendars.items():
        wrong = [f"{d} {kind} {windows}" for d, (kind, windows, _) in days.items()
                 if windows != windows_wanted(name[:2], d, kind)]
        tap.ok(not wrong, f"{name}: hours of every day", "\n".join(wrong[:20]))


# --- date-holidays ---------------------------------------------------------------

def years_of(month_day, first, last):
    return {f"{y}-{month_day}" for y in range(first, last + 1)}


def veterans():
    """Observed, by 5 U.S.C. 6103(b); date-holidays moves all fixed days but this."""
    days = set()
    for year in range(FIRST, LAST + 1):
        weekday = dt.date(year, 11, 11).weekday()
        if weekday >= 5:
            days.add(f"{year}-11-{10 if weekday == 5 else 12}")
    return days


# Whit Monday, before Sweden's national day took its place in 2005
WHIT_MONDAYS = {(easter(y) + dt.timedelta(days=50)).isoformat() for y in range(FIRST, 2005)}
# Royal jubilees and a wedding, and the spring holiday that was moved for them
PROCLAIMED = {"2002-06-03", "2002-06-04", "2011-04-29", "2012-06-04"}
MOVED_AWAY = {"2002-05-27", "2012-05-28"}

# What one has and the other has not: {calendar: (only ours, only theirs)}.
KNOWN = {
    "us": (veterans(), set()),
    "se": (WHIT_MONDAYS, set()),
    "gb": (PROCLAIMED, MOVED_AWAY),
    # Assumption: date-holidays has it by municipality, we for all of Bavaria
    "de-by": (years_of("08-15", REGIONS_FIRST, REGIONS_LAST), set()),
}


def ask_package(first, last, places):
    run = subprocess.run(
        ["node", "tests/calendar/public_days.js", str(first), str(last), *places.values()],
        capture_output=True, text=True,
        env={**os.environ, "NODE_PATH": os.path.join("tests", "node_modules")})
    return json.loads(run.stdout) if run.returncode == 0 else {}


def check_package(calendars, first, last, places):
    found = ask_package(first, last, places)
    for name, place in places.items():
        got = {d for d in public(name, calendars[name]) if first <= int(d[:4]) <= last}
        wanted = {d for d in found.get(place, []) if first <= int(d[:4]) <= last}
        ours, theirs = KNOWN.get(name, (set(), set()))
        tap.ok(got - wanted == ours and wanted - got == theirs,
               f"{name}: date-holidays {place}, {first} to {last}",
               f"only here:  {shown(got - wanted - ours)}\n"
               f"only there: {shown(wanted - got - theirs)}\n"
               f"agrees now: {shown(ours - (got - wanted))} {shown(theirs - (wanted - got))}")


def check_any(calendars):
    """Where the region is not known: what is a holiday in any of them, no more."""
    for country in ("de", "gb"):
        got = public(f"{country}-any", read(f"{country}-any"))
        wanted = set().union(*(public(name, calendars[name]) for name in calendars
                               if name.split("-")[0] == country))
        tap.same(sorted(got ^ wanted), [], f"{country}-any: the holidays of all regions together")


calendars = {name: read(name) for name in [*PACKS, *REGIONS]}
check_any(calendars)
check_list(calendars)
check_easter(calendars)
check_eves(calendars)
check_hours(calendars)
check_package(calendars, FIRST, LAST, PACKS)
check_package(calendars, REGIONS_FIRST, REGIONS_LAST, REGIONS)
tap.done()
