/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Comparisons between treatments on the primary metric during the promotion, on the scale of the effect. */

/* Treatment j minus treatment i. Of groups: Welch's test of the two groups, with blocks a regression of all
 * groups within the blocks. Of pairs: where every control store serves both, the paired t-test of their
 * differences, else Welch's test of the two sets of pair effects, which is on the safe side where some
 * controls are shared. */
PlStatus pl_contrast(const PlStudy *study, guint i, guint j, PlInference *out);

/* A 2 x 2 design of the treatments a and b, and `both` in which they were given together. The mean effect of
 * a is over without and with b; the interaction is both - a - b: what the two do together beyond the sum of
 * their effects (under relative: of their logarithms, so beyond their product). */
typedef struct {
    PlInference a, b, interaction;
    PlStatus status; /* of all three */
} PlFactorial;

/* Of groups: a regression (ols, within blocks) on the stores of the four groups. Of pairs: where the controls
 * of all three are the same, t-tests on each control's own contrast, else the contrasts of the three means
 * with Welch's degrees of freedom. */
PlFactorial pl_factorial(const PlStudy *study, guint a, guint b, guint both);

/* Index of a treatment by its name, -1: none. */
int pl_treatment_index(const PlDefinition *def, const char *name);
