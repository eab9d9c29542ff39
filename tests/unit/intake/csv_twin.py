#!/usr/bin/env python3
"""csv_twin.py - what Python's csv module writes, purr reads back equal.

Use: csv_twin.py [FILES] [TEST_TABLE_PROGRAM], from the top of the source tree.
Prints TAP.  Tables are drawn from a fixed seed: every delimiter, line ending,
quoting and encoding, fields with quotes, delimiters and line breaks.
"""
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", ".."))
import tap  # noqa: E402

FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 300
PROGRAM = sys.argv[2] if len(sys.argv) > 2 else "build/release/tests/unit/intake/test_table"
PIECES = ["a", "Z", "0", " ", "  ", ",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "'", "=1+1",
          "æ", "Ø", "€", "ß", "é", "\u00a0", "x" * 50]
WIDE = ["日本", "Þóra", "😀", "\u202f", "\ufeff"]


def field(draw, encoding):
    pieces = PIECES + (WIDE if encoding == "utf-8" else [])
    pieces = [p for p in pieces if p.encode(encoding, "ignore").decode(encoding) == p]
    return "".join(draw.choice(pieces) for _ in range(draw.randint(0, 6)))


def table(draw, encoding):
    columns = draw.randint(2, 8)
    header = [f"column {i}" for i in range(columns)]
    rows = [[field(draw, encoding) for _ in range(columns)]
            for _ in range(draw.randint(1, 30))]
    rows[0][0] = "ø"        # beyond ASCII, so that the encoding matters
    return [header] + rows


def read_back(path, delimiter, encoding):
    done = subprocess.run([PROGRAM, "--dump", path, delimiter, encoding],
                          capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        return done.stdout.strip() or done.stderr
    return [json.loads(line.split(" ", 1)[1]) for line in done.stdout.splitlines()]


def one(seed, folder):
    draw = random.Random(seed)
    encoding = draw.choice(["utf-8", "utf-8-sig", "windows-1252"])
    delimiter = draw.choice([",", ";", "\t"])
    told = draw.choice([delimiter, "auto"])
    rows = table(draw, "windows-1252" if encoding == "windows-1252" else "utf-8")
    end = draw.choice(["\n", "\r\n", "\r"])
    quoting = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    # Python quotes a line break only if it is one of the file's own; a bare
    # one of the other kind is a line end to every reader of mixed files.
    if end != "\r\n" and any(c in f for row in rows for f in row for c in "\r\n"):
        quoting = csv.QUOTE_ALL
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    written = text.getvalue()
    path = os.path.join(folder, "t.csv")
    with open(path, "wb") as out:
        out.write(written.encode(encoding))
    got = read_back(path, told, "windows-1252" if encoding == "windows-1252" else "utf-8")
    return got == rows, f"seed {seed} {encoding} {delimiter!r}\nwrote {written!r}\ngot {got!r}"


def main():
    wrong = []
    with tempfile.TemporaryDirectory(dir="build") as folder:
        for seed in range(FILES):
            same, detail = one(seed, folder)
            if not same:
                wrong.append(detail)
        tap.ok(not wrong, f"{FILES} tables read back as they were written",
               "\n".join(wrong[:3]))
        # the judge itself: a changed field must be seen
        path = os.path.join(folder, "t.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("a,b\n1,2\n")
        tap.ok(read_back(path, ",", "utf-8") != [["a", "b"], ["1", "3"]],
               "a difference would be seen")
    tap.done()


main()
