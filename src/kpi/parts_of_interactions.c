/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/parts_of.h"
#include "pairlift/model/kpi_metrics.h"

static void add_solved(const PlPartsOf *of, const PlField *date) {
    const PlField *solved = pl_part_field(of, "solved");
    for (guint i = 0; solved != NULL && i < of->records->n; i++)
        if (solved->level[i] != PL_NO_LEVEL)
            pl_part_add(of, i, date->day[i], solved->level[i] == 1, 1);
}

/* Rows by customer and day. */
typedef struct {
    const PlField *customer, *date;
} Order;

static int by_customer_and_day(const void *a, const void *b, void *data) {
    const Order *order = data;
    guint i = *(const guint *)a, j = *(const guint *)b;
    guint p = order->customer->level[i], q = order->customer->level[j];
    if (p != q)
        return (p > q) - (p < q);
    PlDay x = order->date->day[i], y = order->date->day[j];
    return x != y ? (x > y) - (x < y) : (i > j) - (i < j);
}

static guint *sorted_rows(const PlPartsOf *of, const PlField *customer, const PlField *date) {
    guint *rows = g_new(guint, of->records->n + 1);
    Order order = {customer, date};
    for (guint i = 0; i < of->records->n; i++)
        rows[i] = i;
    g_qsort_with_data(rows, (gint)of->records->n, sizeof *rows, by_customer_and_day, &order);
    return rows;
}

/* Several contacts on a day are one. */
static void add_gaps(const PlPartsOf *of, const PlField *customer, const PlField *date, const guint *rows) {
    for (guint k = 1; k < of->records->n; k++) {
        guint i = rows[k - 1], j = rows[k];
        if (customer->level[i] == customer->level[j] && customer->level[j] != PL_NO_LEVEL &&
            date->day[i] != date->day[j])
            pl_part_add(of, j, date->day[j], (double)date->day[j] - date->day[i], 1);
    }
}

/* How many customers each store has, day by day. */
typedef struct {
    PlDay first, last;
    guint n_days;
    double *change; /* [store * (n_days + 1) + day] */
} Census;

static void count_customer(const Census *census, guint store, PlDay from, PlDay to) {
    PlDay begin = MAX(from, census->first), end = MIN(to, census->last);
    if (store == PL_NO_LEVEL || begin > end)
        return;
    double *change = census->change + (gsize)store * (census->n_days + 1);
    change[begin - census->first]++;
    change[end - census->first + 1]--;
}

/* The store of a customer without one of their own is that of their first contact. */
static guint *stores_of_customers(const PlPartsOf *of, const PlRecords *customers, const PlField *contact,
                                  const guint *rows) {
    g_autoptr(GHashTable) store_of = g_hash_table_new(g_str_hash, g_str_equal),
                          known = g_hash_table_new(g_str_hash, g_str_equal);
    const PlField *id = pl_records_text(customers, "customer");
    g_autoptr(PlKpiGroups) own = pl_kpi_groups_new(of->study, customers, "store");
    guint *store = g_new(guint, customers->n + 1);
    for (guint s = 0; s < of->out->n_stores; s++)
        g_hash_table_insert(known, of->out->stores[s], GUINT_TO_POINTER(s + 1));
    for (guint k = of->records->n; k-- > 0;)
        if (contact->level[rows[k]] != PL_NO_LEVEL && of->store[rows[k]] != PL_NO_LEVEL)
            g_hash_table_insert(store_of, contact->levels[contact->level[rows[k]]],
                                GUINT_TO_POINTER(of->store[rows[k]] + 1));
    for (guint i = 0; i < customers->n; i++) {
        guint found = own != NULL && own->of_row[i] != PL_NO_LEVEL
                          ? GPOINTER_TO_UINT(g_hash_table_lookup(known, own->values[own->of_row[i]]))
                          : GPOINTER_TO_UINT(g_hash_table_lookup(store_of, id->levels[id->level[i]]));
        store[i] = found > 0 ? found - 1 : PL_NO_LEVEL;
    }
    return store;
}

/* With a table of customers those who are there, contacted or not; else those who were contacted before. */
static void take_census(const PlPartsOf *of, const Census *census, const PlField *customer,
                        const PlField *date, const guint *rows) {
    const PlRecords *customers = of->study->tables->of[PL_TABLE_CUSTOMERS];
    if (customers == NULL) {
        for (guint k = 0; k < of->records->n; k++)
            if (customer->level[rows[k]] != PL_NO_LEVEL &&
                (k == 0 || customer->level[rows[k - 1]] != customer->level[rows[k]]))
                count_customer(census, of->store[rows[k]], date->day[rows[k]], census->last);
        return;
    }
    const PlField *start = pl_records_date(customers, "start"), *end = pl_records_date(customers, "end");
    g_autofree guint *store = stores_of_customers(of, customers, customer, rows);
    for (guint i = 0; start != NULL && i < customers->n; i++)
        count_customer(census, store[i], start->day[i],
                       end != NULL && end->day[i] != PL_NO_DAY ? end->day[i] : census->last);
}

static void add_contacts(const PlPartsOf *of, const PlField *customer, const PlField *date,
                         const guint *rows) {
    if (of->records->n == 0)
        return;
    Census census = {date->day[0], date->day[0], 0, NULL};
    for (guint i = 0; i < of->records->n; i++) {
        census.first = MIN(census.first, date->day[i]);
        census.last = MAX(census.last, date->day[i]);
        pl_part_add(of, i, date->day[i], 1, 0);
    }
    census.n_days = (guint)(census.last - census.first) + 1;
    g_autofree double *change = census.change =
        g_new0(double, (gsize)of->out->n_stores *(census.n_days + 1) + 1);
    take_census(of, &census, customer, date, rows);
    for (guint s = 0; s < of->out->n_stores; s++) {
        double n = 0;
        for (guint d = 0; d < census.n_days; d++) {
            n += change[(gsize)s * (census.n_days + 1) + d];
            const PlKpiPart part = {s, census.first + (PlDay)d, 0, n};
            if (n > 0)
                g_array_append_val(of->out->parts, part);
        }
    }
}

void pl_parts_of_interactions(const PlPartsOf *of) {
    const PlField *date = pl_part_field(of, "date"), *customer = pl_part_field(of, "customer");
    if (date == NULL || customer == NULL)
        return;
    if (strcmp(of->metric->of_kpi->measure, "solved_share") == 0) {
        add_solved(of, date);
        return;
    }
    g_autofree guint *rows = sorted_rows(of, customer, date);
    if (strcmp(of->metric->of_kpi->measure, "gap_days") == 0)
        add_gaps(of, customer, date, rows);
    else
        add_contacts(of, customer, date, rows);
}
