/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/price_study.h"
#include "pairlift/model/keys.h"
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

/* [levels] the first row of each product that has a unit + 1; 0: none has. */
static guint *rows_with_unit(const PlRecords *records, const PlField *product) {
    const PlField *unit = pl_records_text(records, "unit");
    guint *row = g_new0(guint, product->n_levels + 1);
    for (guint i = records->n; unit != NULL && i-- > 0;)
        if (product->level[i] != PL_NO_LEVEL && unit->level[i] != PL_NO_LEVEL)
            row[product->level[i]] = i + 1;
    return row;
}

static void say_unit(const PlPriceStudy *s, const PlRecords *with, guint row, guint n) {
    const PlField *product = pl_records_text(with, "product"), *unit = pl_records_text(with, "unit");
    g_autofree char *place = pl_records_place(with, row),
                    *products = pl_format_count(n, "product", "products");
    pl_result_check(s->run->study->result, "unit_in_one_table", PL_WARN, n,
                    "%s: product \"%.60s\" has the unit \"%.60s\" here and none in the table \"%s\"; "
                    "prices of %s are compared as if the units were the same",
                    place, product->levels[product->level[row]], unit->levels[unit->level[row]],
                    pl_table_names[with == s->prices ? PL_TABLE_SALES : PL_TABLE_COMPETITOR_PRICES],
                    products);
}

/* Two units that differ are a fault already; a unit that only one table has cannot be held against any. */
static void check_units(const PlPriceStudy *s) {
    const PlRecords *sales = s->run->study->tables->of[PL_TABLE_SALES], *with = NULL;
    const PlField *our_product = pl_records_text(sales, "product"),
                  *product = pl_records_text(s->prices, "product");
    if (our_product == NULL || product == NULL)
        return;
    g_autofree guint *ours = rows_with_unit(sales, our_product), *theirs = rows_with_unit(s->prices, product);
    g_autoptr(GHashTable) level = g_hash_table_new(g_str_hash, g_str_equal);
    guint n = 0, first = 0;
    for (guint l = 0; l < our_product->n_levels; l++)
        g_hash_table_insert(level, our_product->levels[l], GUINT_TO_POINTER(l + 1));
    for (guint l = 0; l < product->n_levels; l++) {
        guint own = GPOINTER_TO_UINT(g_hash_table_lookup(level, product->levels[l]));
        if (own == 0 || (ours[own - 1] > 0) == (theirs[l] > 0))
            continue;
        n++;
        const PlRecords *side = theirs[l] > 0 ? s->prices : sales;
        guint row = (theirs[l] > 0 ? theirs[l] : ours[own - 1]) - 1;
        if (with == NULL || (with == s->prices && side == sales) || (with == side && row < first)) {
            with = side;
            first = row;
        }
    }
    if (n > 0)
        say_unit(s, with, first, n);
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
    check_units(s);
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
