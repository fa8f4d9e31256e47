/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"

#include <stdbool.h>

/* The studentised trimmed mean of r - x s as a function of x, about a root at x = 0. */
typedef struct {
    size_t m;          /* trimmed on each side; at least 2 are left */
    double null_shift; /* the x that p is about */
    double threshold;  /* level of one tail, at most 1/2 */
    double low, high;  /* the outermost x that the tail does not reject; infinite where there is none */
    double p_greater, p_less; /* of null_shift and all x farther out: the largest */
    double statistic;         /* behind the smaller of the two */
} PlStudentized;

/* Fills low, high, p and statistic. False: no memory. */
bool pl_studentized(const double *r, const double *s, size_t n, PlArena *arena, PlStudentized *out);
