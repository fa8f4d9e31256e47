/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/stand_out.h"

#include <math.h>
#include <string.h>

#include "pairlift/kpi/step_down.h"
#include "pairlift/model/numbers.h"

/* Names in a sentence; more are counted. */
enum { NAMED = 3 };

typedef struct {
    PlStandOut *groups;
    guint n;
    PlStandOutTest *test;
    gpointer data;
    gboolean again;
} Compared;

/* The groups keep what they are against all others. */
static void compare(gpointer data, const gboolean *in, PlStanding *now) {
    Compared *c = data;
    g_autofree PlStandOut *again = g_new(PlStandOut, c->n + 1);
    PlStandOut *groups = c->again ? again : c->groups;
    memcpy(again, c->groups, c->n * sizeof *again);
    for (guint g = 0; c->test != NULL && g < c->n; g++)
        groups[g].p_value = NAN;
    if (c->test != NULL)
        c->test(c->data, in, groups);
    for (guint g = 0; g < c->n; g++)
        if (in[g]) {
            now[g].p = groups[g].p_value;
            now[g].difference = groups[g].worse ? 1 : -1;
        }
    c->again = TRUE;
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

/* A row that has a value but no p-value. */
static void say_not_compared(PlFinding *f, guint n) {
    if (n < 2 || f->reason != NULL || isnan(f->value))
        return;
    f->reason = n > PL_GROUPS_COMPARED
                    ? g_strdup_printf("more than %d groups: not compared", PL_GROUPS_COMPARED)
                    : g_strdup("too little is known of the group or of the others: not compared");
}

char *pl_kpi_stand_out(const PlKpiRun *run, const char *role, PlStandOut *groups, guint n, const char *with,
                       PlStandOutTest *test, gpointer data) {
    g_autoptr(GPtrArray) worse = g_ptr_array_new();
    g_autofree PlStanding *steps = g_new(PlStanding, n + 1);
    Compared all = {groups, n, test, data, FALSE};
    guint compared = pl_kpi_step_down(n, 1 - run->conf_level, compare, &all, steps);
    for (guint g = 0; g < n; g++) {
        if (isnan(steps[g].p)) {
            say_not_compared(groups[g].finding, n);
            continue;
        }
        groups[g].finding->p_value = steps[g].p;
        groups[g].finding->p_adjusted = steps[g].p_adjusted;
        if (groups[g].worse && steps[g].apart)
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
