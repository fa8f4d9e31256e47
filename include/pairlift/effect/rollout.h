/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/earnings.h"

/* What the promotion would earn in all stores, over a promotion of the same length: finding "projection".
 * What is earned and spent by store goes in proportion to what the stores sold before where that is known,
 * else to their number; a fixed cost is paid once. `rollout_stores` of the definition, else all stores of the
 * data. */
void pl_add_rollout(const PlEarnings *earnings, PlSection *section, const char *currency);
/* NULL: there is nothing to say. Free with g_free. */
char *pl_rollout_sentence(const PlSection *section, const char *treatment);
