"""mail_in.py - a shop that has sent its first e-mails, and what comes in for it."""
import base64
import hashlib
import hmac
import subprocess

from workspace import PURR, invoice

IMPORTED, FIRST, LATER = "2026-09-20T10:00:00Z", "2026-09-28T06:30:00Z", "2026-09-28T07:00:00Z"


def shop(w, count):
    w.schedule(lambda s: [p.update(channels=["email"]) for p in s["steps"][:3]])
    w.setting("creditor demo", "bounce_domain", "butik.test")
    w.invoices([invoice(f"A{k}", f"A{k}", "2026-09-24", "100.00") for k in range(count)], IMPORTED)
    w.json("plan", at=FIRST)
    w.json("send", at=FIRST)


def contact(w, debtor):
    return w.one("select k.id from contact k join debtor d on d.id = k.debtor_id where d.external_id = ? "
                 "order by k.id desc limit 1", debtor)


def state(w, debtor):
    return w.one("select state from contact where id = ?", contact(w, debtor))


def closed(w, what):
    return [v for (v,) in w.sql(f"select value from address where {what} is not null order by 1")]


def return_path(w, debtor):
    """From the key and the message's number."""
    with open(w.path("keys", "link.key"), encoding="ascii") as f:
        key = bytes.fromhex(f.read().strip())
    digest = hmac.new(key, f"bounce-v1\x1f{contact(w, debtor)}\x1f1".encode(), hashlib.sha256).digest()
    return f"bounces+{base64.urlsafe_b64encode(digest[:16]).decode().rstrip('=')}@butik.test"


def receive(w, raw, at=LATER):
    """The message piped in, as a mail server does."""
    done = subprocess.run([PURR, "receive", "-C", w.dir, "--at", at], input=raw if isinstance(raw, bytes)
                          else raw.encode(), capture_output=True, timeout=60)
    return done.stdout.decode().strip() if done.returncode == 0 else (done.returncode, done.stderr.decode())
