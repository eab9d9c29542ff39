#!/usr/bin/env python3
"""purr analyse proportions against R: two samples, margins, strata, a whole
experiment as known on several days."""
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
import trees  # noqa: E402
import workspace  # noqa: E402

TOLERANCE = 1e-10


def ask(path, *options):
    done = subprocess.run([workspace.PURR, "analyse", "proportions", "--csv", path, *options,
                           "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def write(folder, rows):
    path = os.path.join(folder, "table.csv")
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    return path


def people(counts):
    """[(arm, stratum, paid, of)] -> rows with a column of 0 and 1, mixed."""
    rows = [{"arm": arm, "epoch": stratum, "yes": int(i < x)}
            for arm, stratum, x, n in counts for i in range(n)]
    random.Random(1).shuffle(rows)
    return rows


def pair(x1, n1, x0, n0, stratum="s"):
    return [("one", stratum, x1, n1), ("zero", stratum, x0, n0)]


def two_samples(folder):
    for case in trees.vector("proportions")["two_sample"]:
        x1, n1, x0, n0 = (case[k] for k in ("x1", "n1", "x0", "n0"))
        if n1 + n0 > 100000 or not n1 or not n0:
            continue
        found = ask(write(folder, people(pair(x1, n1, x0, n0))), "--binary", "yes",
                    "--reference", "zero")
        c, what = found["contrasts"][0], f"{x1} of {n1} against {x0} of {n0}"
        arms = {a["arm"]: a["share"] for a in found["arms"]}
        trees.same({"wilson1": [arms["one"]["lower"], arms["one"]["upper"]],
                    "wilson0": [arms["zero"]["lower"], arms["zero"]["upper"]],
                    "diff": c["difference"]["estimate"],
                    "newcombe": [c["difference"]["lower"], c["difference"]["upper"]],
                    "agresti_caffo": {k: c["agresti_caffo"][k] for k in ("lower", "upper")}},
                   {k: case[k] if k != "agresti_caffo" else
                    {j: case[k][j] for j in ("lower", "upper")}
                    for k in ("wilson1", "wilson0", "diff", "newcombe", "agresti_caffo")},
                   TOLERANCE, what)


def margins(folder):
    for case in trees.vector("proportions")["noninferiority"]:
        x1, n1, x0, n0 = (case[k] for k in ("x1", "n1", "x0", "n0"))
        if case["direction"] == "lower_is_better":      # complaints: look at who has none
            x1, x0 = n1 - x1, n0 - x0
        found = ask(write(folder, people(pair(x1, n1, x0, n0))), "--binary", "yes",
                    "--reference", "zero", "--margin", str(abs(case["margin"])))
        t = found["contrasts"][0]["non_inferiority"]
        turned = case["direction"] == "lower_is_better"
        trees.same({"p": t["p"], "z": -t["z"] if turned else t["z"],
                    "restricted": 1 - t["restricted"] if turned else t["restricted"],
                    "shown": t["shown"]},
                   {"p": case["p_noninferior"], "z": case["z_fm"],
                    "restricted": case["p1_restricted"], "shown": case["noninferior_by_ci"]},
                   1e-9, f"no worse by {case['margin']}: {case['x1']} of {n1}, {case['x0']} of {n0}")


def strata(folder):
    for name, case in trees.vector("proportions")["stratified"].items():
        counts = [row for s in case["strata"]
                  for row in pair(s["x1"], s["n1"], s["x0"], s["n0"], s["stratum"])]
        found = ask(write(folder, people(counts)), "--binary", "yes", "--reference", "zero",
                    "--strata", "epoch")["contrasts"][0]
        s = found["stratified"]
        thin = s["difference"]["method"] == "mantel_haenszel+sato"
        if thin:                # R's limits are of the binomial variance always
            case = {k: v for k, v in case.items() if k not in ("mh_lower", "mh_upper")}
        tap.same(thin, any(min(r["x1"], r["x0"], r["n1"] - r["x1"], r["n0"] - r["x0"]) < 5
                           for r in case["strata"]), f"strata: {name}: which variance")
        trees.same({"naive_pooled_diff": found["difference"]["estimate"],
                    "mh_diff": s["difference"]["estimate"],
                    "mh_se_unconditional": s["se_binomial"], "mh_se_sato": s["se_sato"],
                    "mh_lower": s["difference"]["lower"], "mh_upper": s["difference"]["upper"],
                    "poststrat_diff": s["post_stratified"]["estimate"],
                    "poststrat_se": s["post_stratified"]["se"], "cmh_chisq": s["cmh_chisq"],
                    "cmh_p": s["difference"]["p"]},
                   {k: v for k, v in case.items() if k != "strata"}, TOLERANCE,
                   f"strata: {name}")


def experiment():
    path = trees.table("demo_debtors")
    looks = [trees.vector("demo_debtors_expected"),
             *trees.vector("demo_debtors_interim_expected")["looks"]]
    for look in looks:
        for day in (14, 30):
            wanted = look["proportion_paid_full"].get(f"day{day}")
            if not wanted:
                continue
            found = ask(path, "--as-of", str(look["as_of"]), "--horizon", str(day), "--lag", "0")
            arms = {a["arm"]: a for a in found["arms"]}
            for name, w in wanted["arms"].items():
                a = arms[name]
                trees.same({"matured": a["n"], "not_matured": a["not_matured"], "paid": a["events"],
                            "p": a["share"]["estimate"], "lower": a["share"]["lower"],
                            "upper": a["share"]["upper"]}, w, TOLERANCE,
                           f"day {day} as known on day {look['as_of']}: {name}")
            for c in found["contrasts"]:
                w = (wanted.get("contrasts") or {}).get(c["arm"])
                if not w or w.get("p") is None:
                    continue
                d = c["difference"]
                trees.same({"diff": d["estimate"], "lower": d["lower"], "upper": d["upper"],
                            "p": d["p"], "p_holm": d["p_adjusted"]},
                           {k: w[k] for k in ("diff", "lower", "upper", "p", "p_holm")}, TOLERANCE,
                           f"day {day} as known on day {look['as_of']}: {c['arm']} against "
                           f"{c['reference']}")


def debts():
    """Rows are debts, debtors were randomised."""
    wanted = trees.vector("clustered")
    found = ask(trees.table("clustered_debts"), "--binary", "paid14", "--cluster", "debtor_id")
    c = found["contrasts"][0]["clustered"]
    arms = {a["arm"]: a["clustered"] for a in found["arms"]}
    shares, d, r = wanted["share_of_debts_paid"], c["difference"], c["ratio"]
    trees.same({"diff": d["estimate"]}, {
        "diff": wanted["diff"]}, TOLERANCE, "debts: the difference")
    trees.same({k: {"n_clusters": arms[k]["clusters"], "ratio": arms[k]["ratio"]["estimate"],
                    "se": arms[k]["ratio"]["se"]} for k in arms}, shares["arms"], TOLERANCE,
               "debts: share paid, by debtor")
    trees.same({"diff": d["estimate"], "se": d["se"], "lower": d["lower"], "upper": d["upper"],
                "p": d["p"], "ratio": r["estimate"], "ratio_se_log": r["se"],
                "ratio_lower": r["lower"], "ratio_upper": r["upper"]},
               {k: v for k, v in shares.items() if k != "arms"}, TOLERANCE,
               "debts: errors by debtor")
    tap.ok(c["design_effect"] > 1.1, "and how much they are larger", c["design_effect"])


def looks():
    wanted = trees.vector("demo_debtors_expected")["confidence_sequence"]
    for day in (14, 30):
        found = ask(trees.table("demo_debtors"), "--horizon", str(day), "--lag", "0", "--rho",
                    "150", "--sequential-alpha", "0.025")
        for c in found["contrasts"]:
            s = c["sequential"]
            trees.same({"rho": s["rho"], "alpha": s["alpha"], "information": s["information"],
                        "lower": s["lower"], "upper": s["upper"], "log_e": s["log_e"],
                        "p_always_valid": s["p"]}, wanted[f"day{day}"][c["arm"]], 1e-9,
                       f"at every look: {c['arm']}, day {day}")
    found = ask(trees.table("demo_debtors"), "--information", "1000", "--sequential-alpha", "0.05")
    rho = next(r for r in trees.vector("confidence_sequence")["rho"]
               if r["I_plan"] == 1000 and r["alpha"] == "0.05")["rho"]
    trees.same(found["contrasts"][0]["sequential"]["rho"], rho, 1e-12, "rho from the plan")


def adjusted():
    """Adjusted for what was known before, at every look."""
    looks = [trees.vector("demo_debtors_expected"),
             *trees.vector("demo_debtors_interim_expected")["looks"]]
    count = 0
    for look in looks:
        for day, arms in (look.get("regression_adjusted") or {}).items():
            found = ask(trees.table("demo_debtors"), "--as-of", str(look["as_of"]), "--horizon",
                        day[3:], "--lag", "0", "--covariates", "prior_paid_ratio,days_overdue")
            for c in found["contrasts"]:
                w = (arms or {}).get(c["arm"])
                a = c["adjusted"]
                if not w or a["lin"]["reason"] == "tiny_n":
                    continue
                count += 1
                trees.same({"lin_ate": a["lin"]["estimate"], "lin_se_hc2": a["lin"]["se"],
                            "lower": a["lin"]["lower"], "upper": a["lin"]["upper"],
                            "cuped_covariate": a["cuped_covariate"], "cuped_theta": a["cuped_theta"],
                            "cuped_diff": a["cuped"]["estimate"], "cuped_se": a["cuped"]["se"],
                            "unadjusted_diff": a["unadjusted"]["estimate"],
                            "unadjusted_se_sample_variance": a["unadjusted"]["se"]}, w, 1e-9,
                           f"adjusted: {c['arm']}, {day} as known on day {look['as_of']}")
    tap.ok(count > 15, f"at many looks ({count})")


def holes(folder):
    """A covariate with holes, one without spread, and one that says the same twice."""
    dice = random.Random(3)
    rows = []
    for i in range(800):
        x = round(dice.gauss(0, 1), 3)
        arm = dice.choice(("one", "zero"))
        rows.append({"arm": arm, "yes": int(dice.random() < 0.4 + 0.1 * (x > 0) + 0.05 * (arm == "one")),
                     "x": "" if i % 9 == 0 else x, "twice": "" if i % 9 == 0 else 2 * x, "flat": 7})
    path = write(folder, rows)
    once = ask(path, "--binary", "yes", "--reference", "zero", "--covariates", "x")["contrasts"][0]["adjusted"]
    more = ask(path, "--binary", "yes", "--reference", "zero", "--covariates",
               "x,flat,twice")["contrasts"][0]["adjusted"]
    tap.same((once["columns"], more["columns"]), (2, 2), "value and hole; the flat and the twin drop out")
    tap.ok(abs(once["lin"]["estimate"] - more["lin"]["estimate"]) < 1e-12, "and change nothing")
    tap.ok(once["lin"]["se"] < once["unadjusted"]["se"], "a covariate that tells narrows the interval")
    mixed = list(rows)
    dice.shuffle(mixed)
    tap.same(ask(write(folder, mixed), "--binary", "yes", "--reference", "zero", "--covariates",
                 "x,flat,twice")["contrasts"][0]["adjusted"], more, "the order of rows says nothing")
    few = write(folder, rows[:60])
    tap.same(ask(few, "--binary", "yes", "--reference", "zero", "--covariates",
                 "x")["contrasts"][0]["adjusted"]["lin"]["reason"], "tiny_n", "too few rows per column")


def moving():
    """Shares that followed the results: the logged chances set it right."""
    wanted = trees.vector("adaptive")
    found = ask(trees.table("adaptive"), "--debtor", "i", "--binary", "y", "--arm", "arm", "--reference",
                "0", "--propensity", "propensity1")["contrasts"][0]["adaptive"]
    trees.same({"ipw": found["ipw"]["estimate"], "aipw": found["aipw"]["estimate"],
                "aipw_se": found["aipw"]["se"], "hajek": found["hajek"]["estimate"],
                "naive": found["naive"]["estimate"]},
               {"ipw": wanted["ipw"]["diff"], "aipw": wanted["aipw_predictable"]["diff"],
                "aipw_se": wanted["aipw_predictable"]["se"], "hajek": wanted["hajek"]["diff"],
                "naive": wanted["naive_diff"]}, TOLERANCE, "moving shares, weighted")
    tap.ok(found["naive"]["se"] is None and found["naive"]["lower"] is None,
           "the plain difference has no interval there")


def the_best(folder):
    """Shares by the chance to be the best, as R's numbers have it."""
    for case in trees.vector("thompson")["cases"]:
        counts = [(f"arm{k}", "s", a - 1, a + b - 2) for k, (a, b) in enumerate(case["posterior"])]
        if not all(n for _, _, _, n in counts):
            continue
        found = ask(write(folder, people(counts)), "--binary", "yes", "--reference", "arm0", "--floor",
                    str(case["floor"]))["optimise"]
        trees.same({"p_best": [a["p_best"] for a in found["arms"]],
                    "allocation": [a["share"] for a in found["arms"]]},
                   {k: case[k] for k in ("p_best", "allocation")}, 1e-8, f"the best of {case['posterior']}")


def parts(folder):
    """Segments are pulled together by hand's own formula; the thin ones are one."""
    dice = random.Random(11)
    rows = [{"arm": arm, "segment": name, "yes": int(dice.random() < base + (gain if arm == "one" else 0))}
            for name, n, base, gain in (("a", 400, .4, .12), ("b", 300, .5, -.02), ("c", 500, .3, .05),
                                        ("d", 20, .5, 0), ("e", 30, .5, 0))
            for arm in ("one", "zero") for _ in range(n)]
    s = ask(write(folder, rows), "--binary", "yes", "--reference", "zero", "--segments",
            "segment")["contrasts"][0]["segments"]
    tap.same([p["segment"] for p in s["parts"]], ["a", "b", "c", "other"], "d and e are put together")
    d = [(p["difference"]["estimate"], p["difference"]["se"] ** 2) for p in s["parts"]]
    mean = sum(e / v for e, v in d) / sum(1 / v for _, v in d)
    tap.ok(abs(s["q"] - sum((e - mean) ** 2 / v for e, v in d)) < 1e-10, "do they differ: Q")
    weights = [1 / (v + s["tau2"]) for _, v in d]
    mu = sum(w * e for w, (e, _) in zip(weights, d)) / sum(weights)
    tap.ok(abs(s["mu"] - mu) < 1e-10 and all(
        abs(p["shrunk"] - (p["shrink_factor"] * mu + (1 - p["shrink_factor"]) * e)) < 1e-12
        for p, (e, _) in zip(s["parts"], d)), "each pulled towards the mean of all")
    tap.ok(abs(sum(w * (e - mu) ** 2 for w, (e, _) in zip(weights, d)) - 3) < 1e-6 or s["tau2"] == 0,
           "the spread is Paule and Mandel's")


def edges(folder):
    found = ask(write(folder, people(pair(0, 39, 0, 41))), "--binary", "yes", "--reference", "zero")
    d = found["contrasts"][0]["difference"]
    tap.same((d["estimate"], d["p"], d["reason"], round(100 * d["lower"], 1),
              round(100 * d["upper"], 1)), (0, None, "no_events", -8.6, 9.0),
             "nobody paid: an interval, no p")
    found = ask(write(folder, people(pair(5, 9, 3, 9))), "--binary", "yes", "--reference", "zero")
    tap.same((found["contrasts"][0]["difference"]["reason"], found["contrasts"][0]["verdict"]),
             ("tiny_n", "withheld"), "nine in an arm: too few to judge")
    found = ask(write(folder, people(pair(250, 600, 255, 600))), "--binary", "yes", "--reference",
                "zero", "--margin", "0.06")
    tap.same(found["contrasts"][0]["verdict"], "no_worse", "the verdict of being no worse")


def main():
    with tempfile.TemporaryDirectory(prefix="purr-") as folder:
        two_samples(folder)
        margins(folder)
        strata(folder)
        edges(folder)
        holes(folder)
        parts(folder)
        the_best(folder)
    adjusted()
    moving()
    debts()
    looks()
    experiment()
    tap.done()


main()
