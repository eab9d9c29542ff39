#!/usr/bin/env python3
"""report-credits.py - what is credited was not owed: no report calls it paid or recovered.

variants: release asan
time-limit: 300
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, day, invoice, payment  # noqa: E402

FIRST = day("2026-01-05")
PAYS, CREDITED, BOTH, NOTHING, PEOPLE = range(0, 20), range(20, 40), range(40, 60), range(60, 80), 80


def iso(on):
    return at_text(on * 86400)[:10]


def at(on, hour="09"):
    return f"{iso(on)}T{hour}:00:00Z"


def credit(k, amount):
    return invoice(f"C{k}", f"K{k}", "", f"-{amount}", kind="credit", credits=f"F{k}")


def two_arms(x):
    x["arms"] = [a for a in x["arms"] if a.get("tone", a["name"]) in ("neutral", "warm")]
    for arm in x["arms"]:
        arm["basis_points"] = 5000


def day_30(w, as_of):
    report = w.json("report", "recovery", "--as-of", iso(as_of))
    return [row for t in report["tables"] for row in t["rows"] if row.get("month") == "2026-01"][0]


def tone(w, as_of):
    return w.json("report", "tone", "--as-of", iso(as_of))


with Workspace() as w:
    w.experiment(two_arms)
    w.invoices([invoice(f"F{k}", f"K{k}", iso(FIRST + 4), "100.00") for k in range(PEOPLE)], at(FIRST))
    for on in range(FIRST + 1, FIRST + 14):
        w.run("run", at=at(on))
    w.invoices([credit(k, "100.00") for k in CREDITED] + [credit(k, "40.00") for k in BOTH], at(FIRST + 20))
    w.payments([payment(f"P{k}", "100.00" if k in PAYS else "60.00", iso(FIRST + 21), invoice=f"F{k}")
                for k in (*PAYS, *BOTH)], at(FIRST + 21, "10"))
    w.payments([payment("P_late", "100.00", iso(FIRST + 22), invoice="F60")], at(FIRST + 22, "10"))
    told = tone(w, FIRST + 60)
    arms = told["primary"]["arms"]
    tap.same((sum(a["share"]["n"] for a in arms), sum(a["share"]["events"] for a in arms)), (PEOPLE, 41),
             "paid: whoever owed nothing any more, and gave money")
    money = sum(a["mean_minor"]["estimate"] * a["mean_minor"]["n"] for a in told["finance"][0]["arms"])
    tap.same(round(money), 100 * (20 * 100 + 20 * 60 + 100), "recovered: the money")
    left = sum(a["at"][-1]["other_so_far"] for a in told["time"]["arms"])
    tap.same(left, len(CREDITED), "the other debtors left otherwise, on the day of the credit")
    w.invoices([credit(k, "100.00") for k in PAYS], at(FIRST + 70))
    tap.same([a["share"] for a in tone(w, FIRST + 90)["primary"]["arms"]], [a["share"] for a in arms],
             "a credit after the horizon takes no payment back")

with Workspace() as w:
    w.invoices([invoice(f"F{k}", f"K{k}", iso(FIRST + 4), "100.00") for k in range(PEOPLE)], at(FIRST))
    for on in range(FIRST + 1, FIRST + 14):
        w.run("run", at=at(on))
    w.invoices([credit(k, "100.00") for k in CREDITED] + [credit(k, "40.00") for k in BOTH], at(FIRST + 20))
    w.payments([payment(f"P{k}", "100.00" if k in PAYS else "60.00", iso(FIRST + 21), invoice=f"F{k}")
                for k in (*PAYS, *BOTH)], at(FIRST + 21, "10"))
    row = day_30(w, FIRST + 70)
    tap.same((row["owed_minor"], row["invoices"]), (100 * (40 * 100 + 20 * 60), 60),
             "owed in the month: what was invoiced, less what was credited")
    tap.ok(abs(row["day_30"]["estimate"] - 3200 / 5200) < 1e-12, "of which the money came", row["day_30"])
    reach = w.json("report", "channels", "--as-of", iso(FIRST + 70))["tables"][0]["rows"][0]
    tap.ok(reach["followed"]["n"] == PEOPLE and abs(reach["followed"]["estimate"] - 0.5) < 0.26,
           "no message was followed by a credit", reach["followed"])
tap.done()
