"""One function for each violation that is planted; its name begins with the
code that the judge must find, its first line says what was done.

Each gets a Book: a workspace's database, open for writing.
"""
import hashlib
import os
import shutil

from judge_book import DAY

NIGHT = 12 * 3600           # from noon to midnight

# --- hours ---------------------------------------------------------------------------

def w1_night(b):
    """an e-mail in the night"""
    b.move(b.contact(), NIGHT)


def w1_sms(b):
    """an SMS at seven in the morning"""
    b.move(b.contact(channel="sms"), -5 * 3600)


def w2_sunday(b):
    """an e-mail on a Sunday"""
    b.move(b.one("select * from contact where channel = 'email' and "
                 "strftime('%w', sent_at, 'unixepoch') = '1'"), -DAY)


# --- payment -----------------------------------------------------------------------------

def p1_paid(b):
    """a reminder after the last invoice was paid"""
    c = b.contact()
    for row in b.run("select * from contact_invoice where contact_id = ?", c["id"]).fetchall():
        b.book(row["invoice_id"], -row["balance_minor"], c["armed_at"] - 3600)


def p2_one_paid(b):
    """a listed invoice that was paid"""
    c = b.one("select * from contact where id in (select contact_id from contact_invoice "
              "group by 1 having count(*) > 1)")
    row = b.one("select * from contact_invoice where contact_id = ? order by invoice_id desc",
                c["id"])
    b.book(row["invoice_id"], -row["balance_minor"], c["armed_at"] - 3600)


def p3_part_paid(b):
    """a part payment that the message does not know"""
    c = b.contact()
    b.book(b.part(c)["invoice_id"], -1000, c["armed_at"] - 1)


def p4_little(b):
    """a reminder for ten kroner"""
    c = b.one("select * from contact where id in (select contact_id from contact_case where "
              "case_id in (select case_id from invoice group by 1 having count(*) = 1))")
    for row in b.run("select * from contact_invoice where contact_id = ?", c["id"]).fetchall():
        b.book(row["invoice_id"], 1000 - row["balance_minor"], c["armed_at"] - 60, "credit")


def p4_later(b):
    """a reminder for ten kroner, of a debtor who owes more next year"""
    c = b.one("select * from contact where id in (select contact_id from contact_case where "
              "case_id in (select case_id from invoice group by 1 having count(*) = 1))")
    row = b.one("select * from contact_invoice where contact_id = ?", c["id"])
    b.book(row["invoice_id"], 1000 - row["balance_minor"], c["armed_at"] - 60, "credit")
    b.run("insert into invoice (id, creditor_id, debtor_id, case_id, external_id, type, currency, "
          "issued_on, due_on, reference, subject, balance_minor, state, row_hash) "
          "select 999, creditor_id, debtor_id, case_id, 'planted', type, currency, issued_on, "
          "due_on + 365, '', '', 0, state, row_hash from invoice where id = ?", row["invoice_id"])
    b.book(999, row["balance_minor"], c["armed_at"] - 60, "principal")


# --- holds, addresses ------------------------------------------------------------------

def h1_debtor(b):
    """a reminder during a hold on the debtor"""
    b.hold("debtor", b.contact())


def h1_creditor(b):
    """a reminder while the creditor is paused"""
    b.hold("creditor", b.contact(), kind="bank_stale")


def h1_case(b):
    """a reminder during a hold on the case"""
    c = b.contact()
    b.hold("case", c, case=b.part(c)["case_id"])


def h1_invoice(b):
    """a reminder carried by a disputed invoice"""
    c = b.contact()
    b.hold("invoice", c, invoice=b.part(c)["invoice_id"], case=b.part(c)["case_id"])


def h1_promise(b):
    """a reminder an hour before a promise ran out"""
    c = b.contact()
    b.hold("debtor", c, end=c["armed_at"] + 3600, kind="promise")


def h2_listed(b):
    """a disputed invoice among those that are asked for"""
    row = b.one("select ci.invoice_id, c.* from contact_invoice ci join contact c "
                "on c.id = ci.contact_id where ci.invoice_id not in (select invoice_id from "
                "contact_case cc where cc.contact_id = c.id)")
    b.hold("invoice", row, invoice=row["invoice_id"])


def o1_opted_out(b):
    """an e-mail to an address that had opted out"""
    c = b.contact()
    b.run("update address set opted_out_at = ? where id = ?", c["armed_at"] - 60, c["address_id"])


def o1_bad(b):
    """an e-mail to an address that had bounced"""
    c = b.contact()
    b.run("update address set bad_at = ? where id = ?", c["armed_at"] - 60, c["address_id"])


def o1_shared(b):
    """an e-mail to an address that opted out in another debtor's row"""
    c = b.contact()
    row = b.one("select * from address where id = ?", c["address_id"])
    b.run("insert into address (debtor_id, channel, value, source, verified, current, opted_out_at)"
          " values ((select max(id) from debtor), ?, ?, 'reply', 1, 1, ?)", row["channel"],
          row["value"], c["armed_at"] - DAY)


def o2_foreign(b):
    """the address of another debtor"""
    c = b.contact()
    b.run("update contact set address_id = (select max(id) from address where channel = 'email' "
          "and debtor_id <> ?) where id = ?", c["debtor_id"], c["id"])


# --- doubles, gaps -----------------------------------------------------------------------

def d1_twice(b):
    """the same step of a ladder twice"""
    b.unguard()
    c = b.contact("fee_reminder")
    b.run("update contact_case set step = 'friendly_reminder' where contact_id = ?", c["id"])


def d1_counted(b):
    """a step that was counted for an invoice before"""
    c = b.contact("fee_reminder")
    first = b.one("select cc.* from contact_case cc join contact k on k.id = cc.contact_id "
                  "where k.debtor_id = ? and cc.step = 'friendly_reminder'", c["debtor_id"])
    b.run("update contact_case set step = 'friendly_reminder', invoice_id = 999 "
          "where contact_id = ?", c["id"])
    b.run("insert or replace into contact_invoice (contact_id, invoice_id, balance_minor, counts) "
          "values (?, ?, 1, 1)", c["id"],
          first["invoice_id"])
    b.run("insert into invoice (id, creditor_id, debtor_id, case_id, external_id, type, currency, "
          "issued_on, due_on, reference, subject, balance_minor, state, row_hash) "
          "select 999, creditor_id, debtor_id, case_id, 'planted', type, currency, issued_on, "
          "due_on, '', '', balance_minor, state, row_hash from invoice where id = ?",
          first["invoice_id"])


def d2_twice(b):
    """an e-mail twice in the sink"""
    c = b.contact()
    shutil.copy(b.mail(c), b.path("outbox/mail/cur/again:2,S"))


def d2_missing(b):
    """an e-mail that is not in the sink"""
    os.unlink(b.mail(b.contact()))


def d2_dropped(b):
    """an e-mail of a contact that was dropped"""
    c = b.contact()
    b.run("update contact set state = 'dropped' where id = ?", c["id"])


def d2_sms_twice(b):
    """an SMS twice in the sink"""
    b.edit_sms(lambda rows: rows.append(rows[0]))


def d3_close(b):
    """two contacts two days apart"""
    c = b.contact("fee_reminder")
    before = b.one("select max(sent_at) from contact where debtor_id = ? and id < ?",
                   c["debtor_id"], c["id"])
    b.move(c, before + 2 * DAY - c["sent_at"])


# --- fees, deadlines, ladder ------------------------------------------------------------

def f1_high(b):
    """a fee of 150 kroner"""
    c = b.contact("fee_reminder")
    b.run("update contact_case set fee_minor = 15000 where contact_id = ?", c["id"])


def f1_public(b):
    """a fee for a public body"""
    c = b.contact("fee_reminder")
    b.run("update debtor set party = 'public' where id = ?", c["debtor_id"])


def f2_fourth(b):
    """a fourth fee in one time of arrears"""
    c = b.contact("fee_reminder")
    columns = [r[1] for r in b.run("pragma table_info(contact)") if r[1] != "id"]
    for n in range(1, 4):
        b.run(f"insert into contact (id, {', '.join(columns)}) select {1000 + n}, "
              f"{', '.join(columns)} from contact where id = ?", c["id"])
        b.move({"id": 1000 + n}, n * 14 * DAY)
        b.run("insert into contact_case select ?, case_id, invoice_id, step || ?, fee_minor, 0 "
              "from contact_case where contact_id = ?", 1000 + n, str(n), c["id"])


def f3_close(b):
    """two fees eight days apart"""
    c = b.contact("formal_notice")
    before = b.one("select max(sent_at) from contact where debtor_id = ? and "
                   "step = 'fee_reminder'", c["debtor_id"])
    b.move(c, before + 8 * DAY - c["sent_at"])


def f4_loose_fee(b):
    """a fee without a message"""
    c = b.contact("fee_reminder")
    b.book(b.part(c)["invoice_id"], 10000, c["sent_at"] + DAY, "fee")


def f4_fee_on_reminder(b):
    """a fee for a message that charged none"""
    c = b.contact()
    b.book(b.part(c)["invoice_id"], 10000, c["sent_at"], "fee", c["id"])


def f4_not_booked(b):
    """a message that charged and booked nothing"""
    b.unguard()
    b.run("delete from entry where type = 'fee'")


def f5_euro(b):
    """a fee in euro"""
    c = b.contact("fee_reminder")
    b.run("update invoice set currency = 'EUR' where id = ?", b.part(c)["invoice_id"])


def l1_short(b):
    """a formal notice with nine days"""
    c = b.contact("formal_notice")
    b.run("update contact set deadline_on = ? where id = ?", c["sent_at"] // DAY + 9, c["id"])


def l1_none(b):
    """a formal notice without a deadline"""
    b.run("update contact set deadline_on = null where id = ?", b.contact("formal_notice")["id"])


def l2_due(b):
    """a reminder a day before its time"""
    c = b.contact()
    b.run("update invoice set due_on = ? where id = ?", c["sent_at"] // DAY - 3,
          b.part(c)["invoice_id"])


def l2_previous(b):
    """a reminder with fee nine days after the first"""
    c = b.contact("fee_reminder")
    before = b.one("select max(sent_at) from contact where debtor_id = ? and id < ?",
                   c["debtor_id"], c["id"])
    b.move(c, before + 9 * DAY - c["sent_at"])


def l2_deadline(b):
    """a formal notice before the last deadline had run out"""
    c = b.contact("formal_notice")
    b.run("update contact set deadline_on = ? where debtor_id = ? and step = 'fee_reminder'",
          c["sent_at"] // DAY - 2, c["debtor_id"])


def l2_resume(b):
    """a reminder on the day after a hold"""
    c = b.contact()
    b.hold("debtor", c, end=c["armed_at"] - DAY)


def l2_past(b):
    """a heads-up after the due date"""
    b.move(b.contact("heads_up"), 7 * DAY)


def l3_skipped(b):
    """a reminder with fee, and no reminder before it"""
    c = b.contact("fee_reminder")
    b.run("update contact_case set void = 1 where step = 'friendly_reminder' and case_id = ?",
          b.part(c)["case_id"])
    b.run("update contact set state = 'dropped', sent_at = null where debtor_id = ? and "
          "step = 'friendly_reminder'", c["debtor_id"])


# --- books, states, events ---------------------------------------------------------------

def b1_moved(b):
    """a balance moved by hand"""
    b.run("update invoice set balance_minor = balance_minor - 1 where id = 1")


def b1_entry(b):
    """an entry that did not move the balance"""
    b.unguard()
    b.book(1, -500, b.contact()["sent_at"] + DAY)


def b2_money(b):
    """unallocated money that is not there"""
    b.run("insert into payment (creditor_id, debtor_id, external_id, currency, amount_minor, "
          "unallocated_minor, paid_on, booked_at) values (1, 1, 'p', 'DKK', 500, 400, 20000, 1)")


def b3_negative(b):
    """an invoice below nothing"""
    b.book(1, -10_000_000, b.contact()["sent_at"] + 60 * DAY)


def s1_no_time(b):
    """sent, and nobody knows when"""
    b.run("update contact set sent_at = null where id = ?", b.contact()["id"])


def s1_lease(b):
    """armed, and the lease has run out"""
    b.run("update contact set state = 'armed', sent_at = null, lease_until = armed_at + 900 "
          "where id = ?", b.contact()["id"])


def s1_void(b):
    """sent, and its step is free again"""
    b.run("update contact_case set void = 1 where contact_id = ?", b.contact()["id"])


def s1_order(b):
    """sent before it was armed"""
    b.run("update contact set sent_at = armed_at - 1 where id = ?", b.contact()["id"])


def s2_no_decision(b):
    """a contact whose decision is gone"""
    b.run("update contact set decision_id = 987654 where id = ?", b.contact()["id"])


def s2_shared(b):
    """two contacts of one decision"""
    c = b.contact("fee_reminder")
    b.run("update contact set decision_id = ? where debtor_id = ?", c["decision_id"],
          c["debtor_id"])


def s2_no_link(b):
    """a contact without the hash of its link"""
    b.run("delete from link where contact_id = ?", b.contact()["id"])


def s3_no_event(b):
    """a contact that left without its event"""
    b.unguard()
    b.run("delete from event where kind = 'contact.sent' and contact_id = ?", b.contact()["id"])


def s3_twice(b):
    """the event of sending twice"""
    b.run("insert into event (at, kind, who, creditor_id, debtor_id, contact_id, data) select at, "
          "kind, who, creditor_id, debtor_id, contact_id, data from event where "
          "kind = 'contact.sent' and contact_id = ?", b.contact()["id"])


# --- experiment ------------------------------------------------------------------------------

def a1_arm(b):
    """another arm than the key gives"""
    b.run("update assignment set arm = case arm when 'warm' then 'firm' else 'warm' end "
          "where id = 1")


def a1_bucket(b):
    """another bucket than the key gives"""
    b.run("update assignment set bucket = (bucket + 1) % 10000 where id = 1")


def a1_key(b):
    """assignments made with another key"""
    with open(b.path("keys/assign.key"), "w", encoding="ascii") as f:
        f.write(hashlib.sha256(b"another").hexdigest() + "\n")


def a2_tone(b):
    """a message in another tone than its arm's"""
    b.run("update contact set tone = case tone when 'warm' then 'firm' else 'warm' end "
          "where id = (select contact_id from exposure order by 1 limit 1)")


def a2_exposure(b):
    """a message without its exposure"""
    b.run("delete from exposure where contact_id = (select min(contact_id) from exposure)")


def a3_twice(b):
    """a unit assigned twice"""
    b.rebuild("assignment")
    b.run("insert into assignment select 900, experiment, experiment_hash, unit_id, debtor_id, "
          "case_id, arm, bucket, assigned_at, assigned_on, opening_minor, currency, templates_hash "
          "from assignment where id = 1")


def a4_moment(b):
    """an assignment that no plan made"""
    b.run("update assignment set assigned_at = assigned_at - 7 where id = 1")


def a4_opening(b):
    """an opening balance that was not owed"""
    b.run("update assignment set opening_minor = opening_minor + 100 where id = 1")
    b.run("update assignment_invoice set balance_minor = balance_minor + 100 where "
          "assignment_id = 1 and invoice_id = (select min(invoice_id) from assignment_invoice "
          "where assignment_id = 1)")


# --- messages --------------------------------------------------------------------------------

def m1_unsubscribe(b):
    """a reminder without List-Unsubscribe"""
    b.edit_mail(b.contact(), "List-Unsubscribe: ", "X-Was: ")


def m1_notice(b):
    """a formal notice with List-Unsubscribe"""
    b.edit_mail(b.contact("formal_notice"), "Auto-Submitted: ",
                "List-Unsubscribe: <http://x.example/u/x>\nAuto-Submitted: ")


def m1_auto(b):
    """an e-mail that does not say that it is automatic"""
    b.edit_mail(b.contact(), "Auto-Submitted: ", "X-Was: ")


def m1_defect(b):
    """an e-mail whose last boundary is missing"""
    path = b.mail(b.contact())
    with open(path, "rb") as f:
        data = f.read()
    with open(path, "wb") as f:
        f.write(data[:data.rindex(b"--purr-")])


def m1_link(b):
    """an e-mail with somebody else's link"""
    b.run("update link set contact_id = 1000 + contact_id")


def m2_amount(b):
    """an e-mail that asks for another amount"""
    c = b.contact()
    b.run("update contact_invoice set balance_minor = balance_minor + 1 where contact_id = ?",
          c["id"])


def m2_fee(b):
    """an e-mail that does not tell of its fee"""
    c = b.contact("fee_reminder")
    b.run("update contact_case set fee_minor = fee_minor - 100 where contact_id = ?", c["id"])


def m3_name(b):
    """an SMS with a name"""
    c = b.contact(channel="sms")
    who = b.one("select name from debtor where id = ?", c["debtor_id"])

    def change(rows):
        for row in rows:
            if row["contact"] == c["id"]:
                row["text"] += " " + who
    b.edit_sms(change)


def m3_amount(b):
    """an SMS with an amount"""
    b.edit_sms(lambda rows: rows[0].update(text=rows[0]["text"] + " 89,00 kr."))


def m4_deadline(b):
    """a deadline that the message does not tell"""
    b.run("update contact set deadline_on = deadline_on + 1 where id = ?",
          b.contact("fee_reminder")["id"])


def m5_elsewhere(b):
    """an e-mail to another address"""
    b.edit_mail(b.contact(), "\nTo: ", "\nTo: x")


PLANTS = [plant for name, plant in list(globals().items())
          if callable(plant) and name[:1] in "abdfhlmopsw" and name[1:2].isdigit()]
