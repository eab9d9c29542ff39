#!/usr/bin/env python3
# time-limit: 300
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
LAWS = ("DK", "NO", "SE", "FI", "DE", "GB", "US")
TOKEN = "/p/Zm9yLXRlc3Qtb25seS1vaw"
# Who writes to whom in the samples of each language, and what must not be shown.
SAMPLE = {
    "da": ("Lillebæk", "70 10 20 30", "Anna Sørensen", r"Anna|kr\.|DKK|1042|Havearbejde|K-2071"),
    "en": ("Lillebæk", "70 10 20 30", "Anna Sørensen", r"Anna|DKK|1042|Garden|K-2071"),
    "nb": ("Bjørkelia", "22 10 20 30", "Kari Ødegård", r"Kari|\bkr\b|NOK|1042|Hagearbeid|K-2071"),
    "sv": ("Björkbacken", "08-10 20 30", "Åsa Lindström", r"Åsa|\bkr\b|SEK|1042|Trädgårdsarbete|K-2071"),
    "fi": ("Koivumäen", "09 102 030", "Päivi Mäkinen", r"Päivi|€|EUR|1042|Puutarhatyö|K-2071"),
    "de": ("Birkenhof", "030 102030", "Jürgen Weiß", r"Jürgen|€|EUR|1042|Gartenarbeit|K-2071"),
}
LIX_MOST = {"fi": 62.5, "de": 42.5}


def run(*words, given=None):
    done = subprocess.run([PURR, *words], input=given, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def render(channel, lang, step, tone, law=None):
    code, out, err = run("render", step, "--channel", channel, "--lang", lang,
                         "--tone", tone, "--json", *(("--law", law) if law else ()))
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
tap.same(len(answer["texts"]), 33 * len(SAMPLE),
         "33 texts a language: 4 steps by e-mail and letter, 3 by SMS, in 3 tones")

texts = {}
for row in answer["texts"]:
    channel, lang, name = row["path"].split("/")[1:]
    step, tone = name.split(".")[:2]
    texts[channel, lang, step, tone] = render(channel, lang, step, tone)
# Where a text names acts, or each message must name the way out, under every law.
laws = {key: {law: render(*key, law) for law in LAWS} if key[0] == "sms"
        or key[2] in ("fee_reminder", "formal_notice") else {"": texts[key]} for key in texts}
hardest = {key: max(lix(m["text"]) for m in by.values()) for key, by in laws.items()}
off = [(key, round(hardest[key], 2), row["lix"])
       for row, key in zip(answer["texts"], texts) if abs(hardest[key] - row["lix"]) > 0.51]
tap.same(off, [], "LIX agrees with the formula in Python, under the law that reads hardest")
tap.same([(k, round(v)) for k, v in hardest.items()
          if k[0] != "sms" and v > LIX_MOST.get(k[1], 35.5)
          # so few words of prose tell nothing
          and k != ("email", "fi", "heads_up", "firm")], [],
         "e-mails and letters are light reading for their language")

# --- SMS ------------------------------------------------------------------------
sms = {key: m["text"] for key, m in texts.items() if key[0] == "sms"}
counted = dict(zip(sms, segments(list(sms.values()))))
tap.same([k for k, c in counted.items() if c[0] != "GSM-7" or c[1] > 2], [],
         "every SMS is GSM-7 and two parts at most (npm sms-segments-calculator)")
american = {key: by["US"]["text"] for key, by in laws.items() if key[0] == "sms"}
tap.same([k for k, c in zip(american, segments(list(american.values())))
          if c[0] != "GSM-7" or c[1] > 3], [], "three at most where each must name a way out")
tap.same([(k, law) for k, by in laws.items() for law, m in by.items() if k[0] == "sms"
          and ("/u/" in m["text"]) != (law == "US")], [],
         "an SMS under American rules names the way out, and only there")
tap.same([k for k, t in sms.items() if SAMPLE[k[1]][0] not in t or SAMPLE[k[1]][1] not in t], [],
         "every SMS says who it is from and how to reach them without the link")
tap.same([k for k, t in sms.items()
          if re.search(SAMPLE[k[1]][3], t)], [],
         "no SMS shows name, amount, invoice or customer number")
tap.same([k for k, m in texts.items()
          if re.search(SAMPLE[k[1]][3] + r"|\d", m["subject"])], [],
         "no subject shows a name, an amount or any number")

# --- every tone, the same facts ----------------------------------------------------
for (channel, lang, step), group in itertools.groupby(texts, key=lambda key: key[:3]):
    group = list(group)
    facts = [values(texts[key]["text"]) for key in group]
    tap.ok(len(group) == 3 and facts[0] == facts[1] == facts[2],
           f"{channel} {lang} {step}: same values in three tones", facts)
    tap.ok(all(texts[key]["text"].count(TOKEN) == 1 for key in group),
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
           and page.cells_without_scope == 0 and len([l for l in page.links if l.endswith(TOKEN)]) == 1
           and len(m["html"]) < 20 * 1024 and SAMPLE[key[1]][2] in said and not missing,
           f"HTML of {' '.join(key)}: language, one heading, scoped headers, one link, "
           "loads nothing, says what the text says", (vars(page), missing))
config = json.dumps({"extends": ["html-validate:recommended", "html-validate:a11y"],
                     "rules": {}})
pathlib.Path("build").mkdir(exist_ok=True)
pathlib.Path("build/html-validate.json").write_text(config)
pages = sorted(str(p) for p in GOLDEN.glob("*.html"))
done = subprocess.run(["tests/node_modules/.bin/html-validate", "--config",
                       "build/html-validate.json", *pages], capture_output=True, text=True)
tap.ok(len(pages) == 12 * len(SAMPLE) and done.returncode == 0,
       "html-validate finds nothing in the HTML parts",
       done.stdout[-3000:] + done.stderr[-500:])

# --- the words that are not said, by a list of its own ---------------------------------
FORBIDDEN = re.compile(r"!|\b(straks|omgående|snarest|advokat\w*|politi\w*|RKI|fogedret\w*|"
                       r"retssag\w*|konkurs\w*|advarsel|urgent\w*|immediate\w*|lawyer\w*|"
                       r"court|police|warning|final|umiddelbart|namsmann\w*|betalingsanmerk\w*|"
                       r"omedelbart|genast|kronofogd\w*|betalningsanmärk\w*|varning|"
                       r"välittömästi|ulosot\w*|maksuhäiriö\w*|varoitus\w*|"
                       r"sofort|umgehend|unverzüglich|schufa\w*|gericht\w*|\w*anwalt\w*)\b", re.I)
tap.same([(k, FORBIDDEN.search(m["subject"] + m["text"]).group()) for k, m in texts.items()
          if FORBIDDEN.search(m["subject"] + m["text"])], [], "no threat, no hurry, no shouting")
tap.same([k for k, m in texts.items() if k[2] != "formal_notice"
          and re.search("inkasso|debt collection|perintä", m["subject"] + m["text"], re.I)], [],
         "debt collection is spoken of in the formal notice only")

# --- what the law wants in a formal notice ------------------------------------------------
WANTED = {"da": ("Kreditor: Lillebæk", "Hovedstol: 1.250,00 kr.", "Renter: ingen",
                 "Tidligere gebyrer: 100,00 kr.", "I alt at betale: 1.745,00 kr.",
                 "1234 konto 0012345678", "7. december 2026", "Havearbejde i september",
                 "koster det ikke mere"),
          "en": ("Creditor: Lillebæk", "Principal: DKK 1,250.00", "Interest: none",
                 "Earlier fees: DKK 100.00", "Total to pay: DKK 1,745.00",
                 "1234 account 0012345678", "7 December 2026", "Garden work in September",
                 "it costs no more"),
          "nb": ("Inkassovarsel etter inkassoloven § 9", "Kreditor: Bjørkelia",
                 "Hovedstol: 1 250,00 kr", "Renter: ingen", "Tidligere gebyrer: 100,00 kr",
                 "I alt å betale: 1 745,00 kr", "1234 56 78903", "7. desember 2026",
                 "koster det ikke mer"),
          "sv": ("Inkassokrav enligt 5 § inkassolagen", "Borgenär: Björkbackens",
                 "Kapitalbelopp: 1 250,00 kr", "Ränta: ingen", "Tidigare avgifter: 100,00 kr",
                 "Totalt att betala: 1 745,00 kr", "bankgiro 123-4567", "7 december 2026",
                 "kostar det inte mer"),
          "fi": ("Maksuvaatimus, perintälain 5 §", "Velkoja: Koivumäen", "Pääoma: 1 250,00 €",
                 "Korko: ei ole", "Aiemmat kulut: 100,00 €", "Maksettavaa yhteensä: 1 745,00 €",
                 "FI21 1234 5600 0007 85", "7. joulukuuta 2026", "et maksa enempää", "Oikeutesi:"),
          "de": ("Mahnung nach § 286 BGB", "Gläubiger: Birkenhof", "Hauptforderung: 1.250,00 €",
                 "Zinsen: keine", "Frühere Gebühren: 100,00 €", "Insgesamt zu zahlen: 1.745,00 €",
                 "DE89 3704 0044 0532 0130 00", "7. Dezember 2026", "kostet es nicht mehr")}
for key, m in texts.items():
    if key[2] == "formal_notice":
        lost = [w for w in WANTED[key[1]] if w not in m["text"]]
        tap.same(lost, [], f"formal notice {' '.join(key)} names the whole claim")

# --- each law speaks for itself ---------------------------------------------------------------
NAMED = {"DK": "Danish", "NO": "Norwegian", "SE": "Swedish", "FI": "Finnish", "DE": "German"}
for law in LAWS:
    m = laws["letter", "en", "formal_notice", "neutral"][law]["text"]
    tap.same([n for l, n in NAMED.items() if n in m], [NAMED[law]] if law in NAMED else [],
             f"an English notice under the rules of {law} names that country's acts and no other's")
    fee = laws["email", "en", "fee_reminder", "neutral"][law]["text"]
    tap.same([n for l, n in NAMED.items() if n in fee], [NAMED[law]] if law in NAMED else [],
             f"and so does the line of the fee under {law}")
usa = laws["email", "en", "formal_notice", "neutral"]["US"]["text"]
tap.ok("December 7, 2026" in usa and "add costs" not in usa,
       "an American reads dates as Americans write them, and of no costs that the law does not name")

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
tap.same(run("render", "heads_up", "--lang", "is")[0], 1, "a language without texts is refused")
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
