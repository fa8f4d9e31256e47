/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <jansson.h>
#include <math.h>

/* simulate --company: its files are read here apart from the program's own reading, and what truth.json says
 * is counted again. */

typedef struct {
    GStrv header;
    GPtrArray *rows; /* of GStrv */
} Table;

static Table table_of(const char *folder, const char *name) {
    g_autofree char *text = read_file(folder, name);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    Table t = {g_strsplit(lines[0], ",", -1), g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev)};
    for (char **line = lines + 1; *line; line++) {
        GStrv row = g_strsplit(*line, ",", -1);
        cr_assert(eq(int, (int)g_strv_length(row), (int)g_strv_length(t.header)), "%s: %s", name, *line);
        g_ptr_array_add(t.rows, row);
    }
    return t;
}

static void table_clear(Table *t) {
    g_strfreev(t->header);
    g_ptr_array_unref(t->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Table, table_clear)

static const char *cell(const Table *t, guint row, const char *column) {
    guint k = 0;
    while (t->header[k] && !g_str_equal(t->header[k], column))
        k++;
    cr_assert_not_null(t->header[k], "no column %s", column);
    return ((GStrv)g_ptr_array_index(t->rows, row))[k];
}

static gboolean is(const Table *t, guint row, const char *column, const char *value) {
    return g_str_equal(cell(t, row, column), value);
}

static double number(const Table *t, guint row, const char *column) {
    return g_ascii_strtod(cell(t, row, column), NULL);
}

static int day(const char *iso) {
    GDate date;
    g_date_set_parse(&date, iso);
    cr_assert(g_date_valid(&date), "no date \"%s\"", iso);
    return (int)g_date_get_julian(&date);
}

static int months_later(const char *iso, guint months) {
    GDate date;
    g_date_set_parse(&date, iso);
    g_date_add_months(&date, months);
    return (int)g_date_get_julian(&date);
}

static json_t *at(const json_t *object, const char *part, const char *list) {
    json_t *value = json_object_get(json_object_get(object, part), list);
    cr_assert_not_null(value, "no %s of %s in truth.json", list, part);
    return value;
}

static double real(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    cr_assert(eq(int, json_is_number(value), 1), "no number %s", key);
    return json_number_value(value);
}

static int whole(const json_t *object, const char *key) {
    return (int)real(object, key);
}

static const char *word(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    cr_assert_not_null(text, "no text %s", key);
    return text;
}

/* A company of the usual size, and what is true of it. */
typedef struct {
    char *folder, *company;
    json_t *truth;
} Made;

static Made make(void) {
    Made m = {.folder = temp_folder_new()};
    m.company = in(m.folder, "company");
    g_auto(Outcome) made = run_program("simulate", "--company", "--seed", "7", "-o", m.company);
    cr_assert(eq(int, made.status, 0), "%s", made.err);
    cr_expect_str_eq(made.err, "");
    g_autofree char *text = read_file(m.company, "truth.json");
    m.truth = json_loads(text, 0, NULL);
    cr_assert_not_null(m.truth);
    return m;
}

static void made_clear(Made *m) {
    json_decref(m->truth);
    temp_folder_remove(m->folder);
    g_free(m->company);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Made, made_clear)

static const char *const names[] = {
    "sales.csv",  "stores.csv",      "competitor_prices.csv", "interactions.csv", "customers.csv",
    "survey.csv", "order_lines.csv", "opportunities.csv",     "pairs.csv",        "truth.json",
    NULL};

Test(simulate_company, the_same_seed_writes_the_same_bytes) {
    g_auto(Made) m = make();
    g_autofree char *again = in(m.folder, "again"), *other = in(m.folder, "other");
    g_auto(Outcome) second =
        run_program("simulate", "--company", "--seed", "7", "--threads", "3", "-q", "-o", again);
    g_auto(Outcome) third = run_program("simulate", "--company", "--seed", "8", "-q", "-o", other);
    cr_assert(eq(int, second.status, 0), "%s%s", second.err, third.err);
    cr_assert(eq(int, third.status, 0), "%s%s", second.err, third.err);
    cr_expect_str_eq(second.out, "");
    gsize bytes = 0;
    for (const char *const *name = names; *name; name++) {
        g_autofree char *a = read_file(m.company, *name), *c = read_file(other, *name);
        if (!g_str_equal(*name, "truth.json")) { /* it has the name of the folder's company, the same here */
            g_autofree char *b = read_file(again, *name);
            cr_expect_str_eq(a, b, "%s", *name);
            bytes += strlen(a);
        }
        if (!g_str_equal(*name, "stores.csv"))
            cr_expect_str_neq(a, c, "%s", *name);
    }
    cr_expect(lt(int, (int)bytes, 3000000));
}

Test(simulate_company, its_definition_passes_check_and_run_and_kpi_reads_all_tables) {
    g_auto(Made) m = make();
    g_autofree char *yaml = in(m.company, "company.yaml"), *report = in(m.folder, "report");
    g_auto(Outcome) check = run_program("check", yaml),
                    kpi = run_program("kpi", yaml, "--no-charts", "-o", report),
                    run = run_program("run", yaml, "--no-charts", "-o", report);
    cr_expect(eq(int, check.status, 0), "%s", check.err);
    cr_expect(eq(int, kpi.status, 0), "%s", kpi.err);
    cr_expect(eq(int, run.status, 0), "%s", run.err);
    cr_expect_contains(run.out, "8 pairs of stores");
    for (guint i = 0; i < 8; i++)
        cr_expect(i == 1 || strstr(kpi.out, names[i]), "no %s in\n%s", names[i], kpi.out);
}

Test(simulate_company, sales_give_the_regions_their_tastes) {
    g_auto(Made) m = make();
    g_auto(Table) sales = table_of(m.company, "sales.csv"), stores = table_of(m.company, "stores.csv");
    g_autoptr(GHashTable) region = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < stores.rows->len; i++)
        g_hash_table_insert(region, (char *)cell(&stores, i, "store"), (char *)cell(&stores, i, "region"));
    size_t k;
    json_t *row;
    int strong = 0;
    json_array_foreach(at(m.truth, "sales", "product_index"), k, row) {
        double here = 0, of_region = 0, of_product = 0, all = 0;
        for (guint i = 0; i < sales.rows->len; i++) {
            const double x = number(&sales, i, "revenue");
            const gboolean r = g_str_equal(g_hash_table_lookup(region, cell(&sales, i, "store")),
                                           word(row, "region")),
                           p = is(&sales, i, "product", word(row, "product"));
            here += r && p ? x : 0;
            of_region += r ? x : 0;
            of_product += p ? x : 0;
            all += x;
        }
        const double index = here / of_region / (of_product / all);
        cr_expect(epsilon_eq(dbl, index, real(row, "index"), 1e-9));
        if (real(row, "taste") > 1) {
            cr_expect(gt(dbl, index, 1.2), "%s %s", word(row, "region"), word(row, "product"));
            strong++;
        } else if (real(row, "taste") < 1)
            cr_expect(lt(dbl, index, 0.85), "%s %s", word(row, "region"), word(row, "product"));
        else
            cr_expect(index > 0.7 && index < 1.2, "%s %s: %g", word(row, "region"), word(row, "product"),
                      index);
    }
    cr_expect(eq(int, strong, 4));
}

/* Revenue of a year, of all stores, the web shops, and those that trade throughout. */
Test(simulate_company, the_web_grows_and_one_store_opens_and_one_closes) {
    g_auto(Made) m = make();
    g_auto(Table) sales = table_of(m.company, "sales.csv");
    const json_t *truth = json_object_get(m.truth, "sales");
    double all[2] = {0}, online[2] = {0}, alike[2] = {0};
    const char *first = "9", *last = "0";
    for (guint i = 0; i < sales.rows->len; i++) {
        const double x = number(&sales, i, "revenue");
        const char *date = cell(&sales, i, "date");
        const int year = date[3] == '4';
        const gboolean opened = is(&sales, i, "store", word(truth, "store_opened")),
                       closed = is(&sales, i, "store", word(truth, "store_closed"));
        all[year] += x;
        online[year] += is(&sales, i, "channel", "online") ? x : 0;
        alike[year] += opened || closed ? 0 : x;
        first = opened && strcmp(date, first) < 0 ? date : first;
        last = closed && strcmp(date, last) > 0 ? date : last;
    }
    cr_expect(epsilon_eq(dbl, online[0] / all[0], real(truth, "online_share_2023"), 1e-9));
    cr_expect(epsilon_eq(dbl, online[1] / all[1], real(truth, "online_share_2024"), 1e-9));
    cr_expect(epsilon_eq(dbl, online[1] / online[0], 1.4, 0.06));
    cr_expect(epsilon_eq(dbl, alike[1] / alike[0] - 1, real(truth, "like_for_like_2024"), 1e-9));
    cr_expect_str_eq(first, word(truth, "first_sales_of_it"));
    cr_expect_str_eq(last, word(truth, "last_sales_of_it"));
}

Test(simulate_company, a_competitor_undercuts_where_it_is_said) {
    g_auto(Made) m = make();
    g_auto(Table) sales = table_of(m.company, "sales.csv"),
                  prices = table_of(m.company, "competitor_prices.csv");
    size_t k;
    json_t *row;
    int undercut = 0;
    json_array_foreach(at(m.truth, "prices", "competitors"), k, row) {
        double revenue = 0, units = 0, price = 0;
        int n = 0;
        for (guint i = 0; i < sales.rows->len; i++) {
            const gboolean it = is(&sales, i, "product", word(row, "product"));
            revenue += it ? number(&sales, i, "revenue") : 0;
            units += it ? number(&sales, i, "units") : 0;
        }
        for (guint i = 0; i < prices.rows->len; i++) {
            if (!is(&prices, i, "product", word(row, "product")) ||
                !is(&prices, i, "competitor", word(row, "competitor")))
                continue;
            price += number(&prices, i, "price");
            n++;
        }
        cr_expect(eq(int, n, 24));
        cr_expect(epsilon_eq(dbl, revenue / units / (price / n), real(row, "price_index"), 1e-9));
        undercut += json_is_true(json_object_get(row, "undercuts"));
        cr_expect(
            eq(int, json_is_true(json_object_get(row, "undercuts")), price / n < revenue / units * 0.97),
            "%s %s", word(row, "competitor"), word(row, "product"));
    }
    cr_expect(eq(int, undercut, 2));
}

Test(simulate_company, contacts_tell_who_solves_and_who_neglects) {
    g_auto(Made) m = make();
    g_auto(Table) contacts = table_of(m.company, "interactions.csv"),
                  customers = table_of(m.company, "customers.csv");
    size_t k;
    json_t *row;
    double longest = 0;
    const char *neglects = NULL, *const last_day = "2024-12-31";
    json_array_foreach(at(m.truth, "engagement", "reps"), k, row) {
        int n = 0, solved = 0, gaps = 0, there = 0;
        double days = 0, open = 0;
        g_autoptr(GHashTable) last = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 0; i < contacts.rows->len; i++) {
            if (!is(&contacts, i, "rep", word(row, "rep")))
                continue;
            const char *before = g_hash_table_lookup(last, cell(&contacts, i, "customer"));
            n++;
            solved += is(&contacts, i, "solved", "yes");
            gaps += before != NULL;
            days += before ? day(cell(&contacts, i, "date")) - day(before) : 0;
            g_hash_table_insert(last, (char *)cell(&contacts, i, "customer"),
                                (char *)cell(&contacts, i, "date"));
        }
        for (guint i = 0; i < customers.rows->len; i++) {
            if (!is(&customers, i, "rep", word(row, "rep")) || !is(&customers, i, "end", ""))
                continue;
            there++;
            open += day(last_day) - day(g_hash_table_lookup(last, cell(&customers, i, "customer")));
        }
        cr_expect(eq(int, n, whole(row, "contacts")));
        cr_expect(eq(int, solved, whole(row, "solved")));
        cr_expect(eq(int, there, whole(row, "customers_at_the_end")));
        cr_expect(epsilon_eq(dbl, days / gaps, real(row, "mean_gap_days"), 1e-9));
        /* four standard errors, of sixteen representatives */
        const double rate = real(row, "solves");
        cr_expect(epsilon_eq(dbl, (double)solved / n, rate, 4 * sqrt(rate * (1 - rate) / n)));
        if (open / there > longest)
            longest = open / there, neglects = word(row, "rep");
    }
    cr_expect_str_eq(neglects, word(json_object_get(m.truth, "engagement"), "rep_who_neglects"));
}

/* Deals, outcomes and customers lost within 6 and 9 months of the purchase, by representative. */
Test(simulate_company, deals_tell_who_closes_fast_and_loses_customers) {
    g_auto(Made) m = make();
    g_auto(Table) deals = table_of(m.company, "opportunities.csv"),
                  customers = table_of(m.company, "customers.csv");
    size_t k;
    json_t *row;
    double most = 0, fastest = 1e9;
    const char *loses = NULL, *fast = NULL;
    const int last = day("2024-12-31");
    json_array_foreach(at(m.truth, "sales_cycle", "reps"), k, row) {
        int outcome[3] = {0}, followed[2] = {0}, lost[2] = {0};
        double days = 0;
        for (guint i = 0; i < deals.rows->len; i++) {
            if (!is(&deals, i, "rep", word(row, "rep")))
                continue;
            const int o = is(&deals, i, "outcome", "won") ? 1 : is(&deals, i, "outcome", "lost") ? 2 : 0;
            outcome[o]++;
            cr_expect(eq(int, is(&deals, i, "closed", ""), o == 0));
            cr_expect(eq(int, is(&deals, i, "customer", ""), o != 1));
            days += o ? day(cell(&deals, i, "closed")) - day(cell(&deals, i, "opened")) : 0;
        }
        for (guint i = 0; i < customers.rows->len; i++) {
            const char *end = cell(&customers, i, "end");
            for (guint h = 0; is(&customers, i, "rep", word(row, "rep")) && h < 2; h++) {
                const int until = months_later(cell(&customers, i, "start"), h ? 9 : 6);
                if (until > last)
                    continue;
                followed[h]++;
                lost[h] += *end && day(end) <= until;
            }
        }
        cr_expect(eq(int, outcome[0], whole(row, "open")));
        cr_expect(eq(int, outcome[1], whole(row, "won")));
        cr_expect(eq(int, outcome[2], whole(row, "lost")));
        cr_expect(eq(int, followed[0], whole(row, "followed_6_months")));
        cr_expect(eq(int, followed[1], whole(row, "followed_9_months")));
        cr_expect(eq(int, lost[0], whole(row, "lost_in_6_months")));
        cr_expect(eq(int, lost[1], whole(row, "lost_in_9_months")));
        const double mean = days / (outcome[1] + outcome[2]), share = (double)lost[0] / followed[0];
        if (mean < fastest)
            fastest = mean, fast = word(row, "rep");
        if (share > most)
            most = share, loses = word(row, "rep");
    }
    const char *named =
        word(json_object_get(m.truth, "sales_cycle"), "rep_who_closes_fast_and_loses_customers");
    cr_expect_str_eq(fast, named);
    cr_expect_str_eq(loses, named);
}

Test(simulate_company, orders_tell_who_sells_up) {
    g_auto(Made) m = make();
    g_auto(Table) lines = table_of(m.company, "order_lines.csv");
    size_t k;
    json_t *row;
    double most = 0;
    const char *best = NULL;
    json_array_foreach(at(m.truth, "upsell", "reps"), k, row) {
        int orders = 0, up = 0, cross = 0;
        const char *order = "";
        for (guint i = 0; i < lines.rows->len; i++) { /* at most one line of each kind an order */
            if (!is(&lines, i, "rep", word(row, "rep")))
                continue;
            orders += !is(&lines, i, "order", order);
            order = cell(&lines, i, "order");
            up += is(&lines, i, "kind", "upsell");
            cross += is(&lines, i, "kind", "cross_sell");
        }
        cr_expect(eq(int, orders, whole(row, "orders")));
        cr_expect(eq(int, up, whole(row, "orders_with_upsell")));
        cr_expect(eq(int, cross, whole(row, "orders_with_cross_sell")));
        if ((double)up / orders > most)
            most = (double)up / orders, best = word(row, "rep");
    }
    cr_expect_str_eq(best, word(json_object_get(m.truth, "upsell"), "rep_who_sells_up"));
}

Test(simulate_company, the_survey_has_a_row_for_everybody_who_was_asked) {
    g_auto(Made) m = make();
    g_auto(Table) survey = table_of(m.company, "survey.csv");
    size_t k;
    json_t *row;
    json_array_foreach(at(m.truth, "satisfaction", "teams"), k, row) {
        int asked = 0, answered = 0;
        double early = 0, late = 0;
        for (guint i = 0; i < survey.rows->len; i++) {
            if (!is(&survey, i, "team", word(row, "team")))
                continue;
            const gboolean silent = is(&survey, i, "score", "");
            cr_expect(eq(int, silent, is(&survey, i, "energy", "")));
            asked++;
            answered += !silent;
            early += is(&survey, i, "date", "2023-01-15") ? number(&survey, i, "energy") : 0;
            late += is(&survey, i, "date", "2024-10-15") ? number(&survey, i, "energy") : 0;
        }
        cr_expect(eq(int, asked, 8 * whole(row, "employees")));
        cr_expect(epsilon_eq(dbl, (double)answered / asked, real(row, "response_rate"), 1e-9));
        if (g_str_equal(word(row, "team"), "Service"))
            cr_expect(lt(dbl, late, early * 0.7));
    }
}

Test(simulate_company, options_that_do_not_go_together_are_refused) {
    char *folder = temp_folder_new();
    g_autofree char *out = in(folder, "company");
    static const char *const wrong[][6] = {
        {"--company", "--deals", "10", "--deals is 10: expected 200 to 2000000"},
        {"--company", "--stores", "50", "--stores is of a chain of stores"},
        {"--company", "--start", "2024-01-01", "--start is of a chain of stores"},
        {"--company", "--name", "a b", "no --name \"a b\""},
        {"--deals", "5000", "-q", "--deals is of --company"},
        {"--company", "--deals", "many", "many"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(Outcome) o = run_program("simulate", wrong[i][0], wrong[i][1], wrong[i][2], "-o", out);
        cr_expect(eq(int, o.status, 2), "%s", wrong[i][3]);
        cr_expect_contains(o.err, wrong[i][3]);
        cr_expect(eq(int, g_file_test(out, G_FILE_TEST_EXISTS), 0));
    }
    temp_folder_remove(folder);
}

/* experiments/field-sales is what its SOURCE.md says. */
Test(simulate_company, the_experiment_in_the_project_is_what_its_command_writes) {
    char *folder = temp_folder_new();
    g_autofree char *out = in(folder, "company");
    g_auto(Outcome) made =
        run_program("simulate", "--company", "--seed", "2026", "--name", "field-sales", "-o", out);
    cr_assert(eq(int, made.status, 0), "%s", made.err);
    for (const char *const *name = names; *name; name++) {
        g_autofree char *written = read_file(out, *name), *kept = read_file("experiments/field-sales", *name);
        cr_expect(eq(int, strcmp(written, kept), 0), "%s", *name);
    }
    g_autofree char *source = read_file("experiments/field-sales", "SOURCE.md");
    cr_expect_contains(source, "pairlift simulate --company --seed 2026 --name field-sales");
    temp_folder_remove(folder);
}

static const json_t *estimate_of(const json_t *result, const char *metric) {
    size_t i;
    const json_t *row, *found = NULL;
    const char *method = NULL;
    json_array_foreach(json_object_get(result, "estimates"), i, row) {
        if (json_is_true(json_object_get(row, "deciding")))
            method = word(row, "method");
    }
    json_array_foreach(json_object_get(result, "estimates"), i, row) {
        if (method && g_str_equal(word(row, "method"), method) && g_str_equal(word(row, "metric"), metric))
            found = row;
    }
    cr_assert_not_null(found, "no estimate of %s", metric);
    return found;
}

/* The training as an experiment: what it does lies in the intervals, and so does what it does not. */
Test(simulate_company, run_finds_the_effects_of_the_training) {
    char *folder = temp_folder_new();
    g_autofree char *report = in(folder, "report"),
                    *text = read_file("experiments/field-sales", "truth.json");
    g_auto(Outcome) run =
        run_program("run", "experiments/field-sales/field-sales.yaml", "--no-charts", "-o", report);
    cr_assert(eq(int, run.status, 0), "%s", run.err);
    g_autofree char *result_text = read_file(report, "result.json");
    json_t *truth = json_loads(text, 0, NULL), *result = json_loads(result_text, 0, NULL);
    size_t i;
    json_t *row;
    json_array_foreach(at(truth, "experiment", "effects"), i, row) {
        const json_t *estimate = estimate_of(result, word(row, "metric"));
        const double lift = real(row, "lift");
        cr_expect(real(estimate, "conf_low") <= lift && lift <= real(estimate, "conf_high"), "%s: %g",
                  word(row, "metric"), lift);
    }
    cr_expect(eq(int, (int)i, 4));
    cr_expect(gt(dbl, real(estimate_of(result, "upsell_rate"), "conf_low"), 0.0));
    cr_expect(lt(dbl, real(estimate_of(result, "mean_days"), "conf_high"), 0.0));
    json_decref(truth);
    json_decref(result);
    temp_folder_remove(folder);
}

/* What the training is counted from, again: deals closed while it runs, in the test branch of each pair. */
Test(simulate_company, the_pairs_of_the_training_are_those_of_the_files) {
    g_auto(Made) m = make();
    g_auto(Table) pairs = table_of(m.company, "pairs.csv"), deals = table_of(m.company, "opportunities.csv");
    size_t k;
    json_t *row;
    json_array_foreach(at(m.truth, "experiment", "pairs"), k, row) {
        int n = 0;
        double days = 0;
        for (guint i = 0; i < deals.rows->len; i++) {
            const char *closed = cell(&deals, i, "closed");
            if (!is(&deals, i, "store", word(row, "test")) || strcmp(closed, "2024-07-01") < 0)
                continue;
            n++;
            days += day(closed) - day(cell(&deals, i, "opened"));
        }
        cr_expect_str_eq(cell(&pairs, (guint)k, "test"), word(row, "test"));
        cr_expect_str_eq(cell(&pairs, (guint)k, "control"), word(row, "control"));
        cr_expect(eq(int, n, whole(row, "deals_closed")));
        cr_expect(epsilon_eq(dbl, days / n, real(row, "mean_days_with"), 1e-9));
    }
    cr_expect(eq(int, (int)k, 8));
}

Test(simulate_company, json_alone_prints_the_truth_and_writes_nothing) {
    g_auto(Outcome) o = run_program("simulate", "--company", "--deals", "200", "--json");
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    json_t *truth = json_loads(o.out, 0, NULL);
    cr_assert_not_null(truth);
    cr_expect(eq(int, whole(truth, "deals"), 200));
    json_decref(truth);
}
