#!/usr/bin/env python3
"""judge - looks at a workspace after the fact and says what was done wrong.

    judge.py WORKSPACE [--json] [--whole]

Shares no code with purr: it reads the tables and the `file` channel's outbox,
makes balances, holidays, hashes and ladders anew, and prints each violation.
Exit code 0: none, 1: some, 2: it could not look.

    W1 outside the hours          W2 on a Sunday or holiday
    P1 nothing was owed           P2 a listed invoice was paid
    P3 another balance was told   P4 less was owed than the schedule chases
    H1 during a hold              H2 a held invoice was asked for
    O1 opted out or bad address   O2 somebody else's address
    D1 a step twice               D2 the sink and the books differ
    D3 two contacts too close
    F1 fee above the cap          F2 more than three fees in one time of arrears
    F3 fees too close              F4 fee without message, or the reverse
    F5 fee in another currency    F6 fee too soon after the due date
    F7 compensation above the law, or twice
    L1 notice with too short a deadline      L2 step not at its time
    L3 step over an earlier one
    B1 balance is not its entries B2 unallocated money likewise
    B3 balance of the wrong sign
    S1 impossible state           S2 decision or link missing
    S3 event missing
    A1 bucket or arm not by the key          A2 tone is not the arm's
    A3 unit assigned twice        A4 assigned at the wrong moment or balance
    E1 overdue, in no open case   E2 overdue, and never decided about
    E3 the next look is past      E4 waits for ever, for nothing
    E5 queued for ever
    C1 more than the caps allow   D4 too close, at one address
    C2 more than a region allows
    M1 form of a message          M2 amounts told    M3 SMS tells too much
    M4 deadline told              M5 went elsewhere
"""
import collections
import json
import sys

import judge_books
import judge_contact
import judge_fees
import judge_open
import judge_sink
from judge_ledger import Workspace

CHECKS = judge_contact.CHECKS + judge_fees.CHECKS + judge_books.CHECKS + \
    judge_open.CHECKS + judge_sink.CHECKS


def judge(folder, whole=False):
    """All violations of a workspace, as a list of (code, subject, words)."""
    workspace = Workspace(folder, whole)
    try:
        return [found for check in CHECKS for found in check(workspace)]
    finally:
        workspace.db.close()


def counts(violations):
    return dict(sorted(collections.Counter(v[0] for v in violations).items()))


def main(argv):
    folders = [a for a in argv if not a.startswith("-")]
    if len(folders) != 1 or set(argv) - set(folders) - {"--json", "--whole"}:
        print("usage: judge.py WORKSPACE [--json] [--whole]", file=sys.stderr)
        return 2
    try:
        violations = judge(folders[0], "--whole" in argv)
    except OSError as trouble:
        print(trouble, file=sys.stderr)
        return 2
    if "--json" in argv:
        print(json.dumps({"violations": len(violations), "codes": counts(violations)}))
    else:
        for violation in violations:
            print(violation)
        print(f"{len(violations)} violations", file=sys.stderr)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
