/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* Looks planned ahead, each spending a part of the error that is allowed in all. */

/* Most looks of a plan; and of one for which repeated p-values are searched, each a plan to be solved often.
 */
#define PL_PLANNED_MAX    200
#define PL_REPEATED_P_MAX 20

/* The information of a look must exceed the one before by more than this part of itself. */
#define PL_INFORMATION_STEP 1e-4

/* The one-sided error spent up to the fraction 0 < t <= 1 of the plan, of alpha in all. */
double pl_spent(PlSpending spending, double alpha, double t);

PlStatus pl_sequential_boundaries(const double *information, const double *spent, size_t looks,
                                  PlArena *arena, double *critical);
PlStatus pl_sequential_p(const double *information, const double *t, size_t looks, PlSpending spending,
                         double z, PlArena *arena, double *p);
