/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/engagement.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/proportions.h"

/* How long customers stay. */

#define YEAR_MONTHS 12

static PlRate stayed(const PlSurvivalAt *at) {
    return (PlRate){(double)at->n_risk, (double)at->n_risk};
}

/* Share still there; where nobody has left so far, Wilson's limit of those observed until then. */
void pl_engage_share(const PlEngagement *e, PlFinding *f, const PlSurvivalAt *at, guint n, const char *what) {
    f->n = n;
    if (!at->estimable) {
        f->reason = g_strdup_printf("no %s has been observed for that long yet", what);
        return;
    }
    f->value = at->survival;
    f->conf_level = e->run->conf_level;
    if (at->has_interval) {
        f->std_error = at->std_error;
        f->conf_low = at->low;
        f->conf_high = at->high;
    } else if (at->survival == 1 && at->n_risk > 1) {
        f->conf_low = pl_wilson(stayed(at), pl_normal_quantile((1 - e->run->conf_level) / 2)).low;
        f->conf_high = 1;
    } else {
        f->reason =
            g_strdup(at->survival == 1 ? "one customer has no spread to judge it by" : "all have left");
    }
}

static PlLifetime *lengths_of(PlEngagement *e, guint *n) {
    const PlContacts *c = e->c;
    PlLifetime *all = pl_arena_take(&e->arena, c->n, sizeof *all);
    *n = 0;
    for (guint i = 0; all != NULL && i < c->n; i++)
        if (c->there[i])
            all[(*n)++] = (PlLifetime){(c->end[i] - c->start[i]) * c->unit_days, c->left[i], 0};
    if (all == NULL || pl_lifetimes_sort(all, *n, &e->arena) != PL_OK)
        *n = 0;
    return all;
}

const char *pl_engage_no_length(const PlContacts *c) {
    if (c->customers == NULL)
        return "needs the table \"customers\" with the start and the end of each";
    if (!c->knows_ends)
        return "the table \"customers\" has no column \"end\", so that nobody can say who has left: columns: "
               "{end: NAME} under data says which one it is";
    return isnan(c->unit_days) ? "it is not known how many of the numbered periods make a month; dates say so"
                               : NULL;
}

void pl_engage_length(PlEngagement *e) {
    const char *why = pl_engage_no_length(e->c);
    guint n;
    PlSurvivalCurve curve;
    PlSurvivalAt year;
    PlFinding *f = pl_section_add(e->run->section, NULL, "relationship_days",
                                  "Length of the relationship (half have left by then)", PL_AMOUNT_TOTAL);
    f->unit = g_strdup("days");
    PlFinding *share = pl_section_add(e->run->section, NULL, "retention_12_months",
                                      "Customers still there after 12 months", PL_AMOUNT_SHARE);
    f->reason = g_strdup(why);
    share->reason = g_strdup(why);
    if (why != NULL)
        return;
    PlArenaMark mark = pl_arena_mark(&e->arena);
    PlLifetime *all = lengths_of(e, &n);
    if (n > 0 && pl_kaplan_meier(all, n, e->run->conf_level, &e->arena, &curve) == PL_OK) {
        f->n = n;
        f->conf_level = e->run->conf_level;
        f->value = curve.has_median ? curve.median : NAN;
        f->conf_low = curve.has_median_low ? curve.median_low : NAN;
        f->conf_high = curve.has_median && isfinite(curve.median_high) ? curve.median_high : NAN;
        if (!curve.has_median)
            f->reason = g_strdup_printf("more than half of the customers are still there at the longest time "
                                        "observed, %.0f days",
                                        curve.last_time);
        pl_survival_at(&curve, all, YEAR_MONTHS * PL_MONTH_DAYS, &year);
        pl_engage_share(e, share, &year, n, "customer");
    }
    pl_arena_release(&e->arena, mark);
}
