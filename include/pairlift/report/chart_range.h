/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Ends of an axis; {INFINITY, -INFINITY} is none yet. */
typedef struct {
    double least, most;
} PlChartRange;

/* Takes a value in; what is not finite is left out. */
void pl_chart_widen(PlChartRange *range, double value);
