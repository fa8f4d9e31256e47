/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/volume.h"

#include <math.h>

#include "pairlift/stats/fieller.h"
#include "pairlift/stats/student.h"

static double least_of(const double *x, guint n) {
    double least = INFINITY;
    for (guint i = 0; i < n; i++)
        least = fmin(least, x[i]);
    return least;
}

/* The growth of sums over stores, with the store as the unit: what stores like these would have shown. */
static void set_growth(PlLikeForLike *like, const double *now, const double *then, double conf_level) {
    PlJointMeans means;
    PlFieller ratio;
    if (like->n == 0) {
        like->reason = "no store traded in the whole of both periods";
        return;
    }
    PlStatus status = pl_joint_means(now, then, like->n, &means);
    if (!(means.b > 0)) {
        like->reason = "these stores sold nothing in the earlier period";
        return;
    }
    if (!isfinite(means.a) || !isfinite(means.b) || !isfinite(means.a / means.b)) {
        like->reason = "the sales are more than a number can hold";
        return;
    }
    like->growth = means.a / means.b - 1;
    if (status == PL_OK)
        status = pl_fieller(&means, pl_student_quantile((1 - conf_level) / 2, means.df), &ratio);
    if (status == PL_OK) {
        like->low =
            fmax(ratio.low, least_of(now, like->n) < 0 ? -INFINITY : 0) - 1; /* nobody sells less than 0 */
        like->high = ratio.high - 1;
        return;
    }
    like->reason = status == PL_TOO_FEW
                       ? "one store alone has no interval"
                       : "the stores are too few, or too unlike one another, for an interval";
}

/* Sums a store's periods; FALSE: it did not trade in the whole of them. */
static gboolean sum_whole(const PlVolume *v, guint s, guint last, guint width, double *sum) {
    gsize at = (gsize)s * v->b->n;
    *sum = 0;
    for (guint k = last + 1 - width; k <= last; k++) {
        if (!v->whole[at + k])
            return FALSE;
        *sum += v->by_store[at + k];
    }
    return TRUE;
}

PlLikeForLike pl_volume_like_for_like(const PlVolume *v, PlVolumeSpan span, const guint *of_store,
                                      guint group) {
    PlLikeForLike like = {0, NAN, NAN, NAN, NULL};
    g_autofree double *a = g_new(double, v->n_stores + 1), *b = g_new(double, v->n_stores + 1);
    if (span.now == PL_NO_LEVEL || span.then == PL_NO_LEVEL) {
        like.reason = "the data do not reach back to a complete period to compare with";
        return like;
    }
    for (guint s = 0; s < v->n_stores; s++)
        if ((of_store == NULL || of_store[s] == group) && sum_whole(v, s, span.now, span.width, &a[like.n]) &&
            sum_whole(v, s, span.then, span.width, &b[like.n]))
            like.n++;
    set_growth(&like, a, b, v->run->conf_level);
    return like;
}

PlStatus pl_volume_lead(const PlVolume *v, PlVolumeSpan span, const guint *of_store, guint group,
                        PlMixIndex *lead) {
    g_autofree double *now = g_new(double, v->n_stores + 1), *then = g_new(double, v->n_stores + 1);
    g_autofree bool *here = g_new0(bool, v->n_stores + 1);
    guint n = 0;
    for (guint s = 0; s < v->n_stores; s++)
        if (of_store[s] != PL_NO_LEVEL && sum_whole(v, s, span.now, span.width, &now[n]) &&
            sum_whole(v, s, span.then, span.width, &then[n]))
            here[n++] = of_store[s] == group;
    return pl_mix_index(then, now, here, n, v->run->conf_level, lead);
}
