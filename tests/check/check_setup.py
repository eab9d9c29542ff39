"""tests/setup with an apt-get, dpkg-query and sudo of our own in front of the
real ones: what it says, in which order, and where it stops."""
import os
import shutil
import subprocess
import tempfile

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAYS = '#!/bin/sh\nprintf "%s\\n" "${0##*/} $*" >> "$CALLS"\n'

# What the fake dpkg-query finds is what $HAVE lists, or what apt-get "installed".
FAKES = {
    "dpkg-query": '#!/bin/sh\nfor p; do :; done\n'
                  'case " $HAVE $(cat "$DONE") " in *" $p "*) echo installed ;; '
                  '*" all "*) echo installed ;; *) exit 1 ;; esac\n',
    "apt-get": SAYS + 'ls "$PURR_SETUP_POLICY" >> "$CALLS" 2>/dev/null\n'
               '[ "${FAIL-}" = "$1" ] && { echo "E: no route"; exit 100; }\n'
               'if [ "$1" = install ]; then shift; echo "${BREAK:-$*}" >> "$DONE"; fi\nexit 0\n',
    "debconf-set-selections": SAYS + 'sed "s/^/  /" >> "$CALLS"\n',
    "id": '#!/bin/sh\necho "${FAKE_UID:-0}"\n',
    "mkdir": '#!/bin/sh\ncase $* in *"/etc/"*) exit 0 ;; esac\nexec /bin/mkdir "$@"\n',
    "sudo": '#!/bin/sh\nprintf "sudo %s\\n" "$*" >> "$CALLS"\n'
            '[ "${SUDO-}" = refuses ] && exit 1\n[ "$1" = -n ] && shift\nexec "$@"\n',
}


class Machine:
    """A folder with the fake programs, and what became of one run."""

    def __init__(self, **env):
        self.folder = tempfile.mkdtemp()
        programs = os.path.join(self.folder, "bin")
        os.mkdir(programs)
        without = env.pop("without", ())
        for name, text in FAKES.items():
            if name in without:
                continue
            path = os.path.join(programs, name)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            os.chmod(path, 0o755)
        self.calls_path = os.path.join(self.folder, "calls")
        self.policy = os.path.join(self.folder, "policy-rc.d")
        done = os.path.join(self.folder, "done")
        for path in (self.calls_path, done):
            open(path, "w", encoding="utf-8").close()
        path = programs
        if "sudo" in without:       # the real one must not be found either
            for name in ("sh", "awk", "sed", "grep", "cat", "tr", "sort", "dirname", "tee",
                         "chmod", "rm", "ls", "env", "tail", "sha256sum"):
                os.symlink(shutil.which(name), os.path.join(programs, name))
        else:
            path += ":" + os.environ["PATH"]
        self.env = {"PATH": path, "CALLS": self.calls_path, "DONE": done,
                    "PURR_SETUP_POLICY": self.policy, "HAVE": "",
                    "PURR_SETUP_LOG": os.path.join(self.folder, "log"), **env}

    def run(self, *words):
        done = subprocess.run(["/bin/sh", os.path.join(ROOT, "tests/setup"), *words],
                              env=self.env, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with open(self.calls_path, encoding="utf-8") as f:
            self.calls = f.read()
        return done.returncode, done.stdout

    def end(self):
        shutil.rmtree(self.folder)


def try_nothing_missing():
    m = Machine(HAVE="all")
    code, out = m.run("build", "lint")
    tap.ok(code == 0 and out == "" and m.calls == "",
           "nothing missing: no word, and apt-get is not asked", out + m.calls)
    m.end()


def try_install():
    wanted = subprocess.run([os.path.join(ROOT, "tests/setup"), "--list", "build"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    m = Machine(HAVE=" ".join(p for p in wanted if p not in ("gcc", "libgsl-dev")))
    code, out = m.run("build")
    tap.ok(code == 0 and out.count("\n") == 1 and out.endswith(": gcc libgsl-dev\n")
           and out.startswith("setup: will install with apt-get"),
           "it says what it will install, and only what is missing", out)
    lines = m.calls.splitlines()
    tap.same([line for line in lines if line.startswith("apt-get")],
             ["apt-get update -q",
              "apt-get install -y -q --no-install-recommends gcc libgsl-dev"],
             "apt-get is asked to update once, then to install")
    tap.ok(lines.count(m.policy) == 2 and not os.path.exists(m.policy),
           "policy-rc.d is there meanwhile, and gone afterwards", m.calls)
    code, out = m.run("build")
    tap.ok(code == 0 and out == "" and m.calls.count("apt-get") == 2,
           "a second time there is nothing to do", out)
    m.end()


def try_policy_of_others():
    for says, code_wanted in ((101, 0), (0, 1)):
        m = Machine()
        text = f"#!/bin/sh\nexit {says}\n"
        with open(m.policy, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(m.policy, 0o755)
        code, out = m.run("build")
        with open(m.policy, encoding="utf-8") as f:
            kept = f.read() == text
        tap.ok(code == code_wanted and kept
               and ("apt-get" in m.calls) == (says == 101),
               f"a policy-rc.d of somebody else that says {says} stays as it is", out)
        m.end()


def try_trouble():
    for what, words, env in (
            ("update fails", "apt-get update failed: is there a network?", {"FAIL": "update"}),
            ("install fails", "apt-get could not install: ", {"FAIL": "install"}),
            ("a package is not there afterwards", "still missing: ", {"BREAK": "gcc"}),
            ("no sudo", "not root and no sudo: run as root: apt-get install ",
             {"FAKE_UID": "1000", "without": ("sudo",)}),
            ("sudo refuses", "sudo asks for a password and gets none",
             {"FAKE_UID": "1000", "SUDO": "refuses"}),
            ("no apt", "this needs Debian's apt", {"without": ("sudo", "apt-get")})):
        m = Machine(**env)
        code, out = m.run("build")
        last = out.splitlines()[-1] if out else ""
        tap.ok(code == 1 and last.startswith("setup: ") and words in last
               and not os.path.exists(m.policy),
               f"{what}: one clear line, exit code 1, policy-rc.d taken away", out)
        m.end()


def try_sudo():
    m = Machine(FAKE_UID="1000")
    code, out = m.run("build")
    apt = [line for line in m.calls.splitlines() if "apt-get" in line]
    tap.ok(code == 0 and apt[0].startswith("sudo apt-get update")
           and apt[2].startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get install"),
           "who is not root goes through sudo", out + m.calls)
    m.end()
    m = Machine(FAIL="install")
    m.run("test")
    tap.ok("postfix/main_mailer_type select No configuration" in m.calls,
           "postfix asks nothing and is set up for nothing", m.calls)
    m.end()


def main():
    try_nothing_missing()
    try_install()
    try_policy_of_others()
    try_trouble()
    try_sudo()
    code = subprocess.run([os.path.join(ROOT, "tests/setup"), "nonsense"],
                          stderr=subprocess.PIPE).returncode
    tap.same(code, 1, "a set that does not exist is refused")
    tap.done()


if __name__ == "__main__":
    main()
