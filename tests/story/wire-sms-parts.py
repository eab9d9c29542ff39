#!/usr/bin/env python3
"""How many parts a text takes: our count against the npm package
sms-segments-calculator, over the whole alphabet and over random texts."""
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]
import tap  # noqa: E402

PROBE = f"build/{os.environ.get('V', 'release')}/tests/wire/sms_probe"
JUDGE = r"""
const { SegmentedMessage } = require("sms-segments-calculator");
const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\n");
for (const line of lines) {
	const m = new SegmentedMessage(JSON.parse(line), "auto");
	const gsm = m.encodingName === "GSM-7";
	const bits = gsm ? 7 : 16;
	console.log(gsm ? "gsm7" : "ucs2", m.messageSize / bits, m.segmentsCount);
}
"""
GSM = "aZ 09.,:;!?/@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n"
EXTENSION = "^{}\\[~]|€"
OUTSIDE = "áíóúýðþêëçšžčđŋ–—’“”…\u00a0\u202f`ł中"
EMOJI = "😀💶🧾"


def answers(argv, texts, **more):
    done = subprocess.run(argv, input="".join(json.dumps(t) + "\n" for t in texts), text=True,
                          capture_output=True, check=True, **more)
    return done.stdout.splitlines()


def compare(texts, what):
    ours = answers([PROBE], texts)
    judge = answers(["node", "-e", JUDGE], texts,
                    env={**os.environ, "NODE_PATH": os.path.join("tests", "node_modules")})
    wrong = [(t, o, j) for t, o, j in zip(texts, ours, judge) if o != j]
    tap.ok(len(ours) == len(texts) == len(judge) and not wrong, f"{what}: {len(texts)} texts",
           "\n".join(map(repr, wrong[:5])))


# The judge reads a carriage return as part of its grapheme with the line feed
# and drops form feed; neither stands in our texts.
codes = [c for c in range(0x20, 0x3000) if c != 0x7F]
compare([f"x{chr(c)}x" for c in codes if not 0x300 <= c < 0x370 and not 0x483 <= c < 0x48A],
        "each character alone")

rng = random.Random(20261122)
texts = []
for _ in range(3000):
    kinds = [GSM * 3 + EXTENSION, EXTENSION, GSM, GSM + OUTSIDE, OUTSIDE + EMOJI, EMOJI]
    pool = rng.choice(kinds)
    texts.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 700))))
compare(texts, "random texts up to 700 characters")

edges = []
for unit in ("a", "€", "č", "😀"):
    for n in (1, 2, 33, 34, 35, 36, 66, 67, 68, 69, 70, 71, 76, 77, 79, 80, 81, 133, 134, 135,
              152, 153, 154, 159, 160, 161, 305, 306, 307, 459, 460):
        edges += [unit * n, "a" + unit * n, unit * n + "a"]
compare(edges, "texts around the limits")
tap.done()
