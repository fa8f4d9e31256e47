/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../kpi/kpi_text.h"

/* Tables read row by row: what is understood, and what is named with file, line and what to do. */

#define TABLE(table, rest)                                                                                   \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: " table ", file: t.csv" rest "}\n"                                                          \
    "kpis: {satisfaction: {scale: [1, 5]}}\n"

static void fails(const char *yaml, const char *csv, int status, const char *want) {
    g_auto(KpiText) t = kpi_text(yaml, "t.csv", csv, NULL);
    cr_expect_null(t.result);
    if (t.error == NULL)
        return;
    cr_expect(eq(int, pl_error_exit_status(t.error), status));
    cr_expect(eq(str, t.message, (char *)want));
}

/* A column that the table lacks altogether is another matter. */
Test(records_check, a_deal_without_a_column_of_ends_is_told_how_to_name_it) {
    fails(TABLE("opportunities", ""), "opportunity,opened,outcome\na,2024-01-02,won\n", 4,
          "t.csv:2: error: the deal is won, but has no day on which it was closed\n"
          "  hint: say which column has it: columns: {closed: NAME}");
}

static const PlRecords *table_of(const KpiText *t, PlTableKind kind) {
    cr_assert_not_null(t->result, "%s", t->message);
    cr_assert_not_null(t->tables.of[kind]);
    return t->tables.of[kind];
}

Test(records, texts_dates_and_numbers_are_columns_with_the_place_of_each_row) {
    g_auto(KpiText) t =
        kpi_text(TABLE("interactions", ", values: {\"yes\": [gut], \"no\": [schlecht]}"), "t.csv",
                 "customer,date,solved\nb,2024-01-02,gut\na,2024-01-03,Yes\n"
                 "b,2024-01-04,0\nb,2024-01-05,\n",
                 NULL);
    const PlRecords *r = table_of(&t, PL_TABLE_INTERACTIONS);
    const PlField *customer = pl_records_text(r, "customer"), *date = pl_records_date(r, "date"),
                  *solved = pl_records_text(r, "solved");
    cr_assert(eq(u32, r->n, 4));
    cr_assert(eq(u32, customer->n_levels, 2));
    cr_assert(eq(str, customer->levels[0], "b"));
    cr_assert(eq(u32, customer->level[1], 1));
    cr_assert(eq(int, date->day[2], pl_day_from_ymd(2024, 1, 4)));
    const guint words[] = {1, 1, 0, PL_NO_LEVEL};
    for (guint i = 0; i < 4; i++)
        cr_assert(eq(u32, solved->level[i], words[i]), "row %u", i);
    g_autofree char *full = pl_records_place(r, 2), *place = g_path_get_basename(full);
    cr_assert(eq(str, place, "t.csv:4"));
    cr_assert_null(pl_records_number(r, "customer"));
    cr_assert_null(pl_records_field(r, "rep"));
    cr_assert_null(pl_records_field(NULL, "rep"));
}

Test(records, columns_without_a_role_are_numbers_where_all_of_them_are) {
    g_auto(KpiText) t =
        kpi_text(TABLE("survey", ""), "t.csv",
                 "employee,date,score,pay,mood\na,2024-01-02,4,3,good\nb,2024-01-02,,,2\n", NULL);
    const PlRecords *r = table_of(&t, PL_TABLE_SURVEY);
    cr_assert(eq(dbl, pl_records_number(r, "pay")->number[0], 3));
    cr_assert(isnan(pl_records_number(r, "pay")->number[1]));
    cr_assert(isnan(pl_records_number(r, "score")->number[1]));
    cr_assert_not_null(pl_records_text(r, "mood"));
}

/* The exports of R that tests read have NA for a customer who is not known: it cannot be a name as well. */
Test(records, a_text_na_is_empty_and_told_with_the_place_of_the_first) {
    g_auto(KpiText) t = kpi_text(TABLE("survey", ""), "t.csv",
                                 "employee,date,score,pay,team\na,2024-01-02,4,3,x\nb,2024-01-02,NA,NA,\n"
                                 "c,2024-01-02,2,1, NA\nd,2024-01-02,2,1,NA\n",
                                 NULL);
    const PlRecords *r = table_of(&t, PL_TABLE_SURVEY);
    const PlField *team = pl_records_text(r, "team");
    cr_assert(eq(u32, team->n_levels, 1));
    cr_assert(eq(u32, team->level[2], PL_NO_LEVEL));
    cr_assert(eq(u32, team->n_na, 2));
    cr_assert(isnan(pl_records_number(r, "pay")->number[1]));
    guint n = 0;
    for (guint i = 0; i < t.result->checks->len; i++)
        n += g_str_equal(((PlCheck *)g_ptr_array_index(t.result->checks, i))->name, "texts_na");
    cr_assert(eq(u32, n, 1)); /* none of the numbers */
    const char *message = kpi_check(&t, "texts_na")->message;
    cr_expect(strstr(message, "t.csv:4: column \"team\": 2 texts \"NA\" taken as empty") != NULL, "%s",
              message);
}

Test(records, several_files_are_one_table) {
    g_auto(KpiText) t = kpi_text("experiment: test\n"
                                 "data: [{table: interactions, file: [a.csv, b.csv]}]\n"
                                 "kpis: {period: month}\n",
                                 "a.csv", "customer,date\n1,2024-01-02\n", "b.csv",
                                 "date,customer\n2024-01-05,1\n2024-01-06,2\n", NULL);
    const PlRecords *r = table_of(&t, PL_TABLE_INTERACTIONS);
    g_autofree char *full = pl_records_place(r, 2), *place = g_path_get_basename(full);
    cr_assert(eq(u32, r->n, 3));
    cr_assert(eq(str, place, "b.csv:3"));
    cr_assert(eq(u32, pl_records_text(r, "customer")->level[1], 0));
}

Test(records, where_keeps_rows_and_duplicates_are_kept_or_dropped_as_said) {
    static const char *const csv =
        "customer,date,kind\n1,2024-01-02,call\n1,2024-01-02,call\n2,2024-01-02,mail\n";
    static const struct {
        const char *rest;
        guint n;
    } cases[] = {
        {", duplicates: keep", 3}, {", duplicates: drop", 2}, {", duplicates: keep, where: {kind: call}", 2}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *yaml = g_strdup_printf("experiment: test\n"
                                                "data: [{table: interactions, file: t.csv%s}]\n"
                                                "kpis: {period: month}\n",
                                                cases[i].rest);
        g_auto(KpiText) t = kpi_text(yaml, "t.csv", csv, NULL);
        cr_expect(eq(u32, table_of(&t, PL_TABLE_INTERACTIONS)->n, cases[i].n), "%s", cases[i].rest);
    }
}

Test(records, a_repeated_row_is_a_fault_unless_said_otherwise) {
    fails(TABLE("interactions", ""), "customer,date\n1,2024-01-02\n1,2024-01-02\n", 4,
          "t.csv:3: error: the row repeats an earlier one word for word\n"
          "  hint: under data, duplicates: keep if these are separate events, drop if they were exported "
          "twice");
}

Test(records, cells_that_are_none_of_their_kind_are_named) {
    fails(TABLE("interactions", ""),
          "customer,date,solved\n1,2024-13-02,yes\n1,2024-01-02,perhaps\n,2024-01-02,\n", 4,
          "t.csv:2: error: column \"date\": \"2024-13-02\" is not a date like %Y-%m-%d\n"
          "t.csv:3: error: column \"solved\": \"perhaps\" is none of no, yes\n"
          "  hint: under data, values: {no: [\"perhaps\"]} says what it stands for\n"
          "t.csv:4: error: column \"customer\" is empty\n"
          "  hint: every row needs it; where: keeps only some rows");
    fails(TABLE("interactions", ""), "customer,date\nNA,2024-01-02\n", 4,
          "t.csv:2: error: column \"customer\" is NA, which means empty\n"
          "  hint: every row needs it; where: keeps only some rows");
    fails(TABLE("order_lines", ""), "order,date,customer,product,amount\n1,2024-01-02,a,x,ten\n", 4,
          "t.csv:2: error: column \"amount\": \"ten\" is not a number");
}

Test(records, faults_of_rows_are_told_with_the_first_twenty_and_a_count) {
    GString *csv = g_string_new("customer,date\n");
    for (int i = 0; i < 30; i++)
        g_string_append_printf(csv, "%d,soon\n", i);
    g_auto(KpiText) t = kpi_text(TABLE("interactions", ""), "t.csv", csv->str, NULL);
    g_string_free(csv, TRUE);
    cr_assert_not_null(t.error);
    cr_assert_not_null(strstr(t.message, "t.csv:21: error:"));
    cr_assert_null(strstr(t.message, "t.csv:22: error:"));
    cr_assert_not_null(strstr(t.message, "and 10 more errors"), "%s", t.message);
}

Test(records, files_and_headers_that_do_not_fit_are_named) {
    fails(TABLE("interactions", ""), "customer,day\n1,2024-01-02\n", 4,
          "t.csv:1: error: there is no column \"date\"\n"
          "  hint: the columns are \"customer\", \"day\"; under data, columns: {date: NAME} says which one "
          "it is");
    fails("experiment: test\ndata: [{table: interactions, file: none.csv}]\nkpis: {period: month}\n", "", 4,
          "none.csv: error: cannot be read: No such file or directory");
    fails(TABLE("interactions", ", date_format: \"%Q\""), "customer,date\n1,2024-01-02\n", 3,
          "test.yaml:3:53: error: \"date_format\": %Q is not known; use %Y %y %m %b %B %d %e %j %H %M %S, or "
          "number");
    fails(TABLE("interactions", ", where: {kind: call}"), "customer,date,kind\n1,2024-01-02,mail\n", 4,
          "test.yaml:3:48: error: where: no row of table \"interactions\" has a \"kind\" that is to be kept");
    fails("experiment: test\ndata: [{table: interactions, odbc: x, relation: y}]\nkpis: {period: month}\n",
          "", 3,
          "test.yaml:2:16: error: the table \"interactions\" has no file\n"
          "  hint: this version reads CSV files: file: NAME.csv");
}

Test(records_check, ids_are_there_once) {
    fails(TABLE("customers", ""), "customer,start\na,2024-01-02\nb,2024-01-02\na,2024-01-05\n", 4,
          "t.csv:4: error: customer \"a\" is there twice, first on line 2\n"
          "  hint: a customer has one row");
    fails(TABLE("stores", ""), "store,region\nx,North\ny,North\nx,South\n", 4,
          "t.csv:4: error: store \"x\" is there twice, first on line 2\n"
          "  hint: a store has one row");
    fails(TABLE("opportunities", ""), "opportunity,opened\na,2024-01-02\na,2024-01-03\n", 4,
          "t.csv:3: error: opportunity \"a\" is there twice, first on line 2\n"
          "  hint: a deal has one row");
    fails(TABLE("survey", ""), "employee,date,score\na,2024-01-02,3\na,2024-01-02,4\n", 4,
          "t.csv:3: error: employee \"a\", date 2024-01-02 is there twice, first on line 2\n"
          "  hint: an employee answers a survey once");
    fails(TABLE("competitor_prices", ""),
          "date,product,competitor,price\n2024-01-02,x,A,3\n2024-01-02,x,A,4\n", 4,
          "t.csv:3: error: date 2024-01-02, product \"x\", competitor \"A\" is there twice, first on line 2\n"
          "  hint: a competitor has one price of a product at a time");
}

Test(records_check, ends_come_after_their_start) {
    fails(TABLE("customers", ""), "customer,start,end\na,2024-01-02,2024-01-01\n", 4,
          "t.csv:2: error: column \"end\": 2024-01-01 is before column \"start\": 2024-01-02\n"
          "  hint: are the two columns the wrong way around?");
    fails(TABLE("opportunities", ""), "opportunity,opened,closed,outcome\na,2024-01-02,2024-01-01,won\n", 4,
          "t.csv:2: error: column \"closed\": 2024-01-01 is before column \"opened\": 2024-01-02\n"
          "  hint: are the two columns the wrong way around?");
}

Test(records_check, a_deal_is_over_exactly_when_it_has_a_last_day) {
    fails(TABLE("opportunities", ""), "opportunity,opened,closed,outcome\na,2024-01-02,2024-01-03,open\n", 4,
          "t.csv:2: error: the deal is open, but column \"closed\" has a day\n"
          "  hint: leave the day empty until the deal is won or lost");
    fails(TABLE("opportunities", ""), "opportunity,opened,closed,outcome\na,2024-01-02,,won\n", 4,
          "t.csv:2: error: the deal is won, but has no day on which it was closed\n"
          "  hint: write the day, or leave the deal open until it has one");
}

Test(records_check, scores_are_on_their_scale_and_prices_above_zero) {
    fails(TABLE("survey", ""), "employee,date,score\na,2024-01-02,6\nb,2024-01-02,0.5\n", 4,
          "t.csv:2: error: column \"score\": 6 is off the scale of 1 to 5\n"
          "  hint: kpis: {satisfaction: {scale: [LOWEST, HIGHEST]}}; empty: no answer\n"
          "t.csv:3: error: column \"score\": 0.5 is off the scale of 1 to 5");
    fails(TABLE("competitor_prices", ""), "date,product,competitor,price\n2024-01-02,x,A,0\n", 4,
          "t.csv:2: error: column \"price\": 0 is no price\n"
          "  hint: a price is above 0; leave the row out where it is not known");
    fails(TABLE("competitor_prices", ""), "date,product,competitor,price\n2024-01-02,x,A,\n", 4,
          "t.csv:2: error: column \"price\" is empty\n"
          "  hint: every row needs it; where: keeps only some rows");
    fails(TABLE("sales", ""), "date,store,product,units,price\n2024-01-02,s,x,1,0\n", 4,
          "t.csv:2: error: column \"price\": 0 is no price\n"
          "  hint: a price is above 0; leave it empty where it is not known");
}

/* Its two lowest points are those of the score, which an answer beyond the scale would move. */
Test(records_check, a_question_that_energy_names_is_on_the_scale_of_the_score) {
    fails("experiment: test\n"
          "data: [{table: survey, file: t.csv}]\n"
          "kpis: {satisfaction: {scale: [1, 5], energy: [mood, score, none]}}\n",
          "employee,date,score,mood,pay\na,2024-01-02,3,5,9\nb,2024-01-02,2,70,9\nc,2024-01-02,3,,0\n", 4,
          "t.csv:3: error: column \"mood\": 70 is off the scale of 1 to 5\n"
          "  hint: questions of energy are on the scale of the score; empty: no answer");
}

Test(records_check, one_currency_one_unit_one_customer) {
    fails(TABLE("order_lines", ""),
          "order,date,customer,product,amount,currency\n1,2024-01-02,a,x,1,EUR\n2,2024-01-02,a,x,1,USD\n", 4,
          "t.csv:3: error: column \"currency\": \"USD\" here and \"EUR\" on line 2\n"
          "  hint: convert the amounts to one currency, or keep one with where");
    fails(TABLE("order_lines", ""),
          "order,date,customer,product,amount\n1,2024-01-02,a,x,1\n1,2024-01-02,b,y,1\n", 4,
          "t.csv:3: error: order \"1\", column \"customer\": \"b\" here and \"a\" on line 2\n"
          "  hint: an order is of one customer");
    fails(TABLE("competitor_prices", ""),
          "date,product,competitor,price,unit\n2024-01-02,x,A,1,kg\n2024-01-03,x,A,1,lb\n", 4,
          "t.csv:3: error: product \"x\", column \"unit\": \"lb\" here and \"kg\" on line 2\n"
          "  hint: convert the prices to one unit");
}

Test(records_check, a_currency_or_unit_that_other_rows_have_is_not_left_empty) {
    fails(TABLE("order_lines", ""),
          "order,date,customer,product,amount,currency\n1,2024-01-02,a,x,1,\n2,2024-01-02,a,x,1,USD\n", 4,
          "t.csv:2: error: column \"currency\": empty here and \"USD\" on line 3\n"
          "  hint: write the currency in every row, or in none");
    fails(TABLE("competitor_prices", ""),
          "date,product,competitor,price,unit\n2024-01-02,x,A,1,kg\n2024-01-03,x,A,1,\n2024-01-03,y,A,1,\n",
          4,
          "t.csv:3: error: product \"x\", column \"unit\": empty here and \"kg\" on line 2\n"
          "  hint: write the unit in every row of the product, or in none");
    fails(TABLE("sales", ""),
          "date,store,product,units,revenue,unit\n2024-01-02,s,x,1,1,\n2024-01-03,s,x,1,1,kg\n", 4,
          "t.csv:2: error: product \"x\", column \"unit\": empty here and \"kg\" on line 3\n"
          "  hint: write the unit in every row of the product, or in none");
}
