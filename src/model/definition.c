/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition.h"

#include <string.h>

#include "pairlift/model/keys.h"

PlDefinition *pl_definition_new(void) {
    PlDefinition *def = g_new0(PlDefinition, 1);
    GPtrArray **lists[] = {&def->data, &def->metrics, &def->guardrails, &def->treatments, &def->pairs};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        *lists[i] = g_ptr_array_new();
    def->members = g_ptr_array_new();
    def->positions = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return def;
}

static void free_entries(GPtrArray *entries) {
    for (guint i = 0; i < entries->len; i++) {
        PlEntry *entry = g_ptr_array_index(entries, i);
        g_free(entry->key);
        g_strfreev(entry->values);
        g_free(entry);
    }
    g_ptr_array_unref(entries);
}

/* Frees what the fields of a structure own. The table of keys knows them all, so that a new key needs
 * no line here. */
static void free_fields(const PlKey *keys, void *structure) {
    for (const PlKey *key = keys; key->name != NULL; key++) {
        void *field = (char *)structure + key->offset;
        GPtrArray *list = key->type == PL_KEY_LIST || key->type == PL_KEY_DICT ? *(GPtrArray **)field : NULL;
        if (key->type == PL_KEY_TEXT || key->type == PL_KEY_NAME || key->type == PL_KEY_WORD)
            g_free(*(char **)field);
        else if (key->type == PL_KEY_TEXTS)
            g_strfreev(*(GStrv *)field);
        else if (key->type == PL_KEY_MAP)
            free_fields(key->children, field);
        else if (key->type == PL_KEY_DICT && list != NULL)
            free_entries(list);
        else if (key->type == PL_KEY_LIST && list != NULL) {
            for (guint i = 0; i < list->len; i++) {
                free_fields(key->children, g_ptr_array_index(list, i));
                g_free(g_ptr_array_index(list, i));
            }
            g_ptr_array_unref(list);
        }
    }
}

/* Frees the definition and all that it owns: every text, list and entry, however it was filled in.
 * NULL is accepted. */
void pl_definition_free(PlDefinition *def) {
    if (def == NULL)
        return;
    for (guint i = 0; i < def->pairs->len; i++) {
        PlPairDef *pair = g_ptr_array_index(def->pairs, i);
        g_free(pair->id);
        g_free(pair->file);
    }
    for (guint i = 0; i < def->members->len; i++) {
        PlMember *member = g_ptr_array_index(def->members, i);
        char *texts[] = {member->store, member->group, member->treatment, member->block, member->file};
        for (gsize k = 0; k < G_N_ELEMENTS(texts); k++)
            g_free(texts[k]);
        g_free(member);
    }
    g_ptr_array_unref(def->members);
    free_fields(pl_definition_keys, def);
    g_free(def->file);
    g_free(def->folder);
    g_free(def->sha256);
    g_hash_table_unref(def->positions);
    g_free(def);
}

/* A structure shares its address with its first field: where that was written, its place is given. */
PlPos pl_definition_pos(const PlDefinition *def, const void *field) {
    const PlPos *pos = g_hash_table_lookup(def->positions, field);
    return pos != NULL ? *pos : (PlPos){0, 0};
}

gboolean pl_definition_given(const PlDefinition *def, const void *field) {
    return pl_definition_pos(def, field).line > 0;
}

void pl_definition_set_pos(PlDefinition *def, const void *field, PlPos pos) {
    PlPos *copy = g_new(PlPos, 1);
    *copy = pos;
    g_hash_table_insert(def->positions, (gpointer)field, copy);
}

char *pl_definition_path(const PlDefinition *def, const char *path) {
    if (g_path_is_absolute(path) || def->folder == NULL || strcmp(def->folder, ".") == 0)
        return g_strdup(path);
    return g_build_filename(def->folder, path, NULL);
}

const PlTable *pl_definition_table(const PlDefinition *def, PlTableKind kind) {
    for (guint i = 0; i < def->data->len; i++) {
        const PlTable *table = g_ptr_array_index(def->data, i);
        if (table->table == (int)kind)
            return table;
    }
    return NULL;
}

const PlMetric *pl_definition_metric(const PlDefinition *def, const char *name) {
    for (guint i = 0; i < def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        if (g_strcmp0(metric->name, name) == 0)
            return metric;
    }
    return NULL;
}

/* The metric that `primary` names, the first one without it; NULL: no metric, or none of that name. */
const PlMetric *pl_definition_primary(const PlDefinition *def) {
    if (def->primary != NULL)
        return pl_definition_metric(def, def->primary);
    return def->metrics->len > 0 ? g_ptr_array_index(def->metrics, 0) : NULL;
}

/* NULL: none of that name; a `name` of NULL stands for the only treatment and is unknown when there
 * are several. */
const PlTreatment *pl_definition_treatment(const PlDefinition *def, const char *name) {
    if (name == NULL)
        return def->treatments->len == 1 ? g_ptr_array_index(def->treatments, 0) : NULL;
    for (guint i = 0; i < def->treatments->len; i++) {
        const PlTreatment *treatment = g_ptr_array_index(def->treatments, i);
        if (g_strcmp0(treatment->name, name) == 0)
            return treatment;
    }
    return NULL;
}

const char *pl_table_column(const PlTable *table, const char *role) {
    for (guint i = 0; table->columns != NULL && i < table->columns->len; i++) {
        const PlEntry *entry = g_ptr_array_index(table->columns, i);
        if (strcmp(entry->key, role) == 0)
            return entry->values[0];
    }
    return role;
}
