/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"
#include "pairlift/stats/looks.h"

/* The effect of one treatment as it was seen after each interval of the promotion: from its first interval to
 * that one, as the contract defines an effect over a period. */
typedef struct {
    PlDay day;          /* of the last interval that it sees */
    guint n;            /* pairs, or stores of both sides, that have an effect */
    guint left;         /* of the arm, those without one: no value, or no logarithm */
    PlLook look;        /* estimate NaN: none; std_error NaN: no error can be had */
    char *reason;       /* why not; or NULL */
    PlInference always; /* the always-valid interval and p-value; of a look without error NaN */
    double p_running;   /* the smallest p of the looks so far; NaN: there is none yet */
    int planned;        /* index among the planned looks, -1: it is none */
} PlPathLook;

typedef struct {
    guint n;        /* intervals of the promotion in the data, one look each */
    guint expected; /* that the whole promotion should have */
    double alpha;   /* of this arm: 1 - confidence, shared by the treatments */
    PlPathLook *looks;
    /* planned looks; 0: none are declared */
    guint n_planned, n_made; /* in all; those with a result so far */
    double *information;     /* [n_planned] share of the promotion */
    double *critical;        /* [n_planned] boundary of |z| */
    guint *made;             /* [n_made] index of the look that made it */
    PlPlannedLook *planned;  /* [n_made] */
} PlLookPath;

/* How the looks are made. */
typedef struct {
    guint expected; /* intervals of the whole promotion */
    guint planned;  /* looks, evenly spaced; 0: none */
    PlSpending spending;
    double alpha;
} PlPathPlan;

PlLookPath *pl_look_path_new(const PlStudy *study, const PlArm *arm, const PlMetric *metric,
                             const PlPathPlan *plan);
void pl_look_path_free(PlLookPath *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlLookPath, pl_look_path_free)

/* The last look; NULL: there is none. */
const PlPathLook *pl_look_path_last(const PlLookPath *path);
