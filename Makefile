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

V       ?= release
B       := build/$(V)
PREFIX  ?= /usr/local
DESTDIR ?=
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
        inih icu-i18n icu-uc libsodium gsl
PLAIN_LIBS := -lcsv -lphonenumber -lm

BUILDING := $(filter-out help deps clean test test-unit test-long demo lint,$(or $(MAKECMDGOALS),all))
ifneq ($(BUILDING),)
MISSING := $(shell for l in $(LIBS); do pkg-config --exists $$l || echo $$l; done)
ifneq ($(strip $(MISSING)),)
$(error missing: $(MISSING); run 'make deps' first)
endif
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes \
        -Wmissing-prototypes -Wformat=2 -Wswitch-enum -Wundef -Wwrite-strings $(WERROR)
WARNXX := -Wall -Wextra $(WERROR)
WARN.gcc := -Wduplicated-cond -Wlogical-op -Wbidi-chars=any
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
          -fPIE -D_FORTIFY_SOURCE=3
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

FLAGS.release := -O2 -g $(HARDEN) -ftrivial-auto-var-init=zero $(WARN.gcc)
FLAGS.debug   := -O0 -g $(WARN.gcc)
FLAGS.asan    := -O1 -g $(SAN) -DPURR_SANITIZED=1
FLAGS.tsan    := -O1 -g -fsanitize=thread -DPURR_SANITIZED=1
FLAGS.cov     := -O0 -g --coverage
FLAGS.clang   := -O2 -g $(HARDEN)
FLAGS.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DPURR_SANITIZED=1
FLAGSXX.release := -O2 -g $(HARDEN)
FLAGSXX.debug := -O0 -g
LINK.release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LINK.clang   := $(LINK.release)
LINK.asan    := $(SAN)
LINK.tsan    := -fsanitize=thread
LINK.cov     := --coverage
LINK.fuzz    := -fsanitize=address,undefined

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

# --- files that travel inside the program -------------------------------------
# templates/, schedules/ and the schema are embedded, so that one binary is a
# whole installation: `purr init` writes them out.

ASSETS := $(sort $(shell find templates schedules src/store/schema -type f 2>/dev/null))

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

# --- checks and tests ---------------------------------------------------------

units: $(UNITS)                   ## build the unit tests

test-unit: units                  ## unit tests only: no server, no network
	tests/run $(UNITS)

headers: $(HDRS:%=$(B)/%.alone)   ## every header must compile by itself
$(B)/%.h.alone: %.h
	@mkdir -p $(@D)
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS_ALL)) $(CFLAGS_ALL) -x c -fsyntax-only $< && touch $@

clean:                            ## remove everything that was built
	rm -rf build

help:                             ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## */\1\t/p' $(MAKEFILE_LIST) | sort | expand -t 16

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all units test-unit headers clean help
-include $(OBJS:.o=.d) $(B)/src/main.d $(UNITS:=.d)
