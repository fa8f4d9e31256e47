/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/forest.h"

#include <math.h>

#include "pairlift/model/numbers.h"

/* Promoted items that are drawn: the others are what the chart is about. */
enum { MOST_PROMOTED = 6 };

static gboolean is_of(const PlFinding *f, const char *treatment) {
    return treatment == NULL || g_strcmp0(f->treatment, treatment) == 0;
}

/* The finding in a line. */
static char *title_of(const PlSection *section, const char *treatment) {
    const PlFinding *others = pl_section_find(section, treatment, "others_revenue");
    const PlFinding *share = pl_section_find(section, treatment, "cannibalised_share_revenue");
    if (others == NULL) {
        others = pl_section_find(section, treatment, "others_units");
        share = pl_section_find(section, treatment, "cannibalised_share_units");
    }
    if (others == NULL)
        return g_strdup("What the promotion did to each of them");
    const char *verdict = others->verdict != NULL ? others->verdict : "";
    if (g_str_equal(verdict, "lost") && share != NULL && isfinite(share->value)) {
        g_autofree char *part = pl_format_amount_size(share->value, (share->conf_high - share->conf_low) / 2,
                                                      PL_AMOUNT_SHARE, NULL);
        return share->value > 1
                   ? g_strdup("The others lost more than the promoted ones gained")
                   : g_strdup_printf("The others lost %s of what the promoted ones gained", part);
    }
    if (g_str_equal(verdict, "lost"))
        return g_strdup("The others lost sales with the promotion");
    if (g_str_equal(verdict, "gained"))
        return g_strdup("The others gained with the promotion");
    return g_strdup("Cannot tell whether the others lost or gained");
}

/* The items with the largest changes and the others together; `total` counts the items with a lift. */
static guint collect(const PlSection *section, const char *treatment, PlForestRow *rows, guint *total) {
    guint n = 0, promoted = 0;
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        gboolean item = g_str_equal(f->measure, "item_lift"), others = g_str_equal(f->measure, "others_lift");
        if (!is_of(f, treatment) || !isfinite(f->value) || (!item && !others))
            continue;
        gboolean strong = g_strcmp0(f->verdict, "promoted") == 0;
        *total += item ? 1 : 0;
        promoted += strong ? 1 : 0;
        if (n < PL_FOREST_MOST && (!strong || promoted <= MOST_PROMOTED))
            rows[n++] = (PlForestRow){f, others ? "All others together" : f->group, strong};
    }
    return n;
}

/* The lifts of the items, the promoted ones in blue. */
gboolean pl_chart_products(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section((PlResult *)result, "products");
    PlForestRow rows[PL_FOREST_MOST];
    guint total = 0, n = section != NULL ? collect(section, treatment, rows, &total) : 0, items = 0;
    gboolean any_strong = FALSE;
    if (n == 0)
        return FALSE;
    for (guint i = 0; i < n; i++) {
        items += rows[i].finding->group != NULL ? 1 : 0;
        any_strong = any_strong || rows[i].strong;
    }
    g_autofree char *axis = g_strdup_printf("%s, %%", ((const PlFinding *)rows[n - 1].finding)->label);
    if (!pl_forest_fill(draft, rows, n, axis))
        return FALSE;
    g_autofree char *level =
        pl_format_amount_size(rows[n - 1].finding->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
    g_autofree char *all = pl_format_number(total, 0);
    g_autofree char *which = items < total ? g_strdup_printf("the %u largest changes of %s", items, all)
                                           : g_strdup("in the order of the change in money");
    g_autofree char *subtitle = g_strdup_printf("Lift with %s intervals, %s%s", level, which,
                                                any_strong ? "; the blue ones were promoted" : "");
    g_autofree char *title = title_of(section, treatment);
    pl_chart_draft_titles(draft, title, subtitle);
    g_autofree char *words = pl_forest_words(rows, n);
    draft->alt = g_strdup_printf("Interval chart of the items. %s.%s", draft->title, words);
    return TRUE;
}
