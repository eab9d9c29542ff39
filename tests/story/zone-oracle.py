#!/usr/bin/env python3
# time-limit: 240
"""Every zone of the machine, its changes and local times, against Python's
zoneinfo: tests/check/zone_oracle.py."""
import os
import sys

sys.exit(os.spawnv(os.P_WAIT, sys.executable, [
    sys.executable, "tests/check/zone_oracle.py",
    os.path.join(os.path.dirname(os.environ["PURR"]), "tests/unit/base/test_zone")]))
