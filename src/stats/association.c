/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/association.h"

#include "pairlift/stats/normal.h"

#include <float.h>
#include <math.h>

/* A term this far below the sum so far no longer changes it. */
#define NEGLIGIBLE (DBL_EPSILON / 256)

/* From here on five terms of Stirling's series have all digits of a double. */
#define STIRLING_FROM 16

/* Whole numbers that a double tells apart. */
#define COUNT_MAX 0x1p53

static const double log_root_two_pi = 0.918938533204672741780329736406;

/* log(n!) - log(sqrt(2 pi n) (n / e)^n). */
static double stirling_error(double n) {
    if (n < STIRLING_FROM)
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - log_root_two_pi;
    double m = 1 / (n * n);
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - m / 1188) * m) * m) * m) / n;
}

/* x log(x / mean) + mean - x, without the difference of near equals: with v = (x - mean) / (x + mean),
 * log(x / mean) is 2 (v + v^3 / 3 + ...). */
static double deviance(double x, double mean) {
    double v = (x - mean) / (x + mean);
    if (fabs(v) >= 0.1)
        return x * log(x / mean) + mean - x;
    double sum = (x - mean) * v, term = 2 * x * v;
    for (int i = 3;; i += 2) {
        term *= v * v;
        double next = sum + term / i;
        if (next == sum)
            return next;
        sum = next;
    }
}

/* log of the binomial probability of k of n at the rate `mean` / n: Loader's expansion around the mean, whose
 * rounding does not grow with n as that of differences of log factorials does. */
static double log_binomial(double k, double n, double rate) {
    if (k == 0)
        return n > 0 ? n * log1p(-rate) : 0;
    if (k == n)
        return n * log(rate);
    double spread = 0.5 * log(n / (k * (n - k))) - log_root_two_pi;
    return spread + stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, n * rate) -
           deviance(n - k, n * (1 - rate));
}

double pl_log_hypergeometric(PlPairCount c) {
    double rate = c.with_a / c.baskets, both = c.with_both;
    if (both < fmax(0, c.with_a + c.with_b - c.baskets) || both > fmin(c.with_a, c.with_b))
        return -INFINITY;
    if (rate == 0 || rate == 1)
        return 0;
    return log_binomial(both, c.with_b, rate) + log_binomial(c.with_a - both, c.baskets - c.with_b, rate) -
           log_binomial(c.with_a, c.baskets, rate);
}

/* P(k + 1) / P(k). */
static double ratio(const PlPairCount *c, double k) {
    return (c->with_a - k) / (k + 1) * ((c->with_b - k) / (c->baskets - c->with_a - c->with_b + k + 1));
}

/* P(X >= k) for k above the mean, P(X <= k) for k below: the terms fall from k on. */
static double upper(PlPairCount c, double k) {
    double sum = 1, term = 1, last = fmin(c.with_a, c.with_b);
    c.with_both = k;
    for (double j = k; j < last && term > NEGLIGIBLE * sum; j++) {
        term *= ratio(&c, j);
        sum += term;
    }
    return exp(pl_log_hypergeometric(c) + log(sum));
}

static double lower(PlPairCount c, double k) {
    double sum = 1, term = 1, first = fmax(0, c.with_a + c.with_b - c.baskets);
    c.with_both = k;
    for (double j = k; j > first && term > NEGLIGIBLE * sum; j--) {
        term /= ratio(&c, j - 1);
        sum += term;
    }
    return exp(pl_log_hypergeometric(c) + log(sum));
}

/* The tail that does not hold the mean is summed, the other is what it leaves. */
static void fill_tails(PlPairCount c, PlAssociation *out) {
    double k = c.with_both;
    if (k >= out->expected) {
        out->p_together = fmin(1, upper(c, k));
        out->p_apart = k + 1 > fmin(c.with_a, c.with_b) ? 1 : fmax(0, 1 - upper(c, k + 1));
    } else {
        out->p_apart = fmin(1, lower(c, k));
        out->p_together = k == fmax(0, c.with_a + c.with_b - c.baskets) ? 1 : fmax(0, 1 - lower(c, k - 1));
    }
}

static bool is_count(double x) {
    return x >= 0 && x <= COUNT_MAX && x == floor(x);
}

/* How two items go together in baskets. `lift` is the share of baskets with both over the product of the
 * shares with each, 1 when neither makes the other more likely. Its interval is that of log(lift) by the
 * delta method for the four cells of the table as multinomial counts: variance
 * 1 / both - 1 / with_a - 1 / with_b + (2 lift - 1) / baskets; where no basket has both, the upper limit is
 * the lift at which that would happen with probability (1 - conf_level) / 2. The tests are Fisher's: given
 * how many baskets have each item, those with both are hypergeometric when there is no association. Tails
 * keep their digits down to the smallest double. Assumes that baskets are independent: where customers come
 * back, the limits are too narrow and the p-values too small.
 * PL_NOT_COUNTS: not whole numbers, or more with both than with one. PL_TOO_FEW: an item that is in no
 * basket. PL_NO_VARIANCE: an item that is in all. PL_BAD_ARGUMENT: conf_level outside (0, 1).
 * Source: Brin, Motwani, Ullman and Tsur 1997, doi:10.1145/253260.253325 (lift); Fisher 1935,
 * doi:10.2307/2342435; Loader 2000, Fast and accurate computation of binomial probabilities. Check: Python
 * with 60 digits, tests/unit/stats/test_association.c. */
PlStatus pl_association(PlPairCount c, double conf_level, PlAssociation *out) {
    double least = fmax(0, c.with_a + c.with_b - c.baskets), most = fmin(c.with_a, c.with_b);
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    if (!is_count(c.baskets) || !is_count(c.with_a) || !is_count(c.with_b) || !is_count(c.with_both) ||
        fmax(c.with_a, c.with_b) > c.baskets || c.with_both < least || c.with_both > most)
        return PL_NOT_COUNTS;
    if (most == 0)
        return PL_TOO_FEW;
    if (least == most)
        return PL_NO_VARIANCE;
    double tail = (1 - conf_level) / 2;
    *out = (PlAssociation){.support = c.with_both / c.baskets,
                           .confidence_a = c.with_both / c.with_a,
                           .confidence_b = c.with_both / c.with_b,
                           .expected = c.with_a * (c.with_b / c.baskets)};
    out->lift = c.with_both / out->expected;
    out->leverage = (c.with_both - out->expected) / c.baskets;
    fill_tails(c, out);
    if (c.with_both == 0) {
        out->lift_high = -log(tail) / out->expected;
        return PL_OK;
    }
    double variance = 1 / c.with_both - 1 / c.with_a - 1 / c.with_b + (2 * out->lift - 1) / c.baskets;
    out->log_error = sqrt(fmax(0, variance));
    double reach = pl_normal_quantile(tail) * out->log_error;
    out->lift_low = out->lift * exp(-reach);
    out->lift_high = out->lift * exp(reach);
    return PL_OK;
}

/* The standard error of log(lift) when the baskets of a cluster (a customer) depend on each other and
 * clusters are independent: the linearised variance G / (G - 1) sum u_g^2 with
 * u_g = both_g / both - a_g / a - b_g / b + baskets_g / baskets. Clusters that have neither item may be left
 * out of `of_cluster`: `other_squares` is the sum of their squared numbers of baskets, `n_clusters` counts
 * them, too. NaN: no basket has both, or fewer than two clusters. Source: as cluster_rate.c. Check: with
 * clusters of one basket it is log_error but for G / (G - 1); a jackknife;
 * tests/unit/stats/test_association.c.
 */
double pl_lift_cluster_error(PlPairCount all, const PlPairCount *of_cluster, size_t n, size_t n_clusters,
                             double other_squares) {
    double sum = other_squares / (all.baskets * all.baskets);
    if (!(all.with_both > 0) || n_clusters < 2)
        return NAN;
    for (size_t g = 0; g < n; g++) {
        const PlPairCount *c = &of_cluster[g];
        double u = c->with_both / all.with_both - c->with_a / all.with_a - c->with_b / all.with_b +
                   c->baskets / all.baskets;
        sum += u * u;
    }
    return sqrt(sum * (double)n_clusters / (double)(n_clusters - 1));
}
