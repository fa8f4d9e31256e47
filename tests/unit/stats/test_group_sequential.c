/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/sequential.h"

#include "run.h"

#include <gsl/gsl_cdf.h>

static PlStatus run(const double *x, const double *se, size_t rows, PlMethodOptions o, PlArena *arena,
                    PlAnswer *answer) {
    PlSample sample = {.rows = rows};
    if (x)
        sample.roles[PL_X] = numbers("lift", x);
    if (se)
        sample.roles[PL_SE] = numbers("error", se);
    return run_answer("group_sequential", &sample, &o, arena, answer);
}

static PlMethodOptions plan(size_t looks, PlSpending spending, PlAlternative alternative, double alpha) {
    PlMethodOptions o = unset_options();
    o.looks = looks;
    o.spending = spending;
    o.inference.alternative = alternative;
    o.inference.conf_level = 1 - alpha;
    return o;
}

static const PlSpending spendings[2] = {PL_SPENDING_OBF, PL_SPENDING_POCOCK};

Test(stats_group_sequential, the_published_boundaries) {
    const double expected[2][5] = {{4.8769, 3.3570, 2.6803, 2.2898, 2.0310},
                                   {2.4380, 2.4268, 2.4102, 2.3966, 2.3860}};
    for (size_t s = 0; s < 2; s++) {
        PlArena arena = {0};
        PlAnswer answer;
        cr_assert(eq(int, (int)run(NULL, NULL, 0, plan(5, spendings[s], PL_TWO_SIDED, .05), &arena, &answer),
                     PL_OK));
        cr_assert(eq(sz, answer.n_rows, 5));
        for (size_t k = 0; k < 5; k++) {
            const PlAnswerRow *row = &answer.rows[k];
            cr_assert(epsilon_eq(dbl, row->in.statistic, expected[s][k], 5.1e-5), "%.7f", row->in.statistic);
            cr_assert(row->lacks == 7u && row->reason != NULL);
            cr_assert(epsilon_eq(dbl, figure(row, "information"), .2 * (double)(k + 1), 1e-15));
        }
        cr_assert(near(figure(row_of(&answer, "5"), "alpha_spent"), .05, 1e-14));
        pl_arena_clear(&arena);
    }
}

/* rpact stops its search at 1e-8 of alpha, which is 3e-7 of a boundary. */
static void against_rpact(const json_t *set, PlSpending spending, size_t looks, double alpha,
                          const double *fractions) {
    double spent[16], critical[16];
    PlArena arena = {0};
    for (size_t k = 0; k < looks; k++)
        spent[k] = pl_spent(spending, alpha, fractions[k]);
    PlStatus status = pl_sequential_boundaries(fractions, spent, looks, &arena, critical);
    cr_assert(eq(int, (int)status, PL_OK));
    for (size_t k = 0; k < looks; k++) {
        double expected = item_at(set, "critical_values", k);
        cr_assert(fabs(critical[k] - expected) < 1e-6, "look %zu: %.9f, not %.9f", k, critical[k], expected);
        cr_assert(fabs(spent[k] - item_at(set, "alpha_spent", k)) < 1.1e-8);
    }
    pl_arena_clear(&arena);
}

Test(stats_group_sequential, shared_reference) {
    json_t *root = load_expected("group_sequential.json");
    const char *sides[] = {"sided1_alpha0.025", "sided1_alpha0.05", "sided2_alpha0.05", "sided2_alpha0.01"};
    const double alphas[] = {.025, .05, .025, .005}, unequal[] = {.3, .55, .8, 1};
    const char *names[] = {"asOF", "asP"};
    for (size_t looks = 2; looks <= 5; looks++)
        for (size_t s = 0; s < 8; s++) {
            char key[64];
            double t[5];
            snprintf(key, sizeof key, "%s_K%zu_%s", names[s % 2], looks, sides[s / 2]);
            const json_t *set = json_object_get(root, key);
            cr_assert(set != NULL, "%s", key);
            for (size_t k = 0; k < looks; k++)
                t[k] = (double)(k + 1) / (double)looks;
            against_rpact(set, spendings[s % 2], looks, alphas[s / 2], t);
        }
    against_rpact(json_object_get(root, "asOF_unequal_30_55_80_100_alpha025"), PL_SPENDING_OBF, 4, .025,
                  unequal);
    against_rpact(json_object_get(root, "asP_unequal_30_55_80_100_alpha025"), PL_SPENDING_POCOCK, 4, .025,
                  unequal);
    json_decref(root);
}

/* tests/reference/stats/group_sequential.R: bivariate and trivariate normal integrals. */
Test(stats_group_sequential, two_and_three_looks_of_r) {
    const double expected[2][3] = {{3.3929513546734773, 2.7097722443091281, 1.6559123051598210},
                                   {2.0377641804713154, 2.1521043591816387, 1.8896559205053511}};
    const double t[] = {.3, .45, 1};
    for (size_t s = 0; s < 2; s++) {
        double spent[3], critical[3];
        PlArena arena = {0};
        for (size_t k = 0; k < 3; k++)
            spent[k] = pl_spent(spendings[s], .05, t[k]);
        cr_assert(eq(int, (int)pl_sequential_boundaries(t, spent, 3, &arena, critical), PL_OK));
        for (size_t k = 0; k < 3; k++)
            cr_assert(near(critical[k], expected[s][k], 1e-10), "%.15g, not %.15g", critical[k],
                      expected[s][k]);
        pl_arena_clear(&arena);
    }
}

Test(stats_group_sequential, one_look_is_the_ordinary_test) {
    const double x[] = {.3}, se[] = {.12};
    PlArena arena = {0};
    PlAnswer answer;
    for (size_t s = 0; s < 2; s++) {
        cr_assert(
            eq(int, (int)run(x, se, 1, plan(1, spendings[s], PL_TWO_SIDED, .05), &arena, &answer), PL_OK));
        const PlInference *in = &row_of(&answer, "1")->in;
        cr_assert(near(in->p_value, 2 * gsl_cdf_ugaussian_Q(2.5), 1e-11), "%.17g", in->p_value);
        cr_assert(near(in->conf_low, .3 - 1.959963984540054 * .12, 1e-12));
        cr_assert(eq(dbl, figure(row_of(&answer, "1"), "crossed"), 1));
    }
    pl_arena_clear(&arena);
}

Test(stats_group_sequential, p_gives_back_the_level_of_its_boundary) {
    const double alphas[] = {1e-9, .001, .025, .2, .45};
    for (size_t looks = 1; looks <= 8; looks += 3)
        for (size_t a = 0; a < 10; a++) {
            double t[8], spent[8], critical[8], alpha = alphas[a / 2], p = 0;
            PlArena arena = {0};
            for (size_t k = 0; k < looks; k++) {
                t[k] = (double)(k + 1) / 9;
                spent[k] = pl_spent(spendings[a % 2], alpha, t[k]);
            }
            pl_sequential_boundaries(t, spent, looks, &arena, critical);
            pl_sequential_p(t, t, looks, spendings[a % 2], critical[looks - 1], &arena, &p);
            cr_assert(near(p, alpha, 1e-9), "%zu looks, alpha %g: %.15g", looks, alpha, p);
            pl_arena_clear(&arena);
        }
}

Test(stats_group_sequential, p_falls_as_z_rises) {
    const double t[] = {.25, .5, .75, 1};
    for (size_t s = 0; s < 2; s++) {
        double before = 2, p;
        PlArena arena = {0};
        for (double z = -1; z < 9; z += .25, before = p) {
            pl_sequential_p(t, t, 4, spendings[s], z, &arena, &p);
            cr_assert(p <= before && p >= gsl_cdf_ugaussian_Q(z) * (1 - 1e-9), "z %g: %g", z, p);
        }
        pl_arena_clear(&arena);
    }
}

Test(stats_group_sequential, looks_with_data) {
    const double x[] = {.5, .42, .35}, se[] = {.3, .2, .15};
    PlArena arena = {0};
    PlAnswer answer;
    for (size_t a = 0; a < 3; a++)
        for (size_t s = 0; s < 2; s++) {
            PlMethodOptions o = plan(5, spendings[s], alternatives[a], .1);
            cr_assert(eq(int, (int)run(x, se, 3, o, &arena, &answer), PL_OK));
            cr_assert(answer.n_rows == 3 && answer.n_notes == 0);
            for (size_t k = 0; k < 3; k++) {
                const PlAnswerRow *row = &answer.rows[k];
                bool rejected = row->in.p_value <= 1 - o.inference.conf_level;
                cr_assert(rejected == (row->in.conf_low > 0 || row->in.conf_high < 0));
                cr_assert(eq(dbl, figure(row, "crossed"), rejected));
                cr_assert(near(row->in.statistic, x[k] / se[k], 1e-14));
                cr_assert(a == 2 ||
                          near(row->in.conf_low, x[k] - figure(row, "critical_value") * se[k], 1e-12));
            }
            cr_assert(near(figure(&answer.rows[2], "information"), .6, 1e-14));
        }
    pl_arena_clear(&arena);
}

Test(stats_group_sequential, errors_that_do_not_fall_count_looks) {
    const double x[] = {.5, .42}, se[] = {.2, .21};
    PlArena arena = {0};
    PlAnswer answer, table;
    PlMethodOptions o = plan(2, PL_SPENDING_POCOCK, PL_TWO_SIDED, .05);
    cr_assert(eq(int, (int)run(x, se, 2, o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_notes, 1));
    run(NULL, NULL, 0, o, &arena, &table);
    for (size_t k = 0; k < 2; k++)
        cr_assert(near(figure(&answer.rows[k], "critical_value"), table.rows[k].in.statistic, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_group_sequential, long_plans_have_boundaries_and_no_p) {
    enum { LOOKS = 200 };
    static double x[LOOKS], se[LOOKS];
    for (size_t k = 0; k < LOOKS; k++) {
        se[k] = 1 / sqrt((double)(k + 1));
        x[k] = se[k];
    }
    PlArena arena = {0};
    PlAnswer answer;
    for (size_t s = 0; s < 2; s++) {
        cr_assert(eq(int, (int)run(x, se, LOOKS, plan(0, spendings[s], PL_TWO_SIDED, .05), &arena, &answer),
                     PL_OK));
        for (size_t k = 0; k < LOOKS; k++) {
            cr_assert(isfinite(figure(&answer.rows[k], "critical_value")));
            cr_assert(answer.rows[k].lacks == PL_LACKS_P && answer.rows[k].reason != NULL);
        }
    }
    pl_arena_clear(&arena);
}

static void refused(const double *x, const double *se, size_t rows, PlMethodOptions o, PlStatus expected,
                    const char *culprit) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(x, se, rows, o, &arena, &answer), (int)expected));
    if (culprit)
        cr_assert(eq(str, (char *)answer.culprit, (char *)culprit));
    pl_arena_clear(&arena);
}

Test(stats_group_sequential, refusals) {
    const double x[] = {1, 2}, se[] = {.2, .1}, zero[] = {1, 0}, nan[] = {1, NAN}, huge[] = {1e300, 1e300},
                 tiny[] = {1e-300, 1e-301};
    PlMethodOptions o = plan(2, PL_SPENDING_OBF, PL_TWO_SIDED, .05);
    refused(x, NULL, 2, o, PL_NOT_GIVEN, "se");
    refused(NULL, se, 2, o, PL_NOT_GIVEN, "x");
    refused(x, se, 0, o, PL_TOO_FEW, NULL);
    refused(x, zero, 2, o, PL_NOT_POSITIVE, "error");
    refused(x, nan, 2, o, PL_NOT_FINITE, "error");
    refused(nan, se, 2, o, PL_NOT_FINITE, "lift");
    refused(huge, tiny, 2, o, PL_NOT_FINITE, NULL);
    o.looks = 1;
    refused(x, se, 2, o, PL_BAD_ARGUMENT, "looks");
    o.looks = 0;
    refused(NULL, NULL, 0, o, PL_NOT_GIVEN, "looks");
    o.looks = PL_PLANNED_MAX + 1;
    refused(NULL, NULL, 0, o, PL_BAD_ARGUMENT, "looks");
    refused(NULL, NULL, 0, plan(3, PL_SPENDING_OBF, PL_GREATER, .6), PL_BAD_ARGUMENT, "conf_level");
    refused(NULL, NULL, 0, plan(3, PL_SPENDING_OBF, PL_GREATER, 1), PL_BAD_ARGUMENT, NULL);
    PlArena arena = {.limit = 200};
    PlAnswer answer;
    o.looks = 5;
    cr_assert(eq(int, (int)run(NULL, NULL, 0, o, &arena, &answer), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}

Test(stats_group_sequential, plans_that_make_no_sense_are_refused) {
    PlArena arena = {0};
    double critical[2];
    const double t[] = {.5, 1}, same[] = {1, 1}, falling[] = {.02, .01}, spent[] = {.01, .02},
                 much[] = {.1, .6}, none[] = {0, 0}, nan[] = {.01, NAN};
    cr_assert(eq(int, (int)pl_sequential_boundaries(same, spent, 2, &arena, critical), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_sequential_boundaries(t, falling, 2, &arena, critical), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_sequential_boundaries(t, much, 2, &arena, critical), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_sequential_boundaries(t, none, 2, &arena, critical), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)pl_sequential_boundaries(t, nan, 2, &arena, critical), PL_NOT_FINITE));
    cr_assert(eq(int, (int)pl_sequential_boundaries(t, spent, 0, &arena, critical), PL_TOO_FEW));
    pl_arena_clear(&arena);
}

/* 20000 Brownian motions: the plan's level is the level. */
Test(stats_group_sequential, keeps_its_level) {
    const double t[] = {.2, .35, .7, 1};
    double spent[4], critical[4];
    PlArena arena = {0};
    for (size_t k = 0; k < 4; k++)
        spent[k] = pl_spent(PL_SPENDING_POCOCK, .1, t[k]);
    pl_sequential_boundaries(t, spent, 4, &arena, critical);
    PlRng rng = pl_rng_stream(3, 0);
    size_t crossed = 0;
    for (int round = 0; round < 20000; round++) {
        double b = 0;
        bool over = false;
        for (size_t k = 0; k < 4; k++) {
            b += sqrt(t[k] - (k ? t[k - 1] : 0)) * normal_draw(&rng);
            over = over || b >= critical[k] * sqrt(t[k]);
        }
        crossed += over;
    }
    cr_assert(crossed > 1873 && crossed < 2127, "%zu", crossed); /* 2000 -+ 3 errors */
    pl_arena_clear(&arena);
}
