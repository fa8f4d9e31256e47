/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/study.h"

gboolean pl_study_measure(const PlStudy *study, const char *role, PlBoundMetric *bound) {
    const PlTable *sales = pl_definition_table(study->def, PL_TABLE_SALES);
    const char *column = pl_table_column(sales, role);
    for (guint m = 0; m < study->panel->n_measures; m++)
        if (!study->panel->averaged[m] && g_str_equal(study->panel->measures[m], column)) {
            *bound = (PlBoundMetric){PL_METRIC_SUM, m, 0};
            return TRUE;
        }
    return FALSE;
}

guint pl_range_length(PlRange range) {
    return range.end - range.begin;
}
