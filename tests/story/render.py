"""render.py - `purr render --file` as a person uses it: output, one clear line
on trouble, exit codes.  PURR names the program to judge.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PURR = os.path.abspath(os.environ.get("PURR", "build/release/purr"))


def run(folder, *args, stdin=b""):
    done = subprocess.run([PURR, "render", *args], cwd=folder, input=stdin,
                          capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def put(folder, name, text):
    path = pathlib.Path(folder, name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())


def good(folder):
    put(folder, "t", "Dear {{name}},\n  {{>rows}}\n{{>gone}}")
    put(folder, "d", json.dumps({"name": "Bo & Åse", "rows": [1, 2]}))
    put(folder, "parts/rows.mustache", "{{#rows}}\n- {{.}}\n{{/rows}}\n")
    text = "Dear Bo &amp; Åse,\n  - 1\n  - 2\n"
    tap.same(run(folder, "--file", "t", "--data", "d", "--partials", "parts"), (0, text, ""),
             "a template, data, a partial and a missing one")
    tap.same(run(folder, "--file=t", "--data=d"), (0, "Dear Bo &amp; Åse,\n", ""),
             "without --partials partials are empty")
    tap.same(run(folder, "--file", "t"), (0, "Dear ,\n", ""), "without --data names are empty")
    tap.same(run(folder, "--file", "t", "--data", "-", stdin=b'{"name": "Io"}'),
             (0, "Dear Io,\n", ""), "data from standard input")
    tap.same(run(folder, "--file", "-", "--data", "d", stdin=b"{{{name}}}"),
             (0, "Bo & Åse", ""), "a template from standard input")
    code, out, _ = run(folder, "--file", "t", "--data", "d", "--json")
    tap.same((code, json.loads(out)), (0, {"text": "Dear Bo &amp; Åse,\n"}), "--json")
    put(folder, "big", "{{#.}}{{.}}\n{{/.}}")
    put(folder, "many", json.dumps(list(range(1, 100001))))
    tap.ok(run(folder, "--file", "big", "--data", "many")[1]
           == "".join(f"{i}\n" for i in range(1, 100001)), "a hundred thousand lines")


def refused(folder):
    put(folder, "open", "a\n  {{#rows}}\n")
    put(folder, "empty", "")
    put(folder, "bad.json", '{"a": 1,\n "a": 2}')
    put(folder, "use", "{{>*a}}")
    put(folder, "parts/loop.mustache", "x{{>loop}}")
    put(folder, "parts/broken.mustache", "\n{{x")
    put(folder, "up", '{"a": "../parts/loop"}')
    put(folder, "loop", '{"a": "loop"}')
    put(folder, "broken", '{"a": "broken"}')
    parts = ("--partials", "parts")
    for says, args, line in [
            ("an open section", ("--file", "open"),
             "purr: open:2:3: 'rows' is not closed; write {{/rows}}\n"),
            ("a missing template", ("--file", "none"), "purr: none: No such file or directory\n"),
            ("missing data", ("--file", "empty", "--data", "none"),
             "purr: none: No such file or directory\n"),
            ("a key given twice", ("--file", "empty", "--data", "bad.json"),
             "purr: bad.json:2:4: duplicate object key near '\"a\"'\n"),
            ("a partial outside its folder", ("--file", "use", "--data", "up", *parts),
             "purr: a partial's name may not hold '..' or begin with '/': ../parts/loop\n"),
            ("a partial without end", ("--file", "use", "--data", "loop", *parts),
             "purr: parts/loop.mustache:1:2: partial 'loop' lies more than 128 partials deep; "
             "does it end?\n"),
            ("a broken partial", ("--file", "use", "--data", "broken", *parts),
             "purr: parts/broken.mustache:2:1: the tag is not closed; write }} behind it\n")]:
        tap.same(run(folder, *args), (1, "", line), f"refused: {says}")


def misused(folder):
    for says, args, word in [
            ("no template", (), "something is missing"),
            ("a word too many", ("--file", "empty", "x"), "one word too many: x"),
            ("an unknown option", ("--file", "empty", "--dta", "d"), "--dta"),
            ("two standard inputs", ("--file", "-", "--data", "-"), "standard input")]:
        code, out, err = run(folder, *args)
        tap.ok(code == 2 and out == "" and word in err and err.count("\n") == 1,
               f"wrong usage: {says}", err)
    code, out, _ = run(folder, "--help")
    tap.ok(code == 0 and out.startswith("usage: purr render"), "--help")


with tempfile.TemporaryDirectory() as folder:
    good(folder)
    refused(folder)
    misused(folder)
tap.done()
