/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/kpi.h"
#include "pairlift/stats/survival.h"

/* Each group of a column against all others taken together, adjusted for how many are looked at (Holm). */

/* More groups are not tested: with so many, hardly any could stand out. */
#define PL_AGAINST_MOST 300

/* Events expected of a group, if it were like the others, and of the others: with fewer there is neither
 * p-value nor verdict. The normal p-value of the log-rank test is too small there: of 30 groups of 12
 * customers that are alike, one is called different in 29 of 100 cases at 5 %, even adjusted. */
#define PL_AGAINST_EVENTS 5

/* Whether a group of which so many of all the events are expected can be compared with the others. */
gboolean pl_against_enough(double expected, double all);

typedef struct {
    const PlKpiRun *run;
    const char *measure, *label;
    const char *more, *less; /* verdicts: "faster" and "slower" */
    const char *role;        /* of the groups: "rep" */
    char **values;           /* [n] their names */
    guint n;
    const char *outcome; /* a second role: of won deals only; NULL: none */
    gboolean detail;
} PlAgainst;

typedef struct {
    guint n_compared, n_more, n_less; /* groups with a test; those that differ clearly */
    double p_value;                   /* of all groups being alike; NaN: not tested */
} PlAgainstSummary;

/* Adds a row a group: by how much events come at a higher rate than in the others (hazard ratio less 1), with
 * interval, p-value (log-rank) and verdict. `sorted` (pl_lifetimes_sort) have the index of their group. */
PlAgainstSummary pl_against_logrank(const PlAgainst *of, const PlLifetime *sorted, gsize n);

/* Trials of one cluster in one group. */
typedef struct {
    guint group, cluster;
    double successes, trials;
} PlAgainstTrials;

/* The same of rates: the difference of a group's rate from that of the others, in points. Trials of one
 * cluster (below `n_clusters`) may depend on each other; 0 clusters: all trials are independent. */
PlAgainstSummary pl_against_rates(const PlAgainst *of, const PlAgainstTrials *trials, gsize n,
                                  guint n_clusters);

/* [n] the row of a measure for each value of a role, `outcome` as above; NULL: none. Free with g_free. */
PlFinding **pl_against_rows(const PlSection *section, const char *measure, const char *role, char **values,
                            guint n, const char *outcome);

/* "Ada (+35 %, p = 0.002) and Ben (...)": the groups with this verdict, the clearest first, at most five and
 * how many more; NULL: none. Free with g_free. */
char *pl_against_names(const PlAgainst *of, const char *verdict);

/* "30 reps", "1 rep". Free with g_free. */
char *pl_against_count(guint n, const char *role);
