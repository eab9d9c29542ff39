#!/usr/bin/env python3
# time-limit: 600
"""purr simulate: the same answer twice, whatever the place, the zone and the
build; no outside checker finds anything; what it refuses.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
import workspace  # noqa: E402

ASAN = os.path.join(workspace.ROOT, "build/asan/purr")
WORDS = ("contacts", "debtors", "days", "seed", "violations", "states", "channels", "steps",
         "faults", "answers", "acts")


def purr(*words, binary=workspace.PURR, **env):
    return subprocess.run([binary, *words], capture_output=True, text=True,
                          env={**os.environ, **env}, stdin=subprocess.DEVNULL)


def simulate(folder, debtors, days, seed, *more, **env):
    return purr("simulate", "--debtors", str(debtors), "--days", str(days), "--seed", str(seed),
                "--workspace", folder, "--json", *more, **env)


def same_twice(tmp):
    one = simulate(f"{tmp}/a", 300, 40, 5, "--faults", TZ="UTC", LC_ALL="C")
    two = simulate(f"{tmp}/quite/another/place", 300, 40, 5, "--faults", TZ="Asia/Kolkata",
                   LC_ALL="da_DK.UTF-8", LANG="da_DK.UTF-8")
    tap.same((one.returncode, one.stderr), (0, ""), "a run with faults ends in order")
    tap.ok(one.stdout == two.stdout, "the same bytes in another folder, zone and language",
           f"{one.stdout}\n{two.stdout}{two.stderr}")
    if os.path.exists(ASAN):
        other = simulate(f"{tmp}/asan", 300, 40, 5, "--faults", binary=ASAN)
        tap.ok(one.stdout == other.stdout, "and of another build", other.stdout + other.stderr)
    answer = json.loads(one.stdout)
    tap.same([w for w in WORDS if w not in answer], [], "the answer has what it promises")
    tap.same((answer["seed"], answer["days"], answer["debtors"], answer["violations"]),
             (5, 40, 300, []), "of that seed, without violations")
    tap.same(sum(answer["states"].values()), answer["contacts"], "each contact in one state")
    other = json.loads(simulate(f"{tmp}/b", 300, 40, 6, "--faults").stdout)
    tap.ok(other["contacts"] != answer["contacts"], "another seed is another story")
    return f"{tmp}/a"


def outsiders(folder):
    found = judge.judge(folder)
    tap.ok(not found, "the judge finds nothing", "\n".join(map(str, found[:20])))
    again = purr("explain", "--replay", "--all", "-C", folder, "--json")
    count = json.loads(again.stdout)
    tap.same((again.returncode, count["different"]), (0, []), "every decision replays")
    tap.ok(count["decisions"] > 1000, f"{count['decisions']} of them")
    db = sqlite3.connect(f"{folder}/purr.db")
    facts = db.execute("select id, answer from decision where result like 'wait:%' "
                       "order by id limit 1").fetchone()
    changed = json.loads(facts[1])
    key = next(k for k, v in changed.items() if isinstance(v, int))
    changed[key] += 1
    db.execute("update decision set answer = ? where id = ?", (json.dumps(changed), facts[0]))
    db.commit()
    db.close()
    again = purr("explain", "--replay", "--all", "-C", folder, "--json")
    tap.same((again.returncode, [d["decision"] for d in json.loads(again.stdout)["different"]]),
             (1, [facts[0]]), "a decision that was tampered with does not")


def every_fault(tmp):
    """Over some seeds each kind of fault comes, and nothing is violated."""
    seen, bad = {}, []
    for seed in range(31, 36):
        answer = json.loads(simulate(f"{tmp}/f{seed}", 150, 90, seed, "--faults").stdout)
        for kind, count in answer["faults"].items():
            seen[kind] = seen.get(kind, 0) + count
        bad += answer["violations"] + judge.judge(f"{tmp}/f{seed}")
        shutil.rmtree(f"{tmp}/f{seed}")
    tap.same(sorted(seen), sorted(
        ("clock_ahead", "clock_back", "crash_commit", "crash_send", "flaky", "journal_lost",
         "missed_days", "nap", "other_worker", "outage", "restart", "settings", "slow")),
        "each kind of fault has come")
    tap.same(bad, [], "and none of them did harm")


def places(tmp):
    os.mkdir(f"{tmp}/empty")
    done = purr("simulate", "--debtors", "5", "--days", "3", "--seed", "1", "-C", f"{tmp}/empty")
    tap.ok(done.returncode == 0 and os.path.exists(f"{tmp}/empty/purr.db"),
           "-C of an empty folder: the workspace is made there", done.stderr)
    purr("init", f"{tmp}/own")
    with open(f"{tmp}/own/purr.conf", encoding="utf-8") as f:
        text = f.read()
    with open(f"{tmp}/own/purr.conf", "w", encoding="utf-8") as f:
        f.write(text.replace("[creditor demo]", "[creditor mine]"))
    done = simulate(f"{tmp}/like", 5, 3, 1, "-C", f"{tmp}/own")
    db = sqlite3.connect(f"{tmp}/like/purr.db")
    tap.same(db.execute("select external_id from creditor").fetchall(), [("mine",)],
             "-C of a workspace: its settings are used")
    db.close()
    db = sqlite3.connect(f"{tmp}/own/purr.db")
    tap.same(db.execute("select count(*) from debtor").fetchone()[0], 0, "and it is left alone")
    db.close()
    done = simulate(f"{tmp}/own", 5, 3, 1)
    tap.ok(done.returncode == 1 and "not empty" in done.stderr, "a full folder is refused",
           done.stderr)
    for words in (["--debtors", "0", "--days", "3", "--seed", "1"],
                  ["--debtors", "5", "--days", "1001", "--seed", "1"],
                  ["--debtors", "5", "--days", "3"], ["--debtors", "5x", "--days", "3", "--seed",
                                                      "1"]):
        tap.same(purr("simulate", *words).returncode, 2, "wrong usage: " + " ".join(words))


with tempfile.TemporaryDirectory() as tmp:
    outsiders(same_twice(tmp))
    every_fault(tmp)
    places(tmp)
tap.done()
