"""trees.py - reference numbers as trees, and the first place where two differ."""
import json
import math
import os

import tap

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors", "stats")


def vector(name):
    with open(os.path.join(VECTORS, name + ".json"), encoding="utf-8") as f:
        return json.load(f)


def table(name):
    return os.path.join(VECTORS, name + ".csv")


def apart(got, wanted, tolerance, path=""):
    """The first place where two trees of numbers are not the same, or ""."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if key not in got:
                return f"{path}/{key}: missing"
            found = apart(got[key], value, tolerance, f"{path}/{key}")
            if found:
                return found
        return ""
    if isinstance(wanted, list):
        if len(got) != len(wanted):
            return f"{path}: {len(got)} values, not {len(wanted)}"
        return next((a for a in (apart(g, w, tolerance, f"{path}/{i}")
                                 for i, (g, w) in enumerate(zip(got, wanted))) if a), "")
    if wanted is None or got is None or isinstance(wanted, (str, bool)):
        return "" if got == wanted else f"{path}: {got}, not {wanted}"
    near = math.isclose(got, wanted, rel_tol=tolerance, abs_tol=1e-13)
    return "" if near else f"{path}: {got!r}, not {wanted!r}"


def same(got, wanted, tolerance, what):
    trouble = apart(got, wanted, tolerance)
    tap.ok(trouble == "", what, trouble)
