/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

#define UNIT_COLUMNS 30
#define MARK_COLUMNS 60

static char *price_text(const PlFinding *f) {
    double half = isfinite(f->conf_high) ? (f->conf_high - f->conf_low) / 2 : NAN;
    return pl_format_amount(f->value, half, f->amount, f->unit);
}

static double value_of(const PlFinding *f) {
    return f != NULL ? f->value : NAN;
}

/* What the curve says, in one line. */
static char *finding_text(const PlSection *section, const char *treatment) {
    const PlFinding *best = pl_section_find(section, treatment, "best_price");
    const PlFinding *today = pl_section_find(section, treatment, "current_price");
    const PlFinding *elasticity = pl_section_find(section, treatment, "elasticity");
    if (best == NULL || today == NULL || isnan(best->value))
        return g_strdup(elasticity != NULL && elasticity->conf_low > -1
                            ? "A lower price does not pay; how far it could rise, the data do not say"
                            : "Which price earns most cannot be told from these data");
    g_autofree char *price = price_text(best);
    if (isnan(best->conf_low))
        return g_strdup_printf("Profit is highest at about %s, but how sure that is cannot be told", price);
    if (best->conf_low > today->value)
        return g_strdup_printf("Today's price is below the one that earns most, %s", price);
    if (best->conf_high < today->value)
        return g_strdup_printf("Today's price is above the one that earns most, %s", price);
    return g_strdup_printf(
        "Profit is highest at about %s; whether to go up or down from today cannot be told", price);
}

static gboolean beyond(const PlCurve *curve) {
    for (guint i = 0; curve->observed != NULL && i < curve->n; i++)
        if (!curve->observed[i])
            return TRUE;
    return FALSE;
}

static char *subtitle_of(const PlSection *section, const char *treatment, const PlCurve *curve) {
    const PlFinding *best = pl_section_find(section, treatment, "best_price");
    gboolean banded = curve->n > 0 && isfinite(curve->low[0]);
    g_autofree char *level =
        pl_format_number(100 * (best != NULL && isfinite(best->conf_level) ? best->conf_level : 0.95), 0);
    return g_strdup_printf("Expected gross profit by price%s%s%s%s", banded ? ", with its " : "",
                           banded ? level : "", banded ? " % interval" : "",
                           beyond(curve) ? "; dashed: beyond the prices that were seen" : "");
}

static void set_mark(PlChartDraft *draft, const char *name, const char *words, const PlFinding *f) {
    g_autofree char *number = f != NULL && isfinite(f->value) ? price_text(f) : g_strdup("");
    gboolean sure = f != NULL && isfinite(f->conf_low) && g_str_equal(name, "best");
    g_autofree char *interval =
        sure ? pl_format_amount_interval(f->conf_low, f->conf_high, f->amount, f->unit) : g_strdup("");
    g_autofree char *said =
        g_strdup_printf("%s %s%s%s%s", words, number, sure ? " (" : "", interval, sure ? ")" : "");
    g_autofree char *label = pl_chart_label(said, MARK_COLUMNS), *text = g_strconcat(name, "_text", NULL);
    pl_chart_set_number(draft->variables, name, value_of(f));
    pl_chart_set_text(draft->variables, text, label);
}

/* The curve, what its axes must hold, and where prices were seen. */
static void add_rows(PlChartDraft *draft, const PlCurve *c) {
    double least = INFINITY, most = -INFINITY, band_least = INFINITY, band_most = -INFINITY;
    double seen_low = INFINITY, seen_high = -INFINITY;
    g_string_append(draft->data, "price\tprofit\tlow\thigh\n");
    for (guint i = 0; i < c->n; i++) {
        const double row[] = {c->x[i], c->y[i], c->low[i], c->high[i]};
        for (gsize k = 0; k < G_N_ELEMENTS(row); k++)
            pl_chart_add_number(draft->data, row[k]);
        g_string_append_c(draft->data, '\n');
        least = fmin(least, c->y[i]);
        most = fmax(most, c->y[i]);
        band_least = fmin(band_least, fmin(c->y[i], c->low[i]));
        band_most = fmax(band_most, fmax(c->y[i], c->high[i]));
        if (c->observed == NULL || c->observed[i]) {
            seen_low = fmin(seen_low, c->x[i]);
            seen_high = fmax(seen_high, c->x[i]);
        }
    }
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"x_first", c->x[0]},
                   {"x_last", c->x[c->n - 1]},
                   {"y_least", least},
                   {"y_most", most},
                   {"band_least", band_least},
                   {"band_most", band_most},
                   {"seen_low", isfinite(seen_low) ? seen_low : NAN},
                   {"seen_high", isfinite(seen_high) ? seen_high : NAN}};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_set_number(draft->variables, numbers[i].name, numbers[i].value);
}

/* Profit over price, with today's, the promoted and the best price. */
gboolean pl_chart_profit_curve(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "prices");
    const PlCurve *curve = section != NULL ? pl_section_curve(section, treatment, "profit_by_price") : NULL;
    if (curve == NULL || curve->n < 2 || !(curve->x[curve->n - 1] > curve->x[0]) || !isfinite(curve->y[0]))
        return FALSE;
    const PlFinding *today = pl_section_find(section, treatment, "current_price");
    const PlFinding *promoted = pl_section_find(section, treatment, "promoted_price");
    const PlFinding *best = pl_section_find(section, treatment, "best_price");
    g_autofree char *title = finding_text(section, treatment),
                    *subtitle = subtitle_of(section, treatment, curve);
    g_autofree char *unit = pl_chart_label(curve->x_label, UNIT_COLUMNS),
                    *profit = pl_chart_label(curve->y_label, UNIT_COLUMNS);
    g_autofree char *x_label = g_strdup_printf("Price%s%s", *unit != '\0' ? ", " : "", unit);
    g_autofree char *y_label = g_strdup_printf("Gross profit, %s", profit);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", x_label);
    pl_chart_set_text(draft->variables, "y_label", y_label);
    add_rows(draft, curve);
    set_mark(draft, "current", "Today", today);
    set_mark(draft, "promoted", "Promotion", promoted);
    set_mark(draft, "best", "Best", best);
    pl_chart_set_number(draft->variables, "best_low", best != NULL ? best->conf_low : NAN);
    pl_chart_set_number(draft->variables, "best_high",
                        best != NULL && isfinite(best->conf_high) ? best->conf_high : NAN);
    pl_chart_set_count(draft->variables, "best_open", best != NULL && isinf(best->conf_high));
    g_autofree char *today_text = today != NULL ? price_text(today) : g_strdup("n/a"),
                    *best_text = best != NULL && isfinite(best->value) ? price_text(best) : g_strdup("n/a");
    draft->alt =
        g_strdup_printf("Line chart of the gross profit by price. %s. Today's price %s, best price %s.",
                        draft->title, today_text, best_text);
    return TRUE;
}
