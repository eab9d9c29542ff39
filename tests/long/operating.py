#!/usr/bin/env python3
# time-limit: 1800
"""Operating characteristics with the program itself: made-up experiments without
an effect, drawn here, analysed by `purr analyse`; how often it cries wolf, how
often its intervals hold the truth, how often it sees what the calculator promised.

Bounds of the rates: three standard errors of so many experiments.
"""
import json
import math
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
import workspace  # noqa: E402

EXPERIMENTS, POWER_EXPERIMENTS = int(os.environ.get("EXPERIMENTS", "2000")), 1000
LOOKS, PER_LOOK = 12, 100       # debtors, both arms together
ALPHA = 0.05
SEED = 20261126


def ask(kind, *options):
    done = subprocess.run([workspace.PURR, "analyse", kind, *options, "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def write(path, columns, rows):
    with open(path, "w", encoding="utf-8") as f:
        f.write(",".join(columns) + "\n")
        f.writelines(",".join(map(str, row)) + "\n" for row in rows)


def bound(rate, n):
    return rate + 3 * math.sqrt(rate * (1 - rate) / n)


def tell(what, hits, n, most):
    tap.ok(hits / n <= most, f"{what}: {100 * hits / n:.2f} % of {n} (at most {100 * most:.2f} %)")


def plain(path, rng):
    """Two arms of 300, three in ten pay in both; a table of 0 and 1."""
    wrong = missed = 0
    for _ in range(EXPERIMENTS):
        write(path, ("arm", "yes"), [("ab"[i & 1], int(rng.random() < 0.3)) for i in range(600)])
        d = ask("proportions", "--csv", path, "--binary", "yes")["contrasts"][0]["difference"]
        wrong += d["p"] < ALPHA
        missed += not d["lower"] <= 0 <= d["upper"]
    tell("no effect, one look: false alarms", wrong, EXPERIMENTS, bound(ALPHA, EXPERIMENTS))
    tell("intervals that miss the truth", missed, EXPERIMENTS, bound(ALPHA, EXPERIMENTS))


def with_effect(path, rng):
    missed = 0
    for _ in range(EXPERIMENTS):
        write(path, ("arm", "yes"), [("ab"[i & 1], int(rng.random() < (0.3, 0.36)[i & 1]))
                                     for i in range(600)])
        d = ask("proportions", "--csv", path, "--binary", "yes")["contrasts"][0]["difference"]
        missed += not d["lower"] <= 0.06 <= d["upper"]
    tell("six points: intervals that miss them", missed, EXPERIMENTS, bound(ALPHA, EXPERIMENTS))


def clustered(path, rng):
    """Debtors with one to four debts that are paid alike."""
    naive = robust = 0
    for _ in range(EXPERIMENTS):
        rows = []
        for debtor in range(300):
            rate = rng.betavariate(1.5, 3.5)
            rows += [("ab"[debtor & 1], debtor, int(rng.random() < rate))
                     for _ in range(rng.randint(1, 4))]
        write(path, ("arm", "who", "yes"), rows)
        c = ask("proportions", "--csv", path, "--binary", "yes", "--cluster", "who")["contrasts"][0]
        naive += c["difference"]["p"] < ALPHA
        robust += c["clustered"]["difference"]["p"] < ALPHA
    tell("debts of a debtor are alike, errors by debtor: false alarms", robust, EXPERIMENTS,
         bound(ALPHA, EXPERIMENTS) + 0.004)     # the ratio estimator's own 5.4 %
    tap.ok(naive / EXPERIMENTS > 0.08, "as if debts were independent: "
           f"{100 * naive / EXPERIMENTS:.1f} %, so the test can fail")


def ramp(path, rng):
    """Few are treated while few pay, many while many pay: no effect in either."""
    pooled = within = 0
    for _ in range(EXPERIMENTS):
        rows = [("ab"[rng.random() < 0.05], "1", int(rng.random() < 0.2)) for _ in range(1500)] + \
               [("ab"[rng.random() < 0.5], "2", int(rng.random() < 0.35)) for _ in range(1500)]
        write(path, ("arm", "epoch", "yes"), rows)
        c = ask("proportions", "--csv", path, "--binary", "yes", "--strata",
                "epoch")["contrasts"][0]
        pooled += c["difference"]["p"] < ALPHA
        within += c["stratified"]["difference"]["p"] < ALPHA
    tell("a ramp with a drift, by epoch: false alarms", within, EXPERIMENTS,
         bound(ALPHA, EXPERIMENTS))
    tap.ok(pooled / EXPERIMENTS > 0.5, f"pooled over the epochs: {100 * pooled / EXPERIMENTS:.0f} %"
           ", so the test can fail")


def watched(path, rng):
    """Sixty days of looking at the sample ratio."""
    flagged = 0
    for _ in range(EXPERIMENTS):
        write(path, ("arm", "assigned_at_day"), [("ab"[rng.random() < 0.5], day)
                                                 for day in range(60) for _ in range(20)])
        flagged += ask("srm", "--csv", path)["sequential"]["flag"]
    tell("the sample ratio watched daily for sixty days: false alarms at 0.1 %", flagged,
         EXPERIMENTS, bound(0.001, EXPERIMENTS))


def peeking(path, rng):
    """Twelve looks while it runs: an ordinary test, limits that may be looked at,
    and the hybrid of 1 % for looking and 4 % at the end."""
    naive = sequence = hybrid = 0
    planned = LOOKS * PER_LOOK / 4 / (0.3 * 0.7)        # 1 / se^2 at the planned end
    for _ in range(EXPERIMENTS):
        rows, crossed, small = [], False, False
        for look in range(LOOKS):
            rows += [("ab"[i & 1], int(rng.random() < 0.3)) for i in range(PER_LOOK)]
            write(path, ("arm", "yes"), rows)
            c = ask("proportions", "--csv", path, "--binary", "yes", "--information",
                    str(planned), "--sequential-alpha", "0.01")["contrasts"][0]
            small |= c["difference"]["p"] < ALPHA
            crossed |= not c["sequential"]["lower"] <= 0 <= c["sequential"]["upper"]
        naive += small
        sequence += crossed
        hybrid += crossed or c["difference"]["p"] < 0.04
    tell("limits for every look at 1 %: ever crossed", sequence, EXPERIMENTS,
         bound(0.01, EXPERIMENTS))
    tell("the hybrid rule: false alarms", hybrid, EXPERIMENTS, bound(ALPHA, EXPERIMENTS))
    tap.ok(naive / EXPERIMENTS > 0.12, f"an ordinary test at each look: "
           f"{100 * naive / EXPERIMENTS:.0f} %, so the test can fail")


def durations(path, rng):
    """Days to payment with censoring: log-rank and Cox."""
    logrank = cox = missed = 0
    for _ in range(EXPERIMENTS):
        rows = []
        for i in range(400):
            pays, leaves = int(rng.expovariate(1 / 20)), rng.randint(20, 60)
            rows.append(("ab"[i & 1], min(pays, leaves), int(pays <= leaves)))
        write(path, ("arm", "time", "status"), rows)
        c = ask("survival", "--csv", path, "--time", "time", "--status", "status", "--days",
                "30")["contrasts"][0]
        logrank += c["logrank"]["p"] < ALPHA
        cox += c["cox"]["p"] < ALPHA
        missed += not c["cox"]["lower"] <= 1 <= c["cox"]["upper"]
    tell("log-rank: false alarms", logrank, EXPERIMENTS, bound(ALPHA, EXPERIMENTS))
    tell("Cox, robust: false alarms", cox, EXPERIMENTS, bound(ALPHA, EXPERIMENTS) + 0.004)
    tell("its intervals that miss the truth", missed, EXPERIMENTS,
         bound(ALPHA, EXPERIMENTS) + 0.004)


def power(path, rng):
    size = ask("power", "--base", "0.30", "--effect", "0.10")["n_per_arm_ceil"]
    seen, n = 0, int(size)
    for _ in range(POWER_EXPERIMENTS):
        write(path, ("arm", "yes"), [("ab"[i & 1], int(rng.random() < (0.3, 0.4)[i & 1]))
                                     for i in range(2 * n)])
        seen += ask("proportions", "--csv", path, "--binary",
                    "yes")["contrasts"][0]["difference"]["p"] < ALPHA
    rate, error = seen / POWER_EXPERIMENTS, 3 * math.sqrt(0.16 / POWER_EXPERIMENTS)
    tap.ok(abs(rate - 0.8) <= error + 0.01, f"ten points with {n} in each arm: seen in "
           f"{100 * rate:.1f} % (promised 80 %, within {100 * (error + 0.01):.1f} points)")


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="purr-") as folder:
        path = os.path.join(folder, "table.csv")
        for case in (plain, with_effect, clustered, ramp, watched, peeking, durations, power):
            case(path, rng)
    tap.done()


main()
