/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/proportions.h"
#include "pairlift/stats/student.h"

#include <float.h>
#include <math.h>

/* Spread of rates that is nothing but rounding, in parts of a rate's largest value, 1. */
#define CONSTANT_WITHIN (8 * DBL_EPSILON)
#define LIMIT_ROUNDING  (1e3 * DBL_EPSILON)

/* The clusters' rates of one group. */
typedef struct {
    size_t n;
    double mean, sd;
} Group;

/* The group that each cluster lies in. PL_MIXED_CLUSTERS: in more than one. */
static PlStatus groups_of_clusters(const PlSample *sample, PlAnswer *answer, size_t **out) {
    const PlVariable *cluster = &sample->roles[PL_CLUSTER], *group = &sample->roles[PL_GROUP];
    size_t *of = pl_arena_sizes(answer->arena, cluster->n_levels);
    if (!of)
        return PL_NO_MEMORY;
    for (size_t c = 0; c < cluster->n_levels; c++)
        of[c] = group->n_levels;
    for (size_t i = 0; i < sample->rows; i++) {
        size_t c = cluster->levels[i], g = group->levels[i];
        if (of[c] != group->n_levels && of[c] != g)
            return pl_answer_refuse(answer, PL_MIXED_CLUSTERS, cluster->labels[c]);
        of[c] = g;
    }
    *out = of;
    return PL_OK;
}

static PlStatus summarise(const PlRate *rates, const size_t *of, size_t n_clusters, size_t level,
                          PlArena *arena, Group *out) {
    double *values = pl_arena_doubles(arena, n_clusters);
    if (!values)
        return PL_NO_MEMORY;
    *out = (Group){0};
    for (size_t c = 0; c < n_clusters; c++)
        if (of[c] == level)
            values[out->n++] = rates[c].successes / rates[c].trials;
    return pl_mean_sd(values, out->n, &out->mean, &out->sd);
}

/* Welch's t-test of two groups' means (Welch 1947, doi:10.1093/biomet/34.1-2.28). */
static PlStatus welch(Group a, Group b, const PlInferenceOptions *options, PlInference *out) {
    if (fmax(a.sd, b.sd) <= CONSTANT_WITHIN)
        return PL_NO_VARIANCE;
    double na = (double)a.n, nb = (double)b.n, va = a.sd * a.sd / na, vb = b.sd * b.sd / nb, v = va + vb;
    double df = v * v / (va * va / (na - 1) + vb * vb / (nb - 1)), se = sqrt(v), d = a.mean - b.mean;
    double margin = pl_student_quantile(pl_tail_level(options), df) * se;
    *out = (PlInference){.estimate = d,
                         .std_error = se,
                         .statistic = d / se,
                         .df = df,
                         .has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC | PL_HAS_DF,
                         .n = a.n + b.n};
    if (!isfinite(margin) || !isfinite(out->statistic))
        return PL_NOT_FINITE;
    double p = pl_tail_p(options->alternative, pl_student_tail(d / se, df), pl_student_tail(-(d / se), df));
    pl_set_interval(out, options, p, d - margin, d + margin, LIMIT_ROUNDING * (fabs(d) + se));
    return PL_OK;
}

/* A contrast of each group's clusters against the control's; the row of a group with one cluster, or without
 * any spread, says so. When no row could be estimated: the status of the last. */
PlStatus pl_proportions_of_clusters(const PlSample *sample, const PlMethodOptions *options,
                                    PlAnswer *answer) {
    const PlVariable *cluster = &sample->roles[PL_CLUSTER], *group = &sample->roles[PL_GROUP];
    PlRate *rates = NULL;
    size_t *of = NULL;
    PlStatus status = pl_rates_read(sample, PL_CLUSTER, answer, &rates), row_status = PL_OK;
    if (status == PL_OK)
        status = groups_of_clusters(sample, answer, &of);
    Group control, treated;
    if (status == PL_OK)
        status = summarise(rates, of, cluster->n_levels, options->control, answer->arena, &control);
    if (status == PL_TOO_FEW && of)
        return pl_answer_refuse(answer, status, group->labels[options->control]);
    size_t estimated = 0;
    for (size_t k = 0; k < group->n_levels && status == PL_OK; k++) {
        if (k == options->control)
            continue;
        PlAnswerRow *row = pl_answer_add(answer, group->labels[k]);
        if (!row)
            return PL_NO_MEMORY;
        row->versus = group->labels[options->control];
        row->status = summarise(rates, of, cluster->n_levels, k, answer->arena, &treated);
        if (row->status == PL_NO_MEMORY)
            return PL_NO_MEMORY;
        if (row->status == PL_OK)
            row->status = welch(treated, control, &options->inference, &row->in);
        if (row->status != PL_OK) {
            row->in = (PlInference){0};
            row->lacks = PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL;
            row_status = pl_answer_refuse(answer, row->status, group->labels[k]);
            continue;
        }
        estimated++;
        pl_answer_figure(row, "rate", treated.mean);
        pl_answer_figure(row, "rate_control", control.mean);
        pl_answer_figure(row, "clusters", (double)treated.n);
        pl_answer_figure(row, "clusters_control", (double)control.n);
        if (control.mean > 0)
            pl_answer_figure(row, "lift", row->in.estimate / control.mean);
    }
    pl_answer_note(answer, "rates of the clusters, each counting alike, compared by Welch's t-test");
    return status == PL_OK && !estimated ? row_status : status;
}
