/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "pairlift/kpi/kpi.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/numbers.h"

/* A day that is further ahead of all others is a slip of the pen, or a plan. */
enum { YEAR_DAYS = 366 };

/* The last of these days of all tables that have days. */
static PlDay last_of(const PlRecordTables *tables, const char *name) {
    PlDay last = PL_NO_DAY;
    for (guint t = 0; t < PL_N_TABLES; t++) {
        const PlField *field = pl_records_date(tables->of[t], name);
        for (guint i = 0; field != NULL && tables->of[t]->time_kind == PL_TIME_DATE && i < tables->of[t]->n;
             i++)
            last = MAX(last, field->day[i]);
    }
    return last;
}

static int by_day(const void *a, const void *b) {
    PlDay x = *(const PlDay *)a, y = *(const PlDay *)b;
    return (x > y) - (x < y);
}

/* The day that 99 % of the days of a field reach to; PL_NO_DAY: it has none. Of fewer than a hundred days all
 * but one, where `with_dates` other days say how far the data go. */
static PlDay most_reach(const PlField *field, guint n_rows, gboolean with_dates) {
    g_autofree PlDay *days = g_new(PlDay, (gsize)n_rows + 1);
    guint n = 0;
    for (guint i = 0; i < n_rows; i++)
        if (field->day[i] != PL_NO_DAY)
            days[n++] = field->day[i];
    qsort(days, n, sizeof *days, by_day);
    guint beyond = MAX(n / 100, (guint)with_dates);
    return n > beyond ? days[n - 1 - beyond] : PL_NO_DAY;
}

static void tell_ahead(const PlKpiStudy *study, const PlRecords *records, const PlField *field, PlDay until) {
    guint n = 0, first = 0;
    for (guint i = records->n; i-- > 0;)
        if (field->day[i] > until) {
            first = i;
            n++;
        }
    g_autofree char *place = pl_records_place(records, first),
                    *day = pl_day_format(field->day[first], records->time_kind),
                    *days = pl_format_count(n, "day", "days");
    pl_result_check(study->result, "days_far_ahead", PL_WARN, n,
                    "%s: column \"%s\": %s is more than a year after the other days of the data: %s not "
                    "taken as the day that the data reach to; is the year right?",
                    place, field->column, day, days);
}

/* The last day of a field without those that lie more than a year after nearly all others: one of them would
 * be the day on which all KPIs are looked at, and everything would be long ago. */
static PlDay last_likely(const PlKpiStudy *study, const PlRecords *records, const PlField *field,
                         PlDay last_date) {
    PlDay last = PL_NO_DAY, until = last_date, kept = PL_NO_DAY;
    for (guint i = 0; i < records->n; i++)
        last = MAX(last, field->day[i]);
    if (last == PL_NO_DAY || (last_date != PL_NO_DAY && last <= last_date + YEAR_DAYS))
        return last;
    until = MAX(until, most_reach(field, records->n, last_date != PL_NO_DAY));
    if (until == PL_NO_DAY || last <= until + YEAR_DAYS)
        return last;
    until += YEAR_DAYS;
    for (guint i = 0; i < records->n; i++)
        if (field->day[i] <= until)
            kept = MAX(kept, field->day[i]);
    if (study->def->kpis.as_of == NULL)
        tell_ahead(study, records, field, until);
    return kept;
}

/* The last day on which something happened, of tables that have days. Not the `end` of customers: one that is
 * agreed for later, or 9999-12-31 for an open end, is no day that the data reach to. */
static PlDay last_day(const PlKpiStudy *study) {
    static const char *const fields[] = {"start", "opened", "closed"};
    PlDay last_date = last_of(study->tables, "date"), last = last_date;
    for (guint t = 0; t < PL_N_TABLES; t++)
        for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
            const PlRecords *records = study->tables->of[t];
            const PlField *field = pl_records_date(records, fields[f]);
            if (field != NULL && records->time_kind == PL_TIME_DATE)
                last = MAX(last, last_likely(study, records, field, last_date));
        }
    return last;
}

/* The one currency of the tables: each has one, and they are to agree. */
static gboolean find_money(PlKpiStudy *study, GError **error) {
    const PlDefinition *def = study->def;
    PlTableKind first = PL_TABLE_SALES;
    for (guint t = 0; t < PL_N_TABLES; t++) {
        const PlField *field = pl_records_text(study->tables->of[t], "currency");
        if (field == NULL || field->n_levels == 0)
            continue;
        if (study->money == NULL) {
            study->money = field->levels[0];
            first = (PlTableKind)t;
        } else if (strcmp(study->money, field->levels[0]) != 0) {
            g_set_error(
                error, PL_ERROR, PL_ERROR_DATA,
                "%s: error: the table \"%s\" is in %.20s and the table \"%s\" in %.20s\n  hint: convert "
                "the amounts to one currency",
                def->file != NULL ? def->file : "definition", pl_table_names[first], study->money,
                pl_table_names[t], field->levels[0]);
            return FALSE;
        }
    }
    if (def->kpis.currency != NULL && study->money != NULL && strcmp(study->money, def->kpis.currency) != 0) {
        g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &def->kpis.currency),
                           "drop the key, or convert the amounts",
                           "\"currency\": %.20s, but the table \"%s\" is in %.20s", def->kpis.currency,
                           pl_table_names[first], study->money);
        return pl_diagnostics_ok(d, PL_ERROR_DATA, error);
    }
    if (def->kpis.currency != NULL)
        study->money = def->kpis.currency;
    return TRUE;
}

/* R and what comes from it write NA for a missing text, but it may be a region: North America. */
static void tell_na(const PlKpiStudy *study) {
    for (guint t = 0; t < PL_N_TABLES; t++) {
        const PlRecords *records = study->tables->of[t];
        for (guint f = 0; records != NULL && f < records->n_fields; f++) {
            const PlField *field = &records->fields[f];
            if (field->n_na == 0)
                continue;
            g_autofree char *place = pl_records_place(records, field->first_na),
                            *texts = pl_format_count(field->n_na, "text", "texts");
            pl_result_check(study->result, "texts_na", PL_WARN, field->n_na,
                            "%s: column \"%s\": %s \"NA\" taken as empty; a region or a code of that name "
                            "needs another one",
                            place, field->column, texts);
        }
    }
}

gboolean pl_kpi_study_init(PlKpiStudy *study, const PlDefinition *def, const PlRecordTables *tables,
                           int threads, PlResult *result, GError **error) {
    *study = (PlKpiStudy){.def = def,
                          .tables = tables,
                          .result = result,
                          .joined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                          .threads = threads};
    study->as_of = last_day(study);
    if (def->kpis.as_of != NULL)
        (void)pl_day_parse_iso(def->kpis.as_of, strlen(def->kpis.as_of), &study->as_of);
    tell_na(study);
    return find_money(study, error);
}

void pl_kpi_study_clear(PlKpiStudy *study) {
    g_clear_pointer(&study->joined, g_hash_table_unref);
}
