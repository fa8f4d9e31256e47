/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every test of this room takes and gives. No GLib here: numbers in, numbers out. */

typedef enum {
    PL_OK = 0,
    PL_TOO_FEW,      /* fewer observations than the method needs */
    PL_NO_VARIANCE,  /* all observations are equal */
    PL_NOT_FINITE,   /* an input is NaN or infinite */
    PL_BAD_ARGUMENT, /* an option out of its range */
    PL_NO_CONVERGENCE,
    PL_ALL_ZERO,     /* every difference is zero: nothing to rank */
    PL_NO_MEMORY,    /* the arena had no more; its `wanted` says how much was asked for */
    PL_ONE_LEVEL,    /* a column that should tell groups apart has one level */
    PL_NOT_BINARY,   /* a column of 0 and 1 has something else */
    PL_NOT_COUNTS,   /* not whole numbers from 0 on, or successes above trials */
    PL_NOT_POSITIVE, /* no logarithm */
    PL_SINGULAR,     /* a column is a combination of others */
    PL_SEPARATION,   /* outcomes are predicted perfectly: no finite estimate */
    PL_UNBOUNDED,    /* no finite interval */
    PL_NO_TREATED,   /* nothing is treated, or everything always */
    PL_NO_CONTROL,
    PL_NO_BEFORE,       /* no interval before the treatment, or too few */
    PL_INCOMPLETE,      /* a unit lacks a time */
    PL_DUPLICATE,       /* two rows for one cell */
    PL_NESTED_CLUSTERS, /* clusters within pairs under pair effects halve the variance */
    PL_NOT_PROBABILITY, /* a p-value outside [0, 1] */
    PL_MIXED_CLUSTERS,  /* a cluster lies in more than one group */
    PL_NEGATIVE_TIME,   /* a time to an event below zero */
    PL_NOT_GIVEN,       /* a column or an option that is needed here */
    PL_NOT_TOGETHER,    /* an option that does not go with the method's others */
    PL_NOT_BLOCK,       /* treated units start at different times, or stop being treated */
    PL_TOO_LARGE,       /* a table that would take minutes and gigabytes */
} PlStatus;

/* One sentence for a status. */
const char *pl_status_text(PlStatus status);

typedef enum { PL_TWO_SIDED, PL_GREATER, PL_LESS } PlAlternative;

typedef struct {
    double conf_level;         /* in (0, 1) */
    PlAlternative alternative; /* PL_GREATER: effect above 0; interval [low, +inf) */
    size_t resamples;          /* for Monte Carlo and bootstrap */
    uint64_t seed;
    int threads;        /* at least 1; the result does not depend on it */
    size_t exact_up_to; /* pairs up to which a method that can count everything out does, at most its own
                           limit; 0: that limit */
} PlInferenceOptions;

/* Fields that a method may not have; the others are always there. */
enum { PL_HAS_STD_ERROR = 1, PL_HAS_STATISTIC = 2, PL_HAS_DF = 4 };

/* Estimate, interval and p-value from one procedure: the p-value is at most 1 - conf_level exactly
 * when the closed interval leaves out zero. Limits may be -inf or +inf in one-sided tests. */
typedef struct {
    double estimate, p_value, conf_low, conf_high, conf_level;
    double std_error, statistic, df; /* 0 unless `has` says so */
    unsigned has;
    size_t n;         /* observations that went in */
    size_t n_dropped; /* zeros left out by a rank or sign test */
    size_t n_tied;    /* observations in tied groups */
    size_t resamples; /* 0: exact, or by a formula */
} PlInference;

/* A method on n paired differences d[], with scratch from the arena. On any status but PL_OK `out` is
 * untouched. */
typedef PlStatus PlPairedTest(const double *d, size_t n, const PlInferenceOptions *options, PlArena *arena,
                              PlInference *out);

/* The estimate of a method alone, without test and interval; 0 when every difference is zero. PL_TOO_FEW:
 * n < 1. */
typedef PlStatus PlPairedPoint(const double *d, size_t n, PlArena *arena, double *estimate);
