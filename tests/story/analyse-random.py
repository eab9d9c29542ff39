#!/usr/bin/env python3
"""Two dozen tables drawn at random, of 12 to 600 debtors, some without a payment, some
paid on the first day, some with many other exits: every figure of `purr analyse`
against what R makes of the same table (tests/vectors/stats/README.md).
"""
import collections
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
import workspace  # noqa: E402

TABLES = os.path.join(workspace.ROOT, "tests", "vectors", "stats", "random")
EXITS = ("disputed", "transferred", "written_off")


def ask(kind, table, *options):
    done = subprocess.run([workspace.PURR, "analyse", kind, "--csv", table, *options, "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


class Judge:
    def __init__(self):
        self.compared, self.wrong = collections.Counter(), []

    def near(self, what, got, wanted, tolerance=1e-9):
        self.compared[what] += 1
        if got is None or wanted is None:
            right = got is None and wanted is None
        else:
            right = abs(got - wanted) <= max(tolerance * abs(wanted), 1e-13)
        if not right:
            self.wrong.append((what, got, wanted))

    def difference(self, what, figure, wanted):
        wanted = wanted or {}
        for ours, theirs in (("estimate", "diff"), ("lower", "lower"), ("upper", "upper")):
            self.near(f"{what} {ours}", figure[ours], wanted.get(theirs))


def at(arm, day):
    return next(x for x in arm["at"] if x["day"] == int(day[3:]))


def curves(j, arms, wanted):
    for name, w in wanted["km"].items():
        if w is None:
            continue
        a, middle = arms[name], arms[name]["median"]
        j.near("events", a["events"], w["events"], 0)
        for ours, theirs in (("estimate", "median"), ("lower", "median_lower"), ("upper", "median_upper")):
            j.near(f"median {ours}", middle[ours], w[theirs])
        for day, v in w["at"].items():
            p = at(a, day)
            j.near("Kaplan-Meier", p["km"]["estimate"], v["cum_paid"])
            j.near("at risk", p["risk"]["at_risk"], v["n_risk"], 0)
            for ours in ("se", "lower", "upper"):
                if v[ours] is not None:      # at 0 and 1 ours may be Wilson's, R has none
                    j.near(f"Kaplan-Meier {ours}", p["km"][ours], v[ours])
    for name, days in wanted["cumulative_incidence"].items():
        for day, v in (days or {}).items():
            p = at(arms[name], day)
            j.near("incidence", p["paid"]["estimate"], v and v["paid"]["cif"])
            j.near("incidence se", p["paid"]["se"], v and v["paid"]["se"])
            j.near("other exits", p["other"]["estimate"], v and sum(v[k]["cif"] for k in EXITS))


def tests(j, found, wanted):
    contrasts = {c["arm"]: c for c in found["contrasts"]}
    arms = {a["arm"]: a for a in found["arms"]}
    for key in ("rmst", "days_outstanding"):
        for name, w in wanted[key]["arms"].items():
            if name in arms:
                j.near(key, arms[name][key]["estimate"], w and w[key])
                j.near(f"{key} se", arms[name][key]["se"], w and w["se"])
        for name, w in wanted[key]["contrasts"].items():
            if name in contrasts:
                j.difference(key, contrasts[name][f"{key}_difference"], w)
    j.near("log-rank", found["logrank"]["chisq"], wanted["logrank"]["chisq"])
    j.near("log-rank p", found["logrank"]["p"], wanted["logrank"]["p"])
    for name, w in wanted["cox"].items():
        if name not in contrasts:
            continue
        c = contrasts[name]["cox"]
        j.near("Cox exists", int(c["estimable"]), int(w["estimable"]), 0)
        if not w["estimable"]:
            j.near(f"Cox: {w['reason']}", int(c["reason"] == w["reason"]), 1, 0)
            continue
        for key in ("coef", "se_model", "se_robust", "hr", "lower", "upper", "p"):
            j.near(f"Cox {key}", c[key], w[key], 1e-8)


def shares(j, table, wanted):
    for day in ("day14", "day30"):
        found = ask("proportions", table, "--as-of", str(wanted["as_of"]), "--horizon", day[3:], "--lag", "0",
                    "--rho", "150", "--sequential-alpha", "0.025", "--covariates",
                    "prior_paid_ratio,days_overdue")
        w = wanted["proportion_paid_full"][day]
        for a in found["arms"]:
            v = w["arms"][a["arm"]]
            for ours, theirs in (("n", "matured"), ("events", "paid"), ("not_matured", "not_matured")):
                j.near(theirs, a[ours], v[theirs], 0)
            for ours, theirs in (("estimate", "p"), ("lower", "lower"), ("upper", "upper")):
                j.near(f"share {ours}", a["share"][ours], v[theirs])
        for c in found["contrasts"]:
            v = (w["contrasts"] or {}).get(c["arm"])
            j.difference("difference", c["difference"], v)
            if "fisher" not in c["difference"]["method"]:
                j.near("p", c["difference"]["p"], v and v["p"])
            v = ((wanted.get("regression_adjusted") or {}).get(day) or {}).get(c["arm"])
            a = c["adjusted"]
            if v and a["lin"]["reason"] != "tiny_n":
                for got, key in ((a["lin"]["estimate"], "lin_ate"), (a["lin"]["se"], "lin_se_hc2"),
                                 (a["cuped"]["estimate"], "cuped_diff"), (a["cuped"]["se"], "cuped_se")):
                    j.near(key, got, v[key])
            v = ((wanted.get("confidence_sequence") or {}).get(day) or {}).get(c["arm"])
            for ours, theirs in (("lower", "lower"), ("upper", "upper"), ("log_e", "log_e"),
                                 ("p", "p_always_valid")) if v else ():
                j.near(f"at every look {ours}", c["sequential"][ours], v[theirs])


def money(j, table, wanted):
    found = ask("money", table, "--as-of", str(wanted["as_of"]), "--horizon", "0", "--lag", "0")
    for a in found["arms"]:
        v = wanted["amount"]["arms"][a["arm"]]
        for got, key in ((a["n"], "n"), (a["mean"]["estimate"], "mean_paid"), (a["rate"]["estimate"],
                         "recovery_rate"), (a["rate"]["se"], "se_recovery_rate")) if v else ():
            j.near(key, got, v[key])
    for c in found["contrasts"]:
        v = wanted["amount"]["contrasts"][c["arm"]]
        for figure, ours, key in (("mean_difference", "estimate", "mean_diff"), ("mean_difference", "p", "p"),
                                  ("mean_difference", "lower", "lower"),
                                  ("ratio_of_means", "estimate", "ratio_of_means"),
                                  ("ratio_of_means", "lower", "ratio_lower"),
                                  ("rate_difference", "estimate", "recovery_rate_diff"),
                                  ("rate_difference", "lower", "recovery_rate_lower")) if v else ():
            j.near(f"{figure} {ours}", c[figure][ours], v[key], 1e-8)


def main():
    every = Judge()
    for table in sorted(glob.glob(os.path.join(TABLES, "*.csv"))):
        with open(table[:-4] + ".json", encoding="utf-8") as f:
            wanted = json.load(f)
        j = Judge()
        found = ask("survival", table, "--as-of", str(wanted["as_of"]), "--days", "14,30", "--tau", "30")
        curves(j, {a["arm"]: a for a in found["arms"]}, wanted)
        tests(j, found, wanted)
        shares(j, table, wanted)
        if wanted.get("amount"):
            money(j, table, wanted)
        tap.same(j.wrong, [], f"{os.path.basename(table)}: {sum(j.compared.values())} figures as in R")
        every.compared += j.compared
    tap.ok(len(every.compared) > 40 and min(every.compared[k] for k in ("Cox coef", "lin_ate", "incidence se",
           "median lower", "at every look log_e")) > 5, "of every kind", every.compared)
    tap.ok(sum(every.compared.values()) > 3000, f"{sum(every.compared.values())} in all")
    tap.done()


main()
