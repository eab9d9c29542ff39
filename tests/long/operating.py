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


def immature(path, rng):
    """One tone only speeds payment up: as many have paid by day 30.  Debtors whose
    days are still open must not count."""
    early = matured = 0
    for _ in range(EXPERIMENTS):
        rows = []
        for i in range(900):
            assigned, arm = rng.randint(0, 60), "ab"[i & 1]
            paid = assigned + (rng.randint(0, 9) if arm == "b" else rng.randint(0, 30))
            rows.append((i, arm, assigned, paid if rng.random() < 0.5 and paid <= 60 else ""))
        write(path, ("debtor_id", "arm", "assigned_at_day", "paid_at_day"), rows)
        counts = {a: [sum(r[1] == a for r in rows), sum(r[1] == a and r[3] != "" for r in rows)] for a in "ab"}
        (n0, x0), (n1, x1) = counts["a"], counts["b"]
        pooled = (x0 + x1) / (n0 + n1)
        early += abs(x1 / n1 - x0 / n0) > 1.96 * math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
        c = ask("proportions", "--csv", path, "--as-of", "60", "--lag", "0")["contrasts"][0]
        matured += c["difference"]["p"] < ALPHA
    tell("one tone is faster, none gets more: false alarms among matured debtors", matured, EXPERIMENTS,
         bound(ALPHA, EXPERIMENTS))
    tap.ok(early / EXPERIMENTS > 0.12, f"whoever has paid so far, of all assigned: "
           f"{100 * early / EXPERIMENTS:.0f} %, so the test can fail")


def two_tones(path, rng):
    """Two tones against the reference: Holm's p keeps the family's promise."""
    plain_p = holm = 0
    for _ in range(EXPERIMENTS):
        write(path, ("arm", "yes"), [("abc"[i % 3], int(rng.random() < 0.3)) for i in range(900)])
        d = [c["difference"] for c in ask("proportions", "--csv", path, "--binary", "yes")["contrasts"]]
        plain_p += any(x["p"] < ALPHA for x in d)
        holm += any(x["p_adjusted"] < ALPHA for x in d)
    tell("two tones, Holm: any false alarm", holm, EXPERIMENTS, bound(ALPHA, EXPERIMENTS))
    tap.ok(plain_p > holm, f"without: {100 * plain_p / EXPERIMENTS:.1f} %, so the test can fail")


def peeking_durations(path, rng):
    """A log-rank test at ten looks, and limits that hold at all of them."""
    naive = sequence = 0
    for _ in range(EXPERIMENTS // 4):
        rows = []
        for i in range(600):
            assigned = i // 10
            rows.append((i, "ab"[i & 1], assigned, assigned + int(rng.expovariate(1 / 25))))
        write(path, ("debtor_id", "arm", "assigned_at_day", "paid_at_day"), rows)
        small = crossed = False
        for day in range(15, 115, 10):
            c = ask("survival", "--csv", path, "--as-of", str(day), "--information", "130",
                    "--sequential-alpha", "0.05")["contrasts"][0]
            small |= c["logrank"]["p"] is not None and c["logrank"]["p"] < ALPHA
            crossed |= c["sequential"]["p"] is not None and c["sequential"]["p"] < ALPHA
        naive += small
        sequence += crossed
    tell("log-rank score at every look, limits for all: ever crossed at 5 %", sequence, EXPERIMENTS // 4,
         bound(ALPHA, EXPERIMENTS // 4))
    tap.ok(naive / (EXPERIMENTS // 4) > 0.1, f"an ordinary log-rank test at each look: "
           f"{100 * naive / (EXPERIMENTS // 4):.0f} %, so the test can fail")


def moving_shares(path, rng):
    """Shares follow the results: the plain means are biased, the scores are not."""
    plain_sum = score_sum = missed = 0
    for _ in range(EXPERIMENTS):
        rows, paid, n = [], [1, 1], [2, 2]
        for _ in range(20):
            best = sum(rng.betavariate(paid[1], n[1] - paid[1]) > rng.betavariate(paid[0], n[0] - paid[0])
                       for _ in range(40)) / 40
            share = min(0.9, max(0.1, best))
            for _ in range(20):
                arm = int(rng.random() < share)
                yes = int(rng.random() < 0.3)
                rows.append(("ab"[arm], yes, share))
                n[arm] += 1
                paid[arm] += yes
        write(path, ("arm", "yes", "chance"), rows)
        a = ask("proportions", "--csv", path, "--binary", "yes", "--reference", "a", "--propensity",
                "chance")["contrasts"][0]["adaptive"]
        plain_sum += abs(a["naive"]["estimate"])
        score_sum += a["aipw"]["estimate"]
        missed += not a["aipw"]["lower"] <= 0 <= a["aipw"]["upper"]
        if a["naive"]["lower"] is not None:
            missed += EXPERIMENTS
    tell("moving shares, scores with the logged chance: intervals that miss", missed, EXPERIMENTS,
         bound(ALPHA, EXPERIMENTS) + 0.015)
    tap.ok(abs(score_sum / EXPERIMENTS) < 3 * 0.09 / math.sqrt(EXPERIMENTS),
           f"on average right: {score_sum / EXPERIMENTS:+.4f}")


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
        for case in (plain, with_effect, *MISTAKES, durations, power):
            case(path, rng)
    tap.done()


MISTAKES = (peeking, peeking_durations, immature, ramp, clustered, two_tones, watched, moving_shares)

if __name__ == "__main__":
    main()
