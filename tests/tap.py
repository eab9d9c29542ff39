"""tap.py - the few lines that every Python test shares: it prints TAP 13.

Use: import tap; tap.ok(condition, "what must hold"); ...; tap.done()
A test program that ends without done() has failed (no plan was printed).
"""
import sys

_count = 0
_failed = 0


def ok(condition, what, detail=""):
    """One check.  Returns whether it held."""
    global _count, _failed
    _count += 1
    what = what.replace("\n", " ").replace("#", "no.")
    if condition:
        print(f"ok {_count} - {what}", flush=True)
    else:
        _failed += 1
        print(f"not ok {_count} - {what}", flush=True)
        for line in str(detail).splitlines():
            print(f"# {line}", flush=True)
    return bool(condition)


def same(got, wanted, what):
    """ok() for two values, which shows both when they differ."""
    return ok(got == wanted, what, f"got:    {got!r}\nwanted: {wanted!r}")


def note(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)


def done():
    """Prints the plan and ends the program."""
    print(f"1..{_count}", flush=True)
    sys.exit(1 if _failed or _count == 0 else 0)
