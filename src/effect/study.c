/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/study.h"

#include "pairlift/model/kpi_metrics.h"

#include <math.h>

enum { LEAST_INTERVALS = 4 };

/* An autocorrelation above this is a drift, which is no error of the mean. */
#define MOST_LAG 0.9

/* The mean of z over its intervals has this variance, by its values around their mean. */
static double variance_of_mean(const double *z, guint n) {
    double mean = 0, square = 0, lagged = 0;
    for (guint i = 0; i < n; i++)
        mean += z[i] / n;
    for (guint i = 0; i < n; i++) {
        square += (z[i] - mean) * (z[i] - mean);
        lagged += i > 0 ? (z[i] - mean) * (z[i - 1] - mean) : 0;
    }
    if (n < LEAST_INTERVALS || !(square > 0))
        return 0;
    double r = CLAMP(lagged / square, 0, MOST_LAG);
    return square / (n - 1) / n * (1 + r) / (1 - r);
}

static double error_of_pair(const PlPanel *panel, const PlBoundMetric *metric, guint test, guint control,
                            PlRange before) {
    double test_mean, control_mean, a, b;
    g_autofree double *z = g_new(double, before.end - before.begin + 1);
    guint n = 0;
    if (!pl_metric_value(panel, metric, test, before.begin, before.end, &test_mean) ||
        !pl_metric_value(panel, metric, control, before.begin, before.end, &control_mean) ||
        !(test_mean > 0) || !(control_mean > 0))
        return 0;
    for (guint t = before.begin; t < before.end; t++)
        if (pl_metric_value(panel, metric, test, t, t + 1, &a) &&
            pl_metric_value(panel, metric, control, t, t + 1, &b))
            z[n++] = a / test_mean - b / control_mean;
    return variance_of_mean(z, n) / 2;
}

void pl_arm_set_errors(PlArm *arm, const PlPanel *panel, PlRange before) {
    if (!arm->paired || arm->errors)
        return;
    arm->n_errors = panel->n_measures;
    arm->errors = g_new0(double *, panel->n_measures + 1);
    for (guint m = 0; m < panel->n_measures; m++) {
        PlBoundMetric metric = {PL_METRIC_SUM, m, 0};
        arm->errors[m] = g_new0(double, arm->n_test + 1);
        for (guint i = 0; i < arm->n_test && !panel->averaged[m]; i++)
            arm->errors[m][i] = error_of_pair(panel, &metric, arm->test[i], arm->control[i], before);
    }
}

const double *pl_arm_errors(const PlArm *arm, guint measure) {
    return measure < arm->n_errors ? arm->errors[measure] : NULL;
}

const double *pl_arm_errors_of_role(const PlStudy *study, const PlArm *arm, const char *role) {
    PlBoundMetric bound;
    return pl_study_measure(study, role, &bound) ? pl_arm_errors(arm, bound.measure) : NULL;
}

gboolean pl_study_measure(const PlStudy *study, const char *role, PlBoundMetric *bound) {
    const PlTable *sales = pl_definition_outcomes(study->def);
    const char *column = pl_table_column(sales, role);
    for (guint m = 0; m < study->panel->n_measures; m++)
        if (!study->panel->averaged[m] && g_str_equal(study->panel->measures[m], column)) {
            *bound = (PlBoundMetric){PL_METRIC_SUM, m, 0};
            return TRUE;
        }
    return FALSE;
}

guint pl_range_length(PlRange range) {
    return range.end - range.begin;
}
