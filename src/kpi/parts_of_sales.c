/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/parts_of.h"
#include "pairlift/model/kpi_metrics.h"

static void add_online(const PlPartsOf *of, const PlField *date) {
    const PlField *channel = pl_part_field(of, "channel"),
                  *amount = pl_records_number(of->records, "revenue");
    const char *online = of->study->def->kpis.sales_volume.online;
    if (amount == NULL)
        amount = pl_records_number(of->records, "units");
    if (amount == NULL)
        amount = pl_part_field(of, "revenue");
    for (guint i = 0; channel != NULL && amount != NULL && i < of->records->n; i++) {
        if (isnan(amount->number[i]) || channel->level[i] == PL_NO_LEVEL)
            continue;
        gboolean is_online = g_ascii_strcasecmp(channel->levels[channel->level[i]], online) == 0;
        pl_part_add(of, i, date->day[i], is_online ? amount->number[i] : 0, amount->number[i]);
    }
}

/* One price of a competitor. */
typedef struct {
    guint competitor;
    PlDay day;
    double price;
} Offer;

static int by_competitor_and_day(const void *a, const void *b) {
    const Offer *x = a, *y = b;
    if (x->competitor != y->competitor)
        return (x->competitor > y->competitor) - (x->competitor < y->competitor);
    return (x->day > y->day) - (x->day < y->day);
}

/* Product, and the store where the competitors' table has one: "cola\x1fS01". */
static char *key_of(const PlField *product, const PlField *store, guint row) {
    const char *where =
        store != NULL && store->level[row] != PL_NO_LEVEL ? store->levels[store->level[row]] : "";
    return g_strconcat(product->levels[product->level[row]], "\x1f", where, NULL);
}

static GHashTable *offers_of(const PlRecords *records, gboolean by_store) {
    const PlField *product = pl_records_text(records, "product"), *date = pl_records_date(records, "date"),
                  *competitor = pl_records_text(records, "competitor"),
                  *price = pl_records_number(records, "price"),
                  *store = by_store ? pl_records_text(records, "store") : NULL;
    GHashTable *offers =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < records->n; i++) {
        if (isnan(price->number[i]) || product->level[i] == PL_NO_LEVEL)
            continue;
        g_autofree char *key = key_of(product, store, i);
        GArray *list = g_hash_table_lookup(offers, key);
        if (list == NULL) {
            list = g_array_new(FALSE, FALSE, sizeof(Offer));
            g_hash_table_insert(offers, g_steal_pointer(&key), list);
        }
        const Offer offer = {competitor->level[i], date->day[i], price->number[i]};
        g_array_append_val(list, offer);
    }
    GHashTableIter all;
    gpointer list;
    g_hash_table_iter_init(&all, offers);
    while (g_hash_table_iter_next(&all, NULL, &list))
        g_array_sort(list, by_competitor_and_day);
    return offers;
}

/* Index of the first offer of a later competitor, or of this one after `day`. */
static guint after(const GArray *list, guint from, guint competitor, PlDay day) {
    guint low = from, high = list->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const Offer *offer = &g_array_index(list, Offer, middle);
        if (offer->competitor < competitor || (offer->competitor == competitor && offer->day <= day))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The mean of what each competitor asked last, up to the day; NaN: none had a price yet. */
static double competitors_price(const GArray *list, PlDay day) {
    double sum = 0;
    guint n = 0;
    for (guint i = 0; list != NULL && i < list->len;) {
        guint competitor = g_array_index(list, Offer, i).competitor, end = after(list, i, competitor, day);
        if (end > i) {
            sum += g_array_index(list, Offer, end - 1).price;
            n++;
        }
        i = after(list, end, competitor, G_MAXINT32);
    }
    return n > 0 ? sum / n : NAN;
}

/* The same product, store and day are looked up once: neighbouring rows repeat them. */
typedef struct {
    const PlField *product, *store;
    GHashTable *offers;
    GArray **list; /* [product * n_stores + store] */
    gboolean *sought;
} Market;

static const GArray *offers_at(Market *m, guint row) {
    gsize n_stores = m->store != NULL ? m->store->n_levels + 1 : 1;
    guint store = m->store == NULL                      ? 0
                  : m->store->level[row] == PL_NO_LEVEL ? m->store->n_levels
                                                        : m->store->level[row];
    gsize at = m->product->level[row] * n_stores + store;
    if (!m->sought[at]) {
        g_autofree char *key = key_of(m->product, m->store, row);
        m->list[at] = g_hash_table_lookup(m->offers, key);
        m->sought[at] = TRUE;
    }
    return m->list[at];
}

static void add_price_row(const PlPartsOf *of, guint i, PlDay day, double revenue, double units,
                          double price) {
    gboolean gap = strcmp(of->metric->of_kpi->measure, "price_gap") == 0;
    pl_part_add(of, i, day, gap ? revenue - units * price : revenue, gap ? units : units * price);
}

/* Own prices against the competitors', weighed by what was sold. */
static void add_prices(const PlPartsOf *of, const PlField *date) {
    const PlRecords *others = of->study->tables->of[PL_TABLE_COMPETITOR_PRICES];
    const PlField *product = pl_part_field(of, "product"), *revenue = pl_part_field(of, "revenue"),
                  *units = pl_part_field(of, "units"), *store = pl_records_text(of->records, "store");
    if (product == NULL || revenue == NULL || units == NULL)
        return;
    gboolean by_store = store != NULL && pl_records_text(others, "store") != NULL;
    gsize cells = (gsize)(product->n_levels + 1) * (by_store ? store->n_levels + 1 : 1);
    g_autoptr(GHashTable) offers = offers_of(others, by_store);
    g_autofree GArray **list = g_new0(GArray *, cells);
    g_autofree gboolean *sought = g_new0(gboolean, cells);
    Market market = {product, by_store ? store : NULL, offers, list, sought};
    of->out->unmatched = "rows of sales without a competitor's price up to their day";
    for (guint i = 0; i < of->records->n; i++) {
        double price = NAN;
        if (product->level[i] != PL_NO_LEVEL && !isnan(revenue->number[i]) && !isnan(units->number[i]))
            price = competitors_price(offers_at(&market, i), date->day[i]);
        if (isnan(price))
            of->out->n_unmatched++;
        else
            add_price_row(of, i, date->day[i], revenue->number[i], units->number[i], price);
    }
}

void pl_parts_of_sales(const PlPartsOf *of) {
    const PlField *date = pl_part_field(of, "date");
    if (date == NULL)
        return;
    if (strcmp(of->metric->of_kpi->measure, "online_share") == 0)
        add_online(of, date);
    else
        add_prices(of, date);
}
