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
