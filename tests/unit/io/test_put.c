/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/put.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static void same(guint64 value) {
    char text[PL_PUT_MOST + 1] = {0}, want[64];
    *pl_put_uint(text, value) = '\0';
    g_snprintf(want, sizeof want, "%" G_GUINT64_FORMAT, value);
    cr_assert_str_eq(text, want);
    *pl_put_hundredths(text, value) = '\0';
    g_snprintf(want, sizeof want, "%" G_GUINT64_FORMAT ".%02u", value / 100, (guint)(value % 100));
    cr_assert_str_eq(text, want);
}

Test(put, numbers_are_written_as_printf_writes_them) {
    guint64 random = 12345;
    for (guint64 i = 0; i < 20000; i++)
        same(i);
    for (guint64 ten = 1;; ten *= 10) {
        same(ten - 1);
        same(ten);
        if (ten > G_MAXUINT64 / 10)
            break;
    }
    for (int i = 0; i < 100000; i++, random = random * 6364136223846793005u + 1442695040888963407u)
        same(random >> (random % 64));
    same(G_MAXUINT64);
}
