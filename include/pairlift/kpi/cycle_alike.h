/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/cycle_deals.h"

/* Warns, in a check, when deals of one customer take so alike that the intervals, which count each deal as
 * one of its own, are clearly too narrow. */
void pl_cycle_check_alike(const PlDeals *deals);
