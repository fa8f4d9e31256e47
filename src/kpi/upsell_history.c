/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/upsell_history.h"

#include <math.h>
#include <string.h>

/* A level of an attribute that has fewer customers, or a smaller share of them, is not told from the others;
 * an attribute of more levels is taken to be a name. */
#define LEVEL_FEWEST 20
#define LEVEL_SHARE  0.02
#define LEVELS_MOST  8

const char *const pl_feature_labels[PL_N_FEATURES] = {
    [PL_PAST_UPSELL] = "orders with an up-sell before, 10 points more",
    [PL_PAST_CROSS] = "orders with a cross-sell before, 10 points more",
    [PL_RECENCY] = "time since the last order, doubled",
    [PL_ORDERS] = "orders before, doubled",
    [PL_ORDER_VALUE] = "value an order, doubled",
    [PL_PRODUCTS] = "different products before, doubled",
    [PL_TENURE] = "time as a customer, doubled",
    [PL_CHANGE] = "value lately against before, doubled",
};

static void sum_orders(PlHistory *h) {
    const PlOrders *o = h->orders;
    h->value = g_new0(double, o->n + 1);
    h->kinds = g_new0(guint8, o->n + 1);
    for (guint k = 0; k < o->n; k++)
        for (guint j = o->begin[k]; j < o->begin[k + 1]; j++) {
            double amount = o->amount->number[o->line[j]];
            guint kind = o->kind != NULL ? o->kind->level[o->line[j]] : PL_KIND_BASE;
            h->value[k] += amount;
            if (amount >= 0 && kind == PL_KIND_UPSELL)
                h->kinds[k] |= 1;
            if (amount >= 0 && kind == PL_KIND_CROSS)
                h->kinds[k] |= 2;
        }
}

static void place_orders(PlHistory *h) {
    const PlOrders *o = h->orders;
    h->begin = g_new0(guint, h->n + 2);
    h->order = g_new(guint, o->n + 1);
    for (guint k = 0; k < o->n; k++)
        h->begin[o->customer[k] + 2]++;
    for (guint c = 2; c <= h->n; c++)
        h->begin[c] += h->begin[c - 1];
    for (guint k = 0; k < o->n; k++)
        h->order[h->begin[o->customer[k] + 1]++] = k;
}

/* A line of each customer: what is known of it holds of the customer. */
static guint line_of(const PlHistory *h, guint customer) {
    return h->orders->line[h->orders->begin[h->order[h->begin[customer]]]];
}

static gboolean has_orders(const PlHistory *h, guint customer) {
    return h->begin[customer + 1] > h->begin[customer];
}

static void find_days(const PlKpiRun *run, PlHistory *h) {
    const PlRecords *customers = run->study->tables->of[PL_TABLE_CUSTOMERS];
    const PlField *start = pl_records_date(customers, "start"), *end = pl_records_date(customers, "end");
    g_autofree guint *row = NULL;
    if (customers != NULL && customers->time_kind == h->orders->lines->time_kind)
        row = pl_kpi_join(run->study, h->orders->lines, customers, "customer");
    h->start = g_new(PlDay, h->n + 1);
    h->end = g_new(PlDay, h->n + 1);
    for (guint c = 0; c < h->n; c++) {
        guint at = row != NULL && has_orders(h, c) ? row[line_of(h, c)] : PL_NO_LEVEL;
        h->start[c] = at != PL_NO_LEVEL && start != NULL ? start->day[at] : PL_NO_DAY;
        h->end[c] = at != PL_NO_LEVEL && end != NULL ? end->day[at] : PL_NO_DAY;
    }
}

/* The levels of an attribute that enough customers have, all but the most frequent. */
static void add_levels(PlHistory *h, const PlKpiGroups *groups, guint n_customers) {
    g_autofree guint *count = g_new0(guint, groups->n + 1), *of = g_new(guint, h->n + 1);
    guint base = 0;
    for (guint c = 0; c < h->n; c++) {
        of[c] = has_orders(h, c) ? groups->of_row[line_of(h, c)] : PL_NO_LEVEL;
        if (of[c] != PL_NO_LEVEL)
            count[of[c]]++;
    }
    for (guint l = 1; l < groups->n; l++)
        base = count[l] > count[base] ? l : base;
    for (guint l = 0; l < groups->n; l++) {
        if (l == base || count[l] < fmax(LEVEL_FEWEST, LEVEL_SHARE * n_customers))
            continue;
        PlAttributeLevel level = {g_strdup_printf("%s: %s", groups->name, groups->values[l]),
                                  g_new0(guint8, h->n + 1)};
        for (guint c = 0; c < h->n; c++)
            level.is[c] = of[c] == l;
        g_array_append_val(h->attributes, level);
    }
}

static void find_attributes(const PlKpiRun *run, PlHistory *h) {
    const PlRecords *customers = run->study->tables->of[PL_TABLE_CUSTOMERS];
    guint n = 0;
    for (guint c = 0; c < h->n; c++)
        n += has_orders(h, c);
    for (guint f = 0; customers != NULL && f < customers->n_fields; f++) {
        const PlField *field = &customers->fields[f];
        if (field->kind != PL_FIELD_TEXT || field->n_levels < 2 || field->n_levels > LEVELS_MOST ||
            strcmp(field->name, "customer") == 0 || pl_records_field(h->orders->lines, field->name) != NULL)
            continue;
        g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(run->study, h->orders->lines, field->name);
        if (groups != NULL && groups->n >= 2)
            add_levels(h, groups, n);
    }
}

static void clear_level(gpointer data) {
    PlAttributeLevel *level = data;
    g_free(level->label);
    g_free(level->is);
}

PlHistory *pl_history_new(const PlKpiRun *run, const PlOrders *orders) {
    PlHistory *h = g_new0(PlHistory, 1);
    h->orders = orders;
    h->n = orders->customer_field->n_levels;
    h->attributes = g_array_new(FALSE, FALSE, sizeof(PlAttributeLevel));
    g_array_set_clear_func(h->attributes, clear_level);
    sum_orders(h);
    place_orders(h);
    find_days(run, h);
    find_attributes(run, h);
    return h;
}

void pl_history_free(PlHistory *h) {
    if (h == NULL)
        return;
    g_free(h->begin);
    g_free(h->order);
    g_free(h->value);
    g_free(h->kinds);
    g_free(h->start);
    g_free(h->end);
    g_array_free(h->attributes, TRUE);
    g_free(h);
}

/* Sums over a customer's orders in the time looked at. */
typedef struct {
    guint orders, upsell, cross, products;
    double value, late;
    PlDay first, last; /* first: of all orders before `until` */
} Sums;

typedef struct {
    PlDay from, until, window;
} Span;

static Sums sum_up(const PlHistory *h, guint customer, const Span *span, guint *seen) {
    const PlOrders *o = h->orders;
    Sums s = {.first = G_MAXINT32, .last = G_MININT32};
    for (guint i = h->begin[customer]; i < h->begin[customer + 1]; i++) {
        guint k = h->order[i];
        if (o->day[k] >= span->until)
            continue;
        s.first = MIN(s.first, o->day[k]);
        if (o->day[k] < span->from)
            continue;
        s.last = MAX(s.last, o->day[k]);
        s.orders++;
        s.upsell += (h->kinds[k] & 1) != 0;
        s.cross += (h->kinds[k] & 2) != 0;
        s.value += h->value[k];
        if (o->day[k] >= span->until - span->window)
            s.late += h->value[k];
        for (guint j = o->of_begin[k]; j < o->of_begin[k + 1]; j++) {
            s.products += seen[o->product[j]] != customer + 1;
            seen[o->product[j]] = customer + 1;
        }
    }
    return s;
}

/* `scale` is the mean value of an order, so that no value at all is not infinitely less than some. */
static void fill(PlPopulation *p, const PlHistory *h, const Sums *s, const Span *span, double scale) {
    guint customer = p->customer[p->n], at = p->n++;
    PlDay since = h->start[customer] != PL_NO_DAY ? MIN(h->start[customer], s->first) : s->first;
    double n = s->orders, before = s->value - s->late, length = span->until - span->from - span->window;
    p->feature[PL_PAST_UPSELL][at] = 10 * s->upsell / n;
    p->feature[PL_PAST_CROSS][at] = 10 * s->cross / n;
    p->feature[PL_RECENCY][at] = log2((double)span->until - s->last);
    p->feature[PL_ORDERS][at] = log2(n);
    p->feature[PL_ORDER_VALUE][at] = log2(fmax(0, s->value / n) + scale / 100);
    p->feature[PL_PRODUCTS][at] = log2(s->products);
    p->feature[PL_TENURE][at] = log2((double)span->until - since);
    p->feature[PL_CHANGE][at] =
        log2((fmax(0, s->late) + scale) / (fmax(0, before) * span->window / length + scale));
}

static double mean_value(const PlHistory *h, const Span *span) {
    const PlOrders *o = h->orders;
    double sum = 0, n = 0;
    for (guint k = 0; k < o->n; k++)
        if (o->day[k] >= span->from && o->day[k] < span->until) {
            sum += fmax(0, h->value[k]);
            n++;
        }
    return n > 0 && sum > 0 ? sum / n : 1;
}

PlPopulation *pl_population_new(const PlHistory *h, PlDay from, PlDay until, PlDay window) {
    PlPopulation *p = g_new0(PlPopulation, 1);
    Span span = {from, until, window};
    g_autofree guint *seen = g_new0(guint, h->orders->product_field->n_levels + 1);
    double scale = mean_value(h, &span);
    p->customer = g_new(guint, h->n + 1);
    for (guint f = 0; f < PL_N_FEATURES; f++)
        p->feature[f] = g_new(double, h->n + 1);
    for (guint c = 0; c < h->n; c++) {
        if (h->end[c] != PL_NO_DAY && h->end[c] < until)
            continue;
        Sums sums = sum_up(h, c, &span, seen);
        p->customer[p->n] = c;
        if (sums.orders > 0)
            fill(p, h, &sums, &span, scale);
    }
    return p;
}

void pl_population_free(PlPopulation *p) {
    if (p == NULL)
        return;
    for (guint f = 0; f < PL_N_FEATURES; f++)
        g_free(p->feature[f]);
    g_free(p->customer);
    g_free(p);
}

PlDeed pl_history_deed(const PlHistory *h, guint customer, PlDay from, PlDay until) {
    PlDeed deed = {0};
    for (guint i = h->begin[customer]; i < h->begin[customer + 1]; i++) {
        guint k = h->order[i];
        if (h->orders->day[k] < from || h->orders->day[k] >= until)
            continue;
        deed.upsell = deed.upsell || (h->kinds[k] & 1);
        deed.cross = deed.cross || (h->kinds[k] & 2);
        deed.value += h->value[k];
    }
    return deed;
}
