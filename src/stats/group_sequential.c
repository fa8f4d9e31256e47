/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/sequential.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* The search for p stops this close; limits are put where p says within it. */
#define LIMIT_ROUNDING 1e-9

typedef struct {
    size_t planned, done;                       /* looks; done 0: no data */
    double *t, *information, *spent, *critical; /* of each planned look, or each that is done */
} Plan;

static const PlRoleUse group_sequential_roles[] = {
    {PL_X, true, "estimate at each look, from all data so far; none: boundaries"},
    {PL_SE, true, "standard error of each estimate"},
    {.role = PL_N_ROLES},
};

/* Fractions, spending and boundaries of all looks there are. Information is 1 / se^2 where that grows from
 * look to look; estimated errors may not, and then looks count alike. */
static PlStatus make_plan(Plan *plan, const double *se, const PlMethodOptions *options, PlAnswer *answer) {
    size_t looks = se ? plan->done : plan->planned;
    double *memory = pl_arena_doubles(answer->arena, 4 * looks), side = pl_tail_level(&options->inference);
    if (!memory)
        return PL_NO_MEMORY;
    *plan = (Plan){plan->planned, plan->done, memory, memory + looks, memory + 2 * looks, memory + 3 * looks};
    bool grows = se != NULL;
    for (size_t k = 0; k < looks; k++) {
        plan->t[k] = (double)(k + 1) / (double)plan->planned;
        plan->spent[k] = pl_spent(options->spending, side, plan->t[k]);
        double ratio = se ? se[looks - 1] / se[k] : 0;
        plan->information[k] = ratio * ratio;
        grows = grows && isfinite(ratio) && ratio > 1e-100 &&
                (k == 0 || plan->information[k] > plan->information[k - 1] * (1 + PL_INFORMATION_STEP));
    }
    for (size_t k = 0; k < looks && !grows; k++)
        plan->information[k] = plan->t[k];
    if (se && !grows)
        pl_answer_note(answer,
                       "The standard error does not fall from look to look, so every look counts as the "
                       "same amount of new information.");
    return pl_sequential_boundaries(plan->information, plan->spent, looks, answer->arena, plan->critical);
}

static PlAnswerRow *add_row(const Plan *plan, size_t k, const PlMethodOptions *options, PlAnswer *answer) {
    const char *term = pl_answer_number(answer, k + 1);
    PlAnswerRow *row = term ? pl_answer_add(answer, term) : NULL;
    if (!row)
        return NULL;
    double sides = options->inference.alternative == PL_TWO_SIDED ? 2 : 1;
    pl_answer_figure(row, "information", plan->t[k]);
    pl_answer_figure(row, "critical_value", plan->critical[k]);
    pl_answer_figure(row, "alpha_spent", sides * plan->spent[k]);
    pl_answer_figure(row, "stage_level", gsl_cdf_ugaussian_Q(plan->critical[k]));
    return row;
}

static PlStatus tabulate(Plan *plan, const PlMethodOptions *options, PlAnswer *answer) {
    PlStatus status = make_plan(plan, NULL, options, answer);
    for (size_t k = 0; status == PL_OK && k < plan->planned; k++) {
        PlAnswerRow *row = add_row(plan, k, options, answer);
        if (!row)
            return PL_NO_MEMORY;
        row->in = (PlInference){.statistic = plan->critical[k],
                                .has = PL_HAS_STATISTIC,
                                .conf_level = options->inference.conf_level};
        row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
        row->reason = "no data: the statistic is the boundary of z";
    }
    return status;
}

/* The repeated p-value of look k, and the interval of the same plan. */
static PlStatus decide(const Plan *plan, size_t k, double estimate, double se, const PlMethodOptions *options,
                       PlArena *arena, PlAnswerRow *row) {
    PlAlternative alternative = options->inference.alternative;
    double z = estimate / se, margin = plan->critical[k] * se, p = 1;
    if (!isfinite(z) || !isfinite(estimate - margin) || !isfinite(estimate + margin))
        return PL_NOT_FINITE;
    double towards = alternative == PL_TWO_SIDED ? fabs(z) : alternative == PL_GREATER ? z : -z;
    bool crossed = towards >= plan->critical[k];
    row->in = (PlInference){.estimate = estimate,
                            .std_error = se,
                            .statistic = z,
                            .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC,
                            .n = plan->done};
    if (plan->done <= PL_REPEATED_P_MAX) {
        PlStatus status =
            pl_sequential_p(plan->information, plan->t, k + 1, options->spending, towards, arena, &p);
        if (status != PL_OK)
            return status;
        p = alternative == PL_TWO_SIDED ? fmin(1, 2 * p) : p;
        crossed = p <= 1 - options->inference.conf_level;
    } else {
        p = !crossed; /* for the interval alone */
        row->lacks = PL_LACKS_P;
        row->reason = "p-values are searched for plans of up to 20 looks";
    }
    pl_set_interval(&row->in, &options->inference, p, estimate - margin, estimate + margin,
                    LIMIT_ROUNDING * (fabs(estimate) + se));
    pl_answer_figure(row, "crossed", crossed);
    return PL_OK;
}

static PlStatus check_data(const Plan *plan, const PlSample *sample, PlAnswer *answer) {
    const PlVariable *x = &sample->roles[PL_X], *se = &sample->roles[PL_SE];
    if (!x->name || !se->name)
        return pl_answer_refuse(answer, PL_NOT_GIVEN, x->name ? "se" : "x");
    if (plan->done < 1)
        return PL_TOO_FEW;
    if (plan->done > plan->planned)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "looks");
    for (size_t k = 0; k < plan->done; k++) {
        if (!isfinite(x->values[k]) || !isfinite(se->values[k]))
            return pl_answer_refuse(answer, PL_NOT_FINITE, isfinite(x->values[k]) ? se->name : x->name);
        if (!(se->values[k] > 0))
            return pl_answer_refuse(answer, PL_NOT_POSITIVE, se->name);
    }
    return PL_OK;
}

static PlStatus run_group_sequential(const PlMethod *method, const PlSample *sample,
                                     const PlMethodOptions *options, PlAnswer *answer) {
    (void)method;
    static const double nothing = 0;
    bool data = pl_sample_has(sample, PL_X) || pl_sample_has(sample, PL_SE);
    Plan plan = {.planned = options->looks, .done = data ? sample->rows : 0};
    if (data && plan.planned == 0)
        plan.planned = plan.done;
    PlStatus status = pl_check_paired(&nothing, 1, 1, &options->inference);
    if (status == PL_OK && pl_tail_level(&options->inference) > 0.5)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "conf_level");
    if (status == PL_OK && data)
        status = check_data(&plan, sample, answer);
    if (status != PL_OK)
        return status;
    if (plan.planned < 1)
        return pl_answer_refuse(answer, PL_NOT_GIVEN, "looks");
    if (plan.planned > PL_PLANNED_MAX)
        return pl_answer_refuse(answer, PL_BAD_ARGUMENT, "looks");
    if (!data)
        return tabulate(&plan, options, answer);
    const double *x = sample->roles[PL_X].values, *se = sample->roles[PL_SE].values;
    status = make_plan(&plan, se, options, answer);
    for (size_t k = 0; status == PL_OK && k < plan.done; k++) {
        PlAnswerRow *row = add_row(&plan, k, options, answer);
        status = row ? decide(&plan, k, x[k], se[k], options, answer->arena, row) : PL_NO_MEMORY;
    }
    return status;
}

const PlMethod pl_method_group_sequential = {
    .id = "group_sequential",
    .title = "Group-sequential boundaries by error spending",
    .family = pl_family_sequential,
    .estimates = "effect at each look, with a boundary for its z statistic",
    .assumes =
        "Estimates are near normal and each contains the data of the ones before (information grows). The "
        "number of looks was planned before the first.",
    .use =
        "For an experiment that is looked at a few times, planned ahead, and may be stopped at each. obf "
        "hardly "
        "spends early and costs little at the end; pocock gives every look about the same chance. To look at "
        "any time, use msprt or confidence_sequence. Without data, --looks K is the table of boundaries; "
        "with "
        "--x and --se, a row is a look, in order, and --looks the number planned in all (default: those in "
        "the data). Two-sided, each side spends half of alpha.",
    .formula = "obf: spent(t) = 2 (1 - Phi(z(alpha / 2) / t^(1/2))); pocock: alpha log(1 + (e - 1) t)\n"
               "t = look / looks planned; alpha of one side; alpha_spent is that of all sides\n"
               "boundary c(k): P(z(j) < c(j), j < k, z(k) >= c(k)) = spent(t(k)) - spent(t(k - 1)), with "
               "cor(z(j), z(k)) = se(k) / se(j), by recursive integration\n"
               "interval = estimate -+ c(k) se; p = the alpha whose plan has its boundary at z",
    .source = "Lan and DeMets 1983, doi:10.1093/biomet/70.3.659; Armitage, McPherson and Rowe 1969, "
              "doi:10.2307/2343787; repeated intervals: Jennison and Turnbull 1984, "
              "doi:10.1016/0197-2456(84)90148-X",
    .check =
        "5 looks, two-sided .05: obf 4.8769 3.3570 2.6803 2.2898 2.0310, pocock 2.4380 2.4268 2.4102 2.3966 "
        "2.3860 (R rpact)",
    .roles = group_sequential_roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_LOOKS | PL_TAKES_SPENDING,
    .min_n = 1,
    .run = run_group_sequential,
};
