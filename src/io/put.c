/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/put.h"

#include <string.h>

static const char pairs_of_digits[] = "0001020304050607080910111213141516171819"
                                      "2021222324252627282930313233343536373839"
                                      "4041424344454647484950515253545556575859"
                                      "6061626364656667686970717273747576777879"
                                      "8081828384858687888990919293949596979899";

char *pl_put_uint(char *at, guint64 value) {
    char digits[PL_PUT_MOST];
    char *end = digits + sizeof digits, *p = end;
    while (value >= 100) {
        p -= 2;
        memcpy(p, pairs_of_digits + 2 * (value % 100), 2);
        value /= 100;
    }
    if (value >= 10) {
        p -= 2;
        memcpy(p, pairs_of_digits + 2 * value, 2);
    } else
        *--p = (char)('0' + value);
    memcpy(at, p, (gsize)(end - p));
    return at + (end - p);
}

char *pl_put_hundredths(char *at, guint64 value) {
    at = pl_put_uint(at, value / 100);
    *at++ = '.';
    memcpy(at, pairs_of_digits + 2 * (value % 100), 2);
    return at + 2;
}
