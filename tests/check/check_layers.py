"""Which folder of src/ may include which: tests/layers.txt against the
#include lines.

check_layers.py [ROOT]
"""
import os
import re
import sys

import tap

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read_layers(root):
    """{folder: set of folders it may include}; None stands for all."""
    layers = {}
    with open(os.path.join(root, "tests/layers.txt"), encoding="utf-8") as f:
        for line in f:
            left, colon, right = line.partition("#")[0].partition(":")
            if not colon:
                continue
            may = None if right.split() == ["all"] else set(right.split())
            for folder in left.split():
                layers[folder] = may
    return layers


def circles(layers):
    """Folders that reach themselves: then "downward" means nothing."""
    found = []
    for start in layers:
        seen, todo = set(), list(layers[start] or ())
        while todo:
            folder = todo.pop()
            if folder in seen:
                continue
            seen.add(folder)
            todo.extend(layers.get(folder) or ())
        if start in seen:
            found.append(f"tests/layers.txt: {start} reaches itself")
    return found


def sources(root):
    """(folder, path from root) of every source file, main.c's folder is ''."""
    for here, folders, files in os.walk(os.path.join(root, "src")):
        folders.sort()
        for name in sorted(files):
            if os.path.splitext(name)[1] in (".c", ".h", ".cc", ".def"):
                path = os.path.relpath(os.path.join(here, name), root)
                parts = path.split(os.sep)
                yield (parts[1] if len(parts) > 2 else ""), path


def problems(root):
    layers = read_layers(root)
    found = circles(layers)
    for folder, path in sources(root):
        if folder and folder not in layers:
            found.append(f"{path}: folder {folder}/ is not in tests/layers.txt")
            continue
        with open(os.path.join(root, path), encoding="utf-8") as f:
            text = f.read()
        for target in INCLUDE.findall(text):
            to = target.split("/")[0] if "/" in target else None
            line = text[:text.index(f'"{target}"')].count("\n") + 1
            if to is None or ".." in target.split("/"):
                found.append(f'{path}:{line}: write "{target}" from src/ on, '
                             'as "folder/file.h"')
            elif not os.path.exists(os.path.join(root, "src", target)):
                # Not ours (a library in quotes) or made by the build.
                if to in layers:
                    found.append(f"{path}:{line}: there is no src/{target}")
            elif folder and to != folder and layers[folder] is not None \
                    and to not in layers[folder]:
                found.append(f"{path}:{line}: {folder}/ may not include {to}/")
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else ROOT
    found = problems(root)
    tap.ok(not found, "includes run downward only", "\n".join(found))
    count = sum(1 for _ in sources(root))
    tap.ok(count > 0, f"{count} source files were read")
    tap.done()


if __name__ == "__main__":
    main()
