"""Functions over 70 lines or nested deeper than 4, files over 500 lines: a
list to read, printed by `make lint`.

lengths.py [ROOT]
"""
import os
import re
import sys

FUNCTION_LINES_MAX = 70
NESTING_MAX = 4
FILE_LINES_MAX = 500
FOLDERS = ("src", "tests")


def measure(path, lines):
    """Findings in one C file: a function's body begins with "{" and ends with
    "}" in the first column, and is indented by tabs."""
    if len(lines) > FILE_LINES_MAX:
        yield f"{path}: {len(lines)} lines"
    start = None
    name, deepest = "", 0
    for number, line in enumerate(lines, 1):
        if line.startswith("{") and start is None:
            head = lines[number - 2] if number > 1 else ""
            back = number - 2
            while back > 0 and head[:1] in "\t ":
                back -= 1
                head = lines[back]
            found = re.search(r"(\w+)\(", head)
            name = found.group(1) if found else head.strip()
            start, deepest = number, 0
        elif line.startswith("}") and start is not None:
            if number - start > FUNCTION_LINES_MAX:
                yield f"{path}:{start}: {name}() has {number - start} lines"
            if deepest > NESTING_MAX:
                yield f"{path}:{start}: {name}() is nested {deepest} deep"
            start = None
        elif start is not None and line.rstrip().endswith("{"):
            deepest = max(deepest, len(line) - len(line.lstrip("\t")))


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    for folder in FOLDERS:
        for here, folders, files in os.walk(os.path.join(root, folder)):
            folders[:] = sorted(f for f in folders if f != "node_modules")
            for name in sorted(files):
                if name.endswith((".c", ".h", ".cc")):
                    path = os.path.join(here, name)
                    with open(path, encoding="utf-8") as f:
                        for finding in measure(os.path.relpath(path, root),
                                               f.read().splitlines()):
                            print(finding)


if __name__ == "__main__":
    main()
