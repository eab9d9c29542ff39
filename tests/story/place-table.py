"""The table of base/abode.c against two others: ZIP codes of npm's zipcodes,
area codes of libphonenumber's geocodes and time zones.

The table may name more zones than they (a state has them all); it may not lack
one.  Where they differ on purpose, KNOWN says why.
"""
import datetime
import json
import os
import subprocess
import sys
import zoneinfo

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..")]
import tap  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("V", "release")
TABLE = os.path.join(ROOT, f"build/{BUILD}/tests/unit/base/test_abode")
ABROAD = {"AE", "AA", "AP", "PW", "FM", "MH"}       # the army's, and states of their own

# {ZIP prefix: {code: (state that the package has, why)}}
KNOWN_ZIPS = {
    "205": {"20588": ("MD", "an office of the government of D.C."),
            "20598": ("VA", "an office of the government of D.C.")},
    "876": {"87654": ("NM", "no such post office")},
}
# {area code: (zone that the package has, why)}
KNOWN_ZONES = {
    "907": ("Pacific/Honolulu", "nowhere in Alaska; the Aleutians kept such time until 1983"),
}
# Given out after the package's data were made, or not yet in them.
NEWER_CODES = {"357", "387", "436", "457", "471", "621", "624", "679", "837", "861", "924"}


def ask(lines):
    done = subprocess.run([TABLE, "--dump"], input="".join(line + "\n" for line in lines),
                          capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def offsets(zones):
    """What the clocks of zones say in winter and in summer."""
    moments = [datetime.datetime(2027, month, 1, tzinfo=datetime.timezone.utc) for month in (1, 7)]
    return {tuple(m.astimezone(zoneinfo.ZoneInfo(z)).utcoffset() for m in moments) for z in zones}


def zips(package):
    wrong, seen = [], 0
    prefixes = [f"{n:03d}" for n in range(1000)]
    for prefix, (region, _) in zip(prefixes, ask([f"\t\t{p}99\t" for p in prefixes])):
        known = KNOWN_ZIPS.get(prefix, {})
        theirs = {state for state, codes in package.get(prefix, {}).items()
                  if state not in ABROAD and
                  any(known.get(code, ("",))[0] != state for code in codes)}
        seen += bool(theirs)
        ours = set(region.split()) - {"NYC"}
        if ours != theirs:
            wrong.append(f"{prefix}: {sorted(ours)}, the package {package.get(prefix)}")
    tap.ok(not wrong and seen > 900, f"{seen} prefixes of ZIP codes lie in the states that "
           "zipcodes says", "\n".join(wrong))


def area_codes(package):
    lacking, unknown, alone, seen = [], [], set(), 0
    (_, everywhere), = ask(["\t\t\t"])
    codes = [str(n) for n in range(200, 1000)]
    for code, (_, zones) in zip(codes, ask([f"\t\t\t+1{c}5550100" for c in codes])):
        theirs = package.get(code)
        if theirs is None:
            if zones != everywhere:
                alone.add(code)
            continue
        if zones == everywhere:
            unknown.append(f"{code}: {theirs}")
            continue
        seen += 1
        wanted = set(theirs["zones"]) - {KNOWN_ZONES.get(code, ("",))[0]}
        if not offsets(wanted) <= offsets(zones.split()):
            lacking.append(f"{code} ({theirs['states'][0]}): {zones}, the package {wanted}")
    tap.ok(not lacking and seen > 400, f"{seen} area codes have all zones that libphonenumber "
           "says", "\n".join(lacking))
    tap.same(unknown, [], "no area code that it knows is unknown here")
    tap.same(alone, NEWER_CODES, "and these are known here alone")


twin = json.loads(subprocess.run(["node", os.path.join(ROOT, "tests/unit/base/abode_twin.js")],
                                 capture_output=True, text=True, check=True).stdout)
zips(twin["zips"])
area_codes(twin["codes"])
tap.done()
