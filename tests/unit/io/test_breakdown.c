/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "load_case.h"
#include "pairlift/io/breakdown.h"

/* before: 1 to 2, during: 3 to 4; where keeps cola. */
#define TOP "date,store,product,region,units,revenue\n"

static Case item_case(void) {
    Case c = case_new("sales.csv");
    c.table->date_format = g_strdup("number");
    c.def->periods.before = (PlPeriod){.given = TRUE, .first = 1, .last = 2};
    c.def->periods.during = (PlPeriod){.given = TRUE, .first = 3, .last = 4};
    return c;
}

static PlBreakdown *load_items(Case *c) {
    g_autoptr(GError) error = NULL;
    PlBreakdown *breakdown = NULL;
    case_reset(c);
    c->panel = pl_load_sales_items(c->def, NULL, NULL, &c->inputs, &breakdown, &error);
    cr_assert(eq(int, c->panel == NULL, error != NULL));
    c->error = error != NULL ? temp_folder_strip(c->folder, error->message) : g_strdup("");
    return breakdown;
}

/* "ITEM[*] PERIOD: STORE=units/revenue ...", the promoted with a star; then the open intervals. */
static char *text_of(const PlBreakdown *b, const PlPanel *panel) {
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < b->n_items; i++)
        for (guint p = 0; p < PL_N_PERIODS; p++) {
            if (b->units[i][p] == NULL)
                continue;
            g_string_append_printf(text, "%s%s %u:", b->items[i], b->promoted[i] ? "*" : "", p);
            for (guint s = 0; s < b->n_stores; s++)
                g_string_append_printf(text, " %s=%g/%g", panel->stores[s], b->units[i][p][s],
                                       b->revenue[i][p][s]);
            g_string_append_c(text, '\n');
        }
    g_string_append(text, "open");
    for (guint p = 0; p < 2; p++)
        for (guint s = 0; s < b->n_stores; s++)
            g_string_append_printf(text, " %u", b->open[p][s]);
    return g_string_free(text, FALSE);
}

static const char sales[] = TOP "1,A,cola,n,1,10\n1,B,cola,n,2,20\n1,A,milk,n,4,5\n1,A,milk,s,100,100\n"
                                "2,A,cola,n,1,10\n2,B,milk,n,7,8\n2,A,milk,n,1,1\n2,B,cola,n,0,0\n"
                                "3,A,cola,n,9,90\n3,B,cola,n,2,20\n3,A,milk,n,3,4\n"
                                "4,A,cola,n,8,80\n5,A,milk,n,50,50\n";

Test(breakdown, counts_what_where_leaves_out_by_the_product_alone) {
    Case c = item_case();
    c.table->where = entry("product", "cola");
    g_ptr_array_extend_and_steal(c.table->where, entry("region", "n"));
    case_write(&c, "sales.csv", sales);
    PlBreakdown *b = load_items(&c);
    cr_assert(eq(str, c.error, (char *)""));
    g_autofree char *seen = text_of(b, c.panel);
    cr_assert(eq(str, seen,
                 (char *)"cola* 0: A=2/20 B=2/20\ncola* 1: A=17/170 B=2/20\n"
                         "milk 0: A=5/6 B=7/8\nmilk 1: A=3/4 B=0/0\nopen 2 2 2 1"));
    cr_assert(eq(str, b->dimension, (char *)"product"));
    cr_assert(b->knows_promoted && b->has_units && b->has_revenue && b->reason == NULL);
    cr_assert(eq(u64, input_of(&c, 0)->filtered, 6));
    double values[2];
    cr_assert(pl_breakdown_values(b, PL_ITEM_UNITS, 0, 1, values)); /* an open interval's */
    cr_assert(eq(dbl, values[0], 8.5));
    cr_assert(eq(dbl, values[1], 2));
    cr_assert(pl_breakdown_values(b, PL_ITEM_REVENUE, 1, 1, values));
    cr_assert(eq(dbl, values[0], 2));
    cr_assert(eq(dbl, values[1], 0));
    cr_assert(pl_breakdown_values(b, PL_ITEM_UNITS, 0, 2, values)); /* no such period */
    cr_assert(isnan(values[0]));
    pl_breakdown_free(b);
    case_clear(&c);
    pl_breakdown_free(NULL);
    pl_breakdown_builder_free(NULL);
}

/* What is promoted in the breakdown is what the panel has. */
Test(breakdown, agrees_with_the_panel) {
    Case c = item_case();
    c.table->where = entry("product", "cola/milk");
    GString *text = g_string_new(TOP);
    double total[2][3] = {{0}};
    guint32 state = 7;
    for (int day = 1; day <= 4; day++)
        for (int s = 0; s < 3; s++)
            for (int i = 0; i < 40; i++) {
                const char *const items[] = {"cola", "milk", "tea", "bread", "oil"};
                state = state * 1664525 + 1013904223;
                const char *item = items[(state >> 16) % 5];
                int units = (int)(state >> 24);
                g_string_append_printf(text, "%d,S%d,%s,n,%d,%d.25\n", day, s, item, units, i);
                total[day > 2][s] += g_str_equal(item, "tea") ? units : 0;
            }
    c.table->duplicates = PL_DUPLICATES_KEEP;
    case_write(&c, "sales.csv", text->str);
    PlBreakdown *b = load_items(&c);
    cr_assert(eq(u32, b->n_items, 5));
    for (guint s = 0; s < 3; s++)
        for (guint p = 0; p < 2; p++) {
            double panel = 0, items = 0, tea = 0;
            for (guint t = 2 * p; t < 2 * p + 2; t++) {
                double value = 0;
                cr_assert(pl_panel_get(c.panel, s, t, 0, &value));
                panel += value;
            }
            for (guint i = 0; i < b->n_items; i++) {
                items += b->promoted[i] ? b->revenue[i][p][s] : 0;
                tea += g_str_equal(b->items[i], "tea") ? b->units[i][p][s] : 0;
            }
            cr_assert(epsilon_eq(dbl, panel, items, 1e-9));
            cr_assert(eq(dbl, tea, total[p][s]));
        }
    g_string_free(text, TRUE);
    pl_breakdown_free(b);
    case_clear(&c);
}

Test(breakdown, repeated_rows_do_not_count) {
    static const char text[] =
        TOP "1,A,cola,n,1,1\n1,A,cola,n,1,1\n1,A,milk,n,2,2\n1,A,milk,n,2,2\n2,A,milk,n,2,2\n";
    Case c = item_case();
    c.table->where = entry("product", "cola");
    c.table->duplicates = PL_DUPLICATES_DROP;
    case_write(&c, "sales.csv", text);
    PlBreakdown *b = load_items(&c);
    g_autofree char *dropped = text_of(b, c.panel);
    cr_assert(eq(str, dropped, (char *)"cola* 0: A=1/1\nmilk 0: A=4/4\nopen 2 0"));
    cr_assert(eq(u64, b->repeated_rows, 1));
    cr_assert(eq(u64, input_of(&c, 0)->dropped, 1));
    pl_breakdown_free(b);
    c.table->duplicates = PL_DUPLICATES_KEEP;
    b = load_items(&c);
    g_autofree char *kept = text_of(b, c.panel);
    cr_assert(eq(str, kept, (char *)"cola* 0: A=2/2\nmilk 0: A=6/6\nopen 2 0"));
    pl_breakdown_free(b);
    case_clear(&c);
}

/* Faults of rows that the experiment is not judged by are counted, and make the total they belong to unknown.
 */
Test(breakdown, bad_rows_outside_do_not_stop_the_run) {
    Case c = item_case();
    c.table->where = entry("product", "cola");
    case_write(&c, "sales.csv",
               TOP "1,A,cola,n,1,1\n1,A,milk,n,bad,2\nnever,A,milk,n,1,1\n1,,milk,n,1,1\n1,A,,n,1,1\n"
                   "1,A,\xff,n,1,1\n1,Z,milk,n,1,1\n");
    PlBreakdown *b = load_items(&c);
    cr_assert(eq(str, c.error, (char *)""));
    g_autofree char *seen = text_of(b, c.panel);
    cr_assert(eq(str, seen, (char *)"cola* 0: A=1/1\nmilk 0: A=nan/2\nopen 1 0"));
    cr_assert(eq(u64, b->left_out_rows, 4));
    cr_assert(eq(u32, b->unknown_stores, 1));
    pl_breakdown_free(b);
    case_clear(&c);
}

static void treat(Case *c, const char *products) {
    PlTreatment *treatment = g_new0(PlTreatment, 1);
    treatment->name = g_strdup("offer");
    treatment->products = g_strsplit(products, "/", -1);
    g_ptr_array_add(c->def->treatments, treatment);
    pl_definition_set_pos(c->def, &treatment->products, (PlPos){9, 5});
}

Test(breakdown, products_of_the_treatment_are_promoted) {
    Case c = item_case();
    treat(&c, "milk");
    case_write(&c, "sales.csv", sales);
    PlBreakdown *b = load_items(&c);
    cr_assert(eq(str, c.error, (char *)""));
    cr_assert(b->promoted[0] && !b->promoted[1]);
    cr_assert(eq(str, b->items[0], (char *)"milk"));
    pl_breakdown_free(b);
    case_clear(&c);
}

Test(breakdown, unknown_products_are_faults) {
    Case c = item_case();
    treat(&c, "cola/mlk/x\ny");
    case_write(&c, "sales.csv", sales);
    cr_assert_null(load_items(&c));
    cr_assert(eq(str, c.error,
                 (char *)"d.yaml:9:5: error: treatment \"offer\": column \"product\" has no sales of "
                         "\"mlk\" in the periods\n  hint: did you mean \"milk\"?\n"
                         "d.yaml:9:5: error: treatment \"offer\": column \"product\" has no sales of "
                         "\"x\\ny\" in the periods\n  hint: the column holds cola, milk"));
    case_clear(&c);
}

Test(breakdown, which_column_tells_items_apart) {
    static const struct {
        const char *text, *where, *products, *dimension;
    } cases[] = {
        {"date,store,units,revenue\n1,A,1,1\n", NULL, NULL, NULL},
        {"date,store,product,units,revenue\n1,A,x,1,1\n", NULL, NULL, NULL}, /* one item */
        {"date,store,product,units,revenue\n1,A,x,1,1\n1,A,y,1,1\n", NULL, NULL, "product"},
        {"date,store,category,units,revenue\n1,A,x,1,1\n1,A,y,1,1\n", NULL, NULL, "category"},
        {"date,store,product,category,units,revenue\n1,A,x,c,1,1\n1,A,y,d,1,1\n", NULL, NULL, "product"},
        {"date,store,product,category,units,revenue\n1,A,x,c,1,1\n1,A,y,d,1,1\n", "c", NULL, "category"},
        {"date,store,product,category,units,revenue\n1,A,x,c,1,1\n1,A,y,d,1,1\n", "c", "x", "product"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Case c = item_case();
        if (cases[i].where != NULL)
            c.table->where = entry("category", cases[i].where);
        if (cases[i].products != NULL)
            treat(&c, cases[i].products);
        case_write(&c, "sales.csv", cases[i].text);
        PlBreakdown *b = load_items(&c);
        cr_assert(eq(str, c.error, (char *)""));
        cr_assert(eq(str, b != NULL ? b->dimension : (char *)"none",
                     (char *)(cases[i].dimension != NULL ? cases[i].dimension : "none")),
                  "case %zu", i);
        pl_breakdown_free(b);
        case_clear(&c);
    }
}

Test(breakdown, says_which_column_is_missing) {
    Case c = item_case();
    treat(&c, "cola");
    case_write(&c, "sales.csv", "date,store,units,revenue\n1,A,1,1\n");
    PlBreakdown *b = load_items(&c);
    cr_assert(eq(u32, b->n_items, 0));
    cr_assert(eq(str, b->reason,
                 (char *)"the sales table has no column \"product\" that says which product a row is of: "
                         "name it under data, columns: {product: NAME}"));
    pl_breakdown_free(b);
    case_clear(&c);
}

Test(breakdown, a_later_file_must_tell_items_apart_too) {
    Case c = item_case();
    c.table->where = NULL;
    g_strfreev(c.table->files);
    c.table->files = g_strsplit("a.csv b.csv", " ", -1);
    case_write(&c, "a.csv", TOP "1,A,cola,n,1,1\n");
    case_write(&c, "b.csv", "date,store,produkt,units,revenue\n1,A,cola,1,1\n");
    cr_assert_null(load_items(&c));
    cr_assert(eq(str, c.error,
                 (char *)"b.csv:1: error: there is no column \"product\"\n  hint: did you mean \"produkt\"? "
                         "the first file has it, and says by it what was sold"));
    case_clear(&c);
}

/* A column of order numbers must not fill the memory: what comes late is one item. */
Test(breakdown, too_many_items_are_pooled) {
    Case c = item_case();
    const guint n = PL_BREAKDOWN_MAX_ITEMS + 3000;
    GString *text = g_string_new(TOP);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(text, "1,A,order %u,n,1,2\n", i);
    case_write(&c, "sales.csv", text->str);
    PlBreakdown *b = load_items(&c);
    cr_assert(eq(u32, b->n_items, PL_BREAKDOWN_MAX_ITEMS + 1));
    cr_assert(eq(u64, b->pooled_rows, 3000));
    cr_assert(eq(dbl, b->units[PL_BREAKDOWN_MAX_ITEMS][0][0], 3000));
    g_string_free(text, TRUE);
    pl_breakdown_free(b);
    case_clear(&c);
}

Test(breakdown, gaps_zero_and_closed_count_other_intervals) {
    Case c = item_case();
    c.table->gaps = PL_GAPS_ZERO;
    case_write(&c, "sales.csv", TOP "1,A,cola,n,,1\n2,B,cola,n,1,1\n1,B,milk,n,1,1\n");
    PlBreakdown *b = load_items(&c);
    g_autofree char *zero = text_of(b, c.panel);
    cr_assert(eq(str, zero, (char *)"cola 0: A=0/1 B=1/1\nmilk 0: A=0/0 B=1/1\nopen 2 2 0 0"));
    cr_assert_not(b->knows_promoted);
    pl_breakdown_free(b);
    c.table->gaps = PL_GAPS_CLOSED;
    b = load_items(&c);
    g_autofree char *closed = text_of(b, c.panel);
    cr_assert(eq(str, closed, (char *)"cola 0: A=nan/1 B=1/1\nmilk 0: A=0/0 B=1/1\nopen 1 2 0 0"));
    pl_breakdown_free(b);
    case_clear(&c);
}
