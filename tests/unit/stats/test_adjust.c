/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/adjust.h"

#include "run.h"

enum { N_MAX = 64 };

static void check(const double *p, size_t n, const double *holm, const double *bh, double relative) {
    size_t order[N_MAX];
    double adjusted[N_MAX];
    cr_assert(eq(int, (int)pl_adjust_holm(p, n, order, adjusted), PL_OK));
    for (size_t i = 0; i < n; i++)
        cr_assert(near(adjusted[i], holm[i], relative), "holm %zu: %.17g, not %.17g", i, adjusted[i],
                  holm[i]);
    cr_assert(eq(int, (int)pl_adjust_bh(p, n, order, adjusted), PL_OK));
    for (size_t i = 0; i < n; i++)
        cr_assert(near(adjusted[i], bh[i], relative), "bh %zu: %.17g, not %.17g", i, adjusted[i], bh[i]);
}

/* The example of methods.md, computed by R's p.adjust. */
Test(stats_adjust, published_example) {
    double p[] = {.001, .008, .039, .041, .042, .06, .074, .205, .212, .216};
    double holm[] = {.010, .072, .312, .312, .312, .312, .312, .615, .615, .615};
    double bh[] = {.010, .040, .084, .084, .084, .100, .74 / 7, .216, .216, .216};
    check(p, 10, holm, bh, 1e-14);
}

/* R: p.adjust(c(.04, .01, .04, .2, 0, .5, .5), "holm" and "BH"). */
Test(stats_adjust, ties_out_of_order_zero_and_the_cap_at_one) {
    double p[] = {.04, .01, .04, .2, 0, .5, .5};
    double holm[] = {.2, .06, .2, .6, 0, 1, 1}, bh[] = {.07, .035, .07, .28, 0, .5, .5};
    check(p, 7, holm, bh, 1e-14);
}

Test(stats_adjust, shared_reference) {
    json_t *root = load_expected("p_adjust.json");
    const char *sets[][3] = {{"p_BH1995", "holm", "BH"},
                             {"small_p", "small_holm", "small_BH"},
                             {"ties_p", "ties_holm", "ties_BH"}};
    for (size_t s = 0; s < 3; s++) {
        double p[N_MAX], holm[N_MAX], bh[N_MAX];
        size_t n = 0, index;
        json_t *value;
        json_array_foreach(json_object_get(root, sets[s][0]), index, value) {
            if (!json_is_number(value)) /* R's NA stays out of the adjustment */
                continue;
            p[n] = json_number_value(value);
            holm[n] = item_at(root, sets[s][1], index);
            bh[n++] = item_at(root, sets[s][2], index);
        }
        cr_assert(n >= 5);
        check(p, n, holm, bh, 1e-14);
    }
    json_decref(root);
}

Test(stats_adjust, what_is_no_probability_is_refused) {
    double bad[] = {-1e-9, 1.0000001, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        double p[] = {0.5, bad[i]}, adjusted[2] = {9, 9};
        size_t order[2];
        cr_assert(eq(int, (int)pl_adjust_holm(p, 2, order, adjusted), PL_BAD_ARGUMENT));
        cr_assert(eq(int, (int)pl_adjust_bh(p, 2, order, adjusted), PL_BAD_ARGUMENT));
        cr_assert(eq(dbl, adjusted[0], 9));
    }
}

Test(stats_adjust, never_below_p_never_above_one_and_in_the_order_of_p) {
    PlRng rng = pl_rng_stream(2, 0);
    for (int round = 0; round < 200; round++) {
        double p[20], holm[20], bh[20];
        size_t order[20], n = 1 + pl_rng_next(&rng) % 20;
        for (size_t i = 0; i < n; i++)
            p[i] = floor(40 * pl_rng_uniform(&rng)) / 40;
        pl_adjust_holm(p, n, order, holm);
        pl_adjust_bh(p, n, order, bh);
        for (size_t i = 0; i < n; i++) {
            cr_assert(bh[i] >= p[i] && holm[i] >= bh[i] && holm[i] <= 1);
            for (size_t j = 0; j < n; j++)
                cr_assert(p[i] > p[j] || (holm[i] <= holm[j] && bh[i] <= bh[j]));
        }
    }
}

/* ---- holm and bh on a column ---- */

Test(stats_adjust, a_row_each_in_the_order_given) {
    double p[] = {.205, .008, .001, .041};
    PlSample sample = {.rows = 4, .roles[PL_X] = numbers("p", p)};
    PlMethodOptions o = unset_options();
    const char *ids[] = {"holm", "bh"};
    const double expected[2][4] = {{.205, .024, .004, .082}, {.205, .016, .004, .164 / 3}};
    for (size_t m = 0; m < 2; m++) {
        PlArena arena = {0};
        PlAnswer answer;
        cr_assert(eq(int, (int)run_answer(ids[m], &sample, &o, &arena, &answer), PL_OK));
        cr_assert(eq(sz, answer.n_rows, 4));
        for (size_t i = 0; i < 4; i++) {
            char term[] = {(char)('1' + i), 0};
            const PlAnswerRow *row = row_of(&answer, term);
            cr_assert(row->status == PL_OK && row->lacks == (PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL));
            cr_assert(row->reason && row->in.p_value == p[i] && row->in.n == 4);
            cr_assert(near(figure(row, "p_adjusted"), expected[m][i], 1e-14));
            cr_assert(eq(dbl, figure(row, "rejected"), expected[m][i] <= .05));
        }
        pl_arena_clear(&arena);
    }
}

Test(stats_adjust, a_column_that_is_no_p_is_refused_by_name) {
    double p[] = {.5, 1.5};
    PlSample sample = {.rows = 2, .roles[PL_X] = numbers("p", p)}, empty = {.rows = 0};
    empty.roles[PL_X] = numbers("p", p);
    PlMethodOptions o = unset_options();
    const char *ids[] = {"holm", "bh"};
    for (size_t m = 0; m < 2; m++) {
        PlArena arena = {0};
        PlAnswer answer;
        cr_assert(eq(int, (int)run_answer(ids[m], &sample, &o, &arena, &answer), PL_NOT_PROBABILITY));
        cr_assert(eq(str, (char *)answer.culprit, (char *)"p"));
        cr_assert(eq(int, (int)run_answer(ids[m], &empty, &o, &arena, &answer), PL_TOO_FEW));
        pl_arena_clear(&arena);
    }
}

Test(stats_adjust, too_little_memory_is_a_status) {
    double p[] = {.5, .1};
    PlSample sample = {.rows = 2, .roles[PL_X] = numbers("p", p)};
    PlMethodOptions o = unset_options();
    PlArena arena = {.limit = 8};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("bh", &sample, &o, &arena, &answer), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}

Test(stats_adjust, many_rows_have_their_numbers) {
    enum { MANY = 100000 };
    static double p[MANY];
    for (size_t i = 0; i < MANY; i++)
        p[i] = (double)(MANY - i) / MANY;
    PlSample sample = {.rows = MANY, .roles[PL_X] = numbers("p", p)};
    PlMethodOptions o = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("bh", &sample, &o, &arena, &answer), PL_OK));
    cr_assert(eq(str, (char *)answer.rows[MANY - 1].term, (char *)"100000"));
    cr_assert(eq(str, (char *)answer.rows[89].term, (char *)"90"));
    cr_assert(near(figure(&answer.rows[0], "p_adjusted"), 1, 1e-12));
    pl_arena_clear(&arena);
}
