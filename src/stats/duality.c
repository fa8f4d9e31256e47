/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"

#include "pairlift/stats/init.h"

#include <math.h>

static bool options_valid(const PlInferenceOptions *options) {
    return options && options->conf_level > 0 && options->conf_level < 1 && options->threads >= 1 &&
           (options->alternative == PL_TWO_SIDED || options->alternative == PL_GREATER ||
            options->alternative == PL_LESS);
}

PlStatus pl_check_paired(const double *d, size_t n, size_t min_n, const PlInferenceOptions *options) {
    pl_stats_init();
    if (!options_valid(options))
        return PL_BAD_ARGUMENT;
    if (n < min_n)
        return PL_TOO_FEW;
    double magnitude = 0;
    for (size_t i = 0; i < n; i++)
        magnitude += fabs(d[i]);
    return isfinite(magnitude) ? PL_OK : PL_NOT_FINITE;
}

double pl_tail_level(const PlInferenceOptions *options) {
    double alpha = 1 - options->conf_level;
    return options->alternative == PL_TWO_SIDED ? alpha / 2 : alpha;
}

double pl_tail_p(PlAlternative alternative, double p_greater, double p_less) {
    if (alternative == PL_GREATER)
        return p_greater;
    if (alternative == PL_LESS)
        return p_less;
    return fmin(1, 2 * fmin(p_greater, p_less));
}

double pl_count_at_level(double level, double total) {
    double k = floor(level * total);
    while ((k + 1) / total <= level)
        k++;
    while (k > 0 && k / total > level)
        k--;
    return k;
}

void pl_set_interval(PlInference *out, const PlInferenceOptions *options, double p, double low, double high,
                     double grain) {
    if (options->alternative == PL_GREATER)
        high = INFINITY;
    if (options->alternative == PL_LESS)
        low = -INFINITY;
    bool rejected = p <= 1 - options->conf_level;
    if (!rejected && low > 0 && low <= grain)
        low = 0;
    if (!rejected && high < 0 && high >= -grain)
        high = 0;
    if (rejected && low <= 0 && high >= 0) {
        if (low >= -grain && (out->estimate >= 0 || high > grain))
            high = fmax(high, low = grain);
        else if (high <= grain)
            low = fmin(low, high = -grain);
    }
    out->p_value = p;
    out->conf_level = options->conf_level;
    out->conf_low = low;
    out->conf_high = high;
}
