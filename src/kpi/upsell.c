/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/upsell.h"
#include "pairlift/kpi/headline.h"

void pl_kpi_upsell(const PlKpiRun *run) {
    g_autoptr(PlOrders) orders = pl_orders_new(run);
    if (orders == NULL) {
        PlFinding *f = pl_kpi_missing(
            run, run->goal->measure, "Not computed", PL_AMOUNT_SHARE,
            "no order line is dated within the time looked at (see kpis.as_of), or a year is mistyped");
        pl_kpi_headline(run, f, NULL, NULL);
        return;
    }
    pl_upsell_rates(run, orders);
    pl_upsell_pairs(run, orders);
    pl_upsell_likely(run, orders);
}
