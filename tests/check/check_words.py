"""Words that may not stand in the tree: paths of one machine in what is
compiled, work left lying about, and the shape of headers and sources.

check_words.py [ROOT]
"""
import os
import re
import sys

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TEXT = (".c", ".h", ".cc", ".def", ".py", ".sh", ".js", ".md", ".json", ".sql", ".txt",
        ".mustache", ".ics", ".conf", ".service", ".1", "")
SKIPPED_FOLDERS = {".git", "build", "node_modules", "golden", "vectors", "corpus"}
SKIPPED_FILES = {"LICENSE", ".git", "package-lock.json", os.path.basename(__file__)}

# Everywhere.
LEFT_BEHIND = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b")
MERGE_MARK = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)
# In what is compiled or shipped: a place that only one machine has.
ONE_MACHINE = re.compile(r"(?<![\w.*/<-])/(?:home|work|root|tmp|mnt|Users)\b(?!-)")
# The same in tests and build files, where a scratch folder may be named.
DEVELOPERS_OWN = re.compile(r"(?<![\w.*/<-])/(?:home/|work/|root/|Users/)")


def texts(root):
    for here, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if name in SKIPPED_FILES or os.path.splitext(name)[1] not in TEXT:
                continue
            path = os.path.join(here, name)
            if os.path.islink(path):
                continue
            try:
                with open(path, encoding="utf-8") as f:
                    yield os.path.relpath(path, root), f.read()
            except UnicodeDecodeError:
                continue        # test data in an old charset, or a binary


def lines_with(pattern, text):
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(0)


def header_problems(path, text):
    """A header's guard is its path: two of one name cannot hide each other."""
    guard = re.sub(r"\W", "_", path[len("src/"):]).upper()
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        yield f"{path}: the guard is not {guard}"


def source_problems(path, text):
    name = os.path.basename(path)
    if not text.startswith(f"/* {name} - "):
        yield f'{path}:1: begin with "/* {name} - what it is for"'
    for line, _ in lines_with(re.compile(r"[ \t]+$", re.MULTILINE), text):
        yield f"{path}:{line}: blanks at the end of a line"


def problems(root):
    found = []
    for path, text in texts(root):
        compiled = path.startswith(("src/", "templates/", "schedules/"))
        for pattern, what in ((LEFT_BEHIND, "work left lying about"),
                              (MERGE_MARK, "a merge left open"),
                              (ONE_MACHINE if compiled else DEVELOPERS_OWN,
                               "a path of one machine")):
            found.extend(f"{path}:{line}: {what}: {word.strip()}"
                         for line, word in lines_with(pattern, text))
        if path.startswith("src/"):
            if path.endswith(".h"):
                found.extend(header_problems(path, text))
            if path.endswith((".c", ".cc", ".h")):
                found.extend(source_problems(path, text))
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else ROOT
    found = problems(root)
    tap.ok(not found, "no path of one machine, nothing left lying about, "
           "headers guarded by their path, sources say what they are for",
           "\n".join(found))
    count = sum(1 for _ in texts(root))
    tap.ok(count > 10, f"{count} files were read")
    tap.done()


if __name__ == "__main__":
    main()
