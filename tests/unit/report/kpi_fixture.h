/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <math.h>

#include "pairlift/model/result.h"

/* Results of KPIs that are made by hand: a plain one, and one with all that is extreme. */

#define HOSTILE_NAME "=cmd|' /C calc'!A1\",<b>`id`\n\033[31m$(id) a|b \u202e\u05d0\u05d1"

static inline PlFinding *kpi_number(PlSection *s, const char *measure, const char *label, PlAmount amount,
                                    double value, double half) {
    PlFinding *f = pl_section_add(s, NULL, measure, label, amount);
    f->value = value;
    f->conf_low = value - half;
    f->conf_high = value + half;
    f->conf_level = 0.95;
    f->n = 40;
    return f;
}

static inline PlFinding *kpi_judged(PlFinding *f, double target, gboolean down, PlKpiStatus status) {
    PlKpiMark *mark = pl_finding_mark(f);
    mark->target = target;
    mark->down = down;
    mark->status = status;
    return f;
}

/* A headline with its sentence and the trend of `n` months from `first` on. */
static inline void kpi_headline(PlSection *s, PlFinding *f, const char *trend, double p, guint n,
                                const double *y, const char *sentence) {
    PlKpiMark *mark = pl_finding_mark(f);
    mark->headline = TRUE;
    mark->trend = trend;
    mark->trend_p = p;
    mark->trend_periods = n;
    mark->trend_slope = 0.1;
    mark->sentence = g_strdup(sentence);
    g_ptr_array_insert(s->sentences, 0, g_strdup(sentence));
    PlCurve *c = pl_section_add_curve(s, NULL, "trend", n);
    c->x_label = g_strdup("month");
    c->y_label = g_strdup(f->label);
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = f->amount;
    c->target = mark->target;
    c->x_names = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++) {
        c->x[i] = i;
        c->y[i] = y[i];
        c->x_names[i] = g_strdup_printf("%u-%02u", 2023 + (i + 6) / 12, (i + 6) % 12 + 1);
        double half = (f->conf_high - f->conf_low) / 2;
        c->low[i] = y[i] - half;
        c->high[i] = y[i] + half;
    }
}

static inline PlResult *kpi_result(void) {
    PlResult *r = pl_result_new();
    r->kpi_report = TRUE;
    r->as_of = 19904; /* 2024-06-30 */
    r->version = g_strdup("0");
    r->experiment = g_strdup("field-sales");
    r->title = g_strdup("Field sales, first half of 2024");
    r->goal = g_strdup("Grow like-for-like sales by 3 % this year");
    r->definition_file = g_strdup("f.yaml");
    r->definition_sha256 = g_strdup("00");
    pl_result_check(r, "joined", PL_WARN, 2, "2 customers are not in the table \"customers\"");
    return r;
}

/* Median days, by rep and by product, with a row that is detail and one that cannot be computed. */
static inline PlSection *kpi_add_cycle(PlResult *r, guint n_reps) {
    static const double y[] = {42, 44, 41, 45, 47, 46, 48, 47, 50, 49, 52, 51};
    PlSection *s = pl_result_add_section(r, "sales_cycle", "Length of the sales cycle");
    s->kpi = TRUE;
    PlFinding *f = kpi_number(s, "median_days", "Median days", PL_AMOUNT_NUMBER, 51.2, 3.4);
    f->unit = g_strdup("days");
    f->period = g_strdup("2024-06");
    kpi_judged(f, 45, TRUE, PL_STATUS_OFF);
    kpi_headline(
        s, f, "rising", 0.0004, 12, y,
        "Median days in 2024-06: 51.2 days (47.8 to 54.6 days); the target is 45 days or less: off "
        "target; rising by 0.9 days a month over the last 12 months (p = 0.0004). Ada takes longest: "
        "71 days.");
    kpi_number(s, "win_rate", "Share of deals that were won", PL_AMOUNT_SHARE, 0.412, 0.031);
    pl_section_say(s, "Of 12 reps compared, 1 loses more customers than the others: Ada (p = 0.003).");
    for (guint i = 0; i < n_reps; i++) {
        g_autofree char *name = i == 0 ? g_strdup("Ada") : g_strdup_printf("Rep number %u", i);
        f = kpi_number(s, "median_days", "Median days", PL_AMOUNT_NUMBER, 40 + 3 * i, 5);
        f->unit = g_strdup("days");
        pl_finding_of(f, "rep", name, NULL);
        kpi_judged(f, 45, TRUE, i < 2 ? PL_STATUS_ON_TARGET : i < 4 ? PL_STATUS_AT_RISK : PL_STATUS_OFF);
        f->p_value = 0.01 + 0.02 * i;
        f->p_adjusted = MIN(1, 12 * f->p_value);
        f = kpi_number(s, "win_rate", "Share of deals that were won", PL_AMOUNT_SHARE, 0.4 + 0.01 * i, 0.05);
        pl_finding_of(f, "rep", name, NULL);
        f = kpi_number(s, "churn_6_months", "Customers lost after 6 months", PL_AMOUNT_SHARE, NAN, NAN);
        f->reason = g_strdup("fewer than 5 customers have been watched for 6 months");
        pl_finding_of(f, "rep", name, NULL);
        f = kpi_number(s, "days_of_deal", "Days", PL_AMOUNT_NUMBER, 7, NAN);
        pl_finding_of(f, "rep", name, "product", "cola", NULL);
        f->detail = TRUE;
    }
    return s;
}

/* Money without an interval, a target that is met, its own goal. */
static inline PlSection *kpi_add_volume(PlResult *r) {
    static const double y[] = {1.02e6, 1.01e6, 1.05e6, 1.1e6, 1.08e6, 1.15e6};
    PlSection *s = pl_result_add_section(r, "sales_volume", "Sales volume by location");
    s->kpi = TRUE;
    PlFinding *f = kpi_number(s, "volume", "Volume", PL_AMOUNT_TOTAL, 1154321, NAN);
    f->unit = g_strdup("EUR");
    f->period = g_strdup("2024-06");
    kpi_judged(f, 1.1e6, FALSE, PL_STATUS_ON_TARGET);
    kpi_headline(s, f, "unclear", 0.13, 6, y, "Volume in 2024-06: 1,150,000 EUR.");
    f->mark->goal = g_strdup("Sell everywhere");
    return s;
}

/* A KPI that cannot be computed. */
static inline PlSection *kpi_add_missing(PlResult *r) {
    PlSection *s = pl_result_add_section(r, "satisfaction", "Employee satisfaction");
    s->kpi = TRUE;
    PlFinding *f = pl_section_add(s, NULL, "mean_score", "Mean score", PL_AMOUNT_NUMBER);
    f->reason =
        g_strdup("the definition has no table \"survey\": add - {table: survey, file: ...} under data");
    pl_section_say(s, "Not computed: the definition has no table \"survey\".");
    return s;
}

/* Names from outside at their worst, wherever a name may stand. */
static inline PlSection *kpi_add_hostile(PlResult *r) {
    static const double y[] = {0.1, NAN, 0.3, 0.2};
    PlSection *s = pl_result_add_section(r, "upsell", "Up-selling and cross-selling");
    s->kpi = TRUE;
    PlFinding *f =
        kpi_number(s, "upsell_rate", "Share of orders with an up-sale", PL_AMOUNT_SHARE, 0.2, 0.02);
    kpi_headline(s, f, NULL, NAN, 4, y, "Up-sales: 20 %. Look at " HOSTILE_NAME ".");
    for (guint i = 0; i < 3; i++) {
        g_autofree char *name = g_strdup_printf("%s %u", HOSTILE_NAME, i);
        f = kpi_number(s, "lift", "Bought together", PL_AMOUNT_NUMBER, 1.5 + i, 0.2);
        pl_finding_of(f, "product_a", name, "product_b", HOSTILE_NAME, NULL);
        f->verdict = g_strdup("together");
        f->p_value = 0.02;
    }
    return s;
}

/* Shares still there by time, of two reps and of all, in steps. */
static inline void kpi_add_survival(PlSection *s, guint n_reps) {
    for (guint r = 0; r <= n_reps; r++) {
        PlCurve *c = pl_section_add_curve(s, NULL, "cycle_survival", 12);
        c->group = r == n_reps ? NULL : g_strdup_printf("Rep number %u", r);
        c->x_label = g_strdup("days since opening");
        c->y_label = g_strdup("Share still open");
        c->x_amount = PL_AMOUNT_NUMBER;
        c->y_amount = PL_AMOUNT_SHARE;
        c->steps = TRUE;
        for (guint i = 0; i < c->n; i++) {
            c->x[i] = 10 * i;
            c->y[i] = exp(-(0.1 + 0.02 * r) * i);
            c->low[i] = fmax(0, c->y[i] - 0.05);
            c->high[i] = fmin(1, c->y[i] + 0.05);
        }
    }
}

/* Days and customers lost, a dot a rep. */
static inline void kpi_add_scatter(PlSection *s, guint n) {
    PlCurve *c = pl_section_add_curve(s, NULL, "cycle_vs_churn", n);
    c->x_label = g_strdup("Median days of won deals");
    c->y_label = g_strdup("Customers lost after 6 months");
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_SHARE;
    c->x_names = g_new0(char *, n + 1);
    for (guint i = 0; i < n; i++) {
        c->x_names[i] = g_strdup_printf("Rep number %u", i);
        c->x[i] = 20 + (i * 37) % 50;
        c->y[i] = 0.05 + 0.01 * ((i * 53) % 31);
        c->low[i] = c->y[i] - 0.03;
        c->high[i] = c->y[i] + 0.04;
    }
}

/* Shares of products by region over their shares everywhere. */
static inline void kpi_add_index(PlSection *s, guint n_regions, guint n_products) {
    for (guint r = 0; r < n_regions; r++)
        for (guint p = 0; p < n_products; p++) {
            g_autofree char *region = g_strdup_printf("Region %u", r),
                            *product = g_strdup_printf("Product %u", p);
            PlFinding *f = kpi_number(s, "product_index", "Index", PL_AMOUNT_NUMBER,
                                      exp(0.3 * ((double)((r * 7 + p * 5) % 9) - 4) / 2), 0.15);
            pl_finding_of(f, "region", region, "product", product, NULL);
            f->detail = TRUE;
        }
}
