"""pingen_house.py - a print house that speaks as Pingen's documents say (a stand-in; the
house itself cannot be run here), and what its webhooks say, signed as they are.
"""
import hashlib
import hmac
import http.server
import json
import threading
import urllib.parse
import uuid


def webhook(category, letter, code, reason="", event=None, at="2026-10-01T09:54:38+0200"):
    """A webhook's body; its parts and their order are those of the house's own samples."""
    event = event or str(uuid.uuid4())
    return json.dumps({
        "data": {"type": f"webhook_{category}", "id": str(uuid.uuid4()),
                 "attributes": {"reason": reason, "url": "https://hook.example/", "created_at": at},
                 "relationships": {
                     "organisation": {"data": {"type": "organisations", "id": "org-1"}},
                     "letter": {"data": {"type": "letters", "id": letter}},
                     "event": {"data": {"type": "letters_events", "id": event}}}},
        "included": [
            {"type": "organisations", "id": "org-1", "attributes": {"name": "Demo", "status": "active"}},
            {"type": "letters", "id": letter, "attributes": {"status": "invalid", "file_pages": 1}},
            {"type": "letters_events", "id": event, "attributes": {
                "code": code, "name": reason, "producer": "Pingen", "location": "", "has_image": False,
                "data": [], "emitted_at": at, "created_at": at, "updated_at": at}}]}).replace("/", "\\/").encode()


def signed(body, key):
    return {"Content-Type": "application/vnd.api+json",
            "Signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


class Api:
    """As Pingen's documents say; `trouble` maps a step to (status, body) or None to hang up."""

    def __init__(self):
        self.steps, self.made, self.files, self.trouble, self.tokens = [], {}, {}, {}, 0
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body):
                raw = json.dumps(body).encode() if not isinstance(body, bytes) else body
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def turn(self, step, work):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                api.steps.append(step)
                if step in api.trouble:
                    if api.trouble[step] is None:
                        if step == "letter":
                            work(body)
                        self.close_connection = True
                        return
                    self.answer(*api.trouble[step])
                    return
                self.answer(*work(body))

            def do_GET(self):
                self.turn("place", lambda _: (200, {"data": {"type": "file_uploads", "attributes": {
                    "url": f"{api.url}/bucket/{len(api.files)}?sig=a%2Fb", "url_signature": "$2y$10$sig"}}})
                    if self.headers["Authorization"] == f"Bearer token-{api.tokens}" and
                    self.path == "/file-upload" else (401, {}))

            def do_PUT(self):
                def keep(body):
                    api.files[f"{api.url}{self.path}"] = (body, self.headers["Authorization"])
                    return 200, b""
                self.turn("file", keep)

            def do_POST(self):
                self.turn("token" if self.path == "/auth/access-tokens" else "letter",
                          api.let_in if self.path == "/auth/access-tokens" else
                          lambda body: api.letter(self.path, dict(self.headers), body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def let_in(self, body):
        self.form = dict(urllib.parse.parse_qsl(body.decode()))
        self.tokens += 1
        return 200, {"token_type": "Bearer", "expires_in": 43200, "access_token": f"token-{self.tokens}"}

    def letter(self, path, headers, body):
        if headers["Authorization"] != f"Bearer token-{self.tokens}":
            return 401, {}
        key = headers["Idempotency-Key"]
        self.made.setdefault(key, (path, headers, json.loads(body)))
        return 201, {"data": {"id": f"letter-{len(self.made)}", "type": "letters"}}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
