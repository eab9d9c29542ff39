#!/usr/bin/env python3
"""One debtor's trouble is that debtor's alone: who cannot be planned or sent to
is left to a person, and everybody else gets the message that is due."""
import os
import resource
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, at_text, instant, invoice  # noqa: E402

BEFORE = "2026-09-01T10:00:00Z"
SUNDAY = "2026-09-20T10:00:00Z"         # planned for Monday 08:00 in Copenhagen
WINDOW = "2026-09-21T06:00:00Z"
MONDAY = "2026-09-21T08:00:00Z"
HOUR = 3600
TROUBLED = "K2"


def later(at, seconds):
    return at_text(instant(at) + seconds)


def debtor(w):
    return w.one("select id from debtor where external_id = ?", TROUBLED)


def tasks(w):
    return w.sql("select t.kind, d.external_id, t.text from task t join debtor d "
                 "on d.id = t.debtor_id order by t.id")


# --- ways to be in trouble: (what, plant, mend, a word of the error) ---------------------

def zone(w, name):
    w.sql("update debtor set zone = ? where external_id = ?", name, TROUBLED)


def version(w):
    """A schedule version that this program cannot read."""
    w.sql("insert into policy values ('f00d', 'schedule', 'dk-consumer', '{}', 0)")
    w.sql("update \"case\" set schedule_hash = 'f00d' where debtor_id = ?", debtor(w))


def old_version(w):
    w.sql("update \"case\" set schedule_hash = (select min(schedule_hash) from \"case\" "
          "where schedule_hash <> 'f00d') where debtor_id = ?", debtor(w))


def taken(w):
    """The step stands as taken, by a contact that the ladder knows nothing of."""
    w.sql("insert into decision select 900, debtor_id, 0, 'x', '{}', '{}', '', '', '', '' "
          "from \"case\" where debtor_id = ?", debtor(w))
    w.sql("insert into contact (id, creditor_id, debtor_id, decision_id, address_id, channel, step, "
          "template, tone, lang, legal_notice, state, planned_at, ripe_at, expires_at, templates_hash) "
          "select 900, 1, debtor_id, 900, id, channel, 'friendly_reminder', 'x', 'warm', 'da', 0, "
          "'failed', 0, 0, 0, '' from address where debtor_id = ?", debtor(w))
    w.sql("insert into contact_case select 900, c.id, i.id, 'friendly_reminder', 0, 0 "
          "from \"case\" c join invoice i on i.case_id = c.id where c.debtor_id = ?", debtor(w))


def not_taken(w):
    w.sql("update contact_case set void = 1 where contact_id = 900")


TROUBLES = (
    ("a zone that nobody knows", lambda w: zone(w, "Europe/Atlantis"),
     lambda w: zone(w, "Europe/Copenhagen"), "Atlantis"),
    ("a schedule version that cannot be read", version, old_version, "f00d"),
    ("a step that the schema refuses", taken, not_taken, "UNIQUE"),
)


def rows(count=5):
    return [invoice(f"F{n}", f"K{n}", "2026-09-10", "100.00") for n in range(1, count + 1)]


def plan():
    for what, plant, mend, word in TROUBLES:
        with Workspace() as w:
            w.invoices(rows(), BEFORE)
            plant(w)
            dry = w.json("plan", "--dry-run", at=MONDAY)
            first = w.json("plan", at=MONDAY)
            tap.same((first["looked_at"], first["contacts"], first["failed"]), (5, 4, 1),
                     f"{what}: the other four are planned")
            if word != "UNIQUE":        # only writing finds that out
                tap.same((dry["contacts"], dry["failed"]), (4, 1), "... as the dry run said")
            found = tasks(w)
            tap.ok(len(found) == 1 and found[0][:2] == ("plan_failed", TROUBLED)
                   and word in found[0][2] and "kunde.example" not in found[0][2]
                   and "Kunde" not in found[0][2], "... a person is told why, without a name", found)
            tap.same(w.one("select count(*) from decision where debtor_id = ? and id <> 900",
                           debtor(w)), 0, "... nothing of that debtor is half written")
            before = w.dump()
            again = [w.json("plan", at=later(MONDAY, s))["rows_written"] for s in (0, HOUR - 1)]
            tap.ok(again == [0, 0] and w.dump() == before, "... and he sleeps for an hour", again)
            tap.same((w.json("plan", at=later(MONDAY, HOUR))["failed"], len(tasks(w))), (1, 1),
                     "... still in trouble then: no second task")
            mend(w)
            text = w.run("plan", at=later(MONDAY, 2 * HOUR))
            tap.ok(text.returncode == 0 and "could not be planned" not in text.stdout
                   and w.one("select count(*) from contact where debtor_id = ? and state = 'planned'",
                             debtor(w)) == 1, "... mended: planned like everybody", text.stdout)


def plan_says():
    with Workspace() as w:
        w.invoices(rows(), BEFORE)
        zone(w, "Europe/Atlantis")
        said = w.run("plan", at=MONDAY)
        tap.ok(said.returncode == 0 and "1 debtors could not be planned" in said.stdout,
               "the words of plan say so, too", said.stdout + said.stderr)


def section_gone():
    with Workspace() as w:
        for name, value in (("name", "Vestby Vand"), ("phone", "+45 70 11 22 33"),
                            ("email", "hjaelp@vestby.example"), ("account", "reg. 0001, konto 2"),
                            ("from", "regning@vestby.example"), ("sms_from", "Vestby")):
            w.setting("creditor vand", name, value)
        w.invoices(rows(2), BEFORE, creditor="demo")
        w.invoices([invoice("V1", "V1", "2026-09-10", "222.00")], BEFORE, creditor="vand")
        with open(w.path("purr.conf")) as f:
            text = f.read()
        with open(w.path("purr.conf"), "w") as f:
            f.write(text.replace("[creditor vand]", "[creditor other]"))
        first = w.json("plan", at=MONDAY)
        tap.same((first["contacts"], first["failed"], [t[:2] for t in tasks(w)]),
                 (2, 1, [("plan_failed", "V1")]),
                 "a creditor without settings stops no other creditor")


def send():
    with Workspace() as w:
        w.invoices(rows(), BEFORE)
        w.json("plan", at=SUNDAY)
        zone(w, "Europe/Atlantis")
        dry = w.json("send", "--dry-run", at=WINDOW)
        first = w.json("send", at=WINDOW)
        tap.same((first["sent"], first["postponed"], dry["postponed"], w.left()), (4, 1, 1, 4),
                 "trouble between plan and send: the other four get theirs")
        tap.same(w.sql("select state, ripe_at, reason from contact where debtor_id = ?", debtor(w)),
                 [("planned", instant(WINDOW) + HOUR, "send_failed")], "... that one waits an hour")
        found = tasks(w)
        tap.ok([t[:2] for t in found] == [("send_failed", TROUBLED)] and "Atlantis" in found[0][2],
               "... and a person is told why", found)
        w.json("send", at=later(WINDOW, HOUR))
        tap.same((len(tasks(w)), w.left()), (1, 4), "... once")
        zone(w, "Europe/Copenhagen")
        w.json("send", at=later(WINDOW, 2 * HOUR))
        tap.same((w.left(), set(w.states().values())), (5, {"sent"}), "mended: it leaves")


def small_disk():
    """Files may not grow: that is the store's own trouble, and ends the run."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))


def store_trouble():
    with Workspace() as w:
        w.invoices(rows(40), BEFORE)
        before = w.dump()
        done = subprocess.run(w.argv("plan", at=MONDAY), capture_output=True, text=True,
                              restore_signals=False, preexec_fn=small_disk, timeout=60)
        tap.ok(done.returncode == 1 and "store" in done.stderr, "a full disk ends the run",
               f"{done.returncode} {done.stdout} {done.stderr}")
        tap.ok(w.dump() == before, "... and blames nobody")


plan()
plan_says()
section_gone()
send()
store_trouble()
tap.done()
