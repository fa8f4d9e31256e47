/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/buckets.h"

/* Whether a measure is the one that the target is of, and the scorecard shows. */
gboolean pl_kpi_is_target(const PlKpiRun *run, const char *measure);

/* Sets target and status of a row of that measure: of all, or of a group. On target: the value reaches it.
 * At risk: it does not, but is within `at_risk` of it, or its interval reaches it; or it does, but the mark
 * has a doubt. Else off. */
void pl_kpi_judge(const PlKpiRun *run, PlFinding *finding);

/* Values of a measure by period; NaN where there is none. */
typedef struct {
    const PlBuckets *buckets;
    const double *value;      /* [buckets->n] */
    const double *low, *high; /* [buckets->n], or NULL: no interval */
    gboolean
        overlapping; /* values of one period and the next are mostly of the same sales: no test of trend */
} PlKpiSeries;

/* Makes a finding (of all, in the list of the section) the KPI's headline: judges it, tests the trend of the
 * last complete periods (Mann and Kendall; slope by Theil and Sen), adds the curve "trend", and says in one
 * sentence how it stands, followed by `look`: what to look at (a sentence; NULL: none). A value on target
 * that is falling so that it will miss within three periods is at risk. `series` NULL: no trend. */
void pl_kpi_headline(const PlKpiRun *run, PlFinding *finding, const PlKpiSeries *series, const char *look);

/* The same for a measure that comes and goes with the year, such as sales. From two years of complete periods
 * on, each of the last ones is compared with the same one a year before in place of all with all: the sign
 * test of these changes, which for two years is the seasonal Kendall test. It says in how many of
 * them the value is above or below, and has no slope. Source: Hirsch, Slack and Smith 1982,
 * doi:10.1029/WR018i001p00107. */
void pl_kpi_headline_seasonal(const PlKpiRun *run, PlFinding *finding, const PlKpiSeries *series,
                              const char *look);

/* A finding of the section that could not be computed. */
PlFinding *pl_kpi_missing(const PlKpiRun *run, const char *measure, const char *label, PlAmount amount,
                          const char *format, ...) G_GNUC_PRINTF(5, 6);
