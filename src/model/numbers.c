/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these a number is written in scientific notation: more zeros are miscounted by the eye. */
#define MAX_DECIMALS 9
#define MAX_PLAIN    1e15
#define MIN_PLAIN    1e-7
#define OVER         10.0 /* a lift of 1,000 % */

/* The exponent of 10 of `value` once rounded to `digits` significant digits: 0 for 9.99, 1 for 9.996. */
static int exponent_of(double value, int digits) {
    char format[16], text[64];
    g_snprintf(format, sizeof format, "%%.%de", digits - 1);
    g_ascii_formatd(text, sizeof text, format, value);
    return atoi(strchr(text, 'e') + 1);
}

/* Decimals that show `digits` significant digits of `value`; never fewer than 0. */
static int decimals_for(double value, int digits) {
    return value == 0 ? 0 : MAX(0, digits - 1 - exponent_of(value, digits));
}

/* Decimals that an uncertainty of `half` supports: its first two digits. */
static int decimals_of_half(double half) {
    return decimals_for(half, 2);
}

static gboolean is_precision(double precision) {
    return isfinite(precision) && precision > 0;
}

static void strip_zeros(char *text) {
    if (strchr(text, '.') == NULL || strchr(text, 'e') != NULL)
        return;
    char *end = text + strlen(text);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
}

/* "1,234.5", "-0.3", "1.2e-15", "n/a", "inf". */
char *pl_format_number(double value, int decimals) {
    if (isnan(value))
        return g_strdup("n/a");
    if (isinf(value))
        return g_strdup(value > 0 ? "inf" : "-inf");
    char format[16], plain[64];
    gboolean tiny = decimals > MAX_DECIMALS && value != 0 && fabs(value) < MIN_PLAIN;
    if (tiny || fabs(value) >= MAX_PLAIN)
        g_strlcpy(format, "%.2e", sizeof format);
    else
        g_snprintf(format, sizeof format, "%%.%df", CLAMP(decimals, 0, MAX_DECIMALS));
    g_ascii_formatd(plain, sizeof plain, format, value);
    const char *digits = plain + (plain[0] == '-');
    GString *text = g_string_new(NULL);
    if (plain[0] == '-' && strpbrk(digits, "123456789") != NULL) /* no "-0.0" */
        g_string_append_c(text, '-');
    gsize whole = strspn(digits, "0123456789");
    for (gsize i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    g_string_append(text, digits + whole);
    return g_string_free(text, FALSE);
}

/* The number on its display scale, without unit; `half` not a precision: 3 significant digits. */
static char *number_at(double value, double half) {
    if (is_precision(half))
        return pl_format_number(value, decimals_of_half(half));
    char *text = pl_format_number(value, isfinite(value) ? decimals_for(value, 3) : 0);
    strip_zeros(text);
    return text;
}

static double display_factor(PlScale scale) {
    return scale == PL_EFFECT_RELATIVE ? 100 : 1;
}

/* " %" for lifts, " EUR" for units, "" without. Free with g_free. */
static char *suffix_of(PlScale scale, const char *unit) {
    if (scale == PL_EFFECT_RELATIVE)
        return g_strdup(" %");
    return unit != NULL && *unit != '\0' ? g_strconcat(" ", unit, NULL) : g_strdup("");
}

/* As pl_format_effect, without a plus sign: "rose by 3.1 %". */
char *pl_format_size(double size, double precision, PlScale scale, const char *unit) {
    double factor = display_factor(scale);
    g_autofree char *number = number_at(size * factor, precision * factor);
    g_autofree char *suffix = isnan(size) ? g_strdup("") : suffix_of(scale, unit);
    return g_strconcat(number, suffix, NULL);
}

/* Two digits of the half interval decide the decimals: 2.25 gives "+3.1 %", 0.4 gives "+3.10 %".
 * What rounds to zero has no sign. "n/a" when `effect` is NaN. */
char *pl_format_effect(double effect, double precision, PlScale scale, const char *unit) {
    double factor = display_factor(scale);
    g_autofree char *number = number_at(effect * factor, precision * factor);
    g_autofree char *size = pl_format_size(effect, precision, scale, unit);
    gboolean plus = effect > 0 && (isinf(effect) || strpbrk(number, "123456789") != NULL);
    return g_strconcat(plus ? "+" : "", size, NULL);
}

/* A limit on its display scale. One that is not zero is not written as zero: which side of zero it lies on is
 * the finding. A lift beyond OVER is "over 1,000": its digits would claim what nobody knows. */
static char *limit_at(double limit, double half, PlScale scale) {
    double value = limit * display_factor(scale);
    if (scale == PL_EFFECT_RELATIVE && limit > OVER) {
        g_autofree char *most = pl_format_number(OVER * 100, 0);
        return g_strconcat("over ", most, NULL);
    }
    char *text = number_at(value, half);
    if (value != 0 && isfinite(value) && strpbrk(text, "123456789") == NULL) {
        g_free(text);
        text = pl_format_number(value, decimals_for(value, 1));
    }
    return text;
}

/* A relative lower limit of -100 % is no limit: nothing can fall further. "unbounded" without any
 * limit, "n/a" when one is NaN. */
char *pl_format_interval(double low, double high, PlScale scale, const char *unit) {
    if (isnan(low) || isnan(high))
        return g_strdup("n/a");
    gboolean open_low = isinf(low) || (scale == PL_EFFECT_RELATIVE && low <= -1);
    gboolean open_high = isinf(high);
    if (open_low && open_high)
        return g_strdup("unbounded");
    double factor = display_factor(scale);
    double half = open_low || open_high ? NAN : (high - low) / 2 * factor;
    g_autofree char *low_text = limit_at(low, half, scale);
    g_autofree char *high_text = limit_at(high, half, scale);
    g_autofree char *suffix = suffix_of(scale, unit);
    if (open_high)
        return g_strconcat(low_text, suffix, " or more", NULL);
    if (open_low)
        return g_strconcat(high_text, suffix, " or less", NULL);
    return g_strconcat(low_text, scale == PL_EFFECT_RELATIVE ? suffix : "", " to ", high_text, suffix, NULL);
}

/* TRUE when the text, read back, stands on the same side of the usual levels as `p`. */
static gboolean same_side(const char *text, double p) {
    static const double levels[] = {0.01, 0.05, 0.1};
    double shown = g_ascii_strtod(text, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++)
        if ((p < levels[i]) != (shown < levels[i]) || (p > levels[i]) != (shown > levels[i]))
            return FALSE;
    return TRUE;
}

/* Two significant digits, more where two would hide the side of 0.01, 0.05 or 0.1 (0.0497 stays
 * 0.0497); "> 0.99" for what is nearly 1 and "n/a" for NaN. */
char *pl_format_p(double p) {
    if (isnan(p))
        return g_strdup("n/a");
    if (p < 0.0001)
        return g_strdup("< 0.0001");
    if (p > 0.99)
        return g_strdup(p < 1 ? "> 0.99" : "1");
    for (int digits = 2;; digits++) {
        char *text = pl_format_number(p, decimals_for(p, digits));
        if (digits == 5 || same_side(text, p))
            return text;
        g_free(text);
    }
}

/* Whole odds that a manager can repeat: "1 in 83", from 1 in 100 to two digits, above 1 in 5 in
 * tenths ("3 in 10"). "n/a" for NaN. */
char *pl_format_chance(double p) {
    if (isnan(p))
        return g_strdup("n/a");
    if (p < 0.0001)
        return g_strdup("less than 1 in 10,000");
    if (p >= 0.95)
        return g_strdup("more than 9 in 10");
    if (p > 0.2)
        return g_strdup_printf("%ld in 10", lround(10 * p));
    double odds = 1 / p;
    double step = pow(10, MAX(0, exponent_of(odds, 2) - 1));
    g_autofree char *number = pl_format_number(round(odds / step) * step, 0);
    return g_strconcat("1 in ", number, NULL);
}

char *pl_format_p_is(double p) {
    g_autofree char *text = pl_format_p(p);
    return text[0] == '<' || text[0] == '>' ? g_strconcat("p ", text, NULL) : g_strconcat("p = ", text, NULL);
}

char *pl_format_count(guint64 n, const char *one, const char *many) {
    g_autofree char *number = pl_format_number((double)n, 0);
    return g_strconcat(number, " ", n == 1 ? one : many, NULL);
}
