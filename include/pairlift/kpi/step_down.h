/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Which groups stand apart from all others, when one extreme group makes ordinary ones differ from "all
 * others": the clearest is taken out and the rest compared with each other again, until none is told apart. A
 * group is apart if it is told from all others and, in the same direction, from those left in its own turn.
 */

typedef struct {
    double p;          /* of the comparison with all others; NaN: it could not be compared */
    double difference; /* from all others: its sign, and its size where p-values are equal */
    double p_adjusted; /* Holm: the larger one, of that with all others and that with those that were left */
    gboolean apart;
} PlStanding;

/* Compares each group that is `in` with the others that are: fills p (NaN: not compared) and difference. In
 * the first call all groups are in. */
typedef void PlStandingTest(gpointer data, const gboolean *in, PlStanding *now);

/* Fills `out` [n]. Returns how many groups were compared with all others. After PL_STEPS_MOST groups the
 * remaining ones are compared for the last time. */
enum { PL_STEPS_MOST = 20 };
guint pl_kpi_step_down(guint n, double alpha, PlStandingTest *test, gpointer data, PlStanding *out);
