/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "pairlift/kpi/price_index.h"
#include "pairlift/kpi/price_rows.h"
#include "pairlift/stats/rng.h"

/* Averages by cell against brute force, and the tallies by hand. */

enum { ROWS = 400, PRODUCTS = 5, STORES = 4, TIMES = 6 };

static guint draw(PlRng *rng, guint n) {
    return MIN((guint)(pl_rng_uniform(rng) * n), n - 1);
}

typedef struct {
    guint product[ROWS], store[ROWS], time[ROWS];
    double price[ROWS], units[ROWS], revenue[ROWS];
    PlPriceRows rows;
} Drawn;

/* Rows by product; a tenth without a time. */
static void draw_rows(Drawn *d) {
    PlRng rng = pl_rng_stream(11, 0);
    for (guint i = 0; i < ROWS; i++) {
        d->product[i] = i * PRODUCTS / ROWS;
        d->store[i] = draw(&rng, STORES);
        d->time[i] = draw(&rng, 10) == 0 ? PL_NO_LEVEL : draw(&rng, TIMES);
        d->price[i] = 1 + pl_rng_uniform(&rng);
        d->units[i] = 1 + draw(&rng, 9);
        d->revenue[i] = d->price[i] * d->units[i];
    }
    d->rows = (PlPriceRows){.n = ROWS,
                            .product = d->product,
                            .store = d->store,
                            .price = d->price,
                            .units = d->units,
                            .revenue = d->revenue,
                            .n_products = PRODUCTS,
                            .n_stores = STORES};
}

static void check_cells(const Drawn *d, gboolean by_store) {
    g_autoptr(PlPriceCells) cells = pl_price_cells_new(&d->rows, by_store ? d->store : NULL, d->time, TIMES);
    guint n = 0;
    for (guint p = 0; p < PRODUCTS; p++)
        for (guint s = 0; s < (by_store ? STORES : 1); s++)
            for (guint t = 0; t < TIMES; t++) {
                double units = 0, revenue = 0;
                for (guint i = 0; i < ROWS; i++)
                    if (d->product[i] == p && (!by_store || d->store[i] == s) && d->time[i] == t) {
                        units += d->units[i];
                        revenue += d->revenue[i];
                    }
                if (!(units > 0))
                    continue;
                cr_assert(n < cells->n);
                const PlPriceCell *c = &cells->cell[n++];
                cr_assert(eq(u32, c->product, p));
                cr_assert(eq(u32, c->store, s));
                cr_assert(eq(u32, c->time, t));
                cr_assert(epsilon_eq(dbl, c->units, units, 1e-9));
                cr_assert(epsilon_eq(dbl, c->revenue, revenue, 1e-9));
                cr_assert(epsilon_eq(dbl, c->price, revenue / units, 1e-12));
            }
    cr_assert(eq(u32, cells->n, n));
}

Test(price_rows, cells_are_those_of_brute_force) {
    static Drawn d;
    draw_rows(&d);
    check_cells(&d, TRUE);
    check_cells(&d, FALSE);
}

Test(price_rows, equal_prices_have_exactly_that_mean) {
    static Drawn d;
    draw_rows(&d);
    for (guint i = 0; i < ROWS; i++)
        d.price[i] = 0.1 + 0.2 * d.product[i];
    g_autoptr(PlPriceCells) cells = pl_price_cells_new(&d.rows, NULL, d.time, TIMES);
    for (guint k = 0; k < cells->n; k++)
        cr_assert(cells->cell[k].price == 0.1 + 0.2 * cells->cell[k].product);
}

Test(price_rows, sorting_keeps_the_order_of_equals_however_many_there_are) {
    PlRng rng = pl_rng_stream(12, 0);
    for (guint n = 0; n < 90; n++) {
        guint key[90], order[90];
        for (guint i = 0; i < n; i++) {
            key[i] = draw(&rng, 7);
            order[i] = i;
        }
        pl_price_sort(order, n, key, 7);
        for (guint i = 1; i < n; i++) {
            gboolean sorted = key[order[i - 1]] < key[order[i]] ||
                              (key[order[i - 1]] == key[order[i]] && order[i - 1] < order[i]);
            cr_assert(sorted, "%u of %u", i, n);
        }
    }
}

Test(price_rows, tallies_by_hand) {
    PlPriceTally t = {.ratios = g_array_new(FALSE, FALSE, sizeof(double))};
    cr_assert(isnan(pl_price_tally_index(&t)) && isnan(pl_price_tally_gap(&t)) &&
              isnan(pl_price_tally_unweighted(&t)) && isnan(pl_price_tally_median(&t)));
    pl_price_tally_add(&t, 2, 4, 10, 20);               /* half as dear */
    pl_price_tally_add(&t, 3, 3 * (1 + 1e-12), 10, 30); /* the same but for rounding */
    pl_price_tally_add(&t, 3, 2, 1, 3);
    pl_price_tally_add(&t, 6, 2, 1, 6);
    cr_assert(epsilon_eq(dbl, pl_price_tally_index(&t), (10 + 30 + 4.5 + 18) / 59, 1e-10));
    cr_assert(epsilon_eq(dbl, pl_price_tally_gap(&t), (-20 + 0 + 1 + 4) / 22.0, 1e-10));
    cr_assert(epsilon_eq(dbl, pl_price_tally_unweighted(&t), 6 / 4.0, 1e-10));
    cr_assert(epsilon_eq(dbl, pl_price_tally_median(&t), 1.25, 1e-10));
    cr_assert(eq(u32, t.below, 1));
    cr_assert(eq(u32, t.equal, 1));
    cr_assert(eq(u32, t.above, 2));
    g_array_unref(t.ratios);
}
