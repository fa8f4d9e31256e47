/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../common/temp_folder.h"
#include "pairlift/io/definition.h"
#include "pairlift/io/records.h"
#include "pairlift/kpi/kpi.h"
#include "pairlift/stats/init.h"

/* KPIs of texts: a definition and the files that it names, as a user would have them. */

typedef struct {
    char *folder;
    PlDefinition *def;
    PlRecordTables tables;
    PlResult *result; /* NULL: it failed with `error` */
    GError *error;
    char *message; /* of the error, without the folder */
} KpiText;

static inline void kpi_load(KpiText *t, const char *definition) {
    g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func((GDestroyNotify)pl_input_free);
    pl_stats_init();
    t->def = pl_definition_load(definition, &t->error);
    g_autoptr(PlResult) result = pl_result_new();
    if (t->def != NULL && pl_load_records(t->def, NULL, NULL, &t->tables, inputs, &t->error) &&
        pl_kpis_add(t->def, &t->tables, 1, result, &t->error))
        t->result = g_steal_pointer(&result);
    if (t->error != NULL && t->folder != NULL)
        t->message = temp_folder_strip(t->folder, t->error->message);
    else if (t->error != NULL)
        t->message = g_strdup(t->error->message);
}

/* A definition that reads files in place: of a real data set. */
static inline KpiText kpi_file(const char *path) {
    KpiText t = {0};
    kpi_load(&t, path);
    return t;
}

/* The definition's text and then pairs of file name and text, ended by NULL. Ends with kpi_text_end. */
static inline G_GNUC_NULL_TERMINATED KpiText kpi_text(const char *yaml, ...) {
    KpiText t = {.folder = temp_folder_new()};
    g_autofree char *definition = temp_folder_write(t.folder, "test.yaml", yaml);
    va_list args;
    va_start(args, yaml);
    for (const char *name; (name = va_arg(args, const char *)) != NULL;)
        g_free(temp_folder_write(t.folder, name, va_arg(args, const char *)));
    va_end(args);
    kpi_load(&t, definition);
    return t;
}

static inline void kpi_text_end(KpiText *t) {
    g_clear_pointer(&t->result, pl_result_free);
    pl_record_tables_clear(&t->tables);
    g_clear_pointer(&t->def, pl_definition_free);
    g_clear_error(&t->error);
    g_clear_pointer(&t->message, g_free);
    if (t->folder != NULL)
        temp_folder_remove(t->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KpiText, kpi_text_end)

static inline PlSection *kpi_section(const KpiText *t, const char *id) {
    cr_assert_not_null(t->result, "%s", t->message != NULL ? t->message : "");
    for (guint i = 0; i < t->result->sections->len; i++) {
        PlSection *s = g_ptr_array_index(t->result->sections, i);
        if (g_str_equal(s->id, id))
            return s;
    }
    cr_assert(0, "no section %s", id);
    return NULL;
}

/* The finding of a measure and group ("Ada", or of several roles "Ada, cola" as pl_finding_of writes it;
 * NULL: of all) and period (NULL: any); NULL: there is none. */
static inline const PlFinding *kpi_seek(const KpiText *t, const char *id, const char *measure,
                                        const char *group, const char *period) {
    const PlSection *s = kpi_section(t, id);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->group, group) == 0 &&
            (period == NULL || g_strcmp0(f->period, period) == 0))
            return f;
    }
    return NULL;
}

static inline const PlFinding *kpi_find(const KpiText *t, const char *id, const char *measure,
                                        const char *group) {
    const PlFinding *f = kpi_seek(t, id, measure, group, NULL);
    cr_assert_not_null(f, "no %s of %s in %s", measure, group != NULL ? group : "all", id);
    return f;
}

/* Whether a sentence of the section holds this text. */
static inline gboolean kpi_says(const KpiText *t, const char *id, const char *text) {
    const PlSection *s = kpi_section(t, id);
    for (guint i = 0; i < s->sentences->len; i++)
        if (strstr(g_ptr_array_index(s->sentences, i), text) != NULL)
            return TRUE;
    return FALSE;
}

static inline const PlCheck *kpi_check(const KpiText *t, const char *name) {
    cr_assert_not_null(t->result, "%s", t->message != NULL ? t->message : "");
    for (guint i = 0; i < t->result->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(t->result->checks, i);
        if (g_str_equal(c->name, name))
            return c;
    }
    return NULL;
}
