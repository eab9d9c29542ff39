"""The published schema of a rule pack, and the program, say the same: every pack
holds, and of packs with one fault planted both refuse what is not well formed.
"""
# time-limit: 240
import copy
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../lib")]
import rules  # noqa: E402
import tap  # noqa: E402

SCHEMA = os.path.join(rules.ROOT, "schedules/rules/pack.schema.json")
JUDGE = os.path.join(rules.ROOT, "tests/rules/schema_judge.js")
FAULTS = 1500
SEED = 3


def judge(packs):
    done = subprocess.run(["node", JUDGE, SCHEMA], input="".join(json.dumps(p) + "\n" for p in packs),
                          capture_output=True, text=True, check=True, timeout=100)
    return [json.loads(line) for line in done.stdout.splitlines()]


def places(value, path=()):
    """Every object and array in a pack, with the way to it."""
    if isinstance(value, (dict, list)):
        yield path, value
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, path + (key,))


WRONG = (None, "", "nonsense", -1, 1.5, 10 ** 15, [], {}, ["nonsense"], True)


def plant(pack, chance):
    """A copy with one member missing, unknown, or of a wrong value."""
    broken = copy.deepcopy(pack)
    path, inside = chance.choice([p for p in places(broken) if p[1]])
    keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
    key, how = chance.choice(keys), chance.randrange(3)
    if how == 0 and isinstance(inside, dict):
        del inside[key]
        return broken, f"{path} without {key}"
    if how == 1 and isinstance(inside, dict):
        inside["misspelt"] = 1
        return broken, f"{path} with a member that nobody knows"
    inside[key] = chance.choice(WRONG)
    return broken, f"{path} {key} is {inside[key]!r}"


# The program asks more than a schema can say: ids that refer to others, real
# days, their order, known currencies, a notice's words.
ONLY_PROGRAM = ("stands above", "used twice", "not a day", "lies before", "is not one that is known",
                "not one of the pack's regions", "all the time", "no further than",
                "before the one above", "up_to_minor: missing")


def compare(packs):
    chance = random.Random(SEED)
    planted = [plant(chance.choice(packs), chance) for _ in range(FAULTS)]
    refused, apart, unclear = 0, [], []
    with rules.Probe() as probe:
        for (pack, what), schema in zip(planted, judge([p for p, _ in planted])):
            error = probe.ask(do="parse", pack=json.dumps(pack, indent=1))["error"]
            refused += error is not None
            stricter = error is not None and any(words in error for words in ONLY_PROGRAM)
            if (error is None) != (schema is None) and not (schema is None and stricter):
                apart.append(f"{what}: program {error!r}, schema {schema!r}")
            if error is not None and not error.startswith("pack.json:"):
                unclear.append(f"{what}: {error}")
    tap.ok(not apart, f"of {FAULTS} packs with a fault both judge alike", "\n".join(apart[:12]))
    tap.ok(not unclear, "each error names file and line", "\n".join(unclear[:12]))
    tap.ok(refused > FAULTS // 2, f"{refused} of them are refused")


packs = [json.loads(rules.pack_text(name)) for name in rules.PACKS]
for name, says in zip(rules.PACKS, judge(packs)):
    tap.same(says, None, f"{name}: the schema holds")
with rules.Probe() as asked:
    for name in rules.PACKS:
        tap.same(asked.ask(do="parse", pack=rules.pack_text(name)), {"error": None},
                 f"{name}: the program reads it")
compare(packs)
tap.done()
