#!/usr/bin/env python3
"""report-persons.py - two customer numbers that turn out to be one person after both were
assigned, and a few large debtors who carry the money: neither decides a report unseen.

variants: release asan
time-limit: 300
"""
import csv
import io
import math
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, day, invoice, payment  # noqa: E402

FIRST = day("2026-01-05")
AS_OF = FIRST + 70


def iso(on):
    return at_text(on * 86400)[:10]


def at(on, hour="09"):
    return f"{iso(on)}T{hour}:00:00Z"


def two_arms(x):
    x["arms"] = [a for a in x["arms"] if a.get("tone", a["name"]) in ("neutral", "warm")]
    for arm in x["arms"]:
        arm["basis_points"] = 5000


def begun(w, rows):
    w.experiment(two_arms)
    w.invoices(rows, at(FIRST))
    for on in range(FIRST + 1, FIRST + 12):
        w.run("run", at=at(on))


def tone(w):
    return w.json("report", "tone", "--as-of", iso(AS_OF))


def table(w):
    done = w.run("report", "tone", "--as-of", iso(AS_OF), "--format", "rows")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def by_arm(report, key):
    return {a["arm"]: a[key] for a in report["flow"]["arms"]}


def one_person():
    def row(k, **more):
        return invoice(f"F{k}", f"K{k}", iso(FIRST + 4), "100.00", **more)

    with Workspace() as w:
        begun(w, [row(k) for k in range(60)])
        arm = {k: a for k, a in w.sql("select cast(substr(d.external_id, 2) as integer), a.arm from "
                                      "assignment a join debtor d on d.id = a.debtor_id order by a.id")}
        warm, neutral = ([k for k in arm if arm[k] == name] for name in ("warm", "neutral"))
        before = tone(w)
        tap.same((len(arm), sum(by_arm(before, "merged").values())), (60, 0), "sixty people, each one's own")
        # one who has seen both arms; a chain of three of one arm; a chain of three of both
        moved = {warm[0]: neutral[0], warm[2]: warm[1], warm[3]: warm[2], neutral[2]: neutral[1],
                 warm[4]: neutral[1]}
        chain = {k: f"k{moved[k]}@kunde.example" for k in moved}
        chain[warm[3]] = chain[warm[2]]
        w.invoices([row(k, email=mail) for k, mail in chain.items()], at(FIRST + 30))
        out = {warm[0], neutral[0], warm[2], warm[3], neutral[1], neutral[2], warm[4]}
        now = tone(w)
        tap.same(by_arm(now, "merged"), {name: sum(arm[k] == name for k in out) for name in ("neutral", "warm")},
                 "of one arm the earliest is kept, of two none")
        tap.same((by_arm(now, "assigned"), sum(by_arm(now, "merged").values())),
                 (by_arm(before, "assigned"), len(out)), "they are counted among the assigned")
        tap.same({a["arm"]: a["share"]["n"] for a in now["primary"]["arms"]},
                 {name: sum(arm[k] == name for k in set(arm) - out) for name in ("neutral", "warm")},
                 "and not compared")
        tap.same(len(table(w)), 60 - len(out), "nor given to other programs")
        tap.ok(now["valid"], "they are no reason to hold a result back", now["health"])
        tap.same([h["state"] for h in now["health"] if h["check"] == "merged"], ["green"],
                 "about as many in each arm")
        said = w.run("report", "tone", "--as-of", iso(AS_OF)).stdout
        tap.ok(f"{len(out)} left out: they turned out to be one person with another" in " ".join(said.split()),
               "the report says how many", said)
        w.invoices([row(k, email=f"k{neutral[k % 4]}@kunde.example") for k in warm[5:]], at(FIRST + 31))
        rest = len(warm[5:])
        tap.ok(by_arm(tone(w), "merged")["warm"] >= rest, "the whole of an arm", by_arm(tone(w), "merged"))
        tap.same([h["state"] for h in tone(w)["health"] if h["check"] == "merged"], ["amber"],
                 "is left out no more by chance, and it says so")


def capped(rows, arm, cap):
    paid = [min(int(r["paid_minor"]), int(r["amount_minor"]), cap) for r in rows if r["arm"] == arm]
    return len(paid), statistics.fmean(paid), statistics.variance(paid) / len(paid)


def large():
    many = 410
    rows = [invoice(f"F{k}", f"K{k}", iso(FIRST + 4), f"{100 + k}.00") for k in range(many)]
    for k in (7, 333):
        rows[k]["amount"] = f"{60000 + k}.00"
    with Workspace() as w:
        begun(w, rows)
        w.payments([payment(f"P{k}", rows[k]["amount"], iso(FIRST + 20), invoice=f"F{k}")
                    for k in range(many) if k % 3 or k in (7, 333)], at(FIRST + 20, "10"))
        report, seen = tone(w), table(w)
        block = report["finance"][0]
        owed = sorted(int(r["amount_minor"]) for r in seen)
        cap = owed[math.ceil(0.995 * many) - 1]
        top = sum(owed[-5:]) / sum(owed)
        tap.same((block["cap_minor"], block["few_carry_it"]), (cap, True), "the cap, and few carry the money")
        tap.ok(abs(block["largest_1_percent"] - top) < 1e-12, "the largest 1 in 100", block["largest_1_percent"])
        one, zero = capped(seen, "warm", cap), capped(seen, "neutral", cap)
        found = {a["arm"]: a["capped_mean_minor"] for a in block["arms"]}
        tap.same([(found[a]["n"], round(found[a]["estimate"], 6), round(found[a]["se"] ** 2, 3))
                  for a in ("warm", "neutral")], [(n, round(m, 6), round(v, 3)) for n, m, v in (one, zero)],
                 "means of what was paid, cut at the cap")
        by = block["contrasts"][0]["capped_mean_minor"]
        tap.ok(abs(by["estimate"] - (one[1] - zero[1])) < 1e-6 and
               abs(by["se"] - math.sqrt(one[2] + zero[2])) < 1e-6, "and their difference", by)
        tap.ok(by["se"] < block["contrasts"][0]["mean_minor"]["se"] / 3, "which two debtors do not carry")
        said = " ".join(w.run("report", "tone", "--as-of", iso(AS_OF)).stdout.split())
        tap.ok("every amount cut at DKK 509.00" in said and "The largest 1 in 100 debtors owe" in said,
               "both are told", said)


one_person()
large()
tap.done()
