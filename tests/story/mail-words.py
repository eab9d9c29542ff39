#!/usr/bin/env python3
# variants: release asan
"""mail-words.py - what people's programs make of a reply, and who may say it: "stop" under
every kind of quote and signature, words between and below quotes, HTML, charsets that are
not what they say; senders without ids and with each other's; answers from addresses that
nobody knows; robots."""
import base64
import email.message
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"), os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import tap  # noqa: E402
from mail_in import closed, contact, receive, shop  # noqa: E402
from workspace import Workspace  # noqa: E402

GMAIL = "Den man. 28. sep. 2026 kl. 08.30 skrev Butik <hej@butik.test>:\n\n> Kære\n> Vi mangler\n"


def reply(k, body, subject="Re: Påmindelse", crlf=False, kind="text/plain; charset=utf-8", name=None, sender=None, more=""):
    """One whole message, its body in base64, as Gmail and Outlook send them."""
    if isinstance(body, str):
        body = (body.replace("\n", "\r\n") if crlf else body).encode()
    head = f"=?utf-8?b?{base64.b64encode(subject.encode()).decode()}?="
    return (f"From: {sender or f'A <a{k}@kunde.example>'}\nTo: hej@butik.test\nSubject: {head}\n"
            f"Message-ID: <{name or f'{k}-{hash(body)}'}@kunde.example>\n{more}MIME-Version: 1.0\nContent-Type: {kind}\n"
            "Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(body).decode())


# --- stop ---------------------------------------------------------------------------------------


STOPS = [
    ("Gmail's line", "STOP\n\n" + GMAIL),
    ("Gmail's, wrapped", "STOP\n\nDen man. 28. sep. 2026 kl. 08.30 skrev Lillebæk Haveservice ApS <\n"
     "regnskab@lillebaek.example>:\n\n> Kære\n"),
    ("in Norwegian", "STOPP\n\nman. 28. sep. 2026 kl. 08:30 skrev Butik <hej@butik.test>:\n\n> Kjære\n"),
    ("in Finnish", "LOPETA\n\nma 28. syysk. 2026 klo 8.30 Butik (hej@butik.test) kirjoitti:\n\n> Hei\n"),
    ("in German", "STOP\n\nAm Mo., 28. Sept. 2026 um 08:30 Uhr schrieb Butik <hej@butik.test>:\n\n> Hallo\n"),
    ("in French", "STOP\n\nLe lun. 28 sept. 2026 à 08:30, Butik <hej@butik.test> a écrit :\n\n> Bonjour\n"),
    ("in Spanish", "STOP\n\nEl lun, 28 sept 2026 a las 8:30, Butik (<hej@butik.test>) escribió:\n\n> Hola\n"),
    ("in a language that we do not know", "STOP\n\n2026. szept. 28., H 8:30 dátummal Butik <hej@butik.test>\nezt írta:\n\n> x\n"),
    ("a signature", "Stop\n\n-- \nAnna Sørensen\nTlf. 12 34 56 78\n"),
    ("a greeting", "Stop\n\nMed venlig hilsen\nAnna\n"),
    ("iPhone", "Stop\n\nSendt fra min iPhone\n\n> Den 28. sep. 2026 kl. 08.30 skrev Butik:\n> \n> Kære Anna\n"),
    ("iPhone in Finnish", "Lopeta\n\nLähetetty iPhonesta\n"),
    ("iPhone in German", "Stop\n\nVon meinem iPhone gesendet\n"),
    ("Outlook's app", "Stop\n\nHent Outlook til iOS\n________________________________\nFra: Butik <hej@butik.test>\n"
     "Sendt: 28. september 2026 08:30\nTil: a\nEmne: Påmindelse\n\nKære\n"),
    ("Outlook", "Stop\n\nFra: Butik <hej@butik.test>\nSendt: 28. september 2026 08:30\nTil: a\nEmne: Påmindelse\n\nKære\n"),
    ("Outlook in Finnish", "Lopeta\n\nLähettäjä: Butik <hej@butik.test>\nLähetetty: maanantai\n\nHei\n"),
    ("Outlook in Czech", "Stop\n\nOd: Butik\nOdesláno: pondělí 28. září 2026 8:30\nKomu: a@b.example\nPředmět: Påmindelse\n\nX\n"),
    ("below the quote", GMAIL + "\nSTOP\n"),
]

PAGES = [
    ("a line of HTML", "<div dir=ltr>STOP</div>"),
    ("Gmail's HTML", "<div dir=\"ltr\">Stop</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">Den man. "
     "28. sep. 2026 skrev Butik &lt;<a href=\"mailto:hej@butik.test\">hej@butik.test</a>&gt;:<br></div><blockquote "
     "class=\"gmail_quote\" style=\"margin:0\"><p>K&aelig;re</p></blockquote></div>"),
    ("Outlook's HTML", "<html><head><style>p.MsoNormal {margin:0}</style></head><body><div class=WordSection1>"
     "<p class=MsoNormal>Stop<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='border-top:solid'>"
     "<p class=MsoNormal><b>Fra:</b> Butik &lt;hej@butik.test&gt; <br><b>Sendt:</b> 28. september 2026 08:30<br>"
     "<b>Til:</b> a<br><b>Emne:</b> P&aring;mindelse</p></div><p>K&aelig;re</p></div></body></html>"),
]


def stops(w):
    for k, (what, body) in enumerate(STOPS):
        tap.same((receive(w, reply(k, body, crlf=k % 2 == 0)), f"a{k}@kunde.example" in closed(w, "opted_out_at")),
                 ("stop", True), f"stop is heard: {what}")
    for k, (what, body) in enumerate(PAGES, 30):
        tap.same((receive(w, reply(k, body, kind="text/html; charset=utf-8")),
                  f"a{k}@kunde.example" in closed(w, "opted_out_at")), ("stop", True), f"stop is heard: {what}")
    tap.same(receive(w, reply(35, "-- \nAnna\n\nSendt fra min iPhone\n", "STOP")), "stop", "as a subject above a signature")
    before = closed(w, "opted_out_at")
    for k, body in ((36, "Stop det nu, jeg har betalt\n\n" + GMAIL), (37, "Ja tak\n\n> STOP\n"), (38, "> STOP\n")):
        tap.same(receive(w, reply(k, body)), "words", f"no stop: {body[:20]!r}")
    tap.same(closed(w, "opted_out_at"), before, "and closes nothing")


# --- words -----------------------------------------------------------------------------------------


WORDS = [
    ("below the quote", "Den 28.09.2026 kl. 08.30 skrev Butik:\n> Kære Anna\n> Vi mangler\n\nJeg betalte den 20.\n",
     "Jeg betalte den 20."),
    ("between the quotes", "Hej\n\n> Vi mangler\n\nDen er betalt.\n\n> Ring\n\nRing til mig.\n",
     "Hej\n[...]\nDen er betalt.\n[...]\nRing til mig."),
    ("under a line of dashes", "I rater:\n----------\n1. oktober 500 kr\n", "I rater:\n----------\n1. oktober 500 kr"),
    ("after 'Den ...:'", "Hej\nDen 1. oktober kan jeg betale:\n500 kr nu\n", "Hej\nDen 1. oktober kan jeg betale:\n500 kr nu"),
    ("after 'Fra:'", "Fra: 1. oktober\nTil: 1. december\n500 kr\n", "Fra: 1. oktober\nTil: 1. december\n500 kr"),
    ("with a signature", "Ring til mig\n\n-- \nAnna\nTlf. 12345678\n", "Ring til mig\n\n--\nAnna\nTlf. 12345678"),
]

BYTES = [
    ("UTF-8 that says us-ascii", "us-ascii", "betalt på".encode(), "betalt på"),
    ("Latin-1 that says UTF-8", "utf-8", "betalt på, resten".encode("latin-1"), "betalt på, resten"),
    ("windows-1252 that says Latin-1", "iso-8859-1", "“rater” – €".encode("cp1252"), "“rater” – €"),
    ("a charset that nobody has", "latin-9000", "på".encode("latin-1"), "på"),
    ("UTF-16", "utf-16", "på €".encode("utf-16"), "på €"),
    ("a zero", "utf-8", b"a\0b", "a b"),
]


def words(w):
    def heard(k):
        return w.one("select text from inbound where sender = ?", f"a{k}@kunde.example").split("\n", 1)[1]
    for k, (what, body, own) in enumerate(WORDS, 40):
        tap.same((receive(w, reply(k, body, crlf=k % 2 == 0)), heard(k).replace("\r", "")), ("words", own), f"kept: {what}")
    for k, (what, charset, body, own) in enumerate(BYTES, 50):
        tap.same((receive(w, reply(k, body, kind=f"text/plain; charset={charset}")), heard(k)), ("words", own), what)
    receive(w, "From: a56@kunde.example\nSubject: S\nMessage-ID: <n@x>\n\nJeg har betalt på fredag, resten senere".encode())
    tap.same(heard(56), "Jeg har betalt på fredag, resten senere", "eight bits under no name at all")
    receive(w, reply(57, "<p>Jeg har betalt i g&aring;r,<br>se bilag</p><blockquote>Kære</blockquote>", kind="text/html"))
    tap.same(heard(57), "Jeg har betalt i går,\nse bilag", "HTML is read")
    rests(w, heard)


def rests(w, heard):
    m = email.message.EmailMessage()
    m["From"], m["Subject"], m["Message-ID"] = "a58@kunde.example", "S", "<at@x>"
    m.set_content("Se kvittering")
    m.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="kvittering.pdf")
    receive(w, m.as_bytes())
    receive(w, reply(59, "betalt " * 5000))
    receive(w, reply(60, "Ja\n\nFra: Butik <hej@butik.test>\nSendt: i går\nEmne: x\n\nGammelt\n"))
    task = {t["debtor"]: t["text"] for t in w.json("tasks")["tasks"] if t["kind"] == "wrote"}
    tap.same([task[f"A{k}"].endswith("\nThe rest is in the mail itself.") for k in (57, 58, 59, 60)],
             [False, True, True, True], "a task says so when the mail holds more")
    tap.ok(heard(60) == "Ja" and len(task["A59"]) < 4200, "and shows the words", task["A59"][-100:])


# --- who --------------------------------------------------------------------------------------------


def senders(w):
    for body in ("STOP", "Jeg har betalt"):
        for k in (61, 62):
            receive(w, f"From: a{k}@kunde.example\nTo: hej@butik.test\nSubject: Re\n\n{body}\n")
            receive(w, reply(k + 2, body, name=f"same-{body[:4]}"))
    tap.same(w.sql("select sender, count(*) from inbound where sender in ('a61@kunde.example', 'a62@kunde.example', "
                   "'a63@kunde.example', 'a64@kunde.example') group by 1 order by 1"),
             [(f"a{k}@kunde.example", 2) for k in (61, 62, 63, 64)], "no id, or another's: nobody is lost")
    tap.ok({f"a{k}@kunde.example" for k in (61, 62, 63, 64)} <= set(closed(w, "opted_out_at")), "nor is their stop")
    before = w.dump()
    receive(w, reply(64, "STOP", name="same-STOP"))
    receive(w, reply(63, "STOP", name="same-STOP"))
    tap.ok(w.dump() == before, "each of them again changes nothing")
    for k, head in ((65, "X <x@y.example>, a65@kunde.example"), (66, "G: x@y.example, a66@kunde.example;")):
        tap.same((receive(w, reply(k, "hej", sender=head)), w.one("select sender from inbound order by id desc limit 1")),
                 ("words", f"a{k}@kunde.example"), f"From: {head}")
    tap.same(receive(w, "Sender: a67@kunde.example\nMessage-ID: <s@x>\n\nhej\n"), "words", "no From, but a Sender")


def elsewhere(w):
    own = w.mails()[contact(w, "A68")]["Message-ID"]
    before = closed(w, "opted_out_at")
    # An id that we did not make is no key.
    forged = own[:3] + ("A" if own[3] != "A" else "B") + own[4:]
    tap.same(receive(w, reply(0, "Jeg har betalt", sender="privat@andet.example", name="e0", more=f"In-Reply-To: {forged}\n")),
             "strange", "an answer to a message that is not ours")
    for name, body in (("e1", "Jeg har betalt"), ("e2", "STOP")):
        tap.same(receive(w, reply(0, body, sender="privat@andet.example", name=name, more=f"References: <x@y>\n {own}\n")),
                 "words", f"{body!r} from elsewhere, to ours")
    texts = [t["text"] for t in w.json("tasks", "--debtor", "A68")["tasks"] if t["kind"] == "wrote"]
    tap.same(texts, ["They wrote by e-mail, from another address: privat@andet.example: Re: Påmindelse\nJeg har betalt",
                     "They wrote by e-mail, from another address: privat@andet.example: STOP\n"
                     "No address is closed by it: do it if they mean it."], "are tasks of the debtor whose message it was")
    tap.same((closed(w, "opted_out_at"), w.one("select count(*) from hold h join debtor d on d.id = h.debtor_id "
                                               "where d.external_id = 'A68'")), (before, 1),
             "he is left in peace, and no address is closed")
    receive(w, reply(69, "Det er hans, ikke min", name="e3", more=f"In-Reply-To: {own}\n"))
    tap.ok(any("from another address: a69@kunde.example" in t["text"] for t in w.json("tasks", "--debtor", "A68")["tasks"]),
           "also from somebody whom the ledger knows as another")
    rows = w.json("receive", "--strange")["strange"]
    tap.same([(r["sender"], r["text"].split("\n")[-1]) for r in rows], [("privat@andet.example", "Jeg har betalt")],
             "what was nobody's can be listed")
    tap.ok("privat@andet.example\n    Re: Påmindelse Jeg har betalt\n" in w.run("receive", "--strange").stdout,
           "and read")


ROBOTS = [("Automatisk svar: Påmindelse", ""), ("Autosvar", ""), ("Automatic reply: Påmindelse", ""),
          ("Automatische Antwort: Påmindelse", ""), ("Poissa: x", ""), ("Frånvarande: x", ""),
          ("x", "X-Auto-Response-Suppress: All\n"), ("x", "X-Auto-Reply: 1\n"), ("x", "X-Autogenerated: Reply\n"),
          ("x", "List-Id: <x.y>\n"), ("x", "Precedence: auto_reply\n"), ("x", "Auto-Submitted:  auto-replied\n")]


def robots(w):
    before = w.dump()
    for k, (subject, more) in enumerate(ROBOTS):
        tap.same(receive(w, reply(70, "Jeg er tilbage mandag", subject, name=f"r{k}", more=more)), "automatic",
                 f"no person: {subject}, {more.strip()}")
    tap.ok(w.dump() == before, "and changes nothing")
    tap.same(receive(w, reply(70, "Jeg er hjemme", "Re: Automatisk svar", more="X-Auto-Response-Suppress: DR, OOF\n")),
             "words", "a person's answer is his")


with Workspace() as space:
    shop(space, 71)
    stops(space)
    words(space)
    senders(space)
    elsewhere(space)
    robots(space)
    tap.same([v for v in map(str, judge.judge(space.dir)) if not v.startswith("E3")], [], "the judge finds no violation")
tap.done()
