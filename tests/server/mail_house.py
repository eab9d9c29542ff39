"""mail_house.py - a whole house of mail on 127.0.0.1: Postfix takes and returns, Dovecot
stores (LMTP).  Mail for kunde.test goes to Dovecot, which knows the boxes that it was
given and refuses all others, after Postfix has said yes: so real reports come back.  Mail
for wall.test meets a server that refuses each recipient.  What is sent to butik.test
lands in one Maildir, `back`.

Postfix starts as root only."""
import email
import email.policy
import os
import pwd
import shutil

import servers

DOMAIN = "butik.test"

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
maillog_file = {dir}/maillog
maillog_file_prefixes = {dir}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.butik.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
biff = no
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
relay_domains = kunde.test, wall.test
relay_recipient_maps =
transport_maps = inline:{{ {{ kunde.test = lmtp:inet:127.0.0.1:{lmtp} }}, {{ wall.test = smtp:[127.0.0.1]:{wall} }} }}
virtual_mailbox_domains = butik.test
virtual_mailbox_base = {dir}/virtual
virtual_mailbox_maps = static:back/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtp_tls_security_level = none
"""

MASTER_CF = """\
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT_CONF = """\
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = lmtp
listen = 127.0.0.1
ssl = no
first_valid_uid = 1
mail_location = maildir:{dir}/box/%n
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
auth_mechanisms = plain
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {dir}/users
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


class MailHouse(servers.Server):
    def __init__(self, boxes, wall):
        """boxes: the names at kunde.test; wall: the port of what wall.test meets."""
        super().__init__()
        nobody = pwd.getpwnam("nobody")
        self.port, lmtp = servers.free_port(), servers.free_port()
        values = {"dir": self.dir, "smtp": self.port, "lmtp": lmtp, "wall": wall,
                  "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        for name in ("queue", "data", "etc", "virtual", "box", "run", "state"):
            os.mkdir(os.path.join(self.dir, name))
        for name in ("virtual", "box"):
            os.chown(os.path.join(self.dir, name), nobody.pw_uid, nobody.pw_gid)
        shutil.chown(os.path.join(self.dir, "data"), "postfix")
        self.write("etc/main.cf", MAIN_CF.format(**values))
        self.write("etc/master.cf", MASTER_CF.format(**values))
        self.write("dovecot.conf", DOVECOT_CONF.format(**values))
        self.write("users", "".join(f"{name}:::::{self.dir}/box/{name}::\n".replace(
            ":::::", f"::{nobody.pw_uid}:{nobody.pw_gid}::") for name in boxes))
        self.start_or_stop(lmtp, "/usr/sbin/dovecot", "-F", "-c", os.path.join(self.dir, "dovecot.conf"))
        self.start_or_stop(self.port, "/usr/sbin/postfix", "-c", os.path.join(self.dir, "etc"), "start-fg")

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w", encoding="utf-8") as f:
            f.write(text)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def back(self):
        return os.path.join(self.dir, "virtual", "back")

    def arrived(self, folder=None):
        new = os.path.join(folder or self.back, "new")
        return sorted(os.listdir(new)) if os.path.isdir(new) else []

    def box(self, name):
        """What Dovecot stored for NAME@kunde.test."""
        folder, found = os.path.join(self.dir, "box", name), []
        for one in self.arrived(folder):
            with open(os.path.join(folder, "new", one), "rb") as f:
                found.append(email.message_from_bytes(f.read(), policy=email.policy.default))
        return found

    def log(self):
        return "".join(self.read(name) for name in ("maillog", "dovecot.log")
                       if os.path.exists(os.path.join(self.dir, name)))
