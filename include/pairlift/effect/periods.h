/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/pair_effects.h"

/* The periods of a definition as ranges of the panel's times. */
typedef struct {
    PlRange before, during, after;
} PlRanges;

/* What the calendar of the periods lacks in every store. */
typedef struct {
    guint missing;         /* intervals of the periods that no store has */
    guint64 expected;      /* intervals that the periods should have */
    char *first;           /* the first missing one, NULL: none */
    guint closed_weekdays; /* never open, and so not expected: bit 0 is Monday */
} PlCalendar;

void pl_calendar_clear(PlCalendar *calendar);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlCalendar, pl_calendar_clear)

/* Finds the declared periods in the panel and describes them in `result`. Intervals that no store has are
 * gaps as well: PL_ERROR_DATA under `gaps: error`, each period named with its place; under `zero` and
 * `interpolate` they are added to the panel, for pl_gaps_apply to fill; under `closed` they do not count.
 * A period without any data is PL_ERROR_DATA whatever the policy; but
 * for `after`, whose check then warns and whose range is empty. */
gboolean pl_periods_locate(const PlDefinition *def, PlPanel *panel, PlRanges *ranges, PlCalendar *calendar,
                           PlResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
