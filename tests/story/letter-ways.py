#!/usr/bin/env python3
"""letter-ways.py - letters handed over by SFTP (OpenSSH's own server) and to an API that
speaks as Pingen's does (a stand-in; it cannot be run here): what arrives, when it is sure
that nothing did, and that a letter is made once.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "server"), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import servers  # noqa: E402
import tap  # noqa: E402
from pingen_house import Api  # noqa: E402
from sftp_house import SftpHouse  # noqa: E402
from workspace import Workspace, invoice  # noqa: E402

IMPORTED, NOW = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z"


def shop(w, count, **settings):
    w.schedule(lambda s: [p.update(channels=["letter"]) for p in s["steps"][:2]])
    for name, value in (("street", "Elmevej 1"), ("postcode", "8000"), ("city", "Aarhus C")):
        w.setting("creditor demo", name, value)
    for name, value in settings.items():
        w.setting("letter", name, value)
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "1250.00", email="", street=f"Strandgade {k}",
                        postcode="1401", city="København K") for k in range(1, count + 1)], IMPORTED)
    w.json("plan", at=NOW)


def states(w):
    return w.sql("select state, provider, count(*) from contact group by 1, 2 order by 1, 2")


def reason(w):
    return w.one("select reason from contact order by id limit 1")


# --- SFTP ---------------------------------------------------------------------------------

def by_sftp():
    with SftpHouse() as house, Workspace() as w:
        shop(w, 5, driver="sftp", url=house.url, user=house.user, key_file=house.key,
             known_hosts=house.known_hosts)
        tap.same(w.json("send", at=NOW)["sent"], 5, "five letters are taken")
        ids = sorted(i for (i,) in w.sql("select id from contact"))
        tap.same(house.letters(), sorted(f"C{i}.pdf" for i in ids), "each is a file, and nothing else is there")
        bytes_ = [open(os.path.join(house.folder, n), "rb").read() for n in house.letters()]
        tap.ok(all(b.startswith(b"%PDF-") and b.rstrip().endswith(b"%%EOF") for b in bytes_), "whole")
        tap.same(states(w), [("sent", "sftp", 5)], "sent, by sftp")
        tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")
    with SftpHouse() as house:
        with open(os.path.join(house.dir, "other.pub"), "w", encoding="ascii") as f:
            f.write("")
        good = {"driver": "sftp", "url": house.url, "user": house.user, "key_file": house.key,
                "known_hosts": house.known_hosts}
        other = os.path.join(house.dir, "unknown")
        with open(other, "w", encoding="ascii") as f:
            f.write("")
        wrong = os.path.join(house.dir, "another")
        servers.subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", wrong], check=True)
        for what, change in (("a key that is not let in", {"key_file": wrong}),
                             ("a house that nobody knows", {"known_hosts": other}),
                             ("nobody there", {"url": f"sftp://127.0.0.1:{servers.free_port()}/in"}),
                             ("a folder that is not there", {"url": house.url + "no/such"})):
            with Workspace() as w:
                shop(w, 2, **{**good, **change})
                done = w.json("send", at=NOW)
                tap.same((done["later"], done["sent"], house.letters(), w.one("select count(*) from contact "
                          "where state = 'planned'")), (2, 0, [], 2), f"{what}: later, and nothing is there")
        stranger = " ".join(open(wrong + ".pub", encoding="ascii").read().split()[:2])
        house.know(stranger)
        with Workspace() as w:
            shop(w, 1, **good)
            tap.same((w.json("send", at=NOW)["later"], house.letters()), (1, []),
                     "a house with another key than known: no letter")
        house.know(house.host_key)
        with Workspace() as w:
            shop(w, 1, **good)
            contact = w.one("select id from contact")
            os.mkdir(os.path.join(house.folder, f"C{contact}.pdf"))    # the renaming will fail
            done = w.json("send", at=NOW)
            tap.same((done["later"], done["unknown"]), (0, 1), "something of that name is there: who knows?")
    for what, change in (("no known_hosts", {"known_hosts": ""}), ("no key and no password", {"key_file": ""}),
                         ("no user", {"user": ""}), ("a URL of another kind", {"url": "https://x.example"})):
        with Workspace() as w:
            shop(w, 1, **{**good, **change})
            done = w.run("send", at=NOW)
            tap.ok(done.returncode == 1 and "letter" in done.stderr, f"{what}: refused", done.stderr)


def renaming():
    """An answer that is lost is no refusal: the folder is looked into, and no letter goes twice."""
    for trouble, first, then, said in (
            ("answered-not", "sent", "sent", "it was renamed: taken"),
            ("refused", "planned", "sent", "it was not: later, and then taken"),
            ("asked-not", "planned", "sent", "not asked for: later, and then taken"),
            ("fetched", "unknown", "unknown", "nobody can say: a person decides")):
        with SftpHouse(trouble) as house, Workspace() as w:
            shop(w, 1, driver="sftp", url=house.url, user=house.user, key_file=house.key,
                 known_hosts=house.known_hosts)
            w.json("send", at=NOW)
            tap.same(w.one("select state from contact"), first, f"{trouble}: {said}")
            for at in ("2026-09-28T07:30:00Z", "2026-09-28T09:30:00Z"):
                w.json("send", at=at)
            tap.same((w.one("select state from contact"), len(house.letters())), (then, 1 if then == "sent" else 0),
                     f"{trouble}: and one letter, if any")


# --- the API ---------------------------------------------------------------------------------

def api_shop(w, api, count=1, **more):
    secret = w.file("pingen.key", "s3cret\n")
    os.chmod(w.path(secret), 0o600)
    shop(w, count, driver="pingen", url=api.url, user="client-1", password_file=secret, organisation="org-1",
         **more)


def by_api():
    api = Api()
    with Workspace() as w:
        api_shop(w, api, 3, product="fast")
        tap.same(w.json("send", at=NOW)["sent"], 3, "three letters are taken")
        tap.same(api.steps, ["token"] + ["place", "file", "letter"] * 3, "one token, and three requests each")
        tap.same(api.form, {"client_id": "client-1", "client_secret": "s3cret",
                            "grant_type": "client_credentials"}, "the client's credentials")
        ids = [i for (i,) in w.sql("select id from contact order by id")]
        tap.same(sorted(api.made), sorted(f"purr-C{i}" for i in ids), "each with a key of its own")
        path, headers, body = api.made[f"purr-C{ids[0]}"]
        attributes = body["data"]["attributes"]
        tap.same((path, headers["Content-Type"], body["data"]["type"]),
                 ("/organisations/org-1/deliveries/letters", "application/vnd.api+json", "letters"), "as JSON:API")
        pages, login = api.files[attributes.pop("file_url")]
        tap.ok(pages.startswith(b"%PDF-") and login is None, "the pages are where they belong, without our token")
        tap.same(attributes, {"file_original_name": f"C{ids[0]}.pdf", "file_url_signature": "$2y$10$sig",
                              "address_position": "left", "auto_send": True, "delivery_product": "fast",
                              "print_mode": "simplex", "print_spectrum": "grayscale"}, "and what it says of them")
        tap.same(w.sql("select state, provider, provider_id from contact order by id"),
                 [("sent", "pingen", f"letter-{k}") for k in (1, 2, 3)], "sent, with their numbers there")
        tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")
    api.close()
    for step, answer, outcome, made in (
            ("token", (401, {}), "later", 0), ("token", (500, {}), "later", 0), ("token", None, "later", 0),
            ("place", (503, {}), "later", 0), ("place", (200, {"data": {}}), "later", 0),
            ("file", (403, {}), "later", 0), ("file", None, "later", 0),
            ("letter", (401, {}), "later", 0), ("letter", (429, {}), "later", 0), ("letter", (503, {}), "later", 0),
            ("letter", (422, {"errors": []}), "failed", 0), ("letter", (500, {}), "unknown", 0),
            ("letter", (201, {"data": {}}), "unknown", 0), ("letter", None, "unknown", 1)):
        api = Api()
        api.trouble = {step: answer}
        with Workspace() as w:
            api_shop(w, api)
            done = w.json("send", at=NOW)
            what = "hangs up" if answer is None else f"answers {answer[0]}"
            tap.same((done[outcome], done["sent"], len(api.made)), (1, 0, made), f"{step} {what}: {outcome}")
            if outcome == "later":
                api.trouble = {}
                w.json("send", at="2026-09-28T07:30:00Z")
                tap.same((states(w), len(api.made)), ([("sent", "pingen", 1)], 1), "and then it is made, once")
            if outcome == "failed":
                tap.same(w.sql("select count(*) from address where bad_at is not null"), [(0,)],
                         "the address is not to blame")
        api.close()
    api = Api()
    with Workspace() as w:
        api_shop(w, api, window_left_mm=118)
        w.json("send", at=NOW)
        tap.same([b["data"]["attributes"]["address_position"] for _, _, b in api.made.values()], ["right"],
                 "a window on the right is told")
    api.close()
    for what, change in (("no organisation", {"organisation": ""}), ("no client", {"user": ""}),
                         ("a URL of another kind", {"url": "ftp://x"}), ("a driver that is none", {"driver": "fax"})):
        with Workspace() as w:
            secret = w.file("pingen.key", "s3cret\n")
            os.chmod(w.path(secret), 0o600)
            shop(w, 1, **{"driver": "pingen", "url": "http://127.0.0.1:9", "user": "c", "password_file": secret,
                          "organisation": "o", **change})
            done = w.run("send", at=NOW)
            tap.ok(done.returncode == 1 and "letter" in done.stderr, f"{what}: refused", done.stderr)


def main():
    by_sftp()
    renaming()
    by_api()
    tap.done()


if __name__ == "__main__":
    main()
