/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* A report folder that appears whole or not at all: everything is written into a hidden folder beside
 * it, which takes its place in one step. */
typedef struct PlFolder PlFolder;

/* Prepares to write `path`, making the folders above it; a link is followed, so that it stays and what it
 * leads to is replaced. Also removes what killed runs left beside it.
 * PL_ERROR_USAGE: `path` is empty, a link that leads nowhere, a file, or a folder with contents that no
 * report left there: it would be replaced. PL_ERROR_SYSTEM: a folder cannot be made. */
PlFolder *pl_folder_new(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes what was written, and the folders made above it, unless it was committed or set aside. The same
 * (save the folders above) happens when the process ends without this, by a signal for example. */
void pl_folder_free(PlFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlFolder, pl_folder_free)

/* Where to write until the commit. */
const char *pl_folder_path(const PlFolder *folder);
/* Writes the file `name` into it. PL_ERROR_SYSTEM. */
gboolean pl_folder_write(PlFolder *folder, const char *name, const char *text,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the place of what was at `path`, with pl_carry_over. PL_ERROR_USAGE: a folder that no report left
 * has come there meanwhile; it stays. PL_ERROR_SYSTEM: the disk. */
gboolean pl_folder_commit(PlFolder *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the commit: the user's changed files that stand beside the report's own as NAME.mine, relative to
 * the folder (of char*, the folder's). */
const GPtrArray *pl_folder_kept(const PlFolder *folder);

/* Keeps what was written for a look at why it failed, as PATH.failed: the next failure replaces it, the next
 * commit removes it. Gives its path (free with g_free), or NULL when something else has that name. */
char *pl_folder_set_aside(PlFolder *folder);
