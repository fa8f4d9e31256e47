/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/drawn_words.h"

#include <math.h>

#include "pairlift/stats/beale.h"

double pl_or_nan(double x) {
    return isfinite(x) ? x : NAN;
}

const char *pl_drawn_no_interval(const PlDraws *draws) {
    const char *reason = pl_draws_reason(draws);
    return reason != NULL ? reason : "some resamples have no value, so there is no interval";
}

void pl_drawn_put(PlFinding *f, const PlDraws *draws, const double *values, double level) {
    PlDrawn drawn = pl_draws_interval(draws, values, level);
    f->value = pl_or_nan(drawn.estimate);
    f->std_error = pl_or_nan(drawn.std_error);
    f->conf_low = pl_or_nan(drawn.low);
    f->conf_high = pl_or_nan(drawn.high);
    f->conf_level = level;
    if (isnan(f->conf_low) && isnan(f->conf_high) && f->reason == NULL)
        f->reason = g_strdup(pl_drawn_no_interval(draws));
}

void pl_drawn_put_ratio(PlFinding *f, const PlDraws *draws, const double *above, const double *below,
                        double level) {
    guint n = pl_draws_n(draws);
    g_autofree double *ratio = g_new(double, n + 1);
    double mean_above = 0, mean_below = 0, variance = 0, covariance = 0;
    for (guint k = 0; k <= n; k++)
        ratio[k] = above[k] / below[k];
    for (guint k = 1; k <= n; k++) {
        mean_above += above[k] / n;
        mean_below += below[k] / n;
    }
    for (guint k = 1; k <= n; k++) {
        variance += (below[k] - mean_below) * (below[k] - mean_below) / n;
        covariance += (below[k] - mean_below) * (above[k] - mean_above) / n;
    }
    pl_drawn_put(f, draws, ratio, level);
    /* near zero the correction may turn the sign, and a report must not contradict its own totals */
    double corrected = pl_beale_ratio(above[0], below[0], variance, covariance);
    if (!(corrected * ratio[0] > 0) || !isfinite(corrected))
        return;
    f->value = corrected;
    /* who divides the two totals of the report must not think it wrong */
    double half = (f->conf_high - f->conf_low) / 2;
    g_autofree char *plain = pl_format_amount(ratio[0], half, f->amount, NULL),
                    *shown = pl_format_amount(corrected, half, f->amount, NULL);
    if (!f->reason && !g_str_equal(plain, shown))
        f->reason = g_strdup_printf(
            "the two amounts divided give %s; the bias that a ratio of uncertain amounts has is taken off",
            plain);
}

char *pl_drawn_words(const PlDrawn *d, double level, PlAmount amount, const char *unit,
                     const PlDirection *direction) {
    const char *way = d->estimate < 0 ? direction->less : direction->more;
    g_autofree char *size = pl_format_amount_size(fabs(d->estimate), (d->high - d->low) / 2, amount, unit);
    g_autofree char *percent = pl_format_amount_size(level, NAN, PL_AMOUNT_SHARE, NULL);
    g_autofree char *moved =
        g_strdup_printf("%s %s", direction->first ? way : size, direction->first ? size : way);
    if (!isfinite(d->low) || !isfinite(d->high))
        return g_strdup_printf("%s (how sure that is cannot be told)", moved);
    gboolean down = d->high < 0, sure = down || d->low > 0;
    g_autofree char *interval =
        pl_format_amount_interval(down ? -d->high : d->low, down ? -d->low : d->high, amount, unit);
    return sure ? g_strdup_printf("%s (%s interval %s)", moved, percent, interval)
                : g_strdup_printf("%s (%s interval %s, no change included)", moved, percent, interval);
}
