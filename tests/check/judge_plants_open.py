"""More of judge_plants.py: fees of other countries, what is left lying, and what
one person got under two customer numbers.
"""
from judge_book import DAY


def f6_early(b):
    """a Norwegian fee a week after the due date"""
    c = b.contact("fee_reminder")
    b.run("update debtor set country = 'NO' where id = ?", c["debtor_id"])
    b.run("update invoice set currency = 'NOK', due_on = ? / 86400 - 7 where id = ?",
          c["sent_at"], b.part(c)["invoice_id"])


def f7_consumer(b):
    """a compensation that a consumer is asked for"""
    c = b.one("select k.* from contact k join debtor d on d.id = k.debtor_id where "
              "k.state = 'sent' and d.party = 'consumer' and d.country = 'DK' "
              "and exists (select 1 from contact_invoice ci where ci.contact_id = k.id) "
              "and k.step = 'friendly_reminder' order by k.id")
    b.run("update contact_invoice set compensation_minor = 31000 where contact_id = ?", c["id"])


# --- what is left lying ------------------------------------------------------------------------

def overdue_case(b):
    """A case that is overdue at the last look, and waits for a day."""
    return b.one("select c.* from \"case\" c join invoice i on i.case_id = c.id where "
                 "i.state = 'open' and i.type = 'invoice' and i.balance_minor > 0 and "
                 "c.state = 'open' and i.due_on < (select max(at) from decision) / 86400 - 1")


def e1_caseless(b):
    """an overdue invoice whose case is closed"""
    b.run("update \"case\" set state = 'closed' where id = ?", overdue_case(b)["id"])


def e2_undecided(b):
    """an overdue invoice that nobody ever decided about"""
    b.run("update decision set result = 'contact:armed' where debtor_id = ?",
          overdue_case(b)["debtor_id"])


def e3_past(b):
    """a case whose next look is two days past"""
    b.run("update \"case\" set next_check_at = (select max(at) from decision) - 2 * 86400 "
          "where id = ?", overdue_case(b)["id"])


def asleep(b, reason):
    c = overdue_case(b)
    b.run("update \"case\" set next_check_at = 253402300799 where id = ?", c["id"])
    b.run("update decision set result = ? where debtor_id = ? and result not like '%:armed'",
          reason, c["debtor_id"])
    return c


def e4_pending(b):
    """a case that waits for a contact that is not there"""
    asleep(b, "wait:contact.pending")


def e4_hold(b):
    """a case that waits for the end of a hold that is over"""
    c = asleep(b, "wait:hold.dispute")
    b.run("update hold set released_at = from_at where debtor_id = ?", c["debtor_id"])


def e4_money(b):
    """a case that waits for money that is not there"""
    asleep(b, "wait:money.unallocated")


def e4_day(b):
    """a case that waits for a day and never looks"""
    asleep(b, "wait:not_due")


def e5_queued(b):
    """a contact that was planned and forgotten"""
    c = b.contact()
    b.run("update contact set state = 'planned', sent_at = null, lease_until = null where id = ?",
          c["id"])


def c1_day(b):
    """two contacts on one day"""
    one, two = b.one("select min(id), max(id) from contact where state = 'sent' and debtor_id = "
                     "(select debtor_id from contact where state = 'sent' group by 1 "
                     "having count(*) > 1 limit 1)")
    b.run("update contact set armed_at = (select armed_at from contact where id = ?1), "
          "sent_at = (select sent_at from contact where id = ?1) where id = ?2", one, two)


def d4_address(b):
    """two customer numbers at one address, written to two days apart"""
    one = b.contact()
    two = b.one("select * from contact where state = 'sent' and channel = 'email' and "
                "debtor_id <> ?", one["debtor_id"])
    b.run("update address set value = (select value from address where id = ?) where id = ?",
          one["address_id"], two["address_id"])
    b.move(two, one["sent_at"] - two["sent_at"] + 2 * DAY)


PLANTS = [plant for name, plant in list(globals().items())
          if callable(plant) and name[:1] in "cdef" and name[1:2].isdigit()]
