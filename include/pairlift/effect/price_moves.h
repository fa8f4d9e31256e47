/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/counterfactual.h"
#include "pairlift/stats/fieller.h"

/* What a treatment did to price and units: the two numbers that an elasticity is made of. */
typedef struct {
    const PlStudy *study;
    const PlArm *arm;
    gboolean has_before;
    gboolean by_period; /* from the sales by product: there are totals of the periods, no single intervals */
    /* [n_stores] of the stores that take part, else NaN: units per interval (by_period: in total), revenue
       likewise, price = revenue / units. before: NULL without such a period. */
    double *units_before, *units_during, *revenue_before, *revenue_during, *price_before, *price_during;
    guint n_test, n_control; /* stores that take part */
    GPtrArray *left_out;     /* char*: which store or pair, and why */
    PlStatus status;         /* of `means`: PL_OK, PL_TOO_FEW (no variances), PL_NO_TREATED (nothing) */
    PlJointMeans means;      /* a: mean log effect on units, b: on the price */
    gboolean moved;          /* FALSE: the price was the same with and without, but for rounding */
    char *reason;            /* why there are no values at all; NULL: there are */
} PlPriceMoves;

/* Reads price and units of the promoted products: from the panel, or, when the panel holds other products as
 * well and the sales by product are there, from those. */
PlPriceMoves *pl_price_moves_new(const PlStudy *study, const PlArm *arm);
void pl_price_moves_free(PlPriceMoves *moves);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlPriceMoves, pl_price_moves_free)

/* The mean log effects on `during` (and `before`, NULL: none) of a further measure and on the price, over the
 * stores that take part and have both; `out` as in pl_joint_means. */
PlStatus pl_price_moves_with(const PlPriceMoves *moves, const double *before, const double *during,
                             PlJointMeans *out);

/* The mean log effects on units and price in each draw, [1 + pl_draws_n]. FALSE: no store takes part. */
gboolean pl_price_moves_draws(const PlPriceMoves *moves, const PlDraws *draws, double *log_units,
                              double *log_price);

/* Whether a product of the sales by product is promoted by this treatment. */
gboolean pl_arm_promotes(const PlArm *arm, const PlBreakdown *breakdown, guint item);
