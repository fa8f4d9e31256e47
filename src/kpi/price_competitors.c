/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/price_competitors.h"

#include <math.h>

/* For each text of the field its number among `names`; PL_NO_LEVEL: none. */
static guint *match_texts(const PlField *field, char **names, guint n_names) {
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    guint *of_level = g_new(guint, field->n_levels + 1);
    for (guint k = 0; k < n_names; k++)
        g_hash_table_insert(index, names[k], GUINT_TO_POINTER(k + 1));
    for (guint l = 0; l < field->n_levels; l++)
        of_level[l] = GPOINTER_TO_UINT(g_hash_table_lookup(index, field->levels[l])) - 1;
    return of_level; /* 0 - 1 is PL_NO_LEVEL */
}

typedef struct {
    guint n;
    guint *product, *store, *time, *competitor; /* [n] */
    double *price;
} Rows;

static void rows_clear(Rows *r) {
    g_free(r->product);
    g_free(r->store);
    g_free(r->time);
    g_free(r->competitor);
    g_free(r->price);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, rows_clear)

typedef struct {
    const PlField *product, *competitor, *date, *price, *store;
    const guint *our_product, *our_store; /* [levels] */
    gboolean *unknown;                    /* [levels of product] */
} Columns;

static void take_row(PlCompetitors *c, Rows *r, const Columns *of, const PlBuckets *buckets, guint i) {
    guint level = of->product->level[i], product = level == PL_NO_LEVEL ? level : of->our_product[level],
          time = pl_bucket_of(buckets, of->date->day[i]), competitor = of->competitor->level[i], store = 0;
    if (product == PL_NO_LEVEL) {
        c->first_unknown = c->unknown_rows++ == 0 ? i : c->first_unknown;
        if (level != PL_NO_LEVEL && !of->unknown[level]) {
            of->unknown[level] = TRUE;
            c->unknown_products++;
        }
        return;
    }
    if (c->by_store) {
        if (of->store->level[i] == PL_NO_LEVEL) {
            c->no_store++;
            return;
        }
        store = of->our_store[of->store->level[i]];
        if (store == PL_NO_LEVEL) {
            c->unknown_stores++;
            return;
        }
    }
    if (time == PL_NO_LEVEL || competitor == PL_NO_LEVEL) {
        c->outside += competitor != PL_NO_LEVEL;
        c->no_competitor += competitor == PL_NO_LEVEL;
        return;
    }
    r->product[r->n] = product;
    r->store[r->n] = store;
    r->time[r->n] = time;
    r->competitor[r->n] = competitor;
    r->price[r->n++] = of->price->number[i];
}

static gboolean same(const Rows *r, guint a, guint b) {
    return r->product[a] == r->product[b] && r->store[a] == r->store[b] && r->time[a] == r->time[b] &&
           r->competitor[a] == r->competitor[b];
}

static void average(PlCompetitors *c, const Rows *r, const PlPriceRows *sales, guint n_times) {
    g_autofree guint *order = g_new(guint, r->n + 1);
    for (guint i = 0; i < r->n; i++)
        order[i] = i;
    pl_price_sort(order, r->n, r->competitor, c->n_competitors);
    pl_price_sort(order, r->n, r->time, n_times);
    pl_price_sort(order, r->n, r->store, MAX(sales->n_stores, 1));
    pl_price_sort(order, r->n, r->product, sales->n_products);
    c->price = g_new(PlOtherPrice, r->n + 1);
    c->first = g_new0(guint, (gsize)sales->n_products + 2);
    guint seen = 0;
    for (guint k = 0; k < r->n; k++) {
        guint i = order[k];
        if (k == 0 || !same(r, order[k - 1], i)) {
            c->price[c->n++] = (PlOtherPrice){r->store[i], r->time[i], r->competitor[i], 0};
            c->first[r->product[i] + 1]++;
            seen = 0;
        }
        double *mean = &c->price[c->n - 1].price; /* equal prices have exactly that mean */
        *mean += (r->price[i] - *mean) / ++seen;
    }
    for (guint p = 0; p < sales->n_products; p++)
        c->first[p + 1] += c->first[p];
}

PlCompetitors *pl_competitors_new(const PlRecords *prices, const PlPriceRows *sales,
                                  const PlBuckets *buckets) {
    PlCompetitors *c = g_new0(PlCompetitors, 1);
    Columns of = {.product = pl_records_text(prices, "product"),
                  .competitor = pl_records_text(prices, "competitor"),
                  .date = pl_records_date(prices, "date"),
                  .price = pl_records_number(prices, "price"),
                  .store = pl_records_text(prices, "store")};
    c->by_store = of.store != NULL && sales->store != NULL;
    c->n_competitors = of.competitor->n_levels;
    c->names = of.competitor->levels;
    g_autofree guint *our_product = match_texts(of.product, sales->products, sales->n_products);
    g_autofree guint *our_store =
        c->by_store ? match_texts(of.store, sales->stores, sales->n_stores - 1) : NULL;
    g_autofree gboolean *unknown = g_new0(gboolean, of.product->n_levels + 1);
    of.our_product = our_product;
    of.our_store = our_store;
    of.unknown = unknown;
    gsize most = (gsize)prices->n + 1;
    g_auto(Rows) r = {0,
                      g_new(guint, most),
                      g_new(guint, most),
                      g_new(guint, most),
                      g_new(guint, most),
                      g_new(double, most)};
    for (guint i = 0; i < prices->n; i++)
        take_row(c, &r, &of, buckets, i);
    average(c, &r, sales, buckets->n);
    return c;
}

void pl_competitors_free(PlCompetitors *c) {
    if (c == NULL)
        return;
    g_free(c->price);
    g_free(c->first);
    g_free(c);
}

static gboolean before(const PlOtherPrice *p, guint store, guint time) {
    return p->store != store ? p->store < store : p->time < time;
}

const PlOtherPrice *pl_competitors_at(const PlCompetitors *c, guint product, guint store, guint time,
                                      guint *n) {
    guint low = c->first[product], end = c->first[product + 1], high = end;
    if (!c->by_store)
        store = 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (before(&c->price[middle], store, time))
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < end && c->price[low + *n].store == store && c->price[low + *n].time == time;)
        ++*n;
    return c->price + low;
}

double pl_competitors_mean(const PlOtherPrice *price, guint n) {
    double mean = 0;
    for (guint k = 0; k < n; k++)
        mean += (price[k].price - mean) / (k + 1);
    return mean;
}
