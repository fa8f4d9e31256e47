/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/chain_texts.h"

#include <jansson.h>
#include <math.h>

#define DIGITS 17

/* ---- the definition */

static void add_period(GString *s, const PlChain *chain, const char *name, PlChainPeriod period) {
    PlChainDays days = pl_chain_period(chain, period);
    const PlDay start = pl_chain_options(chain)->start;
    if (days.begin == days.end)
        return;
    g_autofree char *from = pl_day_format(start + days.begin, PL_TIME_DATE);
    g_autofree char *to = pl_day_format(start + days.end - 1, PL_TIME_DATE);
    g_string_append_printf(s, "  %s: {from: %s, to: %s}\n", name, from, to);
}

static void add_data(GString *s, const PlChain *chain, gboolean promoted) {
    const PlChainOptions *o = pl_chain_options(chain);
    g_string_append(s, "\ndata:\n  - table: sales\n    file: sales.csv\n    duplicates: keep\n");
    if (o->gaps > 0 || o->closures > 0)
        g_string_append(s, "    gaps: closed\n");
    if (promoted) {
        char product[PL_CHAIN_NAME];
        pl_chain_product_name(chain, 0, product);
        g_string_append_printf(s, "    where: {product: %s}\n", product);
    }
    g_string_append(s, "  - {table: stores, file: stores.csv}\n");
    if (o->coupon > 0)
        g_string_append(s, "  - {table: coupons, file: coupons.csv}\n");
}

char *pl_chain_definition(const PlChain *chain, const char *name, gboolean promoted) {
    const PlChainOptions *o = pl_chain_options(chain);
    GString *s = g_string_new(NULL);
    g_string_append_printf(s, "experiment: %s%s\n", name, promoted ? "-promoted" : "");
    g_string_append_printf(s, "title: A simulated chain of %d stores%s\n", o->stores,
                           promoted ? ", the promoted product" : "");
    g_string_append_printf(s, "question: Does the promotion raise sales%s?\n",
                           promoted          ? " of the promoted product"
                           : o->products > 1 ? " of all products together"
                                             : "");
    g_string_append_printf(s,
                           "notes: These stores do not exist; pairlift simulate made them with seed "
                           "%" G_GINT64_FORMAT ". What is true of them is in truth.json.\n"
                           "randomised: yes\n",
                           o->seed);
    add_data(s, chain, promoted);
    g_string_append(s, "\nmetrics:\n"
                       "  - {name: units, sum: units, label: Units sold}\n"
                       "  - {name: revenue, sum: revenue, label: Revenue}\n"
                       "  - {name: price, ratio: [revenue, units], label: Average price}\n"
                       "primary: units\n\nperiods:\n");
    add_period(s, chain, "before", PL_CHAIN_BEFORE);
    add_period(s, chain, "during", PL_CHAIN_DURING);
    add_period(s, chain, "after", PL_CHAIN_AFTER);
    g_string_append_printf(s, "\ntreatments:\n  - {name: promotion, kind: %s}\npairs_file: pairs.csv\n",
                           o->coupon > 0      ? "coupon"
                           : o->price_cut > 0 ? "price"
                                              : "promotion");
    if (o->coupon > 0)
        g_string_append_printf(s, "\neconomics: {face_value: %.2f}\n", o->coupon);
    return g_string_free(s, FALSE);
}

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

static json_t *parameters(const PlChainOptions *o) {
    json_t *object = json_object();
    put(object, "seed", json_integer(o->seed));
    put_date(object, "start", o->start);
    put(object, "noise", json_string(pl_noise_names[o->noise]));
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

static const char *const metrics[PL_N_TRUE] = {"units", "revenue", "price"};

static void total(const PlChainSums *s, PlTrueMetric metric, double *without, double *with) {
    *without = metric == PL_TRUE_UNITS     ? s->units_without
               : metric == PL_TRUE_REVENUE ? s->revenue_without
                                           : s->revenue_without / s->units_without;
    *with = metric == PL_TRUE_UNITS     ? s->units_with
            : metric == PL_TRUE_REVENUE ? s->revenue_with
                                        : s->revenue_with / s->units_with;
}

static void add_effects(json_t *array, const PlChainEffect *effect, const char *period,
                        const char *products) {
    for (guint m = 0; m < PL_N_TRUE; m++) {
        json_t *row = json_object();
        double without, with;
        total(&effect->total, (PlTrueMetric)m, &without, &with);
        put(row, "treatment", json_string("promotion"));
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
    for (guint scope = 0; scope < (pl_chain_options(chain)->products > 1 ? PL_N_SCOPES : 1); scope++) {
        add_effects(array, &truth->effect_during[scope], "during", products[scope]);
        if (truth->has_after)
            add_effects(array, &truth->effect_after[scope], "after", products[scope]);
    }
    return array;
}

static void put_lifts(json_t *row, const char *period, const PlChainSums *sums) {
    json_t *lifts = json_object();
    for (guint m = 0; m < PL_N_TRUE; m++)
        put(lifts, metrics[m], number(pl_chain_lift(sums, (PlTrueMetric)m)));
    put(row, period, lifts);
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
            "lift: exp(mean over the pairs of log(with / without)) - 1, what `run` estimates; "
            "lift_total: sum of with / sum of without - 1. 0.05 is 5 %."));
    put(root, "parameters", parameters(o));
    put(root, "periods", periods(chain));
    put(root, "effects", effects(chain, truth));
    put_parts(root, o, truth);
    put(root, "pairs", pairs(chain, truth));
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));
    json_decref(root);
    char *line = g_strconcat(text, "\n", NULL);
    free(text);
    return line;
}
