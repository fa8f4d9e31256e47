/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pairlift/cli/progress.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/io/columns.h"
#include "pairlift/model/result.h"
#include "pairlift/model/suggest.h"
#include "pairlift/report/stat.h"
#include "pairlift/stats/methods.h"

/* GOption fills static storage; every call of the verb starts from the defaults. */
static struct {
    char *x, *y, *alternative, *delimiter, *decimal;
    double confidence;
    gint64 resamples;
} stat_options;

const GOptionEntry pl_stat_entries[] = {
    {"x", 'x', 0, G_OPTION_ARG_STRING, &stat_options.x, "column with the values, or the test side", "COLUMN"},
    {"y", 'y', 0, G_OPTION_ARG_STRING, &stat_options.y, "column with the control side: x - y is tested",
     "COLUMN"},
    {"confidence", 0, 0, G_OPTION_ARG_DOUBLE, &stat_options.confidence,
     "level of the interval (default 0.95)", "LEVEL"},
    {"alternative", 0, 0, G_OPTION_ARG_STRING, &stat_options.alternative,
     "two_sided (default), greater or less", "WHICH"},
    {"resamples", 0, 0, G_OPTION_ARG_INT64, &stat_options.resamples, "random draws (default 10000)", "N"},
    {"delimiter", 0, 0, G_OPTION_ARG_STRING, &stat_options.delimiter,
     ", ; tab or | (default: read off the header)", "CHAR"},
    {"decimal", 0, 0, G_OPTION_ARG_STRING, &stat_options.decimal, ". (default) or ,", "CHAR"},
    {0},
};

#define LEAST_RESAMPLES 100

static void clear_options(void) {
    g_clear_pointer(&stat_options.x, g_free);
    g_clear_pointer(&stat_options.y, g_free);
    g_clear_pointer(&stat_options.alternative, g_free);
    g_clear_pointer(&stat_options.delimiter, g_free);
    g_clear_pointer(&stat_options.decimal, g_free);
    stat_options.confidence = 0.95;
    stat_options.resamples = 10000;
}

static const PlMethod *find_method(const char *id, GError **error) {
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    const PlMethod *method = pl_method_find(id);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        g_ptr_array_add(ids, (gpointer)m->id);
    g_ptr_array_add(ids, NULL);
    if (method)
        return method;
    g_autofree char *hint = pl_suggest_hint(id, (const char *const *)ids->pdata, "this version has ");
    pl_usage_error(error, hint, "no method \"%s\"", id);
    return NULL;
}

static gboolean test_options(const PlOptions *o, PlInferenceOptions *t, PlCsvOptions *csv, GError **error) {
    static const char *const alternatives[] = {"two_sided", "greater", "less"};
    const char *want = stat_options.alternative ? stat_options.alternative : alternatives[0];
    guint a = 0;
    while (a < G_N_ELEMENTS(alternatives) && !g_str_equal(alternatives[a], want))
        a++;
    if (a == G_N_ELEMENTS(alternatives))
        return pl_usage_error(error, "two_sided, greater or less", "no --alternative \"%s\"", want);
    if (!(stat_options.confidence > 0 && stat_options.confidence < 1))
        return pl_usage_error(error, stat_options.confidence > 1 ? "0.95 for 95 %" : NULL,
                              "--confidence is %g: expected between 0 and 1", stat_options.confidence);
    if (stat_options.resamples < LEAST_RESAMPLES || stat_options.resamples > 100000000)
        return pl_usage_error(error, NULL, "--resamples is %" G_GINT64_FORMAT ": expected 100 to 100,000,000",
                              stat_options.resamples);
    const char *d = stat_options.delimiter, *p = stat_options.decimal;
    if (d && !g_str_equal(d, "tab") && (strlen(d) != 1 || !strchr(",;\t|", d[0])))
        return pl_usage_error(error, ", ; tab or |", "no --delimiter \"%s\"", d);
    if (p && !g_str_equal(p, ".") && !g_str_equal(p, ","))
        return pl_usage_error(error, ". or ,", "no --decimal \"%s\"", p);
    *csv = (PlCsvOptions){d ? (g_str_equal(d, "tab") ? '\t' : d[0]) : '\0', p ? p[0] : '.'};
    *t = (PlInferenceOptions){
        stat_options.confidence,        (PlAlternative[]){PL_TWO_SIDED, PL_GREATER, PL_LESS}[a],
        (size_t)stat_options.resamples, o->seed < 0 ? 1 : (uint64_t)o->seed,
        pl_options_threads(o),          0};
    return TRUE;
}

/* A cell as a number; FALSE when it is empty or NA, or (with a fault) not a number. */
static gboolean value(const PlColumns *c, guint column, guint row, char decimal, PlDiagnostics *faults,
                      double *v) {
    const char *text = c->cells[column][row];
    gsize length = strlen(text);
    if (pl_number_missing(text, length))
        return FALSE;
    if (pl_number_parse(text, length, decimal, v))
        return TRUE;
    double other;
    gboolean swap = pl_number_parse(text, length, decimal == '.' ? ',' : '.', &other);
    pl_diagnostics_add(faults, c->file, (PlPos){c->lines[row], 0},
                       swap ? (decimal == '.' ? "use --decimal ," : "use --decimal .") : NULL,
                       "column \"%s\": \"%s\" is not a number", c->names[column], text);
    return FALSE;
}

/* x - y, or x, of every row that has all its values. */
static double *differences(const PlColumns *c, gboolean both, char decimal, guint *n, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(20);
    double *d = g_new(double, c->n_rows + 1);
    *n = 0;
    for (guint i = 0; i < c->n_rows; i++) {
        double x = 0, y = 0;
        gboolean has_x = value(c, 0, i, decimal, faults, &x);
        gboolean has_y = !both || value(c, 1, i, decimal, faults, &y);
        if (has_x && has_y)
            d[(*n)++] = x - y;
    }
    if (!pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        g_clear_pointer(&d, g_free);
    return d;
}

/* Why a limit is absent and what was done to the rows, in the words of result.json's reasons. */
static char *remarks(const PlMethod *method, const PlInference *in, const PlInferenceOptions *t) {
    g_autoptr(GString) s = g_string_new(NULL);
    if (!isfinite(in->conf_low) && !isfinite(in->conf_high))
        g_string_append(s, "too few rows for an interval at this level; ");
    else if (t->alternative == PL_GREATER)
        g_string_append(s, "one-sided: no upper limit; ");
    else if (t->alternative == PL_LESS)
        g_string_append(s, "one-sided: no lower limit; ");
    if (in->n < method->liberal_below)
        g_string_append_printf(s, "rejects too often with fewer than %zu rows; ", method->liberal_below);
    if (in->n_dropped)
        g_string_append_printf(s, "%zu %s without any difference left out (Wilcoxon's rule); ", in->n_dropped,
                               in->n_dropped == 1 ? "row" : "rows");
    if (in->n_tied)
        g_string_append_printf(s, "%zu rows share a rank (midranks); ", in->n_tied);
    if (in->resamples)
        g_string_append_printf(s, "%zu random draws, seed %" G_GUINT64_FORMAT "; ", in->resamples,
                               (guint64)t->seed);
    return s->len ? g_strndup(s->str, s->len - 2) : NULL;
}

static void fill(const PlInference *in, PlStatResult *out) {
    out->estimate = in->estimate;
    out->std_error = in->has & PL_HAS_STD_ERROR ? in->std_error : NAN;
    out->statistic = in->has & PL_HAS_STATISTIC ? in->statistic : NAN;
    out->df = in->has & PL_HAS_DF ? in->df : NAN;
    out->p_value = in->p_value;
    out->conf_low = in->conf_low;
    out->conf_high = in->conf_high;
    out->n_dropped = (guint)in->n_dropped;
    out->n_tied = (guint)in->n_tied;
    out->resamples = in->resamples;
}

static gboolean no_memory(const PlMethod *method, guint n, const PlInferenceOptions *t, const PlArena *arena,
                          GError **error) {
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM,
                "pairlift: error: %s needs %.3g GB of memory for %u rows and %zu resamples\n  hint: %s",
                method->id, (double)arena->wanted / 1e9, n, t->resamples,
                method->takes & PL_TAKES_RESAMPLES ? "lower --resamples"
                                                   : "use fewer rows, or another method");
    return FALSE;
}

static gboolean test(const PlMethod *method, const PlColumns *c, const PlCsvOptions *csv,
                     const PlInferenceOptions *t, PlStatResult *out, GError **error) {
    g_autofree double *d = differences(c, stat_options.y != NULL, csv->decimal, &out->used, error);
    PlArena arena = {0};
    if (!d)
        return FALSE;
    PlInference in;
    PlStatus status = out->used < method->min_n ? PL_TOO_FEW : method->test(d, out->used, t, &arena, &in);
    gboolean refused = status == PL_NO_MEMORY && !no_memory(method, out->used, t, &arena, error);
    pl_arena_clear(&arena);
    if (refused)
        return FALSE;
    out->rows = c->n_rows;
    out->seed = (gint64)t->seed;
    if (status == PL_TOO_FEW)
        out->reason = g_strdup_printf("needs %zu rows with values, there are %u", method->min_n, out->used);
    else if (status != PL_OK)
        out->reason = g_strdup(pl_status_text(status));
    else {
        fill(&in, out);
        out->reason = remarks(method, &in, t);
    }
    return TRUE;
}

static gboolean stat(const PlOptions *o, GError **error) {
    PlInferenceOptions t;
    PlCsvOptions csv;
    if (g_strv_length(o->arguments) != 2)
        return pl_usage_error(error, "for example: pairlift stat paired_t data.csv --x test --y control",
                              "expected METHOD and DATA.csv, got %u arguments", g_strv_length(o->arguments));
    const PlMethod *method = find_method(o->arguments[0], error);
    if (!method || !test_options(o, &t, &csv, error))
        return FALSE;
    if (!stat_options.x)
        return pl_usage_error(error, "--x names the column with the values", "no --x given");
    const char *names[] = {stat_options.x, stat_options.y, NULL};
    gint64 begun = g_get_monotonic_time();
    g_autoptr(PlColumns) columns = pl_columns_read(o->arguments[1], names, FALSE, &csv, error);
    g_auto(PlStatResult) out = {.method = method->id,
                                .title = method->title,
                                .estimates = method->estimates,
                                .x = stat_options.x,
                                .y = stat_options.y,
                                .estimate = NAN,
                                .std_error = NAN,
                                .statistic = NAN,
                                .df = NAN,
                                .p_value = NAN,
                                .conf_low = NAN,
                                .conf_high = NAN,
                                .conf_level = stat_options.confidence};
    if (!columns)
        return FALSE;
    pl_say(o, begun, "read the columns");
    begun = g_get_monotonic_time();
    PlBar bar = pl_bar_begin(o, "testing");
    pl_bar_say(&bar);
    gboolean tested = test(method, columns, &csv, &t, &out, error);
    pl_bar_end(&bar);
    if (!tested)
        return FALSE;
    pl_say(o, begun, "tested");
    if (o->quiet && !o->json)
        return TRUE;
    g_autofree char *text = o->json ? pl_report_stat_json(&out) : pl_report_stat_text(&out);
    return pl_print(text, error);
}

gboolean pl_verb_stat(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    clear_options();
    gboolean ok = pl_verb_begin("stat", argc, argv, &o, &done, error) && (done || stat(&o, error));
    clear_options();
    return ok;
}
