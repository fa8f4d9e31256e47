/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/waterfall.h"

#include <math.h>

#include "pairlift/report/chart_text.h"
#include "pairlift/report/words.h"

enum { LABEL_COLUMNS = 30 };

/* Where steps fill less of the axis than this, the axis begins near them and not at zero. */
#define LEAST_SHARE 0.3

typedef struct {
    double least, most;           /* of all that is drawn */
    double least_step, most_step; /* of the steps and their whiskers */
} Reach;

static void stretch(double *least, double *most, double value) {
    *least = fmin(*least, value);
    *most = fmax(*most, value);
}

/* How sure the sign is: 1 up, -1 down, 0 open. */
static int sign_of(const PlFinding *f) {
    if (isnan(f->conf_low) || isnan(f->conf_high))
        return (f->value > 0) - (f->value < 0);
    return f->conf_low > 0 ? 1 : f->conf_high < 0 ? -1 : 0;
}

static double add_bar(PlChartDraft *draft, const PlBar *bar, guint row, double at, Reach *reach) {
    const PlFinding *f = bar->finding;
    double start = bar->kind == PL_BAR_TOTAL ? 0 : at, end = start + f->value;
    double low = start + f->conf_low, high = start + f->conf_high;
    g_autofree char *label = pl_chart_label(f->label, LABEL_COLUMNS), *value = pl_words_finding_value(f);
    g_autofree char *shown =
        pl_chart_label(value[0] == '+' && bar->kind == PL_BAR_TOTAL ? value + 1 : value, LABEL_COLUMNS);
    const double numbers[] = {row,
                              start,
                              end,
                              isfinite(low) ? low : NAN,
                              isfinite(high) ? high : NAN,
                              bar->kind == PL_BAR_TOTAL ? 2 : (f->value > 0) - (f->value < 0),
                              bar->kind == PL_BAR_TOTAL || sign_of(f) != 0};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_add_number(draft->data, numbers[i]);
    pl_chart_add_text(draft->data, label);
    pl_chart_add_text(draft->data, shown);
    g_string_append_c(draft->data, '\n');
    const double drawn[] = {start, end, numbers[3], numbers[4]};
    for (gsize i = 0; i < G_N_ELEMENTS(drawn); i++) {
        if (isnan(drawn[i]))
            continue;
        stretch(&reach->least, &reach->most, drawn[i]);
        if (bar->kind == PL_BAR_STEP || i > 0)
            stretch(&reach->least_step, &reach->most_step, drawn[i]);
    }
    return end;
}

void pl_chart_waterfall(PlChartDraft *draft, const PlBar *bars, guint n, const char *x_label) {
    Reach reach = {0, 0, INFINITY, -INFINITY};
    double at = 0;
    guint widest = 0;
    g_string_append(draft->data, "row\tstart\tend\tlow\thigh\tkind\tsure\tlabel\tvalue\n");
    for (guint i = 0; i < n; i++) {
        g_autofree char *label = pl_chart_label(bars[i].finding->label, LABEL_COLUMNS);
        widest = MAX(widest, pl_chart_columns(label));
        at = add_bar(draft, &bars[i], n - i, at, &reach);
    }
    double room = reach.most_step - reach.least_step;
    gboolean cut = reach.least_step > 0 && room < LEAST_SHARE * reach.most;
    pl_chart_set_text(draft->variables, "x_label", x_label);
    pl_chart_set_count(draft->variables, "rows", n);
    pl_chart_set_count(draft->variables, "label_columns", widest);
    pl_chart_set_count(draft->variables, "cut_axis", cut);
    /* of a cut axis a piece of each total still shows */
    pl_chart_set_number(draft->variables, "least",
                        cut ? reach.least_step - fmax(0.6 * room, 1e-3 * reach.most) : reach.least);
    pl_chart_set_number(draft->variables, "most", reach.most);
}

char *pl_chart_waterfall_alt(const char *title, const PlBar *bars, guint n) {
    GString *text = g_string_new("Waterfall chart. ");
    g_string_append_printf(text, "%s.", title);
    for (guint i = 0; i < n; i++) {
        const PlFinding *f = bars[i].finding;
        g_autofree char *value = pl_words_finding_value(f), *interval = pl_words_finding_interval(f);
        g_string_append_printf(text, " %s: %s", f->label, value);
        if (*interval)
            g_string_append_printf(text, " (%s)", interval);
        g_string_append_c(text, '.');
    }
    return g_string_free(text, FALSE);
}
