/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"
#include "pairlift/model/result.h"
#include "pairlift/model/tables.h"

/* The running experiment: the data up to `as_of` (NULL: all there are) and no later than the promotion, which
 * may end in its middle; nothing is required of what has not happened yet. The result has the checks of the
 * data, a section "monitor" with a look after each interval, a verdict on stopping and an estimate by
 * `confidence_sequence`, and by `group_sequential` where looks are declared under `monitor`: then these
 * decide, else the always-valid band does. Always two-sided, for harm must be seen; treatments share the
 * error evenly unless adjust is none.
 *
 * Drops the later data from `panel`, and shortens the periods of `def` to what there is. Before the promotion
 * the result says so and has no estimate. Errors are those of pl_run; PL_ERROR_DATA: no data up to as_of. */
PlResult *pl_monitor(PlDefinition *def, PlPanel *panel, const PlTables *tables, const PlDay *as_of,
                     int threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
