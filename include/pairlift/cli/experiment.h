/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"
#include "pairlift/model/definition.h"
#include "pairlift/model/result.h"

/* What run, check and monitor share, in the order of a run. Errors are those of the rooms that it calls. */

/* Loads the definition that is the one argument of `verb`; for `analyse` it must be ready for a run.
 * PL_ERROR_USAGE: there is no argument, or there are more. */
PlDefinition *pl_experiment_definition(const char *verb, const PlOptions *options, gboolean analyse,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads its tables, pairs included, which it appends to those of the definition, and analyses them (for
 * `analyse` FALSE: checks them only). */
PlResult *pl_experiment_result(PlDefinition *definition, const PlOptions *options, gboolean analyse,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a running experiment (pl_monitor): `as_of` NULL: all the data there are. */
PlResult *pl_experiment_running(PlDefinition *definition, const PlOptions *options, const PlDay *as_of,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The KPIs of all its tables, without an experiment. */
PlResult *pl_experiment_kpis(PlDefinition *definition, const PlOptions *options,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
