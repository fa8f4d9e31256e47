/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#include "pairlift/stats/rng.h"

/* n pairs of stores with noise: sales of weeks 1 to 4, promotion in 3 and 4, all three columns. */
static GString *sales_of(guint n, gboolean visits) {
    PlRng rng = pl_rng_stream(7, n);
    GString *csv = g_string_new(visits ? "store,date,visits,units,revenue\n" : "store,date,units,revenue\n");
    for (guint s = 0; s < 2 * n; s++)
        for (int t = 1; t <= 4; t++) {
            double v = 100 * exp(.1 * pl_rng_normal(&rng)) * (s % 2 == 0 && t > 2 ? 1.1 : 1);
            double u = v * 2 * exp(.1 * pl_rng_normal(&rng));
            double r = u * 3 * exp(.05 * pl_rng_normal(&rng)) * (s % 2 == 0 && t > 2 ? .9 : 1);
            g_string_append_printf(csv, "S%02u,%d,", s, t);
            if (visits)
                g_string_append_printf(csv, "%.3f,", v);
            g_string_append_printf(csv, "%.3f,%.3f\n", u, r);
        }
    return csv;
}

static char *definition(guint n, const char *more) {
    GString *yaml = g_string_new(HEAD TAIL);
    g_string_append(yaml, "pairs:\n");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(yaml, "  - {test: S%02u, control: S%02u}\n", 2 * i, 2 * i + 1);
    g_string_append(yaml, more);
    return g_string_free(yaml, FALSE);
}

static PlResult *run_split(guint n, gboolean visits, const char *more) {
    GString *csv = sales_of(n, visits);
    g_autofree char *yaml = definition(n, more);
    PlResult *result = run_ok(yaml, csv->str);
    g_string_free(csv, TRUE);
    return result;
}

static const PlFinding *found(const PlResult *r, const char *measure) {
    const PlFinding *f = pl_section_find(pl_result_section(r, "decomposition"), NULL, measure);
    cr_assert_not_null(f, "%s", measure);
    return f;
}

Test(decomposition, sums_exactly) {
    const guint sizes[] = {1, 2, 3, 12};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(PlResult) r = run_split(sizes[i], TRUE, "");
        double logs = 0, money = 0;
        const char *const factors[] = {"visits", "basket", "price"};
        for (gsize k = 0; k < G_N_ELEMENTS(factors); k++) {
            g_autofree char *lift = g_strconcat("lift_", factors[k], NULL),
                            *amount = g_strconcat("amount_", factors[k], NULL);
            logs += log1p(found(r, lift)->value);
            money += found(r, amount)->value;
        }
        double with = found(r, "amount_with")->value, without = found(r, "amount_without")->value;
        cr_assert(epsilon_eq(dbl, logs, log1p(found(r, "lift_revenue")->value), 1e-12));
        cr_assert(epsilon_eq(dbl, money, with - without, 1e-12 * with));
        cr_assert(epsilon_eq(dbl, money, found(r, "amount_gained")->value, 1e-12 * with));
    }
}

/* The lift of the whole is the main estimate: same pairs, same test. */
Test(decomposition, agrees_with_the_main_estimate) {
    static const char *const methods[][2] = {{"", "sign_flip"},
                                             {"analysis: {methods: [paired_t]}\n", "paired_t"}};
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(PlResult) r = run_split(12, TRUE, methods[i][0]);
        const PlEstimate *e = estimate_of(r, "revenue", methods[i][1]);
        const PlFinding *f = found(r, "lift_revenue");
        cr_assert(e->deciding);
        cr_assert(epsilon_eq(dbl, f->value, e->estimate, 1e-12));
        cr_assert(epsilon_eq(dbl, f->conf_low, e->conf_low, 1e-12));
        cr_assert(epsilon_eq(dbl, f->conf_high, e->conf_high, 1e-12));
        cr_assert(epsilon_eq(dbl, f->p_value, e->p_value, 1e-12));
        cr_assert(eq(u32, f->n, 12));
    }
}

/* Expected: tests/reference/decomposition.R. */
Test(decomposition, of_orange_juice_agrees_with_R) {
    static const struct {
        const char *measure;
        double value, low, high, p;
    } expected[] = {{"lift_revenue", 0.241397490261651, 0.113850142737621, 0.374610737592804, 0.015625},
                    {"lift_units", 0.336359727948416, 0.205744444201523, 0.47361622637857, 0.0078125},
                    {"lift_price", -0.0710603856886281, -0.0859100056754724, -0.0495696806063015, 0.0078125},
                    {"amount_without", 6163.67014101263, NAN, NAN, NAN},
                    {"amount_units", 2200.91083855689, NAN, NAN, NAN},
                    {"amount_price", -492.360979569523, NAN, NAN, NAN},
                    {"amount_with", 7872.22, NAN, NAN, NAN}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    pl_stats_init();
    g_autoptr(PlDefinition) def =
        pl_definition_load("experiments/dominicks-orange-juice/price-cut.yaml", &error);
    cr_assert(def && pl_pairs_load(def, NULL, &error));
    g_autoptr(PlPanel) panel = pl_load_sales(def, NULL, NULL, &inputs, &error);
    g_autoptr(PlResult) r = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, &error);
    cr_assert_not_null(r);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const PlFinding *f = found(r, expected[i].measure);
        cr_assert(epsilon_eq(dbl, f->value, expected[i].value, 1e-11 * fabs(expected[i].value)), "%s",
                  expected[i].measure);
        if (isnan(expected[i].p))
            continue;
        cr_assert(epsilon_eq(dbl, f->conf_low, expected[i].low, 1e-11));
        cr_assert(epsilon_eq(dbl, f->conf_high, expected[i].high, 1e-11));
        cr_assert(epsilon_eq(dbl, f->p_value, expected[i].p, 1e-10));
    }
}

Test(decomposition, goes_as_far_as_the_columns) {
    g_autoptr(PlResult) r = run_split(4, FALSE, "");
    const PlSection *s = pl_result_section(r, "decomposition");
    cr_assert(eq(str, s->title, "Why: items sold and the price an item"));
    cr_assert_null(pl_section_find(s, NULL, "lift_visits"));
    cr_assert_not_null(pl_section_find(s, NULL, "lift_units"));
    cr_assert(strstr(g_ptr_array_index(s->sentences, s->sentences->len - 1), "role \"visits\"") != NULL);
}

Test(decomposition, is_not_there_with_one_column) {
    g_autofree char *yaml = definition(1, "");
    g_autoptr(PlResult) r = run_ok(
        yaml, "store,date,revenue\nS00,1,1\nS00,2,2\nS00,3,2\nS00,4,3\nS01,1,1\nS01,2,2\nS01,3,2\nS01,4,2\n");
    cr_assert_null(pl_result_section(r, "decomposition"));
}

/* A price that never changes is neither a finding nor NaN. */
Test(decomposition, of_a_constant_price_gives_it_nothing) {
    const char *csv = "store,date,units,revenue\n"
                      "S00,1,10,20\nS00,2,11,22\nS00,3,20,40\nS00,4,20,40\n"
                      "S01,1,10,20\nS01,2,11,22\nS01,3,10,20\nS01,4,12,24\n"
                      "S02,1,7,14\nS02,2,9,18\nS02,3,13,26\nS02,4,20,40\n"
                      "S03,1,7,14\nS03,2,8,16\nS03,3,8,16\nS03,4,9,18\n";
    g_autofree char *yaml = definition(2, "");
    g_autoptr(PlResult) r = run_ok(yaml, csv);
    const PlFinding *price = found(r, "lift_price");
    cr_assert(eq(dbl, price->value, 0));
    cr_assert(isnan(price->p_value));
    cr_assert_not_null(price->reason);
    cr_assert(epsilon_eq(dbl, found(r, "amount_price")->value, 0, 1e-9));
}

/* A store without units takes no part, and that is said. */
Test(decomposition, names_who_takes_no_part) {
    const char *csv = "store,date,units,revenue\n"
                      "S00,1,10,20\nS00,2,11,22\nS00,3,20,40\nS00,4,20,40\n"
                      "S01,1,10,20\nS01,2,11,22\nS01,3,10,20\nS01,4,12,24\n"
                      "S02,1,7,14\nS02,2,9,18\nS02,3,0,26\nS02,4,0,40\n"
                      "S03,1,7,14\nS03,2,8,16\nS03,3,8,16\nS03,4,9,18\n";
    g_autofree char *yaml = definition(2, "");
    g_autoptr(PlResult) r = run_ok(yaml, csv);
    const PlCheck *check = check_of(r, "decomposition");
    cr_assert(eq(int, check->status, PL_WARN));
    cr_assert(strstr(check->message, "S02") != NULL, "%s", check->message);
    cr_assert(eq(u32, found(r, "lift_units")->n, 1));
    cr_assert(isnan(found(r, "lift_units")->conf_low));
    cr_assert_not_null(found(r, "lift_units")->reason);
}

/* Sums with zeros have no logarithm, but their totals have. */
Test(decomposition, on_the_absolute_scale_splits_totals) {
    g_autoptr(PlResult) r = run_split(12, TRUE, "analysis: {effect: absolute}\n");
    double product = 1;
    const char *const factors[] = {"lift_visits", "lift_basket", "lift_price"};
    for (gsize k = 0; k < G_N_ELEMENTS(factors); k++)
        product *= 1 + found(r, factors[k])->value;
    cr_assert(epsilon_eq(dbl, product, 1 + found(r, "lift_revenue")->value, 1e-12));
    cr_assert(lt(dbl, found(r, "lift_price")->conf_high, 0));
}
