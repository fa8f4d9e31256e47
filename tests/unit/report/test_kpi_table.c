/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_table.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "kpi_fixture.h"

static PlFinding *of(PlSection *s, const char *measure, const char *label, const char *rep, double value) {
    PlFinding *f = kpi_number(s, measure, label, PL_AMOUNT_NUMBER, value, NAN);
    if (rep != NULL)
        pl_finding_of(f, "rep", rep, NULL);
    return f;
}

static PlSection *section(void) {
    PlSection *s = pl_section_new("sales_cycle", "Cycle");
    s->kpi = TRUE;
    return s;
}

/* One row a group, one column a measure, in the order in which they come; a hole where there is none. */
Test(kpi_table, pivots_findings_of_the_same_roles) {
    PlSection *s = section();
    of(s, "median_days", "Median days", "Ben", 1);
    of(s, "median_days", "Median days", "Ada", 2);
    of(s, "win_rate", "Won", "Ada", 3);
    of(s, "mean_days", "Mean", NULL, 4);
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s), list = pl_kpi_list(s);
    const PlKpiTable *t = g_ptr_array_index(tables, 0);
    const PlKpiRow *ben = g_ptr_array_index(t->rows, 0), *ada = g_ptr_array_index(t->rows, 1);
    cr_expect(eq(u32, tables->len, 1));
    cr_expect(eq(u32, list->len, 1));
    cr_expect(eq(str, t->title, "By rep"));
    cr_expect(eq(u32, t->columns->len, 2));
    cr_expect(eq(u32, t->rows->len, 2));
    cr_expect(eq(str, ben->names[0], "Ben"));
    cr_expect_null(ben->cells[1]);
    cr_expect(eq(dbl, ada->cells[0]->value, 2));
    cr_expect(eq(dbl, ada->cells[1]->value, 3));
    pl_section_free(s);
}

Test(kpi_table, begins_with_the_measure_that_is_judged) {
    PlSection *s = section();
    of(s, "win_rate", "Won", "Ada", 3);
    kpi_judged(of(s, "median_days", "Median days", "Ada", 1), 2, TRUE, PL_STATUS_ON_TARGET);
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
    const PlKpiTable *t = g_ptr_array_index(tables, 0);
    cr_expect(
        eq(str, (char *)((const PlKpiColumn *)g_ptr_array_index(t->columns, 0))->measure, "median_days"));
    pl_section_free(s);
}

Test(kpi_table, has_a_table_for_each_set_of_roles) {
    PlSection *s = section();
    of(s, "lift", "Lift", "Ada", 1);
    pl_finding_of(of(s, "lift", "Lift", NULL, 2), "rep", "Ada", "product", "cola", NULL);
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
    cr_assert(eq(u32, tables->len, 2));
    const PlKpiTable *t = g_ptr_array_index(tables, 1);
    const PlKpiRow *row = g_ptr_array_index(t->rows, 0);
    cr_expect(eq(str, t->title, "By rep and product"));
    cr_expect(eq(str, row->names[1], "cola"));
    pl_section_free(s);
}

/* The period stands in the title when all rows are of it, in the heads when the measures differ, with the
 * values when the groups do. */
Test(kpi_table, puts_the_period_where_it_is_needed) {
    const struct {
        const char *first, *second; /* of Ada's and Ben's days */
        const char *third;          /* of Ada's share */
        const char *title, *head;
        guint names;
    } cases[] = {{"2024-06", "2024-06", "2024-06", "By rep, 2024-06", "Median days", 1},
                 {"2024-06", "2024-06", NULL, "By rep", "Median days, 2024-06", 1},
                 {"2024-05", "2024-06", "2024-06", "By rep", "Median days", 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlSection *s = section();
        of(s, "median_days", "Median days", "Ada", 1)->period = g_strdup(cases[i].first);
        of(s, "median_days", "Median days", "Ben", 2)->period = g_strdup(cases[i].second);
        of(s, "win_rate", "Won", "Ada", 3)->period = g_strdup(cases[i].third);
        g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
        const PlKpiTable *t = g_ptr_array_index(tables, 0);
        const PlKpiColumn *c = g_ptr_array_index(t->columns, 0);
        cr_expect(eq(str, t->title, (char *)cases[i].title));
        cr_expect(eq(str, c->head, (char *)cases[i].head));
        cr_expect(eq(u32, g_strv_length(t->by), cases[i].names));
        pl_section_free(s);
    }
}

Test(kpi_table, makes_the_period_a_column_when_it_tells_rows_apart) {
    PlSection *s = section();
    of(s, "median_days", "Median days", "Ada", 1)->period = g_strdup("2024-05");
    of(s, "median_days", "Median days", "Ada", 2);
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
    const PlKpiTable *t = g_ptr_array_index(tables, 0);
    cr_expect(eq(str, t->title, "By rep and period"));
    cr_assert(eq(u32, t->rows->len, 2));
    cr_expect(eq(str, ((const PlKpiRow *)g_ptr_array_index(t->rows, 0))->names[1], "2024-05"));
    cr_expect(eq(str, ((const PlKpiRow *)g_ptr_array_index(t->rows, 1))->names[1], "all"));
    pl_section_free(s);
}

Test(kpi_table, tables_a_measure_of_all_that_comes_for_many_periods) {
    PlSection *s = section();
    for (guint i = 0; i < 4; i++)
        of(s, "mean_days", "Mean", NULL, i)->period = g_strdup_printf("2024-0%u", i + 1);
    pl_finding_mark(g_ptr_array_index(s->findings, 3))->headline = TRUE;
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s), list = pl_kpi_list(s);
    const PlKpiTable *t = g_ptr_array_index(tables, 0);
    cr_expect(eq(u32, list->len, 1)); /* the headline */
    cr_expect(eq(str, t->title, "By period"));
    cr_expect(eq(u32, t->rows->len, 3));
    pl_section_free(s);
}

Test(kpi_table, units_stand_in_the_head_when_all_cells_have_the_same) {
    const struct {
        const char *label, *first, *second, *head;
    } cases[] = {{"Volume", "EUR", "EUR", "Volume, EUR"},
                 {"Median days", "days", "days", "Median days"},
                 {"Volume", "EUR", "USD", "Volume"},
                 {"Volume", NULL, NULL, "Volume"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlSection *s = section();
        of(s, "volume", cases[i].label, "Ada", 1)->unit = g_strdup(cases[i].first);
        of(s, "volume", cases[i].label, "Ben", 1)->unit = g_strdup(cases[i].second);
        g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
        const PlKpiTable *t = g_ptr_array_index(tables, 0);
        const PlKpiColumn *c = g_ptr_array_index(t->columns, 0);
        cr_expect(eq(str, c->head, (char *)cases[i].head));
        pl_section_free(s);
    }
}

/* No finding is lost: those in the list, in cells and the details are all there are. */
Test(kpi_table, every_finding_is_listed_tabled_or_counted) {
    g_autoptr(PlResult) r = kpi_result();
    PlSection *s = kpi_add_cycle(r, 9);
    of(s, "win_rate", "Won", "Ada", 1); /* comes twice */
    of(s, "note", "Note", NULL, 1)->group = g_strdup("no role");
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s), list = pl_kpi_list(s);
    guint n = list->len + pl_kpi_details(s);
    for (guint i = 0; i < tables->len; i++) {
        const PlKpiTable *t = g_ptr_array_index(tables, i);
        for (guint k = 0; k < t->rows->len; k++)
            for (guint c = 0; c < t->columns->len; c++)
                n += ((const PlKpiRow *)g_ptr_array_index(t->rows, k))->cells[c] != NULL;
    }
    cr_expect(eq(u32, n, s->findings->len));
    cr_expect(eq(u32, pl_kpi_details(s), 9));
}
