/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/finding.h"

/* The findings of a KPI as they are read: those of all in a list, those of groups in one table for each set
 * of roles, a row a group and a column a measure. What is marked as detail is left out, and counted. */

typedef struct {
    const char *measure;
    char *head;          /* "Median days", with unit and period where all its cells have the same */
    gboolean known;      /* some cell has a value */
    gboolean has_unit;   /* the unit stands in the head */
    gboolean has_period; /* its cells are of several periods, which stand with the values */
    gboolean interval, tested, adjusted, judged, said; /* some cell has an interval, a p, one that is
                                                          adjusted, a status, a verdict */
} PlKpiColumn;

typedef struct {
    GStrv names;             /* of the group, a text for each of the table's `by` */
    const PlFinding **cells; /* [columns]; NULL: there is no such finding */
} PlKpiRow;

typedef struct {
    char *title;        /* "By rep and product, 2024-03" */
    GStrv by;           /* heads of the first columns: "rep", "product"; "period" where it tells rows apart */
    GPtrArray *columns; /* PlKpiColumn* */
    GPtrArray *rows;    /* PlKpiRow*, as the findings come */
} PlKpiTable;

/* PlKpiTable*, in the order of their first findings. */
GPtrArray *pl_kpi_tables(const PlSection *section);
/* const PlFinding*: those of all that are no table by period. */
GPtrArray *pl_kpi_list(const PlSection *section);
/* The period that all of a list are of; NULL: they are of several, or of none. */
const char *pl_kpi_one_period(const GPtrArray *findings);
/* Findings that are left out of both. */
guint pl_kpi_details(const PlSection *section);
