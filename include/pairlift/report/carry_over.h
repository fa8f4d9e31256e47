/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/error.h"

/* Copies into the report folder `fresh` what the user has put into or changed in the last one, `old`, at
 * any depth: all that its manifest does not list with the same checksum. Where the new report has a file of
 * that name, the user's stands beside it as NAME.mine (NAME.mine-2, ... when that is taken), and its path
 * relative to the folder is appended to `kept` (of char*). Without a manifest in `old`: nothing.
 * PL_ERROR_SYSTEM: a file cannot be read or written. */
gboolean pl_carry_over(const char *old, const char *fresh, GPtrArray *kept,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
