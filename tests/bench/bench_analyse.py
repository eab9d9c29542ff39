"""bench_analyse.py - Kaplan-Meier, log-rank and Cox of two arms on a million rows, the
table read from its CSV included; and R's survival package on the same rows, its reading
not counted, where R is installed (Debian: r-base-core, r-cran-survival).
ROWS=10000000 for ten million.
"""
import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time

PURR = os.environ["PURR"]
ROWS, ROUNDS = int(os.environ.get("ROWS", "1000000")), 3
HERE = os.path.dirname(os.path.abspath(__file__))


def table(path):
    rng = random.Random(1)
    with open(path, "w") as f:
        f.write("debtor_id,arm,assigned_at_day,paid_at_day,censored_at_day\n")
        for i in range(ROWS):
            day = rng.randrange(90)
            paid = day + int(rng.expovariate((1 / 25, 1 / 23)[i & 1]))
            f.write(f"D{i},{('neutral', 'warm')[i & 1]},{day},"
                    + (f"{paid},\n" if paid <= 120 else ",120\n"))


def measured(argv):
    began = time.monotonic()
    child = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(" ".join(argv))
    return out, time.monotonic() - began, usage.ru_maxrss / 1024


def main():
    ours, theirs, memory = [], [], [0, 0]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        table(path)
        for _ in range(ROUNDS):
            out, seconds, used = measured([PURR, "analyse", "survival", "--csv", path, "--json"])
            contrast = json.loads(out)["contrasts"][0]
            ours.append(seconds)
            memory[0] = max(memory[0], used)
            if shutil.which("Rscript"):
                out, _, used = measured(["Rscript", os.path.join(HERE, "bench_analyse.R"), path])
                seconds, chisq, coef = map(float, out.split())
                theirs.append(seconds)
                memory[1] = max(memory[1], used)
                for a, b in ((contrast["logrank"]["chisq"], chisq), (contrast["cox"]["coef"], coef)):
                    if abs(a - b) > 1e-8 * abs(b):
                        raise RuntimeError(f"not the same: {a} and {b}")
    print(f"{ROWS} rows: {statistics.median(ours):.2f} s and {memory[0]:.0f} MB, reading included")
    if not theirs:
        print("R is not installed: nothing beside it")
        return
    print(f"R on rows, reading not counted: {statistics.median(theirs):.2f} s and {memory[1]:.0f} MB with its table")
    print(f"ratio {statistics.median(theirs) / statistics.median(ours):.1f}, memory 1/"
          f"{memory[1] / memory[0]:.0f}; the same chi-square and coefficient")


main()
