/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <jansson.h>
#include <math.h>

/* The verb simulate, from the command line to the analysis of what it wrote. */

static json_t *json_of(const char *text) {
    json_t *root = json_loads(text, 0, NULL);
    cr_assert_not_null(root, "not JSON: %.100s", text);
    return root;
}

static double real(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    cr_assert(eq(int, json_is_number(value), 1), "no number %s", key);
    return json_number_value(value);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The row of `effects` in truth.json. */
static const json_t *effect(const json_t *truth, const char *metric, const char *period,
                            const char *products) {
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(truth, "effects"), i, row) {
        if (g_str_equal(text_of(row, "metric"), metric) && g_str_equal(text_of(row, "period"), period) &&
            g_str_equal(text_of(row, "products"), products))
            return row;
    }
    cr_assert(0, "no effect on %s %s of %s", metric, period, products);
    return NULL;
}

static const json_t *decided(const json_t *result, const char *metric, const char *period) {
    size_t i;
    const json_t *row;
    const char *method = NULL;
    json_array_foreach(json_object_get(result, "estimates"), i, row) {
        if (json_is_true(json_object_get(row, "deciding")))
            method = text_of(row, "method");
    }
    cr_assert_not_null(method);
    json_array_foreach(json_object_get(result, "estimates"), i, row) {
        if (g_str_equal(text_of(row, "metric"), metric) && g_str_equal(text_of(row, "period"), period) &&
            g_str_equal(text_of(row, "method"), method))
            return row;
    }
    cr_assert(0, "no estimate of %s %s", metric, period);
    return NULL;
}

static void holds(const json_t *result, const json_t *truth, const char *metric, const char *period,
                  const char *products) {
    const json_t *estimate = decided(result, metric, period);
    double lift = real(effect(truth, metric, period, products), "lift");
    cr_expect(real(estimate, "conf_low") <= lift && lift <= real(estimate, "conf_high"),
              "%s %s of %s: %g is not in %g to %g", metric, period, products, lift,
              real(estimate, "conf_low"), real(estimate, "conf_high"));
}

/* Everything at once; seed 4 is none of the one in twenty that miss. */
#define ALL_OF_IT                                                                                            \
    "simulate", "--seed", "4", "--stores", "101", "--products", "3", "--days", "150", "--lift", "0.1",       \
        "--price-cut", "0.1", "--coupon", "0.5", "--cannibalisation", "0.3", "--lift-sd", "0.02", "--gaps",  \
        "0.02", "--closures", "0.1"

Test(simulate, what_it_writes_passes_check_and_run_and_the_truth_is_found_again) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain"), *report = in(folder, "report");
    g_auto(Outcome) made = run_program(ALL_OF_IT, "-o", chain);
    cr_assert(eq(int, made.status, 0), "%s", made.err);
    cr_expect_str_eq(made.err, "");
    cr_expect_contains(made.out, "Simulated 101 stores (50 pairs) over 150 days");
    g_autofree char *truth_text = read_file(chain, "truth.json");
    json_t *truth = json_of(truth_text);
    static const char *const names[][2] = {{"simulation", "all"}, {"simulation-promoted", "promoted"}};
    for (guint i = 0; i < 2; i++) {
        g_autofree char *yaml = g_strdup_printf("%s/%s.yaml", chain, names[i][0]);
        g_auto(Outcome) check = run_program("check", yaml),
                        run = run_program("run", yaml, "--no-charts", "-o", report);
        cr_assert(eq(int, check.status, 0), "%s", check.err);
        cr_assert(eq(int, run.status, 0), "%s", run.err);
        g_autofree char *result_text = read_file(report, "result.json");
        json_t *result = json_of(result_text);
        holds(result, truth, "units", "during", names[i][1]);
        holds(result, truth, "revenue", "during", names[i][1]);
        if (i == 0) /* of one product the cut is the same in every pair */
            holds(result, truth, "price", "during", names[i][1]);
        holds(result, truth, "units", "after", names[i][1]);
        cr_expect(gt(dbl, real(decided(result, "units", "during"), "conf_low"), 0.0));
        json_decref(result);
    }
    cr_expect(lt(dbl, real(effect(truth, "units", "during", "others"), "lift"), 0.0));
    json_decref(truth);
    temp_folder_remove(folder);
}

/* The files themselves, read and counted apart from the program's own reading. */
Test(simulate, the_tables_agree_with_one_another) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain");
    g_auto(Outcome) made = run_program(ALL_OF_IT, "-o", chain);
    cr_assert(eq(int, made.status, 0), "%s", made.err);
    g_autofree char *sales = read_file(chain, "sales.csv"), *coupons = read_file(chain, "coupons.csv");
    g_autofree char *truth_text = read_file(chain, "truth.json");
    json_t *truth = json_of(truth_text);
    g_auto(GStrv) rows = g_strsplit(sales, "\n", -1);
    cr_assert_str_eq(rows[0], "date,store,product,units,revenue,price");
    char last[64] = "";
    guint n = 0;
    for (; rows[n + 1] && *rows[n + 1]; n++) {
        char date[16], store[16], product[16], key[64];
        double units, revenue, price;
        cr_assert(eq(int,
                     sscanf(rows[n + 1], "%10[^,],%15[^,],%15[^,],%lf,%lf,%lf", date, store, product, &units,
                            &revenue, &price),
                     6));
        cr_assert(epsilon_eq(dbl, revenue, units * price, 0.005));
        g_snprintf(key, sizeof key, "%s,%s,%s", date, store, product);
        cr_assert(strcmp(last, key) < 0, "%s does not come before %s", last, key);
        strcpy(last, key);
    }
    g_autofree char *said = g_strdup_printf("150 days: %u,%03u rows of sales", n / 1000, n % 1000);
    cr_expect_contains(made.out, said);
    g_auto(GStrv) lines = g_strsplit(coupons, "\n", -1);
    double distributed = 0, redeemed = 0, d, r;
    for (guint i = 1; lines[i] && *lines[i]; i++) {
        cr_assert(eq(int, sscanf(lines[i], "%*10[^,],%*15[^,],%lf,%lf,0.50", &d, &r), 2));
        cr_assert(le(dbl, r, d));
        distributed += d;
        redeemed += r;
    }
    const json_t *coupon = json_object_get(truth, "coupon");
    cr_expect(eq(dbl, distributed, real(coupon, "distributed")));
    cr_expect(epsilon_eq(dbl, redeemed, real(coupon, "redeemed"), 5 * sqrt(real(coupon, "redeemed"))));
    json_decref(truth);
    temp_folder_remove(folder);
}

Test(simulate, the_same_seed_gives_the_same_bytes_for_any_number_of_threads) {
    static const char *const files[] = {
        "sales.csv",  "coupons.csv", "stores.csv", "pairs.csv", "simulation.yaml", "simulation-promoted.yaml",
        "truth.json", NULL};
    static const char *const threads[] = {"1", "2", "3"};
    char *folder = temp_folder_new();
    g_autofree char *first = in(folder, "1");
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *chain = in(folder, threads[i]);
        g_auto(Outcome) made = run_program(ALL_OF_IT, "-o", chain, "--threads", threads[i], "-q");
        cr_assert(eq(int, made.status, 0), "%s", made.err);
        cr_expect_str_eq(made.out, "");
        for (guint f = 0; files[f]; f++) {
            g_autofree char *a = read_file(first, files[f]), *b = read_file(chain, files[f]);
            cr_expect(strcmp(a, b) == 0, "%s with %s threads", files[f], threads[i]);
        }
    }
    g_autofree char *other = in(folder, "other");
    g_auto(Outcome) made = run_program(ALL_OF_IT, "--seed", "5", "-o", other);
    cr_assert(eq(int, made.status, 0));
    g_autofree char *a = read_file(first, "sales.csv"), *b = read_file(other, "sales.csv");
    cr_expect(strcmp(a, b) != 0);
    temp_folder_remove(folder);
}

/* Chunks and batches are cut by size: a chain of which one day is more than a batch. */
Test(simulate, a_day_may_be_larger_than_a_batch) {
    char *folder = temp_folder_new();
    g_autofree char *one = in(folder, "1"), *three = in(folder, "3");
    g_auto(Outcome)
        a = run_program("simulate", "--stores", "301", "--products", "300", "--before", "2", "--during", "2",
                        "--after", "0", "--coupon", "1", "--threads", "1", "-o", one),
        b = run_program("simulate", "--stores", "301", "--products", "300", "--before", "2", "--during", "2",
                        "--after", "0", "--coupon", "1", "--threads", "3", "-o", three);
    cr_assert(eq(int, a.status, 0), "%s", a.err);
    cr_assert(eq(int, b.status, 0), "%s", b.err);
    cr_expect_contains(a.out, "361,200 rows of sales");
    static const char *const files[] = {"sales.csv", "coupons.csv"};
    for (guint f = 0; f < 2; f++) {
        g_autofree char *x = read_file(one, files[f]), *y = read_file(three, files[f]);
        cr_expect(strcmp(x, y) == 0, "%s", files[f]);
    }
    temp_folder_remove(folder);
}

Test(simulate, json_is_the_truth_and_writes_files_only_when_asked) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain");
    g_auto(Outcome) alone = run_program("simulate", "--json", "--lift", "0.07", "--dip", "0"),
                    both = run_program("simulate", "--json", "--lift", "0.07", "--dip", "0", "-o", chain);
    cr_assert(eq(int, alone.status, 0), "%s", alone.err);
    cr_assert_str_eq(alone.out, both.out);
    g_autofree char *file = read_file(chain, "truth.json");
    cr_expect_str_eq(file, alone.out);
    json_t *truth = json_of(alone.out);
    cr_expect(epsilon_eq(dbl, real(effect(truth, "revenue", "during", "all"), "lift"), 0.07, 1e-12));
    cr_expect(epsilon_eq(dbl, real(effect(truth, "units", "after", "all"), "lift"), 0.0, 1e-12));
    cr_expect(eq(dbl, real(json_object_get(truth, "parameters"), "lift"), 0.07));
    cr_expect(eq(sz, json_array_size(json_object_get(truth, "pairs")), 20));
    json_decref(truth);
    temp_folder_remove(folder);
}

Test(simulate, impossible_options_have_status_2_and_a_hint_and_write_nothing) {
    static const struct {
        const char *arguments[5], *error, *hint;
    } cases[] = {
        {{"--lift", "-1"}, "--lift is -1: expected more than -1 to 100", NULL},
        {{"--lift", "500"}, "--lift is 500", "0.05 is 5 %"},
        {{"--lift", "5x"}, "--lift", NULL},
        {{"--units", "nan"}, "--units is nan", NULL},
        {{"--stores", "1"}, "--stores is 1: expected 2 to 1000000", NULL},
        {{"--during", "200", "--days", "100"}, "--days is 100, but", "more days, or shorter periods"},
        {{"--pairs", "30"}, "--pairs is 30, but --stores is 40", "a pair needs two stores"},
        {{"--cannibalisation", "0.1"}, "needs a second product", "--products 2"},
        {{"--noise", "hevy"}, "no --noise \"hevy\"", "did you mean \"heavy\"?"},
        {{"--start", "2024-02-30"}, "no --start \"2024-02-30\"", "for example 2024-01-01"},
        {{"--name", "a/b"}, "no --name \"a/b\"", "letters, digits"},
        {{"--kind", "dsplay"}, "no --kind \"dsplay\"", "did you mean \"display\"?"},
        {{"--factorial"}, "--factorial needs a --price-cut", "--price-cut 0.1"},
        {{"--arms", "2", "--pairs", "5"}, "--pairs is of a design of pairs", "leave out --pairs"},
        {{"--arms", "20"}, "--stores is 40: 21 groups need two stores each, 42 in all", "more --stores"},
        {{"--name", ""}, "no --name \"\"", "letters, digits"},
        {{"--lifft", "1"}, "--lifft", "did you mean --lift?"},
        {{"--format", "md"}, "simulate writes no report, so it has no --format", "pairlift simulate --help"},
        {{"x.yaml"}, "simulate takes options only, not \"x.yaml\"", "pairlift simulate --help"},
    };
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *arguments[9] = {"simulate", "-o", chain};
        for (guint j = 0; cases[i].arguments[j]; j++)
            arguments[3 + j] = cases[i].arguments[j];
        g_auto(Outcome) o = run_with_path(NULL, arguments);
        cr_expect(eq(int, o.status, 2), "case %u", i);
        cr_expect_str_eq(o.out, "", "case %u", i);
        cr_expect_contains(o.err, cases[i].error);
        if (cases[i].hint)
            cr_expect_contains(o.err, cases[i].hint);
        cr_expect(eq(int, g_file_test(chain, G_FILE_TEST_EXISTS), FALSE), "case %u", i);
    }
    temp_folder_remove(folder);
}

static guint entries_of(const char *folder) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n = 0;
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

/* A limit on the size of files stands for a disk that fills up. */
Test(simulate, a_full_disk_has_status_5_and_leaves_what_was_there) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain"), *work = NULL;
    g_auto(Outcome) first = run_program("simulate", "-q", "-o", chain);
    cr_assert(eq(int, first.status, 0), "%s", first.err);
    g_autofree char *before = read_file(chain, "sales.csv");
    work = g_strdup_printf("trap '' XFSZ; ulimit -f 1000; exec '%s' simulate --stores 2000 -o '%s'",
                           program(), chain);
    const char *const argv[] = {"/bin/sh", "-c", work, NULL};
    int status = 0;
    g_autofree char *err = NULL;
    gboolean ran =
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &err, &status, NULL);
    cr_assert(ran);
    cr_expect(eq(int, WEXITSTATUS(status), 5), "%s", err);
    cr_expect_contains(err, "sales.csv: error: cannot write this file: ");
    g_autofree char *after = read_file(chain, "sales.csv");
    cr_expect_str_eq(before, after);
    cr_expect(eq(u32, entries_of(folder), 1), "something half-written stays");
    temp_folder_remove(folder);
}

Test(simulate, a_folder_of_the_user_is_not_replaced_and_one_of_its_own_is) {
    char *folder = temp_folder_new();
    g_autofree char *mine = in(folder, "mine"), *chain = in(folder, "chain");
    g_mkdir(mine, 0777);
    g_free(temp_folder_write(mine, "thesis.txt", "years"));
    g_auto(Outcome) refused = run_program("simulate", "-o", mine),
                    first = run_program("simulate", "-o", chain),
                    again = run_program("simulate", "--products", "2", "-o", chain);
    cr_expect(eq(int, refused.status, 2));
    cr_expect(eq(u32, entries_of(mine), 1));
    cr_expect(eq(int, first.status, 0));
    cr_expect(eq(int, again.status, 0), "%s", again.err);
    g_autofree char *promoted = read_file(chain, "simulation-promoted.yaml");
    cr_expect_contains(promoted, "where: {product: P1}");
    temp_folder_remove(folder);
}

/* Any options that simulate takes give an experiment that run takes. */
Test(simulate, random_small_chains_are_accepted_by_run) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain"), *report = in(folder, "report");
    g_autofree char *yaml = in(folder, "chain/simulation.yaml");
    GRand *random = g_rand_new_with_seed(9);
    for (int round = 0; round < 25; round++) {
        const char *const kinds[] = {"normal", "heavy", "lognormal"};
        g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
        static const struct {
            const char *name;
            double low, high;
            gboolean whole;
        } ranges[] = {
            {"stores", 2, 14, TRUE},          {"products", 2, 4, TRUE},    {"before", 1, 20, TRUE},
            {"during", 1, 15, TRUE},          {"after", 0, 5, TRUE},       {"lift", -0.5, 1, FALSE},
            {"lift-sd", 0, 0.3, FALSE},       {"dip", 0, 0.5, FALSE},      {"price-cut", 0, 0.5, FALSE},
            {"price-sd", 0, 0.2, FALSE},      {"coupon", 0, 2, FALSE},     {"redemption", 0, 1, FALSE},
            {"cannibalisation", 0, 1, FALSE}, {"gaps", 0, 0.5, FALSE},     {"closures", 0, 1, FALSE},
            {"noise-sd", 0, 0.5, FALSE},      {"shock-sd", 0, 0.3, FALSE}, {"weekday", 0, 2, FALSE},
            {"season", 0, 0.5, FALSE},        {"seed", 0, 1000, TRUE},
        };
        g_ptr_array_add(arguments, g_strdup("simulate"));
        for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
            double value = g_rand_double_range(random, ranges[i].low, ranges[i].high);
            g_ptr_array_add(arguments, g_strdup_printf("--%s=%.9g", ranges[i].name,
                                                       ranges[i].whole ? floor(value) : value));
        }
        g_ptr_array_add(arguments, g_strdup_printf("--noise=%s", kinds[round % 3]));
        g_ptr_array_add(arguments, g_strdup_printf("--out=%s", chain));
        g_ptr_array_add(arguments, NULL);
        g_autofree char *line = g_strjoinv(" ", (char **)arguments->pdata);
        g_auto(Outcome) made = run_with_path(NULL, (const char *const *)arguments->pdata);
        cr_assert(eq(int, made.status, 0), "%s\n%s", line, made.err);
        g_auto(Outcome) run = run_program("run", yaml, "--no-charts", "-o", report);
        cr_assert(eq(int, run.status, 0), "%s\n%s", line, run.err);
    }
    g_rand_free(random);
    temp_folder_remove(folder);
}

/* All that came later than pairs: visits, gross profit, places, groups. */
#define GROUPS                                                                                               \
    "simulate", "--factorial", "--price-cut", "0.4", "--margin", "0.3", "--basket", "3", "--products", "2",  \
        "--lift-gap", "0.02", "--spillover", "-0.1", "--cannibalisation", "0.2", "--stores", "61",           \
        "--cost-per-store", "5"

Test(simulate, groups_have_no_pairs_file_and_the_same_bytes_for_any_number_of_threads) {
    static const char *const files[] = {"sales.csv", "stores.csv", "simulation.yaml", "truth.json"};
    char *folder = temp_folder_new();
    g_autofree char *one = in(folder, "1"), *three = in(folder, "3"), *pairs = in(folder, "1/pairs.csv");
    g_auto(Outcome) a = run_program(GROUPS, "--threads", "1", "-o", one),
                    b = run_program(GROUPS, "--threads", "3", "-o", three);
    cr_assert(eq(int, a.status, 0), "%s", a.err);
    cr_assert(eq(int, b.status, 0), "%s", b.err);
    cr_expect_contains(a.out, "Simulated 61 stores (4 groups)");
    cr_expect_contains(a.out, "True lift of both during the promotion: units +");
    cr_expect(eq(int, g_file_test(pairs, G_FILE_TEST_EXISTS), FALSE));
    for (guint f = 0; f < G_N_ELEMENTS(files); f++) {
        g_autofree char *x = read_file(one, files[f]), *y = read_file(three, files[f]);
        cr_expect(strcmp(x, y) == 0, "%s", files[f]);
    }
    g_autofree char *yaml = read_file(one, "simulation.yaml"), *stores = read_file(one, "stores.csv");
    cr_expect_contains(yaml, "combines: [promo, price], products: [P1]}");
    cr_expect_contains(
        yaml, "assignment: {file: stores.csv, store: store, group: group, control: none, block: region}");
    cr_expect_contains(yaml, "margin_column: profit");
    cr_expect_contains(yaml, "\nspillover_km: 5\n");
    cr_expect(g_str_has_prefix(stores, "store,region,group,format,latitude,longitude\n"));
    temp_folder_remove(folder);
}

/* Gross profit is units x (price - cost) with the list price's cost, below 0 where the cut is deeper than the
 * margin; visits stand in the first product's row. The file is read apart from the program's own reading. */
Test(simulate, profit_and_visits_stand_in_the_sales_table) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain");
    g_auto(Outcome) made = run_program(GROUPS, "-o", chain);
    cr_assert(eq(int, made.status, 0), "%s", made.err);
    g_autofree char *sales = read_file(chain, "sales.csv");
    g_auto(GStrv) rows = g_strsplit(sales, "\n", -1);
    cr_assert_str_eq(rows[0], "date,store,product,units,revenue,price,profit,visits");
    double list[2] = {0}, loss = 0;
    for (guint i = 1; rows[i] && *rows[i]; i++) {
        double units, price, profit, visits;
        int product;
        cr_assert(eq(int,
                     sscanf(rows[i], "%*10[^,],%*15[^,],P%d,%lf,%*[^,],%lf,%lf,%lf", &product, &units, &price,
                            &profit, &visits),
                     5));
        product--;
        list[product] = fmax(list[product], price); /* the first days are before the promotion */
        double cost = round(list[product] * 70) / 100;
        cr_assert(epsilon_eq(dbl, profit, units * (price - cost), 0.005), "%s", rows[i]);
        cr_assert(product == 0 ? visits > 0 : visits == 0);
        loss += profit < 0;
    }
    cr_expect(gt(dbl, loss, 0));
    temp_folder_remove(folder);
}

Test(simulate, the_kind_of_the_treatment_and_its_costs_reach_the_definition_and_the_report) {
    char *folder = temp_folder_new();
    g_autofree char *chain = in(folder, "chain"), *yaml = in(folder, "chain/simulation.yaml"),
                    *report = in(folder, "report");
    g_auto(Outcome) made = run_program("simulate", "--kind", "display", "--margin", "0.25", "--fixed-cost",
                                       "500", "--basket", "4", "-o", chain);
    cr_assert(eq(int, made.status, 0), "%s", made.err);
    g_autofree char *text = read_file(chain, "simulation.yaml"), *truth = read_file(chain, "truth.json");
    cr_expect_contains(text, "{name: display, kind: display}");
    cr_expect_contains(text, "  margin: 0.25\n  fixed_cost: 500\n");
    cr_expect_contains(truth, "\"treatment\": \"display\"");
    cr_expect_contains(truth, "\"net_profit\"");
    g_auto(Outcome) run = run_program("run", yaml, "--no-charts", "-o", report);
    cr_expect(eq(int, run.status, 0), "%s", run.err);
    temp_folder_remove(folder);
}
