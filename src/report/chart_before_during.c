/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

#define NAME_COLUMNS 32

/* A pair's test store against its control: in % of it under relative effects, else the difference.
 * These are the two scales on which the step from before to during is the pair's effect. */
static double against_control(const PlResult *result, double test, double control) {
    if (result->scale == PL_EFFECT_ABSOLUTE)
        return test - control;
    return test > 0 && control > 0 ? 100 * test / control : NAN;
}

typedef struct {
    guint n, up, down;
    double sum_before, sum_during;    /* of logarithms under relative effects */
    double least, most;               /* of all values */
    double before_least, before_most; /* of logarithms under relative effects, as the changes */
    double change_least, change_most;
} Sums;

/* Levels that spread this many times as far as the changes hide the changes. */
#define LEVELS_HIDE_CHANGES 4

static gboolean is_shifted(const Sums *sums) {
    double levels = sums->before_most - sums->before_least, changes = sums->change_most - sums->change_least;
    return changes > 0 && levels > LEVELS_HIDE_CHANGES * changes;
}

static void widen(double value, double *least, double *most) {
    *least = MIN(*least, value);
    *most = MAX(*most, value);
}

static void add_pair(PlChartDraft *draft, const PlResult *result, const PlPairEffect *pair, Sums *sums) {
    double before = against_control(result, pair->test_before, pair->control_before);
    double during = against_control(result, pair->test_during, pair->control_during);
    if (!isfinite(before) || !isfinite(during))
        return;
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    sums->n++;
    sums->up += pair->effect > 0;
    sums->down += pair->effect < 0;
    double from = relative ? log(before) : before, to = relative ? log(during) : during;
    sums->sum_before += from;
    sums->sum_during += to;
    widen(from, &sums->before_least, &sums->before_most);
    widen(to - from, &sums->change_least, &sums->change_most);
    widen(before, &sums->least, &sums->most);
    widen(during, &sums->least, &sums->most);
    pl_chart_add_number(draft->data, before);
    pl_chart_add_number(draft->data, during);
    pl_chart_add_number(draft->data, (pair->effect > 0) - (pair->effect < 0));
    pl_chart_add_text(draft->data, pair->pair);
    g_string_append_c(draft->data, '\n');
}

static char *span_words(const PlSpan *span, PlTimeKind kind) {
    g_autofree char *first = pl_day_format(span->first, kind), *last = pl_day_format(span->last, kind);
    return span->first == span->last ? g_steal_pointer(&first) : g_strdup_printf("%s to %s", first, last);
}

/* Decimals that show the change, but no more than five digits of the values. */
static int decimals_for(double before, double during) {
    double change = fabs(during - before), largest = MAX(fabs(before), fabs(during));
    int most = largest > 0 ? MAX(0, 4 - (int)floor(log10(largest))) : 0;
    return change > 0 ? CLAMP(change < 10 ? MAX(1, -(int)floor(log10(change))) : 0, 0, most) : MIN(1, most);
}

/* The unit of an absolute value is long ("USD per store and day"): it stands once in the title, and at the
 * axis. */
static char *value_words(double value, int decimals, const PlResult *result) {
    g_autofree char *number = pl_format_number(value, decimals);
    return g_strconcat(number, result->scale == PL_EFFECT_RELATIVE ? " %" : "", NULL);
}

static void set_words(PlChartDraft *draft, const PlResult *result, double before, double during,
                      gboolean shifted) {
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    g_autofree char *metric = pl_chart_metric(result, TRUE);
    g_autofree char *unit = pl_chart_label(result->unit, NAME_COLUMNS);
    g_autofree char *label =
        relative ? g_strdup("Test store in % of its control")
                 : g_strdup_printf("Test minus control store%s%s", *unit != '\0' ? ", " : "", unit);
    const char *mean = relative ? "geometric mean" : "mean";
    g_autofree char *subtitle =
        shifted ? g_strdup_printf("%s; a line a pair, each shifted to start at the %s, the thick line",
                                  metric, mean)
                : g_strdup_printf("%s before and during the promotion; a line a pair, thick: their %s",
                                  metric, mean);
    int decimals = decimals_for(before, during);
    g_autofree char *from = value_words(before, decimals, result),
                    *to = value_words(during, decimals, result);
    g_autofree char *title = relative
                                 ? g_strdup_printf("Test stores: from %s to %s of their controls", from, to)
                                 : g_strdup_printf("Test minus control stores: from %s to %s%s%s", from, to,
                                                   *unit != '\0' ? " " : "", unit);
    g_autofree char *before_span = span_words(&result->before, result->time_kind);
    g_autofree char *during_span = span_words(&result->during, result->time_kind);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "y_label", label);
    pl_chart_set_text(draft->variables, "mean_before_text", from);
    pl_chart_set_text(draft->variables, "mean_during_text", to);
    pl_chart_set_text(draft->variables, "before_span", before_span);
    pl_chart_set_text(draft->variables, "during_span", during_span);
}

/* Every pair's step from before to during, with the mean of all. Needs a before-period. */
gboolean pl_chart_before_during(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    guint left_out;
    g_autoptr(GPtrArray) pairs = pl_chart_pairs(result, treatment, &left_out);
    Sums sums = {.least = INFINITY,
                 .most = -INFINITY,
                 .before_least = INFINITY,
                 .before_most = -INFINITY,
                 .change_least = INFINITY,
                 .change_most = -INFINITY};
    if (!result->before.given)
        return FALSE;
    g_string_append(draft->data, "before\tduring\tdirection\tpair\n");
    for (guint i = 0; i < pairs->len; i++)
        add_pair(draft, result, g_ptr_array_index(pairs, i), &sums);
    if (sums.n == 0)
        return FALSE;
    gboolean relative = result->scale == PL_EFFECT_RELATIVE;
    double before = sums.sum_before / sums.n, during = sums.sum_during / sums.n;
    before = relative ? exp(before) : before;
    during = relative ? exp(during) : during;
    set_words(draft, result, before, during, is_shifted(&sums));
    pl_chart_set_count(draft->variables, "relative", relative);
    pl_chart_set_count(draft->variables, "pairs", sums.n);
    pl_chart_set_count(draft->variables, "pairs_up", sums.up);
    pl_chart_set_count(draft->variables, "pairs_down", sums.down);
    pl_chart_set_count(draft->variables, "shifted", is_shifted(&sums));
    pl_chart_set_number(draft->variables, "mean_before", before);
    pl_chart_set_number(draft->variables, "mean_during", during);
    pl_chart_set_number(draft->variables, "change_least", sums.change_least);
    pl_chart_set_number(draft->variables, "change_most", sums.change_most);
    pl_chart_set_number(draft->variables, "y_least", sums.least);
    pl_chart_set_number(draft->variables, "y_most", sums.most);
    draft->alt = g_strdup_printf("Slope chart of %u %s, before and during. %s: %u up, %u down, %u unchanged.",
                                 sums.n, sums.n == 1 ? "pair" : "pairs", draft->title, sums.up, sums.down,
                                 sums.n - sums.up - sums.down);
    return TRUE;
}
