/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/placebo.h"

#include "pairlift/stats/rng.h"

#include <math.h>

/* n over k, or some number above `most`. */
static double combinations(size_t n, size_t k, double most) {
    double count = 1;
    for (size_t i = 1; i <= k && count <= most; i++)
        count = round(count * (double)(n - k + i) / (double)i);
    return count;
}

/* All groups where there are not more of them than options->resamples, or where a group is one control; else
 * that many, drawn with options->seed. A group leaves at least one control to compare it with. */
PlPlacebos pl_placebos(size_t n_controls, size_t n_treated, const PlInferenceOptions *options) {
    PlPlacebos p = {.n = n_controls, .size = n_treated, .seed = options->seed};
    if (n_treated == 0 || n_controls <= n_treated)
        return p;
    double most = n_treated == 1 ? (double)n_controls : (double)options->resamples;
    double there_are = combinations(n_controls, n_treated, most);
    p.all = there_are <= most;
    p.count = p.all ? (size_t)there_are : options->resamples;
    return p;
}

/* order [n]: the controls, those of group `index` first. */
void pl_placebo_group(const PlPlacebos *placebos, size_t index, size_t *order) {
    size_t n = placebos->n, size = placebos->size, taken = 0, rest = size;
    if (!placebos->all) {
        PlRng rng = pl_rng_stream(placebos->seed, index);
        for (size_t i = 0; i < n; i++)
            order[i] = i;
        for (size_t i = 0; i < size; i++) {
            size_t other = i + (size_t)(pl_rng_uniform(&rng) * (double)(n - i)), swap = order[i];
            order[i] = order[other];
            order[other] = swap;
        }
        return;
    }
    double left = (double)index; /* place among the groups that begin with the controls taken so far */
    for (size_t i = 0; i < n; i++) {
        double with = taken < size ? combinations(n - i - 1, size - taken - 1, HUGE_VAL) : 0;
        if (taken < size && left < with) {
            order[taken++] = i;
        } else {
            left -= with;
            order[rest++] = i;
        }
    }
}
