/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/definition_periods.h"

#include "pairlift/model/kpi_metrics.h"

#include <stdio.h>
#include <string.h>

static PlTimeKind time_kind(const PlDefinition *def) {
    const PlTable *sales = pl_definition_outcomes(def);
    return sales != NULL && g_strcmp0(sales->date_format, "number") == 0 ? PL_TIME_NUMBER : PL_TIME_DATE;
}

static gboolean parse_as(const char *format, const char *text, PlDay *day) {
    g_autofree char *reason = NULL;
    g_autoptr(PlDateFormat) parser = pl_date_format_new(format, &reason);
    return parser != NULL && pl_date_format_parse(parser, text, strlen(text), day);
}

/* "01/02/2024" may be either of two days: both are named, none is guessed. */
static char *hint_other_format(const char *text) {
    const char *format = pl_date_format_guess(text, strlen(text));
    PlDay day, swapped_day;
    if (format == NULL || strcmp(format, "number") == 0 || !parse_as(format, text, &day))
        return NULL;
    g_autofree char *swapped = g_strdup(format);
    for (char *c = swapped; *c != '\0'; c++)
        *c = *c == 'd' ? 'm' : *c == 'm' ? 'd' : *c;
    g_autofree char *iso = pl_day_format(day, PL_TIME_DATE);
    if (strncmp(format, "%Y", 2) == 0 || !parse_as(swapped, text, &swapped_day) || swapped_day == day)
        return g_strdup_printf("write %s", iso);
    g_autofree char *other = pl_day_format(swapped_day, PL_TIME_DATE);
    return g_strdup_printf("write %s or %s, whichever is meant", iso, other);
}

/* Why a text is no date, as a hint: NULL when nothing better than the rule can be said. */
static char *hint_date(const char *text) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int year, month, day, end = -1;
    gint64 number;
    if (g_ascii_string_to_signed(text, 10, 0, 9999, &number, NULL))
        return g_strdup("for week or period numbers set date_format: number under the sales table");
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && end == (int)strlen(text) &&
        year > 0 && month >= 1 && month <= 12) {
        int days = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
        if (day < 1 || day > days)
            return g_strdup_printf("%s %d has %d days", months[month - 1], year, days);
        return g_strdup_printf("write %04d-%02d-%02d", year, month, day);
    }
    char *other = hint_other_format(text);
    return other != NULL ? other : g_strdup("write year-month-day, such as 2024-02-29");
}

static gboolean read_time(const PlDefinition *def, char *const *field, PlTimeKind kind, PlDay *day,
                          PlDiagnostics *d) {
    const char *text = *field;
    PlPos pos = pl_definition_pos(def, field);
    gint64 number;
    if (text == NULL)
        return FALSE;
    if (kind == PL_TIME_NUMBER) {
        if (g_ascii_string_to_signed(text, 10, G_MININT32, G_MAXINT32, &number, NULL)) {
            *day = (PlDay)number;
            return TRUE;
        }
        pl_diagnostics_add(d, def->file, pos, "the sales table has date_format: number",
                           "\"%s\" is not a period number", text);
        return FALSE;
    }
    if (pl_day_parse_iso(text, strlen(text), day))
        return TRUE;
    g_autofree char *hint = hint_date(text);
    pl_diagnostics_add(d, def->file, pos, hint, "\"%s\" is not a date", text);
    return FALSE;
}

static void read_period(const PlDefinition *def, PlPeriod *period, const char *name, PlTimeKind kind,
                        PlDiagnostics *d) {
    gboolean first = read_time(def, &period->from, kind, &period->first, d);
    gboolean last = read_time(def, &period->to, kind, &period->last, d);
    period->given = first && last && period->first <= period->last;
    if (first && last && !period->given)
        pl_diagnostics_add(d, def->file, pl_definition_pos(def, &period->to), "swap \"from\" and \"to\"",
                           "\"%s\" runs backwards, from %s to %s", name, period->from, period->to);
}

void pl_definition_validate_periods(PlDefinition *def, PlDiagnostics *d) {
    static const char *const names[] = {"before", "during", "after"};
    PlPeriod *periods[] = {&def->periods.before, &def->periods.during, &def->periods.after};
    PlTimeKind kind = time_kind(def);
    for (int i = 0; i < 3; i++)
        read_period(def, periods[i], names[i], kind, d);
    for (int i = 0; i < 3; i++)
        for (int j = i + 1; j < 3; j++) {
            const PlPeriod *early = periods[i], *late = periods[j];
            if (!early->given || !late->given || early->last < late->first)
                continue;
            gboolean overlap = late->last >= early->first;
            pl_diagnostics_add(d, def->file, pl_definition_pos(def, &late->from),
                               overlap ? NULL : "the order is before, during, after",
                               "\"%s\" (%s to %s) %s \"%s\" (%s to %s)", names[j], late->from, late->to,
                               overlap ? "overlaps" : "comes earlier than", names[i], early->from, early->to);
        }
}

guint pl_definition_period_of(const PlDefinition *def, PlDay day) {
    const PlPeriod *const periods[] = {&def->periods.before, &def->periods.during, &def->periods.after};
    for (guint p = 0; p < G_N_ELEMENTS(periods); p++)
        if (periods[p]->given && day >= periods[p]->first && day <= periods[p]->last)
            return p + 1;
    return 0;
}
