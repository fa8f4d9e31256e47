/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/stand_out.h"

#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"

/* Names in a sentence; more are counted. */
enum { NAMED = 3 };

static void adjust(PlStandOut *groups, guint n) {
    g_autofree double *p = g_new(double, n + 1), *adjusted = g_new(double, n + 1);
    g_autofree gsize *order = g_new(gsize, n + 1);
    guint m = 0;
    for (guint g = 0; g < n; g++)
        if (!isnan(groups[g].p_value))
            p[m++] = groups[g].p_value;
    if (pl_adjust_holm(p, m, order, adjusted) != PL_OK)
        return;
    m = 0;
    for (guint g = 0; g < n; g++)
        if (!isnan(groups[g].p_value)) {
            groups[g].finding->p_value = groups[g].p_value;
            groups[g].finding->p_adjusted = adjusted[m++];
        }
}

/* By the adjusted p-value, then by order. */
static gint by_p(gconstpointer a, gconstpointer b, gpointer unused) {
    const PlStandOut *x = *(PlStandOut *const *)a, *y = *(PlStandOut *const *)b;
    (void)unused;
    double p = x->finding->p_value, q = y->finding->p_value;
    return p != q ? (p > q) - (p < q) : (x > y) - (x < y);
}

static void say_one(GString *s, const PlStandOut *g) {
    const PlFinding *f = g->finding;
    const char *name = f->values != NULL ? f->values[0] : f->group;
    g_autofree char *value = pl_format_finding(f), *p = pl_format_p_is(f->p_adjusted),
                    *others = pl_format_amount(g->others, NAN, f->amount, f->unit);
    g_string_append_printf(s, "%.60s, %s against %s of the others (%s)", name, value, others, p);
}

char *pl_kpi_stand_out(const PlKpiRun *run, const char *role, PlStandOut *groups, guint n, const char *with) {
    g_autoptr(GPtrArray) worse = g_ptr_array_new();
    guint compared = 0;
    adjust(groups, n);
    for (guint g = 0; g < n; g++) {
        compared += !isnan(groups[g].p_value);
        if (groups[g].worse && groups[g].finding->p_adjusted <= 1 - run->conf_level)
            g_ptr_array_add(worse, &groups[g]);
    }
    if (compared < 2)
        return NULL;
    g_autofree char *many = g_strconcat(role, "s", NULL), *count = pl_format_count(compared, role, many);
    GString *s = g_string_new(NULL);
    g_string_append_printf(s, "Of %s compared, each with all others (p-values adjusted), ", count);
    if (worse->len == 0) {
        g_string_append_printf(s, "none stands out with %s.", with);
        return g_string_free(s, FALSE);
    }
    g_ptr_array_sort_with_data(worse, by_p, NULL);
    g_string_append_printf(s, "%u %s out with %s: ", worse->len, worse->len == 1 ? "stands" : "stand", with);
    for (guint i = 0; i < worse->len && i < NAMED; i++) {
        g_string_append(s, i > 0 ? "; " : "");
        say_one(s, g_ptr_array_index(worse, i));
    }
    if (worse->len > NAMED)
        g_string_append_printf(s, "; and %u more", worse->len - NAMED);
    g_string_append_c(s, '.');
    return g_string_free(s, FALSE);
}
