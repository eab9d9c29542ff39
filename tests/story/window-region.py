"""purr window --region: the region's own calendar, and no word that the pack does
not know.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
import tap  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
PURR = os.path.abspath(os.environ.get("PURR", os.path.join(ROOT, "build/release/purr")))
CORPUS_CHRISTI = "2026-06-04T10:00:00Z"


def window(pack, region, *more):
    return subprocess.run([PURR, "window", "--rules", pack, "--channel", "sms", "--zone",
                           "Europe/Berlin", "--region", region, *more, "--at", CORPUS_CHRISTI],
                          capture_output=True, text=True)


for region, allowed in (("", True), ("BE", True), ("BY", False), ("NW", False)):
    tap.same(json.loads(window("de", region, "--json").stdout)["allowed"], allowed,
             f"Corpus Christi, region '{region}'")
for pack, region, words in (
        ("de", "XX", ["'XX'", "BW BY BE", "TH"]), ("de", "by", ["'by'"]),
        ("gb", "CA", ["ENG WLS SCT NIR"]), ("us", "BY", ["FL MA NYC CA and every state"]),
        ("dk", "84", ["it has none"])):
    done = window(pack, region)
    tap.ok(done.returncode == 1 and all(w in done.stderr for w in words) and not done.stdout,
           f"{pack}: {region} is refused, and the known ones are named", done.stderr)
tap.same(window("us", "TX").returncode, 0, "a state without a rule of its own is known")
line = json.dumps({"id": 7, "pack": "de", "channel": "sms", "zone": "Europe/Berlin", "region": "XX",
                   "at": CORPUS_CHRISTI})
many = subprocess.run([PURR, "window", "--from", "-"], input=line + "\n", capture_output=True,
                      text=True)
tap.ok(many.returncode == 1 and "not a region" in json.loads(many.stdout)["error"],
       "in a file of questions it is an error of its line", many.stdout)
tap.done()
