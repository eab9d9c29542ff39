"""served.py - `purr serve` over a workspace of lib/workspace.py, and a browser
that is only http.client.

    with served.Served(w, at="2026-09-21T12:00:00Z") as s:
        status, head, body = s.get("/p/" + token + "?lang=en")
        s.act(token, "later", day="2026-10-01")
"""
import http.client
import re
import signal
import subprocess
import threading
import urllib.parse

import workspace

FORM = "application/x-www-form-urlencoded"


def token_of(message):
    """The link's token in a mail, an SMS or a letter."""
    text = message if isinstance(message, str) else workspace.mail_text(message)
    return re.search(r"/p/([A-Za-z0-9_-]{22})", text).group(1)


def words(page):
    """A page without its tags, blanks squeezed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page).replace("\u00a0", " "))


class Served:
    def __init__(self, w, at, *options):
        self.argv = w.argv("serve", "--listen", "127.0.0.1:0", *options, at=at)
        self.log = []

    def __enter__(self):
        self.child = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.child.stdout.readline()
        found = re.match(r"serving on http://127\.0\.0\.1:(\d+)/\n$", line)
        if found is None:
            raise RuntimeError(f"serve: {line!r} {self.child.stderr.read()}")
        self.port = int(found.group(1))
        self.reader = threading.Thread(target=lambda: self.log.extend(self.child.stderr),
                                       daemon=True)
        self.reader.start()
        return self

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=20)
        self.reader.join(timeout=5)
        self.child.stdout.close()
        self.child.stderr.close()
        return code

    def __exit__(self, *_):
        self.stop()

    def ask(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body=body, headers=headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read().decode("utf-8", "replace")
        finally:
            c.close()

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **fields):
        return self.ask("POST", path, urllib.parse.urlencode(fields), {"Content-Type": FORM})

    def key(self, token, form):
        page = self.get(f"/p/{token}/{form}?lang=en")[2]
        return re.search(r'name="key" value="([^"]+)"', page).group(1)

    def act(self, token, form, key=None, **fields):
        """Fills in a form and sends it; (status, page in words)."""
        status, _, page = self.post(f"/p/{token}/{form}?lang=en",
                                    key=key or self.key(token, form), **fields)
        return status, words(page)

    def one_click(self, token):
        return self.post("/u/" + token, **{"List-Unsubscribe": "One-Click"})[0]
