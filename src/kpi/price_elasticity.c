/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/price_study.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/methods.h"
#include "pairlift/stats/renumber.h"

/* More products x stores x steps than this are summed over the stores, so that the KPI stays quick. */
enum { CELLS_MOST = 400000 };

/* Stores that a product needs for an elasticity of its own, and levels from which on they are enough to be
 * the clusters. */
enum { STORES_LEAST = 5, CLUSTERS_ENOUGH = 10 };

void pl_price_responses_clear(PlPriceResponses *r) {
    g_free(r->of);
    g_free(r->least);
    g_free(r->most);
}

/* The columns of the regression, cell by cell. */
typedef struct {
    size_t n, n_units, n_times, n_products, n_stores;
    double *units, *price;
    double *other;                         /* [n] logarithm of the competitors' price, or NULL */
    size_t *unit, *time, *product, *store; /* [n] numbers without holes */
} Columns;

static void columns_clear(Columns *c) {
    g_free(c->units);
    g_free(c->price);
    g_free(c->other);
    g_free(c->unit);
    g_free(c->time);
    g_free(c->product);
    g_free(c->store);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Columns, columns_clear)

/* Of the cells first <= i < last, which stand by product and store. */
static void fill(Columns *c, const PlPriceCell *cell, guint n, const PlPriceRows *rows) {
    c->units = g_new(double, n + 1);
    c->price = g_new(double, n + 1);
    c->unit = g_new(size_t, n + 1);
    c->time = g_new(size_t, n + 1);
    c->product = g_new(size_t, n + 1);
    c->store = g_new(size_t, n + 1);
    for (guint i = 0; i < n; i++) {
        gboolean same = i > 0 && cell[i].product == cell[i - 1].product && cell[i].store == cell[i - 1].store;
        c->units[i] = cell[i].units;
        c->price[i] = cell[i].price;
        c->n_units += !same;
        c->unit[i] = c->n_units - 1;
        c->time[i] = cell[i].time;
        c->product[i] = cell[i].product;
        c->store[i] = cell[i].store;
    }
    c->n = n;
    g_autofree size_t *place = g_new(size_t, MAX(MAX(rows->n_steps, rows->n_products), rows->n_stores) + 1);
    c->n_times = pl_renumber(c->time, n, rows->n_steps, place);
    c->n_products = pl_renumber(c->product, n, rows->n_products, place);
    c->n_stores = pl_renumber(c->store, n, MAX(rows->n_stores, 1), place);
}

static PlVariable levels(const char *name, const size_t *values, size_t n) {
    return (PlVariable){.name = name, .levels = values, .n_levels = n};
}

static const char *reason_of(PlStatus status, const char *reason) {
    if (status == PL_NO_VARIANCE || status == PL_SINGULAR)
        return "the prices did not change beyond what products and times explain, so nothing can be said "
               "about "
               "how units react";
    if (status == PL_TOO_FEW)
        return "it takes prices of two products or stores at several times";
    return reason != NULL ? reason : pl_status_text(status);
}

/* Fills value, interval or the reason why there is none. */
static void put_row(const PlPriceStudy *s, const PlAnswerRow *row, PlStatus status, PlFinding *f) {
    if (row == NULL || (row->lacks & PL_LACKS_ESTIMATE) != 0) {
        f->reason = g_strdup(reason_of(row != NULL ? row->status : status, row != NULL ? row->reason : NULL));
        return;
    }
    f->value = row->in.estimate;
    f->conf_level = s->run->conf_level;
    f->std_error = row->in.has & PL_HAS_STD_ERROR ? row->in.std_error : NAN;
    f->p_value = row->lacks & PL_LACKS_P ? NAN : row->in.p_value;
    if ((row->lacks & PL_LACKS_INTERVAL) != 0) {
        f->reason = g_strdup(reason_of(row->status, row->reason));
        return;
    }
    f->conf_low = row->in.conf_low;
    f->conf_high = row->in.conf_high;
}

/* `own` is of the own price, `cross` of the competitors' where the columns have it; either may be NULL. */
static void estimate(const PlPriceStudy *s, const Columns *c, PlFinding *own, PlFinding *cross) {
    gboolean by_product =
        c->n_products >= CLUSTERS_ENOUGH || (c->n_products >= c->n_stores && c->n_products > 1);
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    PlVariable on = {.name = "other", .values = c->other};
    PlSample sample = {.rows = c->n, .on = &on, .n_on = c->other != NULL};
    PlMethodOptions options = pl_method_options((PlInferenceOptions){
        .conf_level = s->run->conf_level, .alternative = PL_TWO_SIDED, .threads = s->run->study->threads});
    sample.roles[PL_X] = (PlVariable){.name = "units", .values = c->units};
    sample.roles[PL_PRICE] = (PlVariable){.name = "price", .values = c->price};
    sample.roles[PL_UNIT] = levels("unit", c->unit, c->n_units);
    sample.roles[PL_TIME] = levels("time", c->time, c->n_times);
    sample.roles[PL_CLUSTER] =
        by_product ? levels("product", c->product, c->n_products) : levels("store", c->store, c->n_stores);
    const PlMethod *method = pl_method_find("elasticity");
    PlStatus status =
        c->n_units < 2 || c->n_times < 2 ? PL_TOO_FEW : method->run(method, &sample, &options, &answer);
    const PlAnswerRow *rows[2] = {NULL, NULL};
    for (size_t i = 0; status == PL_OK && i < answer.n_rows && i <= sample.n_on; i++)
        rows[i] = &answer.rows[i];
    PlFinding *to[2] = {own, cross};
    for (int k = 0; k < 2; k++) {
        if (to[k] == NULL)
            continue;
        to[k]->n = (guint)c->n_units;
        put_row(s, rows[k], status, to[k]);
    }
    pl_arena_clear(&arena);
}

static PlPriceResponse response_of(const PlFinding *f, const char *source) {
    return (PlPriceResponse){f->value, f->conf_low, f->conf_high, source};
}

/* As so many products are looked at, some would seem to react by chance alone. */
static void adjust(const GPtrArray *found) {
    g_autofree double *p = g_new(double, found->len + 1), *adjusted = g_new(double, found->len + 1);
    g_autofree size_t *order = g_new(size_t, found->len + 1), *of = g_new(size_t, found->len + 1);
    size_t n = 0;
    for (guint i = 0; i < found->len; i++) {
        const PlFinding *f = g_ptr_array_index(found, i);
        if (isnan(f->p_value))
            continue;
        p[n] = f->p_value;
        of[n++] = i;
    }
    if (n == 0 || pl_adjust_holm(p, n, order, adjusted) != PL_OK)
        return;
    for (size_t k = 0; k < n; k++)
        ((PlFinding *)g_ptr_array_index(found, of[k]))->p_adjusted = adjusted[k];
}

/* Elasticities of single products; one is used for matching only when it is clearly below 0. */
static void add_products(const PlPriceStudy *s, const PlPriceCells *cells, PlPriceResponses *to) {
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    for (guint first = 0, last; first < cells->n; first = last) {
        guint product = cells->cell[first].product;
        for (last = first; last < cells->n && cells->cell[last].product == product;)
            last++;
        g_auto(Columns) c = {0};
        fill(&c, cells->cell + first, last - first, s->rows);
        if (c.n_stores < STORES_LEAST)
            continue;
        PlFinding *f = pl_price_finding(s, "elasticity", "Elasticity to the own price", PL_AMOUNT_NUMBER);
        pl_finding_of(f, "product", s->rows->products[product], NULL);
        estimate(s, &c, f, NULL);
        f->detail = found->len >= s->most_shown;
        g_ptr_array_add(found, f);
        if (f->conf_high < 0)
            to->of[product] = response_of(f, "own");
    }
    adjust(found);
}

static void find_range(const PlPriceStudy *s, const PlPriceCells *cells, PlPriceResponses *to) {
    for (guint p = 0; p < s->rows->n_products; p++) {
        to->least[p] = INFINITY;
        to->most[p] = -INFINITY;
    }
    for (guint i = 0; i < cells->n; i++) {
        const PlPriceCell *c = &cells->cell[i];
        to->least[c->product] = fmin(to->least[c->product], c->price);
        to->most[c->product] = fmax(to->most[c->product], c->price);
    }
}

static void say(const PlPriceStudy *s, gboolean by_store, const PlFinding *f) {
    g_autofree char *value = pl_format_finding(f);
    const char *meaning =
        f->conf_high < -1 ? "units react more strongly than the price, so a lower price raises "
                            "revenue"
        : f->conf_low > -1 && f->conf_high < 0
            ? "units react less strongly than the price, so a lower price costs revenue"
        : f->conf_high < 0 ? "units rise when the price falls; whether revenue does, which takes "
                             "an elasticity below -1, cannot be told"
        : f->conf_low > 0  ? "units rose with the price, so more than the price was at work"
                           : "whether units react to the price at all cannot be told";
    if (isnan(f->value))
        pl_section_say(s->run->section, "How units react to the price cannot be told: %s.", f->reason);
    else if (!isnan(f->conf_low))
        pl_section_say(
            s->run->section,
            "For one per cent more of the price units change by %s per cent: %s. This is from past "
            "prices, %s by %s, within products%s and beside what all had in common; prices that were "
            "changed because of the demand would mislead it.",
            value, meaning, s->rows->step_name, s->rows->step_name, by_store ? " and stores" : "");
}

/* Those of the cells whose product has a price of competitors in the period; cells->n is small enough. */
static PlPriceCells *compared(const PlPriceStudy *s, const PlPriceCells *cells, GArray *other) {
    const PlPriceRows *r = s->rows;
    g_autofree guint *bucket = g_new0(guint, r->n_steps + 1); /* of each step, where its last row lies */
    PlPriceCells *kept = g_new0(PlPriceCells, 1);
    kept->cell = g_new(PlPriceCell, cells->n + 1);
    for (guint i = 0; i < r->n; i++)
        bucket[r->step[i]] = MAX(bucket[r->step[i]], r->bucket[i]);
    for (guint i = 0; i < cells->n; i++) {
        const PlPriceCell *c = &cells->cell[i];
        guint n;
        const PlOtherPrice *price = pl_competitors_at(s->others, c->product, c->store, bucket[c->time], &n);
        if (n == 0)
            continue;
        double log_price = log(pl_competitors_mean(price, n));
        g_array_append_val(other, log_price);
        kept->cell[kept->n++] = *c;
    }
    return kept;
}

/* How units react to the competitors' prices, the own one held. */
static void add_cross(const PlPriceStudy *s, const PlPriceCells *cells) {
    GArray *other = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(PlPriceCells) kept = compared(s, cells, other);
    g_auto(Columns) c = {0};
    fill(&c, kept->cell, kept->n, s->rows);
    c.other = (double *)(void *)g_array_free(other, FALSE);
    PlFinding *f =
        pl_price_finding(s, "cross_elasticity", "Elasticity to the competitors' prices", PL_AMOUNT_NUMBER);
    estimate(s, &c, NULL, f);
    if (isnan(f->conf_low))
        return;
    g_autofree char *value = pl_format_finding(f);
    pl_section_say(
        s->run->section,
        "For one per cent more of the competitors' prices, the own price held, units change by %s per "
        "cent: %s.",
        value,
        f->conf_low > 0    ? "buyers come over when competitors raise theirs"
        : f->conf_high < 0 ? "units fall when competitors raise theirs, so more than their prices is at "
                             "work"
                           : "whether buyers come over when competitors raise theirs cannot be told");
}

static gboolean take_given(const PlPriceStudy *s, PlPriceResponses *to) {
    const PlDefinition *def = s->run->study->def;
    const double *given = &def->kpis.competitive_price.elasticity;
    if (!pl_definition_given(def, given))
        return FALSE;
    PlFinding *f = pl_price_finding(s, "elasticity", "Elasticity to the own price", PL_AMOUNT_NUMBER);
    f->value = *given;
    f->reason = g_strdup("given in the definition, not estimated");
    to->all = response_of(f, "given");
    return TRUE;
}

void pl_price_add_elasticities(const PlPriceStudy *s, PlPriceResponses *to) {
    guint n = s->rows->n_products;
    to->all = (PlPriceResponse){NAN, NAN, NAN, "all"};
    to->of = g_new(PlPriceResponse, n + 1);
    to->least = g_new(double, n + 1);
    to->most = g_new(double, n + 1);
    for (guint p = 0; p < n; p++)
        to->of[p] = to->all;
    g_autoptr(PlPriceCells) whole = pl_price_cells_new(s->rows, NULL, s->rows->step, s->rows->n_steps);
    find_range(s, whole, to);
    if (take_given(s, to))
        return;
    PlFinding *f = pl_price_finding(s, "elasticity", "Elasticity to the own price", PL_AMOUNT_NUMBER);
    if (!s->rows->has_units) {
        f->reason = g_strdup("the table \"sales\" has no units");
        return;
    }
    g_autoptr(PlPriceCells) stores =
        s->rows->store != NULL ? pl_price_cells_new(s->rows, s->rows->store, s->rows->step, s->rows->n_steps)
                               : NULL;
    gboolean by_store = stores != NULL && stores->n <= CELLS_MOST;
    const PlPriceCells *cells = by_store ? stores : whole;
    g_auto(Columns) c = {0};
    fill(&c, cells->cell, cells->n, s->rows);
    estimate(s, &c, f, NULL);
    to->all = response_of(f, "all");
    say(s, by_store, f);
    if (by_store || !s->others->by_store)
        add_cross(s, cells);
    if (by_store)
        add_products(s, cells, to);
}
