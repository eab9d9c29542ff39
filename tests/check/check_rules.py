"""docs/rules.md lists the rules of every pack as they stand in the files.

check_rules.py [--update] [ROOT]
"""
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import tap  # noqa: E402

PAGE = "docs/rules.md"
BEGIN, END = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"
PACKS = (("dk", "Denmark"), ("no", "Norway"), ("se", "Sweden"), ("fi", "Finland"),
         ("de", "Germany"), ("gb", "Great Britain"), ("us", "United States"))
SECTIONS = ("contact", "step", "charge", "content")


def who(rule):
    parties = "all" if len(rule["party"]) == 3 else ", ".join(rule["party"])
    roles = "" if len(rule["role"]) == 2 else ", " + ", ".join(rule["role"]).replace("_", " ")
    where = f", {rule['region']}" if "region" in rule else ""
    return parties + roles + where


def when(rule):
    last = rule.get("valid_to", "open")
    return "" if last == "open" else f" (to {last})"


def row(section, rule):
    sure = rule["confidence"] + (", provisional" if rule.get("provisional") else "")
    cells = (rule["id"], f"{section}: {rule['kind']}", rule["says"] + when(rule), who(rule), sure,
             rule["source"])
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |\n"


def tables(root):
    out = ""
    for name, land in PACKS:
        with open(os.path.join(root, f"schedules/rules/{name}.json"), encoding="utf-8") as f:
            pack = json.load(f)
        out += (f"\n### {land} (`{name}`)\n\n| id | kind | says | binds | confidence | source |\n"
                "| --- | --- | --- | --- | --- | --- |\n")
        for section in SECTIONS:
            out += "".join(row(section, rule) for rule in pack[section])
    return out + "\n"


def main():
    args = [a for a in sys.argv[1:] if a != "--update"]
    root = args[0] if args else ROOT
    with open(os.path.join(root, PAGE), encoding="utf-8") as f:
        page = f.read()
    before, rest = page.split(BEGIN)
    listed, after = rest.split(END)
    wanted = tables(root)
    if "--update" in sys.argv:
        with open(os.path.join(root, PAGE), "w", encoding="utf-8") as f:
            f.write(before + BEGIN + wanted + END + after)
        return
    wrong = [line for line in wanted.splitlines() if line not in listed.splitlines()]
    tap.ok(listed == wanted, f"{PAGE} lists the rules as they are; else run it with --update",
           "\n".join(wrong[:10]))
    files = {f[:-5] for f in os.listdir(os.path.join(root, "schedules/rules"))
             if f.endswith(".json") and not f.endswith(".schema.json")}
    tap.same(files, {name for name, _ in PACKS}, "and of every pack")
    tap.done()


main()
