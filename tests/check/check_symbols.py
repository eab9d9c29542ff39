"""Which object calls which library, and what none may call: the undefined
symbols of build/debug against tests/symbols.txt.

check_symbols.py [ROOT]         `make V=debug all` comes first
"""
import fnmatch
import os
import subprocess
import sys

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SYSTEM_LIBRARIES = ("libc.so.6", "libm.so.6")
# The linker and the compiler's own runtime provide these.
LINKER = {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail_local", "atexit", "environ",
          "__dso_handle", "__tls_get_addr"}


def read_table(path):
    """[(set of places, pattern)] in the order of the file."""
    rows = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            left, colon, right = line.partition("#")[0].partition(":")
            if colon:
                places = set(left.split())
                rows.extend((places, pattern) for pattern in right.split())
    return rows


def places_of(symbol, rows):
    """Where the table lets a symbol be called; None: no row names it."""
    best, places = 0, None
    for where, pattern in rows:
        if symbol == pattern:
            weight = 10_000
        elif "*" in pattern and fnmatch.fnmatchcase(symbol, pattern):
            weight = len(pattern)
        else:
            continue
        if weight > best:
            best, places = weight, set(where)
        elif weight == best:
            places |= where
    return places


def nm(options, paths):
    """[(file, symbol)] as nm tells."""
    if not paths:
        return []
    out = subprocess.run(["nm", "-A", "-P", *options, *paths], check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    pairs = []
    for line in out.splitlines():
        file, _, rest = line.partition(": ")
        pairs.append((file, rest.split()[0].partition("@")[0]))
    return pairs


def system_symbols():
    found = set(LINKER)
    for name in SYSTEM_LIBRARIES:
        path = subprocess.run(["gcc", f"-print-file-name={name}"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        found |= {symbol for _, symbol in nm(["-D", "--defined-only"], [path])}
    return found


def objects(root):
    """{path of the object file: its name in the table, "base/clock.o"}"""
    top = os.path.join(root, "build/debug/src")
    found = {}
    for here, _, files in os.walk(top):
        for name in files:
            path = os.path.join(here, name)
            source = os.path.join(root, os.path.relpath(
                path, os.path.join(root, "build/debug")))[:-2]
            # An object of a file that is gone says nothing.
            if name.endswith(".o") and (os.path.exists(source + ".c")
                                        or os.path.exists(source + ".cc")):
                found[path] = os.path.relpath(path, top)
    return found


def problems(root):
    rows = read_table(os.path.join(root, "tests/symbols.txt"))
    names = objects(root)
    paths = sorted(names)
    ours = {symbol for _, symbol in nm(["-g", "--defined-only"], paths)}
    system = system_symbols()
    found = []
    for path, symbol in nm(["-u"], paths):
        if symbol in ours or symbol.startswith("asset_"):
            continue
        name = names[path]
        places = places_of(symbol, rows)
        if places is None:
            if symbol not in system:
                found.append(f"{name}: {symbol}() is of a library that "
                             "tests/symbols.txt does not name")
        elif "all" in places or name in places \
                or name.split("/")[0] + "/" in places:
            continue
        elif places == {"never"}:
            found.append(f"{name}: {symbol}() may not be called anywhere")
        else:
            allowed = " ".join(sorted(places - {"never"}))
            found.append(f"{name}: {symbol}() may only be called in {allowed}")
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else ROOT
    found = problems(root)
    tap.ok(not found, "each object calls what its folder may call", "\n".join(found))
    count = len(objects(root))
    tap.ok(count > 0, f"{count} object files were read",
           "none in build/debug: run make V=debug all")
    tap.done()


if __name__ == "__main__":
    main()
