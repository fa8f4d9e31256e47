/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain_truth.h"

/* A simulated chain as the definition of its experiment and as what is true of it. Free with g_free. */

/* The definition on the tables of pl_chain_tables_write; `promoted`: of the promoted product alone, under
 * NAME-promoted. */
char *pl_chain_definition(const PlChain *chain, const char *name, gboolean promoted);
/* Every parameter and every true effect, as JSON. */
char *pl_chain_truth_json(const PlChain *chain, const PlChainTruth *truth, const char *name);
