/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_days.h"

#include "chain_case.h"

/* Season, weekday and trend, each alone, against their formulas. */
Test(design_chain_days, each_part_is_what_its_option_says) {
    PlChainOptions o = still();
    o.days = 400;
    o.regions = 2;
    g_autofree double *day = g_new(double, 400), *region = g_new(double, 800);
    cr_assert(pl_chain_settle(&o, NULL));
    pl_chain_day_factors(&o, day, region);
    for (int i = 0; i < 400; i++)
        cr_assert(day[i] == 1 && region[2 * i] == 1 && region[2 * i + 1] == 1);
    o.weekday = 1; /* Monday, 2024-01-01, to Sunday */
    pl_chain_day_factors(&o, day, region);
    cr_expect(epsilon_eq(dbl, day[0], 0.86, 1e-12));
    cr_expect(epsilon_eq(dbl, day[5], 1.32, 1e-12));
    cr_expect(epsilon_eq(dbl, day[7], day[0], 1e-12));
    o.weekday = 0;
    o.trend = 0.1;
    pl_chain_day_factors(&o, day, region);
    cr_expect(epsilon_eq(dbl, log(day[365] / day[0]), 0.1 * 365 / 365.25, 1e-12));
    o.trend = 0;
    o.season = 0.2; /* highest in mid-December: day 349 of 2024 */
    pl_chain_day_factors(&o, day, region);
    int highest = 0;
    for (int i = 0; i < 366; i++)
        highest = day[i] > day[highest] ? i : highest;
    cr_expect(highest >= 347 && highest <= 351, "%d", highest);
    cr_expect(epsilon_eq(dbl, day[highest], 1.2, 1e-4));
}
