/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/stat.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "pairlift/model/numbers.h"
#include "pairlift/model/printable.h"
#include "pairlift/report/json_text.h"
#include "pairlift/report/stat_table.h"

static void free_row(PlStatRow *row) {
    g_free(row->term);
    g_free(row->reason);
    g_array_unref(row->figures);
    g_free(row);
}

PlStatResult *pl_stat_result_new(void) {
    PlStatResult *r = g_new0(PlStatResult, 1);
    r->table = g_ptr_array_new_with_free_func((GDestroyNotify)free_row);
    r->notes = g_ptr_array_new_with_free_func(g_free);
    return r;
}

void pl_stat_result_free(PlStatResult *r) {
    if (!r)
        return;
    g_ptr_array_unref(r->table);
    g_ptr_array_unref(r->notes);
    g_free(r->columns);
    g_free(r);
}

PlStatRow *pl_stat_result_add(PlStatResult *r) {
    PlStatRow *row = g_new0(PlStatRow, 1);
    row->estimate = row->std_error = row->statistic = row->df = row->p_value = NAN;
    row->conf_low = row->conf_high = NAN;
    row->figures = g_array_new(FALSE, FALSE, sizeof(PlNamedNumber));
    g_ptr_array_add(r->table, row);
    return row;
}

static json_t *number(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *estimate_json(const PlStatResult *r, const PlStatRow *row) {
    json_t *e = json_object();
    const struct {
        const char *name;
        double value;
    } fields[] = {{"estimate", row->estimate},   {"std_error", row->std_error},
                  {"statistic", row->statistic}, {"df", row->df},
                  {"p_value", row->p_value},     {"conf_low", row->conf_low},
                  {"conf_high", row->conf_high}, {"conf_level", r->conf_level}};
    json_object_set_new(e, "method", json_string(r->method));
    json_object_set_new(e, "scale", json_string("absolute"));
    json_object_set_new(e, "term", pl_json_text(row->term));
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        json_object_set_new(e, fields[i].name, number(fields[i].value));
    json_object_set_new(e, "n", json_integer((json_int_t)row->n));
    json_object_set_new(e, "n_dropped", json_integer((json_int_t)row->n_dropped));
    json_object_set_new(e, "n_tied", json_integer((json_int_t)row->n_tied));
    json_object_set_new(e, "resamples", json_integer((json_int_t)row->resamples));
    for (guint i = 0; i < row->figures->len; i++) {
        const PlNamedNumber *f = &g_array_index(row->figures, PlNamedNumber, i);
        json_object_set_new(e, f->name, number(f->value));
    }
    json_object_set_new(e, "reason", pl_json_text(row->reason));
    return e;
}

char *pl_report_stat_json(const PlStatResult *r) {
    json_t *o = json_object(), *estimates = json_array(), *notes = json_array();
    json_object_set_new(o, "method", json_string(r->method));
    json_object_set_new(o, "rows", json_integer(r->rows));
    json_object_set_new(o, "used", json_integer(r->used));
    json_object_set_new(o, "left_out", json_integer(r->rows - r->used));
    json_object_set_new(o, "seed", json_integer(r->seed));
    for (guint i = 0; i < r->table->len; i++)
        json_array_append_new(estimates, estimate_json(r, g_ptr_array_index(r->table, i)));
    for (guint i = 0; i < r->notes->len; i++)
        json_array_append_new(notes, pl_json_text(g_ptr_array_index(r->notes, i)));
    json_object_set_new(o, "estimates", estimates);
    json_object_set_new(o, "notes", notes);
    char *dump = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(17) | JSON_ENSURE_ASCII);
    json_decref(o);
    char *out = g_strconcat(dump, "\n", NULL);
    free(dump);
    return out;
}

static void line(GString *s, const char *name, double value) {
    g_autofree char *text = pl_stat_number(value, NAN);
    if (!isnan(value))
        g_string_append_printf(s, "  %-12s %s\n", name, text);
}

static void append_interval(GString *s, const PlStatResult *r, const PlStatRow *row) {
    if (isnan(row->conf_low) || (isinf(row->conf_low) && isinf(row->conf_high)))
        return;
    g_autofree char *low = pl_stat_number(row->conf_low, row->std_error),
                    *high = pl_stat_number(row->conf_high, row->std_error);
    if (isinf(row->conf_high))
        g_string_append_printf(s, "  %-12s %s or more", "interval", low);
    else if (isinf(row->conf_low))
        g_string_append_printf(s, "  %-12s %s or less", "interval", high);
    else
        g_string_append_printf(s, "  %-12s %s to %s", "interval", low, high);
    g_string_append_printf(s, "   (%g %%)\n", 100 * r->conf_level);
}

static void append_one(GString *s, const PlStatResult *r, const PlStatRow *row) {
    gboolean nothing =
        isnan(row->estimate) && isnan(row->p_value) && isnan(row->statistic) && !row->figures->len;
    if (nothing) {
        g_string_append_printf(s, "  not estimated: %s\n", row->reason ? row->reason : "");
        return;
    }
    g_autofree char *estimate = pl_stat_number(row->estimate, row->std_error);
    if (!isnan(row->estimate))
        g_string_append_printf(s, "  %-12s %s   (%s)\n", "estimate", estimate, r->estimates);
    append_interval(s, r, row);
    if (!isnan(row->p_value)) {
        g_autofree char *p = pl_format_p(row->p_value);
        g_string_append_printf(s, "  %-12s %s\n", "p", p);
    }
    line(s, "std_error", row->std_error);
    line(s, "statistic", row->statistic);
    line(s, "df", row->df);
    for (guint i = 0; i < row->figures->len; i++) {
        const PlNamedNumber *f = &g_array_index(row->figures, PlNamedNumber, i);
        line(s, f->name, f->value);
    }
    g_auto(GStrv) remarks = g_strsplit(row->reason ? row->reason : "", "; ", -1);
    for (char **remark = remarks; *remark; remark++)
        g_string_append_printf(s, "  %s\n", *remark);
}

char *pl_report_stat_text(const PlStatResult *r) {
    GString *s = g_string_new(r->title);
    if (r->columns) {
        g_string_append(s, " on ");
        pl_append_printable(s, r->columns);
        g_string_append_printf(s, ": %u of %u rows%s", r->used, r->rows,
                               r->used < r->rows ? ", the others have an empty value" : "");
    }
    g_string_append_c(s, '\n');
    const PlStatRow *first = r->table->len ? g_ptr_array_index(r->table, 0) : NULL;
    if (r->table->len == 1 && !first->term)
        append_one(s, r, first);
    else
        pl_append_stat_table(s, r);
    for (guint i = 0; i < r->notes->len; i++) {
        g_string_append(s, "  ");
        pl_append_printable(s, g_ptr_array_index(r->notes, i));
        g_string_append_c(s, '\n');
    }
    return g_string_free(s, FALSE);
}
