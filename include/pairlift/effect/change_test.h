/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"
#include "pairlift/stats/method.h"

/* The effect on any value of the stores, tested as the main one is. */

/* What a store says of the change: log during / before, during - before, or the value during itself where
 * `before` is NULL; NaN: nothing. */
double pl_store_change(const double *before, const double *during, guint store, PlScale scale);

/* Whether every store of the arm that has a value has a logarithm of it. */
gboolean pl_arm_has_logs(const PlArm *arm, const double *before, const double *during);

typedef struct {
    PlStatus status; /* of the test; on any but PL_OK `in` is not set */
    PlInference in;  /* on the scale: log ratios, or differences in units a store and interval */
    guint n;         /* pairs, of groups stores, that took part */
    guint left_out;
    char *reason; /* why there is no test, to be freed with g_free; NULL on PL_OK */
} PlChangeTest;

/* As pl_arm_infer() tests the effect on a metric. `before` (NULL: none) and `during` are [n_stores of the
 * panel], NaN: no value; `method` NULL: Student's or Welch's t. `arms`: all of the experiment, whose other
 * treatments help to tell what a block does, as in the main estimate; NULL: none do. */
PlChangeTest pl_change_test(const PlArm *arm, const GPtrArray *arms, const double *before,
                            const double *during, PlScale scale, const PlMethod *method,
                            const PlInferenceOptions *options);
