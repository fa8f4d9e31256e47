/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../common/temp_folder.h"
#include "pairlift/effect/monitor.h"
#include "pairlift/effect/run.h"
#include "pairlift/io/coupons.h"
#include "pairlift/io/definition.h"
#include "pairlift/io/load.h"
#include "pairlift/io/pairs.h"
#include "pairlift/stats/init.h"

/* An experiment made of texts: what a user would have in two files. */

#define HEAD                                                                                                 \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: sales, file: sales.csv, date_format: number}\n"
#define TAIL                                                                                                 \
    "metrics: [{name: revenue, sum: revenue}]\n"                                                             \
    "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\n"

/* `coupons` is the text of coupons.csv, which the definition may name; NULL: there is no such file. */
static inline PlResult *run_tables(const char *yaml, const char *csv, const char *coupons, gboolean analyse,
                                   GError **error) {
    char *folder = temp_folder_new();
    g_autofree char *definition = temp_folder_write(folder, "test.yaml", yaml);
    g_autofree char *sales = temp_folder_write(folder, "sales.csv", csv);
    g_autofree char *written = coupons ? temp_folder_write(folder, "coupons.csv", coupons) : NULL;
    pl_stats_init();
    PlResult *result = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = NULL;
    g_auto(PlTables) tables = {0};
    g_autoptr(PlDefinition) def = pl_definition_load(definition, error);
    if (def && pl_pairs_load(def, NULL, error))
        panel = pl_load_sales_items(def, NULL, NULL, &inputs, &tables.breakdown, error);
    if (panel && pl_load_coupons(def, panel, &tables.coupons, inputs, error))
        result = pl_run(def, panel, &tables, analyse, 1, (PlStepper){0}, error);
    temp_folder_remove(folder);
    return result;
}

/* The running experiment, up to `as_of` (NULL: all of the data). `stores` NULL: no stores.csv. */
static inline PlResult *monitor_files(const char *yaml, const char *csv, const char *stores,
                                      const PlDay *as_of, GError **error) {
    char *folder = temp_folder_new();
    g_autofree char *definition = temp_folder_write(folder, "test.yaml", yaml);
    g_autofree char *sales = temp_folder_write(folder, "sales.csv", csv);
    g_autofree char *table = stores ? temp_folder_write(folder, "stores.csv", stores) : NULL;
    pl_stats_init();
    PlResult *result = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(definition, error);
    if (def && pl_pairs_load(def, NULL, error))
        panel = pl_load_sales(def, NULL, NULL, &inputs, error);
    if (panel)
        result = pl_monitor(def, panel, NULL, as_of, 1, error);
    temp_folder_remove(folder);
    return result;
}

static inline PlResult *run_files(const char *yaml, const char *csv, gboolean analyse, GError **error) {
    return run_tables(yaml, csv, NULL, analyse, error);
}

static inline PlResult *run_ok(const char *yaml, const char *csv) {
    g_autoptr(GError) error = NULL;
    PlResult *result = run_files(yaml, csv, TRUE, &error);
    cr_assert_not_null(result, "%s", error ? error->message : "");
    return result;
}

/* The message of a run that must fail with `status`. Free with g_free. */
static inline char *run_fails(const char *yaml, const char *csv, int status) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlResult) result = run_files(yaml, csv, TRUE, &error);
    cr_assert_null(result);
    cr_assert(eq(int, pl_error_exit_status(error), status), "%s", error->message);
    return g_strdup(error->message);
}

static inline const PlEstimate *estimate_of(const PlResult *r, const char *metric, const char *method) {
    for (guint i = 0; i < r->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(r->estimates, i);
        if (g_str_equal(e->metric, metric) && g_str_equal(e->method, method))
            return e;
    }
    cr_assert(0, "no estimate of %s by %s", metric, method);
    return NULL;
}

static inline const PlCheck *check_of(const PlResult *r, const char *name) {
    for (guint i = 0; i < r->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(r->checks, i);
        if (g_str_equal(c->name, name))
            return c;
    }
    cr_assert(0, "no check %s", name);
    return NULL;
}

static inline const PlVerdict *verdict_of(const PlResult *r) {
    cr_assert(eq(u32, r->verdicts->len, 1));
    return g_ptr_array_index(r->verdicts, 0);
}

static inline const PlPairEffect *pair_row(const PlResult *r, guint i) {
    cr_assert(lt(u32, i, r->pairs->len));
    return g_ptr_array_index(r->pairs, i);
}
