/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/groups.h"

/* Groups whose rows are on the page, and whose curves are drawn. */
enum { PL_CYCLE_ROWS_MOST = 60, PL_CYCLE_CURVES_MOST = 6 };

/* [n] whether a group is one of the `most` largest; of equal ones the first. Free with g_free. */
gboolean *pl_cycle_largest(const guint *size, guint n, guint most);

/* [groups->n] whether the curve of a group is drawn: those that have a verdict in the rows of `measure`
 * first, the clearest before all, then the largest. Free with g_free. */
gboolean *pl_cycle_drawn(const PlSection *section, const char *measure, const PlKpiGroups *groups,
                         const guint *size);
/* How many groups that are not empty have no curve. */
guint pl_cycle_not_drawn(const gboolean *drawn, const guint *size, guint n);
