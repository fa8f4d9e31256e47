/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"

/* The declarative table of verbs: dispatch, `help` and the README's list come from it. */
typedef struct {
    const char *name;    /* NULL ends the table */
    const char *usage;   /* "run DEFINITION.yaml" */
    const char *summary; /* one line */
    const char *help;    /* what --help says before the options */
    /* Does the work on the arguments behind the verb (argv[0] is the verb); FALSE with `error`. */
    gboolean (*run)(int argc, char **argv, GError **error);
    PlOutput output;             /* decides which of the shared options it has */
    const GOptionEntry *entries; /* the verb's own options, NULL: none */
} PlVerb;

extern const PlVerb pl_verbs[];
const PlVerb *pl_verb_find(const char *name);

gboolean pl_verb_run(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pl_verb_kpi(int argc, char **argv, GError **error);
gboolean pl_verb_monitor(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pl_verb_check(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pl_verb_stat(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pl_verb_simulate(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pl_verb_help(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean pl_verb_selftest(int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
extern const GOptionEntry pl_stat_entries[], pl_monitor_entries[];
extern GOptionEntry pl_simulate_entries[]; /* filled when the verb begins, from the table of pl_chain_keys */

/* Parses a verb's options and answers --help and --version itself: `done` is then TRUE. */
gboolean pl_verb_begin(const char *name, int argc, char **argv, PlOptions *options, gboolean *done,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes to standard output; PL_ERROR_SYSTEM when it is full or closed. */
gboolean pl_print(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The program: runs the verb that argv names, prints errors, gives the exit status. */
int pl_main(int argc, char **argv);
