/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/names.h"
#include "pairlift/io/load_word.h"

__extension__ typedef unsigned __int128 Wide;

/* Both halves of the product: every bit of the inputs reaches every bit of the outcome. */
static inline guint64 fold_product(guint64 a, guint64 b) {
    Wide product = (Wide)a * b;
    return (guint64)product ^ (guint64)(product >> 64);
}

/* Sixteen bytes a multiplication; the constants are odd digits of the golden ratio and of pi. */
guint64 pl_hash_bytes(const char *bytes, gsize length) {
    const guint64 first = 0x9e3779b97f4a7c15, second = 0x243f6a8885a308d3;
    guint64 hash = first ^ length;
    const char *p = bytes;
    gsize left = length;
    for (; left > 16; left -= 16, p += 16)
        hash = fold_product(pl_load_word(p) ^ second, pl_load_word(p + 8) ^ hash);
    char tail[16] = {0};
    memcpy(tail, p, left);
    hash = fold_product(pl_load_word(tail) ^ second, pl_load_word(tail + 8) ^ hash);
    return fold_product(hash ^ second, first);
}

PlNames *pl_names_new(void) {
    PlNames *names = g_new0(PlNames, 1);
    names->n_slots = 64;
    names->slots = g_new0(guint, names->n_slots);
    return names;
}

void pl_names_free(PlNames *names) {
    if (names == NULL)
        return;
    for (guint i = 0; i < names->n; i++)
        g_free(names->names[i].text);
    g_free(names->names);
    g_free(names->slots);
    g_free(names);
}

/* The slot that holds the text, or the free one where it belongs. */
static guint *find_slot(const PlNames *names, const char *text, gsize length, guint64 hash) {
    guint mask = names->n_slots - 1;
    for (guint i = (guint)hash & mask;; i = (i + 1) & mask) {
        guint taken = names->slots[i];
        if (taken == 0 ||
            (names->names[taken - 1].hash == hash && pl_names_is(names, taken - 1, text, length)))
            return &names->slots[i];
    }
}

int pl_names_find(const PlNames *names, const char *text, gsize length) {
    return (int)*find_slot(names, text, length, pl_hash_bytes(text, length)) - 1;
}

static void grow_slots(PlNames *names) {
    g_free(names->slots);
    names->n_slots *= 2;
    names->slots = g_new0(guint, names->n_slots);
    for (guint i = 0; i < names->n; i++)
        *find_slot(names, names->names[i].text, names->names[i].length, names->names[i].hash) = i + 1;
}

guint pl_names_add(PlNames *names, const char *text, gsize length) {
    if (names->n == names->max) {
        names->max = 2 * names->max + 16;
        names->names = g_renew(PlName, names->names, names->max);
    }
    if (2 * (names->n + 1) > names->n_slots)
        grow_slots(names);
    guint64 hash = pl_hash_bytes(text, length);
    char *copy = g_malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    *find_slot(names, text, length, hash) = names->n + 1;
    names->names[names->n] = (PlName){copy, length, hash};
    return names->n++;
}
