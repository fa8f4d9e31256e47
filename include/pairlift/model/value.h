/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"

/* A metric with its columns found in a panel. */
typedef struct {
    PlMetricKind kind;
    guint measure;
    guint denominator; /* of a ratio */
} PlBoundMetric;

/* FALSE: the panel has no column of that name (the loader reports it to the user). */
gboolean pl_metric_bind(const PlMetric *metric, const PlPanel *panel, PlBoundMetric *bound);

/* A store's value over the time indices [begin, end), as the contract defines it: for a sum the total
 * divided by the number of intervals with a value, for a ratio the ratio of the sums over the intervals
 * where both are there, for a mean the mean of the rows that have a value. FALSE: no interval has a value, or
 * the denominator's sum is 0. */
gboolean pl_metric_value(const PlPanel *panel, const PlBoundMetric *metric, guint store, guint begin,
                         guint end, double *value);
