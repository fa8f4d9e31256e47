/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

PlStatus pl_autocorrelation(const double *x, size_t n, double *r1);
