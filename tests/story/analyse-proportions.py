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
    debts()
    looks()
    experiment()
    tap.done()


main()
