/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "pairlift/stats/cluster_rate.h"

/* Up-selling and cross-selling: rates by hand, on small tables. */

#define LINES                                                                                                \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: order_lines, file: lines.csv, duplicates: keep}\n"

static const char *const few = "order,date,customer,product,amount,quantity,rep,kind\n"
                               "1,2024-01-01,a,x,10,1,Ada,base\n"
                               "1,2024-01-01,a,y,5,1,Ada,upsell\n"
                               "2,2024-01-20,b,x,10,1,Ben,base\n"
                               "3,2024-02-02,a,x,20,2,Ada,base\n"
                               "4,2024-02-29,c,z,8,1,Ben,cross_sell\n"
                               "4,2024-02-29,c,x,2,1,Ben,base\n";

static double value_of(const KpiText *t, const char *measure, const char *group) {
    return kpi_find(t, "upsell", measure, group)->value;
}

static bool close_to(double a, double b) {
    return fabs(a - b) <= 1e-12 * fmax(1, fabs(b));
}

/* The row of a measure over all the time. */
static const PlFinding *whole(const KpiText *t, const char *measure) {
    const PlSection *s = kpi_section(t, "upsell");
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && f->group == NULL && f->period == NULL)
            return f;
    }
    cr_assert(0, "no %s", measure);
    return NULL;
}

Test(kpi_upsell, rates_by_hand) {
    g_auto(KpiText) t =
        kpi_text(LINES "kpis: {upsell: {target: 0.2}, currency: EUR}\n", "lines.csv", few, NULL);
    cr_assert(close_to(whole(&t, "upsell_rate")->value, 1.0 / 4));
    cr_assert(close_to(whole(&t, "cross_sell_rate")->value, 1.0 / 4));
    cr_assert(close_to(whole(&t, "upsell_value_share")->value, 13.0 / 55));
    cr_assert(close_to(whole(&t, "attach_rate")->value, 2.0 / 4));
    cr_assert(close_to(whole(&t, "order_value")->value, 55.0 / 4));
    cr_assert(close_to(whole(&t, "products_per_order")->value, 6.0 / 4));
    cr_assert(close_to(whole(&t, "pieces_per_order")->value, 7.0 / 4));
    cr_assert(eq(str, whole(&t, "order_value")->unit, "EUR"));
    cr_assert(close_to(value_of(&t, "upsell_rate", "Ada"), 1.0 / 2));
    cr_assert(close_to(value_of(&t, "order_value", "Ada"), 35.0 / 2));
    cr_assert(close_to(value_of(&t, "upsell_rate", "y"), 1));
    cr_assert(close_to(value_of(&t, "attach_rate", "x"), 2.0 / 4));
    cr_assert(close_to(value_of(&t, "upsell_value_share", "Ben"), 8.0 / 20));
}

/* The last complete month is the headline; one customer alone has no interval. */
Test(kpi_upsell, headline_is_of_the_last_complete_period) {
    g_auto(KpiText) t = kpi_text(LINES "kpis: {upsell: {target: 0.2}}\n", "lines.csv", few, NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, "upsell"));
    cr_assert(eq(str, f->period, "2024-02"));
    cr_assert(eq(dbl, f->value, 0));
    cr_assert(eq(u32, f->n, 2));
    cr_assert(eq(int, (int)f->mark->status, PL_STATUS_AT_RISK)); /* its interval reaches the target */
    f = kpi_find(&t, "upsell", "upsell_rate", "Ada");
    cr_assert(isnan(f->conf_low) && strstr(f->reason, "one customer") != NULL);
}

/* The unit is the customer: a has 1 of 2 orders, b and c 0 of 1. */
Test(kpi_upsell, interval_by_customer) {
    const double x[3] = {1, 0, 0}, n[3] = {2, 1, 1};
    PlClusterRate rate;
    g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv", few, NULL);
    cr_assert(eq(int, (int)pl_cluster_rate(x, n, 3, 0.95, &rate), PL_OK));
    cr_assert(close_to(whole(&t, "upsell_rate")->conf_low, rate.conf_low));
    cr_assert(close_to(whole(&t, "upsell_rate")->conf_high, rate.conf_high));
}

Test(kpi_upsell, without_kinds_only_baskets_can_be_told) {
    g_auto(KpiText) t = kpi_text(LINES "kpis: {upsell: {target: 0.2}}\n", "lines.csv",
                                 "order,date,customer,product,amount\n"
                                 "1,2024-01-01,a,x,10\n1,2024-01-01,a,y,5\n2,2024-01-31,b,x,10\n",
                                 NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&t, "upsell"));
    cr_assert(isnan(f->value) && strstr(f->reason, "role kind") != NULL);
    cr_assert(close_to(whole(&t, "attach_rate")->value, 0.5));
    cr_assert(isnan(whole(&t, "cross_sell_rate")->value));
}

Test(kpi_upsell, few_lines_with_most_of_the_quantity_are_told) {
    static const struct {
        int n, quantity;
        gboolean told;
    } cases[] = {{200, 2000, TRUE}, {200, 200, FALSE}, {90, 20000, FALSE}}; /* of 90 lines 1 % is none */
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
        g_autoptr(GString) csv = g_string_new("order,date,customer,product,amount,quantity\n");
        for (int i = 0; i < cases[k].n; i++)
            g_string_append_printf(csv, "%d,2024-01-%02d,c%d,x%d,10,%d\n", i, 1 + i % 31, i % 20, i % 7,
                                   i == 11 || i == 30 ? cases[k].quantity + i : 1);
        g_string_append(csv, "z,2024-01-31,a,x,-5,-9000\nz,2024-01-31,a,y,5,\n");
        g_auto(KpiText) t = kpi_text(LINES "kpis: {upsell: {target: 0.2}}\n", "lines.csv", csv->str, NULL);
        const PlCheck *c = kpi_check(&t, "quantity_units");
        cr_assert(eq(int, c != NULL, cases[k].told), "%zu", k);
        cr_expect(c == NULL ||
                      strstr(c->message, "lines.csv:32: column \"quantity\" has 2,030 here, and 1 % of "
                                         "the order lines hold 95.3 % of it") != NULL,
                  "%s", c->message);
    }
}

Test(kpi_upsell, odd_lines_are_counted_and_named) {
    g_auto(KpiText) t =
        kpi_text(LINES "kpis: {as_of: 2024-01-31, upsell: {target: 0.2}}\n", "lines.csv",
                 "order,date,customer,product,amount,kind\n"
                 "1,2024-01-01,a,x,10,base\n1,2024-01-01,a,y,-5,upsell\n2,2024-01-31,b,x,10,\n"
                 "3,2024-02-05,b,x,10,base\n",
                 NULL);
    cr_assert_not_null(strstr(kpi_check(&t, "order_lines_returned")->message, "lines.csv:3: 1 order line"));
    cr_assert_not_null(strstr(kpi_check(&t, "order_lines_kind")->message, "lines.csv:4: 1 order line"));
    cr_assert_not_null(strstr(kpi_check(&t, "order_lines_left_out")->message, "lines.csv:5: 1 line"));
    cr_assert(eq(dbl, whole(&t, "upsell_rate")->value, 0));
    cr_assert(close_to(whole(&t, "order_value")->value, 15.0 / 2));
}

Test(kpi_upsell, an_order_of_two_customers_is_a_fault) {
    g_auto(KpiText) t = kpi_text(LINES "kpis: {period: month}\n", "lines.csv",
                                 "order,date,customer,product,amount\n"
                                 "1,2024-01-01,a,x,10\n1,2024-01-01,b,y,5\n",
                                 NULL);
    cr_assert_null(t.result);
    cr_assert_not_null(strstr(t.message, "lines.csv:3"), "%s", t.message);
}
