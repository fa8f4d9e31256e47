/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/row_set.h"

__extension__ typedef unsigned __int128 Wide;

/* Doubling would leave half of the memory unused on average, and full tables search long: it grows by a
 * half when four slots of five are taken. */
enum { FIRST_SLOTS = 1024, FULL_OF_FIVE = 4 };

/* The key's place by its high bits, so that the number of slots need not be a power of two; then on to
 * where the key is, or to the free slot where it belongs. */
static guint64 *find(const PlRowSet *set, guint64 key) {
    gsize i = (gsize)((Wide)key * set->n_slots >> 64);
    while (set->slots[i] != 0 && set->slots[i] != key)
        i = i + 1 < set->n_slots ? i + 1 : 0;
    return &set->slots[i];
}

static void grow(PlRowSet *set) {
    PlRowSet grown = {.n_slots = set->n_slots + set->n_slots / 2 + FIRST_SLOTS, .n = set->n};
    grown.slots = g_new0(guint64, grown.n_slots);
    for (gsize i = 0; i < set->n_slots; i++)
        if (set->slots[i] != 0)
            *find(&grown, set->slots[i]) = set->slots[i];
    g_free(set->slots);
    *set = grown;
}

gboolean pl_row_set_add(PlRowSet *set, guint64 key) {
    if (5 * (set->n + 1) > FULL_OF_FIVE * set->n_slots)
        grow(set);
    key = MAX(key, 1);
    guint64 *slot = find(set, key);
    if (*slot == key)
        return FALSE;
    *slot = key;
    set->n++;
    return TRUE;
}

void pl_row_set_clear(PlRowSet *set) {
    g_clear_pointer(&set->slots, g_free);
    *set = (PlRowSet){0};
}
