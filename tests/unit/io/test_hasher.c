/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/hasher.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* NIST FIPS 180-4 examples: of nothing, and of "abc". */
Test(hasher, published_values) {
    g_autoptr(PlHasher) nothing = pl_hasher_new();
    g_autofree char *empty = pl_hasher_finish(nothing);
    cr_assert(eq(str, empty, (char *)"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    g_autoptr(PlHasher) hasher = pl_hasher_new();
    for (const char *p = "abc"; *p != '\0'; p++) {
        pl_hasher_wait(hasher);
        pl_hasher_feed(hasher, p, 1);
    }
    g_autofree char *abc = pl_hasher_finish(hasher);
    cr_assert(eq(str, abc, (char *)"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

/* Buffers that are used in turn are not overwritten before they are hashed. */
Test(hasher, buffers_in_turn) {
    static char buffer[PL_HASHER_BUFFERS][10000];
    g_autoptr(PlHasher) hasher = pl_hasher_new();
    g_autoptr(GChecksum) expected = g_checksum_new(G_CHECKSUM_SHA256);
    for (int i = 0; i < 500; i++) {
        pl_hasher_wait(hasher);
        char *block = buffer[i % PL_HASHER_BUFFERS];
        gsize length = (gsize)(i * 37) % sizeof buffer[0];
        memset(block, i, sizeof buffer[0]);
        g_checksum_update(expected, (guchar *)block, (gssize)length);
        pl_hasher_feed(hasher, block, length);
    }
    g_autofree char *digest = pl_hasher_finish(hasher);
    cr_assert(eq(str, digest, (char *)g_checksum_get_string(expected)));
}

Test(hasher, freed_with_work_pending) {
    static const char block[100000] = {0};
    PlHasher *hasher = pl_hasher_new();
    pl_hasher_wait(hasher);
    pl_hasher_feed(hasher, block, sizeof block);
    pl_hasher_free(hasher);
    pl_hasher_free(NULL);
}
