/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rates.h"

#include "pairlift/stats/chi_square.h"

static PlStatus run_ratio(const double *counts, const double *ratio, size_t n_ratio, size_t n_groups,
                          PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = n_groups};
    sample.roles[PL_X] = numbers("users", counts);
    sample.roles[PL_GROUP] = levels("arm", arm_of_row, n_groups, arms);
    PlMethodOptions options = unset_options();
    options.expected = ratio;
    options.n_expected = n_ratio;
    return run_answer("chi_square", &sample, &options, arena, answer);
}

/* tests/reference/stats/rates.R: chisq.test(correct = FALSE). */
Test(stats_chi_square, three_groups_of_r) {
    const PlRate coupons[] = {{34, 574}, {154, 2368}, {604, 3647}}, small[] = {{1, 10}, {2, 12}, {6, 15}};
    PlChiSquare r;
    cr_assert(eq(int, (int)pl_chi_square_rates(coupons, 3, &r), PL_OK));
    cr_assert(near(r.statistic, 159.45087039978608, 1e-13) && r.df == 2);
    cr_assert(near(r.p_value, 2.3751083438245512e-35, 1e-11), "%.17g", r.p_value);
    cr_assert(near(r.smallest_expected, 68.994991652754592, 1e-13));
    pl_chi_square_rates(small, 3, &r);
    cr_assert(near(r.statistic, 3.4993386243386246, 1e-13) && near(r.p_value, 0.17383141788135847, 1e-12));
}

Test(stats_chi_square, shared_reference) {
    json_t *root = load_expected("proportions_coupons.json");
    const char *sets[] = {"cj_type_pairs", "small_tables"};
    for (size_t s = 0; s < 2; s++) {
        const char *key;
        json_t *e;
        json_object_foreach(json_object_get(root, sets[s]), key, e) {
            PlArena arena = {0};
            PlAnswer answer;
            PlStatus status =
                run_counts("chi_square", number_at(e, "x1"), number_at(e, "n1"), number_at(e, "x2"),
                           number_at(e, "n2"), two_sided_95, &arena, &answer);
            cr_assert(eq(int, (int)status, PL_OK));
            const PlAnswerRow *row = &answer.rows[0];
            cr_assert(near(row->in.statistic, number_at(e, "chisq"), 1e-11), "%s", key);
            cr_assert(near(row->in.p_value, number_at(e, "chisq_p"), 1e-10), "%s", key);
            cr_assert(near(figure(row, "statistic_yates"), number_at(e, "chisq_yates"), 1e-11), "%s", key);
            cr_assert(near(figure(row, "p_yates"), number_at(e, "chisq_yates_p"), 1e-10), "%s", key);
            cr_assert(near(figure(row, "cramers_v"), number_at(e, "phi"), 1e-11), "%s", key);
            pl_arena_clear(&arena);
        }
    }
    json_decref(root);
}

/* hr.json's overtime against attrition, with Yates's correction as R has it by default. */
Test(stats_chi_square, overtime_and_attrition) {
    PlArena arena = {0};
    PlAnswer answer;
    run_counts("chi_square", 127, 416, 110, 1054, two_sided_95, &arena, &answer);
    cr_assert(near(figure(&answer.rows[0], "statistic_yates"), 87.564293658287681, 1e-12));
    cr_assert(near(figure(&answer.rows[0], "p_yates"), 8.1584237215383503e-21, 1e-11));
    cr_assert(near(answer.rows[0].in.statistic, 89.04387862461931, 1e-12));
    cr_assert(answer.rows[0].lacks == (PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL));
    cr_assert(eq(sz, answer.n_rows, 3));
    cr_assert(near(answer.rows[2].in.estimate, 127 / 416.0, 1e-15) &&
              answer.rows[2].lacks == (PL_LACKS_P | PL_LACKS_INTERVAL));
    pl_arena_clear(&arena);
}

Test(stats_chi_square, yates_never_turns_the_deviation) {
    PlArena arena = {0};
    PlAnswer answer;
    run_counts("chi_square", 5, 10, 5, 10, two_sided_95, &arena, &answer);
    cr_assert(figure(&answer.rows[0], "p_yates") == 1 && answer.rows[0].in.p_value == 1);
    run_counts("chi_square", 1, 4, 1, 5, two_sided_95, &arena, &answer);
    cr_assert(near(figure(&answer.rows[0], "p_yates"), 1, 1e-12) && answer.n_notes == 1);
    pl_arena_clear(&arena);
}

Test(stats_chi_square, sample_ratio_at_even_odds) {
    const double counts[] = {9463, 7681}, even[] = {1, 1};
    for (int said = 0; said < 2; said++) {
        PlArena arena = {0};
        PlAnswer answer;
        if (said)
            cr_assert(eq(int, (int)run_ratio(counts, even, 2, 2, &arena, &answer), PL_OK));
        else {
            PlChiSquare r;
            cr_assert(eq(int, (int)pl_chi_square_ratio(counts, NULL, 2, &r), PL_OK));
            cr_assert(near(r.p_value, 3.5021922730485785e-42, 1e-11), "%.17g", r.p_value);
            continue;
        }
        cr_assert(near(answer.rows[0].in.p_value, 3.5021922730485785e-42, 1e-11));
        cr_assert(near(answer.rows[0].in.statistic, 185.22655156322912, 1e-13));
        cr_assert(figure(&answer.rows[0], "alarm") == 1);
        cr_assert(strstr(answer.notes[1], "do not fit") != NULL);
        cr_assert(figure(&answer.rows[1], "observed") == 9463 && figure(&answer.rows[1], "expected") == 8572);
        pl_arena_clear(&arena);
    }
}

Test(stats_chi_square, sample_ratio_of_three_groups_in_any_unit) {
    const double counts[] = {480, 260, 250}, parts[] = {2, 1, 1}, percent[] = {50, 25, 25};
    PlChiSquare a, b;
    pl_chi_square_ratio(counts, parts, 3, &a);
    pl_chi_square_ratio(counts, percent, 3, &b);
    cr_assert(near(a.statistic, 1.1111111111111112, 1e-13) && near(a.p_value, 0.57375342073743285, 1e-13));
    cr_assert(near(b.p_value, a.p_value, 1e-14) && a.df == 2);
}

/* Outcomes are not sizes: their rows are counted; trials are. */
Test(stats_chi_square, what_counts_as_the_size_of_a_group) {
    const double outcome[] = {0, 1, 0, 0, 1, 0}, trials[] = {10, 10, 10, 5, 5, 5}, even[] = {1, 1};
    const size_t arm[] = {0, 0, 0, 1, 1, 0};
    PlSample sample = {.rows = 6};
    sample.roles[PL_GROUP] = levels("arm", arm, 2, arms);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("chi_square", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(figure(&answer.rows[1], "observed") == 4 && figure(&answer.rows[2], "observed") == 2);
    sample.roles[PL_X] = numbers("bought", outcome);
    options.expected = even;
    options.n_expected = 2;
    run_answer("chi_square", &sample, &options, &arena, &answer);
    cr_assert(figure(&answer.rows[1], "observed") == 4 && figure(&answer.rows[2], "observed") == 2);
    sample.roles[PL_TRIALS] = numbers("sent", trials);
    run_answer("chi_square", &sample, &options, &arena, &answer);
    cr_assert(figure(&answer.rows[1], "observed") == 35 && figure(&answer.rows[2], "observed") == 10);
    pl_arena_clear(&arena);
}

Test(stats_chi_square, a_statistic_beyond_every_table_has_p_0) {
    cr_assert(pl_chi_square_tail(2352.8725382593384, 2) == 0);
    cr_assert(pl_chi_square_tail(1e300, 5) == 0 && pl_chi_square_tail(1e300, 1) == 0);
    cr_assert(pl_chi_square_tail(0, 3) == 1);
    cr_assert(near(pl_chi_square_tail(1400, 2), exp(-700), 1e-11));
}

Test(stats_chi_square, refusals) {
    must_refuse_bad_counts("chi_square");
    PlArena arena = {0};
    PlAnswer answer;
    const double counts[] = {3, 4}, half[] = {3, 4.5}, negative[] = {3, -4}, none[] = {0, 0};
    const double even[] = {1, 1}, zero[] = {1, 0}, infinite[] = {1, INFINITY}, nan[] = {NAN, 1};
    const double vanishing[] = {1e300, 1e-300};
    const struct {
        const double *counts, *ratio;
        size_t n_ratio;
        PlStatus status;
        const char *culprit;
    } bad[] = {
        {counts, even, 1, PL_BAD_ARGUMENT, "expected"},
        {counts, zero, 2, PL_BAD_ARGUMENT, "expected"},
        {counts, infinite, 2, PL_BAD_ARGUMENT, "expected"},
        {counts, nan, 2, PL_BAD_ARGUMENT, "expected"},
        {half, even, 2, PL_NOT_COUNTS, "users"},
        {negative, even, 2, PL_NOT_COUNTS, "users"},
        {counts, vanishing, 2, PL_BAD_ARGUMENT, "expected"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        PlStatus status = run_ratio(bad[i].counts, bad[i].ratio, bad[i].n_ratio, 2, &arena, &answer);
        cr_assert(eq(int, (int)status, (int)bad[i].status), "case %zu", i);
        cr_assert(eq(str, (char *)answer.culprit, (char *)bad[i].culprit), "case %zu", i);
    }
    cr_assert(eq(int, (int)run_ratio(none, even, 2, 2, &arena, &answer), PL_TOO_FEW));
    run_counts("chi_square", 1, 1, 0, 1, two_sided_95, &arena, &answer);
    cr_assert(
        eq(int, (int)run_counts("chi_square", 0, 5, 0, 6, two_sided_95, &arena, &answer), PL_NO_VARIANCE));
    cr_assert(eq(str, (char *)answer.culprit, "redeemed"));
    PlChiSquare r;
    cr_assert(eq(int, (int)pl_chi_square_rates(&(PlRate){1, 2}, 1, &r), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_chi_square_rates((PlRate[]){{1, 2}, {0, 0}}, 2, &r), PL_TOO_FEW));
    pl_arena_clear(&arena);
}
