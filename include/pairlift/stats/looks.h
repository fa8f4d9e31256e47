/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* Looks at a running experiment whose units (pairs of stores) are the same at every look and whose time goes
 * on: each look estimates the effect from the start of the promotion to now. The statistic of a look is
 * Student's t over the units, exact whatever the course of each unit over time; what looks have in common is
 * the part that the methods below need. */

/* One look. */
typedef struct {
    double information;             /* share of the planned promotion that has passed, in (0, 1] */
    double estimate, std_error, df; /* over the units; std_error > 0, df > 0 */
} PlLook;

/* The share at which the always-valid band is narrowest. At a quarter it is 3 % wider at the end than a band
 * tuned for the end, and on the first of 28 days a third narrower. */
#define PL_LOOKS_TUNED_AT 0.25

/* With fewer degrees of freedom, or fewer than this for each look, boundaries do not count on looks being
 * alike.
 */
#define PL_JOINT_FROM_DF     7.0
#define PL_JOINT_DF_PER_LOOK 0.75

/* The normal statistic with the same tail as t with df degrees of freedom, and back. Infinite, where a normal
 * one that far out has no tail any more, is INFINITY in student and 38 in normal. */
double pl_normal_of_student(double t, double df);
double pl_student_of_normal(double z, double df);

/* The boundary of |z| of the always-valid band after a share of the promotion. */
double pl_look_multiplier(double information, double alpha);
PlStatus pl_look_always(const PlLook *look, double alpha, PlInference *out);

typedef struct {
    double critical;  /* of |z| */
    double low, high; /* repeated interval */
    double p;         /* repeated p-value of the last look and of the first that crosses; else NaN */
    bool crossed;
} PlPlannedLook;

/* What was planned. */
typedef struct {
    size_t looks; /* in all */
    PlSpending spending;
    double alpha; /* two-sided */
} PlLookPlan;

PlStatus pl_look_plan(const PlLookPlan *plan, const double *information, size_t n, double df, PlArena *arena,
                      double *critical);
PlStatus pl_looks_planned(const PlLookPlan *plan, const PlLook *looks, size_t n, PlArena *arena,
                          PlPlannedLook *out);
double pl_conditional_power(double z, double information, double z_expected, double critical);
