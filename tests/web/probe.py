"""probe.py - starts tests/web/web_probe.c and talks to it, for tests.

Use: with probe.Probe() as p: status, head, body = p.get("/p/" + probe.token("open"))
     p.acts() is what the desk was asked to do so far.
"""
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FORM = "application/x-www-form-urlencoded"


def variant():
    """build/asan/purr -> asan."""
    return os.path.basename(os.path.dirname(os.environ.get("PURR", "build/release/purr")))


def token(start, tail="A"):
    return start + (tail * 22)[:22 - len(start)]


class Probe:
    def __init__(self, now="2026-11-22T10:00:00Z"):
        self.now = now

    def __enter__(self):
        program = os.path.join(ROOT, "build", variant(), "tests", "web", "web_probe")
        self.child = subprocess.Popen([program, "--now", self.now], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
        self.port = json.loads(self.child.stdout.readline())["port"]
        self.lines, self.log_lines = [], []
        self.readers = [threading.Thread(target=self._read, args=a, daemon=True) for a in
                        ((self.child.stdout, self.lines), (self.child.stderr, self.log_lines))]
        for reader in self.readers:
            reader.start()
        return self

    @staticmethod
    def _read(pipe, out):
        for line in pipe:
            out.append(line.rstrip("\n"))

    def stop(self):
        """SIGTERM; the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=20)
        for reader in self.readers:
            reader.join(timeout=5)
        return code

    def __exit__(self, *_):
        self.stop()

    def acts(self):
        """Asked after a request, so that the desk's line is there already."""
        last = -1
        while last != len(self.lines):
            last = len(self.lines)
            time.sleep(0.05)
        return [json.loads(line) for line in self.lines]

    def ask(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request(method, path, body=body, headers=headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read().decode("utf-8", "replace")
        finally:
            c.close()

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields, content_type=FORM):
        body = fields if isinstance(fields, (str, bytes)) else urllib.parse.urlencode(fields)
        return self.ask("POST", path, body=body, headers={"Content-Type": content_type})

    def key(self, path):
        """The hidden key of a form."""
        return re.search(r'name="key" value="([^"]+)"', self.get(path)[2]).group(1)
