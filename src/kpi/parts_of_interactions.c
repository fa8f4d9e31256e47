/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/contacts.h"
#include "pairlift/kpi/parts_of.h"
#include "pairlift/model/kpi_metrics.h"

/* Store-days for which there is room: a mistyped year makes more of them than any chain has. */
#define CELLS_MOST 50000000

static void add_solved(const PlPartsOf *of, const PlContacts *c) {
    const PlField *solved = pl_part_field(of, "solved");
    for (guint i = 0; solved != NULL && i < of->records->n; i++)
        if (solved->level[i] != PL_NO_LEVEL && c->of_row[i] != PL_NO_LEVEL)
            pl_part_add(of, i, c->date->day[i], solved->level[i] == 1, 1);
}

/* Several contacts on a day are one. */
static void add_gaps(const PlPartsOf *of, const PlContacts *c) {
    for (guint i = 0; i < c->n; i++)
        for (guint k = c->row_from[i] + 1; k < c->row_from[i + 1]; k++) {
            guint before = c->row[k - 1], row = c->row[k];
            if (c->date->day[before] != c->date->day[row])
                pl_part_add(of, row, c->date->day[row], (double)c->date->day[row] - c->date->day[before], 1);
        }
}

/* How many customers each store has, day by day. */
typedef struct {
    PlDay first, last;
    gsize n_days;
    double *change; /* [store * (n_days + 1) + day] */
} Census;

/* The days that count: those of the periods within the data. FALSE with a fault: too many of them. */
static gboolean set_days(const PlPartsOf *of, const PlContacts *c, Census *census) {
    const PlPeriods *p = &of->study->def->periods;
    const PlPeriod *const periods[] = {&p->before, &p->during, &p->after};
    PlDay first = G_MAXINT32, last = PL_NO_DAY;
    for (gsize i = 0; i < G_N_ELEMENTS(periods); i++)
        if (periods[i]->given) {
            first = MIN(first, periods[i]->first);
            last = MAX(last, periods[i]->last);
        }
    census->first = last >= first ? MAX(first, c->first) : c->first;
    census->last = last >= first ? MIN(last, c->now) : c->now;
    gint64 n = MAX((gint64)census->last - census->first + 1, 0);
    census->n_days = (gsize)n;
    if (n * (of->out->n_stores + 1) <= CELLS_MOST)
        return TRUE;
    g_autofree char *from = pl_contacts_day(c, census->first), *to = pl_contacts_day(c, census->last);
    pl_diagnostics_add(
        of->faults, of->study->def->file, pl_definition_pos(of->study->def, &of->metric->kpi),
        "is a year mistyped?",
        "metric \"%s\": %u stores on every day from %s to %s are too many to count customers of",
        of->metric->name, of->out->n_stores, from, to);
    return FALSE;
}

static void count_customer(const Census *census, guint store, PlDay from, PlDay to) {
    PlDay begin = MAX(from, census->first), end = MIN(to, census->last);
    if (store == PL_NO_LEVEL || begin > end)
        return;
    double *change = census->change + store * (census->n_days + 1);
    change[begin - census->first]++;
    change[end - census->first + 1]--;
}

/* [customers] their own store, else that of the first contact. */
static guint *stores_of_customers(const PlPartsOf *of, const PlContacts *c) {
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(PlKpiGroups) own =
        c->customers != NULL ? pl_kpi_groups_new(of->study, c->customers, "store") : NULL;
    guint *store = g_new(guint, c->n + 1);
    for (guint s = 0; s < of->out->n_stores; s++)
        g_hash_table_insert(known, of->out->stores[s], GUINT_TO_POINTER(s + 1));
    for (guint i = 0; i < c->n; i++) {
        store[i] = PL_NO_LEVEL;
        if (own != NULL && own->of_row[i] != PL_NO_LEVEL) {
            guint found = GPOINTER_TO_UINT(g_hash_table_lookup(known, own->values[own->of_row[i]]));
            store[i] = found > 0 ? found - 1 : PL_NO_LEVEL;
        } else if (c->row_from[i] < c->row_from[i + 1]) {
            store[i] = of->store[c->row[c->row_from[i]]];
        }
    }
    return store;
}

/* Contacts over customers there, contacted or not; the same contacts count as in the KPI. */
static void add_contacts(const PlPartsOf *of, const PlContacts *c) {
    Census census = {0};
    if (!set_days(of, c, &census))
        return;
    for (guint k = 0; k < c->n_contacts; k++)
        pl_part_add(of, c->row[k], c->date->day[c->row[k]], 1, 0);
    g_autofree guint *store = stores_of_customers(of, c);
    g_autofree double *change = census.change = g_new0(double, (of->out->n_stores + 1) * (census.n_days + 1));
    for (guint i = 0; i < c->n; i++)
        if (c->there[i])
            count_customer(&census, store[i], c->start[i], c->end[i]);
    for (guint s = 0; s < of->out->n_stores; s++) {
        double n = 0;
        for (gsize d = 0; d < census.n_days; d++) {
            n += change[s * (census.n_days + 1) + d];
            const PlKpiPart part = {s, census.first + (PlDay)d, 0, n};
            if (n > 0)
                g_array_append_val(of->out->parts, part);
        }
    }
}

void pl_parts_of_interactions(const PlPartsOf *of) {
    const PlKpiRun run = {.study = of->study, .goal = &of->study->def->kpis.engagement.goal};
    g_autoptr(PlContacts) c = pl_contacts_new(&run);
    if (c == NULL)
        return;
    if (strcmp(of->metric->of_kpi->measure, "solved_share") == 0)
        add_solved(of, c);
    else if (strcmp(of->metric->of_kpi->measure, "gap_days") == 0)
        add_gaps(of, c);
    else
        add_contacts(of, c);
}
