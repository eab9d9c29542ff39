#!/usr/bin/env python3
"""channel-choice.py - which way a message takes: the debtor's wish, the way of the last
answer, what this debtor has reacted to before, the step's order; each told in the trace."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, instant, invoice, payment  # noqa: E402

IMPORTED, FIRST, SECOND = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-10-08T06:30:00Z"


def chosen(w, at):
    return dict(w.sql("select d.external_id, k.channel from contact k join debtor d on d.id = k.debtor_id "
                      "where k.planned_at = ?", instant(at)))


with Workspace() as w:
    w.schedule(lambda s: (s["steps"][1].update(channels=["sms", "email"]),
                          s["steps"][2].update(channels=["email", "sms"]),
                          s.pop("experiment", None)))
    rows = [invoice(f"A{k}", f"A{k}", "2026-09-24", "500.00", phone=f"+452012340{k}",
                    **({"prefers": "email"} if k == 3 else {})) for k in range(6)]
    w.invoices(rows, IMPORTED)
    w.json("plan", at=FIRST)
    w.json("send", at=FIRST)
    tap.same(set(chosen(w, FIRST).items()), {(f"A{k}", "email" if k == 3 else "sms") for k in range(6)},
             "the first message: the step's order, but for a wish")
    # A1 and A3 pay a part within days; A2 after three weeks, when the next message has gone.
    w.payments([payment("P1", "100.00", "2026-09-30", invoice="A1"),
                payment("P3", "100.00", "2026-09-30", invoice="A3")], "2026-09-30T10:00:00Z")
    w.sql("insert into inbound (channel, provider, provider_id, sender, recipient, text, said_at, taken_at, meaning, "
          "debtor_id) select 'sms', 'x', 'x' || id, 'x', 'x', 'Hvad er det?', ?, ?, 'words', id from debtor "
          "where external_id = 'A4'", instant("2026-10-01T08:00:00Z"), instant("2026-10-01T08:00:00Z"))
    # A0 used the SMS's link to say no, and took it back on the telephone: no mark in its favour.
    w.sql("insert into submission select 'no', max(k.id), 'unsubscribe', '{}', ? from contact k join debtor d on "
          "d.id = k.debtor_id where d.external_id = 'A0'", instant("2026-09-29T08:00:00Z"))
    w.json("plan", at=SECOND)
    got = chosen(w, SECOND)
    tap.same(got, {"A0": "email", "A1": "sms", "A2": "email", "A3": "email", "A4": "sms", "A5": "email"},
             "the second: by SMS who paid after one or has answered by one; the step's order for the others")
    w.json("send", at=SECOND)
    for debtor, words in (("A1", "sms before email: the debtor reacted to 1 of 1 by sms and to 0 of 0 by email"),
                          ("A4", "asking for sms, by which the debtor has answered"),
                          ("A3", "asking for email, which the debtor prefers")):
        contact = w.one("select max(k.id) from contact k join debtor d on d.id = k.debtor_id "
                        "where d.external_id = ?", debtor)
        said = w.run("explain", f"contact:{contact}", at=SECOND).stdout
        tap.ok(words in " ".join(said.split()), f"{debtor}: told in the trace", said)
    # A5 uses the link three times in the evening: the next message comes then.
    for k, (day, hour) in enumerate((("2026-10-09", 16), ("2026-10-10", 17), ("2026-10-11", 15))):
        w.sql("insert into submission select 'key' || ?, max(k.id), 'help', '{}', ? from contact k join debtor d on "
              "d.id = k.debtor_id where d.external_id = 'A5'", k, instant(f"{day}T{hour}:20:00Z"))
    said = " ".join(w.run("explain", "A5", at="2026-10-23T06:30:00Z").stdout.split())
    tap.ok("not before 18:00, at which the debtor is used to act" in said and "2026-10-23 18:00" in said,
           "and at the hour at which the debtor is used to act", said)
    # Two more messages by SMS without a reaction: one of three or four is less than usual.
    for k, day in enumerate(("2026-10-20", "2026-10-27")):
        w.sql("insert into contact (creditor_id, debtor_id, decision_id, address_id, channel, step, template, tone, lang, "
              "legal_notice, state, planned_at, ripe_at, expires_at, sent_at, templates_hash) select k.creditor_id, "
              "k.debtor_id, k.decision_id, k.address_id, 'sms', 'x', 'x', 'warm', 'da', 0, 'sent', ?, ?, ?, ?, '' "
              "from contact k join debtor d on d.id = k.debtor_id where d.external_id = 'A1' and k.channel = 'sms' limit 1",
              *[instant(f"{day}T08:00:00Z")] * 4)
    w.schedule(lambda s: s["steps"][3].update(channels=["email", "sms"]))
    said = " ".join(w.run("explain", "A1", at="2026-11-09T07:30:00Z").stdout.split())
    tap.ok("sms before email" not in said and "asking for email" in said, "and the step's order stands again", said)
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
with Workspace() as w:
    # What is usual: of the e-mails to all consumers many are reacted to, of the SMS none.
    w.schedule(lambda s: (s["steps"][1].update(channels=["email", "sms"]),
                          s["steps"][2].update(channels=["sms", "email"]), s.pop("experiment", None)))
    w.invoices([invoice(f"B{k}", f"B{k}", "2026-09-24", "500.00", phone=f"+45201235{k:02d}") for k in range(40)], IMPORTED)
    w.json("plan", at=FIRST)
    w.json("send", at=FIRST)
    w.payments([payment(f"P{k}", "100.00", "2026-10-01", invoice=f"B{k}") for k in range(30)], "2026-10-01T10:00:00Z")
    later = "2026-10-16T06:30:00Z"
    w.json("plan", at=later)
    got = chosen(w, later)
    tap.same(({got[f"B{k}"] for k in range(30)}, {got[f"B{k}"] for k in range(30, 40)}), ({"email"}, {"sms"}),
             "who paid after an e-mail gets one again; who never reacted, the step's order")
    tap.same([str(v) for v in judge.judge(w.dir) if not str(v).startswith("E3")], [], "the judge finds no violation")
tap.done()
