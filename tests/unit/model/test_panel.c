/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/panel.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const char *const stores[] = {"S1", "S 2", ""}, *const measures[] = {"revenue", "units"};
static const PlDay times[] = {10, 12, 13, 20};

static PlPanel *make_panel(void) {
    return pl_panel_new(stores, 3, times, 4, PL_TIME_DATE, measures, 2);
}

Test(panel, new_panel_is_missing_everywhere) {
    g_autoptr(PlPanel) panel = make_panel();
    for (guint s = 0; s < 3; s++)
        for (guint t = 0; t < 4; t++)
            for (guint m = 0; m < 2; m++) {
                double value = 5;
                cr_assert(zero(pl_panel_get(panel, s, t, m, &value)));
                cr_assert(eq(dbl, value, 5));
                cr_assert(zero(u32, pl_panel_rows(panel, s, t)));
            }
}

Test(panel, names) {
    g_autoptr(PlPanel) panel = make_panel();
    for (int s = 0; s < 3; s++)
        cr_assert(eq(int, pl_panel_store(panel, stores[s]), s));
    cr_assert(eq(int, pl_panel_store(panel, "S9"), -1));
    cr_assert(eq(int, pl_panel_measure(panel, "units"), 1));
    cr_assert(eq(int, pl_panel_measure(panel, "Units"), -1));
    cr_assert(ne(ptr, (void *)panel->stores[0], (void *)stores[0]));
}

Test(panel, set_touches_one_cell_and_one_measure) {
    g_autoptr(PlPanel) panel = make_panel();
    double value = 0;
    pl_panel_set(panel, 1, 2, 0, 3.5);
    cr_assert(pl_panel_get(panel, 1, 2, 0, &value));
    cr_assert(eq(dbl, value, 3.5));
    cr_assert(zero(pl_panel_get(panel, 1, 2, 1, &value)));
    cr_assert(zero(pl_panel_get(panel, 0, 2, 0, &value)));
    cr_assert(zero(pl_panel_get(panel, 1, 1, 0, &value)));
    pl_panel_set(panel, 1, 2, 1, -2);
    cr_assert(pl_panel_get(panel, 1, 2, 0, &value));
    cr_assert(pl_panel_get(panel, 1, 2, 1, &value));
    cr_assert(eq(dbl, value, -2));
    cr_assert(eq(u32, pl_panel_rows(panel, 1, 2), 1));
}

Test(panel, ranges) {
    static const struct {
        PlDay first, last;
        guint begin, end;
    } cases[] = {{10, 20, 0, 4}, {11, 13, 1, 3}, {12, 12, 1, 2}, {14, 19, 3, 3},
                 {0, 9, 0, 0},   {21, 30, 4, 4}, {13, 12, 2, 2}, {G_MININT32, G_MAXINT32, 0, 4}};
    g_autoptr(PlPanel) panel = make_panel();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint begin, end;
        pl_panel_range(panel, cases[i].first, cases[i].last, &begin, &end);
        cr_assert(eq(u32, begin, cases[i].begin), "case %zu", i);
        cr_assert(eq(u32, end, cases[i].end), "case %zu", i);
    }
}

Test(panel, empty_panel) {
    g_autoptr(PlPanel) panel = pl_panel_new(NULL, 0, NULL, 0, PL_TIME_NUMBER, NULL, 0);
    guint begin = 7, end = 7;
    pl_panel_range(panel, 0, 10, &begin, &end);
    cr_assert(zero(u32, begin));
    cr_assert(zero(u32, end));
    cr_assert(eq(int, pl_panel_store(panel, "x"), -1));
    cr_assert(eq(int, (int)panel->step, PL_STEP_NUMBER));
    pl_panel_free(NULL);
}

/* A filled cell is as many rows of one value: the mean is that value, the weight their number. */
Test(panel, fill_with_a_weight) {
    g_autoptr(PlPanel) panel = make_panel();
    double value = 7;
    cr_assert(zero(pl_panel_mean(panel, 1, 2, 0, &value)));
    cr_assert(zero(u32, pl_panel_values(panel, 1, 2, 0)));
    cr_assert(eq(dbl, value, 7));
    pl_panel_fill(panel, 1, 2, 0, 2.5, 4);
    pl_panel_fill(panel, 1, 2, 1, 30, 1);
    cr_assert(pl_panel_get(panel, 1, 2, 0, &value));
    cr_assert(eq(dbl, value, 10));
    cr_assert(eq(u32, pl_panel_values(panel, 1, 2, 0), 4));
    cr_assert(pl_panel_mean(panel, 1, 2, 0, &value));
    cr_assert(eq(dbl, value, 2.5));
    cr_assert(pl_panel_get(panel, 1, 2, 1, &value));
    cr_assert(eq(dbl, value, 30));
    cr_assert(eq(u32, pl_panel_values(panel, 1, 2, 1), 1));
    cr_assert(zero(u32, pl_panel_values(panel, 0, 2, 0)));
    cr_assert(zero(u32, pl_panel_values(panel, 0, 2, 1)));
    /* another store of that day, of which the counts are rows again */
    pl_panel_fill(panel, 0, 2, 1, 3, 2);
    cr_assert(eq(u32, pl_panel_values(panel, 0, 2, 1), 2));
    cr_assert(zero(u32, pl_panel_values(panel, 0, 2, 0)));
    cr_assert(zero(u32, pl_panel_values(panel, 2, 2, 1)));
}

/* Added measures are 0 where there are rows; a cell that gets its first row lacks the others. */
Test(panel, measures_are_added_behind_the_others) {
    g_autoptr(PlPanel) panel = make_panel();
    guint from = panel->n_measures, needed = panel->n_needed;
    static const char *const names[] = {"won", "closed"};
    double before = 6, value = 7;
    pl_panel_set(panel, 0, 1, from - 1, before);
    pl_panel_add_measures(panel, names, 2);
    cr_assert(eq(u32, panel->n_measures, from + 2));
    cr_assert(eq(u32, panel->n_needed, needed));
    cr_assert(eq(int, pl_panel_measure(panel, "closed"), (int)from + 1));
    cr_assert(pl_panel_get(panel, 0, 1, from - 1, &value));
    cr_assert(eq(dbl, value, before));
    cr_assert(pl_panel_get(panel, 0, 1, from, &value));
    cr_assert(eq(dbl, value, 0));
    pl_panel_add(panel, 0, 1, from, from, 2);
    pl_panel_add(panel, 0, 1, from, from, 3);
    cr_assert(pl_panel_get(panel, 0, 1, from, &value));
    cr_assert(eq(dbl, value, 5));
    cr_assert(not(pl_panel_get(panel, 1, 2, from, &value)));
    pl_panel_add(panel, 1, 2, from + 1, from, 4);
    cr_assert(not(pl_panel_get(panel, 1, 2, 0, &value)));
    cr_assert(pl_panel_get(panel, 1, 2, from, &value));
    cr_assert(eq(dbl, value, 0));
    cr_assert(pl_panel_get(panel, 1, 2, from + 1, &value));
    cr_assert(eq(dbl, value, 4));
}
