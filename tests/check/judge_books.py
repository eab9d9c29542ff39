"""What the books say: fees, balances, states of contacts, events, assignments."""
import collections
import hashlib
import hmac
import json
import re

import judge_days as days
from judge_ledger import LEFT, VOID, Violation

BUCKETS = 10000


def name(contact):
    return f"contact {contact['id']}"


# --- balances -----------------------------------------------------------------------

def balances(ws):
    spent = collections.defaultdict(int)
    for entry in ws.rows["entry"]:
        if entry["payment_id"] is not None:
            spent[entry["payment_id"]] -= entry["amount_minor"]
    for invoice in ws.rows["invoice"]:
        total = sum(e["amount_minor"] for e in ws.entries[invoice["id"]])
        if total != invoice["balance_minor"]:
            yield Violation("B1", f"invoice {invoice['id']}", f"balance "
                            f"{invoice['balance_minor']}, its entries sum to {total}")
        if (total < 0) if invoice["type"] == "invoice" else (total > 0):
            yield Violation("B3", f"invoice {invoice['id']}", f"a balance of {total} on "
                            f"{'an invoice' if invoice['type'] == 'invoice' else 'a credit'}")
    for payment in ws.rows["payment"]:
        left = payment["amount_minor"] - spent[payment["id"]] - payment["returned_minor"]
        if left != payment["unallocated_minor"]:
            yield Violation("B2", f"payment {payment['id']}", f"unallocated "
                            f"{payment['unallocated_minor']}, its entries leave {left}")


# --- states, decisions, events --------------------------------------------------------

NEEDS = {       # state -> (columns that must be set, columns that must not)
    "planned": ((), ("sent_at", "lease_until")),
    "armed": (("armed_at", "worker", "lease_token", "lease_until", "boot_id"), ("sent_at",)),
    "sent": (("armed_at", "sent_at"), ("lease_until",)),
    "delivered": (("armed_at", "sent_at"), ("lease_until",)),
    "bounced": (("armed_at", "sent_at", "ended_at"), ("lease_until",)),
    "unknown": (("armed_at",), ("lease_until",)),
    "failed": (("armed_at",), ("sent_at", "lease_until")),
    "dropped": ((), ("sent_at", "lease_until")),
}


def states(ws):
    for contact in ws.rows["contact"]:
        wanted, refused = NEEDS[contact["state"]]
        for column in wanted:
            if contact[column] is None:
                yield Violation("S1", name(contact), f"{contact['state']} without {column}")
        for column in refused:
            if contact[column] is not None:
                yield Violation("S1", name(contact), f"{contact['state']} with {column}")
        if contact["state"] == "armed" and (contact["lease_until"] or 0) < ws.now:
            yield Violation("S1", name(contact), "armed, and its lease has run out")
        order = [contact[k] for k in ("planned_at", "armed_at", "sent_at", "ended_at")
                 if contact[k] is not None]
        if contact["state"] in LEFT and order != sorted(order):
            yield Violation("S1", name(contact), "planned, armed, sent, ended out of order")
        if contact["state"] in LEFT and (contact["armed_at"] or 0) >= contact["expires_at"]:
            yield Violation("S1", name(contact), "armed after it had expired")
        for part in ws.parts[contact["id"]]:
            if part["void"] != (contact["state"] in VOID):
                yield Violation("S1", name(contact), f"{contact['state']} with void = "
                                f"{part['void']}")


def records(ws):
    """S2: one decision each, and the hash of the link when it was armed."""
    used = {}
    links = ws.by("link", "contact_id")
    for contact in ws.rows["contact"]:
        decision = ws.decision.get(contact["decision_id"])
        if decision is None or decision["debtor_id"] != contact["debtor_id"] or \
                not decision["result"].startswith("contact"):
            yield Violation("S2", name(contact), "has no decision for a contact to its debtor")
        elif decision["id"] in used:
            yield Violation("S2", name(contact), f"shares decision {decision['id']} with "
                            f"contact {used[decision['id']]}")
        used[contact["decision_id"]] = contact["id"]
        for part in ws.parts[contact["id"]]:
            if part["step"] != contact["step"]:
                yield Violation("S2", name(contact), f"takes step {part['step']} of case "
                                f"{part['case_id']} and is called {contact['step']}")
        if contact["state"] not in LEFT + ("unknown",) or contact["channel"] == "call":
            continue
        if not any(re.fullmatch(r"[0-9a-f]{64}", row["token_hash"])
                   for row in links[contact["id"]]):
            yield Violation("S2", name(contact), "has no hash of its link")


def events(ws):
    """S3: each change of state has its event, once."""
    wanted = {"sent": "contact.sent", "delivered": "contact.sent", "bounced": "contact.sent",
              "dropped": "contact.dropped", "unknown": "contact.unknown",
              "failed": "contact.failed"}
    for contact in ws.rows["contact"]:
        kinds = collections.Counter(e["kind"] for e in ws.events_of_contact[contact["id"]])
        missing = {"contact.planned", wanted.get(contact["state"], "contact.planned")} - set(kinds)
        for kind in sorted(missing):
            yield Violation("S3", name(contact), f"{contact['state']} without the event {kind}")
        for kind in ("contact.planned", "contact.sent", "contact.dropped", "contact.failed"):
            if kinds[kind] > 1:
                yield Violation("S3", name(contact), f"{kinds[kind]} events {kind}")
        if kinds["contact.sent"] and contact["state"] not in LEFT:
            yield Violation("S3", name(contact), f"{contact['state']} with the event contact.sent")
        for event in ws.events_of_contact[contact["id"]]:
            if event["kind"] == "contact.sent" and event["at"] < (contact["sent_at"] or 0):
                yield Violation("S3", name(contact), "the event is older than the sending")


# --- experiments ------------------------------------------------------------------------

def key_bytes(ws):
    try:
        return bytes.fromhex((ws.folder / "keys" / "assign.key").read_text().strip())
    except (OSError, ValueError):
        return None


def arm_of(experiment, bucket):
    below = 0
    for arm in experiment["arms"]:
        below += arm["basis_points"]
        if bucket < below:
            return arm
    return None


def assignments(ws):
    """A1 bucket and arm made anew from the key; A3 twice; A4 not at a plan, or
    with another opening balance than was owed."""
    key = key_bytes(ws)
    seen = set()
    planned, decided = ws.by("contact", "planned_at"), ws.by("decision", "debtor_id")
    opening = ws.by("assignment_invoice", "assignment_id")
    for row in ws.rows["assignment"]:
        who = f"assignment {row['id']}"
        if (row["experiment"], row["unit_id"]) in seen:
            yield Violation("A3", who, f"unit {row['unit_id']} was assigned before")
        seen.add((row["experiment"], row["unit_id"]))
        yield from assignment_hash(ws, row, key, who)
        if not any(ws.debtor[c["debtor_id"]]["unit_id"] == row["unit_id"]
                   for c in planned[row["assigned_at"]]) and not passed_over(ws, row, decided):
            yield Violation("A4", who, "no contact was planned at that moment")
        listed = opening[row["id"]]
        if sum(r["balance_minor"] for r in listed) != row["opening_minor"]:
            yield Violation("A4", who, "its invoices do not sum to the opening balance")
        for r in listed:
            owed = ws.balance_by(r["invoice_id"], row["assigned_at"])
            fee = sum(e["amount_minor"] for e in ws.entries[r["invoice_id"]]
                      if e["booked_at"] == row["assigned_at"] and e["type"] == "fee")
            if r["balance_minor"] not in (owed, owed - fee):
                yield Violation("A4", who, f"invoice {r['invoice_id']}: {r['balance_minor']} "
                                f"noted, {owed} owed")


def passed_over(ws, row, decided):
    """The arm has no heads-up, nor have those held out, and a decision of that moment says that it passed one over."""
    policy = ws.policy.get(row["experiment_hash"])
    arms = json.loads(policy["content"])["arms"] if policy else []
    if row["arm"] != "holdout" and not any(
            a.get("name", a["tone"]) == row["arm"] and a.get("heads_up") is False for a in arms):
        return False
    return any(d["at"] == row["assigned_at"] and json.loads(d["answer"]).get("assigned") is not None
               for d in decided[row["debtor_id"]])


def assignment_hash(ws, row, key, who):
    policy = ws.policy.get(row["experiment_hash"])
    if key is None or policy is None:
        yield Violation("A1", who, "without its key or its experiment")
        return
    experiment, unit = json.loads(policy["content"]), ws.unit[row["unit_id"]]["public_id"]
    bucket = bucket_of(key, "assign-v1", row["experiment"], unit)
    arm = arm_of(experiment, bucket)
    arm_name = arm.get("name", arm["tone"])
    held = experiment.get("holdout")
    if held and bucket_of(key, "holdout-v1", held["programme"], unit) < held["basis_points"]:
        arm_name = "holdout"
    if (bucket, arm_name) != (row["bucket"], row["arm"]):
        yield Violation("A1", who, f"bucket {row['bucket']} arm {row['arm']}, by the key "
                        f"{bucket} {arm_name}")


def bucket_of(key, *parts):
    digest = hmac.new(key, "\x1f".join(parts).encode("utf-8"), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") * BUCKETS >> 64


def tones(ws):
    """A2: the arm's tone where there is one, else the schedule's."""
    experiments = {r["name"]: r for r in ws.rows["policy"] if r["kind"] == "experiment"}
    assigned = {(r["experiment"], r["unit_id"]): r for r in ws.rows["assignment"]}
    exposed = {r["contact_id"]: r for r in ws.rows["exposure"]}
    for contact in ws.reached():
        schedule = ws.schedule(ws.parts[contact["id"]][0]["case_id"])
        index = ws.step_index(schedule, contact["step"]) if schedule else None
        if index is None:
            continue            # told by L2
        step = schedule["steps"][index]
        experiment = schedule.get("experiment", "")
        debtor = ws.debtor[contact["debtor_id"]]
        row = assigned.get((experiment, debtor["unit_id"]))
        if row is not None and row["assigned_at"] > ws.moment(contact):
            row = None          # by somebody else of the unit, later
        tone = schedule["tone"]
        if step.get("toned", True) and row is not None:
            tone = tone_of_arm(ws, row, contact)
        elif step.get("toned", True) and experiment in experiments and \
                not stopped(ws, experiment, contact) and admits(json.loads(experiments[experiment]["content"]), debtor):
            yield Violation("A2", name(contact), "a toned step without an assignment")
        if step.get("toned", True) and softened(ws, contact):
            tone = "warm"
        if contact["tone"] != tone:
            yield Violation("A2", name(contact), f"tone {contact['tone']}, its arm's is {tone}")
        shown = exposed.get(contact["id"])
        if row is not None and step.get("toned", True) and contact["state"] in LEFT and \
                (shown is None or shown["tone"] != contact["tone"]
                 or shown["assignment_id"] != row["id"]):
            yield Violation("A2", name(contact), "left without its exposure")


def softened(ws, contact):
    """What a person last said before the message was looked at for the last time."""
    said = [r for r in ws.rows["softening"] if r["debtor_id"] == contact["debtor_id"]
            and r["at"] <= (contact["armed_at"] or contact["planned_at"])]
    return bool(said) and bool(max(said, key=lambda r: r["id"])["softened"])


def stopped(ws, experiment, contact):
    """The arms of an experiment that were stopped when the message was looked at last."""
    said = {}
    for row in sorted(ws.rows["arm_stop"], key=lambda r: r["id"]):
        if row["experiment"] == experiment and row["at"] <= (contact["armed_at"] or contact["planned_at"]):
            said[row["arm"]] = row["stopped"]
    return {arm for arm, word in said.items() if word}


def tone_of_arm(ws, row, contact):
    """A stopped arm's debtors are written to as the reference's."""
    policy = ws.policy.get(row["experiment_hash"])
    if row["arm"] == "holdout":
        return "neutral"
    if policy and row["arm"] in stopped(ws, row["experiment"], contact):
        row = dict(row, arm=json.loads(policy["content"])["reference"])
    for arm in json.loads(policy["content"])["arms"] if policy else ():
        if arm.get("name", arm["tone"]) == row["arm"]:
            return arm["tone"]
    return None


def admits(experiment, debtor):
    parties = experiment.get("eligibility", {}).get("party")
    return parties is None or debtor["party"] in parties


CHECKS = (balances, states, records, events, assignments, tones)
