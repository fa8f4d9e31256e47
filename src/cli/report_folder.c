/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/report_folder.h"

#include <stdio.h>
#include <unistd.h>

#include "pairlift/cli/progress.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/model/printable.h"
#include "pairlift/report/charts.h"
#include "pairlift/report/formats.h"

static gboolean write_file(PlFolder *folder, const char *name, char *(*writer)(const PlResult *),
                           const PlResult *r, GError **error) {
    g_autofree char *text = writer(r);
    return pl_folder_write(folder, name, text, error);
}

static gboolean has_kpis(const PlResult *r) {
    for (guint i = 0; i < r->sections->len; i++)
        if (((const PlSection *)g_ptr_array_index(r->sections, i))->kpi)
            return TRUE;
    return FALSE;
}

static gboolean write_formats(PlFolder *folder, const PlOptions *o, const PlResult *r, GError **error) {
    if (pl_options_format(o, "md") && !write_file(folder, "report.md", pl_report_markdown, r, error))
        return FALSE;
    if (pl_options_format(o, "csv") && has_kpis(r) &&
        !write_file(folder, "kpis.csv", pl_report_kpis_csv, r, error))
        return FALSE;
    if (pl_options_format(o, "csv") && !r->kpi_report &&
        (!write_file(folder, "estimates.csv", pl_report_estimates_csv, r, error) ||
         !write_file(folder, "pairs.csv", pl_report_pairs_csv, r, error)))
        return FALSE;
    return !pl_options_format(o, "json") || write_file(folder, "result.json", pl_report_json, r, error);
}

/* The folder is gone after a failure, so what gnuplot failed on is kept for a look. */
static void keep_failed_charts(PlFolder *folder, GError **error) {
    g_autofree char *failed = pl_folder_set_aside(folder);
    if (!failed)
        return;
    g_autofree char *said = g_strdup((*error)->message);
    g_clear_error(error);
    g_set_error(
        error, PL_ERROR, PL_ERROR_SYSTEM,
        "%s/%s\n  hint: to see it again, run gnuplot on the scripts in %s/charts; for a report without "
        "charts, --no-charts",
        failed, said, failed);
}

static gboolean write_charts(PlResult *r, const PlOptions *o, PlFolder *folder, GError **error) {
    gint64 begun = g_get_monotonic_time();
    gboolean no_gnuplot = FALSE;
    if (!pl_charts_write(r, pl_folder_path(folder), error))
        return FALSE;
    PlBar bar = pl_bar_begin(o, "drawing charts");
    pl_bar_say(&bar);
    gboolean drawn = pl_charts_draw(r, pl_folder_path(folder), &no_gnuplot, error);
    pl_bar_end(&bar);
    if (!drawn) {
        keep_failed_charts(folder, error);
        return FALSE;
    }
    pl_say(o, begun, "drew the charts");
    if (no_gnuplot && !o->quiet)
        fputs("pairlift: warning: gnuplot is not installed; the report is complete but its charts are not "
              "drawn\n"
              "  hint: install the package gnuplot-nox and run again\n",
              stderr);
    return TRUE;
}

static gboolean write_report(PlResult *r, const PlOptions *o, PlFolder *folder, GError **error) {
    if (!o->no_charts && !write_charts(r, o, folder, error))
        return FALSE;
    if (!write_formats(folder, o, r, error) || !pl_folder_commit(folder, error))
        return FALSE;
    const GPtrArray *kept = pl_folder_kept(folder);
    for (guint i = 0; i < kept->len && !o->quiet; i++) {
        g_autoptr(GString) name = g_string_new(NULL);
        pl_append_printable(name, g_ptr_array_index(kept, i));
        fprintf(stderr, "pairlift: note: a file of the last report was changed: it is kept as %s\n",
                name->str);
    }
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

gboolean pl_report_folder_begin(const PlDefinition *def, const PlOptions *o, PlReportFolder *report,
                                GError **error) {
    report->path = o->out ? g_strdup(o->out) : g_build_filename("out", def->experiment, NULL);
    gboolean reports = !o->json || o->out;
    report->folder = reports ? pl_folder_new(report->path, error) : NULL;
    return report->folder || !reports;
}

gboolean pl_report_folder_finish(PlReportFolder *report, const PlOptions *o, PlResult *r, GError **error) {
    return (!report->folder || write_report(r, o, report->folder, error)) &&
           print_summary(r, o, report->path, error);
}

void pl_report_folder_clear(PlReportFolder *report) {
    g_clear_pointer(&report->folder, pl_folder_free);
    g_clear_pointer(&report->path, g_free);
}
