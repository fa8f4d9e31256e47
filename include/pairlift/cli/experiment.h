/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"
#include "pairlift/model/result.h"

/* What run and check share: reads the definition, the pairs and the tables, then analyses (or, for
 * `analyse` FALSE, checks the data only). Errors are those of the rooms it calls. */
PlResult *pl_experiment_result(const char *path, const PlOptions *options, gboolean analyse,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one DEFINITION argument; NULL and PL_ERROR_USAGE when it is missing or there are more. */
const char *pl_experiment_argument(const PlOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
