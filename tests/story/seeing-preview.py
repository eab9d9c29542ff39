#!/usr/bin/env python3
# time-limit: 480
"""Seeing before sending: what purr preview shows is what purr run then does,
contact by contact; nothing is written; closed days, holds, cost and calendar
are told as they are; and purr diff finds what another version would change."""
import collections
import csv
import datetime
import io
import json
import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, instant, invoice  # noqa: E402

DAY = 86400
SMS_GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
              "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
SMS_TWO = set("^{}\\[~]|€")


def ledger(seed, count, around):
    """Debtors at every stage, of all kinds, some at one address."""
    r, rows = random.Random(seed), []
    for n in range(count):
        more = {"lang": r.choice(["da", "en"]), "party": r.choice(["consumer"] * 3 + ["business"])}
        kind = r.randrange(6)
        if kind == 0:
            more.update(email="", phone=f"+4520{n:06d}")
        elif kind == 1:
            more.update(phone=f"+4521{n:06d}", prefers="sms")
        elif kind == 2:
            more.update(email=f"house{n % 7}@kunde.example")
        elif kind == 3:
            more.update(email="", street="Gade 1", postcode="8000", city="Aarhus")
        elif kind == 4 and r.random() < 0.3:
            more.update(email="")
        elif kind == 5:
            more.update(street="Gade 2", postcode="8000", city="Aarhus")
        for k in range(r.randint(1, 3)):
            due = around + datetime.timedelta(days=r.randint(-30, 12))
            rows.append(invoice(f"F{n}-{k}", f"K{n}", str(due), f"{r.randint(10, 900)}.00", **more))
    return rows


def happened(w):
    """[(debtor, step, channel, tone, UTC minute, fee, deadline)] of what was sent; a send moves
    on with the machine's clock, by a second where that is busy."""
    rows = w.sql("select d.external_id, k.step, k.channel, k.tone, k.sent_at, k.deadline_on, "
                 "(select coalesce(sum(fee_minor), 0) from contact_case c where c.contact_id = k.id) "
                 "from contact k join debtor d on d.id = k.debtor_id where k.sent_at is not null")
    return sorted((d, s, c, t, at_text(at)[:16], int(fee),
                   str(datetime.date(1970, 1, 1) + datetime.timedelta(days=on)) if on else None)
                  for d, s, c, t, at, on, fee in rows)


def shown(preview):
    fee = lambda text: sum(round(float(part.split()[0]) * 100) for part in text.split(" + ") if part)
    return sorted((x["debtor"], x["step"], x["channel"], x["tone"], x["at"][:16], fee(x["fee"]),
                   x["deadline_on"]) for x in preview["list"])


# --- the promise ---------------------------------------------------------------------------

def what_is_shown_is_done():
    """Several days, several ledgers: a run at eight and at half past three."""
    for seed, start in ((1, "2026-12-17"), (2, "2027-03-22"), (3, "2026-10-23"), (4, "2026-09-14")):
        first = datetime.date.fromisoformat(start)
        with Workspace() as w:
            w.invoices(ledger(seed, 60, first), f"{start}T04:00:00Z")
            if seed % 2:
                w.run("hold", "--debtor", "K3", "--until", str(first + datetime.timedelta(days=3)),
                      at=f"{start}T04:00:00Z")
            begin = f"{start}T05:00:00Z"
            before = w.dump()
            preview = w.json("preview", "--days", "8", "--runs", "08:00,15:30", "--list", at=begin)
            same = w.dump() == before
            for n in range(9):
                on = first + datetime.timedelta(days=n)
                for hour, minute in ((8, 0), (15, 30)):
                    local = datetime.datetime(on.year, on.month, on.day, hour, minute,
                                              tzinfo=zone("Europe/Copenhagen"))
                    w.run("run", at=at_text(int(local.timestamp())))
            done = happened(w)
            told = shown(preview)
            tap.ok(same and len(told) > 20 and told == done,
                   f"from {start}: the {len(told)} messages that were shown are the {len(done)} "
                   "that were sent, to the minute, with fee and deadline",
                   sorted(set(told) ^ set(done))[:6])
            tap.same(preview["contacts"], len(told), "and the total is their number")


def zone(name):
    import zoneinfo
    return zoneinfo.ZoneInfo(name)


def always_at_work():
    """Without --runs: as if a worker were there.  A run each quarter of an hour is near to it."""
    with Workspace() as w:
        w.invoices(ledger(9, 40, datetime.date(2026, 9, 18)), "2026-09-18T04:00:00Z")
        begin = instant("2026-09-18T05:00:00Z")
        preview = w.json("preview", "--days", "1", "--list", at=at_text(begin))
        for n in range(0, 41 * 4):
            w.run("run", at=at_text(begin + n * 900))
        parts = lambda rows: sorted((r[0], r[1], r[2], r[3], r[4][:10]) for r in rows)
        told, done = parts(shown(preview)), parts(happened(w))
        tap.ok(len(told) > 10 and told == done,
               f"with a worker always there: {len(told)} messages on the same days", (told, done))


# --- what it says ----------------------------------------------------------------------------

def units(text):
    if all(c in SMS_GSM or c in SMS_TWO for c in text):
        n = sum(2 if c in SMS_TWO else 1 for c in text)
        return 1 if n <= 160 else -(-n // 153)
    n = len(text.encode("utf-16-le")) // 2
    return 1 if n <= 70 else -(-n // 67)


def closed_days_holds_cost():
    with Workspace() as w:
        rows = [invoice(f"F{n}", f"K{n}", "2026-12-20", "100.00") for n in range(12)]
        rows += [invoice(f"S{n}", f"M{n}", "2026-12-20", "100.00", email="", phone=f"+45201234{n:02d}")
                 for n in range(5)]
        rows += [invoice("X1", "X1", "2026-12-01", "100.00", email=""),
                 invoice("Y1", "Y1", "2026-12-01", "10.00"), invoice("Z1", "Z1", "2027-03-01", "90.00"),
                 invoice("H1", "H1", "2026-12-01", "100.00"), invoice("H2", "H2", "2026-12-01", "100.00")]
        w.invoices(rows, "2026-12-23T08:00:00Z")
        w.run("hold", "--debtor", "H1", at="2026-12-23T09:00:00Z")
        w.run("hold", "--invoice", "H2", "--type", "dispute", at="2026-12-23T09:00:00Z")
        w.setting("cost", "sms_part", "0.345")
        w.setting("cost", "letter", "12")
        begin = "2026-12-23T10:00:00Z"
        files = sorted(os.listdir(w.dir))
        p = w.json("preview", "--days", "8", at=begin)
        tap.same([(m["from"], m["to"], m["contacts"], m["why"]) for m in p["moved"]],
                 [("2026-12-24", "2026-12-28", 17, "Juleaftensdag")],
                 "due on Christmas Eve: seventeen messages move to Monday the 28th, and why")
        words = ("day", "step", "channel", "tone")
        listed = collections.Counter(tuple(x[k] for k in words) for x in w.json(
            "preview", "--days", "8", "--list", at=begin)["list"])
        tap.same({tuple(x[k] for k in words): x["contacts"] for x in p["by_day"]}, dict(listed),
                 "the counts by day, step, channel and tone are those of the list")
        tap.same({h["reason"]: h["debtors"] for h in p["held"]},
                 {"no_channel": 1, "below_minimum": 1, "not_due": 1, "hold.manual": 1,
                  "hold.dispute": 1}, "who gets nothing, and why")
        tap.ok(all(h["says"] for h in p["held"]), "in words", p["held"])
        texts = [s for s in p["samples"] if s["channel"] == "sms"]
        tap.ok(len(p["samples"]) >= 2 and texts and all(units(s["text"]) == s["sms_parts"]
               for s in texts), "a text of each step, channel and language; parts are counted right",
               p["samples"])
        cost = {c["channel"]: c for c in p["cost"]["channels"]}
        parts = texts[0]["sms_parts"] * 5
        tap.same((cost["sms"]["units"], cost["sms"]["cost"], p["cost"]["total"], p["cost"]["currency"]),
                 (parts, f"{parts * 0.345 + 1e-9:.2f}", f"{parts * 0.345 + 1e-9:.2f}", "DKK"),
                 "what it costs, by the part")
        tap.same(sorted(os.listdir(w.dir)), files, "no file is left behind")
        text = w.run("preview", "--days", "8", at=begin).stdout
        tap.ok("17 messages to 17 people" in text and "Juleaftensdag" in text and "Cost:" in text
               and "For instance:" in text, "the same as text", text[:2000])
        links = set(re.findall(r"/p/([A-Za-z0-9_-]{22})", text))
        w.run("run", at=begin)
        w.run("run", at="2026-12-28T08:00:00Z")
        sent = set(re.findall(r"/p/([A-Za-z0-9_-]{22})", "".join(
            m.get_body(("plain",)).get_content() for m in w.mails().values())
            + "".join(t["text"] for t in w.texts())))
        tap.ok(links and sent and not links & sent, "a link that was shown opens no page", (links, sent))


def a_step_that_waits():
    with Workspace() as w:
        w.schedule(lambda s: s["steps"][1].update(approval=True))
        w.invoices([invoice(f"F{n}", f"K{n}", "2026-09-10", "100.00") for n in range(3)],
                   "2026-09-18T08:00:00Z")
        p = w.json("preview", "--days", "5", at="2026-09-21T08:00:00Z")
        tap.ok(p["contacts"] == 0 and [(h["reason"], h["debtors"]) for h in p["held"]] ==
               [("step.approval", 3)] and "purr approve" in p["held"][0]["says"],
               "a step of the schedule that waits for a person: who, and what to do", p["held"])


def words_and_codes():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], "2026-09-18T08:00:00Z")
        bad = []
        for wanted, argv in ((2, ["--days", "367"]), (2, ["--days", "x"]), (2, ["--days", ""]),
                             (2, ["--format", "pdf"]), (2, ["--runs", "8:00"]),
                             (2, ["--runs", "09:00,08:00"]), (2, ["--runs", "25:00"]),
                             (2, ["--by", ""]), (2, ["--by", "a\"b"]), (2, ["operand"]),
                             (2, ["--by", "Ida", "--runs", "08:00"]),
                             (1, ["--schedule", "no-such"])):
            done = w.run("preview", *argv, at="2026-09-21T08:00:00Z")
            if done.returncode != wanted or done.stdout or done.stderr.count("\n") != 1:
                bad.append((argv, done.returncode, done.stdout[:80], done.stderr))
        for wanted, argv in ((2, ["dk-consumer"]), (2, ["a", "b", "c"]), (1, ["no-such", "x.json"]),
                             (1, ["dk-consumer", "no-such.json"]),
                             (2, ["dk-consumer", "dk-consumer", "--format", "pdf"])):
            done = w.run("diff", *argv, at="2026-09-21T08:00:00Z")
            if done.returncode != wanted or done.stdout or done.stderr.count("\n") != 1:
                bad.append((argv, done.returncode, done.stdout[:80], done.stderr))
        tap.same(bad, [], "wrong usage is 2, a refusal is 1, each with one line")


# --- the calendar ---------------------------------------------------------------------------------

def unfold(text):
    """Lines of RFC 5545, checked as they are read: {error: ...} else the list."""
    raw = text.encode()
    if not raw.endswith(b"\r\n") or b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b""):
        return None
    lines = raw[:-2].split(b"\r\n")
    if any(len(line) > 75 for line in lines):
        return None
    out = []
    for line in lines:
        line.decode()
        if line.startswith(b" "):
            out[-1] += line[1:]
        else:
            out.append(line)
    return [line.decode() for line in out]


def calendar():
    with Workspace() as w:
        w.invoices(ledger(5, 60, datetime.date(2026, 9, 16)), "2026-09-14T05:00:00Z")
        at = "2026-09-14T06:00:00Z"
        p = w.json("preview", "--days", "10", at=at)
        done = w.run("preview", "--days", "10", "--format", "ics", at=at)
        lines = unfold(done.stdout.replace("\n", "\r\n") if "\r\n" not in done.stdout else done.stdout)
        tap.ok(lines and lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
               and "VERSION:2.0" in lines and any(x.startswith("PRODID:") for x in lines),
               "a calendar of folded lines, none longer than 75 octets", done.stdout[:800])
        events, here = [], None
        for line in lines:
            if line == "BEGIN:VEVENT":
                here = {}
            elif line == "END:VEVENT":
                events.append(here)
                here = None
            elif here is not None:
                name, value = line.split(":", 1)
                if name in here:
                    tap.ok(False, "a property stands once", line)
                here[name] = value
        per_day = {}
        for x in p["by_day"]:
            per_day[x["day"].replace("-", "")] = per_day.get(x["day"].replace("-", ""), 0) + x["contacts"]
        tap.same({e["DTSTART;VALUE=DATE"]: int(e["SUMMARY"].split()[0]) for e in events}, per_day,
                 f"one event for each of {len(per_day)} days, with its number")
        tap.ok(len({e["UID"] for e in events}) == len(events)
               and all(re.fullmatch(r"\d{8}T\d{6}Z", e["DTSTAMP"]) for e in events)
               and all(not re.search(r"(?<!\\)[;,]", e["DESCRIPTION"]) for e in events),
               "each with its own UID, a stamp, and escaped text", events[:2])


# --- another version -----------------------------------------------------------------------------------

def other(w, change, name="new.json", of=("schedules", "dk-consumer.json")):
    with open(w.path(*of)) as f:
        text = json.load(f)
    change(text)
    return w.file(name, json.dumps(text))


def diffs():
    with Workspace() as w:
        start = datetime.date(2026, 9, 14)
        w.invoices(ledger(6, 60, start), "2026-09-14T04:00:00Z")
        for n in range(3):
            w.run("run", at=f"2026-09-{14 + n}T08:00:00Z")
        at = "2026-09-17T05:00:00Z"
        before = w.dump()
        itself = w.json("diff", "dk-consumer", "dk-consumer", "--days", "20", at=at)
        tap.ok(itself["list"] == [] and itself["debtors"] == 0 and itself["same"] > 30
               and not any(itself["totals"].values()), "a schedule against itself: nothing changes",
               (itself["totals"], itself["list"][:2]))
        copy = other(w, lambda s: s.update(description="other words, same ladder"), "same.json")
        tap.same(w.json("diff", "dk-consumer", copy, "--days", "20", at=at)["list"], [],
                 "nor against a file that says the same in other words")

        fee = other(w, lambda s: s["steps"][2]["fee"].update(minor=5000))
        d = w.json("diff", "dk-consumer", fee, "--days", "20", at=at)
        tap.ok(d["totals"]["fee"] > 5 and d["totals"]["fee"] == len(d["list"])
               and all(x["changes"] == ["fee"] and x["step"] == "fee_reminder"
                       and (x["before"]["fee"], x["after"]["fee"]) == ("100.00 DKK", "50.00 DKK")
                       for x in d["list"]), "another fee: those, and only that", d["list"][:2])

        tone = other(w, lambda s: s.update(tone="firm", experiment=""))
        d = w.json("diff", "dk-consumer", tone, "--days", "20", at=at)
        tap.ok(d["totals"]["tone"] == len(d["list"]) > 3
               and all(x["changes"] == ["tone"] and x["after"]["tone"] == "firm" for x in d["list"]),
               "another tone", d["list"][:2])

        later = other(w, lambda s: s["steps"][2].update(days=12, deadline_days=14))
        d = w.json("diff", "dk-consumer", later, "--days", "25", at=at)
        tap.ok(d["totals"]["later"] > 5 and d["totals"]["deadline"] > 5
               and d["totals"]["earlier"] == d["totals"]["added"] == 0, "later, with a longer deadline",
               d["totals"])
        back = w.run("diff", "dk-consumer", later, "--days", "25", "--format", "csv", at=at).stdout
        rows = list(csv.DictReader(io.StringIO(back)))
        tap.same([(r["debtor"], r["step"], r["changes"].split()) for r in rows],
                 [(x["debtor"], x["step"], x["changes"]) for x in d["list"]], "the same as CSV")

        channel = other(w, lambda s: s["steps"][1].update(channels=["letter", "email", "sms"]))
        d = w.json("diff", "dk-consumer", channel, "--days", "20", at=at)
        tap.ok(d["totals"]["channel"] >= 1 and all("channel" in x["changes"] or x["before"] is None
               or x["after"] is None or set(x["changes"]) <= {"earlier", "later", "deadline"}
               for x in d["list"]), "another channel", d["totals"])

        gone = other(w, lambda s: s["steps"].pop(1))
        d = w.json("diff", "dk-consumer", gone, "--days", "20", at=at)
        tap.ok(d["totals"]["dropped"] > 5 and any(x["step"] == "friendly_reminder"
               and x["after"] is None for x in d["list"]), "a step that is gone", d["totals"])

        with open(w.path("schedules", "calendars", "dk.ics"), newline="") as f:
            text = f.read()
        one = "BEGIN:VEVENT\r\nUID:closed-1\r\nDTSTAMP:20260101T000000Z\r\n" \
              "DTSTART;VALUE=DATE:20260918\r\nCATEGORIES:HOLIDAY\r\nSUMMARY:Closed\r\nEND:VEVENT\r\nEND:VCALENDAR"
        closed = w.file("closed.ics", re.sub("END:VCALENDAR", one, text.replace("\r\n", "\n")
                                             .replace("\n", "\r\n")))
        d = w.json("diff", "dk", closed, "--days", "5", at=at)
        tap.ok(d["kind"] == "calendar" and d["totals"]["later"] >= 1 and all(
               x["before"]["day"] == "2026-09-18" for x in d["list"] if "later" in x["changes"]
               and x["before"]), "a day that is closed: who would be written to later", d)
        same = w.file("pack.json", open(w.path("schedules", "rules", "dk.json")).read() + "\n")
        d = w.json("diff", "dk", same, "--days", "5", at=at)
        tap.same((d["kind"], d["list"]), ("pack", []), "a rule pack that says the same")
        tap.ok(w.dump() == before, "none of it has written anything")

        w.schedule(lambda s: s["steps"][2]["fee"].update(minor=5000))
        d = w.json("diff", "dk-consumer", "dk-consumer", "--days", "20", at=at)
        tap.ok(d["totals"]["fee"] > 5, "an edited file against itself: what moving the running "
               "cases to it would change", d["totals"])
        p = w.json("preview", "--days", "20", "--schedule", "dk-consumer", "--list", at=at)
        q = w.json("preview", "--days", "20", "--list", at=at)
        fees = [sorted({x["fee"] for x in got["list"] if x["fee"]}) for got in (p, q)]
        tap.same(fees, [["50.00 DKK"], ["100.00 DKK"]],
                 "preview --schedule: as if they were on it; running cases stay on theirs")


def main():
    for story in (what_is_shown_is_done, always_at_work, closed_days_holds_cost, a_step_that_waits, words_and_codes,
                  calendar, diffs):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
