#!/usr/bin/env python3
"""letters.py - a letter as pages: read back by poppler (words, fonts, places) and by zbar
(the code), twice the same bytes, in every language; what is in the envelope's window and
what must stay out of it; an address that does not fit."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from served import Served  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

IMPORTED, FIRST = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z"
LANGS = ("da", "en", "nb", "sv", "fi", "de")
MM = 72 / 25.4
LEFT, TOP = 20, 45                      # of the window, 85 by 45


def out(*argv, **more):
    return subprocess.run(argv, capture_output=True, check=True, timeout=60, **more).stdout


def words(path):
    """[(page, x0, y0, x1, y1 in millimetres, word)]"""
    page, found = 0, []
    for line in out("pdftotext", "-bbox", path, "-").decode().splitlines():
        page += "<page " in line
        m = re.match(r'\s*<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', line)
        if m:
            found.append((page, *(float(v) / MM for v in m.groups()[:4]), m.group(5).replace("&amp;", "&")))
    return found


def in_window(w):
    return w[0] == 1 and w[1] < LEFT + 85 and w[3] > LEFT and w[2] < TOP + 45 and w[4] > TOP


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def shop(w, **address):
    w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
    w.setting("creditor demo", "street", "Elmevej 1")
    w.setting("creditor demo", "postcode", "8000")
    w.setting("creditor demo", "city", "Aarhus C")
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "1250.00", lang=lang, name="Søren Ångström-Lundgård",
                        email="", street="Strandgade 12, 3. th.", postcode="1401", city="København K",
                        country="DE" if lang == "de" else "DK", **address) for k, lang in enumerate(LANGS)], IMPORTED)
    sent = 0
    for at in (FIRST, "2026-09-29T06:30:00Z"):          # the German ladder is a day later
        w.json("plan", at=at)
        sent += w.json("send", at=at)["sent"]
    return sent


def pages(w):
    folder = w.path("outbox", "letters")
    return {int(re.match(r"C(\d+)\.pdf$", n).group(1)): os.path.join(folder, n) for n in sorted(os.listdir(folder))}


with Workspace() as one, Workspace() as two:
    sent = shop(one)
    tap.same((sent, len(one.letters()), len(pages(one))), (6, 6, 6), "six letters, six PDFs")
    lang = dict(one.sql("select id, lang from contact"))
    lines = {line["contact"]: line for line in one.letters()}
    for contact, path in pages(one).items():
        at = f"{lang[contact]}: "
        info, fonts = out("pdfinfo", path).decode(), out("pdffonts", path).decode().splitlines()[2:]
        tap.ok("A4" in info and re.search(r"Tagged:\s+yes", info) and re.search(r"Title:\s+\S", info) and
               re.search(r"Author:\s+Nordlys El", info), at + "A4, tagged, with title and author", info)
        tap.ok(fonts and all(re.search(r"\+DejaVu", f) and re.search(r"yes yes yes", f) for f in fonts),
               at + "fonts embedded, in part, with their letters", fonts)
        text = out("pdftotext", "-layout", path, "-").decode()
        body = squeezed(re.sub(r"\s\d+ / \d+\s", " ", out("pdftotext", path, "-").decode().replace("\f", " ")))
        missing = [w for w in lines[contact]["text"].split() if w not in body and len(w) < 20]
        tap.same(missing, [], at + "every word of the letter can be read")
        here = [w for w in words(path) if in_window(w)]
        shown = squeezed(" ".join(w[5] for w in here))
        tap.ok("Nordlys El, Elmevej 1, 8000 Aarhus C" in shown and
               "Søren Ångström-Lundgård Strandgade 12, 3. th. 1401 København K" in shown, at + "sender and recipient in the window",
               shown)
        name = re.search(r"^(.+): http", lines[contact]["text"], re.M).group(1)
        tap.same(body.count(squeezed(name)), 2, at + "the code says what it leads to")
        tap.same("GERMANY" in [w[5] for w in here], lang[contact] == "de", at + "the country for abroad only")
        tap.ok(all(LEFT <= w[1] and w[3] <= LEFT + 85 and TOP <= w[2] and w[4] <= TOP + 45 for w in here),
               at + "wholly inside it", here)
        near = [w for w in words(path) if w[0] == 1 and not in_window(w) and w[2] < 98]
        tap.same(near, [], at + "nothing else above the text")
        tap.ok(all(24 <= w[1] and w[3] <= 191 and w[4] <= 290 for w in words(path) if not in_window(w)),
               at + "margins are kept")
        png = os.path.join(one.dir, "page")
        last = int(re.search(r"Pages:\s+(\d+)", info).group(1))
        subprocess.run(["pdftoppm", "-png", "-r", "150", "-f", str(last), "-singlefile", path, png], check=True)
        link = re.search(r"https?://\S+/p/\S+", lines[contact]["text"]).group(0)
        tap.same(out("zbarimg", "--quiet", "--raw", png + ".png").decode().strip(), link, at + "the code leads to the debtor's page")
    # The same key and numbers: the same bytes.
    for name in ("link.key", "assign.key"):
        with open(one.path("keys", name), "rb") as a, open(two.path("keys", name), "wb") as b:
            b.write(a.read())
    shop(two)
    first, second = ({k: open(p, "rb").read() for k, p in pages(w).items()} for w in (one, two))
    tap.ok(first == second and len(first) == 6, "made again, each is the same to the byte")
    tap.same([v for v in map(str, judge.judge(one.dir)) if not v.startswith("E3")], [], "the judge finds no violation")
with Workspace() as w:
    # Many invoices: several pages, the code on the last.
    w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
    w.setting("letter", "window_top_mm", "50")
    w.invoices([invoice(f"L{k}", "L", "2026-09-24", f"{100 + k}.00", email="", street="Strandgade 12", postcode="1401",
                        city="København K", country="DK") for k in range(30)], IMPORTED)
    w.json("plan", at=FIRST)
    tap.same(w.json("send", at=FIRST)["sent"], 1, "thirty invoices in one letter")
    (path,) = pages(w).values()
    got = words(path)
    tap.ok(max(p for p, *_ in got) >= 3 and any(x[5] == "1" for x in got if x[0] == 1 and x[2] > 280), "on numbered pages",
           max(p for p, *_ in got))
    tap.same([x for x in got if x[0] > 1 and (x[2] < 24 or x[4] > 290)], [], "whose margins are kept")
    street = [x for x in got if x[5] == "Strandgade"]
    tap.ok(street and street[0][2] > 50 + 17.7, "the window is where the setting has it", street)

ODD = {"long": ("Advokatanpartsselskabet Kristoffersen, Mikkelsen, Bertelsen og Thorgaard-Rasmussen for boet efter "
                "Alexandrine", "Christian den Fjerdes Vej 1234, bygning 7, opgang C, 12. sal tv., lejlighed 1207 mod gården"),
       "word": ("A" * 150, "Strandgade 12"), "longer": ("Andelsboligforeningen " * 9, "Christian den Fjerdes Vej " * 4),
       "chinese": ("王小明", "Strandgade 12"), "arabic": ("محمد علي", "Strandgade 12"), "plain": ("Ida Bo", "Strandgade 12")}
with Workspace() as w:
    w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
    w.invoices([invoice(f"O{key}", key, "2026-09-24", "100.00", email="", name=name, street=street, postcode="1401",
                        city="København K", country="DK") for key, (name, street) in ODD.items()], IMPORTED)
    w.json("plan", at=FIRST)
    w.json("send", at=FIRST)
    of = dict(w.sql("select k.id, d.external_id from contact k join debtor d on d.id = k.debtor_id"))
    closed = {d for d, in w.sql("select d.external_id from address a join debtor d on d.id = a.debtor_id "
                                "where a.channel = 'letter' and a.bad_at is not null")}
    drawn = {of[k]: words(path) for k, path in pages(w).items()}
    tap.same(sorted((*drawn, *closed)), sorted(ODD),
             "each is drawn or closed, for the next way; a neighbour's name closes nobody's door")
    tap.ok({"plain", "arabic"} <= set(drawn) and "longer" in closed, "what fits is drawn", (sorted(drawn), closed))
    tap.same([(key, word) for key, found in drawn.items() for word in found
              if word[0] == 1 and word[2] > TOP + 12 and word[4] > TOP + 45 and word[2] < TOP + 52], [],
             "of those that are drawn nothing runs out of the window")
    tap.same([key for key, found in drawn.items() if not ({"København", "1401"} <= {x[5] for x in found if in_window(x)})],
             [], "down to the town")
    tap.ok("chinese" in closed or any("王" in x[5] for x in drawn["chinese"]),
           "letters that no font here has are not printed as boxes")
    left = {key: min(x[1] for x in found if in_window(x) and x[2] > TOP + 17) for key, found in drawn.items()}
    tap.ok(max(left.values()) - min(left.values()) < 1, "each begins at the left", left)
for left, top, ok in ((20, 45, True), (118, 45, True), (300, 400, False), (-50, -50, False), (20, 60, True)):
    with Workspace() as w:
        w.setting("letter", "window_left_mm", left)
        w.setting("letter", "window_top_mm", top)
        w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
        w.invoices([invoice("A", "A", "2026-09-24", "100.00", email="", street="Strandgade 12", postcode="1401",
                            city="København K", country="DK")], IMPORTED)
        said = w.run("check")
        tap.same((said.returncode == 0, "window_left_mm" in said.stdout + said.stderr), (ok, not ok),
                 f"a window at {left}, {top}: {'fine' if ok else 'check says where it can be'}")
        w.json("plan", at=FIRST)
        tap.same((w.json("send", at=FIRST)["sent"], w.one("select count(*) from address where bad_at is not null")),
                 (int(ok), 0), "and no letter leaves without its address" if not ok else "and the letter leaves")
        if ok:
            (path,) = pages(w).values()
            near = [x for x in words(path) if x[0] == 1 and left + 85 > x[1] and x[3] > left and top + 45 > x[2] and x[4] > top]
            tap.ok("Strandgade" in [x[5] for x in near] and "Påmindelse" not in " ".join(x[5] for x in near) and
                   not any(x[5].startswith("http") for x in near), "its window shows the address alone", near)
with Workspace() as w:
    # A letter's link is for the page: it does not close the way of the formal notice.
    w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
    w.invoices([invoice("A", "A", "2026-09-24", "100.00", email="", street="Strandgade 12", postcode="1401",
                        city="København K", country="DK")], IMPORTED)
    w.json("plan", at=FIRST)
    w.json("send", at=FIRST)
    (path,) = pages(w).values()
    token = re.search(r"/p/([A-Za-z0-9_-]{22})", "".join(x[5] for x in words(path))).group(1)
    with Served(w, FIRST) as served:
        tap.same(served.ask("POST", f"/u/{token}", "List-Unsubscribe=One-Click",
                            {"Content-Type": "application/x-www-form-urlencoded"})[0], 404, "no such button on a letter")
    tap.same(w.one("select count(*) from address where opted_out_at is not null"), 0, "and its way stays open")
tap.done()
