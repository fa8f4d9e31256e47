/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/names.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(names, numbered_by_first_appearance) {
    g_autoptr(PlNames) names = pl_names_new();
    char text[16];
    for (guint i = 0; i < 20000; i++) {
        gsize n = (gsize)g_snprintf(text, sizeof text, "S%u", i * 7919);
        cr_assert(eq(int, pl_names_find(names, text, n), -1));
        cr_assert(eq(u32, pl_names_add(names, text, n), i));
    }
    for (guint i = 0; i < 20000; i++) {
        gsize n = (gsize)g_snprintf(text, sizeof text, "S%u", i * 7919);
        cr_assert(eq(int, pl_names_find(names, text, n), (int)i));
        cr_assert(eq(str, names->names[i].text, text));
    }
    pl_names_free(NULL);
}

/* Texts are told apart by every byte, by their length and not by what lies behind them. */
Test(names, bytes_and_length) {
    g_autoptr(PlNames) names = pl_names_new();
    cr_assert(zero(u32, pl_names_add(names, "ab", 2)));
    cr_assert(eq(u32, pl_names_add(names, "a\0b", 3), 1));
    cr_assert(eq(u32, pl_names_add(names, "", 0), 2));
    cr_assert(zero(int, pl_names_find(names, "abc", 2)));
    cr_assert(eq(int, pl_names_find(names, "a\0b", 3), 1));
    cr_assert(eq(int, pl_names_find(names, "a\0c", 3), -1));
    cr_assert(eq(int, pl_names_find(names, "x", 0), 2));
    cr_assert(pl_names_is(names, 0, "ab", 2));
    cr_assert(zero(pl_names_is(names, 0, "ab", 1)));
    cr_assert(zero(pl_names_is(names, 3, "ab", 2)));
}

/* One changed bit anywhere changes about half of the 64 bits of the hash, and never none. */
Test(names, hash_avalanche) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    char bytes[70];
    guint64 changed = 0, trials = 0;
    for (gsize length = 1; length <= sizeof bytes; length++) {
        for (gsize i = 0; i < length; i++)
            bytes[i] = (char)g_rand_int(rand);
        guint64 hash = pl_hash_bytes(bytes, length);
        for (gsize bit = 0; bit < 8 * length; bit++, trials++) {
            bytes[bit / 8] ^= (char)(1 << bit % 8);
            guint64 other = pl_hash_bytes(bytes, length);
            bytes[bit / 8] ^= (char)(1 << bit % 8);
            cr_assert(ne(u64, hash >> 24, other >> 24));
            changed += (guint64)__builtin_popcountll(hash ^ other);
        }
    }
    cr_assert(epsilon_eq(dbl, (double)changed / (double)trials, 32, 0.3));
}
