/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/file_writer.h"

#include <errno.h>
#include <stdio.h>

/* Small pieces are gathered, so that a call of the system moves this much. */
#define GATHERED (1 << 20)

typedef struct {
    const PlPiece *pieces;
    gsize n;
    gboolean last;
} Batch;

struct PlFileWriter {
    char *path, *gathered;
    FILE *file;
    GThread *thread;    /* NULL: none could be started, or it has ended; the caller's writes */
    GAsyncQueue *sent;  /* Batch*, to be written */
    GAsyncQueue *spare; /* Batch*, written; as many as there are buffers free */
    Batch batch[PL_FILE_WRITER_BUFFERS], last;
    Batch *current; /* between wait and send */
    guint64 bytes;  /* the writing thread's until it has ended */
    gint failed;    /* atomic: errno of the first write that failed */
};

static gboolean system_error(const char *path, int why, GError **error) {
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot write this file: %s", path,
                g_strerror(why));
    return FALSE;
}

static void write_batch(PlFileWriter *w, const Batch *batch) {
    for (gsize i = 0; i < batch->n && g_atomic_int_get(&w->failed) == 0; i++) {
        const PlPiece *piece = &batch->pieces[i];
        if (fwrite(piece->text, 1, piece->length, w->file) != piece->length)
            g_atomic_int_set(&w->failed, errno ? errno : EIO);
        w->bytes += piece->length;
    }
}

static gpointer work(gpointer data) {
    PlFileWriter *w = data;
    for (Batch *batch = g_async_queue_pop(w->sent); !batch->last; batch = g_async_queue_pop(w->sent)) {
        write_batch(w, batch);
        g_async_queue_push(w->spare, batch);
    }
    return NULL;
}

PlFileWriter *pl_file_writer_new(const char *path, GError **error) {
    FILE *file = fopen(path, "wb");
    if (!file) {
        system_error(path, errno, error);
        return NULL;
    }
    PlFileWriter *w = g_new0(PlFileWriter, 1);
    w->path = g_strdup(path);
    w->file = file;
    w->gathered = g_malloc(GATHERED);
    setvbuf(file, w->gathered, _IOFBF, GATHERED);
    w->sent = g_async_queue_new();
    w->spare = g_async_queue_new();
    w->last.last = TRUE;
    for (guint i = 0; i < PL_FILE_WRITER_BUFFERS; i++)
        g_async_queue_push(w->spare, &w->batch[i]);
    w->thread = g_thread_try_new("file writer", work, w, NULL);
    return w;
}

static void stop(PlFileWriter *w) {
    if (!w->thread)
        return;
    g_async_queue_push(w->sent, &w->last);
    g_thread_join(g_steal_pointer(&w->thread));
}

void pl_file_writer_free(PlFileWriter *w) {
    if (!w)
        return;
    stop(w);
    if (w->file)
        fclose(w->file);
    g_async_queue_unref(w->sent);
    g_async_queue_unref(w->spare);
    g_free(w->gathered);
    g_free(w->path);
    g_free(w);
}

gboolean pl_file_writer_wait(PlFileWriter *w) {
    if (!w->current)
        w->current = g_async_queue_pop(w->spare);
    return g_atomic_int_get(&w->failed) == 0;
}

void pl_file_writer_send(PlFileWriter *w, const PlPiece *pieces, gsize n) {
    Batch *batch = g_steal_pointer(&w->current);
    *batch = (Batch){pieces, n, FALSE};
    if (w->thread) {
        g_async_queue_push(w->sent, batch);
        return;
    }
    write_batch(w, batch);
    g_async_queue_push(w->spare, batch);
}

gboolean pl_file_writer_finish(PlFileWriter *w, guint64 *bytes, GError **error) {
    stop(w);
    int closed = fclose(g_steal_pointer(&w->file)) == 0 ? 0 : errno;
    int failed = g_atomic_int_get(&w->failed) ? g_atomic_int_get(&w->failed) : closed;
    *bytes = w->bytes;
    return failed == 0 || system_error(w->path, failed, error);
}
