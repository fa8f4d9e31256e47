/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition_kpis.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/keys.h"
#include "pairlift/model/records.h"

/* Months in which customers are still counted. */
#define CHURN_MONTHS_MOST 120

gboolean pl_definition_has_kpis(const PlDefinition *def) {
    return pl_definition_given(def, &def->kpis);
}

static gboolean read_number(const char *text, double *value) {
    char *end = NULL;
    *value = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

static void check_scale(const PlDefinition *def, PlDiagnostics *d) {
    const GStrv *scale = &def->kpis.satisfaction.scale;
    double low, high;
    if (*scale == NULL)
        return;
    if (!read_number((*scale)[0], &low) || !read_number((*scale)[1], &high) || low >= high)
        pl_diagnostics_add(
            d, def->file, pl_definition_pos(def, scale), "the lowest score first, such as [1, 5]",
            "\"scale\": %.40s and %.40s are no lowest and highest score", (*scale)[0], (*scale)[1]);
}

static void check_months(const PlDefinition *def, PlDiagnostics *d) {
    const GStrv *months = &def->kpis.sales_cycle.churn_months;
    for (char **text = *months; text != NULL && *text != NULL; text++) {
        double value;
        if (!read_number(*text, &value) || value < 1 || value > CHURN_MONTHS_MOST || value != floor(value))
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, months), "such as [6, 9]",
                               "\"churn_months\": %.40s is no whole number of months from 1 to %d", *text,
                               CHURN_MONTHS_MOST);
    }
}

static void check_day(const PlDefinition *def, char *const *text, const char *key, PlDiagnostics *d) {
    PlDay day;
    if (*text != NULL && !pl_day_parse_iso(*text, strlen(*text), &day))
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, text), "such as 2024-12-31",
                           "\"%s\": \"%.40s\" is not a date", key, *text);
}

/* 75 for 75 % is the mistake that everybody makes once. */
static void check_share(const PlDefinition *def, const PlKpiGoal *goal, PlDiagnostics *d) {
    static const char *const shares[] = {"online_share",  "solved_share",    "overdue_share",
                                         "top_two_share", "response_rate",   "upsell_rate",
                                         "attach_rate",   "cross_sell_rate", "upsell_value_share",
                                         "win_rate",      "churn",           NULL};
    if (!pl_definition_given(def, &goal->target) || goal->measure == NULL ||
        !g_strv_contains(shares, goal->measure) || (goal->target >= 0 && goal->target <= 1))
        return;
    g_autofree char *hint = g_strdup_printf("%.10g %% is written %.10g", goal->target, goal->target / 100);
    pl_diagnostics_add(d, def->file, pl_definition_pos(def, &goal->target), hint,
                       "\"target\": %.10g is no share: \"%s\" is between 0 and 1", goal->target,
                       goal->measure);
}

static void check_shares(const PlDefinition *def, PlDiagnostics *d) {
    const PlKpis *k = &def->kpis;
    const PlKpiGoal *const goals[] = {&k->sales_volume.goal, &k->competitive_price.goal,
                                      &k->engagement.goal,   &k->satisfaction.goal,
                                      &k->upsell.goal,       &k->sales_cycle.goal};
    for (gsize i = 0; i < G_N_ELEMENTS(goals); i++)
        check_share(def, goals[i], d);
}

/* The words that the table has in any role. */
static GStrv words_of(PlTableKind table) {
    static const char *const roles[] = {"outcome", "kind", "solved"};
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
        const char *const *fixed = pl_role_words(table, roles[i]);
        if (fixed != NULL)
            g_strv_builder_addv(words, (const char **)fixed);
    }
    return g_strv_builder_end(words);
}

static void check_values(const PlDefinition *def, const PlTable *table, PlDiagnostics *d) {
    if (table->values == NULL || table->table < 0)
        return;
    g_auto(GStrv) words = words_of((PlTableKind)table->table);
    g_autofree char *list = g_strjoinv(", ", words);
    for (guint i = 0; i < table->values->len; i++) {
        const PlEntry *entry = g_ptr_array_index(table->values, i);
        if (g_strv_contains((const char *const *)words, entry->key))
            continue;
        g_autofree char *hint = *list != '\0' ? g_strdup_printf("its words: %s", list) : NULL;
        pl_diagnostics_add(d, def->file, entry->pos, hint,
                           "\"values\": the table \"%s\" has no word \"%.60s\"", pl_table_names[table->table],
                           entry->key);
    }
}

void pl_definition_validate_kpis(const PlDefinition *def, PlDiagnostics *d) {
    check_scale(def, d);
    check_shares(def, d);
    check_months(def, d);
    check_day(def, &def->kpis.as_of, "as_of", d);
    check_day(def, &def->kpis.sales_cycle.since, "since", d);
    for (guint i = 0; i < def->data->len; i++)
        check_values(def, g_ptr_array_index(def->data, i), d);
    if (def->metrics->len == 0 && !pl_definition_given(def, &def->metrics) && !pl_definition_has_kpis(def))
        pl_diagnostics_add(d, def->file, (PlPos){1, 1},
                           "such as metrics: [{name: revenue, sum: revenue}]; or kpis: for the verb kpi",
                           "missing key \"metrics\" in the definition");
}
