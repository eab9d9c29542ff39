#!/usr/bin/env python3
# time-limit: 300
"""Some 60,000 answers of `purr window` against the oracle, changes of clocks
in odd zones among them; tests/long has a million."""
import os
import sys

sys.exit(os.spawnv(os.P_WAIT, sys.executable, [
    sys.executable, "tests/check/window_oracle.py", os.environ["PURR"], "60000"]))
