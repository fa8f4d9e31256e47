/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/months.h"
#include "pairlift/kpi/parts_of.h"
#include "pairlift/model/definition_periods.h"
#include "pairlift/model/kpi_metrics.h"

/* Tables whose rows, or the orders that they make, are each a part of their own: surveys, orders, deals. */

enum { CHURN_MONTHS = 6, PERIODS = 4 };

static gboolean is(const PlPartsOf *of, const char *measure) {
    return strcmp(of->metric->of_kpi->measure, measure) == 0;
}

/* [store * PERIODS + period] how many people a value would be of. */
static guint *count_people(const PlPartsOf *of, const PlField *employee, const PlField *date,
                           const gboolean *counts) {
    guint *people = g_new0(guint, (gsize)(of->out->n_stores + 1) * PERIODS);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < of->records->n; i++) {
        if (!counts[i] || of->store[i] == PL_NO_LEVEL || employee->level[i] == PL_NO_LEVEL)
            continue;
        gsize cell = (gsize)of->store[i] * PERIODS + pl_definition_period_of(of->study->def, date->day[i]);
        gint64 *key = g_new(gint64, 1);
        *key = (gint64)(cell * ((gsize)employee->n_levels + 1) + employee->level[i]);
        if (g_hash_table_add(seen, key))
            people[cell]++;
    }
    return people;
}

/* A store's value of a period is in pairs.csv: where it would be of a few people it is not made. */
static void add_answers(const PlPartsOf *of, const PlField *score, const PlField *date, double from,
                        gboolean response) {
    const PlField *employee = pl_part_field(of, "employee");
    g_autofree gboolean *counts = g_new0(gboolean, of->records->n + 1);
    if (employee == NULL)
        return;
    for (guint i = 0; i < of->records->n; i++)
        counts[i] = response || !isnan(score->number[i]);
    g_autofree guint *people = count_people(of, employee, date, counts);
    of->out->unmatched = "of stores with fewer people in a period than smallest_group";
    for (guint i = 0; i < of->records->n; i++) {
        double x = score->number[i];
        if (!counts[i])
            continue;
        gsize cell = of->store[i] == PL_NO_LEVEL ? 0
                                                 : (gsize)of->store[i] * PERIODS +
                                                       pl_definition_period_of(of->study->def, date->day[i]);
        if (of->store[i] != PL_NO_LEVEL && people[cell] < of->study->def->kpis.satisfaction.smallest_group)
            of->out->n_unmatched++;
        else
            pl_part_add(of, i, date->day[i], response ? !isnan(x) : isnan(from) ? x : x >= from, 1);
    }
}

void pl_parts_of_survey(const PlPartsOf *of) {
    const PlField *score = pl_part_field(of, "score"), *date = pl_part_field(of, "date");
    const GStrv scale = of->study->def->kpis.satisfaction.scale;
    const PlDefinition *def = of->study->def;
    gboolean top = is(of, "top_two_share");
    if (top && scale == NULL) {
        pl_diagnostics_add(of->faults, def->file, pl_definition_pos(def, &of->metric->kpi),
                           "kpis: {satisfaction: {scale: [LOWEST, HIGHEST]}}",
                           "metric \"%s\": \"top_two_share\" needs the scale of the scores",
                           of->metric->name);
        return;
    }
    if (score != NULL && date != NULL)
        add_answers(of, score, date, top ? g_ascii_strtod(scale[1], NULL) - 1 : NAN, is(of, "response_rate"));
}

/* What the lines of an order say together. */
typedef struct {
    guint first, product; /* a row, its product */
    PlDay day;
    gboolean there, chosen, several;
} Order;

static Order *orders_of(const PlPartsOf *of, const PlField *order, const PlField *date,
                        const PlField *product, const PlField *kind, const PlField *amount) {
    Order *orders = g_new0(Order, order->n_levels + 1);
    guint wanted = is(of, "cross_sell_rate") ? 2 : 1; /* base, upsell, cross_sell */
    for (guint i = 0; i < of->records->n; i++) {
        if (order->level[i] == PL_NO_LEVEL || isnan(amount->number[i]))
            continue;
        Order *o = &orders[order->level[i]];
        if (!o->there || date->day[i] < o->day) {
            o->first = i;
            o->day = date->day[i];
        }
        if (!o->there)
            o->product = product->level[i];
        o->there = TRUE;
        o->several = o->several || product->level[i] != o->product;
        /* goods that came back are no sale */
        o->chosen = o->chosen || (kind != NULL && kind->level[i] == wanted && amount->number[i] >= 0);
    }
    return orders;
}

static void add_value_shares(const PlPartsOf *of, const PlField *date, const PlField *kind) {
    const PlField *amount = pl_part_field(of, "amount");
    for (guint i = 0; amount != NULL && i < of->records->n; i++) {
        if (isnan(amount->number[i]) || kind->level[i] == PL_NO_LEVEL)
            continue;
        pl_part_add(of, i, date->day[i], kind->level[i] > 0 ? amount->number[i] : 0, amount->number[i]);
    }
}

void pl_parts_of_orders(const PlPartsOf *of) {
    gboolean several = is(of, "attach_rate");
    const PlField *order = pl_part_field(of, "order"), *date = pl_part_field(of, "date"),
                  *product = pl_part_field(of, "product"), *amount = pl_part_field(of, "amount"),
                  *kind = several ? NULL : pl_part_field(of, "kind");
    if (amount == NULL || order == NULL || date == NULL || product == NULL || (!several && kind == NULL))
        return;
    if (is(of, "upsell_value_share")) {
        add_value_shares(of, date, kind);
        return;
    }
    g_autofree Order *orders = orders_of(of, order, date, product, kind, amount);
    for (guint k = 0; k < order->n_levels; k++)
        if (orders[k].there)
            pl_part_add(of, orders[k].first, orders[k].day, several ? orders[k].several : orders[k].chosen,
                        1);
}

static int churn_months(const PlPartsOf *of) {
    int months = pl_kpi_metric_months(of->metric->kpi);
    const GStrv given = of->study->def->kpis.sales_cycle.churn_months;
    if (months == 0)
        months = given != NULL ? (int)g_ascii_strtoll(given[0], NULL, 10) : CHURN_MONTHS;
    return months;
}

/* [levels of customers] the row of the first deal won; PL_NO_LEVEL: none. */
static guint *first_purchases(const PlPartsOf *of, const PlField *customer, const PlField *closed,
                              const PlField *outcome) {
    guint *first = g_new(guint, customer->n_levels + 1);
    for (guint k = 0; k < customer->n_levels; k++)
        first[k] = PL_NO_LEVEL;
    for (guint i = 0; i < of->records->n; i++) {
        guint k = customer->level[i];
        if (k == PL_NO_LEVEL || outcome->level[i] != 0 || closed->day[i] == PL_NO_DAY)
            continue;
        if (first[k] == PL_NO_LEVEL || closed->day[i] < closed->day[first[k]])
            first[k] = i;
    }
    return first;
}

static void add_churn(const PlPartsOf *of, const PlField *closed, const PlField *outcome) {
    const PlField *customer = pl_part_field(of, "customer");
    const PlRecords *customers = of->study->tables->of[PL_TABLE_CUSTOMERS];
    const PlField *end = pl_records_date(customers, "end");
    int months = churn_months(of);
    if (customer == NULL)
        return;
    if (end == NULL) {
        PlPartsOf other = *of;
        other.records = customers;
        (void)pl_part_field(&other, "end");
        return;
    }
    g_autofree guint *row = pl_kpi_join(of->study, of->records, customers, "customer");
    g_autofree guint *first = first_purchases(of, customer, closed, outcome);
    of->out->unmatched =
        "purchases of customers who are not known, had ended before, or were not followed so long";
    for (guint k = 0; k < customer->n_levels; k++) {
        guint i = first[k];
        if (i == PL_NO_LEVEL)
            continue;
        PlDay day = closed->day[i], left = row[i] != PL_NO_LEVEL ? end->day[row[i]] : PL_NO_DAY;
        gboolean ended_before = left != PL_NO_DAY && left < day,
                 followed = day <= of->study->as_of && pl_months_between(day, of->study->as_of) >= months;
        if (row[i] == PL_NO_LEVEL || ended_before || !followed)
            of->out->n_unmatched++;
        else
            pl_part_add(of, i, day, left != PL_NO_DAY && pl_months_between(day, left) <= months, 1);
    }
}

void pl_parts_of_deals(const PlPartsOf *of) {
    const PlField *opened = pl_part_field(of, "opened"), *closed = pl_part_field(of, "closed"),
                  *outcome = is(of, "mean_days") ? NULL : pl_part_field(of, "outcome");
    if (opened == NULL || closed == NULL || (!is(of, "mean_days") && outcome == NULL))
        return;
    if (is(of, "churn")) {
        add_churn(of, closed, outcome);
        return;
    }
    for (guint i = 0; i < of->records->n; i++) {
        if (closed->day[i] == PL_NO_DAY)
            continue;
        if (outcome == NULL)
            pl_part_add(of, i, closed->day[i], (double)closed->day[i] - opened->day[i], 1);
        else if (outcome->level[i] != PL_NO_LEVEL)
            pl_part_add(of, i, closed->day[i], outcome->level[i] == 0, 1);
    }
}
