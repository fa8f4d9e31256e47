/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pairlift/cli/experiment.h"
#include "pairlift/cli/report_folder.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/model/kpi_metrics.h"

/* GOption fills static storage; every call of the verb starts anew. */
static char *as_of_text;

const GOptionEntry pl_monitor_entries[] = {
    {"as-of", 0, 0, G_OPTION_ARG_STRING, &as_of_text,
     "look at the data up to DATE, as 2024-02-14, or to that period number (default: all)", "DATE"},
    {0}};

static gboolean is_number(const char *text) {
    const char *digits = *text == '-' ? text + 1 : text;
    return *digits && strspn(digits, G_CSET_DIGITS) == strlen(digits) && strlen(digits) < 9;
}

/* A date where the sales have dates, a number where they have those. */
static gboolean read_as_of(const PlDefinition *def, const char *text, PlDay *day, GError **error) {
    const PlTable *sales = pl_definition_outcomes(def);
    if (g_strcmp0(sales->date_format, "number") == 0) {
        if (!is_number(text))
            return pl_usage_error(error, "the dates of the data are numbers: for example --as-of 143",
                                  "--as-of \"%s\" is not a number", text);
        *day = (PlDay)g_ascii_strtoll(text, NULL, 10);
        return TRUE;
    }
    return pl_day_parse_iso(text, strlen(text), day) ||
           pl_usage_error(error, "for example --as-of 2024-02-14", "--as-of \"%s\" is not a date", text);
}

gboolean pl_verb_monitor(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    PlDay as_of = 0;
    g_clear_pointer(&as_of_text, g_free);
    if (!pl_verb_begin("monitor", argc, argv, &o, &done, error))
        return FALSE;
    if (done)
        return TRUE;
    g_autoptr(PlDefinition) def = pl_experiment_definition("monitor", &o, TRUE, error);
    g_auto(PlReportFolder) report = {0};
    if (!def || (as_of_text && !read_as_of(def, as_of_text, &as_of, error)) ||
        !pl_report_folder_begin(def, &o, &report, error))
        return FALSE;
    g_autoptr(PlResult) r = pl_experiment_running(def, &o, as_of_text ? &as_of : NULL, error);
    return r && pl_report_folder_finish(&report, &o, r, error);
}
