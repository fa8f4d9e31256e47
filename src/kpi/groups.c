/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/groups.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/keys.h"
#include "pairlift/model/numbers.h"

/* The texts of a field, row by row; numbers as texts. */
typedef struct {
    GHashTable *index; /* text -> number + 1 */
    GPtrArray *texts;  /* char* */
} Texts;

static guint add_text(Texts *texts, const char *text) {
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(texts->index, text));
    if (known > 0)
        return known - 1;
    char *copy = g_strdup(text);
    g_ptr_array_add(texts->texts, copy);
    g_hash_table_insert(texts->index, copy, GUINT_TO_POINTER(texts->texts->len));
    return texts->texts->len - 1;
}

/* [n] the text's number of each row of the field's own table. */
static guint *number_rows(const PlField *field, guint n, Texts *texts) {
    guint *of_row = g_new(guint, n + 1);
    g_autofree guint *of_level = g_new(guint, field->n_levels + 1);
    for (guint l = 0; field->kind == PL_FIELD_TEXT && l < field->n_levels; l++)
        of_level[l] = PL_NO_LEVEL;
    for (guint i = 0; i < n; i++) {
        of_row[i] = PL_NO_LEVEL;
        if (field->kind == PL_FIELD_TEXT && field->level[i] != PL_NO_LEVEL) {
            guint *level = &of_level[field->level[i]];
            if (*level == PL_NO_LEVEL)
                *level = add_text(texts, field->levels[field->level[i]]);
            of_row[i] = *level;
        } else if (field->kind == PL_FIELD_NUMBER && !isnan(field->number[i])) {
            char text[G_ASCII_DTOSTR_BUF_SIZE];
            of_row[i] = add_text(texts, g_ascii_formatd(text, sizeof text, "%.10g", field->number[i]));
        }
    }
    return of_row;
}

static int by_text(const void *a, const void *b, void *data) {
    const GPtrArray *texts = data;
    return strcmp(g_ptr_array_index(texts, *(const guint *)a), g_ptr_array_index(texts, *(const guint *)b));
}

/* Only texts that occur in the rows, in byte order. */
static void settle(PlKpiGroups *g, guint n_rows, const Texts *texts) {
    guint n = texts->texts->len;
    g_autofree guint *count = g_new0(guint, n + 1), *order = g_new(guint, n + 1),
                     *place = g_new(guint, n + 1);
    for (guint i = 0; i < n_rows; i++)
        if (g->of_row[i] != PL_NO_LEVEL)
            count[g->of_row[i]]++;
        else
            g->n_without++;
    for (guint k = 0; k < n; k++)
        if (count[k] > 0)
            order[g->n++] = k;
    g_qsort_with_data(order, (gint)g->n, sizeof *order, by_text, texts->texts);
    g->values = g_new0(char *, g->n + 1);
    g->n_rows = g_new0(guint, g->n + 1);
    for (guint k = 0; k < g->n; k++) {
        g->values[k] = g_strdup(g_ptr_array_index(texts->texts, order[k]));
        g->n_rows[k] = count[order[k]];
        place[order[k]] = k;
    }
    for (guint i = 0; i < n_rows; i++)
        if (g->of_row[i] != PL_NO_LEVEL)
            g->of_row[i] = place[g->of_row[i]];
}

/* The table that has the column: the rows' own, else that of their stores or customers. */
static const PlRecords *owner_of(const PlKpiStudy *study, const PlRecords *records, const char *name,
                                 const char **key) {
    static const struct {
        PlTableKind table;
        const char *key;
    } others[] = {{PL_TABLE_STORES, "store"}, {PL_TABLE_CUSTOMERS, "customer"}};
    *key = NULL;
    if (pl_records_field(records, name) != NULL)
        return records;
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        const PlRecords *other = study->tables->of[others[i].table];
        if (other == records || pl_records_text(records, others[i].key) == NULL ||
            pl_records_field(other, name) == NULL)
            continue;
        *key = others[i].key;
        return other;
    }
    return NULL;
}

PlKpiGroups *pl_kpi_groups_new(const PlKpiStudy *study, const PlRecords *records, const char *name) {
    const char *key;
    const PlRecords *owner = records != NULL ? owner_of(study, records, name, &key) : NULL;
    const PlField *field = pl_records_field(owner, name);
    if (field == NULL || field->kind == PL_FIELD_DATE)
        return NULL;
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    Texts texts = {index, names};
    PlKpiGroups *g = g_new0(PlKpiGroups, 1);
    g_autofree guint *of_owner = number_rows(field, owner->n, &texts);
    g->name = g_strdup(name);
    if (owner == records) {
        g->of_row = g_steal_pointer(&of_owner);
    } else {
        g_autofree guint *row = pl_kpi_join(study, records, owner, key);
        g->of_row = g_new(guint, records->n + 1);
        for (guint i = 0; i < records->n; i++)
            g->of_row[i] = row[i] == PL_NO_LEVEL ? PL_NO_LEVEL : of_owner[row[i]];
    }
    settle(g, records->n, &texts);
    return g;
}

void pl_kpi_groups_free(PlKpiGroups *g) {
    if (g == NULL)
        return;
    g_free(g->name);
    g_strfreev(g->values);
    g_free(g->of_row);
    g_free(g->n_rows);
    g_free(g);
}

GStrv pl_kpi_by(const PlKpiRun *run, const PlRecords *records, const char *const *own) {
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    const char *key;
    for (char **name = run->goal->by; name != NULL && *name != NULL; name++)
        if (owner_of(run->study, records, *name, &key) != NULL)
            g_strv_builder_add(names, *name);
    for (; run->goal->by == NULL && *own != NULL; own++)
        if (owner_of(run->study, records, *own, &key) != NULL)
            g_strv_builder_add(names, *own);
    return g_strv_builder_end(names);
}

/* [levels of the key] the first row of the other table that has it. */
static guint *rows_of_levels(const PlField *key, const PlRecords *other, const PlField *other_key) {
    g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
    guint *row = g_new(guint, key->n_levels + 1);
    for (guint i = other->n; i-- > 0;)
        if (other_key->level[i] != PL_NO_LEVEL)
            g_hash_table_insert(rows, other_key->levels[other_key->level[i]], GUINT_TO_POINTER(i + 1));
    for (guint l = 0; l < key->n_levels; l++) {
        guint found = GPOINTER_TO_UINT(g_hash_table_lookup(rows, key->levels[l]));
        row[l] = found > 0 ? found - 1 : PL_NO_LEVEL;
    }
    return row;
}

static void tell_unknown(const PlKpiStudy *study, const PlRecords *records, const PlField *key,
                         const PlRecords *other, const guint *row) {
    guint n = 0, first = 0;
    g_autofree char *pair =
        g_strdup_printf("%s>%s", pl_table_names[records->table], pl_table_names[other->table]);
    g_autoptr(GHashTable) distinct = g_hash_table_new(NULL, NULL);
    for (guint i = records->n; i-- > 0;)
        if (key->level[i] != PL_NO_LEVEL && row[i] == PL_NO_LEVEL) {
            first = i;
            n++;
            g_hash_table_add(distinct, GUINT_TO_POINTER(key->level[i] + 1));
        }
    if (n == 0 || !g_hash_table_add(study->joined, g_steal_pointer(&pair)))
        return;
    g_autofree char *place = pl_records_place(records, first), *rows = pl_format_count(n, "row", "rows"),
                    *many = g_strconcat(key->name, "s", NULL),
                    *ids = pl_format_count(g_hash_table_size(distinct), key->name, many);
    pl_result_check(
        study->result, "unknown_ids", PL_WARN, n,
        "%s: %s \"%.60s\" is not in the table \"%s\"; %s of %s of the table \"%s\" left out of what "
        "needs it",
        place, key->name, key->levels[key->level[first]], pl_table_names[other->table], rows, ids,
        pl_table_names[records->table]);
}

guint *pl_kpi_join(const PlKpiStudy *study, const PlRecords *records, const PlRecords *other,
                   const char *name) {
    const PlField *key = pl_records_text(records, name), *other_key = pl_records_text(other, name);
    if (key == NULL || other_key == NULL)
        return NULL;
    g_autofree guint *of_level = rows_of_levels(key, other, other_key);
    guint *row = g_new(guint, records->n + 1);
    for (guint i = 0; i < records->n; i++)
        row[i] = key->level[i] == PL_NO_LEVEL ? PL_NO_LEVEL : of_level[key->level[i]];
    tell_unknown(study, records, key, other, row);
    return row;
}
