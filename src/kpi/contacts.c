/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/contacts.h"

#include <math.h>
#include <string.h>

#include "pairlift/kpi/groups.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/numbers.h"

/* More days than any business has had: beyond is a mistyped year. */
#define DAYS_MOST 200000
#define WEEK_DAYS 7

/* The unit of time, and the day that all is looked at: of dates the study's, of numbers the last. */
static void set_time(PlContacts *c) {
    gboolean dates = c->rows->time_kind == PL_TIME_DATE,
             weeks = !dates && pl_step_named(c->date->column) == PL_STEP_WEEK;
    c->unit_days = dates ? 1 : weeks ? WEEK_DAYS : NAN;
    c->unit = dates || weeks ? "days" : "periods";
    PlDay last = PL_NO_DAY;
    for (guint i = 0; i < c->rows->n; i++)
        last = MAX(last, c->date->day[i]);
    c->now = dates ? c->run->study->as_of : last;
}

static void tell(const PlContacts *c, const char *name, guint n, guint row, const char *why) {
    if (n == 0)
        return;
    g_autofree char *place = pl_records_place(c->rows, row), *day = pl_contacts_day(c, c->date->day[row]),
                    *count = pl_format_count(n, "contact", "contacts");
    pl_result_check(c->run->study->result, name, PL_WARN, n, "%s: contact on %s %s; %s left out", place, day,
                    why, count);
}

/* Contacts that do not count lose their customer; the first of each kind is named. */
static void leave_out(PlContacts *c) {
    enum { AFTER, BEFORE, ENDED, KINDS };
    static const char *const names[KINDS] = {"contacts_after", "contacts_before_start", "contacts_after_end"};
    static const char *const why[KINDS] = {"is after the day that the report looks at",
                                           "is before the customer's start", "is after the customer's end"};
    guint n[KINDS] = {0}, first[KINDS] = {0};
    for (guint i = 0; i < c->rows->n; i++) {
        guint at = c->of_row[i];
        PlDay day = c->date->day[i];
        if (at == PL_NO_LEVEL)
            continue;
        int kind = day > c->now                      ? AFTER
                   : c->customers == NULL            ? KINDS
                   : day < c->start[at]              ? BEFORE
                   : c->left[at] && day > c->end[at] ? ENDED
                                                     : KINDS;
        if (kind == KINDS)
            continue;
        if (n[kind]++ == 0)
            first[kind] = i;
        c->of_row[i] = PL_NO_LEVEL;
    }
    for (int k = 0; k < KINDS; k++)
        tell(c, names[k], n[k], first[k], why[k]);
}

static void read_customers(PlContacts *c) {
    const PlField *name = pl_records_text(c->customers, "customer"),
                  *start = pl_records_date(c->customers, "start"),
                  *end = pl_records_date(c->customers, "end");
    guint n_later = 0;
    c->knows_ends = end != NULL;
    for (guint i = 0; i < c->n; i++) {
        PlDay ended = end != NULL ? end->day[i] : PL_NO_DAY;
        c->names[i] = name->levels[name->level[i]];
        c->start[i] = start->day[i];
        c->there[i] = start->day[i] <= c->now;
        c->left[i] = c->there[i] && ended != PL_NO_DAY && ended <= c->now;
        c->end[i] = c->left[i] ? ended : c->now;
        n_later += !c->there[i];
    }
    if (n_later > 0) {
        g_autofree char *now = pl_contacts_day(c, c->now),
                        *count = pl_format_count(n_later, "customer", "customers");
        pl_result_check(c->run->study->result, "customers_later", PL_WARN, n_later,
                        "the start of %s is after %s, the day that the report looks at; left out", count,
                        now);
    }
}

/* Without a table of customers: those seen, from their first contact on. */
static void see_customers(PlContacts *c) {
    const PlField *name = pl_records_text(c->rows, "customer");
    for (guint i = 0; i < c->n; i++) {
        c->names[i] = name->levels[i];
        c->start[i] = G_MAXINT32;
        c->end[i] = c->now;
    }
    for (guint i = 0; i < c->rows->n; i++) {
        c->of_row[i] = name->level[i];
        if (c->of_row[i] != PL_NO_LEVEL && c->date->day[i] <= c->now) {
            c->start[c->of_row[i]] = MIN(c->start[c->of_row[i]], c->date->day[i]);
            c->there[c->of_row[i]] = TRUE;
        }
    }
}

/* The rows that count by customer and then by day: sorted by counting, first by day. */
static gboolean sort_rows(PlContacts *c) {
    c->first = G_MAXINT32;
    for (guint i = 0; i < c->rows->n; i++)
        if (c->of_row[i] != PL_NO_LEVEL)
            c->first = MIN(c->first, c->date->day[i]);
    if (c->first > c->now || (gint64)c->now - c->first > DAYS_MOST)
        return FALSE;
    gsize n_days = (gsize)(c->now - c->first) + 2;
    g_autofree guint *from = g_new0(guint, n_days), *by_day = g_new(guint, c->rows->n + 1);
    c->row_from = g_new0(guint, c->n + 2);
    c->row = g_new(guint, c->rows->n + 1);
    for (guint i = 0; i < c->rows->n; i++)
        if (c->of_row[i] != PL_NO_LEVEL) {
            from[c->date->day[i] - c->first + 1]++;
            c->row_from[c->of_row[i] + 2]++;
        }
    for (gsize d = 1; d < n_days; d++)
        from[d] += from[d - 1];
    for (guint k = 2; k <= c->n + 1; k++)
        c->row_from[k] += c->row_from[k - 1];
    c->n_contacts = c->row_from[c->n + 1];
    for (guint i = 0; i < c->rows->n; i++)
        if (c->of_row[i] != PL_NO_LEVEL)
            by_day[from[c->date->day[i] - c->first]++] = i;
    for (guint k = 0; k < c->n_contacts; k++)
        c->row[c->row_from[c->of_row[by_day[k]] + 1]++] = by_day[k];
    return TRUE;
}

/* A customer who is met by two people on one day has been contacted on that day. */
static void find_days(PlContacts *c) {
    guint n = 0;
    c->day_from = g_new(guint, c->n + 1);
    c->day = g_new(PlDay, c->n_contacts + 1);
    for (guint i = 0; i < c->n; i++) {
        c->day_from[i] = n;
        for (guint k = c->row_from[i]; k < c->row_from[i + 1]; k++) {
            PlDay day = c->date->day[c->row[k]];
            if (n == c->day_from[i] || c->day[n - 1] != day)
                c->day[n++] = day;
        }
        c->n_there += c->there[i];
        c->n_still += c->there[i] && !c->left[i];
    }
    c->day_from[c->n] = n;
}

/* The table of customers, where its dates can be held against those of the contacts. */
static const PlRecords *usable_customers(const PlKpiRun *run, const PlRecords *rows) {
    const PlRecords *customers = run->study->tables->of[PL_TABLE_CUSTOMERS];
    if (customers == NULL || pl_records_date(customers, "start") == NULL)
        return NULL;
    if (customers->time_kind == rows->time_kind)
        return customers;
    pl_result_check(run->study->result, "dates_of_customers", PL_WARN, NAN,
                    "one of the tables \"interactions\" and \"customers\" has dates and the other one "
                    "numbers, so that nobody can say who was a customer when; date_format under data says "
                    "how dates are written");
    return NULL;
}

PlContacts *pl_contacts_new(const PlKpiRun *run) {
    g_autoptr(PlContacts) c = g_new0(PlContacts, 1);
    c->run = run;
    c->rows = run->study->tables->of[PL_TABLE_INTERACTIONS];
    c->date = pl_records_date(c->rows, "date");
    c->customers = usable_customers(run, c->rows);
    set_time(c);
    c->n = c->customers != NULL ? c->customers->n : pl_records_text(c->rows, "customer")->n_levels;
    c->names = g_new0(const char *, c->n + 1);
    c->there = g_new0(gboolean, c->n + 1);
    c->left = g_new0(gboolean, c->n + 1);
    c->start = g_new0(PlDay, c->n + 1);
    c->end = g_new0(PlDay, c->n + 1);
    if (c->customers != NULL) {
        c->of_row = pl_kpi_join(run->study, c->rows, c->customers, "customer");
        read_customers(c);
    } else {
        c->of_row = g_new(guint, c->rows->n + 1);
        see_customers(c);
    }
    leave_out(c);
    if (!sort_rows(c))
        return NULL;
    find_days(c);
    return g_steal_pointer(&c);
}

void pl_contacts_free(PlContacts *c) {
    if (c == NULL)
        return;
    void *parts[] = {c->names,  c->there,    c->left, c->start,    c->end,
                     c->of_row, c->row_from, c->row,  c->day_from, c->day};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_free(parts[i]);
    g_free(c);
}

gboolean pl_contacts_still(const PlContacts *c, guint i, PlDay day) {
    return c->there[i] && c->start[i] <= day && !(c->left[i] && c->end[i] <= day);
}

char *pl_contacts_day(const PlContacts *c, PlDay day) {
    return pl_day_format(day, c->rows->time_kind);
}

/* The customers' values in place of the rows'; FALSE: a customer has several, and `last` is not wanted. */
static gboolean take_from_rows(const PlContacts *c, const guint *of_row, gboolean last, guint *of) {
    for (guint i = 0; i < c->n; i++) {
        of[i] = PL_NO_LEVEL;
        for (guint k = c->row_from[i]; k < c->row_from[i + 1]; k++) {
            guint value = of_row[c->row[k]];
            if (value == PL_NO_LEVEL)
                continue;
            if (!last && of[i] != PL_NO_LEVEL && of[i] != value)
                return FALSE;
            of[i] = value;
        }
    }
    return TRUE;
}

/* Of the values that some customer has. */
static PlCustomerGroups *make_groups(const PlContacts *c, const char *name, char **values, guint n,
                                     const guint *of) {
    PlCustomerGroups *g = g_new0(PlCustomerGroups, 1);
    g_autofree guint *place = g_new0(guint, n + 1);
    g->name = name;
    g->values = g_new0(char *, n + 1);
    g->of = g_new(guint, c->n + 1);
    for (guint i = 0; i < c->n; i++)
        if (of[i] != PL_NO_LEVEL && c->there[i])
            place[of[i]] = 1;
    for (guint k = 0; k < n; k++)
        if (place[k] > 0) {
            g->values[g->n++] = g_strdup(values[k]);
            place[k] = g->n;
        }
    for (guint i = 0; i < c->n; i++)
        g->of[i] = of[i] != PL_NO_LEVEL && c->there[i] ? place[of[i]] - 1 : PL_NO_LEVEL;
    return g;
}

PlCustomerGroups *pl_customer_groups_new(const PlContacts *c, const char *name) {
    const PlKpiStudy *study = c->run->study;
    g_autoptr(PlKpiGroups) own = pl_kpi_groups_new(study, c->customers, name), contacts = NULL;
    if (own == NULL)
        contacts = pl_kpi_groups_new(study, c->rows, name);
    const PlKpiGroups *from = own != NULL ? own : contacts;
    if (from == NULL || from->n == 0)
        return NULL;
    g_autofree guint *of = g_new(guint, c->n + 1);
    if (own != NULL)
        memcpy(of, own->of_row, c->n * sizeof *of);
    else if (!take_from_rows(c, contacts->of_row, strcmp(name, "rep") == 0, of))
        return NULL;
    return make_groups(c, name, from->values, from->n, of);
}

void pl_customer_groups_free(PlCustomerGroups *g) {
    if (g == NULL)
        return;
    g_strfreev(g->values);
    g_free(g->of);
    g_free(g);
}
