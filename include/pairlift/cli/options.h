/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* What a verb writes besides its standard output. */
typedef enum {
    PL_OUTPUT_NONE,
    PL_OUTPUT_REPORT, /* a report folder: --out, --format and --no-charts */
    PL_OUTPUT_FILES,  /* a folder of other files: --out */
} PlOutput;

/* The options that verbs share, and what is left of the command line. */
typedef struct {
    char *out;     /* NULL: out/<experiment>; never empty */
    char *format;  /* NULL: all that this version writes */
    gboolean json; /* the result on standard output, nothing else */
    gint64 seed;   /* -1: the definition's */
    int threads;   /* 0: one a processor */
    gboolean quiet, verbose, no_charts, no_progress, help, version;
    char *color;     /* auto, always, never */
    GStrv arguments; /* what is not an option, the verb left out */
} PlOptions;

void pl_options_clear(PlOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlOptions, pl_options_clear)

/* Parses argv[1..]; `entries` are the verb's own options (NULL: none), filled in place; `output`: what it
 * writes. PL_ERROR_USAGE: an unknown option (with "did you mean"), one about what the verb does not write, a
 * value out of its range. */
gboolean pl_options_parse(int argc, char **argv, const GOptionEntry *entries, PlOutput output,
                          PlOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The options as text for --help. Free with g_free. */
char *pl_options_help(const GOptionEntry *entries, PlOutput output);

/* Whether to colour text that goes to `stream` (1 or 2): --color, NO_COLOR, and whether it is a terminal. */
gboolean pl_options_color(const PlOptions *options, int stream);
int pl_options_threads(const PlOptions *options);
/* TRUE when `name` is among the formats asked for. */
gboolean pl_options_format(const PlOptions *options, const char *name);

/* An error of the command line, "pairlift: error: WHAT\n  hint: HINT" (`hint` may be NULL). Returns FALSE. */
gboolean pl_usage_error(GError **error, const char *hint, const char *format, ...) G_GNUC_PRINTF(3, 4);
