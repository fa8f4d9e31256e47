/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* A least-squares fit whose coefficients' covariance is wanted. */
typedef struct {
    size_t rows, n_coef;
    const double *const *x;  /* [n_coef][rows], fixed effects taken out */
    const double *residuals; /* [rows] */
    const double *bread;     /* (X'X)^-1, [n_coef][n_coef] */
    const size_t *cluster;   /* 0, ..., n_clusters - 1 of each row; each occurs */
    size_t n_clusters;
    const PlVariable *absorbed; /* the fixed effects that were taken out: levels */
    size_t n_absorbed;
    size_t rank; /* of the whole design, absorbed dummies included */
    int threads; /* 0 is 1; the result does not depend on it */
} PlClusterFit;

/* The docstring stands above it in src/stats/cluster_vcov.c. */
PlStatus pl_cluster_vcov(const PlClusterFit *fit, PlVcov type, PlArena *arena, double *vcov, double *df);

/* ---- within the room: the two ways to CR2 and CR3, see cluster_vcov.c ---- */

/* An adjusted score of a coefficient at a cluster this close to leverage 1 is dropped (a pseudo-inverse). */
#define PL_LEVERAGE_WITHIN 1e-10

/* A cluster with this share of a coefficient's squares has none of them but rounding. */
#define PL_SHARE_OF_NOISE 1e-22

/* What both fill: [n_clusters][n_coef] values of p_g' e_g, p_g = A_g X_g B of the coefficient, and of P_gg;
 * and p_g' H_gg p_g; and for each coefficient the sum of squares of all P_gh, and whether a cluster has
 * leverage 1 for it. */
typedef struct {
    double *score, *share, *hat;
    double *all_squares;
    bool *rests_on_one;
} PlClusterParts;

/* Which of the absorbed sets are nested in the clusters: each level in one cluster only. */
PlStatus pl_cluster_nested(const PlClusterFit *fit, PlArena *arena, bool *nested);

/* (I - H)^(-1/2) under CR2, (I - H)^-1 under CR3, at an eigenvalue of H; 0 at 1. */
double pl_leverage_power(double eigenvalue, PlVcov type);

/* Eigenvalues and vectors (columns of `vectors`) of a symmetric n x n table, which is destroyed; work has
 * 4 n. */
PlStatus pl_eigen_symmetric(double *table, size_t n, double *values, double *vectors, double *work);

/* Absorbed effects that are not nested in the clusters: `nested` says which are. */
PlStatus pl_cluster_crossed(const PlClusterFit *fit, PlVcov type, const bool *nested, PlArena *arena,
                            PlClusterParts *parts);
