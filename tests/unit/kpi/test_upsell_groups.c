/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "pairlift/stats/rng.h"

/* Who is held against the others, and which groups there are. */

#define TABLES                                                                                               \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: order_lines, file: lines.csv, duplicates: keep}\n"                                          \
    "  - {table: customers, file: customers.csv}\n"

enum { CUSTOMERS = 240, REPS = 6, ORDERS_EACH = 10 };

/* Customers of six reps; those of r0 buy up at `bad`, all others at 25 % on average, each at a rate of its
 * own.
 */
static KpiText sold_up_and(double bad, const char *kpis, guint64 seed, const char *more) {
    g_autoptr(GString) lines = g_string_new("order,date,customer,product,amount,rep,kind\n"),
                       customers = g_string_new("customer,start,colour\n");
    g_autofree char *yaml = g_strconcat(TABLES, kpis, NULL);
    PlRng rng = pl_rng_stream(seed, 2);
    for (guint c = 0; c < CUSTOMERS; c++) {
        double rate = (c % REPS == 0 ? bad : 0.25) * 2 * pl_rng_uniform(&rng);
        g_string_append_printf(customers, "c%u,2023-06-01,%s\n", c, c % 4 < 2 ? "red" : "blue");
        for (guint k = 0; k < ORDERS_EACH; k++) {
            guint order = c * ORDERS_EACH + k, day = 1 + (guint)(28 * pl_rng_uniform(&rng));
            g_string_append_printf(lines, "%u,2024-%02u-%02u,c%u,x,10,r%u,base\n", order, 1 + k, day, c,
                                   c % REPS);
            if (pl_rng_uniform(&rng) < rate)
                g_string_append_printf(lines, "%u,2024-%02u-%02u,c%u,y,5,r%u,upsell\n", order, 1 + k, day, c,
                                       c % REPS);
        }
    }
    g_string_append(lines, more);
    return kpi_text(yaml, "lines.csv", lines->str, "customers.csv", customers->str, NULL);
}

static KpiText sold_up(double bad, const char *kpis, guint64 seed) {
    return sold_up_and(bad, kpis, seed, "");
}

Test(kpi_upsell_groups, the_rep_who_sells_up_least_is_named) {
    g_auto(KpiText) t = sold_up(0.08, "kpis: {upsell: {target: 0.25, by: [rep]}}\n", 1);
    const PlFinding *f = kpi_find(&t, "upsell", "upsell_rate", "r0");
    cr_assert(eq(str, f->verdict, "below"));
    cr_assert(f->p_adjusted >= f->p_value && f->p_adjusted <= 0.05);
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_OFF));
    f = pl_section_headline(kpi_section(&t, "upsell"));
    cr_assert_not_null(strstr(f->mark->sentence, "Look at rep r0: "), "%s", f->mark->sentence);
    cr_assert_not_null(strstr(f->mark->sentence, "adjusted for the 6 compared"), "%s", f->mark->sentence);
    cr_assert(kpi_says(&t, "upsell", "clearly below r0 ("));
}

/* The value sold up is a ratio of money. */
Test(kpi_upsell_groups, a_target_of_the_value) {
    g_auto(KpiText) t =
        sold_up(0.08, "kpis: {upsell: {measure: upsell_value_share, target: 0.1, by: [rep]}}\n", 1);
    cr_assert(eq(str, kpi_find(&t, "upsell", "upsell_value_share", "r0")->verdict, "below"));
    cr_assert_null(kpi_find(&t, "upsell", "upsell_rate", "r0")->verdict);
}

/* When all are alike, somebody is named in 5 % of the reports at most: 40 of them. */
Test(kpi_upsell_groups, reps_who_are_alike_are_not_told_apart) {
    guint named = 0;
    for (guint64 seed = 0; seed < 40; seed++) {
        g_auto(KpiText) t = sold_up(0.25, "kpis: {upsell: {target: 0.25, by: [rep]}}\n", 10 + seed);
        named += kpi_says(&t, "upsell", "held against all others");
    }
    cr_assert(le(u32, named, 6));
}

Test(kpi_upsell_groups, reps_products_and_attributes_of_customers_without_being_asked) {
    g_auto(KpiText) t = sold_up(0.25, "kpis: {upsell: {target: 0.25}}\n", 3);
    const char *groups[] = {"r3", "y", "red", "blue"};
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
        cr_assert_not_null(kpi_find(&t, "upsell", "upsell_rate", groups[i]));
    double all = kpi_find(&t, "upsell", "attach_rate", NULL)->value * CUSTOMERS * ORDERS_EACH;
    cr_assert(fabs(kpi_find(&t, "upsell", "attach_rate", "y")->n - all) < 1e-6);
    cr_assert(kpi_find(&t, "upsell", "upsell_rate", "y")->value == 1);
}

/* Weeks with numbers in place of days: months of four. */
Test(kpi_upsell_groups, weeks_by_number) {
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data:\n"
                                 "  - {table: order_lines, file: lines.csv, date_format: number, "
                                 "columns: {date: week}}\n"
                                 "kpis: {upsell: {target: 0.2}}\n",
                                 "lines.csv",
                                 "order,week,customer,product,amount,kind\n"
                                 "1,1,a,x,10,upsell\n2,3,b,x,10,base\n3,5,a,x,10,base\n4,8,b,x,10,upsell\n",
                                 NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, "upsell"));
    cr_assert(eq(str, f->period, "weeks 5 to 8"));
    cr_assert(f->value == 0.5 && f->n == 2);
}

Test(kpi_upsell_groups, no_order_within_the_time) {
    g_auto(KpiText) t =
        kpi_text("experiment: test\n"
                 "data:\n"
                 "  - {table: order_lines, file: lines.csv}\n"
                 "kpis: {as_of: 2020-01-01, upsell: {target: 0.2}}\n",
                 "lines.csv", "order,date,customer,product,amount,kind\n1,2024-01-01,a,x,10,upsell\n", NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, "upsell"));
    cr_assert(isnan(f->value) && strstr(f->reason, "kpis.as_of") != NULL);
}

/* One line with another rep is a mistake, which is told; the reps are compared all the same. */
Test(kpi_upsell_groups, an_order_of_two_reps_is_told_and_takes_no_comparison_away) {
    g_auto(KpiText) t =
        sold_up_and(0.08, "kpis: {upsell: {target: 0.25, by: [rep]}}\n", 1, "0,2024-01-05,c0,z,1,r3,base\n");
    const PlCheck *check = kpi_check(&t, "upsell_shared_orders");
    cr_assert_not_null(check);
    cr_assert(eq(dbl, check->value, 1));
    cr_assert_not_null(
        strstr(check->message, "order \"0\" has lines of another \"rep\", too: 1 order has several"), "%s",
        check->message);
    cr_assert(not(isnan(kpi_find(&t, "upsell", "upsell_rate", "r0")->p_adjusted)));
}
