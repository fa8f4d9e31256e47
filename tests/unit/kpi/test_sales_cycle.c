/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include <jansson.h>

/* sales_cycle on real data, against ../shared/expected and R: tests/reference/kpi/sales_cycle.R. */

static const char *shared_folder(void) {
    const char *shared = getenv("PAIRLIFT_SHARED");
    return shared != NULL ? shared : "../shared";
}

static gboolean near(double actual, double expected, double relative) {
    return fabs(actual - expected) <= relative * fmax(fabs(expected), 1e-300);
}

static KpiText crm(void) {
    if (!g_file_test("tests/kpi/crm-pipeline.yaml", G_FILE_TEST_EXISTS) ||
        !g_file_test("../shared/data/crm_sales/sales_pipeline.csv", G_FILE_TEST_EXISTS))
        cr_skip_test("no ../shared/data/crm_sales");
    return kpi_file("tests/kpi/crm-pipeline.yaml");
}

static double at(const json_t *root, const char *key) {
    const json_t *value = json_object_get(root, key);
    cr_assert_not_null(value, "%s", key);
    return json_number_value(value);
}

static double value(const KpiText *t, const char *measure, const char *group) {
    return kpi_find(t, "sales_cycle", measure, group)->value;
}

static void must_be(const KpiText *t, const char *measure, const char *group, double expected, double low,
                    double high) {
    const PlFinding *f = kpi_find(t, "sales_cycle", measure, group);
    cr_assert(near(f->value, expected, 1e-10), "%s %s: %.15g", measure, group, f->value);
    cr_assert(near(f->conf_low, low, 1e-10) && near(f->conf_high, high, 1e-10), "%s %s: %.15g %.15g", measure,
              group, f->conf_low, f->conf_high);
}

Test(kpi_sales_cycle, the_pipeline_as_it_was_computed_independently) {
    g_auto(KpiText) t = crm();
    g_autofree char *path = g_build_filename(shared_folder(), "expected/crm.json", NULL);
    json_t *e = json_load_file(path, 0, NULL);
    if (e == NULL)
        cr_skip_test("no %s", path);
    cr_assert(near(value(&t, "mean_days", "won"), at(e, "cycle_won_mean"), 1e-10));
    cr_assert(near(value(&t, "mean_days", "lost"), at(e, "cycle_lost_mean"), 1e-10));
    cr_assert(near(value(&t, "median_days", "won"), at(e, "cycle_won_median"), 1e-10));
    cr_assert(near(value(&t, "median_days", "lost"), at(e, "cycle_lost_median"), 1e-10));
    cr_assert(near(value(&t, "win_rate", NULL), at(e, "win_rate"), 1e-10));
    cr_assert(near(value(&t, "won_value", NULL), at(e, "won_value"), 1e-10));
    cr_assert(near(value(&t, "deal_value", NULL), at(e, "avg_won"), 1e-10));
    cr_assert(near(value(&t, "sales_velocity", NULL), at(e, "velocity_per_day"), 1e-10));
    cr_assert(eq(u32, kpi_find(&t, "sales_cycle", "mean_days", NULL)->n, (guint)at(e, "n_closed")));
    cr_assert(eq(dbl, value(&t, "open_deals", NULL), at(json_object_get(e, "stages"), "Engaging")));
    const PlFinding *welch = kpi_find(&t, "sales_cycle", "won_minus_lost_days", NULL),
                    *shift = kpi_find(&t, "sales_cycle", "won_minus_lost_rank_test", NULL);
    cr_assert(near(welch->p_value, at(json_object_get(e, "cycle_welch"), "p"), 1e-9), "%.17g",
              welch->p_value);
    cr_assert(near(shift->p_value, at(json_object_get(e, "cycle_mw"), "p"), 1e-9), "%.17g", shift->p_value);
    const json_t *by = json_object_get(e, "win_by_product");
    for (gsize i = 0; i < json_array_size(json_object_get(by, "product")); i++) {
        double won = json_number_value(json_array_get(json_object_get(by, "won"), i)),
               closed = json_number_value(json_array_get(json_object_get(by, "closed"), i));
        const char *product = json_string_value(json_array_get(json_object_get(by, "product"), i));
        const PlFinding *f = kpi_find(&t, "sales_cycle", "win_rate", product);
        cr_assert(near(f->value, won / closed, 1e-12) && f->n == (guint)closed, "%s", product);
    }
    json_decref(e);
}

/* tests/reference/kpi/sales_cycle.R */
Test(kpi_sales_cycle, the_pipeline_as_r_has_it) {
    g_auto(KpiText) t = crm();
    must_be(&t, "median_days_with_open", NULL, 69, 67, 70);
    must_be(&t, "won_by_30_days", NULL, 0.218994834086356, 0.210225905251465, 0.228023926912276);
    must_be(&t, "won_by_60_days", NULL, 0.264732974237799, 0.255342297827587, 0.274341774917311);
    must_be(&t, "won_by_90_days", NULL, 0.397014746449488, 0.386491129612266, 0.407634518297842);
    must_be(&t, "median_days", NULL, 45, 41, 49);
    must_be(&t, "median_days", "won", 57, 53, 60);
    must_be(&t, "median_days", "lost", 14, 13, 16);
    must_be(&t, "mean_days", NULL, 47.9853971092237, 47.0029095476315, 48.9678846708158);
    must_be(&t, "deal_value", NULL, 2360.90939122227, 2284.2806840972, 2437.53809834735);
    must_be(&t, "won_minus_lost_days", NULL, 10.3027975376158, 8.29560227582929, 12.3099927994023);
    must_be(&t, "median_days_with_open", "Reed Clapper", 16, 13, 49);
    must_be(&t, "closing_rate_against_rest", "Reed Clapper", 0.696228555035548, 0.492196687833338,
            0.928162349121026);
    must_be(&t, "closing_rate_against_rest", "Darcel Schlecht", 0.1937354244568422, 0.0953615076506335,
            0.3009447005156974);
    must_be(&t, "closing_rate_against_rest", "Anna Snelling, won", 0.0415155405393428, -0.0916912097689638,
            0.1942553383976618);
    const PlFinding *f = kpi_find(&t, "sales_cycle", "closing_rate_against_rest", "Darcel Schlecht");
    cr_assert(near(f->p_value, 5.35036521831151e-05, 1e-10) &&
              near(f->p_adjusted, 1.39109495676099e-03, 1e-10));
    cr_assert(eq(str, f->verdict, (char *)"faster"));
    f = kpi_find(&t, "sales_cycle", "closing_rate_against_rest", "Anna Snelling");
    cr_assert(near(f->p_adjusted, 9.94781963263143e-01, 1e-10));
    cr_assert_null(f->verdict);
    f = kpi_find(&t, "sales_cycle", "win_rate", "Reed Clapper");
    cr_assert(near(f->value, 155. / 237, 1e-12) && f->n == 237);
}

Test(kpi_sales_cycle, the_headline_has_target_status_trend_and_curves) {
    g_auto(KpiText) t = crm();
    const PlSection *s = kpi_section(&t, "sales_cycle");
    const PlFinding *f = pl_section_headline(s);
    cr_assert(f == kpi_find(&t, "sales_cycle", "median_days", NULL) && f->mark->target == 50);
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_AT_RISK));
    cr_assert_not_null(f->mark->trend);
    cr_assert_not_null(pl_section_curve(s, NULL, "trend"));
    const PlCurve *c = pl_section_curve(s, NULL, "cycle_survival");
    cr_assert(c->steps && c->x[0] == 0 && c->y[0] == 1 && c->x[c->n - 1] > 138);
    cr_assert_not_null(pl_section_curve(s, NULL, "cycle_outcome"));
    f = kpi_find(&t, "sales_cycle", "churn_6_months", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "no table \"customers\"") != NULL);
    cr_assert(kpi_says(&t, "sales_cycle", "1,589 deals were still open"));
}

/* Tenure in months up to the day of the table, so that a customer's start is that many months earlier; the
 * contract stands for the rep. */
static char *telco_customers(void) {
    g_autofree char *path = g_build_filename(shared_folder(), "data/telco_churn/telco_churn.csv", NULL),
                    *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        cr_skip_test("no %s", path);
    GString *csv = g_string_new("customer,start,end,rep\n");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines + 1; *line != NULL && **line != '\0'; line++) {
        g_auto(GStrv) cells = g_strsplit(g_strdelimit(*line, "\r", '\0'), ",", -1);
        int tenure = atoi(cells[5]), month = 2020 * 12 - tenure; /* of 2020-01 */
        if (tenure == 0)
            continue;
        g_string_append_printf(csv, "%s,%04d-%02d-15,%s,%s\n", cells[0], month / 12, month % 12 + 1,
                               strstr(cells[20], "Yes") != NULL ? "2020-01-15" : "", cells[15]);
    }
    return g_string_free(csv, FALSE);
}

Test(kpi_sales_cycle, churn_by_contract_as_r_has_it) {
    g_autofree char *customers = telco_customers(),
                    *path = g_build_filename(shared_folder(), "expected/survival.json", NULL);
    g_auto(KpiText) t =
        kpi_text("experiment: telco\n"
                 "data:\n"
                 "  - {table: opportunities, file: deals.csv}\n"
                 "  - {table: customers, file: customers.csv}\n"
                 "kpis:\n"
                 "  as_of: 2020-01-15\n"
                 "  sales_cycle: {churn_months: [6, 12, 24, 48, 72], measure: churn, target: 0.1}\n",
                 "deals.csv", "opportunity,opened,closed,outcome,rep\n1,2020-01-01,2020-01-10,won,Ada\n",
                 "customers.csv", customers, NULL);
    /* tests/reference/kpi/sales_cycle.R */
    must_be(&t, "churn_6_months", "Month-to-month", 0.21416510594951277, 2.00636072761262e-01,
            0.22746516365767055);
    must_be(&t, "churn_6_months", "One year", 0.00274357352950128, 5.49500552443627e-05, 0.00542496791033276);
    must_be(&t, "churn_against_rest", "Month-to-month", 18.6007663564928, 15.7897134173432, 21.8831267595350);
    cr_assert(kpi_says(&t, "sales_cycle", "Month-to-month (20 times as many, p"));
    must_be(&t, "churn_against_rest", "Two year", -0.966060786710320, -0.974623749017535, -0.954608131821992);
    const PlFinding *none = kpi_find(&t, "sales_cycle", "churn_6_months", "Two year");
    cr_assert(none->value == 0 && none->conf_low == 0 && none->conf_high > 0); /* 0 of 1,674: not certain */
    cr_assert(near(none->conf_high, 3.841458820694124 / (1674 + 3.841458820694124), 1e-10));
    cr_assert(eq(str, kpi_find(&t, "sales_cycle", "churn_against_rest", "Month-to-month")->reason,
                 (char *)"20 times the rate of the others"));
    /* fewer than of all others, but more than of those with two years, who are left without the first */
    cr_assert_null(kpi_find(&t, "sales_cycle", "churn_against_rest", "One year")->verdict);
    cr_assert(
        eq(str, kpi_find(&t, "sales_cycle", "churn_against_rest", "Two year")->verdict, (char *)"fewer"));
    const PlFinding *head = pl_section_headline(kpi_section(&t, "sales_cycle"));
    cr_assert(eq(str, head->measure, (char *)"churn_6_months"));
    cr_assert(kpi_find(&t, "sales_cycle", "churn_12_months", NULL)->mark == NULL);
    json_t *e = json_load_file(path, 0, NULL),
           *km = json_object_get(json_object_get(e, "telco"), "km_contract");
    for (gsize i = 0; i < json_array_size(json_object_get(km, "time")); i++) {
        g_autofree char *measure = g_strdup_printf(
            "churn_%d_months", (int)json_number_value(json_array_get(json_object_get(km, "time"), i)));
        const char *stratum = json_string_value(json_array_get(json_object_get(km, "strata"), i));
        double survival = json_number_value(json_array_get(json_object_get(km, "surv"), i));
        const PlFinding *f = kpi_find(&t, "sales_cycle", measure, strchr(stratum, '=') + 1);
        cr_assert(fabs(f->value - (1 - survival)) < 1e-12, "%s %s: %.15g", measure, stratum, f->value);
        if (survival == 1)
            continue;
        cr_assert(fabs(f->conf_high - 1 +
                       json_number_value(json_array_get(json_object_get(km, "lower"), i))) < 1e-10);
        cr_assert(fabs(f->conf_low - 1 + json_number_value(json_array_get(json_object_get(km, "upper"), i))) <
                  1e-10);
    }
    json_decref(e);
}

/* The median of all time is 10 days, but that of the last month 60. */
Test(kpi_sales_cycle, a_target_that_the_last_month_misses_is_at_risk) {
    g_autoptr(GString) deals = g_string_new("opportunity,opened,closed\n");
    for (guint k = 0; k < 30; k++)
        g_string_append_printf(deals, "%u,2024-%02u-01,2024-%02u-11\n", k, k % 5 + 1, k % 5 + 1);
    for (guint k = 30; k < 38; k++)
        g_string_append_printf(deals, "%u,2024-04-11,2024-06-10\n", k);
    static const char *const yaml = "experiment: test\n"
                                    "data: [{table: opportunities, file: deals.csv}]\n"
                                    "kpis: {as_of: 2024-06-30, sales_cycle: {target: %d}}\n";
    g_autofree char *low = g_strdup_printf(yaml, 20), *high = g_strdup_printf(yaml, 70);
    g_auto(KpiText) t = kpi_text(low, "deals.csv", deals->str, NULL),
                    u = kpi_text(high, "deals.csv", deals->str, NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, "sales_cycle"));
    cr_assert(eq(dbl, f->value, 10));
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_AT_RISK));
    cr_assert(strstr(f->mark->sentence, "at risk, as in 2024-06 it was 60") != NULL &&
                  strstr(f->mark->sentence, "above the target") != NULL &&
                  strstr(f->mark->sentence, "with open deals") == NULL,
              "%s", f->mark->sentence);
    f = pl_section_headline(kpi_section(&u, "sales_cycle"));
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_ON_TARGET));
    cr_assert(strstr(f->mark->sentence, "In 2024-06 it was 60") != NULL, "%s", f->mark->sentence);
}

Test(kpi_sales_cycle, a_target_that_is_missed_with_open_deals_counted_is_at_risk) {
    g_auto(KpiText) t = crm();
    const PlFinding *f = pl_section_headline(kpi_section(&t, "sales_cycle"));
    cr_assert(f->value == 45 && f->mark->status == PL_STATUS_AT_RISK);
    cr_assert(strstr(f->mark->sentence, "with open deals counted it is 69.0 days (67.0 to 70.0 days), above "
                                        "the target") != NULL,
              "%s", f->mark->sentence);
}

Test(kpi_sales_cycle, deals_that_are_not_there_are_not_called_open) {
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data: [{table: opportunities, file: deals.csv}]\n"
                                 "kpis: {period: month}\n",
                                 "deals.csv",
                                 "opportunity,opened,closed,outcome\n1,2024-01-01,2024-01-11,won\n"
                                 "2,2024-01-01,2024-01-15,won\n",
                                 NULL);
    static const char *const measures[] = {"median_days", "mean_days"};
    for (gsize k = 0; k < G_N_ELEMENTS(measures); k++)
        cr_assert(eq(str, kpi_find(&t, "sales_cycle", measures[k], "lost")->reason,
                     (char *)"there are no lost deals"));
}
