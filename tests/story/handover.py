"""handover.py - claims that climbed their ladder, written out: the CSV read by
Python's csv, the PDFs by poppler (pdftotext, pdffonts, pdfinfo), and the same
bytes for the same input.
"""
import csv
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import served  # noqa: E402
import tap  # noqa: E402
import workspace  # noqa: E402
from workspace import invoice, payment  # noqa: E402

START = "2026-06-01T08:00:00Z"
END = "2026-08-20T08:00:00Z"


def live(w, first, last, step=1):
    for at in range(workspace.instant(first), workspace.instant(last), step * 86400):
        w.run("run", at=workspace.at_text(at))


def tool(*argv):
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]}: {done.stderr}")
    return done.stdout


def rows(folder):
    with open(os.path.join(folder, "claims.csv"), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def climbed(w):
    w.invoices([
        invoice("F1", "K1", "2026-05-25", "1000.00", name='=Søren "Sub" Åby', subject="Hæk, klippet",
                street="Gade 1", postcode="8000", city="Aarhus", phone="+4520123456"),
        invoice("F2", "K1", "2026-05-26", "200.00", name='=Søren "Sub" Åby'),
        invoice("F3", "K2", "2026-05-25", "500.00"),
        invoice("F4", "K3", "2026-05-25", "700.00")], at=START)
    w.payments([payment("P1", "300.00", "2026-06-03", invoice="F1")], at="2026-06-03T06:00:00Z")
    w.run("hold", "--invoice", "F1", "--type", "dispute", "--until", "2026-06-12", "--reason",
          "wrong amount", "--by", "anna", at="2026-06-05T08:00:00Z")
    live(w, START, END)
    owed = w.one("select balance_minor from invoice where external_id = 'F4'")
    w.payments([payment("P3", f"{owed / 100:.2f}", "2026-08-19", invoice="F4")], at=END)


def exported(w):
    dry = w.json("handover", w.path("nowhere"), "--dry-run", at=END)
    tap.ok(dry["invoices"] == 3 and not os.path.exists(w.path("nowhere")),
           "--dry-run says how many and writes nothing", dry)
    done = w.json("handover", w.path("out"), "--by", "bo", at=END)
    tap.same((done["cases"], done["invoices"]), (2, 3), "two cases, three invoices; a paid one is left out")
    found = rows(w.path("out"))
    tap.same([r["invoice"] for r in found], ["F1", "F2", "F3"], "one row for each invoice")
    one = found[0]                          # F1
    tap.same((one["debtor"], one["phone"], one["address"]),
             ("K1", "+4520123456", "Gade 1\n8000 Aarhus\nDK"), "with the debtor's addresses")
    tap.same(one["debtor_name"], '\'=Søren "Sub" Åby', "a name that a spreadsheet would run is made text")
    tap.same((one["principal"], one["paid"], one["currency"]), ("1000.00", "300.00", "DKK"),
             "what was invoiced and what was paid")
    for r in found:
        total = (float(r["principal"]) - float(r["credited"]) - float(r["paid"]) + float(r["fees"]) +
                 float(r["compensation"]) + float(r["interest"]) + float(r["other"]))
        tap.ok(abs(total - float(r["balance"])) < 0.005, f"{r['invoice']}: the amounts make the balance")
        kept = w.one("select balance_minor from invoice where external_id = ?", r["invoice"])
        tap.same(r["balance"], f"{kept / 100:.2f}", f"{r['invoice']}: which is the ledger's")
    tap.same(one["objections"], "2026-06-05 dispute: wrong amount", "the objection is told")
    steps = [n.split()[-1] for n in one["notices"].split("; ")]
    sent = [s for (s,) in w.sql("select k.step from contact k join contact_invoice ci on ci.contact_id = "
                                "k.id where ci.invoice_id = 1 and k.sent_at is not null order by k.id")]
    tap.same(steps, sent, "and each notice that spoke of it")
    tap.same(w.one("select count(*) from event where kind = 'invoice.exported' and who = 'bo'"), 3,
             "each export is an event")


def drawn(w):
    found = rows(w.path("out"))
    path = w.path("out", found[0]["dossier"])
    text = tool("pdftotext", "-layout", path, "-")
    for words in ("Claim handed over", 'Søren "Sub" Åby', "K1", "Statement of account (DKK)", "Hæk, klippet",
                  "wrong amount", "Messages, as they were sent", "What happened, and why", "DK-HOURS-1",
                  "payment booked", "set on hold; type dispute"):
        tap.ok(words in text, f"the dossier tells: {words}", text[:3000])
    first = w.one("select min(id) from contact where debtor_id = 1 and channel = 'email' "
                  "and sent_at is not null")
    body = workspace.mail_text(w.mails()[first])
    for line in body.splitlines():
        line = line.strip()
        if line and "/p/" not in line and "/u/" not in line and len(line) < 60:
            tap.ok(line in text, f"a line of the first message: {line}")
    token = re.search(r"/p/([A-Za-z0-9_-]+)", body).group(1)
    tap.ok(token not in text and "(private)" in text, "the debtor's private link is not in it")
    tap.ok(token not in str(w.sql("select content from contact_text")), "nor in the database")
    fonts = tool("pdffonts", path).splitlines()[2:]
    tap.ok(fonts and all(line.split()[-5] == "yes" for line in fonts), "all fonts are embedded",
           "\n".join(fonts))
    info = tool("pdfinfo", "-isodates", path)
    tap.ok("Title:           Claim handed over: case 1" in info and "2026-08-20T08:00:00Z" in info and
           "A4" in info, "title, day and size stand in its metadata", info)


def once(w):
    tap.same(w.json("handover", w.path("second"), at=END)["invoices"], 0, "a claim is exported once")
    tap.ok(not os.path.exists(w.path("second")), "with nothing to write no folder is made")
    done = w.run("handover", w.path("out"), "--again", at=END)
    tap.ok(done.returncode == 1 and "claims.csv is there already" in done.stderr,
           "what is there is never written over", done.stderr)
    w.json("handover", w.path("again"), "--again", at=END)
    for name in sorted(os.listdir(w.path("out"))):
        with open(w.path("out", name), "rb") as a, open(w.path("again", name), "rb") as b:
            first, second = a.read(), b.read()
        # the timeline of the second knows of the first export only in events that it does not tell
        tap.ok(first == second, f"{name}: the same bytes again", f"{len(first)} {len(second)}")
    tap.same(w.json("handover", w.path("late"), "--again", "--since", "2026-08-20", at=END)["invoices"], 0,
             "--since leaves older ones out")
    tap.same(w.run("handover", w.path("x"), "--since", "soon", at=END).returncode, 2, "and is a day")


def told(w):
    """What the debtor finds behind an old link, and where a wish leads."""
    mail = w.mails()[w.one("select min(id) from contact where debtor_id = 2 and channel = 'email'")]
    token = served.token_of(mail)
    with served.Served(w, END) as s:
        page = served.words(s.get(f"/p/{token}?lang=en")[2])
        owed = w.one("select balance_minor from invoice where external_id = 'F3'")
        tap.ok("This has been passed on" in page and f"{owed / 100:.2f}" in page and
               "Nordisk Inkasso" in page and "run out" not in page,
               "a debtor reads how much was passed on, and to whom", page)
        before = w.dump()
        page = s.get(f"/p/{token}/help?lang=en")[2]
        tap.ok("This has been passed on" in served.words(page), "there is no form for it", page)
        tap.same(s.one_click(token), 200, "but an address can be left as before")
        tap.ok(w.dump() != before, "which counts")
        paid = w.mails()[w.one("select min(id) from contact where debtor_id = 3 and channel = 'email'")]
        tap.ok("Everything is paid" in served.words(s.get(f"/p/{served.token_of(paid)}?lang=en")[2]),
               "a claim that was paid after it was handed over is paid")


def before_it_is_written_out(w):
    """Off the ladder, and not with anybody else yet: it can be paid, held and taken back."""
    w.invoices([invoice("L1", "K1", "2026-05-25", "500.00"), invoice("L2", "K2", "2026-05-25", "500.00")],
               at=START)
    live(w, START, END)
    token = served.token_of(w.mails()[1])
    with served.Served(w, END) as s:
        page = served.words(s.get(f"/p/{token}?lang=en")[2])
        tap.ok("The reminders have ended" in page and "It has not been yet" in page and "L1" in page and
               "konto" in page and "passed on to" not in page, "the page says that it can still be paid", page)
    tasks = [t["text"] for t in w.json("tasks", "--debtor", "K1")["tasks"]]
    tap.ok(len(tasks) == 1 and tasks[0].startswith("L1 (") and "--back INVOICE" in tasks[0],
           "the task names claim, amount and both ways", tasks)
    w.run("hold", "--invoice", "L1", "--until", "2026-09-01", "--by", "bo", at=END)
    tap.same(w.json("handover", w.path("h"), "--dry-run", at=END)["invoices"], 1,
             "a claim that is on hold is not written out")
    tap.same(w.json("handover", "--back", "L1", "--until", "2026-09-20", "--by", "bo", "--reason", "agreed",
                    at=END), {"invoice": "L1", "exported": False}, "a claim is taken back")
    tap.same((w.one("select state from invoice where external_id = 'L1'"),
              w.json("tasks", "--debtor", "K1")["tasks"]), ("open", []), "it is open, and no task is left")
    live(w, "2026-08-21T08:00:00Z", "2026-09-20T09:00:00Z", 3)
    tap.same(w.one("select state from invoice where external_id = 'L1'"), "open", "and on hold so long")
    live(w, "2026-09-21T08:00:00Z", "2026-09-30T09:00:00Z")
    tap.same(w.one("select state from invoice where external_id = 'L1'"), "handed_over", "then it leaves again")
    w.json("handover", w.path("h"), at="2026-10-01T08:00:00Z")
    tap.same(w.one("select count(*) from task where kind = 'hand_over' and done_at is null"), 0,
             "written out: nobody has to do it any more")
    for wrong in ("L9", "L3"):
        tap.same(w.run("handover", "--back", wrong, at=END).returncode, 1, f"{wrong} cannot be taken back")


def paid_but_for_fees(w):
    """Who has paid the claim is not passed on for its fees by itself."""
    w.invoices([invoice("G1", "K1", "2026-05-25", "500.00")], at=START)
    live(w, START, "2026-07-01T08:00:00Z")
    w.payments([payment("P1", "500.00", "2026-07-01", invoice="G1")], at="2026-07-01T09:00:00Z")
    live(w, "2026-07-02T08:00:00Z", END)
    tap.same((w.one("select state from invoice"), w.one("select balance_minor > 0 from invoice")), ("open", 1),
             "fees alone stay where they are")
    tap.same([t["kind"] for t in w.json("tasks")["tasks"]], ["step.approval"], "until a person says yes")
    w.json("approve", "case:1", "--by", "bo", at=END)
    w.run("run", at="2026-08-21T08:00:00Z")
    tap.same(w.one("select state from invoice"), "handed_over", "and then they go")


def words_of_debtors(w):
    """Two claims: what a debtor wrote is in the dossier, what a clerk noted is no objection."""
    w.invoices([invoice("G1", "K1", "2026-05-25", "1000.00")], at=START)
    w.run("run", at=START)
    token = served.token_of(w.mails()[1])
    with served.Served(w, "2026-06-02T12:00:00Z") as s:
        s.act(token, "wrong", reason="goods", stage="send", text="Hækken mangler stadig")
    w.run("release", "--debtor", "K1", "--by", "bo", at="2026-06-04T08:00:00Z")
    w.run("hold", "--debtor", "K1", "--until", "2026-06-07", "--reason", "we moved house", "--by", "bo",
          at="2026-06-05T08:00:00Z")
    live(w, "2026-06-05T08:00:00Z", END)
    w.json("handover", w.path("out"), at=END)
    one = rows(w.path("out"))[0]
    tap.ok("missing, late or faulty" in one["objections"] and "Hækken mangler stadig" in one["objections"],
           "an objection in the debtor's own words", one["objections"])
    tap.ok("moved house" not in one["objections"] and "manual" not in one["objections"],
           "a pause of the creditor's is none", one["objections"])
    text = tool("pdftotext", "-layout", w.path("out", one["dossier"]), "-")
    at = [text.find(x) for x in ("the debtor answered on the payment page", "hold released",
                                 "set on hold; type manual")]
    tap.ok(re.search(r"What happened.*2026-06-02 14:00 +P-000001 The debtor says.*Hækken mangler\s+stadig",
                     text, re.S) and -1 not in at and at == sorted(at),
           "and in the timeline, in its place", text[-6000:])


with workspace.Workspace() as one:
    with open(one.path("purr.conf"), "a", encoding="utf-8") as conf:
        conf.write("[creditor demo]\ncollector = Nordisk Inkasso A/S, 70 10 20 30\n")
    climbed(one)
    exported(one)
    drawn(one)
    once(one)
    told(one)
for part in (words_of_debtors, before_it_is_written_out, paid_but_for_fees):
    with workspace.Workspace() as two:
        part(two)
tap.done()
