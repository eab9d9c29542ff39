# purr - build, test, install.  GNU make 4.3, no configure step.
#
#   make demo         the whole job on a ledger in the repository
#   make test         everything that must hold (under 15 minutes)
#   make help         every target
#
# Variables for packagers:
#   V=release|debug|asan|clang|tsan|cov|fuzz   which variant, side by side in build/
#   CC= CXX= CFLAGS= LDFLAGS=    as usual
#   WERROR=                      empty: warnings do not end the build
#   VERBOSE=1                    show each command
#   PREFIX=/usr/local DESTDIR=   for make install
#   JOBS=2                       how much at a time in make test and make demo
#   FUZZ_SECONDS=20              for each target of make fuzz
#   MUTANTS=100 MUTATE_SEED=1    how many changes make mutate tries, and which

V       ?= release
B       := build/$(V)
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
FUZZ_SECONDS ?= 20
MUTANTS ?= 100
MUTATE_SEED ?= 1
Q       := $(if $(VERBOSE),,@)
WERROR  ?= -Werror

CC.release := gcc
CC.debug := gcc
CC.asan  := gcc
CC.cov   := gcc
CC.tsan  := gcc
CC.clang := clang
CC.fuzz  := clang
CXX.clang := clang++
CXX.fuzz  := clang++
ifeq ($(origin CC),default)
CC := $(CC.$(V))
endif
ifeq ($(origin CXX),default)
CXX := $(or $(CXX.$(V)),g++)
endif

VERSION := 0.1.0

# --- compiling ---------------------------------------------------------------

LIBS := libcurl sqlite3 libical jansson libmicrohttpd talloc gmime-3.0 \
        inih icu-i18n icu-uc libsodium gsl cairo-pdf pangocairo libqrencode \
        libseccomp
PLAIN_LIBS := -lcsv -lphonenumber -lm

# Targets that install what is missing, or that need no library, are let
# through; everything else gets one clear sentence here.
NEEDS_NOTHING := help deps deps-unit deps-test deps-lint deps-long deps-bench clean demo test test-unit test-long \
                 check lint fuzz
ifneq ($(filter-out $(NEEDS_NOTHING),$(or $(MAKECMDGOALS),all)),)
MISSING := $(shell command -v pkg-config >/dev/null || echo pkg-config; \
             for l in $(LIBS); do pkg-config --exists $$l 2>/dev/null || echo $$l; done)
ifneq ($(strip $(MISSING)),)
$(error missing: $(strip $(MISSING)); run 'make deps' first)
endif
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes \
        -Wmissing-prototypes -Wformat=2 -Wswitch-enum -Wundef -Wwrite-strings $(WERROR)
WARNXX := -Wall -Wextra $(WERROR)
WARN.gcc := -Wduplicated-cond -Wlogical-op -Wbidi-chars=any
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
          -fPIE -D_FORTIFY_SOURCE=3
# must(!"words") is meant, and talloc's macros are what they are.
WARN.clang := -Wno-string-conversion -Wno-gnu-statement-expression
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

FLAGS.release := -O2 -g $(HARDEN) -ftrivial-auto-var-init=zero $(WARN.gcc)
FLAGS.debug   := -O0 -g $(WARN.gcc)
FLAGS.asan    := -O1 -g $(SAN) -DPURR_SANITIZED=1
FLAGS.tsan    := -O1 -g -fsanitize=thread -DPURR_SANITIZED=1
FLAGS.cov     := -O0 -g --coverage
FLAGS.clang   := -O0 $(WARN.clang)
FLAGS.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DPURR_SANITIZED=1 $(WARN.clang)
FLAGSXX.release := -O2 -g $(HARDEN)
FLAGSXX.debug := -O0 -g
LINK.release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LINK.clang   := $(LINK.release)
LINK.asan    := $(SAN)
LINK.tsan    := -fsanitize=thread
LINK.cov     := --coverage
LINK.fuzz    := -fsanitize=address,undefined
FUZZER.fuzz  := -fsanitize=fuzzer

SYSINC   := $(sort $(patsubst -I%,-isystem%,$(shell pkg-config --cflags-only-I $(LIBS) 2>/dev/null)))
CPPFLAGS_ALL := -Isrc $(SYSINC) -D_GNU_SOURCE -DPURR_VERSION='"$(VERSION)"' \
                -ffile-prefix-map=$(CURDIR)=. -MMD -MP
CFLAGS_ALL   := -std=c17 $(WARN) $(FLAGS.$(V)) $(CFLAGS)
CXXFLAGS_ALL := -std=c++17 $(WARNXX) $(or $(FLAGSXX.$(V)),$(FLAGS.$(V))) $(CXXFLAGS)
LDLIBS_ALL   := $(shell pkg-config --libs $(LIBS) 2>/dev/null) $(PLAIN_LIBS)

SRCS  := $(sort $(wildcard src/*/*.c))
SRCXX := $(sort $(wildcard src/*/*.cc))
OBJS  := $(SRCS:%.c=$(B)/%.o) $(SRCXX:%.cc=$(B)/%.o) $(B)/gen/assets.o $(B)/gen/asset_table.o
HDRS  := $(sort $(wildcard src/*/*.h))
UNIT  := $(sort $(wildcard tests/unit/*/test_*.c))
UNITS := $(UNIT:%.c=$(B)/%)
PROBE := $(sort $(wildcard tests/*/*_probe.c))
PROBES := $(PROBE:%.c=$(B)/%)
BENCH := $(sort $(wildcard tests/bench/bench_*.c))
BENCHES := $(BENCH:%.c=$(B)/%)
FUZZ  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZ:tests/fuzz/fuzz_%.c=$(B)/tests/fuzz/replay_%)
FUZZERS := $(FUZZ:tests/fuzz/fuzz_%.c=$(B)/tests/fuzz/fuzz_%)

all: $(B)/purr                    ## build the program (build/$(V)/purr)

$(B)/purr: $(B)/src/main.o $(B)/libpurr.a
	@echo "  link  $@"
	$(Q)$(CXX) $(LINK.$(V)) $(LDFLAGS) -o $@ $^ $(LDLIBS_ALL)

$(B)/libpurr.a: $(OBJS)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc    $<"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

$(B)/%.o: %.cc
	@mkdir -p $(@D)
	@echo "  c++   $<"
	$(Q)$(CXX) $(CPPFLAGS_ALL) $(CXXFLAGS_ALL) -c -o $@ $<

$(B)/src/main.o $(OBJS): Makefile

$(UNITS): $(B)/%: $(B)/%.o $(B)/libpurr.a
	@echo "  link  $@"
	$(Q)$(CXX) $(LINK.$(V)) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS_ALL)

# Programs of the tests that are no tests themselves: servers, measures.
$(PROBES) $(BENCHES): $(B)/%: $(B)/%.o $(B)/libpurr.a
	@echo "  link  $@"
	$(Q)$(CXX) $(LINK.$(V)) $(LDFLAGS) -o $@ $^ $(LDLIBS_ALL)

# One file per parser: with libFuzzer (V=fuzz) it searches, with replay_main.c
# it is an ordinary test that feeds the corpus, in every variant.
$(REPLAYS): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay_main.o $(B)/libpurr.a
	@echo "  link  $@"
	$(Q)$(CXX) $(LINK.$(V)) $(LDFLAGS) -o $@ $^ $(LDLIBS_ALL)

$(FUZZERS): $(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/libpurr.a
	@echo "  link  $@"
	$(Q)$(CXX) $(LINK.$(V)) $(FUZZER.$(V)) $(LDFLAGS) -o $@ $^ $(LDLIBS_ALL)

# --- files that travel inside the program -------------------------------------
# templates/, schedules/ and the schema are embedded, so that one binary is a
# whole installation: `purr init` writes them out.

# Programs that wrote some of them stay at home.
ASSETS := $(sort $(shell find templates schedules src/store/schema -type f \
            ! -name generate ! -name '*.py' 2>/dev/null))

$(B)/gen/assets.S: $(ASSETS) Makefile
	@mkdir -p $(@D)
	@{ printf '\t.section .rodata\n'; n=0; for f in $(ASSETS); do \
	  printf '\t.globl asset_%d, asset_%d_end\nasset_%d:\n\t.incbin "%s"\nasset_%d_end:\n\t.byte 0\n' \
	    $$n $$n $$n "$$f" $$n; n=$$((n+1)); done; \
	  printf '\t.section .note.GNU-stack,"",%%progbits\n'; } > $@

$(B)/gen/asset_table.c: $(ASSETS) Makefile
	@mkdir -p $(@D)
	@{ printf '#include "base/asset.h"\n'; n=0; for f in $(ASSETS); do \
	  printf 'extern const char asset_%d[], asset_%d_end[];\n' $$n $$n; n=$$((n+1)); done; \
	  printf 'const struct asset asset_table[] = {\n'; n=0; for f in $(ASSETS); do \
	  printf '\t{ "%s", asset_%d, asset_%d_end },\n' "$${f#src/store/}" $$n $$n; n=$$((n+1)); done; \
	  printf '\t{ 0, 0, 0 }\n};\n'; } > $@

$(B)/gen/assets.o: $(B)/gen/assets.S
	$(Q)$(CC) -c -o $@ $<
$(B)/gen/asset_table.o: $(B)/gen/asset_table.c
	@echo "  cc    $<"
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

# --- what it needs ------------------------------------------------------------
# tests/setup says what it will install before it does, and is silent and
# quick when nothing is missing.

deps:                             ## install what building needs (apt)
	@tests/setup build
deps-unit:                        ## install what make test-unit and make check need
	@tests/setup build unit
deps-test:                        ## install what make test needs (apt, npm)
	@tests/setup build unit test
deps-lint:                        ## install what make lint and make fuzz need
	@tests/setup build unit test lint
deps-long:                        ## install what make test-long needs
	@tests/setup build unit test lint long
deps-bench:                       ## install what make bench needs
	@tests/setup build unit test bench

# Libraries are looked for when make reads this file, so what follows an
# installation is a make of its own.  -j2 is passed on as it is.
AGAIN = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

demo: deps                        ## the whole job on a ledger in the repository
	@$(AGAIN) V=release all
	@tests/demo "$(LEDGER)" "$(MAP)"

# --- tests --------------------------------------------------------------------
# What runs where: tests/README.md.  Everything goes through one call of
# tests/run, which ends with "N passed, N failed, N skipped".

SCRIPTS    := $(sort $(wildcard tests/story/[a-z]*.py tests/story/[a-z]*.sh tests/story/[a-z]*.js \
              tests/fault/[a-z]*.py tests/browser/[a-z]*.py tests/browser/[a-z]*.sh tests/browser/[a-z]*.js))
ASAN_SCRIPTS := $(if $(SCRIPTS),$(shell grep -lE '^[/#]+ variants:.* asan( |$$)' $(SCRIPTS)))
ASAN_LONG  := $(if $(SCRIPTS),$(shell grep -lE '^[/#]+ variants:.* asan-long( |$$)' $(SCRIPTS)))
LONG       := $(sort $(wildcard tests/long/[a-z]*.py tests/long/[a-z]*.sh))
CHECKS     := $(sort $(wildcard tests/check/check_*.py))
PARTS      = $(UNIT:%.c=build/$(1)/%) $(FUZZ:tests/fuzz/fuzz_%.c=build/$(1)/tests/fuzz/replay_%)

units: $(UNITS) $(PROBES) $(REPLAYS)   ## build the unit tests and the tests' own programs

test-unit: deps-unit              ## unit tests only, release and ASan: no server, no network
	@$(AGAIN) V=release units
	@$(AGAIN) V=asan units
	@tests/run release: $(call PARTS,release) asan: $(call PARTS,asan)

check: deps-unit                  ## rules that need no run: layers, symbols, headers, words
	@$(AGAIN) V=debug all headers
	@tests/run $(CHECKS)

# clang only builds: its warnings are the second opinion.
test-build:
	@$(AGAIN) V=release all units
	@$(AGAIN) V=asan all units
	@$(AGAIN) V=clang all units
	@$(AGAIN) V=debug all headers

test: deps-test                   ## everything that must hold (under 15 minutes)
	@$(MAKE) --no-print-directory test-build
	@tests/run $(CHECKS) release: $(call PARTS,release) $(ORACLES) $(SCRIPTS) \
	    asan: $(call PARTS,asan) $(ASAN_SCRIPTS)

test-long: deps-long              ## make test, and what takes longer: sweeps, the same bits twice
	@$(MAKE) --no-print-directory test-build
	@KILLS=all tests/run -t 3600 $(CHECKS) release: $(call PARTS,release) $(ORACLES) $(SCRIPTS) $(LONG) \
	    asan: $(call PARTS,asan) $(ASAN_SCRIPTS) $(ASAN_LONG)

spec: $(B)/purr                   ## Mustache specification, SPEC=DIR of its specs/*.json
	@test -n "$(SPEC)" || { echo "give SPEC=DIR, the specs/ folder of github.com/mustache/spec" >&2; exit 2; }
	python3 tests/spec/mustache_spec.py $(B)/purr "$(SPEC)"

mutate: deps-test                 ## change the decision core in MUTANTS places, one at a time: does a test notice?
	@$(AGAIN) V=release all units
	@$(AGAIN) V=asan units
	@tests/mutate --count $(MUTANTS) --seed $(MUTATE_SEED)

picture: deps-test                ## take the README's picture of the debtor's page anew
	@$(AGAIN) V=release all
	@node tests/browser/picture.mjs build/release/purr docs/pay-page.png

golden-update: $(B)/tests/unit/compose/test_golden   ## write the agreed texts anew and show what changed
	@mkdir -p tests/golden/compose
	$< --update
	git --no-pager diff --stat tests/golden

headers: $(HDRS:%=$(B)/%.alone)   ## every header must compile by itself
$(B)/%.h.alone: %.h
	@mkdir -p $(@D)
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS_ALL)) $(CFLAGS_ALL) -x c -fsyntax-only $< && touch $@

lint: deps-lint                   ## clang-tidy, cppcheck, long functions: to read, not a gate
	@tests/lint

fuzz: deps-lint                   ## search each parser for FUZZ_SECONDS; what it finds joins the corpus
	@$(AGAIN) V=fuzz fuzzers
	@tests/fuzz/search $(FUZZ_SECONDS)
fuzzers: $(FUZZERS)

bench: deps-bench $(BENCHES) all units   ## measure, and print the ratios to the floors
	@tests/bench/run $(BENCHES)

# --- install ------------------------------------------------------------------

# The manual page names the commands that the program knows.
$(B)/purr.1: docs/man/purr.1 src/main.c Makefile
	@mkdir -p $(@D)
	@sed -n 's/^\t{ "\([a-z-]*\)",[[:space:]]*cmd_[a-z_]*,[[:space:]]*"\(.*\)" },$$/.TP\n.B purr \1\n\2/p' \
	    src/main.c > $@.commands
	@sed -e '/^@COMMANDS@$$/{r $@.commands' -e 'd}' -e '/^\.\\"/d' -e 's/@VERSION@/$(VERSION)/' $< > $@

SHARE := $(DESTDIR)$(PREFIX)/share
install: all $(B)/purr.1          ## binary, man page, systemd unit, example schedules (DESTDIR, PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(B)/purr $(DESTDIR)$(PREFIX)/bin/purr
	install -m 644 $(B)/purr.1 $(SHARE)/man/man1/purr.1
	sed 's,@PREFIX@,$(PREFIX),g' docs/systemd/purr.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/purr.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/purr.service
	for f in $(filter schedules/%,$(ASSETS)); do \
	  install -D -m 644 $$f $(SHARE)/doc/purr/$$f || exit 1; done

clean:                            ## remove everything that was built
	rm -rf build

help:                             ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## */\1\t/p' $(firstword $(MAKEFILE_LIST)) | sort | expand -t 16

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: spec mutate picture golden-update all deps deps-unit deps-test deps-lint deps-long deps-bench demo units test-unit test-build test test-long \
        check headers lint fuzz fuzzers bench install clean help
-include $(OBJS:.o=.d) $(B)/src/main.d $(UNITS:=.d) $(PROBES:=.d) $(BENCHES:=.d) \
         $(FUZZERS:=.d) $(B)/tests/fuzz/replay_main.d
