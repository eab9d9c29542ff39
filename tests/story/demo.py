#!/usr/bin/env python3
"""demo.py - what `make demo` runs, on a ledger of one's own whose name has a
space in it: the two commands that it ends with are typed as they stand, and
open a page on which something is owed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS]
import tap

PROFILE = "tests/data/invoices.profile.json"


def demo(*args):
    return subprocess.run(["tests/demo", *args], capture_output=True, text=True)


def refused(what, *args):
    done = demo(*args)
    tap.ok(done.returncode == 1 and done.stdout == "" and len(done.stderr.splitlines()) == 1, what,
           (done.returncode, done.stdout, done.stderr))


def look(command, url):
    """The page, from the program started as printed, but on a free port."""
    child = subprocess.Popen([*command.split(), "--listen", "127.0.0.1:0"], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = re.search(r":(\d+)/", child.stdout.readline()).group(1)
        with urllib.request.urlopen(re.sub(r":\d+/", f":{port}/", url) + "?lang=en", timeout=20) as r:
            return r.status, r.read().decode()
    finally:
        child.terminate()
        child.wait()
        child.stdout.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        ledger = os.path.join(folder, "Åbne poster 2026.csv")
        shutil.copy("tests/data/invoices.csv", ledger)
        done = demo(ledger, PROFILE)
        tap.ok(done.returncode == 0 and "Messages sent:" in done.stdout, "a ledger of one's own",
               done.stderr)
        command, _, url = done.stdout.splitlines()[-3:]
        status, page = look(command, url.strip())
        tap.ok(status == 200 and ("To pay now" in page or "Not due yet" in page),
               "ends with what opens a page of it", (command, url, page))
        refused("a ledger without a profile", ledger, "")
        refused("no such ledger", os.path.join(folder, "none.csv"), PROFILE)
        refused("no such profile", ledger, os.path.join(folder, "none.json"))
    recipe = subprocess.run(["make", "-n", "demo", "LEDGER=a b.csv", "MAP=c d.json"], text=True,
                            capture_output=True).stdout
    tap.ok('tests/demo "a b.csv" "c d.json"' in recipe, "make hands names on whole", recipe)
    tap.done()


main()
