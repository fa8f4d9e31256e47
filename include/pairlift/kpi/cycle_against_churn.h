/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/cycle_purchases.h"

/* The length of the cycle against the churn after it, a point for each group of `role` (curve
 * cycle_vs_churn): their rank correlation, and the groups that close clearly faster than the others and lose
 * clearly more customers. To be called after the rows of both by that role. Returns the names of those, or
 * NULL when there are none; free with g_free. */
char *pl_cycle_against_churn(const PlDeals *deals, const char *role, char **values, guint n);
