/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_churn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairlift/kpi/against.h"
#include "pairlift/kpi/cycle_show.h"
#include "pairlift/kpi/survival_curve.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/proportions.h"

static int ascending(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

int *pl_cycle_churn_months(const PlKpiRun *run, guint *n) {
    static const int own[] = {6, 9};
    const GStrv given = run->study->def->kpis.sales_cycle.churn_months;
    guint count = given != NULL ? g_strv_length(given) : G_N_ELEMENTS(own);
    int *months = g_new(int, count + 1);
    for (guint i = 0; i < count; i++)
        months[i] = given != NULL ? (int)g_ascii_strtod(given[i], NULL) : own[i];
    qsort(months, count, sizeof *months, ascending);
    *n = 0;
    for (guint i = 0; i < count; i++)
        if (i == 0 || months[i] != months[i - 1])
            months[(*n)++] = months[i];
    return months;
}

char *pl_cycle_churn_name(int months) {
    return g_strdup_printf("churn_%d_month%s", months, months == 1 ? "" : "s");
}

/* Lifetimes of the purchases for which index is not PL_NO_LEVEL, `group` their index. */
static PlLifetime *lifetimes(const PlPurchases *p, const guint *index, PlArena *arena, gsize *n) {
    PlLifetime *all = pl_arena_take(arena, p->n + 1, sizeof *all);
    *n = 0;
    for (guint k = 0; all != NULL && k < p->n; k++)
        if (index == NULL || index[k] != PL_NO_LEVEL)
            all[(*n)++] = (PlLifetime){p->months[k], p->lost[k], index != NULL ? index[k] : 0};
    return all != NULL && pl_lifetimes_sort(all, *n, arena) == PL_OK ? all : NULL;
}

/* Churn at a horizon of one curve. Where no customer is lost by then, what can be said is a share of 0 of
 * those who were observed for so long: Wilson's interval. */
static void fill(PlFinding *f, const PlSurvivalCurve *curve, const PlLifetime *all, int horizon) {
    PlSurvivalAt at;
    pl_survival_at(curve, all, horizon, &at);
    f->n = (guint)curve->n;
    if (!at.estimable) {
        f->reason = g_strdup_printf("no customer has been observed for %d months since the purchase: wait "
                                    "until some have",
                                    horizon);
        return;
    }
    f->value = 1 - at.survival;
    f->std_error = at.std_error;
    if (f->value == 0 && at.n_risk > 1) {
        PlLimits l = pl_wilson((PlRate){0, (double)at.n_risk}, pl_normal_quantile((1 - f->conf_level) / 2));
        f->conf_low = l.low;
        f->conf_high = l.high;
    } else if (at.has_interval && curve->n > 1) {
        f->conf_low = 1 - at.high;
        f->conf_high = 1 - at.low;
    } else {
        f->reason = g_strdup(curve->n == 1 ? "a single customer has no interval"
                                           : "all customers are lost, or one is left: no interval");
    }
}

static void add_rows(const PlDeals *d, const PlSurvivalCurve *curve, const PlLifetime *all, const char *role,
                     const char *value, gboolean detail) {
    guint n;
    g_autofree int *months = pl_cycle_churn_months(d->run, &n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = pl_cycle_churn_name(months[i]),
                        *label = g_strdup_printf("Customers lost within %d month%s", months[i],
                                                 months[i] == 1 ? "" : "s");
        PlFinding *f = pl_section_add(d->run->section, NULL, name, label, PL_AMOUNT_SHARE);
        f->conf_level = d->run->conf_level;
        f->detail = detail;
        if (role != NULL)
            pl_finding_of(f, role, value, NULL);
        fill(f, curve, all, months[i]);
    }
}

static PlCurve *add_curve(const PlDeals *d, const PlSurvivalCurve *curve, const char *group) {
    PlCurve *c = pl_curve_of_survival(d->run->section, "churn_survival", curve);
    c->group = g_strdup(group);
    c->x_label = g_strdup("months since the purchase");
    c->y_label = g_strdup("Share of customers still there");
    return c;
}

/* "16.2 % (13.6 to 18.7 %) within 6 months and 22.3 % (...) within 9 months". */
static char *shares_of_all(const PlDeals *d, gboolean intervals) {
    guint n;
    g_autofree int *months = pl_cycle_churn_months(d->run, &n);
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = pl_cycle_churn_name(months[i]);
        const PlFinding *f = pl_section_find(d->run->section, NULL, name);
        g_autofree char *value =
            intervals ? pl_format_finding(f)
                      : pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
        g_string_append_printf(s, "%s%s within %d month%s",
                               i == 0       ? ""
                               : i + 1 == n ? " and "
                                            : ", ",
                               isnan(f->value) ? "not known" : value, months[i], months[i] == 1 ? "" : "s");
    }
    return g_string_free(s, FALSE);
}

static void say_all(const PlDeals *d, const PlPurchases *p, PlCurve *curve) {
    g_autofree char *count = pl_format_count(p->n, "customer", "customers"), *shares = shares_of_all(d, TRUE),
                    *title = shares_of_all(d, FALSE);
    const char *since = p->from_start ? "their start" : "their first won deal";
    pl_section_say(
        d->run->section,
        "Customers lost since %s: %s (of %s; who was observed for a shorter time counts as long as "
        "that).",
        since, shares, count);
    curve->title = g_strdup_printf("Customers lost since %s: %s", since, title);
}

static void add_missing(const PlDeals *d, const char *reason) {
    guint n;
    g_autofree int *months = pl_cycle_churn_months(d->run, &n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *name = pl_cycle_churn_name(months[i]),
                        *label = g_strdup_printf("Customers lost within %d month%s", months[i],
                                                 months[i] == 1 ? "" : "s");
        pl_kpi_missing(d->run, name, label, PL_AMOUNT_SHARE, "%s", reason);
    }
}

void pl_cycle_churn(const PlDeals *d, const PlPurchases *p) {
    PlArena arena = {0};
    PlSurvivalCurve curve;
    gsize n;
    if (p->reason != NULL) {
        add_missing(d, p->reason);
        return;
    }
    PlLifetime *all = lifetimes(p, NULL, &arena, &n);
    if (all != NULL && pl_kaplan_meier(all, n, d->run->conf_level, &arena, &curve) == PL_OK) {
        add_rows(d, &curve, all, NULL, NULL, FALSE);
        say_all(d, p, add_curve(d, &curve, NULL));
    }
    pl_arena_clear(&arena);
}

static void say_against(const PlAgainst *of, const PlAgainstSummary *sum) {
    g_autofree char *more = pl_against_names(of, of->more), *less = pl_against_names(of, of->less),
                    *count = pl_against_count(sum->n_compared, of->role);
    if (sum->n_compared < 2)
        return;
    if (more == NULL && less == NULL)
        pl_section_say(
            of->run->section,
            "Of %s compared, the customers of none leave clearly more or less often than those of the "
            "others taken together; that does not show that they are alike.",
            count);
    else
        pl_section_say(
            of->run->section,
            "Of %s compared with the others taken together, clearly more customers leave: %s; clearly "
            "fewer: %s (customers lost a month in relation to the others; p adjusted for the number "
            "compared).",
            count, more != NULL ? more : "none", less != NULL ? less : "none");
}

/* The log-rank test looks as far as the last of the months, so that it is of what the rows show. */
static void compare(const PlDeals *d, const PlKpiGroups *groups, const PlLifetime *sorted, gsize n,
                    PlArena *arena) {
    guint n_months;
    g_autofree int *months = pl_cycle_churn_months(d->run, &n_months);
    PlLifetime *cut = pl_arena_take(arena, n + 1, sizeof *cut);
    if (cut == NULL)
        return;
    for (gsize i = 0; i < n; i++) {
        gboolean within = sorted[i].time <= months[n_months - 1];
        cut[i] = within ? sorted[i] : (PlLifetime){months[n_months - 1], false, sorted[i].group};
    }
    PlAgainst of = {.run = d->run,
                    .measure = "churn_against_rest",
                    .label = "Customers lost, against the others",
                    .more = "more",
                    .less = "fewer",
                    .role = groups->name,
                    .values = groups->values,
                    .n = groups->n};
    PlAgainstSummary sum = pl_against_logrank(&of, cut, n);
    say_against(&of, &sum);
}

/* The lifetimes of each group together, ascending: group g's are [begin[g], begin[g + 1]). NULL: no memory.
 */
static PlLifetime *split(const PlLifetime *sorted, gsize n, guint n_groups, guint *begin, PlArena *arena) {
    g_autofree guint *next = g_new0(guint, n_groups + 2);
    PlLifetime *own = pl_arena_take(arena, n + 1, sizeof *own);
    for (gsize i = 0; i < n; i++)
        next[sorted[i].group + 1]++;
    for (guint g = 0; g < n_groups; g++)
        next[g + 1] += next[g];
    memcpy(begin, next, (n_groups + 1) * sizeof *begin);
    for (gsize i = 0; own != NULL && i < n; i++)
        own[next[sorted[i].group]++] = sorted[i];
    return own;
}

static void draw_groups(const PlDeals *d, const PlKpiGroups *groups, const PlLifetime *own,
                        const guint *begin, const guint *size, PlArena *arena) {
    g_autofree gboolean *drawn = pl_cycle_drawn(d->run->section, "churn_against_rest", groups, size);
    guint without = pl_cycle_not_drawn(drawn, size, groups->n);
    for (guint g = 0; g < groups->n; g++) {
        PlSurvivalCurve curve;
        if (!drawn[g] || pl_kaplan_meier(own + begin[g], size[g], d->run->conf_level, arena, &curve) != PL_OK)
            continue;
        add_curve(d, &curve, groups->values[g])->not_drawn = without;
        without = 0;
    }
}

/* The rows of each group, their comparison, and the curves of some. */
static void add_groups(const PlDeals *d, const PlKpiGroups *groups, const PlLifetime *sorted, gsize n,
                       PlArena *arena) {
    g_autofree guint *begin = g_new0(guint, groups->n + 2), *size = g_new0(guint, groups->n + 1);
    PlLifetime *own = split(sorted, n, groups->n, begin, arena);
    for (guint g = 0; g < groups->n; g++)
        size[g] = begin[g + 1] - begin[g];
    g_autofree gboolean *shown = pl_cycle_largest(size, groups->n, PL_CYCLE_ROWS_MOST);
    for (guint g = 0; own != NULL && g < groups->n; g++) {
        PlSurvivalCurve curve;
        if (pl_kaplan_meier(own + begin[g], size[g], d->run->conf_level, arena, &curve) == PL_OK)
            add_rows(d, &curve, own + begin[g], groups->name, groups->values[g], !shown[g]);
    }
    compare(d, groups, sorted, n, arena);
    if (own != NULL)
        draw_groups(d, groups, own, begin, size, arena);
}

gboolean pl_cycle_churn_by(const PlDeals *d, const PlPurchases *p, const char *name) {
    PlArena arena = {0};
    gsize n;
    if (p->reason != NULL)
        return FALSE;
    g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(d->run->study, p->records, name);
    if (groups == NULL)
        return FALSE;
    g_autofree guint *index = g_new(guint, p->n + 1);
    for (guint k = 0; k < p->n; k++)
        index[k] = groups->of_row[p->row[k]];
    PlLifetime *sorted = lifetimes(p, index, &arena, &n);
    if (sorted != NULL && n > 0)
        add_groups(d, groups, sorted, n, &arena);
    pl_arena_clear(&arena);
    return TRUE;
}

void pl_cycle_churn_series(const PlDeals *d, const PlPurchases *p, const PlBuckets *b, double *value,
                           double *low, double *high) {
    guint n_months;
    gsize n;
    PlArena arena = {0};
    g_autofree int *months = pl_cycle_churn_months(d->run, &n_months);
    g_autofree guint *index = g_new(guint, p->n + 1), *begin = g_new0(guint, b->n + 2);
    for (guint i = 0; i < p->n; i++)
        index[i] = pl_bucket_of(b, p->day[i]);
    PlLifetime *sorted = lifetimes(p, index, &arena, &n);
    PlLifetime *own = sorted != NULL ? split(sorted, n, b->n, begin, &arena) : NULL;
    for (guint k = 0; k < b->n; k++) {
        PlSurvivalCurve curve;
        PlFinding f = {.conf_level = d->run->conf_level, .value = NAN, .conf_low = NAN, .conf_high = NAN};
        if (own != NULL &&
            pl_kaplan_meier(own + begin[k], begin[k + 1] - begin[k], f.conf_level, &arena, &curve) == PL_OK)
            fill(&f, &curve, own + begin[k], months[0]);
        value[k] = f.value;
        low[k] = f.conf_low;
        high[k] = f.conf_high;
        g_free(f.reason);
    }
    pl_arena_clear(&arena);
}
