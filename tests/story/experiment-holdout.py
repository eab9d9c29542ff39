#!/usr/bin/env python3
"""experiment-holdout.py - a hold-out: by a hash of the programme's name some debtors are
kept apart from all its experiments, get the legal minimum in neutral words and nothing
before the due date, are never counted in an arm, and show what the whole is worth.
"""
import csv
import hashlib
import hmac
import io
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, invoice, mail_text, payment  # noqa: E402

SHARE = 2500                            # one in four, so that few debtors are enough
DUE, IMPORTED, AHEAD = "2026-09-24", "2026-09-20T10:00:00Z", "2026-09-21T06:30:00Z"
LATE = ("2026-09-28T06:30:00Z", "2026-10-08T06:30:00Z", "2026-10-23T06:30:00Z")


def key_of(w):
    with open(w.path("keys", "assign.key"), encoding="ascii") as f:
        return bytes.fromhex(f.read().strip())


def held(key, units, programme):
    out = set()
    for unit in units:
        text = "\x1f".join(("holdout-v1", programme, unit)).encode()
        if int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:8], "big") * 10000 >> 64 < SHARE:
            out.add(unit)
    return out


def taking_part(w):
    w.experiment(lambda x: x.update(holdout={"programme": "dk-2026", "basis_points": SHARE}))
    w.schedule(lambda s: (s["steps"][0].update(channels=["email"]),
                          s.update(sender="Mette Holm", plan_offer=True)))
    w.invoices([invoice(f"A{k}", f"A{k}", DUE, "100.00") for k in range(160)], IMPORTED)
    w.json("plan", at=AHEAD)
    w.json("send", at=AHEAD)
    arms = dict(w.sql("select u.public_id, a.arm from assignment a join unit u on u.id = a.unit_id"))
    wanted = held(key_of(w), arms, "dk-2026")
    tap.same({u for u, arm in arms.items() if arm == "holdout"}, wanted,
             "who is held out follows from the key and the programme's name")
    tap.ok(20 < len(wanted) < 60, "one in four", len(wanted))
    tap.same(w.sql("select a.arm = 'holdout', count(distinct k.debtor_id) from assignment a "
                   "join contact k on k.debtor_id = a.debtor_id group by 1"),
             [(0, 160 - len(wanted))], "they get no heads-up, all others do")
    return wanted


def words(w, wanted):
    for at in LATE:
        w.json("plan", at=at)
        w.json("send", at=at)
    w.json("plan", at="2026-10-23T06:31:00Z")
    rows = {k: (step, arm) for k, step, arm in w.sql(
        "select k.id, k.step, a.arm from contact k join assignment a on a.debtor_id = k.debtor_id "
        "where k.channel = 'email' and k.step <> 'heads_up'")}
    seen, tones = {}, {}
    for contact, message in w.mails().items():
        if contact not in rows:
            continue
        step, arm = rows[contact]
        text = mail_text(message).replace("\r", "")
        seen.setdefault((step, arm == "holdout"), set()).add(
            (text.count("/p/"), "På din betalingsside kan du" in text, "Mette Holm" in text,
             "velkommen til at betale i rater" in text, "At betale" in text or "at betale" in text))
    tap.same({s: v for (s, apart), v in seen.items() if apart},
             {s: {(1, False, False, False, True)} for s in
              ("friendly_reminder", "fee_reminder", "formal_notice")},
             "the legal minimum: the claim and the way to the page, no invitation, no offer, no person")
    tap.ok(all((1, True, True, s != "formal_notice", True) in v for (s, apart), v in seen.items()
               if not apart), "the others are invited", seen)
    for tone, arm in w.sql("select k.tone, a.arm from contact k join assignment a on "
                           "a.id = k.assignment_id"):
        tones.setdefault(arm, set()).add(tone)
    tap.same(tones, {"holdout": {"neutral"}, "neutral": {"neutral"}, "warm": {"warm"}, "firm": {"firm"}},
             "in neutral words")
    contact = w.one("select k.id from contact k join assignment a on a.id = k.assignment_id "
                    "where a.arm = 'holdout' limit 1")
    said = w.run("explain", f"contact:{contact}", at=LATE[2]).stdout
    tap.ok("held out by dk-2026" in said, "which is explained", said)
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
    tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")


def sticky(w, wanted):
    """Another experiment of the programme holds the same out; a larger share moves nobody."""
    w.experiment(lambda x: x.update(id="dk-tone-2", holdout={"programme": "dk-2026", "basis_points": SHARE}))
    w.invoices([invoice(f"B{k}", f"A{k}", "2026-11-05", "50.00") for k in range(160)],
               "2026-10-25T10:00:00Z")
    for at in ("2026-11-10T07:30:00Z", "2026-11-10T07:31:00Z"):     # old claims are handed over first
        w.json("plan", at=at)
    again = {u for (u,) in w.sql("select u.public_id from assignment a join unit u on u.id = a.unit_id "
                                 "where a.experiment = 'dk-tone-2' and a.arm = 'holdout'")}
    entered = {u for (u,) in w.sql("select u.public_id from assignment a join unit u on u.id = a.unit_id "
                                   "where a.experiment = 'dk-tone-2'")}
    tap.ok(len(entered) > 0 and again == wanted & entered, "another experiment, the same held out",
           (len(again), len(entered)))
    before = w.sql("select id, arm from assignment order by id")
    w.experiment(lambda x: x.update(id="dk-tone", holdout={"programme": "dk-2026", "basis_points": 5000}))
    w.json("plan", at="2026-11-17T07:30:00Z")
    tap.same(w.sql("select id, arm from assignment order by id")[:len(before)], before,
             "a larger share moves nobody who is assigned")


def newcombe(x1, n1, x0, n0, z=1.959963984540054):
    def wilson(x, n):
        p, d = x / n, 1 + z * z / n
        half = z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5
        return (p + z * z / (2 * n) - half) / d, (p + z * z / (2 * n) + half) / d
    p1, p0 = x1 / n1, x0 / n0
    (l1, u1), (l0, u0) = wilson(x1, n1), wilson(x0, n0)
    return (p1 - p0, p1 - p0 - ((p1 - l1) ** 2 + (u0 - p0) ** 2) ** 0.5,
            p1 - p0 + ((u1 - p1) ** 2 + (p0 - l0) ** 2) ** 0.5)


def report(w):
    debtors = w.sql("select d.id, a.arm from assignment a join debtor d on d.id = a.debtor_id "
                    "where a.experiment = 'dk-tone'")
    paid = {i for k, (i, arm) in enumerate(debtors) if k % (3 if arm == "holdout" else 2) == 0}
    w.payments([payment(f"P{i}", "100.00", "2026-09-30", invoice=no) for i, no in w.sql(
        "select i.debtor_id, i.external_id from invoice i where i.external_id like 'A%'") if i in paid],
        "2026-09-30T10:00:00Z")
    result = w.json("report", "tone", "--experiment", "dk-tone", "--as-of", "2026-11-20",
                    at="2026-11-21T06:00:00Z")
    n1 = sum(arm != "holdout" for _, arm in debtors)
    x1, x0 = (sum(i in paid for i, arm in debtors if (arm == "holdout") == apart) for apart in (False, True))
    whole = result["programme"]
    flow = {a["arm"]: (a["assigned"], a["matured"], a["paid_in_full"]) for a in whole["flow"]["arms"]}
    tap.same(flow, {"holdout": (len(debtors) - n1,) * 2 + (x0,), "programme": (n1, n1, x1)},
             "all arms together against those held out")
    contrast = whole["primary"]["contrasts"][0]
    got = contrast["difference"]
    want = newcombe(x1, n1, x0, len(debtors) - n1)
    tap.ok(all(abs(a - b) < 1e-12 for a, b in zip((got["estimate"], got["lower"], got["upper"]), want)),
           "with Newcombe's limits", (got, want))
    tap.ok("by the programme instead of with the legal minimum" in contrast["sentence"], "in words",
           contrast["sentence"])
    tap.same((sum(a["assigned"] for a in result["flow"]["arms"]), sum(result["flow"]["rejected"].values())),
             (n1, 0),
             "nobody held out is in an arm, and none is rejected for it")
    checks = [h for h in whole["health"] if h["check"] == "srm_assigned"]
    tap.ok(len(checks) == 1 and checks[0]["state"] == "green", "the share held out is checked", checks)
    text = w.run("report", "tone", "--experiment", "dk-tone", "--as-of", "2026-11-20",
                 at="2026-11-21T06:00:00Z").stdout
    tap.ok("The whole programme" in text.replace("\n", " ") or "THE WHOLE PROGRAMME" in text.upper(),
           "it stands in the report")
    rows = list(csv.DictReader(io.StringIO(w.run(
        "report", "tone", "--experiment", "dk-tone", "--format", "rows", "--as-of", "2026-11-20",
        at="2026-11-21T06:00:00Z").stdout, newline="")))
    tap.same(sum(r["arm"] == "holdout" for r in rows), len(debtors) - n1, "and so do the rows behind it")
    tap.same(re.findall(r"holdout", json.dumps(result["primary"])), [], "no arm is compared with it")


def refused(w):
    for wrong, says in (({"holdout": {"programme": "dk 2026", "basis_points": 500}}, "/holdout"),
                        ({"holdout": {"programme": "dk", "basis_points": 5001}}, "/holdout"),
                        ({"holdout": {"basis_points": 500}}, "/holdout")):
        w.experiment(lambda x: x.update(wrong))
        done = w.run("check")
        tap.ok(done.returncode == 1 and says in done.stdout + done.stderr, f"not {wrong}",
               done.stdout + done.stderr)
    w.experiment(lambda x: (x.pop("holdout"), x["arms"][1].update(name="holdout")))
    done = w.run("check")
    tap.ok(done.returncode == 1 and "give the arm another name" in done.stdout + done.stderr,
           "an arm is not called holdout", done.stdout + done.stderr)


with Workspace() as space:
    apart = taking_part(space)
    words(space, apart)
    report(space)
    sticky(space, apart)
    refused(space)
tap.done()
