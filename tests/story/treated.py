#!/usr/bin/env python3
# variants: release asan
# time-limit: 400
"""treated.py - how people are treated, and what follows: the question on the page and its
answers in the reports, a complaint that somebody writes down, an opt-out that a debtor
takes back, and an arm of an experiment that is stopped because it harms.

The figures are reckoned again here: the index by hand, its difference with Welch's
formula, the harm with limits of its own (the Beta mixture, by bisection).
"""
import math
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(HERE, "..", "lib"),
                os.path.join(HERE, "..", "check")]
import judge  # noqa: E402
import served  # noqa: E402
import tap  # noqa: E402
from workspace import Workspace, instant, invoice, payment  # noqa: E402

IMPORTED, FIRST = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z"
PRESSED = "2026-09-29T08:00:00Z"
SECOND, THIRD = "2026-10-12T06:30:00Z", "2026-11-05T07:30:00Z"
LATER = "2026-11-16T07:30:00Z"


def arms_of(w):
    out = {}
    for arm, debtor in w.sql("select a.arm, d.external_id from assignment a join debtor d on "
                             "d.id = a.debtor_id order by d.id"):
        out.setdefault(arm, []).append(debtor)
    return out


def tokens(w):
    who = dict(w.sql("select k.id, d.external_id from contact k join debtor d on d.id = k.debtor_id"))
    return {who[c]: served.token_of(m) for c, m in w.mails().items()}


# --- the question on the page ---------------------------------------------------------------

def rate(w, s, token, answer, form="help"):
    """Does something on the page, and answers the question below."""
    done = s.post(f"/p/{token}/{form}?lang=da", key=s.key(token, form), text="Ring til mig")[2]
    if answer == 5:
        tap.ok("Hvordan har vi behandlet dig?" in done and done.count('name="rating"') == 5,
               "asked, once done", done)
    key = done.split('class="rate"')[1].split('name="key" value="')[1].split('"')[0]
    return s.post(f"/p/{token}/rate?lang=da", key=key, **({"rating": answer} if answer else {})), key


def asked(w, arms, answers):
    who = tokens(w)
    with served.Served(w, PRESSED) as s:
        for arm, scores in answers.items():
            for debtor, score in zip(arms[arm], scores):
                (status, _, body), _ = rate(w, s, who[debtor], score)
                if (status, "Tak for dit svar" in body) != (200, True):
                    tap.ok(False, f"{debtor} answered", body)
        first, token = arms["warm"][0], who[arms["warm"][0]]
        (status, _, body), key = rate(w, s, token, None)
        tap.ok(status == 422 and "Vælg et svar først" in body and 'name="rating"' in body,
               "no answer chosen: asked again", body)
        before = w.one("select count(*) from rating")
        for _ in range(3):
            s.post(f"/p/{token}/rate?lang=da", key=key, rating=2)
        tap.same(w.one("select count(*) from rating") - before, 1, "sent three times, it counts once")
        s.post(f"/p/{token}/rate?lang=da", key=key, rating=4)
        tap.same(w.sql("select answer from rating order by id desc limit 1"), [(4,)],
                 "on second thoughts, on the same page: the last answer counts")
        for wrong in ("0", "6", "55", "x", ""):
            status, _, _ = s.post(f"/p/{token}/rate?lang=da", key=s.key(token, "rate"), rating=wrong)
            if status != 422:
                tap.ok(False, f"rating {wrong!r} is refused", status)
        tap.same(s.get(f"/p/{token}/rate?lang=en")[0], 200, "the question has a page of its own")
        tap.ok(s.post(f"/p/{token}/rate?lang=da", key="A" * 44, rating=1)[0] == 400,
               "and a key of its own")
        s.post(f"/p/{token}/rate?lang=da", key=s.key(token, "rate"), rating=answers["warm"][0])
        holds = w.one("select count(*) from hold h join debtor d on d.id = h.debtor_id where "
                      "d.external_id = ?", first)
        tap.same(holds, 1, "an answer holds nothing and ends nothing")
    tap.same(w.one("select count(*) from event where kind = 'debtor.rated'"),
             w.one("select count(*) from rating"), "each answer is an event")


def index(scores):
    return 25 * (statistics.mean(scores) - 1)


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def reported(w, arms, answers):
    tone = w.json("report", "tone", "--as-of", "2026-11-05", at="2026-11-06T06:00:00Z")
    said = tone["satisfaction"]
    got = {a["arm"]: a for a in said["arms"]}
    for arm, scores in answers.items():
        n = len(arms[arm])
        tap.ok(near(got[arm]["index"]["estimate"], index(scores)) and
               near(got[arm]["answered"]["estimate"], len(scores) / n) and
               near(got[arm]["silent_at_0"], index(scores) * len(scores) / n) and
               near(got[arm]["silent_at_100"],
                    (index(scores) * len(scores) + 100 * (n - len(scores))) / n),
               f"{arm}: index, how many answered, and the bounds", got[arm])
    one, zero = answers["warm"], answers["neutral"]
    va, vb = (25 ** 2 * statistics.variance(x) / len(x) for x in (one, zero))
    difference = next(c for c in said["contrasts"] if c["arm"] == "warm")
    freedom = (va + vb) ** 2 / (va ** 2 / (len(one) - 1) + vb ** 2 / (len(zero) - 1))
    tap.ok(near(difference["difference"]["estimate"], index(one) - index(zero)) and
           near(difference["difference"]["se"], math.sqrt(va + vb)) and
           difference["difference"]["upper"] - difference["difference"]["estimate"] >
           1.6449 * math.sqrt(va + vb) and freedom > 2, "warm against neutral, by Welch", difference)
    tap.ok(not next(c for c in said["contrasts"] if c["arm"] == "firm")["comparable"],
           "firm answered far less often: not comparable", said)
    service = w.json("report", "service", "--as-of", "2026-11-05", at="2026-11-06T06:00:00Z")
    row = next(t for t in service["tables"] if t["id"] == "satisfaction")["rows"][0]
    every = [x for scores in answers.values() for x in scores]
    tap.ok(near(row["index"]["estimate"], index(every)) and row["answered"]["events"] == len(every),
           "and of all", row)
    text = w.run("report", "tone", "--as-of", "2026-11-05", at="2026-11-06T06:00:00Z").stdout
    tap.ok("How they say they were treated" in text, "the text has it", text)


# --- a complaint, an opt-out taken back --------------------------------------------------------

def complaint(w, debtor):
    for words, code in (((), 2), (("--debtor", debtor), 2), (("--debtor", debtor, "--by", "Ida"), 2),
                        (("--debtor", "nobody", "--by", "Ida", "--text", "rude"), 1)):
        tap.same(w.run("complaint", *words, at=PRESSED).returncode, code, f"complaint {' '.join(words)}")
    w.json("hold", "--debtor", debtor, "--until", "2026-09-30", "--by", "Ida", at=PRESSED)
    w.json("complaint", "--debtor", debtor, "--by", "Ida", "--text", "too many letters", at=PRESSED)
    tasks = w.json("tasks", "--debtor", debtor, at=PRESSED)["tasks"]
    tap.ok([t["kind"] for t in tasks] == ["complaint"] and "too many letters" in tasks[0]["text"],
           "a complaint is a task", tasks)
    held = w.sql("select h.type, h.reason from hold h join debtor d on d.id = h.debtor_id "
                 "where d.external_id = ?", debtor)
    tap.same(held[1:], [("manual", "complained")], "and peace, longer than the one there was")
    w.json("complaint", "--debtor", debtor, "--by", "Ida", "--text", "and another", at=PRESSED)
    tap.same(w.one("select count(*) from hold h join debtor d on d.id = h.debtor_id where "
                   "d.external_id = ?", debtor), 2, "a second one needs no longer peace")


def taken_back(w, debtor, sharer):
    who = tokens(w)

    def opted():
        return w.sql("select d.external_id from address a join debtor d on d.id = a.debtor_id where "
                     "a.opted_out_at is not null order by 1")
    with served.Served(w, PRESSED) as s:
        s.one_click(who[debtor])
    tap.same(opted(), sorted([(debtor,), (sharer,)]), "an opt-out is of the address")
    w.json("plan", at="2026-10-09T06:30:00Z")
    w.json("send", at="2026-10-09T06:30:00Z")
    now = "2026-10-09T08:00:00Z"
    for words, code in ((("email",), 2), (("pigeon", "--debtor", debtor, "--by", "Ida", "--reason", "x"), 2),
                        (("sms", "--debtor", debtor, "--by", "Ida", "--reason", "x"), 1)):
        tap.same(w.run("allow", *words, at=now).returncode, code, f"allow {' '.join(words)}")
    w.json("allow", "email", "--debtor", debtor, "--by", "Ida", "--reason", "asked by phone \"today\"", at=now)
    tap.same(opted(), [], "taken back for who shares it, too")
    again = w.run("allow", "email", "--debtor", debtor, "--by", "Ida", "--reason", "again", at=now)
    tap.ok(again.returncode == 1 and "nothing of this debtor is closed" in again.stderr, "once", again.stderr)
    tap.same(w.one("select count(*) from event where kind = 'address.opted_in'"), 2, "an event each")
    guard = w.json("report", "tone", "--as-of", "2026-11-05", at="2026-11-06T06:00:00Z")["guardrails"]
    outs = next(g for g in guard if g["metric"] == "opt_outs_by_horizon")
    tap.same(sum(a["share"]["events"] for a in outs["arms"]), 1, "it happened all the same: it is counted")


# --- harm ------------------------------------------------------------------------------------------

def log_e(x, n, p):
    beta = math.lgamma(1 + x) + math.lgamma(1 + n - x) - math.lgamma(2 + n)
    return beta - x * math.log(p) - (n - x) * math.log1p(-p)


def limit(x, n, up):
    """Where the Beta mixture's log reaches ln(1/0.025), on one side of x / n."""
    inside, outside = x / n, (1 - 1e-12 if up else 1e-12)
    if (not up and x == 0) or (up and x == n):
        return outside
    for _ in range(200):
        middle = (inside + outside) / 2
        if log_e(x, n, min(max(middle, 1e-15), 1 - 1e-15)) < math.log(1 / 0.025):
            inside = middle
        else:
            outside = middle
    return inside


def harmed(w, arms):
    """Complaints in the firm arm, one after the other, until it is too many."""
    firm, neutral = len(arms["firm"]), len(arms["neutral"])
    needed = next(x for x in range(1, firm) if limit(x, firm, False) > limit(0, neutral, True) + 0.005)
    tap.ok(4 < needed < firm - 1, f"{needed} of {firm} would be too many")
    for debtor in arms["firm"][:needed - 1]:
        w.json("complaint", "--debtor", debtor, "--by", "Ida", "--text", "rude", at="2026-10-13T08:00:00Z")
    w.json("plan", at=THIRD)
    tap.same(w.sql("select * from arm_stop"), [], "one fewer: it goes on")
    w.json("complaint", "--debtor", arms["firm"][needed - 1], "--by", "Ida", "--text", "rude",
           at="2026-10-13T09:00:00Z")
    w.json("plan", at="2026-11-05T08:30:00Z")
    tap.same(w.sql("select * from arm_stop"), [], "an experiment is looked at once a day")
    w.json("plan", at="2026-11-06T07:30:00Z")
    stops = w.sql("select experiment, arm, stopped, who, reason from arm_stop")
    tap.same(stops, [("dk-tone", "firm", 1, "engine",
                      f"complaints: {needed} of {firm} debtors against 0 of {neutral}")],
             "one more, the next day: stopped, with the figures")
    told = [t for t in w.json("tasks")["tasks"] if t["kind"] == "arm_stopped"]
    tap.ok(len(told) == 1 and "--resume firm" in told[0]["text"], "and a person is told", told)
    w.json("plan", at="2026-11-07T07:30:00Z")
    tap.same(w.one("select count(*) from arm_stop"), 1, "once")
    report = w.json("report", "tone", "--as-of", "2026-11-06", at="2026-11-07T08:00:00Z")
    tap.ok(any("The arm firm is stopped since 2026-11-06 by engine" in line for line in report["limits"]),
           "the report says so", report["limits"])
    tap.ok(any(c["stop"] for g in report["guardrails"] for c in g["contrasts"] if c["arm"] == "firm"),
           "of the arm that breaks the limits")


def in_another_currency():
    """An experiment counts one currency; harm is harm in each."""
    with Workspace() as w:
        w.schedule(lambda s: s["steps"][0].update(channels=["email"]))
        w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00",
                            currency="SEK" if k < 120 else "DKK") for k in range(241)], IMPORTED)
        w.json("plan", at=FIRST)
        w.json("send", at=FIRST)
        swedish = [d for d in arms_of(w)["firm"] if int(d[1:]) < 120]
        for word in "--stop", "--resume":
            w.run("experiment", "dk-tone", word, "firm", "--by", "Ida", "--reason", "a try", at=PRESSED)
        for debtor in swedish:
            w.json("complaint", "--debtor", debtor, "--by", "Ida", "--text", "rude", at=PRESSED)
        w.json("plan", at="2026-11-06T07:30:00Z")
        tap.same(w.sql("select arm, who, stopped from arm_stop order by id"),
                 [("firm", "Ida", 1), ("firm", "Ida", 0), ("firm", "engine", 1)],
                 f"{len(swedish)} complaints about claims in another currency; what a person stopped "
                 "and let go on is not what the engine stopped")


def written_to_otherwise(w):
    w.invoices([invoice(f"N{k}", f"N{k}", "2026-11-11", "100.00") for k in range(12)],
               "2026-11-10T10:00:00Z")
    w.json("plan", at=LATER)
    w.json("send", at=LATER)
    tones = w.sql("select distinct a.arm, k.tone from contact k join assignment a on a.id = k.assignment_id "
                  "where k.planned_at >= ? and k.step <> 'formal_notice' order by 1",
                  instant(LATER))
    tap.ok(all(tone == ("neutral" if arm == "firm" else arm) for arm, tone in tones),
           "who is in it is written to as the reference", tones)
    new = w.sql("select count(*), count(k.assignment_id), min(k.tone) from contact k join debtor d on "
                "d.id = k.debtor_id where d.external_id like 'N%'")
    tap.same(new, [(12, 0, "warm")], "and nobody new is taken in")
    contact = w.one("select max(k.id) from contact k join debtor d on d.id = k.debtor_id "
                    "where d.external_id = 'N1'")
    said = w.run("explain", f"contact:{contact}", at=LATER).stdout
    tap.ok("takes in nobody while one of its arms is stopped" in said, "which is explained", said)


def person(w):
    def word(*words):
        return w.run("experiment", "dk-tone", *words, at="2026-11-17T08:00:00Z")
    for words, code in ((("--stop", "firm"), 2), (("--stop", "firm", "--by", "Ida"), 2),
                        (("--stop", "firm", "--resume", "warm", "--by", "Ida", "--reason", "x"), 2),
                        (("--stop", "neutral", "--by", "Ida", "--reason", "x"), 1),
                        (("--stop", "loud", "--by", "Ida", "--reason", "x"), 1),
                        (("--stop", "warm", "--by", "engine", "--reason", "x"), 1),
                        (("--stop", "firm", "--by", "Ida", "--reason", "x"), 1),
                        (("--resume", "warm", "--by", "Ida", "--reason", "x"), 1)):
        tap.same(word(*words).returncode, code, f"experiment dk-tone {' '.join(words)}")
    done = word("--resume", "firm", "--by", "Ida", "--reason", "the texts are mended")
    tap.ok(done.returncode == 0 and "goes on" in done.stdout, "a person lets it go on", done.stderr)
    w.json("plan", at="2026-11-18T07:30:00Z")
    tap.same(w.one("select count(*) from arm_stop"), 2, "and the engine does not stop it again")
    done = word("--stop", "warm", "--by", "Ida", "--reason", "board's decision")
    tap.ok(done.returncode == 0, "a person may stop one", done.stderr)
    then = w.json("report", "tone", "--as-of", "2026-11-15", at="2026-11-18T08:00:00Z")
    tap.ok(any("The arm firm is stopped since 2026-11-06 by engine" in line for line in then["limits"]),
           "of a day before a person let it go on, the report says what held then", then["limits"])
    done = w.run("complaint", "--debtor", "A1", "--by", b"Bj\xf8rn", "--text", "x")
    tap.ok(done.returncode == 2 and "UTF-8" in done.stderr, "a word that is not UTF-8 is refused", done.stderr)
    w.json("tasks")
    tap.same(w.run("explain", "--replay", "--all").returncode, 0, "every decision is made again the same")
    tap.same([str(v) for v in judge.judge(w.dir)], [], "the judge finds no violation")


def main():
    with Workspace() as w:
        w.schedule(lambda s: s["steps"][0].update(channels=["email"]))
        rows = [invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00") for k in range(240)]
        rows.append(invoice("B1", "B1", "2026-12-24", "100.00", email="a7@kunde.example"))
        w.invoices(rows, IMPORTED)
        w.json("plan", at=FIRST)
        w.json("send", at=FIRST)
        arms = arms_of(w)
        complained, leaver = arms["warm"][-1], "A7"
        for people in arms.values():
            if leaver in people:
                people.remove(leaver)
                people.insert(len(people) // 2, leaver)
        complaint(w, complained)
        answers = {"warm": [5, 4, 5, 4, 5, 3, 5, 5], "neutral": [3, 4, 2, 3, 4, 3, 1, 3, 4] * 2,
                   "firm": []}
        answers["firm"] = [2]
        answers["warm"] += [5] * 8
        asked(w, arms, answers)
        w.payments([payment(f"P{k}", "100.00", "2026-10-02", invoice=f"A{k}") for k in range(240)
                    if k % 3 == 0 and f"A{k}" not in arms["firm"]], "2026-10-03T10:00:00Z")
        w.json("plan", at=SECOND)
        w.json("send", at=SECOND)
        reported(w, arms, answers)
        taken_back(w, leaver, "B1")
        harmed(w, arms)
        written_to_otherwise(w)
        person(w)
    in_another_currency()
    tap.done()


if __name__ == "__main__":
    main()
