/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/forest.h"

#include <math.h>

#include "pairlift/report/chart_text.h"
#include "pairlift/report/words.h"

#define LABEL_COLUMNS  30
#define REASON_COLUMNS 72

static double shown(const PlFinding *f, double x) {
    gboolean per_cent =
        f->amount == PL_AMOUNT_LIFT || f->amount == PL_AMOUNT_SHARE || f->amount == PL_AMOUNT_CHANCE;
    return per_cent ? 100 * x : x;
}

static gboolean open_low(const PlFinding *f) {
    return !isfinite(f->conf_low) || (f->amount == PL_AMOUNT_LIFT && f->conf_low <= -1);
}

static gboolean has_interval(const PlFinding *f) {
    return isfinite(f->value) && (isfinite(f->conf_low) || isfinite(f->conf_high));
}

static char *number_text(const PlFinding *f) {
    g_autofree char *value = pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, NULL);
    g_autofree char *interval = pl_words_finding_interval(f);
    return *interval ? g_strdup_printf("%s (%s)", value, interval) : g_steal_pointer(&value);
}

static void add_row(PlChartDraft *draft, const PlForestRow *row, guint place) {
    const PlFinding *f = row->finding;
    gboolean drawn = isfinite(f->value), interval = has_interval(f);
    g_autofree char *label = pl_chart_label(row->label, LABEL_COLUMNS);
    g_autofree char *number = drawn ? number_text(f) : g_strdup("");
    g_autofree char *remark = pl_chart_label(drawn       ? ""
                                             : f->reason ? f->reason
                                                         : "no estimate",
                                             REASON_COLUMNS);
    const double numbers[] = {place,
                              drawn ? shown(f, f->value) : NAN,
                              interval ? shown(f, f->conf_low) : NAN,
                              interval ? shown(f, f->conf_high) : NAN,
                              interval && open_low(f),
                              interval && !isfinite(f->conf_high),
                              row->strong};
    const char *texts[] = {label, number, remark};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_add_number(draft->data, numbers[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        pl_chart_add_text(draft->data, texts[i]);
    g_string_append_c(draft->data, '\n');
}

/* The range that the axis must show: all that is drawn, and zero. */
static void set_range(PlChartDraft *draft, const PlForestRow *rows, guint n) {
    double least = 0, most = 0;
    for (guint i = 0; i < n; i++) {
        const PlFinding *f = rows[i].finding;
        if (!isfinite(f->value))
            continue;
        const double ends[] = {f->value, open_low(f) ? f->value : f->conf_low,
                               isfinite(f->conf_high) ? f->conf_high : f->value};
        for (gsize k = 0; k < G_N_ELEMENTS(ends); k++) {
            least = MIN(least, shown(f, ends[k]));
            most = MAX(most, shown(f, ends[k]));
        }
    }
    pl_chart_set_number(draft->variables, "effect_least", least);
    pl_chart_set_number(draft->variables, "effect_most", most);
}

gboolean pl_forest_fill(PlChartDraft *draft, const PlForestRow *rows, guint n, const char *x_label) {
    gboolean any = FALSE;
    for (guint i = 0; i < n; i++)
        any = any || isfinite(rows[i].finding->value);
    if (!any)
        return FALSE;
    g_string_append(draft->data,
                    "row\testimate\tlow\thigh\topen_low\topen_high\tstrong\tlabel\tnumber\tremark\n");
    for (guint i = 0; i < n; i++)
        add_row(draft, &rows[i], n - i);
    PlAmount amount = rows[0].finding->amount;
    g_autofree char *axis = pl_chart_label(x_label, LABEL_COLUMNS * 2);
    pl_chart_set_text(draft->variables, "x_label", axis);
    pl_chart_set_count(draft->variables, "relative", amount == PL_AMOUNT_LIFT);
    pl_chart_set_count(draft->variables, "per_cent",
                       amount == PL_AMOUNT_LIFT || amount == PL_AMOUNT_SHARE || amount == PL_AMOUNT_CHANCE);
    pl_chart_set_count(draft->variables, "rows", n);
    set_range(draft, rows, n);
    return TRUE;
}

char *pl_forest_words(const PlForestRow *rows, guint n) {
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *number = isfinite(rows[i].finding->value) ? number_text(rows[i].finding) : NULL;
        const char *reason = rows[i].finding->reason;
        g_string_append_printf(words, " %s: %s.", rows[i].label,
                               number   ? number
                               : reason ? reason
                                        : "no estimate");
    }
    return g_string_free(words, FALSE);
}
