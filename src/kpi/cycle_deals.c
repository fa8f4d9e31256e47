/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_deals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairlift/model/numbers.h"

const char *const pl_deal_states[PL_N_DEAL_STATES] = {"won", "lost", "closed", "open"};

/* Days of a week, and months of its number: 52 weeks make 12 months. */
#define WEEK_DAYS        7
#define MONTHS_OF_A_WEEK (12. / 52)

/* The last day that the table speaks of, for numbers of periods, which the study's as-of is not of. */
static PlDay last_period(const PlRecords *r, const PlField *opened, const PlField *closed) {
    PlDay last = PL_NO_DAY;
    for (guint i = 0; i < r->n; i++) {
        last = MAX(last, opened->day[i]);
        if (closed != NULL)
            last = MAX(last, closed->day[i]);
    }
    return last;
}

static PlDealState state_of(const PlDeals *d, const PlField *outcome, guint row) {
    PlDay closed = d->closed != NULL ? d->closed->day[row] : PL_NO_DAY;
    if (closed == PL_NO_DAY || closed > d->as_of)
        return PL_DEAL_OPEN;
    const char *word =
        outcome != NULL && outcome->level[row] != PL_NO_LEVEL ? outcome->levels[outcome->level[row]] : "";
    return strcmp(word, "won") == 0 ? PL_DEAL_WON : strcmp(word, "lost") == 0 ? PL_DEAL_LOST : PL_DEAL_CLOSED;
}

/* Longer than this no sale takes; up to it rows are ordered by counting, as lengths are whole numbers. */
#define LENGTH_MOST 4000000
#define LEFT_OUT    (-1)

static int by_length(const void *a, const void *b, void *data) {
    const gint64 *length = data;
    guint i = *(const guint *)a, k = *(const guint *)b;
    return length[i] != length[k] ? (length[i] > length[k] ? 1 : -1) : (i > k) - (i < k);
}

/* Rows ascending by length. `length` [records->n]. */
static void order_rows(PlDeals *d, const gint64 *length, gint64 longest) {
    guint n = d->records->n;
    gboolean counts = longest <= LENGTH_MOST;
    g_autofree guint *next = g_new0(guint, counts ? (gsize)longest + 2 : 1);
    d->row = g_new(guint, n + 1);
    for (guint i = 0; i < n; i++)
        if (length[i] != LEFT_OUT) {
            d->row[d->n++] = i;
            if (counts)
                next[length[i] + 1]++;
        }
    if (!counts) {
        g_qsort_with_data(d->row, (gint)d->n, sizeof *d->row, by_length, (gpointer)length);
        return;
    }
    for (gint64 k = 0; k <= longest; k++)
        next[k + 1] += next[k];
    for (guint i = 0; i < n; i++)
        if (length[i] != LEFT_OUT)
            d->row[next[length[i]]++] = i;
}

static void tell_later(const PlDeals *d, const PlField *opened, guint n, guint first) {
    if (n == 0)
        return;
    g_autofree char *place = pl_records_place(d->records, first), *as_of = pl_deals_as_of(d),
                    *day = pl_day_format(opened->day[first], d->records->time_kind),
                    *count = pl_format_count(n, "deal", "deals");
    pl_result_check(d->run->study->result, "opened_later", PL_WARN, n,
                    "%s: opened on %s, after %s, the day that the report is made for; %s left out", place,
                    day, as_of, count);
}

static void tell_earlier(const PlDeals *d, guint n) {
    if (n == 0)
        return;
    g_autofree char *count = pl_format_count(n, "deal", "deals");
    pl_result_check(d->run->study->result, "opened_earlier", PL_PASS, n,
                    "%s opened before %s left out, as kpis.sales_cycle.since says", count,
                    d->run->study->def->kpis.sales_cycle.since);
}

/* Units of time: days, or numbers of periods. */
static void set_unit(PlDeals *d, const PlField *opened, double *factor) {
    gboolean weeks = d->records->time_kind == PL_TIME_NUMBER && pl_step_named(opened->column) == PL_STEP_WEEK;
    *factor = weeks ? WEEK_DAYS : 1;
    d->unit = d->records->time_kind == PL_TIME_DATE || weeks ? "days" : "periods";
    d->months_a_unit = weeks ? MONTHS_OF_A_WEEK : NAN;
}

/* The first day of which deals are looked at. */
static PlDay since_of(const PlDeals *d) {
    const char *text = d->run->study->def->kpis.sales_cycle.since;
    PlDay day = G_MININT32;
    if (text != NULL && d->records->time_kind == PL_TIME_DATE)
        (void)pl_day_parse_iso(text, strlen(text), &day);
    else if (text != NULL)
        pl_result_check(d->run->study->result, "since_not_used", PL_WARN, NAN,
                        "kpis.sales_cycle.since is a day, but the table \"opportunities\" has numbers of "
                        "periods: all deals are looked at");
    return day;
}

/* Lengths of the rows and the deals that are left out. Returns the longest. */
static gint64 measure(PlDeals *d, const PlField *opened, gint64 *length) {
    guint later = 0, first_later = 0, earlier = 0;
    PlDay since = since_of(d);
    gint64 longest = 0;
    d->first_opened = G_MAXINT32;
    for (guint i = d->records->n; i-- > 0;) {
        PlDay open = opened->day[i];
        length[i] = LEFT_OUT;
        if (open < since) {
            earlier++;
            continue;
        }
        if (open > d->as_of) {
            later++;
            first_later = i;
            continue;
        }
        PlDay closed = d->closed != NULL ? d->closed->day[i] : PL_NO_DAY;
        PlDay until = closed == PL_NO_DAY || closed > d->as_of ? d->as_of : closed;
        length[i] = MAX((gint64)until - open, 0);
        longest = MAX(longest, length[i]);
        d->first_opened = MIN(d->first_opened, open);
    }
    tell_later(d, opened, later, first_later);
    tell_earlier(d, earlier);
    return longest;
}

static int ascending(const void *a, const void *b) {
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

static gboolean is_told(const PlDeals *d, guint deal) {
    return d->state[deal] == PL_DEAL_WON || d->state[deal] == PL_DEAL_LOST;
}

/* Whose deals they are, where that makes a difference: a deal without a customer is one's own. */
static void find_customers(PlDeals *d) {
    const PlField *id = pl_records_text(d->records, "customer");
    gboolean several = FALSE;
    if (id == NULL)
        return;
    g_autofree guint8 *seen = g_new0(guint8, id->n_levels + 1);
    d->customer = g_new(guint, d->n + 1);
    d->n_customers = id->n_levels;
    for (guint k = 0; k < d->n; k++) {
        guint level = id->level[d->row[k]];
        d->customer[k] = level != PL_NO_LEVEL ? level : d->n_customers++;
        if (level == PL_NO_LEVEL || !is_told(d, k))
            continue;
        several = several || seen[level];
        seen[level] = TRUE;
    }
    if (!several)
        g_clear_pointer(&d->customer, g_free);
}

PlDealTally *pl_deal_tallies(const PlDeals *d, const PlDealSet *set, guint *n) {
    g_autofree guint64 *keys = g_new(guint64, set->n + 1); /* customer, and whether the deal is won */
    PlDealTally *out = g_new(PlDealTally, set->n + 1);
    guint m = 0;
    *n = 0;
    for (guint k = 0; k < set->n; k++) {
        guint deal = set->at[k];
        if (is_told(d, deal))
            keys[m++] =
                2 * (guint64)(d->customer != NULL ? d->customer[deal] : 0) + (d->state[deal] == PL_DEAL_WON);
    }
    qsort(keys, m, sizeof *keys, ascending);
    for (guint k = 0; k < m; k++) {
        guint customer = (guint)(keys[k] / 2);
        if (*n == 0 || out[*n - 1].customer != customer)
            out[(*n)++] = (PlDealTally){.customer = customer};
        out[*n - 1].won += (double)(keys[k] % 2);
        out[*n - 1].closed++;
    }
    return out;
}

PlDeals *pl_deals_new(const PlKpiRun *run) {
    PlDeals *d = g_new0(PlDeals, 1);
    const PlRecords *r = d->records = run->study->tables->of[PL_TABLE_OPPORTUNITIES];
    const PlField *opened = pl_records_date(r, "opened"), *outcome = pl_records_text(r, "outcome"),
                  *amount = pl_records_number(r, "amount");
    double factor;
    d->run = run;
    d->closed = pl_records_date(r, "closed");
    d->as_of = r->time_kind == PL_TIME_DATE ? run->study->as_of : last_period(r, opened, d->closed);
    set_unit(d, opened, &factor);
    g_autofree gint64 *length = g_new(gint64, r->n + 1);
    order_rows(d, length, measure(d, opened, length));
    d->days = g_new(double, d->n + 1);
    d->state = g_new(guint8, d->n + 1);
    d->amount = amount != NULL ? g_new(double, d->n + 1) : NULL;
    for (guint k = 0; k < d->n; k++) {
        guint row = d->row[k];
        d->days[k] = factor * (double)length[row];
        d->state[k] = (guint8)state_of(d, outcome, row);
        d->n_state[d->state[k]]++;
        d->longest = d->days[k];
        if (amount != NULL)
            d->amount[k] = amount->number[row];
    }
    find_customers(d);
    return d;
}

void pl_deals_free(PlDeals *d) {
    if (d == NULL)
        return;
    g_free(d->row);
    g_free(d->days);
    g_free(d->state);
    g_free(d->amount);
    g_free(d->customer);
    g_free(d);
}

PlDealSets *pl_deal_sets_of(const PlDeals *d, const guint *index, guint n) {
    PlDealSets *s = g_new0(PlDealSets, 1);
    g_autofree guint *next = g_new0(guint, n + 2);
    s->n = n;
    s->sets = g_new0(PlDealSet, n + 1);
    s->at = g_new(guint, d->n + 1);
    for (guint k = 0; k < d->n; k++)
        if (index[k] != PL_NO_LEVEL)
            next[index[k] + 1]++;
    for (guint g = 0; g < n; g++) {
        s->sets[g].n = next[g + 1];
        s->sets[g].at = s->at + next[g];
        next[g + 1] += next[g];
    }
    for (guint k = 0; k < d->n; k++)
        if (index[k] != PL_NO_LEVEL)
            s->at[next[index[k]]++] = k;
    return s;
}

PlDealSets *pl_deal_sets_all(const PlDeals *d) {
    g_autofree guint *index = g_new0(guint, d->n + 1);
    return pl_deal_sets_of(d, index, 1);
}

PlDealSets *pl_deal_sets_by(const PlDeals *d, PlKpiGroups *groups) {
    g_autofree guint *index = g_new(guint, d->n + 1);
    for (guint k = 0; k < d->n; k++)
        index[k] = groups->of_row[d->row[k]];
    PlDealSets *s = pl_deal_sets_of(d, index, groups->n);
    s->groups = groups;
    for (guint g = 0; g < groups->n; g++) {
        s->sets[g].role = groups->name;
        s->sets[g].value = groups->values[g];
    }
    return s;
}

void pl_deal_sets_free(PlDealSets *s) {
    if (s == NULL)
        return;
    g_free(s->sets);
    g_free(s->at);
    pl_kpi_groups_free(s->groups);
    g_free(s);
}

char *pl_deals_as_of(const PlDeals *d) {
    return pl_day_format(d->as_of, d->records->time_kind);
}
