"""wire_probe.py - runs tests/wire/wire_probe.c and reads what it prints."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

VARIANT = os.environ.get("V", "release")
PROGRAM = f"build/{VARIANT}/tests/wire/wire_probe"

MAIL = {
    "channel": "email", "contact": 1, "date": 1795251600, "lang": "da",
    "from": "regnskab@butik.example", "from_name": "Bøgernes Butik",
    "to": "kunde{id}@kunde.example", "to_name": "Søren Åby",
    "reply_to": "svar+a1@butik.example", "envelope_from": "bounces+{id}@butik.example",
    "subject": "Påmindelse om faktura 1042", "message_id": "c{id}@butik.example",
    "text": "Hej Søren\n\n.en linje med punktum\nVenlig hilsen\n",
    "html": "<p>Hej Søren</p>\n", "boundary": "=_purr_{id}",
    "unsubscribe_url": "https://butik.example/u/abc",
}

SMS = {
    "channel": "sms", "contact": 1, "date": 1795251600, "from": "Butik",
    "to": "+4520123456", "text": "Hej, husk din regning. Tak!",
}


def run(config, messages, die_at=None, seconds=90):
    """Returns (outcomes by contact, last line, exit code, stderr)."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(config, f)
        f.flush()
        env = dict(os.environ)
        env.pop("PURR_DIE_AT", None)
        if die_at:
            env["PURR_DIE_AT"] = die_at
        done = subprocess.run([PROGRAM, f.name], timeout=seconds, env=env, text=True,
                              input="".join(json.dumps(m) + "\n" for m in messages),
                              capture_output=True)
    outcomes, last = {}, None
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if "contact" in row:
            outcomes.setdefault(row["contact"], []).append(row)
        else:
            last = row
    return outcomes, last, done.returncode, done.stderr
