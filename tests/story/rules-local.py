"""A workspace's own values: what `purr check` says of a pack without a value for
today, how the line that it gives sets it, what is refused; and that an old
decision is proved with the values of its day, whatever the file says now.
"""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../lib")]
import tap  # noqa: E402
import workspace  # noqa: E402

LOCAL = "schedules/rules/local"
AT = "2026-11-22T10:00:00Z"


def own(w, name, *values, **more):
    os.makedirs(w.path(LOCAL), exist_ok=True)
    w.file(f"{LOCAL}/{name}.json", json.dumps({"pack": name, "local": list(values), **more}))


def check(w, at=AT):
    done = w.run("check", "--json", at=at)
    answer = json.loads(done.stdout)
    return done.returncode, answer["problems"], [n["path"] + ": " + n["text"]
                                                 for n in answer["notices"]]


def missing(notices):
    return {re.match(r"\S+: (\S+) has no value", n).group(1) for n in notices if "has no value" in n}


def values(w):
    code, problems, notices = check(w)
    tap.same((code, problems), (0, []), "packs without a rate of today are no problem")
    tap.same(missing(notices), {"DK-INT-1", "NO-INT-1", "NO-COMP-1", "SE-INT-1", "FI-INT-1",
                                "FI-INT-1B", "DE-INT-1", "DE-INT-1B", "GB-INT-1"},
             "each amount without a value today is told")
    tap.same(missing(check(w, "2024-03-01T10:00:00Z")[2]) & {"DK-INT-1", "SE-INT-1", "NO-COMP-1"},
             {"NO-COMP-1"}, "on a day for which the pack has one, it is not")
    way = next(n for n in notices if "DK-INT-1" in n)
    line = re.search(r"\{.*\}$", way).group(0).replace("HUNDREDTHS_OF_A_PERCENT", "160")
    own(w, "dk", json.loads(line))
    code, problems, notices = check(w)
    tap.ok(code == 0 and "DK-INT-1" not in missing(notices),
           "the line that check gives, filled in, sets the value", (problems, notices))
    tap.ok(any(f"{LOCAL}/dk.json: DK-INT-1 reference rate 1.60 %" in n for n in notices),
           "and check tells of it")


def refused(w):
    own(w, "dk", {"kind": "off", "rule": "DK-FEE-1", "source": "the boss"})
    done = w.run("check", at=AT)
    tap.ok(done.returncode == 1 and f"{LOCAL}/dk.json:1: /local/0: DK-FEE-1 is not policy" in
           done.stdout, "law is not switched off", done.stdout)
    done = w.run("plan", at=AT)
    tap.ok(done.returncode == 1 and f"{LOCAL}/dk.json:1: /local/0" in done.stderr,
           "and nothing is planned", done.stderr)
    for name, rule in (("dk", "DK-FEE-99"), ("fi", "FI-FEE-10")):
        own(w, name, {"kind": "amount", "rule": rule, "from": "2026-01-01", "to": "2026-12-31",
                      "max_minor": 500, "source": "the boss"})
        done = w.run("check", at=AT)
        tap.ok(done.returncode == 1 and f"the pack has no fee '{rule}' of one amount" in done.stdout,
               f"no amount for a fee that is not there, or has several ({rule})", done.stdout)
        os.remove(w.path(LOCAL, f"{name}.json"))
    for first, last, loosens in (("2024-07-01", "2024-12-31", False), ("2024-07-01", "2025-01-01", True),
                                 ("2025-06-30", "2025-12-31", True), ("2025-07-01", "2025-12-31", False)):
        own(w, "no", {"kind": "amount", "rule": "NO-COMP-1", "from": first, "to": last, "max_minor": 50000,
                      "source": "the boss"})
        tap.same(any("loosens the pack: NO-COMP-1" in n for n in check(w)[2]), loosens,
                 f"more than the pack allows from {first} to {last} loosens it: {loosens}")
    os.remove(w.path(LOCAL, "no.json"))
    own(w, "dk", {"kind": "off", "rule": "DK-FREQ-2", "source": "the boss"})
    tap.ok(any("loosens the pack: DK-FREQ-2 is switched off" in n for n in check(w)[2]),
           "policy is, and check says that this loosens it")
    w.file(f"{LOCAL}/dk.json", '{"pack":\n"no"}')
    done = w.run("check", at=AT)
    tap.ok(done.returncode == 1 and "'pack' must be \"dk\"" in done.stdout,
           "a file for another pack", done.stdout)
    w.file(f"{LOCAL}/xx.json", '{"pack": "xx"}')
    done = w.run("check", at=AT)
    tap.ok(done.returncode == 1 and f"{LOCAL}/xx.json" in done.stdout, "a file for no pack",
           done.stdout)
    os.remove(w.path(LOCAL, "xx.json"))


def fees_of(w):
    return [row[0] for row in w.sql("select fee_minor from contact_case order by contact_id")]


def old_decisions(w):
    half = {"kind": "amount", "rule": "DK-FEE-1", "from": "2026-01-01", "to": "2026-12-31",
            "source": "our board"}
    own(w, "dk", {**half, "max_minor": 8000})
    w.invoices([workspace.invoice("F1", "K1", "2026-09-01", "500.00")], at="2026-09-01T08:00:00Z")
    for day in ("2026-09-07T08:00:00Z", "2026-09-21T08:00:00Z"):
        w.run("run", at=day)
    tap.same(fees_of(w), [0, 8000], "the fee is the board's")
    contact = w.one("select max(id) from contact")
    own(w, "dk", {**half, "max_minor": 5000})
    done = w.run("explain", f"contact:{contact}", "--replay")
    tap.ok(done.returncode == 0 and "same answer" in done.stdout,
           "the decision is made again with the amount of its day", done.stdout + done.stderr)
    tap.same(w.one("select count(distinct hash) from policy where kind = 'pack' and name = 'dk'"), 1,
             "which is kept under the hash of both files together")
    w.run("run", at="2026-10-20T08:00:00Z")
    tap.same(fees_of(w), [0, 8000, 5000], "later ones have the new amount")
    tap.same(w.one("select count(distinct hash) from policy where kind = 'pack' and name = 'dk'"), 2,
             "under a hash of its own")


with workspace.Workspace() as w:
    values(w)
    refused(w)
with workspace.Workspace() as w:
    old_decisions(w)
tap.done()
