/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_spread.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

Test(chart_spread, moves_only_what_is_too_close) {
    double at[] = {0.9, 0.50, 0.52, NAN, 0.1};
    pl_chart_spread(at, 5, 0.1);
    cr_expect(epsilon_eq(dbl, at[0], 0.9, 1e-12));
    cr_expect(epsilon_eq(dbl, at[1], 0.46, 1e-12)); /* the pair stays around its middle, 0.51 */
    cr_expect(epsilon_eq(dbl, at[2], 0.56, 1e-12));
    cr_expect(isnan(at[3]) != 0);
    cr_expect(epsilon_eq(dbl, at[4], 0.1, 1e-12));
}

Test(chart_spread, stays_within_and_keeps_the_order) {
    double at[] = {0, 0.01, 0.02, 0.99, 1};
    pl_chart_spread(at, 5, 0.1);
    static const double want[] = {0, 0.1, 0.2, 0.9, 1};
    for (int i = 0; i < 5; i++)
        cr_expect(epsilon_eq(dbl, at[i], want[i], 1e-12), "%d: %g", i, at[i]);
}

Test(chart_spread, spreads_evenly_what_does_not_fit) {
    double at[] = {0.5, 0.5, 0.5, 0.5, 0.5};
    pl_chart_spread(at, 5, 0.4);
    for (int i = 0; i < 5; i++)
        cr_expect(epsilon_eq(dbl, at[i], 0.25 * i, 1e-12));
    pl_chart_spread(at, 0, 0.1);
}
