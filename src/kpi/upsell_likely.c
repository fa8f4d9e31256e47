/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/headline.h"
#include "pairlift/kpi/upsell_model.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/normal.h"

#include <math.h>

/* The last third of the time is what is to be foretold. */
#define WINDOWS 3

/* Periods (days) that a window needs. */
#define WINDOW_FEWEST 2

/* Likely customers that are read on a page, and that are listed at all. */
enum { SHOWN_MOST = 20, LISTED_MOST = 1000 };

/* Blocks of the random stream that parts the customers, one an outcome. */
#define FIRST_BLOCK 0x75705f73656c6c00

/* Who will spend less than before is not asked: by chance alone it is those who just spent much, so that of
 * customers who are all alike a model tells who by far better than guessing, whatever part of the past is
 * taken as "before". */
#define NO_DOWN                                                                                              \
    "customers who bought much lately tend to buy less next by chance alone, so a list would name those "    \
    "who had just bought much"

enum { BUY_UP, BUY_CROSS, N_OUTCOMES };

typedef struct {
    const char *name, *verb;
    guint priority[PL_N_FEATURES];
} Outcome;

static const Outcome outcomes[N_OUTCOMES] = {
    [BUY_UP] = {"up-sell",
                "buy up",
                {PL_PAST_UPSELL, PL_ORDERS, PL_RECENCY, PL_ORDER_VALUE, PL_PRODUCTS, PL_PAST_CROSS, PL_TENURE,
                 PL_CHANGE}},
    [BUY_CROSS] = {"cross-sell",
                   "buy cross",
                   {PL_PAST_CROSS, PL_ORDERS, PL_RECENCY, PL_PRODUCTS, PL_ORDER_VALUE, PL_PAST_UPSELL,
                    PL_TENURE, PL_CHANGE}},
};

typedef struct {
    const PlKpiRun *run;
    const PlHistory *history;
    PlDay cut, end; /* outcomes are of cut <= day < end */
    PlDay window;
    const PlPopulation *before, *now; /* at the cut, and at the end */
} Likely;

static gboolean has_done(const Likely *l, guint row, guint outcome) {
    PlDeed deed = pl_history_deed(l->history, l->before->customer[row], l->cut, l->end);
    return outcome == BUY_UP ? deed.upsell : deed.cross;
}

static PlFinding *add(const Likely *l, guint outcome, const char *measure, const char *label, PlAmount amount,
                      double value) {
    PlFinding *f = pl_section_add(l->run->section, NULL, measure, label, amount);
    pl_finding_of(f, "outcome", outcomes[outcome].name, NULL);
    f->value = value;
    return f;
}

static void add_term(const Likely *l, guint outcome, const char *measure, const char *label,
                     const PlPredictionTerm *term, guint n) {
    PlFinding *f = add(l, outcome, measure, label, PL_AMOUNT_NUMBER, NAN);
    f->n = n;
    if (term->status != PL_OK) {
        f->reason = g_strdup(pl_status_text(term->status));
        return;
    }
    f->value = term->estimate;
    f->std_error = term->std_error;
    f->conf_low = term->low;
    f->conf_high = term->high;
    f->conf_level = l->run->conf_level;
}

static void add_quality(const Likely *l, guint outcome, const PlModel *m) {
    PlFinding *f =
        add(l, outcome, "auc", "Told apart on held-out customers (AUC)", PL_AMOUNT_PRICE, m->roc.auc);
    f->n = m->n_test;
    if (m->roc.has_interval) {
        f->std_error = m->roc.std_error;
        f->conf_low = m->roc.low;
        f->conf_high = m->roc.high;
        f->conf_level = l->run->conf_level;
        f->p_value = m->roc.p_value;
    } else {
        f->reason = g_strdup("they are told apart perfectly: no interval");
    }
    add_term(l, outcome, "calibration_slope", "Calibration slope (1: right)", &m->fit.slope, m->n_test);
    add_term(l, outcome, "calibration_in_the_large", "Calibration in the large (0: right)",
             &m->fit.in_the_large, m->n_test);
    f = add(l, outcome, "brier", "Brier score (0: perfect)", PL_AMOUNT_PRICE, m->fit.brier);
    f->n = m->n_test;
    f = add(l, outcome, "brier_constant", "Brier score of the same chance for all", PL_AMOUNT_PRICE,
            m->fit.brier_constant);
    f->n = m->n_test;
}

/* Those told from 1 among all of the model are read on the page. */
static void add_coefficients(const Likely *l, guint outcome, const PlModel *m) {
    double z = pl_normal_quantile((1 - l->run->conf_level) / 2), p[PL_COLUMNS_MOST],
           adjusted[PL_COLUMNS_MOST];
    gsize order[PL_COLUMNS_MOST];
    for (guint c = 0; c < m->n_columns; c++)
        p[c] = 2 * pl_normal_tail(fabs(m->coef[c + 1] / m->std_error[c + 1]));
    if (pl_adjust_holm(p, m->n_columns, order, adjusted) != PL_OK)
        return;
    for (guint c = 0; c < m->n_columns; c++) {
        const char *name = pl_model_label(l->history, m->column[c]);
        double b = m->coef[c + 1], error = m->std_error[c + 1];
        PlFinding *f = pl_section_add(l->run->section, NULL, "odds_ratio", "Odds times", PL_AMOUNT_PRICE);
        pl_finding_of(f, "outcome", outcomes[outcome].name, "feature", name, NULL);
        f->value = exp(b);
        f->std_error = error;
        f->conf_low = exp(b - z * error);
        f->conf_high = exp(b + z * error);
        f->conf_level = l->run->conf_level;
        f->p_value = p[c];
        f->p_adjusted = adjusted[c];
        f->n = m->n_train;
        f->detail = adjusted[c] > 1 - l->run->conf_level;
    }
}

static void add_calibration(const Likely *l, guint outcome, const PlModel *m) {
    PlCurve *c = pl_section_add_curve(l->run->section, NULL, "calibration", (guint)m->fit.n_bins);
    c->group = g_strdup(outcomes[outcome].name);
    c->x_label = g_strdup("Chance by the model");
    c->y_label = g_strdup("Share of held-out customers who did");
    c->x_amount = c->y_amount = PL_AMOUNT_SHARE;
    for (guint i = 0; i < c->n; i++) {
        c->x[i] = m->fit.bins[i].predicted;
        c->y[i] = m->fit.bins[i].observed;
        c->low[i] = m->fit.bins[i].limits.low;
        c->high[i] = m->fit.bins[i].limits.high;
    }
}

/* ---- the customers ---- */

typedef struct {
    guint customer;
    double chance;
} Ranked;

static gint by_chance(gconstpointer a, gconstpointer b) {
    const Ranked *x = a, *y = b;
    if (x->chance != y->chance)
        return x->chance < y->chance ? 1 : -1;
    return (x->customer > y->customer) - (x->customer < y->customer);
}

static GArray *rank_customers(const Likely *l, const PlModel *m) {
    GArray *ranked = g_array_new(FALSE, FALSE, sizeof(Ranked));
    for (guint i = 0; i < l->now->n; i++) {
        Ranked r = {l->now->customer[i], pl_model_chance(m, l->history, l->now, i)};
        g_array_append_val(ranked, r);
    }
    g_array_sort(ranked, by_chance);
    return ranked;
}

/* "243 days". */
static char *time_of(const Likely *l) {
    gboolean dates = l->history->orders->lines->time_kind == PL_TIME_DATE;
    return pl_format_count((guint)l->window, dates ? "day" : "period", dates ? "days" : "periods");
}

static void add_customers(const Likely *l, guint outcome, const GArray *ranked) {
    const PlField *customer = l->history->orders->customer_field;
    g_autofree char *time = time_of(l), *label = g_strdup_printf("Chance in the next %s", time);
    for (guint i = 0; i < MIN(ranked->len, LISTED_MOST); i++) {
        const Ranked *r = &g_array_index(ranked, Ranked, i);
        PlFinding *f = pl_section_add(l->run->section, NULL, "likely", label, PL_AMOUNT_CHANCE);
        pl_finding_of(f, "outcome", outcomes[outcome].name, "customer", customer->levels[r->customer], NULL);
        f->value = r->chance;
        f->detail = i >= SHOWN_MOST;
    }
    if (ranked->len <= LISTED_MOST)
        return;
    g_autofree char *listed = pl_format_count(LISTED_MOST, "customer", "customers"),
                    *others = pl_format_count(ranked->len - LISTED_MOST, "other is", "others are");
    pl_result_check(l->run->study->result, "upsell_likely", PL_PASS, ranked->len - LISTED_MOST,
                    "upsell: the %s most likely to %s are listed, %s not", listed, outcomes[outcome].verb,
                    others);
}

/* ---- the sentences ---- */

static char *auc_of(const PlModel *m) {
    double half = m->roc.has_interval ? (m->roc.high - m->roc.low) / 2 : NAN;
    g_autofree char *auc = pl_format_amount_size(m->roc.auc, half, PL_AMOUNT_PRICE, NULL),
                    *limits = m->roc.has_interval
                                  ? pl_format_amount_interval(m->roc.low, m->roc.high, PL_AMOUNT_PRICE, NULL)
                                  : g_strdup("no interval"),
                    *customers = pl_format_count(m->n_test, "held-out customer", "held-out customers");
    return g_strdup_printf("on %s the area under the curve is %s (%s; 0.5 is guessing)", customers, auc,
                           limits);
}

/* Whether the chances can be taken as they are. */
static const char *calibration_of(const PlModel *m) {
    const PlPredictionTerm *slope = &m->fit.slope, *level = &m->fit.in_the_large;
    if (slope->status != PL_OK || level->status != PL_OK)
        return "whether the chances come true cannot be told";
    if (slope->high < 1)
        return "the chances are too extreme: go by their order";
    if (slope->low > 1)
        return "the chances are too much alike: go by their order";
    if (level->low > 0 || level->high < 0)
        return level->low > 0 ? "the chances are too low: go by their order"
                              : "the chances are too high: go by their order";
    return "the chances are not told to be wrong";
}

static void say_likely(const Likely *l, guint outcome, const PlModel *m, const GArray *ranked) {
    const PlField *customer = l->history->orders->customer_field;
    g_autofree char *auc = auc_of(m);
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < MIN(ranked->len, 3); i++) {
        const Ranked *r = &g_array_index(ranked, Ranked, i);
        g_autofree char *chance = pl_format_amount_size(r->chance, NAN, PL_AMOUNT_CHANCE, NULL);
        g_string_append_printf(names, "%s%s (%s)", i > 0 ? ", " : "", customer->levels[r->customer], chance);
    }
    g_autofree char *time = time_of(l), *customers = pl_format_count(ranked->len, "customer", "customers");
    pl_section_say(l->run->section, "Most likely to %s in the next %s, of %s: %s; %s, and %s.",
                   outcomes[outcome].verb, time, customers, names->str, auc, calibration_of(m));
}

static void tell(const Likely *l, guint outcome, const PlModel *m) {
    const char *verb = outcomes[outcome].verb;
    if (m->reason != NULL) {
        PlFinding *f = add(l, outcome, "auc", "Told apart on held-out customers (AUC)", PL_AMOUNT_PRICE, NAN);
        f->reason = g_strdup(m->reason);
        pl_section_say(l->run->section, "Which customers are likely to %s cannot be told: %s.", verb,
                       m->reason);
        return;
    }
    add_quality(l, outcome, m);
    add_coefficients(l, outcome, m);
    if (m->left_out->len > 0) {
        g_ptr_array_add(m->left_out, NULL);
        g_autofree char *names = g_strjoinv(", ", (char **)m->left_out->pdata);
        pl_result_check(l->run->study->result, "upsell_features", PL_PASS, m->left_out->len - 1,
                        "upsell: the model of who will %s is without %s", verb, names);
    }
    if (!m->roc.has_interval || m->roc.low <= 0.5) {
        g_autofree char *auc = auc_of(m);
        pl_section_say(l->run->section,
                       "Which customers are likely to %s cannot be predicted from these data: %s.", verb,
                       auc);
        return;
    }
    g_autoptr(GArray) ranked = rank_customers(l, m);
    add_calibration(l, outcome, m);
    say_likely(l, outcome, m, ranked);
    add_customers(l, outcome, ranked);
}

static void predict(const Likely *l, guint outcome) {
    g_auto(PlModel) model = {0};
    g_autofree guint *row = g_new(guint, l->before->n + 1);
    g_autofree double *done = g_new(double, l->before->n + 1);
    guint n = l->before->n;
    for (guint i = 0; i < n; i++) {
        done[i] = has_done(l, i, outcome);
        row[i] = i;
    }
    PlModelData data = {.history = l->history,
                        .population = l->before,
                        .n = n,
                        .row = row,
                        .outcome = done,
                        .priority = outcomes[outcome].priority,
                        .conf_level = l->run->conf_level,
                        .seed = (guint64)l->run->study->def->analysis.seed,
                        .block = FIRST_BLOCK + outcome};
    pl_model_fit(&data, &model);
    tell(l, outcome, &model);
}

void pl_upsell_likely(const PlKpiRun *run, const PlOrders *o) {
    PlDay span = o->last_day - o->first_day + 1, window = span / WINDOWS;
    if (window < WINDOW_FEWEST) {
        pl_section_say(run->section, "Which customers are likely to buy up or cross cannot be told: the "
                                     "orders are of too short a time.");
        return;
    }
    g_autoptr(PlHistory) history = pl_history_new(run, o);
    PlDay end = o->last_day + 1, cut = end - window;
    g_autoptr(PlPopulation) before = pl_population_new(history, o->first_day, cut, window);
    g_autoptr(PlPopulation) now = pl_population_new(history, o->first_day + window, end, window);
    Likely l = {run, history, cut, end, window, before, now};
    for (guint outcome = 0; o->kind != NULL && outcome < N_OUTCOMES; outcome++)
        predict(&l, outcome);
    if (o->kind == NULL)
        pl_section_say(run->section,
                       "Which customers are likely to buy up or cross cannot be told without a column "
                       "with the role kind.");
    pl_section_say(run->section, "Which customers are likely to buy down is not told: %s.", NO_DOWN);
}
