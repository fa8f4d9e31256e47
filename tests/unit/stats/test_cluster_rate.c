/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_rate.h"

#include "run.h"

#include "pairlift/stats/proportions.h"

/* tests/reference/stats/cluster_rate.R */
static const double x[8] = {12, 30, 7, 55, 21, 16, 3, 40}, n[8] = {400, 1200, 350, 1500, 900, 420, 180, 1600},
                    y[8] = {9, 25, 9, 40, 30, 10, 5, 31}, m[8] = {390, 1100, 300, 1400, 950, 400, 200, 1500};

Test(stats_cluster_rate, a_rate_is_rs_weighted_mean_with_clustered_errors) {
    PlClusterRate r;
    cr_assert(eq(int, (int)pl_cluster_rate(x, n, 8, .95, &r), PL_OK));
    cr_expect(r.by_cluster);
    cr_expect(eq(sz, r.n_clusters, 8));
    cr_expect(near(r.rate, 0.0280916030534351, 1e-13));
    cr_expect(near(r.std_error, 0.00271988318878405, 1e-12));
    cr_expect(near(r.conf_low, 0.0212524998653546, 1e-12));
    cr_expect(near(r.conf_high, 0.0370482376228031, 1e-12));
    cr_expect(near(r.df, 3.68975949273509, 1e-11));
    cr_expect(near(r.equal_p_value, 0.248441359843866, 1e-10));
}

Test(stats_cluster_rate, differences_are_rs_regressions_with_clustered_errors) {
    /* the first five clusters against the last three */
    const double xa[8] = {12, 30, 7, 55, 21}, na[8] = {400, 1200, 350, 1500, 900};
    const double xb[8] = {0, 0, 0, 0, 0, 16, 3, 40}, nb[8] = {0, 0, 0, 0, 0, 420, 180, 1600};
    PlInference d;
    cr_assert(eq(int,
                 (int)pl_cluster_rate_difference((PlClusteredRate){xa, na}, (PlClusteredRate){xb, nb}, 8,
                                                 &two_sided_95, &d),
                 PL_OK));
    cr_expect(near(d.estimate, 0.00191745036572623, 1e-11));
    cr_expect(near(d.std_error, 0.00528212475997338, 1e-12));
    cr_expect(near(d.df, 2.8866851330914, 1e-12));
    cr_expect(near(d.conf_low, -0.0152721656975908, 1e-10));
    cr_expect(near(d.conf_high, 0.0191070664290432, 1e-10));
    cr_expect(near(d.p_value, 0.74154312732809, 1e-10));
    /* all clusters under both */
    cr_assert(eq(int,
                 (int)pl_cluster_rate_difference((PlClusteredRate){x, n}, (PlClusteredRate){y, m}, 8,
                                                 &two_sided_95, &d),
                 PL_OK));
    cr_expect(near(d.estimate, 0.00261083382266588, 1e-11));
    cr_expect(near(d.std_error, 0.00251922861157053, 1e-11));
    cr_expect(near(d.conf_low, -0.00462182271816815, 1e-10));
    cr_expect(near(d.conf_high, 0.00984349036349988, 1e-10));
    cr_expect(near(d.p_value, 0.363114586655805, 1e-10));
}

Test(stats_cluster_rate, without_differences_between_clusters_it_is_wilsons) {
    static const struct {
        double x[3], n[3];
    } cases[] = {{{0, 0, 0}, {100, 50, 10}},
                 {{5, 0, 0}, {50, 0, 0}},
                 {{1, 2, 3}, {10, 20, 30}},
                 {{10, 20, 30}, {10, 20, 30}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PlClusterRate r;
        double successes = 0, trials = 0;
        for (size_t g = 0; g < 3; g++) {
            successes += cases[i].x[g];
            trials += cases[i].n[g];
        }
        PlLimits wilson = pl_wilson((PlRate){successes, trials}, 1.9599639845400545);
        cr_assert(eq(int, (int)pl_cluster_rate(cases[i].x, cases[i].n, 3, .95, &r), PL_OK));
        cr_expect(r.df == 0);
        cr_expect(eq(int, r.by_cluster, 0));
        cr_expect(near(r.conf_low, wilson.low, 1e-12) && near(r.conf_high, wilson.high, 1e-12), "%zu", i);
    }
}

Test(stats_cluster_rate, what_is_no_rate_is_refused) {
    static const double none[2] = {0, 0}, more[2] = {3, 2}, less[2] = {2, 2}, minus[2] = {-1, 0},
                        nan[2] = {NAN, 0}, one[2] = {4, 0}, other[2] = {0, 4};
    PlClusterRate r;
    PlInference d;
    cr_expect(eq(int, (int)pl_cluster_rate(none, none, 2, .95, &r), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_cluster_rate(NULL, NULL, 0, .95, &r), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_cluster_rate(more, less, 2, .95, &r), PL_NOT_COUNTS));
    cr_expect(eq(int, (int)pl_cluster_rate(minus, less, 2, .95, &r), PL_NOT_COUNTS));
    cr_expect(eq(int, (int)pl_cluster_rate(nan, less, 2, .95, &r), PL_NOT_COUNTS));
    cr_expect(eq(int, (int)pl_cluster_rate(less, more, 2, 1, &r), PL_BAD_ARGUMENT));
    PlClusteredRate a = {none, one}, b = {none, other}, all = {none, less}, same = {less, less};
    cr_expect(eq(int, (int)pl_cluster_rate_difference(a, b, 2, &two_sided_95, &d), PL_TOO_FEW));
    cr_expect(eq(int, (int)pl_cluster_rate_difference(all, same, 2, &two_sided_95, &d), PL_NO_VARIANCE));
    PlClusteredRate wrong = {more, less};
    cr_expect(eq(int, (int)pl_cluster_rate_difference(wrong, all, 2, &two_sided_95, &d), PL_NOT_COUNTS));
}
