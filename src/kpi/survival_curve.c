/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/survival_curve.h"

#include <math.h>

/* Steps of a curve that is shown. */
#define STEPS_MOST 400

typedef struct {
    double time, y, low, high;
} Step;

typedef Step StepAt(const void *curve, gsize i);

static Step survival_step(const void *curve, gsize i) {
    const PlSurvivalPoint *p = &((const PlSurvivalCurve *)curve)->points[i];
    return (Step){p->time, p->survival, p->has_interval ? p->low : NAN, p->has_interval ? p->high : NAN};
}

static Step incidence_step(const void *curve, gsize i) {
    const PlIncidencePoint *p = &((const PlIncidenceCurve *)curve)->points[i];
    return (Step){p->time, p->incidence, p->has_interval ? p->low : NAN, p->has_interval ? p->high : NAN};
}

static void put(PlCurve *c, guint at, Step step) {
    c->x[at] = step.time;
    c->y[at] = step.y;
    c->low[at] = step.low;
    c->high[at] = step.high;
}

static PlCurve *make(PlSection *section, const char *name, const void *curve, StepAt *step_at, gsize n,
                     double start, double last_time) {
    guint shown = (guint)MIN(n, STEPS_MOST);
    Step last = {0, start, NAN, NAN};
    PlCurve *c = pl_section_add_curve(section, NULL, name, shown + 2);
    put(c, 0, last);
    for (guint i = 0; i < shown; i++) /* the last step is always among them */
        put(c, i + 1, last = step_at(curve, (gsize)((i + 1.) * (double)n / shown + .5) - 1));
    last.time = fmax(last_time, last.time);
    put(c, shown + 1, last);
    c->steps = TRUE;
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_SHARE;
    return c;
}

PlCurve *pl_curve_of_survival(PlSection *section, const char *name, const PlSurvivalCurve *curve) {
    return make(section, name, curve, survival_step, curve->n_points, 1, curve->last_time);
}

PlCurve *pl_curve_of_incidence(PlSection *section, const char *name, const PlIncidenceCurve *curve) {
    return make(section, name, curve, incidence_step, curve->n_points, 0, curve->last_time);
}
