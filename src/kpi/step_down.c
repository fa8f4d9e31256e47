/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/step_down.h"

#include <math.h>

#include "pairlift/stats/adjust.h"

typedef struct {
    guint n;
    double alpha;
    PlStanding *out, *now; /* [n] the second of one step */
    gboolean *in;          /* [n] still among the others */
    double *p, *adjusted;
    gsize *order;
} Steps;

/* Very small p-values are 0, all of them; then by the difference. */
static gboolean is_clearer(const PlStanding *a, const PlStanding *b) {
    return a->p != b->p ? a->p < b->p : fabs(a->difference) > fabs(b->difference);
}

/* Holm among those that are in, never below `least`, that of the one before. Returns the clearest; n: none.
 */
static guint adjust(const Steps *s, double least) {
    guint m = 0, best = s->n;
    for (guint g = 0; g < s->n; g++) {
        s->now[g].p_adjusted = NAN;
        if (s->in[g] && !isnan(s->now[g].p))
            s->p[m++] = s->now[g].p;
    }
    if (m == 0 || pl_adjust_holm(s->p, m, s->order, s->adjusted) != PL_OK)
        return s->n;
    m = 0;
    for (guint g = 0; g < s->n; g++) {
        PlStanding *now = &s->now[g];
        if (!s->in[g] || isnan(now->p))
            continue;
        now->p_adjusted = fmax(least, s->adjusted[m++]);
        if (best == s->n || is_clearer(now, &s->now[best]))
            best = g;
    }
    return best;
}

/* What the last comparison of a group says, beside that with all others. */
static void settle(const Steps *s, guint g) {
    const PlStanding *now = &s->now[g];
    PlStanding *out = &s->out[g];
    /* Who has become too small to be compared does not stand apart from those that are left. */
    double last = isnan(now->p_adjusted) ? 1 : now->p_adjusted;
    if (isnan(out->p))
        return;
    out->p_adjusted = (now->difference > 0) == (out->difference > 0) ? fmax(out->p_adjusted, last) : 1;
    out->apart = out->p_adjusted <= s->alpha;
    s->in[g] = FALSE;
}

static void step_down(const Steps *s, PlStandingTest *test, gpointer data) {
    guint left = s->n;
    double least = 0;
    for (guint step = 0; left > 0; step++) {
        test(data, s->in, s->now);
        guint best = adjust(s, least);
        for (guint g = 0; step == 0 && best < s->n && g < s->n; g++)
            s->out[g] = s->now[g];
        /* Of two that are left, each is all the others of the other one. */
        gboolean done = best == s->n || s->now[best].p_adjusted > s->alpha;
        if (done || left == 2 || step == PL_STEPS_MOST) {
            for (guint g = 0; g < s->n; g++)
                if (s->in[g])
                    settle(s, g);
            return;
        }
        least = s->now[best].p_adjusted;
        settle(s, best);
        left--;
    }
}

guint pl_kpi_step_down(guint n, double alpha, PlStandingTest *test, gpointer data, PlStanding *out) {
    g_autofree PlStanding *now = g_new(PlStanding, n + 1);
    g_autofree gboolean *in = g_new(gboolean, n + 1);
    g_autofree double *p = g_new(double, n + 1), *adjusted = g_new(double, n + 1);
    g_autofree gsize *order = g_new(gsize, n + 1);
    guint compared = 0;
    for (guint g = 0; g < n; g++) {
        in[g] = TRUE;
        out[g] = now[g] = (PlStanding){.p = NAN, .p_adjusted = NAN};
    }
    Steps steps = {n, alpha, out, now, in, p, adjusted, order};
    step_down(&steps, test, data);
    for (guint g = 0; g < n; g++)
        compared += !isnan(out[g].p);
    return compared;
}
