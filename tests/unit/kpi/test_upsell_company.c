/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "../stats/run.h"

/* The simulated company of experiments/field-sales: what truth.json says of it is found again. */

typedef struct {
    KpiText text;
    json_t *truth;
} Company;

static Company company(void) {
    Company c = {.text = kpi_file("experiments/field-sales/field-sales.yaml")};
    c.truth = json_load_file("experiments/field-sales/truth.json", 0, NULL);
    cr_assert_not_null(c.truth);
    return c;
}

static void company_end(Company *c) {
    kpi_text_end(&c->text);
    json_decref(c->truth);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Company, company_end)

static void check_rates(const Company *c, const json_t *list, const char *role) {
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        const char *name = json_string_value(json_object_get(one, role));
        const PlFinding *up = kpi_find(&c->text, "upsell", "upsell_rate", name),
                        *cross = kpi_find(&c->text, "upsell", "cross_sell_rate", name);
        double orders = number_at(one, "orders");
        cr_assert(eq(dbl, up->n, orders));
        cr_assert(near(up->value, number_at(one, "orders_with_upsell") / orders, 1e-12), "%s", name);
        cr_assert(near(cross->value, number_at(one, "orders_with_cross_sell") / orders, 1e-12), "%s", name);
    }
}

Test(kpi_upsell_company, rates_as_counted_when_they_were_drawn) {
    g_auto(Company) c = company();
    const json_t *truth = json_object_get(c.truth, "upsell");
    check_rates(&c, json_object_get(truth, "reps"), "rep");
    check_rates(&c, json_object_get(truth, "channels"), "channel");
}

/* The rep and the channel that sell up are told from the others. */
Test(kpi_upsell_company, who_sells_up_is_told) {
    g_auto(Company) c = company();
    const json_t *truth = json_object_get(c.truth, "upsell");
    const char *keys[] = {"rep_who_sells_up", "channel_that_sells_up"};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *name = json_string_value(json_object_get(truth, keys[i]));
        const PlFinding *f = kpi_find(&c.text, "upsell", "upsell_rate", name);
        cr_assert(eq(str, f->verdict, "above"));
        g_autofree char *says = g_strdup_printf("clearly above %s (", name);
        cr_assert(kpi_says(&c.text, "upsell", says));
    }
}

/* The two pairs that were drawn together, with their lifts in the intervals, and no other. */
Test(kpi_upsell_company, pairs_drawn_together_are_found_and_no_other) {
    g_auto(Company) c = company();
    const json_t *pairs = json_object_get(json_object_get(c.truth, "upsell"), "bought_together");
    const PlSection *s = kpi_section(&c.text, "upsell");
    guint told = 0;
    size_t i;
    json_t *pair;
    json_array_foreach(pairs, i, pair) {
        const char *a = json_string_value(json_object_get(pair, "product")),
                   *b = json_string_value(json_object_get(pair, "with"));
        g_autofree char *one = g_strdup_printf("%s, %s", a, b), *other = g_strdup_printf("%s, %s", b, a);
        const PlFinding *f = kpi_seek(&c.text, "upsell", "pair_lift", one, NULL);
        f = f != NULL ? f : kpi_find(&c.text, "upsell", "pair_lift", other);
        cr_assert(eq(dbl, f->n, number_at(pair, "orders_with_both")));
        cr_assert(f->conf_low <= number_at(pair, "lift") && f->conf_high >= number_at(pair, "lift"));
        cr_assert(eq(str, f->verdict, "together"));
    }
    for (guint k = 0; k < s->findings->len; k++) {
        const PlFinding *f = g_ptr_array_index(s->findings, k);
        told += g_str_equal(f->measure, "pair_lift") && g_strcmp0(f->verdict, "together") == 0;
    }
    cr_assert(eq(sz, told, json_array_size(pairs)));
}

/* Up-selling was drawn from what is known of a customer, cross-selling from nothing. */
Test(kpi_upsell_company, what_can_be_foretold_is_and_what_cannot_is_not) {
    g_auto(Company) c = company();
    cr_assert(gt(dbl, kpi_find(&c.text, "upsell", "auc", "up-sell")->conf_low, 0.5));
    cr_assert(kpi_says(&c.text, "upsell", "likely to buy cross cannot be predicted from these data"));
}
