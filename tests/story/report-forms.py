#!/usr/bin/env python3
# time-limit: 200
"""report-forms.py - one result object, and every form of it says the same: each
number of the PDF stands in the JSON, each row of the CSV is a figure of it, the
table under the curve adds up, the same store gives the same bytes; a red health
check withholds the effect in all of them; a second version of an experiment is an
epoch, and a planned size keeps a verdict back until it is reached.
"""
import csv
import io
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PURR = os.path.abspath(os.environ.get("PURR", "build/release/purr"))
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w]|\.\d)")


def run(*args, text=True):
    done = subprocess.run([PURR, *args], capture_output=True, timeout=150, text=text)
    return done.returncode, done.stdout, done.stderr


def report(space, form, *more, out=None):
    where = ["--out", out] if out else []
    code, text, err = run("report", "tone", "--as-of", "2026-09-07", "--format", form, "-C", space,
                          "--at", "2026-09-08T06:00:00Z", *where, *more)
    if code != 0:
        tap.note(err)
    return text if out is None else pathlib.Path(out).read_bytes()


def numbers_of(node, found):
    """Every number of a JSON document, those in its texts too."""
    if isinstance(node, dict):
        for value in node.values():
            numbers_of(value, found)
    elif isinstance(node, list):
        for value in node:
            numbers_of(value, found)
    elif isinstance(node, bool) or node is None:
        return
    elif isinstance(node, str):
        found.update(abs(float(n)) for n in re.findall(r"\d+(?:\.\d+)?", node))
    else:
        found.add(abs(float(node)))


def is_there(word, found):
    value = abs(float(word))
    digits = len(word.split("e")[0].split(".")[1]) if "." in word else 0
    scale = 10 ** float(word.split("e")[1]) if "e" in word else 1
    step = 0.5000001 * 10 ** -digits * scale
    return any(abs(v * by - value) <= step for v in found for by in (1, 100, 0.01))


def pdf_says_what_json_says(space, tmp):
    result = json.loads(report(space, "json"))
    path = os.path.join(tmp, "t.pdf")
    first = report(space, "pdf", out=path)
    tap.ok(report(space, "pdf", out=path) == first, "the same store gives the same PDF")
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True).stdout
    pages = text.count("\f")
    found = set()
    numbers_of(result, found)
    body = re.sub(rf"- \d+ of {pages}\b", "", text)         # the footer's page number
    body = re.sub(r"\d{4}-\d\d-\d\d|\b[0-9a-f]{12,64}\b", "", body)      # days and hashes
    words = NUMBER.findall(body)
    tap.ok(len(words) > 1000, f"the PDF is full of numbers ({len(words)})")
    tap.same([w for w in words if not is_there(w, found)], [], "and each stands in the JSON")
    sheets = [[re.sub(r"\s+", " ", line).strip() for line in page.splitlines() if line.strip()]
              for page in text.split("\f")[:pages]]
    starts = [page for page in sheets if page[0].startswith("arm day at risk")]
    tap.ok(len(starts) >= 2, "a table's head stands again on each page it goes on to", [p[0] for p in sheets])
    heads = ("arm day", "arm recovered", "guardrail arm", "by part", "epoch from", "arm matured")
    tap.same([p[-2] for p in sheets if p[-2].startswith(heads)], [], "and alone at the end of none")
    tap.ok("disputes" in text and "2025-07-07" in text and "not shown" in text,
           "names, days and verdicts are not broken in two")
    tap.ok(all(f"result {result['result'][:12]} - {n} of {pages}" in text
               for n in range(1, pages + 1)), "each page bears the result's hash and its number")
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True).stdout
    tags = subprocess.run(["pdfinfo", "-struct", path], capture_output=True, text=True).stdout
    tap.ok(re.search(r"Tagged:\s+yes", info) and tags.startswith("Document") and
           {"H1", "H3", "P", "Figure"} <= {line.split()[0] for line in tags.splitlines() if line.split()},
           "tagged: headings, paragraphs and drawings", tags[:300])
    tap.ok("Title:           Tone report of experiment dk-tone" in info, "and has a title", info)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True).stdout.split("\n")[2:]
    tap.ok(fonts and all(re.search(r"yes\s+yes\s+yes", f) for f in fonts if f),
           "fonts are embedded as subsets and can be searched", fonts)
    return result


def csv_is_the_json(space, result):
    text = report(space, "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    contrasts = {c["arm"]: c for c in result["primary"]["contrasts"]}
    tap.same(list(rows[0]), ["id", "metric", "arm", "reference", "horizon", "n", "events", "estimate",
                             "lower", "upper", "level", "p", "p_adjusted", "unit", "method", "reason",
                             "valid", "as_of"], "the CSV's columns")
    mine = [r for r in rows if r["metric"] == "paid_in_full_by_horizon" and r["reference"]]
    tap.same([(r["arm"], float(r["estimate"]), float(r["lower"]), float(r["p_adjusted"])) for r in mine],
             [(a, c["difference"]["estimate"], c["difference"]["lower"], c["difference"]["p_adjusted"])
              for a, c in contrasts.items()], "its rows are the object's figures to the last digit")
    tap.same({r["metric"] for r in rows}, {
        "paid_in_full_by_horizon", "ratio_of_shares", "days_outstanding", "recovery_rate",
        "recovered_per_debtor_by_horizon", "paid_in_full_adjusted", "cost_per_recovered",
        "net_recovery_per_debtor_by_horizon", "disputes_by_horizon", "opt_outs_by_horizon",
        "hardship_by_horizon", "complaints_by_horizon", "satisfaction_index_by_horizon",
        "answered_by_horizon", "recovered_per_debtor_by_horizon_capped"}, "every metric is there")
    curve = list(csv.DictReader(io.StringIO(report(space, "curve"), newline="")))
    watched = {a["arm"]: a["watched"] for a in result["time"]["arms"]}
    tap.same([r for r in curve if r["curve"] == "paid" and sum(int(r[k]) for k in (
        "open_after", "paid_so_far", "other_so_far", "censored_so_far")) != watched[r["arm"]]], [],
        "still unpaid, paid, other and censored add up on each day")
    money = [r for r in curve if r["curve"] == "recovered" and r["day"] == "30"]
    block = result["finance"][0]["arms"]
    tap.same([int(r["paid_minor"]) for r in money], [a["paid_minor"] for a in block],
             "on the horizon's day the money by day is the money of the table")
    tap.ok(all(float(a["estimate"]) <= float(b["estimate"]) + 1e-12 for a, b in zip(curve, curve[1:])
               if a["curve"] == b["curve"] == "paid" and a["arm"] == b["arm"]), "shares never fall")


def rows_are_behind_it(space, tmp, result):
    """The rows, read by purr analyse, give the report's own figures."""
    path = os.path.join(tmp, "rows.csv")
    report(space, "rows", out=path)

    def analyse(kind, *more):
        return json.loads(run("analyse", kind, "--csv", path, "--as-of", str(20703), "--json", *more)[1])

    rows = list(csv.DictReader(open(path, newline="", encoding="utf-8")))
    tap.ok(len(rows) == sum(a["assigned"] for a in result["flow"]["arms"]) and
           len({r["debtor_id"] for r in rows}) == len(rows), "a row for each debtor assigned")
    shares = analyse("proportions")
    tap.same({c["arm"]: (c["difference"]["estimate"], c["difference"]["lower"], c["difference"]["p_adjusted"])
              for c in shares["contrasts"]},
             {c["arm"]: (c["difference"]["estimate"], c["difference"]["lower"], c["difference"]["p_adjusted"])
              for c in result["primary"]["contrasts"]}, "purr analyse on them: the same differences")
    money = {a["arm"]: a["mean"]["estimate"] for a in analyse("money")["arms"]}
    tap.ok(all(abs(money[a["arm"]] - a["mean_minor"]["estimate"]) < 1e-6
               for a in result["finance"][0]["arms"]), "and the same money", money)
    code, _, err = run("report", "aging", "--format", "rows", "-C", space)
    tap.ok(code == 2 and "no rows" in err, "the other reports have no such rows", err)


def html_is_one_file(space, tmp):
    path = os.path.join(tmp, "t.html")
    first = report(space, "html", out=path)
    tap.ok(report(space, "html", out=path) == first, "the same store gives the same page")
    tap.ok(report(space, "html").encode() == first, "and the same on standard output")


def without_out(space):
    code, _, err = run("report", "tone", "--format", "pdf", "-C", space)
    tap.ok(code == 2 and "--out FILE" in err, "a PDF asks where to", err)
    code, _, err = run("report", "tone", "--format", "doc", "-C", space)
    tap.ok(code == 2 and "text, json, csv, curve, rows, html or pdf" in err, "another form is refused", err)
    code, _, err = run("report", "tone", "--format", "csv", "--out", "/nowhere/t.csv", "-C", space)
    tap.ok(code == 1 and "/nowhere/t.csv" in err, "a file that cannot be written", err)


def copy_of(space, tmp, name):
    path = os.path.join(tmp, name)
    shutil.copytree(space, path)
    return path, sqlite3.connect(os.path.join(path, "purr.db"))


def stale(space):
    """Months after the last booking the report says so."""
    for day, state in (("2026-09-07", "green"), ("2026-12-01", "amber")):
        result = json.loads(run("report", "tone", "--as-of", day, "--format", "json", "-C", space)[1])
        check = next(h for h in result["health"] if h["check"] == "freshness")
        tap.same(check["state"], state, f"fresh data as of {day}: {state}")


def broken_shares(space, tmp):
    path, db = copy_of(space, tmp, "broken")
    db.execute("update assignment set arm = 'neutral' where arm = 'warm' and id % 2 = 0")
    db.commit()
    result = json.loads(report(path, "json"))
    tap.same((result["valid"], result["status"]), (False, "invalid"), "shares that do not fit: invalid")
    tap.same([c["difference"]["estimate"] for c in result["primary"]["contrasts"]], [None, None],
             "the effects are withheld")
    rows = list(csv.DictReader(io.StringIO(report(path, "csv"), newline="")))
    tap.ok(all(r["valid"] == "false" for r in rows) and all(r["estimate"] == "" for r in rows
           if r["reference"]), "in the CSV, too")
    pdf = os.path.join(tmp, "broken.pdf")
    report(path, "pdf", out=pdf)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
    tap.ok(all("results withheld: assignment is broken" in page for page in text.split("\f")[:-1]),
           "and each page of the PDF says so")


def second_epoch(space, tmp):
    """The later half was assigned under other shares: compared within each half."""
    path, db = copy_of(space, tmp, "epochs")
    kept = db.execute("select content from policy where kind = 'experiment'").fetchone()[0]
    half = db.execute("select assigned_on from assignment order by id limit 1 offset "
                      "(select count(*) / 2 from assignment)").fetchone()[0]
    db.execute("insert into policy select ?, kind, name, ?, activated_at from policy where "
               "kind = 'experiment' limit 1", ("e" * 64, kept.replace("dk-tone", "dk-tone", 1)))
    db.execute("update assignment set experiment_hash = ? where assigned_on > ?", ("e" * 64, half))
    db.commit()
    result = json.loads(report(path, "json"))
    tap.same([e["registered"][:3] for e in result["epochs"]][1], "eee", "a second version is an epoch")
    rows = db.execute("select arm, assigned_on > ?, id, assigned_on from assignment", (half,)).fetchall()
    tap.same(len(result["epochs"]), 2, "two epochs")
    tap.same(sum(h["check"] == "srm_assigned" for h in result["health"]), 2, "shares are checked in each")
    tap.ok(len(rows) == sum(a["assigned"] for a in result["flow"]["arms"]), "everybody is in one of them")
    methods = {c["difference"]["method"] for c in result["primary"]["contrasts"]}
    tap.ok(all(m.startswith("mantel_haenszel") for m in methods), "differences are combined, not pooled",
           methods)
    tap.same({c["ratio"]["reason"] for c in result["primary"]["contrasts"]}, {"several_epochs"},
             "no ratio of pooled shares")


def planned(space, tmp):
    """With a planned size: no verdict before it, and frozen at it."""
    path, db = copy_of(space, tmp, "planned")
    content = db.execute("select content from policy where kind = 'experiment'").fetchone()[0]

    def plan(debtors, end=None):
        body = json.loads(content)
        body["planned"] = {"debtors": debtors, "base_basis_points": 9300, "effect_basis_points": 300}
        if end:
            body["planned"]["end"] = end
            body["guardrails"] = {"disputes": 2500}
        version = f"{debtors:064d}" if not end else "a" * 64
        db.execute("insert into policy select ?, kind, name, ?, activated_at from policy where "
                   "kind = 'experiment' limit 1", (version, json.dumps(body)))
        db.execute("update assignment set experiment_hash = ?", (version,))
        db.commit()
        return json.loads(report(path, "json"))

    early = plan(5000)
    tap.same((early["status"], {c["verdict"] for c in early["primary"]["contrasts"]}),
             ("running", {"withheld:running"}), "before the planned size: no verdict")
    tap.ok("of the planned 5000 debtors" in early["status_text"], "and it says why", early["status_text"])
    tap.ok("at the rate so far that is on 20" in early["status_text"], "and when that will be",
           early["status_text"])
    looks = early["sequential"]["contrasts"][0]["looks"]
    tap.ok(len(looks) > 20 and all(x["lower"] <= x["estimate"] <= x["upper"] for x in looks),
           "each look has its limits")
    ended = plan(1000)
    tap.same((ended["status"], ended["sequential"]["ended"]), ("finished", True), "at it: finished")
    counted = sum(a["matured"] for a in ended["flow"]["arms"])
    tap.ok(1000 <= counted < 1100, f"who matured later is not counted ({counted})")
    again = json.loads(run("report", "tone", "--as-of", "2026-06-01", "--format", "json", "-C", path)[1])
    tap.same(again["primary"]["arms"], ended["primary"]["arms"], "an earlier day after the end says the same")
    wide = [c["final"]["upper"] - c["final"]["lower"] for c in ended["primary"]["contrasts"]]
    plain = [c["difference"]["upper"] - c["difference"]["lower"] for c in ended["primary"]["contrasts"]]
    tap.ok(all(a > b for a, b in zip(wide, plain)), "the one analysis pays for the looks")
    late = plan(5000, "2026-03-01")
    tap.same((late["status"], late["sequential"]["ended_on"]), ("finished", "2026-03-01"),
             "the last day that was planned ends it, too")
    tap.same([(g["margin"], {c["verdict"] for c in g["contrasts"]}) for g in late["guardrails"]][0],
             (0.25, {"no_worse"}), "a guardrail's own margin")


def main():
    with tempfile.TemporaryDirectory() as tmp:
        space = os.path.join(tmp, "w")
        code, _, err = run("replay", "tests/data/demo-ledger.csv", "--map",
                           "tests/data/demo-ledger.profile.json", "--workspace", space)
        tap.same((code, err), (0, ""), "a year of a ledger")
        result = pdf_says_what_json_says(space, tmp)
        csv_is_the_json(space, result)
        rows_are_behind_it(space, tmp, result)
        html_is_one_file(space, tmp)
        without_out(space)
        stale(space)
        broken_shares(space, tmp)
        second_epoch(space, tmp)
        planned(space, tmp)
    tap.done()


main()
