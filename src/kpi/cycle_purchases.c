/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_purchases.h"

#include "pairlift/kpi/months.h"
#include "pairlift/model/numbers.h"

typedef struct {
    const PlDeals *deals;
    const PlRecords *customers;
    const PlField *start, *end;
    PlPurchases *out;
    guint n_early, first_early; /* ended before the purchase; the first such customer */
} Making;

static void take(Making *m, guint row, guint customer, PlDay day) {
    PlPurchases *p = m->out;
    PlDay end = m->end->day[customer], as_of = m->deals->as_of;
    gboolean lost = end != PL_NO_DAY && end <= as_of;
    if (end != PL_NO_DAY && end < day) {
        if (m->n_early++ == 0)
            m->first_early = customer;
        return;
    }
    PlDay until = lost ? end : as_of;
    p->row[p->n] = row;
    p->day[p->n] = day;
    p->lost[p->n] = lost;
    p->months[p->n++] = m->customers->time_kind == PL_TIME_DATE
                            ? pl_months_between(day, until)
                            : ((double)until - day) * m->deals->months_a_unit;
}

static void tell(const PlDeals *d, const char *name, guint n, const char *format) {
    if (n == 0)
        return;
    g_autofree char *count = pl_format_number(n, 0);
    pl_result_check(d->run->study->result, name, PL_PASS, n, "%s %s", count, format);
}

static void tell_early(const Making *m) {
    if (m->n_early == 0)
        return;
    const PlDeals *d = m->deals;
    const PlField *id = pl_records_text(m->customers, "customer");
    g_autofree char *place = pl_records_place(m->customers, m->first_early),
                    *end = pl_day_format(m->end->day[m->first_early], m->customers->time_kind),
                    *count = pl_format_count(m->n_early, "customer", "customers");
    guint level = id->level[m->first_early];
    pl_result_check(d->run->study->result, "ended_before_purchase", PL_WARN, m->n_early,
                    "%s: customer \"%.60s\" ended on %s, before the first deal was won; %s of this kind left "
                    "out of the churn after purchase",
                    place, level != PL_NO_LEVEL ? id->levels[level] : "", end, count);
}

/* [customers->n] the row of the first deal that was won; PL_NO_LEVEL: none. */
static guint *first_won(const Making *m, const guint *customer_of) {
    const PlDeals *d = m->deals;
    guint *first = g_new(guint, m->customers->n + 1), without = 0;
    for (guint c = 0; c < m->customers->n; c++)
        first[c] = PL_NO_LEVEL;
    const PlField *id = pl_records_text(d->records, "customer");
    for (guint k = 0; k < d->n; k++) {
        guint row = d->row[k];
        if (d->state[k] != PL_DEAL_WON)
            continue;
        without += id->level[row] == PL_NO_LEVEL;
        guint c = customer_of[row];
        if (c == PL_NO_LEVEL)
            continue;
        if (first[c] == PL_NO_LEVEL || d->closed->day[row] < d->closed->day[first[c]] ||
            (d->closed->day[row] == d->closed->day[first[c]] && row < first[c]))
            first[c] = row;
    }
    tell(d, "won_without_customer", without,
         "won deals name no customer and are left out of the churn after purchase");
    return first;
}

static void from_deals(Making *m, const guint *customer_of) {
    g_autofree guint *first = first_won(m, customer_of);
    guint without = 0;
    for (guint c = 0; c < m->customers->n; c++) {
        if (first[c] == PL_NO_LEVEL)
            without++;
        else
            take(m, first[c], c, m->deals->closed->day[first[c]]);
    }
    tell(m->deals, "customers_without_purchase", without,
         "customers have no won deal in the table \"opportunities\" and are left out of the churn after "
         "purchase");
    if (m->out->n == 0)
        m->out->reason = g_strdup("no won deal is of a customer of the table \"customers\"");
}

static void from_starts(Making *m) {
    guint later = 0;
    m->out->from_start = TRUE;
    m->out->records = m->customers;
    for (guint c = 0; c < m->customers->n; c++)
        if (m->start->day[c] > m->deals->as_of)
            later++;
        else
            take(m, c, c, m->start->day[c]);
    tell(m->deals, "customers_later", later,
         "customers start after the day that the report is made for and are left out");
    if (m->out->n == 0)
        m->out->reason = g_strdup("the table \"customers\" has no customer yet");
}

static char *why_not(const PlDeals *d, const PlRecords *customers) {
    if (customers == NULL)
        return g_strdup("the definition has no table \"customers\", which says when each of them left: add - "
                        "{table: customers, file: ...} under data");
    if (pl_records_date(customers, "end") == NULL)
        return g_strdup("the table \"customers\" does not say when each of them left: columns: {end: NAME}");
    if (customers->time_kind != d->records->time_kind)
        return g_strdup(
            "one of the tables \"opportunities\" and \"customers\" has dates and the other numbers "
            "of periods");
    if (customers->time_kind == PL_TIME_NUMBER && !(d->months_a_unit > 0))
        return g_strdup("the tables have numbers of periods of which it is not known how many make a month: "
                        "give dates, or name the column \"week\"");
    return NULL;
}

PlPurchases *pl_purchases_new(const PlDeals *d) {
    const PlRecords *customers = d->run->study->tables->of[PL_TABLE_CUSTOMERS];
    PlPurchases *p = g_new0(PlPurchases, 1);
    p->records = d->records;
    p->reason = why_not(d, customers);
    if (p->reason != NULL)
        return p;
    Making m = {d, customers, pl_records_date(customers, "start"), pl_records_date(customers, "end"), p,
                0, 0};
    p->row = g_new(guint, customers->n + 1);
    p->day = g_new(PlDay, customers->n + 1);
    p->months = g_new(double, customers->n + 1);
    p->lost = g_new(gboolean, customers->n + 1);
    g_autofree guint *customer_of = pl_kpi_join(d->run->study, d->records, customers, "customer");
    if (customer_of != NULL && d->closed != NULL)
        from_deals(&m, customer_of);
    else
        from_starts(&m);
    tell_early(&m);
    return p;
}

void pl_purchases_free(PlPurchases *p) {
    if (p == NULL)
        return;
    g_free(p->row);
    g_free(p->day);
    g_free(p->months);
    g_free(p->lost);
    g_free(p->reason);
    g_free(p);
}
