#!/usr/bin/env python3
"""purr analyse survival against R's survival package: curves, quantiles, areas,
log-rank, Cox, the awkward inputs, and a whole experiment in the flat format."""
import csv
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
from trees import same, table, vector  # noqa: E402
import workspace  # noqa: E402

TABLES = {"lung": "sex", "veteran": "trt", "ovarian": "rx", "colon_death": "rx"}


def ask(path, *options, env=None):
    done = subprocess.run([workspace.PURR, "analyse", "survival", "--csv", path, *options, "--json"],
                          capture_output=True, text=True, env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def arms_of(found):
    return {arm["arm"]: arm for arm in found["arms"]}


def contrasts_of(found):
    return {c["arm"]: c for c in found["contrasts"]}


# --- curves ------------------------------------------------------------------------

def curve(arm):
    steps = arm["curve"]
    return {"n": arm["n"], "events": arm["events"], "time": [s["day"] for s in steps],
            "n_risk": [s["at_risk"] for s in steps], "n_event": [s["paid"] for s in steps],
            "surv": [s["survival"] for s in steps],
            "se_surv_greenwood": [s["se"] for s in steps],
            "median": [arm["median"][k] for k in ("estimate", "lower", "upper")]}


def loglog(arm, wanted):
    """R has no limits at 1 and 0, where ours may be Wilson's."""
    steps = arm["curve"]
    ours = {"lower": [], "upper": []}
    for step, low in zip(steps, wanted["lower_loglog"]):
        ours["lower"].append(None if low is None else step["lower"])
        ours["upper"].append(None if low is None else step["upper"])
    return ours


def curves():
    for key, groups in vector("km").items():
        if key == "meta":
            continue
        name, by = key.rsplit("_by_", 1)
        found = arms_of(ask(table(name), "--time", "time", "--status", "status", "--arm", by,
                            "--curves"))
        for group, wanted in groups.items():
            arm = found[group]
            same(curve(arm), {k: wanted[k] for k in curve(arm)}, 1e-11, f"{key} {group}: curve")
            same(loglog(arm, wanted), {"lower": wanted["lower_loglog"],
                                       "upper": wanted["upper_loglog"]}, 1e-11,
                 f"{key} {group}: limits")
            same([arm["q25"][k] for k in ("estimate", "lower", "upper")], wanted["q25"], 1e-11,
                 f"{key} {group}: the first quarter")


def tiny(folder):
    for name, case in vector("km_tiny")["cases"].items():
        path = write(folder, [dict(time=t, status=s, arm="a")
                              for t, s in zip(case["time_in"], case["status_in"])])
        arm = ask(path, "--time", "time", "--status", "status", "--curves")["arms"][0]
        steps = arm["curve"]
        same({"time": [s["day"] for s in steps], "n_risk": [s["at_risk"] for s in steps],
              "surv": [s["survival"] for s in steps], "se": [s["se"] for s in steps],
              "median": arm["median"]["estimate"]},
             {k: case[k] for k in ("time", "n_risk", "surv", "se", "median")}, 1e-11,
             f"by hand: {name}")
        if case["median"] is None:
            tap.same(arm["median"]["reason"], "not_reached", "... which is not reached")


def areas():
    for key, rows in vector("rmst").items():
        if key == "meta":
            continue
        name, by = key.rsplit("_by_", 1)
        for row in rows:
            first = sorted(row["arms"])[0]
            found = ask(table(name), "--time", "time", "--status", "status", "--arm", by,
                        "--tau", str(row["tau"]), "--reference", first)
            arms, contrasts = arms_of(found), contrasts_of(found)
            same({a: {"rmst": arms[a]["rmst"]["estimate"], "se": arms[a]["rmst"]["se"],
                      "max_follow_up": arms[a]["longest"]} for a in row["arms"]}, row["arms"],
                 1e-10, f"{key}, {row['tau']} days: means")
            for arm, wanted in row["contrasts_vs_first"].items():
                d, r = contrasts[arm]["rmst_difference"], contrasts[arm]["rmst_ratio"]
                same({"diff": d["estimate"], "se": d["se"], "lower": d["lower"],
                      "upper": d["upper"], "p": d["p"], "ratio": r["estimate"],
                      "ratio_lower": r["lower"], "ratio_upper": r["upper"]}, wanted, 1e-10,
                     f"{key}, {row['tau']} days: {arm} against {first}")


def horizons():
    for key, rows in vector("km_at_horizon").items():
        if key == "meta":
            continue
        name, by = key.rsplit("_by_", 1)
        for row in rows:
            first = sorted(row["arms"])[0]
            found = ask(table(name), "--time", "time", "--status", "status", "--arm", by,
                        "--days", str(row["t"]), "--reference", first)
            for arm, wanted in row["arms"].items():
                at = arms_of(found)[arm]["at"][0]
                got = {"cum_paid": at["km"]["estimate"], "se": at["km"]["se"],
                       "n_risk_at_or_after": at["risk"]["at_risk"]}
                same(got, {k: wanted[k] for k in got}, 1e-10, f"{key} {arm}, day {row['t']}")
            for arm, wanted in row["contrasts_vs_first"].items():
                d = contrasts_of(found)[arm]["at"][0]["km"]
                same({"diff": d["estimate"], "se": d["se"], "p": d["p"]},
                     {k: wanted[k] for k in ("diff", "se", "p")}, 1e-10,
                     f"{key} {arm} against {first}, day {row['t']}")


# --- log-rank and Cox ------------------------------------------------------------------

LOGRANKS = {"lung_sex": ("lung", "sex", None), "veteran_trt": ("veteran", "trt", None),
            "veteran_celltype": ("veteran", "celltype", None),
            "veteran_trt_strata_celltype": ("veteran", "trt", "celltype"),
            "ovarian_rx": ("ovarian", "rx", None), "colon_rx": ("colon_death", "rx", None)}
COXES = {"lung_sex": ("lung", "sex", None), "veteran_trt": ("veteran", "trt", None),
         "ovarian_rx": ("ovarian", "rx", None),
         "veteran_trt_strata_celltype": ("veteran", "trt", "celltype")}


def logranks():
    wanted = vector("logrank")
    for key, (name, by, strata) in LOGRANKS.items():
        found = ask(table(name), "--time", "time", "--status", "status", "--arm", by,
                    *(["--strata", strata] if strata else []))["logrank"]
        names = [g.split("=", 1)[1] for g in wanted[key]["groups"]]
        same({"observed": [found["observed"][n] for n in names],
              "expected": [found["expected"][n] for n in names],
              "variance": found["variance"], "chisq": found["chisq"], "df": found["df"],
              "p": found["p"]},
             {k: wanted[key][k] for k in ("observed", "expected", "variance", "chisq", "df", "p")},
             1e-10, f"log-rank: {key}")


def coxes():
    wanted = vector("cox")
    for key, (name, by, strata) in COXES.items():
        found = ask(table(name), "--time", "time", "--status", "status", "--arm", by,
                    *(["--strata", strata] if strata else []))
        c, w = contrasts_of(found)["2"]["cox"], wanted[key]
        got = {"coef": [c["coef"]], "se": [c["se_model"]], "se_robust": [c["se_robust"]],
               "hr": [c["hr"]], "hr_lower_robust": [c["lower"]], "hr_upper_robust": [c["upper"]],
               "p_wald_robust": [c["p"]], "loglik_null": c["loglik_null"], "loglik": c["loglik"]}
        same(got, {k: w[k] for k in got}, 1e-9, f"Cox: {key}")
        zph = w["ph_test_log1p_time"]
        same({"chisq": c["zph_chisq"], "p": c["zph_p"]},
             {"chisq": zph["chisq"][0], "p": zph["p"][0]}, 1e-8, f"Cox: {key}, proportional hazards")


def degenerate(folder):
    for name, case in vector("degenerate_survival")["cases"].items():
        rows = [dict(time=t, status=s, arm="ab"[a])
                for t, s, a in zip(case["time"], case["status"], case["arm"])]
        found = ask(write(folder, rows), "--time", "time", "--status", "status",
                    "--tau", "5", "--reference", "a" if any(r["arm"] == "a" for r in rows) else "b")
        c = contrasts_of(found).get("b", {}).get("cox")
        wanted = case["cox"]
        if c is None:
            tap.same(wanted.get("reason"), "empty_arm", f"awkward: {name}: no contrast")
            continue
        if wanted["estimable"]:
            same({k: c[k] for k in ("coef", "se_model", "se_robust", "hr", "lower", "upper", "p")},
                 {k: wanted[k] for k in ("coef", "se_model", "se_robust", "hr", "lower", "upper",
                                         "p")}, 1e-9, f"awkward: {name}: Cox")
        else:
            tap.same((c["estimable"], c["reason"], c["hr"]), (False, wanted["reason"], None),
                     f"awkward: {name}: {wanted['reason']}")
        log = case["logrank"]
        same({k: found["logrank"][k] for k in ("chisq", "p")}, {k: log[k] for k in ("chisq", "p")},
             1e-9, f"awkward: {name}: log-rank")


# --- the flat format -----------------------------------------------------------------------

def demo(found, wanted, what):
    arms, contrasts = arms_of(found), contrasts_of(found)
    for name in arms:
        a = arms[name]
        for at in a["at"]:
            day = f"day{at['day']}"
            if day in wanted["km"][name]["at"]:
                same({"cum_paid": at["km"]["estimate"], "se": at["km"]["se"],
                      "lower": at["km"]["lower"], "upper": at["km"]["upper"],
                      "n_risk": at["risk"]["at_risk"]}, wanted["km"][name]["at"][day], 1e-10,
                     f"{what}: {name}, Kaplan-Meier on {day}")
            if day in wanted["cumulative_incidence"][name]:
                paid = wanted["cumulative_incidence"][name][day]["paid"]
                same({"cif": at["paid"]["estimate"], "se": at["paid"]["se"]}, paid, 1e-10,
                     f"{what}: {name}, incidence on {day}")
        days = wanted["days_outstanding"]["arms"][name]
        same({"days_outstanding": a["days_outstanding"]["estimate"],
              "se": a["days_outstanding"]["se"]}, days, 1e-10, f"{what}: {name}, days outstanding")
    same({k: found["logrank"][k] for k in ("chisq", "p", "df", "observed", "expected")},
         {k: wanted["logrank"][k] for k in ("chisq", "p", "df", "observed", "expected")}, 1e-10,
         f"{what}: log-rank")
    for name, w in wanted["cox"].items():
        c = contrasts[name]["cox"]
        same({k: c[k] for k in w}, w, 1e-9, f"{what}: {name}, Cox")
    for name, w in wanted["rmst"]["contrasts"].items():
        d = contrasts[name]["rmst_difference"]
        same({"diff": d["estimate"], "se": d["se"], "lower": d["lower"], "upper": d["upper"],
              "p": d["p"]}, w, 1e-10, f"{what}: {name}, restricted means")


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def write(folder, rows):
    path = os.path.join(folder, "table.csv")
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    return path


def experiment(folder):
    path = table("demo_debtors")
    found = ask(path, "--days", "14,30")
    demo(found, vector("demo_debtors_expected"), "a whole experiment")
    rows = rows_of(path)
    shuffled = list(rows)
    random.Random(4).shuffle(shuffled)
    tap.same(ask(write(folder, shuffled), "--days", "14,30"), found, "the order of rows says nothing")
    tap.same(ask(path, "--days", "14,30", env={"LC_ALL": "de_DE.UTF-8"}), found,
             "nor does the locale")
    twice = ask(write(folder, rows + [{**r, "debtor_id": "X" + r["debtor_id"]} for r in rows]),
                "--days", "14,30")
    one, two = found["arms"][0], twice["arms"][0]
    same([two["at"][0]["paid"]["estimate"], two["days_outstanding"]["estimate"],
          two["at"][0]["paid"]["se"], two["days_outstanding"]["se"]],
         [one["at"][0]["paid"]["estimate"], one["days_outstanding"]["estimate"],
          one["at"][0]["paid"]["se"] * math.sqrt(0.5),
          one["days_outstanding"]["se"] * math.sqrt(0.5)], 1e-10,
         "everybody twice: the same figures, surer by the root of two")
    for look in vector("demo_debtors_interim_expected")["looks"]:
        found = ask(path, "--days", "14,30", "--as-of", str(look["as_of"]))
        for name, at in look.get("cumulative_incidence", {}).items():
            for day, causes in at.items():
                if not causes or (causes.get("paid") or {}).get("cif") is None:
                    continue
                ours = [x for x in arms_of(found)[name]["at"] if f"day{x['day']}" == day]
                if ours:
                    same({"cif": ours[0]["paid"]["estimate"], "se": ours[0]["paid"]["se"]},
                         causes["paid"], 1e-10, f"as known on day {look['as_of']}: {name}, {day}")


def rows_fit(folder):
    """Hazard ratios from the rows: covariates, and debts of one debtor."""
    wanted = vector("cox")["lung_sex_age"]
    c = ask(table("lung"), "--time", "time", "--status", "status", "--arm", "sex", "--reference", "1",
            "--covariates", "age")["contrasts"][0]["cox_adjusted"]
    same({"coef": [t["coef"] for t in c["terms"]], "se": [t["se_model"] for t in c["terms"]],
          "se_robust": [t["se_robust"] for t in c["terms"]], "loglik": c["loglik"]},
         {k: wanted[k] for k in ("coef", "se", "se_robust", "loglik")}, 1e-9, "adjusted for age")
    tap.same([t["term"] for t in c["terms"]], ["2", "age"], "its terms are named")
    found = ask(table("lung"), "--time", "time", "--status", "status", "--arm", "sex", "--reference", "1",
                "--cluster", "id")["contrasts"][0]
    same([found["cox_adjusted"]["terms"][0][k] for k in ("coef", "se_model", "se_robust")],
         [found["cox"][k] for k in ("coef", "se_model", "se_robust")], 1e-9,
         "each row its own cluster: as from the counts")
    with open(table("lung"), newline="") as f:
        rows = [{"who": r["id"], "sex": r["sex"], "time": r["time"], "status": r["status"]}
                for r in csv.DictReader(f)]
    twice = ask(write(folder, rows + rows), "--time", "time", "--status", "status", "--arm", "sex",
                "--reference", "1", "--cluster", "who")["contrasts"][0]["cox_adjusted"]
    mixed = rows + rows
    random.Random(2).shuffle(mixed)
    tap.same(ask(write(folder, mixed), "--time", "time", "--status", "status", "--arm", "sex",
                 "--reference", "1", "--cluster", "who")["contrasts"][0]["cox_adjusted"], twice,
             "rows in another order: the same to the last digit")
    tap.ok(twice["clusters"] == len(rows) and twice["terms"][0]["se_robust"] >
           1.3 * twice["terms"][0]["se_model"],
           "every row twice under the same debtor: the model is fooled, the clusters are not", twice)


def at_every_look():
    """The log-rank score and the hazard ratio as known on seven days."""
    wanted = vector("sequential_logrank")
    for look in wanted["looks"]:
        found = contrasts_of(ask(table("demo_debtors"), "--as-of", str(look["look_day"]), "--rho",
                                 str(wanted["meta"]["rho"]), "--sequential-alpha",
                                 str(wanted["meta"]["alpha"])))["firm"]
        s = found["sequential"]
        same({"U": s["u"], "V": s["v"], "logrank_chisq": found["logrank"]["chisq"], "log_e": s["log_e"],
              "p_always_valid": s["p"], "cox_log_hr": found["cox"]["coef"],
              "cox_se": found["cox"]["se_model"], "cs_log_hr_lower": s["log_hr_lower"],
              "cs_log_hr_upper": s["log_hr_upper"]},
             {k: v for k, v in look.items() if k not in ("look_day", "n", "events")}, 1e-9,
             f"as known on day {look['look_day']}")


def rejected(folder):
    good = [dict(debtor_id=f"D{n}", arm="ab"[n % 2], assigned_at_day=0, paid_at_day=n % 9 or "",
                 censored_at_day=40, outcome="paid" if n % 9 else "open") for n in range(60)]
    bad = [dict(good[0], debtor_id="E1", arm=""), dict(good[0], debtor_id="E2", outcome="maybe"),
           dict(good[1]), dict(good[1], debtor_id="E3", assigned_at_day=5, paid_at_day=4),
           dict(good[0], debtor_id="E4", assigned_at_day="")]
    found = ask(write(folder, good + bad))
    tap.same(found["rejected"], {"no_arm": {"": 1}, "unknown_outcome": {"a": 1},
                                 "duplicate_debtor": {"b": 1}, "paid_before_assigned": {"b": 1},
                                 "no_day": {"a": 1}}, "what cannot be right is counted by reason and arm")
    tap.same((found["valid"], [a["n"] for a in found["arms"]]), (False, [30, 30]),
             "and forbids a verdict")
    for options, says in (((table("lung"),), "no column arm"), ((folder,), "a folder"),
                          ((table("lung"), "--time", "time"), "--status"),
                          ((table("demo_debtors"), "--days", "x"), "--days"),
                          ((table("demo_debtors"), "--reference", "cold"), "cold"),
                          ((table("demo_debtors"), "--nonsense"), "--nonsense")):
        done = subprocess.run([workspace.PURR, "analyse", "survival", "--csv", *options],
                              capture_output=True, text=True)
        tap.ok(done.returncode in (1, 2) and done.stdout == "" and done.stderr.count("\n") == 1,
               f"{' '.join(options[1:]) or os.path.basename(options[0])}: one clear line",
               done.stdout[:200] + done.stderr)


def main():
    with tempfile.TemporaryDirectory(prefix="purr-") as folder:
        curves()
        tiny(folder)
        areas()
        horizons()
        logranks()
        coxes()
        rows_fit(folder)
        at_every_look()
        degenerate(folder)
        experiment(folder)
        rejected(folder)
    tap.done()


main()
