/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/panel.h"

/* The intervals (days, weeks, months, numbers) that a period should have, against those that the data have.
 */

/* Weekdays on which no store of a daily panel ever has data, bit 0 for Monday: the chain is closed then.
 * 0 for other panels; a weekday counts from its third occurrence within the data on. */
guint pl_closed_weekdays(const PlPanel *panel);
/* "Sunday", "Saturday and Sunday"; free with g_free. */
char *pl_weekday_names(guint weekdays);

/* The times in [first, last], by the panel's step and leaving out its closed weekdays, at which no store has
 * data: PlDay, ascending; `expected` counts those that should be there. At most PL_MISSING_MOST are listed.
 */
enum { PL_MISSING_MOST = 100000 };
GArray *pl_missing_times(const PlPanel *panel, PlDay first, PlDay last, guint64 *expected);
/* How many times there should be. */
guint64 pl_expected_times(const PlPanel *panel, PlDay first, PlDay last);

/* Adds times to the panel, with all cells missing. `times` ascending, none of them in the panel. */
void pl_panel_insert_times(PlPanel *panel, const PlDay *times, guint n);

/* Takes the times after `last` out of the panel. */
void pl_panel_drop_after(PlPanel *panel, PlDay last);

/* For weeks and months: TRUE when `first`, the beginning of a period, is not a time of the panel although it
 * lies between two of them; `before` and `after` are those two. */
gboolean pl_is_within_interval(const PlPanel *panel, PlDay first, PlDay *before, PlDay *after);
