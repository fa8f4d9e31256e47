/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* A report folder that appears whole or not at all: everything is written into a hidden folder beside
 * it, which takes its place in one step (renameat2 with RENAME_EXCHANGE where the file system has it). */
typedef struct PlFolder PlFolder;

/* Prepares to write `path`, making the folders above it. PL_ERROR_SYSTEM: a folder cannot be made.
 * PL_ERROR_USAGE: `path` is a file, or a folder with contents that no report left there: it would
 * be replaced. Also removes what killed runs left beside it. */
PlFolder *pl_folder_new(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what was written unless it was committed. */
void pl_folder_free(PlFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFolder, pl_folder_free)

/* Where to write until the commit. */
const char *pl_folder_path(const PlFolder *folder);
gboolean pl_folder_write(PlFolder *folder, const char *name, const char *text,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the place of what was at `path`. Files there that no report wrote (notes, say) are carried
 * over. PL_ERROR_SYSTEM. */
gboolean pl_folder_commit(PlFolder *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
