/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/pairs.h"
#include "pairlift/model/result.h"
#include "pairlift/model/value.h"

/* Half-open range of time indices of a period; begin == end: not declared. */
typedef struct {
    guint begin, end;
} PlRange;

/* Stores of a design of groups with a value, on the scale of the effect: see group_effects.h. */
typedef struct {
    guint n;
    guint *store;                     /* [n] of the panel */
    size_t *level;                    /* [n] 0: control, else 1 + the index of the treatment */
    size_t *block;                    /* [n] */
    double *before, *during, *change; /* [n]; before is 0 without such a period */
    gboolean has_before;
    guint n_levels, n_blocks;
    const char **level_names;       /* [n_levels] "control", then the treatments */
    const char *const *block_names; /* [n_blocks], NULL without blocks */
    guint left_out;                 /* stores without a value */
    char *first_left_out;           /* the first of them and why, NULL: none */
} PlGroupValues;

/* The effects of one treatment, metric and period on every pair; of groups on every test store, against the
 * controls of its block. */
typedef struct {
    const char *treatment;
    const PlMetric *metric;
    const char *period;    /* "during" or "after" */
    guint n;               /* pairs (of groups, test stores) with an effect */
    double *effects;       /* [n], log ratio under relative, else in units */
    const PlPair **pairs;  /* [n] the pair of each; NULL of groups */
    PlGroupValues *groups; /* of groups, owned; else NULL */
    size_t level;          /* of groups: the treatment's */
    guint n_control;       /* of groups: control stores with a value */
} PlEffects;

/* What an estimate rests on: pairs, or the stores of both groups. */
static inline guint pl_effects_n(const PlEffects *effects) {
    return effects->groups ? effects->n + effects->n_control : effects->n;
}

void pl_effects_free(PlEffects *effects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlEffects, pl_effects_free)

/* Sums of sales carry rounding errors, and subtracting them leaves nothing else where nothing changed: 0 for
 * what is noise beside terms of this size. */
double pl_without_noise(double x, double size);
/* Makes n values the same that differ by noise alone, so that a test sees that they do not vary. */
void pl_level_noise(double *x, guint n, double size);

/* Computes the effects (contract, "What an effect is") and adds a row a pair to result->pairs; a pair
 * without a value has a `reason` there and is left out of `effects`. A value that has no logarithm is such a
 * reason; with `faults` it is a fault as well, with `source` (the data file), store and period. `before` may
 * be empty: the effect is then the difference during the period alone. */
PlEffects *pl_pair_effects(const PlPanel *panel, const GPtrArray *pairs, const char *treatment,
                           const PlMetric *metric, PlRange before, PlRange period, const char *period_name,
                           const char *source, PlResult *result, PlDiagnostics *faults);
