/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* Seconds after which a gnuplot that has not ended is killed: hundreds of times what it needs. */
#define PL_GNUPLOT_LIMIT_S 60

/* Path of gnuplot, or NULL when it is not on the PATH. Free with g_free. */
char *pl_gnuplot_find(void);

/* Runs `program` once on all `scripts` (NULL-terminated names in `folder`), without a shell and without
 * the user's start-up files, and waits; it is killed when this process ends. PL_ERROR_SYSTEM: it cannot be
 * started, took longer than `limit_s` seconds and was killed, ended with a status other than 0, or by a
 * signal; with the first lines of what it printed, and without a place: the caller knows which chart. */
gboolean pl_gnuplot_run(const char *program, const char *folder, const char *const *scripts, guint limit_s,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
