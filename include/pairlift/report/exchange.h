/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* Appended to the name of the folder that moves in: where the last one stands meanwhile, on a file system
 * that cannot exchange two folders in one step. */
#define PL_EXCHANGE_ASIDE ".old"

/* Puts the folder `fresh` at `place` and removes what stood there: in one step where the file system has
 * it (renameat2 with RENAME_EXCHANGE), else in two, between which the last one is at `fresh`.old.
 * What stood there is looked at again when it is out of the way: unless it is empty or a report's, it goes
 * back and nothing has changed (PL_ERROR_USAGE). PL_ERROR_SYSTEM: a folder cannot be renamed. */
gboolean pl_exchange(const char *fresh, const char *place, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same in two steps, whatever the file system has. */
gboolean pl_exchange_in_two_steps(const char *fresh, const char *place,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The PL_ERROR_USAGE of a `place` that is not to be replaced. Returns FALSE. */
gboolean pl_exchange_refused(const char *place, GError **error);
