"""rules.py - asks tests/rules/rules_probe.c about rule packs.

    with rules.Probe() as probe:
        probe.ask(do="load", pack=rules.pack_text("no"), calendar=rules.calendar_text("no"))
        probe.ask(do="deadline", purpose="formal_notice", channel="letter", ...)
"""
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROBE = os.path.join(ROOT, f"build/{os.environ.get('V', 'release')}/tests/rules/rules_probe")
PACKS = ("dk", "no", "se", "fi", "de", "gb", "us")


def text_of(*path):
    with open(os.path.join(ROOT, "schedules", *path), encoding="utf-8") as f:
        return f.read()


def pack_text(name):
    return text_of("rules", f"{name}.json")


def calendar_text(name):
    return text_of("calendars", f"{name}.ics")


class Probe:
    def __enter__(self):
        self.program = subprocess.Popen([PROBE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8")
        return self

    def __exit__(self, *_):
        self.program.stdin.close()
        self.program.wait(timeout=20)

    def ask(self, **question):
        self.program.stdin.write(json.dumps(question) + "\n")
        self.program.stdin.flush()
        return json.loads(self.program.stdout.readline())
