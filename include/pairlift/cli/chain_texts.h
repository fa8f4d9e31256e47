/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain_truth.h"

/* What is true of a simulated chain. Free with g_free. */

/* Every parameter and every true effect, as JSON. */
char *pl_chain_truth_json(const PlChain *chain, const PlChainTruth *truth, const char *name);
