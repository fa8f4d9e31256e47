/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/engagement.h"
#include "pairlift/kpi/stand_out.h"
#include "pairlift/stats/mean_difference.h"
#include "pairlift/stats/student.h"

/* How often customers are contacted. The customer is the unit: contacts of one customer come in series. */

#define YEAR_DAYS 365.25

/* Fewer days say nothing about a year. */
#define YEAR_FROM 90

/* Contacts of some customers, over some exposure each: a period (1), or days. */
typedef struct {
    double n, contacts, exposure, cc, ce, ee; /* sums, and sums of squares and products */
} Tally;

static void add(Tally *t, double contacts, double exposure) {
    t->n++;
    t->contacts += contacts;
    t->exposure += exposure;
    t->cc += contacts * contacts;
    t->ce += contacts * exposure;
    t->ee += exposure * exposure;
}

static Tally without(const Tally *all, const Tally *part) {
    return (Tally){all->n - part->n,
                   all->contacts - part->contacts,
                   all->exposure - part->exposure,
                   all->cc - part->cc,
                   all->ce - part->ce,
                   all->ee - part->ee};
}

/* Contacts per exposure, with the error of a ratio of sums over customers (Cochran 1977, section 6.4). */
static double ratio_of(const Tally *t, double *error) {
    double r = t->contacts / t->exposure, squares = t->cc - 2 * r * t->ce + r * r * t->ee;
    *error = t->n > 1 ? sqrt(fmax(0, squares) * t->n / (t->n - 1)) / t->exposure : NAN;
    return r;
}

static void fill(PlFinding *f, const Tally *t, double scale, double conf_level) {
    double error, r = t->exposure > 0 ? ratio_of(t, &error) : NAN;
    f->n = (guint)t->n;
    f->value = r * scale;
    if (!(t->exposure > 0)) {
        f->reason = g_strdup("nobody was a customer then");
        return;
    }
    if (!(error > 0)) {
        f->reason = g_strdup(t->n > 1 ? "all customers have the same number of contacts"
                                      : "one customer has no spread to judge it by");
        return;
    }
    double reach = pl_student_quantile((1 - conf_level) / 2, t->n - 1) * error;
    f->std_error = error * scale;
    f->conf_level = conf_level;
    f->conf_low = fmax(0, r - reach) * scale;
    f->conf_high = (r + reach) * scale;
}

/* Whether somebody was a customer on any day of a period. */
static gboolean within(const PlContacts *c, guint i, PlDay begin, PlDay end) {
    return c->there[i] && c->start[i] <= end && !(c->left[i] && c->end[i] < begin);
}

/* Contacts of a customer on the days of a period. */
static guint count(const PlContacts *c, guint i, PlDay begin, PlDay end) {
    guint n = 0;
    for (guint k = c->row_from[i]; k < c->row_from[i + 1]; k++) {
        PlDay day = c->date->day[c->row[k]];
        n += day >= begin && day <= end;
    }
    return n;
}

/* [buckets->n] customers and contacts of each period. */
static Tally *tally_periods(const PlEngagement *e) {
    const PlContacts *c = e->c;
    const PlBuckets *b = e->b;
    Tally *t = g_new0(Tally, b->n + 1);
    g_autofree gint64 *change = g_new0(gint64, b->n + 2); /* customers who come less those who go */
    for (guint i = 0; i < c->n; i++) {
        if (!c->there[i] || c->start[i] > b->end[b->n - 1] || (c->left[i] && c->end[i] < b->begin[0]))
            continue;
        guint from = c->start[i] < b->begin[0] ? 0 : pl_bucket_of(b, c->start[i]),
              to = !c->left[i] || c->end[i] > b->end[b->n - 1] ? b->n - 1 : pl_bucket_of(b, c->end[i]);
        change[from]++;
        change[to + 1]--;
        for (guint k = c->row_from[i], next; k < c->row_from[i + 1]; k = next) {
            guint at = pl_bucket_of(b, c->date->day[c->row[k]]);
            for (next = k + 1; next < c->row_from[i + 1] && c->date->day[c->row[next]] <= b->end[at]; next++)
                ;
            t[at].contacts += next - k;
            t[at].cc += (double)(next - k) * (next - k);
        }
    }
    gint64 now = 0;
    for (guint k = 0; k < b->n; k++) {
        now += change[k];
        t[k].n = t[k].exposure = t[k].ee = (double)now;
        t[k].ce = t[k].contacts;
    }
    return t;
}

static PlFinding *add_period(PlEngagement *e) {
    const char *period = e->b->period;
    g_autofree char *label = g_strdup_printf("Contacts a customer and %s", period);
    PlFinding *f =
        pl_section_add(e->run->section, NULL, "interactions_per_customer", label, PL_AMOUNT_NUMBER);
    f->period = g_strdup(e->b->names[e->period]);
    return f;
}

static PlFinding *add_year(PlEngagement *e) {
    return pl_section_add(e->run->section, NULL, "interactions_per_customer_year",
                          "Contacts a customer and year", PL_AMOUNT_NUMBER);
}

/* The last year, or as much of it as there is. */
static PlDay year_from(const PlContacts *c) {
    return MAX(c->first, c->now - (PlDay)floor(YEAR_DAYS / c->unit_days) + 1);
}

/* FALSE: nobody knows how long a year is, or the data are of a few days. */
static gboolean has_year(const PlContacts *c) {
    return !isnan(c->unit_days) && (c->now - year_from(c) + 1) * c->unit_days >= YEAR_FROM;
}

/* Contacts in the last year of a customer, and the time in it as a customer; FALSE: none. */
static gboolean year_of(const PlContacts *c, guint i, double *contacts, double *exposure) {
    PlDay from = MAX(c->start[i], year_from(c));
    if (!within(c, i, from, c->now) || c->end[i] < from)
        return FALSE;
    *exposure = c->end[i] - from + 1;
    *contacts = count(c, i, from, c->now);
    return TRUE;
}

static void add_years(PlEngagement *e) {
    const PlContacts *c = e->c;
    Tally t = {0};
    double contacts, exposure;
    PlFinding *f = add_year(e);
    if (isnan(c->unit_days)) {
        f->reason = g_strdup("it is not known how many of the numbered periods make a year; dates say so");
        return;
    }
    if (!has_year(c)) {
        f->reason =
            g_strdup_printf("the data cover fewer than %d days, which say nothing about a year", YEAR_FROM);
        return;
    }
    for (guint i = 0; i < c->n; i++)
        if (year_of(c, i, &contacts, &exposure))
            add(&t, contacts, exposure);
    fill(f, &t, YEAR_DAYS / c->unit_days, e->run->conf_level);
    g_autofree char *from = pl_contacts_day(c, year_from(c)), *to = pl_contacts_day(c, c->now);
    f->period = g_strdup_printf("%s to %s", from, to);
}

void pl_engage_contacts(PlEngagement *e) {
    g_autofree Tally *t = tally_periods(e);
    PlEngageRow *row = &e->rows[PL_ENGAGE_CONTACTS];
    double half = (1 - e->run->conf_level) / 2;
    row->value = g_new(double, e->b->n + 1);
    row->low = g_new(double, e->b->n + 1);
    row->high = g_new(double, e->b->n + 1);
    for (guint k = 0; k < e->b->n; k++) {
        double error = NAN;
        row->value[k] = t[k].n > 0 ? ratio_of(&t[k], &error) : NAN;
        double reach = t[k].n > 1 ? pl_student_quantile(half, t[k].n - 1) * error : NAN;
        row->low[k] = isnan(reach) ? NAN : fmax(0, row->value[k] - reach);
        row->high[k] = row->value[k] + reach;
    }
    row->finding = add_period(e);
    fill(row->finding, &t[e->period], 1, e->run->conf_level);
    if (e->c->customers == NULL && row->finding->reason == NULL)
        row->finding->reason = g_strdup("without a table of customers these are the customers seen until "
                                        "then, whether they are still there or not");
    add_years(e);
}

/* One group against the others: the difference of two rates, Student's t with the smaller group's degrees of
 * freedom. */
static PlStandOut compare(const PlEngagement *e, PlFinding *f, const Tally *all, const Tally *group,
                          double scale) {
    Tally rest = without(all, group);
    double error, other_error;
    PlStandOut out = {f, NAN, NAN, FALSE};
    PlInferenceOptions options = {.conf_level = e->run->conf_level, .threads = 1};
    PlInference in;
    if (group->n < 2 || rest.n < 2)
        return out;
    double r = ratio_of(group, &error), others = ratio_of(&rest, &other_error);
    out.others = others * scale;
    out.worse = r < others;
    if (pl_infer_difference(r - others, hypot(error, other_error), fmin(group->n, rest.n) - 1, (gsize)all->n,
                            &options, &in) == PL_OK)
        out.p_value = in.p_value;
    return out;
}

typedef struct {
    const PlEngagement *e;
    const Tally *of, *all; /* [n] */
    guint n;
    double scale;
} Groups;

static void compare_groups(gpointer data, const gboolean *in, PlStandOut *rows) {
    const Groups *g = data;
    Tally all = *g->all;
    if (g->n > PL_GROUPS_COMPARED)
        return;
    for (guint k = 0; k < g->n; k++)
        if (!in[k])
            all = without(&all, &g->of[k]);
    for (guint k = 0; k < g->n; k++)
        if (in[k])
            rows[k] = compare(g->e, rows[k].finding, &all, &g->of[k], g->scale);
}

/* The rows of one way to group, of the last period or (`year`) the last year. */
static void add_groups(PlEngagement *e, const PlCustomerGroups *g, gboolean year) {
    const PlContacts *c = e->c;
    PlDay begin = e->b->begin[e->period], end = e->b->end[e->period];
    double scale = year ? YEAR_DAYS / c->unit_days : 1;
    g_autofree Tally *of = g_new0(Tally, g->n + 1);
    Tally all = {0};
    for (guint i = 0; i < c->n; i++) {
        double contacts, exposure = 1;
        if (g->of[i] == PL_NO_LEVEL ||
            !(year ? year_of(c, i, &contacts, &exposure) : within(c, i, begin, end)))
            continue;
        if (!year)
            contacts = count(c, i, begin, end);
        add(&all, contacts, exposure);
        add(&of[g->of[i]], contacts, exposure);
    }
    g_autofree PlStandOut *rows = g_new0(PlStandOut, g->n + 1);
    for (guint k = 0; k < g->n; k++) {
        PlFinding *f = year ? add_year(e) : add_period(e);
        pl_finding_of(f, g->name, g->values[k], NULL);
        f->detail = k >= PL_GROUPS_SHOWN;
        fill(f, &of[k], scale, e->run->conf_level);
        if (!year && pl_kpi_is_target(e->run, f->measure))
            pl_kpi_judge(e->run, f);
        rows[k] = (PlStandOut){f, NAN, NAN, FALSE};
    }
    if (year || !has_year(c)) {
        g_autofree char *with =
            g_strdup_printf("fewer contacts a customer and %s", year ? "year" : e->b->period);
        Groups groups = {e, of, &all, g->n, scale};
        pl_engage_say(e, PL_ENGAGE_CONTACTS,
                      pl_kpi_stand_out(e->run, g->name, rows, g->n, with, compare_groups, &groups));
    }
}

void pl_engage_contacts_by(PlEngagement *e) {
    for (PlCustomerGroups **g = e->groups; *g != NULL; g++) {
        add_groups(e, *g, FALSE);
        if (has_year(e->c))
            add_groups(e, *g, TRUE);
    }
}
