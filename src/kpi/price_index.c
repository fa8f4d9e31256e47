/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/price_index.h"

#include <math.h>

#include "pairlift/stats/order.h"

void pl_price_tally_add(PlPriceTally *t, double own, double other, double units, double revenue) {
    double ratio = own / other;
    t->weight += revenue;
    t->weighted_ratio += revenue * ratio;
    t->units += units;
    t->gap += units * (own - other);
    t->ratio += ratio;
    t->n++;
    if (fabs(ratio - 1) < PL_SAME_PRICE)
        t->equal++;
    else if (ratio < 1)
        t->below++;
    else
        t->above++;
    if (t->ratios != NULL)
        g_array_append_val(t->ratios, ratio);
}

double pl_price_tally_index(const PlPriceTally *t) {
    return t->n > 0 ? t->weighted_ratio / t->weight : NAN;
}

double pl_price_tally_unweighted(const PlPriceTally *t) {
    return t->n > 0 ? t->ratio / t->n : NAN;
}

double pl_price_tally_gap(const PlPriceTally *t) {
    return t->n > 0 ? t->gap / t->units : NAN;
}

double pl_price_tally_median(PlPriceTally *t) {
    if (t->ratios == NULL || t->ratios->len == 0)
        return NAN;
    double *x = (double *)(void *)t->ratios->data;
    guint n = t->ratios->len;
    double upper = pl_select(x, n, n / 2);
    return n % 2 == 1 ? upper : (pl_select(x, n, n / 2 - 1) + upper) / 2;
}
