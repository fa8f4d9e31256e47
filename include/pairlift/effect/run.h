/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/estimate.h"
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"
#include "pairlift/model/result.h"
#include "pairlift/model/tables.h"

/* The main job on loaded tables: resolves the pairs, treats the gaps, computes the effect of every
 * pair, tests, checks and decides. `analyse` FALSE stops after the checks of the data (verb check).
 * PL_ERROR_DATA: pairs or gaps or a value without logarithm, named; PL_ERROR_DEFINITION: a method
 * that the design does not have. `tables` are those beside sales. Gaps are filled in `panel`. `stepper` ({0}:
 * nobody) is told how far the tests are. */
PlResult *pl_run(const PlDefinition *def, PlPanel *panel, const PlTables *tables, gboolean analyse,
                 int threads, PlStepper stepper, GError **error) G_GNUC_WARN_UNUSED_RESULT;
