/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/records.h"
#include "pairlift/model/result.h"

/* The six sales KPIs: each one file that fills a section of the result from the tables. */

/* What all KPIs look at. */
typedef struct {
    const PlDefinition *def;
    const PlRecordTables *tables;
    PlDay as_of;        /* of dates: the last day of all tables but for ends, or what the definition says */
    const char *money;  /* unit of amounts: "EUR"; NULL: not known */
    PlResult *result;   /* for checks */
    GHashTable *joined; /* joins whose unknown keys are told already */
    int threads;
} PlKpiStudy;

/* PL_ERROR_DATA: two tables are in two currencies; the study is to be cleared all the same. */
gboolean pl_kpi_study_init(PlKpiStudy *study, const PlDefinition *def, const PlRecordTables *tables,
                           int threads, PlResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pl_kpi_study_clear(PlKpiStudy *study);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlKpiStudy, pl_kpi_study_clear)

typedef struct PlKpi PlKpi;

/* One KPI at work. */
typedef struct {
    const PlKpiStudy *study;
    const PlKpi *kpi;
    const PlKpiGoal *goal;
    gboolean has_target;
    PlSection *section;
    double conf_level;
} PlKpiRun;

/* A measure that a target can be of. */
typedef struct {
    const char *name;
    gboolean down; /* less is better unless the definition says otherwise */
} PlKpiMeasure;

struct PlKpi {
    const char *id; /* of the contract: "sales_volume" */
    const char *title;
    PlTableKind tables[2]; /* needed; the second may be the first again */
    PlKpiMeasure measures[8];
    gsize goal;                       /* offset of its PlKpiGoal in PlKpis */
    void (*run)(const PlKpiRun *run); /* adds findings, sentences and curves to the section */
};

/* Ends with id NULL. */
extern const PlKpi pl_kpis[];

void pl_kpi_sales_volume(const PlKpiRun *run);
void pl_kpi_competitive_price(const PlKpiRun *run);
void pl_kpi_engagement(const PlKpiRun *run);
void pl_kpi_satisfaction(const PlKpiRun *run);
void pl_kpi_upsell(const PlKpiRun *run);
void pl_kpi_sales_cycle(const PlKpiRun *run);

/* Adds a section for each KPI whose tables are there, or that the definition has a goal for; what is missing
 * is then said. PL_ERROR_DEFINITION: a column to group by that no table has. */
gboolean pl_kpis_add(const PlDefinition *def, const PlRecordTables *tables, int threads, PlResult *result,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
