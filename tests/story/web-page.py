#!/usr/bin/env python3
# variants: release asan
"""web-page.py - the debtor's pages: GET is inert, each action does its work once,
mistakes are told twice in the same words, nothing leaks, both languages hold.
"""
import html.parser
import os
import re
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [TESTS, os.path.join(TESTS, "web")]
import probe
import tap

OPEN, MANY = probe.token("open"), probe.token("many")
FORMS = ("later", "parts", "paid", "wrong", "help", "rate")
VOID = {"meta", "link", "input", "br"}
PAGE_BYTES_MAX = 50_000


class Page(html.parser.HTMLParser):
    """Well-formedness, ids, links and labels, by Python's parser."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.ids, self.hrefs, self.tags = [], [], [], [], []
        self.labelled, self.inputs, self.text = set(), [], ""
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append("open at the end: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.tags.append((tag, a))
        if tag not in VOID:
            self.open.append(tag)
        if "id" in a:
            self.ids.append(a["id"])
        if "href" in a:
            self.hrefs.append(a["href"])
        if tag == "label" and "for" in a:
            self.labelled.add(a["for"])
        if tag in ("input", "select", "textarea") and a.get("type") not in ("hidden", "radio"):
            self.inputs.append(a.get("id"))
        self.faults += ["attribute " + n for n in a if n.startswith("on") or n in ("style", "src")]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append("stray </%s>" % tag)

    def handle_data(self, data):
        self.text += data

    def check(self):
        out = list(self.faults)
        out += ["id twice: " + i for i in self.ids if self.ids.count(i) > 1]
        out += ["no target: " + h for h in self.hrefs if h.startswith("#") and h[1:] not in self.ids]
        out += ["no label: %s" % i for i in self.inputs if i not in self.labelled]
        out += ["tag " + t for t, _ in self.tags if t in ("script", "img", "iframe", "style")]
        out += ["unfilled"] if "{{" in self.text else []
        out += ["aria: " + r for _, a in self.tags for r in a.get("aria-describedby", "").split()
                if r not in self.ids]
        return sorted(set(out))


def path_of(tok, form="", lang=""):
    return "/p/%s%s%s" % (tok, "/" + form if form else "", "?lang=" + lang if lang else "")


def gets_are_inert(p):
    before = len(p.acts())
    paths = [path_of(t, f) for t in (OPEN, MANY) for f in ("",) + FORMS] + ["/u/" + OPEN]
    agents = ("Mozilla/5.0", "GoogleImageProxy", "Barracuda Sentinel", "facebookexternalhit/1.1")
    first = p.get(path_of(OPEN))[2]
    statuses = set()
    for path in paths:
        for agent in agents:
            for method in ("GET", "HEAD"):
                for query in ("", "?day=2026-12-01&key=x&stage=send&List-Unsubscribe=One-Click"):
                    statuses.add(p.ask(method, path + query, headers={"User-Agent": agent})[0])
    tap.same(statuses, {200}, "pages and forms answer GET and HEAD, whoever asks")
    tap.same(len(p.acts()), before, "no GET and no HEAD reached the desk's act()")
    tap.same(p.get(path_of(OPEN))[2], first, "the page is the same after all of them")


def each_action(p):
    tok = probe.token("open", "B")
    cases = [
        ("later", {"day": "2026-12-01"}, "promise", {"day": "2026-12-01"}),
        ("later", {"day": "3.12.2026"}, "promise", {"day": "2026-12-03"}),
        ("paid", {"day": "2026-11-20", "text": "fra min kones konto"}, "paid_claimed",
         {"day": "2026-11-20", "text": "fra min kones konto"}),
        ("paid", {"day": "", "text": ""}, "paid_claimed", {"day": "", "text": ""}),
        ("wrong", {"reason": "amount", "text": "to\r\nlinjer", "stage": "send"}, "dispute",
         {"reason": "amount", "text": "to\nlinjer"}),
        ("parts", {"parts": "3", "text": "500 om måneden"}, "parts", {"parts": 3}),
        ("parts", {"parts": "", "text": " "}, "parts", {"parts": 0, "text": ""}),
        ("help", {"text": "æøå 😀"}, "help", {"text": "æøå 😀"}),
    ]
    for form, fields, kind, wanted in cases:
        path = path_of(tok, form)
        status, _, body = p.post(path, dict(fields, key=p.key(path)))
        last = p.acts()[-1]
        got = {k: last[k] for k in wanted}
        tap.same((status, last["kind"], last["repeated"], got), (200, kind, False, wanted),
                 f"{form} {fields} does its work")
        tap.ok("PR-" in body and "påmindelser" in body,
               f"{form}: the answer has a receipt number and says what will not happen")
    body = p.get(path_of(tok))[2]
    tap.ok("senest 1. december 2026" in body and "kvitteringsnummer" in body,
           "the page then knows what was agreed")


def once(p):
    path = path_of(probe.token("open", "C"), "later")
    key = p.key(path)
    before = len(p.acts())
    bodies = [p.post(path, {"key": key, "day": "2026-12-01"})[2] for _ in range(3)]
    tap.same([a["repeated"] for a in p.acts()[before:]], [False, True, True],
             "a form sent three times counts once")
    tap.same(len(set(bodies)), 1, "and is answered alike each time")
    p.post(path, {"key": p.key(path), "day": "2026-12-02"})
    tap.same(p.acts()[-1]["repeated"], False, "a form opened anew counts anew")


def foreign_keys(p):
    tok = probe.token("open", "D")
    good = p.key(path_of(tok, "later"))
    before = len(p.acts())
    for what, key in (("missing", ""), ("of another link", p.key(path_of(OPEN, "later"))),
                      ("of another form", p.key(path_of(tok, "help"))),
                      ("altered", ("A" if good[0] != "A" else "B") + good[1:]),
                      ("cut", good[:22]), ("longer", good + "A")):
        status, _, body = p.post(path_of(tok, "later"), {"key": key, "day": "2026-12-01"})
        tap.ok(status == 400 and "Intet er ændret" in body, f"a key {what}: refused", status)
    tap.same(len(p.acts()), before, "and nothing was done")


def mistakes(p):
    tok = probe.token("open", "E")
    cases = [
        ("later", {"day": ""}, "Choose the day on which you will pay", "day"),
        ("later", {"day": "2026-02-30"}, "Write the date as day, month and year", "day"),
        ("later", {"day": "i morgen"}, "Write the date as day, month and year", "day"),
        ("later", {"day": "2026-11-22"}, "Choose a day from 23 November 2026 onwards", "day"),
        ("later", {"day": "2026-12-23"}, "Choose a day no later than 22 December 2026", "day"),
        ("later", {"day": "2026-12-06"}, "That day cannot be noted", "day"),
        ("paid", {"day": "2026-11-23"}, "Choose today or an earlier day", "day"),
        ("paid", {"day": "1999-01-01"}, "Write the date as day", "day"),
        ("wrong", {"text": "hm"}, "Choose what is wrong", "reason"),
        ("wrong", {"reason": "none"}, "Choose what is wrong", "reason"),
        ("wrong", {"reason": "other"}, "Write a few words about what is wrong", "text"),
        ("parts", {"parts": "13"}, "Choose a number of parts", "parts"),
        ("parts", {"parts": "1"}, "Choose a number of parts", "parts"),
        ("help", {"text": "x" * 1001}, "Write no more than 1000 characters", "text"),
    ]
    before = len([a for a in p.acts() if a["outcome"] == 0])
    for form, fields, words, field in cases:
        path = path_of(tok, form, "en")
        status, _, body = p.post(path, dict(fields, key=p.key(path)))
        faults = Page(body).check()
        said = len(re.findall(re.escape(words), body))
        tap.ok(status == 422 and said == 2 and "<title>Error: " in body and
               f'href="#{field}"' in body and not faults,
               f"{form} {str(fields)[:40]}: told at the top and at the field",
               f"status {status}, said {said} times, {faults}")
    path = path_of(tok, "help", "en")
    status = p.post(path, {"key": p.key(path), "text": "😀" * 1000})[0]
    tap.same(status, 200, "a thousand characters of four bytes are a thousand characters")
    path = path_of(tok, "paid")
    kept = p.post(path, {"key": p.key(path), "day": "2026-11-30", "text": 'a "quoted" <b>'})[2]
    tap.ok('value="2026-11-30"' in kept and "a &quot;quoted&quot; &lt;b&gt;" in kept,
           "what was typed is kept")
    tap.same(len([a for a in p.acts() if a["outcome"] == 0]), before + 1, "only the right one was done")


def dispute_is_checked(p):
    path = path_of(probe.token("open", "F"), "wrong", "en")
    before = len(p.acts())
    fields = {"key": p.key(path), "reason": "goods", "text": 'the "bike" <never> came\nhere'}
    status, _, body = p.post(path, dict(fields, stage="check"))
    tap.ok(status == 200 and "Check what you have written" in body and len(p.acts()) == before,
           "a dispute is shown for checking first")
    page = Page(body)
    tap.same(page.check(), [], "that page is well-formed")
    hidden = {a["name"]: a["value"] for t, a in page.tags if t == "input"}
    tap.same(hidden, fields, "it carries what was written")
    edit = p.post(path, dict(hidden, stage="edit"))[2]
    tap.ok('value="goods" checked' in edit and "&lt;never&gt;" in edit and len(p.acts()) == before,
           "going back keeps it")
    p.post(path, dict(hidden, stage="send"))
    tap.same(p.acts()[-1]["text"], fields["text"], "sending it reaches the desk unaltered")


def states(p):
    cases = [
        ("no such link", path_of(probe.token("none")), 404, "Siden findes ikke her"),
        ("a malformed token", "/p/short", 404, "Siden findes ikke her"),
        ("an expired link", path_of(probe.token("gone")), 410, "Linket er udløbet"),
        ("everything paid", path_of(probe.token("paid")), 200, "Alt er betalt"),
        ("everything passed on", path_of(probe.token("past")), 200, "Det er sendt videre"),
        ("a wish about it", path_of(probe.token("past"), "later"), 200, "459,00"),
        ("a busy desk", path_of(probe.token("busy")), 503, "Vent et øjeblik"),
        ("a failing desk", path_of(probe.token("fail")), 500, "Det lykkedes ikke"),
        ("no day to promise", path_of(probe.token("late"), "later"), 200, "Et menneske kan finde"),
        ("not due yet", path_of(probe.token("soon")), 200, "Endnu ikke forfaldet"),
        ("an unknown path", "/admin", 404, "Siden findes ikke her"),
        ("a path spelled otherwise", "/%70/" + OPEN, 404, "Siden findes ikke her"),
        ("a path upwards", "/p/../static/purr.css", 404, "Siden findes ikke her"),
    ]
    for what, path, wanted, words in cases:
        status, _, body = p.get(path, Accept_Language="da-DK,da;q=0.9,en;q=0.5")
        faults = Page(body).check()
        tap.ok(status == wanted and words in body and not faults, f"{what}: {wanted}",
               f"{status}, {faults}\n{body[:400]}")
    for path in (path_of(probe.token("none")), path_of(probe.token("gone"))):
        body = p.get(path)[2]
        tap.ok(not any(w in body for w in ("Anna", "4711", "299", "9999", "10388")),
               "a link that does not work reveals nothing")
    path = path_of(probe.token("late"), "later")
    before = len(p.acts())
    p.post(path, {"key": p.key(path_of(probe.token("open"), "later")), "day": "2026-12-01"})
    tap.same(len(p.acts()), before, "no promise where none may be made")


def languages(p):
    pages = [path_of(MANY)] + [path_of(MANY, f) for f in FORMS]
    pages += ["/u/" + MANY, "/u/" + probe.token("soon"), "/nowhere"]
    pages += [path_of(probe.token(t)) for t in ("paid", "past", "gone", "soon", "wild", "fail", "busy")]
    pages += [path_of(probe.token("late"), "later"), path_of(probe.token("wild"), "wrong")]
    heaviest = 0
    for path in pages:
        shapes, short = [], path.replace("A" * 18, "...")
        for lang in ("da", "en"):
            _, head, body = p.get(path + "?lang=" + lang)
            page = Page(body)
            heaviest = max(heaviest, len(body.encode()))
            tap.ok(not page.check() and head["Content-Language"] == lang and
                   f'<html lang="{lang}">' in body, f"{short} {lang}: well-formed", page.check())
            shapes.append([t for t, _ in page.tags])
            others = [h for h in page.hrefs if h.startswith("/p/") and f"lang={lang}" not in h]
            tap.same(others, [], f"{short} {lang}: its links keep the language")
        tap.same(shapes[0], shapes[1], f"{short}: both languages have the same structure")
    weight = heaviest + len(p.get("/static/purr.css")[2])
    tap.ok(weight < PAGE_BYTES_MAX,
           f"the heaviest page and its style are {weight} bytes, below {PAGE_BYTES_MAX}")
    tap.same(p.get(path_of(OPEN), Accept_Language="en")[1]["Content-Language"], "da",
             "the debtor's language goes before the browser's")
    tap.same(p.get(path_of(OPEN, "", "xx"))[1]["Content-Language"], "da", "an unknown language is ignored")
    tap.same(p.get("/nowhere", Accept_Language="fr, da;q=0.8")[1]["Content-Language"], "da",
             "without a debtor the browser's language counts")


def markup(p):
    for form in ("",) + FORMS:
        body = p.get(path_of(probe.token("wild"), form))[2]
        tap.ok("<script" not in body and "<img" not in body and "<s>" not in body,
               f"texts full of markup are escaped ({form or 'page'})")


def unsubscribe(p):
    tok = probe.token("open", "G")
    before = len(p.acts())
    boundary = "----abc123"
    multipart = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n"
                 f"One-Click\r\n--{boundary}--\r\n")
    cases = [
        ("urlencoded", "List-Unsubscribe=One-Click", probe.FORM, 200),
        ("multipart", multipart, f"multipart/form-data; boundary={boundary}", 200),
        ("multipart, quoted boundary", multipart, f'multipart/form-data; boundary="{boundary}"', 200),
        ("empty", "", probe.FORM, 400),
        ("with a line's end", "List-Unsubscribe=One-Click\r\n", probe.FORM, 200),
        ("multipart after an empty preamble", "\r\n" + multipart, f"multipart/form-data; boundary={boundary}", 200),
        ("another field", "x=One-Click", probe.FORM, 400),
        ("multipart of another field", multipart.replace("List-", "Other-"),
         f"multipart/form-data; boundary={boundary}", 400),
        ("multipart without boundary", multipart, "multipart/form-data", 400),
        ("json", "{}", "application/json", 400),
    ]
    for what, body, content_type, wanted in cases:
        status, head, _ = p.post("/u/" + tok, body, content_type)
        tap.ok(status == wanted and "Set-Cookie" not in head and "Location" not in head,
               f"one-click, {what}: {wanted}", status)
    acts = p.acts()[before:]
    tap.same([(a["kind"], a["repeated"]) for a in acts],
             [("unsubscribe", False)] + [("unsubscribe", True)] * 4,
             "however often it is asked, it is done once")
    tap.ok("ikke flere påmindelser på e-mail" in Page(p.get("/u/" + tok)[2]).text, "the page then says so")
    tap.same(p.post("/u/" + probe.token("gone"), "List-Unsubscribe=One-Click")[0], 200,
             "an expired link still unsubscribes")
    tap.same(p.post("/u/" + probe.token("none"), "List-Unsubscribe=One-Click")[0], 404,
             "an unknown one does not")


def heads(p):
    wanted = {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
                                   "frame-ancestors 'none'; base-uri 'none'",
        "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store",
    }
    for path in (path_of(OPEN), path_of(probe.token("none")), "/u/" + OPEN, "/healthz", "/readyz", "/x"):
        head = p.get(path)[1]
        got = {k: head[k] for k in wanted}
        tap.ok(got == wanted and "Set-Cookie" not in head, f"{path[:4]}: guarded by its headers", got)
    tap.same((p.get("/healthz")[2], p.get("/readyz")[2]), ("ok\n", "ready\n"), "healthz and readyz")
    for method, path, allow in (("DELETE", path_of(OPEN), "GET, HEAD"), ("POST", path_of(OPEN), "GET, HEAD"),
                                ("PUT", path_of(OPEN, "help"), "GET, HEAD, POST"),
                                ("OPTIONS", "/u/" + OPEN, "GET, HEAD, POST"),
                                ("POST", "/healthz", "GET, HEAD")):
        status, head, _ = p.ask(method, path, body="" if method == "POST" else None,
                                headers={"Content-Type": probe.FORM})
        tap.same((status, head["Allow"]), (405, allow), f"{method} {path[:3]}: 405")
    versioned = re.search(r'href="(/static/purr.css\?v=\w+)"', p.get(path_of(OPEN))[2]).group(1)
    status, head, _ = p.get(versioned)
    tap.same((status, head["Content-Type"]), (200, "text/css; charset=utf-8"), "the style sheet")


with probe.Probe() as p:
    for story in (gets_are_inert, each_action, once, foreign_keys, mistakes, dispute_is_checked,
                  states, languages, markup, unsubscribe, heads):
        story(p)
    tap.same(p.stop(), 0, "SIGTERM ends the server cleanly")
    log = "\n".join(p.log_lines)
    tap.ok("route=/p/TOKEN/later status=200" in log and
           not any(w in log for w in ("AAAA", "127.0.0.1", "Anna", "day=")),
           "the log names routes, never a token, an address or a query", log[-800:])
tap.done()
