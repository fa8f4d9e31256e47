/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/chart_range.h"

#include <math.h>

void pl_chart_widen(PlChartRange *range, double value) {
    if (!isfinite(value))
        return;
    range->least = MIN(range->least, value);
    range->most = MAX(range->most, value);
}
