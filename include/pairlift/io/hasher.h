/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* SHA-256 on a thread of its own, beside the thread that reads and parses. The bytes hashed are the
 * bytes parsed: the file is read once. */
typedef struct PlHasher PlHasher;

/* How many fed blocks may be pending: the feeder needs as many buffers, and uses them in turn. */
#define PL_HASHER_BUFFERS 2

PlHasher *pl_hasher_new(void);
void pl_hasher_free(PlHasher *hasher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlHasher, pl_hasher_free)

/* Waits until the buffer fed longest ago may be written again. Call before each filling. */
void pl_hasher_wait(PlHasher *hasher);
/* Once after each wait, length 0 included; `bytes` must stay until PL_HASHER_BUFFERS waits later, or
 * until the end. */
void pl_hasher_feed(PlHasher *hasher, const void *bytes, gsize length);
/* Waits for all that was fed: 64 hexadecimal digits, free with g_free. The hasher is then spent. */
char *pl_hasher_finish(PlHasher *hasher);
