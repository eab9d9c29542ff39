"""How the packs count the days to a deadline: cases worked out by hand, and
every day of twelve years against rules written down a second time.
"""
# time-limit: 240
import datetime as dt
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../lib"),
                os.path.join(HERE, "../check")]
import rules  # noqa: E402
import tap  # noqa: E402
import window_days  # noqa: E402

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2035, 10, 31)

# pack, purpose, channel, role, sent, last day: with a calendar in the hand
BY_HAND = [
    # Denmark: ten days from dispatch, then the next bank day
    ("dk", "formal_notice", "letter", "own", "2024-02-19", "2024-02-29"),   # a leap day
    ("dk", "formal_notice", "letter", "own", "2026-03-23", "2026-04-07"),   # 2 April: Easter
    ("dk", "formal_notice", "letter", "own", "2026-12-14", "2026-12-28"),   # 24th to 27th shut
    ("dk", "formal_notice", "email", "own", "2026-05-26", "2026-06-08"),    # 5 June, a Friday
    # Norway: fourteen days, the same weekday, a holiday or not
    ("no", "formal_notice", "letter", "own", "2026-12-11", "2026-12-25"),
    ("no", "formal_notice", "letter", "own", "2026-03-20", "2026-04-03"),   # Good Friday
    ("no", "formal_notice", "letter", "own", "2024-02-15", "2024-02-29"),
    ("no", "fee_reminder", "email", "own", "2027-05-03", "2027-05-17"),     # two holidays in one
    # Sweden: eight days, and four bank days after receipt (a letter takes three)
    ("se", "formal_notice", "letter", "own", "2026-11-02", "2026-11-11"),   # 5th: 6, 9, 10, 11
    ("se", "formal_notice", "email", "own", "2026-11-02", "2026-11-10"),    # eight days weigh more
    ("se", "formal_notice", "letter", "own", "2026-06-15", "2026-06-25"),   # over Midsummer Eve
    ("se", "formal_notice", "letter", "own", "2026-12-21", "2027-01-04"),   # 28, 29, 30, 4
    ("se", "formal_notice", "letter", "own", "2026-03-30", "2026-04-10"),   # over Easter: 7, 8, 9, 10
    # Finland: ten days after a letter's seven, or an e-mail's three
    ("fi", "formal_notice", "letter", "own", "2026-11-02", "2026-11-19"),
    ("fi", "fee_reminder", "email", "own", "2026-11-02", "2026-11-16"),     # 15th: a Sunday
    ("fi", "fee_reminder", "letter", "own", "2026-12-08", "2026-12-28"),    # 25th
    ("fi", "fee_reminder", "letter", "own", "2026-06-02", "2026-06-22"),    # 19th: Midsummer Eve
    # United States: thirty days after the fifth working day
    ("us", "formal_notice", "letter", "third_party", "2026-11-19", "2026-12-28"),  # 27 November, and
    ("us", "formal_notice", "letter", "own", "2026-11-19", "2026-12-03"),          # Thanksgiving
]


def is_bank_day(pack, day):
    kind = window_days.days_of(pack, None, day.year).get(day, (None,))[0]
    return day.weekday() < 5 and kind is None


def next_bank_day(pack, day):
    while not is_bank_day(pack, day):
        day += DAY
    return day


def after_bank_days(pack, day, count):
    while count:
        day += DAY
        count -= is_bank_day(pack, day)
    return day


LETTER_DAYS = {"se": {"letter": 3, "email": 1, "sms": 1}, "fi": {"letter": 7, "email": 3, "sms": 3}}
PLAIN = {"dk": (10, 10), "de": (10, 14), "gb": (10, 14), "us": (10, 14)}


def oracle(pack, purpose, channel, role, sent):
    if pack == "no":
        return sent + 14 * DAY
    if pack == "fi":
        return next_bank_day(pack, sent + (LETTER_DAYS[pack][channel] + 10) * DAY)
    if pack == "se":
        last = sent + 8 * DAY
        if purpose == "formal_notice":
            received = sent + LETTER_DAYS[pack][channel] * DAY
            last = max(last, after_bank_days(pack, received, 4))
        return next_bank_day(pack, last)
    last = next_bank_day(pack, sent + PLAIN[pack][purpose == "formal_notice"] * DAY)
    if pack == "us" and role == "third_party" and purpose == "formal_notice":
        last = max(last, next_bank_day(pack, after_bank_days(pack, sent, 5) + 30 * DAY))
    return last


def ask(probe, purpose, channel, role, sent):
    return probe.ask(do="deadline", purpose=purpose, channel=channel, party="consumer", role=role,
                     on=sent.isoformat())["day"]


def sweep(probe, pack):
    """Days on which the program and the oracle disagree."""
    wrong, asked = [], 0
    sent = FIRST
    while sent <= LAST:
        for purpose in ("reminder", "fee_reminder", "formal_notice"):
            if pack == "us" and purpose == "fee_reminder":
                continue                    # nothing may be charged, so there is no rule
            for channel, role in (("letter", "own"), ("email", "third_party")):
                got = ask(probe, purpose, channel, role, sent)
                wanted = oracle(pack, purpose, channel, role, sent).isoformat()
                asked += 1
                if got != wanted:
                    wrong.append((purpose, channel, role, sent.isoformat(), got, wanted))
        sent += DAY
    return wrong, asked


with rules.Probe() as probe:
    for pack in rules.PACKS:
        loaded = probe.ask(do="load", pack=rules.pack_text(pack),
                           calendar=rules.calendar_text(pack))
        tap.same(loaded, {"error": None}, f"{pack}: pack and calendar are read")
        for _, purpose, channel, role, sent, wanted in (c for c in BY_HAND if c[0] == pack):
            tap.same(ask(probe, purpose, channel, role, dt.date.fromisoformat(sent)), wanted,
                     f"{pack}: {purpose} by {channel}, {role}, sent {sent}")
        wrong, asked = sweep(probe, pack)
        tap.ok(not wrong and asked > 15000, f"{pack}: {asked} deadlines as the oracle has them",
               "\n".join(map(str, wrong[:10])))
tap.done()
