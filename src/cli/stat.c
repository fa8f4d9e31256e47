/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/stat_answer.h"
#include "pairlift/cli/stat_options.h"
#include "pairlift/cli/verbs.h"

static gboolean stat(const PlOptions *o, GError **error) {
    g_autoptr(PlStatResult) result = pl_stat_answer(o, error);
    if (!result)
        return FALSE;
    if (o->quiet && !o->json)
        return TRUE;
    g_autofree char *text = o->json ? pl_report_stat_json(result) : pl_report_stat_text(result);
    return pl_print(text, error);
}

gboolean pl_verb_stat(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    pl_stat_options_reset();
    gboolean ok = pl_verb_begin("stat", argc, argv, &o, &done, error) && (done || stat(&o, error));
    pl_stat_options_reset();
    return ok;
}
