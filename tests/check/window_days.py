"""window_days.py - the hours and holidays of the seven packs from 2024 to 2035,
written down a second time for window_oracle.py; nothing here is taken from
purr or from the generator of its calendars.

hours() says when a local day is open, days_of() which days are not like
others: {date: ("holiday" | "as_sunday" | None, hours left or None)}.
"""
import datetime as dt
import functools

FIRST, LAST = 2024, 2035
DAY = dt.timedelta(days=1)
CLOSED = None

# Monday to Friday, Saturday, Sunday
PACKS = {
    "dk": ((8, 20), (9, 16), CLOSED),
    "no": ((8, 20), (9, 15), CLOSED),
    "se": ((8, 20), (10, 16), CLOSED),
    "fi": ((8, 20), (10, 16), CLOSED),
    "de": ((8, 20), (9, 18), CLOSED),
    "gb": ((8, 20), (9, 17), CLOSED),
    "us": ((8, 21), (8, 21), (10, 18)),
}
REGIONS = {
    "de": ["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN",
           "ST", "SH", "TH"],
    "gb": ["SCT", "NIR"],
}


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


def on_or_after(year, month, day, weekday):
    """The first such weekday (Monday is 0) from a date on."""
    date = dt.date(year, month, day)
    while date.weekday() != weekday:
        date += DAY
    return date


def dated(year, *days):
    return {dt.date(year, month, day) for month, day in days}


def north(pack, year):
    """(holidays, days like Sundays) of Denmark, Norway, Sweden, Finland."""
    sunday = easter(year)
    offsets = {"dk": (-3, -2, 0, 1, 39, 49, 50), "no": (-3, -2, 0, 1, 39, 49, 50),
               "se": (-2, 0, 1, 39, 49), "fi": (-2, 0, 1, 39, 49)}[pack]
    days = {sunday + n * DAY for n in offsets}
    days |= dated(year, (1, 1), (12, 25), (12, 26))
    eves = dated(year, (12, 24), (12, 31))
    if pack == "dk":
        eves |= dated(year, (6, 5))
    if pack == "no":
        days |= dated(year, (5, 1), (5, 17))
        eves |= {sunday - DAY, sunday + 48 * DAY}
    if pack in ("se", "fi"):
        midsummer = on_or_after(year, 6, 20, 5)
        days |= dated(year, (1, 6), (5, 1), (6, 6) if pack == "se" else (12, 6))
        days |= {midsummer, on_or_after(year, 10, 31, 5)}
        eves |= {midsummer - DAY}
    if pack == "se":
        eves |= {sunday - DAY}
    return days, eves - days


def germany(region, year):
    sunday = easter(year)
    days = {sunday + n * DAY for n in (-2, 1, 39, 50)}
    days |= dated(year, (1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
    if region in ("BW", "BY", "ST"):
        days |= dated(year, (1, 6))
    if region in ("BE", "MV"):
        days |= dated(year, (3, 8))
    if region == "BE":
        days |= {d for d in (dt.date(2025, 5, 8), dt.date(2028, 6, 17)) if d.year == year}
    if region == "BB":
        days |= {sunday, sunday + 49 * DAY}
    if region in ("BW", "BY", "HE", "NW", "RP", "SL"):
        days |= {sunday + 60 * DAY}
    if region in ("BY", "SL"):
        days |= dated(year, (8, 15))
    if region == "TH":
        days |= dated(year, (9, 20))
    if region in ("BB", "HB", "HH", "MV", "NI", "SN", "ST", "SH", "TH"):
        days |= dated(year, (10, 31))
    if region in ("BW", "BY", "NW", "RP", "SL"):
        days |= dated(year, (11, 1))
    if region == "SN":      # the Wednesday eleven days before Advent
        days |= {on_or_after(year, 11, 27, 6) - 11 * DAY}
    return days


def moved_from_weekend(days):
    """Each day that falls on a weekend, and the next free working day."""
    given = set(days)
    for day in sorted(days):
        while day.weekday() >= 5 or (day in given and day not in days):
            day += DAY
            while day in given:
                day += DAY
        given.add(day)
    return given


def britain(region, year):
    sunday = easter(year)
    days = {sunday - 2 * DAY, on_or_after(year, 5, 1, 0), on_or_after(year, 5, 25, 0)}
    if region != "SCT":
        days |= {sunday + DAY}
    days |= {on_or_after(year, 8, 1 if region == "SCT" else 25, 0)}
    days |= moved_from_weekend(dated(year, (1, 1), (1, 2)) if region == "SCT"
                               else dated(year, (1, 1)))
    days |= moved_from_weekend(dated(year, (12, 25), (12, 26)))
    if region == "SCT":
        days |= moved_from_weekend(dated(year, (11, 30)))
    if region == "NIR":
        days |= moved_from_weekend(dated(year, (3, 17)))
        days |= moved_from_weekend(dated(year, (7, 12)))
    return days


def federal(year):
    """The days themselves, without what is observed for them."""
    return dated(year, (1, 1), (6, 19), (7, 4), (11, 11), (12, 25)) | {
        on_or_after(year, 1, 15, 0), on_or_after(year, 2, 15, 0), on_or_after(year, 5, 25, 0),
        on_or_after(year, 9, 1, 0), on_or_after(year, 10, 8, 0), on_or_after(year, 11, 22, 3)}


def states(year):
    """(closed days, days with the hours of a Sunday)."""
    closed = dated(year, (1, 1), (12, 25)) | {on_or_after(year, 11, 22, 3)}
    days = set()
    for day in federal(year) | federal(year + 1):
        days.add(day)
        days.add(day + {5: -DAY, 6: DAY}.get(day.weekday(), 0 * DAY))
    return closed, {d for d in days if d.year == year} - closed


@functools.lru_cache(maxsize=None)
def days_of(pack, region, year):
    if pack == "us":
        closed, sundays = states(year)
        return {**{d: ("holiday", CLOSED) for d in closed},
                **{d: ("as_sunday", (10, 18)) for d in sundays}}
    if pack == "de":
        half = {d: (None, (0, 14)) for d in dated(year, (12, 24), (12, 31))}
        return {**half, **{d: ("holiday", CLOSED) for d in germany(region, year)}}
    if pack == "gb":
        half = {d: (None, (0, 17)) for d in dated(year, (12, 24))}
        return {**half, **{d: ("holiday", CLOSED) for d in britain(region, year)}}
    days, eves = north(pack, year)
    return {**{d: ("holiday", CLOSED) for d in days},
            **{d: ("as_sunday", CLOSED) for d in eves}}


@functools.lru_cache(maxsize=None)
def hours(pack, region, day):
    """(opening hour, closing hour) of a local day, or None."""
    week, saturday, sunday = PACKS[pack]
    usual = (week, week, week, week, week, saturday, sunday)[day.weekday()]
    left = days_of(pack, region, day.year).get(day, (None, (0, 24)))[1]
    if usual is None or left is None:
        return None
    opens, closes = max(usual[0], left[0]), min(usual[1], left[1])
    return (opens, closes) if opens < closes else None
