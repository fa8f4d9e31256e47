/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* Writes a file on a thread of its own, beside those that make its text. The text comes in batches of pieces,
 * which several threads may have filled; they are written in the order in which they are sent. */
typedef struct PlFileWriter PlFileWriter;

/* How many sent batches may be pending: the sender needs as many buffers, and uses them in turn. */
#define PL_FILE_WRITER_BUFFERS 2

typedef struct {
    const char *text;
    gsize length;
} PlPiece;

/* PL_ERROR_SYSTEM: the file cannot be made. */
PlFileWriter *pl_file_writer_new(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes what is open; the file stays as far as it got. */
void pl_file_writer_free(PlFileWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFileWriter, pl_file_writer_free)

/* Waits until the buffer sent longest ago may be filled again. Before each sending. FALSE: a write has
 * failed, and there is no use in more; pl_file_writer_finish says why. */
gboolean pl_file_writer_wait(PlFileWriter *writer);
/* Once after each wait. Pieces and text must stay until PL_FILE_WRITER_BUFFERS waits later, or the end. */
void pl_file_writer_send(PlFileWriter *writer, const PlPiece *pieces, gsize n);
/* Waits for all that was sent and closes the file; `bytes` (not NULL) is its size. PL_ERROR_SYSTEM: something
 * could not be written. */
gboolean pl_file_writer_finish(PlFileWriter *writer, guint64 *bytes,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
