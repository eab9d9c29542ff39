#!/usr/bin/env python3
# time-limit: 180
# variants: release asan
"""Import: good files book what they say, once; bad files get one clear error
each and change nothing.  The judge reads the tables itself."""
import os
import resource
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import (COLUMNS, INVOICE_PROFILE, PAYMENT_COLUMNS, PAYMENT_PROFILE,  # noqa: E402
                       Workspace, day, instant, invoice, payment)

AT = "2026-09-20T10:00:00Z"
LATER = "2026-09-21T08:00:00Z"
HEAD = "no,debtor,due,currency,amount,email,phone"
SMALL = {k: INVOICE_PROFILE["columns"][k] for k in
         ("external_id", "debtor", "due_on", "currency", "amount", "email", "phone")}
GIB = 1 << 30
MEMORY_KB_MAX = 512 * 1024


def balances(w):
    return dict(w.sql("select external_id, balance_minor from invoice order by 1"))


def sums_agree(w):
    """Every balance is the sum of its entries."""
    return w.sql("select i.external_id from invoice i where balance_minor <> (select "
                 "coalesce(sum(amount_minor), 0) from entry e where e.invoice_id = i.id)") == []


def book(w, text, at=AT, options=(), columns=SMALL, name="f.csv", **profile):
    path = w.file(name, text)
    return w.run("import", "invoices", path, "--map", w.profile(
        {**INVOICE_PROFILE, "columns": columns}, **profile), *options, at=at)


# --- bad files -------------------------------------------------------------------

def line(*cells):
    return HEAD + "\n" + ",".join(cells) + "\n"


ROW = "F1,K1,2026-09-10,DKK,100.00,a@b.example,"
BAD_FILES = [
    ("an empty file", b"", "empty"),
    ("a header and no row", HEAD + "\n", ""),
    ("a truncated file", HEAD + "\n" + ROW + "\nF2,K2,2026-0", ""),
    ("a file that ends inside a quote", HEAD + "\n" + ROW + '\nF2,"K2,2026-09-10,DKK,1', ""),
    ("a binary file", bytes(range(256)) * 40, ""),
    ("an ELF file", None, ""),
    ("a PDF", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", ""),
    ("a spreadsheet", b"PK\x03\x04" + bytes(200), ""),
    ("UTF-16", (HEAD + "\n" + ROW + "\n").encode("utf-16"), ""),
    ("invalid UTF-8", (HEAD + "\n").encode() + b"F1,K\xe6,2026-09-10,DKK,1.00,a@b.example,\n",
     ""),
    ("duplicate columns", HEAD + ",amount\n" + ROW + ",5\n", "amount"),
    ("a column that is missing", HEAD.replace("due", "dato") + "\n" + ROW + "\n", "due"),
]

BAD_ROWS = [
    ("a missing due date", ("F1", "K1", "", "DKK", "100.00", "a@b.example", ""), "due"),
    ("an unknown currency", ("F1", "K1", "2026-09-10", "XXQ", "100.00", "a@b.example", ""),
     "currency"),
    ("a negative amount", ("F1", "K1", "2026-09-10", "DKK", "-100.00", "a@b.example", ""),
     "amount"),
    ("an amount of nothing", ("F1", "K1", "2026-09-10", "DKK", "0.00", "a@b.example", ""),
     "amount"),
    ("an absurd amount", ("F1", "K1", "2026-09-10", "DKK", "9" * 30, "a@b.example", ""), "amount"),
    ("an amount beyond 10 billion", ("F1", "K1", "2026-09-10", "DKK", "10000000000.01",
                                     "a@b.example", ""), "amount"),
    ("three decimals of a crown", ("F1", "K1", "2026-09-10", "DKK", "1.005", "a@b.example", ""),
     "amount"),
    ("an exponent", ("F1", "K1", "2026-09-10", "DKK", "1e3", "a@b.example", ""), "amount"),
    ("NaN", ("F1", "K1", "2026-09-10", "DKK", "NaN", "a@b.example", ""), "amount"),
    ("31 September", ("F1", "K1", "2026-09-31", "DKK", "1.00", "a@b.example", ""), "due"),
    ("29 February of a common year", ("F1", "K1", "2027-02-29", "DKK", "1.00", "a@b.example", ""),
     "due"),
    ("the year 1066", ("F1", "K1", "1066-10-14", "DKK", "1.00", "a@b.example", ""), "due"),
    ("no number", ("", "K1", "2026-09-10", "DKK", "1.00", "a@b.example", ""), "no"),
    ("no debtor", ("F1", "", "2026-09-10", "DKK", "1.00", "a@b.example", ""), "debtor"),
    ("a number of 65 bytes", ("F" * 65, "K1", "2026-09-10", "DKK", "1.00", "a@b.example", ""),
     "no"),
    ("two addresses in one cell", ("F1", "K1", "2026-09-10", "DKK", "1.00",
                                   "a@b.example;c@d.example", ""), "email"),
    ("a header smuggled into an address", ("F1", "K1", "2026-09-10", "DKK", "1.00",
                                           '"a@b.example\r\nBcc: x@y.example"', ""), "email"),
    ("a telephone number too short", ("F1", "K1", "2026-09-10", "DKK", "1.00", "a@b.example",
                                      "12"), "phone"),
    ("a row with too many cells", ("F1", "K1", "2026-09-10", "DKK", "1.00", "a@b.example", "", "",
                                   ""), "fields"),
    ("a control character", ("F1\x07", "K1", "2026-09-10", "DKK", "1.00", "a@b.example", ""), "no"),
]


def refused(w, before, done, word=""):
    """Nothing changed, 1, and one clear line; the row's own line may stand before it."""
    lines = done.stderr.strip().split("\n")
    return (done.returncode == 1 and done.stdout == "" and len(lines) <= 2
            and all(lines) and len(done.stderr) < 600 and word in done.stderr
            and "must(" not in done.stderr and w.dump() == before)


def bad_files():
    with Workspace() as w:
        w.invoices([invoice("F0", "K0", "2026-09-10", "50.00")], AT)
        before = w.dump()
        for what, content, word in BAD_FILES:
            if content is None:
                with open(sys.executable, "rb") as f:
                    content = f.read(100000)
            done = book(w, content)
            tap.ok(refused(w, before, done, word) and done.stderr.count("\n") == 1,
                   f"{what}: one clear line, nothing changed",
                   f"{done.returncode} {done.stdout}{done.stderr}")
        profile = w.profile({**INVOICE_PROFILE, "columns": SMALL})
        os.mkfifo(w.path("pipe"))
        good = w.file("good.csv", HEAD + "\n" + ROW + "\n")
        for what, path, map_ in (("a directory", w.dir, profile),
                                 ("a file that is not there", w.path("no.csv"), profile),
                                 ("a pipe", w.path("pipe"), profile),
                                 ("a device", "/dev/zero", profile),
                                 ("a profile that is not there", good, w.path("no.json")),
                                 ("a directory as profile", good, w.dir),
                                 ("a profile that is no JSON", good, good)):
            done = w.run("import", "invoices", path, "--map", map_, at=AT)
            tap.ok(refused(w, before, done) and done.stderr.count("\n") == 1,
                   f"{what}: one clear line, nothing changed",
                   f"{done.returncode} {done.stdout}{done.stderr}")


def bad_rows():
    with Workspace() as w:
        before = w.dump()
        for what, cells, word in BAD_ROWS:
            done = book(w, line(*cells))
            tap.ok(refused(w, before, done, word) and ":2" in done.stderr.replace("line ", ":"),
                   f"{what}: said with its line and column, nothing changed",
                   f"{done.returncode} {done.stdout}{done.stderr}")
            if cells[4] not in ("1.00", "100.00") and cells[4] in done.stderr:
                tap.ok(False, "the value itself is not repeated", done.stderr)
        done = book(w, HEAD + "\n" + ROW + "\n" + ROW + "\n")
        tap.ok(done.returncode == 1 and w.dump() == before,
               "the same number twice: both rows rejected, nothing changed", done.stderr)
        done = book(w, HEAD + "\n" + ROW + "\nF2,K2,,DKK,5.00,c@d.example,\n"
                    "F3,K3,2026-09-11,DKK,7.00,e@f.example,\n")
        tap.ok(done.returncode == 1 and w.dump() == before,
               "one bad row among three: nothing changed", done.stderr)
        done = book(w, w_file := HEAD + "\n" + ROW + "\nF2,K2,,DKK,5.00,c@d.example,\n"
                    "F3,K3,2026-09-11,DKK,7.00,e@f.example,\n", options=["--skip-rejected"])
        tap.same((done.returncode, balances(w)), (0, {"F1": 10000, "F3": 700}),
                 "--skip-rejected takes the others")
        tap.ok("csv:3: due" in done.stderr, "and still says which it left out",
               done.stderr)
        before = w.dump()
        done = book(w, w_file, options=["--skip-rejected"])
        tap.ok(done.returncode == 0 and w.dump() == before, "and twice is once", done.stdout)


def huge():
    with Workspace() as w:
        before = w.dump()
        for what, size, byte in (("a line of 1 GB", GIB - 4096, b"x"),
                                 ("a file beyond 1 GiB", GIB + 4096, None)):
            path = w.path("huge.csv")
            with open(path, "wb") as f:
                f.write(HEAD.encode() + b"\n")
                if byte is None:
                    f.truncate(size)
                else:
                    for _ in range(size >> 20):
                        f.write(byte * (1 << 20))
            done = w.run("import", "invoices", path, "--map", w.profile(
                {**INVOICE_PROFILE, "columns": SMALL}), at=AT)
            os.remove(path)
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            tap.ok(refused(w, before, done) and done.stderr.count("\n") == 1,
                   f"{what}: one clear line, nothing changed",
                   f"{done.returncode} {done.stderr[:500]}")
            tap.ok(most < MEMORY_KB_MAX, f"in {most // 1024} MB of memory")


# --- good files ---------------------------------------------------------------------

def ways_to_write():
    danish = ("Nr;Kunde;Navn;Forfald;Valuta;Beløb\r\nÆ1;Kø1;Søren Åkjær;10-09-2026;DKK;1.234,50\r\n"
              'Æ2;Kø1;"Åse; ""kaldet"" Ø";11-09-2026;DKK;5,00\r\n')
    columns = {"external_id": {"column": "Nr"}, "debtor": {"column": "Kunde"},
               "name": {"column": "Navn"}, "due_on": {"column": "Forfald"},
               "currency": {"column": "Valuta"}, "amount": {"column": "Beløb"}}
    base = {"delimiter": ";", "decimal_mark": ",", "group_mark": ".", "date": "dd-mm-yyyy"}
    for what, text, profile in (
            ("UTF-8, semicolons, CRLF", danish.encode(), base),
            ("with a byte order mark", b"\xef\xbb\xbf" + danish.encode(), base),
            ("Windows-1252", danish.encode("cp1252"), {**base, "encoding": "windows-1252"}),
            ("Windows-1252 where allowed", danish.encode("cp1252"),
             {**base, "encoding": "auto", "allow_windows_1252": True}),
            ("tabs, LF", danish.replace(";", "\t").replace("Åse\t", "Åse;").replace(
                "\r\n", "\n").encode(), {**base, "delimiter": "tab"}),
            ("no line end after the last row", danish.rstrip("\r\n").encode(), base),
            ("dates found out", danish.replace("10-09", "30-09").encode(),
             {**base, "date": "auto"})):
        with Workspace() as w:
            done = book(w, text, columns=columns, **profile)
            tap.same((done.returncode, balances(w)), (0, {"Æ1": 123450, "Æ2": 500}),
                     f"{what}: read")
            # The debtor's second row names them anew; the last one stands.
            name = w.one("select name from debtor")
            tap.ok(name in ("Søren Åkjær", 'Åse; "kaldet" Ø'), "with every letter right", name)


def same_again():
    with Workspace() as w:
        rows = [invoice(f"F{n}", f"K{n % 7}", "2026-09-10", f"{n + 30}.25",
                        email=f"k{n % 7}@kunde.example") for n in range(1, 40)]
        first = w.invoices(rows, AT)
        before = w.dump()
        second = w.invoices(rows, LATER)
        tap.same((first["new"], second["new"], second["changed"], second["unchanged"]),
                 (39, 0, 0, 39), "the same file twice: nothing new, nothing changed")
        tap.ok(w.dump() == before, "and the database is the same, byte for byte")
        w.invoices(list(reversed(rows)), LATER)
        tap.ok(w.dump() == before, "nor does the order of rows matter")
        rows[3]["amount"] = "99.00"
        rows[4]["due"] = "2026-10-10"
        third = w.invoices(rows, LATER)
        tap.same((third["new"], third["changed"], third["unchanged"]), (0, 2, 37),
                 "two changed rows are two changes")
        tap.same((balances(w)["F4"], w.one("select due_on from invoice where external_id = 'F5'")),
                 (9900, day("2026-10-10")), "amount and due date are the new ones")
        tap.same(w.sql("select amount_minor from entry e join invoice i on i.id = e.invoice_id "
                       "where i.external_id = 'F4' order by e.id"), [(3425,), (6475,)],
                 "by an entry of the difference")
        tap.ok(sums_agree(w), "every balance is the sum of its entries")


def dry_run():
    with Workspace() as w:
        rows = [invoice("F1", "K1", "2026-09-10", "30.00"), invoice("F2", "K2", "2026-09-10", "40.00")]
        before = w.dump()
        found = w.take("invoices", COLUMNS, INVOICE_PROFILE, rows, AT, ["--dry-run"])
        tap.ok(w.dump() == before, "--dry-run changes nothing")
        tap.same((found["rows"], found["new"], found["changed"]), (2, 2, 0),
                 "and says what would be booked")
        tap.same(set(found), {"rows", "new", "changed", "unchanged", "closed", "unmatched",
                              "rejected", "faults"}, "the JSON has its fields")
        w.invoices(rows, AT)
        before = w.dump()
        rows[0]["amount"] = "31.00"
        found = w.take("invoices", COLUMNS, INVOICE_PROFILE, rows, AT, ["--dry-run"])
        tap.same((found["new"], found["changed"], found["unchanged"], w.dump() == before),
                 (0, 1, 1, True), "also for a file of which one row changed")
        rows[0]["debtor"] = "K9"
        done = w.run("import", "invoices", w.table(COLUMNS, rows), "--map",
                     w.profile(INVOICE_PROFILE), "--dry-run", at=AT)
        tap.ok(done.returncode == 1 and "debtor" in done.stderr and w.dump() == before,
               "what the import would refuse, the dry run refuses", done.stdout + done.stderr)


# --- what is owed -----------------------------------------------------------------------

def open_amounts():
    with Workspace() as w:
        rows = [invoice("F1", "K1", "2026-09-10", "100.00", open="100.00"),
                invoice("F2", "K1", "2026-09-10", "80.00", open="30.00")]
        w.invoices(rows, AT, balance="open_amount")
        tap.same(balances(w), {"F1": 10000, "F2": 3000}, "the open amount is what is owed")
        rows[0]["open"] = "25.50"
        w.invoices(rows, LATER, balance="open_amount")
        tap.same(balances(w)["F1"], 2550, "a smaller one is a part payment")
        rows[0]["open"] = "0.00"
        rows[1]["open"] = "0.00"
        w.invoices(rows, LATER, balance="open_amount")
        found = w.json("run", at=LATER)
        tap.same((balances(w), found["plan"]["contacts"]), ({"F1": 0, "F2": 0}, 0),
                 "nothing owed, nobody contacted")
        rows[0]["open"] = "60.00"
        w.invoices(rows, LATER, balance="open_amount")
        found = w.json("run", at=LATER)
        tap.same((balances(w)["F1"], found["send"]["sent"]), (6000, 1),
                 "a payment that bounced is owed again, and chased again")
        tap.ok(sums_agree(w), "every balance is the sum of its entries")
        before = w.dump()
        for open_ in ("100.01", "-1.00"):
            done = w.run("import", "invoices", w.table(COLUMNS, [{**rows[0], "open": open_}]),
                         "--map", w.profile(INVOICE_PROFILE, balance="open_amount"), at=LATER)
            tap.ok(done.returncode == 1 and w.dump() == before,
                   f"an open amount of {open_} of 100.00 is refused", done.stderr)


def fees_stay():
    """The ledger does not know our fee: its open amount does not wipe it out."""
    with Workspace() as w:
        row = invoice("F1", "K1", "2026-09-01", "1000.00", open="1000.00")
        w.invoices([row], "2026-08-20T10:00:00Z", balance="open_amount")
        for at in ("2026-09-07T08:00:00Z", "2026-09-28T08:00:00Z"):
            w.json("run", at=at)
        fee = w.one("select sum(amount_minor) from entry where type = 'fee'")
        row["open"] = "400.00"
        w.invoices([row], "2026-09-29T08:00:00Z", balance="open_amount")
        tap.ok(fee and balances(w) == {"F1": 40000 + fee},
               "a part payment in the ledger leaves our fee standing", (fee, balances(w)))


def credits():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00"),
                    invoice("F2", "K1", "2026-09-05", "50.00")], AT)
        w.invoices([invoice("C1", "K1", "", "-30.00", kind="credit", credits="F1")], AT)
        tap.same(balances(w), {"C1": 0, "F1": 7000, "F2": 5000},
                 "a credit lowers the invoice that it names")
        w.invoices([invoice("C2", "K1", "", "60.00", kind="credit")], AT)
        tap.same(balances(w), {"C1": 0, "C2": 0, "F1": 6000, "F2": 0},
                 "one that names none, the oldest first; with or without its minus")
        w.invoices([invoice("C3", "K1", "", "-99.00", kind="credit", credits="F1")], AT)
        tap.same(balances(w)["C3"], -3900, "what is left stays on the credit")
        tap.same(w.json("run", at=LATER)["send"]["sent"], 0, "and nobody is contacted")
        before = w.dump()
        w.invoices([invoice("C3", "K1", "", "-99.00", kind="credit", credits="F1")], AT)
        tap.ok(w.dump() == before and sums_agree(w), "the same credit again changes nothing")


def left_the_ledger():
    with Workspace() as w:
        rows = [invoice("F1", "K1", "2026-09-10", "100.00"),
                invoice("F2", "K2", "2026-09-10", "200.00")]
        w.invoices(rows, AT, missing_invoices="close")
        found = w.invoices(rows[:1], LATER, missing_invoices="close")
        tap.same((found["closed"], balances(w), w.one("select state from invoice where "
                  "external_id = 'F2'")), (1, {"F1": 10000, "F2": 0}, "closed"),
                 "missing from a full export: closed")
        found = w.json("run", at=LATER)
        tap.same(w.sql("select d.external_id from contact c join debtor d on d.id = c.debtor_id"),
                 [("K1",)], "and not chased")
        before = w.dump()
        w.invoices(rows[:1], LATER, missing_invoices="close")
        tap.ok(w.dump() == before, "the same export again changes nothing")
        w.invoices(rows, "2026-09-22T08:00:00Z", missing_invoices="close")
        tap.same((balances(w), w.one("select state from invoice where external_id = 'F2'")),
                 ({"F1": 10000, "F2": 20000}, "open"), "back in the export: owed again")
        w.json("run", at="2026-09-22T08:00:00Z")
        tap.same(w.one("select count(*) from contact c join debtor d on d.id = c.debtor_id "
                       "where d.external_id = 'K2' and c.state = 'sent'"), 1, "and chased")
        found = w.invoices(rows[:1], LATER)
        tap.same(found["closed"], 0, "without that setting a missing row means nothing")
        tap.ok(sums_agree(w), "every balance is the sum of its entries")


def disputes():
    with Workspace() as w:
        row = invoice("F1", "K1", "2026-09-10", "100.00", disputed="yes")
        w.invoices([row], AT)
        tap.same(w.json("run", at=LATER)["send"]["sent"], 0, "disputed in the ledger: not chased")
        w.invoices([row], LATER)
        tap.same(w.one("select count(*) from hold"), 1, "one hold, however often it is imported")
        w.invoices([{**row, "disputed": "no"}], LATER)
        tap.same(w.sql("select type, owner, released_at from hold"),
                 [("dispute", "ledger", instant(LATER))], "the mark is gone: released")
        early = w.json("run", at="2026-09-22T08:00:00Z")["send"]["sent"]
        late = w.json("run", at="2026-09-23T08:00:00Z")["send"]["sent"]
        tap.same((early, late), (0, 1), "and the ladder resumes two days later")


def refused_changes():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], AT)
        before = w.dump()
        for what, more in (("debtor", {"debtor": "K2"}), ("currency", {"currency": "EUR"}),
                           ("type", {"kind": "credit", "amount": "-100.00"})):
            done = w.run("import", "invoices", w.table(COLUMNS, [
                invoice("F0", "K1", "2026-09-10", "5.00"),
                {**invoice("F1", "K1", "2026-09-10", "100.00"), **more}]),
                "--map", w.profile(INVOICE_PROFILE), at=LATER)
            tap.ok(refused(w, before, done, what), f"another {what} for a known invoice is refused, "
                   "with the whole file", done.stderr)


# --- payments ------------------------------------------------------------------------------

def payments():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00", reference="+71<001"),
                    invoice("F2", "K1", "2026-09-11", "60.00", reference="+71<002"),
                    invoice("F3", "K2", "2026-09-10", "40.00"),
                    invoice("F4", "K3", "2026-09-10", "40.00"),
                    invoice("F5", "K3", "2026-09-10", "40.00")], AT)
        w.payments([payment("P1", "30.00", "2026-09-18", invoice="F1")], AT)
        tap.same(balances(w)["F1"], 7000, "a payment by the invoice's number")
        w.payments([payment("P2", "60.00", "2026-09-18", reference="+71<002")], AT)
        tap.same(balances(w)["F2"], 0, "by its reference")
        w.payments([payment("P3", "40.00", "2026-09-18", debtor="K2")], AT)
        tap.same(balances(w)["F3"], 0, "by the debtor and the exact sum")
        w.payments([payment("P4", "80.00", "2026-09-18", debtor="K3")], AT)
        tap.same((balances(w)["F4"], balances(w)["F5"]), (0, 0), "by the sum of all that is open")
        tap.same(w.sql("select value_on from entry where type = 'allocation' limit 1"),
                 [(day("2026-09-18"),)], "on its own day")
        before = w.dump()
        again = w.payments([payment("P1", "30.00", "2026-09-18", invoice="F1")], LATER)
        tap.ok(again["unchanged"] == 1 and w.dump() == before, "the same payment twice is one")
        done = w.run("import", "payments", w.table(PAYMENT_COLUMNS, [
            payment("P1", "31.00", "2026-09-18", invoice="F1")]), "--map",
            w.profile(PAYMENT_PROFILE), at=LATER)
        tap.ok(refused(w, before, done, "amount"), "a known payment of another amount is refused",
               done.stderr)
        for what, row in (("negative", payment("P8", "-5.00", "2026-09-18", invoice="F1")),
                          ("nothing", payment("P8", "0.00", "2026-09-18", invoice="F1")),
                          ("absurd", payment("P8", "1" * 25, "2026-09-18", invoice="F1")),
                          ("for nobody", payment("P8", "5.00", "2026-09-18")),
                          ("without a day", payment("P8", "5.00", "", invoice="F1"))):
            done = w.run("import", "payments", w.table(PAYMENT_COLUMNS, [row]), "--map",
                         w.profile(PAYMENT_PROFILE), at=LATER)
            tap.ok(refused(w, before, done), f"a payment, {what}: refused", done.stderr)
        tap.ok(sums_agree(w), "every balance is the sum of its entries")


def loose_money():
    with Workspace() as w:
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00"),
                    invoice("F2", "K2", "2026-09-10", "100.00"),
                    invoice("F3", "K3", "2026-09-10", "100.00", currency="EUR"),
                    invoice("F4", "K4", "2026-09-10", "100.00")], AT)
        found = w.payments([payment("P1", "17.00", "2026-09-18", debtor="K1"),
                            payment("P2", "150.00", "2026-09-18", invoice="F2"),
                            payment("P3", "100.00", "2026-09-18", invoice="F3"),
                            payment("P4", "5.00", "2026-09-18", reference="nobody knows")], AT)
        tap.same(found["unmatched"], 4, "money that fits nothing is counted")
        tap.same(balances(w), {"F1": 10000, "F2": 0, "F3": 10000, "F4": 10000},
                 "an overpayment settles its invoice; another currency settles nothing")
        w.json("run", at=LATER)
        w.json("run", at=LATER)
        tap.same(w.sql("select d.external_id from contact c join debtor d on d.id = c.debtor_id"),
                 [("K4",)], "who has loose money is not contacted")
        tap.same(sorted(w.sql("select coalesce(d.external_id, '-'), t.kind from task t "
                              "left join debtor d on d.id = t.debtor_id")),
                 [("-", "payment_unmatched"), ("K1", "money.unallocated"),
                  ("K2", "money.unallocated"), ("K3", "money.unallocated")],
                 "and a person is asked, once each; also about who owes nothing more")
        words = [t["text"] for t in w.json("tasks", "--debtor", "K2")["tasks"]]
        tap.ok(len(words) == 1 and words[0].startswith("50.00 DKK of payment P2 of 2026-09-18, which names "
                                                       "invoice F2, fit nothing that is open in this currency") and
               "purr allocate P2 --returned" in words[0], "how much, of which payment, what to do", words)
        loose = w.sql("select external_id, unallocated_minor from payment order by 1")
        tap.same(loose, [("P1", 1700), ("P2", 5000), ("P3", 10000), ("P4", 500)],
                 "nothing of it is lost")
        tap.same(w.run("allocate", "P1", at=LATER).returncode, 0, "a person allocates money")
        tap.same(w.run("allocate", "P4", "F4", at=LATER).returncode, 0, "to an invoice by number")
        tap.same((balances(w)["F1"], balances(w)["F4"]), (8300, 9500), "and it counts")
        again = w.run("allocate", "P1", at=LATER)
        tap.ok(again.returncode == 1 and again.stderr.count("\n") == 1, "once", again.stderr)
        tap.same(w.run("allocate", "P3", "F2", at=LATER).returncode, 1, "not to what is paid")
        tap.same(w.run("allocate", "P9", at=LATER).returncode, 1, "nor what never came")
        tap.same(w.json("allocate", "P2", "--returned", "--by", "Ida", at=LATER),
                 {"moved_minor": 5000, "left_minor": 0, "currency": "DKK"}, "what was paid back is told")
        tap.same((w.one("select returned_minor from payment where external_id = 'P2'"),
                  w.json("tasks", "--debtor", "K2")["tasks"]), (5000, []), "and nobody is asked any more")
        tap.same(w.run("allocate", "P2", "--returned", at=LATER).returncode, 1, "once")
        tap.same(w.run("allocate", "P3", "F3", "--returned", at=LATER).returncode, 2,
                 "paid back is to no invoice")
        for args, code in ((("P3", "F3", "--as", "200.00"), 1), (("P3", "F3", "--as", "soon"), 1),
                           (("P3", "--as", "5.00"), 2), (("P3", "F3"), 1)):
            tap.same(w.run("allocate", *args, at=LATER).returncode, code, f"allocate {' '.join(args)}: refused")
        tap.same(w.json("allocate", "P3", "F3", "--as", "13.40", "--by", "Ida", at=LATER)["left_minor"], 0,
                 "money of another currency pays by what it was worth")
        tap.same((w.one("select balance_minor from invoice where external_id = 'F3'"),
                  w.sql("select amount_minor, source, payment_id from entry where source = 'exchange'")),
                 (8660, [(-1340, "exchange", None)]), "in an entry of its own")
        w.json("run", at="2026-09-23T10:00:00Z")
        tap.same(w.sql("select d.external_id from contact c join debtor d on d.id = c.debtor_id "
                       "order by 1"), [("K1",), ("K3",), ("K4",)],
                 "a payment in the wrong currency, placed so, stops nobody")
        tap.same(w.sql("select count(*) from task t join debtor d on d.id = t.debtor_id "
                       "where d.external_id = 'K1' and t.done_at is null"), [(0,)],
                 "the task is done")
        tap.ok(sums_agree(w), "every balance is still the sum of its entries")
        w.payments([payment("P5", "94.00", "2026-09-19", invoice="F4"),
                    payment("P6", "1.00", "2026-09-19", invoice="F4")], LATER)
        tap.same(balances(w)["F4"], 0, "two part payments in one file")


def main():
    for story in (bad_files, bad_rows, huge, ways_to_write, same_again, dry_run, open_amounts,
                  fees_stay, credits, left_the_ledger, disputes, refused_changes, payments,
                  loose_money):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
