/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_table.h"

#include <math.h>
#include <string.h>

#define PART "\x1f" /* between the parts of a key; no text that is read holds it */

/* A measure of all that comes for so many periods is a table of periods. */
enum { PERIODS_LEAST = 3 };

static void column_free(gpointer data) {
    PlKpiColumn *c = data;
    g_free(c->head);
    g_free(c);
}

static void row_free(gpointer data) {
    PlKpiRow *row = data;
    g_strfreev(row->names);
    g_free(row->cells);
    g_free(row);
}

static void table_free(gpointer data) {
    PlKpiTable *t = data;
    g_free(t->title);
    g_strfreev(t->by);
    g_ptr_array_unref(t->columns);
    g_ptr_array_unref(t->rows);
    g_free(t);
}

static gboolean is_grouped(const PlFinding *f) {
    return f->group != NULL || (f->roles != NULL && f->roles[0] != NULL);
}

/* Measures of all, with the number of periods that each comes for. */
static GHashTable *count_periods(const PlSection *s) {
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (f->detail || is_grouped(f) || f->period == NULL)
            continue;
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, f->measure));
        g_hash_table_insert(counts, f->measure, GUINT_TO_POINTER(n + 1));
    }
    return counts;
}

/* Rows of all that are listed one by one, not tabled. The headline always is. */
static gboolean is_listed(const PlFinding *f, GHashTable *periods) {
    gboolean many = GPOINTER_TO_UINT(g_hash_table_lookup(periods, f->measure)) >= PERIODS_LEAST;
    gboolean headline = f->mark != NULL && f->mark->headline;
    return !f->detail && !is_grouped(f) && (headline || f->period == NULL || !many);
}

GPtrArray *pl_kpi_list(const PlSection *section) {
    GPtrArray *list = g_ptr_array_new();
    g_autoptr(GHashTable) periods = count_periods(section);
    for (guint i = 0; i < section->findings->len; i++) {
        PlFinding *f = g_ptr_array_index(section->findings, i);
        if (is_listed(f, periods))
            g_ptr_array_add(list, f);
    }
    return list;
}

const char *pl_kpi_one_period(const GPtrArray *findings) {
    const char *period = NULL;
    for (guint i = 0; i < findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(findings, i);
        if (f->period == NULL || (period != NULL && strcmp(f->period, period) != 0))
            return NULL;
        period = f->period;
    }
    return period;
}

guint pl_kpi_details(const PlSection *section) {
    guint n = 0;
    for (guint i = 0; i < section->findings->len; i++)
        n += ((const PlFinding *)g_ptr_array_index(section->findings, i))->detail;
    return n;
}

/* Findings of the same roles, in the order in which the roles are first met. */
static GPtrArray *by_roles(const PlSection *s) {
    GPtrArray *sets = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) periods = count_periods(s);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < s->findings->len; i++) {
        PlFinding *f = g_ptr_array_index(s->findings, i);
        if (f->detail || is_listed(f, periods))
            continue;
        char *key = f->roles != NULL ? g_strjoinv(PART, f->roles) : g_strdup(f->group != NULL ? "group" : "");
        GPtrArray *set = g_hash_table_lookup(known, key);
        if (set != NULL) {
            g_free(key);
        } else {
            set = g_ptr_array_new();
            g_hash_table_insert(known, key, set);
            g_ptr_array_add(sets, set);
        }
        g_ptr_array_add(set, f);
    }
    return sets;
}

static char *group_key(const PlFinding *f) {
    return f->roles != NULL ? g_strjoinv(PART, f->values) : g_strdup(f->group != NULL ? f->group : "");
}

/* TRUE when group and measure leave open which finding is meant. */
static gboolean needs_period(const GPtrArray *set) {
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < set->len; i++) {
        const PlFinding *f = g_ptr_array_index(set, i);
        g_autofree char *group = group_key(f);
        if (!is_grouped(f) || !g_hash_table_add(seen, g_strconcat(f->measure, PART, group, NULL)))
            return TRUE;
    }
    return FALSE;
}

static GStrv names_of(const PlFinding *f, gboolean of_roles, gboolean with_period) {
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    GStrv texts = of_roles ? f->roles : f->values;
    if (texts != NULL)
        g_strv_builder_addv(names, (const char **)texts);
    else if (f->group != NULL)
        g_strv_builder_add(names, of_roles ? "group" : f->group);
    if (with_period)
        g_strv_builder_add(names, of_roles ? "period" : f->period != NULL ? f->period : "all");
    return g_strv_builder_end(names);
}

/* The place of a measure among the columns; made when it is new. */
static guint column_of(PlKpiTable *t, GHashTable *known, const PlFinding *f) {
    gpointer place;
    if (g_hash_table_lookup_extended(known, f->measure, NULL, &place))
        return GPOINTER_TO_UINT(place);
    PlKpiColumn *c = g_new0(PlKpiColumn, 1);
    c->measure = f->measure;
    g_ptr_array_add(t->columns, c);
    g_hash_table_insert(known, f->measure, GUINT_TO_POINTER(t->columns->len - 1));
    return t->columns->len - 1;
}

static void place_findings(PlKpiTable *t, const GPtrArray *set, gboolean with_period) {
    g_autoptr(GHashTable) measures = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint pass = 0; pass < 2; pass++) /* the measure that the target is of comes first */
        for (guint i = 0; i < set->len; i++) {
            const PlFinding *f = g_ptr_array_index(set, i);
            if (pass == 1 || (f->mark != NULL && f->mark->status != PL_STATUS_NONE))
                column_of(t, measures, f);
        }
    for (guint i = 0; i < set->len; i++) {
        PlFinding *f = g_ptr_array_index(set, i);
        g_auto(GStrv) names = names_of(f, FALSE, with_period);
        guint k = column_of(t, measures, f);
        char *key = g_strjoinv(PART, names);
        PlKpiRow *row = g_hash_table_lookup(known, key);
        if (row == NULL || row->cells[k] != NULL) { /* a finding that comes twice stays visible */
            row = g_new0(PlKpiRow, 1);
            row->names = g_steal_pointer(&names);
            row->cells = g_new0(const PlFinding *, t->columns->len);
            g_ptr_array_add(t->rows, row);
            g_hash_table_replace(known, g_steal_pointer(&key), row);
        }
        row->cells[k] = f;
        g_free(key);
    }
}

/* "Median days" says that it is of days. */
static gboolean says(const char *label, const char *unit) {
    g_autofree char *in = g_utf8_casefold(label, -1), *word = g_utf8_casefold(unit, -1);
    return strstr(in, word) != NULL;
}

/* What its cells have in common, and what some have. */
static void describe(PlKpiTable *t, guint k, gboolean with_period, gboolean periods_differ) {
    PlKpiColumn *c = g_ptr_array_index(t->columns, k);
    const PlFinding *first = NULL;
    gboolean same = TRUE;
    for (guint i = 0; i < t->rows->len; i++) {
        const PlFinding *f = ((const PlKpiRow *)g_ptr_array_index(t->rows, i))->cells[k];
        if (f == NULL)
            continue;
        first = first != NULL ? first : f;
        same = same && g_strcmp0(first->unit, f->unit) == 0;
        c->has_period |= !with_period && g_strcmp0(first->period, f->period) != 0;
        c->known |= !isnan(f->value);
        c->interval |= !isnan(f->conf_low) || !isnan(f->conf_high);
        c->tested |= !isnan(f->p_value);
        c->adjusted |= !isnan(f->p_adjusted) && f->p_adjusted != f->p_value;
        c->judged |= f->mark != NULL && f->mark->status != PL_STATUS_NONE;
        c->said |= f->verdict != NULL;
    }
    c->has_unit = same && first->unit != NULL && *first->unit != '\0';
    gboolean when = periods_differ && !with_period && !c->has_period && first->period != NULL;
    gboolean said = c->has_unit && says(first->label, first->unit);
    c->head =
        g_strconcat(first->label, c->has_unit && !said ? ", " : "", c->has_unit && !said ? first->unit : "",
                    when ? ", " : "", when ? first->period : "", NULL);
}

static char *title_of(const GStrv by, const char *period) {
    GString *s = g_string_new("By ");
    guint n = g_strv_length(by);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(s, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " and ", by[i]);
    if (period != NULL)
        g_string_append_printf(s, ", %s", period);
    g_strdelimit(s->str, "_", ' ');
    return g_string_free(s, FALSE);
}

static PlKpiTable *table_of(const GPtrArray *set) {
    PlKpiTable *t = g_new0(PlKpiTable, 1);
    const PlFinding *first = g_ptr_array_index(set, 0);
    gboolean with_period = needs_period(set), differ = FALSE;
    t->columns = g_ptr_array_new_with_free_func(column_free);
    t->rows = g_ptr_array_new_with_free_func(row_free);
    t->by = names_of(first, TRUE, with_period);
    place_findings(t, set, with_period);
    for (guint i = 0; i < set->len; i++)
        differ =
            differ || g_strcmp0(first->period, ((const PlFinding *)g_ptr_array_index(set, i))->period) != 0;
    for (guint k = 0; k < t->columns->len; k++)
        describe(t, k, with_period, differ);
    t->title = title_of(t->by, differ || with_period ? NULL : first->period);
    return t;
}

GPtrArray *pl_kpi_tables(const PlSection *section) {
    GPtrArray *tables = g_ptr_array_new_with_free_func(table_free);
    g_autoptr(GPtrArray) sets = by_roles(section);
    for (guint i = 0; i < sets->len; i++)
        g_ptr_array_add(tables, table_of(g_ptr_array_index(sets, i)));
    return tables;
}
