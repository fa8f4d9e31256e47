/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/incidence.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Sums over the times so far, of which the variance at any later incidence F is made:
 * sum of (F - F_i)^2 a_i + b_i - 2 (F - F_i) c_i. */
typedef struct {
    double a, a_f, a_ff, b, c, c_f;
} Sums;

/* One time with `events` endings, `own` of them of the cause, of `risk` still open; `before` is the share
 * still open just before it, `f` the incidence just after. */
static void add_time(Sums *s, double risk, double events, double own, double before, double f) {
    if (risk > events) { /* else nothing can come after it */
        double a = events / (risk * (risk - events));
        s->a += a;
        s->a_f += a * f;
        s->a_ff += a * f * f;
    }
    double c = before * own / (risk * risk);
    s->b += before * before * own * (risk - own) / (risk * risk * risk);
    s->c += c;
    s->c_f += c * f;
}

static double variance_at(const Sums *s, double f) {
    return fmax(0, f * f * s->a - 2 * f * s->a_f + s->a_ff + s->b - 2 * (f * s->c - s->c_f));
}

/* On the scale of the logit, which keeps the interval within 0 and 1. */
static void set_interval(PlIncidencePoint *p, double z) {
    double f = p->incidence, reach = z * p->std_error / (f * (1 - f));
    if (!(f < 1) || !isfinite(reach))
        return;
    p->has_interval = true;
    p->low = f / (f + (1 - f) * exp(reach));
    p->high = f / (f + (1 - f) * exp(-reach));
}

/* The cumulative incidence of one cause among n lifetimes, ascending by time (pl_lifetimes_sort): the share
 * that has ended in this way by each time, when others may end in another way first. 1 - Kaplan-Meier with
 * the other endings censored would overstate it, as if those could still end in this way. Standard error by
 * the delta method, interval on the scale of the logit. Assumes that leaving observation says nothing about
 * the ending. PL_TOO_FEW: n < 1. PL_BAD_ARGUMENT: conf_level.
 * Source: Aalen and Johansen 1978, Scandinavian Journal of Statistics 5, 141-150; variance: Marubini and
 * Valsecchi 1995, Analysing Survival Data from Clinical Trials and Observational Studies, section 10.4.
 * Check: R's survfit, the binomial variance without censoring, Greenwood's with one cause, and the bootstrap:
 * tests/unit/stats/test_incidence.c. */
PlStatus pl_incidence(const PlLifetime *sorted, size_t n, size_t cause, double conf_level, PlArena *arena,
                      PlIncidenceCurve *out) {
    if (n < 1)
        return PL_TOO_FEW;
    if (!(conf_level > 0 && conf_level < 1))
        return PL_BAD_ARGUMENT;
    PlIncidencePoint *points = pl_arena_take(arena, n, sizeof *points);
    if (!points)
        return PL_NO_MEMORY;
    *out = (PlIncidenceCurve){.n = n, .points = points, .last_time = sorted[n - 1].time};
    double z = gsl_cdf_ugaussian_Qinv((1 - conf_level) / 2), open = 1, f = 0;
    Sums sums = {0};
    for (size_t i = 0, next; i < n; i = next) {
        size_t events = 0, own = 0;
        for (next = i; next < n && sorted[next].time == sorted[i].time; next++) {
            events += sorted[next].event;
            own += sorted[next].event && sorted[next].group == cause;
        }
        double risk = (double)(n - i), before = open;
        f += open * (double)own / risk;
        open *= (risk - (double)events) / risk;
        add_time(&sums, risk, (double)events, (double)own, before, f);
        if (own == 0)
            continue;
        out->n_events += own;
        PlIncidencePoint *p = &points[out->n_points++];
        *p = (PlIncidencePoint){.time = sorted[i].time, .n_risk = n - i, .n_event = own, .incidence = f};
        p->std_error = sqrt(variance_at(&sums, f));
        set_interval(p, z);
    }
    out->all_ended = open == 0;
    return PL_OK;
}

/* The share that has ended by the cause by `time`. See pl_survival_at, of which this is the counterpart. */
void pl_incidence_at(const PlIncidenceCurve *curve, const PlLifetime *sorted, double time,
                     PlIncidenceAt *out) {
    size_t n_before = 0, n_points = 0;
    while (n_before < curve->n && sorted[n_before].time < time)
        n_before++;
    while (n_points < curve->n_points && curve->points[n_points].time <= time)
        n_points++;
    *out = (PlIncidenceAt){.n_risk = curve->n - n_before};
    if (time > curve->last_time && !curve->all_ended)
        return;
    out->estimable = true;
    if (n_points == 0)
        return;
    const PlIncidencePoint *p = &curve->points[n_points - 1];
    out->incidence = p->incidence;
    out->std_error = p->std_error;
    out->has_interval = p->has_interval;
    out->low = p->low;
    out->high = p->high;
}
