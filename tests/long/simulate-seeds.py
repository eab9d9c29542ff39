#!/usr/bin/env python3
# time-limit: 7200
"""Twenty seeds of ten thousand debtors over ninety days with every kind of
fault: no outside checker finds anything in any of them.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import simulated  # noqa: E402
import tap  # noqa: E402

for seed in range(1, 21):
    simulated.seed_holds(seed)
tap.done()
