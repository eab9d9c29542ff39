"""bench_wire.py - messages through the drivers, each outcome in the wire journal, against
floors of the same minute: smtp-source against the same smtp-sink, wrk against the same
nginx.  Ratios are what counts."""
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "server")]
import servers  # noqa: E402
import wire_probe  # noqa: E402

MESSAGES, ROUNDS, BYTES = 20000, 3, 4096
NGINX = """\
worker_processes 1;
daemon off;
pid {dir}/pid;
error_log {dir}/error;
events {{ worker_connections 512; }}
http {{
	access_log off;
	client_body_temp_path {dir}/body;
	keepalive_requests 1000000;
	server {{
		listen 127.0.0.1:{port};
		location / {{ default_type application/json; return 201 '{{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued"}}'; }}
	}}
}}
"""
WRK = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = "Basic QUMxOnRva2Vu"
wrk.body = "To=%2B4520123456&From=Butik&Body=Hej%2C%20husk%20din%20regning.%20Tak%21&StatusCallback=https%3A%2F%2Fb.example%2Fhooks%2Fsms%2Ftwilio%2Fstatus%3Fc%3D1%26t%3Dabc"
"""


def probe(config, message, count):
    """(messages in a second, of CPU microseconds each, peak KiB)"""
    with tempfile.TemporaryDirectory() as folder:
        password = os.path.join(folder, "password")
        with open(password, "w", encoding="ascii") as f:
            f.write("token\n")
        os.chmod(password, 0o600)
        path = os.path.join(folder, "config.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"outbox": folder, "journal": folder, "worker": "bench", "email_driver": "file",
                       "sms_password_file": password, "quiet": True, **config}, f)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([wire_probe.PROGRAM, path], input=json.dumps({**message, "repeat": count}) + "\n",
                              capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    last = json.loads(done.stdout.splitlines()[-1])
    if last["taken"] != count:
        raise SystemExit(f"{count - last['taken']} of {count} were not taken")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count / last["ms"] * 1000, 1e6 * cpu / count, after.ru_maxrss


def source(port, connections):
    began = time.monotonic()
    subprocess.run(["/usr/sbin/smtp-source", "-d", "-l", str(BYTES), "-m", str(MESSAGES), "-s", str(connections),
                    "-f", "a@b.example", "-t", "c@d.example", f"127.0.0.1:{port}"], check=True,
                   stdout=subprocess.DEVNULL)
    return MESSAGES / (time.monotonic() - began)


def smtp():
    text = "Hej. Vi har ikke set din betaling endnu.\n" * (BYTES // 42)
    mail = {**wire_probe.MAIL, "text": text, "html": ""}
    for connections in (4, 16):
        with servers.SmtpSink(keep=False) as sink:
            config = {"email_driver": "smtp", "email_url": sink.url, "email_connections_max": connections}
            pairs = [(source(sink.port, connections), probe(config, mail, MESSAGES)) for _ in range(ROUNDS)]
        floor = statistics.median(p[0] for p in pairs)
        rate, cpu, peak = (statistics.median(p[1][k] for p in pairs) for k in range(3))
        print(f"e-mail, {connections} connections, {BYTES} bytes: {rate:,.0f}/s, smtp-source -d {floor:,.0f}/s, "
              f"ratio {statistics.median(p[1][0] / p[0] for p in pairs):.2f}; {cpu:.0f} us of CPU each, "
              f"{peak / 1024:.0f} MiB at most")


class Nginx(servers.Server):
    def __init__(self):
        super().__init__()
        self.port = servers.free_port()
        conf = os.path.join(self.dir, "nginx.conf")
        with open(conf, "w", encoding="ascii") as f:
            f.write(NGINX.format(dir=self.dir, port=self.port))
        self.start_or_stop(self.port, "/usr/sbin/nginx", "-c", conf)


def sms():
    with Nginx() as nginx, tempfile.NamedTemporaryFile("w", suffix=".lua") as script, \
            tempfile.NamedTemporaryFile("w") as password:  # mode 0600
        script.write(WRK)
        script.flush()
        password.write("12345\n")
        password.flush()
        url = f"http://127.0.0.1:{nginx.port}"
        config = {"sms_driver": "twilio", "sms_url": url, "sms_user": "AC1", "sms_password_file": password.name,
                  "sms_connections_max": 32}
        message = {**wire_probe.SMS, "dlr_url": "https://b.example/hooks/sms/twilio/status?c=1&t=abc"}
        pairs = []
        for _ in range(ROUNDS):
            said = subprocess.run(["wrk", "-t1", "-c32", "-d2s", "-s", script.name, url + "/2010-04-01/x"],
                                  capture_output=True, text=True, check=True).stdout
            pairs.append((float(re.search(r"Requests/sec:\s*([\d.]+)", said).group(1)),
                          probe(config, message, 3 * MESSAGES)))
        floor = statistics.median(p[0] for p in pairs)
        rate, cpu, peak = (statistics.median(p[1][k] for p in pairs) for k in range(3))
        print(f"SMS over HTTP, 32 connections: {rate:,.0f}/s, wrk {floor:,.0f}/s, "
              f"ratio {statistics.median(p[1][0] / p[0] for p in pairs):.2f}; {cpu:.0f} us of CPU each, "
              f"{peak / 1024:.0f} MiB at most")


smtp()
sms()
