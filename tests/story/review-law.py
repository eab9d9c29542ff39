#!/usr/bin/env python3
# time-limit: 300
"""What a lawyer's reading of the packs and the messages found: each case here was
charged, left unsaid or told wrongly against the facts that the packs rest on.

variants: release asan
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, instant, invoice, mail_text  # noqa: E402

PLACES = {"DK": ("DKK", "da", "Europe/Copenhagen", "+4520123456"),
          "NO": ("NOK", "nb", "Europe/Oslo", "+4740612345"),
          "SE": ("SEK", "sv", "Europe/Stockholm", "+46701234567"),
          "FI": ("EUR", "fi", "Europe/Helsinki", "+358401234567"),
          "DE": ("EUR", "de", "Europe/Berlin", "+4915112345678"),
          "GB": ("GBP", "en", "Europe/London", "+447700900123"),
          "US": ("USD", "en", "America/New_York", "")}
UNREACHED = {"email": "", "street": "", "postcode": "", "city": ""}


def bill(no, due, amount, country, debtor="K1", **more):
    currency, lang, zone, _ = PLACES[country]
    return invoice(no, debtor, due, amount, **{"country": country, "currency": currency,
                   "lang": lang, "zone": zone, "street": "Storgata 1", "postcode": "1000",
                   "city": "By", **more})


def place(country, *own, party=None):
    """A workspace whose creditor sits in the country, with values of its own laid over the pack."""
    w = Workspace()
    w.setting("creditor demo", "zone", PLACES[country][2])
    if own:
        os.makedirs(w.path("schedules/rules/local"), exist_ok=True)
        w.file(f"schedules/rules/local/{country.lower()}.json",
               json.dumps({"pack": country.lower(), "local": list(own)}))
    return w


def rewrite(w, name, change):
    path = w.path("schedules", f"{name}.json")
    with open(path, encoding="utf-8") as f:
        text = json.load(f)
    change(text)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(text, f)


def days(w, first, count, hour="09:00"):
    start = instant(f"{first}T{hour}:00Z")
    for i in range(count):
        w.json("run", at=at_text(start + i * 86400))


def check(w, at="2026-02-01T09:00:00Z"):
    answer = json.loads(w.run("check", "--json", at=at).stdout)
    return [p["text"] for p in answer["problems"]], [n["text"] for n in answer["notices"]]


def fee_by_sms():
    """NO-FEE-5: who asks for a fee states the amount and what it is for."""
    agreed = {"kind": "agreed", "rule": "SE-FEE-1", "source": "contract"}
    for country in ("DK", "NO", "FI", "SE"):
        for what, more, fee in (("sms", {**UNREACHED, "phone": PLACES[country][3]}, False),
                                ("email", {}, True)):
            with place(country, *([agreed] if country == "SE" else [])) as w:
                w.invoices([bill("F1", "2026-01-16", "1000.00", country, **more)],
                           at="2026-01-18T10:00:00Z")
                days(w, "2026-01-20", 18)
                got = w.sql("select k.channel, c.fee_minor > 0 from contact k join contact_case c "
                            "on c.contact_id = k.id where k.step = 'fee_reminder' and k.state = 'sent'")
                tap.same(got, [(what, fee)], f"{country}: the reminder by {what} "
                         f"{'bears' if fee else 'bears no'} fee")
                booked = w.one("select count(*) from entry where type = 'fee'")
                said = [t["text"] for t in w.texts() if any(word in t["text"] for word in
                        ("gebyr", "kulu", "avgift"))]
                tap.same((booked, said), (int(fee), []), f"{country}: {what}: booked and said as well")
    with Workspace() as w:
        problems, notices = check(w)
        told = [n for n in notices if "goes without its fee" in n]
        tap.ok(not problems and any("step fee_reminder: by sms" in n and "NO-FEE-2B" in n for n in told)
               and any("step fee_reminder: by sms" in n and "DK-FEE-1" in n for n in told),
               "purr check tells which steps go by SMS without their fee", (problems, told))


fee_by_sms()
tap.done()
