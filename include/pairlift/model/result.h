/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"
#include "pairlift/model/definition.h"
#include "pairlift/model/finding.h"

/* The result of a run: everything that a report or a chart shows. Absent numbers are NaN here and
 * `null` in result.json; a `reason` then says why. Texts are owned by the result. */

typedef enum { PL_PASS, PL_WARN, PL_FAIL } PlCheckStatus;

typedef struct {
    char *name;
    PlCheckStatus status;
    double value; /* NaN: none */
    char *message;
} PlCheck;

typedef struct {
    char *table, *source, *sha256;
    guint64 rows, used;
} PlResultInput;

/* A number that only some methods have: "prob_win". */
typedef struct {
    const char *name; /* snake case, static */
    double value;
} PlNamedNumber;

typedef struct {
    char *treatment, *metric, *period, *method;
    PlScale scale; /* relative: estimate and limits are lifts (0.031 is +3.1 %), back from the log
                      scale; std_error and statistic stay on the log scale */
    double estimate, std_error, statistic, df, p_value, p_adjusted, conf_low, conf_high, conf_level;
    guint n;
    gboolean deciding;
    char *unit;      /* of an absolute effect: "cartons per store and week"; NULL for a lift */
    char *reason;    /* NULL: nothing is missing */
    GArray *figures; /* PlNamedNumber */
} PlEstimate;

typedef struct {
    char *pair, *test, *control, *treatment, *metric, *period;
    double test_before, test_during, control_before, control_during;
    double effect;      /* a lift under relative, else in units a store and interval */
    double correlation; /* of the two stores' series before; NaN: fewer than three intervals */
    char *reason;       /* why there is no effect, or NULL */
} PlPairEffect;

typedef enum { PL_WIN, PL_LOSS, PL_EQUIVALENT, PL_INCONCLUSIVE } PlVerdictKind;

typedef struct {
    char *treatment, *metric;
    PlVerdictKind kind;
    char *sentence;
    char *headline; /* the same finding in a few words: a chart's title */
} PlVerdict;

/* The average store's course: mean over the stores of a side of 100 x value / its own mean before (without a
 * before-period: / the mean of its pair's control store). NaN where a side has no value. */
typedef struct {
    char *treatment, *metric;
    guint n;
    PlDay *times;
    double *test, *control;
} PlSeries;

typedef struct {
    char *name, *title, *alt;
    GStrv files;   /* relative to the report folder */
    char *section; /* id of the section of a KPI that it stands in, or "scorecard"; NULL: in none */
} PlChart;

typedef struct {
    gboolean given;
    PlDay first, last;
    guint intervals; /* with data */
} PlSpan;

typedef struct {
    gboolean kpi_report; /* of the verb kpi: no experiment, only sections of KPIs */
    PlDay as_of;         /* of a report of KPIs: the day that it is made for; G_MININT32: none */
    char *version;
    char *experiment, *title, *question, *goal, *notes;
    PlRandomised randomised;
    char *definition_file, *definition_sha256;
    GPtrArray *inputs; /* PlResultInput* */
    gint64 seed;
    char *primary; /* the metric that decides */
    char *label;   /* its name within a sentence: "units sold" */
    char *unit;    /* "cartons"; under absolute "cartons per store and week"; NULL: none */
    PlScale scale;
    PlAdjust adjust;  /* how the deciding p-values were adjusted */
    double threshold; /* 0: none */
    gboolean groups;  /* the design: groups of stores, not pairs */
    guint n_pairs, n_stores;
    GStrv treatments;
    PlTimeKind time_kind;
    PlStep step;
    PlSpan before, during, after;
    char *method_choice;  /* which method decides, and why */
    GPtrArray *checks;    /* PlCheck* */
    GPtrArray *estimates; /* PlEstimate* */
    GPtrArray *pairs;     /* PlPairEffect* */
    GPtrArray *verdicts;  /* PlVerdict* */
    GPtrArray *series;    /* PlSeries* */
    GPtrArray *sections;  /* PlSection*, in the order in which they are read */
    GPtrArray *charts;    /* PlChart* */
} PlResult;

PlResult *pl_result_new(void); /* all lists empty, numbers NaN where absent */
void pl_result_free(PlResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlResult, pl_result_free)

void pl_result_check(PlResult *result, const char *name, PlCheckStatus status, double value,
                     const char *format, ...) G_GNUC_PRINTF(5, 6);
void pl_result_take_checks(PlResult *result, PlResult *other);
PlEstimate *pl_result_add_estimate(PlResult *result);                                /* NaN everywhere */
const PlEstimate *pl_result_deciding(const PlResult *result, const char *treatment); /* NULL: none */
/* The section of that id; NULL: none. */
PlSection *pl_result_section(const PlResult *result, const char *id);
/* A new section at the end; owned by the result. */
PlSection *pl_result_add_section(PlResult *result, const char *id, const char *title);
const char *pl_check_status_name(PlCheckStatus status);
const char *pl_verdict_name(PlVerdictKind kind);
