/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/order.h"

#include <gsl/gsl_sort_double.h>

static double median_of_three(double a, double b, double c) {
    if (a > b) {
        double t = a;
        a = b;
        b = t;
    }
    return c < a ? a : c > b ? b : c;
}

double pl_select(double *x, size_t n, size_t k) {
    ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, target = (ptrdiff_t)k;
    while (low < high) {
        double pivot = median_of_three(x[low], x[low + (high - low) / 2], x[high]);
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
        if (target <= j)
            high = j;
        else if (target >= i)
            low = i;
        else
            break;
    }
    return x[k];
}

void pl_sort(double *x, size_t n) {
    gsl_sort(x, 1, n);
}
