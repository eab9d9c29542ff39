#!/usr/bin/env python3
"""Random e-mails through the file driver, read back by two other parsers:
Python's email package and the npm package mailparser."""
import email
import email.policy
import json
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server")]
import tap  # noqa: E402
import wire_probe  # noqa: E402

COUNT = 300
JUDGE = r"""
const { simpleParser } = require("mailparser");
const fs = require("fs");
(async () => {
	for (const file of process.argv.slice(1)) {
		const m = await simpleParser(fs.readFileSync(file));
		const one = (list) => list && list.value[0];
		console.log(JSON.stringify({ subject: m.subject, text: m.text, html: m.html || "",
			from: one(m.from), to: one(m.to), reply: one(m.replyTo), id: m.messageId,
			parent: m.inReplyTo || "", references: m.references || "",
			date: m.date.getTime() / 1000, list: m.headers.get("list") || {},
			attachments: m.attachments.length }));
	}
})();
"""
WORDS = ("Påmindelse faktura forfalden Ærø kr. 1.234,50 betaling Søren Åby — 100% = ? _ \"citat\" "
         "(parentes) <vinkel> a,b; naïve ŠĐ 😀 日本 From .prik =3D Lyngby-Taarbæk et-meget-langt-"
         "ord-uden-noget-mellemrum-som-ikke-kan-brydes-nogen-steder-overhovedet").split()
# Python keeps the blank between two encoded words of one display name, which
# RFC 2047 section 6.2 drops; no real name has a word of more than 60 letters.
NAME_WORDS = [w for w in WORDS if len(w) < 60]
rng = random.Random(20261122)


def words(most, of=WORDS):
    return " ".join(rng.choice(of) for _ in range(rng.randint(1, most)))


def body():
    lines = [rng.choice(["", ".", "..", "From me", "-- ", " indrykket", "tab\there",
                         words(30), words(5), "x" * 1200]) for _ in range(rng.randint(1, 20))]
    return "\n".join(lines) + "\n"


def mail(n):
    threaded, marketing, html = rng.random() < .5, rng.random() < .5, rng.random() < .7
    return {**wire_probe.MAIL, "contact": n, "to": f"k{n}@{'løgn' if n % 9 == 0 else 'k'}.example",
            "date": rng.randint(0, 4102444800), "subject": words(20), "text": body(),
            "from_name": words(4, NAME_WORDS), "to_name": rng.choice(["", words(6, NAME_WORDS)]),
            "html": f"<p>{words(40)}</p>\n{'<br>' * 200}\n" if html else "",
            "in_reply_to": f"{'p' * rng.randint(1, 90)}@b.example" if threaded else "",
            "unsubscribe_url": "https://b.example/u/" + "t" * rng.randint(1, 120)
            if marketing else ""}


def unfold_words(text):
    return " ".join(text.split())


def judge_python(m, raw):
    """Problems that Python's parser finds."""
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    found = [f"defect {d!r}" for part in parsed.walk() for d in part.defects]
    found += [f"{k}: {d!r}" for k, v in parsed.items() for d in getattr(v, "defects", [])]

    def want(what, got, wanted):
        if got != wanted:
            found.append(f"{what}: {got!r}, not {wanted!r}")

    def content(part):
        return part.get_content().replace("\r\n", "\n") if part else ""
    want("text", content(parsed.get_body(("plain",))), m["text"])
    want("html", content(parsed.get_body(("html",))), m["html"])
    want("subject", unfold_words(parsed["Subject"]), m["subject"])
    want("from", unfold_words(parsed["From"].addresses[0].display_name), m["from_name"])
    want("to", parsed["To"].addresses[0].addr_spec,
         m["to"].encode("idna").decode() if m["to"].isascii() else
         m["to"].split("@")[0] + "@" + m["to"].split("@")[1].encode("idna").decode())
    want("to name", unfold_words(parsed["To"].addresses[0].display_name), m["to_name"])
    want("date", parsed["Date"].datetime.timestamp(), m["date"])
    want("id", parsed["Message-ID"], f"<c{m['contact']}@butik.example>")
    want("parent", (parsed["In-Reply-To"] or "").strip(), f"<{m['in_reply_to']}>" if m["in_reply_to"] else "")
    want("list", str(parsed["List-Unsubscribe"]).strip() if parsed["List-Unsubscribe"] else None,
         f"<{m['unsubscribe_url']}>" if m["unsubscribe_url"] else None)
    want("one click", parsed["List-Unsubscribe-Post"],
         "List-Unsubscribe=One-Click" if m["unsubscribe_url"] else None)
    want("auto", parsed["Auto-Submitted"], "auto-generated")
    want("precedence", parsed["Precedence"], None)
    lines = raw.split(b"\r\n")
    want("bare line ends", raw.count(b"\n") + raw.count(b"\r"), 2 * (len(lines) - 1))
    want("ASCII", raw.isascii(), True)
    head = raw.split(b"\r\n\r\n")[0].split(b"\r\n")
    want("header lines over 998", [x for x in head if len(x) > 998], [])
    want("body lines over 76", [x for x in raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n")
                                if len(x) > 76], [])
    return found


def judge_node(m, seen):
    found = []

    def want(what, got, wanted):
        if got != wanted:
            found.append(f"mailparser, {what}: {got!r}, not {wanted!r}")
    want("subject", unfold_words(seen["subject"]), m["subject"])
    want("text", seen["text"].rstrip("\n"), m["text"].rstrip("\n"))
    want("html", seen["html"], m["html"])
    want("from", (seen["from"]["name"], seen["from"]["address"]), (m["from_name"], m["from"]))
    want("to", seen["to"]["name"], m["to_name"])
    want("reply", seen["reply"]["address"], m["reply_to"])
    want("date", seen["date"], m["date"])
    want("parent", seen["parent"], f"<{m['in_reply_to']}>" if m["in_reply_to"] else "")
    want("references", seen["references"], f"<{m['in_reply_to']}>" if m["in_reply_to"] else "")
    want("unsubscribe", seen["list"].get("unsubscribe", {}).get("url"),
         m["unsubscribe_url"] or None)
    want("attachments", seen["attachments"], 0)
    return found


with tempfile.TemporaryDirectory(prefix="purr-") as folder:
    mails = [mail(n) for n in range(1, COUNT + 1)]
    first, again = os.path.join(folder, "first"), os.path.join(folder, "again")
    for outbox in (first, again):
        found, last, code, err = wire_probe.run({"outbox": outbox}, mails)
        tap.ok(code == 0 and all(r[0]["outcome"] == "taken" for r in found.values()) and
               len(found) == COUNT, f"{COUNT} e-mails are written", err)
    files = [os.path.join(first, "mail", "new", f"C{m['contact']}.purr") for m in mails]
    raws = [open(f, "rb").read() for f in files]
    tap.ok(raws == [open(f.replace(first, again), "rb").read() for f in files],
           "the same input gives the same bytes")
    troubles = [f"{m['contact']}: {x}" for m, raw in zip(mails, raws)
                for x in judge_python(m, raw)]
    tap.ok(not troubles, "Python's email package reads each as it was meant, without defects",
           "\n".join(t[:200] for t in troubles[:10]))
    done = subprocess.run(["node", "-e", JUDGE, *files], text=True, capture_output=True,
                          env={**os.environ, "NODE_PATH": os.path.join("tests", "node_modules")})
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    troubles = [f"{m['contact']}: {x}" for m, s in zip(mails, seen) for x in judge_node(m, s)]
    tap.ok(len(seen) == COUNT and not troubles, "mailparser reads each as it was meant",
           done.stderr[-500:] + "\n".join(t[:200] for t in troubles[:10]))
tap.done()
