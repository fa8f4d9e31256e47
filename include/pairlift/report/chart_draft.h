/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* A chart before it is drawn: its figures and words. How it looks stands in plots/TEMPLATE.gp alone. */
typedef struct {
    GString *variables; /* gnuplot assignments that the template reads */
    GString *data;      /* tab-separated, a line of column names first */
    char *title, *alt;
} PlChartDraft;

void pl_chart_draft_clear(PlChartDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlChartDraft, pl_chart_draft_clear)
void pl_chart_draft_init(PlChartDraft *draft);

/* Sets title and subtitle, here and among the variables. */
void pl_chart_draft_titles(PlChartDraft *draft, const char *title, const char *subtitle);

/* Each fills an initialised draft from the result's primary metric and `treatment` (NULL: any).
 * FALSE: the result has nothing to draw of this kind. */
typedef gboolean (*PlChartFill)(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_test_vs_control(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_pair_effects(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_before_during(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_monitor(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_methods(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_products(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_segments(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_ranking(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_profit_curve(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_redemption(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_decomposition(const PlResult *result, const char *treatment, PlChartDraft *draft);
gboolean pl_chart_profit(const PlResult *result, const char *treatment, PlChartDraft *draft);

/* What the charts share: */

/* TRUE when a row of the result is of the treatment (NULL: any), the primary metric and the period
 * "during" (a row without a period counts as that). */
gboolean pl_chart_is_of(const PlResult *result, const char *treatment, const char *row_treatment,
                        const char *row_metric, const char *row_period);
/* The primary pairs' rows that have an effect, ascending by it; `left_out` counts those without. */
GPtrArray *pl_chart_pairs(const PlResult *result, const char *treatment, guint *left_out);
/* "+3.1 % (0.9 % to 5.4 %)" of an estimate; without an interval the estimate alone.
 * The unit of an absolute effect stands at the axis. */
char *pl_chart_effect_text(const PlEstimate *estimate);
/* The primary metric in words: "units sold", or "Units sold" where a text `begins` with it. */
char *pl_chart_metric(const PlResult *result, gboolean begins);
/* The axis of effects: "Effect on revenue, %" or "Effect on revenue, EUR per store and day". */
char *pl_chart_effect_axis(const PlResult *result);
/* An effect as the axis shows it: in % or in units. */
double pl_chart_shown(const PlResult *result, double effect);
/* Variables NAME, NAME_low, NAME_high (NaN: no interval) and NAME_open_low, NAME_open_high (1: the
 * interval has no limit on this side). */
void pl_chart_set_estimate(PlChartDraft *draft, const PlResult *result, const char *name,
                           const PlEstimate *estimate);
/* TRUE when at least one limit is a number; the other one is then a limit or open. */
gboolean pl_chart_has_interval(const PlEstimate *estimate);
/* TRUE when the interval has no limit below; a fall by 100 % is none. */
gboolean pl_chart_open_low(const PlEstimate *estimate);
