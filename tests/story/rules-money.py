"""Interest and caps: cases worked out by hand, random rate tables against
fractions of Python's own, and what a workspace may lay over a pack.
"""
import copy
import datetime as dt
import fractions
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../lib")]
import rules  # noqa: E402
import tap  # noqa: E402

DAY = dt.timedelta(days=1)
REMINDER, NOTICE, HANDOVER, COMPENSATION = range(4)
PACKS = {name: json.loads(rules.pack_text(name)) for name in rules.PACKS}


def rule_of(pack, id_):
    return next(r for s in ("contact", "step", "charge", "content") for r in pack[s]
                if r["id"] == id_)


def local(name, *values, **more):
    return json.dumps({"pack": name, "local": list(values), **more})


def lay(name, *values, **more):
    """The pack with values laid over it; the error, where it is refused."""
    got = probe.ask(do="overlay", pack=rules.pack_text(name), local=local(name, *values, **more))
    return got.get("text"), got["error"]


def load(text, calendar="dk"):
    error = probe.ask(do="load", pack=text, calendar=rules.calendar_text(calendar))["error"]
    if error:
        raise RuntimeError(error)


def interest(base, since, until, party="consumer"):
    return probe.ask(do="interest", party=party, role="own", base=base, until=str(until),
                     **{"from": str(since)})["minor"]


def cap(kind, currency, on, party="consumer", role="own", principal=0):
    got = probe.ask(do="cap", party=party, role=role, currency=currency, principal=principal,
                    on=on, **{"for": kind})
    return got["rule"], got["minor"]


# --- interest --------------------------------------------------------------------

def by_hand():
    load(rules.pack_text("dk"))
    # 11.75 % of 10,000.00 for 31 days of 365: 99.79 and a half
    tap.same(interest(1000000, "2024-01-01", "2024-01-31"), 9979, "a month of Denmark, rounded down")
    tap.same(interest(1000000, "2024-01-01", "2024-06-30"), 58589, "a leap half-year has 182 days")
    tap.same(interest(1000000, "2024-06-30", "2024-07-31"), 321, "no rate after June: one day")
    tap.same(interest(1000000, "2026-01-01", "2026-11-22"), 0, "no rate at all: nothing")
    tap.same(interest(1000000, "2024-02-02", "2024-02-01"), 0, "before it begins: nothing")
    tap.same(interest(310, "2024-01-01", "2024-01-01"), 0, "less than an øre is nothing")
    load(rules.pack_text("fi"))
    tap.same(interest(100000, "2026-01-15", "2026-02-13"), 780, "Finland, consumer: 9.5 %, 30 days")
    tap.same(interest(100000, "2026-01-15", "2026-02-13", "business"), 863, "business: 10.5 %")
    text, error = lay("gb", {"kind": "rate", "rule": "GB-INT-1", "from": "2026-01-01",
                             "to": "2026-06-30", "reference_bp": 375, "source": "Bank of England"})
    tap.same(error, None, "Britain's rate of a half-year is set")
    load(text)
    tap.same(interest(100000, "2026-06-30", "2027-06-29", "business"), 11750,
             "Britain: a year at the rate of its first day")
    tap.same(interest(100000, "2026-07-01", "2027-06-29", "business"), 0,
             "Britain: it begins on a day without a rate")
    tap.same(interest(100000, "2026-06-30", "2027-06-29"), 0, "Britain: no consumer pays any")
    load(rules.pack_text("us"))
    tap.same(interest(1000000, "2026-01-01", "2026-12-31"), 0, "United States: no rule, nothing")


def random_table(chance):
    rows, day = [], dt.date(2020, 1, 1)
    while day < dt.date(2030, 1, 1):
        day += chance.choice((0, 0, 0, 1, 40)) * DAY
        last = day + chance.randrange(1, 400) * DAY
        rows.append({"from": str(day), "to": str(last), "reference_bp": chance.randrange(-900, 900),
                     "source": "drawn"})
        day = last + DAY
    return rows


def oracle(rule, base, since, until):
    """Each day's own fraction of a year's rate, summed, then rounded down once."""
    total, day = fractions.Fraction(0), since
    while day <= until:
        at = since if rule["method"] == "fixed" else day
        for row in rule["rates"]:
            if row["from"] <= str(at) <= row["to"]:
                percent = max(0, row["reference_bp"] + rule["margin_bp"])
                total += fractions.Fraction(base * percent, 10000 * rule["year_days"])
        day += DAY
    return int(total)


def tables():
    chance = random.Random(20261122)
    wrong = []
    for _ in range(40):
        pack = copy.deepcopy(PACKS["se"])
        rule = rule_of(pack, "SE-INT-1")
        rule.update(rates=random_table(chance), margin_bp=chance.choice((0, 500, 800)),
                    method=chance.choice(("floating", "fixed")),
                    year_days=chance.choice((360, 365)))
        load(json.dumps(pack))
        for _ in range(25):
            since = dt.date(2020, 1, 1) + chance.randrange(3600) * DAY
            until = since + chance.choice((0, 1, 30, 365, 1500)) * DAY
            base = chance.choice((0, 1, 99, 124900, 10 ** 12, chance.randrange(10 ** 9)))
            got, wanted = interest(base, since, until), oracle(rule, base, since, until)
            if got != wanted:
                wrong.append((rule["method"], base, str(since), str(until), got, wanted))
    tap.ok(not wrong, "1000 sums over random tables are the oracle's", "\n".join(map(str, wrong[:5])))


# --- caps -------------------------------------------------------------------------

CAPS = [
    ("dk", REMINDER, "DKK", "2026-11-22", "consumer", "own", 0, ("DK-FEE-1", 10000)),
    ("dk", NOTICE, "DKK", "2026-11-22", "business", "own", 0, ("DK-FEE-1", 10000)),
    ("dk", COMPENSATION, "DKK", "2026-11-22", "business", "own", 0, ("DK-COMP-1", 31000)),
    ("no", REMINDER, "NOK", "2025-12-31", "consumer", "own", 0, ("NO-FEE-2", 3500)),
    ("no", NOTICE, "NOK", "2026-01-01", "consumer", "own", 0, ("NO-FEE-2B", 3750)),
    ("no", NOTICE, "NOK", "2027-01-01", "consumer", "own", 0, (None, None)),
    ("no", COMPENSATION, "NOK", "2026-11-22", "business", "own", 0, (None, None)),
    ("se", REMINDER, "SEK", "2026-11-22", "consumer", "own", 0, ("SE-FEE-1", 6000)),
    ("se", NOTICE, "SEK", "2026-11-22", "consumer", "own", 0, ("SE-FEE-2", 18000)),
    ("se", COMPENSATION, "SEK", "2026-11-22", "public", "own", 0, ("SE-FEE-5", 45000)),
    ("fi", REMINDER, "EUR", "2026-11-22", "consumer", "own", 0, ("FI-FEE-1", 500)),
    ("fi", REMINDER, "EUR", "2026-11-22", "business", "own", 0, ("FI-FEE-9", 1200)),
    ("fi", NOTICE, "EUR", "2026-11-22", "consumer", "third_party", 10000, ("FI-FEE-6", 1400)),
    ("fi", NOTICE, "EUR", "2026-11-22", "consumer", "third_party", 10001, ("FI-FEE-6", 2400)),
    ("fi", NOTICE, "EUR", "2026-11-22", "consumer", "third_party", 100001, ("FI-FEE-6", 5000)),
    ("fi", NOTICE, "EUR", "2026-11-22", "consumer", "third_party", 0, ("FI-FEE-6", 1400)),
    ("fi", NOTICE, "EUR", "2026-11-22", "business", "third_party", 250000, ("FI-FEE-10", 7000)),
    ("fi", REMINDER, "SEK", "2026-11-22", "consumer", "own", 0, (None, None)),
    ("de", REMINDER, "EUR", "2026-11-22", "consumer", "own", 0, ("DE-FEE-2", 250)),
    ("de", COMPENSATION, "EUR", "2026-11-22", "consumer", "own", 0, (None, None)),
    ("de", COMPENSATION, "EUR", "2026-11-22", "public", "own", 0, ("DE-FEE-3", 4000)),
    ("gb", COMPENSATION, "GBP", "2026-11-22", "business", "own", 99999, ("GB-COMP-1", 4000)),
    ("gb", COMPENSATION, "GBP", "2026-11-22", "business", "own", 100000, ("GB-COMP-1", 7000)),
    ("gb", COMPENSATION, "GBP", "2026-11-22", "business", "own", 999999, ("GB-COMP-1", 7000)),
    ("gb", COMPENSATION, "GBP", "2026-11-22", "business", "own", 1000000, ("GB-COMP-1", 10000)),
    ("gb", COMPENSATION, "GBP", "2026-11-22", "business", "own", 0, ("GB-COMP-1", 4000)),
    ("gb", REMINDER, "GBP", "2026-11-22", "consumer", "own", 0, (None, None)),
    ("us", REMINDER, "USD", "2026-11-22", "consumer", "own", 0, (None, None)),
]


def caps():
    for name in rules.PACKS:
        load(rules.pack_text(name))
        for _, kind, currency, on, party, role, principal, wanted in \
                (c for c in CAPS if c[0] == name):
            tap.same(cap(kind, currency, on, party, role, principal), wanted,
                     f"{name}: {('reminder', 'notice', 'handover', 'compensation')[kind]}, "
                     f"{party}, {role}, {on}, principal {principal}")


# --- a workspace's own values --------------------------------------------------------

def value(kind, rule, **more):
    return {"kind": kind, "rule": rule, "source": "our lawyer", **more}


def days(first, last, **more):
    return {"from": first, "to": last, **more}


H2 = ("2026-07-01", "2026-12-31")
REFUSED = [
    ("dk", value("amount", "DK-FEE-1", **days(*H2, max_minor=10001)), "hard cap"),
    ("dk", value("rate", "DK-INT-1", **days("2024-03-01", "2024-03-31", reference_bp=376)),
     "hard cap"),
    ("dk", value("off", "DK-FEE-1"), "cannot be switched off"),
    ("dk", value("off", "DK-INK-3"), "cannot be switched off"),
    ("dk", value("off", "DK-NONE"), "see the ids"),
    ("dk", value("agreed", "DK-FEE-1"), "must be agreed"),
    ("dk", value("rate", "DK-FEE-1", **days(*H2, reference_bp=1)), "no rule of interest"),
    ("dk", value("amount", "DK-INT-1", **days(*H2, max_minor=1)), "no fee"),
    ("gb", value("amount", "GB-COMP-1", **days(*H2, max_minor=1)), "of one amount"),
    ("dk", value("rate", "DK-INT-1", **days("2026-12-31", "2026-07-01", reference_bp=1)), "swap"),
    ("dk", value("rate", "DK-INT-1", reference_bp=1), "/local/0/from"),
    ("dk", {"kind": "off", "rule": "DK-FREQ-1"}, "/local/0/source"),
    ("dk", value("raise", "DK-FEE-1"), "give rate, amount, agreed or off"),
    ("dk", value("off", "DK-FREQ-1", until="2027-01-01"), "/local/0/until"),
]
OWN_CAP = {"id": "OWN-1", "kind": "cap", "says": "One text a week", "source": "our policy",
           "confidence": "P", "party": ["consumer"], "role": ["own"], "max": 1, "days": 7,
           "channels": ["sms"], "counted": ["sms"]}
OWN_FEE = {**rule_of(PACKS["dk"], "DK-FEE-6"), "id": "OWN-2"}


def own_values():
    for name, row, says in REFUSED:
        text, error = lay(name, row)
        tap.ok(text is None and error.startswith("local.json:1: /local/0") and says in error,
               f"refused: {row['kind']} {row['rule']}, {says}", error)
    text, error = lay("dk", value("amount", "DK-FEE-1", **days(*H2, max_minor=8000)))
    load(text)
    tap.same([cap(REMINDER, "DKK", on) for on in ("2026-06-30", "2026-07-01", "2026-12-31",
                                                  "2027-01-01")],
             [("DK-FEE-1", 10000), ("DK-FEE-1", 8000), ("DK-FEE-1", 8000), ("DK-FEE-1", 10000)],
             "an amount of one's own stands for the pack's on its days alone")
    text, _ = lay("no", value("amount", "NO-COMP-1", **days(*H2, max_minor=46500)))
    load(text)
    tap.same(cap(COMPENSATION, "NOK", "2026-11-22", "business"), ("NO-COMP-1", 46500),
             "where the pack's value has run out, one's own is charged")
    tap.same(cap(COMPENSATION, "NOK", "2027-01-01", "business"), (None, None), "and not longer")
    text, _ = lay("dk", value("rate", "DK-INT-1", **days(*H2, reference_bp=200)))
    load(text)
    tap.same(interest(365000, "2026-06-30", "2026-07-02"), 200, "a rate of one's own: 10 %, two days")
    text, error = lay("dk", contact=[OWN_CAP])
    tap.ok(error is None and "OWN-1" in text, "a cap of one's own is added", error)
    text, error = lay("dk", charge=[OWN_FEE])
    tap.ok(text is None and "local.json:1: /charge/0" in error and "cannot be added" in error,
           "a fee of one's own is not", error)
    text, error = lay("dk", contact=[{**OWN_CAP, "id": "DK-FREQ-1"}])
    tap.ok(text is None and "used twice" in error, "nor a rule under a name that is taken", error)
    for wrong in ('{"pack":"no"}', '[]', '{"pack":"dk","locals":[]}', '{'):
        got = probe.ask(do="overlay", pack=rules.pack_text("dk"), local=wrong)
        tap.ok(str(got["error"]).startswith("local.json:1:"), f"refused: {wrong}", got)


with rules.Probe() as probe:
    by_hand()
    tables()
    caps()
    own_values()
tap.done()
