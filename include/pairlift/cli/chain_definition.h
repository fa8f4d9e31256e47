/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

/* The definition of a simulated chain's experiment, on the tables of pl_chain_tables_write; `promoted`: of
 * the promoted product alone, under NAME-promoted. Free with g_free. */
char *pl_chain_definition(const PlChain *chain, const char *name, gboolean promoted);
