/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/arm_effects.h"

/* The stores of an arm told apart by one attribute. Text, and numbers of few values, are levels as they are;
 * other numbers are split at the median into two, and kept as numbers for a trend. */
typedef struct {
    const char *name;
    guint n_levels;
    char **levels;  /* [n_levels] for the reader: "North", "up to 120" */
    int *level;     /* [store of the panel] -1: no value */
    double *number; /* [store] NaN: none; NULL: levels as they are */
    double low,
        high;        /* of a number: lower and upper quartile over the arm's stores (of pairs, test stores) */
    guint n_unknown; /* pairs or stores of the arm without a value */
    const char *unfit; /* why the attribute can tell nothing; NULL: it can */
} PlSegments;

/* `asked`: the definition names the attribute, so that it is no number of the row by chance. */
PlSegments *pl_segments_new(const PlStudy *study, const PlArm *arm, const PlArmValues *values,
                            guint attribute, gboolean asked);
/* "120", "0.1959": a number as levels are named by it. Free with g_free. */
char *pl_segment_number(double x);
void pl_segments_free(PlSegments *segments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlSegments, pl_segments_free)
