"""What the documentation must keep up with: commands, make targets, files.

Every command of src/main.c is named in the README or in docs/, and in the man
page that the Makefile makes; every target of the Makefile is in `make help`; every file that the
README and docs/ point to is there.

check_docs.py [ROOT]
"""
import os
import re
import subprocess
import sys

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Targets made of files, or steps inside another target.
INNER_TARGETS = {"fuzzers", "test-build"}


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read()


def pages(root):
    """{path: text} of the README and everything in docs/."""
    found = {}
    if os.path.exists(os.path.join(root, "README.md")):
        found["README.md"] = read(root, "README.md")
    for here, _, files in os.walk(os.path.join(root, "docs")):
        for name in sorted(files):
            if name.endswith(".md"):
                path = os.path.relpath(os.path.join(here, name), root)
                found[path] = read(root, path)
    return found


def commands(root):
    return re.findall(r'^\t\{ "([a-z-]+)",\s*cmd_', read(root, "src/main.c"),
                      re.MULTILINE)


def command_problems(root):
    text = "\n".join(pages(root).values())
    subprocess.run(["make", "-s", "build/debug/purr.1", "V=debug"], cwd=root, check=True,
                   stdout=subprocess.DEVNULL)
    manual = read(root, "build/debug/purr.1")
    for name in commands(root):
        if not re.search(rf"\bpurr {name}\b", text):
            yield f"'purr {name}' is named neither in README.md nor in docs/"
        if f".B purr {name}\n" not in manual:
            yield f"purr(1) does not name the command {name}"


def target_problems(root):
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)", read(root, "Makefile"), re.MULTILINE)
    targets = set(phony.group(1).replace("\\\n", " ").split()) - INNER_TARGETS
    told = subprocess.run(["make", "-s", "help"], cwd=root, check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    listed = {line.split()[0] for line in told.splitlines() if line.strip()}
    for target in sorted(targets - listed):
        yield f"make help does not list {target}"
    for target in sorted(listed - targets):
        yield f"make help lists {target}, which .PHONY does not name"


def link_problems(root):
    for path, text in pages(root).items():
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            if not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
                yield f"{path}: there is no {target}"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else ROOT
    for what, found in (("every command is documented", command_problems(root)),
                        ("make help lists every target", target_problems(root)),
                        ("every file that a page points to is there",
                         link_problems(root))):
        found = list(found)
        tap.ok(not found, what, "\n".join(found))
    tap.ok(len(commands(root)) > 0, f"{len(commands(root))} commands in src/main.c")
    tap.done()


if __name__ == "__main__":
    main()
