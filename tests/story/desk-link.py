#!/usr/bin/env python3
# variants: release asan
# time-limit: 300
"""desk-link.py - a debtor's private link, from the message to the next plan:
the real program, its database read by Python's sqlite3.

GET changes nothing; each button has its effect once, and nobody who has
pressed one is chased; holds end when they said they would.
"""
import datetime
import json
import os
import re
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "lib")]
import served
import tap
import workspace

IMPORTED = "2026-09-20T10:00:00Z"
SENT = "2026-09-21T10:00:00Z"		# a Monday; due the Tuesday before
PRESSED = "2026-09-21T12:00:00Z"
PEOPLE = ("control", "promise", "paid", "dispute", "stranger", "parts", "help", "leaves", "payer",
          "twice")
FORMS = ("later", "parts", "paid", "wrong", "help", "rate")
UNTIL_RELEASED = 253402300799


def make(w):
    rows = [workspace.invoice(f"F-{who}", who, "2026-09-15", "1249.00", phone="+4520123%03d" % i,
                              street=f"Gade {i}", postcode="8000", city="Aarhus C")
            for i, who in enumerate(PEOPLE)]
    # Two customer numbers, one mailbox.
    rows.append(workspace.invoice("F-spouse", "spouse", "2026-10-25", "500.00",
                                  email="leaves@kunde.example", street="Gade 5",
                                  postcode="8000", city="Aarhus C"))
    w.invoices(rows, at=IMPORTED)
    w.json("run", at=SENT)


def tokens(w):
    """{debtor: token}, taken out of the mails."""
    who = dict(w.sql("select k.id, d.external_id from contact k join debtor d on d.id = k.debtor_id"))
    return {who[c]: served.token_of(m) for c, m in w.mails().items()}


def holds(w, who):
    return w.sql("select h.type, h.scope, h.until_at, h.owner, h.reason, h.released_at from hold h "
                 "join debtor d on d.id = h.debtor_id where d.external_id = ? order by h.id", who)


def local_midnight(day):
    """The Danish midnight that begins a day of summer time."""
    return workspace.instant(day + "T00:00:00+02:00")


def check_look(w, s, t):
    token, before = t["control"], w.dump()
    paths = [f"/p/{token}", f"/u/{token}"] + [f"/p/{token}/{form}" for form in FORMS]
    good = [s.ask(method, path + lang)[0] for method in ("GET", "HEAD") for path in paths
            for lang in ("", "?lang=en", "?lang=da")]
    tap.same(set(good), {200}, "every page of a link answers, by GET and by HEAD")
    tap.same(w.dump(), before, "not one row of any table differs after all of them")
    da, en = (served.words(s.get(f"/p/{token}?lang={x}")[2]) for x in ("da", "en"))
    tap.ok("1.249,00 kr." in da and "Betale en anden dag" in da and "Jeg har betalt" in da
           and "Kunde control" in da, "balance, name and choices in Danish", da)
    tap.ok("1,249.00" in en and "Pay another day" in en and "I have already paid" in en,
           "balance and choices in English", en)
    tap.ok("F-control" in en and "15 September 2026" in en, "what it is for, and when it was due", en)
    tap.same(s.get("/p/" + "A" * 22)[0], 404, "a link that is not ours is not there")
    wrong_key = s.key(t["promise"], "later")
    tap.same(s.act(token, "later", key=wrong_key, day="2026-10-05")[0], 400,
             "a form of one link cannot be sent through another")
    tap.same(w.dump(), before, "and changes nothing")


def check_promise(w, s, t):
    token = t["promise"]
    for day, what in (("2026-09-20", "yesterday"), ("2026-10-22", "31 days ahead")):
        tap.same(s.act(token, "later", day=day)[0], 422, f"a promise for {what} is refused")
    key = s.key(token, "later")
    status, page = s.act(token, "later", key=key, day="2026-10-05")
    first = re.search(r"P-\d{6}", page)
    tap.ok(status == 200 and first and "5 October 2026" in page, "a promise gets a receipt", page)
    tap.ok("8 October 2026" in page, "quiet until the bank has had three days", page)
    status, again = s.act(token, "later", key=key, day="2026-10-05")
    tap.ok(status == 200 and first and first.group(0) in again, "the same form again, the same receipt", again)
    tap.same(holds(w, "promise"), [("promise", "debtor", local_midnight("2026-10-09"), "debtor", "",
                                    None)], "one hold, to the end of the third day after")
    tap.same(w.one("select count(*) from submission"), 1, "kept once")
    page = served.words(s.get(f"/p/{token}?lang=en")[2])
    tap.ok("you will pay by 5 October 2026" in page and first.group(0) in page,
           "the page tells of it, with the day that was promised", page)


def check_promise_limit(w, s, t):
    token = t["twice"]
    late_key = s.key(token, "later")
    s.act(token, "later", day="2026-09-30")
    key = s.key(token, "later")
    _, done = s.act(token, "later", key=key, day="2026-09-28")
    rows = holds(w, "twice")
    tap.ok(len(rows) == 2 and rows[0][5] is not None and rows[1][5] is None,
           "a second promise replaces the first", rows)
    page = served.words(s.get(f"/p/{token}/later?lang=en")[2])
    tap.ok("A person can find a way" in page, "a third within sixty days is for a person", page)
    status, again = s.act(token, "later", key=key, day="2026-09-28")
    receipt = re.search(r"P-\d{6}", done)
    tap.ok(status == 200 and receipt and receipt.group(0) in again,
           "the last allowed promise, sent twice, still gets its receipt", (done, again))
    status, page = s.act(token, "later", key=late_key, day="2026-10-01")
    tap.ok(status == 422 and len(holds(w, "twice")) == 2, "a form opened before is refused by the desk", page)
    tap.same(w.one("select count(*) from promise"), 3, "three promises in all")


def tasks(w, kind):
    return w.sql("select d.external_id, t.text from task t join debtor d on d.id = t.debtor_id "
                 "where t.kind = ? and t.done_at is null", kind)


def check_others(w, s, t):
    status, page = s.act(t["paid"], "paid", day="2026-09-19", text="fra min bank")
    tap.ok(status == 200 and "1 October 2026" in page, "already paid: quiet for the schedule's ten days", page)
    tap.same(holds(w, "paid")[0][:3], ("paid_claimed", "debtor", local_midnight("2026-10-02")),
             "a hold for so long")
    s.act(t["paid"], "paid", day="2026-09-19")
    tap.same(len(holds(w, "paid")), 1, "said twice, held once")
    wrong = {"reason": "amount", "text": "Jeg aftalte 900 kr.", "stage": "send"}
    status, page = s.act(t["dispute"], "wrong", **wrong)
    tap.ok(status == 200 and "until a person has answered" in page, "something is wrong", page)
    tap.same(holds(w, "dispute")[0][:3], ("dispute", "debtor", UNTIL_RELEASED), "held with an open end")
    found = tasks(w, "dispute")
    tap.ok(len(found) == 1 and "Jeg aftalte 900 kr." in found[0][1], "a person reads the words", found)
    s.act(t["stranger"], "wrong", **{**wrong, "reason": "not_mine"})
    tap.same(holds(w, "stranger")[0][0], "wrong_person", "not mine: the wrong person")
    s.act(t["parts"], "parts", parts="4", text="")
    tap.same(holds(w, "parts")[0][:3], ("plan", "debtor", local_midnight("2026-10-06")),
             "in parts: quiet for fourteen days")
    tap.ok("4 parts" in tasks(w, "parts")[0][1], "and a task that says how many", tasks(w, "parts"))
    s.act(t["help"], "help", text="Ring til mig")
    tap.same(holds(w, "help")[0][0], "hardship", "help: held meanwhile")
    tap.same(len(tasks(w, "help")), 1, "and a task")


def check_leaves(w, s, t):
    before = w.dump()
    tap.same(s.get("/u/" + t["leaves"])[0], 200, "the unsubscribe page")
    tap.same(w.dump(), before, "looking at it does nothing")
    tap.same([s.one_click(t["leaves"]) for _ in range(2)], [200, 200], "one click, twice")
    out = w.sql("select d.external_id, a.channel from address a join debtor d on d.id = a.debtor_id "
                "where a.opted_out_at is not null order by 1")
    tap.same(out, [("leaves", "email"), ("spouse", "email")],
             "that address, and the same one of the other customer number; no other channel")
    tap.same(w.one("select count(*) from event where kind = 'address.opted_out'"), 2, "told once each")
    w.invoices([workspace.invoice("F-new", "newcomer", "2026-12-30", "10.00",
                                  email="leaves@kunde.example")], at=PRESSED)
    tap.same(w.one("select count(*) from address where value = 'leaves@kunde.example' "
                   "and opted_out_at is null"), 0, "nor is it asked again under a new number")


def check_paid(w, s, t):
    w.payments([workspace.payment("B1", "1249.00", "2026-09-21", invoice="F-payer")], at=PRESSED)
    page = served.words(s.get(f"/p/{t['payer']}?lang=en")[2])
    tap.ok("Everything is paid" in page and "1,249.00" not in page, "paid: nothing is asked for", page)
    status, page = served.Served.act(s, t["payer"], "later", key="x" * 44, day="2026-10-01")
    tap.ok("Everything is paid" in page, "nor can anything be promised", page)


def days_contacted(w, last, first=datetime.date(2026, 9, 22)):
    """Runs day after day; {debtor: [(day, channel, step)]} of what left since the forms."""
    day = first
    while day <= last:
        w.json("run", at=f"{day}T10:00:00Z")
        day += datetime.timedelta(days=1)
    found = {}
    for who, at, channel, step in w.sql(
            "select d.external_id, k.sent_at, k.channel, k.step from contact k join debtor d "
            "on d.id = k.debtor_id where k.state = 'sent' and k.sent_at > ? order by k.sent_at",
            workspace.instant(PRESSED)):
        found.setdefault(who, []).append((workspace.at_text(at)[:10], channel, step))
    return found


def check_afterwards(w):
    got = days_contacted(w, datetime.date(2026, 10, 20))
    first = {who: got[who][0] for who in got}
    tap.same(first.get("control"), ("2026-10-01", "email", "fee_reminder"),
             "who said nothing gets the next step in its time")
    tap.same(first.get("promise"), ("2026-10-12", "email", "fee_reminder"),
             "a broken promise: two days after its hold, on the next day that is open")
    tap.same(first.get("paid"), None, "a payment not found: quiet until a person has written, as the page promised")
    tap.same([who for who, _ in tasks(w, "claim_unpaid")], ["paid"], "not silently: a task says so")
    tap.ok("parts" not in got, "who waits for an answer is not reminded while there is none", got.get("parts"))
    tap.same(w.sql("select h.type, count(*) from event e join hold h on h.id = json_extract(e.data, '$.hold') "
                   "where e.kind = 'hold.prolonged' group by h.type"), [("hardship", 1), ("manual", 1), ("plan", 1)],
             "it is told that nobody has answered")
    tap.same(first.get("leaves"), ("2026-10-01", "letter", "fee_reminder"),
             "who left e-mail is written to by letter")
    tap.ok(all(k[1] != "email" for k in got.get("leaves", []) + got.get("spouse", [])),
           "and never again by e-mail", got)
    tap.ok(not {"dispute", "stranger", "payer"} & set(got), "dispute, stranger, payer: nobody writes", got)
    tap.same(w.one("select count(*) from event where kind = 'hold.ended'"),
             w.one("select count(*) from hold where released_at is null and until_at <= ?",
                   workspace.instant("2026-10-20T10:00:00Z")), "each hold's end is noted once")


def check_answered(w):
    mine = w.json("tasks", "--debtor", "parts")["tasks"]
    w.json("tasks", "--done", str(mine[0]["id"]), "--by", "Ida", at="2026-10-20T12:00:00Z")
    got = days_contacted(w, datetime.date(2026, 11, 6), datetime.date(2026, 10, 21))
    tap.same(got.get("parts", [("", "", "")])[0][0], "2026-10-23",
             "somebody has answered: two days after the hold, the ladder goes on")
    tap.ok("help" not in got, "who still waits is left in peace", got.get("help"))


def check_expired(w, t):
    with served.Served(w, "2027-02-01T12:00:00Z") as s:
        status, _, page = s.get(f"/p/{t['control']}?lang=en")
        tap.ok(status == 410 and "run out" in page and "1,249" not in page,
               "after 120 days the link has run out, and shows no amount", (status, page))
        tap.same(s.one_click(t["control"]), 200, "but still takes an unsubscription")
    tap.same(w.one("select count(*) from address a join debtor d on d.id = a.debtor_id where "
                   "d.external_id = 'control' and a.opted_out_at is not null"), 1, "which counts")


def check_handed_over(w):
    """What went to collection is not 'paid', and is not ours to settle."""
    w.sql("update invoice set state = 'handed_over' where external_id = 'F-help'")
    with served.Served(w, PRESSED) as s:
        status, _, page = s.get(f"/p/{tokens(w)['help']}?lang=en")
        tap.ok(status == 200 and "The reminders have ended" in page and "1970" not in page and
               "reg. 0040" in page, "a claim handed over is not told to be paid",
               (status, page))


def check_log(s):
    text = "".join(s.log)
    tap.ok("/p/TOKEN" in text and "kunde.example" not in text and "1249" not in text
           and not re.search(r"/[pu]/[A-Za-z0-9_-]{22}", text), "the log names no link and nobody", text[:2000])


def main():
    with workspace.Workspace() as w:
        make(w)
        t = tokens(w)
        tap.same(sorted(t), sorted(PEOPLE), "one mail with a link for each")
        with served.Served(w, PRESSED) as s:
            check_look(w, s, t)
            check_promise(w, s, t)
            check_promise_limit(w, s, t)
            check_others(w, s, t)
            check_leaves(w, s, t)
            check_paid(w, s, t)
            tap.same(s.get("/readyz")[0], 200, "ready")
            tap.same(s.stop(), 0, "SIGTERM ends it cleanly")
            check_log(s)
        data = [json.loads(d) for (d,) in w.sql("select data from event")]
        tap.ok(all(isinstance(d, dict) for d in data), "every event's data is JSON")
        check_afterwards(w)
        check_answered(w)
        check_expired(w, t)
        check_handed_over(w)
    tap.done()


main()
