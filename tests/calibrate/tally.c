/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"

#include <math.h>
#include <stdio.h>

#define LEAST 0.93
#define MOST  0.97

void tally_cover(Tally *t, double value, double low, double high, double truth) {
    if (isnan(low) || isnan(high))
        return;
    t->n++;
    t->hits += low <= truth && truth <= high;
    t->error += value - truth;
    t->square += (value - truth) * (value - truth);
}

void tally_reject(Tally *t, double p, double level) {
    if (isnan(p))
        return;
    t->n++;
    t->hits += p <= level;
}

gboolean tally_print_cover(const char *name, guint size, const Tally *t) {
    double bias = t->error / t->n, mc = sqrt(t->square / t->n - bias * bias) / sqrt(t->n);
    double rate = (double)t->hits / t->n, room = 3 * sqrt(.05 * .95 / t->n);
    gboolean off = t->n < 20 || rate < LEAST - room || rate > MOST + room || fabs(bias) > 3 * mc;
    printf("| %u | %s | %u | %.2g (%.1f) | %s%.1f%s |\n", size, name, t->n, bias, bias / mc, off ? "**" : "",
           100 * rate, off ? "**" : "");
    return !off;
}

gboolean tally_print_reject(const char *name, guint size, const Tally *t, double level) {
    double rate = (double)t->hits / t->n;
    gboolean off = t->n < 20 || rate > level * 1.2 + 3 * sqrt(level * (1 - level) / t->n);
    printf("| %u | %s | %u | | %s%.1f%s |\n", size, name, t->n, off ? "**" : "", 100 * rate, off ? "**" : "");
    return !off;
}
