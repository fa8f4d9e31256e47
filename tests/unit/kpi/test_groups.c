/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/groups.h"

#define TABLES                                                                                               \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: interactions, file: contacts.csv}\n"                                                        \
    "  - {table: customers, file: customers.csv}\n"                                                          \
    "  - {table: stores, file: stores.csv}\n"

static KpiText load(const char *kpis) {
    g_autofree char *yaml = g_strconcat(TABLES, kpis, NULL);
    KpiText t = kpi_text(yaml, "contacts.csv",
                         "customer,date,rep,store\n"
                         "1,2024-01-02,Zoe,S1\n"
                         "2,2024-01-03,Ada,S2\n"
                         "9,2024-01-04,Ada,S1\n"
                         "9,2024-01-05,,S9\n",
                         "customers.csv",
                         "customer,start,size,note\n"
                         "1,2023-01-01,10,\n"
                         "2,2023-01-01,9,x\n"
                         "3,2023-01-01,8,x\n",
                         "stores.csv", "store,region\nS1,North\nS2,South\n", NULL);
    cr_assert_not_null(t.result, "%s", t.message);
    return t;
}

typedef struct {
    KpiText t;
    PlResult *result;
    PlKpiStudy study;
    const PlRecords *contacts;
} Case;

static Case begin(void) {
    Case c = {.t = load("kpis: {period: month}\n"), .result = pl_result_new()};
    g_autoptr(GError) error = NULL;
    c.contacts = c.t.tables.of[PL_TABLE_INTERACTIONS];
    cr_assert(pl_kpi_study_init(&c.study, c.t.def, &c.t.tables, 1, c.result, &error));
    c.study.tables = &c.t.tables;
    return c;
}

static void end(Case *c) {
    pl_kpi_study_clear(&c->study);
    pl_result_free(c->result);
    kpi_text_end(&c->t);
}

/* "Ada 2, Zoe 1; 1 without"; free with g_free. */
static char *groups_of(Case *c, const char *name) {
    c->study.tables = &c->t.tables;
    c->study.def = c->t.def;
    g_autoptr(PlKpiGroups) g = pl_kpi_groups_new(&c->study, c->contacts, name);
    if (g == NULL)
        return g_strdup("none");
    GString *s = g_string_new(NULL);
    for (guint k = 0; k < g->n; k++)
        g_string_append_printf(s, "%s%s %u", k > 0 ? ", " : "", g->values[k], g->n_rows[k]);
    g_string_append_printf(s, "; %u without", g->n_without);
    return g_string_free(s, FALSE);
}

static void is_grouped(Case *c, const char *name, const char *want) {
    g_autofree char *got = groups_of(c, name);
    cr_expect(eq(str, got, (char *)want));
}

Test(kpi_groups, of_an_own_column_in_byte_order) {
    Case c = begin();
    is_grouped(&c, "rep", "Ada 2, Zoe 1; 1 without");
    end(&c);
}

Test(kpi_groups, of_a_column_of_stores_or_customers) {
    Case c = begin();
    is_grouped(&c, "region", "North 2, South 1; 1 without");
    is_grouped(&c, "size", "10 1, 9 1; 2 without"); /* numbers as they are written; 8 has no rows */
    is_grouped(&c, "note", "x 1; 3 without");
    end(&c);
}

Test(kpi_groups, there_are_none_of_a_date_or_an_unknown_column) {
    Case c = begin();
    is_grouped(&c, "date", "none");
    is_grouped(&c, "start", "none");
    is_grouped(&c, "temperament", "none");
    end(&c);
}

Test(kpi_groups, a_join_names_unknown_ids_once_with_file_and_line) {
    Case c = begin();
    c.study.tables = &c.t.tables;
    g_autofree guint *row = pl_kpi_join(&c.study, c.contacts, c.t.tables.of[PL_TABLE_CUSTOMERS], "customer");
    g_autofree guint *again =
        pl_kpi_join(&c.study, c.contacts, c.t.tables.of[PL_TABLE_CUSTOMERS], "customer");
    const guint want[] = {0, 1, PL_NO_LEVEL, PL_NO_LEVEL};
    for (guint i = 0; i < 4; i++)
        cr_assert(eq(u32, row[i], want[i]), "row %u", i);
    cr_assert(eq(u32, c.result->checks->len, 1));
    const PlCheck *check = g_ptr_array_index(c.result->checks, 0);
    cr_assert(eq(str, check->name, "unknown_ids"));
    cr_assert(eq(dbl, check->value, 2));
    cr_assert_not_null(
        strstr(check->message, "contacts.csv:4: customer \"9\" is not in the table \"customers\""), "%s",
        check->message);
    cr_assert_not_null(strstr(check->message, "2 rows of 1 customer"), "%s", check->message);
    end(&c);
}

Test(kpi_groups, there_is_no_join_with_a_table_that_is_missing) {
    Case c = begin();
    c.study.tables = &c.t.tables;
    cr_assert_null(pl_kpi_join(&c.study, c.contacts, NULL, "customer"));
    cr_assert_null(pl_kpi_join(&c.study, c.contacts, c.t.tables.of[PL_TABLE_STORES], "customer"));
    end(&c);
}

Test(kpi_groups, are_those_of_the_goal_else_the_kpis_own) {
    static const char *const own[] = {"rep", "region", "mood", NULL};
    Case c = begin();
    c.study.tables = &c.t.tables;
    char *by[] = {"size", "mood", NULL};
    PlKpiGoal goal = {0};
    PlKpiRun run = {.study = &c.study, .goal = &goal};
    g_auto(GStrv) names = pl_kpi_by(&run, c.contacts, own);
    g_autofree char *joined = g_strjoinv(" ", names);
    cr_assert(eq(str, joined, "rep region"));
    goal.by = by;
    g_auto(GStrv) given = pl_kpi_by(&run, c.contacts, own);
    g_autofree char *joined_given = g_strjoinv(" ", given);
    cr_assert(eq(str, joined_given, "size"));
    end(&c);
}
