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
