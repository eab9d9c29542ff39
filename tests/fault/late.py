#!/usr/bin/env python3
"""A relay so slow that the contact hours end while a batch is under way: what
has not begun by then is not begun."""
import os
import random
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "server")]
from slow_sink import SlowSink  # noqa: E402
import tap  # noqa: E402
import wire_probe  # noqa: E402
from wire_probe import MAIL  # noqa: E402

MESSAGES = 12
OPEN_SECONDS = 3
TRANSFER_SECONDS = 2        # that long one message may take: so much must be left


def main():
    sink = SlowSink(random.Random(1))
    sink.least_seconds = sink.most_seconds = 0.2
    with tempfile.TemporaryDirectory(prefix="purr-") as outbox:
        config = {"email_driver": "smtp", "email_url": sink.url, "outbox": outbox,
                  "email_connections_max": 1, "transfer_seconds_max": TRANSFER_SECONDS}
        late = {**MAIL, "dead_at": MAIL["date"] + OPEN_SECONDS + TRANSFER_SECONDS,
                "repeat": MESSAGES}
        began = time.monotonic()
        found, last, code, err = wire_probe.run(config, [late])
        rows = [r for rows in found.values() for r in rows]
        taken = [r for r in rows if r["outcome"] == "taken"]
        shut = [r for r in rows if (r["outcome"], r["detail"]) == ("later", "window closed")]
        tap.ok(code == 0 and len(rows) == MESSAGES and taken and shut
               and len(taken) + len(shut) == MESSAGES,
               f"{len(taken)} taken while the window is open, {len(shut)} later", f"{err}{rows}")
        tap.same(len(sink.messages()), len(taken), "the relay has those that were taken")
        tap.ok(sink.begun and max(sink.begun) - began < OPEN_SECONDS + 1,
               "none began after the end", [t - began for t in sink.begun])
        found, *_ = wire_probe.run(config, [{**MAIL, "dead_at": MAIL["date"] + TRANSFER_SECONDS}])
        tap.same([r["detail"] for r in found[1]], ["window closed"],
                 "a window that may shut before the message has gone over")
        found, *_ = wire_probe.run(config, [{**MAIL, "dead_at": 0}])
        tap.same([r["outcome"] for r in found[1]], ["taken"], "no hours bind: taken")
    tap.done()


main()
