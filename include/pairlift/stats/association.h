/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Two items in baskets: how many baskets there are, and how many have the one, the other, and both. */
typedef struct {
    double baskets, with_a, with_b, with_both;
} PlPairCount;

typedef struct {
    double support;                   /* share of the baskets with both */
    double confidence_a;              /* share of those with a that have b, too */
    double confidence_b;              /* share of those with b that have a, too */
    double expected;                  /* baskets with both, did the items not know of each other */
    double lift, lift_low, lift_high; /* with_both / expected; above 1: together more often than by chance */
    double log_error;                 /* standard error of log(lift); 0 where no basket has both */
    double leverage;                  /* support minus that of chance */
    double p_together, p_apart;       /* Fisher's one-sided tests: more, or fewer, baskets with both */
} PlAssociation;

/* The docstrings stand above each function in association.c. */
PlStatus pl_association(PlPairCount count, double conf_level, PlAssociation *out);
/* Orders of one cluster, as of a customer. */
double pl_lift_cluster_error(PlPairCount all, const PlPairCount *of_cluster, size_t n, size_t n_clusters,
                             double other_squares);
/* log P(X = both) of the hypergeometric distribution with these margins; -inf outside its range. */
double pl_log_hypergeometric(PlPairCount count);
