#!/usr/bin/env python3
# time-limit: 1200
"""One seed of ten thousand debtors over ninety days with every kind of fault:
no outside checker finds anything.  tests/long/simulate-seeds.py has twenty.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import simulated  # noqa: E402
import tap  # noqa: E402

simulated.seed_holds(1)
tap.done()
