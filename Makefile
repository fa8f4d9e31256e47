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
# -ffp-contract=off: the same digits with and without fused multiply-add
CFLAGS  ?=
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DPL_VERSION='"$(VERSION)"' -Iinclude -fopenmp -ffp-contract=off $(WARN) \
           $(OPT_$(BUILD)) $(shell pkg-config --cflags $(PKGS) | sed 's/-I/-isystem /g') $(CFLAGS)
ALL_LDFLAGS = -fopenmp $(OPT_$(BUILD)) $(LDFLAGS)
LIBS     = $(shell pkg-config --libs $(PKGS)) -lcsv -lm

SRC     := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
OBJ     := $(SRC:%.c=$(B)/%.o) $(B)/plots.o
TESTSRC := $(wildcard tests/unit/*/*.c tests/cli/*.c)
TESTOBJ := $(TESTSRC:%.c=$(B)/%.o)

.PHONY: all demo test check bench deps deps-test golden docs lint format install uninstall clean help
all: $(B)/pairlift                        ## build build/$(BUILD)/pairlift (default)

$(B)/pairlift: $(B)/src/cli/main.o $(B)/libpairlift.a
	@echo "  LINK   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libpairlift.a: $(OBJ)
	@echo "  AR     $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	@echo "  CC     $<"
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The chart templates travel inside the program, so that one file is the whole installation.
$(B)/plots.c: plots/plots.gresource.xml $(wildcard plots/*.gp)
	@echo "  GEN    $@"
	$(Q)mkdir -p $(@D) && glib-compile-resources --sourcedir=plots --c-name pl_plots --internal --generate-source --target=$@ $<
$(B)/plots.o: $(B)/plots.c
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-overlength-strings -Wno-pedantic -MMD -MP -c -o $@ $<

$(B)/tests/unit_tests: $(TESTOBJ) $(B)/libpairlift.a
	@echo "  LINK   $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

-include $(OBJ:.o=.d) $(TESTOBJ:.o=.d) $(B)/src/cli/main.d
