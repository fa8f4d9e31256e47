/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/verbs.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "pairlift/model/suggest.h"
#include "pairlift/stats/init.h"

const PlVerb pl_verbs[] = {
    {"check", "check DEFINITION.yaml", "validate a definition and its data, analyse nothing",
     "Reads the definition and every table it names, pairs the stores, and prints the data-health report:\n"
     "rows, gaps, balance of the pairs before the test. Run it before the promotion starts.\n",
     pl_verb_check, PL_OUTPUT_NONE, NULL},
    {"run", "run DEFINITION.yaml", "the main job: load, pair, test, decide, chart, report",
     "Tests whether the treatment changed sales and writes the report folder: report.md, result.json,\n"
     "estimates.csv, pairs.csv and charts/ (SVG and PNG, each with its gnuplot script and data).\n",
     pl_verb_run, PL_OUTPUT_REPORT, NULL},
    {"monitor", "monitor DEFINITION.yaml", "look at a running experiment, as often as you like",
     "The effect so far, with limits that hold however often one looks, and whether one may stop: for a win, "
     "for\n"
     "harm, or because the smallest effect worth having is out of reach. Looks that are declared under "
     "monitor:\n"
     "in the definition have boundaries of their own, and these decide. Writes a report folder as run does.\n"
     "Example: pairlift monitor february.yaml --as-of 2024-02-14\n",
     pl_verb_monitor, PL_OUTPUT_REPORT, pl_monitor_entries},
    {"kpi", "kpi DEFINITION.yaml", "the six sales KPIs, with targets, trends and charts",
     "Sales volume by location, competitive prices, engagement with customers, employee satisfaction, up- "
     "and\n"
     "cross-selling, length of the sales cycle: each that the tables of the definition allow, against the "
     "targets\n"
     "under kpis. Writes a report folder: report.md with the scorecard, result.json, kpis.csv and charts/.\n",
     pl_verb_kpi, PL_OUTPUT_REPORT, NULL},
    {"stat", "stat METHOD DATA.csv --x COLUMN ...", "one statistical method on the columns of a CSV file",
     "`pairlift help methods` lists the methods, `pairlift help METHOD` says which of the options below one "
     "takes.\n"
     "Example: pairlift stat welch_t sales.csv --x revenue --group arm --control none\n",
     pl_verb_stat, PL_OUTPUT_NONE, pl_stat_entries},
    {"selftest", "selftest", "replay published values, and show how many digits are met",
     "Runs the methods on data that were published with their results and prints a table of expected, got\n"
     "and agreeing digits. Ends with status 5 when a value is not met.\n",
     pl_verb_selftest, FALSE, NULL},
    {"simulate", "simulate", "write a synthetic chain with a known lift, to try everything on",
     "Writes the sales of a chain that is made up, and the definition of its experiment: what `run` finds "
     "can "
     "be held\nagainst truth.json, which has every parameter and every true effect. The same seed gives the "
     "same bytes.\nExample: pairlift simulate --stores 100 --lift 0.03 -o out/chain && pairlift run "
     "out/chain/simulation.yaml\n",
     pl_verb_simulate, PL_OUTPUT_FILES, pl_simulate_entries},
    {"help", "help [VERB | definition | methods | METHOD]",
     "explain a verb, the keys of a definition, or the methods", "", pl_verb_help, PL_OUTPUT_NONE, NULL},
    {0},
};

/* In the contract, but not in this version: named so that nobody looks for a typing error. */
static const char *const later_verbs[] = {"init", "match", "power", "lock", "portfolio", NULL};

const PlVerb *pl_verb_find(const char *name) {
    for (const PlVerb *v = pl_verbs; v->name; v++)
        if (g_str_equal(v->name, name))
            return v;
    return NULL;
}

gboolean pl_print(const char *text, GError **error) {
    if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
        return TRUE;
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "standard output: error: cannot write: %s",
                g_strerror(errno));
    return FALSE;
}

static gboolean print_help(const PlVerb *verb, GError **error) {
    g_autofree char *options = pl_options_help(verb->entries, verb->output);
    g_autofree char *text =
        g_strdup_printf("usage: pairlift %s [options]\n\n%s\noptions:\n%s", verb->usage, verb->help, options);
    return pl_print(text, error);
}

gboolean pl_verb_begin(const char *name, int argc, char **argv, PlOptions *options, gboolean *done,
                       GError **error) {
    const PlVerb *verb = pl_verb_find(name);
    if (!pl_options_parse(argc, argv, verb->entries, verb->output, options, error))
        return FALSE;
    *done = options->help || options->version;
    if (options->help)
        return print_help(verb, error);
    return !options->version || pl_print("pairlift " PL_VERSION "\n", error);
}

static gboolean unknown_verb(const char *name, GError **error) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    if (g_strv_contains(later_verbs, name))
        return pl_usage_error(error, "see pairlift help for what it has",
                              "this version does not have the verb %s yet", name);
    for (const PlVerb *v = pl_verbs; v->name; v++)
        g_ptr_array_add(names, (gpointer)v->name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = pl_suggest_hint(name, (const char *const *)names->pdata, "the verbs are ");
    return pl_usage_error(error, hint, "no verb \"%s\"", name);
}

static gboolean dispatch(int argc, char **argv, GError **error) {
    if (argc < 2) {
        char *help[] = {(char *)"help", NULL};
        if (!pl_verb_help(1, help, error))
            return FALSE;
        return pl_usage_error(error, NULL, "no verb given");
    }
    if (g_str_equal(argv[1], "-V") || g_str_equal(argv[1], "--version"))
        return pl_print("pairlift " PL_VERSION "\n", error);
    if (g_str_equal(argv[1], "-h") || g_str_equal(argv[1], "--help"))
        return pl_verb_help(argc - 1, argv + 1, error);
    const PlVerb *verb = pl_verb_find(argv[1]);
    return verb ? verb->run(argc - 1, argv + 1, error) : unknown_verb(argv[1], error);
}

int pl_main(int argc, char **argv) {
    g_autoptr(GError) error = NULL;
    setlocale(LC_CTYPE, "");
    pl_stats_init();
    if (dispatch(argc, argv, &error))
        return 0;
    /* pairlift's own errors say where; those of GLib do not */
    fprintf(stderr, "%s%s\n", error->domain == PL_ERROR ? "" : "pairlift: error: ", error->message);
    return pl_error_exit_status(error);
}
