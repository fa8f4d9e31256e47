/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition_kpis.h"

#include <math.h>

#include "../io/definition_text.h"

static void fails(const char *tail, const char *want) {
    g_autofree char *text = g_strconcat(DEFINITION_HEAD, tail, NULL);
    expect_faults(text, want);
}

Test(definition_kpis, has_defaults_and_says_what_was_given) {
    g_autoptr(PlDefinition) def = load_good("kpis: {upsell: {target: 0.3, by: [rep, team]}}\n");
    const PlKpis *k = &def->kpis;
    cr_assert(pl_definition_has_kpis(def));
    cr_assert(eq(str, k->period, (char *)"month"));
    cr_assert(eq(i64, k->trend_periods, 12));
    cr_assert(eq(str, k->upsell.goal.measure, (char *)"upsell_rate"));
    cr_assert(eq(dbl, k->upsell.goal.target, 0.3));
    cr_assert(eq(dbl, k->upsell.goal.at_risk, 0.05));
    cr_assert(eq(str, k->upsell.goal.by[1], (char *)"team"));
    cr_assert(pl_definition_given(def, &k->upsell.goal.target));
    cr_assert(not(pl_definition_given(def, &k->sales_cycle.goal.target)));
    cr_assert(eq(str, k->sales_volume.online, (char *)"online"));
    cr_assert(eq(i64, k->satisfaction.smallest_group, 5));
}

Test(definition_kpis, none_are_given_without_the_key) {
    g_autoptr(PlDefinition) def = load_good("");
    cr_assert(not(pl_definition_has_kpis(def)));
}

Test(definition_kpis, a_scale_has_a_lowest_and_a_highest_score) {
    fails("kpis: {satisfaction: {scale: [5, 1]}}\n",
          "d.yaml:6:30: error: \"scale\": 5 and 1 are no lowest and highest score\n"
          "  hint: the lowest score first, such as [1, 5]");
    fails("kpis: {satisfaction: {scale: [low, 5]}}\n",
          "d.yaml:6:30: error: \"scale\": low and 5 are no lowest and highest score\n"
          "  hint: the lowest score first, such as [1, 5]");
}

Test(definition_kpis, months_of_churn_are_whole_and_not_too_many) {
    fails("kpis: {sales_cycle: {churn_months: [6, 0.5]}}\n",
          "d.yaml:6:36: error: \"churn_months\": 0.5 is no whole number of months from 1 to 120\n"
          "  hint: such as [6, 9]");
    fails("kpis: {sales_cycle: {churn_months: [121]}}\n",
          "d.yaml:6:36: error: \"churn_months\": 121 is no whole number of months from 1 to 120\n"
          "  hint: such as [6, 9]");
}

Test(definition_kpis, a_share_is_between_0_and_1) {
    fails("kpis: {upsell: {target: 75}}\n",
          "d.yaml:6:25: error: \"target\": 75 is no share: \"upsell_rate\" is between 0 and 1\n"
          "  hint: 75 % is written 0.75");
    fails("kpis: {sales_cycle: {measure: churn, target: 10}}\n",
          "d.yaml:6:46: error: \"target\": 10 is no share: \"churn\" is between 0 and 1\n"
          "  hint: 10 % is written 0.1");
}

Test(definition_kpis, as_of_is_a_date) {
    fails("kpis: {as_of: yesterday}\n", "d.yaml:6:15: error: \"as_of\": \"yesterday\" is not a date\n"
                                        "  hint: such as 2024-12-31");
}

Test(definition_kpis, since_is_a_date) {
    fails("kpis: {sales_cycle: {since: 2024}}\n", "d.yaml:6:29: error: \"since\": \"2024\" is not a date\n"
                                                  "  hint: such as 2024-12-31");
}

Test(definition_kpis, words_are_those_of_their_table) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def =
        load_text("experiment: e\n"
                  "data: [{table: opportunities, file: s.csv, values: {win: [Won]}}]\n"
                  "kpis: {period: month}\n",
                  &error);
    cr_assert_null(def);
    cr_assert_not_null(strstr(error->message, "the table \"opportunities\" has no word \"win\""), "%s",
                       error->message);
    cr_assert_not_null(strstr(error->message, "its words: won, lost, open"), "%s", error->message);
}

Test(definition_kpis, unknown_words_are_suggested) {
    fails("kpis: {upsel: {target: 0.3}}\n", "d.yaml:6:8: error: unknown key \"upsel\" in \"kpis\"\n"
                                            "  hint: did you mean \"upsell\"?");
    fails("kpis: {upsell: {measure: upsell}}\n",
          "d.yaml:6:26: error: \"measure\": \"upsell\" is not one of upsell_rate | cross_sell_rate | "
          "upsell_value_share | attach_rate");
    fails("kpis: {upsell: {direction: sideways}}\n",
          "d.yaml:6:28: error: \"direction\": \"sideways\" is not one of up | down");
    fails("kpis: {upsell: {at_risk: 2}}\n", "d.yaml:6:26: error: \"at_risk\": 2 is not between 0 and 1\n"
                                            "  hint: 2 % is written 0.02");
    fails("kpis: {period: fortnight}\n",
          "d.yaml:6:16: error: \"period\": \"fortnight\" is not one of day | week | month | quarter | year");
}

Test(definition_kpis, without_metrics_and_kpis_there_is_nothing_to_do) {
    expect_faults("experiment: e\ndata: [{table: sales, file: s.csv}]\n",
                  "d.yaml:1:1: error: missing key \"metrics\" in the definition\n"
                  "  hint: such as metrics: [{name: revenue, sum: revenue}]; or kpis: for the verb kpi");
}

/* Measures of KPIs as metrics; what they are made of is tested where they are. */
Test(definition_kpis, a_measure_of_the_sales_is_its_columns) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def =
        load_text("experiment: e\n"
                  "data: [{table: sales, file: s.csv, columns: {revenue: Umsatz}}]\n"
                  "metrics: [{name: v, kpi: volume}, {name: p, kpi: competitive_price.average_price}]\n",
                  &error);
    cr_assert_not_null(def, "%s", error != NULL ? error->message : "");
    const PlMetric *volume = g_ptr_array_index(def->metrics, 0), *price = g_ptr_array_index(def->metrics, 1);
    cr_assert(eq(int, volume->kind, PL_METRIC_SUM));
    cr_assert(eq(str, (char *)volume->column, (char *)"Umsatz"));
    cr_assert(eq(int, price->kind, PL_METRIC_RATIO));
    cr_assert(eq(str, (char *)price->denominator, (char *)"units"));
    cr_assert(eq(str, price->label, (char *)"Average price"));
}
