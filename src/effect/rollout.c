/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/rollout.h"

#include <math.h>

/* How many times what the test stores earned. */
typedef struct {
    double factor;
    guint stores;
    gboolean by_level; /* by what stores sold before, else by their number */
} Scale;

/* The mean of a store's level before, over all stores that have one, and the sum over the test stores that
 * the totals are of; FALSE: not known. */
static gboolean levels(const PlEarnings *e, double *mean, double *of_test) {
    const PlStudy *study = e->study;
    int measure = e->revenue >= 0 ? e->revenue : e->units;
    PlBoundMetric bound;
    if (measure < 0 || !e->during || pl_range_length(study->ranges.before) == 0 ||
        !pl_study_measure(study, e->revenue >= 0 ? "revenue" : "units", &bound))
        return FALSE;
    g_autofree double *values = g_new(double, study->panel->n_stores + 1);
    pl_store_values(study, &bound, study->ranges.before, values);
    guint n = 0;
    *mean = *of_test = 0;
    for (guint s = 0; s < study->panel->n_stores; s++)
        if (values[s] > 0) {
            *mean += values[s];
            n++;
        }
    *mean /= n;
    for (guint i = 0; i < e->arm->n_test; i++) {
        gboolean there = !isnan(e->during->during[measure][e->arm->test[i]]);
        if (e->arm->paired)
            there = there && !isnan(e->during->during[measure][e->arm->control[i]]);
        *of_test += there ? values[e->arm->test[i]] : 0;
    }
    return n > 0 && *of_test > 0 && isfinite(*mean);
}

static Scale scale_of(const PlEarnings *e) {
    gint64 asked = e->study->def->economics.rollout_stores;
    double mean, of_test;
    Scale scale = {.stores = asked > 0 ? (guint)asked : e->study->panel->n_stores};
    scale.by_level = levels(e, &mean, &of_test);
    guint n_used = e->during ? e->during->n_used : 0;
    scale.factor = scale.by_level ? scale.stores * mean / of_test : (double)scale.stores / MAX(n_used, 1);
    return scale;
}

void pl_add_rollout(const PlEarnings *e, PlSection *section, const char *currency) {
    Scale scale = scale_of(e);
    PlFinding *f = pl_section_add(section, e->arm->treatment->name, "projection", "Net profit in all stores",
                                  PL_AMOUNT_MONEY);
    f->group = g_strdup_printf("%u stores", scale.stores);
    f->unit = g_strdup(currency);
    f->n = e->during ? e->during->n_used : 0;
    if (!e->net) {
        f->reason = g_strdup(e->missing);
        return;
    }
    g_autofree double *net = g_new(double, e->n_values);
    for (guint k = 0; k < e->n_values; k++) {
        double by_store = e->net[k] + e->fixed + e->per_store * e->arm->n_test;
        net[k] = scale.factor * by_store - e->per_store * scale.stores - e->fixed;
    }
    pl_finding_set_drawn(f, e->draws, net, e->study->options.conf_level);
    g_autofree char *how =
        g_strdup_printf("in proportion to %s, and taken to answer as the test stores did",
                        scale.by_level ? "what the stores of the data sold before" : "the number of stores");
    g_autofree char *before = f->reason;
    f->reason = before ? g_strdup_printf("%s; %s", how, before) : g_strdup(how);
}

char *pl_rollout_sentence(const PlSection *section, const char *treatment) {
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (!g_str_equal(f->measure, "projection") || !g_str_equal(f->treatment, treatment) ||
            isnan(f->value))
            continue;
        double half = (f->conf_high - f->conf_low) / 2;
        g_autofree char *sum = pl_format_amount(f->value, half, f->amount, f->unit);
        g_autofree char *interval =
            isnan(f->conf_low) ? g_strdup("no interval")
                               : pl_format_amount_interval(f->conf_low, f->conf_high, f->amount, f->unit);
        return g_strdup_printf("Once more for as long in %s its net profit would be %s (%s), %s.", f->group,
                               sum, interval, f->reason);
    }
    return NULL;
}
