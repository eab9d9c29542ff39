"""Where a debtor is, from the ledger to the wire: regions and ZIP codes come in,
telephones disagree, nothing is known; planned and sent around the edges of hours.
"""
# time-limit: 240
import os
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../lib"),
                os.path.join(HERE, "../check")]
import judge  # noqa: E402
import tap  # noqa: E402
import workspace as story  # noqa: E402
from workspace import Workspace, at_text, instant, invoice  # noqa: E402

DUE = "2026-11-10"
IMPORTED = "2026-11-10T10:00:00Z"
COLUMNS = story.COLUMNS + ("region",)
PROFILE = {**story.INVOICE_PROFILE, "columns": {**story.INVOICE_PROFILE["columns"],
                                                "region": {"column": "region"}}}


def settle(w, country, schedule, zone):
    w.setting("creditor demo", "country", country)
    w.setting("creditor demo", "schedule", schedule)
    w.setting("creditor demo", "zone", zone)


def american(no, **more):
    return invoice(f"F{no}", f"K{no}", DUE, "100.00", country="US", currency="USD", lang="en", **more)


def german(no, due, **more):
    return invoice(f"F{no}", f"K{no}", due, "100.00", country="DE", currency="EUR", lang="de", **more)


def take(w, rows, at=IMPORTED, options=()):
    return w.take("invoices", COLUMNS, PROFILE, rows, at, options)


def ripe_at(w, no):
    """When a debtor's contacts are planned for."""
    return [at_text(t) for t, in w.sql("select k.ripe_at from contact k join debtor d on "
                                       "d.id = k.debtor_id where d.external_id = ?", f"K{no}")]


# (who, what the ledger says, first hour of a day on which all is shut at 05:00Z, why)
AMERICANS = [
    ("1", {"region": "NY", "postcode": "14201"}, "2026-11-18T13:00:00Z", "New York: eight Eastern"),
    ("2", {"postcode": "94103"}, "2026-11-18T16:00:00Z", "a ZIP code of California: eight Pacific"),
    ("3", {"postcode": "94103", "phone": "+12125550123"}, "2026-11-18T16:00:00Z",
     "California with a telephone of New York: eight Pacific, eleven Eastern"),
    ("4", {"region": "NY", "postcode": "10025", "phone": "+14155552671"}, "2026-11-18T16:00:00Z",
     "New York with a telephone of San Francisco: not at eight Eastern"),
    ("5", {"region": "TX"}, "2026-11-18T15:00:00Z", "Texas lies in two zones: eight Mountain"),
    ("6", {}, "2026-11-18T18:00:00Z", "nothing known: eight in Hawaii"),
    ("7", {"phone": "+18085552671"}, "2026-11-18T18:00:00Z", "a telephone of Hawaii alone"),
    ("8", {"zone": "America/Denver", "region": "TX"}, "2026-11-18T15:00:00Z",
     "the ledger's own zone"),
    ("9", {"region": "MA", "phone": "+18005550123"}, "2026-11-18T13:00:00Z",
     "a number of no place says nothing"),
]


def americans():
    with Workspace() as w:
        settle(w, "US", "us-consumer", "America/New_York")
        take(w, [american(no, **more) for no, more, _, _ in AMERICANS])
        w.json("plan", at="2026-11-18T10:00:00Z")
        for no, _, opens, why in AMERICANS:
            tap.same(ripe_at(w, no), [opens], why)
        left = []
        for hour in range(12, 20):
            for at in (f"2026-11-18T{hour:02d}:00:00Z", f"2026-11-18T{hour:02d}:58:00Z"):
                w.json("send", at=at)
                left.append(w.left())
        hours = [opens for _, _, opens, _ in AMERICANS]
        tap.same(left, [sum(instant(o) <= instant(f"2026-11-18T{h:02d}:{m}:00Z") for o in hours)
                        for h in range(12, 20) for m in ("00", "58")],
                 "each leaves in its hour and not before")
        tap.same(w.json("explain", "F4", at="2026-11-18T20:00:00Z")["place"],
                 {"zones": [{"zone": "America/New_York", "told_by": ["address"]},
                            {"zone": "America/Los_Angeles", "told_by": ["telephone"]}],
                  "region": "NY NYC"}, "explain tells the zones asked, why, and the region")
        told = w.run("explain", "F6", at="2026-11-18T20:00:00Z").stdout
        tap.ok("Pacific/Honolulu, all at once" in told, "and in words", told)
        contact = w.one("select k.id from contact k join debtor d on d.id = k.debtor_id "
                        "where d.external_id = 'K4'")
        told = w.run("explain", f"contact:{contact}", at="2026-11-19T20:00:00Z")
        tap.ok(told.returncode == 0 and
               "America/Los_Angeles is asked by the telephone's area code" in told.stdout,
               "an old decision is told with the zones of its day", told.stdout + told.stderr)
        # K4 gets a telephone of New York: an old decision stays what it was
        take(w, [american("4", region="NY", postcode="10025", phone="+12125552671")],
             at="2026-11-19T10:00:00Z")
        tap.same(w.run("explain", "--replay", "--all").returncode, 0, "all of them, also after a change")
        place = w.json("explain", "F4", at="2026-11-19T20:00:00Z")["place"]
        tap.same(place["zones"], [{"zone": "America/New_York", "told_by": ["address", "telephone"]}],
                 "the new telephone counts from now on")
        w.json("plan", at="2026-11-19T20:00:00Z")
        tap.same(judge.judge(w.dir), [], "the judge, who has zones of his own, finds nothing")


def late():
    """Planned with one place, sent with another: the gate is asked again."""
    with Workspace() as w:
        settle(w, "US", "us-consumer", "America/New_York")
        take(w, [american("1", region="NY", postcode="14201")])
        w.json("plan", at="2026-11-18T10:00:00Z")
        take(w, [american("1", phone="+14155552671")], at="2026-11-18T12:00:00Z")
        w.json("send", at="2026-11-18T13:30:00Z")
        tap.same(w.left(), 0, "a telephone of San Francisco came meanwhile: not at 08:30 Eastern")
        w.json("run", at="2026-11-18T16:00:00Z")
        tap.same(w.left(), 1, "at eight Pacific")


# Corpus Christi, Thursday 4 June 2026; due six days before
def germans():
    with Workspace() as w:
        settle(w, "DE", "de-consumer", "Europe/Berlin")
        rows = [german("1", "2026-05-29", region="BY"), german("2", "2026-05-29", region="BE"),
                german("3", "2026-05-29")]
        take(w, rows, at="2026-05-29T10:00:00Z")
        w.json("plan", at="2026-06-04T10:00:00Z")
        ripe = {no: ripe_at(w, no) for no in "123"}
        tap.same(ripe, {"1": ["2026-06-05T06:00:00Z"], "2": ["2026-06-04T10:00:00Z"],
                        "3": ["2026-06-05T06:00:00Z"]},
                 "a holiday in Bavaria, none in Berlin, and one where the Land is not known")
        told = w.run("explain", "F3", at="2026-06-04T10:00:00Z").stdout + \
            w.run("explain", "contact:3", at="2026-06-04T10:00:00Z").stdout
        tap.ok("the region is not known" in told and "a holiday in any of them counts" in told,
               "the choice stands in the trace", told)
        tap.same(len(w.sql("select distinct calendar_hash from decision where result like 'contact%'")),
                 3, "three calendars, each kept under its hash")


def refused():
    with Workspace() as w:
        rows = [german("1", DUE, region="XX"), american("2", region="ON"),
                invoice("F3", "K3", DUE, "100.00", region="84"), german("4", DUE, region="SN"),
                american("5", region="WY"), american("6", region="NYC"),
                invoice("F7", "K7", DUE, "100.00", country="NL", region="ZH")]
        done = w.run("import", "invoices", w.table(COLUMNS, rows), "--map", w.profile(PROFILE),
                     "--json", at=IMPORTED)
        tap.ok(done.returncode == 1 and w.one("select count(*) from debtor") == 0,
               "unknown regions reject the file")
        taken = take(w, rows, options=("--skip-rejected",))
        faults = [(f["line"], f["column"]) for f in taken["faults"]]
        tap.same(faults, [(2, "region"), (3, "region"), (4, "region")],
                 "a Land that is none, a province of Canada, a country without regions")
        tap.ok("BW BY BE" in taken["faults"][0]["reason"], "the known ones are named")
        tap.same(w.sql("select external_id, region, zone_given from debtor order by 1"),
                 [("K4", "SN", 0), ("K5", "WY", 0), ("K6", "NYC", 0), ("K7", "ZH", 0)],
                 "the others are kept; where there is no pack nobody can tell")
        take(w, [german("4", DUE), american("5", postcode="82001")], at="2026-11-11T10:00:00Z")
        tap.same(w.sql("select external_id, region, postcode from debtor order by 1 limit 2"),
                 [("K4", "SN", ""), ("K5", "WY", "82001")], "an empty cell leaves what is known")
        again = take(w, [german("4", DUE), american("5", postcode="82001")],
                     at="2026-11-12T10:00:00Z")
        tap.same(w.one("select count(*) from debtor where region <> ''"), 4,
                 "the same again changes nothing")
        tap.same(again["changed"], 0, "and says so")


def older():
    """A workspace of the version before: migrated, its decisions stand."""
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", DUE, "100.00"),
                    invoice("F2", "K2", DUE, "100.00", zone="Atlantic/Faroe")], IMPORTED)
        w.json("plan", at="2026-11-18T10:00:00Z")
        db = sqlite3.connect(w.path("purr.db"))
        for column in ("region", "postcode", "zone_given"):
            db.execute(f"alter table debtor drop column {column}")
        db.executescript("drop index debtor_unit; drop table experiment_start; "
                         "alter table assignment drop column templates_hash; "
                         "alter table debtor drop column softened; drop table softening; "
                         "drop table receipt; drop table inbound; drop index contact_arrived; drop index submission_contact; drop index contact_calls; "
                         "drop table rating; drop table arm_stop; drop table harm_look; drop index assignment_order; drop index contact_letter; "
                         "alter table payment drop column returned_minor; drop table invoice_before; alter table approval drop column schedule_hash; alter table contact drop column approved_as; alter table contact drop column approved_owed; alter table preview_contact drop column owed_minor; drop index address_mailbox; create index address_value on address (channel, value); drop table inquiry; drop index contact_in_doubt; alter table contact drop column provider; alter table contact drop column ways; alter table contact drop column parts;")
        db.execute("delete from schema_version where version > 5")
        db.commit()
        db.close()
        tap.ok(w.run("plan", at="2026-11-19T10:00:00Z").returncode == 1, "an old one is refused")
        done = w.run("migrate")
        tap.ok(done.returncode == 0, "and migrated", done.stderr)
        tap.same(w.sql("select external_id, region, postcode, zone_given from debtor order by 1"),
                 [("K1", "", "", 0), ("K2", "", "", 1)],
                 "a zone that is not its country's was named by the ledger")
        tap.same(w.sql("select count(*), sum(a.templates_hash = c.templates_hash) from assignment a "
                       "join contact c on c.assignment_id = a.id"), [(2, 2)],
                 "and that those assigned had the texts of their first message")
        tap.same(w.run("explain", "--replay", "--all").returncode, 0, "its decisions are proved")
        again = w.invoices([invoice("F1", "K1", DUE, "100.00")], "2026-11-19T10:00:00Z")
        tap.same(again["unchanged"], 1, "a row as before is unchanged")


for scene in (americans, late, germans, refused, older):
    try:
        scene()
    except Exception as trouble:  # a scene that breaks off has failed
        tap.ok(False, f"{scene.__name__} is told to its end", repr(trouble))
tap.done()
