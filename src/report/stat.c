/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/stat.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "pairlift/model/numbers.h"
#include "pairlift/model/printable.h"

void pl_stat_result_clear(PlStatResult *r) {
    g_clear_pointer(&r->reason, g_free);
}

static json_t *number(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

char *pl_report_stat_json(const PlStatResult *r) {
    json_t *e = json_object();
    const struct {
        const char *name;
        double value;
    } fields[] = {{"estimate", r->estimate},   {"std_error", r->std_error},
                  {"statistic", r->statistic}, {"df", r->df},
                  {"p_value", r->p_value},     {"conf_low", r->conf_low},
                  {"conf_high", r->conf_high}, {"conf_level", r->conf_level}};
    json_object_set_new(e, "method", json_string(r->method));
    json_object_set_new(e, "scale", json_string("absolute"));
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        json_object_set_new(e, fields[i].name, number(fields[i].value));
    json_object_set_new(e, "n", json_integer(r->used));
    json_object_set_new(e, "n_dropped", json_integer(r->n_dropped));
    json_object_set_new(e, "n_tied", json_integer(r->n_tied));
    json_object_set_new(e, "resamples", json_integer((json_int_t)r->resamples));
    json_object_set_new(e, "reason", r->reason ? json_string(r->reason) : json_null());
    json_t *o = json_pack("{s:s, s:i, s:i, s:i, s:I, s:[o]}", "method", r->method, "rows", (int)r->rows,
                          "used", (int)r->used, "left_out", (int)(r->rows - r->used), "seed",
                          (json_int_t)r->seed, "estimates", e);
    char *dump = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(17) | JSON_ENSURE_ASCII);
    json_decref(o);
    char *out = g_strconcat(dump, "\n", NULL);
    free(dump);
    return out;
}

static void line(GString *s, const char *name, double value) {
    if (isnan(value))
        return;
    g_string_append_printf(s, "  %-12s %.6g\n", name, value);
}

char *pl_report_stat_text(const PlStatResult *r) {
    GString *s = g_string_new(r->title);
    g_string_append(s, " on ");
    pl_append_printable(s, r->x);
    if (r->y) {
        g_string_append(s, " - ");
        pl_append_printable(s, r->y);
    }
    g_string_append_printf(s, ": %u of %u rows%s\n", r->used, r->rows,
                           r->used < r->rows ? ", the others have an empty value" : "");
    if (isnan(r->estimate)) {
        g_string_append_printf(s, "  not estimated: %s\n", r->reason);
        return g_string_free(s, FALSE);
    }
    g_autofree char *p = pl_format_p(r->p_value);
    g_string_append_printf(s, "  %-12s %.6g   (%s)\n", "estimate", r->estimate, r->estimates);
    g_string_append_printf(s, "  %-12s %.6g to %.6g   (%g %%)\n", "interval", r->conf_low, r->conf_high,
                           100 * r->conf_level);
    g_string_append_printf(s, "  %-12s %s\n", "p", p);
    line(s, "std_error", r->std_error);
    line(s, "statistic", r->statistic);
    line(s, "df", r->df);
    g_auto(GStrv) remarks = g_strsplit(r->reason ? r->reason : "", "; ", -1);
    for (char **remark = remarks; *remark; remark++)
        g_string_append_printf(s, "  %s\n", *remark);
    return g_string_free(s, FALSE);
}
