#!/usr/bin/env python3
# time-limit: 400
"""naive-mistakes.py - each mistake that docs/measurement.md warns of, made on purpose
and by the program's own way, in a hundred made-up experiments without an effect; the
long test (tests/long/operating.py) does the same with two thousand.
"""
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("EXPERIMENTS", "100")
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "long")]
import operating  # noqa: E402
import tap  # noqa: E402

with tempfile.TemporaryDirectory(prefix="purr-") as folder:
    for case in operating.MISTAKES:
        case(os.path.join(folder, "table.csv"), random.Random(operating.SEED))
tap.done()
