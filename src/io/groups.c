/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/groups.h"

#include <string.h>

#include "pairlift/io/columns.h"
#include "pairlift/io/csv_scan.h"
#include "pairlift/io/pairs.h"
#include "pairlift/model/suggest.h"

/* As many faults as the contract shows; the rest is counted. Groups beyond the last are a store number, not
 * groups.
 */
enum { FAULTS_KEPT = 20, GROUPS_MOST = 200 };

typedef struct {
    PlDefinition *def;
    const char *file;
    const PlColumns *columns;
    PlDiagnostics *faults;
    GHashTable *by_store; /* store -> PlMember* */
    GPtrArray *groups;    /* distinct test groups, in order of appearance */
    guint used;
} Grouping;

static const char *cell(const Grouping *g, guint column, guint row) {
    return column < g->columns->n_columns && g->columns->cells[column] ? g->columns->cells[column][row] : "";
}

static gboolean is_empty(const char *text) {
    return pl_number_missing(text, strlen(text));
}

static void contradict(const Grouping *g, const PlMember *first, int line, const char *what, const char *a,
                       const char *b) {
    pl_diagnostics_add(g->faults, g->file, (PlPos){line, 0}, "each store belongs to one group",
                       "store \"%s\" is in two %ss, \"%s\" (line %d) and \"%s\"", first->store, what, a,
                       first->pos.line, b);
}

static void take_row(Grouping *g, guint row) {
    const PlAssignment *a = &g->def->assignment;
    const char *store = cell(g, 0, row), *group = cell(g, 1, row), *block = a->block ? cell(g, 2, row) : "";
    const char *treatment = a->treatment ? cell(g, a->block ? 3 : 2, row) : "";
    int line = g->columns->lines[row];
    if (is_empty(group))
        return;
    g->used++;
    if (*store == '\0' || (a->block && is_empty(block))) {
        pl_diagnostics_add(g->faults, g->file, (PlPos){line, 0}, NULL, "column \"%s\" is empty",
                           *store == '\0' ? a->store : a->block);
        return;
    }
    const PlMember *first = g_hash_table_lookup(g->by_store, store);
    if (first) { /* a panel says the same of a store on every day */
        if (strcmp(first->group, group) != 0)
            contradict(g, first, line, "group", first->group, group);
        else if (g_strcmp0(first->block, a->block ? block : NULL) != 0)
            contradict(g, first, line, "block", first->block, block);
        return;
    }
    PlMember *member = g_new0(PlMember, 1);
    gboolean control = strcmp(group, a->control) == 0;
    *member = (PlMember){.store = g_strdup(store),
                         .group = g_strdup(group),
                         .treatment = control ? NULL : g_strdup(a->treatment ? treatment : group),
                         .block = a->block ? g_strdup(block) : NULL,
                         .file = g_strdup(g->file),
                         .pos = {line, 0}};
    g_ptr_array_add(g->def->members, member);
    g_hash_table_insert(g->by_store, member->store, member);
    if (!control && !g_ptr_array_find_with_equal_func(g->groups, member->treatment, g_str_equal, NULL) &&
        g->groups->len < GROUPS_MOST)
        g_ptr_array_add(g->groups, member->treatment);
}

static gint by_name(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A single group is the single treatment, whatever the column calls it; several are as many treatments where
 * the definition declares none. */
static void settle_treatments(Grouping *g) {
    GPtrArray *treatments = g->def->treatments;
    gboolean declared = pl_definition_given(g->def, &g->def->treatments);
    if (g->groups->len == 1 && treatments->len == 1) {
        const PlTreatment *only = g_ptr_array_index(treatments, 0);
        for (guint i = 0; i < g->def->members->len; i++) {
            PlMember *member = g_ptr_array_index(g->def->members, i);
            if (member->treatment == NULL)
                continue;
            g_free(member->treatment);
            member->treatment = g_strdup(only->name);
        }
    }
    if (declared || g->groups->len < 2)
        return;
    g_ptr_array_sort(g->groups, by_name);
    for (guint i = 0; i < g->groups->len; i++) {
        PlTreatment *treatment = i == 0 && treatments->len > 0 ? g_ptr_array_index(treatments, 0) : NULL;
        if (!treatment) {
            treatment = g_new0(PlTreatment, 1);
            treatment->kind = g_strdup("promotion");
            g_ptr_array_add(treatments, treatment);
        }
        g_free(treatment->name);
        treatment->name = g_strdup(g_ptr_array_index(g->groups, i));
    }
}

static void check_treatments(const Grouping *g) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < g->def->treatments->len; i++)
        g_ptr_array_add(names, ((PlTreatment *)g_ptr_array_index(g->def->treatments, i))->name);
    g_ptr_array_add(names, NULL);
    for (guint i = 0; i < g->def->members->len; i++) {
        PlMember *member = g_ptr_array_index(g->def->members, i);
        if (member->treatment == NULL)
            continue;
        if (pl_definition_treatment(g->def, member->treatment)) {
            g_hash_table_add(told, member->treatment);
            continue;
        }
        if (!g_hash_table_add(told, member->treatment))
            continue; /* one fault a group */
        g_autofree char *hint =
            pl_suggest_hint(member->treatment, (const char *const *)names->pdata, "treatments: ");
        pl_diagnostics_add(g->faults, g->file, member->pos, hint,
                           "group \"%s\" is neither the control group \"%s\" nor a treatment",
                           member->treatment, g->def->assignment.control);
    }
    for (guint i = 0; i + 1 < names->len; i++)
        if (!g_hash_table_contains(told, g_ptr_array_index(names, i)))
            pl_diagnostics_add(g->faults, g->file, (PlPos){0}, NULL,
                               "no store is in the group of treatment \"%s\"",
                               (const char *)g_ptr_array_index(names, i));
}

static void check_control(const Grouping *g) {
    for (guint i = 0; i < g->def->members->len; i++)
        if (((const PlMember *)g_ptr_array_index(g->def->members, i))->treatment == NULL)
            return;
    GString *hint = g_string_new("the groups are ");
    for (guint i = 0; i < MIN(g->groups->len, FAULTS_KEPT); i++)
        g_string_append_printf(hint, "%s\"%s\"", i > 0 ? ", " : "", (char *)g_ptr_array_index(g->groups, i));
    pl_diagnostics_add(g->faults, g->file, (PlPos){0}, g->groups->len ? hint->str : NULL,
                       "no store is in the control group \"%s\"", g->def->assignment.control);
    g_string_free(hint, TRUE);
}

gboolean pl_groups_load(PlDefinition *def, GPtrArray *inputs, GError **error) {
    const PlAssignment *names = &def->assignment;
    const char *wanted[5] = {names->store, names->group};
    guint n = 2;
    if (names->block)
        wanted[n++] = names->block;
    if (names->treatment)
        wanted[n++] = names->treatment;
    PlCsvOptions options = {.delimiter = pl_csv_delimiter(names->delimiter), .decimal = '.'};
    g_autofree char *path = pl_definition_path(def, names->file);
    g_autoptr(PlColumns) columns = pl_columns_read_hashed(path, wanted, 0, &options, error);
    if (columns == NULL)
        return FALSE;
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(FAULTS_KEPT);
    g_autoptr(GHashTable) by_store = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) groups = g_ptr_array_new();
    Grouping grouping = {def, path, columns, faults, by_store, groups, 0};
    for (guint i = 0; i < columns->n_rows; i++)
        take_row(&grouping, i);
    if (def->members->len == 0)
        pl_diagnostics_add(faults, path, (PlPos){0}, NULL, "no store has a group");
    else
        check_control(&grouping);
    settle_treatments(&grouping);
    if (pl_diagnostics_count(faults) == 0)
        check_treatments(&grouping);
    if (!pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        return FALSE;
    pl_append_assignment_input(inputs, "assignment", names->file, columns, grouping.used);
    return TRUE;
}
