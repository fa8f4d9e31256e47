/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Gauss and Legendre's rule on [-1, 1]: exact for polynomials up to degree 31. GSL has the same behind an
 * allocation of its own. */
enum { PL_GAUSS = 16 };
extern const double pl_gauss_nodes[PL_GAUSS], pl_gauss_weights[PL_GAUSS];
