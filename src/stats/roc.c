/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/roc.h"

#include "pairlift/stats/normal.h"
#include "pairlift/stats/ranks.h"

#include <math.h>

/* DeLong's components need a variance on either side. */
enum { EACH_LEAST = 2 };

static PlStatus check(const double *outcome, size_t n, double conf_level, PlRoc *out) {
    *out = (PlRoc){0};
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    for (size_t i = 0; i < n; i++) {
        if (outcome[i] != 0 && outcome[i] != 1)
            return PL_NOT_BINARY;
        out->n_yes += outcome[i] == 1;
    }
    out->n_no = n - out->n_yes;
    return out->n_yes < EACH_LEAST || out->n_no < EACH_LEAST ? PL_TOO_FEW : PL_OK;
}

/* The share of the other outcome that each row is on the right side of, ties counted half: one pass over the
 * groups of tied scores, ascending. */
static void place(const PlRanks *ranks, const double *outcome, const PlRoc *of, double *placement) {
    double yes_below = 0, no_below = 0;
    size_t end;
    for (size_t begin = 0; begin < ranks->n; begin = end) {
        double yes = 0, no = 0;
        for (end = begin;
             end < ranks->n && ranks->value[ranks->order[end]] == ranks->value[ranks->order[begin]]; end++)
            *(outcome[ranks->order[end]] == 1 ? &yes : &no) += 1;
        for (size_t i = begin; i < end; i++) {
            size_t row = ranks->order[i];
            placement[row] = outcome[row] == 1
                                 ? (no_below + no / 2) / (double)of->n_no
                                 : ((double)of->n_yes - yes_below - yes / 2) / (double)of->n_yes;
        }
        yes_below += yes;
        no_below += no;
    }
}

/* Mean of the placements of one outcome, and the variance of that mean. */
static double mean_of(const double *placement, const double *outcome, size_t n, double which, double count,
                      double *variance) {
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += outcome[i] == which ? placement[i] / count : 0;
    for (size_t i = 0; i < n; i++)
        squares += outcome[i] == which ? (placement[i] - mean) * (placement[i] - mean) : 0;
    *variance = squares / (count - 1) / count;
    return mean;
}

static void set_interval(PlRoc *out, double conf_level) {
    double slope = out->auc * (1 - out->auc);
    if (!(out->std_error > 0 && slope > 0))
        return;
    double logit = log(out->auc / (1 - out->auc)), error = out->std_error / slope;
    double half = pl_normal_quantile((1 - conf_level) / 2) * error;
    out->has_interval = true;
    out->low = 1 / (1 + exp(-(logit - half)));
    out->high = 1 / (1 + exp(-(logit + half)));
    out->p_value = 2 * pl_normal_tail(fabs(logit) / error);
}

/* Area under the ROC curve: the probability that a row with outcome 1 has a higher score than one with
 * outcome 0, ties counted half; 0.5 says that the score is worth nothing, below it that it points the wrong
 * way.
 *
 * score [n]: any unit, higher is meant to say outcome 1; outcome [n]: 0 or 1, rows independent of one another
 * and not those that the score was fitted to. The interval is normal on the scale of the logit, so that it
 * stays within 0 and 1; p_value is of the same statistic. When the area is 0 or 1 the variance is 0 and there
 * is no interval: has_interval is false, and no p-value either.
 * PL_BAD_ARGUMENT: conf_level outside (0, 1). PL_NOT_BINARY. PL_TOO_FEW: fewer than 2 rows of an outcome.
 * PL_NOT_FINITE: a score. PL_NO_VARIANCE: all scores are equal. PL_NO_MEMORY.
 * Source: DeLong, DeLong and Clarke-Pearson 1988, doi:10.2307/2531595; by placements in n log n as Sun and Xu
 * 2014, doi:10.1109/LSP.2014.2337313; logit interval: Pepe 2003, The Statistical Evaluation of Medical Tests,
 * section 5.2. Check: pROC of R, script
 * tests/reference/stats/roc.R; tests/unit/stats/test_roc.c. */
PlStatus pl_roc(const double *score, const double *outcome, size_t n, double conf_level, PlArena *arena,
                PlRoc *out) {
    PlStatus status = check(outcome, n, conf_level, out);
    PlRanks ranks;
    double *placement = pl_arena_doubles(arena, n), variance_yes, variance_no;
    if (status == PL_OK)
        status = placement != NULL ? pl_ranks(score, n, arena, &ranks) : PL_NO_MEMORY;
    if (status != PL_OK)
        return status;
    place(&ranks, outcome, out, placement);
    out->auc = mean_of(placement, outcome, n, 1, (double)out->n_yes, &variance_yes);
    (void)mean_of(placement, outcome, n, 0, (double)out->n_no, &variance_no);
    out->std_error = sqrt(variance_yes + variance_no);
    set_interval(out, conf_level);
    return PL_OK;
}
