/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

/* Reference values: tests/reference/monitor.R. */

static const double test_sales[3][5] = {
    {100, 110, 120, 126, 131}, {90, 80, 100, 99, 95}, {200, 210, 214, 240, 225}};
static const double control_sales[3][5] = {
    {95, 105, 101, 99, 110}, {85, 95, 90, 94, 85}, {190, 205, 201, 207, 199}};

#define PERIODS "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 6}, after: {from: 7, to: 8}}\n"
#define METRICS "metrics: [{name: revenue, sum: revenue}]\n"
#define PAIRS   "pairs: [{test: T1, control: C1}, {test: T2, control: C2}, {test: T3, control: C3}]\n"

/* Three pairs over five of the days 1 to 6. */
static char *sales(void) {
    GString *s = g_string_new("store,date,revenue\n");
    for (int i = 0; i < 3; i++)
        for (int t = 0; t < 5; t++)
            g_string_append_printf(s, "T%d,%d,%g\nC%d,%d,%g\n", i + 1, t + 1, test_sales[i][t], i + 1, t + 1,
                                   control_sales[i][t]);
    return g_string_free(s, FALSE);
}

static PlResult *monitor_ok(const char *yaml, const char *csv, const PlDay *as_of) {
    g_autoptr(GError) error = NULL;
    PlResult *r = monitor_files(yaml, csv, NULL, as_of, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    return r;
}

static const PlFinding *finding(const PlResult *r, const char *measure) {
    const PlFinding *f = pl_section_find(pl_result_section(r, "monitor"), NULL, measure);
    cr_assert_not_null(f, "no finding %s", measure);
    return f;
}

static void curve_is(const PlResult *r, const double expected[3][3]) {
    const PlCurve *c = pl_section_curve(pl_result_section(r, "monitor"), NULL, "estimate_over_time");
    cr_assert_not_null(c);
    cr_assert(eq(u32, c->n, 3));
    for (guint i = 0; i < 3; i++) {
        cr_expect(eq(dbl, c->x[i], 3 + i));
        cr_expect(epsilon_eq(dbl, c->y[i], expected[i][0], 1e-10));
        cr_expect(epsilon_eq(dbl, c->low[i], expected[i][1], 1e-9));
        cr_expect(epsilon_eq(dbl, c->high[i], expected[i][2], 1e-9));
    }
}

Test(monitor, pairs_as_computed_in_r) {
    g_autofree char *csv = sales();
    g_autoptr(PlResult) r = monitor_ok(HEAD METRICS PERIODS PAIRS, csv, NULL);
    const double expected[3][3] = {{0.109415427245, -0.516530982202, 1.54577345166},
                                   {0.12874158624, -0.358911611291, 0.987335273802},
                                   {0.130405957945, -0.34057191354, 0.937766461566}};
    curve_is(r, expected);
    cr_expect(epsilon_eq(dbl, finding(r, "effect_so_far")->p_value, 0.602789287447, 1e-9));
    cr_expect(epsilon_eq(dbl, finding(r, "share_elapsed")->value, 0.75, 1e-12));
    cr_expect(strstr(verdict_of(r)->sentence, "Go on: it cannot be told yet. After 3 of 4 intervals") != NULL,
              "%s", verdict_of(r)->sentence);
    cr_expect_str_eq(estimate_of(r, "revenue", "confidence_sequence")->treatment, "test");
    cr_expect(estimate_of(r, "revenue", "confidence_sequence")->deciding);
}

Test(monitor, groups_as_computed_in_r) {
    g_autofree char *csv = sales();
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) r =
        monitor_files(HEAD METRICS PERIODS "assignment: {file: stores.csv, group: arm, control: none}\n", csv,
                      "store,arm\nT1,test\nT2,test\nT3,test\nC1,none\nC2,none\nC3,none\n", NULL, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    const double expected[3][3] = {{0.109415427245, -0.435834598285, 1.18163429815},
                                   {0.12874158624, -0.0840665167123, 0.390993551119},
                                   {0.130405957945, -0.151438244804, 0.505862857869}};
    curve_is(r, expected);
    cr_expect(epsilon_eq(dbl, finding(r, "p_running")->value, 0.188304063556, 1e-9));
}

/* As of a day is the same as data that end there. */
Test(monitor, as_of_a_day) {
    g_autofree char *csv = sales();
    const PlDay day = 4, early = 2, never = 0;
    g_autoptr(PlResult) r = monitor_ok(HEAD METRICS PERIODS PAIRS, csv, &day);
    cr_expect(epsilon_eq(dbl, finding(r, "effect_so_far")->value, 0.12874158624, 1e-10));
    cr_expect(eq(dbl, check_of(r, "as_of")->value, 1));
    g_autoptr(PlResult) none = monitor_ok(HEAD METRICS PERIODS PAIRS, csv, &early);
    cr_expect(eq(u32, none->estimates->len, 0));
    cr_expect(eq(u32, none->verdicts->len, 0));
    const PlSection *s = pl_result_section(none, "monitor");
    cr_assert(eq(u32, s->sentences->len, 1));
    cr_expect_str_eq(g_ptr_array_index(s->sentences, 0),
                     "Nothing to see yet: the promotion begins on 3, and the data end on 2.");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) failed = monitor_files(HEAD METRICS PERIODS PAIRS, csv, NULL, &never, &error);
    cr_assert_null(failed);
    cr_expect(eq(int, pl_error_exit_status(error), 4));
}

/* n pairs whose sales are the same before and follow `lift` and a little noise of their own during. */
static char *made_up(int n, int days, double lift, double noise) {
    GString *s = g_string_new("store,date,revenue\n");
    for (int i = 0; i < n; i++)
        for (int t = 1; t <= 10 + days; t++) {
            double own = noise * sin(1.7 * i * i + 0.9 * i + 0.3 * t * (1 + i % 3));
            g_string_append_printf(s, "T%d,%d,%.6f\nC%d,%d,100\n", i + 1, t,
                                   t > 10 ? 100 * exp(lift + own) : 100.0, i + 1, t);
        }
    return g_string_free(s, FALSE);
}

static char *definition(int n, const char *more) {
    GString *s = g_string_new(HEAD METRICS
                              "periods: {before: {from: 1, to: 10}, during: {from: 11, to: 30}}\npairs:\n");
    for (int i = 0; i < n; i++)
        g_string_append_printf(s, "  - {test: T%d, control: C%d}\n", i + 1, i + 1);
    g_string_append(s, more);
    return g_string_free(s, FALSE);
}

static PlResult *made_up_result(int n, int days, double lift, double noise, const char *more) {
    g_autofree char *csv = made_up(n, days, lift, noise), *yaml = definition(n, more);
    return monitor_ok(yaml, csv, NULL);
}

Test(monitor, stops_for_a_win_for_harm_and_for_futility) {
    g_autoptr(PlResult) win = made_up_result(12, 8, .10, .02, "");
    cr_expect(eq(int, verdict_of(win)->kind, PL_WIN));
    cr_expect(strstr(verdict_of(win)->sentence,
                     "You may stop: after 8 of 20 intervals, with test, revenue rose by ") != NULL,
              "%s", verdict_of(win)->sentence);
    g_autoptr(PlResult) harm = made_up_result(12, 8, -.10, .02, "");
    cr_expect(eq(int, verdict_of(harm)->kind, PL_LOSS));
    cr_expect(strstr(verdict_of(harm)->sentence, "You may stop, for harm: ") != NULL, "%s",
              verdict_of(harm)->sentence);
    g_autoptr(PlResult) futile = made_up_result(12, 8, .0, .02, "analysis: {threshold: 0.1}\n");
    cr_expect_str_eq(finding(futile, "effect_so_far")->verdict, "futile");
    cr_expect(strstr(verdict_of(futile)->sentence,
                     "an effect of 10 %, the smallest worth having, is out of reach") != NULL,
              "%s", verdict_of(futile)->sentence);
    g_autoptr(PlResult) asked =
        made_up_result(12, 8, .0, .02, "analysis: {threshold: 0.1}\nmonitor: {futility: no}\n");
    cr_expect_str_eq(finding(asked, "effect_so_far")->verdict, "go on");
}

/* Shown early, and then gone: the sentence must not stand against its own interval. */
Test(monitor, an_effect_that_fades_is_said_to) {
    g_autofree char *rise = made_up(12, 8, .10, .02), *fall = made_up(12, 16, -.111, .02),
                    *yaml = definition(12, "");
    g_auto(GStrv) early = g_strsplit(rise, "\n", -1), late = g_strsplit(fall, "\n", -1);
    g_autoptr(GString) csv = g_string_new("store,date,revenue\n");
    for (guint i = 1; early[i]; i++)
        g_string_append_printf(csv, "%s%s", early[i], *early[i] ? "\n" : "");
    for (guint i = 1; late[i] && *late[i]; i++)
        if (atoi(strchr(late[i], ',') + 1) > 18)
            g_string_append_printf(csv, "%s\n", late[i]);
    g_autoptr(PlResult) r = monitor_ok(yaml, csv->str, NULL);
    const PlFinding *now = finding(r, "effect_so_far");
    cr_assert(now->conf_low < 0 && now->conf_high > 0, "%g to %g", now->conf_low, now->conf_high);
    cr_expect(strstr(verdict_of(r)->sentence, "include no change again, so it may have faded since.") != NULL,
              "%s", verdict_of(r)->sentence);
    g_autoptr(PlResult) lasting = made_up_result(12, 16, .10, .02, "");
    cr_expect(strstr(verdict_of(lasting)->sentence, "faded") == NULL, "%s", verdict_of(lasting)->sentence);
}

Test(monitor, looks_that_were_planned) {
    g_autoptr(PlResult) r = made_up_result(12, 12, .03, .05, "monitor: {looks: 4, spending: pocock}\n");
    const PlSection *s = pl_result_section(r, "monitor");
    guint looks = 0, made = 0;
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (!g_str_equal(f->measure, "planned_look"))
            continue;
        g_autofree char *day = g_strdup_printf("%u", 10 + 5 * ++looks);
        cr_expect_str_eq(f->period, day);
        made += isfinite(f->value);
        cr_expect(isfinite(f->value) || f->reason != NULL);
    }
    cr_expect(eq(u32, looks, 4));
    cr_expect(eq(u32, made, 2)); /* days 15 and 20 of 11 to 22 */
    cr_expect(estimate_of(r, "revenue", "group_sequential")->deciding);
    cr_expect(not(estimate_of(r, "revenue", "confidence_sequence")->deciding));
    const PlCurve *c = pl_section_curve(s, NULL, "planned_looks");
    cr_assert(eq(u32, c->n, 2));
    cr_expect(eq(dbl, c->x[1], 20));
    /* Pocock's boundaries at a quarter and a half: R's rpact gives 2.3683 and 2.3675 of 4 looks */
    const PlCurve *z = pl_section_curve(s, NULL, "statistic_over_time");
    cr_expect(epsilon_eq(dbl, z->high[4], 2.3683, 2e-3), "%g", z->high[4]);
    cr_expect(isnan(z->high[5]));
}

Test(monitor, few_pairs_and_nothing_that_varies) {
    g_autoptr(PlResult) one = made_up_result(1, 8, .1, .02, "");
    const PlFinding *f = finding(one, "effect_so_far");
    cr_expect(isfinite(f->value) && isnan(f->conf_low) && f->reason != NULL);
    cr_expect(eq(int, verdict_of(one)->kind, PL_INCONCLUSIVE));
    g_autoptr(PlResult) two = made_up_result(2, 8, .1, .02, "");
    cr_expect(finding(two, "effect_so_far")->conf_low < 0);
    g_autoptr(PlResult) same = made_up_result(5, 8, .1, 0, "");
    cr_expect(isnan(finding(same, "effect_so_far")->p_value));
    cr_expect(strstr(verdict_of(same)->sentence, "Cannot tell what test does to revenue: ") != NULL, "%s",
              verdict_of(same)->sentence);
}

/* A day without sales has no logarithm: the pair is out of the looks that see nothing else, and counted. */
Test(monitor, a_zero_at_the_first_look_is_counted) {
    g_autofree char *csv = sales(), *zero = NULL;
    g_auto(GStrv) parts = g_strsplit(csv, "T1,3,120\n", 2);
    zero = g_strjoin("T1,3,0\n", parts[0], parts[1], NULL);
    g_autoptr(PlResult) r = monitor_ok(HEAD METRICS PERIODS PAIRS, zero, NULL);
    cr_expect(eq(dbl, check_of(r, "left_out")->value, 1));
    cr_expect(eq(u32, finding(r, "effect_so_far")->n, 3));
    g_autoptr(PlResult) absolute =
        monitor_ok(HEAD METRICS PERIODS PAIRS "analysis: {effect: absolute}\n", zero, NULL);
    cr_expect(eq(int, finding(absolute, "effect_so_far")->amount, PL_AMOUNT_UNITS));
    cr_expect(strstr(verdict_of(absolute)->sentence, "per store and interval") != NULL, "%s",
              verdict_of(absolute)->sentence);
}

Test(monitor, treatments_share_the_error) {
    g_autofree char *csv = made_up(12, 8, .1, .02);
    GString *s =
        g_string_new(HEAD METRICS "periods: {before: {from: 1, to: 10}, during: {from: 11, to: 30}}\n"
                                  "treatments: [{name: ad}, {name: cut}]\npairs:\n");
    for (int i = 0; i < 12; i++)
        g_string_append_printf(s, "  - {test: T%d, control: C%d, treatment: %s}\n", i + 1, i + 1,
                               i % 2 ? "ad" : "cut");
    g_autofree char *yaml = g_string_free(s, FALSE);
    g_autoptr(PlResult) r = monitor_ok(yaml, csv, NULL);
    cr_assert(eq(u32, r->verdicts->len, 2));
    cr_expect(epsilon_eq(dbl, pl_result_deciding(r, "cut")->conf_level, .975, 1e-12));
    cr_expect_not_null(pl_section_curve(pl_result_section(r, "monitor"), "ad", "estimate_over_time"));
    g_autofree char *alone_yaml = g_strconcat(yaml, "analysis: {adjust: none}\n", NULL);
    g_autoptr(PlResult) alone = monitor_ok(alone_yaml, csv, NULL);
    cr_expect(epsilon_eq(dbl, pl_result_deciding(alone, "cut")->conf_level, .95, 1e-12));
}

/* Guardrails are looked at by the same band: units fall by 20 % where 5 % is the margin. */
Test(monitor, a_guardrail_that_is_crossed) {
    g_autofree char *csv = made_up(12, 8, -.22, .02);
    static const struct {
        const char *guardrail, *verdict;
    } cases[] = {{"{metric: revenue, worse: down, margin: 0.05}", "harmed"},
                 {"{metric: revenue, worse: down, margin: 0.2}", "worse, perhaps within the margin"},
                 {"{metric: revenue, worse: up, margin: 0.05}", "safe"},
                 {"{metric: revenue, worse: down, margin: 0.5}", "safe"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *more = g_strdup_printf("guardrails: [%s]\n", cases[i].guardrail);
        g_autofree char *yaml = definition(12, more);
        g_autoptr(PlResult) r = monitor_ok(yaml, csv, NULL);
        const PlSection *s = pl_result_section(r, "monitor");
        const PlFinding *found = NULL;
        for (guint k = 0; k < s->findings->len; k++) {
            const PlFinding *f = g_ptr_array_index(s->findings, k);
            found = g_str_equal(f->measure, "guardrail") ? f : found;
        }
        cr_assert_not_null(found);
        cr_expect_str_eq(found->verdict, cases[i].verdict);
        cr_expect(eq(u32, s->sentences->len, g_str_equal(cases[i].verdict, "harmed") ? 1 : 0));
    }
}
