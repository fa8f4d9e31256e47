/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

enum { N = 14, BEFORE = 10 };

static const double control[N] = {101.2, 97.5,  110.3, 104.8, 92.1,  99.9, 107.4,
                                  95.6,  102.7, 111.0, 98.3,  103.1, 96.4, 108.8};
static const double test[N] = {101.9, 99.4,  110.8, 107.1, 95.0,  99.1,  104.9,
                               94.2,  101.1, 109.7, 106.0, 111.2, 104.9, 115.3};
static const size_t times[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
static const char *const labels[N] = {"1", "2", "3",  "4",  "5",  "6",  "7",
                                      "8", "9", "10", "11", "12", "13", "14"};

static PlSample sample_of(const double *x, const double *y) {
    PlSample s = {.rows = N};
    s.roles[PL_X] = numbers("x", x);
    s.roles[PL_Y] = numbers("y", y);
    s.roles[PL_TIME] = levels("t", times, N, labels);
    return s;
}

static PlMethodOptions options_of(PlAlternative alternative) {
    PlMethodOptions o = unset_options();
    o.inference.alternative = alternative;
    o.during_begin = BEFORE;
    o.during_end = N;
    return o;
}

/* tests/reference/stats/tbr_ar1.py: dense matrices and tanh-sinh quadrature in 60 digits. */
Test(stats_tbr_ar1, is_the_posterior_by_brute_force) {
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = sample_of(test, control);
    PlMethodOptions o = options_of(PL_TWO_SIDED);
    cr_assert(eq(int, (int)run_answer("tbr_ar1", &s, &o, &arena, &answer), PL_OK));
    const PlAnswerRow *effect = row_of(&answer, "effect"), *lift = row_of(&answer, "lift");
    cr_expect(near(effect->in.estimate, 30.637981626111268, 1e-12), "%.16g", effect->in.estimate);
    cr_expect(near(effect->in.conf_low, 17.712448004269635, 1e-12), "%.16g", effect->in.conf_low);
    cr_expect(near(effect->in.conf_high, 43.854071122674395, 1e-12), "%.16g", effect->in.conf_high);
    cr_expect(near(effect->in.p_value, 0.00075916806951848581, 1e-12), "%.16g", effect->in.p_value);
    cr_expect(near(figure(effect, "autocorrelation"), 0.69112900729213317, 1e-12));
    double observed = 106.0 + 111.2 + 104.9 + 115.3;
    cr_expect(near(lift->in.estimate, effect->in.estimate / (observed - effect->in.estimate), 1e-14));
    cr_expect(near(lift->in.conf_low, effect->in.conf_low / (observed - effect->in.conf_low), 1e-14));
    cr_expect(lift->in.p_value == effect->in.p_value);
    pl_arena_clear(&arena);
}

Test(stats_tbr_ar1, sides_and_two_sides_agree) {
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = sample_of(test, control);
    double p[3];
    for (size_t a = 0; a < 3; a++) {
        PlMethodOptions o = options_of(alternatives[a]);
        cr_assert(eq(int, (int)run_answer("tbr_ar1", &s, &o, &arena, &answer), PL_OK));
        const PlInference *in = &row_of(&answer, "effect")->in;
        p[a] = in->p_value;
        bool open_high = isinf(in->conf_high), open_low = isinf(in->conf_low), rejects = in->p_value <= .05;
        cr_expect(open_high == (alternatives[a] == PL_GREATER));
        cr_expect(open_low == (alternatives[a] == PL_LESS));
        cr_expect(rejects == (in->conf_low > 0 || in->conf_high < 0));
    }
    cr_expect(near(p[0], 2 * p[1], 1e-12) && near(p[1] + p[2], 1, 1e-12));
    pl_arena_clear(&arena);
}

Test(stats_tbr_ar1, scale_and_shift_of_either_series_do_not_matter) {
    PlArena arena = {0};
    PlAnswer answer;
    double x[N], y[N];
    PlMethodOptions o = options_of(PL_TWO_SIDED);
    PlSample s = sample_of(test, control), moved = sample_of(x, y);
    for (size_t i = 0; i < N; i++) {
        x[i] = 1024 * test[i] + 7;
        y[i] = control[i] / 8 - 1000;
    }
    cr_assert(eq(int, (int)run_answer("tbr_ar1", &s, &o, &arena, &answer), PL_OK));
    PlInference base = row_of(&answer, "effect")->in;
    cr_assert(eq(int, (int)run_answer("tbr_ar1", &moved, &o, &arena, &answer), PL_OK));
    PlInference other = row_of(&answer, "effect")->in;
    cr_expect(near(other.estimate, 1024 * base.estimate, 1e-9));
    cr_expect(near(other.conf_low, 1024 * base.conf_low, 1e-9));
    cr_expect(near(other.p_value, base.p_value, 1e-9));
    pl_arena_clear(&arena);
}

/* The noise of neighbouring days correlates .6: tbr takes its wandering for effects. */
Test(stats_tbr_ar1, does_not_take_wandering_noise_for_an_effect) {
    enum { ROUNDS = 200, DAYS = 42 };
    size_t rejected[2] = {0}, time[DAYS];
    const char *label[DAYS];
    static const char *const ids[2] = {"tbr", "tbr_ar1"};
    for (size_t t = 0; t < DAYS; t++) {
        time[t] = t;
        label[t] = "t";
    }
    PlMethodOptions o = options_of(PL_TWO_SIDED);
    o.during_begin = 28;
    o.during_end = DAYS;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        PlRng rng = pl_rng_stream(5, round);
        double x[DAYS], y[DAYS], walk = 0;
        for (size_t t = 0; t < DAYS; t++) {
            y[t] = 100 + 10 * normal_draw(&rng);
            x[t] = 50 + y[t] + (walk = .6 * walk + .8 * normal_draw(&rng));
        }
        PlSample s = {.rows = DAYS};
        s.roles[PL_X] = numbers("x", x);
        s.roles[PL_Y] = numbers("y", y);
        s.roles[PL_TIME] = levels("t", time, DAYS, label);
        for (size_t m = 0; m < 2; m++) {
            PlArena arena = {0};
            PlAnswer answer;
            cr_assert(eq(int, (int)run_answer(ids[m], &s, &o, &arena, &answer), PL_OK));
            rejected[m] += row_of(&answer, "effect")->in.p_value <= .05;
            pl_arena_clear(&arena);
        }
    }
    cr_log_info("tbr %zu, tbr_ar1 %zu of %d", rejected[0], rejected[1], ROUNDS);
    cr_expect(rejected[0] > ROUNDS / 5, "tbr %zu", rejected[0]);
    cr_expect(rejected[1] < ROUNDS * (.05 + 4 * .0154), "tbr_ar1 %zu", rejected[1]);
}

Test(stats_tbr_ar1, what_is_refused) {
    PlArena arena = {0};
    PlAnswer answer;
    double flat[N], line[N], odd[N];
    for (size_t i = 0; i < N; i++) {
        flat[i] = 5;
        line[i] = 2 * control[i] + 1;
        odd[i] = i == 3 ? NAN : control[i];
    }
    PlMethodOptions o = options_of(PL_TWO_SIDED), few = o, none = o;
    few.during_begin = 4;
    none.during_begin = none.during_end;
    PlSample s = sample_of(test, control), constant = sample_of(test, flat),
             perfect = sample_of(line, control), nan = sample_of(test, odd);
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &s, &few, &arena, &answer), PL_NO_BEFORE));
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &s, &none, &arena, &answer), PL_BAD_ARGUMENT));
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &constant, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"y"));
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &perfect, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &nan, &o, &arena, &answer), PL_NOT_FINITE));
    s.rows = 3;
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &s, &o, &arena, &answer), PL_TOO_FEW));
    pl_arena_clear(&arena);
    PlArena tiny = {.limit = 64};
    PlSample whole = sample_of(test, control);
    cr_expect(eq(int, (int)run_answer("tbr_ar1", &whole, &o, &tiny, &answer), PL_NO_MEMORY));
    pl_arena_clear(&tiny);
}
