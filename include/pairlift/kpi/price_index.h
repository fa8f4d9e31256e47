/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Own prices held against others, one pair of prices after the other. */
typedef struct {
    double weight, weighted_ratio; /* weight: own revenue */
    double units, gap;             /* gap: units x difference */
    double ratio;                  /* sum */
    guint n, below, equal, above;  /* pairs of prices; own price below the other */
    GArray *ratios;                /* double, for the median; NULL: not kept */
} PlPriceTally;

/* Prices that differ by less than this, relative to the other, are the same but for rounding. */
#define PL_SAME_PRICE 1e-9

void pl_price_tally_add(PlPriceTally *tally, double own, double other, double units, double revenue);

/* Mean of own over other price, weighted by own revenue: 1.05 is 5 % dearer. NaN: no prices. */
double pl_price_tally_index(const PlPriceTally *tally);
/* The same, every pair of prices alike. */
double pl_price_tally_unweighted(const PlPriceTally *tally);
double pl_price_tally_median(PlPriceTally *tally);
/* Mean of own minus other price, weighted by units: what a unit sold costs more than elsewhere. */
double pl_price_tally_gap(const PlPriceTally *tally);
