/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* The part of pl_definition_validate that concerns `periods`: reads their first and last days (period
 * numbers under `date_format: number`), and reports those that are no days of the calendar, run
 * backwards, overlap, or do not come in the order before, during, after. */
void pl_definition_validate_periods(PlDefinition *def, PlDiagnostics *diagnostics);

/* Which of the periods a day is in: 1 before, 2 during, 3 after; 0: none of them. */
guint pl_definition_period_of(const PlDefinition *def, PlDay day);
