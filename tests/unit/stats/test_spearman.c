/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/correlation.h"

/* R: tests/reference/stats/correlation.R. */
static const double x[8] = {44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2};
static const double y[8] = {2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8};

static PlCorrelation spearman(const double *a, const double *b, size_t n, double level,
                              PlAlternative alternative) {
    PlArena arena = {0};
    PlCorrelation out = {0};
    PlInferenceOptions o = {.conf_level = level, .alternative = alternative, .threads = 1};
    PlStatus status = pl_spearman(a, b, n, &o, &arena, &out);
    pl_arena_clear(&arena);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    return out;
}

Test(stats_spearman, agrees_with_r_where_it_counts_and_where_it_approximates) {
    static const double p[3] = {0.083085317460317457, 0.041542658730158728, 0.96530257936507935};
    for (size_t a = 0; a < 3; a++) {
        PlCorrelation c = spearman(x, y, 8, .95, alternatives[a]);
        cr_expect(near(c.in.estimate, 2.0 / 3, 1e-14) && c.in.statistic == 28 && c.exact);
        cr_expect(near(c.in.p_value, p[a], 1e-13));
    }
    const double tx[12] = {1, 2, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9}, ty[12] = {2, 1, 3, 3, 5, 4, 6, 6, 6, 9, 7, 8};
    PlCorrelation ties = spearman(tx, ty, 12, .95, PL_TWO_SIDED);
    cr_expect(near(ties.in.estimate, 0.94128113879003561, 1e-13));
    cr_expect(near(ties.in.statistic, 16.793594306049815, 1e-11));
    cr_expect(near(ties.in.p_value, 4.9791472138720809e-06, 1e-10));
    cr_expect(ties.exact == false && ties.in.n_tied == 5);
}

/* Every order of six ranks, one by one. */
Test(stats_spearman, exact_p_is_the_share_of_orders) {
    const double a[6] = {1, 2, 3, 4, 5, 6};
    size_t order[6] = {0, 1, 2, 3, 4, 5}, counted = 0;
    double b[6] = {2, 1, 4, 3, 6, 5}, seen = 0;
    for (size_t i = 0; i < 6; i++)
        seen += a[i] * b[i];
    size_t stack[6] = {0}, depth = 0, above = 0;
    /* Heap's algorithm */
    for (bool first = true; first || depth < 6;) {
        if (first || stack[depth] < depth) {
            if (!first) {
                size_t other = depth % 2 ? stack[depth] : 0, kept = order[other];
                order[other] = order[depth];
                order[depth] = kept;
                stack[depth]++;
                depth = 0;
            }
            first = false;
            double sum = 0;
            for (size_t i = 0; i < 6; i++)
                sum += a[i] * (double)(order[i] + 1);
            counted++;
            above += sum >= seen;
        } else {
            stack[depth++] = 0;
        }
    }
    cr_assert(eq(sz, counted, 720));
    PlCorrelation c = spearman(a, b, 6, .95, PL_GREATER);
    cr_expect(near(c.in.p_value, (double)above / 720, 1e-14));
}

Test(stats_spearman, interval_and_p_are_one_procedure) {
    for (uint64_t round = 0; round < 300; round++) {
        PlRng rng = pl_rng_stream(12, round);
        double a[40], b[40];
        size_t n = 5 + round % 30;
        for (size_t i = 0; i < n; i++) {
            a[i] = normal_draw(&rng);
            b[i] = .6 * a[i] + normal_draw(&rng);
            if (round % 3 == 0)
                b[i] = nearbyint(b[i]);
        }
        double level = round % 2 ? .9 : .95;
        PlCorrelation c = spearman(a, b, n, level, alternatives[round % 3]);
        if (c.perfect)
            continue;
        bool rejects = c.in.p_value <= 1 - level, leaves_out = c.in.conf_low > 0 || c.in.conf_high < 0;
        cr_expect(rejects == leaves_out, "round %d: p %g, %g to %g", (int)round, c.in.p_value, c.in.conf_low,
                  c.in.conf_high);
        cr_expect(c.in.conf_low <= c.in.estimate && c.in.estimate <= c.in.conf_high);
    }
}

Test(stats_spearman, only_the_order_of_the_values_counts) {
    double a[8], b[8];
    for (size_t i = 0; i < 8; i++) {
        a[i] = exp(x[i]);
        b[i] = y[i] * 1e300;
    }
    PlCorrelation base = spearman(x, y, 8, .95, PL_TWO_SIDED), other = spearman(a, b, 8, .95, PL_TWO_SIDED);
    cr_expect(other.in.estimate == base.in.estimate && other.in.p_value == base.in.p_value &&
              other.in.conf_low == base.in.conf_low);
}

Test(stats_spearman, coverage_in_simulation) {
    enum { ROUNDS = 2000, N = 25 };
    size_t covered = 0;
    const double rho = .6, truth = 6 / 3.14159265358979 * asin(rho / 2); /* of a normal pair: Pearson 1907 */
    for (uint64_t round = 0; round < ROUNDS; round++) {
        PlRng rng = pl_rng_stream(13, round);
        double a[N], b[N];
        for (size_t i = 0; i < N; i++) {
            a[i] = normal_draw(&rng);
            b[i] = rho * a[i] + sqrt(1 - rho * rho) * normal_draw(&rng);
        }
        PlCorrelation c = spearman(a, b, N, .95, PL_TWO_SIDED);
        covered += c.in.conf_low <= truth && truth <= c.in.conf_high;
    }
    double coverage = (double)covered / ROUNDS;
    cr_expect(coverage > .95 - 5 * sqrt(.05 * .95 / ROUNDS), "%g", coverage);
}

Test(stats_spearman, what_is_refused_and_what_has_no_interval) {
    const double flat[5] = {3, 3, 3, 3, 3}, up[5] = {1, 2, 3, 4, 5}, nan[5] = {1, 2, NAN, 4, 5};
    PlArena arena = {0}, tiny = {.limit = 32};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample s = {.rows = 5};
    s.roles[PL_X] = numbers("a", flat);
    s.roles[PL_Y] = numbers("b", up);
    cr_expect(eq(int, (int)run_answer("spearman", &s, &o, &arena, &answer), PL_NO_VARIANCE));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"a"));
    s.roles[PL_X] = numbers("a", nan);
    cr_expect(eq(int, (int)run_answer("spearman", &s, &o, &arena, &answer), PL_NOT_FINITE));
    s.roles[PL_X] = numbers("a", up);
    cr_expect(eq(int, (int)run_answer("spearman", &s, &o, &tiny, &answer), PL_NO_MEMORY));
    cr_expect(eq(int, (int)run_answer("spearman", &s, &o, &arena, &answer), PL_OK));
    cr_expect(near(answer.rows[0].in.p_value, 2.0 / 120, 1e-13) && answer.rows[0].in.estimate == 1);
    cr_expect(eq(uint, answer.rows[0].lacks, PL_LACKS_INTERVAL));
    s.rows = 3;
    cr_expect(eq(int, (int)run_answer("spearman", &s, &o, &arena, &answer), PL_TOO_FEW));
    pl_arena_clear(&arena);
    pl_arena_clear(&tiny);
}

/* tests/reference/stats/correlation.py has the values of these. */
static const double x8[] = {49, -67, 8, 16, 6, 23, 28, 41}, y8[] = {3.1, 4.7, 2.2, 8.9, 7.3, 6.1, 9.8, 5.5};

static PlCorrelation must(const double *a, const double *b, size_t n, PlInferenceOptions options) {
    PlArena arena = {0};
    PlCorrelation result = {0};
    cr_assert(eq(int, (int)pl_spearman(a, b, n, &options, &arena, &result), PL_OK));
    pl_arena_clear(&arena);
    return result;
}

static void fifteen(double *values, double at_most) {
    for (size_t i = 0; i < 15; i++)
        values[i] = fmin(at_most, fmod(darwin[i] * darwin[i], 13) + (double)i / 3);
}

Test(stats_spearman, eight_rows_count_every_order) {
    const double p[] = {.97678571428571426, .48839285714285714, .53256448412698409};
    for (size_t a = 0; a < 3; a++) {
        PlInferenceOptions o = two_sided_95;
        o.alternative = alternatives[a];
        PlCorrelation c = must(x8, y8, 8, o);
        cr_expect(near(c.in.estimate, .023809523809523812, 1e-14));
        cr_expect(c.exact && c.in.statistic == 82 && c.in.n == 8 && c.in.n_tied == 0);
        cr_expect(near(c.in.p_value, p[a], 1e-15), "%.17g", c.in.p_value);
    }
    PlCorrelation c = must(x8, y8, 8, two_sided_95);
    cr_expect(near(c.in.conf_low, -.75855517846093, 1e-12), "%.17g", c.in.conf_low);
    cr_expect(near(c.in.conf_high, .780689555467988, 1e-12), "%.17g", c.in.conf_high);
}

Test(stats_spearman, fifteen_rows_and_ties_by_students_t) {
    double v[15];
    fifteen(v, INFINITY);
    PlCorrelation c = must(darwin, v, 15, two_sided_95);
    cr_expect(near(c.in.estimate, .31814132453469957, 1e-14));
    cr_expect(near(c.in.statistic, 381.84085826056821, 1e-13), "%.17g", c.in.statistic);
    cr_expect(near(c.in.p_value, .24784438151588142, 1e-13));
    cr_expect(near(c.in.conf_low, -.24190239785912407, 1e-12), "%.17g", c.in.conf_low);
    cr_expect(near(c.in.conf_high, .7498527407955, 1e-12), "%.17g", c.in.conf_high);
    fifteen(v, 9);
    c = must(darwin, v, 15, two_sided_95);
    cr_expect(near(c.in.estimate, .23460893713466804, 1e-13) &&
              near(c.in.p_value, .39998424003424293, 1e-12));
    cr_expect(c.in.n_tied > 0 && !c.exact);
    cr_expect(near(c.in.statistic, 428.61899520458593, 1e-13));
}

/* Four rows: 24 orders by hand. r = .8 has one order above it, and three as good. */
Test(stats_spearman, four_rows_by_hand) {
    const double u[] = {1, 2, 3, 4}, v[] = {1, 2, 4, 3};
    PlInferenceOptions o = two_sided_95;
    o.alternative = PL_GREATER;
    PlCorrelation c = must(u, v, 4, o);
    cr_expect(near(c.in.estimate, .8, 1e-15) && near(c.in.p_value, 4 / 24.0, 1e-15));
    cr_expect(c.in.conf_low == -1 || c.in.conf_low < .8);
    o.conf_level = .75;
    c = must(u, v, 4, o);
    cr_expect(c.in.conf_low > 0);
}

/* 12 rows are counted, 13 are not; at 12 both ways are near each other. */
Test(stats_spearman, counting_joins_students_t) {
    double v[12];
    for (size_t i = 0; i < 12; i++)
        v[i] = .7 * twelve[(i * 5 + 3) % 12] + twelve[i]; /* no ties */
    PlInferenceOptions o = two_sided_95;
    PlCorrelation counted = must(twelve, v, 12, o);
    o.exact_up_to = 11;
    PlCorrelation by_t = must(twelve, v, 12, o);
    cr_assert(counted.exact && by_t.exact == false);
    cr_assert(epsilon_eq(dbl, counted.in.p_value, by_t.in.p_value, .02), "%g %g", counted.in.p_value,
              by_t.in.p_value);
    cr_assert(epsilon_eq(dbl, counted.in.conf_low, by_t.in.conf_low, .1), "%g %g", counted.in.conf_low,
              by_t.in.conf_low);
}

/* p and interval agree; a rising transformation, the order of rows and a turn of v change nothing else. */
Test(stats_spearman, any_alternative_any_ties) {
    PlRng rng = pl_rng_stream(8, 0);
    size_t rejected = 0;
    for (size_t trial = 0; trial < 400; trial++) {
        size_t n = 4 + trial % 17;
        double u[30], v[30], other_x[30], other_y[30];
        bool ties = trial % 5 == 0;
        for (size_t i = 0; i < n; i++) {
            u[i] = normal_draw(&rng);
            v[i] = normal_draw(&rng) + .4 * u[i];
            v[i] = ties ? floor(2 * v[i]) / 2 : v[i];
        }
        for (size_t i = 0; i < n; i++) {
            other_x[i] = exp(200 * u[n - 1 - i]);
            other_y[i] = -1e300 * v[n - 1 - i] / 10;
        }
        PlInferenceOptions o = two_sided_95;
        o.alternative = alternatives[trial % 3];
        o.conf_level = trial % 2 ? .95 : .5;
        PlArena arena = {0};
        PlCorrelation a, b;
        PlStatus status = pl_spearman(u, v, n, &o, &arena, &a);
        if (status != PL_NO_VARIANCE && !a.perfect) {
            bool outside = a.in.conf_low > 0 || a.in.conf_high < 0;
            cr_assert(eq(int, a.in.p_value <= 1 - o.conf_level, outside), "trial %zu n %zu", trial, n);
            rejected += outside;
            o.alternative = o.alternative == PL_TWO_SIDED ? PL_TWO_SIDED
                            : o.alternative == PL_LESS    ? PL_GREATER
                                                          : PL_LESS;
            cr_assert(eq(int, (int)pl_spearman(other_x, other_y, n, &o, &arena, &b), PL_OK));
            cr_assert(near(a.in.estimate, -b.in.estimate, 1e-12) && near(a.in.p_value, b.in.p_value, 1e-11));
            cr_assert(fabs(a.in.conf_low + b.in.conf_high) < 1e-11);
        }
        pl_arena_clear(&arena);
    }
    cr_assert(rejected > 30);
}

Test(stats_spearman, many_rows_with_ties) {
    enum { MANY = 100000 };
    static double u[MANY], v[MANY];
    PlRng rng = pl_rng_stream(6, 0);
    for (size_t i = 0; i < MANY; i++) {
        u[i] = floor(20 * pl_rng_uniform(&rng));
        v[i] = floor(u[i] / 4 + 10 * pl_rng_uniform(&rng));
    }
    PlCorrelation c = must(u, v, MANY, two_sided_95);
    cr_assert(c.in.p_value < 1e-100 && c.in.conf_low > 0 && c.in.conf_high < 1);
}

/* Agreement in every rank: one order of n!, or of n! over the orders within ties. */
Test(stats_spearman, perfect_agreement_has_p_and_no_interval) {
    const double tied[] = {1, 1, 3, 4, 5}, cubes[] = {1, 8, 27, 64, 125}, five[] = {1, 2, 3, 4, 5};
    PlCorrelation c = must(five, cubes, 5, two_sided_95);
    cr_assert(c.perfect && c.in.estimate == 1 && near(c.in.p_value, 2 / 120.0, 1e-14));
    cr_assert(near(must(tied, tied, 5, two_sided_95).in.p_value, 4 / 120.0, 1e-14));
    double rising[20], falling[20];
    for (size_t i = 0; i < 20; i++)
        falling[i] = -(rising[i] = (double)i);
    PlInferenceOptions o = two_sided_95;
    o.alternative = PL_LESS;
    cr_assert(near(must(rising, falling, 20, o).in.p_value, 1 / 2432902008176640000.0, 1e-13));
}

Test(stats_spearman, memory_that_runs_out) {
    PlCorrelation c;
    PlArena small = {.limit = 64};
    cr_assert(eq(int, (int)pl_spearman(x8, y8, 8, &two_sided_95, &small, &c), PL_NO_MEMORY));
    pl_arena_clear(&small);
    small.limit = 100000; /* ranks, not counts */
    cr_assert(eq(int, (int)pl_spearman(twelve, darwin, 12, &two_sided_95, &small, &c), PL_NO_MEMORY));
    pl_arena_clear(&small);
}
