/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/engagement.h"

#include <math.h>

#include "pairlift/kpi/groups.h"

/* Engagement with existing customers: how often they are contacted, how long they wait, whether a contact
 * solves their problem, who is overdue, and how long they stay. */

static const char *const measures[PL_ENGAGE_MEASURES] = {"interactions_per_customer", "gap_days",
                                                         "solved_share", "overdue_share"};

void pl_engage_say(PlEngagement *e, PlEngageMeasure measure, char *sentence) {
    if (sentence == NULL)
        return;
    if (e->rows[measure].look == NULL && pl_kpi_is_target(e->run, measures[measure]))
        e->rows[measure].look = g_strdup(sentence); /* the headline says it */
    else
        pl_section_say(e->run->section, "%s", sentence);
    g_free(sentence);
}

/* The ways to group customers; names that only tell contacts apart ("kind") are for their shares alone. */
static void find_groups(PlEngagement *e) {
    static const char *const own[] = {"rep", "kind", "region", NULL};
    guint n = 0;
    e->by = pl_kpi_by(e->run, e->c->rows, own);
    e->groups = g_new0(PlCustomerGroups *, g_strv_length(e->by) + 1);
    for (char **name = e->by; *name != NULL; name++) {
        PlCustomerGroups *g = pl_customer_groups_new(e->c, *name);
        if (g != NULL)
            e->groups[n++] = g;
    }
}

static void add_headline(PlEngagement *e) {
    for (int m = 0; m < PL_ENGAGE_MEASURES; m++) {
        const PlEngageRow *row = &e->rows[m];
        PlKpiSeries series = {e->b, row->value, row->low, row->high, FALSE};
        if (pl_kpi_is_target(e->run, measures[m]))
            pl_kpi_headline(e->run, row->finding, row->value != NULL ? &series : NULL, row->look);
    }
}

static void clear(PlEngagement *e) {
    for (int m = 0; m < PL_ENGAGE_MEASURES; m++) {
        g_free(e->rows[m].value);
        g_free(e->rows[m].low);
        g_free(e->rows[m].high);
        g_free(e->rows[m].look);
    }
    for (PlCustomerGroups **g = e->groups; g != NULL && *g != NULL; g++)
        pl_customer_groups_free(*g);
    g_free(e->groups);
    g_strfreev(e->by);
    pl_arena_clear(&e->arena);
}

static void run_all(PlEngagement *e) {
    pl_engage_contacts(e);
    pl_engage_gaps(e);
    pl_engage_overdue(e);
    pl_engage_solved(e);
    pl_engage_length(e);
    find_groups(e);
    pl_engage_contacts_by(e);
    pl_engage_gaps_by(e);
    pl_engage_overdue_by(e);
    pl_engage_solved_by(e);
    pl_engage_staying(e);
    pl_engage_overdue_list(e);
    add_headline(e);
}

void pl_kpi_engagement(const PlKpiRun *run) {
    g_autoptr(PlContacts) c = pl_contacts_new(run);
    g_autoptr(PlBuckets) b = c != NULL ? pl_buckets_new(run, c->rows, c->date) : NULL;
    if (b == NULL) {
        PlFinding *f = pl_kpi_missing(run, run->goal->measure, "Engagement", PL_AMOUNT_NUMBER,
                                      "no contact of a known customer lies within the time that the report "
                                      "looks at, or a year is mistyped");
        pl_kpi_headline(run, f, NULL, NULL);
        return;
    }
    g_autofree PlWaiting *waiting = pl_waiting_all(c);
    PlEngagement e = {.run = run, .c = c, .b = b, .waiting = waiting, .usual = NAN};
    e.period = b->last > b->first ? b->last - 1 : b->n - 1;
    run_all(&e);
    clear(&e);
}
