/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/coupons.h"

#include <math.h>
#include <string.h>

#include "pairlift/effect/coupon_faces.h"
#include "pairlift/effect/coupon_value.h"
#include "pairlift/effect/totals.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/cluster_rate.h"

/* What a part is about. */
typedef struct {
    const PlStudy *study;
    const PlCouponCounts *counts;
    PlSection *section;
    const char *treatment;
    const char *unit, *currency; /* NULL: none is known */
    gboolean several;            /* treatments: sentences name theirs */
} Part;

static gboolean is_of_coupons(const PlCouponCounts *counts) {
    return counts->n_rows > 0 || g_strcmp0(counts->arm->treatment->kind, "coupon") == 0;
}

/* "" or "Treatment NAME: ", a sentence's opening. */
static char *opening(const Part *p) {
    return p->several ? g_strdup_printf("%s: ", p->treatment) : g_strdup("");
}

static PlFinding *add(const Part *p, const char *measure, const char *label, PlAmount amount) {
    PlFinding *f = pl_section_add(p->section, p->treatment, measure, label, amount);
    f->period = g_strdup("during");
    return f;
}

static char *amount(const PlFinding *f) {
    return pl_format_amount_size(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
}

/* " (1.6 % to 2.2 %)", "" without an interval. */
static char *in_brackets(const PlFinding *f) {
    if (isnan(f->conf_low) && isnan(f->conf_high))
        return g_strdup("");
    g_autofree char *text =
        pl_format_amount_interval(isnan(f->conf_low) ? -INFINITY : f->conf_low,
                                  isnan(f->conf_high) ? INFINITY : f->conf_high, f->amount, f->unit);
    return g_strdup_printf(" (%s)", text);
}

/* ---- redemption */

static const char *why_no_rate(const PlCouponCounts *c) {
    const PlCoupons *table = c->study->tables ? c->study->tables->coupons : NULL;
    if (!table)
        return "there is no table of coupons: under data, {table: coupons, file: coupons.csv} with store, "
               "date, "
               "distributed and redeemed";
    if (c->n_rows == 0)
        return "the table of coupons has no row of these test stores during the promotion";
    if (!table->has_distributed)
        return "the table of coupons does not say how many were handed out: give it a column distributed";
    return c->n_over > 0
               ? "every store redeemed more coupons during the promotion than it handed out then, or does "
                 "not say how many"
               : "no store says how many coupons it handed out during the promotion";
}

static void say_rate(const Part *p, const PlFinding *f) {
    const PlCouponCounts *c = p->counts;
    g_autofree char *start = opening(p), *rate = amount(f), *interval = in_brackets(f),
                    *redeemed = pl_format_number(c->all_redeemed, 0),
                    *handed = pl_format_number(c->all_handed, 0),
                    *stores = pl_format_count(f->n, "store", "stores");
    g_autoptr(GString) left = g_string_new(NULL);
    if (c->n_over)
        g_string_append_printf(left,
                               " Left out of this: %u %s that redeemed more during the promotion than they "
                               "handed out then.",
                               c->n_over, c->n_over == 1 ? "store" : "stores");
    if (c->n_unknown)
        g_string_append_printf(left, " Left out of this: %u %s without a number of coupons handed out.",
                               c->n_unknown, c->n_unknown == 1 ? "store" : "stores");
    pl_section_say(p->section, "%s%s of the coupons were redeemed%s: %s of %s handed out in %s.%s", start,
                   rate, interval, redeemed, handed, stores, left->str);
}

static const PlFinding *add_rate(const Part *p) {
    const PlCouponCounts *c = p->counts;
    PlFinding *f = add(p, "redemption_rate", "Redeemed", PL_AMOUNT_SHARE);
    g_autofree double *redeemed = g_new0(double, c->n_stores + 1), *handed = g_new0(double, c->n_stores + 1);
    for (guint s = 0; s < c->n_stores; s++)
        if (c->sound[s]) {
            redeemed[s] = c->store_redeemed[s];
            handed[s] = c->store_handed[s];
        }
    if (!(c->all_handed > 0)) {
        f->reason = g_strdup(why_no_rate(c));
        return f;
    }
    pl_set_coupon_rate(f, redeemed, handed, c->n_stores, p->study->options.conf_level);
    say_rate(p, f);
    return f;
}

static void add_counts(const Part *p) {
    static const char *const names[][2] = {{"coupons_distributed", "Coupons handed out"},
                                           {"coupons_redeemed", "Coupons redeemed"}};
    const double values[] = {p->counts->all_handed, p->counts->any_redeemed};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (values[i] > 0 || i == 1) {
            PlFinding *f = add(p, names[i][0], names[i][1], PL_AMOUNT_NUMBER);
            f->value = values[i];
            f->n = p->counts->n_stores;
        }
}

/* ---- store by store */

typedef struct {
    guint store; /* among those of the counts */
    double rate;
} StoreRate;

static int descending(const void *a, const void *b) {
    const StoreRate *x = a, *y = b;
    if (x->rate != y->rate)
        return x->rate < y->rate ? 1 : -1;
    return (x->store > y->store) - (x->store < y->store);
}

/* Two stores and more, from the highest down. */
static void say_range(const Part *p, const StoreRate *rates, guint n) {
    const PlCouponCounts *c = p->counts;
    const char *const *names = (const char *const *)p->study->panel->stores;
    g_autofree double *redeemed = g_new0(double, n), *handed = g_new0(double, n);
    double alpha = 1 - p->study->options.conf_level;
    PlClusterRate all;
    for (guint i = 0; i < n; i++) {
        redeemed[i] = c->store_redeemed[rates[i].store];
        handed[i] = c->store_handed[rates[i].store];
    }
    if (pl_cluster_rate(redeemed, handed, n, 1 - alpha, &all) != PL_OK)
        return;
    g_autofree char *start = opening(p), *chance = pl_format_p_is(all.equal_p_value),
                    *low = pl_format_amount(rates[n - 1].rate, NAN, PL_AMOUNT_SHARE, NULL),
                    *high = pl_format_amount(rates[0].rate, NAN, PL_AMOUNT_SHARE, NULL);
    g_autoptr(GString) s = g_string_new(start);
    g_string_append_printf(s, "From store to store redemption goes from %s (%s) to %s (%s)", low,
                           names[c->store[rates[n - 1].store]], high, names[c->store[rates[0].store]]);
    if (!isnan(all.equal_p_value)) {
        gboolean differ = all.equal_p_value <= alpha;
        PlFinding *f = add(p, "store_differences", "Highest less lowest store", PL_AMOUNT_SHARE);
        f->value = rates[0].rate - rates[n - 1].rate;
        f->p_value = all.equal_p_value;
        f->n = n;
        f->verdict = g_strdup(differ ? "different" : "unclear");
        g_string_append_printf(s, ", %s chance makes of stores that redeem alike (chi-square, %s)",
                               differ ? "more than" : "no more than", chance);
    }
    pl_section_say(p->section,
                   "%s. Intervals of single stores are Wilson's, as if their coupons were redeemed "
                   "independently of each other.",
                   s->str);
}

static void add_stores(const Part *p) {
    const PlCouponCounts *c = p->counts;
    g_autofree StoreRate *rates = g_new0(StoreRate, c->n_stores + 1);
    guint n = 0;
    for (guint s = 0; s < c->n_stores; s++)
        if (c->sound[s])
            rates[n++] = (StoreRate){s, c->store_redeemed[s] / c->store_handed[s]};
    qsort(rates, n, sizeof *rates, descending);
    if (n > 1)
        say_range(p, rates, n);
    for (guint i = 0; i < n; i++) {
        guint s = rates[i].store;
        PlFinding *f = add(p, "redemption_rate", "Redeemed, store", PL_AMOUNT_SHARE);
        f->group = g_strdup(p->study->panel->stores[c->store[s]]);
        pl_set_coupon_rate(f, &c->store_redeemed[s], &c->store_handed[s], 1, p->study->options.conf_level);
        if (n > 1) /* said once, in the sentence on the range */
            g_clear_pointer(&f->reason, g_free);
    }
    for (guint s = 0; s < c->n_stores; s++) {
        if (c->sound[s] || !(c->store_redeemed[s] > 0))
            continue;
        PlFinding *f = add(p, "redemption_rate", "Redeemed, store", PL_AMOUNT_SHARE);
        f->group = g_strdup(p->study->panel->stores[c->store[s]]);
        f->reason = g_strdup(isnan(c->store_handed[s])
                                 ? "the table does not say how many coupons were handed out"
                                 : "more coupons were redeemed during the promotion than handed out then");
    }
}

/* ---- what it sold and earned */

static PlFinding *add_drawn(const Part *p, const char *measure, const char *label, PlAmount kind,
                            const char *unit, PlDrawn drawn, const PlCouponValue *v, const char *missing) {
    PlFinding *f = add(p, measure, label, kind);
    f->unit = g_strdup(unit);
    f->value = drawn.estimate;
    f->std_error = drawn.std_error;
    f->conf_low = drawn.low;
    f->conf_high = drawn.high;
    f->conf_level = isnan(drawn.low) && isnan(drawn.high) ? NAN : p->study->options.conf_level;
    f->n = v->n_stores;
    f->reason = g_strdup(isnan(drawn.estimate) ? (v->reason ? v->reason : missing)
                         : isnan(drawn.low)    ? v->no_interval
                                               : NULL);
    return f;
}

static void say_sold(const Part *p, const PlFinding *sold, const PlFinding *anyway, const PlCouponValue *v) {
    g_autofree char *start = opening(p), *value = amount(sold), *interval = in_brackets(sold),
                    *share = amount(anyway), *of = in_brackets(anyway);
    g_autoptr(GString) s = g_string_new(start);
    g_string_append_printf(s,
                           "For each coupon redeemed the test stores sold %s%s more than they would have "
                           "without the promotion%s",
                           value, p->unit ? "" : " units", interval);
    if (isnan(sold->conf_low))
        g_string_append_printf(s, "; how sure that is cannot be told: %s.", v->no_interval);
    else if (sold->conf_low <= 0 && sold->conf_high >= 1)
        g_string_append(s,
                        ": too uncertain to say whether the coupons sold anything, or whether any of their "
                        "redeemers would have bought anyway.");
    else if (sold->value > 1)
        g_string_append_printf(
            s,
            ": more than one a coupon%s, so the promotion worked beyond its coupons (as a "
            "display or a reminder does, or coupons that sell several units), and how many "
            "redeemers would have bought anyway cannot be told from sales.",
            sold->conf_low <= 1 ? ", though one or fewer fits the data, too" : "");
    else if (sold->value < 0)
        g_string_append(s, ": that is less, so nothing here says that the coupons sold anything.");
    else
        g_string_append_printf(
            s,
            "; if a coupon buys one unit, about %s of those who redeemed one%s would have "
            "bought without it%s.",
            share, of,
            sold->conf_low <= 0    ? ", and it cannot be told whether the coupons sold anything at all"
            : anyway->conf_low < 0 ? " (a share below zero stands for sales beyond the coupons)"
                                   : "");
    if (v->n_left_out)
        g_string_append_printf(
            s, " %u of %u test stores have no comparison and take no part, nor do their coupons.",
            v->n_left_out, v->n_left_out + v->n_stores);
    pl_section_say(p->section, "%s", s->str);
}

static void say_break_even(const Part *p, const PlFinding *even, const PlFinding *gain,
                           const PlCouponValue *v) {
    if (isnan(even->value))
        return;
    g_autofree char *start = opening(p), *face = amount(even), *interval = in_brackets(even),
                    *profit =
                        pl_format_amount_size(v->unit_profit.estimate, NAN, PL_AMOUNT_PRICE, p->currency);
    g_autoptr(GString) s = g_string_new(start);
    if (even->value > 0)
        g_string_append_printf(
            s, "The coupon pays for itself up to a face value of %s%s, at a gross profit of %s a unit", face,
            interval, profit);
    else
        g_string_append_printf(s, "No face value pays by this estimate%s", interval);
    if (!isnan(gain->value)) {
        g_autofree char *paid = pl_format_amount_size(v->face_value, NAN, PL_AMOUNT_PRICE, p->currency),
                        *size = NULL, *range = in_brackets(gain);
        size = pl_format_amount_size(fabs(gain->value), (gain->conf_high - gain->conf_low) / 2,
                                     PL_AMOUNT_PRICE, p->currency);
        const char *sure = isnan(gain->conf_low)                         ? ", how surely cannot be told"
                           : gain->conf_low <= 0 && gain->conf_high >= 0 ? ", which may be chance"
                                                                         : "";
        g_string_append_printf(s, "; at %s%s each redemption %s %s%s%s", paid,
                               pl_coupon_known_faces(p->counts) > 1 ? " on average" : "",
                               gain->value >= 0 ? "earned" : "lost", size, range, sure);
    }
    pl_section_say(p->section, "%s. Fixed costs are not in this.", s->str);
}

/* A margin of a constant price does not vary: no interval beside it. */
static PlDrawn without_rounding(PlDrawn drawn) {
    if (drawn.std_error <= 1e-9 * fabs(drawn.estimate))
        drawn.low = drawn.high = drawn.std_error = NAN;
    return drawn;
}

/* Why something is missing is said once, where it is asked for. */
static void add_value(const Part *p, const PlCouponValue *v) {
    const PlFinding *sold = add_drawn(p, "incremental_units_per_redemption", "Units more for each redemption",
                                      PL_AMOUNT_UNITS, p->unit, v->per_redemption, v, NULL);
    if (isnan(sold->value))
        return;
    PlFinding *anyway = add_drawn(p, "bought_anyway_share", "Redeemers who would have bought anyway",
                                  PL_AMOUNT_SHARE, NULL, v->anyway, v, NULL);
    if (anyway->value < 0 && !anyway->reason)
        anyway->reason =
            g_strdup("below zero: more units were sold than coupons redeemed, so the promotion worked "
                     "beyond its coupons");
    else if (anyway->value > 1 && !anyway->reason)
        anyway->reason = g_strdup("above 100 %: fewer units were sold than expected without the promotion");
    add_drawn(p, "coupon_cost_per_incremental_unit", "Face value paid for each unit more", PL_AMOUNT_PRICE,
              p->currency, v->cost_per_unit, v, v->no_cost);
    const PlFinding *even = add_drawn(p, "break_even_face_value", "Break-even face value", PL_AMOUNT_PRICE,
                                      p->currency, v->break_even, v, v->no_profit);
    say_sold(p, sold, anyway, v);
    if (isnan(even->value))
        return;
    PlFinding *profit = add_drawn(p, "unit_profit", "Gross profit of a unit", PL_AMOUNT_PRICE, p->currency,
                                  without_rounding(v->unit_profit), v, NULL);
    if (!v->no_interval)
        g_clear_pointer(&profit->reason, g_free);
    const PlFinding *gain = add_drawn(p, "gain_per_redemption", "Gross profit less coupon, each redemption",
                                      PL_AMOUNT_MONEY, p->currency, v->gain, v, v->no_cost);
    say_break_even(p, even, gain, v);
}

/* ---- treatment against treatment */

/* Redeemed and handed out of every store of the panel; FALSE: no rate. */
static gboolean spread(const PlCouponCounts *c, double *redeemed, double *handed) {
    for (guint s = 0; s < c->n_stores; s++)
        if (c->sound[s]) {
            redeemed[c->store[s]] = c->store_redeemed[s];
            handed[c->store[s]] = c->store_handed[s];
        }
    return c->all_handed > 0;
}

static void compare(const PlStudy *study, const PlCouponCounts *later, const PlCouponCounts *earlier,
                    PlSection *section, GPtrArray *tested) {
    const guint n = study->panel->n_stores;
    g_autofree double *x = g_new0(double, n + 1), *m = g_new0(double, n + 1), *y = g_new0(double, n + 1),
                      *k = g_new0(double, n + 1);
    PlInferenceOptions options = study->options;
    PlInference d;
    options.alternative = PL_TWO_SIDED;
    if (!spread(later, x, m) || !spread(earlier, y, k))
        return;
    PlFinding *f = pl_section_add(section, later->arm->treatment->name, "redemption_rate_difference",
                                  "More redeemed", PL_AMOUNT_SHARE);
    f->group = g_strdup_printf("%s than %s", later->arm->treatment->name, earlier->arm->treatment->name);
    f->period = g_strdup("during");
    PlStatus status =
        pl_cluster_rate_difference((PlClusteredRate){x, m}, (PlClusteredRate){y, k}, n, &options, &d);
    if (status != PL_OK) {
        f->reason =
            g_strdup("a difference with stores as its clusters takes two stores or more of each treatment, "
                     "and some difference between them");
        return;
    }
    f->value = d.estimate;
    f->std_error = d.std_error;
    f->conf_low = d.conf_low;
    f->conf_high = d.conf_high;
    f->conf_level = d.conf_level;
    f->p_value = d.p_value;
    f->n = (guint)d.n;
    g_ptr_array_add(tested, f);
}

static void compare_treatments(const PlStudy *study, const GPtrArray *all, PlSection *section) {
    g_autoptr(GPtrArray) tested = g_ptr_array_new();
    for (guint i = 1; i < all->len; i++)
        for (guint k = 0; k < i; k++)
            compare(study, g_ptr_array_index(all, i), g_ptr_array_index(all, k), section, tested);
    g_autofree double *p = g_new(double, tested->len + 1), *adjusted = g_new(double, tested->len + 1);
    g_autofree size_t *order = g_new(size_t, tested->len + 1);
    for (guint i = 0; i < tested->len; i++)
        p[i] = ((PlFinding *)g_ptr_array_index(tested, i))->p_value;
    if (tested->len == 0 || pl_adjust_holm(p, tested->len, order, adjusted) != PL_OK)
        return;
    for (guint i = 0; i < tested->len; i++)
        ((PlFinding *)g_ptr_array_index(tested, i))->p_adjusted = adjusted[i];
}

static void add_treatment(const PlStudy *study, const PlCouponCounts *counts, gboolean several,
                          PlSection *section) {
    Part p = {study,
              counts,
              section,
              counts->arm->treatment->name,
              pl_study_unit(study, "units"),
              pl_study_unit(study, "revenue"),
              several};
    add_rate(&p);
    add_counts(&p);
    g_autoptr(PlCouponValue) value = NULL;
    if (counts->n_rows > 0) {
        value = pl_coupon_value_new(counts);
        add_value(&p, value);
    }
    pl_add_coupon_faces(counts, value, section);
    if (counts->many_faces)
        pl_section_say(section, "There are more than %d different face values: they are not told apart.",
                       PL_MOST_FACES);
    add_stores(&p);
}

void pl_add_coupons(const PlStudy *study, PlResult *result) {
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)pl_coupon_counts_free);
    pl_check_coupons(study, result);
    for (guint i = 0; i < study->arms->len; i++) {
        g_autoptr(PlCouponCounts) counts = pl_coupon_counts_new(study, g_ptr_array_index(study->arms, i));
        if (is_of_coupons(counts))
            g_ptr_array_add(all, g_steal_pointer(&counts));
    }
    if (all->len == 0)
        return;
    PlSection *section = pl_result_add_section(result, "coupons", "Coupons");
    for (guint i = 0; i < all->len; i++)
        add_treatment(study, g_ptr_array_index(all, i), all->len > 1, section);
    compare_treatments(study, all, section);
}
