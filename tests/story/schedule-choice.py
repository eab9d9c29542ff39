"""schedule-choice.py - which schedule a claim follows (invoice > debtor >
segment > creditor), what several schedules mean for one debtor, and what the
steps of a schedule may ask for: working days, the day of delivery, a person's
yes, interest, compensation.  Then: versions that stay, and are moved on purpose.
"""
import json
import os
import re
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
import workspace  # noqa: E402
from workspace import invoice  # noqa: E402

MONDAY = "2026-09-21T08:00:00Z"

PROFILE = {**workspace.INVOICE_PROFILE,
           "columns": {**workspace.INVOICE_PROFILE["columns"], "schedule": {"column": "schedule"},
                       "segment": {"column": "segment"}}}
COLUMNS = workspace.COLUMNS + ("schedule", "segment")
DEBTORS = {"name": "register", "what": "debtors", "encoding": "utf-8", "delimiter": ",",
           "decimal_mark": ".", "date": "yyyy-mm-dd",
           "columns": {k: {"column": k} for k in ("external_id", "name", "party", "country",
                                                   "email", "schedule", "segment")}}


def ladder(name, steps, **more):
    return json.dumps({"name": name, "pack": "dk", "gap_days_min": 1, "resume_days": 0,
                       "tone": "neutral", "steps": steps, **more})


def step(id_, days, start="due", **more):
    return {"id": id_, "template": "friendly_reminder", "from": start, "days": days,
            "channels": ["email"], **more}


def put_segments(w, *rows):
    w.file("schedules/segments.json", json.dumps({"segments": [
        {"name": n, "when": when, "schedule": s} for n, when, s in rows]}))


def take(w, rows, at=MONDAY):
    return w.take("invoices", COLUMNS, PROFILE, rows, at)


def explained(w, what, at=MONDAY):
    return w.json("explain", what, at=at)


def choosing(w):
    for name in ("own", "of-debtor", "of-invoice", "of-segment"):
        w.file(f"schedules/{name}.json", ladder(name, [step("one", 4)]))
    w.setting(section(w), "schedule", "own")
    put_segments(w, ("firms", {"party": ["business"], "country": ["DK"]}, "of-segment"),
                 ("gold", {"segment": ["gold"]}, "of-segment"))
    w.take("debtors", ("external_id", "name", "party", "country", "email", "schedule", "segment"),
           DEBTORS, [{"external_id": "D2", "name": "N N", "party": "business", "country": "DK",
                      "email": "d2@kunde.example", "schedule": "of-debtor", "segment": ""}], MONDAY)
    take(w, [invoice("A1", "D1", "2026-09-10", "100.00"),
             invoice("A2", "D2", "2026-09-10", "100.00", party="business"),
             invoice("A3", "D3", "2026-09-10", "100.00", party="business"),
             invoice("A4", "D4", "2026-09-10", "100.00", segment="gold"),
             invoice("A5", "D2", "2026-09-11", "50.00", party="business", schedule="of-invoice"),
             invoice("A6", "D5", "2026-09-10", "100.00", country="SE", party="business")])
    for no, name, by in (("A1", "own", "creditor"), ("A2", "of-debtor", "debtor"),
                         ("A3", "of-segment", "segment:firms"), ("A4", "of-segment", "segment:gold"),
                         ("A5", "of-invoice", "invoice"), ("A6", "own", "creditor")):
        found = [(c["schedule"], i["schedule_by"]) for c in explained(w, no)["cases"]
                 for i in c["invoices"] if i["number"] == no]
        tap.same(found, [(name, by)], f"{no} is on {name}, chosen by {by}")
    text = w.run("explain", "A3", at=MONDAY).stdout
    tap.ok("chosen by the segment firms" in text, "purr explain says it in words", text)
    tap.ok("named in the ledger for the invoice" in w.run("explain", "A5", at=MONDAY).stdout,
           "and where the ledger names it")


def section(w):
    with open(w.path("purr.conf")) as f:
        return re.search(r"^\[(creditor [^\]]+)\]", f.read(), re.M).group(1)


def two_cases(w):
    tap.same(w.one("select count(*) from \"case\" c join debtor d on d.id = c.debtor_id "
                   "where d.external_id = 'D2'"), 2, "two schedules are two cases")
    w.run("run", at=MONDAY)
    contacts = w.sql("select k.id from contact k join debtor d on d.id = k.debtor_id "
                     "where d.external_id = 'D2' and k.state = 'sent'")
    tap.same(len(contacts), 1, "and one message")
    body = workspace.mail_text(w.mails()[contacts[0][0]])
    tap.ok("A2" in body and "A5" in body, "which speaks of both", body)
    tap.same(len(re.findall(r"I alt at betale", body)), 1, "with one total in one currency")
    tap.ok("150,00" in body, "that adds up", body)
    tap.same(w.sql("select invoice_id, counts from contact_invoice where contact_id = ? order by 1",
                   contacts[0][0]), [(2, 1), (5, 0)], "its step counts for its own case only")
    w.run("run", at="2026-09-23T08:00:00Z")
    tap.same(w.one("select count(*) from contact k join debtor d on d.id = k.debtor_id "
                   "where d.external_id = 'D2' and k.state = 'sent'"), 2,
             "the other case waits for the gap and goes then")


def staying(w):
    take(w, [invoice("A1", "D1", "2026-09-10", "100.00", schedule="of-invoice", subject="new words")])
    tap.same([c["schedule"] for c in explained(w, "A1")["cases"]], ["own"],
             "a running invoice stays where it is, whatever the ledger names later")
    put_segments(w)
    take(w, [invoice("B3", "D3", "2026-09-12", "10.00", party="business")])
    tap.same(sorted(c["schedule"] for c in explained(w, "B3")["cases"]), ["of-segment", "own"],
             "an edited list of segments is for invoices that come after")
    done = w.run("import", "invoices", w.table(COLUMNS, [invoice(
        "C1", "D9", "2026-09-10", "1.00", schedule="nobody")]), "--map", w.profile(PROFILE), at=MONDAY)
    tap.ok(done.returncode == 1 and ":2: schedule: no schedule of that name" in done.stderr,
           "a row that names a schedule that is not there is rejected", done.stderr)


def one_ladder(w, steps, **more):
    w.file("schedules/own.json", ladder("own", steps, **more))
    put_segments(w)
    w.setting(section(w), "schedule", "own")


def sent_days(w):
    return [r[0] for r in w.sql("select date(sent_at, 'unixepoch') from contact "
                                "where sent_at is not null order by sent_at")]


def live(w, first, days, hour="T08:00:00Z"):
    for n in range(days):
        w.run("run", at=workspace.at_text(workspace.instant(first + hour) + n * 86400))


def working_days(w):
    # 2026-12-24 is a Thursday, closed in Denmark, as the 25th and 26th; Monday is the 28th
    one_ladder(w, [step("one", 4, on="working_day")])
    take(w, [invoice("W1", "D1", "2026-12-20", "100.00")], at="2026-12-21T08:00:00Z")
    found = explained(w, "W1", at="2026-12-24T09:00:00Z")
    tap.ok(any(x["rule"] == "schedule.working_day" for x in found["decision"]["trace"]),
           "the trace says that the day moves")
    tap.same(found["decision"]["next_check_at"], "2026-12-27T23:00:00Z", "to the first bank day")
    live(w, "2026-12-22", 9)
    tap.same(sent_days(w), ["2026-12-28"], "and it goes then")


def after_delivery(w):
    one_ladder(w, [step("one", 4), step("two", 5, "previous")])
    take(w, [invoice("V1", "D1", "2026-09-17", "100.00")])
    w.run("run", at=MONDAY)
    w.sql("update contact set state = 'delivered', delivered_at = ? where sent_at is not null",
          workspace.instant("2026-09-24T10:00:00Z"))
    live(w, "2026-09-22", 10)
    tap.same(sent_days(w), ["2026-09-21", "2026-09-29"],
             "days count from the receipt: five after the 24th, a Tuesday")


def approving(w):
    one_ladder(w, [step("one", 4, approval=True), step("two", 2, "previous")])
    take(w, [invoice("P1", "D1", "2026-09-10", "100.00")])
    live(w, "2026-09-21", 3)
    tap.same(w.left(), 0, "a step that needs a yes does not go")
    found = explained(w, "P1")
    tap.same(found["decision"]["reason"], "step.approval", "the decision says that it waits")
    tap.ok("waits for a person to approve" in found["next"], "in words too", found["next"])
    tap.same(w.one("select count(*) from task where kind = 'step.approval'"), 1,
             "and one task asks a person, once")
    listed = w.json("approve", "--list", at="2026-09-23T09:00:00Z")["steps"]
    tap.same(listed, [{"case": 1, "debtor": "D1", "schedule": "own", "step": "one",
                       "due_on": "2026-09-14"}], "purr approve lists it")
    yes = w.json("approve", "case:1", "--by", "anna", at="2026-09-23T09:00:00Z")
    tap.same((yes["step"], w.one("select who from event where kind = 'step.approved'")),
             ("one", "anna"), "a person says yes, which is an event")
    tap.same(w.one("select count(*) from task where kind = 'step.approval' and done_at is null"), 0,
             "and ends the task")
    done = w.run("approve", "case:1", "--by", "anna", at="2026-09-23T09:00:00Z")
    tap.ok(done.returncode == 1 and "waits for approval" in done.stderr, "a second yes finds nothing",
           done.stderr)
    live(w, "2026-09-24", 6)
    tap.same(w.left(), 2, "approved, it goes, and so does the next one, which needs none")
    tap.same(w.json("explain", "P1", "--replay", at=MONDAY)["different"], [],
             "old decisions are made again alike")


def other_language(w):
    one_ladder(w, [step("one", 4)])
    take(w, [invoice("L1", "D1", "2026-09-10", "100.00", lang="pl")])
    found = explained(w, "L1")
    tap.ok(any(x["rule"] == "text.language" for x in found["decision"]["trace"]),
           "the trace says that there are no texts in the debtor's language")
    w.run("run", at=MONDAY)
    body = workspace.mail_text(list(w.mails().values())[0])
    tap.ok("Total to pay" in body, "English is used", body)


def claiming(w):
    one_ladder(w, [step("one", 4), step("two", 10, "previous", template="fee_reminder",
                                        compensation=True, interest=True, deadline_days=10)])
    os.makedirs(w.path("schedules/rules"), exist_ok=True)
    with open(w.path("schedules/rules/dk.json")) as f:
        pack = json.load(f)
    for rule in pack["charge"]:
        if rule["id"] == "DK-INT-1":
            rule["rates"].append({"from": "2026-07-01", "to": "2026-12-31", "reference_bp": 200,
                                  "source": "made up for this test"})
    w.file("schedules/rules/dk.json", json.dumps(pack))


def claims(w):
    claiming(w)
    take(w, [invoice("I1", "D1", "2026-09-10", "36500.00", party="business"),
             invoice("I2", "D1", "2026-09-11", "365.00", party="business"),
             invoice("I3", "D2", "2026-09-10", "36500.00", party="consumer")])
    live(w, "2026-09-21", 1)
    live(w, "2026-10-01", 2)
    mails = {k: workspace.mail_text(m) for k, m in w.mails().items()}
    second = [m for k, m in mails.items() if "I1" in m][-1]
    # 36500.00 at 10.00 % is 10.00 a day; due on 10 September, sent on 1 October: 21 days
    tap.ok("Heraf renter: 210,00 kr." in second, "interest is a line of its own", second)
    tap.ok("kompensation for sen betaling: 310,00 kr." in second, "and so is the compensation", second)
    # 36500 + 210 + 310 + 365 + 2.00 + 310 (20 days of 0.10)
    tap.ok("I alt at betale: 37.697,00 kr." in second, "what is due includes both", second)
    entries = w.sql("select i.external_id, e.type, e.source, e.amount_minor from entry e "
                    "join invoice i on i.id = e.invoice_id where e.type in ('fee', 'interest') "
                    "order by 1, 2, 3")
    tap.same(entries, [("I1", "fee", "compensation", 31000), ("I1", "interest", "reminder", 21000),
                       ("I2", "fee", "compensation", 31000), ("I2", "interest", "reminder", 200),
                       ("I3", "interest", "reminder", 21000)],
             "booked once the message has left; a consumer owes no compensation")
    tap.same(w.json("explain", "I1", "--replay", at=MONDAY)["different"], [],
             "the decisions are made again alike")


def claims_a_day_later(w):
    claiming(w)
    take(w, [invoice("I1", "D1", "2026-09-10", "36500.00", party="business")])
    live(w, "2026-09-21", 1)
    w.run("plan", at="2026-10-01T08:00:00Z")
    said = "select interest_minor from contact_invoice order by contact_id desc limit 1"
    tap.same(w.one(said), 21000, "planned with the interest of that day")
    w.run("send", at="2026-10-02T08:00:00Z")
    tap.same((w.one(said), w.one("select amount_minor from entry where type = 'interest'")),
             (22000, 22000), "what is sent a day later says and books a day more")


def rescheduling(w):
    one_ladder(w, [step("one", 4), step("two", 10, "previous"), step("three", 10, "previous")])
    take(w, [invoice("R1", "D1", "2026-09-10", "100.00"), invoice("R2", "D2", "2026-09-20", "100.00")])
    live(w, "2026-09-21", 1)
    w.file("schedules/own.json", ladder("own", [
        step("hello", 3, was="one"), step("two", 4, "previous"), step("three", 10, "previous")]))
    tap.same(explained(w, "R1")["cases"][0]["invoices"][0]["next_due_on"], "2026-10-01",
             "an edited file changes nothing for a running case")
    before = w.dump()
    dry = w.json("reschedule", "own", "--all", "--dry-run", at=MONDAY)
    tap.same(w.dump(), before, "--dry-run writes nothing")
    tap.same([(c["before"], c["after"]) for c in dry["cases"]], [
        ({"step": "two", "due_on": "2026-10-01"}, {"step": "two", "due_on": "2026-09-25"}),
        ({"step": "one", "due_on": "2026-09-24"}, {"step": "hello", "due_on": "2026-09-23"})],
        "it says what changes for whom; a step that has a new id is the same step")
    one = w.json("reschedule", "own", "--debtor", "D2", "--by", "anna", at=MONDAY)
    tap.same((one["moved"], one["cases"][0]["debtor"]), (1, "D2"), "one debtor's alone")
    tap.same(w.sql("select who, kind from event where kind = 'case.rescheduled'"),
             [("anna", "case.rescheduled")], "an event says who did it")
    tap.same(w.json("reschedule", "own", "--all", at=MONDAY)["moved"], 1, "then all the rest")
    tap.same(w.json("reschedule", "own", "--all", at=MONDAY)["moved"], 0, "and nothing is left to move")
    live(w, "2026-09-22", 5)
    tap.same([s for (s,) in w.sql("select step from contact where debtor_id = 1 and sent_at is not null "
                                  "order by id")], ["one", "two"], "no step is taken twice")
    w.file("schedules/own.json", ladder("own", [step("other", 3), step("three", 10, "previous")]))
    left = w.json("reschedule", "own", "--case", "1", at=MONDAY)
    tap.same((left["moved"], left["left"]), (0, 1), "a case whose last step is gone is left")
    tap.ok('"was": "two"' in left["cases"][0]["reason"], "with the way out", left["cases"][0]["reason"])
    done = w.run("reschedule", "nobody", "--all", at=MONDAY)
    tap.ok(done.returncode == 1 and "schedules/nobody.json" in done.stderr, "a schedule must be there")
    tap.same(w.run("reschedule", "own", at=MONDAY).returncode, 2, "whose cases must be said")


def migrated(w):
    """A database of the version before: its cases get their schedule's name."""
    take(w, [invoice("M1", "D1", "2026-09-10", "100.00")])
    w.run("run", at=MONDAY)
    rows = {t: w.sql(f"select * from {t}") for t in ("creditor", "unit", "policy")}
    os.remove(w.path("purr.db"))
    base = sqlite3.connect(w.path("purr.db"))
    with open("src/store/schema/0001_ground.sql") as f:
        base.executescript(f.read())
    base.execute("insert into schema_version values (1, 0)")
    for table, found in rows.items():
        base.executemany(f"insert into {table} values ({','.join('?' * len(found[0]))})", found)
    hash_ = base.execute("select hash from policy where kind = 'schedule' and name = 'dk-consumer'"
                         ).fetchone()[0]
    base.execute("insert into debtor values (1, 1, 1, 'D1', 'N', 'da', 'DK', 'Europe/Copenhagen', "
                 "'consumer', null, 'h')")
    base.execute("insert into \"case\" values (1, 1, 1, 'DKK', ?, 'open', 0, null, 0)", (hash_,))
    base.execute("insert into invoice values (1, 1, 1, 1, 'M1', 'invoice', 'DKK', null, 20700, '', '', "
                 "0, 'open', 'h')")
    base.execute("insert into entry values (1, 1, 'principal', 10000, 20700, 0, null, null, 'ledger')")
    base.commit()
    base.close()
    done = w.run("migrate", at=MONDAY)
    tap.same(done.returncode, 0, "a database of the first version is migrated")
    found = explained(w, "M1")["cases"]
    tap.same([(c["schedule"], c["schedule_by"]) for c in found], [("dk-consumer", "")],
             "its case has the name of its schedule")
    take(w, [invoice("M2", "D1", "2026-09-12", "50.00", email="")])
    tap.same(len(explained(w, "M2")["cases"]), 1, "and a new invoice on that schedule joins it")


def fresh(w):
    """As `purr init` leaves it: seven countries, consumers and businesses."""
    rows, want = [], {}
    for n, country in enumerate(("DK", "NO", "SE", "FI", "DE", "GB", "US")):
        for k, party in enumerate(("consumer", "business", "public")):
            no = f"{country}{k}"
            currency = {"DK": "DKK", "NO": "NOK", "SE": "SEK", "GB": "GBP", "US": "USD"}.get(country, "EUR")
            rows.append(invoice(no, f"D{n}{k}", "2026-09-10", "500.00", country=country, party=party,
                                lang="en", currency=currency,
                                zone="America/New_York" if country == "US" else ""))
            want[no] = f"{country.lower()}-{'consumer' if k == 0 else 'business'}"
    take(w, rows)
    found = {no: explained(w, no)["cases"][0]["schedule"] for no in want}
    tap.same(found, want, "every one is on the ladder of its country and kind")
    w.run("run", at="2026-09-22T14:30:00Z")
    tap.same(w.one("select count(*) from contact where state = 'sent'"), len(rows),
             "and every one is reminded on its first day")


for part in ((choosing, two_cases, staying), (working_days,), (after_delivery,), (approving,),
             (other_language,), (claims,), (claims_a_day_later,), (rescheduling,), (migrated,),
             (fresh,)):
    with workspace.Workspace() as one:
        for act in part:
            act(one)
tap.done()
