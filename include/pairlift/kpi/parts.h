/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/kpi.h"
#include "pairlift/model/panel.h"

/* KPIs as metrics of an experiment: what each row of a table adds to its store's measure on its day. */

/* The measure of a period is the sum of `part` over the sum of `whole`. */
typedef struct {
    guint store; /* index into `stores` */
    PlDay day;
    double part, whole;
} PlKpiPart;

typedef struct {
    char **stores; /* [n_stores] */
    guint n_stores;
    PlTimeKind kind;
    GArray *parts;         /* PlKpiPart, in no order */
    guint64 n_storeless;   /* rows of which no store is known, left out */
    guint64 n_unmatched;   /* rows that the measure says nothing of: no competitor's price, not followed up */
    const char *unmatched; /* what these are */
} PlKpiParts;

void pl_kpi_parts_clear(PlKpiParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlKpiParts, pl_kpi_parts_clear)

/* Of a metric that is a measure of a KPI. An order counts on its first day, a deal on the day that it is
 * closed, a purchase (the first deal won of a customer) on that day if the customer was followed for the
 * months of the churn, a gap on the day of the contact that ends it, a price beside the competitors' last
 * known ones. PL_ERROR_DEFINITION: the table lacks a column. */
gboolean pl_kpi_parts(const PlKpiStudy *study, const PlMetric *metric, PlKpiParts *parts,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds two columns to `panel` (of sales) for each metric that is made of a KPI's rows; NULL: a panel of all
 * days from the first to the last of the rows. What is left out is counted in checks of `result`. Takes
 * `panel`, also when it fails. */
PlPanel *pl_kpi_metrics_panel(const PlDefinition *def, const PlRecordTables *tables, PlPanel *panel,
                              PlResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
