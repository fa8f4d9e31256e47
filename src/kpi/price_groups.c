/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/price_study.h"
#include "pairlift/model/numbers.h"

/* Products whose prices are drawn over time; rows of prices by group and period that are kept. */
enum { DRAWN = 6, PERIOD_ROWS = 5000 };

typedef struct {
    const char *name;
    guint n;
    char **values;
    const guint *of_row; /* [rows of the sales table] */
} Grouping;

typedef struct {
    PlPriceTally *tally; /* [groups] */
    double *units, *money;
    guint *order; /* by money, most first */
} ByGroup;

static void by_group_clear(ByGroup *g) {
    g_free(g->tally);
    g_free(g->units);
    g_free(g->money);
    g_free(g->order);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ByGroup, by_group_clear)

static int by_money(gconstpointer a, gconstpointer b, gpointer data) {
    const double *money = data;
    guint i = *(const guint *)a, j = *(const guint *)b;
    return money[i] != money[j] ? (money[i] < money[j]) - (money[i] > money[j]) : (i > j) - (i < j);
}

/* The measures of the period `now` by group. */
static void fill(const PlPriceStudy *s, const Grouping *of, ByGroup *to) {
    const PlPriceRows *r = s->rows;
    g_autofree guint *level = g_new(guint, (gsize)r->n + 1);
    for (guint i = 0; i < r->n; i++)
        level[i] = r->bucket[i] == s->now ? of->of_row[r->row[i]] : PL_NO_LEVEL;
    g_autoptr(PlPriceCells) cells =
        pl_price_cells_new(r, s->others->by_store ? r->store : NULL, level, of->n);
    to->tally = g_new0(PlPriceTally, of->n + 1);
    to->units = g_new0(double, of->n + 1);
    to->money = g_new0(double, of->n + 1);
    to->order = g_new(guint, of->n + 1);
    for (guint i = 0; i < cells->n; i++) {
        const PlPriceCell *c = &cells->cell[i];
        guint n;
        const PlOtherPrice *other = pl_competitors_at(s->others, c->product, c->store, s->now, &n);
        to->units[c->time] += c->units;
        to->money[c->time] += c->units * c->price;
        if (n > 0)
            pl_price_tally_add(&to->tally[c->time], c->price, pl_competitors_mean(other, n), c->units,
                               c->revenue);
    }
    for (guint k = 0; k < of->n; k++)
        to->order[k] = k;
    g_qsort_with_data(to->order, (gint)of->n, sizeof *to->order, by_money, to->money);
}

static void add_row(const PlPriceStudy *s, const Grouping *of, guint k, gboolean detail, const char *measure,
                    const char *label, PlAmount amount, double value, guint n) {
    PlFinding *f = pl_price_finding(s, measure, label, amount);
    pl_finding_of(f, of->name, of->values[k], NULL);
    f->period = g_strdup(s->buckets->names[s->now]);
    f->value = value;
    f->n = n;
    f->detail = detail;
    if (isnan(value))
        f->reason = g_strdup("no competitor has a price of what was sold here in the period");
    if (pl_kpi_is_target(s->run, measure))
        pl_kpi_judge(s->run, f);
}

static void say_shown(const PlPriceStudy *s, const char *name, guint sold) {
    g_autofree char *values = pl_format_count(sold, "value", "values");
    pl_section_say(
        s->run->section,
        "Of %s of \"%s\" with sales in %s the %u with the most revenue are shown; kpis.csv has all.", values,
        name, s->buckets->names[s->now], s->most_shown);
}

static void add_rows(const PlPriceStudy *s, const Grouping *of, const ByGroup *by) {
    guint sold = 0;
    for (guint i = 0; i < of->n; i++) {
        guint k = by->order[i];
        const PlPriceTally *t = &by->tally[k];
        gboolean detail = i >= s->most_shown;
        if (!(by->units[k] > 0))
            continue;
        sold++;
        add_row(s, of, k, detail, "price_index", "Price index against competitors", PL_AMOUNT_NUMBER,
                pl_price_tally_index(t), t->n);
        add_row(s, of, k, detail, "price_gap", "Price gap to competitors, per unit sold", PL_AMOUNT_MONEY,
                pl_price_tally_gap(t), t->n);
        add_row(s, of, k, detail, "average_price", "Average price of a unit sold", PL_AMOUNT_PRICE,
                by->money[k] / by->units[k], t->n);
    }
    if (sold > s->most_shown)
        say_shown(s, of->name, sold);
}

/* The product that moves the index most into the bad direction. */
static void find_look(PlPriceStudy *s, const Grouping *of, const ByGroup *by) {
    double weight = 0, ratio = 0, worst = 0;
    guint found = PL_NO_LEVEL, n = 0;
    for (guint k = 0; k < of->n; k++) {
        const PlPriceTally *t = &by->tally[k];
        double harm = (t->weighted_ratio - t->weight) * (s->dearer_is_good ? -1 : 1);
        weight += t->weight;
        ratio += t->weighted_ratio;
        n += t->n > 0;
        if (harm > worst) {
            worst = harm;
            found = k;
        }
    }
    if (found == PL_NO_LEVEL)
        return;
    const PlPriceTally *t = &by->tally[found];
    double index = pl_price_tally_index(t);
    g_autofree char *by_how_much = pl_format_amount_size(fabs(index - 1), NAN, PL_AMOUNT_SHARE, NULL),
                    *share = pl_format_amount(t->weight / weight, NAN, PL_AMOUNT_SHARE, NULL),
                    *without = pl_format_amount((ratio - t->weighted_ratio) / (weight - t->weight), NAN,
                                                PL_AMOUNT_NUMBER, NULL);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "Look at \"%s\": it is %s %s than at the competitors", of->values[found],
                           by_how_much, index > 1 ? "dearer" : "cheaper");
    if (n > 1)
        g_string_append_printf(text, " and has %s of the revenue compared; without it the index would be %s",
                               share, without);
    g_string_append_c(text, '.');
    s->look = g_string_free(text, FALSE);
}

/* Own price, and the index against the mean of the competitors', over time. */
static void add_curves(const PlPriceStudy *s, guint product) {
    const char *name = s->rows->products[product];
    PlCurve *own = pl_price_curve(s, "own_price", name, "Average price", PL_AMOUNT_PRICE),
            *index = pl_price_curve(s, "price_index_by_product", name, "Price index of products",
                                    PL_AMOUNT_NUMBER);
    g_autofree PlPriceTally *tally = g_new0(PlPriceTally, own->n + 1);
    for (guint i = 0; i < s->products->n; i++) {
        const PlPriceCell *c = &s->products->cell[i];
        if (c->product == product && c->time >= s->begin && c->time < s->end)
            own->y[c->time - s->begin] = c->price;
    }
    for (guint i = 0; i < s->cells->n; i++) {
        const PlPriceCell *c = &s->cells->cell[i];
        guint n;
        if (c->product != product || c->time < s->begin || c->time >= s->end)
            continue;
        const PlOtherPrice *other = pl_competitors_at(s->others, c->product, c->store, c->time, &n);
        if (n > 0)
            pl_price_tally_add(&tally[c->time - s->begin], c->price, pl_competitors_mean(other, n), c->units,
                               c->revenue);
    }
    for (guint t = 0; t < own->n; t++)
        index->y[t] = pl_price_tally_index(&tally[t]);
}

static void add_product_curves(const PlPriceStudy *s) {
    guint n = s->rows->n_products;
    g_autofree double *money = g_new0(double, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    for (guint i = 0; i < s->products->n; i++)
        money[s->products->cell[i].product] += s->products->cell[i].revenue;
    for (guint p = 0; p < n; p++)
        order[p] = p;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_money, money);
    for (guint k = 0; k < MIN(n, DRAWN); k++)
        if (money[order[k]] > 0)
            add_curves(s, order[k]);
}

/* Which groups have a row a period; all, or only those that are shown where all would be too many. */
static guint *choose_groups(const PlPriceStudy *s, const Grouping *of, const ByGroup *by, guint *n) {
    guint *place = g_new(guint, of->n + 1);
    gboolean all = (gsize)of->n * s->buckets->n <= PERIOD_ROWS;
    *n = all ? of->n : MIN(of->n, s->most_shown);
    for (guint k = 0; k < of->n; k++)
        place[by->order[k]] = k < *n ? k : PL_NO_LEVEL;
    if (!all)
        pl_section_say(
            s->run->section,
            "Average prices by %s are kept for the %u values of \"%s\" that are shown, not for all.",
            s->buckets->period, *n, of->name);
    return place;
}

/* Average prices of each period, for kpis.csv. */
static void add_periods(const PlPriceStudy *s, const Grouping *of, const ByGroup *by) {
    const PlPriceRows *r = s->rows;
    guint n_groups, n_times = s->buckets->n;
    g_autofree guint *place = choose_groups(s, of, by, &n_groups);
    gsize n = (gsize)n_groups * n_times;
    g_autofree double *units = g_new0(double, n + 1), *money = g_new0(double, n + 1);
    for (guint i = 0; i < r->n; i++) {
        guint level = of->of_row[r->row[i]], at = level == PL_NO_LEVEL ? level : place[level];
        if (at == PL_NO_LEVEL)
            continue;
        units[(gsize)at * n_times + r->bucket[i]] += r->units[i];
        money[(gsize)at * n_times + r->bucket[i]] += r->units[i] * r->price[i];
    }
    for (gsize k = 0; k < n; k++) {
        if (!(units[k] > 0))
            continue;
        PlFinding *f =
            pl_price_finding(s, "average_price_by_period", "Average price of a unit sold", PL_AMOUNT_PRICE);
        pl_finding_of(f, of->name, of->values[by->order[k / n_times]], NULL);
        f->period = g_strdup(s->buckets->names[k % n_times]);
        f->value = money[k] / units[k];
        f->detail = TRUE;
    }
}

void pl_price_add_groups(PlPriceStudy *s) {
    static const char *const own[] = {"product", "category", "store", "region", "channel", NULL};
    g_auto(GStrv) names = pl_kpi_by(s->run, s->sales, own);
    gboolean looked = FALSE; /* products are always looked at, and shown where they are asked for */
    for (char **name = names; *name != NULL; name++) {
        g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(s->run->study, s->sales, *name);
        if (groups == NULL)
            continue;
        Grouping of = {*name, groups->n, groups->values, groups->of_row};
        g_auto(ByGroup) by = {0};
        fill(s, &of, &by);
        add_rows(s, &of, &by);
        add_periods(s, &of, &by);
        if (strcmp(*name, "product") == 0) {
            find_look(s, &of, &by);
            looked = TRUE;
        }
    }
    if (!looked) {
        const PlField *product = pl_records_text(s->sales, "product");
        Grouping of = {"product", product->n_levels, product->levels, product->level};
        g_auto(ByGroup) by = {0};
        fill(s, &of, &by);
        find_look(s, &of, &by);
    }
    add_product_curves(s);
}
