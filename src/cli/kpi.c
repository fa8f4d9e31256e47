/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/experiment.h"
#include "pairlift/cli/report_folder.h"
#include "pairlift/cli/verbs.h"

gboolean pl_verb_kpi(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    if (!pl_verb_begin("kpi", argc, argv, &o, &done, error))
        return FALSE;
    if (done)
        return TRUE;
    g_autoptr(PlDefinition) def = pl_experiment_definition("kpi", &o, FALSE, error);
    g_auto(PlReportFolder) report = {0};
    if (!def || !pl_report_folder_begin(def, &o, &report, error))
        return FALSE;
    g_autoptr(PlResult) r = pl_experiment_kpis(def, &o, error);
    return r && pl_report_folder_finish(&report, &o, r, error);
}
