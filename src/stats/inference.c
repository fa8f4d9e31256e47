/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/inference.h"

static const char *const texts[] = {
    [PL_OK] = "done",
    [PL_TOO_FEW] = "there are fewer observations than the method needs",
    [PL_NO_VARIANCE] = "all observations are equal, so there is no spread to compare the effect with",
    [PL_NOT_FINITE] = "a value is not a finite number, or too large to be summed",
    [PL_BAD_ARGUMENT] = "an option is outside its range",
    [PL_NO_CONVERGENCE] = "the calculation did not converge",
    [PL_ALL_ZERO] = "every difference is zero, so there is nothing to rank",
    [PL_NO_MEMORY] = "there is not enough memory",
    [PL_ONE_LEVEL] = "the column has one level, so there is nothing to compare",
    [PL_NOT_BINARY] = "the column should hold 0 and 1 only",
    [PL_NOT_COUNTS] = "counts should be whole numbers from 0 on, and successes at most the trials",
    [PL_NOT_POSITIVE] = "a value is not above zero, as a logarithm or a standard error needs it",
    [PL_SINGULAR] = "the column is a combination of the others, so its effect cannot be told from theirs",
    [PL_SEPARATION] = "the column predicts the outcome perfectly, so its coefficient has no finite value",
    [PL_UNBOUNDED] = "the data allow any value: the interval has no end",
    [PL_NO_TREATED] = "nothing becomes treated, so there is no effect to see",
    [PL_NO_CONTROL] = "nothing stays untreated, so there is nothing to compare with",
    [PL_NO_BEFORE] = "there are too few times before the treatment",
    [PL_INCOMPLETE] = "a unit lacks a value at some time, and the method needs a full panel",
    [PL_DUPLICATE] = "two rows stand for the same unit and time",
    [PL_NESTED_CLUSTERS] = "clusters within pairs under pair effects halve the variance: cluster by pair",
    [PL_NOT_PROBABILITY] = "the column should hold p-values, from 0 to 1",
    [PL_MIXED_CLUSTERS] = "the cluster has rows in more than one group: compare within clusters, as pairs",
    [PL_NEGATIVE_TIME] = "a time to an event cannot be below zero",
    [PL_NOT_GIVEN] = "is needed here, and was not given",
    [PL_NOT_TOGETHER] = "does not go with this method or its other options",
    [PL_NOT_BLOCK] = "treated units must start together and stay treated to the end",
    [PL_TOO_LARGE] = ("there are too many levels for this, which would take minutes and gigabytes: with "
                      "effects that cross "
                      "the clusters take --vcov cr1, of groups compare fewer"),
};

const char *pl_status_text(PlStatus status) {
    size_t index = (size_t)status;
    return index < sizeof texts / sizeof *texts ? texts[index] : "unknown status";
}
