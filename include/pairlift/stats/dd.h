/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <math.h>

/* Double-double: the unevaluated sum of two doubles, about 106 bits. Dekker 1971, doi:10.1007/BF01397083;
 * the sum, product and quotient as analysed by Joldes, Muller and Popescu 2017, doi:10.1145/3121432
 * (algorithms 6, 11 and 17: errors below 3, 5 and 10 units of 2^-106).
 *
 * Products are split by Veltkamp's trick, not made with fma(): without -mfma that is a call into the
 * library, which costs more than the 17 operations here. Magnitudes must stay below 2^996 and, for products
 * to keep their low part, above 2^-480; callers scale their columns to about 1. Relies on the compiler not
 * reordering sums (no -ffast-math, and -ffp-contract=off). */
typedef struct {
    double high, low;
} PlDd;

static inline PlDd pl_dd(double x) {
    return (PlDd){x, 0};
}

/* a + b, |a| >= |b|. */
static inline PlDd pl_dd_quick_sum(double a, double b) {
    double sum = a + b;
    return (PlDd){sum, b - (sum - a)};
}

/* a + b, exactly. */
static inline PlDd pl_dd_sum(double a, double b) {
    double sum = a + b, part = sum - a;
    return (PlDd){sum, (a - (sum - part)) + (b - part)};
}

/* a * b, exactly. */
static inline PlDd pl_dd_product(double a, double b) {
    double product = a * b, split_a = 134217729.0 * a, split_b = 134217729.0 * b;
    double a_high = split_a - (split_a - a), b_high = split_b - (split_b - b);
    double a_low = a - a_high, b_low = b - b_high;
    return (PlDd){product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

static inline PlDd pl_dd_add(PlDd a, PlDd b) {
    PlDd high = pl_dd_sum(a.high, b.high), low = pl_dd_sum(a.low, b.low);
    high = pl_dd_quick_sum(high.high, high.low + low.high);
    return pl_dd_quick_sum(high.high, high.low + low.low);
}

static inline PlDd pl_dd_negative(PlDd a) {
    return (PlDd){-a.high, -a.low};
}

static inline PlDd pl_dd_subtract(PlDd a, PlDd b) {
    return pl_dd_add(a, pl_dd_negative(b));
}

static inline PlDd pl_dd_multiply(PlDd a, PlDd b) {
    PlDd product = pl_dd_product(a.high, b.high);
    return pl_dd_quick_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static inline PlDd pl_dd_divide(PlDd a, PlDd b) {
    double first = a.high / b.high;
    PlDd rest = pl_dd_subtract(a, pl_dd_multiply(b, pl_dd(first)));
    double second = rest.high / b.high;
    rest = pl_dd_subtract(rest, pl_dd_multiply(b, pl_dd(second)));
    return pl_dd_add(pl_dd_quick_sum(first, second), pl_dd(rest.high / b.high));
}

/* a >= 0. */
static inline PlDd pl_dd_sqrt(PlDd a) {
    if (!(a.high > 0))
        return pl_dd(0);
    double root = sqrt(a.high);
    PlDd rest = pl_dd_subtract(a, pl_dd_product(root, root));
    return pl_dd_quick_sum(root, rest.high / (2 * root));
}

/* a to the power n >= 1, by squaring. */
static inline PlDd pl_dd_power(PlDd a, unsigned n) {
    PlDd result = pl_dd(1);
    for (; n; n >>= 1) {
        if (n & 1)
            result = pl_dd_multiply(result, a);
        a = pl_dd_multiply(a, a);
    }
    return result;
}

static inline double pl_dd_value(PlDd a) {
    return a.high + a.low;
}
