"""Is the runner itself right?  Feeds tests/run programs made for the purpose
and compares its last line, its exit code and what it names."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUN = os.path.join(ROOT, "tests", "run")

# name, script, the last line, exit code, words that must be in the output
CASES = [
    ("two that pass", "echo 'ok 1 - a'; echo 'ok 2 - b'; echo 1..2",
     "2 passed, 0 failed, 0 skipped", 0, []),
    ("the plan may come first", "echo 1..1; echo 'ok 1 - a'",
     "1 passed, 0 failed, 0 skipped", 0, []),
    ("a failing test is shown", "echo 1..2; echo 'ok 1 - a'; echo 'not ok 2 - b'; "
     "echo '# because'; exit 1", "1 passed, 1 failed, 0 skipped", 1,
     ["| not ok 2 - b", "| # because"]),
    ("a failing test counts though the exit code is 0",
     "echo 1..1; echo 'not ok 1 - a'", "0 passed, 1 failed, 0 skipped", 1, []),
    ("an exit code without a failing test is one failure",
     "echo 1..1; echo 'ok 1 - a'; exit 3", "1 passed, 1 failed, 0 skipped", 1,
     ["exit code 3, though no test failed"]),
    ("a crash is one failure", "echo 1..1; echo 'ok 1 - a'; kill -SEGV $$",
     "1 passed, 1 failed, 0 skipped", 1, ["signal 11"]),
    ("no test at all is a failure", "echo hello", "0 passed, 1 failed, 0 skipped", 1,
     ["printed no test", "| hello"]),
    ("silence is a failure", ":", "0 passed, 1 failed, 0 skipped", 1,
     ["printed no test"]),
    ("a plan not kept is a failure", "echo 1..3; echo 'ok 1 - a'; echo 'ok 2 - b'",
     "2 passed, 1 failed, 0 skipped", 1, ["planned 3 tests and ran 2"]),
    ("more tests than planned are a failure",
     "echo 1..1; echo 'ok 1 - a'; echo 'ok 2 - b'",
     "2 passed, 1 failed, 0 skipped", 1, ["planned 1 tests and ran 2"]),
    ("no plan is a failure", "echo 'ok 1 - a'", "1 passed, 1 failed, 0 skipped", 1,
     ["printed no plan"]),
    ("several groups of one program", "echo 1..1; echo 'ok 1 - a'; echo 1..2; "
     "echo 'ok 1 - a'; echo 'ok 2 - b'", "3 passed, 0 failed, 0 skipped", 0, []),
    ("a skip is counted and shown",
     "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b # SKIP no moon'",
     "1 passed, 0 failed, 1 skipped", 0, ["# SKIP no moon"]),
    ("cmocka's way of skipping", "echo 1..2; echo 'ok 1 - a'; echo 'not ok 2 # SKIP b'",
     "1 passed, 0 failed, 1 skipped", 0, []),
    ("a whole program skipped is shown, and is no success",
     "echo '1..0 # SKIP no sun'", "0 passed, 0 failed, 1 skipped", 1, ["no sun"]),
    ("bailing out is a failure", "echo 1..1; echo 'ok 1 - a'; echo 'Bail out! no disk'",
     "1 passed, 1 failed, 0 skipped", 1, ["Bail out! no disk"]),
    ("errors are shown with the output", "echo 'not ok 1 - a'; echo oops >&2; echo 1..1",
     "0 passed, 1 failed, 0 skipped", 1, ["| oops"]),
    ("the environment is set", 'echo "ok 1 - $PURR $V $TZ"; echo 1..1; '
     'case $PURR in */build/fake/purr) ;; *) exit 1 ;; esac; [ "$V" = fake ]; '
     '[ -d "$TMPDIR" ] && case $ASAN_OPTIONS in *handle_segv=2*) ;; *) exit 1 ;; esac',
     "1 passed, 0 failed, 0 skipped", 0, []),
    ("a server left running is ended and counts",
     "echo 'ok 1 - a'; echo 1..1; setsid sleep 61 >/dev/null 2>&1 &",
     "1 passed, 1 failed, 0 skipped", 1, ["left running: sleep"]),
    ("one that hangs is ended with what it started",
     "setsid sleep 62 & echo 'ok 1 - a'; sleep 62; echo 1..1",
     "1 passed, 1 failed, 0 skipped", 1, ["did not end within 1 s"]),
]


def run(folder, words, *options):
    done = subprocess.run([sys.executable, RUN, *options, *words], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout


def running(argv):
    """Is a process with exactly these arguments there?"""
    wanted = "\0".join(argv).encode() + b"\0"
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as f:
                if entry.isdigit() and f.read() == wanted:
                    return True
        except OSError:
            continue
    return False


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def try_cases(folder):
    for number, (what, script, last, code, words) in enumerate(CASES):
        path = write(folder, f"case{number}.sh", script + "\n")
        got, out = run(folder, ["fake:", path], "-t", "1" if "hangs" in what else "20")
        lines = out.splitlines()
        missing = [w for w in words if w not in out]
        tap.ok(lines and lines[-1] == last and got == code and not missing, what,
               f"exit code {got}, wanted {code}; last line wanted: {last}\n"
               f"missing: {missing}\n{out}")
    tap.ok(not running(["sleep", "61"]) and not running(["sleep", "62"]),
           "nothing of them is running now")


def try_many(folder):
    good = write(folder, "good.sh", "echo 'ok 1 - a'; echo 1..1\n")
    bad = write(folder, "bad.py", "print('not ok 1 - b'); print('1..1')\n")
    code, out = run(folder, ["one:", good, bad, "two:", good])
    tap.ok(out.splitlines()[-1] == "2 passed, 1 failed, 0 skipped" and code == 1
           and f"failed: one {bad}" in out and f"ok   two {good}" in out,
           "totals over several programs and builds, the failed ones named", out)
    code, out = run(folder, [os.path.join(folder, "none.exe")])
    tap.ok(code == 1 and out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
           and "cannot be started" in out, "a program that is not there fails", out)
    code, out = run(folder, [])
    tap.ok(code == 1 and out.splitlines()[-1] == "0 passed, 0 failed, 0 skipped",
           "nothing to run is no success", out)
    slow = write(folder, "slow.sh", "# time-limit: 30\nsleep 2; echo 'ok 1'; echo 1..1\n")
    code, out = run(folder, [slow], "-t", "1")
    tap.ok(code == 0, "a marker in the script lengthens its time", out)
    script = "# alone\nmkdir lock || exit 1; sleep 0.4; rmdir lock; echo ok 1; echo 1..1\n"
    os.chdir(folder)
    lone = [write(folder, f"alone{n}.sh", script.replace("lock", f"{folder}/lock"))
            for n in range(3)]
    code, out = run(folder, lone, "-j", "3")
    tap.ok(code == 0 and out.endswith("3 passed, 0 failed, 0 skipped\n"),
           "those that must be alone are", out)


def try_stop(folder):
    """Ctrl-C ends the tests' servers too."""
    path = write(folder, "endless.sh", "setsid sleep 63 & sleep 63\n")
    child = subprocess.Popen([sys.executable, RUN, path], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while not running(["sleep", "63"]) and time.monotonic() < deadline:
        time.sleep(0.05)
    started = running(["sleep", "63"])
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=20)
    time.sleep(0.1)
    tap.ok(started and not running(["sleep", "63"]) and child.returncode == 130
           and "passed" not in out, "a run that is stopped ends what it started",
           f"{child.returncode} {out}")


def main():
    folder = tempfile.mkdtemp()
    try:
        try_cases(folder)
        try_many(folder)
        try_stop(folder)
    finally:
        shutil.rmtree(folder)
    tap.done()


if __name__ == "__main__":
    main()
