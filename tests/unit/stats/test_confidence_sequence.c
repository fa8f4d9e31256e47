/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/mixture.h"

#include "run.h"

/* The values of tests/reference/stats/mixture.py. */

static PlStatus run(const double *d, size_t n, PlMethodOptions o, PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = n};
    if (d)
        sample.roles[PL_X] = numbers("diff", d);
    return run_answer("confidence_sequence", &sample, &o, arena, answer);
}

Test(stats_confidence_sequence, the_published_multipliers) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.looks = 5000;
    o.tuned_at = 5000;
    cr_assert(eq(int, (int)run(NULL, 0, o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 5000));
    cr_assert(near(figure(row_of(&answer, "5000"), "multiplier"), 3.0352089903762525, 1e-13));
    cr_assert(near(figure(row_of(&answer, "1000"), "multiplier"), 3.363887725782781, 1e-13));
    pl_arena_clear(&arena);
}

Test(stats_confidence_sequence, twelve_differences) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.tuned_at = 20;
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_assert(near(row->in.p_value, 1 / 9.09093230894388, 1e-11));
    cr_assert(near(row->in.conf_low, -0.12623137469035695, 1e-12));
    cr_assert(near(row->in.conf_high, 2.2195647080236904, 1e-12));
    cr_assert(eq(sz, answer.n_notes, 1));
    pl_arena_clear(&arena);
}

Test(stats_confidence_sequence, x_minus_y) {
    double x[12], y[12];
    for (size_t i = 0; i < 12; i++) {
        y[i] = (double)i;
        x[i] = twelve[i] + (double)i;
    }
    PlArena arena = {0};
    PlAnswer pair, alone;
    PlMethodOptions o = unset_options();
    PlSample sample = {.rows = 12, .roles[PL_X] = numbers("x", x), .roles[PL_Y] = numbers("y", y)};
    cr_assert(eq(int, (int)run_answer("confidence_sequence", &sample, &o, &arena, &pair), PL_OK));
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &alone), PL_OK));
    cr_assert(near(row_of(&pair, NULL)->in.conf_low, row_of(&alone, NULL)->in.conf_low, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_confidence_sequence, narrowest_where_it_is_tuned) {
    for (double tuned = 50; tuned < 1e5; tuned *= 7) {
        double here = pl_mixture_multiplier(tuned * pl_mixture_rate(tuned, .05), .05);
        for (double factor = .01; factor < 100; factor *= 1.3)
            cr_assert(here <=
                      pl_mixture_multiplier(tuned * pl_mixture_rate(tuned * factor, .05), .05) + 1e-4);
    }
}

Test(stats_confidence_sequence, refusals) {
    PlArena arena = {0};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    o.tau = 1;
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_NOT_TOGETHER));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"tau"));
    o = unset_options();
    o.variance = 1;
    cr_assert(eq(int, (int)run(twelve, 12, o, &arena, &answer), PL_NOT_TOGETHER));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"variance"));
    cr_assert(eq(int, (int)run(NULL, 0, unset_options(), &arena, &answer), PL_NOT_GIVEN));
    cr_assert(eq(int, (int)run(twelve, 1, unset_options(), &arena, &answer), PL_TOO_FEW));
    pl_arena_clear(&arena);
}
