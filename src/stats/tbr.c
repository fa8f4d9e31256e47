/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/families.h"
#include "pairlift/stats/time_regression.h"

#include <math.h>

/* When the notes speak up. The residuals' autocorrelation of noise is normal with sd 1 / sqrt n (Bartlett).
 */
#define POOR_FIT          0.5
#define OUTSIDE_SHARE     0.2
#define AUTOCORRELATION_Z 1.959963984540054
enum { SHORT_BEFORE = 8 };

static void note_doubts(const PlTbr *tbr, PlAnswer *answer) {
    double limit = AUTOCORRELATION_Z / sqrt((double)tbr->n_before);
    if (tbr->autocorrelation > limit)
        pl_answer_note(answer,
                       "The residuals before follow each other (see residual_autocorrelation), which the "
                       "method takes no account of: the interval is too narrow and p too small.");
    if (tbr->autocorrelation < -limit)
        pl_answer_note(answer,
                       "The residuals before alternate in sign (see residual_autocorrelation), which the "
                       "method takes no account of: the interval may be too wide.");
    if (tbr->slope <= 0)
        pl_answer_note(answer,
                       "The test series did not rise with the control before: the control is no guide to "
                       "what would have happened.");
    else if (tbr->r_squared < POOR_FIT)
        pl_answer_note(answer, "The control explains less than half of the test's variation before (see "
                               "r_squared): another control would measure more sharply.");
    if (tbr->n_before < SHORT_BEFORE || tbr->n_before < tbr->n_during)
        pl_answer_note(answer,
                       "The time before is short: the line rests on few points. At least as many times "
                       "before as during are advisable.");
    if ((double)tbr->n_outside > OUTSIDE_SHARE * (double)tbr->n_during)
        pl_answer_note(answer,
                       "The control often lay outside the range it had before (see n_outside), where the "
                       "line is a guess.");
}

static bool add_effect(const PlTbr *tbr, size_t n_after, PlAnswer *answer) {
    PlAnswerRow *row = pl_answer_add(answer, "effect");
    if (!row)
        return false;
    row->in = tbr->effect;
    const PlFigure figures[] = {
        {"effect_per_time", tbr->effect.estimate / (double)tbr->n_during},
        {"observed", tbr->observed},
        {"counterfactual", tbr->counterfactual},
        {"slope", tbr->slope},
        {"intercept", tbr->intercept},
        {"r_squared", tbr->r_squared},
        {"sigma", tbr->sigma},
        {"durbin_watson", tbr->durbin_watson},
        {"residual_autocorrelation", tbr->autocorrelation},
        {"n_before", (double)tbr->n_before},
        {"n_during", (double)tbr->n_during},
        {"n_after", (double)n_after},
        {"n_outside", (double)tbr->n_outside},
        {"test_mean_before", tbr->test_mean_before},
        {"test_mean_during", tbr->test_mean_during},
        {"control_mean_before", tbr->control_mean_before},
        {"control_mean_during", tbr->control_mean_during},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        pl_answer_figure(row, figures[i].name, figures[i].value);
    return true;
}

static PlAnswerRow *add_ratio(const PlTbrRatio *ratio, const char *term, PlAnswer *answer) {
    PlAnswerRow *row = pl_answer_add(answer, term);
    if (!row)
        return NULL;
    row->in = ratio->in;
    row->lacks = ratio->lacks;
    row->status = ratio->status;
    row->reason = ratio->reason;
    return row;
}

/* A column by the level of its row's time. */
static const double *by_time(const PlSample *sample, PlRole role, PlArena *arena) {
    const PlVariable *time = &sample->roles[PL_TIME];
    double *values = pl_arena_doubles(arena, time->n_levels);
    for (size_t i = 0; values && i < sample->rows; i++)
        values[time->levels[i]] = sample->roles[role].values[i];
    return values;
}

/* PL_DUPLICATE when two rows are of one time. Every level occurs, so that more rows than levels tell. */
static PlStatus check_times(const PlSample *sample, PlAnswer *answer) {
    const PlVariable *time = &sample->roles[PL_TIME];
    if (sample->rows == time->n_levels)
        return PL_OK;
    size_t *seen = pl_arena_sizes(answer->arena, time->n_levels);
    if (!seen)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < sample->rows; i++)
        if (seen[time->levels[i]]++)
            return pl_answer_refuse(answer, PL_DUPLICATE, time->labels[time->levels[i]]);
    return PL_BAD_ARGUMENT;
}

PlStatus pl_tbr_series(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                       PlAnswer *answer, PlTbrSeries *out) {
    const PlVariable *time = &sample->roles[PL_TIME];
    if (sample->rows < method->min_n)
        return PL_TOO_FEW;
    if (options->during_begin >= options->during_end || options->during_end > time->n_levels)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "during");
    PlStatus status = check_times(sample, answer);
    if (status != PL_OK)
        return status;
    bool has_cost = pl_sample_has(sample, PL_COST);
    *out = (PlTbrSeries){.test = by_time(sample, PL_X, answer->arena),
                         .control = by_time(sample, PL_Y, answer->arena),
                         .cost = has_cost ? by_time(sample, PL_COST, answer->arena) : NULL,
                         .n = time->n_levels,
                         .begin = options->during_begin,
                         .end = options->during_end};
    return out->test && out->control && (out->cost || !has_cost) ? PL_OK : PL_NO_MEMORY;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    PlTbrSeries series;
    PlTbr tbr;
    PlStatus status = pl_tbr_series(method, sample, options, answer, &series);
    if (status != PL_OK)
        return status;
    bool has_cost = series.cost != NULL;
    status = pl_tbr(&series, &options->inference, answer->arena, &tbr);
    if (status != PL_OK)
        return pl_answer_refuse(answer, status,
                                tbr.about < PL_N_ROLES ? sample->roles[tbr.about].name : answer->culprit);
    PlAnswerRow *row = NULL;
    if (!add_effect(&tbr, series.n - series.end, answer) || !add_ratio(&tbr.lift, "lift", answer) ||
        (has_cost && !(row = add_ratio(&tbr.iroas, "iroas", answer))))
        return PL_NO_MEMORY;
    if (row) {
        pl_answer_figure(row, "incremental_cost", tbr.incremental_cost);
        pl_answer_figure(row, "incremental_response", tbr.effect.estimate);
    }
    note_doubts(&tbr, answer);
    return PL_OK;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "the test side, summed by time"},
    {PL_Y, false, "the control side, summed by time"},
    {PL_TIME, false, "the day, week or month"},
    {PL_COST, true, "spend on the test side, for the return on it"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_tbr = {
    .id = "tbr",
    .title = "Time-based regression",
    .family = pl_family_geo,
    .estimates =
        "sum over the treated times of test minus what the control predicts; also as a share of that "
        "prediction (lift) and for each unit of money spent (iroas)",
    .assumes =
        "Before, the test series is a line of the control plus independent normal noise, and without the "
        "treatment it would have stayed so. The treatment does not touch the control.",
    .use =
        "For one pair, or one group of test stores against one of controls, with a time before at least as "
        "long as the treatment. Not when the residuals follow each other (residual_autocorrelation), and not "
        "when the control moved to where it never was before. On real stores with nothing happening it found "
        "an effect at 5 % in 13 to 66 % of the cases: tbr_ar1 takes account of that.",
    .formula =
        "test = a + b control, by least squares over the n times before\n"
        "effect = sum over the T treated times of (test - a - b control)\n"
        "std_error = T s sqrt((1 + d^2 / v) / n + 1 / T), s the residual standard deviation, d the "
        "control's mean during minus before, v its variance before (divisor n)\n"
        "interval = effect -+ t quantile * std_error, n - 2 degrees of freedom\n"
        "lift = effect / (observed - effect); the limits are those of the effect, put through this\n"
        "iroas = effect / incremental cost, the cost by the same regression; Fieller's limits, which are "
        "those of the effect divided by the cost when the cost was constant before",
    .source =
        "Kerman, Wang and Vaver 2017, Estimating Ad Effectiveness using Geo Experiments in a Time-Based "
        "Regression Framework, Google; Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x",
    .check =
        "salesandcost of GeoexperimentsResearch 1.0.3: effect 147337.12, std_error 4625.514, iroas 2.946742 "
        "with 95 % interval [2.759772, 3.133713]",
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_DURING,
    .design = PL_DESIGN_SERIES,
    .min_n = PL_TBR_BEFORE_MIN + 1,
    .run = run,
};
