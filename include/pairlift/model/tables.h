/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/panel.h"

/* The tables beside sales, as an experiment uses them. Each is NULL where the definition does not name it. */

/* Attributes of the stores; rows of stores that the panel does not have are counted, not kept. */
typedef struct {
    guint n_stores; /* of the panel */
    guint n_attributes;
    char **names;      /* [n_attributes] as the definition or the header calls them */
    char ***values;    /* [attribute][store of the panel] text; NULL: no row, or empty */
    double *latitude;  /* [store] degrees; NaN: unknown. NULL: no such column */
    double *longitude; /* as latitude */
} PlStoreTable;

/* Coupons handed out and redeemed, a row of the table each. */
typedef struct {
    guint store; /* of the panel */
    PlDay day;
    double distributed; /* NaN: not told */
    double redeemed;
    double face_value; /* NaN: not told */
    int line;          /* of the file */
} PlCouponRow;

typedef struct {
    GArray *rows; /* PlCouponRow, of stores of the panel */
    gboolean has_distributed, has_face_value;
    char *file;         /* for messages */
    guint unknown_rows; /* of stores without sales, left out */
} PlCoupons;

/* Sales by product (or category), a total for each store and period: what the promoted products' row filter
 * leaves out is here, too. Rows that `where` excludes by any other column are not. A store without a row of
 * an item sold none of it; a store without any row on a day was closed. */
enum { PL_N_PERIODS = 3 }; /* before, during, after */
typedef struct {
    char *dimension; /* "product" or "category"; NULL: no column says which item a row is of */
    guint n_items, n_stores;
    char **items;            /* [n_items] names */
    gboolean *promoted;      /* [n_items] among the treatments' products, or kept by `where` on this column */
    gboolean *kept;          /* [n_items] `where` keeps it, so that the metrics hold its sales */
    gboolean knows_promoted; /* FALSE: nothing says which items are promoted */
    gboolean has_units, has_revenue;
    /* [item][period][store] totals of the period; NULL where there is no such column or no row at all; NaN: a
     * value was empty or unreadable */
    double *(*units)[PL_N_PERIODS], *(*revenue)[PL_N_PERIODS];
    guint *open[PL_N_PERIODS]; /* [store] intervals of the period on which the store has a row of any item */
    char *reason;              /* why there are no items, or no totals; NULL: there are */
    guint unknown_stores;      /* that the panel does not have: they sold other items only */
    guint64 left_out_rows;     /* that are in no total: no date, no store, no name of an item */
    guint64 repeated_rows;     /* that stand in the table twice, beyond those of the panel */
    guint64 pooled_rows;       /* of items beyond PL_BREAKDOWN_MAX_ITEMS, all in the last one */
} PlBreakdown;

/* More items than a reader or the memory bears are one: a column of order numbers, say. */
#define PL_BREAKDOWN_MAX_ITEMS 16384u

typedef enum { PL_ITEM_UNITS, PL_ITEM_REVENUE } PlItemMeasure;

/* An item's value in a period by store ([n_stores]): the mean of an interval on which the store was open, 0
 * without a row of the item; NaN where the store was never open or a value is unreadable. FALSE: there is no
 * such column. */
gboolean pl_breakdown_values(const PlBreakdown *breakdown, PlItemMeasure measure, guint item, guint period,
                             double *values);
/* The same of all items for which `chosen` ([n_items]) is `value`, added up. */
gboolean pl_breakdown_sum(const PlBreakdown *breakdown, PlItemMeasure measure, const gboolean *chosen,
                          gboolean value, guint period, double *values);

typedef struct {
    PlStoreTable *stores;
    PlCoupons *coupons;
    PlBreakdown *breakdown;
} PlTables;

void pl_store_table_free(PlStoreTable *table);
void pl_coupons_free(PlCoupons *coupons);
void pl_breakdown_free(PlBreakdown *breakdown);
void pl_tables_clear(PlTables *tables);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlTables, pl_tables_clear)
