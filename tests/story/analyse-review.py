#!/usr/bin/env python3
"""What an independent statistician found in purr analyse: one column for two options, a
rejected row that set the day, an infinite hazard ratio, figures of a handful of debtors, the
order of the rows.  The numbers beside it are R's (t.test, coxph) or mpmath's, as told there.

variants: release asan
"""
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
import workspace  # noqa: E402

FOLDER = tempfile.mkdtemp(prefix="purr-analyse-")
DEMO = os.path.join(HERE, "..", "vectors", "stats", "demo_debtors.csv")
FLAT = ("debtor_id", "arm", "assigned_at_day", "paid_at_day", "censored_at_day", "amount_minor",
        "paid_minor", "outcome")


def run(kind, path, *options):
    return subprocess.run([workspace.PURR, "analyse", kind, "--csv", path, *options, "--json"],
                          capture_output=True, text=True)


def ask(kind, path, *options):
    done = run(kind, path, *options)
    if done.returncode != 0:
        raise RuntimeError(f"{done.returncode} {done.stderr}")
    return json.loads(done.stdout)


def table(rows, columns=FLAT):
    path = os.path.join(FOLDER, "table.csv")
    with open(path, "w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows([columns, *rows])
    return path


def near(got, wanted, tolerance, what):
    tap.ok(got is not None and abs(got - wanted) <= tolerance * abs(wanted), what, f"{got} not {wanted}")


def one_column_for_two():
    plain = ask("proportions", DEMO)
    for option in (("--covariates", "assigned_at_day"), ("--strata", "outcome"),
                   ("--strata", "assigned_at_day"), ("--strata", "paid_at_day"),
                   ("--segments", "outcome", "--strata", "outcome")):
        both = ask("proportions", DEMO, *option)
        tap.same([c["difference"] for c in both["contrasts"]], [c["difference"] for c in plain["contrasts"]],
                 f"proportions {' '.join(option)}: the difference is what it was")
    plain = ask("survival", DEMO)
    both = ask("survival", DEMO, "--covariates", "assigned_at_day")
    tap.same(both["logrank"], plain["logrank"], "survival with the day of assignment as a covariate")
    tap.ok(run("survival", DEMO, "--strata", "outcome").returncode == 0, "strata by outcome end well")
    amount = ask("money", DEMO, "--amount", "paid_minor")
    tap.ok(all(a["sum_owed"] == a["sum_paid"] > 0 for a in amount["arms"]), "one column as both amounts",
           amount["arms"])


def rejected_rows_end_nothing():
    rows = [(f"d{i}", ("neutral", "warm")[i % 2], i % 40, i % 40 + 3 if i % 3 else "", 40, 100, 0,
             "paid" if i % 3 else "open") for i in range(2000)]
    good = ask("proportions", table(rows))
    bad = ask("proportions", table(rows + [("BAD", "neutral", 0, "", 20231231, 100, 0, "promised")]))
    tap.same((bad["as_of"], bad["rejected"]), (good["as_of"], {"unknown_outcome": {"neutral": 1}}),
             "a row that is rejected does not set the day of the table")
    tap.same(bad["arms"], good["arms"], "nor does it make anybody mature")


def no_maximum():
    rows = [("neutral", 9, 0, c) for c in "abcde"] + [("warm", t, s, c) for t, s, c in
                                                      ((1, 1, "f"), (2, 1, "g"), (3, 1, "h"), (4, 0, "i"),
                                                       (5, 1, "j"))]
    cox = ask("survival", table(rows, ("arm", "time", "st", "cl")), "--time", "time", "--status", "st",
              "--cluster", "cl", "--tau", "3")["contrasts"][0]
    tap.same((cox["cox"]["reason"], cox["cox_adjusted"]["reason"], cox["cox_adjusted"]["terms"][0]["hr"]),
             ("no_events_in_arm", "no_events_in_arm", None), "both ways say that there is no hazard ratio")
    rows = [("neutral", 5, 1, "x"), ("neutral", 6, 1, "x"), ("warm", 4, 1, "x"), ("warm", 7, 1, "x")]
    cox = ask("survival", table(rows, ("arm", "time", "st", "cl")), "--time", "time", "--status", "st",
              "--cluster", "cl", "--tau", "3")["contrasts"][0]["cox_adjusted"]
    tap.same((cox["estimable"], cox["reason"]), (False, "zero_variance"), "of one cluster there is no error")


def a_handful():
    rows = [(f"d{i}", arm, 0, "", 40, 1000, paid, "open") for i, (arm, paid) in enumerate(
        [("neutral", p) for p in (300, 320, 310)] + [("warm", p) for p in (400, 420, 360)])]
    rate = ask("money", table(rows))["contrasts"][0]
    near(rate["rate_difference_t"]["p"], 0.04619, 2e-4, "three debtors an arm: Student's t with two degrees")
    near(rate["rate_difference"]["se"], rate["rate_difference_t"]["se"], 1e-12, "beside the normal one")
    rows = [(f"d{i}", arm, 0, "", 40, 1000, paid, "open") for i, (arm, paid) in enumerate(
        [("neutral", 1000)] * 3 + [("warm", p) for p in (300, 500, 400)])]
    ratio = ask("money", table(rows))["contrasts"][0]["ratio_of_means"]
    near(ratio["estimate"], 0.4, 1e-12, "a side without spread has a ratio")
    near(ratio["se"], 0.14433756729740643, 1e-12, "with the other side's error")
    x = (.1, .9, .4, .3, .2, .8, .7, .3, .5, .6)
    rows = [(arm, y, x[i]) for i, (arm, y) in enumerate(
        [("neutral", y) for y in (0, 1, 0, 0, 1)] + [("warm", y) for y in (1, 1, 1, 0, 1)])]
    cuped = ask("proportions", table(rows, ("arm", "y", "x")), "--binary", "y", "--covariates",
                "x")["contrasts"][0]["adjusted"]["cuped"]
    near(cuped["p"], 0.50078, 1e-4, "CUPED is compared by Welch, as R's t.test")
    near(cuped["lower"], -0.466, 2e-3, "and its limits are Student's")


def large_amounts():
    rows = [(f"d{i}", ("neutral", "warm")[i % 2], 0, "", 40, 10 ** 15, 10 ** 15 - i, "open")
            for i in range(20000)]
    found = ask("money", table(rows))
    tap.same([a["sum_owed"] for a in found["arms"]], [None, None], "a sum without room in 64 bits is not told")
    near(found["arms"][0]["mean"]["estimate"], 10 ** 15 - 9999, 1e-15, "but reckoned with")
    found = ask("money", table([("a", "neutral", 0, "", 40, 4 * 10 ** 18, 0, "open"), *rows[:10]]))
    tap.same(found["rejected"], {"bad_amount": {"neutral": 1}}, "beyond that an amount is a slip of the pen")


def whatever_the_order():
    dice = random.Random(3)
    rows = [(f"d{i}", dice.choice(("neutral", "warm")), dice.randrange(30), dice.choice(("", 33)), 80, 100, 0,
             "", dice.uniform(.2, .8)) for i in range(600)]
    rows = [(*r[:7], "paid" if r[3] else "open", r[8]) for r in rows]
    seen = set()
    for _ in range(3):
        dice.shuffle(rows)
        seen.add(run("proportions", table(rows, (*FLAT, "pr")), "--propensity", "pr").stdout)
    tap.same(len(seen), 1, "moving shares are reckoned by day, not by the order of the file")
    twice = [("a", "neutral", 0, 3, 40, 100, 100, "paid"), ("b", "warm", 0, "", 40, 100, 0, "open"),
             ("c", "warm", 1, 9, 40, 100, 100, "paid"), ("d", "neutral", 1, "", 40, 100, 0, "open")]
    for again, left in ((("a", "warm", 0, 3, 40, 100, 100, "paid"), 1), (("a", "neutral", 5, 9, 40, 100, 100,
                                                                          "paid"), 2)):
        both = [run("money", table(order)).stdout for order in ([*twice, again], [again, *twice])]
        tap.ok(both[0] == both[1] and json.loads(both[0])["arms"][0]["n"] == left,
               f"a debtor who stands there twice: the same whichever comes first, {left} neutral", both[0])
    found = ask("proportions", table([("warm", 1, ""), ("warm", 0, ""), ("warm", 1, "c"), ("neutral", 1, "d")],
                                     ("arm", "y", "cl")), "--binary", "y", "--cluster", "cl")
    tap.same(found["rejected"], {"no_debtor": {"warm": 2}}, "an empty cluster is nobody's")


def to_the_last_digit():
    def sample(x1, n1, x0, n0):
        return table([("one", int(i < x1)) for i in range(n1)] + [("zero", int(i < x0)) for i in range(n0)],
                     ("arm", "y"))
    found = ask("proportions", sample(0, 5000, 0, 1), "--binary", "y", "--reference", "zero", "--level", "0.5")
    near(found["contrasts"][0]["miettinen_nurminen"]["upper"], 9.09972008e-05, 1e-8, "0 of 5000 against 0 of 1")
    found = ask("proportions", sample(5000, 5000, 1, 1), "--binary", "y", "--reference", "zero", "--level",
                "0.99")
    near(found["contrasts"][0]["miettinen_nurminen"]["lower"], -0.00132548547, 1e-8, "all of 5000 against all of 1")
    found = ask("proportions", sample(0, 983, 0, 517), "--binary", "y", "--reference", "zero", "--floor", "0.1")
    best = {a["arm"]: a["p_best"] for a in found["optimise"]["arms"]}
    near(best["one"], 518 / 1502, 1e-9, "the chance to be the best where nobody paid: (n + 1) / (n + m + 2)")
    near(best["one"] + best["zero"], 1, 1e-12, "and they add up to one")


def refused():
    for weights, words in (("neutral=0,warm=0", "nobody a share"), ("neutral=1,neutral=1,warm=1", "twice")):
        done = run("srm", DEMO, "--weights", weights)
        tap.ok(done.returncode == 2 and words in done.stderr, f"srm --weights {weights}: {words}", done.stderr)


one_column_for_two()
rejected_rows_end_nothing()
no_maximum()
a_handful()
large_amounts()
whatever_the_order()
to_the_last_digit()
refused()
tap.done()
