/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"
#include "pairlift/report/stat.h"

/* The answer to a command line of `stat` that GOption has parsed (see stat_options.h): read, computed, not
 * printed. PL_ERROR_USAGE, PL_ERROR_DATA, PL_ERROR_SYSTEM: memory. */
PlStatResult *pl_stat_answer(const PlOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
