/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/charts.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/gnuplot.h"
#include "pairlift/report/kpi_charts.h"
#include "pairlift/report/plots.h"

#define NAME_LIMIT 40 /* letters of a treatment in a file's name */

static const struct {
    const char *name; /* of the files */
    PlChartFill fill;
    const char *template; /* NULL: of the same name */
    gboolean of_all;      /* one chart of all treatments */
} kinds[] = {
    /* clang-format off */
    {.name = "monitor", .fill = pl_chart_monitor},
    {.name = "test_vs_control", .fill = pl_chart_test_vs_control},
    {.name = "pair_effects", .fill = pl_chart_pair_effects},
    {.name = "before_during", .fill = pl_chart_before_during},
    {.name = "methods", .fill = pl_chart_methods},
    {.name = "decomposition", .fill = pl_chart_decomposition, .template = "waterfall"},
    {.name = "profit", .fill = pl_chart_profit, .template = "waterfall"},
    {.name = "profit_curve", .fill = pl_chart_profit_curve},
    {.name = "products", .fill = pl_chart_products, .template = "forest"},
    {.name = "redemption", .fill = pl_chart_redemption},
    {.name = "segments", .fill = pl_chart_segments},
    {.name = "ranking", .fill = pl_chart_ranking, .template = "forest", .of_all = TRUE},
    /* clang-format on */
};

typedef struct {
    PlResult *result;
    char *folder; /* the charts' own */
} Job;

static gboolean write_file(const Job *job, const char *name, const char *ending, const GString *text,
                           GError **error) {
    g_autofree char *file = g_strconcat(name, ending, NULL);
    g_autofree char *path = g_build_filename(job->folder, file, NULL);
    g_autoptr(GError) cause = NULL;
    g_unlink(path); /* GLib 2.74 would leave the tail of a longer older file in place */
    /* no wait for the disk: nobody sees the folder before it is whole */
    if (g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_NONE, 0666, &cause))
        return TRUE;
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "charts/%s: error: cannot be written: %s", file,
                cause->message);
    return FALSE;
}

static void append_template(GString *script, const char *name) {
    g_autofree char *path = g_strconcat(PL_PLOTS_PREFIX, name, ".gp", NULL);
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(pl_plots_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(bytes != NULL); /* a template that is not in plots.gresource.xml is a fault of the build */
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_string_append_len(script, text, (gssize)length);
}

/* The whole script: it names no folder, so that it draws again wherever the files lie together. */
static GString *script_of(const char *kind, const char *name, const PlChartDraft *draft) {
    GString *script = g_string_new("reset session\n");
    pl_chart_set_text(script, "name", name);
    g_autofree char *id = g_strdelimit(g_strdup(name), "-", '_'); /* of the svg's elements */
    pl_chart_set_text(script, "id", id);
    g_string_append_len(script, draft->variables->str, (gssize)draft->variables->len);
    append_template(script, "theme");
    append_template(script, kind);
    append_template(script, "output");
    return script;
}

static void add_chart(const Job *job, const char *name, const char *section, PlChartDraft *draft) {
    PlChart *chart = g_new0(PlChart, 1);
    chart->name = g_strdup(name);
    chart->title = g_steal_pointer(&draft->title);
    chart->alt = pl_chart_label(draft->alt, G_MAXUINT);
    g_autoptr(GStrvBuilder) files = g_strv_builder_new();
    static const char *const endings[] = {"gp", "tsv"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *file = g_strdup_printf("charts/%s.%s", name, endings[i]);
        g_strv_builder_add(files, file);
    }
    chart->files = g_strv_builder_end(files);
    chart->section = g_strdup(section);
    g_ptr_array_add(job->result->charts, chart);
}

static gboolean write_chart(const Job *job, const char *name, const char *template, const char *section,
                            PlChartDraft *draft, GError **error) {
    GString *script = script_of(template, name, draft);
    gboolean ok =
        write_file(job, name, ".tsv", draft->data, error) && write_file(job, name, ".gp", script, error);
    g_string_free(script, TRUE);
    if (ok)
        add_chart(job, name, section, draft);
    return ok;
}

/* Letters that every file system takes, and no two suffixes that differ by case alone. */
static char *suffix_of(const char *treatment, GHashTable *used) {
    g_autofree char *stem = g_strndup(treatment, NAME_LIMIT);
    for (char *at = stem; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
            *at = '_';
    g_autofree char *suffix = g_strconcat("-", stem, NULL);
    for (guint i = 2;; i++) {
        char *key = g_ascii_strdown(suffix, -1);
        if (g_hash_table_add(used, key))
            return g_steal_pointer(&suffix);
        g_free(suffix);
        suffix = g_strdup_printf("-%s-%u", stem, i);
    }
}

static gboolean write_charts(Job *job, const char *treatment, const char *suffix, GError **error) {
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_auto(PlChartDraft) draft;
        pl_chart_draft_init(&draft);
        if (!kinds[i].fill(job->result, treatment, &draft))
            continue;
        g_autofree char *name = g_strconcat(kinds[i].name, kinds[i].of_all ? "" : suffix, NULL);
        const char *template = kinds[i].template ? kinds[i].template : kinds[i].name;
        if (!write_chart(job, name, template, NULL, &draft, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_kpi_charts(const Job *job, GError **error) {
    g_autoptr(GPtrArray) charts = pl_kpi_charts(job->result);
    for (guint i = 0; i < charts->len; i++) {
        PlKpiChart *chart = g_ptr_array_index(charts, i);
        if (!write_chart(job, chart->name, chart->template, chart->section, &chart->draft, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean write_all(Job *job, GError **error) {
    const GStrv treatments = job->result->treatments;
    guint n = treatments != NULL ? g_strv_length(treatments) : 0;
    if (n < 2)
        return write_charts(job, n == 1 ? treatments[0] : NULL, "", error);
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *suffix = suffix_of(treatments[i], used);
        if (!write_charts(job, treatments[i], suffix, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_drawn(const char *folder, const char *file) {
    g_autofree char *path = g_build_filename(folder, file, NULL);
    GStatBuf status;
    return g_stat(path, &status) == 0 && status.st_size > 0;
}

/* Puts the pictures before the chart's other files; an error when one is missing or empty. */
static gboolean add_pictures(const Job *job, PlChart *chart, GError **error) {
    static const char *const endings[] = {"svg", "png"};
    g_autoptr(GStrvBuilder) files = g_strv_builder_new();
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *file = g_strdup_printf("%s.%s", chart->name, endings[i]);
        g_autofree char *listed = g_strdup_printf("charts/%s", file);
        if (!is_drawn(job->folder, file)) {
            g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM,
                        "%s: error: gnuplot ended without an error but did not draw it", listed);
            return FALSE;
        }
        g_strv_builder_add(files, listed);
    }
    g_strv_builder_addv(files, (const char **)chart->files);
    g_strfreev(chart->files);
    chart->files = g_strv_builder_end(files);
    return TRUE;
}

/* The script that gnuplot's message quotes, else the first without its last picture, for they are taken in
 * order. */
static const char *failed_chart(const Job *job, const char *message) {
    const PlChart *chart = NULL;
    for (guint i = 0; i < job->result->charts->len; i++) {
        chart = g_ptr_array_index(job->result->charts, i);
        g_autofree char *quoted = g_strdup_printf("\"%s.gp\" line ", chart->name);
        if (strstr(message, quoted))
            return chart->name;
    }
    for (guint i = 0; i < job->result->charts->len; i++) {
        chart = g_ptr_array_index(job->result->charts, i);
        g_autofree char *last = g_strconcat(chart->name, ".png", NULL);
        if (!is_drawn(job->folder, last))
            break;
    }
    return chart->name;
}

static gboolean draw_all(const Job *job, const char *program, GError **error) {
    const GPtrArray *charts = job->result->charts;
    g_autoptr(GStrvBuilder) scripts = g_strv_builder_new();
    for (guint i = 0; i < charts->len; i++) {
        g_autofree char *script = g_strconcat(((PlChart *)g_ptr_array_index(charts, i))->name, ".gp", NULL);
        g_strv_builder_add(scripts, script);
    }
    g_auto(GStrv) argv = g_strv_builder_end(scripts);
    g_autoptr(GError) cause = NULL;
    if (!pl_gnuplot_run(program, job->folder, (const char *const *)argv, PL_GNUPLOT_LIMIT_S, &cause)) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "charts/%s.gp: error: %s",
                    failed_chart(job, cause->message), cause->message);
        return FALSE;
    }
    for (guint i = 0; i < charts->len; i++)
        if (!add_pictures(job, g_ptr_array_index(charts, i), error))
            return FALSE;
    return TRUE;
}

gboolean pl_charts_write(PlResult *result, const char *folder, GError **error) {
    g_autofree char *charts = g_build_filename(folder, "charts", NULL);
    Job job = {result, charts};
    g_ptr_array_set_size(result->charts, 0);
    if (g_mkdir_with_parents(charts, 0777) != 0) {
        g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "charts: error: cannot be made: %s", g_strerror(errno));
        return FALSE;
    }
    return write_all(&job, error) && write_kpi_charts(&job, error);
}

gboolean pl_charts_draw(PlResult *result, const char *folder, gboolean *missing, GError **error) {
    g_autofree char *charts = g_build_filename(folder, "charts", NULL), *program = pl_gnuplot_find();
    Job job = {result, charts};
    *missing = program == NULL;
    return program == NULL || result->charts->len == 0 || draw_all(&job, program, error);
}
