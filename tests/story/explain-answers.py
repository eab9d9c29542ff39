"""explain-answers.py - `purr explain` and `purr report` as a person uses them:
the state of an invoice at every turn of its life, and one clear line on trouble.
"""
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PURR = os.path.abspath(os.environ.get("PURR", "build/release/purr"))
ROOT = os.getcwd()
DATA = os.path.join(ROOT, "tests/data")
ANSWERS = {"pass", "wait", "stop", "note"}


class Space:
    def __init__(self, folder):
        self.folder = folder
        self.run("init", self.folder, bare=True)

    def run(self, *args, bare=False):
        done = subprocess.run([PURR, *args, *([] if bare else ["-C", self.folder])],
                              capture_output=True, timeout=60, text=True)
        return done.returncode, done.stdout, done.stderr

    def explain(self, what, at):
        code, out, err = self.run("explain", what, "--at", at, "--json")
        if not tap.same((code, err), (0, ""), f"explain {what} at {at}"):
            return {}
        return json.loads(out)

    def text(self, what, at):
        return self.run("explain", what, "--at", at)[1]


def load(space):
    space.run("import", "invoices", f"{DATA}/invoices.csv", "--map",
              f"{DATA}/invoices.profile.json", "--at", "2026-09-01T10:00:00Z")


def life(space):
    """Invoice 2026-1001 is due on 15 September."""
    told = space.explain("2026-1001", "2026-09-10T10:00:00Z")
    tap.same((told["decision"]["result"], told["decision"]["reason"]), ("wait", "not_due"),
             "before its first step it waits")
    tap.same(told["decision"]["next_check_at"], "2026-09-11T22:00:00Z",
             "until the first second of 12 September in Copenhagen")
    tap.same((told["invoice"]["state"], told["invoice"]["balance"], told["invoice"]["due_on"]),
             ("open", "1249.00", "2026-09-15"), "the invoice as the ledger has it")
    tap.ok({line["answer"] for line in told["decision"]["trace"]} <= ANSWERS and
           all(line["rule"] and line["text"] for line in told["decision"]["trace"]),
           "every line of the trace has a rule, an answer and a text")
    tap.ok(any("invoice 2026-1001" in line["text"] for line in told["decision"]["trace"]),
           "the trace tells invoices by their numbers")

    text = space.text("2026-1001", "2026-09-12T18:29:00Z")
    tap.ok("wait until 2026-09-14 08:00" in text and "00Z" not in text,
           "the text tells every moment in the debtor's time, those of the rules too", text)

    space.run("plan", "--at", "2026-09-12T18:30:00Z")
    told = space.explain("2026-1001", "2026-09-12T18:31:00Z")
    tap.same([c["state"] for c in told["contacts"]], ["planned"], "in the evening it is planned")
    tap.ok(re.search(r"Contact \d+ \(heads_up by sms\) is planned for 2026-09-14 08:00", told["next"]),
           "for Monday at eight, since Sunday is closed", told["next"])

    space.run("send", "--at", "2026-09-14T07:00:00Z")
    told = space.explain("2026-1001", "2026-09-14T08:00:00Z")
    tap.same([(c["step"], c["state"], c["sent_at"]) for c in told["contacts"]],
             [("heads_up", "sent", "2026-09-14T07:00:00Z")], "then it is sent")
    invoice = told["cases"][0]["invoices"][0]
    tap.same((invoice["number"], invoice["last_step"], invoice["next_step"], invoice["next_due_on"]),
             ("2026-1001", "heads_up", "friendly_reminder", "2026-09-19"), "and the ladder goes on")

    told = space.explain("2026-1001", "2026-09-21T10:00:00Z")
    tap.same((told["decision"]["result"], told["decision"]["step"], told["decision"]["channel"]),
             ("contact", "friendly_reminder", "email"), "a due step is told before it is planned")
    sources = [line for line in told["decision"]["trace"] if line["rule"] == "DK-STEP-1"]
    tap.ok(sources and sources[0]["confidence"] == "P" and "Policy" in sources[0]["source"],
           "with the source of its rule and how sure we are")
    db = sqlite3.connect(os.path.join(space.folder, "purr.db"))
    tap.same(db.execute("select count(*) from contact").fetchone()[0], 1, "telling writes nothing")
    db.close()


def held(space):
    space.run("hold", "--debtor", "K-100", "--type", "dispute", "--reason", "wrong meter",
              "--at", "2026-09-21T10:05:00Z")
    told = space.explain("2026-1001", "2026-09-21T10:06:00Z")
    tap.same(told["decision"]["reason"], "hold.dispute", "a hold is the reason")
    tap.same([(h["type"], h["scope"], h["reason"], h["in_force"]) for h in told["holds"]],
             [("dispute", "debtor", "wrong meter", True)], "and is listed")
    tap.ok("until somebody releases" in told["next"], "with its end", told["next"])
    text = space.text("2026-1001", "2026-09-21T10:06:00Z")
    tap.ok("dispute on the debtor" in text and "wrong meter" in text and "not yet" in text,
           "the text says so too", text)
    space.run("release", "--debtor", "K-100", "--at", "2026-09-21T10:10:00Z")
    told = space.explain("2026-1001", "2026-09-21T10:11:00Z")
    tap.same((told["holds"][0]["in_force"], told["decision"]["next_check_at"]),
             (False, "2026-09-22T22:00:00Z"), "released: two days later")


def message(space):
    space.run("run", "--at", "2026-09-23T10:00:00Z")
    told = space.explain("2026-1001", "2026-09-23T11:00:00Z")
    number = told["contacts"][-1]["id"]
    later = space.explain("2026-1001", "2026-10-05T10:00:00Z")["decision"]
    tap.same((later["step"], later["fees"]), ("fee_reminder", [{"currency": "DKK", "amount": "100.00"}]),
             "a reminder with a fee tells the fee")
    tap.ok("with a fee of 100.00 DKK" in space.text("2026-1001", "2026-10-05T10:00:00Z"), "in words, too")
    one = space.explain(f"contact:{number}", "2026-10-30T10:00:00Z")
    tap.same((one["decision"]["same"], one["decision"]["differences"], one["decision"]["at"]),
             (True, [], "2026-09-23T10:00:00Z"), "a message tells the decision of its moment")
    tap.same((one["decision"]["step"], one["decision"]["tone"]),
             (one["contact"]["step"], one["contact"]["tone"]), "which is what was sent")
    tap.same([(i["number"], i["balance"], i["counts"]) for i in one["contact"]["listed"]],
             [("2026-1001", "1249.00", True)], "and what it spoke of")
    rules = {line["rule"] for line in one["decision"]["trace"]}
    tap.ok({"DK-STEP-1", "DK-FREQ-1", "DK-HOURS-1", "schedule.gap"} <= rules,
           "with every rule that was asked", rules)
    tap.same(space.run("explain", f"contact:{number}", "--replay")[:2],
             (0, "same answer: 1 stored decision(s) made again\n"), "--replay of one message")
    case = told["cases"][0]["id"]
    code, out, _ = space.run("explain", f"case:{case}", "--replay")
    tap.ok(code == 0 and re.match(r"same answer: [3-9]", out), "--replay of a case", out)


def paid(space):
    """The ledger's next export says that nothing is left to pay."""
    text = pathlib.Path(DATA, "invoices.csv").read_bytes()
    export = pathlib.Path(space.folder, "export.csv")
    export.write_bytes(text.replace(b"DKK;1.249,00;1.249,00;", b"DKK;1.249,00;0,00;", 1))
    tap.ok(export.read_bytes() != text, "another export")
    space.run("import", "invoices", str(export), "--map",
              f"{DATA}/invoices.profile.json", "--at", "2026-09-24T10:00:00Z")
    told = space.explain("2026-1001", "2026-09-24T11:00:00Z")
    if told["invoice"]["state"] != "paid":
        tap.ok(False, "a paid invoice is paid", told["invoice"])
        return
    tap.ok("Nothing is owed on this invoice" in told["invoice"]["says"], "a paid invoice is paid")
    tap.ok("2026-1001" not in [i["number"] for c in told["cases"] for i in c["invoices"]],
           "and not on a ladder any more")


def refused(space):
    for args, code, says in (
            (("explain", "2026-9999"), 1, "there is no invoice 2026-9999"),
            (("explain", "contact:99999"), 1, "there is no contact 99999"),
            (("explain", "case:99999"), 1, "there is no case 99999"),
            (("explain", "case:0"), 1, "there is no invoice case:0"),
            (("explain", "contact:1x"), 1, "there is no invoice contact:1x"),
            (("explain", "2026-1001", "--creditor", "nobody"), 1, "no section [creditor nobody]"),
            (("explain",), 2, "something is missing"),
            (("explain", "a", "b"), 2, "one word too many: b"),
            (("explain", "a", "--replays"), 2, "unknown option"),
            (("report",), 2, "something is missing"),
            (("report", "weather"), 2, "there is no report 'weather'"),
            (("report", "tone", "--as-of", "yesterday"), 2, "--as-of takes a day"),
            (("report", "tone", "--format", "doc"), 2, "--format takes text, json, csv"),
            (("report", "tone", "--experiment", "other"), 1, 'no'),):
        got, out, err = space.run(*args)
        tap.ok(got == code and says in err and err.count("\n") == 1 and out == "",
               f"refused: purr {' '.join(args)}", f"{got} {out} {err}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        space = Space(os.path.join(folder, "w"))
        tap.ok("nobody has been assigned" in space.run("report", "tone")[2],
               "a report before anybody was assigned says so")
        load(space)
        life(space)
        held(space)
        message(space)
        paid(space)
        refused(space)
        code, out, _ = space.run("report", "tone", "--as-of", "2026-09-24")
        tap.ok(code == 0 and "Tone report of experiment dk-tone" in out, "the tone report as text")
    tap.done()


if __name__ == "__main__":
    main()
