#!/usr/bin/env python3
# time-limit: 300
"""The same files in any order give the same balances: invoices, credits, part
payments, overpayments and prepayments, by number, by reference, by debtor.

Each round makes a small ledger of files by a seed and imports them into
workspaces of their own, each in another order; what is owed, what is left of
each payment and whose it is must be equal, and add up."""
import itertools
import os
import random
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib")]
import tap  # noqa: E402
from workspace import Workspace, invoice, payment  # noqa: E402

ROUNDS = 5
ORDERS_MAX = 4
TOLD_MAX = 8
AT = ("2026-09-20T10:00:00Z", "2026-09-21T10:00:00Z", "2026-09-22T10:00:00Z",
      "2026-09-23T10:00:00Z", "2026-09-24T10:00:00Z")


def put(w, orders):
    for (what, rows), at in zip(orders, AT):
        (w.invoices if what == "invoices" else w.payments)(rows, at)


def state(w):
    """What a person sees of the ledger.  Which of two payments that are too much
    for one invoice keeps the rest is not part of it: that is the later one."""
    return {
        "owed": w.sql("select external_id, balance_minor from invoice order by 1"),
        "left": w.sql("select substr(p.external_id, 1, instr(p.external_id || '-', '-') - 1), "
                      "sum(p.unallocated_minor), d.external_id from payment p left join debtor d "
                      "on d.id = p.debtor_id group by 1, 3 order by 1, 3"),
        "cases": w.sql("select d.external_id, c.currency from \"case\" c join debtor d "
                       "on d.id = c.debtor_id where c.state = 'open' order by 1, 2"),
        "in a case": w.sql("select i.external_id from invoice i join \"case\" c on c.id = i.case_id "
                           "where c.state = 'open' and i.balance_minor > 0 order by 1"),
        "unmatched": w.sql("select count(*) from task where kind = 'payment_unmatched' "
                           "and done_at is null"),
    }


def adds_up(w):
    """Balances are sums of entries, remainders of payments likewise, moves even out."""
    return (w.sql("select 1 from invoice i where balance_minor <> (select coalesce(sum("
                  "amount_minor), 0) from entry e where e.invoice_id = i.id)") == []
            and w.sql("select 1 from payment p where unallocated_minor <> amount_minor + (select "
                      "coalesce(sum(amount_minor), 0) from entry e where e.payment_id = p.id)") == []
            and w.one("select coalesce(sum(amount_minor), 0) from entry where source = 'credit'") == 0)


def kroner(minor):
    return f"{minor // 100}.{minor % 100:02}"


def make(seed):
    """Four files: two of invoices and credits, two of payments."""
    dice = random.Random(seed)
    ledger, bank = ([], []), ([], [])
    for n in range(dice.randint(6, 12)):
        debtor, minor = f"K{dice.randint(1, 3)}", dice.randint(5000, 99999)
        due, name = f"2026-09-{dice.randint(1, 19):02}", {}
        if dice.random() < 0.5:
            name = {"reference": f"R{n}"}
        dice.choice(ledger).append(invoice(f"F{n}", debtor, due, kroner(minor), **name))
        for k in range(dice.choice((0, 1, 1, 2))):
            paid = dice.choice((minor, minor // 3, minor // 2 + 7, minor + dice.randint(1, 999)))
            dice.choice(bank).append(payment(
                f"P{n}-{k}", kroner(paid), due, debtor=dice.choice(("", debtor)),
                **(name if name and dice.random() < 0.6 else {"invoice": f"F{n}"})))
        if dice.random() < 0.35:
            dice.choice(ledger).append(invoice(
                f"C{n}", debtor, "", kroner(dice.randint(100, minor)), kind="credit", issued=due,
                credits=f"F{n}" if dice.random() < 0.6 else ""))
    bank[0].append(payment("Pnone", "1.23", "2026-09-18", invoice="F99"))
    return [("invoices", rows) for rows in ledger if rows] + \
        [("payments", rows) for rows in bank if rows]


def any_order():
    for seed in range(ROUNDS):
        files = make(seed)
        orders = list(itertools.permutations(files))
        random.Random(seed).shuffle(orders)
        seen, even = [], []
        for order in [tuple(files), tuple(reversed(files)), *orders][:ORDERS_MAX]:
            with Workspace() as w:
                put(w, order)
                seen.append(state(w))
                even.append(adds_up(w))
                before = w.dump()
                put(w, order)
                even.append(w.dump() == before)
        tap.ok(all(s == seen[0] for s in seen), f"seed {seed}: {len(seen)} orders, one ledger",
               next(((seen[0][k], s[k]) for s in seen for k in s if s[k] != seen[0][k]), ""))
        tap.ok(all(even), f"seed {seed}: it adds up, and the same files again change nothing", even)


# --- single cases, told ---------------------------------------------------------------

def told(what, orders, owed, left):
    """A few files, in their orders, end in these balances and remainders."""
    every = list(itertools.permutations(orders))
    for order in every[::max(1, len(every) // TOLD_MAX)]:
        with Workspace() as w:
            put(w, order)
            found = state(w)
            names = [f"{kind[0]}{rows[0].get('no', rows[0].get('id'))}" for kind, rows in order]
            tap.same((dict(found["owed"]), {p: n for p, n, _ in found["left"]}), (owed, left),
                     f"{what}: {' '.join(names)}")


def cases():
    one = ("invoices", [invoice("F1", "K1", "2026-09-10", "100.00", reference="R1")])
    two = ("invoices", [invoice("F2", "K1", "2026-09-12", "100.00", reference="R2")])
    told("a payment that comes first", [one, ("payments", [payment(
        "P1", "40.00", "2026-09-09", invoice="F1")])], {"F1": 6000}, {"P1": 0})
    told("one too large", [one, ("payments", [payment(
        "P1", "140.00", "2026-09-09", reference="R1")])], {"F1": 0}, {"P1": 4000})
    told("the month's equal sum goes to the invoice it names", [one, two, ("payments", [payment(
        "P1", "100.00", "2026-09-09", reference="R2", debtor="K1")])],
         {"F1": 10000, "F2": 0}, {"P1": 0})
    told("a debtor who is not known yet", [one, ("payments", [payment(
        "P1", "100.00", "2026-09-09", debtor="K1")])], {"F1": 0}, {"P1": 0})
    told("somebody else pays", [one, ("invoices", [invoice("F3", "K3", "2026-09-10", "30.00")]),
                                ("payments", [payment("P1", "100.00", "2026-09-09", invoice="F1",
                                                      debtor="K3")])],
         {"F1": 0, "F3": 3000}, {"P1": 0})
    told("a credit that names it, and the whole sum paid", [
        one, two, ("invoices", [invoice("C1", "K1", "", "-50.00", kind="credit", credits="F1",
                                        issued="2026-09-11")]),
        ("payments", [payment("P1", "100.00", "2026-09-15", invoice="F1")])],
         {"F1": 0, "F2": 5000, "C1": 0}, {"P1": 0})


def what_is_told():
    """The money finds its invoice, the task ends, and nobody is written to."""
    with Workspace() as w:
        w.payments([payment("P1", "100.00", "2026-09-09", invoice="F1"),
                    payment("P2", "1.00", "2026-09-09", invoice="F77")], AT[0])
        tap.same(w.sql("select kind, done_at is null from task"), [("payment_unmatched", 1)] * 2,
                 "money that names nothing known: a person is asked")
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], AT[1])
        tap.same(w.sql("select done_by, done_at is null from task order by id"),
                 [("import", 0), (None, 1)], "the invoice comes: that question is answered")
        tap.same(w.sql("select who, data from event where kind = 'payment.allocated'"),
                 [("import", '{"payment":1,"moved_minor":10000}')], "and the history tells it")
        w.json("run", at=AT[2])
        tap.same((w.left(), w.one("select value_on from entry where type = 'allocation'")),
                 (0, w.one("select paid_on from payment where id = 1")),
                 "it counts on its own day, and nobody is reminded")
        tap.same(w.run("allocate", "P2", "F1", at=AT[2]).returncode, 1, "nothing is owed there")


def migrated():
    """A database of the first version, with loose money in it, goes on."""
    with Workspace() as w:
        with open(os.path.join(HERE, "..", "..", "src", "store", "schema",
                               "0001_ground.sql")) as f:
            first = f.read()
        os.remove(w.path("purr.db"))
        base = sqlite3.connect(w.path("purr.db"))
        base.executescript(first)
        base.execute("insert into schema_version values (1, 0)")
        base.commit()
        base.close()
        done = w.run("plan", at=AT[0])
        tap.ok(done.returncode == 1 and "purr migrate" in done.stderr, "an older schema is refused",
               done.stderr)
        tap.same(w.run("migrate", at=AT[0]).returncode, 0, "and brought up")
        w.payments([payment("P1", "60.00", "2026-09-09", invoice="F1")], AT[0])
        w.invoices([invoice("F1", "K1", "2026-09-10", "100.00")], AT[1])
        tap.same(w.one("select balance_minor from invoice"), 4000, "to what an import needs")


def main():
    for story in (any_order, cases, what_is_told, migrated):
        try:
            story()
        except Exception as trouble:            # the other stories are told all the same
            tap.ok(False, f"{story.__name__} is told to its end", repr(trouble))
    tap.done()


main()
