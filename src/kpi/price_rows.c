/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/price_rows.h"

#include <math.h>
#include <string.h>

enum { WEEK_DAYS = 7 };

typedef struct {
    const PlField *product, *date, *store, *units, *revenue, *price;
} Columns;

static Columns columns_of(const PlRecords *sales) {
    return (Columns){pl_records_text(sales, "product"),   pl_records_date(sales, "date"),
                     pl_records_text(sales, "store"),     pl_records_number(sales, "units"),
                     pl_records_number(sales, "revenue"), pl_records_number(sales, "price")};
}

static double number_at(const PlField *field, guint i) {
    return field != NULL ? field->number[i] : NAN;
}

static guint level_at(const PlField *field, guint i) {
    return field != NULL ? field->level[i] : PL_NO_LEVEL;
}

/* Price, units and revenue of a row as far as two of them give the third; FALSE: it has no price. */
static gboolean take_price(PlPriceRows *r, const Columns *c, guint i) {
    double price = number_at(c->price, i), units = number_at(c->units, i), revenue = number_at(c->revenue, i);
    if (r->has_units && !isnan(units) && !(units > 0)) {
        r->no_units++;
        return FALSE;
    }
    if (r->has_units && isnan(units))
        units = revenue / price;
    if (!r->has_units)
        units = c->revenue != NULL && c->price != NULL ? revenue / price : 1;
    if (isnan(price))
        price = revenue / units;
    if (!isfinite(price) || !(price > 0) || !isfinite(units) || !(units > 0)) {
        r->no_price++;
        return FALSE;
    }
    r->price[r->n] = price;
    r->units[r->n] = units;
    r->revenue[r->n] = isnan(revenue) ? price * units : revenue;
    return TRUE;
}

static void take_row(PlPriceRows *r, const Columns *c, const PlBuckets *buckets, guint i) {
    guint bucket = pl_bucket_of(buckets, c->date->day[i]);
    if (level_at(c->product, i) == PL_NO_LEVEL) {
        r->no_product++;
        return;
    }
    if (bucket == PL_NO_LEVEL) {
        r->outside++;
        return;
    }
    if (!take_price(r, c, i))
        return;
    r->product[r->n] = c->product->level[i];
    r->bucket[r->n] = bucket;
    r->row[r->n] = i;
    if (r->store != NULL) /* rows without a store are one more store */
        r->store[r->n] = c->store->level[i] == PL_NO_LEVEL ? c->store->n_levels : c->store->level[i];
    r->n++;
}

/* Days of the rows, as numbers from the first. */
static void number_steps(PlPriceRows *r, const PlField *date, const PlBuckets *b) {
    PlDay begin = b->begin[0], end = b->end[b->n - 1];
    guint span = (guint)(end - begin) + 1, n_days = 0;
    g_autofree guint *place = g_new0(guint, span + 1);
    g_autofree PlDay *days = g_new(PlDay, span + 1);
    for (guint i = 0; i < r->n; i++)
        place[date->day[r->row[i]] - begin] = 1;
    for (guint d = 0; d < span; d++)
        if (place[d] > 0)
            days[n_days++] = begin + (PlDay)d;
    PlStep step = pl_step_detect(days, n_days, b->kind);
    gboolean daily = step == PL_STEP_DAY && b->kind == PL_TIME_DATE;
    PlDay monday = begin - (((begin + 3) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS; /* 1970-01-01: a Thursday */
    for (guint d = 0; d < span; d++) {
        if (place[d] == 0)
            continue;
        guint week = (guint)(begin + (PlDay)d - monday) / WEEK_DAYS;
        place[d] = daily ? week : r->n_steps++;
        if (daily)
            r->n_steps = week + 1;
    }
    for (guint i = 0; i < r->n; i++)
        r->step[i] = place[date->day[r->row[i]] - begin];
    gboolean weeks = b->kind == PL_TIME_NUMBER && pl_step_named(date->column) == PL_STEP_WEEK;
    r->step_name = daily || weeks ? "week" : pl_step_name(step, 1);
}

/* Rows of one product stand together, so that what is averaged lies close in memory. */
static void put_levels(guint *levels, const guint *order, guint n, guint *scratch) {
    if (levels == NULL)
        return;
    for (guint i = 0; i < n; i++)
        scratch[i] = levels[order[i]];
    memcpy(levels, scratch, n * sizeof *levels);
}

static void put_numbers(double *numbers, const guint *order, guint n, double *scratch) {
    for (guint i = 0; i < n; i++)
        scratch[i] = numbers[order[i]];
    memcpy(numbers, scratch, n * sizeof *numbers);
}

static void sort_by_product(PlPriceRows *r) {
    g_autofree guint *order = g_new(guint, (gsize)r->n + 1), *levels = g_new(guint, (gsize)r->n + 1);
    g_autofree double *numbers = g_new(double, (gsize)r->n + 1);
    for (guint i = 0; i < r->n; i++)
        order[i] = i;
    pl_price_sort(order, r->n, r->product, r->n_products);
    guint *all_levels[] = {r->product, r->bucket, r->row, r->store};
    double *all_numbers[] = {r->price, r->units, r->revenue};
    for (gsize k = 0; k < G_N_ELEMENTS(all_levels); k++)
        put_levels(all_levels[k], order, r->n, levels);
    for (gsize k = 0; k < G_N_ELEMENTS(all_numbers); k++)
        put_numbers(all_numbers[k], order, r->n, numbers);
}

PlPriceRows *pl_price_rows_new(const PlRecords *sales, const PlBuckets *buckets) {
    Columns c = columns_of(sales);
    PlPriceRows *r = g_new0(PlPriceRows, 1);
    gsize most = (gsize)sales->n + 1;
    r->product = g_new(guint, most);
    r->bucket = g_new(guint, most);
    r->step = g_new(guint, most);
    r->row = g_new(guint, most);
    r->store = c.store != NULL ? g_new(guint, most) : NULL;
    r->price = g_new(double, most);
    r->units = g_new(double, most);
    r->revenue = g_new(double, most);
    r->n_products = c.product != NULL ? c.product->n_levels : 0;
    r->products = c.product != NULL ? c.product->levels : NULL;
    r->n_stores = c.store != NULL ? c.store->n_levels + 1 : 0;
    r->stores = c.store != NULL ? c.store->levels : NULL;
    r->has_units = c.units != NULL;
    for (guint i = 0; i < sales->n; i++)
        take_row(r, &c, buckets, i);
    r->has_units = r->has_units || (c.revenue != NULL && c.price != NULL);
    sort_by_product(r);
    if (r->n > 0)
        number_steps(r, c.date, buckets);
    return r;
}

void pl_price_rows_free(PlPriceRows *r) {
    if (r == NULL)
        return;
    guint *levels[] = {r->product, r->bucket, r->step, r->row, r->store};
    double *numbers[] = {r->price, r->units, r->revenue};
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
        g_free(levels[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_free(numbers[i]);
    g_free(r);
}

/* Fewer are sorted by putting each in its place. */
enum { FEW = 32 };

void pl_price_sort(guint *order, guint n, const guint *key, guint n_keys) {
    gboolean sorted = TRUE;
    for (guint i = 1; i < n && sorted; i++)
        sorted = key[order[i - 1]] <= key[order[i]];
    if (sorted)
        return;
    for (guint i = 1; i < n && n < FEW; i++) {
        guint at = order[i], k = i;
        for (; k > 0 && key[order[k - 1]] > key[at]; k--)
            order[k] = order[k - 1];
        order[k] = at;
    }
    if (n < FEW)
        return;
    g_autofree guint *at = g_new0(guint, (gsize)n_keys + 1), *to = g_new(guint, n);
    for (guint i = 0; i < n; i++)
        at[key[order[i]] + 1]++;
    for (guint k = 0; k < n_keys; k++)
        at[k + 1] += at[k];
    for (guint i = 0; i < n; i++)
        to[at[key[order[i]]]++] = order[i];
    memcpy(order, to, n * sizeof *order);
}

/* Adds a row to its cell. The mean moves from the first price, so that equal prices have exactly that mean.
 */
static void add_row(PlPriceCell *cell, const PlPriceRows *r, guint i) {
    cell->units += r->units[i];
    cell->revenue += r->revenue[i];
    cell->price += r->units[i] * (r->price[i] - cell->price) / cell->units;
}

/* Cells of the rows in `order`, which are of one product. */
static void add_product(PlPriceCells *cells, const PlPriceRows *r, const guint *order, guint n,
                        const guint *store, const guint *time) {
    const PlPriceCell *last = NULL;
    for (guint k = 0; k < n; k++) {
        guint i = order[k], at = store != NULL ? store[i] : 0;
        if (last == NULL || last->store != at || last->time != time[i]) {
            last = &cells->cell[cells->n];
            cells->cell[cells->n++] = (PlPriceCell){r->product[i], at, time[i], 0, 0, r->price[i]};
        }
        add_row(&cells->cell[cells->n - 1], r, i);
    }
}

PlPriceCells *pl_price_cells_new(const PlPriceRows *r, const guint *store, const guint *time, guint n_times) {
    g_autofree guint *order = g_new(guint, (gsize)r->n + 1);
    PlPriceCells *cells = g_new0(PlPriceCells, 1);
    cells->cell = g_new(PlPriceCell, (gsize)r->n + 1);
    for (guint first = 0, end; first < r->n; first = end) {
        guint n = 0;
        for (end = first; end < r->n && r->product[end] == r->product[first]; end++)
            if (time[end] != PL_NO_LEVEL)
                order[n++] = end;
        pl_price_sort(order, n, time, n_times);
        if (store != NULL)
            pl_price_sort(order, n, store, r->n_stores);
        add_product(cells, r, order, n, store, time);
    }
    cells->cell = g_renew(PlPriceCell, cells->cell, (gsize)cells->n + 1);
    return cells;
}

void pl_price_cells_free(PlPriceCells *cells) {
    if (cells == NULL)
        return;
    g_free(cells->cell);
    g_free(cells);
}
