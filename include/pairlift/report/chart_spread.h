/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Moves places within 0 to 1 as little as is needed for neighbours to be `apart`; their order stays. What
 * does not fit is spread evenly. Places that are no number are left alone. */
void pl_chart_spread(double *at, guint n, double apart);
