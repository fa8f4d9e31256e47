/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/order.h"

#include <gsl/gsl_sort_double.h>
#include <math.h>

/* Below this many values a sample is not worth its while. */
enum { SAMPLED_FROM = 600 };

/* Of n values, s = n^(2/3) / 2 around the wanted place are selected from first, a little towards the middle,
 * so that x[k] is likely to be just beyond the wanted value and the rest falls on one side of it. */
static void select_between(double *x, ptrdiff_t low, ptrdiff_t high, ptrdiff_t k) {
    while (low < high) {
        if (high - low > SAMPLED_FROM) {
            double n = (double)(high - low + 1), rank = (double)(k - low + 1), s = exp(2 * log(n) / 3) / 2;
            double slack = sqrt(log(n) * s * (n - s) / n) / 2 * (rank < n / 2 ? -1 : 1);
            double from = (double)k - rank * s / n + slack, to = (double)k + (n - rank) * s / n + slack;
            select_between(x, from > (double)low ? (ptrdiff_t)from : low,
                           to < (double)high ? (ptrdiff_t)to : high, k);
        }
        double pivot = x[k];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i <= j) {
                double t = x[i];
                x[i++] = x[j];
                x[j--] = t;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            return;
    }
}

double pl_select(double *x, size_t n, size_t k) {
    select_between(x, 0, (ptrdiff_t)n - 1, (ptrdiff_t)k);
    return x[k];
}

void pl_sort(double *x, size_t n) {
    gsl_sort(x, 1, n);
}
