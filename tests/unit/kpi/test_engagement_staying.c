/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/stats/rng.h"

/* Gaps, overdue customers, lengths and staying of customers in number, against R, and where nothing is true.
 */

#define YAML                                                                                                 \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: interactions, file: contacts.csv}\n"                                                        \
    "  - {table: customers, file: customers.csv}\n"

/* The customers of tests/reference/kpi/engagement.R. */
static KpiText made_up(const char *keys) {
    enum { CUSTOMERS = 240, NOW = 729 };
    static const int rhythm[] = {30, 60, 90, 120, 180};
    g_autoptr(GString) contacts = g_string_new("customer,date\n");
    g_autoptr(GString) customers = g_string_new("customer,start,end,rep\n");
    PlDay zero = pl_day_from_ymd(2022, 1, 1);
    for (int i = 0; i < CUSTOMERS; i++) {
        int start = i * 37 % 601, gap = rhythm[i % 5] + i * 11 % 9 - 4, rep = i * 5 % 7 % 3,
            life = 120 + i * 173 % 700 + (i % 5 == 2 ? 500 : 0);
        gboolean left = i % 4 != 0 && start + life <= NOW;
        int end = left ? start + life : NOW;
        g_autofree char *from = pl_day_format(zero + start, PL_TIME_DATE),
                        *to = pl_day_format(zero + end, PL_TIME_DATE);
        g_string_append_printf(customers, "c%d,%s,%s,r%d\n", i, from, left ? to : "", rep);
        for (int k = 1, day = start; day <= end; k++, day += gap) {
            g_autofree char *date = pl_day_format(zero + day, PL_TIME_DATE);
            if (rep != 2 || day < 500 || k % 3 == 0)
                g_string_append_printf(contacts, "c%d,%s\n", i, date);
        }
    }
    g_autofree char *yaml = g_strdup_printf(YAML "kpis: {as_of: 2023-12-31, engagement: {%s}}\n", keys);
    return kpi_text(yaml, "contacts.csv", contacts->str, "customers.csv", customers->str, NULL);
}

static const PlFinding *of(const KpiText *t, const char *measure, const char *group) {
    return kpi_find(t, "engagement", measure, group);
}

static void expect(const PlFinding *f, double value, double low, double high) {
    cr_assert(epsilon_eq(dbl, f->value, value, 1e-9), "%s: %.12g", f->measure, f->value);
    cr_assert(epsilon_eq(dbl, f->conf_low, low, 1e-9), "%s: %.12g", f->measure, f->conf_low);
    cr_assert(epsilon_eq(dbl, f->conf_high, high, 1e-9), "%s: %.12g", f->measure, f->conf_high);
}

Test(engagement_staying, gaps_and_groups_match_r) {
    g_auto(KpiText) t = made_up("measure: gap_days, target: 90, by: [rep]");
    expect(of(&t, "gap_days", NULL), 91, 89, 94);
    static const double gap[] = {90, 91, 94}, p[] = {0.0524773035666, 0.272453861079, 0.00194036868156},
                        adjusted[] = {1, 1, 0.00582110604468}, late[] = {0, 0, 9.0 / 46},
                        p_late[] = {0.009615322, 0.08938004, 1.101369e-05};
    static const char *const reps[] = {"r0", "r1", "r2"};
    for (gsize r = 0; r < 3; r++) {
        const PlFinding *f = of(&t, "gap_days", reps[r]), *g = of(&t, "overdue_share", reps[r]);
        cr_assert(epsilon_eq(dbl, f->value, gap[r], 1e-9));
        cr_assert(epsilon_eq(dbl, f->p_value, p[r], 1e-10));
        /* r2 is taken out; r0 and r1 against each other are alike */
        cr_assert(epsilon_eq(dbl, f->p_adjusted, adjusted[r], 1e-10), "%s: %.12g", reps[r], f->p_adjusted);
        cr_assert(epsilon_eq(dbl, g->value, late[r], 1e-12));
        cr_assert(epsilon_eq(dbl, g->p_value, p_late[r], 1e-8));
    }
    cr_assert(epsilon_eq(dbl, of(&t, "overdue_share", NULL)->value, 9.0 / 165, 1e-12));
    cr_assert(kpi_says(&t, "engagement", "1 stands out with a longer usual gap: r2, 94 days"));
    cr_assert(kpi_says(&t, "engagement", "1 stands out with more customers overdue for a contact: r2"));
    expect(of(&t, "interactions_per_customer_year", NULL), 4.90468197448, 4.42251162197, 5.38685232699);
}

Test(engagement_staying, lengths_match_r) {
    g_auto(KpiText) t = made_up("target: 1");
    const PlFinding *f = of(&t, "relationship_days", NULL);
    cr_assert(isnan(f->value));
    cr_assert(epsilon_eq(dbl, f->conf_low, 569, 1e-9));
    cr_assert(isnan(f->conf_high));
    expect(of(&t, "retention_12_months", NULL), 0.721788405045, 0.660764918682, 0.788447580868);
}

Test(engagement_staying, bands_and_rank_correlation_match_r) {
    g_auto(KpiText) t = made_up("target: 1, first_months: 6");
    static const struct {
        const char *band;
        guint n;
        double value, low, high, p, adjusted;
    } wanted[] = {
        {"every month", 37, 0.578481723183, 0.422135686495, 0.792733509065, 0.289222237625, 0.738738265669},
        {"every 2 months", 35, 0.467690870991, 0.291633921672, 0.750031922058, 0.154711254679,
         0.618845018716},
        {"every 4 months", 39, 0.553170966964, 0.389316362663, 0.785988332468, 0.331603115797,
         0.738738265669},
        {"every 6 months", 33, 0.541710006241, 0.366468701589, 0.800749776417, 0.246246088556,
         0.738738265669},
        {"under 2 contacts", 16, 0.318181818182, 0.0726356321988, 1, NAN, NAN}};
    for (gsize k = 0; k < G_N_ELEMENTS(wanted); k++) {
        const PlFinding *f = of(&t, "retention_by_gap", wanted[k].band);
        expect(f, wanted[k].value, wanted[k].low, wanted[k].high);
        cr_assert(eq(u32, f->n, wanted[k].n));
        if (isnan(wanted[k].p)) { /* 16 customers: fewer than 5 losses expected */
            cr_assert(isnan(f->p_value) && isnan(f->p_adjusted));
            continue;
        }
        cr_assert(epsilon_eq(dbl, f->p_value, wanted[k].p, 1e-10));
        cr_assert(epsilon_eq(dbl, f->p_adjusted, wanted[k].adjusted, 1e-10));
    }
    const PlFinding *best = of(&t, "retention_by_gap", "every 3 months");
    cr_assert(eq(dbl, best->value, 1)); /* nobody left: R's interval [1, 1] would claim certainty */
    cr_assert(lt(dbl, best->conf_low, 0.95));
    cr_assert(epsilon_eq(dbl, best->p_value, 3.85529754676e-06, 1e-14));
    expect(of(&t, "frequency_and_staying", NULL), 0.0194350868101, -0.157613458647, 0.195273074212);
    cr_assert(kpi_says(&t, "engagement", "contacted about once every three months stayed longest"));
    cr_assert(kpi_says(&t, "engagement", "It cannot be told whether customers who are contacted more often"));
    const PlCheck *check = kpi_check(&t, "gap_and_staying");
    cr_assert(eq(dbl, check->value, 204));
    cr_assert_not_null(strstr(check->message, "15 who left within that time"), "%s", check->message);
    cr_assert_not_null(strstr(check->message, "21 who are not there"), "%s", check->message);
}

/* Each band's curve starts at 1 and ends at its last row. */
Test(engagement_staying, curves) {
    g_auto(KpiText) t = made_up("target: 1, first_months: 6");
    const PlSection *s = kpi_section(&t, "engagement");
    guint n = 0;
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        if (!g_str_equal(c->name, "retention_by_gap"))
            continue;
        n++;
        cr_assert(c->steps);
        cr_assert(all(eq(dbl, c->x[0], 0), eq(dbl, c->y[0], 1)));
        for (guint k = 1; k < c->n; k++)
            cr_assert(c->x[k] >= c->x[k - 1] && c->y[k] <= c->y[k - 1]);
    }
    cr_assert(eq(u32, n, 6));
}

/* Customers whose gap says nothing about how long they stay: in about one data set in twenty at most may a
 * band be said to stay longer (three standard errors of 150: 5.3 %), and no more the rank correlation. */
Test(engagement_staying, says_nothing_where_nothing_is_true) {
    enum { SETS = 150, CUSTOMERS = 150 };
    guint bands = 0, correlations = 0;
    for (guint set = 0; set < SETS; set++) {
        g_autoptr(GString) contacts = g_string_new("customer,date\n");
        g_autoptr(GString) customers = g_string_new("customer,start,end\n");
        PlDay zero = pl_day_from_ymd(2022, 1, 1), now = zero + 729;
        for (guint i = 0; i < CUSTOMERS; i++) {
            PlRng rng = pl_rng_stream(set, i);
            PlDay start = zero + (PlDay)(400 * pl_rng_uniform(&rng)),
                  end = start + (PlDay)(-600 * log1p(-pl_rng_uniform(&rng)));
            double gap = 20 + 130 * pl_rng_uniform(&rng);
            g_autofree char *from = pl_day_format(start, PL_TIME_DATE),
                            *to = pl_day_format(end, PL_TIME_DATE);
            g_string_append_printf(customers, "%u,%s,%s\n", i, from, end <= now ? to : "");
            for (PlDay day = start; day <= MIN(end, now);
                 day += (PlDay)ceil(gap * (0.6 + 0.8 * pl_rng_uniform(&rng)))) {
                g_autofree char *date = pl_day_format(day, PL_TIME_DATE);
                g_string_append_printf(contacts, "%u,%s\n", i, date);
            }
        }
        g_auto(KpiText) t = kpi_text(YAML "kpis: {as_of: 2023-12-31, engagement: {target: 1}}\n",
                                     "contacts.csv", contacts->str, "customers.csv", customers->str, NULL);
        bands += kpi_says(&t, "engagement", "in which the gap was measured");
        correlations += of(&t, "frequency_and_staying", NULL)->p_value <= .05;
    }
    cr_assert(le(u32, bands, 15), "%u", bands);
    cr_assert(le(u32, correlations, 15), "%u", correlations);
}

Test(engagement_staying, too_short_a_time) {
    g_auto(KpiText) t = kpi_text(YAML "kpis: {as_of: 2024-03-31, engagement: {target: 1}}\n", "contacts.csv",
                                 "customer,date\na,2024-01-10\na,2024-02-10\na,2024-03-10\n", "customers.csv",
                                 "customer,start,end\na,2024-01-10,\n", NULL);
    cr_assert_not_null(strstr(of(&t, "frequency_and_staying", NULL)->reason, "too short a time"));
    cr_assert(kpi_says(&t, "engagement", "too short a time"));
}
