/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/panel_builder.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const char *const measures[] = {"revenue", "units"};
static const gboolean sums[] = {FALSE, FALSE};

static guint store_of(PlPanelBuilder *builder, const char *name) {
    PlNames *stores = pl_panel_builder_stores(builder);
    int known = pl_names_find(stores, name, strlen(name));
    return known >= 0 ? (guint)known : pl_names_add(stores, name, strlen(name));
}

static PlRowKind add(PlPanelBuilder *builder, const char *store, PlDay day, guint64 hash, double revenue,
                     double units) {
    guint s = store_of(builder, store), slot = pl_panel_builder_slot(builder, day);
    return pl_panel_builder_add(builder, s, slot, hash << 32, (double[]){revenue, units});
}

Test(panel_builder, aggregates_in_any_order) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, sums, TRUE);
    add(builder, "B", 30, 1, 5, 1);
    add(builder, "A", -10, 2, 7, 2);
    add(builder, "B", 30, 3, 0.5, 3);
    add(builder, "B", 10, 4, NAN, 4);
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_DATE, measures);
    double value;
    cr_assert(eq(u32, panel->n_stores, 2));
    cr_assert(eq(u32, panel->n_times, 3));
    cr_assert(eq(int, panel->times[0], -10));
    cr_assert(eq(int, panel->times[2], 30));
    cr_assert(eq(int, pl_panel_store(panel, "B"), 0));
    cr_assert(pl_panel_get(panel, 0, 2, 0, &value));
    cr_assert(eq(dbl, value, 5.5));
    cr_assert(eq(u32, pl_panel_rows(panel, 0, 2), 2));
    cr_assert(pl_panel_get(panel, 1, 0, 1, &value));
    cr_assert(eq(dbl, value, 2));
    cr_assert(zero(pl_panel_get(panel, 1, 2, 0, &value)));
    cr_assert(zero(pl_panel_get(panel, 0, 1, 0, &value)));
    cr_assert(pl_panel_get(panel, 0, 1, 1, &value));
    cr_assert(eq(dbl, value, 4));
    cr_assert(eq(str, panel->measures[1], (char *)"units"));
}

Test(panel_builder, sees_every_row_again_and_adds_none_twice) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, sums, TRUE);
    cr_assert(eq(int, (int)add(builder, "A", 1, 11, 1, 1), PL_ROW_NEW));
    cr_assert(eq(int, (int)add(builder, "A", 1, 11, 1, 1), PL_ROW_REPEATED));
    cr_assert(eq(int, (int)add(builder, "A", 1, 12, 2, 1), PL_ROW_NEW));
    cr_assert(eq(int, (int)add(builder, "A", 1, 13, 4, 1), PL_ROW_NEW));
    cr_assert(eq(int, (int)add(builder, "A", 2, 11, 1, 1), PL_ROW_NEW));
    cr_assert(eq(int, (int)add(builder, "B", 1, 12, 1, 1), PL_ROW_NEW));
    cr_assert(eq(int, (int)add(builder, "A", 1, 12, 2, 1), PL_ROW_REPEATED));
    cr_assert(eq(int, (int)add(builder, "A", 1, 13, 4, 1), PL_ROW_REPEATED));
    cr_assert(eq(int, (int)add(builder, "A", 1, 11, 1, 1), PL_ROW_REPEATED));
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_NUMBER, measures);
    double value;
    cr_assert(pl_panel_get(panel, 0, 0, 0, &value));
    cr_assert(eq(dbl, value, 7));
    cr_assert(eq(u32, pl_panel_rows(panel, 0, 0), 3));
}

Test(panel_builder, keeps_every_row_where_rows_are_separate_sales) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, sums, FALSE);
    for (int i = 0; i < 5; i++)
        cr_assert(eq(int, (int)add(builder, "A", 1, 11, 1, 1), PL_ROW_NEW));
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_NUMBER, measures);
    cr_assert(eq(u32, pl_panel_rows(panel, 0, 0), 5));
}

Test(panel_builder, an_average_counts_the_rows_that_have_a_value) {
    static const gboolean both[] = {FALSE, TRUE};
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, both, TRUE);
    add(builder, "A", 1, 1, 1, 2);
    add(builder, "A", 1, 2, NAN, 4);
    add(builder, "A", 1, 3, 1, NAN);
    add(builder, "A", 2, 4, 1, NAN);
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_NUMBER, measures);
    double value;
    cr_assert(zero(pl_panel_get(panel, 0, 0, 0, &value)), "a sum with a row that has no value is missing");
    cr_assert(pl_panel_mean(panel, 0, 0, 1, &value));
    cr_assert(eq(dbl, value, 3));
    cr_assert(eq(u32, pl_panel_values(panel, 0, 0, 1), 2));
    cr_assert(zero(pl_panel_mean(panel, 0, 1, 1, &value)), "no row has a value");
}

/* Counts of an average grow with their slab, and are kept only where a value is missing. */
Test(panel_builder, an_average_whose_slab_grows) {
    static const gboolean both[] = {FALSE, TRUE};
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, both, TRUE);
    for (guint s = 0; s < 100; s++) {
        g_autofree char *name = g_strdup_printf("%u", s);
        add(builder, name, 1, s, 1, s % 2 ? s : NAN);
        add(builder, name, 2, s, 1, 1);
    }
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_NUMBER, measures);
    for (guint s = 0; s < 100; s++) {
        cr_assert(eq(u32, pl_panel_values(panel, s, 0, 1), s % 2));
        cr_assert(eq(u32, pl_panel_values(panel, s, 1, 1), 1));
    }
    cr_assert(zero(ptr, panel->n_values[0]));
    cr_assert(ne(ptr, panel->n_values[1], NULL));
    cr_assert(zero(ptr, panel->n_values[3]));
}

/* The limit is of the rows of one store and day. */
Test(panel_builder, too_many_rows) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(0, sums, FALSE);
    guint store = store_of(builder, "A"), slot = pl_panel_builder_slot(builder, 1);
    guint32 rows = 0;
    while (pl_panel_builder_add(builder, store, slot, rows, NULL) == PL_ROW_NEW)
        rows++;
    cr_assert(eq(u32, rows, PL_PANEL_MAX_ROWS));
    cr_assert(eq(int, (int)pl_panel_builder_add(builder, store, slot, rows, NULL), PL_ROW_TOO_MANY));
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_NUMBER, measures);
    cr_assert(eq(u32, pl_panel_rows(panel, 0, 0), PL_PANEL_MAX_ROWS));
}

/* Stores that come late widen the slabs of early days without a change to what they hold. */
Test(panel_builder, slabs_grow) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, sums, TRUE);
    char name[16];
    for (int s = 0; s < 700; s++)
        for (int t = 0; t < 9; t++) {
            g_snprintf(name, sizeof name, "%d", s);
            if ((s + t) % 5 != 0)
                add(builder, name, (PlDay)(t * 31 % 9), (guint64)(s * 9 + t), s, t);
        }
    g_autoptr(PlPanel) panel = pl_panel_builder_finish(builder, PL_TIME_NUMBER, measures);
    cr_assert(eq(u32, panel->n_stores, 700));
    for (int s = 0; s < 700; s++)
        for (int t = 0; t < 9; t++) {
            g_snprintf(name, sizeof name, "%d", s);
            double revenue = -1, units = -1;
            int store = pl_panel_store(panel, name);
            gboolean there = pl_panel_get(panel, (guint)store, (guint)(t * 31 % 9), 0, &revenue);
            cr_assert(eq(int, there, (s + t) % 5 != 0));
            cr_assert(eq(dbl, revenue, there ? s : -1));
            cr_assert(eq(int, pl_panel_get(panel, (guint)store, (guint)(t * 31 % 9), 1, &units), there));
            cr_assert(eq(dbl, units, there ? t : -1));
        }
}

/* Order numbers as stores: nearly as many stores as rows, each with one day. */
Test(panel_builder, sparse_tables_are_noticed_early) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, sums, TRUE);
    char name[16];
    guint rows = 0;
    PlRowKind kind = PL_ROW_NEW;
    for (; kind == PL_ROW_NEW && rows < 1000000; rows++) {
        g_snprintf(name, sizeof name, "%u", rows);
        kind = add(builder, name, (PlDay)(rows * 7919 % 1000), rows, 1, 1);
    }
    cr_assert(eq(int, (int)kind, PL_ROW_SPARSE));
    cr_assert(lt(u32, rows, 6000));
}

/* Narrow slabs hide how wide the finished table would be. */
Test(panel_builder, sparse_tables_are_noticed_late) {
    g_autoptr(PlPanelBuilder) builder = pl_panel_builder_new(2, sums, TRUE);
    char name[16];
    guint rows = 0;
    for (; rows < 1000; rows++)
        add(builder, "A", (PlDay)rows, rows, 1, 1);
    cr_assert(zero(pl_panel_builder_is_sparse(builder)));
    for (; rows < 6000; rows++) {
        g_snprintf(name, sizeof name, "%u", rows);
        cr_assert(eq(int, (int)add(builder, name, 3, rows, 1, 1), PL_ROW_NEW));
    }
    cr_assert(pl_panel_builder_is_sparse(builder));
}

Test(panel_builder, freed_half_way) {
    PlPanelBuilder *builder = pl_panel_builder_new(2, sums, TRUE);
    add(builder, "A", 1, 1, 1, 1);
    cr_assert(pl_panel_builder_slot_is(builder, 0, 1));
    cr_assert(zero(pl_panel_builder_slot_is(builder, 0, 2)));
    cr_assert(zero(pl_panel_builder_slot_is(builder, 1, 1)));
    cr_assert(zero(pl_panel_builder_is_sparse(builder)));
    pl_panel_builder_free(builder);
    pl_panel_builder_free(NULL);
}
