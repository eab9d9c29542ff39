"""sftp_house.py - OpenSSH's server as a print house: one folder, one user, a key."""
import getpass
import os
import shutil
import subprocess

from servers import Server, free_port


class SftpHouse(Server):
    """`folder` is where letters arrive; `key` lets one in, `known_hosts` names the server."""

    def __init__(self, trouble=None):
        """trouble: a mode of sftp_cut.py."""
        super().__init__()
        self.port, self.user = free_port(), getpass.getuser()
        self.folder = os.path.join(self.dir, "in")
        self.key, self.known_hosts = os.path.join(self.dir, "key"), os.path.join(self.dir, "known_hosts")
        os.mkdir(self.folder)
        for name in ("key", "host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", os.path.join(self.dir, name)],
                           check=True)
        shutil.copy(os.path.join(self.dir, "key.pub"), os.path.join(self.dir, "allowed"))
        with open(os.path.join(self.dir, "host.pub"), encoding="ascii") as f:
            self.host_key = " ".join(f.read().split()[:2])
        self.know(self.host_key)
        cut = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sftp_cut.py")
        served = f"{cut} {trouble} {self.dir}" if trouble else "internal-sftp"
        with open(os.path.join(self.dir, "config"), "w", encoding="ascii") as f:
            f.write(f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.dir}/host\n"
                    f"AuthorizedKeysFile {self.dir}/allowed\nPasswordAuthentication no\nUsePAM no\n"
                    f"KbdInteractiveAuthentication no\nStrictModes no\nPidFile none\nPermitRootLogin yes\n"
                    f"Subsystem sftp {served}\n")
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.start_or_stop(self.port, "/usr/sbin/sshd", "-D", "-e", "-f", os.path.join(self.dir, "config"))

    def know(self, key):
        with open(self.known_hosts, "w", encoding="ascii") as f:
            f.write(f"[127.0.0.1]:{self.port} {key}\n")

    @property
    def url(self):
        return f"sftp://127.0.0.1:{self.port}{self.folder}/"

    def letters(self):
        return sorted(os.listdir(self.folder))
