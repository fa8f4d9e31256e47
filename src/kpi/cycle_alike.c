/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_alike.h"

#include <math.h>

#include "pairlift/model/numbers.h"

/* Fewer customers do not tell how alike their deals are. */
#define CUSTOMERS_FEWEST 10
/* Intervals that ought to be this much wider are warned of. */
#define WIDER 1.25

/* The standard error of the mean days with the customer as the unit (the sum of each customer's deviations),
 * over that of single deals. */
void pl_cycle_check_alike(const PlDeals *d) {
    const PlField *customer = pl_records_text(d->records, "customer");
    if (customer == NULL)
        return;
    g_autofree double *off = g_new0(double, customer->n_levels + 1);
    g_autofree guint *deals = g_new0(guint, customer->n_levels + 1);
    double n = 0, sum = 0, squares = 0, clustered = 0, customers = 0;
    for (int pass = 0; pass < 2; pass++)
        for (guint k = 0; k < d->n; k++) {
            guint c = customer->level[d->row[k]];
            if (c == PL_NO_LEVEL || d->state[k] == PL_DEAL_OPEN)
                continue;
            double x = pass == 0 ? d->days[k] : d->days[k] - sum / n;
            n += pass == 0;
            sum += pass == 0 ? x : 0;
            off[c] += pass == 0 ? 0 : x;
            deals[c] += pass;
            squares += pass == 0 ? 0 : x * x;
        }
    for (guint c = 0; c < customer->n_levels; c++) {
        customers += deals[c] > 0;
        clustered += off[c] * off[c];
    }
    if (customers < CUSTOMERS_FEWEST || customers >= n || !(squares > 0))
        return;
    double wider = sqrt(clustered * customers / (customers - 1) / (squares * n / (n - 1)));
    if (!(wider >= WIDER))
        return;
    g_autofree char *factor = pl_format_number(wider, 1);
    pl_result_check(
        d->run->study->result, "deals_of_one_customer", PL_WARN, wider,
        "the deals of one customer take alike: intervals of days would be %s times as wide with the "
        "customer as the unit, and differences between groups are less certain than they look",
        factor);
}
