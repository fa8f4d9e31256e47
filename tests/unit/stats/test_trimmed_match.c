/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/effect_ratio.h"

#include <gsl/gsl_cdf.h>

static const double four_dr[4] = {1, 10, 3, 8}, four_ds[4] = {1, 5, 2, 5};

static PlInferenceOptions level(double conf_level, PlAlternative alternative) {
    return (PlInferenceOptions){.conf_level = conf_level, .alternative = alternative, .threads = 1};
}

static PlStatus run_match(const double *r, const double *s, size_t n, double trim, double null_value,
                          PlInferenceOptions o, PlArena *arena, PlTrimmedMatch *out) {
    PlTrimOptions t = {trim, NAN, null_value};
    return pl_trimmed_match(r, s, n, &t, &o, arena, out);
}

static PlTrimmedMatch must_match(const double *r, const double *s, size_t n, double trim, double conf_level) {
    PlArena arena = {0};
    PlTrimmedMatch out;
    PlStatus status = run_match(r, s, n, trim, 0, level(conf_level, PL_TWO_SIDED), &arena, &out);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    pl_arena_clear(&arena); /* the figures stay, the arrays do not */
    return out;
}

/* The published test of google/trimmed_match (core/estimator_test.cc), to its digits and, computed
 * independently, to all. */
Test(stats_trimmed_match, four_pairs) {
    PlTrimmedMatch r = must_match(four_dr, four_ds, 4, 0, .9);
    cr_assert(epsilon_eq(dbl, r.in.estimate, 1.692, 5e-4));
    cr_assert(epsilon_eq(dbl, r.in.std_error, .138, 5e-4));
    cr_assert(near(r.in.estimate, 1.6923076923076923, 1e-14));
    cr_assert(near(r.in.std_error, 0.13775676599790312, 1e-14));
    cr_assert(near(r.in.conf_low, 1.2497015119835782, 1e-12), "%.17g", r.in.conf_low);
    cr_assert(near(r.in.conf_high, 1.9048096351573796, 1e-12), "%.17g", r.in.conf_high);
    r = must_match(four_dr, four_ds, 4, NAN, .9);
    cr_assert(r.n_each_side == 1 && r.trim_rate == .25 && r.n_tried == 2);
    cr_assert(near(r.in.estimate, 1.5714285714285714, 1e-14));
    cr_assert(near(r.in.std_error, 0.04081632653061229, 1e-12));
    cr_assert(near(r.in.conf_low, -29.37417923100769, 1e-10), "%.17g", r.in.conf_low);
    cr_assert(near(r.in.conf_high, 1.61897445552363, 1e-12), "%.17g", r.in.conf_high);
    cr_assert(r.in.p_value > .1);
    cr_assert(near(r.incremental_response, 20.428571428571427, 1e-13) && r.incremental_cost == 13);
}

static void check_set(const json_t *set, const json_t *expected) {
    if (!json_is_object(expected) || !json_object_get(expected, "m_each_side"))
        return;
    double dr[100], ds[100];
    size_t n = json_array_size(json_object_get(set, "dy"));
    for (size_t i = 0; i < n; i++) {
        dr[i] = item_at(set, "dy", i);
        ds[i] = item_at(set, "dx", i);
    }
    const json_t *tried = json_object_get(expected, "candidates"),
                 *rates = json_object_get(tried, "trim_rate");
    bool chosen = json_is_array(rates);
    PlArena arena = {0};
    PlTrimmedMatch r;
    double trim = chosen ? NAN : number_at(expected, "trim_rate");
    double most =
        chosen ? fmax(.25, json_number_value(json_array_get(rates, json_array_size(rates) - 1))) : NAN;
    PlTrimOptions t = {trim, most, 0};
    PlInferenceOptions o = level(number_at(expected, "confidence"), PL_TWO_SIDED);
    cr_assert(eq(int, (int)pl_trimmed_match(dr, ds, n, &t, &o, &arena, &r), PL_OK));
    cr_assert(eq(dbl, (double)r.n_each_side, number_at(expected, "m_each_side")));
    cr_assert(near(r.in.estimate, number_at(expected, "estimate"), 1e-10));
    cr_assert(near(r.in.std_error, number_at(expected, "se"), 1e-10));
    double low = r.in.conf_low, high = r.in.conf_high;
    if (r.lacks) { /* the package then gives three times the normal interval, which no test stands behind */
        double width = 3 * gsl_cdf_ugaussian_Qinv((1 - o.conf_level) / 2) * r.in.std_error;
        low = r.in.estimate - width;
        high = r.in.estimate + width;
    } else {
        cr_assert(eq(int, r.in.p_value <= 1 - o.conf_level, low > 0 || high < 0));
    }
    cr_assert(near(low, number_at(expected, "ci_low"), 1e-10), "%.17g", low);
    cr_assert(near(high, number_at(expected, "ci_high"), 1e-10), "%.17g", high);
    cr_assert(near(r.incremental_cost, number_at(expected, "incremental_cost"), 1e-10));
    cr_assert(near(r.incremental_response, number_at(expected, "incremental_response"), 1e-10));
    const json_t *trimmed = json_object_get(expected, "trimmed_pairs_0based");
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += r.trimmed[i];
    cr_assert(eq(sz, count, json_array_size(trimmed)));
    for (size_t k = 0; k < count; k++)
        cr_assert(r.trimmed[json_integer_value(json_array_get(trimmed, k))]);
    for (size_t k = 0; chosen && k < json_array_size(rates); k++) {
        cr_assert(near(r.tried_estimate[k], item_at(tried, "iroas", k), 1e-10));
        cr_assert(near(r.tried_error[k], item_at(tried, "se", k), 1e-10));
    }
    pl_arena_clear(&arena);
}

Test(stats_trimmed_match, shared_reference) {
    json_t *root = load_expected("trimmed_match.json");
    const char *sets[] = {"unit1", "unit2", "example_test_period", "example_with_cooldown"}, *key;
    for (size_t k = 0; k < 4; k++) {
        json_t *set = json_object_get(root, sets[k]), *value;
        cr_assert(set != NULL);
        json_object_foreach(set, key, value) check_set(set, value);
    }
    json_decref(root);
}

/* With equal spend the slopes do not exist: 20 % off each side of 1, 2, 3, 4, 90 leaves the mean of 2, 3, 4.
 */
Test(stats_trimmed_match, equal_spend_gives_the_trimmed_mean) {
    const double dr[] = {3, 1, 90, 2, 4}, ds[] = {1, 1, 1, 1, 1};
    PlTrimmedMatch r = must_match(dr, ds, 5, .2, .9);
    cr_assert(near(r.in.estimate, 3, 1e-15) && r.n_each_side == 1);
    /* winsorised 2 2 3 4 4: SSD 4, three left: T = (3 - x) 3 / sqrt(3 * 4 / 2), so 3 -+ z sqrt(6) / 3 */
    cr_assert(near(r.in.conf_high, 3 + 1.6448536269514722 * sqrt(6) / 3, 1e-12), "%.17g", r.in.conf_high);
}

static double studentised(const double *r, const double *s, size_t n, size_t m, double ratio) {
    double e[64], sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        e[i] = r[i] - ratio * s[i];
        for (size_t k = i; k > 0 && e[k] < e[k - 1]; k--) {
            double swap = e[k];
            e[k] = e[k - 1];
            e[k - 1] = swap;
        }
    }
    for (size_t k = m; k < n - m; k++)
        sum += e[k];
    double mean = (sum + (double)m * (e[m] + e[n - 1 - m])) / (double)n;
    for (size_t k = 0; k < n; k++) {
        double w = e[k < m ? m : k > n - 1 - m ? n - 1 - m : k] - mean;
        squares += w * w;
    }
    double left = (double)(n - 2 * m);
    return sum / left / sqrt(squares / left / (left - 1));
}

/* Draws with ties, both signs of spend, and heavy tails. */
static size_t draw(uint64_t round, double *r, double *s) {
    PlRng rng = pl_rng_stream(5, round);
    size_t n = 4 + round % 30;
    for (size_t i = 0; i < n; i++) {
        s[i] = round % 3 == 0 ? floor(4 * pl_rng_uniform(&rng))
                              : (round % 3 == 1 ? 1 + pl_rng_uniform(&rng) : normal_draw(&rng) + 1);
        double noise = normal_draw(&rng) / (.2 + pl_rng_uniform(&rng));
        r[i] = s[i] * (double)(round % 4) * .4 + (round % 5 ? noise : rint(2 * noise) / 2);
    }
    return n;
}

/* The interval holds no ratio that is rejected beyond its limits, and its limits are on the edge, as a search
 * over 4,000 ratios sees it; p and the interval agree for every null value and alternative. */
Test(stats_trimmed_match, interval_and_p_agree_with_a_search) {
    size_t compared = 0;
    for (uint64_t round = 0; round < 900; round++) {
        double r[64], s[64];
        size_t n = draw(round, r, s);
        PlArena arena = {0};
        for (size_t a = 0; a < 3; a++)
            for (int null = -2; null <= 3; null++) {
                PlTrimmedMatch m;
                PlStatus status = run_match(r, s, n, NAN, .5 * null, level(.9, alternatives[a]), &arena, &m);
                if (status != PL_OK)
                    continue;
                cr_assert(m.in.p_value >= 0 && m.in.p_value <= 1);
                if (m.lacks) {
                    cr_assert(m.status == PL_UNBOUNDED && m.reason);
                    continue;
                }
                bool outside = m.in.conf_low > .5 * null || m.in.conf_high < .5 * null;
                cr_assert(eq(int, m.in.p_value <= 1 - .9, outside), "round %d null %d p %.17g [%g, %g]",
                          (int)round, null, m.in.p_value, m.in.conf_low, m.in.conf_high);
                if (a > 0 || null != 0)
                    continue;
                compared++;
                double width = m.in.conf_high - m.in.conf_low, edge = 1e-6 * width, z = 1.6448536269514722;
                cr_assert(fabs(studentised(r, s, n, m.n_each_side, m.in.conf_low + edge)) < z + 1e-3);
                cr_assert(fabs(studentised(r, s, n, m.n_each_side, m.in.conf_high - edge)) < z + 1e-3);
                for (int k = 1; k < 2000; k++) {
                    double out = width * .005 * k;
                    cr_assert(fabs(studentised(r, s, n, m.n_each_side, m.in.conf_low - out)) > z - 1e-9,
                              "round %d", (int)round);
                    cr_assert(fabs(studentised(r, s, n, m.n_each_side, m.in.conf_high + out)) > z - 1e-9);
                }
            }
        pl_arena_clear(&arena);
    }
    cr_assert(compared > 300, "%zu", compared);
}

static void same(const PlTrimmedMatch *a, const PlTrimmedMatch *b, double factor) {
    cr_assert(near(b->in.estimate, a->in.estimate * factor, 1e-9), "%.17g %.17g", b->in.estimate,
              a->in.estimate);
    cr_assert(near(b->in.std_error, a->in.std_error * factor, 1e-9));
    cr_assert(a->lacks == b->lacks && a->n_each_side == b->n_each_side);
    cr_assert(near(b->in.conf_low, a->in.conf_low * factor, 1e-8) &&
              near(b->in.conf_high, a->in.conf_high * factor, 1e-8));
    cr_assert(near(b->in.p_value, a->in.p_value, 1e-7));
}

/* Swapped labels, another order, and other units, down to where squares underflow. */
Test(stats_trimmed_match, labels_order_and_units_do_not_matter) {
    for (uint64_t round = 0; round < 60; round++) {
        double r[64], s[64], r2[64], s2[64];
        size_t n = draw(round, r, s);
        PlArena arena = {0};
        PlTrimmedMatch base, other;
        if (run_match(r, s, n, NAN, 0, level(.9, PL_TWO_SIDED), &arena, &base) != PL_OK)
            continue;
        const double by[4][2] = {{-1, -1}, {1, 1}, {1e300, 1e-4}, {1e-300, 1e-300}};
        for (size_t k = 0; k < 4; k++) {
            for (size_t i = 0; i < n; i++) {
                size_t from = k == 1 ? n - 1 - i : i;
                r2[i] = r[from] * by[k][0];
                s2[i] = s[from] * by[k][1];
            }
            cr_assert(
                eq(int, (int)run_match(r2, s2, n, NAN, 0, level(.9, PL_TWO_SIDED), &arena, &other), PL_OK));
            same(&base, &other, by[k][0] / by[k][1]);
        }
        pl_arena_clear(&arena);
    }
}

Test(stats_trimmed_match, without_limits_it_says_why) {
    const double dr[] = {3, -1, 4, 1, -5, 9}, ds[] = {1, -1, 2, -2, .5, 0};
    PlArena arena = {0};
    PlTrimmedMatch m;
    cr_assert(eq(int, (int)run_match(dr, ds, 6, 0, 0, level(.95, PL_TWO_SIDED), &arena, &m), PL_OK));
    cr_assert(m.lacks == PL_LACKS_INTERVAL && m.status == PL_UNBOUNDED && m.reason && m.in.p_value > .05);
    pl_arena_clear(&arena);
}

Test(stats_trimmed_match, what_the_core_refuses) {
    const double zero[4] = {0}, hole[4] = {1, NAN, 2, 3}, balanced[4] = {1, -1, 2, -2},
                 line[4] = {2, 10, 4, 10};
    PlArena arena = {0};
    PlTrimmedMatch m;
    PlInferenceOptions o = level(.9, PL_TWO_SIDED), low = level(.4, PL_GREATER), bad = level(1, PL_TWO_SIDED);
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 1, NAN, 0, o, &arena, &m), PL_TOO_FEW));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 4, .3, 0, o, &arena, &m), PL_TOO_FEW));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 4, .5, 0, o, &arena, &m), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 4, -.1, 0, o, &arena, &m), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 4, NAN, INFINITY, o, &arena, &m), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 4, NAN, 0, low, &arena, &m), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 4, NAN, 0, bad, &arena, &m), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_match(hole, four_ds, 4, NAN, 0, o, &arena, &m), PL_NOT_FINITE));
    cr_assert(eq(int, (int)run_match(four_dr, hole, 4, NAN, 0, o, &arena, &m), PL_NOT_FINITE));
    cr_assert(eq(int, (int)run_match(four_dr, zero, 4, NAN, 0, o, &arena, &m), PL_UNBOUNDED));
    cr_assert(eq(int, (int)run_match(four_dr, balanced, 4, 0, 0, o, &arena, &m), PL_UNBOUNDED));
    cr_assert(eq(int, (int)run_match(line, four_ds, 4, NAN, 0, o, &arena, &m), PL_NO_VARIANCE));
    cr_assert(eq(int, (int)run_match(zero, four_ds, 4, NAN, 0, o, &arena, &m), PL_NO_VARIANCE));
    PlTrimOptions t = {NAN, .5, 0};
    cr_assert(eq(int, (int)pl_trimmed_match(four_dr, four_ds, 4, &t, &o, &arena, &m), PL_BAD_ARGUMENT));
    cr_assert(eq(int, (int)run_match(four_dr, four_ds, 2, NAN, 0, o, &arena, &m), PL_OK));
    pl_arena_clear(&arena);
    static double many[5001];
    for (size_t i = 0; i < 5001; i++)
        many[i] = (double)(i % 13 + 1);
    cr_assert(eq(int, (int)run_match(many, many, 5001, NAN, 0, o, &arena, &m), PL_NO_MEMORY));
    pl_arena_clear(&arena);
    for (size_t limit = 8; limit < 1500; limit += 32) {
        PlArena small = {.limit = limit};
        PlStatus status = run_match(four_dr, four_ds, 4, NAN, 0, o, &small, &m);
        cr_assert(status == PL_NO_MEMORY || status == PL_OK);
        pl_arena_clear(&small);
    }
}

/* ---- by its columns ---- */

enum { ROWS = 16 };
static const size_t pair_of[ROWS] = {0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 1, 1, 2, 2, 3, 3},
                    day_of[ROWS] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
static const double treated[ROWS] = {1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0},
                    sales[ROWS] = {50, 9, 50, 9, 50, 9, 50, 9, 6, 5, 15, 5, 5, 8, 13, 5},
                    spend[ROWS] = {7, 7, 7, 7, 7, 7, 7, 7, 1, 0, 6, 1, 0, 2, 6, 1};
static const char *const pairs[4] = {"A", "B", "C", "D"}, *const days[2] = {"mon", "tue"};

static PlSample long_form(void) {
    PlSample sample = {.rows = ROWS};
    sample.roles[PL_X] = numbers("sales", sales);
    sample.roles[PL_COST] = numbers("spend", spend);
    sample.roles[PL_TREATED] = numbers("arm", treated);
    sample.roles[PL_PAIR] = levels("pair", pair_of, 4, pairs);
    sample.roles[PL_TIME] = levels("day", day_of, 2, days);
    return sample;
}

static PlMethodOptions tuesday(void) {
    PlMethodOptions o = unset_options();
    o.inference.conf_level = .9;
    o.during_begin = 1;
    o.during_end = 2;
    return o;
}

Test(stats_trimmed_match, long_rows_are_summed_by_pair) {
    PlArena arena = {0};
    PlAnswer answer;
    PlSample sample = long_form();
    PlMethodOptions o = tuesday();
    o.trim = 0;
    cr_assert(eq(int, (int)run_answer("trimmed_match", &sample, &o, &arena, &answer), PL_OK));
    const PlAnswerRow *row = row_of(&answer, NULL);
    cr_assert(near(row->in.estimate, 1.6923076923076923, 1e-14) && row->in.n == 4);
    cr_assert(figure(row, "n_trimmed") == 0 && figure(row, "incremental_cost") == 13);
    PlSample wide = {.rows = 4};
    wide.roles[PL_X] = numbers("dr", four_dr);
    wide.roles[PL_Y] = numbers("ds", four_ds);
    o.trim = NAN;
    cr_assert(eq(int, (int)run_answer("trimmed_match", &wide, &o, &arena, &answer), PL_OK));
    row = row_of(&answer, NULL);
    cr_assert(figure(row, "trim_rate") == .25 && figure(row, "n_trimmed") == 2 &&
              figure(row, "n_tried") == 2);
    cr_assert(near(figure(row, "error_untrimmed"), 0.13775676599790312, 1e-13));
    pl_arena_clear(&arena);
}

static void expect(const PlSample *sample, PlMethodOptions o, PlStatus status, const char *culprit) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("trimmed_match", sample, &o, &arena, &answer), (int)status));
    cr_assert(culprit ? answer.culprit && strcmp(answer.culprit, culprit) == 0 : !answer.culprit, "%s",
              answer.culprit ? answer.culprit : "none");
    pl_arena_clear(&arena);
}

Test(stats_trimmed_match, what_it_refuses) {
    PlSample bad = {.rows = 4};
    PlMethodOptions o = tuesday(), no_during = unset_options();
    bad.roles[PL_X] = numbers("dr", four_dr);
    expect(&bad, o, PL_BAD_ARGUMENT, "y");
    bad.roles[PL_Y] = numbers("ds", (const double[]){1, -1, 2, -2});
    o.trim = 0;
    expect(&bad, o, PL_UNBOUNDED, "ds");
    bad.roles[PL_Y] = numbers("ds", (const double[]){1, NAN, 2, -2});
    expect(&bad, o, PL_NOT_FINITE, "ds");
    bad.roles[PL_Y] = numbers("ds", four_dr);
    expect(&bad, o, PL_NO_VARIANCE, "dr");
    bad = long_form();
    expect(&bad, no_during, PL_BAD_ARGUMENT, "during");
    bad.roles[PL_Y] = numbers("ds", sales);
    expect(&bad, o, PL_BAD_ARGUMENT, "y");
    bad = long_form();
    bad.roles[PL_COST].name = NULL;
    expect(&bad, o, PL_BAD_ARGUMENT, "cost");
    bad = long_form();
    bad.roles[PL_TREATED].name = NULL;
    expect(&bad, o, PL_BAD_ARGUMENT, "treated");
    bad = long_form();
    bad.roles[PL_TREATED].values = sales;
    expect(&bad, o, PL_NOT_BINARY, "arm");
    double one[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        one[i] = pair_of[i] == 2 ? 1 : treated[i];
    bad.roles[PL_TREATED].values = one;
    expect(&bad, o, PL_NO_CONTROL, "C");
    for (size_t i = 0; i < ROWS; i++)
        one[i] = pair_of[i] == 1 ? 0 : treated[i];
    expect(&bad, o, PL_NO_TREATED, "B");
}

Test(stats_trimmed_match, two_thousand_pairs, .timeout = 60) {
    static double r[2000], s[2000];
    PlRng rng = pl_rng_stream(2, 0);
    for (size_t i = 0; i < 2000; i++) {
        s[i] = exp(2 * normal_draw(&rng));
        r[i] = 2 * s[i] + s[i] * normal_draw(&rng) / (.05 + pl_rng_uniform(&rng));
    }
    PlTrimmedMatch m = must_match(r, s, 2000, NAN, .95);
    cr_assert(m.in.conf_low < 2 && m.in.conf_high > 2);
    for (size_t i = 0; i < 2000; i++) { /* five levels of spend, whole responses: all crossings tie */
        s[i] = floor(1 + 5 * pl_rng_uniform(&rng));
        r[i] = 2 * s[i] + floor(9 * pl_rng_uniform(&rng)) - 4;
    }
    m = must_match(r, s, 2000, NAN, .95);
    cr_assert(m.in.conf_low < 2 && m.in.conf_high > 2 && m.in.conf_high - m.in.conf_low < .2);
    for (size_t i = 0; i < 2000; i++) { /* the same in tenths, where rounding tells the ties apart */
        s[i] /= 10;
        r[i] = r[i] / 10 + .1;
    }
    m = must_match(r, s, 2000, NAN, .95);
    cr_assert(m.in.conf_high - m.in.conf_low < .2);
}

/* How often a 5 % test rejects what is true, on normal noise: the figures of the documentation, from
 * 3,000 draws. */
Test(stats_trimmed_match, rejects_too_often_with_few_pairs) {
    const size_t pairs_drawn[] = {10, 20, 40, 80};
    const double share[] = {.137, .109, .079, .059};
    for (size_t k = 0; k < 4; k++) {
        size_t rejected = 0, draws = 1500;
        for (uint64_t round = 0; round < draws; round++) {
            PlRng rng = pl_rng_stream(9, round);
            double r[80], s[80];
            for (size_t i = 0; i < pairs_drawn[k]; i++) {
                s[i] = 1 + pl_rng_uniform(&rng);
                r[i] = normal_draw(&rng);
            }
            rejected += must_match(r, s, pairs_drawn[k], NAN, .95).in.p_value <= .05;
        }
        cr_assert(epsilon_eq(dbl, (double)rejected / (double)draws, share[k], .03), "%zu", rejected);
    }
}
