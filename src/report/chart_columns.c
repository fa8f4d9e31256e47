/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"

enum { COLUMNS_MOST = 24, NAME_COLUMNS = 14, LABEL_COLUMNS = 60 };

static char *number_of(const PlCurve *c, guint i) {
    return pl_format_amount(c->y[i], (c->high[i] - c->low[i]) / 2, c->y_amount, NULL);
}

static char *title_of(const PlCurve *c, guint top) {
    g_autofree char *number = number_of(c, top), *name = pl_chart_label(c->x_names[top], NAME_COLUMNS);
    if (c->title != NULL)
        return g_strdup(c->title);
    return g_strdup_printf("%s: %s has the most, %s", c->y_label, name, number);
}

static char *alt_of(const PlCurve *c, guint n, const char *title) {
    GString *s = g_string_new("Column chart. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < n; i++) {
        g_autofree char *number = number_of(c, i);
        g_string_append_printf(s, " %s: %s.", c->x_names[i], number);
    }
    return g_string_free(s, FALSE);
}

static double add_columns(PlChartDraft *draft, const PlCurve *c, guint n) {
    double most = 0;
    g_string_append(draft->data, "place\tvalue\tlow\thigh\tname\tnumber\n");
    for (guint i = 0; i < n; i++) {
        gboolean interval = isfinite(c->low[i]) && isfinite(c->high[i]);
        const double numbers[] = {i + 1, pl_kpi_shown(c->y_amount, c->y[i]),
                                  interval ? pl_kpi_shown(c->y_amount, c->low[i]) : NAN,
                                  interval ? pl_kpi_shown(c->y_amount, c->high[i]) : NAN};
        g_autofree char *name = pl_chart_label(c->x_names[i], NAME_COLUMNS),
                        *number = isfinite(c->y[i]) ? number_of(c, i) : g_strdup("");
        for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++) {
            pl_chart_add_number(draft->data, numbers[k]);
            most = k > 0 && isfinite(numbers[k]) ? MAX(most, numbers[k]) : most;
        }
        pl_chart_add_text(draft->data, name);
        pl_chart_add_text(draft->data, number);
        g_string_append_c(draft->data, '\n');
    }
    return most;
}

gboolean pl_chart_columns_of(const PlSection *section, const char *name, PlChartDraft *draft) {
    const PlCurve *c = pl_section_curve(section, NULL, name);
    guint top = G_MAXUINT, n = c != NULL ? MIN(c->n, COLUMNS_MOST) : 0;
    for (guint i = 0; i < n; i++)
        if (isfinite(c->y[i]) && (top == G_MAXUINT || c->y[i] > c->y[top]))
            top = i;
    if (top == G_MAXUINT || c->x_names == NULL || c->y_label == NULL)
        return FALSE;
    g_autofree char *words = title_of(c, top), *title = pl_kpi_begin(words),
                    *more = c->n > n ? g_strdup_printf("; %u more in result.json", c->n - n) : g_strdup(""),
                    *subtitle = g_strdup_printf("%s; lines: intervals%s", section->title, more),
                    *x_label = pl_chart_label(c->x_label, LABEL_COLUMNS),
                    *y_label = pl_chart_label(c->y_label, LABEL_COLUMNS);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", x_label);
    pl_chart_set_text(draft->variables, "y_label", y_label);
    pl_chart_set_count(draft->variables, "columns", n);
    pl_chart_set_count(draft->variables, "per_cent", pl_kpi_per_cent(c->y_amount));
    pl_chart_set_number(draft->variables, "y_most", add_columns(draft, c, n));
    draft->alt = alt_of(c, n, draft->title);
    return TRUE;
}
