#!/usr/bin/env python3
"""wire-spam.py - every e-mail of every step, tone and language before SpamAssassin's offline
rules: each must score below 2.0 (5.0 is what it calls spam)."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "lib")]
import servers  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

MOST = 2.0
LANGS = ("da", "en", "nb", "sv", "fi", "de")
NAMES = {"da": "Søren Åby", "en": "Ann Smith", "nb": "Kåre Øye", "sv": "Åsa Öberg", "fi": "Äijä Mäki", "de": "Jürgen Groß"}
DAYS = ("2026-09-21", "2026-09-28", "2026-10-08", "2026-10-23")


class Spamd(servers.Server):
    def __init__(self):
        super().__init__()
        self.port = servers.free_port()
        self.start_or_stop(self.port, "/usr/sbin/spamd", "--local", "--nouser-config", "--max-children=2",
                           f"--helper-home-dir={self.dir}", "--syslog=stderr", f"--listen=127.0.0.1:{self.port}",
                           *(["--username=nobody"] if os.getuid() == 0 else []))

    def judge(self, raw):
        """(score, the rules that were hit)"""
        done = subprocess.run(["spamc", "-d", "127.0.0.1", "-p", str(self.port), "-R"], input=raw,
                              capture_output=True, timeout=120)
        report = done.stdout.decode("utf-8", "replace")
        score = re.match(r"(-?[\d.]+)/", report)
        return (float(score.group(1)) if score else None), re.findall(r"^\s*(-?[\d.]+)\s+([A-Z0-9_]{4,})", report, re.M)


def letters(tone):
    """Every e-mail of a ladder in that tone, by its step and language."""
    with Workspace() as w:
        w.setting("purr", "base_url", "https://betal.nordlys-el.dk")
        for name, value in (("email", "hej@nordlys-el.dk"), ("from", "regnskab@nordlys-el.dk"),
                            ("bounce_domain", "nordlys-el.dk")):
            w.setting("creditor demo", name, value)
        w.schedule(lambda s: (s.update(tone=tone, experiment="", plan_offer=True, sender="Mette Holm"),
                              [p.update(channels=["email"]) for p in s["steps"] if "handover" not in p]))
        w.invoices([invoice(f"F-2026-{k}", f"K{k}", "2026-09-24", "1250.00", lang=lang, name=NAMES[lang],
                            email=f"kunde{k}@kunde.dk") for k, lang in enumerate(LANGS)], "2026-09-18T10:00:00Z")
        for day in DAYS:
            w.json("plan", at=f"{day}T06:30:00Z")
            w.json("send", at=f"{day}T06:30:00Z")
        what = {k: (step, lang) for k, step, lang in w.sql("select id, step, lang from contact where state = 'sent'")}
        folder = w.path("outbox", "mail", "new")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as f:
                yield what[int(re.match(r"C(\d+)", name).group(1))], f.read()


with Spamd() as spamd:
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
    score, _ = spamd.judge(b"From: a@b.dk\r\nTo: c@d.dk\r\nSubject: x\r\n\r\n" + gtube + b"\r\n")
    tap.ok(score is not None and score > 100, "it is awake", score)
    for voice in ("warm", "neutral", "firm"):
        found = {what: spamd.judge(raw) for what, raw in letters(voice)}
        tap.same(len(found), 4 * len(LANGS), f"{voice}: four steps in six languages")
        worst = max(found, key=lambda k: found[k][0])
        tap.note(f"{voice}: worst {found[worst][0]} {' '.join(worst)} {found[worst][1]}")
        tap.same([(k, v) for k, v in found.items() if v[0] is None or v[0] >= MOST], [], f"{voice}: all below {MOST}")
tap.done()
