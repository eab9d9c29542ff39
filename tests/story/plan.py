#!/usr/bin/env python3
# time-limit: 600
# variants: release asan-long
"""The promises of plan and send, as a finance team would put them to the test:
who is contacted, when, about what, and above all who is not."""
import datetime
import os
import re
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "server")]
import servers  # noqa: E402
import tap  # noqa: E402
import workspace  # noqa: E402
from workspace import Workspace, at_text, day, instant, invoice, mail_text, payment  # noqa: E402

BEFORE = "2026-09-01T10:00:00Z"
MONDAY = "2026-09-21T08:00:00Z"         # 10:00 in Copenhagen
DAY = 86400


def contacts(w, what="id, debtor_id, channel, step, state, reason, ripe_at, sent_at"):
    return w.sql(f"select {what} from contact order by id")


def plan_and_send(w, at):
    return w.json("run", at=at)


# --- the line of the contract ---------------------------------------------------------

def many(count, due="2026-09-10"):
    """Debtors at every stage: e-mail, SMS, both, neither, business, several invoices."""
    rows = []
    for n in range(1, count + 1):
        on = (datetime.date.fromisoformat(due) + datetime.timedelta(days=(n * 7) % 40 - 20))
        more = [{}, {"email": "", "phone": f"+45 20 30 40 {n:02d}"},
                {"phone": f"+45 20 30 41 {n:02d}", "prefers": "sms"},
                {"party": "business"}][n % 4]
        for k in range(1 + n % 3):
            rows.append(invoice(f"F{n}-{k}", f"K{n}", str(on + datetime.timedelta(days=k * 3)),
                                f"{100 + n}.50", **more))
    return rows


def twice_at_once():
    with Workspace() as w:
        w.invoices(many(24), BEFORE)
        first = w.json("plan", at=MONDAY)
        before = w.dump()
        second = w.json("plan", at=MONDAY)
        tap.ok(first["contacts"] > 5 and first["rows_written"] > 0,
               "the first plan writes", first)
        tap.same(second["rows_written"], 0, "the second plan at the same instant writes no row")
        tap.ok(w.dump() == before, "and the database is the same, byte for byte")
        w.json("send", at=MONDAY)
        w.json("plan", at=MONDAY)
        before = w.dump()
        tap.same(w.json("plan", at=MONDAY)["rows_written"], 0,
                 "after a send too, a second plan writes nothing")
        tap.ok(w.dump() == before, "and the database is the same again")


def a_day_of_runs():
    with Workspace() as w:
        w.invoices(many(24), BEFORE)
        start = instant("2026-09-21T00:00:00Z")
        for n in range(22):
            plan_and_send(w, at_text(start + n * 3900))
        per = w.sql("select debtor_id, count(*) from contact where state = 'sent' group by 1")
        tap.ok(per and all(n == 1 for _, n in per),
               f"22 runs in a day: {len(per)} debtors contacted, nobody twice", per)
        tap.same(w.left(), len(per), "and that many messages left the house")


def a_week_away():
    with Workspace() as w:
        w.invoices(many(24), BEFORE)
        start = instant("2026-09-07T08:00:00Z")
        for n in range(4):
            plan_and_send(w, at_text(start + n * DAY))
        before = w.left()
        sent = w.one("select count(*) from contact where state = 'sent'")
        late = start + 11 * DAY                     # Friday of the week after
        plan_and_send(w, at_text(late))
        plan_and_send(w, at_text(late + 3600))
        per = w.sql("select debtor_id, count(*) from contact where sent_at >= ? group by 1", late)
        tap.ok(per and all(n == 1 for _, n in per),
               f"a week without runs is caught up with one message each for {len(per)} debtors", per)
        tap.same(w.left() - before, len(per), "and that many more left the house")
        tap.ok(sent == before, "what left before is what was recorded as sent")
        missed = w.sql("select i.external_id from invoice i where i.due_on between ? and ? "
                       "and not exists (select 1 from contact_invoice ci join contact c "
                       "on c.id = ci.contact_id where ci.invoice_id = i.id and c.state = 'sent')",
                       day("2026-09-05"), day("2026-09-13"))
        tap.same(missed, [], "no invoice whose reminder fell in that week was passed over")


def schema_refuses():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], BEFORE)
        plan_and_send(w, MONDAY)
        base = sqlite3.connect(w.path("purr.db"))
        row = base.execute("select * from contact_case").fetchone()
        columns = [c[1] for c in base.execute("pragma table_info(contact)")]
        other = ", ".join("2" if c == "id" else c for c in columns)
        base.execute(f"insert into contact select {other} from contact where id = 1")
        try:
            base.execute("insert into contact_case values (2, ?, ?, ?, ?, 0)", row[1:5])
            tap.ok(False, "the schema refuses a double step by itself")
        except sqlite3.IntegrityError as refusal:
            tap.ok("UNIQUE" in str(refusal), "the schema refuses a double step by itself", refusal)
        base.close()


# --- what a message speaks of ----------------------------------------------------------------

def one_message():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00"),
                    invoice("F2", "K1", "2026-09-12", "250.75"),
                    invoice("F3", "K1", "2026-09-24", "33.00"),     # due soon: mentioned
                    invoice("F4", "K1", "2026-12-01", "77.00"),     # far away: not
                    invoice("E1", "K1", "2026-09-11", "12.34", currency="EUR")], BEFORE)
        summary = plan_and_send(w, MONDAY)
        tap.same((summary["plan"]["contacts"], summary["send"]["sent"], w.left()), (1, 1, 1),
                 "one debtor, five invoices, two currencies: one message")
        text = mail_text(w.mails()[1]).replace("\u00a0", " ")
        tap.ok(all(f in text for f in ("F1", "F2", "F3", "E1")) and "F4" not in text,
               "it lists all that are due or soon will be, and no other", text)
        tap.ok("383,75" in text or "350,75" in text, "with the sum in kroner", text)
        tap.ok("12,34" in text and ("EUR" in text or "€" in text), "and the sum in euro", text)
        listed = w.sql("select i.external_id, ci.balance_minor, ci.counts from contact_invoice ci "
                       "join invoice i on i.id = ci.invoice_id order by 1")
        tap.same(listed, [("E1", 1234, 1), ("F1", 10000, 1), ("F2", 25075, 1), ("F3", 3300, 0)],
                 "the record says what it spoke of, and for which it counts")
        at = instant(MONDAY)
        for n in range(1, 5):
            plan_and_send(w, at_text(at + n * DAY))
        tap.same(w.left(), 1, "nothing more within the minimum gap")


def ladder_in_order():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "1000.00", street="Vej 1", postcode="8000",
                            city="Aarhus C")], BEFORE)
        at = instant("2026-09-01T08:00:00Z")
        for n in range(80):
            plan_and_send(w, at_text(at + n * DAY))
        sent = w.sql("select step, sent_at / 86400, deadline_on from contact where state = 'sent' "
                     "order by id")
        tap.same([s for s, _, _ in sent],
                 ["heads_up", "friendly_reminder", "fee_reminder", "formal_notice"],
                 "the steps come in order, each once")
        days = [d for _, d, _ in sent]
        tap.same(days[:2], [day("2026-09-07"), day("2026-09-14")],
                 "three days before the due date, four days after it")
        tap.ok(all(b - a >= 10 for a, b in zip(days[1:], days[2:])),
               "then at least ten days from one to the next", days)
        tap.ok(all(b > d for (_, _, d), b in zip(sent[1:], days[2:]) if d is not None),
               "and never before the deadline that was given has passed", sent)
        tap.same(w.one("select state from invoice"), "handed_over", "and then it is handed over")
        handed = w.one("select at / 86400 from event where kind = 'invoice.handed_over'")
        tap.ok(handed > sent[-1][2] + 4 and handed - days[-1] >= 14,
               "not before the notice's deadline and its days of grace", (handed, sent))
        tap.same(w.one("select count(*) from task where kind = 'hand_over'"), 1,
                 "which one person is asked to do, once")
        fees = w.sql("select count(*), sum(amount_minor) from entry where type = 'fee'")[0]
        tap.same(fees[0], 2, "two of the messages carried a fee")
        balance = w.one("select balance_minor from invoice")
        tap.same(balance, 100000 + fees[1], "and the balance is the sum of its entries")
        before = w.left()
        plan_and_send(w, at_text(at + 100 * DAY))
        tap.same(w.left(), before, "after that nothing is sent")


# --- a step counts only when it was really sent --------------------------------------------------

def failed_goes_on():
    with Workspace() as w, servers.SmtpSink("-f", "RCPT", "-B", "550 5.1.1 unknown") as sink:
        w.setting("email", "driver", "smtp")
        w.setting("email", "url", sink.url)
        w.setting("email", "starttls", "false")
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00", phone="+45 20 30 40 50")], BEFORE)
        first = plan_and_send(w, MONDAY)["send"]
        tap.same((first["sent"], first["failed"]), (0, 1), "the relay refuses the address")
        plan_and_send(w, at_text(instant(MONDAY) + 60))
        tap.same(contacts(w, "channel, step, state"),
                 [("email", "friendly_reminder", "failed"), ("sms", "friendly_reminder", "sent")],
                 "the same step goes by the next channel")
        tap.same((len(w.texts()), len(sink.messages())), (1, 0), "one message left, by SMS")


def later_is_no_step():
    with Workspace() as w, servers.SmtpSink("-r", "RCPT") as sink:
        w.setting("email", "driver", "smtp")
        w.setting("email", "url", sink.url)
        w.setting("email", "starttls", "false")
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], BEFORE)
        at = instant(MONDAY)
        plan_and_send(w, at_text(at))
        again = plan_and_send(w, at_text(at + 299))["send"]
        (state, attempt, ripe), = contacts(w, "state, attempt, ripe_at")
        tap.ok((state, attempt) == ("planned", 1) and at + 300 <= ripe <= at + 375,
               "refused for now: it waits five minutes, and up to a quarter more", ripe - at)
        tap.same(again["later"], 0, "and is not tried sooner")
        plan_and_send(w, at_text(ripe))
        (state, attempt, again), = contacts(w, "state, attempt, ripe_at")
        tap.ok((state, attempt) == ("planned", 2) and ripe + 900 <= again <= ripe + 1125,
               "then a quarter of an hour", again - ripe)
        plan_and_send(w, at_text(at + 4 * DAY))
        state = contacts(w, "state, reason")
        tap.ok(state[0] == ("dropped", "expired"), "and after three days it is dropped", state)
        w.setting("email", "driver", "file")
        plan_and_send(w, at_text(at + 4 * DAY + 600))
        tap.same([s for s, in w.sql("select step from contact where state = 'sent'")],
                 ["friendly_reminder"], "the step itself was not lost")


# --- between plan and send ------------------------------------------------------------------------

SUNDAY = "2026-09-20T10:00:00Z"         # nothing may leave; the plan is made for Monday 08:00
WINDOW = "2026-09-21T06:00:00Z"


def planned(rows, **profile):
    """A workspace whose contacts wait for Monday morning."""
    w = Workspace()
    w.invoices(rows, BEFORE, **profile)
    w.json("plan", at=SUNDAY)
    if [s for s, in w.sql("select state from contact")] != ["planned"]:
        raise RuntimeError("one contact was to be planned")
    return w


def dropped(w, reason, what):
    summary = w.json("send", at=WINDOW)
    tap.same((contacts(w, "state, reason"), w.left()), ([("dropped", reason)], 0), what)
    tap.same((summary["sent"], summary["dropped"]), (0, 1), f"and so the summary says ({reason})")


def add_hold(w, kind, scope="debtor", until=253402300799, invoice_id=None):
    w.sql("insert into hold (scope, creditor_id, debtor_id, invoice_id, type, owner, reason, "
          "from_at, until_at) values (?, 1, 1, ?, ?, 'test', 'story', ?, ?)",
          scope, invoice_id, kind, instant(SUNDAY), until)


def changed_meanwhile():
    row = invoice("F1", "K1", "2026-09-10", "100.00", phone="+45 20 30 40 50")
    with planned([row]) as w:
        w.payments([payment("P1", "100.00", "2026-09-20", invoice="F1")], SUNDAY)
        dropped(w, "paid", "paid between plan and send: nothing leaves")
        plan_and_send(w, at_text(instant(WINDOW) + 60))
        tap.same(w.left(), 0, "nor later")
    with planned([row]) as w:
        add_hold(w, "manual")
        dropped(w, "hold.manual", "a hold between plan and send: nothing leaves")
    with planned([row]) as w:
        w.invoices([{**row, "disputed": "yes"}], SUNDAY)
        dropped(w, "hold.dispute", "disputed between plan and send: nothing leaves")
    with planned([row]) as w:
        w.invoices([{**row, "due": "2026-10-30"}], SUNDAY)
        dropped(w, "not_due", "the due date moved: nothing leaves")
    with planned([row]) as w:
        w.payments([payment("P1", "80.00", "2026-09-20", invoice="F1")], SUNDAY)
        dropped(w, "below_minimum", "too little is left: nothing leaves")
    with planned([row]) as w:
        w.payments([payment("P1", "17.00", "2026-09-20", debtor="K1")], SUNDAY)
        dropped(w, "money.unallocated", "money that nobody has placed yet: nothing leaves")
    with planned([row]) as w:
        w.sql("update address set opted_out_at = 1 where channel = 'email'")
        dropped(w, "changed", "opted out of e-mail between plan and send: no e-mail")
        plan_and_send(w, at_text(instant(WINDOW) + 60))
        tap.same((len(w.mails()), len(w.texts())), (0, 1), "it goes by SMS instead")
    with planned([row]) as w:
        w.sql("update address set opted_out_at = 1")
        w.json("send", at=WINDOW)
        plan_and_send(w, at_text(instant(WINDOW) + 60))
        tap.same(w.left(), 0, "opted out of everything: nothing leaves")
        tap.same(w.one("select count(*) from task where kind = 'no_channel'"), 1,
                 "and a person is asked")


def amounts_as_of_now():
    row = invoice("F1", "K1", "2026-09-10", "100.00")
    with planned([row, invoice("F2", "K1", "2026-09-11", "60.00")]) as w:
        w.payments([payment("P1", "40.00", "2026-09-20", invoice="F1")], SUNDAY)
        w.invoices([invoice("C1", "K1", "", "-15.00", kind="credit", credits="F2")], SUNDAY)
        w.json("send", at=WINDOW)
        text = mail_text(w.mails()[1]).replace("\u00a0", " ")
        tap.ok("60,00" in text and "45,00" in text and "105,00" in text and "160,00" not in text,
               "part payment and credit note show in the message that leaves", text)
        tap.same(w.sql("select balance_minor from contact_invoice order by invoice_id"),
                 [(6000,), (4500,)], "and in what it is recorded to have said")
    with planned([row]) as w:
        w.invoices([invoice("F2", "K1", "2026-09-12", "55.00")], SUNDAY)
        w.json("plan", at=SUNDAY)
        summary = w.json("send", at=WINDOW)
        tap.same(summary["sent"], 1, "a new invoice while the contact waits: one message")
        text = mail_text(w.mails()[1])
        tap.ok("F1" in text and "F2" in text, "which speaks of both", text)
        plan_and_send(w, at_text(instant(WINDOW) + DAY))
        tap.same(w.left(), 1, "and the new one brings no message of its own the day after")


# --- how often, how little ------------------------------------------------------------------------------

def gap_over_all_paths():
    with Workspace() as w:
        rows = [invoice(f"F{n}", "K1", str(datetime.date(2026, 9, 1) + datetime.timedelta(days=n)),
                        "100.00", phone="+45 20 30 40 50", currency="DKK" if n % 3 else "EUR",
                        prefers=["", "sms"][n % 2]) for n in range(0, 30, 2)]
        for row in rows:
            row["prefers"] = "sms"
        w.invoices(rows, BEFORE)
        at = instant("2026-09-01T07:00:00Z")
        for n in range(50):
            plan_and_send(w, at_text(at + n * DAY + (n % 5) * 3600))
        when = [t for t, in w.sql("select sent_at from contact where state = 'sent' order by 1")]
        gaps = [int(b // DAY - a // DAY) for a, b in zip(when, when[1:])]
        tap.ok(len(when) > 4 and min(gaps) >= 5,
               f"fifteen invoices in two currencies, fifty daily runs: {len(when)} messages, "
               f"never closer than {min(gaps)} days", gaps)


def small_and_unreachable():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "24.99"),
                    invoice("F2", "K2", "2026-09-10", "25.00"),
                    invoice("F3", "K3", "2026-09-10", "15.00"),
                    invoice("F4", "K3", "2026-09-11", "15.00"),
                    invoice("F5", "K4", "2026-09-10", "500.00", email=""),
                    invoice("F6", "K5", "2026-09-10", "500.00", country="FR",
                            zone="Europe/Paris")], BEFORE)
        for hour in range(3):
            plan_and_send(w, at_text(instant(MONDAY) + hour * 3600))
        who = [k for k, in w.sql("select d.external_id from contact c join debtor d "
                                 "on d.id = c.debtor_id order by 1")]
        tap.same(who, ["K2", "K3"], "below the minimum nobody is chased; two small ones add up")
        tap.same(w.sql("select d.external_id, t.kind, count(*) from task t "
                       "join debtor d on d.id = t.debtor_id group by 1, 2 order by 1"),
                 [("K4", "no_channel", 1), ("K5", "pack.missing", 1)],
                 "no address, and a country without rules: nobody is contacted, a person is asked")


def by_letter_only():
    """A heads-up for which there is no address is passed over; the letter goes when its step comes."""
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-11-10", "500.00", email="", street="Strandgade 1", postcode="1401",
                            city="København K")], "2026-11-01T08:00:00Z")
        for name, value in (("street", "Elmevej 1"), ("postcode", "8000"), ("city", "Aarhus C")):
            w.setting("creditor demo", name, value)
        for day in range(7, 21):
            plan_and_send(w, f"2026-11-{day:02d}T09:00:00Z")
        tap.same(w.sql("select channel, step, state from contact"), [("letter", "friendly_reminder", "sent")],
                 "no heads-up, and the first reminder by letter")
        tap.same(w.json("tasks")["tasks"], [], "nobody is asked for an address that is not needed")
    with planned([invoice("F1", "K1", "2026-09-10", "100.00")]) as w:
        dry = w.run("send", "--dry-run", at=WINDOW)
        tap.ok("dry run: 1 sent" in dry.stdout and w.left() == 0, "a dry run says how many would go", dry.stdout)


# --- hours, holidays, clocks that change -------------------------------------------------------------------

WHEN = [
    # planned at, leaves at (both UTC), zone, what
    ("2026-09-19T13:29:00Z", "2026-09-19T13:29:00Z", "", "Saturday 15:29: just in time"),
    ("2026-09-19T13:31:00Z", "2026-09-21T06:00:00Z", "", "Saturday 15:31: too close to closing"),
    ("2026-09-20T10:00:00Z", "2026-09-21T06:00:00Z", "", "Sunday: Monday at eight"),
    ("2026-09-21T05:59:59Z", "2026-09-21T06:00:00Z", "", "a second before eight"),
    ("2026-09-21T17:29:00Z", "2026-09-21T17:29:00Z", "", "19:29 is early enough"),
    ("2026-09-21T18:00:00Z", "2026-09-22T06:00:00Z", "", "20:00: the morning after"),
    ("2026-09-21T06:30:00Z", "2026-09-21T07:00:00Z", "Atlantic/Faroe",
     "the debtor's own clock counts: eight in Torshavn"),
    ("2026-12-24T09:00:00Z", "2026-12-28T07:00:00Z", "",
     "24 December, Christmas, Saturday, Sunday: Monday the 28th"),
    ("2026-12-31T09:00:00Z", "2027-01-02T08:00:00Z", "", "New Year: Saturday the 2nd at nine"),
    ("2027-03-25T10:00:00Z", "2027-03-27T08:00:00Z", "",
     "Maundy Thursday and Good Friday: Saturday at nine"),
    ("2027-03-27T17:00:00Z", "2027-03-30T06:00:00Z", "",
     "Easter, and the clocks go forward: Tuesday at eight, summer time"),
    ("2026-10-24T18:00:00Z", "2026-10-26T07:00:00Z", "",
     "the clocks go back: Monday at eight, winter time"),
    ("2027-05-06T09:00:00Z", "2027-05-07T06:00:00Z", "", "Ascension Day"),
    ("2027-06-05T09:00:00Z", "2027-06-07T06:00:00Z", "", "5 June, a Saturday: treated as Sunday"),
]


EARLY_SECONDS = 60      # a send's clock goes on while it works


def hours():
    for planned_at, leaves_at, zone, what in WHEN:
        due = datetime.date.fromisoformat(planned_at[:10]) - datetime.timedelta(days=6)
        with Workspace() as w:
            w.invoices([invoice("F1", "K1", str(due), "100.00", zone=zone)],
                       at_text(instant(planned_at) - 60))
            w.json("plan", at=planned_at)
            ripe = [at_text(t) for t, in w.sql("select ripe_at from contact")]
            leaves = instant(leaves_at)
            if leaves_at != planned_at:
                w.json("send", at=at_text(leaves - EARLY_SECONDS))
            early = w.left()
            w.json("send", at=leaves_at)
            tap.same((ripe, early, w.left()), ([leaves_at], 0, 1), what)


def late_worker():
    """Planned for the morning; the worker only comes when the window is shut."""
    with planned([invoice("F1", "K1", "2026-09-10", "100.00")]) as w:
        w.json("send", at="2026-09-21T18:00:00Z")
        tap.same((contacts(w, "state, ripe_at"), w.left()),
                 ([("planned", instant("2026-09-22T06:00:00Z"))], 0),
                 "a late worker does not send at night: the next morning")
        w.json("send", at="2026-09-22T06:00:00Z")
        tap.same(w.left(), 1, "and then it does")
    with planned([invoice("F1", "K1", "2026-09-10", "100.00")]) as w:
        w.json("send", at="2026-09-21T17:59:00Z")
        tap.same(w.left(), 0, "nor in the last two minutes")


# --- several creditors -----------------------------------------------------------------------------------------

def two_creditors():
    with Workspace() as w:
        for name, value in (("name", "Vestby Vand"), ("phone", "+45 70 11 22 33"),
                            ("email", "hjaelp@vestby.example"), ("account", "reg. 0001, konto 2"),
                            ("from", "regning@vestby.example"), ("sms_from", "Vestby")):
            w.setting("creditor vand", name, value)
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00", email="same@kunde.example")],
                   BEFORE, creditor="demo")
        w.invoices([invoice("F1", "K1", "2026-09-10", "222.00", email="same@kunde.example"),
                    invoice("V2", "K1", "2026-09-11", "333.00", email="same@kunde.example")],
                   BEFORE, creditor="vand")
        plan_and_send(w, MONDAY)
        mails = sorted(w.mails().values(), key=lambda m: m["From"])
        tap.same(len(mails), 2, "two creditors, one person: two messages")
        texts = [mail_text(m) for m in mails]
        by = {("vestby" in m["From"]): t for m, t in zip(mails, texts)}
        tap.ok("V2" not in by[False] and "222" not in by[False] and "Vestby" not in by[False]
               and "V2" in by[True] and "Nordlys" not in by[True] and "100,00" not in by[True],
               "and neither knows of the other", texts)


# --- the program ------------------------------------------------------------------------------------------------

PLAN_FIELDS = {"looked_at", "contacts", "waiting", "nothing", "handed_over", "failed",
               "rows_written"}
SEND_FIELDS = {"sent", "later", "failed", "unknown", "postponed", "dropped", "recovered",
               "reconciled"}


def commands():
    with Workspace() as w:
        listing = w.run("--help")
        names = re.findall(r"^  ([a-z]+) ", listing.stdout.replace("-C", ""), re.M)
        bad = []
        for name in names:
            done = w.run(name, "--help")
            if done.returncode != 0 or not done.stdout.startswith(f"usage: purr {name}") \
                    or done.stderr:
                bad.append((name, done.returncode, done.stdout[:60], done.stderr[:60]))
        tap.ok(len(names) >= 8 and not bad, f"--help of all {len(names)} commands", bad)


def waits_for_its_hour():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], BEFORE)
        said = [w.run(c, at="2026-09-20T19:00:00Z").stdout.splitlines()[-1] for c in ("plan", "send")]
        tap.same(said, ["1 message is planned, for 2026-09-21 08:00 (Europe/Copenhagen)"] * 2,
                 "on a Sunday plan and send say what waits, and until when")
        tap.same(w.run("run", at=MONDAY).stdout.count("planned, for"), 0, "... and no more once it is sent")


def json_and_codes():
    with Workspace() as w:
        w.invoices(many(12), BEFORE)
        before = w.dump()
        dry = [w.json(c, "--dry-run", at=MONDAY) for c in ("plan", "send", "run")]
        tap.ok(w.dump() == before and not os.path.exists(w.path("outbox")),
               "--dry-run of plan, send and run writes nothing")
        tap.ok(dry[0]["contacts"] > 0 and dry[0]["rows_written"] == 0,
               "and says what it would do", dry[0])
        both = w.json("run", at=MONDAY)
        tap.same((set(both), set(both["plan"]), set(both["send"])),
                 ({"plan", "send"}, PLAN_FIELDS, SEND_FIELDS), "run --json has its fields")
        tap.same((set(w.json("plan", at=MONDAY)), set(w.json("send", at=MONDAY))),
                 (PLAN_FIELDS, SEND_FIELDS), "plan --json and send --json have theirs")
        tap.same(both["plan"]["contacts"], dry[0]["contacts"], "the dry run was right")
        tap.ok(all(isinstance(v, int) for part in both.values() for v in part.values()),
               "all are whole numbers")
        codes = []
        for wanted, argv, at in (
                (2, ["plan", "--no-such-option"], None), (2, ["plan", "operand"], None),
                (2, ["plan"], "yesterday"), (2, ["no-such-command"], None),
                (2, ["import"], None), (2, ["import", "cats", "x", "--map", "y"], None),
                (2, ["send", "--worker"], None), (1, ["send", "--worker", "../x"], MONDAY)):
            done = w.run(*argv, at=at)
            lines = done.stderr.strip().split("\n")
            if done.returncode != wanted or not lines[0].startswith("purr") or done.stdout:
                codes.append((argv, done.returncode, done.stdout, done.stderr))
        tap.same(codes, [], "wrong usage is 2, a refusal is 1, both with a clear line")
        w.setting("email", "driver", "pigeon")
        done = w.run("send", at=MONDAY)
        tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1 and "driver" in done.stderr,
               "a wrong setting is one line and 1", done.stderr)
    done = workspace.subprocess.run([workspace.PURR, "plan", "-C", "/nonexistent"],
                                    capture_output=True, text=True)
    tap.ok(done.returncode == 1 and done.stderr.count("\n") == 1, "no workspace: one line, 1",
           done.stderr)


def main():
    for story in (twice_at_once, a_day_of_runs, a_week_away, schema_refuses, one_message,
                  ladder_in_order, failed_goes_on, later_is_no_step, changed_meanwhile,
                  amounts_as_of_now, gap_over_all_paths, small_and_unreachable, by_letter_only, hours, late_worker,
                  two_creditors, commands, waits_for_its_hour, json_and_codes):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
