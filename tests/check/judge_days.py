"""When a debtor may be contacted, worked out anew: Easter, holidays, hours.

Sources: the anonymous Gregorian computus (Nature, 20 April 1876); the lists of
public holidays of Denmark, Norway, Sweden and Finland; hours as the packs' own
policy states them (Danish inkassoloven section 12(2) is the model).  Store
bededag is an ordinary day in Denmark from 2024.  Germany, Britain and the United
States, whose holidays are no list of days, are in window_days.py.
"""
import datetime
import functools
import zoneinfo

import window_days

EPOCH = datetime.date(1970, 1, 1)
PUSH = ("email", "sms", "call")         # a letter has no hour

# country: (Monday to Friday, Saturday), minutes after midnight, half open
HOURS = {
    "DK": ((480, 1200), (540, 960)),
    "NO": ((480, 1200), (540, 900)),
    "SE": ((480, 1200), (600, 960)),
    "FI": ((480, 1200), (600, 960)),
}
EASTER_DAYS = {                         # days after Easter Sunday
    "DK": (-3, -2, 0, 1, 39, 49, 50),
    "NO": (-3, -2, 0, 1, 39, 49, 50),
    "SE": (-2, 0, 1, 39, 49),
    "FI": (-2, 0, 1, 39, 49),
}
FIXED_DAYS = {
    "DK": ((1, 1), (12, 25), (12, 26)),
    "NO": ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)),
    "SE": ((1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)),
    "FI": ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)),
}
AS_SUNDAY_FIXED = {
    "DK": ((6, 5), (12, 24), (12, 31)),
    "NO": ((12, 24), (12, 31)),
    "SE": ((12, 24), (12, 31)),
    "FI": ((12, 24), (12, 31)),
}
AS_SUNDAY_EASTER = {"DK": (), "NO": (-1, 48), "SE": (-1,), "FI": ()}
ELSEWHERE = {"DE": "de", "GB": "gb", "US": "us"}
MIDSUMMER = ("SE", "FI")                # Saturday 20-26 June; All Saints 31 Oct - 6 Nov


def day_date(day):
    return EPOCH + datetime.timedelta(days=day)


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return datetime.date(year, month, day + 1)


def saturday_from(date):
    return date + datetime.timedelta(days=(5 - date.weekday()) % 7)


@functools.lru_cache(maxsize=None)
def holidays(country, year):
    """Public holidays of a country in a year, as dates."""
    first = easter(year)
    days = {first + datetime.timedelta(days=n) for n in EASTER_DAYS[country]}
    days |= {datetime.date(year, *md) for md in FIXED_DAYS[country]}
    if country in MIDSUMMER:
        days.add(saturday_from(datetime.date(year, 6, 20)))
        days.add(saturday_from(datetime.date(year, 10, 31)))
    return frozenset(days)


@functools.lru_cache(maxsize=None)
def as_sundays(country, year):
    """Days that are no public holidays and on which nobody is contacted."""
    first = easter(year)
    days = {first + datetime.timedelta(days=n) for n in AS_SUNDAY_EASTER[country]}
    days |= {datetime.date(year, *md) for md in AS_SUNDAY_FIXED[country]}
    if country in MIDSUMMER:
        days.add(saturday_from(datetime.date(year, 6, 20)) - datetime.timedelta(days=1))
    return frozenset(days)


@functools.lru_cache(maxsize=None)
def zone(name):
    return zoneinfo.ZoneInfo(name)


def local(instant, zone_name):
    return datetime.datetime.fromtimestamp(instant, zone(zone_name))


def civil_day(instant, zone_name):
    """Days since 1970-01-01 of an instant, in a zone."""
    return (local(instant, zone_name).date() - EPOCH).days


def elsewhere_days(pack, region, date):
    """Holidays and hours of a day; of a region that nobody knows, of all."""
    known = window_days.REGIONS.get(pack, [])
    asked = [""] if region in ("", "ENG", "WLS") or not known else \
        known + [""] if region == "any" else [region]
    return [(window_days.hours(pack, r, date), date in window_days.days_of(pack, r, date.year))
            for r in asked]


def elsewhere_fault(country, region, channel, at):
    """window_fault() for countries whose days window_days.py works out."""
    where = f"{channel} at {at:%a %Y-%m-%d %H:%M} in {country}"
    for hours, holiday in elsewhere_days(ELSEWHERE[country], region, at.date()):
        if hours is None:
            return "W2", f"{where}: {'a holiday' if holiday else 'a Sunday'}"
        if not hours[0] <= at.hour < hours[1]:
            return "W1", f"{where}: outside the hours"
    return None


def window_fault(country, zone_name, channel, instant, region=""):
    """None, or (code, words) when nobody may be contacted at that instant."""
    if channel not in PUSH:
        return None
    at = local(instant, zone_name)
    when = at.strftime("%a %Y-%m-%d %H:%M")
    if country in ELSEWHERE:
        return elsewhere_fault(country, region, channel, at)
    if country not in HOURS:
        return "W1", f"{channel} at {when}: no hours are known for {country}"
    date = at.date()
    if date in holidays(country, date.year) or date in as_sundays(country, date.year):
        return "W2", f"{channel} at {when} in {country}: a holiday"
    if at.weekday() == 6:
        return "W2", f"{channel} at {when} in {country}: a Sunday"
    first, last = HOURS[country][1 if at.weekday() == 5 else 0]
    if not first <= at.hour * 60 + at.minute < last:
        return "W1", f"{channel} at {when} in {country}: outside the hours"
    return None
