#!/usr/bin/env python3
# variants: release asan
"""A creditor's own closed days: named in purr.conf, told by `purr check`, closed
for messages and for deadlines, and an old decision is made again with the days
that were in force then."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, invoice, mail_text  # noqa: E402

CLOSED = "schedules/closed/company.ics"
EVENT = ("BEGIN:VEVENT\r\nUID:{0}@demo\r\nDTSTAMP:20260101T000000Z\r\n"
         "DTSTART;VALUE=DATE:{0}\r\nSUMMARY:Sommerfest\r\nCLASS:PUBLIC\r\nEND:VEVENT\r\n")
TIMED = EVENT.replace(";VALUE=DATE:{0}", ":{0}T120000Z")


def feed(*days, event=EVENT):
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Demo//1//DA\r\nX-WR-CALNAME:Demo\r\n"
            + "".join(event.format(day) for day in days) + "END:VCALENDAR\r\n")


def tell(w, *args, at=None):
    done = w.run(*args, at=at)
    return done.returncode, done.stdout, done.stderr


def section(w):
    text = open(w.path("purr.conf")).read()
    return re.search(r"^\[(creditor \S+)\]", text, re.MULTILINE).group(1)


def put(w, text, path=CLOSED):
    os.makedirs(w.path("schedules", "closed"), exist_ok=True)
    with open(w.path(path), "w", newline="") as f:
        f.write(text)


def sends():
    """The friendly reminder of an invoice due 2026-09-10 would leave on Monday the
    14th; that day is closed, and so is the 15th."""
    with Workspace() as w:
        put(w, feed("20260914", "20260915"))
        w.setting(section(w), "closed_days", "company")
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], at="2026-09-08T08:00:00Z")
        w.run("run", at="2026-09-14T08:00:00Z")
        tap.same(len(w.mails()), 0, "nothing is sent on a closed day")
        told = w.json("explain", "F1", at="2026-09-14T08:01:00Z")
        lines = [t for t in told["decision"]["trace"] if t["rule"] == "creditor.closed-days"]
        tap.ok(lines and "Sommerfest" in lines[0]["text"], "the trace names the day",
               told["decision"]["trace"])
        tap.same(told["decision"]["next_check_at"], "2026-09-16T06:00:00Z",
                 "it waits for the first open day")
        w.run("run", at="2026-09-16T08:00:00Z")
        tap.same(len(w.mails()), 1, "which gets the message")
        replayed(w)


def replayed(w):
    """The file changes, the decision of its day stays."""
    hashes = w.sql("select distinct calendar_hash from decision where calendar_hash <> ''")
    tap.same(len(hashes), 1, "one calendar was in force")
    texts = w.sql("select content from policy where hash = ?", hashes[0][0])
    tap.ok(len(texts) == 1 and "Sommerfest" in texts[0][0] and "Juledag" in texts[0][0],
           "it is kept whole, closed days and all, under its hash")
    put(w, feed("20260916"))
    case = w.one("select id from \"case\"")
    case = case[0] if isinstance(case, tuple) else case
    code, out, err = tell(w, "explain", f"case:{case}", "--replay")
    tap.ok(code == 0 and out.startswith("same answer: "), "an old decision, made again: the same",
           out + err)
    w.invoices([invoice("F2", "K2", "2026-09-10", "50.00")], at="2026-09-16T08:30:00Z")
    w.run("plan", at="2026-09-16T09:00:00Z")
    hashes = w.sql("select distinct calendar_hash from decision where calendar_hash <> ''")
    tap.same(len(hashes), 2, "a changed file is another calendar")
    os.remove(w.path(CLOSED))
    code, out, err = tell(w, "explain", f"case:{case}", "--replay")
    tap.ok(code == 1 and "no schedules/closed/company.ics" in err,
           "a file that is named and gone stops everything", out + err)


def deadline():
    """A deadline that would end on a closed day ends on the next bank day."""
    ends = []
    for closed in ([], ["20261005", "20261006"]):
        with Workspace() as w:
            if closed:
                put(w, feed(*closed))
                w.setting(section(w), "closed_days", "company")
            w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], at="2026-09-08T08:00:00Z")
            w.run("run", at="2026-09-14T08:00:00Z")
            w.run("run", at="2026-09-25T08:00:00Z")
            ends.append([mail_text(m) for m in w.mails().values()])
    found = [re.findall(r"\b([0-9]+)\. oktober 2026", " ".join(texts)) for texts in ends]
    tap.ok(found[0] and set(found[0]) == {"5"} and set(found[1]) == {"7"},
           "a deadline passes over closed days", found)


def checked():
    with Workspace() as w:
        name = section(w)
        put(w, feed("20260914", "20261230"))
        w.setting(name, "closed_days", "company")
        out = tell(w, "check")[1]
        tap.ok(f"note: {CLOSED}: closes 2 days for {name.split()[1]}, 2026-09-14 to "
               "2026-12-30\n" in out, "purr check tells them", out)
        put(w, feed("20260914"), "schedules/closed/plant.ics")
        w.setting(name, "closed_days", "company plant")
        notices = [n["path"] for n in w.json("check")["notices"]]
        tap.same([p for p in notices if "/closed/" in p], [CLOSED, "schedules/closed/plant.ics"],
                 "of two files")
        w.setting(name, "closed_days", "company nowhere")
        code, out, _ = tell(w, "check")
        tap.ok(code == 1 and "there is no schedules/closed/nowhere.ics" in out, "one is missing",
               out)
        w.setting(name, "closed_days", "company")
        for what, text, says in (
                ("a time with a Z", feed("20260914", event=TIMED), "without Z and TZID"),
                ("no calendar at all", "<html></html>", "is not an iCalendar"),
                ("an empty one", feed(), "no day is closed")):
            put(w, text)
            code, out, _ = tell(w, "check")
            lines = [line for line in out.splitlines() if line.startswith(CLOSED + ": ")]
            tap.ok(code == 1 and len(lines) == 1 and says in lines[0],
                   f"refused with one line: {what}", out)
            code, _, err = tell(w, "plan", at="2026-09-14T08:00:00Z")
            tap.ok(code == 1 and CLOSED in err and says in err, f"and nothing is planned: {what}",
                   err)


sends()
deadline()
checked()
tap.done()
