/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/forest.h"

#include <math.h>

/* The effects of several treatments, the largest first. It is of all treatments, so it is drawn with the
 * first. */
gboolean pl_chart_ranking(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "ranking");
    PlForestRow rows[PL_FOREST_MOST];
    guint n = 0;
    gboolean ahead = FALSE;
    if (!section || g_strcmp0(treatment, result->treatments[0]) != 0)
        return FALSE;
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (g_str_equal(f->measure, "effect") && n < PL_FOREST_MOST)
            rows[n++] = (PlForestRow){f, f->group, FALSE};
        ahead |= g_str_equal(f->measure, "probability_best") && f->verdict;
    }
    if (n == 0)
        return FALSE;
    rows[0].strong = TRUE;
    g_autofree char *axis = pl_chart_effect_axis(result);
    if (!pl_forest_fill(draft, rows, n, axis))
        return FALSE;
    g_autofree char *level = pl_format_amount_size(rows[0].finding->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
    g_autofree char *subtitle =
        g_strdup_printf("Effect of each treatment against the control stores, with %s interval", level);
    g_autofree char *title =
        ahead ? g_strdup_printf("%s has the best effect of %u treatments", rows[0].label, n)
              : g_strdup_printf("%s leads, but which of %u treatments is best cannot be told", rows[0].label,
                                n);
    pl_chart_draft_titles(draft, title, subtitle);
    g_autofree char *words = pl_forest_words(rows, n);
    draft->alt = g_strdup_printf("Interval chart of the treatments. %s.%s", draft->title, words);
    return TRUE;
}
