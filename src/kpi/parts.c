/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/parts.h"

#include <math.h>
#include <string.h>

#include "pairlift/kpi/parts_of.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/kpi_metrics.h"

void pl_kpi_parts_clear(PlKpiParts *parts) {
    g_clear_pointer(&parts->stores, g_strfreev);
    g_clear_pointer(&parts->parts, g_array_unref);
}

void pl_part_add(const PlPartsOf *of, guint row, PlDay day, double part, double whole) {
    if (of->store[row] == PL_NO_LEVEL) {
        of->out->n_storeless++;
        return;
    }
    const PlKpiPart made = {of->store[row], day, part, whole};
    g_array_append_val(of->out->parts, made);
}

static void fault(const PlPartsOf *of, const char *role) {
    const PlDefinition *def = of->study->def;
    const char *table = pl_table_names[of->records->table];
    g_autofree char *hint = g_strdup_printf("say which column it is: columns: {%s: NAME} under data", role);
    pl_diagnostics_add(of->faults, def->file, pl_definition_pos(def, &of->metric->kpi), hint,
                       "metric \"%s\": \"%s\" needs the column \"%s\" of the table \"%s\"", of->metric->name,
                       of->metric->kpi, role, table);
}

const PlField *pl_part_field(const PlPartsOf *of, const char *role) {
    const PlField *field = pl_records_field(of->records, role);
    if (field == NULL)
        fault(of, role);
    return field;
}

static void take_apart(const PlPartsOf *of) {
    static void (*const makers[PL_N_TABLES])(const PlPartsOf *) = {
        [PL_TABLE_SALES] = pl_parts_of_sales,         [PL_TABLE_INTERACTIONS] = pl_parts_of_interactions,
        [PL_TABLE_SURVEY] = pl_parts_of_survey,       [PL_TABLE_ORDER_LINES] = pl_parts_of_orders,
        [PL_TABLE_OPPORTUNITIES] = pl_parts_of_deals,
    };
    makers[of->records->table](of);
}

gboolean pl_kpi_parts(const PlKpiStudy *study, const PlMetric *metric, PlKpiParts *out, GError **error) {
    const PlRecords *records = study->tables->of[metric->of_kpi->tables[0]];
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(0);
    g_autoptr(PlKpiGroups) stores = pl_kpi_groups_new(study, records, "store");
    *out = (PlKpiParts){.kind = records->time_kind, .parts = g_array_new(FALSE, FALSE, sizeof(PlKpiPart))};
    PlPartsOf of = {.study = study, .metric = metric, .records = records, .out = out, .faults = faults};
    if (stores == NULL) {
        fault(&of, "store");
        return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
    }
    of.store = stores->of_row;
    out->n_stores = stores->n;
    out->stores = g_steal_pointer(&stores->values);
    take_apart(&of);
    return pl_diagnostics_ok(faults, PL_ERROR_DEFINITION, error);
}
