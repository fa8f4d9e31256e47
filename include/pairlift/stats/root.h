/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Whether `x` lies beyond the place that is looked for. */
typedef _Bool PlBeyond(double x, const void *context);

/* The x in [low, high] where `beyond` turns from false to true, to the last digits, by bisection: it needs a
 * sign only, so that nothing has to be differentiable or even representable far out. Without a turn, the
 * nearer end. */
double pl_root(PlBeyond *beyond, const void *context, double low, double high);
