"""What really left, on the `file` channel: each contact once, to its address,
with its link, its amounts, its deadline.

A message is known by the token of its link, whose SHA-256 stands in the table
`link`; the name of a file or the number in a line must agree with it.

Python's strict reading (email.policy.default) takes some ten milliseconds a
message.  Up to STRICT_MAX messages are read so, spread evenly over the sink
(judge(..., whole=True): all of them); of the others a quick reading here takes
the headers and the texts, and refuses whatever it does not know.
"""
import base64
import binascii
import calendar
import collections
import datetime
import email
import email.policy
import functools
import hashlib
import html
import json
import quopri
import re

import judge_days as days
from judge_ledger import LEFT, REACHED, Violation

STRICT_MAX = 200
LINK = re.compile(r"/p/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
TOTAL = re.compile(r"(?:I alt at betale|Total to pay|I alt å betale|Totalt att betala|"
                   r"Maksettavaa yhteensä|Insgesamt zu zahlen):\s*([^\n<]*)")
AMOUNT = re.compile(r"\d[\d.,\u00a0\u202f ]*")
FRACTION = re.compile(r"\d[.,]\d\d(?!\d)")
MONTHS = {
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "en": "January February March April May June July August September October November "
          "December",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
          "syyskuuta lokakuuta marraskuuta joulukuuta",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
DOTTED = ("da", "nb", "fi", "de")       # 5. september


class Message:
    """One message of the sink.  contact: the number it claims, or None."""

    def __init__(self, where, channel, to, texts, contact, mail=None, at=None):
        self.where, self.channel, self.to, self.at = where, channel, to, at
        self.texts, self.contact, self.mail = texts, contact, mail
        self.tokens = set(LINK.findall(texts[0])) if texts else set()


def plain_of_html(text):
    text = re.sub(r"(?s)<(style|head)\b.*?</\1>", "", text)
    return html.unescape(re.sub(r"<[^>]*>", "", text))


class QuickMail:
    """Headers and texts of a multipart/alternative without nesting."""

    def __init__(self, data):
        self.trouble, self.texts = "", []
        head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
        self.headers = self.read_headers(head)
        boundary = re.search(r'boundary="?([^";\s]+)', self.first("content-type"))
        if not boundary:
            self.trouble = "no boundary"
            return
        mark = b"\n--" + boundary.group(1).encode("ascii", "replace")
        parts = (b"\n" + body).split(mark)
        if len(parts) < 3 or not parts[-1].startswith(b"--"):
            self.trouble = "parts are missing"
        for part in parts[1:-1]:
            self.read_part(part)

    def read_headers(self, head):
        headers = collections.defaultdict(list)
        for line in re.sub(rb"\n[ \t]+", b" ", head).split(b"\n"):
            key, colon, value = line.partition(b":")
            if not colon or not re.fullmatch(rb"[!-9;-~]+", key) or not line.isascii():
                self.trouble = f"a header that is none: {line[:40]!r}"
            headers[key.decode("latin-1").lower()].append(value.strip().decode("latin-1"))
        return headers

    def first(self, key):
        return (self.headers.get(key) or [""])[0]

    def read_part(self, part):
        head, _, body = part.lstrip(b"\n").partition(b"\n\n")
        headers = self.read_headers(head)
        encoding = (headers.get("content-transfer-encoding") or ["7bit"])[0].lower()
        kind = (headers.get("content-type") or [""])[0].lower()
        try:
            if encoding == "quoted-printable":
                body = quopri.decodestring(body)
            elif encoding == "base64":
                body = base64.b64decode(body)
            text = body.decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as trouble:
            self.trouble = str(trouble)
            return
        if kind.startswith("text/plain"):
            self.texts.insert(0, text)
        elif kind.startswith("text/html"):
            self.texts.append(plain_of_html(text))
        else:
            self.trouble = f"a part of type {kind}"

    def count(self, key):
        return len(self.headers.get(key.lower(), ()))


class StrictMail:
    """The same, as Python's standard library reads it."""

    def __init__(self, data):
        self.mail = email.message_from_bytes(data, policy=email.policy.default)
        self.texts = []
        for part in self.mail.walk():
            if part.get_content_type() == "text/plain":
                self.texts.insert(0, part.get_content())
            elif part.get_content_type() == "text/html":
                self.texts.append(plain_of_html(part.get_content()))
        defects = [d for part in self.mail.walk() for d in part.defects]
        defects += [d for h in self.mail.values() for d in getattr(h, "defects", ())]
        self.trouble = repr(defects[0]) if defects else ""

    def first(self, key):
        return str(self.mail[key] or "")

    def count(self, key):
        return len(self.mail.get_all(key, []))


class LineMail:
    """An e-mail in the sink of a simulation: no bytes, but what they would say."""

    def __init__(self, row):
        self.trouble = ""
        self.headers = {"subject": row["subject"], "to": row["to"], "from": row["from"],
                        "list-unsubscribe": row["unsubscribe"]}

    def count(self, key):
        return 1 if self.headers.get(key.lower(), "always there") else 0


def read_mail(path, strict):
    mail = (StrictMail if strict else QuickMail)(path.read_bytes())
    number = re.match(r"C(\d+)\.", path.name)
    return Message(f"{path.parent.name}/{path.name}", "email", mail.first("to"), mail.texts,
                   int(number.group(1)) if number else None, mail)


def instant(text):
    return calendar.timegm(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).utctimetuple())


def messages(ws):
    box = ws.folder / "outbox"
    if driver(ws, "email") == "file":
        paths = [path for folder in ("new", "cur")
                 for path in sorted((box / "mail" / folder).glob("*"))]
        every = 1 if ws.whole else -(-len(paths) // STRICT_MAX)
        for number, path in enumerate(paths):
            yield read_mail(path, number % every == 0)
    for channel, name in (("email", "mail"), ("sms", "sms"), ("letter", "letter")):
        path = box / f"{name}.jsonl"
        if driver(ws, channel) != "file" or not path.exists():
            continue
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                yield Message(f"{name}.jsonl:{number}", channel, row["to"], [row["text"]],
                              row["contact"], LineMail(row) if name == "mail" else None,
                              instant(row["at"]))


@functools.lru_cache(maxsize=None)
def driver(ws, channel):
    """Letters, and every channel that says nothing, are files."""
    return ws.settings.get(channel, "driver", fallback="file").strip()


def sink(ws):
    owner = {row["token_hash"]: row["contact_id"] for row in ws.rows["link"]}
    found = collections.defaultdict(list)
    for message in messages(ws):
        ids = {owner.get(hashlib.sha256(t.encode()).hexdigest()) for t in message.tokens}
        if len(ids) != 1 or None in ids:
            yield Violation("M1", message.where, f"{len(message.tokens)} links, of contacts "
                            f"{sorted(str(i) for i in ids)}")
        known = ids - {None}
        contact = known.pop() if len(known) == 1 else message.contact
        if message.contact != contact:
            yield Violation("M1", message.where, f"says contact {message.contact}, its link is "
                            f"of contact {contact}")
        found[contact].append(message.where)
        row = ws.contact.get(contact)
        if row is None or row["state"] not in REACHED:
            yield Violation("D2", message.where, f"contact {contact} is "
                            f"{row['state'] if row else 'not known'}")
        else:
            yield from contents(ws, message, row)
    for contact, places in found.items():
        if len(places) > 1:
            yield Violation("D2", f"contact {contact}", f"{len(places)} times in the sink: "
                            + ", ".join(places))
    for contact in ws.rows["contact"]:
        if contact["state"] in LEFT and contact["id"] not in found and \
                contact["channel"] != "call" and driver(ws, contact["channel"]) == "file":
            yield Violation("D2", f"contact {contact['id']}", f"{contact['state']}, and not in "
                            "the sink")


def contents(ws, message, contact):
    who = f"contact {contact['id']}"
    if message.at is not None:          # when the provider had it, however slow it was
        debtor = ws.debtor[contact["debtor_id"]]
        fault = days.window_fault(debtor["country"], debtor["zone"], message.channel, message.at)
        if fault:
            yield Violation(fault[0], who, "taken by the provider: " + fault[1])
    if message.channel != contact["channel"] or \
            message.to.strip() != ws.address[contact["address_id"]]["value"].strip():
        yield Violation("M5", who, "went to another address or channel than its own")
    if message.mail is not None:
        yield from mail_form(message.mail, contact, who)
    if message.channel == "sms":
        yield from sms_form(ws, message, contact, who)
    else:
        yield from amounts(ws, message, contact, who)
    yield from deadline(message, contact, who)


def mail_form(mail, contact, who):
    if mail.trouble:
        yield Violation("M1", who, mail.trouble)
    unsubscribe = mail.count("List-Unsubscribe")
    if unsubscribe != (0 if contact["legal_notice"] else 1):
        yield Violation("M1", who, f"{unsubscribe} headers List-Unsubscribe on a "
                        f"{'formal notice' if contact['legal_notice'] else 'reminder'}")
    for header in ("Auto-Submitted", "Message-ID", "Date", "From", "To", "Subject"):
        if mail.count(header) != 1:
            yield Violation("M1", who, f"not exactly one header {header}")


def sms_form(ws, message, contact, who):
    text = LINK.sub("", message.texts[0])
    if not message.tokens:
        yield Violation("M3", who, "an SMS without a link")
    if ws.debtor[contact["debtor_id"]]["name"] in text:
        yield Violation("M3", who, "an SMS with the debtor's name")
    if FRACTION.search(re.sub(r"https?://\S*", "", text)):
        yield Violation("M3", who, "an SMS with an amount")


def minor(text):
    """1.249,00 kr. | DKK 1,249.00 -> 124900; None when there is no amount."""
    found = AMOUNT.search(text)
    if not found:
        return None
    digits = found.group(0).strip("\u00a0\u202f .,")
    whole = re.sub(r"\D", "", digits)
    return int(whole) if re.search(r"[.,]\d\d$", digits) else int(whole) * 100


def expected_totals(ws, contact):
    """currency -> what is asked for: what is overdue, or else what comes due."""
    day = ws.ledger_day(contact)
    overdue, ahead = collections.Counter(), collections.Counter()
    for row in ws.listed[contact["id"]]:
        invoice = ws.invoice[row["invoice_id"]]
        chosen = overdue if invoice["due_on"] < day else ahead
        chosen[invoice["currency"]] += row["balance_minor"] + \
            row.get("interest_minor", 0) + row.get("compensation_minor", 0)
    totals = {c: overdue[c] or ahead[c] for c in set(overdue) | set(ahead)}
    for part in ws.parts[contact["id"]]:
        currency = ws.invoice[part["invoice_id"]]["currency"]
        totals[currency] = totals.get(currency, 0) + part["fee_minor"]
    return sorted(v for v in totals.values() if v)


def amounts(ws, message, contact, who):
    """M2: the totals of each part are those of the books."""
    if not ws.parts[contact["id"]] or any(
            ws.changed.get(row["invoice_id"], 0) >= contact["planned_at"]
            for row in ws.listed[contact["id"]]):
        return                  # what was due then is not known any more
    if not message.texts:
        yield Violation("M2", who, "holds no text")
        return
    wanted = expected_totals(ws, contact)
    for text in message.texts:
        told = sorted(v for v in map(minor, TOTAL.findall(text)) if v)
        if told != wanted:
            yield Violation("M2", who, f"asks for {told}, the books say {wanted}")
    for part in ws.parts[contact["id"]]:
        if ws.invoice[part["invoice_id"]]["external_id"] not in message.texts[0]:
            yield Violation("M2", who, "does not name its carrying invoice")


@functools.lru_cache(maxsize=None)
def date_words(day, lang):
    """As the language writes it; English has two ways."""
    date = days.day_date(day)
    months = MONTHS.get(lang, MONTHS["en"]).split()
    month = months[date.month - 1]
    usual = f"{date.day}{'.' if lang in DOTTED else ''} {month} {date.year}"
    return (usual, f"{month} {date.day}, {date.year}") if lang == "en" else (usual,)


def deadline(message, contact, who):
    """M4: the deadline that is told is the one that is kept."""
    if contact["deadline_on"] is None:
        return
    wanted = date_words(contact["deadline_on"], contact["lang"])
    for text in message.texts:
        if not any(words in text.replace("\u00a0", " ") for words in wanted):
            yield Violation("M4", who, f"does not tell its deadline, {wanted[0]}")


CHECKS = (sink,)
