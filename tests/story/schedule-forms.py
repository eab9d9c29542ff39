"""schedule-forms.py - the published JSON Schemas of schedules, segments and
experiments, held against every file in the tree by ajv; and a corpus of broken
files, each refused by purr with file, line, JSON pointer and what to write
instead, and by the schema too where a schema can say it.

What a schema cannot say is marked so: it must let the file pass, else the mark
is wrong.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PURR = os.path.abspath(os.environ.get("PURR", "build/release/purr"))
ROOT = pathlib.Path("schedules")
SCHEMAS = {"schedule": "schedule.schema.json", "segments": "segments.schema.json",
           "experiment": "experiments/experiment.schema.json"}

JUDGE = r"""
const Ajv = require("ajv/dist/2020").default;
const fs = require("fs");
const work = JSON.parse(fs.readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
const checks = {};
for (const [kind, schema] of Object.entries(work.schemas)) checks[kind] = ajv.compile(schema);
console.log(JSON.stringify(work.documents.map(({ kind, text }) => {
	let value;
	try { value = JSON.parse(text); } catch { return ["no JSON"]; }
	return checks[kind](value) ? [] : checks[kind].errors.map(e => e.instancePath + " " + e.message);
})));
"""

SCHEDULE = """{ "name": "shop", "pack": "dk", "gap_days_min": 5, "resume_days": 2,
  "min_amounts": [ { "currency": "DKK", "minor": 2500 } ],
  "steps": [
    { "id": "heads_up", "from": "due", "days": -3, "lapses_days_after_due": 0, "channels": ["sms"] },
    { "id": "friendly_reminder", "from": "due", "days": 4, "on": "working_day",
      "channels": ["email", "sms"] },
    { "id": "fee_reminder", "from": "previous", "days": 10, "channels": ["email"],
      "fee": { "minor": 10000, "currency": "DKK" }, "interest": true, "deadline_days": 10 },
    { "id": "out", "from": "previous", "days": 14, "grace_days": 4, "handover": true }
  ] }
"""
SEGMENTS = """{ "segments": [
  { "name": "vip", "when": { "segment": ["vip"] }, "schedule": "shop" },
  { "name": "firms", "when": { "country": ["DK", "NO"], "party": ["business"], "currency": ["DKK"] },
    "schedule": "shop" }
] }
"""

SAYS, CANNOT = True, False      # whether a schema can say it
# kind, what is wrong, from, to, line, pointer, what purr says, can a schema say it
BROKEN = (
    ("schedule", "a misspelt member", '"gap_days_min"', '"gap_day_min"', 1, "/gap_days_min|/gap_day_min",
     "gap_days_min", SAYS),
    ("schedule", "a misspelt optional member", '"interest"', '"intrest"', 8, "/steps/2/intrest",
     'did you mean "interest"?', SAYS),
    ("schedule", "two letters swapped", '"grace_days"', '"garce_days"', 9, "/steps/3/garce_days",
     'did you mean "grace_days"?', SAYS),
    ("schedule", "a member of another world", '"resume_days": 2', '"resume_days": 2, "colour": "red"',
     1, "/colour", "remove it or mend its spelling", SAYS),
    ("schedule", "a misspelt channel", '["email", "sms"]', '["emial", "sms"]', 6,
     "/steps/1/channels/0", 'did you mean "email"?', SAYS),
    ("schedule", "a channel that purr has not", '["sms"]', '["fax"]', 4, "/steps/0/channels/0",
     'none of "email", "sms", "letter" or "call"', SAYS),
    ("schedule", "from nowhere", '"from": "previous", "days": 10', '"from": "previos", "days": 10', 7,
     "/steps/2/from", 'did you mean "previous"?', SAYS),
    ("schedule", "a day that is none", '"working_day"', '"workday"', 5, "/steps/1/on",
     '"any_day" or "working_day"', SAYS),
    ("schedule", "a tone that is none", '"pack": "dk"', '"pack": "dk", "tone": "wram"', 1, "/tone",
     'did you mean "warm"?', SAYS),
    ("schedule", "a role that is none", '"pack": "dk"', '"pack": "dk", "role": "thirdparty"', 1, "/role",
     'did you mean "third_party"?', SAYS),
    ("schedule", "no name", '"name": "shop", ', "", 1, "/name", "missing", SAYS),
    ("schedule", "an empty name", '"shop"', '""', 1, "/", '"name" is empty', SAYS),
    ("schedule", "a name with a blank", '"shop"', '"my shop"', 1, "/", "use only a-z", SAYS),
    ("schedule", "a gap of no days", '"gap_days_min": 5', '"gap_days_min": 0', 1, "/gap_days_min",
     "from 1 to 365", SAYS),
    ("schedule", "days in quotes", '"days": 4', '"days": "4"', 5, "/steps/1/days", "a whole number", SAYS),
    ("schedule", "days with a decimal", '"days": 4', '"days": 4.5', 5, "/steps/1/days",
     "a whole number", SAYS),
    ("schedule", "a fee in words", '{ "minor": 10000, "currency": "DKK" }', '"100 kr."', 8,
     "/steps/2/fee", "an object", SAYS),
    ("schedule", "a fee of nothing", '"minor": 10000', '"minor": 0', 8, "/steps/2/fee/minor", "from 1", SAYS),
    ("schedule", "a fee in no currency", '10000, "currency": "DKK"', '10000, "currency": "kr"', 8,
     "/steps/2/fee", "is not a currency known here", SAYS),
    ("schedule", "a fee in a currency that is not used", '10000, "currency": "DKK"',
     '10000, "currency": "XYZ"', 8, "/steps/2/fee", "is not a currency known here", CANNOT),
    ("schedule", "true in quotes", '"interest": true', '"interest": "yes"', 8, "/steps/2/interest",
     "true or false", SAYS),
    ("schedule", "no channels", ', "channels": ["sms"]', "", 4, "/steps/0/channels", "missing", SAYS),
    ("schedule", "an empty list of channels", '["sms"]', "[]", 4, "/steps/0/channels",
     "name at least one channel", SAYS),
    ("schedule", "a channel twice", '["email", "sms"]', '["email", "email"]', 6,
     "/steps/1/channels/1", "stands twice", SAYS),
    ("schedule", "no steps", '"steps": [', '"stairs": [', 1, "/steps", "missing", SAYS),
    ("schedule", "a hand-over that writes", '"handover": true', '"handover": true, "channels": ["email"]',
     9, "/steps/3/channels", "is not known here", SAYS),
    ("schedule", "a hand-over that charges", '"handover": true', '"handover": true, "interest": true',
     9, "/steps/3", "put them on the step before", SAYS),
    ("schedule", "the first step after a previous one", '"from": "due", "days": -3',
     '"from": "previous", "days": 3', 4, "/steps/0", 'write "from": "due"', CANNOT),
    ("schedule", "steps in the wrong order", '"days": 4', '"days": -5', 5, "/steps/1",
     "order them by day", CANNOT),
    ("schedule", "an id twice", '"friendly_reminder"', '"heads_up"', 5, "/steps/1",
     "stands above already", CANNOT),
    ("schedule", "a step that was another that is still there", '"id": "out"',
     '"id": "out", "was": "heads_up"', 9, "/steps/3", "which stands above", CANNOT),
    ("schedule", "a step after the hand-over", '"handover": true }',
     '"handover": true },\n    { "id": "more", "from": "previous", "days": 3, "channels": ["email"] }',
     10, "/steps/4", "must be last", CANNOT),
    ("schedule", "lapsing before its own day", '"lapses_days_after_due": 0', '"lapses_days_after_due": -4',
     4, "/steps/0/lapses_days_after_due", "from -2", CANNOT),
    ("schedule", "a member twice", '"resume_days": 2', '"resume_days": 2, "resume_days": 3', 1, "",
     "resume_days", CANNOT),
    ("schedule", "a comma too many", '["sms"] },', '["sms"] },,', 4, "", "", SAYS),
    ("segments", "a misspelt condition", '"country"', '"contry"', 3, "/segments/1/when/contry",
     'did you mean "country"?', SAYS),
    ("segments", "a misspelt party", '["business"]', '["busines"]', 3, "/segments/1/when/party/0",
     'did you mean "business"?', SAYS),
    ("segments", "a country in words", '"DK", "NO"', '"Denmark", "NO"', 3, "/segments/1/when/country/0",
     'two capital letters, e.g. "DK"', SAYS),
    ("segments", "one country without brackets", '["DK", "NO"]', '"DK"', 3, "/segments/1/when/country",
     "an array", SAYS),
    ("segments", "an empty condition", '["vip"]', "[]", 2, "/segments/0/when/segment",
     'leave "segment" out', SAYS),
    ("segments", "no schedule", '"when": { "segment": ["vip"] }, "schedule": "shop"',
     '"when": { "segment": ["vip"] }', 2, "/segments/0/schedule", "missing", SAYS),
    ("segments", "a name twice", '"firms"', '"vip"', 3, "/segments/1", "stands above already", CANNOT),
    ("experiment", "a misspelt member", '"horizon_days"', '"horizon_day"', None, "/horizon_day",
     'did you mean "horizon_days"?', SAYS),
    ("experiment", "one arm", None, None, None, "/arms", "give 2 to 8", SAYS),
    ("experiment", "shares that do not sum up", "3400", "3500", None, "/arms", "10100", CANNOT),
    ("experiment", "a planned size of nobody", '"lag_days": 3', '"lag_days": 3, "planned": {"debtors": 0, '
     '"base_basis_points": 6000, "effect_basis_points": 300}', None, "/planned/debtors", "from 1 to", SAYS),
    ("experiment", "a planned size without its effect", '"lag_days": 3', '"lag_days": 3, "planned": '
     '{"debtors": 900, "base_basis_points": 6000}', None, "/planned/effect_basis_points", "missing", SAYS),
    ("experiment", "an end that is no day", '"lag_days": 3', '"lag_days": 3, "planned": {"debtors": 900, '
     '"base_basis_points": 6000, "effect_basis_points": 300, "end": "soon"}', None, "/planned", "2027-03-01",
     SAYS),
    ("experiment", "a guardrail that is none", '"lag_days": 3', '"lag_days": 3, "guardrails": {"anger": 10}',
     None, "/guardrails/anger", "", SAYS),
    ("experiment", "an arm's channel that is none", '"tone": "warm",', '"tone": "warm", "channels": ["fax"],',
     None, "/arms/1/channels/0", "none of", SAYS),
    ("experiment", "a reference that is no arm", '"reference": "neutral"', '"reference": "cold"', None,
     "/", "not the name of an arm", CANNOT),
)


def base(kind):
    return {"schedule": SCHEDULE, "segments": SEGMENTS,
            "experiment": (ROOT / "experiments/dk-tone.json").read_text()}[kind]


def broken(kind, old, new):
    text = base(kind)
    if old is None:
        value = json.loads(text)
        value["arms"] = value["arms"][:1]
        return json.dumps(value)
    assert old in text, old
    return text.replace(old, new, 1)


def judge(documents):
    work = {"schemas": {k: json.loads((ROOT / p).read_text()) for k, p in SCHEMAS.items()},
            "documents": [{"kind": k, "text": t} for k, t in documents]}
    done = subprocess.run(["node", "-e", JUDGE], input=json.dumps(work), capture_output=True, text=True,
                          env={**os.environ, "NODE_PATH": os.path.abspath("tests/node_modules")},
                          timeout=60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def shipped():
    for path in sorted(ROOT.glob("*.json")) + sorted(ROOT.glob("experiments/*.json")):
        if not path.name.endswith(".schema.json"):
            yield ("experiment" if path.parent.name == "experiments" else
                   "segments" if path.name == "segments.json" else "schedule"), path


def asks_purr(folder, kind, text):
    """What `purr check` says of one file that stands in a workspace."""
    path = {"schedule": "schedules/shop.json", "segments": "schedules/segments.json",
            "experiment": "schedules/experiments/dk-tone.json"}[kind]
    where = folder / path
    kept = where.read_text() if where.exists() else None
    where.write_text(text)
    done = subprocess.run([PURR, "check", "-C", folder], capture_output=True, text=True, timeout=60)
    if kept is None:
        where.unlink()
    else:
        where.write_text(kept)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith(path)], path


def told(lines, path, line, pointer, words):
    where = rf"{re.escape(path)}:{line if line else '[0-9]+'}: "
    at = rf"({pointer}): " if pointer else ""
    return any(re.match(where + at, x) and words in x for x in lines)


tree = list(shipped())
answers = judge([(k, p.read_text()) for k, p in tree])
tap.ok(len(tree) >= 16, "there are fourteen schedules, a list of segments and an experiment")
for (kind, path), errors in zip(tree, answers):
    tap.same(errors, [], f"{path} is what its schema says")

verdicts = judge([(row[0], broken(row[0], row[2], row[3])) for row in BROKEN])
with tempfile.TemporaryDirectory() as temp:
    folder = pathlib.Path(temp) / "w"
    subprocess.run([PURR, "init", folder], check=True, capture_output=True, timeout=60)
    for kind in ("schedule", "segments", "experiment"):
        lines, _ = asks_purr(folder, kind, base(kind))
        tap.ok(not any(re.search(r":[0-9]+: ", x) for x in lines),
               f"the sound {kind} has nothing wrong in it", "\n".join(lines))
    for row, errors in zip(BROKEN, verdicts):
        kind, what, old, new, line, pointer, words, can = row
        lines, path = asks_purr(folder, kind, broken(kind, old, new))
        tap.ok(told(lines, path, line, pointer, words),
               f"{kind}, {what}: purr says where and what instead", "\n".join(lines))
        tap.same(bool(errors), can, f"{kind}, {what}: the schema {'refuses' if can else 'cannot say'}")
tap.done()
