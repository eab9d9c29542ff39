"""slow_sink.py - an SMTP server that takes its time, for tests in which a worker
is killed, overtaken or late."""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "server"))
import servers  # noqa: E402


class SlowSink:
    """An SMTP server that answers late, and counts a body before it answers."""

    def __init__(self, chance):
        self.lock = threading.Lock()
        self.kept = []
        self.begun = []                 # monotonic seconds of each MAIL
        self.chance = chance
        self.least_seconds, self.most_seconds = 0, 0.02    # before each answer
        self.fault = servers.Fault(self.serve)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.fault.port}"

    def messages(self):
        with self.lock:
            return list(self.kept)

    def wait(self):
        with self.lock:
            seconds = self.chance.uniform(self.least_seconds, self.most_seconds)
        time.sleep(seconds)

    def serve(self, connection, _):
        lines = connection.makefile("rb")
        to = b""

        def say(text):
            self.wait()
            connection.sendall(text + b"\r\n")

        say(b"220 sink")
        for line in lines:
            word = line[:4].upper()
            if word == b"DATA":
                say(b"354 go on")
                body = b""
                for part in lines:
                    if part == b".\r\n":
                        with self.lock:
                            self.kept.append(({"x-rcpt-args": to.decode()}, body))
                        break
                    body += part[1:] if part.startswith(b".") else part
                else:
                    return
                say(b"250 2.0.0 Ok: queued as S1")
            elif word == b"RCPT":
                to = line.partition(b":")[2].strip()
                say(b"250 ok")
            else:
                if word == b"MAIL":
                    with self.lock:
                        self.begun.append(time.monotonic())
                say(b"221 bye" if word == b"QUIT" else b"250 sink")
