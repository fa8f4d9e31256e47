/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition.h"

#include "../io/definition_text.h"

static void expect_metrics(const char *metrics, const char *want) {
    g_autofree char *text =
        g_strconcat("experiment: e\ndata: [{table: sales, file: s}]\nmetrics:\n", metrics, NULL);
    expect_faults(text, want);
}

Test(definition_validate, derives_what_a_metric_is) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = load_text("experiment: e\ndata: [{table: sales, file: s}]\nmetrics:\n"
                                            "  - {name: r, ratio: [x, y]}\n"
                                            "  - {name: s, sum: x}\n"
                                            "  - {name: m, mean: z}\n",
                                            &error);
    cr_assert(def != NULL, "%s", error != NULL ? error->message : "");
    static const struct {
        PlMetricKind kind;
        const char *column, *denominator;
    } want[] = {{PL_METRIC_RATIO, "x", "y"}, {PL_METRIC_SUM, "x", ""}, {PL_METRIC_MEAN, "z", ""}};
    for (guint i = 0; i < 3; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        const char *denominator = metric->denominator != NULL ? metric->denominator : "";
        cr_expect(eq(int, metric->kind, want[i].kind));
        cr_expect(eq(str, (char *)metric->column, (char *)want[i].column));
        cr_expect(eq(str, (char *)denominator, (char *)want[i].denominator));
    }
    cr_expect(eq(str, def->primary, (char *)"r"));
}

Test(definition_validate, wants_one_column_rule_a_metric) {
    expect_metrics("  - {name: a}\n",
                   "d.yaml:4:12: error: metric \"a\" has neither sum nor ratio nor mean nor kpi\n"
                   "  hint: sum: COLUMN, mean: COLUMN, ratio: [COLUMN, COLUMN], or kpi: MEASURE");
    expect_metrics("  - {name: a, sum: x, mean: x}\n",
                   "d.yaml:4:12: error: metric \"a\" has more than one of sum, ratio, mean, kpi\n"
                   "  hint: sum: COLUMN, mean: COLUMN, ratio: [COLUMN, COLUMN], or kpi: MEASURE");
    expect_metrics("  - {name: a, ratio: [x, x]}\n",
                   "d.yaml:4:22: error: metric \"a\" divides \"x\" by itself");
    /* a rule that could not be read is reported once */
    expect_metrics("  - {name: a, sum: [x]}\n", "d.yaml:4:20: error: \"sum\" takes one value, not a list");
}

Test(definition_validate, wants_names_that_exist_once) {
    expect_metrics("  - {name: a, sum: x}\n  - {name: a, sum: y}\n",
                   "d.yaml:5:12: error: metric \"a\" is defined twice, first on line 4");
    expect_tail_faults("treatments: [{name: x}, {name: x}]\n",
                       "d.yaml:6:32: error: treatment \"x\" is defined twice, first on line 6");
    expect_tail_faults("primary: c\n", "d.yaml:6:10: error: \"primary\": there is no metric \"c\"\n"
                                       "  hint: did you mean \"a\"?");
    expect_tail_faults("primary: revenue\n",
                       "d.yaml:6:10: error: \"primary\": there is no metric \"revenue\"\n"
                       "  hint: there are: a, b");
    expect_tail_faults("guardrails: [{metric: price, margin: 0.1}]\n",
                       "d.yaml:6:23: error: \"guardrails\": there is no metric \"price\"\n"
                       "  hint: there are: a, b");
}

Test(definition_validate, wants_pairs_that_make_sense) {
    expect_tail_faults("pairs: [{test: S1, control: S1}]\n",
                       "d.yaml:6:29: error: store \"S1\" is paired with itself");
    expect_tail_faults(
        "pairs:\n  - {test: S1, control: S2}\n  - {test: S3, control: S1}\n",
        "d.yaml:8:25: error: store \"S1\" is in two pairs, the other one is on line 7\n"
        "  hint: each store belongs to one pair; only a control store may serve several treatments");
    expect_tail_faults("treatments: [{name: ten}, {name: twenty}]\n"
                       "pairs:\n"
                       "  - {test: S1, control: S2, treatment: ten}\n"
                       "  - {test: S3, control: S4, treatment: twnty}\n"
                       "  - {test: S5, control: S6}\n",
                       "d.yaml:9:40: error: there is no treatment \"twnty\"\n"
                       "  hint: did you mean \"twenty\"?\n"
                       "d.yaml:10:12: error: a pair needs its treatment: there are 2 of them\n"
                       "  hint: add treatment: NAME");
    expect_tail_faults("pairs: [{test: S1, control: S2, treatment: f}]\n",
                       "d.yaml:6:44: error: there is no treatment \"f\"\n"
                       "  hint: did you mean \"e\"?");
}

Test(definition_validate, wants_one_source_of_pairs) {
    expect_tail_faults("pairs: [{test: S1, control: S2}]\npairs_file: p.csv\n"
                       "assignment: {file: a.csv}\npairing: {method: optimal}\n",
                       "d.yaml:7:13: error: both \"pairs\" and \"pairs_file\" say which stores are compared\n"
                       "  hint: keep one of them\n"
                       "d.yaml:8:20: error: both \"pairs\" and \"assignment\" say which stores are compared\n"
                       "  hint: keep one of them\n"
                       "d.yaml:9:19: error: both \"pairs\" and \"pairing\" say which stores are compared\n"
                       "  hint: keep one of them");
}

Test(definition_validate, wants_an_analysis_that_makes_sense) {
    expect_tail_faults("analysis: {methods: [paired_t, sign_flip, paired_t]}\n",
                       "d.yaml:6:21: error: method \"paired_t\" is listed twice");
    expect_tail_faults("analysis: {threshold: 2}\n",
                       "d.yaml:6:23: error: \"threshold\": a lift of 200 % or more is out of the question\n"
                       "  hint: 2 % is written 0.02");
    expect_tail_faults("economics: {margin: 0.3, margin_column: m}\n",
                       "d.yaml:6:41: error: both \"margin\" and \"margin_column\" are given\n"
                       "  hint: keep one of them (beside the column, \"margin\" is of the products that a "
                       "\"where\" leaves out)");
    g_autoptr(PlDefinition) units = load_good("analysis: {threshold: 2, effect: absolute}\n");
    cr_expect(epsilon_eq(dbl, units->analysis.threshold, 2, 0));
}

Test(definition_validate, says_what_a_run_needs) {
    static const char during[] = "periods: {during: {from: 2024-02-01, to: 2024-02-29}}\n";
    static const char *const sources[] = {"pairs: [{test: A, control: B}]\n", "pairs_file: p.csv\n",
                                          "assignment: {file: a.csv}\n", "pairing: {method: greedy}\n"};
    g_autoptr(PlDefinition) bare = load_good("");
    g_autoptr(GError) error = NULL;
    cr_expect(not(pl_definition_ready_for_run(bare, &error)));
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DEFINITION));
    cr_expect(eq(str, error->message,
                 (char *)"d.yaml: error: \"periods.during\" is missing: the days of the promotion\n"
                         "  hint: periods: {during: {from: ..., to: ...}}\n"
                         "d.yaml: error: nothing says which stores are compared\n"
                         "  hint: give one of pairs, pairs_file, assignment, pairing"));
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autofree char *tail = g_strconcat(during, sources[i], NULL);
        g_autoptr(PlDefinition) def = load_good(tail);
        cr_expect(pl_definition_ready_for_run(def, NULL), "%s", sources[i]);
    }
}
