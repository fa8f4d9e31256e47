/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/names.h"
#include "pairlift/io/row_set.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* Against GLib's table, over many growths; keys come several times, near and far apart. */
Test(row_set, agrees_with_a_hash_table) {
    enum { KEYS = 60000 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    g_autoptr(GHashTable) table = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    PlRowSet set = {0};
    for (guint i = 0; i < 3 * KEYS; i++) {
        guint32 number = (guint32)g_rand_int_range(rand, 0, KEYS);
        gint64 *key = g_new(gint64, 1);
        *key = (gint64)pl_hash_bytes((const char *)&number, sizeof number);
        gboolean is_new = !g_hash_table_contains(table, key);
        cr_assert(eq(int, pl_row_set_add(&set, (guint64)*key), is_new));
        g_hash_table_add(table, key);
        cr_assert(eq(sz, set.n, g_hash_table_size(table)));
    }
    cr_assert(gt(sz, set.n, KEYS / 2));
    /* the memory that the header promises, give or take the first slots */
    cr_assert(le(sz, set.n_slots * sizeof *set.slots, 15 * set.n + 8192));
    pl_row_set_clear(&set);
    cr_assert(zero(ptr, set.slots));
}

/* The places at both ends, where the search goes round, and the key that stands for a free slot. */
Test(row_set, extreme_keys) {
    static const guint64 keys[] = {0, 2, 3, G_MAXUINT64, G_MAXUINT64 - 1, G_MAXUINT64 - 2, 1ull << 63};
    PlRowSet set = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        cr_assert(eq(int, pl_row_set_add(&set, keys[i]), TRUE), "key %zu", i);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        cr_assert(eq(int, pl_row_set_add(&set, keys[i]), FALSE), "key %zu", i);
    cr_assert(eq(int, pl_row_set_add(&set, 1), FALSE));
    pl_row_set_clear(&set);
    cr_assert(eq(int, pl_row_set_add(&set, 2), TRUE));
    pl_row_set_clear(&set);
    pl_row_set_clear(&set);
}
