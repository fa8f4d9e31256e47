/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/tables.h"

#include <math.h>

void pl_store_table_free(PlStoreTable *table) {
    if (table == NULL)
        return;
    for (guint a = 0; a < table->n_attributes; a++) {
        for (guint s = 0; s < table->n_stores; s++)
            g_free(table->values[a][s]);
        g_free(table->values[a]);
        g_free(table->names[a]);
    }
    g_free(table->names);
    g_free(table->values);
    g_free(table->latitude);
    g_free(table->longitude);
    g_free(table);
}

void pl_coupons_free(PlCoupons *coupons) {
    if (coupons == NULL)
        return;
    g_array_unref(coupons->rows);
    g_free(coupons->file);
    g_free(coupons);
}

void pl_breakdown_free(PlBreakdown *b) {
    if (b == NULL)
        return;
    for (guint i = 0; i < b->n_items; i++) {
        for (guint p = 0; p < PL_N_PERIODS; p++) {
            g_free(b->units[i][p]);
            g_free(b->revenue[i][p]);
        }
        g_free(b->items[i]);
    }
    g_free(b->items);
    g_free(b->promoted);
    g_free(b->kept);
    g_free(b->units);
    g_free(b->revenue);
    for (guint p = 0; p < PL_N_PERIODS; p++)
        g_free(b->open[p]);
    g_free(b->dimension);
    g_free(b->reason);
    g_free(b);
}

gboolean pl_breakdown_sum(const PlBreakdown *b, PlItemMeasure measure, const gboolean *chosen, gboolean value,
                          guint period, double *values) {
    g_autofree double *one = g_new0(double, b->n_stores + 1);
    for (guint s = 0; s < b->n_stores; s++)
        values[s] = b->open[period][s] == 0 ? NAN : 0;
    for (guint i = 0; i < b->n_items; i++) {
        if (!chosen[i] != !value)
            continue;
        if (!pl_breakdown_values(b, measure, i, period, one))
            return FALSE;
        for (guint s = 0; s < b->n_stores; s++)
            values[s] += one[s];
    }
    return measure == PL_ITEM_UNITS ? b->has_units : b->has_revenue;
}

gboolean pl_breakdown_values(const PlBreakdown *b, PlItemMeasure measure, guint item, guint period,
                             double *values) {
    if (measure == PL_ITEM_UNITS ? !b->has_units : !b->has_revenue)
        return FALSE;
    const double *totals = (measure == PL_ITEM_UNITS ? b->units : b->revenue)[item][period];
    for (guint s = 0; s < b->n_stores; s++)
        values[s] = b->open[period][s] == 0 ? NAN : totals == NULL ? 0 : totals[s] / b->open[period][s];
    return TRUE;
}

void pl_tables_clear(PlTables *tables) {
    g_clear_pointer(&tables->stores, pl_store_table_free);
    g_clear_pointer(&tables->coupons, pl_coupons_free);
    g_clear_pointer(&tables->breakdown, pl_breakdown_free);
}
