/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/hasher.h"

typedef struct {
    const void *bytes;
    gsize length;
    gboolean last;
} Block;

struct PlHasher {
    GChecksum *checksum;
    GThread *thread;      /* NULL: none could be started, or it has ended; hash in the caller's */
    GAsyncQueue *blocks;  /* Block*, to be hashed */
    GAsyncQueue *buffers; /* Block*, hashed; as many as there are buffers free */
    Block block[PL_HASHER_BUFFERS];
    Block last;
    Block *current; /* between wait and feed */
};

static gpointer work(gpointer data) {
    PlHasher *hasher = data;
    for (Block *block = g_async_queue_pop(hasher->blocks); !block->last;
         block = g_async_queue_pop(hasher->blocks)) {
        g_checksum_update(hasher->checksum, block->bytes, (gssize)block->length);
        g_async_queue_push(hasher->buffers, block);
    }
    return NULL;
}

PlHasher *pl_hasher_new(void) {
    PlHasher *hasher = g_new0(PlHasher, 1);
    hasher->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    hasher->blocks = g_async_queue_new();
    hasher->buffers = g_async_queue_new();
    hasher->last.last = TRUE;
    for (guint i = 0; i < PL_HASHER_BUFFERS; i++)
        g_async_queue_push(hasher->buffers, &hasher->block[i]);
    hasher->thread = g_thread_try_new("sha256", work, hasher, NULL);
    return hasher;
}

static void stop(PlHasher *hasher) {
    if (hasher->thread == NULL)
        return;
    g_async_queue_push(hasher->blocks, &hasher->last);
    g_thread_join(g_steal_pointer(&hasher->thread));
}

void pl_hasher_free(PlHasher *hasher) {
    if (hasher == NULL)
        return;
    stop(hasher);
    g_checksum_free(hasher->checksum);
    g_async_queue_unref(hasher->blocks);
    g_async_queue_unref(hasher->buffers);
    g_free(hasher);
}

void pl_hasher_wait(PlHasher *hasher) {
    hasher->current = g_async_queue_pop(hasher->buffers);
}

void pl_hasher_feed(PlHasher *hasher, const void *bytes, gsize length) {
    *hasher->current = (Block){bytes, length, FALSE};
    if (hasher->thread != NULL) {
        g_async_queue_push(hasher->blocks, hasher->current);
        return;
    }
    g_checksum_update(hasher->checksum, bytes, (gssize)length);
    g_async_queue_push(hasher->buffers, hasher->current);
}

char *pl_hasher_finish(PlHasher *hasher) {
    stop(hasher);
    return g_strdup(g_checksum_get_string(hasher->checksum));
}
