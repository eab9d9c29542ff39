"""What is owed and overdue: is it looked after, and does the wait have a reason
that is true?  And what one person got, whatever the ledger calls them: caps and
gaps by address.
"""
import judge_days as days
import judge_places as places
from judge_ledger import Violation

NEVER = 253402300799            # "only an event changes it"
SLACK_SECONDS = 3600            # between a pass's plan and its last message
QUEUE_SECONDS = 86400
# Most contacts in so many days, all channels: the packs' own policy.
CAPS = ((1, 1), (3, 7))
# Region, most in so many days, over these channels, from a day on: 940 CMR 7.04,
# 6 RCNY 5-77 as amended.
REGION_CAPS = (("MA", 2, 7, ("sms", "call"), 0),
               ("NYC", 3, 7, ("email", "sms", "letter", "call"), 20697))


def overdue(ws):
    """Open invoices that were due before the last look, and their cases."""
    for invoice in ws.rows["invoice"]:
        if invoice["type"] != "invoice" or invoice["state"] != "open" or \
                invoice["balance_minor"] <= 0:
            continue
        zone = ws.creditor[invoice["creditor_id"]]["zone"]
        if invoice["due_on"] < days.civil_day(ws.last_look, zone):
            yield invoice, ws.case.get(invoice["case_id"])


def unexplained(ws):
    """E1 owed, in no open case; E2 nobody ever decided; E3 the next look is
    past; E4 it waits for ever, and what for is not there."""
    newest = {}
    for decision in ws.rows["decision"]:
        if not decision["result"].endswith(":armed"):
            newest[decision["debtor_id"]] = decision
    told = set()
    for invoice, case in overdue(ws):
        who = f"invoice {invoice['id']}"
        if case is None or case["state"] != "open":
            yield Violation("E1", who, "is overdue and in no open case")
            continue
        if case["id"] in told:
            continue
        told.add(case["id"])
        # It may have come after the last look.
        if ws.first_booked(invoice["id"]) >= ws.last_look:
            continue
        decision = newest.get(invoice["debtor_id"])
        if decision is None:
            yield Violation("E2", who, "is overdue, and nothing was ever decided about it")
        elif case["next_check_at"] < ws.last_look - SLACK_SECONDS:
            yield Violation("E3", f"case {case['id']}", "was to be looked at "
                            f"{(ws.last_look - case['next_check_at']) // 60} minutes ago")
        elif case["next_check_at"] >= NEVER and not reason_is_true(ws, case, decision):
            yield Violation("E4", f"case {case['id']}", f"waits for ever for {decision['result']}"
                            f" of decision {decision['id']}, which is not there")


def reason_is_true(ws, case, decision):
    """Something that only an event ends, and that is really so."""
    debtor_id = case["debtor_id"]
    result, _, reason = decision["result"].partition(":")
    near = [c for d in ws.neighbours(debtor_id) for c in ws.contacts_of_debtor[d]]
    if result == "contact" or reason == "contact.pending":
        return any(c["state"] in ("planned", "armed") for c in near)
    if reason == "contact.unknown":
        return any(c["state"] == "unknown" for c in ws.contacts_of_debtor[debtor_id])
    if reason.startswith("hold."):
        holds = ws.holds_of_debtor[debtor_id] + ws.holds_of_creditor[case["creditor_id"]]
        return any(ws.hold_end(h) > ws.last_look for h in holds)
    if reason == "money.unallocated":
        return any(p["debtor_id"] == debtor_id and p["unallocated_minor"] > 0
                   for p in ws.rows["payment"]) or \
            any(i["balance_minor"] < 0 for i in ws.invoices_of_debtor[debtor_id])
    if reason == "no_channel":
        return some_channel_is_shut(ws, debtor_id, case)
    if reason == "pack.missing":
        country = ws.debtor[debtor_id]["country"].lower()
        return not any(r["kind"] == "pack" and r["name"] == country for r in ws.rows["policy"])
    if reason == "below_minimum":
        schedule = ws.schedules.get(case["schedule_hash"], {})
        least = sum(m["minor"] for m in schedule.get("min_amounts", [])
                    if m["currency"] == case["currency"])
        return any(0 < chased(ws, c) < least for c in ws.rows["case"]
                   if c["debtor_id"] == debtor_id and c["state"] == "open")
    if reason == "step.approval":
        steps = ws.schedules.get(case["schedule_hash"], {"steps": []})["steps"]
        return any(s.get("approval") for s in steps) or (steps[-1].get("handover") and any(
            only_charges(ws, i) for i in ws.invoices_of_case[case["id"]]))
    return reason in ("ladder.climbed", "nothing_open")


def only_charges(ws, invoice):
    """Owed, and all of it was charged: the claim itself is paid."""
    charged = sum(e["amount_minor"] for e in ws.entries[invoice["id"]]
                  if e["type"] in ("fee", "interest", "waiver"))
    return 0 < invoice["balance_minor"] <= charged


def chased(ws, case):
    return sum(max(i["balance_minor"], 0) for i in ws.invoices_of_case[case["id"]]
               if i["state"] == "open")


def some_channel_is_shut(ws, debtor_id, case):
    """No address left for the channels of at least one step of the ladder."""
    usable = {a["channel"] for a in ws.rows["address"] if a["debtor_id"] == debtor_id and
              a["current"] and a["bad_at"] is None and a["opted_out_at"] is None}
    schedule = ws.schedules.get(case["schedule_hash"], {"steps": []})
    return any(not usable & set(step.get("channels", ())) for step in schedule["steps"]
               if not step.get("handover"))


def queued(ws):
    """E5: planned, its time long over, and neither sent nor dropped."""
    for contact in ws.rows["contact"]:
        if contact["state"] == "planned" and \
                max(contact["ripe_at"], contact["expires_at"]) < ws.last_look - QUEUE_SECONDS:
            yield Violation("E5", f"contact {contact['id']}", "is queued, and expired "
                            f"{(ws.last_look - contact['expires_at']) // 3600} hours ago")


# --- one person, several customer numbers ---------------------------------------------

def near_contacts(ws, debtor_id):
    """What reached a debtor or somebody who shares an address with it, in order."""
    chain = [c for d in ws.neighbours(debtor_id) for c in ws.contacts_of_debtor[d]
             if c["state"] in ("sent", "delivered", "unknown") and ws.at(c) is not None and
             ws.parts[c["id"]]]
    return sorted(chain, key=ws.at)


def crowded(ws):
    """C1 more than the caps allow; D4 within the gap, at one address."""
    for debtor_id in ws.debtor:
        chain = near_contacts(ws, debtor_id)
        days_in = [[ws.debtor_day(c, zone) for c in chain] for zone in ws.zones(debtor_id)]
        for i, contact in enumerate(chain):
            if contact["debtor_id"] != debtor_id:
                continue
            for on in days_in:
                found = list(crowded_contact(ws, chain, on, i, contact))
                yield from found
                if found:
                    break
            yield from crowded_region(ws, debtor_id, chain, days_in, i)


def crowded_region(ws, debtor_id, chain, days_in, i):
    """C2: the caps of states and of New York City, on top of all others."""
    where = places.regions(ws.debtor[debtor_id])
    for region, most, length, channels, since in REGION_CAPS:
        if region not in where or chain[i]["channel"] not in channels or \
                ws.debtor[debtor_id]["party"] != "consumer" or \
                ws.ledger_day(chain[i]) < since:
            continue
        count = max(sum(on[i] - length < day <= on[i] and c["channel"] in channels
                        for day, c in zip(on[:i + 1], chain)) for on in days_in)
        if count > most:
            yield Violation("C2", f"contact {chain[i]['id']}", f"number {count} in {length} days, "
                            f"{region} allows {most}")


def crowded_contact(ws, chain, on, i, contact):
    for most, length in CAPS:
        count = sum(on[i] - length < day <= on[i] for day in on[:i + 1])
        if count > most:
            yield Violation("C1", f"contact {contact['id']}", f"number {count} in "
                            f"{length} days, {most} are allowed")
    if i > 0 and chain[i - 1]["debtor_id"] != contact["debtor_id"]:     # else D3
        schedule = ws.schedule(ws.parts[contact["id"]][0]["case_id"]) or {}
        gap = on[i] - on[i - 1]
        if gap < schedule.get("gap_days_min", 0):
            yield Violation("D4", f"contact {contact['id']}", f"{gap} days after contact "
                            f"{chain[i - 1]['id']} to somebody at the same address")


CHECKS = (unexplained, queued, crowded)
