/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/headline.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/suggest.h"

/* clang-format off */
const PlKpi pl_kpis[] = {
    {"sales_volume", "Sales volume by location", {PL_TABLE_SALES, PL_TABLE_SALES},
     {{"volume", FALSE}, {"growth", FALSE}, {"growth_year", FALSE}, {"like_for_like", FALSE}, {"online_share", FALSE},
      {"growth_last_year", FALSE}, {"like_for_like_last_year", FALSE}},
     offsetof(PlKpis, sales_volume.goal), pl_kpi_sales_volume},
    {"competitive_price", "Competitive prices", {PL_TABLE_SALES, PL_TABLE_COMPETITOR_PRICES},
     {{"price_index", TRUE}, {"price_gap", TRUE}, {"average_price", FALSE}},
     offsetof(PlKpis, competitive_price.goal), pl_kpi_competitive_price},
    {"engagement", "Engagement with existing customers", {PL_TABLE_INTERACTIONS, PL_TABLE_INTERACTIONS},
     {{"interactions_per_customer", FALSE}, {"gap_days", TRUE}, {"solved_share", FALSE}, {"overdue_share", TRUE}},
     offsetof(PlKpis, engagement.goal), pl_kpi_engagement},
    {"satisfaction", "Employee satisfaction", {PL_TABLE_SURVEY, PL_TABLE_SURVEY},
     {{"mean_score", FALSE}, {"top_two_share", FALSE}, {"response_rate", FALSE}},
     offsetof(PlKpis, satisfaction.goal), pl_kpi_satisfaction},
    {"upsell", "Up-selling and cross-selling", {PL_TABLE_ORDER_LINES, PL_TABLE_ORDER_LINES},
     {{"upsell_rate", FALSE}, {"cross_sell_rate", FALSE}, {"upsell_value_share", FALSE}, {"attach_rate", FALSE}},
     offsetof(PlKpis, upsell.goal), pl_kpi_upsell},
    {"sales_cycle", "Length of the sales cycle", {PL_TABLE_OPPORTUNITIES, PL_TABLE_OPPORTUNITIES},
     {{"median_days", TRUE}, {"mean_days", TRUE}, {"win_rate", FALSE}, {"churn", TRUE}},
     offsetof(PlKpis, sales_cycle.goal), pl_kpi_sales_cycle},
    {0}};
/* clang-format on */

static gboolean has_tables(const PlKpiStudy *study, const PlKpi *kpi) {
    for (gsize i = 0; i < G_N_ELEMENTS(kpi->tables); i++)
        if (study->tables->of[kpi->tables[i]] == NULL)
            return FALSE;
    return TRUE;
}

static void say_what_is_missing(const PlKpiRun *run) {
    const PlKpi *kpi = run->kpi;
    for (gsize i = 0; i < G_N_ELEMENTS(kpi->tables); i++) {
        if (run->study->tables->of[kpi->tables[i]] != NULL || (i > 0 && kpi->tables[i] == kpi->tables[0]))
            continue;
        const char *table = pl_table_names[kpi->tables[i]];
        pl_kpi_missing(run, run->goal->measure, "Not computed", PL_AMOUNT_NUMBER,
                       "the definition has no table \"%s\": add - {table: %s, file: ...} under data", table,
                       table);
        pl_section_say(run->section, "Not computed: the definition has no table \"%s\".", table);
    }
}

/* A group that no table of the KPI has is a mistake of the definition. */
static gboolean check_by(const PlKpiStudy *study, const PlKpi *kpi, const PlKpiGoal *goal, GError **error) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    for (char **name = goal->by; name != NULL && *name != NULL; name++) {
        gboolean found = FALSE;
        for (gsize i = 0; i < G_N_ELEMENTS(kpi->tables) && !found; i++) {
            g_autoptr(PlKpiGroups) groups =
                pl_kpi_groups_new(study, study->tables->of[kpi->tables[i]], *name);
            found = groups != NULL;
        }
        if (found)
            continue;
        if (pl_records_date(study->tables->of[kpi->tables[0]], *name) != NULL) {
            pl_diagnostics_add(d, study->def->file, pl_definition_pos(study->def, &goal->by),
                               "period: month (or day, week, quarter, year) gives the course over time",
                               "kpis.%s.by: the column \"%.60s\" has dates: group by another", kpi->id,
                               *name);
            continue;
        }
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        const PlRecords *records = study->tables->of[kpi->tables[0]];
        for (guint f = 0; f < records->n_fields; f++)
            g_ptr_array_add(names, records->fields[f].name);
        g_ptr_array_add(names, NULL);
        g_autofree char *hint = pl_suggest_hint(*name, (const char *const *)names->pdata, "there are: ");
        pl_diagnostics_add(d, study->def->file, pl_definition_pos(study->def, &goal->by), hint,
                           "kpis.%s.by: neither the table \"%s\" nor its stores or customers have a column "
                           "\"%.60s\"",
                           kpi->id, pl_table_names[kpi->tables[0]], *name);
    }
    return pl_diagnostics_ok(d, PL_ERROR_DEFINITION, error);
}

static gboolean add_kpi(const PlKpiStudy *study, const PlKpi *kpi, GError **error) {
    const PlDefinition *def = study->def;
    const void *keys = (const char *)&def->kpis + kpi->goal;
    PlKpiRun run = {.study = study, .kpi = kpi, .goal = keys};
    gboolean there = has_tables(study, kpi), asked_for = pl_definition_given(def, keys);
    if (!there && !asked_for)
        return TRUE;
    run.has_target = pl_definition_given(def, &run.goal->target);
    run.conf_level = def->analysis.confidence;
    run.section = pl_result_add_section(study->result, kpi->id, kpi->title);
    run.section->kpi = TRUE;
    if (!there)
        say_what_is_missing(&run);
    else if (!check_by(study, kpi, run.goal, error))
        return FALSE;
    else
        kpi->run(&run);
    return TRUE;
}

gboolean pl_kpis_add(const PlDefinition *def, const PlRecordTables *tables, int threads, PlResult *result,
                     GError **error) {
    g_auto(PlKpiStudy) study = {0};
    if (!pl_kpi_study_init(&study, def, tables, threads, result, error))
        return FALSE;
    result->as_of = study.as_of;
    for (const PlKpi *kpi = pl_kpis; kpi->id != NULL; kpi++)
        if (!add_kpi(&study, kpi, error))
            return FALSE;
    return TRUE;
}
