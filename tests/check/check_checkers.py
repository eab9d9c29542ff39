"""Does each checker find what it is there for?  A small tree that is in order
is made, each kind of fault is planted in a copy of it, and the checker must
name that fault and no other.  The rows of tests/layers.txt and
tests/symbols.txt are the real ones.
"""
import os
import shutil
import subprocess
import tempfile

import tap

import check_docs
import check_layers
import check_symbols
import check_words

ROOT = check_layers.ROOT

HEADER = """/* must.h - an end for what cannot be. */
#ifndef BASE_MUST_H
#define BASE_MUST_H
void must_fail(void);
#endif
"""
TREE = {
    "src/base/must.h": HEADER,
    "src/base/must.c": '/* must.c - see must.h. */\n#include "base/must.h"\n'
                       "#include <stdlib.h>\nvoid must_fail(void) { abort(); }\n",
    "src/base/clock.c": "/* clock.c - the time. */\n#include <time.h>\n"
                        "long now(void);\n"
                        "long now(void) { return (long)time(NULL); }\n",
    "src/gate/window.c": '/* window.c - hours. */\n#include "base/must.h"\n'
                         "void window(void);\nvoid window(void) { must_fail(); }\n",
    "src/main.c": '/* main.c - the table. */\n\t{ "init",\tcmd_init,\t"make" },\n',
    "README.md": "`purr init` makes a workspace. See [how](docs/how.md).\n",
    "docs/how.md": "Well.\n",
}
NO_OBJECT = {"src/main.c"}


def make_tree(changes):
    """A tree of its own with the changes: path -> text, None takes it away."""
    root = tempfile.mkdtemp()
    for path in ("tests/layers.txt", "tests/symbols.txt", "Makefile", "docs/man/purr.1"):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        shutil.copy(os.path.join(ROOT, path), os.path.join(root, path))
    for path, text in {**TREE, **changes}.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if text is None:
            if os.path.exists(full):
                os.remove(full)
            continue
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)
    return root


def compile_tree(root):
    for here, _, files in os.walk(os.path.join(root, "src")):
        for name in files:
            path = os.path.relpath(os.path.join(here, name), root)
            if not path.endswith(".c") or path in NO_OBJECT:
                continue
            out = os.path.join(root, "build/debug", path[:-2] + ".o")
            os.makedirs(os.path.dirname(out), exist_ok=True)
            subprocess.run(["gcc", "-w", "-O0", "-fno-builtin", "-I",
                            os.path.join(root, "src"), "-c", "-o", out,
                            os.path.join(root, path)], check=True)


def docs_problems(root):
    return [*check_docs.command_problems(root), *check_docs.target_problems(root),
            *check_docs.link_problems(root)]


CHECKERS = {"layers": check_layers.problems, "symbols": check_symbols.problems,
            "words": check_words.problems, "docs": docs_problems}


def source(name, code):
    return f"/* {name} - planted. */\n{code}\n"


def calls(function, arguments="void"):
    return f"void planted(void);\nextern int {function}({arguments});\n" \
           f"void planted(void) {{ {function}(); }}"


def makefile(change):
    with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as f:
        return change(f.read())


# checker, what is planted, {path: text}, what the checker must say
FAULTS = [
    ("layers", "a stage that includes another stage",
     {"src/plan/ladder.h": "", "src/gate/ask.c": source("ask.c", '#include "plan/ladder.h"')},
     "src/gate/ask.c:2: gate/ may not include plan/"),
    ("layers", "an include that runs upward",
     {"src/base/up.c": source("up.c", '#include <stdio.h>\n#include "gate/x.h"'),
      "src/gate/x.h": ""}, "src/base/up.c:3: base/ may not include gate/"),
    ("layers", "an include by a relative path",
     {"src/gate/ask.c": source("ask.c", '#include "../base/must.h"')},
     'src/gate/ask.c:2: write "../base/must.h" from src/ on'),
    ("layers", "an include without its folder",
     {"src/base/ask.c": source("ask.c", '#include "must.h"')},
     'src/base/ask.c:2: write "must.h" from src/ on'),
    ("layers", "a folder that nobody has placed",
     {"src/util/misc.c": source("misc.c", "")}, "folder util/ is not in tests/layers.txt"),
    ("layers", "an include of what is not there",
     {"src/gate/ask.c": source("ask.c", '#include "base/gone.h"')},
     "src/gate/ask.c:2: there is no src/base/gone.h"),
    ("layers", "layers that go round in a circle",
     {"tests/layers.txt": "base : gate\ngate : base\n"}, "reaches itself"),

    ("symbols", "SQL outside the store",
     {"src/gate/ask.c": source("ask.c", calls("sqlite3_open"))},
     "gate/ask.o: sqlite3_open() may only be called in store/"),
    ("symbols", "curl outside net/",
     {"src/dispatch/ask.c": source("ask.c", calls("curl_easy_init"))},
     "dispatch/ask.o: curl_easy_init() may only be called in net/"),
    ("symbols", "ICU outside base/",
     {"src/compose/ask.c": source("ask.c", calls("unum_open_72"))},
     "compose/ask.o: unum_open_72() may only be called in base/"),
    ("symbols", "the clock asked elsewhere",
     {"src/gate/ask.c": source("ask.c", calls("clock_gettime"))},
     "gate/ask.o: clock_gettime() may only be called in base/clock.o"),
    ("symbols", "the clock asked elsewhere in its own folder",
     {"src/base/ask.c": source("ask.c", calls("time"))},
     "base/ask.o: time() may only be called in base/clock.o"),
    ("symbols", "the environment read elsewhere",
     {"src/cmd/ask.c": source("ask.c", calls("getenv"))},
     "cmd/ask.o: getenv() may only be called in base/env.o"),
    ("symbols", "chance drawn elsewhere",
     {"src/plan/ask.c": source("ask.c", calls("randombytes_buf"))},
     "plan/ask.o: randombytes_buf() may only be called in base/secret.o"),
    ("symbols", "a banned function",
     {"src/base/ask.c": source("ask.c", calls("strcpy"))},
     "base/ask.o: strcpy() may not be called anywhere"),
    ("symbols", "memory that is not talloc's",
     {"src/base/ask.c": source("ask.c", calls("malloc"))},
     "base/ask.o: malloc() may not be called anywhere"),
    ("symbols", "a library that nobody has placed",
     {"src/base/ask.c": source("ask.c", calls("lzma_code"))},
     "base/ask.o: lzma_code() is of a library that tests/symbols.txt does not name"),

    ("words", "a path of one machine",
     {"src/base/ask.c": source("ask.c", 'const char *p = "/ho' 'me/me/purr.db";')},
     "src/base/ask.c:2: a path of one machine"),
    ("words", "a scratch folder in what is shipped",
     {"src/base/ask.c": source("ask.c", 'const char *p = "/tm' 'p/x";')},
     "src/base/ask.c:2: a path of one machine"),
    ("words", "work left lying about",
     {"docs/how.md": "One\nTO" "DO: two\n"}, "docs/how.md:2: work left lying about"),
    ("words", "a merge left open",
     {"docs/how.md": "One\n<<<" "<<<< ours\n"}, "docs/how.md:2: a merge left open"),
    ("words", "a guard that is not the path",
     {"src/gate/must.h": HEADER}, "src/gate/must.h: the guard is not GATE_MUST_H"),
    ("words", "a source that does not say what it is for",
     {"src/base/ask.c": "int x;\n"}, "src/base/ask.c:1: begin with"),
    ("words", "blanks at the end of a line",
     {"src/base/ask.c": source("ask.c", "int x; ")}, "src/base/ask.c:2: blanks at the end"),

    ("docs", "a command that no page names",
     {"src/main.c": TREE["src/main.c"] + '\t{ "purge",\tcmd_purge,\t"x" },\n'},
     "'purr purge' is named neither in README.md nor in docs/"),
    ("docs", "a command whose row the manual page does not take up",
     {"src/main.c": TREE["src/main.c"] + '\t{ "init-all",\tcmd_x, NULL },\n',
      "docs/how.md": "purr init-all\n"}, "purr(1) does not name the command init-all"),
    ("docs", "a link that leads nowhere",
     {"README.md": TREE["README.md"] + "[x](docs/gone.md)\n"},
     "README.md: there is no docs/gone.md"),
    ("docs", "a target without a line in make help",
     {"Makefile": makefile(lambda s: s.replace("\nlint: deps-lint ",
                                               "\nlint: deps-lint\nother: "))},
     "make help does not list lint"),
]


def main():
    root = make_tree({})
    compile_tree(root)
    for name, problems in CHECKERS.items():
        found = list(problems(root))
        tap.ok(not found, f"{name}: a tree in order", "\n".join(found))
    shutil.rmtree(root)
    for name, what, changes, says in FAULTS:
        root = make_tree(changes)
        if name == "symbols":
            compile_tree(root)
        found = list(CHECKERS[name](root))
        tap.ok(any(says in line for line in found), f"{name}: {what}",
               f"wanted: {says}\nfound: {found}")
        others = [line for line in found if says not in line]
        if name != "docs":
            tap.ok(not others, f"{name}: {what}: and nothing else", "\n".join(others))
        shutil.rmtree(root)
    tap.done()


if __name__ == "__main__":
    main()
