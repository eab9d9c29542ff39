#!/usr/bin/env python3
"""report-past.py - what a report of a past day says stays said: later bookings, money that goes
back, later people, other texts and another plan in the file change nothing of it.

variants: release asan
time-limit: 300
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, day, invoice, payment  # noqa: E402

FIRST = day("2026-01-05")


def iso(on):
    return at_text(on * 86400)[:10]


def at(on, hour="09"):
    return f"{iso(on)}T{hour}:00:00Z"


def runs(w, first, last):
    for on in range(first, last):
        w.run("run", at=at(on))


def tone(w, on):
    return w.json("report", "tone", "--as-of", iso(on))


def two_arms(x, **more):
    """The reference and the warm tone, half and half."""
    x["arms"] = [a for a in x["arms"] if a.get("tone", a["name"]) in ("neutral", "warm")]
    for arm in x["arms"]:
        arm["basis_points"] = 5000
    x.update(more)


def frozen():
    with Workspace() as w:
        w.experiment(lambda x: two_arms(x))
        w.invoices([invoice(f"F{k}", f"K{k}", iso(FIRST + 4 + k // 20), "100.00") for k in range(80)], at(FIRST))
        runs(w, FIRST + 1, FIRST + 12)
        w.payments([payment(f"P{k}", "100.00", iso(FIRST + 20), invoice=f"F{k}") for k in range(0, 60)],
                   at(FIRST + 20, "10"))
        then = FIRST + 60
        told = tone(w, then)
        tap.ok(sum(a["share"]["n"] for a in told["primary"]["arms"]) == 80, "eighty people and two arms",
               told["primary"]["arms"])
        w.payments([payment(f"L{k}", "100.00", iso(FIRST + 25), invoice=f"F{k}") for k in range(60, 70)],
                   at(then + 5))
        tap.same(tone(w, then)["result"], told["result"], "money of before that was booked later is not read")
        later = tone(w, then + 20)
        for k in range(40):                 # as a ledger books it that opens them again
            w.sql("insert into entry (invoice_id, type, amount_minor, value_on, booked_at, source) select id, "
                  "'allocation', 10000, ?, ?, 'import' from invoice where external_id = ?", then + 21,
                  (then + 21) * 86400 + 32400, f"F{k}")
        tap.same([tone(w, then)["result"], tone(w, then + 20)["result"]], [told["result"], later["result"]],
                 "nor money that goes back")
        now = tone(w, then + 30)
        tap.same([a["share"] for a in now["primary"]["arms"]], [a["share"] for a in later["primary"]["arms"]],
                 "who had paid by the horizon has, also in a later report")
        path = w.path("templates", "email", "da", "friendly_reminder.warm.mustache")
        with open(path, "a", encoding="utf-8") as f:
            f.write("\nTak.\n")
        w.invoices([invoice(f"N{k}", f"N{k}", iso(then + 30), "9000.00") for k in range(20)], at(then + 30))
        runs(w, then + 31, then + 38)
        tap.same([tone(w, then)["result"], tone(w, then + 20)["result"]], [told["result"], later["result"]],
                 "nor people and texts of later days")
        tap.ok(len(tone(w, then + 45)["epochs"]) == 2, "which open an epoch from then on")


def registered():
    with Workspace() as w:
        w.experiment(lambda x: two_arms(x, planned={"debtors": 3000, "base_basis_points": 5000,
                                                    "effect_basis_points": 500}))
        w.invoices([invoice("Z", "Z", iso(FIRST), "10.00")], at(FIRST - 5))
        w.json("experiment", "dk-tone", "--start", "--by", "Ida", "--underpowered-ok", "a test", at=at(FIRST))
        w.invoices([invoice(f"F{k}", f"K{k}", iso(FIRST + 4), "100.00") for k in range(40)], at(FIRST))
        runs(w, FIRST + 1, FIRST + 12)
        told = tone(w, FIRST + 50)
        w.experiment(lambda x: x.update(planned={"debtors": 20, "base_basis_points": 5000,
                                                 "effect_basis_points": 500}, horizon_days=13, lag_days=0,
                                        margin_basis_points=1500))
        w.invoices([invoice(f"N{k}", f"N{k}", iso(FIRST + 50), "100.00") for k in range(9)], at(FIRST + 50))
        runs(w, FIRST + 51, FIRST + 60)
        now = tone(w, FIRST + 50)
        keep = ("planned_debtors", "horizon_days", "lag_days", "margin_basis_points", "reference")
        tap.same([now["experiment"][k] for k in keep], [told["experiment"][k] for k in keep],
                 "a plan that was registered is kept to, whatever the file says later")
        tap.same((now["status"], now["primary"]["arms"]), (told["status"], told["primary"]["arms"]),
                 "its figures and its status, too")
        tap.same([[h["state"] for h in r["health"] if h["check"] == "plan"] for r in (told, now)],
                 [["green"], ["amber"]], "and that the file has another one is told")
        tap.ok("after the start" in json.dumps(now["health"]), "in words", now["health"])


frozen()
registered()
tap.done()
