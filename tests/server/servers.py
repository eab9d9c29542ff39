"""servers.py - starts real servers on free loopback ports and ends them.

Each class is a context manager: `with SmtpSink("-r", "RCPT") as sink:`.  A
server lives in a folder of its own under the system's temporary directory,
which goes away with it.  Only processes that were started here are ended.
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

START_SECONDS = 20
STOP_SECONDS = 5
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def free_port():
    """A port that nobody listened on a moment ago."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, process=None):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


def wait_until(condition, seconds=10):
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


class Server:
    """One folder and some processes, ended in reverse order."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="purr-")
        os.chmod(self.dir, 0o755)
        self.processes = []

    def start_or_stop(self, port, *argv, **more):
        """Starts a server and waits for its port; cleans up when it fails."""
        try:
            wait_for_port(port, self.start(*argv, **more))
        except RuntimeError as trouble:
            log = self.read()
            self.__exit__()
            raise RuntimeError(f"{argv[0]}: {trouble}\n{log[-2000:]}") from None

    def start(self, *argv, log="log", **more):
        with open(os.path.join(self.dir, log), "ab") as out:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=out, cwd=self.dir, **more)
        self.processes.append(process)
        return process

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []

    def read(self, name="log"):
        with open(os.path.join(self.dir, name), errors="replace") as f:
            return f.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


class SmtpSink(Server):
    """Postfix's smtp-sink.  Options are its own: -r/-f/-q COMMANDS refuse
    softly, refuse hard or hang up at these commands ("." is the body's end).
    With keep=True each message is one file."""

    def __init__(self, *options, keep=True):
        super().__init__()
        self.port = free_port()
        self.kept = os.path.join(self.dir, "kept")
        os.mkdir(self.kept)
        argv = ["/usr/sbin/smtp-sink", *options]
        if keep:
            argv += ["-d", os.path.join(self.kept, "m.")]
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.kept, nobody.pw_uid, nobody.pw_gid)
            argv += ["-u", "nobody"]
        self.start_or_stop(self.port, *argv, f"127.0.0.1:{self.port}", "256")

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self):
        """List of (envelope as dict, bytes of the message)."""
        found = []
        for name in sorted(os.listdir(self.kept)):
            try:
                with open(os.path.join(self.kept, name), "rb") as f:
                    head, _, body = f.read().partition(b"\nReceived:")
            except FileNotFoundError:       # of a message that was broken off
                continue
            if not body:
                continue
            envelope = {}
            for line in head.decode().splitlines():
                key, _, value = line.partition(": ")
                envelope[key.lower()] = value
            # The sink's own Received: header goes; it spans folded lines.
            lines = body.split(b"\n")
            while lines[1].startswith((b" ", b"\t")):
                lines.pop(1)
            found.append((envelope, b"\n".join(lines[1:])))
        return found


class Fault:
    """A socket that misbehaves as told: `script(connection, nth)` runs in a
    thread for each connection.  For faults that no real server offers."""

    def __init__(self, script):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.script = script
        self.connections = 0
        self.lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, self.connections),
                             daemon=True).start()

    def _serve(self, connection, nth):
        with connection:
            try:
                self.script(connection, nth)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


class SmppCentre(Server):
    """An SMS centre that speaks SMPP 3.4 (npm package smpp): stores each
    submit_sm as a JSON line in the file `submits`."""

    def __init__(self, *options):
        super().__init__()
        self.port = free_port()
        self.start_or_stop(self.port, "node", os.path.join(HERE, "smpp_centre.js"), str(self.port),
                           os.path.join(self.dir, "submits"), *options,
                           env={**os.environ,
                                "NODE_PATH": os.path.join(ROOT, "tests", "node_modules")})

    def say(self, sender, to, text, ucs2=False):
        """A message from a telephone to whoever is bound."""
        import json
        with open(os.path.join(self.dir, "submits.says"), "a", encoding="utf-8") as f:
            f.write(json.dumps({"from": sender, "to": to, "text": text, "ucs2": ucs2}) + "\n")

    def submits(self):
        import json
        try:
            return [json.loads(line) for line in self.read("submits").splitlines()]
        except FileNotFoundError:
            return []


KANNEL_CONF = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = admin
admin-deny-ip = ""
admin-allow-ip = "127.0.0.1"
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
store-type = file
store-location = {dir}/store
dlr-storage = internal
log-level = 1
log-file = {dir}/bearerbox.log

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {centre}
smsc-username = purr
smsc-password = purr
system-type = ""
interface-version = 34
transceiver-mode = true
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-level = 1
log-file = {dir}/smsbox.log
{smsbox_more}

group = sendsms-user
username = purr
password = s3cret
concatenation = true
max-messages = 10

group = sms-service
keyword = default
{service}
catch-all = true
max-messages = 0
omit-empty = true
"""


class Kannel(Server):
    """bearerbox and smsbox in front of an SMPP centre's port."""

    USER, PASSWORD = "purr", "s3cret"

    def __init__(self, centre_port, smsbox_more="", service='text = ""'):
        super().__init__()
        self.sendsms = free_port()
        self.admin = free_port()
        smsbox = free_port()
        conf = os.path.join(self.dir, "kannel.conf")
        with open(conf, "w") as f:
            f.write(KANNEL_CONF.format(dir=self.dir, centre=centre_port, admin=self.admin,
                                       smsbox=smsbox, sendsms=self.sendsms,
                                       smsbox_more=smsbox_more, service=service))
        self.start_or_stop(self.admin, "/usr/sbin/bearerbox", "-v", "1", conf)
        self.start_or_stop(self.sendsms, "/usr/sbin/smsbox", "-v", "1", conf)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms"

    def status(self):
        import urllib.request
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.admin}/status.txt?password=admin", timeout=5) as r:
            return r.read().decode()

    def wait_online(self):
        return wait_until(lambda: "(online" in self.status(), START_SECONDS)
