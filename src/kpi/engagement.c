/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/headline.h"

void pl_kpi_engagement(const PlKpiRun *run) {
    pl_kpi_missing(run, run->goal->measure, "Not computed", PL_AMOUNT_NUMBER, "not built yet");
}
