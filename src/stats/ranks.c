/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/ranks.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

#include <gsl/gsl_sort_double.h>
#include <math.h>

/* The median of |x|, by way of `scratch`. */
static double median_magnitude(const double *x, size_t n, double *scratch) {
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(x[i]);
    return pl_select(scratch, n, n / 2);
}

/* The values order[begin], ..., order[end - 1] share a rank and become the smallest of them. */
static void tie(PlRanks *ranks, size_t begin, size_t end) {
    double t = (double)(end - begin), smallest = ranks->value[ranks->order[begin]];
    for (size_t i = begin; i < end; i++) {
        ranks->value[ranks->order[i]] = smallest;
        ranks->rank2[ranks->order[i]] = begin + end + 1;
    }
    ranks->ties += t * t * t - t;
    ranks->n_tied += end - begin > 1 ? end - begin : 0;
}

PlStatus pl_ranks(const double *x, size_t n, PlArena *arena, PlRanks *out) {
    *out = (PlRanks){n, pl_arena_doubles(arena, n), pl_arena_sizes(arena, n), pl_arena_sizes(arena, n), 0, 0};
    if (!out->value || !out->rank2 || !out->order)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return PL_NOT_FINITE;
    double least = PL_TIE_TOLERANCE * median_magnitude(x, n, out->value);
    bool as_they_are = pl_units(x, n).decimal;
    for (size_t i = 0; i < n; i++)
        out->value[i] = x[i];
    gsl_sort_index(out->order, x, 1, n);
    if (!isfinite(x[out->order[n - 1]] - x[out->order[0]]))
        return PL_NOT_FINITE;
    size_t end;
    for (size_t begin = 0; begin < n; begin = end) {
        double smallest = x[out->order[begin]];
        for (end = begin + 1; end < n; end++) {
            double value = x[out->order[end]], magnitude = fmax(fabs(value), fabs(smallest));
            double tolerance = as_they_are ? 0 : fmax(least, PL_TIE_TOLERANCE * magnitude);
            if (value - smallest > tolerance)
                break;
        }
        tie(out, begin, end);
    }
    return out->value[out->order[n - 1]] == out->value[out->order[0]] ? PL_NO_VARIANCE : PL_OK;
}
