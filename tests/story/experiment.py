#!/usr/bin/env python3
"""experiment.py - before the start: what a planned experiment can find out, reckoned
again in Python from the same ledger; nobody is assigned before somebody started it; an
underpowered one wants a reason; an arm may ask for other channels first; a changed file
is a new epoch.
"""
import json
import math
import os
import random
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, day, instant, invoice, payment  # noqa: E402

NOW = "2026-09-20T10:00:00Z"            # a Sunday
AS_OF = day("2026-09-19")
NORMAL = statistics.NormalDist()
STEP, HORIZON, LAG = 4, 30, 3


def iso(number):
    return at_text(number * 86400)[:10]


def ledger(seed=5):
    """[(debtor, due day, paid day or None)] of three quarters of a year."""
    dice = random.Random(seed)
    rows = []
    for k in range(700):
        for due in sorted(dice.sample(range(AS_OF - 270, AS_OF - 40), dice.choice((1, 1, 2)))):
            late = dice.choice((-3, 2, 6, 12, 25, 40, None))
            rows.append((f"K{k}", due, None if late is None else due + late))
    return rows


def fill(w, rows):
    w.invoices([invoice(f"F{i}", debtor, iso(due), "100.00", issued=iso(due - 14),
                        phone=f"+4520{i:06d}", party="business" if i % 10 == 0 else "consumer")
                for i, (debtor, due, _) in enumerate(rows)], "2025-12-01T10:00:00Z")
    w.payments([payment(f"P{i}", "100.00", iso(paid), invoice=f"F{i}")
                for i, (_, _, paid) in enumerate(rows) if paid is not None], "2026-09-19T10:00:00Z")


def expected(w, rows):
    """Who would have entered, and who of them paid in full."""
    party = dict(w.sql("select external_id, party from debtor"))
    last, first = AS_OF - HORIZON - LAG, {}
    for debtor, due, paid in sorted(rows, key=lambda r: r[1]):
        on = due + STEP
        if party[debtor] != "consumer" or not last - 182 < on <= last or (paid is not None and paid <= on):
            continue
        first.setdefault(debtor, paid is not None and paid <= on + HORIZON)
    return len(first), sum(first.values())


def power(p0, effect, alpha, n):
    p1 = p0 + effect
    mean = (p0 + p1) / 2
    return NORMAL.cdf((effect * math.sqrt(n) - NORMAL.inv_cdf(1 - alpha / 2) *
                       math.sqrt(2 * mean * (1 - mean))) / math.sqrt(p1 * (1 - p1) + p0 * (1 - p0)))


def plan_size(debtors, effect=300):
    return lambda x: x.update(planned={"debtors": debtors, "base_basis_points": 6000,
                                       "effect_basis_points": effect})


def outlook(w):
    rows = ledger()
    fill(w, rows)
    done = w.run("experiment", "dk-tone", at=NOW)
    tap.ok(done.returncode == 0 and "plans no size" in done.stdout and "in  8 weeks" in done.stdout,
           "without a plan: what could be seen, all the same", done.stdout)
    done = w.run("experiment", "dk-tone", "--start", "--by", "Anna", at=NOW)
    tap.ok(done.returncode == 1 and '"planned" size' in done.stderr, "but no start", done.stderr)
    w.experiment(plan_size(1500))
    got = w.json("experiment", "dk-tone", at=NOW)
    n, x = expected(w, rows)
    tap.same((got["paid_without"]["n"], got["paid_without"]["events"], got["own_base"]), (n, x, True),
             "who would have entered, and who paid without it")
    tap.ok(n > 200 and abs(got["base"] - x / n) < 1e-12 and abs(got["entering_per_week"] - n / 26) < 1e-9,
           "share and inflow", got)
    tap.ok(abs(got["alpha"] - 0.02) < 1e-15 and
           abs(got["power"] - power(x / n, 0.03, 0.02, 1500 * 0.33)) < 1e-9, "the plan's power", got["power"])
    tap.ok(all(abs(power(x / n, s["difference"], 0.02, s["debtors"] * 0.33) - 0.8) < 1e-6
               for s in got["smallest_difference"] if s["difference"] is not None), "what could be seen",
           got["smallest_difference"])
    text = w.run("experiment", "dk-tone", at=NOW).stdout
    tap.ok(f"{n} debtors would have entered" in text and "That is little" in text, "and in words", text)
    done = w.run("experiment", "nowhere", at=NOW)
    tap.ok(done.returncode == 1 and "no experiment" in done.stderr, "another name is refused")


def starting(w):
    w.invoices([invoice(f"N{k}", f"M{k}", "2026-09-10", "100.00", phone=f"+4521{k:06d}")
                for k in range(40)], NOW)
    w.json("plan", at=NOW)
    tap.same(w.sql("select count(*) from assignment"), [(0,)], "nobody is assigned before the start")
    tap.same(w.sql("select count(*) > 30, count(assignment_id) from contact"), [(1, 0)],
             "messages are planned all the same, in the schedule's own tone")
    done = w.run("experiment", "dk-tone", "--start", "--by", "Anna", at=NOW)
    tap.ok(done.returncode == 1 and "--underpowered-ok" in done.stderr and
           "debtors for 80" in done.stderr, "an underpowered start is refused", done.stderr)
    tap.same(w.run("experiment", "dk-tone", "--start", at=NOW).returncode, 2, "nobody starts it namelessly")
    done = w.run("experiment", "dk-tone", "--start", "--by", "Anna", "--underpowered-ok",
                 "a rehearsal", at=NOW)
    tap.same((done.returncode, done.stderr), (0, ""), "with a reason it starts")
    tap.same(w.sql("select experiment, who, underpowered_ok, at, length(hash) from experiment_start"),
             [("dk-tone", "Anna", "a rehearsal", instant(NOW), 64)], "which is written down")
    tap.same(w.sql("select who from event where kind = 'experiment.started'"), [("Anna",)], "as an event")
    done = w.run("experiment", "dk-tone", "--start", "--by", "Bo", "--underpowered-ok", "again", at=NOW)
    tap.ok(done.returncode == 1 and "started already" in done.stderr, "once", done.stderr)


def channels(w):
    w.experiment(lambda x: [a.update(channels=["sms", "email"]) for a in x["arms"] if a["name"] == "warm"])
    w.schedule(lambda s: [p.update(channels=["email", "sms"]) for p in s["steps"][:2]])
    w.invoices([invoice(f"C{k}", f"C{k}", "2026-09-24", "100.00", phone=f"+4522{k:06d}",
                        **({"prefers": "email"} if k % 4 == 0 else {})) for k in range(80)], NOW)
    w.json("plan", at="2026-09-28T06:00:00Z")
    got = w.sql("select a.arm, coalesce(d.prefers, ''), k.channel, count(*) from contact k join assignment a "
                "on a.id = k.assignment_id join debtor d on d.id = k.debtor_id where d.external_id like 'C%' "
                "group by 1, 2, 3")
    tap.same({(a, p, c) for a, p, c, _ in got if a == "warm"}, {("warm", "", "sms"), ("warm", "email", "email")},
             "an arm asks for its channels first, behind the debtor's own wish")
    tap.same({c for a, _, c, _ in got if a != "warm"}, {"email"}, "the others as the step says")
    hashes = w.sql("select count(distinct experiment_hash) from assignment")
    tap.same(hashes, [(1,)], "those assigned now are of the changed file")
    contact = w.sql("select k.id from contact k join assignment a on a.id = k.assignment_id "
                    "where a.arm = 'warm' limit 1")[0][0]
    done = w.run("explain", f"contact:{contact}", "--replay", at="2026-09-28T06:00:00Z")
    tap.same(done.returncode, 0, "the old decision is made again the same")
    w.experiment(lambda x: (x["arms"][0].update(basis_points=3000), x["arms"][1].update(basis_points=3700)))
    w.invoices([invoice(f"E{k}", f"E{k}", "2026-09-24", "100.00") for k in range(40)],
               "2026-09-28T07:00:00Z")
    w.json("plan", at="2026-09-28T08:00:00Z")
    result = w.json("report", "tone", "--as-of", "2026-09-28", at="2026-09-29T06:00:00Z")
    tap.same([e["basis_points"] for e in result["epochs"]], [[3400, 3300, 3300], [3000, 3700, 3300]],
             "changed shares open an epoch")
    tap.ok(any("channels" in text for text in result["limits"]) and
           result["experiment"]["arms"][1]["channels"] == ["sms", "email"],
           "and the report says that the arms differ in channels, too", result["limits"])


def texts(w):
    """New words for the same arms: an epoch of its own, back to the old words: the old one."""
    path = w.path("templates/email/da/friendly_reminder.warm.mustache")
    with open(path, encoding="utf-8") as f:
        before = f.read()
    for k, text in enumerate((before + "\nTak for hjælpen.\n", before)):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        w.invoices([invoice(f"T{k}-{n}", f"T{k}-{n}", "2026-09-24", "100.00") for n in range(30)],
                   f"2026-09-28T1{k}:00:00Z")
        w.json("plan", at=f"2026-09-28T1{k}:30:00Z")
    result = w.json("report", "tone", "--as-of", "2026-09-28", at="2026-09-29T06:00:00Z")
    epochs = result["epochs"]
    tap.same([e["basis_points"] for e in epochs],
             [[3400, 3300, 3300], [3000, 3700, 3300], [3000, 3700, 3300]], "changed words open one, too")
    tap.same([len(e["texts"]) for e in epochs], [64] * 3, "each names its texts")
    tap.ok(epochs[1]["registered"] == epochs[2]["registered"] and epochs[0]["texts"] == epochs[1]["texts"]
           and epochs[1]["texts"] != epochs[2]["texts"], "by the version that is kept", epochs)
    kept = w.sql("select content from policy where hash = ?", epochs[2]["texts"])
    tap.ok(len(kept) == 1 and "Tak for hjælpen" in kept[0][0], "word for word")


with Workspace() as space:
    outlook(space)
    starting(space)
    channels(space)
    texts(space)
tap.done()
