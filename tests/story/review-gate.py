#!/usr/bin/env python3
"""What an independent reading of the gate and the plan found: each case here was
contacted, charged, handed over or approved against the law or our own word.

variants: release asan
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, invoice, mail_text  # noqa: E402

MAIL = ["email"]
FEE = {"minor": 10000, "currency": "DKK"}


def step(name, days, start="due", **more):
    return {"id": name, "from": start, "days": days, "channels": MAIL, **more}


def ladder(w, *steps, **more):
    """The whole ladder of the creditor, gaps and waits as short as may be."""
    def change(s):
        s.update({"steps": list(steps), "gap_days_min": 1, "resume_days": 0, **more})
        s.pop("experiment", None)
    w.schedule(change)


def no_segments(w):
    """Then a business climbs the creditor's own ladder."""
    os.remove(w.path("schedules", "segments.json"))


def go(w, *days, hour="11:00"):
    for day in days:
        w.json("run", at=f"{day}T{hour}:00Z")


def sent(w):
    return w.sql("select k.step, date(k.sent_at, 'unixepoch') from contact k where k.sent_at is not null "
                 "order by k.sent_at")


def law_stops_all():
    """Attorney and moratorium stop the debtor, not the claim."""
    for what, holds, paid in (("a dispute beside it", ("dispute", "legal"), False),
                              ("the claim is paid", ("legal",), True)):
        with Workspace() as w:
            w.setting("creditor demo", "schedule", "us-consumer")
            rows = [invoice(n, "K1", "2026-02-02", "100.00", country="US", currency="USD", lang="en",
                            open="100.00") for n in ("A", "B")]
            w.invoices(rows, at="2026-02-03T08:00:00Z", balance="open_amount")
            for kind in holds:
                w.run("hold", "--invoice", "A", "--type", kind, "--by", "x", at="2026-02-03T09:00:00Z")
            if paid:
                rows[0]["open"] = "0.00"
                w.invoices(rows, at="2026-02-04T08:00:00Z", balance="open_amount")
            go(w, *(f"2026-03-{d:02d}" for d in range(3, 20)), hour="17:00")
            tap.same(sent(w), [], f"a represented debtor is left in peace: {what}")
            said = w.run("explain", "B", at="2026-03-19T17:00:00Z").stdout
            tap.ok("US-ATT-1" in said and "legal" in said, f"and the law is named: {what}", said)


def deadline_heeded():
    with Workspace() as w:
        ladder(w, step("friendly_reminder", 4),
               step("formal_notice", 14, legal_notice=True, deadline_days=10),
               {"id": "hand_over", "from": "due", "days": 28, "handover": True})
        w.invoices([invoice("A", "K1", "2026-02-01", "1000.00")], at="2026-03-10T08:00:00Z")
        go(w, *(f"2026-03-{d:02d}" for d in range(11, 27)))
        last = w.one("select deadline_on from contact where step = 'formal_notice'")
        over = w.one("select at / 86400 from event where kind = 'invoice.handed_over'")
        tap.same(over, last + 1, "a late claim is handed over when its notice's deadline has run out")


def reopened(w, case_hold):
    """A is paid, B opens a new case, A's payment is taken back."""
    a, b = (invoice(n, "K1", due, "100.00", open="100.00") for n, due in
            (("A", "2026-02-01"), ("B", "2026-03-01")))
    w.invoices([a], at="2026-02-02T08:00:00Z", balance="open_amount")
    if case_hold:
        w.run("hold", "--case", "1", "--type", "dispute", "--by", "x", at="2026-02-02T09:00:00Z")
    go(w, "2026-02-06", "2026-02-17")
    w.invoices([{**a, "open": "0.00"}], at="2026-02-18T08:00:00Z", balance="open_amount")
    w.sql("update invoice set balance_minor = 0 where external_id = 'A'") if case_hold else None
    w.invoices([{**a, "open": "0.00"}, b], at="2026-02-20T08:00:00Z", balance="open_amount")
    w.invoices([a, b], at="2026-02-21T08:00:00Z", balance="open_amount")


def taken_once():
    with Workspace() as w:
        ladder(w, step("friendly_reminder", 4), step("second", 10, "previous",
               template="friendly_reminder", deadline_days=10))
        reopened(w, False)
        tap.same(w.sql("select external_id, case_id from invoice order by 1"), [("A", 2), ("B", 2)],
                 "an invoice that is owed again joins the open case")
        go(w, "2026-02-23", "2026-02-24", "2026-03-02")
        tap.same(sent(w), [("friendly_reminder", "2026-02-06"), ("second", "2026-02-17")],
                 "and no step of it is taken twice")
    with Workspace() as w:
        ladder(w, step("friendly_reminder", 4))
        reopened(w, True)
        go(w, "2026-02-23", "2026-02-24")
        tap.same(sent(w), [], "what was disputed is disputed in the new case")
        said = w.run("explain", "A", at="2026-02-24T12:00:00Z").stdout
        tap.ok("dispute" in said, "and is told so", said)


def no_deadline_on_a_holiday():
    with Workspace() as w:
        w.setting("creditor demo", "schedule", "se-consumer")
        w.setting("creditor demo", "zone", "Europe/Stockholm")
        w.invoices([invoice(f"F{d}", f"K{d}", f"2026-02-{d:02d}", "900.00", country="SE", currency="SEK",
                            lang="sv") for d in range(1, 29)], at="2026-02-01T08:00:00Z")
        seen = w.json("preview", "--days", "90", "--list", at="2026-02-01T08:00:00Z")
        days = {m["deadline_on"] for m in seen["list"] if m["deadline_on"]}
        shut = {"2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14"}
        bad = [d for d in days if d in shut or day_of_week(d) > 5]
        tap.ok(len(days) > 10 and not bad, "each deadline of the shipped Swedish ladder ends on a bank day",
               (len(days), bad))


def day_of_week(text):
    import datetime
    return datetime.date.fromisoformat(text).isoweekday()


def moved_between():
    """The schedule's step becomes a notice with a fee between plan and send."""
    with Workspace() as w:
        ladder(w, step("s1", 4, template="friendly_reminder"))
        w.invoices([invoice("A", "K1", "2026-02-01", "100.00")], at="2026-02-02T08:00:00Z")
        w.json("plan", at="2026-03-09T09:00:00Z")
        ladder(w, step("s1", 4, template="formal_notice", legal_notice=True, deadline_days=10, fee=FEE))
        w.run("reschedule", "dk-consumer", "--all", "--by", "x", at="2026-03-09T09:01:00Z")
        w.json("send", at="2026-03-09T09:02:00Z")
        tap.same(w.sql("select state, reason from contact"), [("dropped", "changed")],
                 "what was planned as a friendly word is not sent as a notice's")
        w.json("run", at="2026-03-09T09:10:00Z")
        tap.same(w.sql("select k.template, k.legal_notice, cc.fee_minor from contact k join contact_case cc "
                       "on cc.contact_id = k.id where k.sent_at is not null"), [("formal_notice", 1, 10000)],
                 "and the notice says itself what it costs")


def early_notice():
    with Workspace() as w:
        ladder(w, step("formal_notice", -1, legal_notice=True, fee=FEE, deadline_days=5))
        w.invoices([invoice("A", "K1", "2026-02-02", "100.00")], at="2026-01-05T08:00:00Z")
        go(w, "2026-01-31", "2026-02-01", "2026-02-02")
        tap.same(sent(w), [], "a notice does not go before the claim is late, whatever its days say")
        go(w, "2026-02-03", "2026-02-04")
        tap.same(w.sql("select date(k.sent_at, 'unixepoch'), k.deadline_on * 86400 - k.sent_at > 9 * 86400, "
                       "cc.fee_minor from contact k join contact_case cc on cc.contact_id = k.id"),
                 [("2026-02-03", 1, 10000)], "and then gives the days that the law wants")


def law_of_the_day():
    """Due on a Saturday in February, looked at on the Monday behind which a rule has begun."""
    with Workspace() as w:
        ladder(w, step("fee_reminder", 4, fee=FEE, deadline_days=10))
        os.makedirs(w.path("schedules", "rules", "local"), exist_ok=True)
        with open(w.path("schedules", "rules", "local", "dk.json"), "w", encoding="utf-8") as f:
            json.dump({"pack": "dk", "local": [], "step": [
                {"id": "OWN-1", "kind": "age", "source": "our board", "confidence": "P",
                 "says": "thirty days from 1 March", "party": ["consumer"], "role": ["own"],
                 "purpose": "fee_reminder", "min_age_days": 30, "valid_from": "2026-03-01"}]}, f)
        w.invoices([invoice("A", "K1", "2026-02-24", "100.00")], at="2026-02-25T08:00:00Z")
        go(w, "2026-03-02", "2026-03-03")
        tap.same(sent(w), [], "what leaves in March keeps to March's rule")
        said = w.run("explain", "A", at="2026-03-03T12:00:00Z").stdout
        tap.ok("OWN-1" in said, "which is named", said)


def yes_to_this_version():
    with Workspace() as w:
        ladder(w, step("s1", 4, template="friendly_reminder", approval=True))
        w.invoices([invoice("A", "K1", "2026-02-01", "100.00")], at="2026-02-02T08:00:00Z")
        go(w, "2026-03-02")
        w.json("approve", "case:1", "--by", "Bo", at="2026-03-02T12:00:00Z")
        ladder(w, step("s1", 4, template="formal_notice", legal_notice=True, deadline_days=10, fee=FEE,
                       approval=True))
        w.run("reschedule", "dk-consumer", "--all", "--by", "x", at="2026-03-02T12:01:00Z")
        go(w, "2026-03-03")
        tap.same(sent(w), [], "a yes to a friendly word is none to a notice with a fee")
        w.json("approve", "case:1", "--by", "Bo", at="2026-03-03T12:00:00Z")
        go(w, "2026-03-04")
        tap.same(sent(w), [("s1", "2026-03-04")], "which is asked for again")
        tap.ok("konto" in mail_text(list(w.mails().values())[0]), "and is sent then")


def letters_are_posted():
    """Handed over on a Sunday, posted on Monday: ten days from there."""
    with Workspace() as w:
        ladder(w, {**step("formal_notice", 4, legal_notice=True, deadline_days=10), "channels": ["letter"]})
        w.invoices([invoice("A", "K1", "2026-03-01", "100.00", street="Gade 1", postcode="8000",
                            city="Aarhus", email="")], at="2026-03-02T08:00:00Z")
        go(w, "2026-03-08")
        tap.same(w.sql("select date(sent_at, 'unixepoch'), date(deadline_on * 86400, 'unixepoch') from contact"),
                 [("2026-03-08", "2026-03-19")], "a letter of Sunday is posted on Monday, and gives ten days then")


def approved_is_sent():
    """What was shown may be sent; more money, other words or another account may not."""
    def begin(w):
        w.setting("approval", "needed", "true")
        ladder(w, step("friendly_reminder", 4))
        w.invoices([invoice("A", "K1", "2026-03-01", "100.00")], at="2026-03-02T08:00:00Z")
        return w.json("preview", "--days", "2", "--by", "Anna", at="2026-03-09T08:00:00Z")["approval"]["id"]

    def edit(w):
        path = w.path("templates", "email", "da", "friendly_reminder.warm.mustache")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text + "\nP.S.\n")

    def more(w):
        w.invoices([invoice("A", "K1", "2026-03-01", "100.00"),
                    invoice("B", "K1", "2026-03-02", "250000.00")], at="2026-03-09T08:30:00Z")

    def part(w):
        w.payments([{"id": "P1", "amount": "40.00", "on": "2026-03-09", "currency": "DKK", "invoice": "A"}],
                   at="2026-03-09T08:30:00Z")

    def account(w):
        w.setting("creditor demo", "account", "Reg. 9999 konto 9999999999")

    for what, change, left in (("nothing else happened", None, 1), ("other words", edit, 0),
                               ("another invoice", more, 0), ("another account", account, 0),
                               ("a part was paid", part, 1)):
        for when in ("plan", "send"):
            with Workspace() as w:
                seen = begin(w)
                w.json("approve", seen, "--by", "Bo", at="2026-03-09T08:10:00Z")
                if change is not None and when == "plan":
                    change(w)
                w.json("plan", at="2026-03-09T09:00:00Z")
                if change is not None and when == "send":
                    change(w)
                w.json("send", at="2026-03-09T09:05:00Z")
                tap.same(w.left(), left, f"approved, then {what} before the {when}: {left} left")
    with Workspace() as w:
        seen = begin(w)
        account(w)
        done = w.run("approve", seen, "--by", "Bo", at="2026-03-09T08:10:00Z")
        tap.ok(done.returncode == 1 and "purr.conf" in done.stderr, "nor may another account be approved",
               done.stderr)
    with Workspace() as w:
        w.setting("approval", "needed", "true")
        for a, b in (("Åse", "åse"), ("Anna Berg", "anna  berg")):
            seen = w.json("preview", "--days", "2", "--by", a, at="2026-03-09T08:00:00Z")["approval"]["id"]
            done = w.run("approve", seen, "--by", b, at="2026-03-09T08:10:00Z")
            tap.ok(done.returncode == 1 and "somebody else" in done.stderr, f"{a} is {b}", done.stderr)


def diff_tells_money():
    with Workspace() as w:
        no_segments(w)
        ladder(w, step("friendly_reminder", 4))
        w.invoices([invoice("A", "K1", "2024-03-01", "100000.00", party="business")],
                   at="2024-03-02T08:00:00Z")
        with open(w.path("schedules", "dk-consumer.json"), encoding="utf-8") as f:
            other = json.load(f)
        other["steps"][0].update(compensation=True, interest=True)
        seen = w.json("diff", "dk-consumer", w.file("new.json", json.dumps(other)), "--days", "10",
                      at="2024-03-09T08:00:00Z")
        one = seen["list"][0] if seen["list"] else {}
        tap.ok(seen["debtors"] == 1 and set(one["changes"]) == {"interest", "compensation"} and
               one["after"]["compensation"] == "310.00 DKK" and one["before"]["interest"] == "" and
               one["after"]["interest"].endswith(" DKK"), "a diff tells what would be asked for more", seen)
        other["steps"][0].update(compensation=False, interest=False, template="heads_up")
        seen = w.json("diff", "dk-consumer", w.file("new.json", json.dumps(other)), "--days", "10",
                      at="2024-03-09T08:00:00Z")
        tap.same([x["changes"] for x in seen["list"]], [["text"]], "and where the words alone are others")


def turns_out_a_consumer():
    with Workspace() as w:
        no_segments(w)
        ladder(w, step("friendly_reminder", 4, compensation=True))
        row = invoice("A", "K1", "2026-03-01", "100.00", party="business")
        w.invoices([row], at="2026-03-02T08:00:00Z")
        go(w, "2026-03-09")
        tap.same(w.one("select balance_minor from invoice"), 41000, "a business is asked for 310 kroner")
        w.invoices([{**row, "party": "consumer"}], at="2026-03-10T08:00:00Z")
        tap.same(w.one("select balance_minor from invoice"), 10000, "a consumer is not, once it is known")
        tap.same(w.sql("select kind, who from event where kind = 'charge.waived'"),
                 [("charge.waived", "import")], "which is told")
    with Workspace() as w:
        no_segments(w)
        ladder(w, step("friendly_reminder", 4, compensation=True))
        w.invoices([row], at="2026-03-02T08:00:00Z")
        go(w, "2026-03-09")
        w.payments([{"id": "P1", "amount": "300.00", "on": "2026-03-09", "currency": "DKK", "invoice": "A"}],
                   at="2026-03-09T13:30:00Z")
        w.invoices([{**row, "party": "consumer"}], at="2026-03-10T08:00:00Z")
        tap.same((w.one("select balance_minor from invoice"), [t["text"] for t in w.json("tasks")["tasks"]]),
                 (0, ["The debtor is a consumer, and has paid 200.00 DKK of compensation for late payment "
                      "with invoice A: pay it back."]), "what was paid of it is for a person to pay back")


law_stops_all()
approved_is_sent()
diff_tells_money()
turns_out_a_consumer()
deadline_heeded()
taken_once()
no_deadline_on_a_holiday()
moved_between()
early_notice()
law_of_the_day()
yes_to_this_version()
letters_are_posted()
tap.done()
