"""What each contact did to its debtor: hours, payment, holds, addresses,
doubles, gaps, and its place on the ladder."""
import collections
import json

import judge_days as days
import judge_places as places
from judge_ledger import FOREVER, LEFT, Violation

NOTICE_DAYS_MIN = 10            # inkassoloven section 10(3), from dispatch


def name(contact):
    return f"contact {contact['id']}"


def hours(ws):
    for contact in ws.rows["contact"]:
        at = ws.at(contact)
        if contact["state"] not in LEFT + ("unknown",) or at is None:
            continue
        debtor = ws.debtor[contact["debtor_id"]]
        for zone in ws.zones(debtor["id"]):
            fault = days.window_fault(debtor["country"], zone, contact["channel"], at,
                                      places.region(debtor))
            if fault:
                yield Violation(fault[0], name(contact), f"{fault[1]} ({zone})")
                break


def payment(ws):
    """P1 nothing was owed; P2 one of the invoices was paid; P3 another balance
    was stated; P4 less was owed than the schedule chases."""
    for contact in ws.reached():
        owed = 0
        for row in ws.listed[contact["id"]]:
            balance = ws.balance_at(row["invoice_id"], contact)
            owed += max(balance, 0)
            if balance <= 0:
                yield Violation("P2", name(contact), f"invoice {row['invoice_id']} was paid")
            if balance != row["balance_minor"]:
                yield Violation("P3", name(contact), f"invoice {row['invoice_id']}: stated "
                                f"{row['balance_minor']}, owed {balance}")
        if owed <= 0:
            yield Violation("P1", name(contact), "nothing was owed")
        yield from below_minimum(ws, contact)


def speaks_until(ws, contact, schedule):
    """The last due date of what the step speaks of: what is overdue, or what
    falls due by the day that it looks ahead to."""
    index = ws.step_index(schedule, contact["step"])
    step = schedule["steps"][index] if index is not None else {}
    ahead = -step["days"] if step.get("from") == "due" and step["days"] <= 0 else -1
    return ws.ledger_day(contact) + ahead


def below_minimum(ws, contact):
    for part in ws.parts[contact["id"]]:
        schedule, case = ws.schedule(part["case_id"]), ws.case.get(part["case_id"])
        if schedule is None:
            continue
        least = sum(m["minor"] for m in schedule.get("min_amounts", [])
                    if m["currency"] == case["currency"])
        # An invoice that came again, or is owed again, may stand in another case by
        # now; one that came again may be due on another day.
        listed = {row["invoice_id"] for row in ws.listed[contact["id"]]}
        invoices = {i["id"] for i in ws.invoices_of_debtor[contact["debtor_id"]]
                    if ((i["case_id"] == part["case_id"] or
                         (i["id"] in listed and i["currency"] == case["currency"])) and
                        i["due_on"] <= speaks_until(ws, contact, schedule)) or
                    (i["currency"] == case["currency"] and
                     ws.changed.get(i["id"], 0) >= contact["planned_at"])}
        owed = sum(max(ws.balance_at(i, contact), 0) for i in invoices)
        if owed < least:
            yield Violation("P4", name(contact), f"case {part['case_id']} owed {owed}, "
                            f"the schedule chases from {least}")


def in_force(ws, contact, hold):
    return ws.came_first(contact, hold["from_at"], ("hold",), False) and \
        ws.hold_end(hold) > ws.moment(contact)


def held(ws):
    """H1 the step was taken during a hold; H2 a held invoice was asked for."""
    for contact in ws.reached():
        carrying = set()
        for part in ws.parts[contact["id"]]:
            carrying.add(part["invoice_id"])
            for hold in ws.holds(contact["debtor_id"], part["case_id"], part["invoice_id"]):
                if in_force(ws, contact, hold):
                    yield Violation("H1", name(contact), f"{hold['scope']} hold {hold['id']} "
                                    f"({hold['type']}) was in force")
        for row in ws.listed[contact["id"]]:
            if row["invoice_id"] in carrying:
                continue
            for hold in ws.holds(contact["debtor_id"],
                                 ws.invoice[row["invoice_id"]]["case_id"], row["invoice_id"]):
                if hold["scope"] in ("invoice", "case") and in_force(ws, contact, hold):
                    yield Violation("H2", name(contact), f"asks for invoice {row['invoice_id']}"
                                    f", which is on hold {hold['id']} ({hold['type']})")


def opted_out_for_a_while(ws):
    """{address: [(from, to)]} of opt-outs that the debtor took back."""
    out, open_since = collections.defaultdict(list), {}
    for event in sorted(ws.rows["event"], key=lambda e: e["id"]):
        if event["kind"] == "address.opted_out":
            open_since.setdefault(json.loads(event["data"])["address"], event["at"])
        elif event["kind"] == "address.opted_in":
            address = json.loads(event["data"])["address"]
            out[address].append((open_since.pop(address), event["at"]))
    return out


def addresses(ws):
    """O1: an opt-out is of the address, whoever of the creditor's debtors has it."""
    barred = collections.defaultdict(list)
    for row in ws.rows["address"]:
        key = (ws.debtor[row["debtor_id"]]["creditor_id"], row["channel"], row["value"])
        for column, why in (("opted_out_at", "opted out"), ("bad_at", "known to be bad")):
            if row[column] is not None:
                barred[key].append((row[column], why))
    closed = opted_out_for_a_while(ws)
    for contact in ws.rows["contact"]:
        if contact["state"] not in LEFT + ("unknown",) or ws.at(contact) is None:
            continue
        row = ws.address[contact["address_id"]]
        for since, until in closed[contact["address_id"]]:
            if since < ws.moment(contact) < until:
                yield Violation("O1", name(contact), f"address {row['id']} was opted out then")
        for at, why in barred[(contact["creditor_id"], row["channel"], row["value"])]:
            if ws.came_first(contact, at, ("address.", "optout", "opt_out", "contact.failed"), False):
                yield Violation("O1", name(contact), f"address {row['id']} was {why}")
        if row["debtor_id"] != contact["debtor_id"] or row["channel"] != contact["channel"]:
            yield Violation("O2", name(contact), f"address {row['id']} is of another debtor "
                            "or channel")


def doubles(ws):
    """D1: the same step of the same ladder, by carrying or by counting, in whichever of the
    cases in which the invoice has stood."""
    seen = {}
    for contact in ws.rows["contact"]:
        for part in ws.parts[contact["id"]]:
            if part["void"]:
                continue
            counted = {row["invoice_id"] for row in ws.listed[contact["id"]] if row["counts"] and
                       ws.invoice[row["invoice_id"]]["case_id"] == part["case_id"]}
            for invoice in counted | {part["invoice_id"]}:
                key = (ws.ladder_of(part["case_id"]), invoice, part["step"])
                if key in seen:
                    yield Violation("D1", name(contact), f"step {part['step']} of case "
                                    f"{part['case_id']}, invoice {invoice}, was taken by contact "
                                    f"{seen[key]}")
                seen[key] = contact["id"]


def gaps(ws):
    """D3: two contacts to a debtor in fewer days than the schedule's gap."""
    for contacts in ws.contacts_of_debtor.values():
        chain = sorted((c for c in contacts if c["state"] in ("sent", "delivered", "unknown") and
                        ws.parts[c["id"]] and ws.at(c) is not None), key=ws.at)
        for before, after in zip(chain, chain[1:]):
            schedule = ws.schedule(ws.parts[after["id"]][0]["case_id"]) or {}
            gap = min(ws.debtor_day(after, zone) - ws.debtor_day(before, zone)
                      for zone in ws.zones(after["debtor_id"]))
            if gap < schedule.get("gap_days_min", 0):
                yield Violation("D3", name(after), f"{gap} days after contact {before['id']}")


def notices(ws):
    for contact in ws.rows["contact"]:
        if not contact["legal_notice"] or contact["state"] not in LEFT or \
                ws.at(contact) is None:
            continue
        if contact["deadline_on"] is None:
            yield Violation("L1", name(contact), "a formal notice without a deadline")
        elif contact["deadline_on"] - ws.ledger_day(contact) < NOTICE_DAYS_MIN:
            yield Violation("L1", name(contact), "the deadline is "
                            f"{contact['deadline_on'] - ws.ledger_day(contact)} days from dispatch")


# --- the ladder -------------------------------------------------------------------

def steps_taken(ws):
    """(ladder, invoice) -> contacts whose step was taken for that invoice."""
    taken = collections.defaultdict(list)
    for contact in ws.reached():
        for part in ws.parts[contact["id"]]:
            invoices = {part["invoice_id"]} | {
                row["invoice_id"] for row in ws.listed[contact["id"]] if row["counts"]}
            for invoice in invoices:
                taken[(ws.ladder_of(part["case_id"]), invoice)].append((contact, part))
    return taken


def stood(ws, contact, at):
    """Was the step of an earlier contact taken, as seen at `at`?"""
    if contact["state"] == "bounced":
        return ws.at(contact) < at < (contact["ended_at"] or FOREVER)
    return contact["state"] != "unknown" and ws.at(contact) < at


def lapsed(step, due_on, day):
    return "lapses_days_after_due" in step and day >= due_on + step["lapses_days_after_due"]


def earliest_day(step, due_on, before):
    """The first day of a step.  before: (day, deadline) of the step before it."""
    if before is None:
        return due_on + step["days"]
    day = (due_on if step["from"] == "due" else before[0]) + step["days"]
    if before[1] is not None:
        day = max(day, before[1] + 1 + step.get("grace_days", 0))
    return day


def resume_day(ws, contact, part, schedule):
    """The first day after the holds that had ended."""
    zone = ws.creditor[contact["creditor_id"]]["zone"]
    ends = [ws.hold_end(h) for h in
            ws.holds(contact["debtor_id"], part["case_id"], part["invoice_id"])
            if h["from_at"] < ws.hold_end(h) < ws.moment(contact)]
    if not ends:
        return None
    return days.civil_day(max(ends), zone) + schedule.get("resume_days", 0)


def ladder(ws):
    taken = steps_taken(ws)
    for contact in ws.reached():
        for part in ws.parts[contact["id"]]:
            schedule = ws.schedule(part["case_id"])
            if schedule is None:
                yield Violation("L2", name(contact), "its case has no schedule in the store")
                continue
            index = ws.step_index(schedule, part["step"])
            if index is None:
                yield Violation("L2", name(contact), f"the schedule has no step {part['step']}")
                continue
            yield from ladder_place(ws, contact, part, schedule, index, taken)


def ladder_place(ws, contact, part, schedule, index, taken):
    """L2 too early or too late; L3 over a step that was neither taken nor past."""
    invoice, day = ws.invoice[part["invoice_id"]], ws.ledger_day(contact)
    step = schedule["steps"][index]
    before, done = None, set()
    for other, its in sorted(taken[(ws.ladder_of(part["case_id"]), part["invoice_id"])],
                             key=lambda pair: ws.at(pair[0])):
        at = ws.step_index(schedule, its["step"])
        if other["id"] != contact["id"] and stood(ws, other, ws.at(contact)) and at is not None:
            done.add(at)
            before = (ws.ledger_day(other), other["deadline_on"])
    if ws.changed.get(invoice["id"], 0) >= contact["planned_at"]:
        return          # its due date may have been another one
    first = earliest_day(step, invoice["due_on"], before)
    resume = resume_day(ws, contact, part, schedule)
    if day < first:
        yield Violation("L2", name(contact), f"{step['id']} {first - day} days before its time")
    if resume is not None and day < resume:
        yield Violation("L2", name(contact), f"{step['id']} {resume - day} days before the "
                        "ladder goes on after a hold")
    if lapsed(step, invoice["due_on"], day):
        yield Violation("L2", name(contact), f"{step['id']} after its time was past")
    for skipped in range(index):
        if skipped not in done and not (done and skipped < max(done)) and \
                not lapsed(schedule["steps"][skipped], invoice["due_on"], day):
            yield Violation("L3", name(contact), f"{step['id']} over "
                            f"{schedule['steps'][skipped]['id']}, which was not taken")
    if done and max(done) > index:
        yield Violation("L3", name(contact), f"{step['id']} after a later step")


CHECKS = (hours, payment, held, addresses, doubles, gaps, notices, ladder)
