"""mustache_spec.py PURR DIR - the Mustache specification's own test files
(github.com/mustache/spec, specs/*.json) against `purr render --file`.

The files are not part of this repository: DIR is wherever they lie.  Lambdas
are left out: templates here hold no code.  Prints TAP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

LEFT_OUT = {"~lambdas"}


def render(purr, case, folder):
    (folder / "t").write_bytes(case["template"].encode())
    (folder / "d").write_text(json.dumps(case["data"]))
    partials = folder / "partials"
    partials.mkdir()
    for name, text in case.get("partials", {}).items():
        (partials / (name + ".mustache")).write_bytes(text.encode())
    done = subprocess.run([purr, "render", "--file", folder / "t", "--data", folder / "d",
                           "--partials", partials], capture_output=True, timeout=20)
    return done.stdout.decode() if done.returncode == 0 else done.stderr.decode()


def main(purr, where):
    files = [f for f in sorted(pathlib.Path(where).glob("*.json")) if f.stem not in LEFT_OUT]
    for file in files:
        cases = json.loads(file.read_text())["tests"]
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                got = render(purr, case, pathlib.Path(folder))
            tap.same(got, case["expected"], f"{file.stem}: {case['name']}")
        tap.note(f"{file.stem}: {len(cases)} cases")
    tap.done()


if len(sys.argv) != 3:
    sys.exit("usage: mustache_spec.py PURR DIR")
main(*sys.argv[1:])
