/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/counterfactual.h"
#include "pairlift/model/finding.h"

/* Numbers of the joint draws on their way to a finding and into a sentence. */

/* What is not finite is absent from a result. */
double pl_or_nan(double x);
/* The value of the draws, its error and interval; without an interval the reason. */
void pl_drawn_put(PlFinding *finding, const PlDraws *draws, const double *values, double level);
/* The ratio of two totals: the value is Beale's, nearly without bias, the interval that of the draws' ratios.
 */
void pl_drawn_put_ratio(PlFinding *finding, const PlDraws *draws, const double *above, const double *below,
                        double level);
/* Why the draws have no interval, a static text. */
const char *pl_drawn_no_interval(const PlDraws *draws);
/* "566 less (95 % interval 300 to 900)", "3 more, but a change of anything from -5 to +11 fits the data (95 %
 * interval)"; `less` and `more` are the words of the two directions, put before the size where `first`. Free
 * with g_free. */
typedef struct {
    const char *less, *more;
    gboolean first;
} PlDirection;
char *pl_drawn_words(const PlDrawn *drawn, double level, PlAmount amount, const char *unit,
                     const PlDirection *direction);
