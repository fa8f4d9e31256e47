/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#include "pairlift/stats/cluster_rate.h"
#include "pairlift/stats/student.h"

/* Pairs Tn / Cn over periods 1, 2 (before) and 3, 4 (during). The controls do not change, so that what a test
 * store sells more than before is what the promotion sold. */
#define DATA                                                                                                 \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: sales, file: sales.csv, date_format: number}\n"
#define COUPONS "  - {table: coupons, file: coupons.csv}\n"
#define REST                                                                                                 \
    "metrics: [{name: revenue, sum: revenue, unit: EUR}, {name: units, sum: units, unit: cartons}]\n"        \
    "primary: units\n"                                                                                       \
    "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\n"
#define KIND "treatments: [{name: coupon, kind: coupon}]\n"

typedef struct {
    double before, during; /* units a period */
    double handed, redeemed, face;
} Store;

static const Store ten[] = {
    {100, 112, 400, 30, 1}, {80, 89, 300, 20, 1},   {150, 158, 500, 33, 1}, {60, 71, 250, 25, 1},
    {90, 97, 350, 22, 1},   {200, 219, 800, 60, 1}, {120, 131, 420, 35, 1}, {70, 76, 280, 15, 1},
    {110, 118, 450, 28, 1}, {95, 108, 390, 31, 1},
};

static char *sales_of(const Store *stores, guint n) {
    GString *s = g_string_new("store,date,units,revenue\n");
    for (guint i = 0; i < n; i++)
        for (int t = 1; t <= 4; t++) {
            double units = t < 3 ? stores[i].before : stores[i].during;
            g_string_append_printf(s, "T%u,%d,%g,%g\nC%u,%d,50,150\n", i + 1, t, units, 3 * units, i + 1, t);
        }
    return g_string_free(s, FALSE);
}

static char *coupons_of(const Store *stores, guint n) {
    GString *s = g_string_new("store,date,distributed,redeemed,face_value\n");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(s, "T%u,3,%g,0,%g\nT%u,4,0,%g,%g\n", i + 1, stores[i].handed, stores[i].face,
                               i + 1, stores[i].redeemed, stores[i].face);
    return g_string_free(s, FALSE);
}

static char *pairs_of(guint n) {
    GString *s = g_string_new("pairs:\n");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(s, "  - {test: T%u, control: C%u}\n", i + 1, i + 1);
    return g_string_free(s, FALSE);
}

/* A run with coupons.csv of the text, or of the stores where it is NULL. */
static PlResult *run_stores(const Store *stores, guint n, const char *more, const char *text) {
    g_autofree char *sales = sales_of(stores, n), *coupons = text ? g_strdup(text) : coupons_of(stores, n),
                    *pairs = pairs_of(n);
    g_autofree char *yaml = g_strconcat(DATA COUPONS REST KIND, more, pairs, NULL);
    g_autoptr(GError) error = NULL;
    PlResult *result = run_tables(yaml, sales, coupons, TRUE, &error);
    cr_assert_not_null(result, "%s", error ? error->message : "");
    return result;
}

static const PlSection *section_of(const PlResult *r) {
    const PlSection *section = pl_result_section(r, "coupons");
    cr_assert_not_null(section);
    return section;
}

static const PlFinding *found(const PlResult *r, const char *measure) {
    const PlFinding *f = pl_section_find(section_of(r), NULL, measure);
    cr_assert_not_null(f, "%s", measure);
    return f;
}

static const PlFinding *of_group(const PlResult *r, const char *measure, const char *group) {
    const PlSection *section = section_of(r);
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->group, group) == 0)
            return f;
    }
    cr_assert(0, "%s of %s", measure, group);
    return NULL;
}

static gboolean says(const PlResult *r, const char *part) {
    const PlSection *section = section_of(r);
    for (guint i = 0; i < section->sentences->len; i++)
        if (strstr(g_ptr_array_index(section->sentences, i), part))
            return TRUE;
    return FALSE;
}

static gboolean near(double a, double b, double relative) {
    return fabs(a - b) <= relative * fabs(b);
}

Test(effect_coupons, rates_and_value_are_those_counted_by_hand) {
    g_autoptr(PlResult) r = run_stores(ten, 10, "economics: {margin: 0.4}\n", NULL);
    double x[10], n[10], handed = 0, redeemed = 0, more = 0;
    for (guint i = 0; i < 10; i++) {
        x[i] = ten[i].redeemed;
        n[i] = ten[i].handed;
        handed += n[i];
        redeemed += x[i];
        more += 2 * (ten[i].during - ten[i].before);
    }
    PlClusterRate rate;
    cr_assert(eq(int, (int)pl_cluster_rate(x, n, 10, .95, &rate), PL_OK));
    const PlFinding *f = found(r, "redemption_rate");
    cr_expect(near(f->value, redeemed / handed, 1e-12));
    cr_expect(near(f->conf_low, rate.conf_low, 1e-12) && near(f->conf_high, rate.conf_high, 1e-12));
    cr_expect(eq(u32, f->n, 10));
    const PlFinding *sold = found(r, "incremental_units_per_redemption");
    cr_expect(near(sold->value, more / redeemed, 1e-10));
    cr_expect(near(found(r, "bought_anyway_share")->value, 1 - more / redeemed, 1e-9));
    cr_expect(near(found(r, "coupon_cost_per_incremental_unit")->value, redeemed / more, 1e-10));
    cr_expect(near(found(r, "unit_profit")->value, 1.2, 1e-12));
    cr_expect(near(found(r, "break_even_face_value")->value, 1.2 * more / redeemed, 1e-10));
    cr_expect(near(found(r, "gain_per_redemption")->value, 1.2 * more / redeemed - 1, 1e-9));
    cr_expect(near(found(r, "gain_per_redemption")->conf_low, found(r, "break_even_face_value")->conf_low - 1,
                   1e-6));
    cr_expect(eq(dbl, found(r, "coupons_redeemed")->value, redeemed));
    cr_expect(eq(str, sold->unit, (char *)"cartons"));
    const PlFinding *t4 = of_group(r, "redemption_rate", "T4");
    cr_expect(near(t4->value, 0.1, 1e-12));
    cr_expect(near(t4->conf_low, 0.0686549289883, 1e-10) &&
              near(t4->conf_high, 0.1434517106081, 1e-10)); /* R's prop.test */
    cr_expect(says(r, "of the coupons were redeemed"));
    cr_expect(says(r, "The coupon pays for itself up to a face value of"));
    cr_expect(eq(int, (int)check_of(r, "coupons")->status, PL_PASS));
}

/* Fieller's interval of sum of units more / sum of redeemed over the pairs, from their mean and covariance.
 */
Test(effect_coupons, the_interval_of_units_a_redemption_is_near_fiellers) {
    g_autoptr(PlResult) r = run_stores(ten, 10, "", NULL);
    const guint n = 10;
    double a = 0, b = 0, va = 0, vb = 0, cov = 0, t = pl_student_quantile(.025, n - 1);
    for (guint i = 0; i < n; i++) {
        a += 2 * (ten[i].during - ten[i].before) / n;
        b += ten[i].redeemed / n;
    }
    for (guint i = 0; i < n; i++) {
        double da = 2 * (ten[i].during - ten[i].before) - a, db = ten[i].redeemed - b;
        va += da * da / (n - 1) / n;
        vb += db * db / (n - 1) / n;
        cov += da * db / (n - 1) / n;
    }
    double g = t * t * vb / (b * b), q = a / b;
    double middle = (q - g * cov / vb) / (1 - g);
    double half = t / b * sqrt(va - 2 * q * cov + q * q * vb - g * (va - cov * cov / vb)) / (1 - g);
    const PlFinding *f = found(r, "incremental_units_per_redemption");
    cr_expect(near(f->conf_low, middle - half, 0.06), "%g %g", f->conf_low, middle - half);
    cr_expect(near(f->conf_high, middle + half, 0.06), "%g %g", f->conf_high, middle + half);
}

Test(effect_coupons, face_values_are_compared_and_have_a_curve) {
    Store stores[10];
    memcpy(stores, ten, sizeof ten);
    for (guint i = 0; i < 10; i++) {
        stores[i].face = i % 2 ? 2 : 0.5;
        stores[i].redeemed = stores[i].handed * (i % 2 ? 0.2 : 0.1) + i % 3;
    }
    for (guint i = 0; i < 10; i++)
        stores[i].redeemed = floor(stores[i].redeemed);
    g_autoptr(PlResult) r = run_stores(stores, 10, "economics: {unit_cost: 1.8}\n", NULL);
    double x[2] = {0, 0}, n[2] = {0, 0};
    for (guint i = 0; i < 10; i++) {
        x[i % 2] += stores[i].redeemed;
        n[i % 2] += stores[i].handed;
    }
    cr_expect(near(of_group(r, "redemption_rate", "0.50")->value, x[0] / n[0], 1e-12));
    cr_expect(near(of_group(r, "redemption_rate", "2.00")->value, x[1] / n[1], 1e-12));
    const PlFinding *d = of_group(r, "redemption_rate_difference", "2.00");
    cr_expect(near(d->value, x[1] / n[1] - x[0] / n[0], 1e-10));
    cr_expect(d->conf_low > 0 && d->p_value < .05 && d->p_adjusted == d->p_value);
    /* with two face values the curve goes through both rates */
    double odds = (x[1] / (n[1] - x[1])) / (x[0] / (n[0] - x[0]));
    cr_expect(near(found(r, "redemption_odds_ratio")->value, pow(odds, 1 / 1.5), 1e-9));
    const PlCurve *curve = pl_section_curve(section_of(r), "coupon", "redemption_by_face_value");
    cr_assert_not_null(curve);
    cr_expect(near(curve->y[0], x[0] / n[0], 1e-9) && near(curve->y[curve->n - 1], x[1] / n[1], 1e-9));
    cr_expect(curve->low[0] < curve->y[0] && curve->y[0] < curve->high[0]);
    const PlCurve *profit = pl_section_curve(section_of(r), "coupon", "profit_by_face_value");
    cr_assert_not_null(profit);
    cr_expect(near(found(r, "unit_profit")->value, 1.2, 1e-12));
    cr_expect(
        near(profit->y[0], 1000 * curve->y[0] * (found(r, "break_even_face_value")->value - 0.5), 1e-9));
}

Test(effect_coupons, one_pair_has_numbers_without_intervals) {
    g_autoptr(PlResult) r = run_stores(ten, 1, "economics: {margin: 0.4, face_value: 1}\n", NULL);
    const PlFinding *rate = found(r, "redemption_rate"), *sold = found(r, "incremental_units_per_redemption");
    cr_expect(isfinite(rate->conf_low) && rate->reason != NULL);
    cr_expect(near(sold->value, 24 / 30.0, 1e-10));
    cr_expect(isnan(sold->conf_low) && isnan(sold->conf_high) && sold->reason != NULL);
    cr_expect(says(r, "how sure that is cannot be told"));
}

Test(effect_coupons, two_and_three_pairs_have_intervals) {
    for (guint n = 2; n <= 3; n++) {
        g_autoptr(PlResult) r = run_stores(ten, n, "economics: {margin: 0.4}\n", NULL);
        const PlFinding *sold = found(r, "incremental_units_per_redemption");
        cr_expect(sold->conf_low < sold->value && sold->value < sold->conf_high);
        const PlFinding *cost = found(r, "coupon_cost_per_incremental_unit");
        cr_expect(cost->conf_low < cost->value && cost->value < cost->conf_high);
    }
}

Test(effect_coupons, what_is_missing_is_said) {
    /* no number of coupons handed out, no worth, no margin */
    g_autoptr(PlResult) r = run_stores(ten, 3, "", "store,date,redeemed\nT1,3,9\nT2,3,4\nT3,4,5\n");
    cr_expect(isnan(found(r, "redemption_rate")->value));
    cr_expect(strstr(found(r, "redemption_rate")->reason, "give it a column distributed") != NULL);
    cr_expect(near(found(r, "incremental_units_per_redemption")->value, 58 / 18.0, 1e-10));
    cr_expect(strstr(found(r, "coupon_cost_per_incremental_unit")->reason, "face_value") != NULL);
    cr_expect(strstr(found(r, "break_even_face_value")->reason, "margin") != NULL);
    cr_expect(says(r, "more than one a coupon") || says(r, "too uncertain"));
    /* nothing redeemed */
    g_autoptr(PlResult) none =
        run_stores(ten, 3, "", "store,date,redeemed,distributed\nT1,3,0,10\nT2,3,0,5\n");
    cr_expect(eq(dbl, found(none, "redemption_rate")->value, 0.0));
    cr_expect(strstr(found(none, "incremental_units_per_redemption")->reason, "no coupon was redeemed") !=
              NULL);
    /* no row of test stores */
    g_autoptr(PlResult) empty = run_stores(ten, 3, "", "store,date,redeemed\nC1,3,2\nT1,9,1\nX,3,1\n");
    cr_expect(strstr(found(empty, "redemption_rate")->reason, "no row of these test stores") != NULL);
    const PlCheck *check = check_of(empty, "coupons");
    cr_expect(eq(int, (int)check->status, PL_WARN));
    cr_expect(strstr(check->message, "1 row of other days left out, with 1 coupons redeemed") != NULL, "%s",
              check->message);
    cr_expect(strstr(check->message, "1 row of control stores left out, where 2 coupons") != NULL);
    cr_expect(strstr(check->message, "1 row of stores without sales left out") != NULL);
}

Test(effect_coupons, a_store_without_a_rate_is_named_and_left_out_of_it) {
    g_autoptr(PlResult) r = run_stores(ten, 3, "",
                                       "store,date,distributed,redeemed\nT1,2,100,0\nT1,3,0,9\nT2,3,50,5\n"
                                       "T3,3,,4\nT3,4,10,1\n");
    cr_expect(near(found(r, "redemption_rate")->value, 0.1, 1e-12));
    cr_expect(strstr(of_group(r, "redemption_rate", "T1")->reason, "more coupons were redeemed") != NULL);
    cr_expect(strstr(of_group(r, "redemption_rate", "T3")->reason, "does not say how many") != NULL);
    cr_expect(says(r, "Left out of this: 1 store that redeemed more"));
    cr_expect(eq(dbl, found(r, "coupons_redeemed")->value, 19.0));
}

Test(effect_coupons, no_table_and_no_units_are_reasons) {
    g_autofree char *sales = sales_of(ten, 3), *pairs = pairs_of(3);
    g_autofree char *yaml = g_strconcat(DATA REST KIND, pairs, NULL);
    g_autoptr(PlResult) r = run_ok(yaml, sales);
    cr_expect(strstr(found(r, "redemption_rate")->reason, "there is no table of coupons") != NULL);
    g_autofree char *other = g_strconcat(DATA REST, pairs, NULL);
    g_autoptr(PlResult) plain = run_ok(other, sales);
    cr_expect_null(pl_result_section(plain, "coupons"));
    g_autofree char *no_units = g_strconcat(DATA COUPONS TAIL KIND, pairs, NULL),
                    *coupons = coupons_of(ten, 3);
    GString *revenue = g_string_new("store,date,revenue\n");
    for (guint i = 1; i <= 3; i++)
        for (int t = 1; t <= 4; t++)
            g_string_append_printf(revenue, "T%u,%d,%d\nC%u,%d,50\n", i, t, 50 + (int)i * t, i, t);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) of_revenue = run_tables(no_units, revenue->str, coupons, TRUE, &error);
    g_string_free(revenue, TRUE);
    cr_assert_not_null(of_revenue, "%s", error ? error->message : "");
    cr_expect(strstr(found(of_revenue, "incremental_units_per_redemption")->reason, "no column of units") !=
              NULL);
}

Test(effect_coupons, treatments_are_compared) {
    g_autofree char *sales = sales_of(ten, 10), *coupons = coupons_of(ten, 10);
    GString *pairs =
        g_string_new("treatments: [{name: paper, kind: coupon}, {name: app, kind: coupon}]\npairs:\n");
    for (guint i = 1; i <= 10; i++)
        g_string_append_printf(pairs, "  - {test: T%u, control: C%u, treatment: %s}\n", i, i,
                               i <= 5 ? "paper" : "app");
    g_autofree char *yaml = g_strconcat(DATA COUPONS REST, pairs->str, NULL);
    g_string_free(pairs, TRUE);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) r = run_tables(yaml, sales, coupons, TRUE, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    double x[2] = {0, 0}, n[2] = {0, 0};
    for (guint i = 0; i < 10; i++) {
        x[i / 5] += ten[i].redeemed;
        n[i / 5] += ten[i].handed;
    }
    const PlFinding *d = of_group(r, "redemption_rate_difference", "app than paper");
    cr_expect(near(d->value, x[1] / n[1] - x[0] / n[0], 1e-9));
    cr_expect(d->conf_low < d->value && d->value < d->conf_high && isfinite(d->p_adjusted));
    cr_expect(says(r, "paper: ") && says(r, "app: "));
}
