"""What a message may cost: caps, counts, gaps and ages of fees, and the fixed
compensation between businesses, by country.

Sources: renteloven sections 9 a and 9 b (DK); inkassoforskriften chapter 1 (NO);
lag (1981:739) sections 2 to 4 a (SE); perintalaki sections 10 to 10 e (FI); BGB
sections 280, 286, 288 (DE); late payment directive and regulations (GB).  Where
the amount is by bands of the claim, the largest stands here.
"""
import collections
import datetime

import judge_days as days
from judge_ledger import Violation


def day_of(year, month, day):
    return (datetime.date(year, month, day) - days.EPOCH).days


BOTH = ("consumer", "business")
NO_FEES = {"currency": None, "reminder": {}, "notice": {}, "count": 0, "gap": {}, "age": {},
           "compensation": 0}
WRITTEN = ("email", "letter")  # an SMS tells neither the sum nor what it is for
NO_STEPS = ((0, 3500), (day_of(2026, 1, 1), 3750))
# Minor units by party; days between two fees, and after the due date; the most
# in one time of arrears.
FEES = {
    "DK": {**NO_FEES, "currency": "DKK", "channels": WRITTEN, "reminder": dict.fromkeys(BOTH, 10000),
           "notice": dict.fromkeys(BOTH, 10000), "count": 3, "gap": dict.fromkeys(BOTH, 10),
           "compensation": 31000},
    "NO": {**NO_FEES, "currency": "NOK", "channels": WRITTEN, "reminder": dict.fromkeys(BOTH, NO_STEPS),
           "notice": dict.fromkeys(BOTH, NO_STEPS), "count": 3, "gap": dict.fromkeys(BOTH, 14),
           "age": dict.fromkeys(BOTH, 14), "compensation": 47000},
    "SE": {**NO_FEES, "currency": "SEK", "channels": WRITTEN, "reminder": dict.fromkeys(BOTH, 6000),
           "notice": dict.fromkeys(BOTH, 18000), "count": 3, "compensation": 45000},
    "FI": {**NO_FEES, "currency": "EUR", "channels": WRITTEN, "reminder": {"consumer": 500, "business": 1200},
           "notice": {"consumer": 5000, "business": 11000}, "count": 4,
           "gap": {"consumer": 15, "business": 10}, "age": {"consumer": 14},
           "compensation": 4000},
    "DE": {**NO_FEES, "currency": "EUR", "reminder": dict.fromkeys(BOTH, 250),
           "notice": dict.fromkeys(BOTH, 250), "count": 9, "channels": ("letter",),
           "compensation": 4000},
    "GB": {**NO_FEES, "currency": "GBP", "compensation": 10000},
}


def name(contact):
    return f"contact {contact['id']}"


# --- fees ---------------------------------------------------------------------------

def came_back_free(ws, contact):
    """It came back, and what it had charged was taken off again."""
    booked = [e["amount_minor"] for p in ws.parts[contact["id"]] for e in ws.entries[p["invoice_id"]]
              if e["contact_id"] == contact["id"] and (e["type"] == "fee" or e["source"] == "bounced")]
    return contact["state"] == "bounced" and sum(booked) == 0


def fee_contacts(ws):
    """debtor -> contacts that charged a fee, in order of time."""
    out = collections.defaultdict(list)
    for contact in ws.reached():
        if any(p["fee_minor"] > 0 for p in ws.parts[contact["id"]]) and not came_back_free(ws, contact):
            out[contact["debtor_id"]].append(contact)
    for contacts in out.values():
        contacts.sort(key=ws.at)
    return out


def in_arrears_between(ws, debtor_id, start, end):
    """Was something overdue all the time?  It can only end when money is booked."""
    invoices = [i for i in ws.invoices_of_debtor[debtor_id] if i["type"] == "invoice"]
    zone = ws.creditor[ws.debtor[debtor_id]["creditor_id"]]["zone"]
    moments = sorted({e["booked_at"] for i in invoices for e in ws.entries[i["id"]]
                      if start < e["booked_at"] < end})
    for at in moments:
        today = days.civil_day(at, zone)
        if all(i["due_on"] >= today or ws.balance_by(i["id"], at) <= 0 for i in invoices):
            return False
    return True


def fees(ws):
    for debtor_id, contacts in fee_contacts(ws).items():
        count = 0
        for before, contact in zip([None] + contacts, contacts):
            yield from fee_amounts(ws, contact)
            if before is None or not in_arrears_between(ws, debtor_id, ws.at(before),
                                                        ws.at(contact)):
                count = 0
            count += 1
            law = FEES.get(ws.debtor[debtor_id]["country"], NO_FEES)
            if count > law["count"]:
                yield Violation("F2", name(contact), f"fee number {count} in one time of arrears")
            if before is not None:
                gap = ws.ledger_day(contact) - ws.ledger_day(before)
                if gap < law["gap"].get(ws.debtor[debtor_id]["party"], 0):
                    yield Violation("F3", name(contact), f"a fee {gap} days after that of "
                                    f"contact {before['id']}")


def fee_amounts(ws, contact):
    debtor = ws.debtor[contact["debtor_id"]]
    parts = ws.parts[contact["id"]]
    law = FEES.get(debtor["country"], NO_FEES)
    most = fee_most(law, debtor["party"], contact, ws.ledger_day(contact))
    total = sum(p["fee_minor"] for p in parts)
    if total > most:
        yield Violation("F1", name(contact), f"a fee of {total}, at most {most} may be charged "
                        f"to a {debtor['party']} debtor in {debtor['country']}")
    for part in parts:
        invoice = ws.invoice[part["invoice_id"]]
        if part["fee_minor"] == 0:
            continue
        if invoice["currency"] != law["currency"]:
            yield Violation("F5", name(contact), f"a fee in {invoice['currency']}")
        late = ws.ledger_day(contact) - invoice["due_on"]
        if late < law["age"].get(debtor["party"], 0) and \
                ws.changed.get(invoice["id"], 0) < contact["planned_at"]:
            yield Violation("F6", name(contact), f"a fee {late} days after the due date")


def fee_most(law, party, contact, day):
    """Minor units that one message may cost."""
    if contact["channel"] not in law.get("channels", (contact["channel"],)):
        return 0
    kinds = law["notice" if contact["legal_notice"] else "reminder"]
    most = kinds.get(party, 0)
    return most if isinstance(most, int) else max(m for since, m in most if day >= since)


def compensations(ws):
    """F7: the fixed sum for a late commercial claim, once for each."""
    for contact in ws.reached():
        yield from compensation(ws, contact, ws.debtor[contact["debtor_id"]])


def compensation(ws, contact, debtor):
    law = FEES.get(debtor["country"], NO_FEES)
    for row in ws.listed[contact["id"]]:
        asked = row.get("compensation_minor", 0)
        most = law["compensation"] if debtor["party"] != "consumer" else 0
        if asked > most:
            yield Violation("F7", name(contact), f"a compensation of {asked}, the law gives {most}")
        times = sum(e["source"] == "compensation" for e in ws.entries[row["invoice_id"]])
        if times > 1:
            yield Violation("F7", name(contact), f"{times} compensations for one claim")


def fee_entries(ws):
    """F4: each fee has its message, each message that charges has its fee."""
    booked = collections.defaultdict(int)
    for entry in ws.rows["entry"]:
        if entry["type"] != "fee" or entry["source"] == "compensation":
            continue
        if entry["contact_id"] is None:
            yield Violation("F4", f"entry {entry['id']}", "a fee without a message")
        booked[(entry["contact_id"], entry["invoice_id"])] += entry["amount_minor"]
    for contact in ws.rows["contact"]:
        for part in ws.parts[contact["id"]]:
            fee = booked.pop((contact["id"], part["invoice_id"]), 0)
            wanted = part["fee_minor"] if contact["state"] in ("sent", "delivered") else 0
            if contact["state"] == "bounced" and fee and waived(ws, part, fee):
                continue
            if fee != wanted:
                yield Violation("F4", name(contact), f"charges {wanted}, booked is {fee}")
    for (contact_id, invoice_id), fee in booked.items():
        if contact_id is not None:
            yield Violation("F4", f"contact {contact_id}", f"a fee of {fee} on invoice "
                            f"{invoice_id}, which does not carry the message")


def waived(ws, part, fee):
    """A fee whose message came back is taken off again."""
    return sum(e["amount_minor"] for e in ws.entries[part["invoice_id"]]
               if e["type"] == "waiver") <= -fee


CHECKS = (fees, fee_entries, compensations)
