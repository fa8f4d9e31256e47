/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"
#include "pairlift/model/diagnostics.h"

/* The definition of an experiment, as read. Field names are the keys of the YAML file; what each key
 * means, its type, range and default stand in one table, src/model/keys.c. */

typedef enum {
    PL_TABLE_SALES,
    PL_TABLE_STORES,
    PL_TABLE_COMPETITOR_PRICES,
    PL_TABLE_COUPONS,
    PL_TABLE_INTERACTIONS,
    PL_TABLE_CUSTOMERS,
    PL_TABLE_SURVEY,
    PL_TABLE_ORDER_LINES,
    PL_TABLE_OPPORTUNITIES,
} PlTableKind;

typedef enum { PL_GAPS_ERROR, PL_GAPS_ZERO, PL_GAPS_CLOSED, PL_GAPS_INTERPOLATE } PlGaps;
typedef enum { PL_DUPLICATES_ERROR, PL_DUPLICATES_KEEP, PL_DUPLICATES_DROP } PlDuplicates;
typedef enum { PL_EFFECT_RELATIVE, PL_EFFECT_ABSOLUTE } PlScale;
typedef enum { PL_ALT_TWO_SIDED, PL_ALT_GREATER, PL_ALT_LESS } PlAlt;
typedef enum { PL_ADJUST_HOLM, PL_ADJUST_BH, PL_ADJUST_NONE } PlAdjust;
typedef enum { PL_METRIC_SUM, PL_METRIC_RATIO, PL_METRIC_MEAN } PlMetricKind;
typedef enum { PL_RANDOMISED_UNSAID, PL_RANDOMISED_YES, PL_RANDOMISED_NO } PlRandomised;

typedef struct {
    char *key;
    GStrv values; /* one or more */
    PlPos pos;    /* of the key */
} PlEntry;        /* one entry of a free map: columns, where */

typedef struct {
    int table; /* PlTableKind */
    GStrv files;
    char *odbc, *relation, *query;
    GPtrArray *columns; /* PlEntry*: role -> column */
    char *delimiter;    /* "auto" or one of , ; tab | */
    char *decimal;      /* "." or "," */
    char *date_format;
    int gaps;          /* PlGaps */
    int duplicates;    /* PlDuplicates */
    GPtrArray *where;  /* PlEntry*: column -> values to keep */
    GPtrArray *values; /* PlEntry*: pairlift's word -> those of the file */
} PlTable;

typedef struct PlKpiMetric PlKpiMetric;

typedef struct {
    char *name;
    char *sum, *mean;
    GStrv ratio; /* two columns */
    char *kpi;   /* a measure of a KPI */
    char *label, *unit;
    /* derived by pl_definition_validate: */
    PlMetricKind kind;
    const char *column;        /* summed, averaged, or the numerator */
    const char *denominator;   /* of a ratio, else NULL */
    const PlKpiMetric *of_kpi; /* NULL: of columns of the sales table */
} PlMetric;

typedef struct {
    char *from, *to;
    /* derived: */
    gboolean given;
    PlDay first, last;
} PlPeriod;

typedef struct {
    PlPeriod before, during, after;
} PlPeriods;

typedef struct {
    char *name;
    char *kind;
    GStrv products; /* what was promoted; NULL: not said */
    GStrv combines; /* of a factorial design: the treatments that were given together; NULL: none */
    double fixed_cost, cost_per_store, face_value; /* not written: those of economics */
    double price_change;                           /* announced: -0.1 is 10 % off; 0: not said */
} PlTreatment;

typedef struct {
    char *test, *control, *treatment; /* treatment NULL: the only one */
    char *id;                         /* of an assignment's pair column, else NULL */
    /* where it was written: */
    char *file;
    PlPos pos;
} PlPairDef;

/* A store of a design of groups. */
typedef struct {
    char *store, *group;
    char *treatment; /* NULL: control */
    char *block;     /* NULL: no blocks */
    char *file;
    PlPos pos;
} PlMember;

typedef struct {
    char *metric, *worse;
    double margin;
} PlGuardrail;

typedef struct {
    char *file, *store, *group, *control, *pair, *block, *treatment, *delimiter;
} PlAssignment;

typedef struct {
    char *method, *distance_file;
    GStrv candidates;
} PlPairing;

typedef struct {
    double confidence;
    int alternative;  /* PlAlt */
    int effect;       /* PlScale */
    GStrv methods;    /* NULL: chosen from the design */
    double threshold; /* 0: none */
    int adjust;       /* PlAdjust */
    gint64 resamples, seed;
} PlAnalysis;

typedef struct {
    double margin, fixed_cost, cost_per_store, face_value;
    char *margin_column;
    char *margin_in;       /* "rate", "percent" or "money": what margin_column holds */
    char *cost_column;     /* of the sales table: what the promotion cost that day */
    double unit_cost;      /* 0: not given */
    gint64 rollout_stores; /* 0: the stores of the data */
} PlEconomics;

typedef struct {
    gint64 looks;   /* planned, 0: one an interval of the promotion */
    char *spending; /* "obf" or "pocock" */
    int futility;   /* truth */
} PlMonitor;

/* What every KPI is held against. */
typedef struct {
    char *measure;   /* the one that the target is of */
    double target;   /* in the measure's unit; a share of 30 % is 0.3; see pl_definition_given */
    char *direction; /* "up" or "down": which way is good; NULL: the KPI's own */
    char *goal;      /* the organisation's goal that it serves; NULL: that of the definition */
    char *period;    /* "day" to "year"; NULL: that of all KPIs */
    GStrv by;        /* roles and columns to group by; NULL: the KPI's own */
    double at_risk;  /* how far from the target, relative to it, is not yet off */
} PlKpiGoal;

typedef struct {
    PlKpiGoal goal;
    char *online; /* the channel that is not a store */
} PlVolumeKpi;

typedef struct {
    PlKpiGoal goal;
    double elasticity; /* given in place of the one estimated */
} PlPriceKpi;

typedef struct {
    PlKpiGoal goal;
    double overdue;      /* a gap this many times the customer's usual one is too long */
    gint64 first_months; /* in which the gap is measured that is held against staying; 0: two usual gaps */
} PlEngagementKpi;

typedef struct {
    PlKpiGoal goal;
    GStrv scale;           /* lowest and highest score; NULL: not said */
    GStrv energy, drivers; /* columns of the survey; NULL: those that sound like it; all numbers */
    gint64 smallest_group; /* teams with fewer answers are not shown */
} PlSatisfactionKpi;

typedef struct {
    PlKpiGoal goal;
    double min_support; /* pairs of products in a smaller share of the orders are not looked at */
} PlUpsellKpi;

typedef struct {
    PlKpiGoal goal;
    GStrv churn_months;
    char *since; /* deals opened before this day are not looked at; NULL: all */
} PlCycleKpi;

typedef struct {
    char *as_of;          /* the day that open deals and customers are looked at; NULL: the data's last */
    char *period;         /* of trends */
    char *currency;       /* the unit of money; NULL: that of the data */
    gint64 trend_periods; /* the last so many complete ones */
    PlVolumeKpi sales_volume;
    PlPriceKpi competitive_price;
    PlEngagementKpi engagement;
    PlSatisfactionKpi satisfaction;
    PlUpsellKpi upsell;
    PlCycleKpi sales_cycle;
} PlKpis;

typedef struct {
    char *experiment, *title, *question, *goal, *notes;
    int randomised;     /* PlRandomised */
    GPtrArray *data;    /* PlTable* */
    GPtrArray *metrics; /* PlMetric* */
    char *primary;
    GPtrArray *guardrails; /* PlGuardrail* */
    PlPeriods periods;
    GPtrArray *treatments; /* PlTreatment*; filled with one named after the experiment when absent */
    GPtrArray *pairs;   /* PlPairDef*: inline ones, then those of pairs_file or assignment (pl_pairs_load) */
    GPtrArray *members; /* PlMember*: of an assignment without pairs (pl_groups_load) */
    char *pairs_file;
    PlAssignment assignment;
    PlPairing pairing;
    PlAnalysis analysis;
    PlEconomics economics;
    GStrv cross_prices; /* columns of the sales table; NULL: none */
    GStrv segments;     /* attributes of the stores; NULL: all that the table stores has */
    double spillover_km;
    PlMonitor monitor;
    PlKpis kpis;
    char report; /* not kept; its position says that it was given */
    /* not of the YAML: */
    char *file;            /* path as given on the command line */
    char *folder;          /* of the file; relative paths start here */
    char *sha256;          /* of the file's bytes */
    GHashTable *positions; /* address of a field of this structure -> PlPos* */
} PlDefinition;

PlDefinition *pl_definition_new(void); /* empty, lists allocated */
void pl_definition_free(PlDefinition *def);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlDefinition, pl_definition_free)

/* Where a field was written, e.g. pl_definition_pos(def, &def->primary), or a list's element by its
 * own address; {0,0} when it was not written (a default). */
PlPos pl_definition_pos(const PlDefinition *def, const void *field);
void pl_definition_set_pos(PlDefinition *def, const void *field, PlPos pos);

/* Whether a field was written in the file. */
gboolean pl_definition_given(const PlDefinition *def, const void *field);

/* `path` relative to the definition's folder; absolute ones as they are. Free with g_free. */
char *pl_definition_path(const PlDefinition *def, const char *path);

const PlTable *pl_definition_table(const PlDefinition *def, PlTableKind kind);   /* NULL: not declared */
const PlMetric *pl_definition_metric(const PlDefinition *def, const char *name); /* NULL: none */
const PlMetric *pl_definition_primary(const PlDefinition *def);
const PlTreatment *pl_definition_treatment(const PlDefinition *def, const char *name);
/* The column that plays `role` in the table: as mapped, else the role's own name. */
const char *pl_table_column(const PlTable *table, const char *role);

/* What the types and ranges of single keys cannot say: derives `kind`, `first` and `last`, and
 * reports periods that overlap or run backwards, names used twice or unknown, missing sources.
 * Called by the loader on every definition; adds to `diagnostics`. */
void pl_definition_validate(PlDefinition *def, PlDiagnostics *diagnostics);

/* Whether a valid definition has what an experiment is made of: the table sales, and metrics; one that was
 * written for the KPIs need not. PL_ERROR_DEFINITION. */
gboolean pl_definition_ready_for_sales(const PlDefinition *def, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a valid definition says all that a run needs: `during`, and which stores are compared.
 * PL_ERROR_DEFINITION names what is missing. */
gboolean pl_definition_ready_for_run(const PlDefinition *def, GError **error) G_GNUC_WARN_UNUSED_RESULT;
