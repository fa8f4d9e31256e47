/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* The paired methods: one file each, src/stats/{paired_t,sign_flip,signed_rank,sign_test,bootstrap_bca}.c.
 * The docstrings stand above each function there. */
PlPairedTest pl_paired_t, pl_sign_flip, pl_signed_rank, pl_sign_test, pl_bootstrap_bca;
PlPairedPoint pl_point_mean, pl_point_pseudomedian, pl_point_median;
PlPairedWork pl_sign_flip_work, pl_signed_rank_work, pl_sign_test_work, pl_bootstrap_bca_work;
