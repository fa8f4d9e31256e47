/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/wild_bootstrap.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/fixed_effects.h"

#include <math.h>

/* Two t closer than this, in parts of what they are made of, are the same but for rounding. */
#define TIED_WITHIN PL_TIE_TOLERANCE

/* A variance this small beside its parts is zero but for rounding. */
#define ZERO_WITHIN 1e-13

/* A limit farther from the estimate than so many standard errors is infinite. */
#define ERRORS_AWAY 1e6
enum { HALVINGS = 200 };

/* The test of the null coef + h. */
typedef struct {
    const PlWildDraws *draws;
    double coef, std_error; /* without a small-sample factor, which t and t* share */
    double x_squares, level;
    PlAlternative alternative;
} Test;

/* How many of the draw and of its mirror image are as extreme as t; `both` says whether the mirror counts. */
static double extreme(const Test *test, const PlWildDraw *d, double h, double t, bool both) {
    double top = d->a - h * d->c, squares = d->n0 - 2 * h * d->n1 + h * h * d->n2;
    double parts = d->n0 + h * h * d->n2, size = fabs(d->a) + fabs(h * d->c);
    double tie = TIED_WITHIN * fabs(t), drawn = INFINITY;
    if (squares > ZERO_WITHIN * parts) {
        double error = sqrt(squares) / test->x_squares;
        drawn = top / error;
        tie += TIED_WITHIN * size / error;
    } else if (fabs(top) <= TIED_WITHIN * size)
        drawn = 0;
    else
        drawn = top > 0 ? INFINITY : -INFINITY;
    if (test->alternative == PL_TWO_SIDED)
        return (fabs(drawn) >= fabs(t) - tie) * (both ? 2 : 1);
    double sign = test->alternative == PL_GREATER ? 1 : -1;
    return (double)(sign * drawn >= sign * t - tie) + (double)(both && -sign * drawn >= sign * t - tie);
}

/* The share of draws as extreme as the data; of sampled ones with the data's own added. */
static double p_at(const Test *test, double h) {
    double t = -h / test->std_error, count = test->draws->exact ? 0 : 1;
    for (size_t i = 0; i < test->draws->n; i++)
        count += extreme(test, &test->draws->draw[i], h, t, test->draws->exact);
    return count / (test->draws->exact ? 2 * (double)test->draws->n : 1 + (double)test->draws->n);
}

static bool accepts(const Test *test, double h) {
    return p_at(test, h) > test->level;
}

/* The end, in direction `side`, of the nulls that are not rejected; as h. `zero` is the h of the null 0, to
 * which the limit is held: the set need not be an interval, and p at 0 must agree with it. Going out from an
 * accepted null (or in from a rejected one) by doubled steps, then halving. */
static double find_limit(const Test *test, double side, double zero, bool zero_rejected) {
    bool two_sided = test->alternative == PL_TWO_SIDED;
    double k0 = side * zero, in = 0, out = INFINITY, step = test->std_error;
    double far = ERRORS_AWAY * test->std_error + fabs(zero);
    if (zero_rejected && (k0 > 0 || !two_sided))
        out = k0;
    else if (!zero_rejected && k0 > 0)
        in = k0;
    if (in >= out || !accepts(test, side * in)) {
        out = fmin(in, out);
        for (in = out - step; !accepts(test, side * in); in -= step *= 2)
            if (in < -far)
                return -side * INFINITY;
    }
    if (!zero_rejected && !two_sided && in < k0)
        in = k0;
    if (in >= out)
        out = INFINITY;
    for (double next = in + step; isinf(out); next += step *= 2) {
        if (next > far)
            return side * INFINITY;
        if (accepts(test, side * next))
            in = next;
        else
            out = next;
    }
    for (int i = 0; i < HALVINGS; i++) {
        double middle = in / 2 + out / 2;
        if (middle <= in || middle >= out)
            break;
        if (accepts(test, side * middle))
            in = middle;
        else
            out = middle;
    }
    return side * in;
}

static PlStatus check(const PlClusterFit *fit, const PlInferenceOptions *options, PlWeights weights) {
    if (!(options->conf_level > 0 && options->conf_level < 1) || options->threads < 1)
        return PL_BAD_ARGUMENT;
    if (fit->n_clusters < 2)
        return PL_ONE_LEVEL;
    bool sampled = !pl_wild_is_exact(weights, fit->n_clusters, 0);
    return options->resamples > PL_RESAMPLES_MAX || (sampled && options->resamples < 1) ? PL_BAD_ARGUMENT
                                                                                        : PL_OK;
}

/* The wild cluster bootstrap-t of a regression with one regressor, fixed effects taken out of it: fit->x[0],
 * its residuals, clusters and absorbed effects; n_coef is 1. `coef` and the result are in y's unit. The null
 * is imposed: each resample is the fit under the null plus its residuals, times one weight a cluster. p is
 * the share of resamples whose |t*| is at least |t| (one-sided: t* itself), ties included; the interval is
 * the nulls that the same resamples do not reject. Weights: signs (Rademacher), or with fewer than 12
 * clusters Webb's six points, or as asked. All of them are gone through when there are at most 2^16 or
 * options->resamples (`resamples` is then 0 in the result); else so many are drawn and the data's own added,
 * p = (1 + #) / (1 + resamples), the same for any number of threads. Too few clusters for the level give
 * infinite limits. std_error, statistic: CR1's.
 * For y = effect + error alone, x of ones and nothing absorbed, the signs give the sign-flip test's p.
 * Cost a resample: of the order of the clusters; with effects that are not nested in them, times the number
 * of clusters (or of treatment patterns, if the panel is balanced).
 * PL_ONE_LEVEL: fewer than two clusters. PL_NO_VARIANCE: all scores are zero. PL_BAD_ARGUMENT: an option out
 * of its range. PL_NOT_FINITE: sums of squares overflow. PL_NO_MEMORY.
 * Source: Cameron, Gelbach and Miller 2008, doi:10.1162/rest.90.3.414; Webb 2023, doi:10.1111/caje.12661;
 * Roodman, MacKinnon, Nielsen and Webb 2019, doi:10.1177/1536867X19830877. Check: brute force in numpy, and
 * Darwin's maize, p = .0526733, tests/unit/stats/test_wild_bootstrap.c. */
PlStatus pl_wild_bootstrap(const PlClusterFit *fit, double coef, PlWeights weights,
                           const PlInferenceOptions *options, PlArena *arena, PlInference *out) {
    weights = pl_wild_weights(weights, fit->n_clusters);
    PlStatus status = check(fit, options, weights);
    if (status != PL_OK)
        return status;
    double variance = 0, df = 0, clusters = (double)fit->n_clusters;
    double x_squares = 1 / fit->bread[0];
    PlWildDraws draws;
    status = pl_cluster_vcov(fit, PL_VCOV_CR0, arena, &variance, &df);
    if (status == PL_OK && !(variance > 0))
        status = PL_NO_VARIANCE;
    if (status == PL_OK)
        status = pl_wild_draw(fit, weights, options, arena, &draws);
    if (status != PL_OK)
        return status;
    Test test = {.draws = &draws,
                 .coef = coef,
                 .std_error = sqrt(variance),
                 .x_squares = x_squares,
                 .level = 1 - options->conf_level,
                 .alternative = options->alternative};
    double p = p_at(&test, -coef), low = -INFINITY, high = INFINITY;
    bool rejected = p <= test.level;
    if (options->alternative != PL_LESS)
        low = coef + find_limit(&test, -1, -coef, rejected);
    if (options->alternative != PL_GREATER)
        high = coef + find_limit(&test, 1, -coef, rejected);
    double std_error = sqrt(variance * clusters / (clusters - 1));
    *out = (PlInference){.estimate = coef,
                         .std_error = std_error,
                         .statistic = coef / std_error,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC,
                         .n = fit->rows,
                         .resamples = draws.exact ? 0 : options->resamples};
    pl_set_interval(out, options, p, low, high, TIED_WITHIN * (fabs(coef) + std_error));
    return PL_OK;
}

/* From y scaled back to y's unit. */
static void unscale(PlInference *in, double scale) {
    in->estimate /= scale;
    in->std_error /= scale;
    in->conf_low /= scale;
    in->conf_high /= scale;
}

static void note_weights(PlAnswer *answer, PlWeights weights, bool exact) {
    bool webb = weights == PL_WEIGHTS_WEBB;
    pl_answer_note(answer, exact ? webb ? "All of Webb's six-point weights of the clusters were gone through."
                                        : "All signs (Rademacher weights) of the clusters were gone through."
                           : webb ? "Webb's six-point weights were drawn."
                                  : "Signs (Rademacher weights) were drawn.");
}

static PlStatus bootstrap(const PlPanelFit *fit, size_t rows, const PlMethodOptions *options,
                          PlAnswer *answer, PlAnswerRow *row) {
    double bread = 1 / fit->x_squares;
    PlClusterFit errors = {.rows = rows,
                           .n_coef = 1,
                           .x = (const double *const *)&fit->x,
                           .residuals = fit->residuals,
                           .bread = &bread,
                           .cluster = fit->cluster,
                           .n_clusters = fit->n_clusters,
                           .absorbed = fit->sets,
                           .n_absorbed = fit->n_sets,
                           .rank = fit->rank,
                           .threads = options->inference.threads};
    bool alone = false;
    PlStatus status = pl_panel_rests_on_one(fit, rows, answer->arena, &alone);
    if (status == PL_OK && !alone)
        status = pl_wild_bootstrap(&errors, fit->coef, options->weights, &options->inference, answer->arena,
                                   &row->in);
    if (status != PL_OK)
        return status;
    PlWeights weights = pl_wild_weights(options->weights, fit->n_clusters);
    if (alone) {
        row->in = (PlInference){.estimate = fit->coef, .n = rows};
        row->lacks = PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = pl_rests_on_one_reason;
    } else
        note_weights(answer, weights, row->in.resamples == 0);
    unscale(&row->in, fit->scale);
    return isfinite(row->in.estimate) && isfinite(row->in.std_error) ? PL_OK : PL_NOT_FINITE;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlPanelColumns panel;
    PlPanelFit fit;
    PlRole culprit = PL_N_ROLES;
    PlStatus status = pl_panel_columns(sample, answer->arena, answer, &panel);
    if (status != PL_OK)
        return status;
    status = pl_panel_fit(&panel, answer->arena, &fit, &culprit);
    if (status != PL_OK)
        return pl_panel_refuse(sample, answer, status, culprit);
    PlAnswerRow *row = pl_answer_add(answer, NULL);
    if (!row)
        return PL_NO_MEMORY;
    status = bootstrap(&fit, panel.rows, options, answer, row);
    if (status != PL_OK)
        return status;
    pl_panel_figures(sample, answer, row, fit.n_clusters);
    pl_answer_figure(row, "r_squared_within", fit.coef * fit.coef * fit.x_squares / fit.y_squares);
    return PL_OK;
}

const PlMethod pl_method_wild_bootstrap = {
    .id = "wild_bootstrap",
    .title = "Wild cluster bootstrap of two-way fixed effects",
    .family = pl_family_panel,
    .estimates = "mean effect of the treatment on the treated rows, in the unit of x",
    .assumes = "As fixed_effects; within a cluster errors may depend on each other in any way.",
    .use =
        "For panels with few clusters, say 8 to 30, where the t distribution behind fixed_effects is only an "
        "approximation. Without any effect (12 normal times, 1,000 simulations, no pairs) it rejects at 5 % "
        "in 8 to 9 % of the cases with 3 of 6 clusters treated (5 to 6 % with signs), 7 % with 3 of 7 and "
        "6 % with 3 of 8. Not with fewer than 6 (p cannot reach 5 % with signs), and not with one or two "
        "treated clusters: it hardly ever rejects when all vary alike, but when the treated vary three times "
        "as much, in 20 % of the cases with 2 of 12, and in 17 % with 3 of 12. See conformal.",
    .formula =
        "t* of y* = fit under the null + w_g * its residuals, w_g one weight a cluster: -1 or 1, or Webb's "
        "+-sqrt 1.5, +-1, +-sqrt .5 with fewer than 12 clusters\n"
        "p = #{|t*| >= |t|} / #, all weights if there are at most 2^16, then sampled: (1 + #) / (1 + "
        "resamples)\n"
        "interval = the nulls that the same weights do not reject",
    .source = "Cameron, Gelbach and Miller 2008, doi:10.1162/rest.90.3.414; Webb 2023, "
              "doi:10.1111/caje.12661; Roodman, MacKinnon, Nielsen and Webb 2019, "
              "doi:10.1177/1536867X19830877",
    .check =
        "Darwin's 15 pairs of maize as 15 clusters, all signs: p = .0526733, that of the sign-flip test; a "
        "panel of 12 clusters by brute force",
    .min_n = 4,
    .roles = pl_panel_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_RESAMPLES | PL_TAKES_WEIGHTS,
    .design = PL_DESIGN_PANEL,
    .run = run,
};
