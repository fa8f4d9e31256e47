/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "../../common/temp_folder.h"
#include "pairlift/io/load.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* A definition with the metrics revenue (sum) and price (revenue / units), to be changed by the test. */
typedef struct {
    char *folder;
    PlDefinition *def;
    PlTable *table;
    GPtrArray *inputs;
    PlPanel *panel;
    char *error;
} Case;

static inline void add_metric(PlDefinition *def, const char *name, const char *numerator,
                              const char *denominator) {
    PlMetric *metric = g_new0(PlMetric, 1);
    metric->name = g_strdup(name);
    if (denominator != NULL)
        metric->ratio = g_strdupv((char *[]){(char *)numerator, (char *)denominator, NULL});
    else
        metric->sum = g_strdup(numerator);
    metric->kind = denominator != NULL ? PL_METRIC_RATIO : PL_METRIC_SUM;
    metric->column = denominator != NULL ? metric->ratio[0] : metric->sum;
    metric->denominator = denominator != NULL ? metric->ratio[1] : NULL;
    g_ptr_array_add(def->metrics, metric);
}

static inline GPtrArray *entry(const char *key, const char *values) {
    PlEntry *e = g_new0(PlEntry, 1);
    *e = (PlEntry){g_strdup(key), g_strsplit(values, "/", -1), {7, 13}};
    GPtrArray *entries = g_ptr_array_new();
    g_ptr_array_add(entries, e);
    return entries;
}

static inline Case case_new(const char *files) {
    Case c = {.folder = temp_folder_new(), .def = pl_definition_new(), .table = g_new0(PlTable, 1)};
    c.table->files = g_strsplit(files, " ", -1);
    g_ptr_array_add(c.def->data, c.table);
    c.def->file = g_strdup("d.yaml");
    c.def->folder = g_strdup(c.folder);
    add_metric(c.def, "revenue", "revenue", NULL);
    add_metric(c.def, "price", "revenue", "units");
    return c;
}

static inline void case_write(const Case *c, const char *name, const char *text) {
    g_free(temp_folder_write(c->folder, name, text));
}

static inline void case_load(Case *c) {
    g_autoptr(GError) error = NULL;
    c->panel = pl_load_sales(c->def, NULL, NULL, &c->inputs, &error);
    cr_assert(eq(int, c->panel == NULL, error != NULL));
    c->error = error != NULL ? temp_folder_strip(c->folder, error->message) : g_strdup("");
}

/* Forgets what was loaded, to load again. */
static inline void case_reset(Case *c) {
    g_clear_pointer(&c->panel, pl_panel_free);
    g_clear_pointer(&c->inputs, g_ptr_array_unref);
    g_clear_pointer(&c->error, g_free);
}

static inline void case_clear(Case *c) {
    case_reset(c);
    pl_definition_free(c->def);
    temp_folder_remove(c->folder);
}

static inline const PlInput *input_of(const Case *c, guint i) {
    return g_ptr_array_index(c->inputs, i);
}

/* "STORE DATE revenue/units xROWS" a cell with rows, by store and day. */
static inline char *panel_text(const PlPanel *panel) {
    GString *text = g_string_new(NULL);
    for (guint s = 0; s < panel->n_stores; s++)
        for (guint t = 0; t < panel->n_times; t++) {
            if (pl_panel_rows(panel, s, t) == 0)
                continue;
            g_autofree char *day = pl_day_format(panel->times[t], panel->kind);
            g_string_append_printf(text, "%s %s", panel->stores[s], day);
            for (guint m = 0; m < panel->n_measures; m++) {
                double value = NAN;
                if (pl_panel_get(panel, s, t, m, &value))
                    g_string_append_printf(text, "%c%.10g", m > 0 ? '/' : ' ', value);
                else
                    g_string_append(text, m > 0 ? "/-" : " -");
            }
            g_string_append_printf(text, " x%u\n", pl_panel_rows(panel, s, t));
        }
    return g_string_free(text, FALSE);
}

static inline void expect_panel(Case *c, const char *expected) {
    case_load(c);
    cr_assert(eq(str, c->error, (char *)""));
    g_autofree char *seen = panel_text(c->panel);
    cr_assert(eq(str, seen, (char *)expected));
}

#define HEAD "date,store,revenue,units\n"
