#!/usr/bin/env python3
"""hooks-kannel.py - the whole way by SMS with real programs: purr, Kannel's boxes, an SMPP
centre; there, reports back (also a refusal after Kannel's yes), and what people write,
in Danish and outside the GSM alphabet."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import servers  # noqa: E402
import tap  # noqa: E402
from served import Served  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

IMPORTED, FIRST, LATER = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-09-28T07:00:00Z"


def state(w, debtor):
    return w.one("select k.state from contact k join debtor d on d.id = k.debtor_id "
                 "where d.external_id = ? order by k.id desc limit 1", debtor)


def settled(w, debtor, wanted):
    return servers.wait_until(lambda: state(w, debtor) == wanted, 20)


with Workspace() as w, servers.SmppCentre("--by-number") as centre:
    with open(w.path("password"), "w", encoding="ascii") as out:
        out.write(servers.Kannel.PASSWORD + "\n")
    os.chmod(w.path("password"), 0o600)
    for name, value in (("driver", "kannel"), ("user", servers.Kannel.USER), ("password_file", "password")):
        w.setting("sms", name, value)
    for name in ("email", "from"):
        w.setting("creditor demo", name, "hej@nordlys.test")
    w.schedule(lambda s: [p.update(channels=["sms", "email"]) for p in s["steps"][:3]])
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00", phone=f"+452012340{k}",
                        **({"lang": "fi", "name": "Åsa Ääkkönen"} if k == 3 else {})) for k in range(10)], IMPORTED)
    with Served(w, LATER) as served:
        w.setting("purr", "base_url", f"http://127.0.0.1:{served.port}")
        inbound = w.json("hooks")[0]["inbound"]
        with servers.Kannel(centre.port, "http-request-retry = 3\nhttp-queue-delay = 1", "\n".join((
                f'post-url = "{inbound}"', "send-sender = true", "max-messages = 0",
                "omit-empty = true"))) as kannel:
            tap.ok(kannel.wait_online(), "Kannel reaches the message centre")
            w.setting("sms", "url", kannel.url)
            w.json("plan", at=FIRST)
            sent = w.json("send", at=FIRST)
            tap.same((sent["sent"], sent.get("failed", 0)), (10, 0), "Kannel says yes to ten messages")
            for k in range(10):
                wanted = {8: "bounced", 9: "bounced"}.get(k, "delivered")
                tap.ok(settled(w, f"A{k}", wanted), f"A{k}: {wanted}" + (
                    ", refused by the centre after Kannel's yes" if k == 9 else ""), state(w, f"A{k}"))
            numbers = [s["to"].lstrip("+") for s in centre.submits() if s["to"].lstrip("+").startswith("4520")]
            tap.same(len(set(numbers)), 10, "each number was submitted")
            before = len(centre.submits())
            for sender, text, ucs2 in (("+4520123400", "Stop", False), ("+4520123401", "Jeg har betalt – æøå 😀", True),
                                       ("4520123402", "Kan jeg betale på fredag? Mvh Søren", False)):
                centre.say(sender, "Nordlys", text, ucs2)
            tap.ok(servers.wait_until(lambda: w.one("select count(*) from inbound") == 3, 20),
                   "three replies come", w.sql("select * from inbound"))
            tap.same(w.sql("select sender, text, meaning, debtor_id is not null from inbound order by sender"),
                     [("+4520123400", "Stop", "stop", 1), ("+4520123401", "Jeg har betalt – æøå 😀", "words", 1),
                      ("+4520123402", "Kan jeg betale på fredag? Mvh Søren", "words", 1)],
                     "whole, with the number as the ledger has it")
            tap.same(w.sql("select value from address where opted_out_at is not null"), [("+4520123400",)],
                     "stop is heard")
            tap.ok(not servers.wait_until(lambda: len(centre.submits()) > before, 2),
                   "nothing is answered to anybody")
    tap.same([v for v in map(str, judge.judge(w.dir)) if not v.startswith("E3")], [], "the judge finds no violation")
tap.done()
