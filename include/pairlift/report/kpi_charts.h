/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/report/chart_draft.h"

/* The charts of a result's KPIs, before they are drawn. */
typedef struct {
    char *name;           /* of the files: "trend-sales_cycle", "cycle_survival" */
    const char *template; /* of plots/ */
    char *section;        /* id of the KPI's section; "scorecard" */
    PlChartDraft draft;
} PlKpiChart;

/* PlKpiChart*, the scorecard first, then section by section; empty without KPIs. */
GPtrArray *pl_kpi_charts(const PlResult *result);

/* Each fills an initialised draft; FALSE: there is nothing of this kind to draw. */

/* A row a KPI: status, value against target, course. */
gboolean pl_chart_scorecard(const PlResult *result, PlChartDraft *draft);
/* The curve "trend" of a section with its band and the target. */
gboolean pl_chart_trend(const PlSection *section, PlChartDraft *draft);
/* The headline's measure by the first grouping that it has, best first. */
gboolean pl_chart_groups(const PlSection *section, PlChartDraft *draft);
/* Another measure, or the first that begins with `measure` where that ends in "_", by `role` (NULL: by its
 * first grouping); with a role its details too. `sorted` FALSE: as its findings come. */
gboolean pl_chart_groups_of(const PlSection *section, const char *measure, const char *role, gboolean sorted,
                            PlChartDraft *draft);
/* The points of a curve as columns beside one another, with their intervals. */
gboolean pl_chart_columns_of(const PlSection *section, const char *name, PlChartDraft *draft);
/* All curves of a section with this name: lines or steps, named at their ends. */
gboolean pl_chart_curves(const PlSection *section, const char *name, PlChartDraft *draft);
/* The points of a curve below one another, with their intervals, against its target; in grey those whose
 * interval holds the target. */
gboolean pl_chart_dots(const PlSection *section, const char *name, PlChartDraft *draft);
/* The points of a curve as named dots in a plane, and the middle of both. */
gboolean pl_chart_scatter(const PlSection *section, const char *name, PlChartDraft *draft);
/* A measure whose findings are of two roles, as a table of colours around 1. */
gboolean pl_chart_heat(const PlSection *section, const char *measure, PlChartDraft *draft);

/* What they share: */

/* TRUE: an amount that an axis shows in per cent. */
gboolean pl_kpi_per_cent(PlAmount amount);
/* A number as the axis shows it. */
double pl_kpi_shown(PlAmount amount, double value);
/* A title made of a label begins with a capital. Free with g_free. */
char *pl_kpi_begin(const char *title);
/* "Median days", "Volume, EUR": what an axis is called. Free with g_free. */
char *pl_kpi_axis(const char *label, const char *unit);
