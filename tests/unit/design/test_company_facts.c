/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/company_facts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static void is_day(PlDay day, const char *iso) {
    g_autofree char *text = pl_day_format(day, PL_TIME_DATE);
    cr_expect_str_eq(text, iso);
}

Test(design_company_facts, days_are_those_of_the_calendar) {
    const PlCompanyFacts *f = &pl_company_facts;
    is_day(pl_company_first(), "2023-01-01");
    is_day(pl_company_last(), "2024-12-31");
    is_day(f->before_from, "2023-07-01");
    is_day(f->before_to, "2024-06-30");
    is_day(f->training_from, "2024-07-01");
    is_day(f->training_to, "2024-12-31");
    is_day(f->neglect_from, "2024-06-01");
    is_day(pl_company_month_day(0), "2023-01-01");
    is_day(pl_company_month_day(13), "2024-02-01");
    is_day(pl_company_wave_day(0), "2023-01-15");
    is_day(pl_company_wave_day(PL_COMPANY_WAVES - 1), "2024-10-15");
}

/* The last day of a month that is too short. */
Test(design_company_facts, months_are_those_of_the_calendar) {
    is_day(pl_day_months_later(pl_day_from_ymd(2023, 8, 31), 6), "2024-02-29");
    is_day(pl_day_months_later(pl_day_from_ymd(2023, 5, 31), 9), "2024-02-29");
    is_day(pl_day_months_later(pl_day_from_ymd(2022, 8, 30), 6), "2023-02-28");
    is_day(pl_day_months_later(pl_day_from_ymd(2023, 6, 15), 6), "2023-12-15");
    is_day(pl_day_months_later(pl_day_from_ymd(2023, 6, 30), 9), "2024-03-30");
}

Test(design_company_facts, shares_add_up_to_one) {
    double units = 0, plans = 0, kinds = 0, channels = 0, segments = 0;
    for (int p = 0; p < PL_COMPANY_PRODUCTS; p++) {
        units += pl_company_products[p].share;
        cr_expect(pl_company_products[p].with < p); /* the first of a pair is drawn first */
    }
    for (int i = 0; i < PL_COMPANY_PLANS; i++)
        plans += pl_company_plan_share[i];
    for (int i = 0; i < PL_COMPANY_KINDS; i++)
        kinds += pl_company_facts.kind_share[i];
    for (int i = 0; i < PL_COMPANY_CHANNELS; i++)
        channels += pl_company_facts.channel_share[i];
    for (int i = 0; i < PL_COMPANY_SEGMENTS; i++)
        segments += pl_company_segments[i].share;
    cr_expect(epsilon_eq(dbl, units, 1, 1e-12));
    cr_expect(epsilon_eq(dbl, plans, 1, 1e-12));
    cr_expect(epsilon_eq(dbl, kinds, 1, 1e-12));
    cr_expect(epsilon_eq(dbl, channels, 1, 1e-12));
    cr_expect(epsilon_eq(dbl, segments, 1, 1e-12));
}

Test(design_company_facts, stores_have_names_regions_and_a_time) {
    char name[PL_COMPANY_NAME];
    int open[3] = {0};
    for (int s = 0; s < PL_COMPANY_STORES; s++) {
        pl_company_store_name(s, name);
        cr_expect(eq(int, pl_company_store_is_online(s), name[0] == 'W'));
        cr_expect(pl_company_store_region(s) >= 0 && pl_company_store_region(s) < PL_COMPANY_REGIONS);
        open[0] += pl_company_store_trades(s, 0);
        open[1] += pl_company_store_trades(s, 12);
        open[2] += pl_company_store_trades(s, 23);
    }
    for (int pair = 0; pair < PL_COMPANY_PAIRS; pair++)
        cr_expect(eq(int, pl_company_store_region(2 * pair), pl_company_store_region(2 * pair + 1)));
    cr_expect(eq(int, open[0], 21));
    cr_expect(eq(int, open[1], 22));
    cr_expect(eq(int, open[2], 21));
}
