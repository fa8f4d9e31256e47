/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/engagement.h"
#include "pairlift/kpi/stand_out.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/fisher_exact.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/order.h"
#include "pairlift/stats/proportions.h"
#include "pairlift/stats/quantile.h"

/* Customers whose last contact is too long ago. */

/* Customers of the list that are read, and that are listed in the files: nobody calls more. */
enum { LISTED = 20, LIST_MOST = 2000 };

static void fill(const PlEngagement *e, PlFinding *f, PlRate rate) {
    f->n = (guint)rate.trials;
    if (!(rate.trials > 0)) {
        f->reason = g_strdup("no customer is still there");
        return;
    }
    PlLimits limits = pl_wilson(rate, pl_normal_quantile((1 - e->run->conf_level) / 2));
    f->value = rate.successes / rate.trials;
    f->conf_low = limits.low;
    f->conf_high = limits.high;
    f->conf_level = e->run->conf_level;
    if (rate.trials < 2) {
        f->conf_low = f->conf_high = NAN;
        f->reason = g_strdup("one customer has no spread to judge it by");
    }
}

static PlFinding *add(PlEngagement *e) {
    return pl_section_add(e->run->section, NULL, "overdue_share", "Customers overdue for a contact",
                          PL_AMOUNT_SHARE);
}

static double factor_of(const PlEngagement *e) {
    return e->run->study->def->kpis.engagement.overdue;
}

/* How long a customer may wait. */
static double allowed(const PlEngagement *e, guint i) {
    const PlWaiting *w = &e->waiting[i];
    return factor_of(e) * (w->n_gaps >= 2 ? w->usual : e->usual);
}

static gboolean is_overdue(const PlEngagement *e, guint i) {
    return pl_contacts_still(e->c, i, e->c->now) && e->waiting[i].open > allowed(e, i);
}

static PlRate rate_of(const gint8 *late, guint n, double conf_level, PlLimits *limits) {
    PlRate rate = {0};
    for (guint i = 0; i < n; i++) {
        rate.trials += late[i] >= 0;
        rate.successes += late[i] > 0;
    }
    *limits =
        rate.trials > 0 ? pl_wilson(rate, pl_normal_quantile((1 - conf_level) / 2)) : (PlLimits){NAN, NAN};
    return rate;
}

/* Days of data before which customers who are contacted seldom cannot be seen to be overdue: as long as nine
 * in ten may wait. */
static double warm_up(PlEngagement *e) {
    g_autofree double *usual = g_new(double, e->c->n + 1);
    PlQuantile most;
    guint n = 0;
    for (guint i = 0; i < e->c->n; i++)
        if (pl_contacts_still(e->c, i, e->c->now) && e->waiting[i].n_gaps >= 2)
            usual[n++] = e->waiting[i].usual;
    pl_sort(usual, n);
    double wait = pl_quantile(usual, n, 0.9, e->run->conf_level, &most) == PL_OK ? most.value : e->usual;
    return factor_of(e) * fmax(wait, e->usual);
}

static void add_series(PlEngagement *e) {
    const PlContacts *c = e->c;
    const PlBuckets *b = e->b;
    PlEngageRow *row = &e->rows[PL_ENGAGE_OVERDUE];
    if ((guint64)b->n * c->n > 200000000)
        return;
    double warm = warm_up(e);
    g_autofree gint8 *late = pl_overdue_at(c, b->end, b->n, factor_of(e), e->usual);
    row->value = g_new(double, b->n + 1);
    row->low = g_new(double, b->n + 1);
    row->high = g_new(double, b->n + 1);
    for (guint k = 0; k < b->n; k++) {
        PlLimits limits;
        PlRate rate = rate_of(late + (gsize)k * c->n, c->n, e->run->conf_level, &limits);
        gboolean told = b->end[k] - c->first >= warm;
        row->value[k] = told && rate.trials > 0 ? rate.successes / rate.trials : NAN;
        row->low[k] = told ? limits.low : NAN;
        row->high[k] = told ? limits.high : NAN;
    }
}

void pl_engage_overdue(PlEngagement *e) {
    PlRate rate = {0};
    PlFinding *f = e->rows[PL_ENGAGE_OVERDUE].finding = add(e);
    if (isnan(e->usual)) {
        f->reason = g_strdup("the usual gap is not known: too few customers have been contacted twice");
        return;
    }
    for (guint i = 0; i < e->c->n; i++) {
        rate.trials += pl_contacts_still(e->c, i, e->c->now);
        rate.successes += is_overdue(e, i);
    }
    fill(e, f, rate);
    add_series(e);
}

static PlStandOut compare(const PlEngagement *e, PlFinding *f, PlRate own, PlRate others) {
    PlStandOut out = {f, NAN, NAN, FALSE};
    PlInferenceOptions options = {.conf_level = e->run->conf_level, .threads = 1};
    PlFisher test;
    if (!(own.trials > 0 && others.trials > 0))
        return out;
    out.others = others.successes / others.trials;
    out.worse = f->value > out.others;
    PlStatus status = pl_fisher_exact(own, others, &options, &test);
    out.p_value = status == PL_OK ? test.in.p_value : status == PL_NO_VARIANCE ? 1 : NAN;
    return out;
}

typedef struct {
    const PlEngagement *e;
    const PlRate *of;
    guint n;
} Groups;

static void compare_groups(gpointer data, const gboolean *in, PlStandOut *rows) {
    const Groups *g = data;
    PlRate all = {0};
    if (g->n > PL_GROUPS_COMPARED)
        return;
    for (guint k = 0; k < g->n; k++) {
        all.trials += in[k] ? g->of[k].trials : 0;
        all.successes += in[k] ? g->of[k].successes : 0;
    }
    for (guint k = 0; k < g->n; k++) {
        PlRate others = {all.successes - g->of[k].successes, all.trials - g->of[k].trials};
        if (in[k])
            rows[k] = compare(g->e, rows[k].finding, g->of[k], others);
    }
}

static void add_groups(PlEngagement *e, const PlCustomerGroups *g) {
    g_autofree PlRate *of = g_new0(PlRate, g->n + 1);
    for (guint i = 0; i < e->c->n; i++) {
        if (g->of[i] == PL_NO_LEVEL || !pl_contacts_still(e->c, i, e->c->now))
            continue;
        gboolean late = is_overdue(e, i);
        of[g->of[i]].trials++;
        of[g->of[i]].successes += late;
    }
    g_autofree PlStandOut *rows = g_new0(PlStandOut, g->n + 1);
    for (guint k = 0; k < g->n; k++) {
        PlFinding *f = add(e);
        pl_finding_of(f, g->name, g->values[k], NULL);
        f->detail = k >= PL_GROUPS_SHOWN;
        fill(e, f, of[k]);
        if (pl_kpi_is_target(e->run, f->measure))
            pl_kpi_judge(e->run, f);
        rows[k] = (PlStandOut){f, NAN, NAN, FALSE};
    }
    Groups groups = {e, of, g->n};
    pl_engage_say(e, PL_ENGAGE_OVERDUE,
                  pl_kpi_stand_out(e->run, g->name, rows, g->n, "more customers overdue for a contact",
                                   compare_groups, &groups));
}

void pl_engage_overdue_by(PlEngagement *e) {
    for (PlCustomerGroups **g = e->groups; !isnan(e->usual) && *g != NULL; g++)
        add_groups(e, *g);
}

typedef struct {
    guint customer;
    double times; /* the usual gap */
} Late;

static int by_times(const void *a, const void *b) {
    const Late *x = a, *y = b;
    if (x->times != y->times)
        return x->times < y->times ? 1 : -1;
    return (x->customer > y->customer) - (x->customer < y->customer);
}

/* What the reader must know of one of them; NULL: nothing. */
static char *story_of(const PlEngagement *e, guint i) {
    const PlContacts *c = e->c;
    if (c->day_from[i + 1] == c->day_from[i])
        return g_strdup("never contacted: judged by the usual gap of all customers");
    if (e->waiting[i].n_gaps < 2)
        return g_strdup("fewer than 3 contacts: judged by the usual gap of all customers");
    return NULL;
}

/* A row of the list has two columns: how long the customer waits, and how long is usual. */
static void add_late(PlEngagement *e, const PlCustomerGroups *reps, guint i, gboolean detail) {
    static const struct {
        const char *measure, *label;
    } columns[] = {{"overdue_days", "Days since the last contact"},
                   {"usual_gap_days", "Usual gap that it is held against"}};
    const PlContacts *c = e->c;
    double unit = isnan(c->unit_days) ? 1 : c->unit_days,
           values[] = {e->waiting[i].open * unit, allowed(e, i) / factor_of(e) * unit};
    for (gsize k = 0; k < G_N_ELEMENTS(columns); k++) {
        PlFinding *f =
            pl_section_add(e->run->section, NULL, columns[k].measure, columns[k].label, PL_AMOUNT_TOTAL);
        if (reps != NULL && reps->of[i] != PL_NO_LEVEL)
            pl_finding_of(f, "customer", c->names[i], "rep", reps->values[reps->of[i]], NULL);
        else
            pl_finding_of(f, "customer", c->names[i], NULL);
        f->unit = g_strdup(c->unit);
        f->value = values[k];
        f->n = c->day_from[i + 1] - c->day_from[i];
        f->reason = k == 1 ? story_of(e, i) : NULL;
        f->detail = detail;
    }
}

void pl_engage_overdue_list(PlEngagement *e) {
    const PlContacts *c = e->c;
    g_autoptr(PlCustomerGroups) reps = pl_customer_groups_new(c, "rep");
    g_autoptr(GArray) late = g_array_new(FALSE, FALSE, sizeof(Late));
    guint by_all = 0;
    for (guint i = 0; !isnan(e->usual) && i < c->n; i++)
        if (is_overdue(e, i)) {
            Late one = {i, factor_of(e) * e->waiting[i].open / allowed(e, i)};
            by_all += e->waiting[i].n_gaps < 2;
            g_array_append_val(late, one);
        }
    g_array_sort(late, by_times);
    for (guint k = 0; k < late->len && k < LIST_MOST; k++)
        add_late(e, reps, g_array_index(late, Late, k).customer, k >= LISTED);
    if (late->len == 0)
        return;
    if (late->len > LIST_MOST)
        pl_result_check(
            e->run->study->result, "overdue_list", PL_WARN, late->len - LIST_MOST,
            "of %u overdue customers the %d are listed whose last contact is longest ago for what "
            "is usual; all of them count",
            late->len, LIST_MOST);
    g_autofree char *count = pl_format_count(late->len, "customer", "customers"),
                    *factor = pl_format_amount_size(factor_of(e), NAN, PL_AMOUNT_NUMBER, NULL);
    pl_section_say(e->run->section,
                   "%s %s been waiting for a contact for more than %s times as long as usual; %u of them "
                   "had fewer than 3 contacts and %s judged by the usual gap of all customers.",
                   count, late->len == 1 ? "has" : "have", factor, by_all, by_all == 1 ? "is" : "are");
}
