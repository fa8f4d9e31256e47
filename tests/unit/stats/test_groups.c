/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"

#include "pairlift/stats/groups.h"

enum { MANY_GROUPS = 12, EACH = 25 };

/* Twelve groups of 25 values, each a little above the one before. */
static PlSample many_groups(double x[MANY_GROUPS * EACH], size_t of[MANY_GROUPS * EACH]) {
    static const char *const labels[MANY_GROUPS] = {"a", "b", "c", "d", "e", "f",
                                                    "g", "h", "i", "j", "k", "l"};
    PlRng rng = pl_rng_stream(31, 0);
    for (size_t i = 0; i < MANY_GROUPS * EACH; i++) {
        of[i] = i / EACH;
        x[i] = normal_draw(&rng) + (double)of[i] / 10;
    }
    PlSample s = {.rows = MANY_GROUPS * EACH};
    s.roles[PL_X] = numbers("x", x);
    s.roles[PL_GROUP] = levels("g", of, MANY_GROUPS, labels);
    return s;
}

/* Counting out one contrast takes a hundred kilobytes and more; 66 of them have to do with the same memory.
 */
Test(stats_groups, contrasts_give_their_scratch_back) {
    static double x[MANY_GROUPS * EACH];
    static size_t of[MANY_GROUPS * EACH];
    PlArena arena = {.limit = 2 << 20};
    PlAnswer answer;
    PlSample s = many_groups(x, of);
    PlMethodOptions o = unset_options();
    o.pairwise = PL_PAIRWISE_HOLM;
    cr_assert(eq(int, (int)run_groups("kruskal_wallis", &s, &o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 1 + MANY_GROUPS * (MANY_GROUPS - 1) / 2));
    pl_arena_clear(&arena);
}

/* What is given back between contrasts is nothing that an earlier row still needs: every row is what the
 * method of two groups gives alone, and the adjusted p are no smaller than the p. */
Test(stats_groups, contrasts_are_those_of_two_groups_alone) {
    static double x[MANY_GROUPS * EACH];
    static size_t of[MANY_GROUPS * EACH];
    static const char *const all[2] = {"welch_anova", "kruskal_wallis"};
    static PlTwoGroupTest *const alone[2] = {pl_welch_t, pl_rank_sum};
    PlSample s = many_groups(x, of);
    for (size_t k = 0; k < 2; k++) {
        PlArena arena = {0}, own = {0};
        PlAnswer answer;
        PlMethodOptions o = unset_options();
        o.pairwise = PL_PAIRWISE_BH;
        cr_assert(eq(int, (int)run_groups(all[k], &s, &o, &arena, &answer), PL_OK));
        for (size_t a = 0, i = 1; a < MANY_GROUPS; a++)
            for (size_t b = a + 1; b < MANY_GROUPS; b++, i++) {
                PlInference in;
                const PlAnswerRow *row = &answer.rows[i];
                cr_assert(eq(int,
                             (int)alone[k](x + b * EACH, EACH, x + a * EACH, EACH, &two_sided_95, &own, &in),
                             PL_OK));
                cr_expect(row->in.p_value == in.p_value && row->in.estimate == in.estimate &&
                          row->in.conf_low == in.conf_low && row->in.conf_high == in.conf_high);
                cr_expect(figure(row, "p_adjusted") >= in.p_value);
                bool rejected = in.p_value <= 1 - two_sided_95.conf_level,
                     apart = in.conf_low > 0 || in.conf_high < 0;
                cr_expect(rejected == apart);
                pl_arena_clear(&own);
            }
        pl_arena_clear(&arena);
    }
}

/* A list of a hundred thousand contrasts is gigabytes that nobody reads. */
Test(stats_groups, more_contrasts_than_anybody_reads_are_refused) {
    enum { MANY = 300 };
    static double x[2 * MANY];
    static size_t of[2 * MANY];
    static const char *label[MANY];
    for (size_t i = 0; i < 2 * MANY; i++) {
        x[i] = (double)(i * 37 % 101);
        of[i] = i / 2;
        label[i / 2] = "g";
    }
    const char *const ids[] = {"anova", "welch_anova", "kruskal_wallis"};
    for (size_t m = 0; m < 3; m++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = {.rows = 2 * MANY};
        s.roles[PL_X] = numbers("x", x);
        s.roles[PL_GROUP] = levels("g", of, MANY, label);
        PlMethodOptions o = unset_options();
        cr_expect(eq(int, (int)run_answer(ids[m], &s, &o, &arena, &answer), PL_OK), "%s", ids[m]);
        o.pairwise = PL_PAIRWISE_HOLM;
        cr_expect(eq(int, (int)run_answer(ids[m], &s, &o, &arena, &answer), PL_TOO_LARGE), "%s", ids[m]);
        pl_arena_clear(&arena);
    }
}
