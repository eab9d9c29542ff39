#!/usr/bin/env python3
"""purr analyse power, srm, assign and money against reference numbers."""
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


def ask(kind, *options):
    done = subprocess.run([workspace.PURR, "analyse", kind, *options, "--json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def write(folder, name, columns, rows):
    path = os.path.join(folder, name)
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(columns)
        out.writerows(rows)
    return path


def power():
    vectors = trees.vector("power")
    for case in vectors["proportions"]:
        given = ["--base", repr(case["p0"]), "--effect", repr(case["p1"] - case["p0"]),
                 "--alpha", repr(case["alpha"]), "--power", repr(case["power"])]
        found = ask("power", *given)
        trees.same({"n_per_arm": found["n_per_arm"], "n_per_arm_ceil": found["n_per_arm_ceil"],
                    "power_at_ceil": found["power"]},
                   {k: case[k] for k in ("n_per_arm", "n_per_arm_ceil", "power_at_ceil")}, 1e-10,
                   f"power: {case['p1']} against {case['p0']}")
    for case in vectors["mde"]:
        found = ask("power", "--base", repr(case["p0"]), "--n", repr(case["n_per_arm"]),
                    "--alpha", repr(case["alpha"]), "--power", repr(case["power"]))
        trees.same(found["smallest_visible"], case["mde_absolute"], 1e-9,
                   f"smallest visible difference with {case['n_per_arm']}")
    for case in vectors["events"]:
        found = ask("power", "--hazard-ratio", repr(case["hr"]), "--share",
                    repr(case["share_in_arm"]), "--alpha", repr(case["alpha"]), "--power",
                    repr(case["power"]))
        trees.same(found["events"], case["events_schoenfeld"], 1e-10, f"events: {case['hr']}")
    for case in vectors["inflation"]:
        found = ask("power", "--cluster-size", repr(case["mean_cluster"]), "--icc",
                    repr(case["icc"]))
        trees.same(found["design_effect"], case["design_effect"], 1e-10, "design effect")
    found = ask("power", "--base", "0.30", "--effect", "0.05", "--hybrid", "--arms", "3")
    tap.same((found["n_per_arm_ceil"], round(found["alpha_final"], 12)), (1760, 0.02),
             "three arms under the hybrid rule: 1,760 each")
    found = ask("power", "--csv", trees.table("demo_debtors"), "--effect", "0.05")
    tap.ok(0.5 < found["base"] < 0.65 and len(found["supply"]) == 3 and
           found["supply"][0]["smallest_visible"] > found["supply"][2]["smallest_visible"] > 0,
           "from a table: base rate, and what 4, 8 and 12 weeks can show", found)


def srm(folder):
    vectors = trees.vector("srm")
    for case in vectors["chisq"]:
        if sum(case["observed"]) > 50000:
            continue
        arms = [f"a{i}" for i in range(len(case["observed"]))]
        path = write(folder, "srm.csv", ["arm"], [[a] for a, n in zip(arms, case["observed"])
                                                  for _ in range(n)])
        found = ask("srm", "--csv", path, "--weights",
                    ",".join(f"{a}={w}" for a, w in zip(arms, case["weights"])))
        trees.same({k: found[k] for k in ("chisq", "df", "p")},
                   {k: case[k] for k in ("chisq", "df", "p")}, 1e-10,
                   f"numbers per arm: {case['observed']}")
    for case in vectors["sequential"]:
        arms = [f"a{i}" for i in range(len(case["weights"]))]
        rows, before, steps = [], [0] * len(arms), []
        for day, step in enumerate(case["steps"]):
            if sum(step["counts"]) > 60000 or any(n < b for n, b in zip(step["counts"], before)):
                break
            rows += [[a, day] for a, n, b in zip(arms, step["counts"], before)
                     for _ in range(n - b)]
            before = step["counts"]
            steps.append(step)
        path = write(folder, "watch.csv", ["arm", "assigned_at_day"], rows)
        found = ask("srm", "--csv", path, "--concentration", str(case["concentration"]),
                    "--weights", ",".join(f"{a}={w}" for a, w in zip(arms, case["weights"])))
        trees.same({"log_bf": found["sequential"]["log_bf"], "p": found["sequential"]["p"]},
                   {"log_bf": steps[-1]["log_bf"], "p": steps[-1]["p_running_min"]}, 1e-10,
                   f"watched over {len(steps)} looks, shares {case['weights']}")
    wanted = trees.vector("demo_debtors_expected")["srm"]
    found = ask("srm", "--csv", trees.table("demo_debtors"), "--weights",
                "neutral=3400,warm=3300,firm=3300")
    trees.same({k: found[k] for k in ("chisq", "df", "p")},
               {k: wanted[k] for k in ("chisq", "df", "p")}, 1e-10, "a whole experiment")
    path = write(folder, "leak.csv", ["arm", "epoch"], [["a", "1"]] * 50 + [["b", "1"]] * 50 +
                 [["c", "2"]])
    found = ask("srm", "--csv", path, "--weights", "a=1,b=1", "--epoch", "epoch")
    tap.same((found["leak"], found["flag"], found["p"], [e["leak"] for e in found["epochs"]]),
             (True, True, 0, [False, True]), "somebody in an arm without a share: a leak")


def assign(folder):
    vectors = trees.vector("assignment")
    meta = vectors["meta"]
    key = os.path.join(folder, "key")
    with open(key, "w", encoding="utf-8") as f:
        f.write(meta["key_hex"] + "\n")
    os.chmod(key, 0o600)
    units = [u for u in vectors["units"] if u["unit"]]      # a row must hold something
    given = [[u["unit"], u["arm"]] for u in units]
    given[3][1] = "warm" if given[3][1] != "warm" else "firm"
    path = write(folder, "units.csv", ["debtor_id", "arm"], given)
    options = ["--csv", path, "--key-file", key]
    arms = ",".join(f"{name}={points}" for name, points in meta["arms"])
    found = ask("assign", *options, "--experiment", meta["experiment"], "--arms", arms)
    tap.same([(u["unit"], u["bucket"], u["arm"]) for u in found["units"]],
             [(u["unit"], u["bucket"], u["arm"]) for u in units], "every unit, to the bit")
    tap.same((found["compared"], found["differ"],
              [u["unit"] for u in found["units"] if not u["agrees"]]),
             (len(units), 1, [units[3]["unit"]]), "the one that stands in another arm")
    found = ask("assign", *options, "--experiment", meta["holdout_program"], "--holdout",
                str(meta["holdout_basis_points"]))
    tap.same([(u["bucket"], u["holdout"]) for u in found["units"]],
             [(u["holdout_bucket"], u["holdout"]) for u in units], "who is held out")
    many = write(folder, "many.csv", ["debtor_id"], [[f"N{n}"] for n in range(100000)])
    found = ask("assign", "--csv", many, "--key-file", key, "--experiment", meta["experiment"],
                "--arms", arms)
    tap.same({a["arm"]: a["n"] for a in found["arms"]}, vectors["count_over_N0_to_N99999"],
             "a hundred thousand of them")


def money():
    wanted = trees.vector("demo_debtors_expected")["amount"]
    found = ask("money", "--csv", trees.table("demo_debtors"), "--lag", "0")
    for a in found["arms"]:
        trees.same({"n": a["n"], "mean_paid": a["mean"]["estimate"], "se_mean": a["mean"]["se"],
                    "sum_paid": a["sum_paid"], "sum_owed": a["sum_owed"],
                    "recovery_rate": a["rate"]["estimate"], "se_recovery_rate": a["rate"]["se"]},
                   wanted["arms"][a["arm"]], 1e-10, f"money: {a['arm']}")
        tap.same(sum(a[k]["n"] for k in ("nothing", "part", "full")), a["n"],
                 "nothing, part and full are all")
    for c in found["contrasts"]:
        d, r, x = c["mean_difference"], c["ratio_of_means"], c["rate_difference"]
        trees.same({"mean_diff": d["estimate"], "se": d["se"], "lower": d["lower"],
                    "upper": d["upper"], "p": d["p"], "ratio_of_means": r["estimate"],
                    "ratio_lower": r["lower"], "ratio_upper": r["upper"],
                    "recovery_rate_diff": x["estimate"], "recovery_rate_diff_se": x["se"],
                    "recovery_rate_lower": x["lower"], "recovery_rate_upper": x["upper"]},
                   {k: v for k, v in wanted["contrasts"][c["arm"]].items() if k != "welch_df"},
                   1e-10, f"money: {c['arm']} against {c['reference']}")


def shuffled(folder):
    """Every kind on a table whose rows stand in another order: the same document."""
    with open(trees.table("demo_debtors"), newline="") as f:
        head, *rows = list(csv.reader(f))
    for i, row in enumerate(rows):
        row.append("first" if int(row[2]) < 40 else "later")
    head.append("epoch")
    dice = random.Random(9)
    paths = []
    for k in range(2):
        path = os.path.join(folder, f"order-{k}.csv")
        with open(path, "w", newline="") as f:
            csv.writer(f).writerows([head, *rows])
        paths.append(path)
        dice.shuffle(rows)
    for kind, *options in (("survival", "--curves", "--strata", "epoch"),
                           ("survival", "--covariates", "days_overdue", "--rho", "30"),
                           ("proportions", "--covariates", "prior_paid_ratio,days_overdue", "--segments",
                            "epoch", "--margin", "0.03", "--information", "900"),
                           ("proportions", "--strata", "epoch"), ("proportions", "--cluster", "debtor_id"),
                           ("money",), ("money", "--cluster", "debtor_id"),
                           ("srm", "--epoch", "epoch"), ("srm", "--weights", "neutral=3400,warm=3300,firm=3300")):
        one, other = (ask(kind, "--csv", path, *options) for path in paths)
        tap.ok(one == other, f"{kind} {' '.join(options)}: the order of rows says nothing",
               [k for k in one if one[k] != other[k]])


def main():
    power()
    with tempfile.TemporaryDirectory(prefix="purr-") as folder:
        srm(folder)
        assign(folder)
        shuffled(folder)
    money()
    tap.done()


main()
