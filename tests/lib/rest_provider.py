"""rest_provider.py - stands in for a provider of SMS with a REST API, none of which can be
run here."""
import http.server
import json
import threading
import urllib.parse


class Provider:
    """Stands in for one: answers as documented, remembers what was asked; `meanwhile` is
    called before it answers, `mute` hangs up instead.  `listing` answers a GET."""

    def __init__(self, answer, listing=None):
        self.asked, self.looked_up, self.meanwhile, self.mute, self.headers = [], [], None, False, {}
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = json.loads(body) if body.startswith("{") else dict(urllib.parse.parse_qsl(body))
                provider.asked.append(form)
                if provider.meanwhile is not None:
                    provider.meanwhile(form)
                if provider.mute:
                    self.close_connection = True
                    return
                status, text = answer(len(provider.asked))
                try:
                    self.send_response(status)
                    for name, value in provider.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text.encode())
                except OSError:         # whoever asked was killed meanwhile
                    self.close_connection = True

            def do_GET(self):
                provider.looked_up.append((self.path, self.headers.get("Authorization")))
                status, text = listing(self.path) if listing else (404, "")
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
