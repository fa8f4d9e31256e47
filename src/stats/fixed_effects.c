/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/fixed_effects.h"

#include "pairlift/stats/cluster_vcov.h"
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/init.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <math.h>

/* The quantile's and the tail's rounding in a limit that should be 0, in parts of the estimate and its error.
 */
#define LIMIT_ROUNDING (1e3 * DBL_EPSILON)

/* Below this many degrees of freedom Satterthwaite's approximation is known to be rough (Pustejovsky and
 * Tipton 2018, section 4). */
enum { DF_TO_TRUST = 4 };

static PlStatus test_coefficient(const PlPanelFit *fit, double variance, double df,
                                 const PlInferenceOptions *options, PlInference *out) {
    double std_error = sqrt(variance), t = fit->coef / std_error;
    double estimate = fit->coef / fit->scale;
    std_error /= fit->scale;
    double margin = pl_student_quantile(pl_tail_level(options), df) * std_error;
    double p = pl_tail_p(options->alternative, pl_student_tail(t, df), pl_student_tail(-t, df));
    if (!(std_error > 0))
        return PL_NO_VARIANCE;
    if (!isfinite(margin) || !isfinite(p) || !isfinite(estimate))
        return PL_NOT_FINITE;
    *out = (PlInference){.estimate = estimate,
                         .std_error = std_error,
                         .statistic = t,
                         .df = df,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                         .n = out->n};
    pl_set_interval(out, options, p, estimate - margin, estimate + margin,
                    LIMIT_ROUNDING * (fabs(estimate) + std_error));
    return PL_OK;
}

/* Two-way fixed effects: the effect of the treatment on y, in y's unit, by least squares on dummies for each
 * unit and each time. Errors clustered (CR2 with Satterthwaite's df by default; see pl_cluster_vcov for
 * `vcov`), by the unit unless panel->cluster says otherwise; t with those df. Assumes that without the
 * treatment all units would have moved in parallel, that the effect is the same for all and from the start,
 * and that clusters are independent. Gaps and several rows for one unit and time are fine.
 * out->rests_on_one: see pl_rests_on_one_reason; then only the estimate and n are set.
 * PL_BAD_ARGUMENT: conf_level outside (0, 1). Else see pl_panel_fit and pl_cluster_vcov.
 * Source: Bertrand, Duflo and Mullainathan 2004, doi:10.1162/003355304772839588; CR2: Pustejovsky and Tipton
 * 2018, doi:10.1080/07350015.2016.1247004. Check: R's clubSandwich, tests/unit/stats/test_fixed_effects.c. */
PlStatus pl_fixed_effects(const PlPanelColumns *panel, PlVcov vcov, const PlInferenceOptions *options,
                          PlArena *arena, PlFixedEffects *out, PlRole *culprit) {
    pl_stats_init();
    if (!(options->conf_level > 0 && options->conf_level < 1) || options->threads < 1)
        return PL_BAD_ARGUMENT;
    PlPanelFit fit;
    PlStatus status = pl_panel_fit(panel, arena, &fit, culprit);
    if (status != PL_OK)
        return status;
    double bread = 1 / fit.x_squares, variance = 0, df = 0;
    PlClusterFit errors = {.rows = panel->rows,
                           .n_coef = 1,
                           .x = (const double *const *)&fit.x,
                           .residuals = fit.residuals,
                           .bread = &bread,
                           .cluster = fit.cluster,
                           .n_clusters = fit.n_clusters,
                           .absorbed = fit.sets,
                           .n_absorbed = fit.n_sets,
                           .rank = fit.rank,
                           .threads = options->threads};
    bool alone = false, adjusted = vcov == PL_VCOV_DEFAULT || vcov == PL_VCOV_CR2 || vcov == PL_VCOV_CR3;
    status = pl_cluster_vcov(&errors, vcov, arena, &variance, &df);
    if (status == PL_OK && !adjusted && vcov != PL_VCOV_IID)
        status = pl_panel_rests_on_one(&fit, panel->rows, arena, &alone);
    if (status != PL_OK)
        return status;
    PlFixedEffects result = {.in = {.estimate = fit.coef / fit.scale, .n = panel->rows},
                             .r_squared_within = fit.coef * fit.coef * fit.x_squares / fit.y_squares,
                             .n_clusters = fit.n_clusters,
                             .rests_on_one = alone || !(df > 0)};
    if (!result.rests_on_one)
        status = test_coefficient(&fit, variance, df, options, &result.in);
    if (!isfinite(result.in.estimate))
        status = PL_NOT_FINITE;
    if (status == PL_OK)
        *out = result;
    return status;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlPanelColumns panel;
    PlFixedEffects result;
    PlRole culprit = PL_N_ROLES;
    PlStatus status = pl_panel_columns(sample, answer->arena, answer, &panel);
    if (status != PL_OK)
        return status;
    status = pl_fixed_effects(&panel, options->vcov, &options->inference, answer->arena, &result, &culprit);
    if (status != PL_OK)
        return pl_panel_refuse(sample, answer, status, culprit);
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    row->in = result.in;
    if (result.rests_on_one) {
        row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = pl_rests_on_one_reason;
    }
    pl_panel_figures(sample, answer, row, result.n_clusters);
    pl_answer_figure(row, "r_squared_within", result.r_squared_within);
    if (!result.rests_on_one && result.in.df < DF_TO_TRUST)
        pl_answer_note(answer,
                       "There are fewer than 4 degrees of freedom: the clusters are few, or uneven, and "
                       "the p-value and the interval are rough.");
    return PL_OK;
}

const PlMethod pl_method_fixed_effects = {
    .id = "fixed_effects",
    .title = "Two-way fixed effects (difference in differences)",
    .family = pl_family_panel,
    .estimates = "mean effect of the treatment on the treated rows, in the unit of x",
    .assumes = "Without the treatment all units would have moved in parallel; the effect is the same for all "
               "units and times; clusters are independent.",
    .use = "For panels in which several units become treated and several do not. Gaps, and several rows for "
           "one unit and time, are fine. Not when units start at different times and the effect grows (it is "
           "then a mix with odd weights), and not with one treated unit: see synthetic_did.",
    .formula = "x_it = a_i + b_t + tau treated_it + e_it by least squares\n"
               "variance: CR2, e_g times (I - H_gg)^(-1/2) in each cluster g, H of the whole design\n"
               "t = tau / se with Satterthwaite's df = tr(P)^2 / tr(P^2); interval = tau -+ t quantile * se",
    .source =
        "Bertrand, Duflo and Mullainathan 2004, doi:10.1162/003355304772839588; Bell and McCaffrey 2002; "
        "Pustejovsky and Tipton 2018, doi:10.1080/07350015.2016.1247004; pairs: de Chaisemartin and "
        "Ramirez-Cuellar 2024, doi:10.1257/app.20210252",
    .check = "R's sleep with pair effects: the standard error of Student's paired t-test, .3889587; an "
             "unbalanced panel of 12 units against R's clubSandwich",
    .min_n = 4,
    .roles = pl_panel_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_VCOV,
    .design = PL_DESIGN_PANEL,
    .run = run,
};
