/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/student.h"

#include "run.h"

#include <gsl/gsl_cdf.h>

/* One degree of freedom is Cauchy's distribution, two have a closed form too. */
Test(stats_student, closed_forms) {
    const double tails[] = {1e-12, 1e-9, 1e-4, .025, .05, .2, .49};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        double q = tails[i], cauchy = 1 / tan(3.14159265358979324 * q);
        double two = (1 - 2 * q) / sqrt(2 * q * (1 - q));
        cr_assert(near(pl_student_quantile(q, 1), cauchy, 1e-13), "%g: %.17g", q, pl_student_quantile(q, 1));
        cr_assert(near(pl_student_quantile(q, 2), two, 1e-13), "%g: %.17g", q, pl_student_quantile(q, 2));
    }
}

/* tests/reference/stats/power.R. */
Test(stats_student, quantiles_of_r) {
    const double cases[][3] = {
        {.025, 14, 2.1447866879178044},  {.0005, 9, 4.780912585931139},  {1e-10, 30, 9.377489780407144},
        {.025, 1e6, 1.9599663568141066}, {.05, 4.5, 2.0655758888785245},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(near(pl_student_quantile(cases[i][0], cases[i][1]), cases[i][2], 1e-12), "%.17g",
                  pl_student_quantile(cases[i][0], cases[i][1]));
}

Test(stats_student, its_own_tail_comes_back) {
    for (double df = 1; df < 1e5; df *= 3)
        for (double q = 1e-14; q < 1; q = q < .1 ? q * 10 : q + .13) {
            double t = pl_student_quantile(q, df);
            cr_assert(near(gsl_cdf_tdist_Q(t, df), q, 1e-11), "df %g, q %g: %.17g", df, q, t);
            cr_assert(q < 1e-3 || near(pl_student_quantile(1 - q, df), -t, 1e-11) || fabs(t) < 1e-12);
        }
    cr_assert(pl_student_quantile(.5, 3) == 0);
}

Test(stats_student, what_is_no_tail_has_no_quantile) {
    const double bad[][2] = {{0, 3}, {1, 3}, {-.1, 3}, {1.1, 3}, {.1, 0}, {.1, -1}, {NAN, 3}, {.1, NAN}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert(isnan(pl_student_quantile(bad[i][0], bad[i][1])), "case %zu", i);
}

/* scipy 1.10: 2 * stats.t.sf(t, df). */
Test(stats_student, far_tails_at_middling_df) {
    cr_assert(near(2 * pl_student_tail(2.242739989835958 / 0.09618231831676924, 79.55075636139385),
                   2.623769026548556e-37, 1e-12));
    cr_assert(near(pl_student_tail(8, 31), 2.4701318509516955e-09, 1e-13));
    cr_assert(near(pl_student_tail(20, 40.5), 6.690761819360921e-23, 1e-13));
    cr_assert(near(pl_student_tail(28, 300), 5.566618449685597e-86, 1e-12));
    cr_assert(eq(dbl, pl_student_tail(-20, 300), 1));
}
