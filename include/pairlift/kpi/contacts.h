/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/buckets.h"

/* Who was a customer when, and on which days each of them was contacted. */
typedef struct {
    const PlKpiRun *run;
    const PlRecords *rows, *customers; /* customers NULL: there is no such table, or it cannot be used */
    const PlField *date;               /* of the rows */
    PlDay first, now;                  /* day of the first contact; day that all is looked at */
    double unit_days;       /* days in a unit of time: 1; 7 where weeks are numbered; NaN: not known */
    const char *unit;       /* of gaps: "days", or "periods" */
    gboolean knows_ends;    /* the table of customers says who has left */
    guint n;                /* customers */
    const char **names;     /* [n] */
    gboolean *there;        /* [n] has become a customer by now */
    gboolean *left;         /* [n] and left by now */
    PlDay *start, *end;     /* [n] first day; the last one, or now */
    guint n_there, n_still; /* customers until now; those who have not left */
    guint n_contacts;       /* that count */
    guint *of_row;          /* [rows->n] index of the customer; PL_NO_LEVEL: does not count */
    guint *row_from, *row;  /* [n + 1]; rows of each customer by day */
    guint *day_from;        /* [n + 1] */
    PlDay *day;             /* days with a contact, each once, by customer */
} PlContacts;

/* Reads them from the interactions and customers. Contacts that do not count (after the day looked at,
 * before the relationship began or after it ended) are told in checks. NULL: no contact counts. Free with
 * pl_contacts_free. */
PlContacts *pl_contacts_new(const PlKpiRun *run);
void pl_contacts_free(PlContacts *contacts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlContacts, pl_contacts_free)

/* Whether customer `i` had become one by the end of day `day`, and had not left by then. */
gboolean pl_contacts_still(const PlContacts *contacts, guint i, PlDay day);
/* A day as text; free with g_free. */
char *pl_contacts_day(const PlContacts *contacts, PlDay day);

/* Customers until now by the values of a column that some of them have. */
typedef struct {
    const char *name; /* "rep" */
    guint n;
    char **values; /* [n] in byte order */
    guint *of;     /* [contacts->n]; PL_NO_LEVEL: no value */
} PlCustomerGroups;

/* By a column of the customers; else of the contacts, where it is the same in all contacts of a customer, or
 * is the rep: then that of the last contact. NULL: it does not tell customers apart. Free with
 * pl_customer_groups_free. */
PlCustomerGroups *pl_customer_groups_new(const PlContacts *contacts, const char *name);
void pl_customer_groups_free(PlCustomerGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCustomerGroups, pl_customer_groups_free)
