/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/headline.h"
#include "pairlift/kpi/upsell.h"
#include "pairlift/stats/cluster_rate.h"
#include "pairlift/stats/cluster_ratio.h"

#include <math.h>
#include <string.h>

#define OF(column) offsetof(PlTally, column)

/* clang-format off */
const PlUpsellMeasure pl_upsell_measures[] = {
    {"upsell_rate", "Orders with an up-sell", PL_AMOUNT_SHARE, TRUE, TRUE, FALSE, OF(upsell), OF(orders)},
    {"cross_sell_rate", "Orders with a cross-sell", PL_AMOUNT_SHARE, TRUE, TRUE, FALSE, OF(cross), OF(orders)},
    {"upsell_value_share", "Share of the value sold up or cross", PL_AMOUNT_SHARE, FALSE, TRUE, FALSE, OF(extra), OF(value)},
    {"attach_rate", "Orders with several products", PL_AMOUNT_SHARE, TRUE, FALSE, FALSE, OF(several), OF(orders)},
    {"order_value", "Value an order", PL_AMOUNT_TOTAL, FALSE, FALSE, FALSE, OF(value), OF(orders)},
    {"products_per_order", "Different products an order", PL_AMOUNT_PRICE, FALSE, FALSE, FALSE, OF(products), OF(orders)},
    {"pieces_per_order", "Quantity an order", PL_AMOUNT_PRICE, FALSE, FALSE, TRUE, OF(pieces), OF(orders)},
    {0}};
/* clang-format on */

gboolean pl_upsell_can(const PlOrders *o, const PlUpsellMeasure *m) {
    if (m->needs_kind && o->kind == NULL)
        return FALSE;
    return !m->needs_pieces || o->quantity != NULL;
}

static double sum_of(const double *x, guint n) {
    double sum = 0;
    for (guint i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

static void fill_rate(PlFinding *f, const PlTally *t, const double *over, const double *under) {
    PlClusterRate rate;
    if (pl_cluster_rate(over, under, t->n, f->conf_level, &rate) != PL_OK)
        return;
    f->std_error = rate.std_error;
    f->conf_low = rate.conf_low;
    f->conf_high = rate.conf_high;
}

static void fill_ratio(PlFinding *f, const PlTally *t, const double *over, const double *under) {
    PlInferenceOptions options = {.conf_level = f->conf_level, .threads = 1};
    PlInference in;
    PlStatus status = pl_cluster_ratio((PlClusteredRatio){over, under}, t->n, &options, &in);
    if (status == PL_NO_VARIANCE)
        f->reason = g_strdup("it is the same of every customer: no interval");
    if (status != PL_OK)
        return;
    gboolean share = f->amount == PL_AMOUNT_SHARE && f->value >= 0 && f->value <= 1;
    f->std_error = in.std_error;
    f->conf_low = share ? fmax(0, in.conf_low) : in.conf_low;
    f->conf_high = share ? fmin(1, in.conf_high) : in.conf_high;
}

PlFinding *pl_upsell_add(const PlKpiRun *run, const PlUpsellMeasure *m, const PlTally *t) {
    PlFinding *f = pl_section_add(run->section, NULL, m->name, m->label, m->amount);
    const double *over = pl_tally_column(t, m->over), *under = pl_tally_column(t, m->under);
    double base = sum_of(under, t->n), amount = sum_of(over, t->n);
    if (m->amount == PL_AMOUNT_TOTAL)
        f->unit = g_strdup(run->study->money);
    f->n = t->n_orders;
    f->conf_level = run->conf_level;
    if (isnan(amount)) {
        f->reason = g_strdup("lines without a quantity: fill in the column with the role quantity");
        return f;
    }
    if (!(base > 0)) {
        f->reason = g_strdup(t->n == 0 ? "no orders" : "the amounts do not add up to more than 0");
        return f;
    }
    f->value = amount / base;
    if (t->n < 2)
        f->reason = g_strdup("all orders are of one customer: no interval");
    else if (m->rate)
        fill_rate(f, t, over, under);
    else
        fill_ratio(f, t, over, under);
    return f;
}

static const PlUpsellMeasure *target_measure(const PlKpiRun *run) {
    for (const PlUpsellMeasure *m = pl_upsell_measures; m->name != NULL; m++)
        if (pl_kpi_is_target(run, m->name))
            return m;
    return &pl_upsell_measures[0];
}

static PlFinding *add_missing(const PlKpiRun *run, const PlUpsellMeasure *m) {
    return pl_kpi_missing(run, m->name, m->label, m->amount, "%s",
                          "which lines were sold up or cross is not told: the table \"order_lines\" needs a "
                          "column with the role kind (base, upsell, cross_sell)");
}

/* Values of a measure by period, for its trend. */
typedef struct {
    double *value, *low, *high;
    PlFinding *now; /* of the last complete period with orders; NULL: none */
} Course;

static void course_clear(Course *c) {
    g_free(c->value);
    g_free(c->low);
    g_free(c->high);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Course, course_clear)

static guint *buckets_of_lines(const PlOrders *o) {
    guint *of_line = g_new(guint, o->lines->n + 1);
    for (guint k = 0; k < o->n; k++)
        for (guint j = o->begin[k]; j < o->begin[k + 1]; j++)
            of_line[o->line[j]] = o->bucket[k];
    return of_line;
}

/* Adds the row of each period and measure. The last complete one of the target's is the KPI's headline. */
static void add_periods(const PlKpiRun *run, const PlOrders *o, const PlUpsellMeasure *target, Course *c) {
    const PlBuckets *b = o->buckets;
    g_autofree guint *of_line = buckets_of_lines(o);
    g_autoptr(PlOrderGroups) groups = pl_order_groups_new(o, of_line, b->n);
    c->value = g_new(double, b->n);
    c->low = g_new(double, b->n);
    c->high = g_new(double, b->n);
    for (guint k = b->n; k-- > 0;) {
        const PlTally *t = pl_order_groups_tally(groups, k);
        c->value[k] = c->low[k] = c->high[k] = NAN;
        for (const PlUpsellMeasure *m = pl_upsell_measures; m->name != NULL; m++) {
            if (t->n == 0 || !pl_upsell_can(o, m))
                continue;
            PlFinding *f = pl_upsell_add(run, m, t);
            f->period = g_strdup(b->names[k]);
            f->detail = TRUE;
            if (m != target)
                continue;
            c->value[k] = f->value;
            c->low[k] = f->conf_low;
            c->high[k] = f->conf_high;
            if (c->now == NULL && k >= b->first && k < b->last)
                c->now = f;
        }
    }
}

void pl_upsell_rates(const PlKpiRun *run, const PlOrders *o) {
    const PlUpsellMeasure *target = target_measure(run);
    g_auto(Course) course = {0};
    PlFinding *whole = NULL;
    g_autoptr(PlOrderGroups) all = pl_order_groups_new(o, NULL, 1);
    const PlTally *t = pl_order_groups_tally(all, 0);
    for (const PlUpsellMeasure *m = pl_upsell_measures; m->name != NULL; m++) {
        PlFinding *f = NULL;
        if (pl_upsell_can(o, m))
            f = pl_upsell_add(run, m, t);
        else if (!m->needs_pieces)
            f = add_missing(run, m);
        if (m == target)
            whole = f;
    }
    if (pl_upsell_can(o, target))
        add_periods(run, o, target, &course);
    g_autofree char *look = pl_upsell_by(run, o);
    PlKpiSeries series = {o->buckets, course.value, course.low, course.high, FALSE};
    if (course.now != NULL)
        course.now->detail = FALSE;
    pl_kpi_headline(run, course.now != NULL ? course.now : whole, course.now != NULL ? &series : NULL, look);
}
