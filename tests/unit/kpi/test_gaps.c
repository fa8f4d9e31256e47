/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/gaps.h"
#include "pairlift/stats/rng.h"

/* Waiting, counted day by day. */

enum { CUSTOMERS = 40, DAYS = 400 };

/* Contacts at random, every 5 to 40 days or so; a third of the customers leave. */
static KpiText random_contacts(guint64 seed) {
    g_autoptr(GString) contacts = g_string_new("customer,date\n");
    g_autoptr(GString) customers = g_string_new("customer,start,end\n");
    PlDay first = pl_day_from_ymd(2023, 1, 1);
    for (guint i = 0; i < CUSTOMERS; i++) {
        PlRng rng = pl_rng_stream(seed, i);
        PlDay start = first + (PlDay)(pl_rng_uniform(&rng) * 200) - 50, end = first + DAYS - 1;
        double rate = 5 + 35 * pl_rng_uniform(&rng);
        gboolean leaves = i % 3 == 0;
        if (leaves)
            end = MAX(start, first) + 30 + (PlDay)(pl_rng_uniform(&rng) * 100);
        g_autofree char *from = pl_day_format(start, PL_TIME_DATE), *to = pl_day_format(end, PL_TIME_DATE);
        g_string_append_printf(customers, "c%u,%s,%s\n", i, from, leaves ? to : "");
        for (PlDay day = MAX(start, first); day <= end;
             day += (PlDay)(-rate * log1p(-pl_rng_uniform(&rng)))) {
            g_autofree char *text = pl_day_format(day, PL_TIME_DATE);
            if (i > 0) /* one customer is never contacted */
                g_string_append_printf(contacts, "c%u,%s\n", i, text);
            if (day + 1 > end || (i % 7 == 1 && day > first + 250))
                break;
            day++;
        }
    }
    return kpi_text("experiment: test\ndata:\n"
                    "  - {table: interactions, file: contacts.csv, duplicates: keep}\n"
                    "  - {table: customers, file: customers.csv}\n"
                    "kpis: {as_of: 2024-02-04, engagement: {target: 1}}\n",
                    "contacts.csv", contacts->str, "customers.csv", customers->str, NULL);
}

/* The study that pl_kpis_add makes of it, for the functions below it. */
typedef struct {
    PlKpiStudy study;
    PlKpiRun run;
    PlResult *result;
    GHashTable *joined;
    PlSection *section;
    PlContacts *c;
    PlBuckets *b;
} Case;

static void begin(Case *k, const KpiText *t) {
    cr_assert_not_null(t->result, "%s", t->message);
    k->result = pl_result_new();
    k->joined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    k->section = pl_section_new("engagement", "Engagement");
    k->study = (PlKpiStudy){.def = t->def, .tables = &t->tables, .result = k->result, .joined = k->joined};
    cr_assert(pl_day_parse_iso("2024-02-04", 10, &k->study.as_of));
    k->run = (PlKpiRun){
        .study = &k->study, .goal = &t->def->kpis.engagement.goal, .section = k->section, .conf_level = .95};
    k->c = pl_contacts_new(&k->run);
    cr_assert_not_null(k->c);
    k->b = pl_buckets_new(&k->run, k->c->rows, k->c->date);
}

static void end(Case *k) {
    pl_contacts_free(k->c);
    pl_buckets_free(k->b);
    pl_section_free(k->section);
    pl_result_free(k->result);
    g_hash_table_unref(k->joined);
}

static gboolean contacted(const PlContacts *c, guint i, PlDay day) {
    for (guint k = c->day_from[i]; k < c->day_from[i + 1]; k++)
        if (c->day[k] == day)
            return TRUE;
    return FALSE;
}

static guint count_days(const PlContacts *c, guint i) {
    return c->day_from[i + 1] - c->day_from[i];
}

/* Day by day: how many wait for their t-th day in a period, and how many of them are contacted on it. */
static double half_by_days(const PlContacts *c, PlDay from, PlDay to) {
    static double risk[2 * DAYS], got[2 * DAYS];
    memset(risk, 0, sizeof risk);
    memset(got, 0, sizeof got);
    for (guint i = 0; i < c->n; i++) {
        PlDay last = PL_NO_DAY;
        for (PlDay day = c->first; day <= c->end[i]; day++) {
            gboolean now = contacted(c, i, day);
            if (last != PL_NO_DAY && day >= from && day <= to) {
                double weight = rint(100.0 * (c->end[i] - MAX(c->start[i], c->first) + 1) / count_days(c, i));
                risk[day - last] += weight;
                got[day - last] += now ? weight : 0;
            }
            last = now ? day : last;
        }
    }
    double left = 1;
    for (int t = 0; t < 2 * DAYS; t++) {
        left *= got[t] > 0 ? 1 - got[t] / risk[t] : 1;
        if (left <= 0.5 + 1e-9)
            return t;
    }
    return NAN;
}

Test(kpi_gaps, the_gap_of_a_period_is_that_of_the_days_within_it) {
    g_auto(KpiText) t = random_contacts(5);
    Case k;
    guint known = 0;
    begin(&k, &t);
    g_autofree double *half = pl_gap_by_period(k.c, k.b);
    for (guint p = 0; p < k.b->n; p++) {
        double is = half[p], wanted = half_by_days(k.c, k.b->begin[p], k.b->end[p]);
        cr_assert(isnan(wanted) ? isnan(is) : is == wanted, "%s: %g, not %g", k.b->names[p], is, wanted);
        known += !isnan(wanted);
    }
    cr_assert(gt(u32, known, 8));
    end(&k);
}

/* The gaps of a customer up to a day, sorted. */
static guint gaps_until(const PlContacts *c, guint i, PlDay day, double *gaps, PlDay *last) {
    guint n = 0;
    *last = PL_NO_DAY;
    for (PlDay at = c->first; at <= day; at++) {
        if (!contacted(c, i, at))
            continue;
        if (*last != PL_NO_DAY) {
            guint k = n++;
            for (; k > 0 && gaps[k - 1] > at - *last; k--)
                gaps[k] = gaps[k - 1];
            gaps[k] = at - *last;
        }
        *last = at;
    }
    return n;
}

static double middle(const double *sorted, guint n) {
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

Test(kpi_gaps, overdue_as_judged_on_the_day) {
    g_auto(KpiText) t = random_contacts(6);
    Case k;
    guint late_ones = 0;
    begin(&k, &t);
    const PlContacts *c = k.c;
    g_autofree gint8 *late = pl_overdue_at(c, k.b->end, k.b->n, 2, 17);
    for (guint p = 0; p < k.b->n; p++)
        for (guint i = 0; i < c->n; i++) {
            double gaps[DAYS];
            PlDay last, day = k.b->end[p];
            guint n = gaps_until(c, i, day, gaps, &last);
            gboolean there = c->start[i] <= day && !(c->left[i] && c->end[i] <= day);
            double open = day - (last != PL_NO_DAY ? last : MAX(c->start[i], c->first)),
                   usual = n >= 2 ? middle(gaps, n) : 17;
            int wanted = !there ? -1 : open > 2 * usual;
            cr_assert(eq(int, late[p * c->n + i], wanted), "%s, %s", c->names[i], k.b->names[p]);
            late_ones += wanted == 1;
        }
    cr_assert(gt(u32, late_ones, 20));
    end(&k);
}

/* 10, 20 and 40 days; open 15: shorter than the usual 20, says nothing; open 30: counts; nothing at all. */
Test(kpi_gaps, an_open_gap_counts_once_it_is_longer_than_usual) {
    g_auto(KpiText) t =
        kpi_text("experiment: test\ndata:\n"
                 "  - {table: interactions, file: contacts.csv}\n"
                 "  - {table: customers, file: customers.csv}\n"
                 "kpis: {as_of: 2024-02-04, engagement: {target: 1}}\n",
                 "contacts.csv",
                 "customer,date\na,2023-10-01\na,2023-10-11\na,2023-10-31\na,2023-12-10\n"
                 "b,2023-10-01\n",
                 "customers.csv", "customer,start\na,2023-10-01\nb,2023-09-01\nc,2023-11-01\n", NULL);
    Case k;
    double work[8];
    begin(&k, &t);
    PlDay from = k.c->first, last = pl_day_from_ymd(2023, 12, 10);
    PlWaiting w = pl_waiting(k.c, 0, from, last + 15, work);
    cr_assert(w.known && w.n_gaps == 3 && w.usual == 20 && w.gap == 20 && w.open == 15);
    w = pl_waiting(k.c, 0, from, last + 30, work); /* 10, 20, 30+ and 40 */
    cr_assert(w.usual == 20 && w.gap == 25 && w.open == 30);
    w = pl_waiting(k.c, 0, from, last + 100, work); /* 10, 20, 40 and 100+ */
    cr_assert(w.gap == 30);
    w = pl_waiting(k.c, 0, from + 5, last, work); /* from the second contact on: 20 and 40 */
    cr_assert(w.n_gaps == 2 && w.usual == 30 && w.open == 0);
    w = pl_waiting(k.c, 1, from, from + 50, work);
    cr_assert(w.gap == 50 && w.n_gaps == 0 && isnan(w.usual) && !w.known);
    w = pl_waiting(k.c, 2, k.c->start[2], k.c->start[2] + 9, work);
    cr_assert(w.gap == 9 && !w.known);
    end(&k);
}
