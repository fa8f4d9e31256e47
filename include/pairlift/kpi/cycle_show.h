/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Groups whose rows are on the page, and whose curves are drawn: the largest; the rest is in the files. */
enum { PL_CYCLE_ROWS_MOST = 60, PL_CYCLE_CURVES_MOST = 6 };

/* [n] whether a group is one of the `most` largest; of equal ones the first. Free with g_free. */
gboolean *pl_cycle_largest(const guint *size, guint n, guint most);
