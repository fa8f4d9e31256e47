/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/root.h"

#include <float.h>
#include <math.h>

/* Enough to come from any bracket of this room to neighbouring doubles; a root of 0 stops here instead. */
enum { HALVINGS_MAX = 200 };

double pl_root(PlBeyond *beyond, const void *context, double low, double high) {
    for (int i = 0; i < HALVINGS_MAX && high - low > DBL_EPSILON * fmax(fabs(low), fabs(high)); i++) {
        double middle = low / 2 + high / 2;
        if (beyond(middle, context))
            high = middle;
        else
            low = middle;
    }
    return low / 2 + high / 2;
}
