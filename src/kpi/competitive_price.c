/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/price_study.h"

/* Products, stores, ... that a page shows by default. */
enum { SHOWN = 20 };

PlFinding *pl_price_finding(const PlPriceStudy *s, const char *measure, const char *label, PlAmount amount) {
    PlFinding *f = pl_section_add(s->run->section, NULL, measure, label, amount);
    if (amount == PL_AMOUNT_MONEY || amount == PL_AMOUNT_PRICE || amount == PL_AMOUNT_TOTAL)
        f->unit = g_strdup(s->run->study->money);
    return f;
}

PlCurve *pl_price_curve(const PlPriceStudy *s, const char *name, const char *group, const char *label,
                        PlAmount amount) {
    PlCurve *c = pl_section_add_curve(s->run->section, NULL, name, s->end - s->begin);
    const char *money = amount == PL_AMOUNT_PRICE ? s->run->study->money : NULL;
    gboolean of_target = amount == PL_AMOUNT_NUMBER && pl_kpi_is_target(s->run, "price_index");
    c->group = g_strdup(group);
    c->x_label = g_strdup(s->buckets->period);
    c->y_label = money != NULL ? g_strdup_printf("%s (%s)", label, money) : g_strdup(label);
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = amount;
    c->target = of_target && s->run->has_target ? s->run->goal->target : NAN;
    c->x_names = g_new0(char *, c->n + 1);
    for (guint i = 0; i < c->n; i++) {
        c->x[i] = i;
        c->x_names[i] = g_strdup(s->buckets->names[s->begin + i]);
    }
    return c;
}

typedef struct {
    double *index, *gap, *price; /* [buckets] */
    guint *n, *n_sold;           /* [buckets] products(-stores) compared; sold */
} Series;

static void series_clear(Series *s) {
    g_free(s->index);
    g_free(s->gap);
    g_free(s->price);
    g_free(s->n);
    g_free(s->n_sold);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Series, series_clear)

/* Each period's measures over all products; a competitor's price is the mean of those there are. */
static void fill_series(const PlPriceStudy *s, Series *to) {
    guint n = s->buckets->n;
    g_autofree PlPriceTally *tally = g_new0(PlPriceTally, n + 1);
    g_autofree double *units = g_new0(double, n + 1), *money = g_new0(double, n + 1);
    to->index = g_new(double, n + 1);
    to->gap = g_new(double, n + 1);
    to->price = g_new(double, n + 1);
    to->n = g_new0(guint, n + 1);
    to->n_sold = g_new0(guint, n + 1);
    for (guint i = 0; i < s->cells->n; i++) {
        const PlPriceCell *c = &s->cells->cell[i];
        guint n_others;
        const PlOtherPrice *other = pl_competitors_at(s->others, c->product, c->store, c->time, &n_others);
        units[c->time] += c->units;
        money[c->time] += c->units * c->price;
        to->n_sold[c->time]++;
        if (n_others > 0)
            pl_price_tally_add(&tally[c->time], c->price, pl_competitors_mean(other, n_others), c->units,
                               c->revenue);
    }
    for (guint t = 0; t < n; t++) {
        to->index[t] = pl_price_tally_index(&tally[t]);
        to->gap[t] = pl_price_tally_gap(&tally[t]);
        to->price[t] = units[t] > 0 ? money[t] / units[t] : NAN;
        to->n[t] = tally[t].n;
    }
}

/* The last of the periods that has a comparison, else a sale. */
static guint latest(const PlPriceStudy *s, const Series *of) {
    for (guint t = s->end; t-- > s->begin;)
        if (of->n[t] > 0)
            return t;
    for (guint t = s->end; t-- > s->begin;)
        if (of->n_sold[t] > 0)
            return t;
    return s->begin;
}

static const char no_comparison[] =
    "no product has a price of ours and of a competitor in the same period: are products called the same in "
    "both tables?";

/* The three measures that a target can be of; the pointers stay with the section. */
static void add_headlines(const PlPriceStudy *s, const Series *of, PlFinding **found) {
    static const struct {
        const char *measure, *label;
        PlAmount amount;
    } all[] = {{"price_index", "Price index against competitors", PL_AMOUNT_NUMBER},
               {"price_gap", "Price gap to competitors, per unit sold", PL_AMOUNT_MONEY},
               {"average_price", "Average price of a unit sold", PL_AMOUNT_PRICE}};
    const double *values[] = {of->index, of->gap, of->price};
    for (gsize m = 0; m < G_N_ELEMENTS(all); m++) {
        PlFinding *f = found[m] = pl_price_finding(s, all[m].measure, all[m].label, all[m].amount);
        f->value = values[m][s->now];
        f->period = g_strdup(s->buckets->names[s->now]);
        f->n = m < 2 ? of->n[s->now] : of->n_sold[s->now];
        if (isnan(f->value))
            f->reason = g_strdup(m < 2 ? no_comparison : "nothing was sold in the period");
    }
}

static void finish_headline(const PlPriceStudy *s, const Series *of, PlFinding *const *found) {
    const double *values[] = {of->index, of->gap, of->price};
    for (gsize m = 0; m < 3; m++) {
        PlKpiSeries series = {s->buckets, values[m], NULL, NULL, FALSE};
        if (pl_kpi_is_target(s->run, found[m]->measure))
            pl_kpi_headline(s->run, found[m], &series, s->look);
    }
}

/* Why there is nothing to average; NULL: there is. */
static const char *find_obstacle(const PlRecords *sales, const PlRecords *prices) {
    gboolean price = pl_records_number(sales, "price") != NULL,
             value = pl_records_number(sales, "revenue") != NULL && pl_records_number(sales, "units") != NULL;
    if (pl_records_text(sales, "product") == NULL)
        return "the table \"sales\" has no column of products: columns: {product: NAME}";
    if (!price && !value)
        return "the table \"sales\" has neither a price nor revenue and units: columns: {revenue: NAME, "
               "units: "
               "NAME}, or {price: NAME}";
    if (sales->time_kind != prices->time_kind)
        return "the tables \"sales\" and \"competitor_prices\" count time differently, one in dates and one "
               "in "
               "numbers of periods: give both tables the same kind of time";
    return NULL;
}

static void refuse(const PlKpiRun *run, const char *reason) {
    PlFinding *f =
        pl_kpi_missing(run, run->goal->measure, "Competitive price", PL_AMOUNT_NUMBER, "%s", reason);
    pl_kpi_headline(run, f, NULL, NULL);
}

static void run_study(PlPriceStudy *s) {
    g_auto(Series) of = {0};
    g_auto(PlPriceResponses) responses = {0};
    PlFinding *found[3];
    fill_series(s, &of);
    s->now = latest(s, &of);
    add_headlines(s, &of, found);
    pl_price_check_coverage(s);
    pl_price_add_competitors(s);
    pl_price_add_groups(s);
    pl_price_add_elasticities(s, &responses);
    pl_price_add_matches(s, &responses);
    pl_price_add_changes(s);
    finish_headline(s, &of, found);
}

static gboolean is_dearer_good(const PlKpiRun *run) {
    if (run->goal->direction != NULL)
        return strcmp(run->goal->direction, "up") == 0;
    return g_strcmp0(run->goal->measure, "average_price") == 0;
}

void pl_kpi_competitive_price(const PlKpiRun *run) {
    const PlRecords *sales = run->study->tables->of[PL_TABLE_SALES],
                    *prices = run->study->tables->of[PL_TABLE_COMPETITOR_PRICES];
    const char *obstacle = find_obstacle(sales, prices);
    g_autoptr(PlBuckets) buckets =
        obstacle == NULL ? pl_buckets_new(run, sales, pl_records_date(sales, "date")) : NULL;
    if (buckets == NULL) {
        refuse(run, obstacle != NULL
                        ? obstacle
                        : "no row of the table \"sales\" has a date to go by, or a year is mistyped");
        return;
    }
    g_autoptr(PlPriceRows) rows = pl_price_rows_new(sales, buckets);
    if (rows->n == 0) {
        refuse(run, "no row of the table \"sales\" has a product with a price and units above 0");
        return;
    }
    g_autoptr(PlCompetitors) others = pl_competitors_new(prices, rows, buckets);
    g_autoptr(PlPriceCells) products = pl_price_cells_new(rows, NULL, rows->bucket, buckets->n);
    g_autoptr(PlPriceCells) by_store =
        others->by_store ? pl_price_cells_new(rows, rows->store, rows->bucket, buckets->n) : NULL;
    gboolean complete = buckets->last > buckets->first;
    PlPriceStudy study = {.run = run,
                          .sales = sales,
                          .prices = prices,
                          .buckets = buckets,
                          .rows = rows,
                          .others = others,
                          .cells = by_store != NULL ? by_store : products,
                          .products = products,
                          .begin = complete ? buckets->first : 0,
                          .end = complete ? buckets->last : buckets->n,
                          .most_shown = SHOWN,
                          .dearer_is_good = is_dearer_good(run)};
    run_study(&study);
    g_free(study.look);
}
