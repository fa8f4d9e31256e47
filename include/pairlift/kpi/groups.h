/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/kpi.h"

/* Rows of a table by the values of a column: its own, or one of its stores or customers. */
typedef struct {
    char *name; /* "region", as asked for */
    guint n;
    char **values;   /* [n] in byte order */
    guint *of_row;   /* [records->n]; PL_NO_LEVEL: no value */
    guint *n_rows;   /* [n] */
    guint n_without; /* rows without a value */
} PlKpiGroups;

/* NULL: neither the table nor its stores or customers have such a column. Free with pl_kpi_groups_free. */
PlKpiGroups *pl_kpi_groups_new(const PlKpiStudy *study, const PlRecords *records, const char *name);
void pl_kpi_groups_free(PlKpiGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlKpiGroups, pl_kpi_groups_free)

/* The names to group by: the goal's `by`, else those of `own` (ends with NULL) that the table has. Free with
 * g_strfreev. */
GStrv pl_kpi_by(const PlKpiRun *run, const PlRecords *records, const char *const *own);

/* For each row of `records` the row of `other` with the same text in `key` ("customer", "store");
 * PL_NO_LEVEL: none. Rows whose key the other table does not have are counted in a check of the result that
 * names the first with file and line, once a pair of tables; the caller leaves them out of what needs the
 * join. NULL: one of the tables is missing, or has no such field. Free with g_free. */
guint *pl_kpi_join(const PlKpiStudy *study, const PlRecords *records, const PlRecords *other,
                   const char *key);
