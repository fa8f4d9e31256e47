/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "pairlift/cli/experiment.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/report/charts.h"
#include "pairlift/report/folder.h"
#include "pairlift/report/formats.h"

static gboolean write_file(PlFolder *folder, const char *name, char *(*writer)(const PlResult *),
                           const PlResult *r, GError **error) {
    g_autofree char *text = writer(r);
    return pl_folder_write(folder, name, text, error);
}

static gboolean write_formats(PlFolder *folder, const PlOptions *o, const PlResult *r, GError **error) {
    if (pl_options_format(o, "md") && !write_file(folder, "report.md", pl_report_markdown, r, error))
        return FALSE;
    if (pl_options_format(o, "csv") &&
        (!write_file(folder, "estimates.csv", pl_report_estimates_csv, r, error) ||
         !write_file(folder, "pairs.csv", pl_report_pairs_csv, r, error)))
        return FALSE;
    return !pl_options_format(o, "json") || write_file(folder, "result.json", pl_report_json, r, error);
}

static gboolean write_report(PlResult *r, const PlOptions *o, const char *out, GError **error) {
    gboolean no_gnuplot = FALSE;
    g_autoptr(PlFolder) folder = pl_folder_new(out, error);
    if (!folder)
        return FALSE;
    if (!o->no_charts && !pl_charts_write(r, pl_folder_path(folder), &no_gnuplot, error))
        return FALSE;
    if (!write_formats(folder, o, r, error) || !pl_folder_commit(folder, error))
        return FALSE;
    if (no_gnuplot && !o->quiet)
        fputs("pairlift: warning: gnuplot is not installed; the report is complete but its charts are not "
              "drawn\n"
              "  hint: install the package gnuplot-nox and run again\n",
              stderr);
    return TRUE;
}

/* The summary names the folder last, where the eye rests. */
static gboolean print_summary(const PlResult *r, const PlOptions *o, const char *out, GError **error) {
    if (o->json) {
        g_autofree char *json = pl_report_json(r);
        return pl_print(json, error);
    }
    if (o->quiet)
        return TRUE;
    g_autofree char *text =
        pl_options_format(o, "text") ? pl_report_text(r, pl_options_color(o, STDOUT_FILENO)) : g_strdup("");
    g_autofree char *all = g_strdup_printf("%s\nReport: %s\n", text, out);
    return pl_print(all, error);
}

gboolean pl_verb_run(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    if (!pl_verb_begin("run", argc, argv, &o, &done, error))
        return FALSE;
    if (done)
        return TRUE;
    const char *path = pl_experiment_argument(&o, error);
    g_autoptr(PlResult) r = path ? pl_experiment_result(path, &o, TRUE, error) : NULL;
    if (!r)
        return FALSE;
    g_autofree char *out = o.out ? g_strdup(o.out) : g_build_filename("out", r->experiment, NULL);
    /* --json alone is for scripts: the result on standard output and nothing else anywhere */
    if ((!o.json || o.out) && !write_report(r, &o, out, error))
        return FALSE;
    return print_summary(r, &o, out, error);
}
