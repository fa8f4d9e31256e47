/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/pairs.h"
#include "pairlift/io/columns.h"
#include "pairlift/io/csv_scan.h"
#include "pairlift/io/groups.h"
#include "pairlift/io/load.h"
#include "pairlift/model/printable.h"
#include <string.h>

/* As many faults as the contract shows; the rest is counted. */
#define FAULTS_KEPT 20

/* A row of the assignment table that takes part; texts belong to the columns. */
typedef struct {
    const char *store, *group, *pair, *treatment;
    int line;
} Row;

/* The rows of one pair: the first of each side. */
typedef struct {
    const Row *test, *control;
} Draft;

typedef struct {
    PlDefinition *def;
    const char *file;
    PlDiagnostics *faults;
    GArray *rows;       /* Row */
    GPtrArray *drafts;  /* Draft*, by first appearance */
    GHashTable *by_id;  /* pair -> Draft* */
    GHashTable *groups; /* those that are not control */
} Assigning;

static char *text_or_null(const char *text) {
    return text != NULL && *text != '\0' ? g_strdup(text) : NULL;
}

static void append_pair(PlDefinition *def, const char *file, int line, const char *test, const char *control,
                        const char *treatment, const char *id) {
    PlPairDef *pair = g_new0(PlPairDef, 1);
    pair->test = g_strdup(test);
    pair->control = g_strdup(control);
    pair->treatment = text_or_null(treatment);
    pair->id = g_strdup(id);
    pair->file = g_strdup(file);
    pair->pos.line = line;
    g_ptr_array_add(def->pairs, pair);
}

void pl_append_assignment_input(GPtrArray *inputs, const char *table, const char *source,
                                const PlColumns *columns, guint used) {
    if (inputs == NULL)
        return;
    PlInput *input = g_new0(PlInput, 1);
    GString *shown = g_string_new(NULL);
    pl_append_printable(shown, source);
    input->table = g_strdup(table);
    input->source = g_string_free(shown, FALSE);
    input->sha256 = g_strdup(columns->sha256);
    input->rows = columns->n_rows;
    input->used = used;
    input->unassigned = columns->n_rows - used;
    input->delimiter = columns->delimiter;
    g_ptr_array_add(inputs, input);
}

static gboolean load_pairs_file(PlDefinition *def, GPtrArray *inputs, GError **error) {
    static const char *const names[] = {"test", "control", "treatment", NULL};
    g_autofree char *path = pl_definition_path(def, def->pairs_file);
    g_autoptr(PlColumns) pairs = pl_columns_read_hashed(path, names, 1, NULL, error);
    if (pairs == NULL)
        return FALSE;
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(FAULTS_KEPT);
    if (pairs->n_rows == 0)
        pl_diagnostics_add(faults, path, (PlPos){0}, NULL, "no rows follow the header");
    for (guint i = 0; i < pairs->n_rows; i++) {
        const char *test = pairs->cells[0][i], *control = pairs->cells[1][i];
        if (*test == '\0' || *control == '\0')
            pl_diagnostics_add(faults, path, (PlPos){pairs->lines[i], 0}, NULL, "column \"%s\" is empty",
                               *test == '\0' ? "test" : "control");
        else
            append_pair(def, path, pairs->lines[i], test, control,
                        pairs->cells[2] != NULL ? pairs->cells[2][i] : NULL, NULL);
    }
    if (!pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        return FALSE;
    pl_append_assignment_input(inputs, "pairs", def->pairs_file, pairs, pairs->n_rows);
    return TRUE;
}

static Draft *draft_of(Assigning *a, const char *id) {
    Draft *draft = g_hash_table_lookup(a->by_id, id);
    if (draft != NULL)
        return draft;
    draft = g_new0(Draft, 1);
    g_ptr_array_add(a->drafts, draft);
    g_hash_table_insert(a->by_id, (gpointer)id, draft);
    return draft;
}

static void take_row(Assigning *a, const Row *row) {
    gboolean is_control = strcmp(row->group, a->def->assignment.control) == 0;
    Draft *draft = draft_of(a, row->pair);
    const Row **side = is_control ? &draft->control : &draft->test;
    if (!is_control)
        g_hash_table_add(a->groups, (gpointer)row->group);
    if (*side == NULL)
        *side = row;
    else if (strcmp((*side)->store, row->store) != 0) /* a panel says the same of a store on every day */
        pl_diagnostics_add(a->faults, a->file, (PlPos){row->line, 0},
                           "a pair is one test store and one control store",
                           "pair \"%s\" has two %s stores, \"%s\" (line %d) and \"%s\"", row->pair,
                           is_control ? "control" : "test", (*side)->store, (*side)->line, row->store);
}

/* A store without pair and group takes no part; one with either and not the other is a fault, because
 * nothing says which was meant. */
static void collect_rows(Assigning *a, const PlColumns *columns) {
    const PlAssignment *names = &a->def->assignment;
    for (guint i = 0; i < columns->n_rows; i++) {
        Row row = {.store = columns->cells[0][i],
                   .group = columns->cells[1][i],
                   .pair = columns->cells[2][i],
                   .treatment = columns->n_columns > 3 ? columns->cells[3][i] : NULL,
                   .line = columns->lines[i]};
        gboolean no_pair = pl_number_missing(row.pair, strlen(row.pair));
        gboolean no_group = pl_number_missing(row.group, strlen(row.group));
        if (no_pair && no_group)
            continue;
        if (no_pair || no_group)
            pl_diagnostics_add(a->faults, a->file, (PlPos){row.line, 0},
                               "a store that takes no part has neither pair nor group",
                               "column \"%s\" is empty (store \"%s\")", no_pair ? names->pair : names->group,
                               row.store);
        else if (*row.store == '\0')
            pl_diagnostics_add(a->faults, a->file, (PlPos){row.line, 0}, NULL, "column \"%s\" is empty",
                               names->store);
        else
            g_array_append_val(a->rows, row);
    }
}

/* The group names the treatment where there are several, or where it is the name of one. */
static const char *treatment_of(const Assigning *a, const Row *test) {
    if (test->treatment != NULL)
        return test->treatment;
    gboolean names_one =
        g_hash_table_size(a->groups) > 1 || pl_definition_treatment(a->def, test->group) != NULL;
    return names_one ? test->group : NULL;
}

/* Every pair without a control store is one mistake, in `control`, when no store is in that group. */
static gboolean has_control(const Assigning *a) {
    for (guint i = 0; i < a->drafts->len; i++)
        if (((const Draft *)g_ptr_array_index(a->drafts, i))->control != NULL)
            return TRUE;
    GString *hint = g_string_new("the groups are ");
    GHashTableIter iter;
    gpointer group;
    guint shown = 0;
    g_hash_table_iter_init(&iter, a->groups);
    while (g_hash_table_iter_next(&iter, &group, NULL) && shown < FAULTS_KEPT)
        g_string_append_printf(hint, "%s\"%s\"", shown++ > 0 ? ", " : "", (const char *)group);
    pl_diagnostics_add(a->faults, a->file, (PlPos){0}, hint->str, "no store is in the control group \"%s\"",
                       a->def->assignment.control);
    g_string_free(hint, TRUE);
    return FALSE;
}

static void finish_pairs(Assigning *a) {
    if (a->drafts->len == 0) {
        pl_diagnostics_add(a->faults, a->file, (PlPos){0}, NULL, "no store has a pair and a group");
        return;
    }
    if (!has_control(a))
        return;
    for (guint i = 0; i < a->drafts->len; i++) {
        const Draft *draft = g_ptr_array_index(a->drafts, i);
        const Row *there = draft->test != NULL ? draft->test : draft->control;
        if (draft->test == NULL || draft->control == NULL)
            pl_diagnostics_add(a->faults, a->file, (PlPos){there->line, 0}, NULL,
                               "pair \"%s\" has no %s store, only \"%s\"", there->pair,
                               draft->test == NULL ? "test" : "control", there->store);
        else
            append_pair(a->def, a->file, draft->test->line, draft->test->store, draft->control->store,
                        treatment_of(a, draft->test), draft->test->pair);
    }
}

static gboolean load_assignment(PlDefinition *def, GPtrArray *inputs, GError **error) {
    const PlAssignment *names = &def->assignment;
    const char *const wanted[] = {names->store, names->group, names->pair, names->treatment, NULL};
    PlCsvOptions options = {.delimiter = pl_csv_delimiter(names->delimiter), .decimal = '.'};
    g_autofree char *path = pl_definition_path(def, names->file);
    g_autoptr(PlColumns) columns = pl_columns_read_hashed(path, wanted, 0, &options, error);
    if (columns == NULL)
        return FALSE;
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(FAULTS_KEPT);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    Assigning assigning = {def, path, faults, rows, drafts, by_id, groups};
    collect_rows(&assigning, columns);
    for (guint i = 0; i < rows->len; i++)
        take_row(&assigning, &g_array_index(rows, Row, i));
    finish_pairs(&assigning);
    if (!pl_diagnostics_ok(faults, PL_ERROR_DATA, error))
        return FALSE;
    pl_append_assignment_input(inputs, "assignment", names->file, columns, rows->len);
    return TRUE;
}

static gboolean refuse(const PlDefinition *def, const void *field, const char *hint, const char *what,
                       GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    pl_diagnostics_add(faults, def->file, pl_definition_pos(def, field), hint, "%s", what);
    return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
}

gboolean pl_pairs_load(PlDefinition *def, GPtrArray *inputs, GError **error) {
    if (def->pairs_file != NULL)
        return load_pairs_file(def, inputs, error);
    if (def->assignment.file != NULL && def->assignment.pair == NULL)
        return pl_groups_load(def, inputs, error);
    if (def->assignment.file != NULL)
        return load_assignment(def, inputs, error);
    if (def->pairing.method != NULL && def->pairs->len == 0)
        return refuse(def, &def->pairing, "give pairs, pairs_file or assignment",
                      "\"pairing\": this version does not choose pairs", error);
    return TRUE;
}
