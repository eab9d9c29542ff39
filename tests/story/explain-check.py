"""explain-check.py - `purr check` finds what is planted in the files that a
finance team edits; docs/schedules.md shows the schedule that purr ships.
"""
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
SHOP = "schedules/dk-consumer.json"
RULES = "schedules/rules/dk.json"

# what, file, from, to ("" and None: the file is removed), expected path, line, words
PLANTED = (
    ("a schedule that is no JSON", SHOP, '"name"', "name", SHOP, 2, ""),
    ("steps in the wrong order", SHOP, '"days": 4', '"days": -5', SHOP, 23, "order them by day"),
    ("a field that nobody knows", SHOP, '"claim_days"', '"claim_day"', SHOP, 10, "claim_day"),
    ("a pack that is not there", SHOP, '"pack": "dk"', '"pack": "nope"', SHOP, 0,
     "no rule pack schedules/rules/nope.json"),
    ("an experiment that is not there", SHOP, '"dk-tone"', '"dk-tune"', SHOP, 0,
     "no schedules/experiments/dk-tune.json"),
    ("a step without a text", SHOP, '"id": "friendly_reminder"', '"id": "kind_word"', SHOP, 0,
     "templates/email/LANGUAGE/kind_word.warm.mustache"),
    ("a fee without a deadline", SHOP, ',\n      "deadline_days": 10\n    },\n    {\n      '
     '"id": "formal', '\n    },\n    {\n      "id": "formal', SHOP, 0, "DK-CONTENT-1"),
    ("a rule of no kind", RULES, '"kind": "hours"', '"kind": "horus"', RULES, None, "horus"),
    ("a pack without its calendar", RULES, '"calendar": "dk"', '"calendar": "xx"', RULES, 0,
     "no schedules/calendars/xx.ics"),
    ("a calendar that is none", "schedules/calendars/dk.ics", "BEGIN:VCALENDAR", "BEGIN:VCAL",
     "schedules/calendars/dk.ics", None, ""),
    ("shares that do not sum up", "schedules/experiments/dk-tone.json", "3400", "3500",
     "schedules/experiments/dk-tone.json", None, "10100"),
    ("an experiment for another schedule", "schedules/experiments/dk-tone.json",
     '"eligibility"', '"schedule": "other",\n\t"eligibility"', SHOP, 0, "schedule other only"),
    ("a creditor on a schedule that is not there", "purr.conf", "dk-consumer", "dk-nobody",
     "purr.conf", 0, "no schedules/dk-nobody.json"),
    ("a time zone that is none", "purr.conf", "Europe/Copenhagen", "Europe/Atlantis",
     "purr.conf", 0, "Atlantis"),
    ("a setting that nobody knows", "purr.conf", "[purr]", "[purr]\ncolour = red", None, None,
     "colour"),
)


def check(folder):
    done = subprocess.run([PURR, "check", "--json", "-C", folder], capture_output=True,
                          timeout=60, text=True)
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def planted(clean, work):
    for what, path, old, new, at, line, words in PLANTED:
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(clean, work)
        file = pathlib.Path(work, path)
        text = file.read_text()
        if not tap.ok(old in text, f"there is something to change for {what}"):
            continue
        file.write_text(text.replace(old, new))
        code, answer, err = check(work)
        found = [p for p in answer.get("problems", [])
                 if (at is None or p["path"] == at) and words in p["text"]
                 and (line is None or p["line"] == line)]
        tap.ok(code == 1 and found, f"found: {what}", f"{code} {answer.get('problems')} {err}")


def several(clean, work):
    """Each wrong file is told, not the first only."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(clean, work)
    for path in (SHOP, RULES, "schedules/experiments/dk-tone.json"):
        pathlib.Path(work, path).write_text("{")
    paths = {p["path"] for p in check(work)[1].get("problems", [])}
    tap.ok({SHOP, RULES, "schedules/experiments/dk-tone.json"} <= paths,
           "three wrong files are told in one go", paths)
    pathlib.Path(work, "schedules/rules/se.json").write_text(
        pathlib.Path(clean, RULES).read_text())
    pathlib.Path(work, RULES).write_text(pathlib.Path(clean, RULES).read_text())
    tap.ok(any("only one can bind" in p["text"] for p in check(work)[1]["problems"]),
           "two packs for one country")
    done = subprocess.run([PURR, "check", "-C", work], capture_output=True, timeout=60, text=True)
    tap.ok(done.returncode == 1 and re.search(rf"^{SHOP}:1: ", done.stdout, re.MULTILINE),
           "as text: FILE:LINE: text", done.stdout)


def several_in_one(clean, work):
    """Of one file each fault is told, what only follows from another is not."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(clean, work)
    path = pathlib.Path(work, SHOP)
    shop = json.loads(path.read_text())
    shop["gap_days_min"] = -1
    shop["steps"][0]["channls"] = shop["steps"][0].pop("channels")
    shop["steps"][1]["days"] = "ten"
    shop["steps"][2]["channels"] = ["pigeon"]
    path.write_text(json.dumps(shop, indent=1))
    found = [p["text"].split(":")[0] + "|" + p["text"] for p in check(work)[1]["problems"] if p["path"] == SHOP]
    tap.same([f.split("|")[0] for f in found], ["/gap_days_min", "/steps/0/channels", "/steps/1/days",
                                                "/steps/2/channels/0"], "four faults, told in one go")
    tap.ok('is "channls" meant to be it?' in found[1], "a misspelt name is told with the one that is missing",
           found)


def countries(clean, work):
    """What is missing where nobody is, is said in one line; who cannot read the account, too."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(clean, work)
    shown = subprocess.run([PURR, "check", "-C", work], capture_output=True, text=True, timeout=60).stdout
    every = subprocess.run([PURR, "check", "--verbose", "-C", work], capture_output=True, text=True,
                           timeout=60).stdout
    tap.ok("DK-INT-1" in shown and "FI-INT-1" not in shown and "--verbose names them" in shown and
           "FI-INT-1" in every, "values that are missing where nobody is stand in one line", shown)
    ledger = pathlib.Path("tests/data/invoices.csv")
    subprocess.run([PURR, "import", "invoices", ledger, "--map", "tests/data/invoices.profile.json",
                    "-C", work], capture_output=True, timeout=60, check=True)
    with sqlite3.connect(os.path.join(work, "purr.db")) as db:
        db.execute("update debtor set country = 'FI' where id = 1")
    db.close()
    notes = [n["text"] for n in check(work)[1]["notices"] if n["path"] == "purr.conf"]
    tap.ok(any("debtors in FI (1) read the account as" in n for n in notes), "an account that reads Danish", notes)
    shown = subprocess.run([PURR, "check", "-C", work], capture_output=True, text=True, timeout=60).stdout
    tap.ok("FI-INT-1" in shown, "and what is missing for who is there now")


def problems_after(clean, work, change):
    """The problems of a workspace with one invoice, after change(purr.conf)."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(clean, work)
    ledger = pathlib.Path("tests/data/invoices.csv")
    subprocess.run([PURR, "import", "invoices", ledger, "--map", "tests/data/invoices.profile.json",
                    "-C", work], capture_output=True, timeout=60, check=True)
    conf = pathlib.Path(work, "purr.conf")
    conf.write_text(change(conf.read_text()))
    return [p["text"] for p in check(work)[1].get("problems", [])]


def workspace(clean, work):
    """What purr.conf and the ledger say of each other."""
    tap.same(problems_after(clean, work, lambda text: text), [], "with a ledger: no problem")
    found = problems_after(clean, work, lambda text: text.replace("[creditor demo]", "[creditor x]"))
    tap.ok(len(found) == 1 and "no section [creditor demo]" in found[0], "a creditor renamed", found)
    found = problems_after(clean, work, lambda text: text[:text.index("[creditor demo]")])
    tap.ok(len(found) == 2 and "no section [creditor NAME]" in found[0], "no creditor at all", found)
    real = ("[sms]\ndriver = kannel\nurl = http://127.0.0.1:13013/cgi-bin/sendsms\nuser = u\n"
            "password_file = keys/link.key\n")
    found = problems_after(clean, work, lambda text: re.sub(r"\[sms\][^[]*(?=\[)", real, text))
    tap.ok(len(found) == 2 and "no debtor can reach" in found[0] and "the sample's" in found[1],
           "a real driver with the sample's addresses", found)
    pathlib.Path(work, "purr.db").write_bytes(b"no database, however long one looks at it")
    tap.ok(any("damaged" in p["text"] for p in check(work)[1]["problems"]), "a damaged database")
    done = subprocess.run([PURR, "check", "-C", os.path.join(work, "none")], capture_output=True,
                          timeout=60, text=True)
    tap.ok(done.returncode == 1 and done.stdout == "" and len(done.stderr.splitlines()) == 1,
           "a folder that is not there", (done.returncode, done.stdout, done.stderr))


def manual():
    text = pathlib.Path("docs/schedules.md").read_text()
    example = text[text.index("## The example"):text.index("## Fields of a schedule")]
    shown = json.loads("".join(re.findall(r"```json\n(.*?)```", example, re.DOTALL)))
    real = json.loads(pathlib.Path(SHOP).read_text())
    shown["description"] = real["description"]
    tap.same(shown, real, "docs/schedules.md shows the schedule that is shipped, line by line")
    source = pathlib.Path("src/plan/schedule.c").read_text()
    fields = set(re.findall(r'json_(?:want|may)_\w+\(&?\w+,\s*"(\w+)"', source))
    missing = {f for f in fields if f"`{f}`" not in text and f'"{f}"' not in text}
    tap.ok(len(fields) > 20 and not missing, "and names every field that is read",
           f"{sorted(fields)} {sorted(missing)}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        clean, work = os.path.join(folder, "clean"), os.path.join(folder, "work")
        subprocess.run([PURR, "init", clean], capture_output=True, timeout=60, check=True)
        code, answer, err = check(clean)
        tap.same((code, answer.get("problems"), err), (0, [], ""), "a new workspace has no problem")
        tap.same(answer.get("policy", {}).get("creditors"), 1, "its creditor is checked too")
        planted(clean, work)
        several(clean, work)
        several_in_one(clean, work)
        countries(clean, work)
        workspace(clean, work)
    manual()
    tap.done()


if __name__ == "__main__":
    main()
