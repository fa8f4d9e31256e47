/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* The file in a report folder that says that a report wrote it, and lists what it wrote with checksums:
 * what may be replaced, and which files are the user's own, is decided by it alone. */
#define PL_MANIFEST ".pairlift"

/* Lists all files below `folder`. PL_ERROR_SYSTEM: it cannot be read or written. */
gboolean pl_manifest_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Path relative to `folder` -> checksum, of all files that its report wrote; empty without a manifest. */
GHashTable *pl_manifest_read(const char *folder);
/* SHA-256 of a file's bytes, of one over 16 MB its size and time of change as 64 letters; NULL when it cannot
 * be read. Free with g_free. */
char *pl_manifest_checksum(const char *path);

/* TRUE when `path` is not there, an empty folder, or a report's folder: nothing of anybody else is lost
 * when it is replaced. */
gboolean pl_manifest_replaceable(const char *path);
/* Removes a folder that is empty or a report's. Any other stays as it is. */
void pl_manifest_discard(const char *path);
