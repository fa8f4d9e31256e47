/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/meta.h"

#include "run.h"

/* tests/reference/stats/meta.R: 13 trials of the BCG vaccine. */
enum { TRIALS = 13 };
static const double bcg[TRIALS] = {-0.889311333920205449, -1.585388657201430629, -1.348073148299693047,
                                   -1.441551190021305384, -0.217547322211295691, -0.786115585818863982,
                                   -1.620898223598392418, 0.011952333523841173,  -0.469417648738148674,
                                   -1.371344803472784646, -0.339358828338390150, 0.445913400571378293,
                                   -0.017313948216879493};
static const double bcg_se[TRIALS] = {0.570600354892950690, 0.441113501718258250, 0.644490469571091018,
                                      0.141456819921301685, 0.226296646395015899, 0.083100050877895126,
                                      0.472247019654243205, 0.062941077984236413, 0.237558856840255406,
                                      0.270231000466321258, 0.111410116109623189, 0.729729981020481810,
                                      0.267216503390015736};

static bool is(const PlInference *in, const double *expected) {
    const double actual[] = {in->estimate, in->std_error, in->statistic,
                             in->p_value,  in->conf_low,  in->conf_high};
    for (size_t i = 0; i < 6; i++)
        if (!near(actual[i], expected[i], i == 3 ? 1e-11 : 1e-12))
            return false;
    return true;
}

static PlMeta must_pool(const double *x, const double *se, size_t k, PlInferenceOptions o) {
    PlMeta m;
    PlStatus status = pl_meta(x, se, k, &o, &m);
    cr_assert(eq(int, (int)status, PL_OK));
    return m;
}

Test(stats_meta, bcg_vaccine_of_metafor) {
    PlMeta m = must_pool(bcg, bcg_se, TRIALS, two_sided_95);
    const double fixed[] = {-4.3028516365409064e-01, 4.0498751710863812e-02,  -1.0624652501046505e+01,
                            2.2886293069734193e-26,  -5.0966125842621357e-01, -3.5090906888196771e-01};
    const double random[] = {-7.1411722207322670e-01, 1.7874208953540316e-01,  -3.9952381888865780e+00,
                             6.4629243047040685e-05,  -1.0644452800840505e+00, -3.6378916406240286e-01};
    const double knapp[] = {-0.7141172220732266984, 0.1806966283355473935,  -3.9520229494660834568,
                            0.0019207667670473607,  -1.1078213541683283871, -0.3204130899781251207};
    cr_assert(is(&m.fixed, fixed) && is(&m.random, random) && is(&m.hartung_knapp, knapp));
    cr_assert(m.hartung_knapp.df == 12 && !(m.random.has & PL_HAS_DF));
    cr_assert(near(m.q, 1.5223300808237346e+02, 1e-12) && near(m.q_p, 1.9967645908458142e-26, 1e-10));
    cr_assert(near(m.i_squared, 9.2117346854562054e-01, 1e-12));
    cr_assert(near(m.tau_squared, 3.0876026286237657e-01, 1e-12));
    cr_assert(near(m.h, 3.5617529401776951e+00, 1e-12));
    cr_assert(near(m.pred_low, -1.9988384957521186, 1e-12) && near(m.pred_high, 0.5706040516056653, 1e-12));
}

static const double alike[] = {.11, .13, .12, .1}, alike_se[] = {.05, .07, .04, .06};

Test(stats_meta, studies_that_agree_of_metafor) {
    PlMeta m = must_pool(alike, alike_se, 4, two_sided_95);
    cr_assert(m.tau_squared == 0 && m.i_squared == 0 && m.h == 1);
    cr_assert(near(m.q, 1.3404311350212550e-01, 1e-11));
    cr_assert(m.random.estimate == m.fixed.estimate && m.random.p_value == m.fixed.p_value);
    cr_assert(near(m.fixed.p_value, 8.0215912496527358e-06, 1e-11));
    cr_assert(near(m.hartung_knapp.std_error, 0.0054453432229073237, 1e-11));
    cr_assert(near(m.hartung_knapp.p_value, 0.0002321733583943562, 1e-10));
    cr_assert(near(m.hartung_knapp.conf_low, 0.0976834667749230112, 1e-12));
}

static PlStatus run(const double *x, const double *se, size_t k, PlArena *arena, PlAnswer *answer) {
    PlSample sample = {.rows = k, .roles[PL_X] = numbers("lift", x), .roles[PL_SE] = numbers("error", se)};
    PlMethodOptions o = unset_options();
    return run_answer("meta", &sample, &o, arena, answer);
}

Test(stats_meta, three_rows_with_their_figures) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(bcg, bcg_se, TRIALS, &arena, &answer), PL_OK));
    cr_assert(answer.n_rows == 3 && answer.n_notes == 0);
    cr_assert(near(figure(row_of(&answer, "random"), "pred_high"), 0.5706040516056653, 1e-12));
    cr_assert(near(figure(row_of(&answer, "fixed"), "q"), 152.23300808237346, 1e-12));
    cr_assert(near(figure(row_of(&answer, "hartung_knapp"), "tau_squared"), .30876026286237657, 1e-12));
    cr_assert(eq(int, (int)run(alike, alike_se, 4, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_notes, 1));
    pl_arena_clear(&arena);
}

Test(stats_meta, one_study_is_its_own_estimate) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run(bcg, bcg_se, 1, &arena, &answer), PL_OK));
    const PlAnswerRow *fixed = row_of(&answer, "fixed"), *random = row_of(&answer, "random"),
                      *knapp = row_of(&answer, "hartung_knapp");
    cr_assert(fixed->in.estimate == bcg[0] && near(fixed->in.std_error, bcg_se[0], 1e-15));
    cr_assert(fixed->status == PL_OK && fixed->reason != NULL && fixed->n_figures == 0);
    cr_assert(random->status == PL_TOO_FEW && knapp->status == PL_TOO_FEW && random->reason != NULL);
    cr_assert(random->lacks == 7u && knapp->lacks == 7u);
    pl_arena_clear(&arena);
}

Test(stats_meta, two_studies_have_no_prediction) {
    PlMeta m = must_pool(bcg, bcg_se, 2, two_sided_95);
    cr_assert(isnan(m.pred_low) && isnan(m.pred_high) && m.hartung_knapp.df == 1);
}

Test(stats_meta, equal_studies_have_no_scatter) {
    PlArena arena = {0};
    PlAnswer answer;
    const double x[] = {.1 + .2, .3, .3}, se[] = {.1, .2, .3};
    cr_assert(eq(int, (int)run(x, se, 3, &arena, &answer), PL_OK));
    const PlAnswerRow *knapp = row_of(&answer, "hartung_knapp");
    cr_assert(knapp->status == PL_NO_VARIANCE && knapp->reason != NULL && knapp->lacks == 7u);
    cr_assert(eq(int, (int)row_of(&answer, "random")->status, PL_OK));
    pl_arena_clear(&arena);
}

Test(stats_meta, refusals) {
    PlArena arena = {0};
    PlAnswer answer;
    const double x[] = {1, 2}, zero[] = {1, 0}, negative[] = {-1, 1}, fine[] = {1, 2}, nan[] = {NAN, 1},
                 huge[] = {1.7e308, -1.7e308}, tiny[] = {1e-300, 1e-300};
    cr_assert(eq(int, (int)run(x, zero, 2, &arena, &answer), PL_NOT_POSITIVE));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"error"));
    cr_assert(eq(int, (int)run(x, negative, 2, &arena, &answer), PL_NOT_POSITIVE));
    cr_assert(eq(int, (int)run(x, nan, 2, &arena, &answer), PL_NOT_FINITE));
    cr_assert(eq(int, (int)run(nan, fine, 2, &arena, &answer), PL_NOT_FINITE));
    cr_assert(eq(int, (int)run(huge, fine, 2, &arena, &answer), PL_NOT_FINITE));
    cr_assert(eq(int, (int)run(x, tiny, 2, &arena, &answer), PL_NOT_FINITE)); /* z overflows its square */
    cr_assert(eq(int, (int)run(x, fine, 0, &arena, &answer), PL_TOO_FEW));
    PlInferenceOptions bad = two_sided_95;
    bad.conf_level = 1;
    PlMeta m;
    cr_assert(eq(int, (int)pl_meta(x, fine, 2, &bad, &m), PL_BAD_ARGUMENT));
    arena.limit = 16;
    cr_assert(eq(int, (int)run(x, fine, 2, &arena, &answer), PL_NO_MEMORY));
    pl_arena_clear(&arena);
}

Test(stats_meta, p_and_interval_agree_for_every_alternative) {
    PlRng rng = pl_rng_stream(31, 0);
    for (int round = 0; round < 300; round++) {
        double x[8], se[8];
        size_t k = 2 + pl_rng_next(&rng) % 7;
        for (size_t i = 0; i < k; i++) {
            se[i] = .2 + pl_rng_uniform(&rng);
            x[i] = .6 + se[i] * normal_draw(&rng);
        }
        PlInferenceOptions o = {.9, alternatives[round % 3], 0, 0, 1, 0};
        PlMeta m = must_pool(x, se, k, o);
        const PlInference *each[] = {&m.fixed, &m.random, &m.hartung_knapp};
        for (size_t i = 0; i < 3; i++) {
            bool rejected = each[i]->p_value <= 1 - .9;
            cr_assert(rejected == (each[i]->conf_low > 0 || each[i]->conf_high < 0));
        }
        cr_assert(isnan(m.pred_low) || m.pred_low <= m.random.estimate);
    }
}

Test(stats_meta, order_and_scale_do_not_matter) {
    double x[TRIALS], se[TRIALS];
    const double scales[] = {1, 1e-140, 1e140};
    PlMeta m = must_pool(bcg, bcg_se, TRIALS, two_sided_95);
    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < TRIALS; i++) {
            x[i] = bcg[TRIALS - 1 - i] * scales[s];
            se[i] = bcg_se[TRIALS - 1 - i] * scales[s];
        }
        PlMeta r = must_pool(x, se, TRIALS, two_sided_95);
        cr_assert(near(r.q, m.q, 1e-12) && near(r.random.p_value, m.random.p_value, 1e-11));
        cr_assert(near(r.hartung_knapp.conf_high, m.hartung_knapp.conf_high * scales[s], 1e-12));
        cr_assert(near(r.pred_low, m.pred_low * scales[s], 1e-12));
    }
}
