/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "pairlift/cli/experiment.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/report/formats.h"

gboolean pl_verb_check(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    if (!pl_verb_begin("check", argc, argv, &o, &done, error))
        return FALSE;
    if (done)
        return TRUE;
    g_autoptr(PlDefinition) def = pl_experiment_definition("check", &o, FALSE, error);
    g_autoptr(PlResult) r = def ? pl_experiment_result(def, &o, FALSE, error) : NULL;
    if (!r)
        return FALSE;
    if (o.quiet && !o.json)
        return TRUE;
    g_autofree char *text =
        o.json ? pl_report_json(r) : pl_report_text(r, pl_options_color(&o, STDOUT_FILENO));
    return pl_print(text, error);
}
