/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain.h"

/* What a simulated chain's stores, products, regions and groups are called. */

/* "S007", "P2", "R3", as wide as the largest number. */
void pl_chain_store_name(const PlChain *chain, int store, char name[PL_CHAIN_NAME]);
void pl_chain_product_name(const PlChain *chain, int product, char name[PL_CHAIN_NAME]);
void pl_chain_region_name(const PlChain *chain, int region, char name[PL_CHAIN_NAME]);
/* "control", "test", "none"; of groups "control", "T1" or the given name; of a factorial design "none",
 * "promo", "price", "both". */
void pl_chain_group_name(const PlChain *chain, int arm, char name[PL_CHAIN_NAME]);
/* The treatment of an arm from 1 on: its group, of pairs the kind. */
void pl_chain_treatment_name(const PlChain *chain, int arm, char name[PL_CHAIN_NAME]);
const char *pl_chain_kind(const PlChain *chain, int arm); /* one of pl_treatment_kinds */
