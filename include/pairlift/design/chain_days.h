/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain_options.h"

/* What the days do to a whole chain and to its regions: season, weekday, trend and the day's shocks.
 * `options` are settled. by_day is [days], by_region [days * regions]: factors of the expected units. */
void pl_chain_day_factors(const PlChainOptions *options, double *by_day, double *by_region);
