/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* Measures of the KPIs as metrics of an experiment: what a store has on a day is a part of a whole, so that
 * the days of a period add up. */
struct PlKpiMetric {
    const char *kpi;      /* "upsell" */
    const char *measure;  /* "upsell_rate" */
    const char *label;    /* for the reader: "Up-selling rate" */
    const char *unit;     /* NULL: a share, or that of the data */
    gboolean share;       /* 0.3 is 30 % */
    const char *roles[2]; /* of the sales table: summed, and what that is divided by (NULL: nothing) */
    int n_tables;         /* that its rows come from; 0: it is made of `roles` */
    PlTableKind tables[2];
    const char *instead; /* why it is no metric, and what to take; NULL: it is one */
};

/* "upsell_rate", "upsell.upsell_rate", "churn_6_months"; NULL: there is none of that name. */
const PlKpiMetric *pl_kpi_metric_find(const char *text);
/* Names of all, ended by NULL, for hints; free with g_free. */
const char **pl_kpi_metric_names(void);
/* Months of "churn_6_months"; 0: not said. */
int pl_kpi_metric_months(const char *text);

/* Whether a metric is made of rows of the tables that KPIs are made of. */
gboolean pl_metric_of_rows(const PlMetric *metric);
/* Whether any metric is made of rows of the tables that KPIs are made of. */
gboolean pl_definition_has_kpi_metrics(const PlDefinition *def);
/* The table whose stores and days the experiment is about: sales, else that of the first metric. NULL: none.
 */
const PlTable *pl_definition_outcomes(const PlDefinition *def);
/* The table whose rows a metric is made of. */
const PlTable *pl_metric_table(const PlDefinition *def, const PlMetric *metric);
