/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/price_study.h"
#include "pairlift/model/numbers.h"

/* Products that are sold and that no competitor has; the one that sells most is named. */
static void check_products(const PlPriceStudy *s) {
    g_autofree double *money = g_new0(double, s->rows->n_products + 1);
    guint n = 0, sold = 0, most = 0;
    double all = 0, without = 0;
    for (guint i = 0; i < s->rows->n; i++)
        money[s->rows->product[i]] += s->rows->revenue[i];
    for (guint p = 0; p < s->rows->n_products; p++) {
        sold += money[p] > 0;
        all += money[p];
        if (!(money[p] > 0) || s->others->first[p + 1] > s->others->first[p])
            continue;
        if (n++ == 0 || money[p] > money[most])
            most = p;
        without += money[p];
    }
    if (n == 0)
        return;
    g_autofree char *share = pl_format_amount(without / all, NAN, PL_AMOUNT_SHARE, NULL),
                    *some = pl_format_number(n, 0), *of = pl_format_count(sold, "product", "products");
    pl_result_check(s->run->study->result, "products_without_competitor", PL_WARN, n,
                    "%s of %s, with %s of the revenue, have no price of a competitor and are not "
                    "compared; the one that sells most is \"%s\"",
                    some, of, share, s->rows->products[most]);
}

static void check_competitors(const PlPriceStudy *s) {
    const PlCompetitors *c = s->others;
    if (c->unknown_rows == 0)
        return;
    const PlField *product = pl_records_text(s->prices, "product");
    g_autofree char *place = pl_records_place(s->prices, c->first_unknown),
                    *rows = pl_format_count(c->unknown_rows, "row", "rows"),
                    *products = pl_format_count(c->unknown_products, "product", "products");
    pl_result_check(s->run->study->result, "competitor_products_unknown", PL_WARN, c->unknown_rows,
                    "%s: product \"%s\" is not in the table \"sales\"; %s of %s that only competitors have "
                    "left out",
                    place, product->levels[product->level[c->first_unknown]], rows, products);
}

/* One check a reason; `why` completes "12 rows of the table "sales" left out: ". */
static void check_left_out(const PlPriceStudy *s, const char *table, guint n, const char *why) {
    if (n == 0)
        return;
    g_autofree char *rows = pl_format_count(n, "row", "rows");
    pl_result_check(s->run->study->result, "prices_left_out", PL_WARN, n,
                    "%s of the table \"%s\" left out of the prices: %s", rows, table, why);
}

/* Own prices of products that competitors have, but not in that store and period. */
static void check_unmatched(const PlPriceStudy *s) {
    guint n = 0, all = 0;
    for (guint i = 0; i < s->cells->n; i++) {
        const PlPriceCell *c = &s->cells->cell[i];
        guint n_others;
        if (s->others->first[c->product + 1] == s->others->first[c->product])
            continue;
        all++;
        (void)pl_competitors_at(s->others, c->product, c->store, c->time, &n_others);
        n += n_others == 0;
    }
    g_autofree char *some = pl_format_number(n, 0), *of = pl_format_count(all, "price", "prices");
    if (n > 0)
        pl_result_check(s->run->study->result, "periods_without_competitor", PL_WARN, n,
                        "%s of %s of ours (a product%s in a %s) have no price of a competitor in the "
                        "same %s and are not compared",
                        some, of, s->others->by_store ? " in a store" : "", s->buckets->period,
                        s->others->by_store ? "store and period" : "period");
}

/* Competitors that nobody has looked at lately. */
static void say_latest(const PlPriceStudy *s) {
    if (s->others->n > 0 && s->now + 1 < s->end)
        pl_section_say(s->run->section,
                       "The last %s with prices of competitors to compare is %s, while sales go on to %s.",
                       s->buckets->period, s->buckets->names[s->now], s->buckets->names[s->end - 1]);
}

void pl_price_check_coverage(const PlPriceStudy *s) {
    const PlPriceRows *r = s->rows;
    const PlCompetitors *c = s->others;
    say_latest(s);
    check_products(s);
    check_competitors(s);
    check_unmatched(s);
    check_left_out(s, "sales", r->no_product, "they have no product");
    check_left_out(s, "sales", r->no_price, "price, or revenue and units, are empty or not above 0");
    check_left_out(s, "sales", r->no_units, "their units are not above 0");
    check_left_out(s, "sales", r->outside, "they are of a day after kpis.as_of");
    check_left_out(s, "competitor_prices", c->unknown_stores, "their store has no sales");
    check_left_out(s, "competitor_prices", c->no_store, "they have no store, where other rows have one");
    check_left_out(s, "competitor_prices", c->no_competitor, "they have no competitor");
    check_left_out(s, "competitor_prices", c->outside, "they are of a time without sales");
}
