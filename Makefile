# SPDX-License-Identifier: GPL-3.0-or-later
# pairlift: `make demo` shows it at work, `make test` proves it, `make help` lists the rest.
BUILD   ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
B       := build/$(BUILD)
Q       := $(if $(V),,@)
PKGS    := gio-2.0 glib-2.0 gsl yaml-0.1 jansson
VERSION := 0.1.0

WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
           -Wno-sign-conversion $(if $(CI),-Werror)
OPT_release := -O2 -g
OPT_debug   := -O0 -g3
OPT_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_cov     := -O0 -g --coverage
BUILDS      := release debug asan cov
ifeq ($(filter $(BUILD),$(BUILDS)),)
$(error BUILD=$(BUILD) is not a build; there are: $(BUILDS))
endif
# -ffp-contract=off: the same digits with and without fused multiply-add
CFLAGS  ?=
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DPL_VERSION='"$(VERSION)"' -Iinclude -fopenmp -ffp-contract=off $(WARN) \
           $(OPT_$(BUILD)) $(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g') $(CFLAGS)
ALL_LDFLAGS = -fopenmp $(OPT_$(BUILD)) $(LDFLAGS)
# of all objects of a build folder; a change makes them anew
FLAGS   := $(CC) $(VERSION) $(WARN) $(OPT_$(BUILD)) $(CFLAGS) $(LDFLAGS)
LIBS     = $(shell pkg-config --libs $(PKGS)) -lcsv -lm

SRC     := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
OBJ     := $(SRC:%.c=$(B)/%.o) $(B)/plots.o $(B)/selftest.o
TESTSRC := $(wildcard tests/unit/*/*.c tests/cli/*.c)
TESTOBJ := $(TESTSRC:%.c=$(B)/%.o)

.PHONY: all demo test check lint format format-check golden docs bench calibrate calibrate-short deps deps-test install uninstall clean help FORCE
all: $(B)/pairlift                        ## build build/$(BUILD)/pairlift (default)

$(B)/pairlift: $(B)/src/cli/main.o $(B)/libpairlift.a
	@echo "  LINK   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libpairlift.a: $(OBJ)
	@echo "  AR     $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/flags: FORCE
	$(Q)mkdir -p $(@D); echo '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || echo '$(subst ','\'',$(FLAGS))' >$@

$(B)/tests/%.o: WARN += -Wno-conversion
$(B)/%.o: %.c Makefile $(B)/flags
	@echo "  CC     $<"
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The chart templates and the data of selftest travel inside the program, so that one file is the whole installation.
RESOURCES_plots    := plots
RESOURCES_selftest := src/cli/selftest
.SECONDEXPANSION:
$(B)/plots.c $(B)/selftest.c: $(B)/%.c: $$(wildcard $$(RESOURCES_$$*)/*)
	@echo "  GEN    $@"
	$(Q)mkdir -p $(@D) && glib-compile-resources --sourcedir=$(RESOURCES_$*) --c-name pl_$* --internal --generate-source --target=$@ $(RESOURCES_$*)/$*.gresource.xml
$(B)/plots.o $(B)/selftest.o: $(B)/%.o: $(B)/%.c $(B)/flags
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-overlength-strings -Wno-pedantic -MMD -MP -c -o $@ $<

$(B)/tests/unit_tests: $(TESTOBJ) $(B)/libpairlift.a
	@echo "  LINK   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

-include $(OBJ:.o=.d) $(TESTOBJ:.o=.d) $(B)/src/cli/main.d

CALIBRATE := $(patsubst %.c,$(B)/%.o,$(wildcard tests/calibrate/*.c))
$(B)/tests/calibrate/calibrate: $(CALIBRATE) $(B)/libpairlift.a
	@echo "  LINK   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)
-include $(CALIBRATE:.o=.d)

# ---- what needs to be installed -------------------------------------------------------------------
DEB      := pkg-config libglib2.0-dev libgsl-dev libcsv-dev libyaml-dev libjansson-dev gnuplot-nox fonts-dejavu-core
DEB_TEST := $(DEB) libcriterion-dev clang-format binutils

deps: NEED = $(DEB)
deps-test: NEED = $(DEB_TEST)
deps deps-test:                           ## install the packages for building (deps) and testing (deps-test)
	@sh tests/deps.sh $(NEED)

# ---- the two commands of the README ---------------------------------------------------------------
DEMO := experiments/dominicks-orange-juice/price-cut.yaml
demo: deps                                ## build, then run the main job on real data
	$(Q)$(MAKE) --no-print-directory all
	@echo; $(B)/pairlift run $(DEMO) -o out/demo && echo "Charts: out/demo/charts/*.png (and .svg, with the gnuplot script and data of each)"

test: deps-test                           ## build and run all tests
	$(Q)$(MAKE) --no-print-directory all $(B)/tests/unit_tests
	$(Q)PAIRLIFT=$(abspath $(B))/pairlift $(B)/tests/unit_tests -j2 --tap=$(B)/tests/results.tap $(TESTARGS) || bad=1; \
		awk -f tests/skipped.awk $(B)/tests/results.tap && exit $${bad:-0}

# A leak does not fail a Criterion test by itself: every process logs, and the logs decide.
ASAN_LOG = $(abspath build/asan)/report
check: deps-test lint format-check        ## lint, formatting, and the tests again under the sanitizers
	$(Q)rm -f $(ASAN_LOG).*
	$(Q)ASAN_OPTIONS=detect_leaks=1:exitcode=0:log_path=$(ASAN_LOG) UBSAN_OPTIONS=print_stacktrace=1:log_path=$(ASAN_LOG) \
		$(MAKE) --no-print-directory test BUILD=asan
	$(Q)sh tests/sanitizer_logs.sh $(ASAN_LOG)
	@echo "check: clean"

lint: all                                 ## who includes and calls whom, length of functions, and whether the lint sees it
	$(Q)sh tests/lint/layers.sh $(B)
	$(Q)CC="$(CC)" sh tests/lint/selftest.sh

SOURCES = $(wildcard src/*/*.c include/pairlift/*/*.h tests/*/*.[ch] tests/unit/*/*.[ch])
format:                                   ## format all sources
	$(Q)clang-format -i $(SOURCES)
format-check:
	$(Q)clang-format --dry-run -Werror $(SOURCES)

golden docs: all                          ## write the golden files and the generated documentation anew (then read the diff)
	$(Q)sh tests/golden/write.sh $(B)/pairlift

SIMULATIONS := 1000
calibrate-short: $(B)/tests/calibrate/calibrate ## the same, with so few simulations that only gross faults show
	$(Q)$< 60 >/dev/null && echo "calibrate: every method keeps its level where what it assumes is true"
calibrate: $(B)/tests/calibrate/calibrate ## simulate how often each method errs, into docs/calibration.md (twenty minutes)
	$(Q)$< $(SIMULATIONS) >$(B)/calibration.md && mv $(B)/calibration.md docs/calibration.md

bench: deps all                           ## ratios against the peers that are installed
	$(Q)sh tests/bench/run.sh $(abspath $(B))/pairlift

# README.md finds its docs/ where it did
DOC       := $(DESTDIR)$(PREFIX)/share/doc/pairlift
INSTALLED := $(addprefix $(DOC)/,README.md CHANGELOG.md COPYING $(wildcard docs/*.md docs/*.png))
install: all                              ## install into $(DESTDIR)$(PREFIX)
	install -D -m 755 $(B)/pairlift $(DESTDIR)$(PREFIX)/bin/pairlift
	$(Q)for file in $(INSTALLED:$(DOC)/%=%); do install -D -m 644 $$file "$(DOC)/$$file" || exit 1; done
uninstall:                                ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/pairlift $(INSTALLED)
	$(Q)rmdir $(DOC)/docs $(DOC) 2>/dev/null || true

clean:                                    ## remove build/
	rm -rf build

help:                                     ## this list
	@echo "make [target] [BUILD=release|debug|asan|cov] [V=1] [PREFIX=/usr/local] [DESTDIR=]"
	@sed -n 's/^\([a-z][a-z -]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{printf "  %-14s %s\n", $$1, $$2}'
