/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"
#include "nist.h"

/* R: tests/reference/stats/groups.R. */

static PlAnswer answer_of(const char *id, PlPairwise how, PlArena *arena) {
    PlAnswer answer;
    PlSample s = grouped(three_values, three_groups, 19, 3);
    PlMethodOptions o = unset_options();
    o.pairwise = how;
    cr_assert(eq(int, (int)run_groups(id, &s, &o, arena, &answer), PL_OK));
    return answer;
}

static const PlAnswerRow *contrast_of(const PlAnswer *answer, const char *term, const char *versus) {
    for (size_t i = 0; i < answer->n_rows; i++)
        if (answer->rows[i].versus && strcmp(answer->rows[i].term, term) == 0 &&
            strcmp(answer->rows[i].versus, versus) == 0)
            return &answer->rows[i];
    cr_assert(0, "no contrast %s - %s", term, versus);
    return NULL;
}

Test(stats_anova, agrees_with_r) {
    PlArena arena = {0};
    PlAnswer answer = answer_of("anova", PL_PAIRWISE_OFF, &arena);
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_expect(near(row->in.statistic, 9.9974454965866606, 1e-13) &&
              near(row->in.p_value, 1.5241684225934969e-03, 1e-12));
    cr_expect(near(figure(row, "ss_between"), 106.66917293233087, 1e-13));
    cr_expect(near(figure(row, "ss_within"), 85.357142857142847, 1e-14));
    cr_expect(eq(uint, row->lacks, PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL));
    pl_arena_clear(&arena);
}

Test(stats_anova, contrasts_and_their_adjustment_agree_with_r) {
    PlArena arena = {0};
    PlAnswer holm = answer_of("anova", PL_PAIRWISE_HOLM, &arena);
    cr_expect(near(contrast_of(&holm, "b", "a")->in.p_value, 0.0084869040970994309, 1e-12));
    cr_expect(near(contrast_of(&holm, "c", "a")->in.p_value, 0.00045540481388283918, 1e-12));
    cr_expect(near(figure(contrast_of(&holm, "b", "a"), "p_adjusted"), 0.016973808194198862, 1e-12));
    cr_expect(near(figure(contrast_of(&holm, "c", "b"), "p_adjusted"), 0.21931619120455098, 1e-12));
    PlAnswer bh = answer_of("welch_anova", PL_PAIRWISE_BH, &arena);
    cr_expect(near(figure(contrast_of(&bh, "b", "a"), "p_adjusted"), 0.0096657992459329885, 1e-12));
    cr_expect(near(figure(contrast_of(&bh, "c", "a"), "p_adjusted"), 0.00343940483547621, 1e-12));
    PlAnswer none = answer_of("kruskal_wallis", PL_PAIRWISE_NONE, &arena);
    cr_expect(figure(contrast_of(&none, "b", "a"), "p_adjusted") == contrast_of(&none, "b", "a")->in.p_value);
    cr_expect(eq(sz, none.n_rows, 4));
    pl_arena_clear(&arena);
}

Test(stats_welch_anova, agrees_with_r) {
    PlArena arena = {0};
    PlAnswer answer = answer_of("welch_anova", PL_PAIRWISE_OFF, &arena);
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_expect(near(row->in.statistic, 11.134783697924222, 1e-13) &&
              near(figure(row, "df2"), 10.560944778921431, 1e-13));
    cr_expect(near(row->in.p_value, 0.0025059471842247597, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_kruskal_wallis, agrees_with_r) {
    PlArena arena = {0};
    PlAnswer answer = answer_of("kruskal_wallis", PL_PAIRWISE_OFF, &arena);
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_expect(near(row->in.statistic, 10.207238095238086, 1e-13) &&
              near(row->in.p_value, 0.0060747220273388936, 1e-12));
    pl_arena_clear(&arena);
}

/* Two groups: F is the square of the pooled t. */
Test(stats_anova, of_two_groups_is_the_pooled_t_squared) {
    PlArena arena = {0};
    PlAnswer t, f;
    PlSample s = grouped(sleep_values, sleep_groups, 20, 2);
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)run_groups("anova", &s, &o, &arena, &f), PL_OK));
    cr_assert(eq(int, (int)run_groups("pooled_t", &s, &o, &arena, &t), PL_OK));
    double statistic = t.rows[0].in.statistic;
    cr_expect(near(f.rows[0].in.statistic, statistic * statistic, 1e-13));
    cr_expect(near(f.rows[0].in.p_value, t.rows[0].in.p_value, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_anova, nist_sets_to_thirteen_digits) {
    static const char *const sets[] = {"AtmWtAg", "SiRstv", "SmLs01", "SmLs02", "SmLs03", "SmLs04",
                                       "SmLs05",  "SmLs06", "SmLs07", "SmLs08", "SmLs09"};
    static const char *const many[9] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    json_t *all = load_expected("nist.json"), *expected = json_object_get(all, "anova");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        char name[64];
        double *x;
        size_t *group;
        snprintf(name, sizeof name, "anova_%s", sets[i]);
        size_t n = read_nist(name, &x, &group);
        const json_t *want = json_object_get(expected, sets[i]);
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = {.rows = n};
        s.roles[PL_X] = numbers("y", x);
        s.roles[PL_GROUP] = levels("group", group, (size_t)number_at(want, "k"), many);
        PlMethodOptions o = unset_options();
        cr_assert(eq(int, (int)run_answer("anova", &s, &o, &arena, &answer), PL_OK), "%s", sets[i]);
        const PlAnswerRow *row = &answer.rows[0];
        double f = log_relative_error(row->in.statistic, number_at(want, "F")),
               r2 = log_relative_error(figure(row, "r_squared"), number_at(want, "R2")),
               sd = log_relative_error(figure(row, "residual_sd"), number_at(want, "resid_sd")),
               within = log_relative_error(figure(row, "ss_within"), number_at(want, "SSW"));
        cr_expect(f >= 13 && r2 >= 13 && sd >= 13 && within >= 13, "%s: %.1f %.1f %.1f %.1f", sets[i], f, r2,
                  sd, within);
        pl_arena_clear(&arena);
        free(x);
        free(group);
    }
    json_decref(all);
}

Test(stats_anova, what_is_refused) {
    must_refuse_bad_groups("anova");
    must_refuse_bad_groups("welch_anova");
    must_refuse_bad_groups("kruskal_wallis");
    const double x[4] = {1, 2, 3, 5}, flat[4] = {1, 1, 3, 5};
    const size_t own[3] = {0, 1, 2}, of[4] = {0, 0, 1, 1};
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample each = grouped(x, own, 3, 3), constant = grouped(flat, of, 4, 2);
    cr_expect(eq(int, (int)run_groups("anova", &each, &o, &arena, &answer), PL_TOO_FEW));
    cr_expect(eq(int, (int)run_groups("welch_anova", &each, &o, &arena, &answer), PL_TOO_FEW));
    cr_expect(eq(int, (int)run_groups("welch_anova", &constant, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"a"));
    pl_arena_clear(&arena);
}

/* Sums of squares that no double can hold are left out; nothing else suffers. */
Test(stats_anova, any_scale_and_no_figure_that_is_not_a_number) {
    const double powers[4] = {-310, -200, 160, 300};
    const char *const ids[3] = {"anova", "welch_anova", "kruskal_wallis"};
    for (size_t k = 0; k < 3; k++)
        for (size_t p = 0; p < 4; p++) {
            double x[19];
            for (size_t i = 0; i < 19; i++)
                x[i] = three_values[i] * pow(10, powers[p]);
            PlArena arena = {0};
            PlAnswer base = answer_of(ids[k], PL_PAIRWISE_HOLM, &arena), answer;
            PlSample s = grouped(x, three_groups, 19, 3);
            PlMethodOptions o = unset_options();
            o.pairwise = PL_PAIRWISE_HOLM;
            cr_assert(eq(int, (int)run_groups(ids[k], &s, &o, &arena, &answer), PL_OK));
            for (size_t i = 0; i < answer.n_rows; i++) {
                const PlAnswerRow *row = &answer.rows[i];
                cr_expect(near(row->in.statistic, base.rows[i].in.statistic, 1e-11));
                cr_expect(near(row->in.p_value, base.rows[i].in.p_value, 1e-11));
                for (size_t f = 0; f < row->n_figures; f++)
                    cr_expect(isfinite(row->figures[f].value) != 0, "%s", row->figures[f].name);
            }
            pl_arena_clear(&arena);
        }
}

Test(stats_anova, rounding_noise_is_no_variance) {
    const double noise[8] = {.3, .1 + .2, .3, .1 + .2, 1.3, 1.1 + .2, 1.3, 1.3};
    const size_t of[8] = {0, 0, 0, 0, 1, 1, 1, 1};
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = grouped(noise, of, 8, 2);
    PlMethodOptions o = unset_options();
    cr_expect(eq(int, (int)run_groups("anova", &s, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)run_groups("welch_anova", &s, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)run_groups("kruskal_wallis", &s, &o, &arena, &answer), PL_OK));
    cr_expect(near(answer.rows[0].in.statistic, 7, 1e-14) && answer.rows[0].in.n_tied == 8);
    cr_expect(eq(sz, answer.n_notes, 1));
    pl_arena_clear(&arena);
}

/* SmLs07's contrasts are those of SmLs01, which lacks only the 1e12 in front. */
Test(stats_anova, contrasts_keep_the_digits_of_large_means) {
    static const char *const many[9] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    PlArena arena = {0};
    PlAnswer answers[2];
    for (size_t k = 0; k < 2; k++) {
        double *x;
        size_t *group;
        size_t n = read_nist(k ? "anova_SmLs07" : "anova_SmLs01", &x, &group);
        PlSample s = {.rows = n};
        s.roles[PL_X] = numbers("y", x);
        s.roles[PL_GROUP] = levels("group", group, 9, many);
        PlMethodOptions o = unset_options();
        o.pairwise = PL_PAIRWISE_BH;
        cr_assert(eq(int, (int)run_answer("anova", &s, &o, &arena, &answers[k]), PL_OK));
        free(x);
        free(group);
    }
    for (size_t i = 0; i < answers[0].n_rows; i++)
        cr_expect(near(answers[1].rows[i].in.p_value, answers[0].rows[i].in.p_value, 1e-13) &&
                  near(answers[1].rows[i].in.estimate, answers[0].rows[i].in.estimate, 1e-13));
    pl_arena_clear(&arena);
}

static void must_be(double got, const json_t *of, const char *key) {
    double want = number_at(of, key);
    cr_expect(near(got, want, 1e-10), "%s: %.17g, not %.17g", key, got, want);
}

/* p_adjusted of the three contrasts against R's pairwise tests. */
static void check_adjusted(const char *id, const PlSample *s, PlPairwise how, size_t exact_up_to,
                           const json_t *want) {
    static const char *const keys[3] = {"p12", "p13", "p23"};
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.pairwise = how;
    o.inference.exact_up_to = exact_up_to;
    cr_assert(eq(int, (int)run_groups(id, s, &o, &arena, &answer), PL_OK));
    for (size_t i = 0; i < 3; i++)
        must_be(figure(&answer.rows[i + 1], "p_adjusted"), want, keys[i]);
    pl_arena_clear(&arena);
}

/* ../shared: three promotions, by store-week and by location. */
Test(stats_anova, agrees_on_three_promotions) {
    static double x[600];
    static size_t group[600];
    json_t *all = load_expected("wa_marketing.json");
    for (int by_location = 0; by_location < 2; by_location++) {
        const json_t *part = json_object_get(all, by_location ? "location_mean" : "store_week"),
                     *anova = json_object_get(part, "anova"), *welch = json_object_get(part, "welch_anova"),
                     *kruskal = json_object_get(part, "kruskal");
        size_t rows = read_promotions(by_location, x, group);
        PlSample s = grouped(x, group, rows, 3);
        PlArena arena = {0};
        PlAnswer answer;
        PlMethodOptions o = unset_options();
        cr_assert(eq(int, (int)run_groups("anova", &s, &o, &arena, &answer), PL_OK));
        must_be(answer.rows[0].in.statistic, anova, "F");
        must_be(answer.rows[0].in.p_value, anova, "p");
        must_be(figure(answer.rows, "ss_between"), anova, "SSB");
        must_be(figure(answer.rows, "ms_within"), anova, "MSW");
        must_be(figure(answer.rows, "r_squared"), anova, "eta2");
        cr_assert(eq(int, (int)run_groups("welch_anova", &s, &o, &arena, &answer), PL_OK));
        must_be(answer.rows[0].in.statistic, welch, "F");
        must_be(figure(answer.rows, "df2"), welch, "df2");
        must_be(answer.rows[0].in.p_value, welch, "p");
        cr_assert(eq(int, (int)run_groups("kruskal_wallis", &s, &o, &arena, &answer), PL_OK));
        must_be(answer.rows[0].in.statistic, kruskal, "H");
        must_be(answer.rows[0].in.p_value, kruskal, "p");
        const json_t *holm = json_object_get(part, "pairwise_t_holm"),
                     *bh = json_object_get(part, "pairwise_t_BH");
        check_adjusted("anova", &s, PL_PAIRWISE_HOLM, 0, json_object_get(holm, "pooled"));
        check_adjusted("anova", &s, PL_PAIRWISE_BH, 0, json_object_get(bh, "pooled"));
        check_adjusted("welch_anova", &s, PL_PAIRWISE_HOLM, 0, json_object_get(holm, "welch"));
        check_adjusted("welch_anova", &s, PL_PAIRWISE_BH, 0, json_object_get(bh, "welch"));
        check_adjusted("kruskal_wallis", &s, PL_PAIRWISE_HOLM, 1, json_object_get(part, "pairwise_mw_holm"));
        pl_arena_clear(&arena);
    }
    json_decref(all);
}

/* ../shared: job satisfaction by department. */
Test(stats_kruskal_wallis, agrees_on_a_column_of_four_values) {
    static SharedRow rows[1500];
    static double x[1500];
    static size_t group[1500];
    json_t *all = load_expected("hr.json");
    size_t n = read_shared_rows("data/hr_attrition/hr_attrition.csv", 16, -1, 4, rows, 1500);
    for (size_t i = 0; i < n; i++) {
        x[i] = rows[i].a;
        group[i] = strstr(rows[i].text, "Sales") ? 0 : strstr(rows[i].text, "Human") ? 1 : 2;
    }
    PlSample s = grouped(x, group, n, 3);
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    cr_assert(eq(int, (int)run_groups("kruskal_wallis", &s, &o, &arena, &answer), PL_OK));
    must_be(answer.rows[0].in.statistic, json_object_get(all, "js_dept_kruskal"), "H");
    must_be(answer.rows[0].in.p_value, json_object_get(all, "js_dept_kruskal"), "p");
    pl_arena_clear(&arena);
    json_decref(all);
}
