/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/effect/prices.h"
#include "pairlift/stats/methods.h"
#include "pairlift/stats/renumber.h"

/* The columns of a regression of log units on log price while they are filled. */
typedef struct {
    const PlStudy *study;
    guint from, to; /* times */
    double *units, *price;
    guint n_cross;
    double **cross; /* [n_cross] logarithms of other prices */
    size_t *unit, *time, *cluster;
    size_t n, left_out;
    size_t n_units, n_times, n_clusters;
} Rows;

static void rows_clear(Rows *r) {
    g_free(r->units);
    g_free(r->price);
    for (guint c = 0; c < r->n_cross; c++)
        g_free(r->cross[c]);
    g_free(r->cross);
    g_free(r->unit);
    g_free(r->time);
    g_free(r->cluster);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, rows_clear)

static guint root_of(guint *parent, guint s) {
    while (parent[s] != s)
        s = parent[s] = parent[parent[s]];
    return s;
}

/* Stores that share a pair, of whichever treatment, err together; every other store for itself. */
static guint *clusters_of(const PlStudy *study) {
    guint *parent = g_new(guint, study->panel->n_stores + 1);
    for (guint s = 0; s < study->panel->n_stores; s++)
        parent[s] = s;
    for (guint i = 0; i < study->pairs->len; i++) {
        const PlPair *pair = g_ptr_array_index(study->pairs, i);
        parent[root_of(parent, pair->test)] = root_of(parent, pair->control);
    }
    for (guint s = 0; s < study->panel->n_stores; s++)
        parent[s] = root_of(parent, s);
    return parent;
}

/* The mean of a column as a measure of the panel. */
static guint averaged_measure(const PlPanel *panel, const char *column) {
    guint m = 0;
    while (m + 1 < panel->n_measures && !(panel->averaged[m] && g_str_equal(panel->measures[m], column)))
        m++;
    return m;
}

/* The logarithms of the other prices of a store and time; FALSE: one is missing or not above zero. */
static gboolean fill_cross(Rows *r, guint store, guint time) {
    for (guint c = 0; c < r->n_cross; c++) {
        double price;
        guint m = averaged_measure(r->study->panel, r->study->def->cross_prices[c]);
        if (!pl_panel_mean(r->study->panel, store, time, m, &price) || !(price > 0))
            return FALSE;
        r->cross[c][r->n] = log(price);
    }
    return TRUE;
}

static void fill(Rows *r, guint units, guint revenue) {
    const PlPanel *panel = r->study->panel;
    size_t most = (size_t)panel->n_stores * (r->to - r->from) + 1;
    g_autofree guint *clusters = clusters_of(r->study);
    r->units = g_new(double, most);
    r->price = g_new(double, most);
    r->n_cross = r->study->def->cross_prices ? g_strv_length(r->study->def->cross_prices) : 0;
    r->cross = g_new0(double *, r->n_cross + 1);
    for (guint c = 0; c < r->n_cross; c++)
        r->cross[c] = g_new(double, most);
    r->unit = g_new(size_t, most);
    r->time = g_new(size_t, most);
    r->cluster = g_new(size_t, most);
    for (guint s = 0; s < panel->n_stores; s++)
        for (guint t = r->from; t < r->to; t++) {
            double q, money;
            if (!pl_panel_get(panel, s, t, units, &q) || !pl_panel_get(panel, s, t, revenue, &money))
                continue;
            if (!(q > 0) || !(money > 0) || !isfinite(money / q) || !(money / q > 0) ||
                !fill_cross(r, s, t)) {
                r->left_out++;
                continue;
            }
            r->units[r->n] = q;
            r->price[r->n] = money / q;
            r->unit[r->n] = s;
            r->time[r->n] = t - r->from;
            r->cluster[r->n++] = clusters[s];
        }
    g_autofree size_t *place = g_new(size_t, MAX(panel->n_stores, r->to - r->from) + 1);
    r->n_units = pl_renumber(r->unit, r->n, panel->n_stores, place);
    r->n_times = pl_renumber(r->time, r->n, r->to - r->from, place);
    r->n_clusters = pl_renumber(r->cluster, r->n, panel->n_stores, place);
}

static PlVariable levels(const char *name, const size_t *values, size_t n) {
    return (PlVariable){.name = name, .levels = values, .n_levels = n};
}

static char *reason_of(PlStatus status, const Rows *r) {
    if (status == PL_NO_VARIANCE || status == PL_SINGULAR)
        return g_strdup(
            "the price did not differ between the stores at any time beyond what stores and times "
            "explain");
    if (r->n_clusters < 2)
        return g_strdup("all stores are of one pair, so how much it varies by chance cannot be told");
    if (status == PL_TOO_FEW || r->n_units < 2 || r->n_times < 2)
        return g_strdup("too few stores and times have a price");
    return g_strdup(pl_status_text(status));
}

/* What the regression says of one term. */
static void put_row(PlFinding *f, const PlAnswerRow *row, const PlInferenceOptions *options) {
    f->value = row->in.estimate;
    f->conf_level = options->conf_level;
    if (row->in.has & PL_HAS_STD_ERROR)
        f->std_error = row->in.std_error;
    if (!(row->lacks & PL_LACKS_P))
        f->p_value = row->in.p_value;
    if (!(row->lacks & PL_LACKS_INTERVAL)) {
        f->conf_low = row->in.conf_low;
        f->conf_high = row->in.conf_high;
    } else {
        f->reason = g_strdup(row->reason ? row->reason : pl_status_text(row->status));
    }
}

/* `f` is of the own price, cross[c] of the others. */
static void fill_findings(PlFinding *f, PlFinding *const *cross, const Rows *r,
                          const PlInferenceOptions *options) {
    PlMethodOptions o = pl_method_options(*options);
    o.inference.alternative = PL_TWO_SIDED;
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    PlSample sample = {.rows = r->n};
    g_autofree PlVariable *on = g_new0(PlVariable, r->n_cross + 1);
    for (guint c = 0; c < r->n_cross; c++)
        on[c] = (PlVariable){.name = r->study->def->cross_prices[c], .values = r->cross[c]};
    sample.on = on;
    sample.n_on = r->n_cross;
    sample.roles[PL_X] = (PlVariable){.name = "units", .values = r->units};
    sample.roles[PL_PRICE] = (PlVariable){.name = "price", .values = r->price};
    sample.roles[PL_UNIT] = levels("store", r->unit, r->n_units);
    sample.roles[PL_TIME] = levels("time", r->time, r->n_times);
    sample.roles[PL_CLUSTER] = levels("pair", r->cluster, r->n_clusters);
    const PlMethod *method = pl_method_find("elasticity");
    PlStatus status =
        r->n_units < 2 || r->n_times < 2 ? PL_TOO_FEW : method->run(method, &sample, &o, &answer);
    for (guint k = 0; k <= r->n_cross; k++) {
        PlFinding *to = k == 0 ? f : cross[k - 1];
        const PlAnswerRow *row = NULL;
        for (size_t i = 0; status == PL_OK && i < answer.n_rows; i++)
            if (k == 0 ? i == 0 : g_strcmp0(answer.rows[i].term, on[k - 1].name) == 0)
                row = &answer.rows[i];
        gboolean there = row && !(row->lacks & PL_LACKS_ESTIMATE);
        to->n = (guint)r->n_units;
        if (there)
            put_row(to, row, options);
        else
            to->reason = reason_of(row ? row->status : status, r);
    }
    pl_arena_clear(&arena);
}

static void add_fit(const PlPriceMoves *m, const char *measure, const char *label, guint from, guint to,
                    PlSection *section, size_t *left_out) {
    PlFinding *f = pl_section_add(section, NULL, measure, label, PL_AMOUNT_NUMBER);
    PlBoundMetric units, revenue;
    if (m->by_period) {
        f->reason =
            g_strdup("the sales by day hold other products as well; keep the promoted ones with where: "
                     "under data");
        return;
    }
    if (!pl_study_measure(m->study, "units", &units) || !pl_study_measure(m->study, "revenue", &revenue)) {
        f->reason = g_strdup("a price takes a column of units and one of revenue");
        return;
    }
    g_auto(Rows) rows = {.study = m->study, .from = from, .to = to};
    fill(&rows, units.measure, revenue.measure);
    g_autofree PlFinding **cross = g_new0(PlFinding *, rows.n_cross + 1);
    g_autofree char *of_others = g_strconcat("cross_", measure, NULL);
    for (guint c = 0; c < rows.n_cross; c++) {
        cross[c] = pl_section_add(section, NULL, of_others,
                                  to < m->study->panel->n_times ? "The same to another price, time before"
                                                                : "Elasticity to another price",
                                  PL_AMOUNT_NUMBER);
        cross[c]->group = g_strdup(m->study->def->cross_prices[c]);
        cross[c]->period = g_strdup(f->period);
    }
    fill_findings(f, cross, &rows, &m->study->options);
    *left_out = rows.left_out;
}

/* What other prices do, in words. */
static void say_cross(PlSection *section) {
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (!g_str_equal(f->measure, "cross_elasticity_panel") || isnan(f->conf_low) || isnan(f->conf_high))
            continue;
        double half = (f->conf_high - f->conf_low) / 2;
        g_autofree char *value = pl_format_amount(f->value, half, f->amount, NULL),
                        *interval = pl_format_amount_interval(f->conf_low, f->conf_high, f->amount, NULL);
        pl_section_say(
            section,
            "For one per cent more of \"%s\" units change by %s per cent (%s), the own price held: %s.",
            f->group, value, interval,
            f->conf_low > 0    ? "buyers come over when it rises"
            : f->conf_high < 0 ? "the two are bought together"
                               : "whether they react to it cannot be told");
    }
}

void pl_add_price_panel(const PlPriceMoves *m, PlResult *result, PlSection *section) {
    guint end = m->study->panel->n_times, start = m->study->ranges.during.begin;
    size_t left_out = 0, ignored = 0;
    if (m->reason)
        return;
    add_fit(m, "elasticity_panel", "Elasticity, from all stores and times", 0, end, section, &left_out);
    say_cross(section);
    if (start > 1)
        add_fit(m, "elasticity_before", "Elasticity, from the time before", 0, start, section, &ignored);
    if (left_out > 0)
        pl_result_check(result, "price_intervals", PL_WARN, (double)left_out,
                        "%zu store-%s without units or revenue above zero have no price and took no part in "
                        "the elasticity from all stores and times",
                        left_out, pl_step_name(result->step, 2));
}
