#!/usr/bin/env python3
"""Two plan passes at the same time look at each debtor once between them."""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

DEBTORS = 2500
MONDAY = "2026-09-21T08:00:00Z"


with Workspace() as w:
    w.setting("breaker", "times", "0")
    w.invoices([invoice(f"F{n}", f"K{n}", "2026-09-10" if n % 2 else "2026-10-10", "100.00")
                for n in range(DEBTORS)], at="2026-09-20T10:00:00Z")
    both = [subprocess.Popen([*w.argv("plan", at=MONDAY), "--json"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [p.communicate(timeout=100) for p in both]
    tap.same([p.returncode for p in both], [0, 0], "both end well")
    plans = [json.loads(out)["plan"] for out, _ in said]
    tap.same((sum(p["looked_at"] for p in plans), w.one("select count(*) from decision")),
             (DEBTORS, DEBTORS), "each debtor is looked at once")
    tap.same((sum(p["contacts"] for p in plans), w.one("select count(*) from contact")),
             (DEBTORS // 2, DEBTORS // 2), "and who is due is planned once")
    tap.note(f"looked at: {[p['looked_at'] for p in plans]}")
tap.done()
