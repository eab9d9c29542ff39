#!/usr/bin/env python3
"""The texts, judged by others than the program that made them.

Python counts LIX once more from Björnsson's formula, the npm package
sms-segments-calculator counts the SMS parts, html-validate and Python's own
parser read the HTML parts, and the facts of each text are compared across
tones by their values.  Run from the root of the repository.
"""
import html.parser
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, "tests")
import tap  # noqa: E402

PURR = os.environ.get("PURR", "build/release/purr")
GOLDEN = pathlib.Path("tests/golden/compose")
TONES = ("warm", "neutral", "firm")
LINK = "https://betal.lillebaek.example/p/Zm9yLXRlc3Qtb25seS1vaw"


def run(*words, given=None):
    done = subprocess.run([PURR, *words], input=given, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def render(channel, lang, step, tone):
    code, out, err = run("render", step, "--channel", channel, "--lang", lang,
                         "--tone", tone, "--json")
    if code != 0:
        raise SystemExit(f"Bail out! {err}")
    return json.loads(out)


def lix(text):
    """Björnsson's formula; prose lines only, as src/compose/lix.h says."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    prose = [line for line in lines if line.endswith((".", "?"))] or lines
    words = long_words = sentences = 0
    for line in prose:
        inside = 0
        for token in line.split():
            if not re.search(r"[\d@/]", token) and re.search(r"[^\W\d_]", token):
                words += 1
                inside += 1
                long_words += len(re.findall(r"[^\W\d_]", token)) > 6
            if token[-1] in ".?!:" and inside:
                sentences += 1
                inside = 0
        sentences += inside > 0
    return words / sentences + 100 * long_words / words


class Page(html.parser.HTMLParser):
    """What an independent parser finds in an HTML part."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.links, self.headings, self.lang, self.text = [], 0, None, []
        self.loads, self.skip, self.cells_without_scope = [], 0, 0

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "a":
            self.links.append(attrs.get("href"))
        if tag in ("img", "script", "link", "iframe", "form", "object") or "src" in attrs:
            self.loads.append(tag)
        if tag == "th" and "scope" not in attrs:
            self.cells_without_scope += 1
        self.headings += tag == "h1"
        self.skip += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.skip -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.skip:
            self.text.append(data)


def values(text):
    """Everything in a text that is a fact: amounts, dates, numbers, addresses."""
    return sorted(set(re.findall(r"https?://\S+|\S+@\S+|\d[\d.,]*\d|\d", text)))


def segments(texts):
    script = """
      const {SegmentedMessage} = require("sms-segments-calculator");
      let all = ""; process.stdin.on("data", d => all += d);
      process.stdin.on("end", () => console.log(JSON.stringify(JSON.parse(all).map(t => {
        const m = new SegmentedMessage(t, "auto");
        return [m.encodingName, m.segmentsCount]; }))));
    """
    done = subprocess.run(["node", "-e", script], input=json.dumps(texts), cwd="tests",
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# --- purr check, and its figures once more -------------------------------------
code, out, err = run("check", "--json")
answer = json.loads(out)
tap.same((code, answer["problems"]), (0, []), "purr check finds nothing in its own texts")
tap.same(len(answer["texts"]), 66, "66 texts: 4 steps by e-mail and letter, 3 by SMS")

texts = {}
for row in answer["texts"]:
    channel, lang, name = row["path"].split("/")[1:]
    step, tone = name.split(".")[:2]
    texts[channel, lang, step, tone] = render(channel, lang, step, tone)
off = [(key, round(lix(m["text"]), 2), row["lix"])
       for row, (key, m) in zip(answer["texts"], texts.items())
       if abs(lix(m["text"]) - row["lix"]) > 0.51]
tap.same(off, [], "LIX agrees with the formula in Python")
tap.ok(all(lix(m["text"]) <= 35.5 for key, m in texts.items() if key[0] != "sms"),
       "e-mails and letters are light reading (LIX 35 at most)")

# --- SMS ------------------------------------------------------------------------
sms = {key: m["text"] for key, m in texts.items() if key[0] == "sms"}
counted = dict(zip(sms, segments(list(sms.values()))))
tap.same([k for k, c in counted.items() if c[0] != "GSM-7" or c[1] > 2], [],
         "every SMS is GSM-7 and two parts at most (npm sms-segments-calculator)")
tap.same([k for k, t in sms.items() if "Lillebæk" not in t or "70 10 20 30" not in t], [],
         "every SMS says who it is from and how to reach them without the link")
tap.same([k for k, t in sms.items()
          if re.search(r"Anna|kr\.|DKK|1042|Havearbejde|Garden|K-2071", t)], [],
         "no SMS shows name, amount, invoice or customer number")
tap.same([k for k, m in texts.items()
          if re.search(r"Anna|kr\.|DKK|\d", m["subject"])], [],
         "no subject shows a name, an amount or any number")

# --- every tone, the same facts ----------------------------------------------------
for (channel, lang, step), group in itertools.groupby(texts, key=lambda key: key[:3]):
    group = list(group)
    facts = [values(texts[key]["text"]) for key in group]
    tap.ok(len(group) == 3 and facts[0] == facts[1] == facts[2],
           f"{channel} {lang} {step}: same values in three tones", facts)
    tap.ok(all(texts[key]["text"].count(LINK) == 1 for key in group),
           f"{channel} {lang} {step}: the link stands once")
    tap.ok(len({texts[key]["text"] for key in group}) == 3,
           f"{channel} {lang} {step}: three different voices")

# --- HTML -----------------------------------------------------------------------------
for key, m in texts.items():
    if key[0] != "email":
        continue
    page = Page()
    page.feed(m["html"])
    said = " ".join(" ".join(page.text).split())
    missing = [v for v in values(m["text"]) if v not in m["html"].replace("&amp;", "&")]
    tap.ok(page.lang == key[1] and page.headings == 1 and not page.loads
           and page.cells_without_scope == 0 and page.links.count(LINK) == 1
           and len(m["html"]) < 20 * 1024 and "Anna Sørensen" in said and not missing,
           f"HTML of {' '.join(key)}: language, one heading, scoped headers, one link, "
           "loads nothing, says what the text says", (vars(page), missing))
config = json.dumps({"extends": ["html-validate:recommended", "html-validate:a11y"],
                     "rules": {}})
pathlib.Path("build").mkdir(exist_ok=True)
pathlib.Path("build/html-validate.json").write_text(config)
pages = sorted(str(p) for p in GOLDEN.glob("*.html"))
done = subprocess.run(["tests/node_modules/.bin/html-validate", "--config",
                       "build/html-validate.json", *pages], capture_output=True, text=True)
tap.ok(len(pages) == 24 and done.returncode == 0, "html-validate finds nothing in 24 HTML parts",
       done.stdout[-3000:] + done.stderr[-500:])

# --- the words that are not said, by a list of its own ---------------------------------
FORBIDDEN = re.compile(r"!|\b(straks|omgående|snarest|advokat\w*|politi\w*|RKI|fogedret\w*|"
                       r"retssag\w*|konkurs\w*|advarsel|urgent\w*|immediate\w*|lawyer\w*|"
                       r"court|police|warning|final)\b", re.I)
tap.same([(k, FORBIDDEN.search(m["subject"] + m["text"]).group()) for k, m in texts.items()
          if FORBIDDEN.search(m["subject"] + m["text"])], [], "no threat, no hurry, no shouting")
tap.same([k for k, m in texts.items() if k[2] != "formal_notice"
          and re.search("inkasso|debt collection", m["subject"] + m["text"], re.I)], [],
         "debt collection is spoken of in the formal notice only")

# --- what the law wants in a formal notice ------------------------------------------------
WANTED = {"da": ("Kreditor: Lillebæk", "Hovedstol: 1.250,00 kr.", "Renter: ingen",
                 "Tidligere gebyrer: 100,00 kr.", "I alt at betale: 1.745,00 kr.",
                 "1234 konto 0012345678", "7. december 2026", "Havearbejde i september",
                 "koster det ikke mere"),
          "en": ("Creditor: Lillebæk", "Principal: DKK 1,250.00", "Interest: none",
                 "Earlier fees: DKK 100.00", "Total to pay: DKK 1,745.00",
                 "1234 account 0012345678", "7 December 2026", "Garden work in September",
                 "it costs no more")}
for key, m in texts.items():
    if key[2] == "formal_notice":
        lost = [w for w in WANTED[key[1]] if w not in m["text"]]
        tap.same(lost, [], f"formal notice {' '.join(key)} names the whole claim")

# --- a workspace of one's own ---------------------------------------------------------------
work = pathlib.Path("build/compose-story")
subprocess.run(["rm", "-rf", str(work)], check=True)
run("init", str(work))
tap.same(run("check", "-C", str(work))[0], 0, "a new workspace passes")
mine = work / "templates/email/da/heads_up.warm.mustache"
mine.write_text(mine.read_text().replace("Vi skriver i god tid", "Betal straks"))
code, out, err = run("check", "-C", str(work))
tap.ok(code == 1 and 'templates/email/da/heads_up.warm.mustache:7: "straks"' in out,
       "a hurried word is found at its line", out + err)
mine.write_text(mine.read_text().replace("{{debtor_name}}", "{{debtorname}}"))
code, out, err = run("check", "-C", str(work))
tap.ok(code == 1 and "heads_up.warm.mustache:5" in err and "debtor_name" in err
       and err.count("\n") == 1, "an unknown name is refused in one line, with a hint", err)
tap.same(run("render", "heads_up", "--lang", "sv")[0], 1, "a language without texts is refused")
tap.same(run("render", "heads_up", "--tone", "angry")[0], 2, "an unknown tone is wrong usage")

# --- the page about templates names every name ------------------------------------------------
table = pathlib.Path("src/base/facts.def").read_text()
doc = pathlib.Path("docs/templates.md").read_text()
names = re.findall(r"^(?:TOP|INVOICE|TOTAL)_(?:TEXT|FLAG|LIST)\((\w+), ", table, re.M)
tap.ok(len(names) > 30, f"facts.def has {len(names)} names")
tap.same([n for n in names if f"| `{n}` |" not in doc], [], "docs/templates.md lists every name")
tap.same([n for n in re.findall(r"^\| `(\w+)` \|", doc, re.M) if n not in names], [],
         "and no other")
tap.done()
