/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/upsell_model.h"

#include "pairlift/stats/logistic.h"
#include "pairlift/stats/rng.h"

#include <math.h>

/* A model is fitted to this share of the customers and judged on the others. Of very many, as many will do
 * as have EVENTS_PLENTY who did it and who did not, enough for the columns that there can be. */
#define FITTED_SHARE 0.7
enum { ROWS_PLENTY = 5000, ROWS_MOST = 50000, EVENTS_PLENTY = 400 };

/* Customers who did it, and who did not, for each coefficient: with fewer, coefficients are biased. Source:
 * Peduzzi et al. 1996, doi:10.1016/S0895-4356(96)00236-3. */
enum { EVENTS_EACH = 10 };

/* Of those it is judged on. */
enum { EVENTS_TO_JUDGE = 10 };

enum { BINS = 10, BIN_FEWEST = 30 };

typedef struct {
    guint n;
    guint *at; /* [n] index into the data */
    guint n_events;
} Part;

const char *pl_model_label(const PlHistory *h, guint column) {
    return column < PL_N_FEATURES
               ? pl_feature_labels[column]
               : g_array_index(h->attributes, PlAttributeLevel, column - PL_N_FEATURES).label;
}

static double value_at(const PlHistory *h, const PlPopulation *p, guint column, guint row) {
    if (column < PL_N_FEATURES)
        return p->feature[column][row];
    return g_array_index(h->attributes, PlAttributeLevel, column - PL_N_FEATURES).is[p->customer[row]];
}

static void shuffle(guint *x, guint n, PlRng *rng) {
    for (guint i = n; i > 1; i--) {
        guint j = (guint)(pl_rng_uniform(rng) * i), kept = x[i - 1];
        x[i - 1] = x[j];
        x[j] = kept;
    }
}

/* How many customers are to be in a part of n, of which the rarer outcome is a share. */
static double rows_for(double n, double share) {
    return fmin(n, CLAMP(EVENTS_PLENTY / fmax(share, 1e-9), ROWS_PLENTY, ROWS_MOST));
}

/* Parts those who did it and those who did not alike, so that both parts have as large a share of them. */
static void split(const PlModelData *d, Part *train, Part *test) {
    PlRng rng = pl_rng_stream(d->seed, d->block);
    g_autofree guint *of = g_new(guint, d->n + 1);
    double fitted = FITTED_SHARE * d->n, judged = d->n - fitted, events = 0;
    for (guint i = 0; i < d->n; i++)
        events += d->outcome[i];
    double share = fmin(events, d->n - events) / fmax(1, d->n);
    train->at = g_new(guint, d->n + 1);
    test->at = g_new(guint, d->n + 1);
    for (guint outcome = 0; outcome < 2; outcome++) {
        guint n = 0;
        for (guint i = 0; i < d->n; i++)
            if (d->outcome[i] == outcome)
                of[n++] = i;
        shuffle(of, n, &rng);
        guint to_fit = (guint)round(FITTED_SHARE * n),
              fit = (guint)round(to_fit * rows_for(fitted, share) / fmax(1, fitted)),
              judge = (guint)round((n - to_fit) * rows_for(judged, share) / fmax(1, judged));
        for (guint i = 0; i < fit; i++)
            train->at[train->n++] = of[i];
        for (guint i = 0; i < judge; i++)
            test->at[test->n++] = of[to_fit + i];
        train->n_events += outcome * fit;
        test->n_events += outcome * judge;
    }
}

static void leave_out(PlModel *m, const char *label, const char *why) {
    g_ptr_array_add(m->left_out, g_strdup_printf("%s (%s)", label, why));
}

static gboolean varies(const PlModelData *d, const Part *part, guint column) {
    double first = value_at(d->history, d->population, column, d->row[part->at[0]]);
    for (guint i = 1; i < part->n; i++)
        if (value_at(d->history, d->population, column, d->row[part->at[i]]) != first)
            return TRUE;
    return FALSE;
}

/* As many columns as there are customers for: features by their priority, then all attributes or none. */
static void choose_columns(const PlModelData *d, const Part *train, PlModel *m) {
    guint budget = MIN(train->n_events, train->n - train->n_events) / EVENTS_EACH, n_levels = 0;
    budget = MIN(budget, PL_COLUMNS_MOST);
    for (guint i = 0; i < PL_N_FEATURES; i++) {
        guint f = d->priority[i];
        if (!varies(d, train, f))
            continue;
        if (m->n_columns < budget)
            m->column[m->n_columns++] = f;
        else
            leave_out(m, pl_feature_labels[f], "too few customers");
    }
    for (guint l = 0; l < d->history->attributes->len; l++)
        n_levels += varies(d, train, PL_N_FEATURES + l);
    if (n_levels > 0 && m->n_columns + n_levels > budget)
        leave_out(m, "attributes of customers", "too few customers");
    for (guint l = 0; l < d->history->attributes->len && m->n_columns + n_levels <= budget; l++)
        if (varies(d, train, PL_N_FEATURES + l)) {
            m->column[m->n_columns++] = PL_N_FEATURES + l;
            n_levels--;
        }
}

static void drop_column(const PlModelData *d, PlModel *m, gsize culprit, const char *why) {
    guint at = culprit > 0 && culprit <= m->n_columns ? (guint)culprit - 1 : m->n_columns - 1;
    leave_out(m, pl_model_label(d->history, m->column[at]), why);
    for (guint i = at; i + 1 < m->n_columns; i++)
        m->column[i] = m->column[i + 1];
    m->n_columns--;
}

static PlStatus fit_once(const PlModelData *d, const Part *train, PlModel *m, gsize *culprit) {
    const double *x[PL_COLUMNS_MOST + 1];
    PlLogisticFit fit = {0};
    PlArenaMark mark = pl_arena_mark(&m->arena);
    double *outcome = pl_arena_doubles(&m->arena, train->n);
    PlStatus status = outcome != NULL ? PL_OK : PL_NO_MEMORY;
    for (guint i = 0; status == PL_OK && i < train->n; i++)
        outcome[i] = d->outcome[train->at[i]];
    for (guint c = 0; status == PL_OK && c <= m->n_columns; c++) {
        double *column = pl_arena_doubles(&m->arena, train->n);
        x[c] = column;
        if (column == NULL)
            status = PL_NO_MEMORY;
        for (guint i = 0; column != NULL && i < train->n; i++)
            column[i] =
                c == 0 ? 1 : value_at(d->history, d->population, m->column[c - 1], d->row[train->at[i]]);
    }
    PlLogisticData data = {train->n, m->n_columns + 1, x, outcome, NULL, 1};
    if (status == PL_OK)
        status = pl_logistic_fit(&data, &m->arena, &fit);
    *culprit = fit.culprit;
    for (guint c = 0; status == PL_OK && c <= m->n_columns; c++) {
        m->coef[c] = fit.coef[c];
        m->std_error[c] = fit.std_error[c];
    }
    pl_arena_release(&m->arena, mark);
    return status;
}

double pl_model_chance(const PlModel *m, const PlHistory *h, const PlPopulation *p, guint row) {
    double logit = m->coef[0];
    for (guint c = 0; c < m->n_columns; c++)
        logit += m->coef[c + 1] * value_at(h, p, m->column[c], row);
    return 1 / (1 + exp(-logit));
}

static void judge(const PlModelData *d, const Part *test, PlModel *m) {
    double *chance = pl_arena_doubles(&m->arena, test->n), *outcome = pl_arena_doubles(&m->arena, test->n);
    guint bins = CLAMP(test->n / BIN_FEWEST, 2, BINS);
    if (chance == NULL || outcome == NULL) {
        m->reason = g_strdup("there is no memory left");
        return;
    }
    for (guint i = 0; i < test->n; i++) {
        double p = pl_model_chance(m, d->history, d->population, d->row[test->at[i]]);
        chance[i] = fmin(fmax(p, 1e-12), 1 - 1e-12);
        outcome[i] = d->outcome[test->at[i]];
    }
    PlStatus status = pl_roc(chance, outcome, test->n, d->conf_level, &m->arena, &m->roc);
    if (status == PL_OK)
        status = pl_prediction_fit(chance, outcome, test->n, bins, d->conf_level, &m->arena, &m->fit);
    if (status != PL_OK)
        m->reason = g_strdup_printf("it cannot be judged: %s", pl_status_text(status));
}

static void fit_and_judge(const PlModelData *d, const Part *train, const Part *test, PlModel *m) {
    PlStatus status = PL_SINGULAR;
    choose_columns(d, train, m);
    while (m->n_columns > 0 && (status == PL_SINGULAR || status == PL_SEPARATION)) {
        gsize culprit = 0;
        status = fit_once(d, train, m, &culprit);
        if (status == PL_SINGULAR)
            drop_column(d, m, culprit, "others say the same");
        else if (status == PL_SEPARATION)
            drop_column(d, m, culprit, "it tells the outcome perfectly");
    }
    if (m->n_columns == 0)
        m->reason = g_strdup("nothing is left that differs between customers");
    else if (status != PL_OK)
        m->reason = g_strdup_printf("the model cannot be fitted: %s", pl_status_text(status));
    else
        judge(d, test, m);
}

void pl_model_fit(const PlModelData *d, PlModel *m) {
    Part train = {0}, test = {0};
    *m = (PlModel){.left_out = g_ptr_array_new_with_free_func(g_free)};
    split(d, &train, &test);
    for (guint i = 0; i < d->n; i++)
        m->n_events += d->outcome[i] > 0;
    m->n_train = train.n;
    m->n_test = test.n;
    guint few = MIN(train.n_events, train.n - train.n_events),
          few_test = MIN(test.n_events, test.n - test.n_events);
    if (few < EVENTS_EACH || few_test < EVENTS_TO_JUDGE)
        m->reason = g_strdup_printf("%u of %u customers did so; %u or more of them, and as many who did not, "
                                    "are needed to fit and to judge a model",
                                    m->n_events, d->n, (guint)ceil(EVENTS_TO_JUDGE / (1 - FITTED_SHARE)));
    else
        fit_and_judge(d, &train, &test, m);
    g_free(train.at);
    g_free(test.at);
}

void pl_model_clear(PlModel *m) {
    g_clear_pointer(&m->reason, g_free);
    g_clear_pointer(&m->left_out, g_ptr_array_unref);
    pl_arena_clear(&m->arena);
}
