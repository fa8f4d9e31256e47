/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/against.h"
#include "pairlift/kpi/engagement.h"
#include "pairlift/kpi/stand_out.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/survival.h"

/* How long the customers who are still there usually wait between two contacts. */

static gboolean is_still(const PlContacts *c, guint i) {
    return c->there[i] && !c->left[i];
}

/* The unit in which gaps are shown: days where a unit of time has some. */
static double scale_of(const PlContacts *c) {
    return isnan(c->unit_days) ? 1 : c->unit_days;
}

/* The usual gaps of customers, of one group (group 1) or not; those of which only a lower bound is known are
 * censored. Ascending. */
static PlLifetime *lifetimes_of(PlEngagement *e, const PlCustomerGroups *g, guint *n) {
    PlLifetime *all = pl_arena_take(&e->arena, e->c->n, sizeof *all);
    *n = 0;
    for (guint i = 0; all != NULL && i < e->c->n; i++)
        if (is_still(e->c, i) && (g == NULL || g->of[i] != PL_NO_LEVEL))
            all[(*n)++] = (PlLifetime){e->waiting[i].gap * scale_of(e->c), e->waiting[i].known,
                                       g != NULL ? g->of[i] : 0};
    if (all == NULL || pl_lifetimes_sort(all, *n, &e->arena) != PL_OK)
        *n = 0;
    return all;
}

/* The median over customers (Kaplan and Meier), with the interval of Brookmeyer and Crowley. */
static void fill(PlEngagement *e, PlFinding *f, const PlLifetime *sorted, guint n) {
    PlSurvivalCurve curve;
    f->unit = g_strdup(e->c->unit);
    f->n = n;
    if (n == 0 || pl_kaplan_meier(sorted, n, e->run->conf_level, &e->arena, &curve) != PL_OK) {
        f->reason = g_strdup("no customer is still there");
        return;
    }
    if (!curve.has_median) {
        f->reason = g_strdup("more than half of the customers have not been contacted twice yet, so that "
                             "their usual gap is not known");
        return;
    }
    f->value = curve.median;
    f->conf_level = e->run->conf_level;
    if (curve.has_median_low)
        f->conf_low = curve.median_low;
    if (isfinite(curve.median_high))
        f->conf_high = curve.median_high;
    if (n == 1) {
        f->conf_low = f->conf_high = NAN;
        f->reason = g_strdup("one customer has no spread to judge it by");
    }
}

static PlFinding *add(PlEngagement *e) {
    return pl_section_add(e->run->section, NULL, "gap_days", "Usual gap between contacts", PL_AMOUNT_TOTAL);
}

void pl_engage_gaps(PlEngagement *e) {
    guint n;
    PlEngageRow *row = &e->rows[PL_ENGAGE_GAP];
    PlArenaMark mark = pl_arena_mark(&e->arena);
    PlLifetime *sorted = lifetimes_of(e, NULL, &n);
    row->finding = add(e);
    fill(e, row->finding, sorted, n);
    pl_arena_release(&e->arena, mark);
    e->usual = row->finding->value / scale_of(e->c);
    row->value = pl_gap_by_period(e->c, e->b);
    for (guint k = 0; row->value != NULL && k < e->b->n; k++)
        row->value[k] *= scale_of(e->c);
}

/* Groups that are compared; the others are always among "all others". */
typedef struct {
    PlEngagement *e;
    const PlLifetime *sorted;
    guint n, shown;
} Groups;

/* The waiting of one group against that of all others, by the log-rank test: contacts are its events. */
static void compare(const Groups *of, const gboolean *in, guint value, PlStandOut *out) {
    PlEngagement *e = of->e;
    PlLogrank test;
    PlSurvivalCurve curve;
    guint m = 0, n = 0;
    PlArenaMark mark = pl_arena_mark(&e->arena);
    PlLifetime *two = pl_arena_take(&e->arena, of->n, sizeof *two),
               *rest = pl_arena_take(&e->arena, of->n, sizeof *rest);
    for (guint i = 0; two != NULL && rest != NULL && i < of->n; i++) {
        gsize group = of->sorted[i].group;
        if (group < of->shown && !in[group])
            continue;
        two[n] = of->sorted[i];
        two[n++].group = group == value;
        if (group != value)
            rest[m++] = of->sorted[i];
    }
    if (m > 0 && m < n && pl_logrank(two, n, 2, &e->arena, &test) == PL_OK &&
        pl_against_enough(test.groups[1].expected, test.groups[0].expected + test.groups[1].expected) &&
        pl_kaplan_meier(rest, m, e->run->conf_level, &e->arena, &curve) == PL_OK) {
        out->p_value = test.p_value;
        out->worse = test.groups[1].observed < test.groups[1].expected;
        out->others = curve.has_median ? curve.median : NAN;
    }
    pl_arena_release(&e->arena, mark);
}

static void compare_groups(gpointer data, const gboolean *in, PlStandOut *rows) {
    const Groups *of = data;
    for (guint k = 0; k < of->shown; k++)
        if (in[k] && !isnan(rows[k].finding->value))
            compare(of, in, k, &rows[k]);
}

static void add_groups(PlEngagement *e, const PlCustomerGroups *g) {
    guint n;
    PlArenaMark mark = pl_arena_mark(&e->arena);
    PlLifetime *sorted = lifetimes_of(e, g, &n), *own = pl_arena_take(&e->arena, n, sizeof *own);
    g_autofree PlStandOut *rows = g_new0(PlStandOut, g->n + 1);
    guint shown = own == NULL ? 0 : MIN(g->n, PL_GROUPS_COMPARED);
    for (guint k = 0; k < shown; k++) {
        PlFinding *f = add(e);
        guint m = 0;
        pl_finding_of(f, g->name, g->values[k], NULL);
        f->detail = k >= PL_GROUPS_SHOWN;
        for (guint i = 0; i < n; i++)
            if (sorted[i].group == k)
                own[m++] = sorted[i];
        fill(e, f, own, m);
        if (pl_kpi_is_target(e->run, f->measure))
            pl_kpi_judge(e->run, f);
        rows[k] = (PlStandOut){f, NAN, NAN, FALSE};
    }
    if (g->n > shown)
        pl_result_check(e->run->study->result, "gap_groups", PL_WARN, g->n - shown,
                        "usual gaps are shown for the first %u of %u values of \"%s\" only", shown, g->n,
                        g->name);
    Groups of = {e, sorted, n, shown};
    pl_engage_say(e, PL_ENGAGE_GAP,
                  pl_kpi_stand_out(e->run, g->name, rows, shown, "a longer usual gap", compare_groups, &of));
    pl_arena_release(&e->arena, mark);
}

void pl_engage_gaps_by(PlEngagement *e) {
    for (PlCustomerGroups **g = e->groups; *g != NULL; g++)
        add_groups(e, *g);
}
