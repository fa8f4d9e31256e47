/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/columns.h"
#include <math.h>
#include <string.h>

/* Up to these limits both the digits and the power of ten are exact doubles, so that one
 * multiplication or division rounds once and correctly (Clinger, "How to read floating point numbers
 * accurately", 1990). Everything else goes to strtod, which is ten times slower. */
enum { MAX_DIGITS = 19, MAX_POWER = 22 };
#define MAX_MANTISSA ((guint64)1 << 53)

static const double power_of_10[MAX_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The text is known to be a number; strtod wants a terminator and a point. */
static gboolean parse_slowly(const char *text, gsize length, char decimal, double *value) {
    char small[64];
    g_autofree char *large = length < sizeof small ? NULL : g_malloc(length + 1);
    char *copy = large != NULL ? large : small;
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *mark = decimal != '.' ? memchr(copy, decimal, length) : NULL;
    if (mark != NULL)
        *mark = '.';
    double parsed = g_ascii_strtod(copy, NULL);
    if (!isfinite(parsed))
        return FALSE;
    *value = parsed;
    return TRUE;
}

static inline const char *read_digits(const char *p, const char *end, guint64 *mantissa) {
    guint64 m = *mantissa;
    for (; p < end && (guchar)(*p - '0') <= 9; p++)
        m = m * 10 + (guchar)(*p - '0');
    *mantissa = m;
    return p;
}

/* Behind the e; FALSE without a digit. Beyond 9999 every exponent is the same to a double. */
static gboolean read_exponent(const char **at, const char *end, int *exponent) {
    const char *p = *at;
    gboolean negative = p < end && *p == '-';
    int e = 0;
    p += p < end && (*p == '-' || *p == '+');
    const char *first = p;
    for (; p < end && g_ascii_isdigit(*p); p++)
        e = e < 10000 ? e * 10 + (*p - '0') : e;
    *exponent = negative ? -e : e;
    *at = p;
    return p > first;
}

/* Accepts [+-] digits [mark digits] [e [+-] digits], with a digit before or after the mark; the value
 * is strtod's to the last bit. FALSE for anything else: blanks, grouped thousands, hexadecimal, NaN,
 * infinity, or a number too large for a double. */
gboolean pl_number_parse(const char *text, gsize length, char decimal, double *value) {
    const char *p = text, *end = text + length;
    gboolean negative = p < end && *p == '-';
    p += p < end && (*p == '-' || *p == '+');
    guint64 mantissa = 0;
    const char *whole = p;
    p = read_digits(p, end, &mantissa);
    gssize digits = p - whole, power = 0;
    if (p < end && *p == decimal) {
        const char *fraction = ++p;
        p = read_digits(p, end, &mantissa);
        power = fraction - p;
        digits -= power;
    }
    if (digits == 0)
        return FALSE;
    int exponent = 0;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (!read_exponent(&p, end, &exponent))
            return FALSE;
    }
    if (p != end)
        return FALSE;
    power += exponent;
    if (digits > MAX_DIGITS || mantissa > MAX_MANTISSA || power < -MAX_POWER || power > MAX_POWER)
        return parse_slowly(text, length, decimal, value);
    double v = power < 0 ? (double)mantissa / power_of_10[-power] : (double)mantissa * power_of_10[power];
    *value = negative ? -v : v;
    return TRUE;
}

gboolean pl_number_missing(const char *text, gsize length) {
    const char *from = text, *to = text + length;
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (from < to && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    return from == to || (to - from == 2 && from[0] == 'N' && from[1] == 'A');
}
