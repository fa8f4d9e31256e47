/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/chain_texts.h"

#include <jansson.h>
#include <math.h>

#include "pairlift/design/chain_names.h"

#define DIGITS 17

/* ---- the truth */

static void put(json_t *object, const char *key, json_t *value) {
    int failed = json_object_set_new(object, key, value);
    g_assert(!failed);
}

static void add(json_t *array, json_t *value) {
    int failed = json_array_append_new(array, value);
    g_assert(!failed);
}

static json_t *number(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static void put_date(json_t *object, const char *key, PlDay day) {
    g_autofree char *iso = pl_day_format(day, PL_TIME_DATE);
    put(object, key, json_string(iso));
}

static json_t *parameters(const PlChain *chain) {
    const PlChainOptions *o = pl_chain_options(chain);
    json_t *object = json_object();
    put(object, "seed", json_integer(o->seed));
    put_date(object, "start", o->start);
    put(object, "noise", json_string(pl_noise_names[o->noise]));
    put(object, "kind", json_string(pl_chain_kind(chain, 1)));
    put(object, "factorial", json_boolean(o->factorial));
    for (const PlChainKey *key = pl_chain_keys; key->name; key++) {
        g_autofree char *name = g_strdelimit(g_strdup(key->name), "-", '_');
        double value = pl_chain_value(o, key);
        put(object, name, key->whole ? json_integer((json_int_t)value) : json_real(value));
    }
    return object;
}

static json_t *periods(const PlChain *chain) {
    static const char *const names[] = {"before", "during", "after"};
    json_t *object = json_object();
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        PlChainDays days = pl_chain_period(chain, (PlChainPeriod)i);
        if (days.begin == days.end)
            continue;
        json_t *period = json_object();
        put_date(period, "from", pl_chain_options(chain)->start + days.begin);
        put_date(period, "to", pl_chain_options(chain)->start + days.end - 1);
        put(object, names[i], period);
    }
    return object;
}

static const char *const metrics[PL_N_TRUE] = {"units", "revenue", "price", "visits", "basket"};

static void total(const PlChainSums *s, PlTrueMetric metric, double *without, double *with) {
    const double before[PL_N_TRUE] = {s->units_without, s->revenue_without,
                                      s->revenue_without / s->units_without, s->visits_without,
                                      s->units_without / s->visits_without};
    const double after[PL_N_TRUE] = {s->units_with, s->revenue_with, s->revenue_with / s->units_with,
                                     s->visits_with, s->units_with / s->visits_with};
    *without = before[metric];
    *with = after[metric];
}

static void add_effects(json_t *array, const char *treatment, const PlChainEffect *effect, const char *period,
                        const char *products) {
    for (guint m = 0; m < PL_N_TRUE; m++) {
        /* visits are of the store, not of some of its products */
        if (m >= PL_TRUE_VISITS && (!isfinite(effect->lift[m]) || !g_str_equal(products, "all")))
            continue;
        json_t *row = json_object();
        double without, with;
        total(&effect->total, (PlTrueMetric)m, &without, &with);
        put(row, "treatment", json_string(treatment));
        put(row, "metric", json_string(metrics[m]));
        put(row, "period", json_string(period));
        put(row, "products", json_string(products));
        put(row, "scale", json_string("relative"));
        put(row, "lift", number(effect->lift[m]));
        put(row, "lift_total", number(effect->lift_total[m]));
        put(row, "without", number(without));
        put(row, "with", number(with));
        add(array, row);
    }
}

static json_t *effects(const PlChain *chain, const PlChainTruth *truth) {
    static const char *const products[PL_N_SCOPES] = {"all", "promoted", "others"};
    json_t *array = json_array();
    for (int a = 0; a < truth->n_arms; a++) {
        char treatment[PL_CHAIN_NAME];
        pl_chain_treatment_name(chain, a + 1, treatment);
        for (guint scope = 0; scope < (pl_chain_options(chain)->products > 1 ? PL_N_SCOPES : 1); scope++) {
            add_effects(array, treatment, &truth->arms[a].during[scope], "during", products[scope]);
            if (truth->has_after)
                add_effects(array, treatment, &truth->arms[a].after[scope], "after", products[scope]);
        }
    }
    return array;
}

/* By format: of all products, and the promoted one. */
static json_t *segments(const PlChain *chain, const PlChainTruth *truth) {
    static const char *const formats[] = {"small", "large"}, *const products[] = {"all", "promoted"};
    json_t *array = json_array();
    for (int i = 0; i < 2 * truth->n_arms; i++)
        for (guint scope = 0; scope < (pl_chain_options(chain)->products > 1 ? 2 : 1); scope++) {
            char treatment[PL_CHAIN_NAME];
            const PlChainGroupTruth *group = &truth->formats[i];
            pl_chain_treatment_name(chain, i / 2 + 1, treatment);
            json_t *row = json_object();
            put(row, "treatment", json_string(treatment));
            put(row, "format", json_string(formats[i % 2]));
            put(row, "products", json_string(products[scope]));
            put(row, "stores", json_integer(group->n));
            put(row, "units", number(group->n ? group->during[scope].lift[PL_TRUE_UNITS] : NAN));
            put(row, "revenue", number(group->n ? group->during[scope].lift[PL_TRUE_REVENUE] : NAN));
            add(array, row);
        }
    return array;
}

/* Over all products and test stores, at the options' margin and costs. */
static json_t *economics(const PlChain *chain, const PlChainTruth *truth) {
    const PlChainOptions *o = pl_chain_options(chain);
    json_t *array = json_array();
    for (int a = 0; a < truth->n_arms; a++) {
        char treatment[PL_CHAIN_NAME];
        const PlChainGroupTruth *group = &truth->arms[a];
        const PlChainSums *during = &group->during[PL_SCOPE_ALL].total,
                          *after = &group->after[PL_SCOPE_ALL].total;
        const double profit = during->profit_with - during->profit_without,
                     later = after->profit_with - after->profit_without, redeemed = group->coupon_cost,
                     cost = o->fixed_cost + o->cost_per_store * group->n;
        json_t *row = json_object();
        pl_chain_treatment_name(chain, a + 1, treatment);
        put(row, "treatment", json_string(treatment));
        put(row, "incremental_units", number(during->units_with - during->units_without));
        put(row, "incremental_revenue", number(during->revenue_with - during->revenue_without));
        put(row, "incremental_gross_profit", number(profit));
        put(row, "gross_profit_after", number(later));
        put(row, "cost", number(cost));
        put(row, "cost_of_coupons", number(redeemed));
        put(row, "net_profit", number(profit + later - cost - redeemed));
        add(array, row);
    }
    return array;
}

static json_t *spillover(const PlChain *chain, const PlChainTruth *truth) {
    const PlChainOptions *o = pl_chain_options(chain);
    if (o->spillover == 0)
        return json_null();
    json_t *object = json_object();
    const PlChainEffect *all = &truth->near.during[PL_SCOPE_ALL];
    put(object, "km", json_real(o->spillover_km));
    put(object, "stores", json_integer(truth->near.n));
    put(object, "promoted_units", json_real(o->spillover));
    put(object, "units", number(truth->near.n ? all->lift[PL_TRUE_UNITS] : NAN));
    put(object, "revenue", number(truth->near.n ? all->lift[PL_TRUE_REVENUE] : NAN));
    put(object, "units_in_all", number(all->total.units_with - all->total.units_without));
    return object;
}

/* (1 + both) / ((1 + promo) (1 + price)) - 1, of all products together. */
static json_t *interaction(const PlChainTruth *truth) {
    json_t *object = json_object();
    for (guint m = 0; m < PL_TRUE_VISITS; m++) {
        double lift[PL_CHAIN_BOTH];
        for (int a = 0; a < PL_CHAIN_BOTH; a++)
            lift[a] = 1 + truth->arms[a].during[PL_SCOPE_ALL].lift[m];
        put(object, metrics[m], number(lift[PL_CHAIN_BOTH - 1] / (lift[0] * lift[1]) - 1));
    }
    return object;
}

static void put_lifts(json_t *row, const char *period, const PlChainSums *sums) {
    json_t *lifts = json_object();
    for (guint m = 0; m < PL_N_TRUE; m++)
        if (m < PL_TRUE_VISITS || sums->visits_without > 0)
            put(lifts, metrics[m], number(pl_chain_lift(sums, (PlTrueMetric)m)));
    put(row, period, lifts);
}

/* Of groups: store by store. */
static json_t *stores(const PlChain *chain, const PlChainTruth *truth) {
    json_t *array = json_array();
    for (int i = 0; i < truth->n_tests; i++) {
        char store[PL_CHAIN_NAME], treatment[PL_CHAIN_NAME];
        pl_chain_store_name(chain, truth->store[i], store);
        pl_chain_treatment_name(chain, truth->arm[i], treatment);
        json_t *row = json_object();
        put(row, "store", json_string(store));
        put(row, "treatment", json_string(treatment));
        put_lifts(row, "during", &truth->during[PL_SCOPE_ALL][i]);
        if (truth->has_after)
            put_lifts(row, "after", &truth->after[PL_SCOPE_ALL][i]);
        add(array, row);
    }
    return array;
}

static json_t *pairs(const PlChain *chain, const PlChainTruth *truth) {
    json_t *array = json_array();
    for (int i = 0; i < truth->n_pairs; i++) {
        char test[PL_CHAIN_NAME], control[PL_CHAIN_NAME];
        pl_chain_store_name(chain, pl_chain_test(chain, i), test);
        pl_chain_store_name(chain, pl_chain_control(chain, i), control);
        g_autofree char *id = g_strdup_printf("%s / %s", test, control);
        json_t *row = json_object();
        put(row, "pair", json_string(id));
        put(row, "test", json_string(test));
        put(row, "control", json_string(control));
        put_lifts(row, "during", &truth->during[PL_SCOPE_ALL][i]);
        if (truth->has_after)
            put_lifts(row, "after", &truth->after[PL_SCOPE_ALL][i]);
        add(array, row);
    }
    return array;
}

/* The parts that a method of their own looks for. */
static void put_parts(json_t *root, const PlChainOptions *o, const PlChainTruth *truth) {
    json_t *coupon = json_object(), *other = json_object();
    put(root, "dip", json_real(o->dip));
    put(root, "elasticity", json_real(o->elasticity));
    if (o->coupon > 0) {
        put(coupon, "face_value", json_real(o->coupon));
        put(coupon, "distributed", number(truth->distributed));
        put(coupon, "redemption_rate",
            number(truth->distributed > 0 ? truth->redeemed / truth->distributed : o->redemption));
        put(coupon, "redeemed", number(truth->redeemed));
        put(coupon, "extra_units", number(truth->redeemed * o->extra));
        put(coupon, "cost", number(truth->coupon_cost));
        put(coupon, "face_value_to", json_real(o->coupon_values > 1 ? o->coupon_to : o->coupon));
        put(coupon, "log_odds_slope", json_real(o->coupon_slope));
    }
    put(root, "coupon", o->coupon > 0 ? coupon : json_null());
    if (o->coupon <= 0)
        json_decref(coupon);
    if (o->products > 1) {
        put(other, "gained_units", number(truth->gained));
        put(other, "taken_units", number(truth->taken));
        put(other, "share", number(truth->gained > 0 ? truth->taken / truth->gained : NAN));
    }
    put(root, "cannibalisation", o->products > 1 ? other : json_null());
    if (o->products <= 1)
        json_decref(other);
}

char *pl_chain_truth_json(const PlChain *chain, const PlChainTruth *truth, const char *name) {
    const PlChainOptions *o = pl_chain_options(chain);
    json_t *root = json_object();
    put(root, "pairlift", json_string(PL_VERSION));
    put(root, "truth_format", json_integer(1));
    put(root, "experiment", json_string(name));
    put(root, "meaning",
        json_string(
            "Expected sales of the test stores on their open days, with the promotion and without it. "
            "lift: exp(mean over the pairs of log(with / without)) - 1 (of groups: over the treatment's "
            "stores), what `run` estimates; "
            "lift_total: sum of with / sum of without - 1. 0.05 is 5 %."));
    put(root, "parameters", parameters(chain));
    put(root, "periods", periods(chain));
    put(root, "effects", effects(chain, truth));
    put_parts(root, o, truth);
    if (pl_chain_has_attributes(chain))
        put(root, "segments", segments(chain, truth));
    put(root, "spillover", spillover(chain, truth));
    if (o->factorial)
        put(root, "interaction", interaction(truth));
    if (o->margin > 0 || o->fixed_cost > 0 || o->cost_per_store > 0)
        put(root, "economics", economics(chain, truth));
    put(root, o->arms ? "stores" : "pairs", o->arms ? stores(chain, truth) : pairs(chain, truth));
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));
    json_decref(root);
    char *line = g_strconcat(text, "\n", NULL);
    free(text);
    return line;
}
