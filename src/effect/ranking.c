/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/ranking.h"

#include <math.h>

#include "pairlift/effect/contrasts.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/best.h"

/* More treatments than this have more contrasts than anybody reads. */
enum { CONTRASTS_FOR = 12 };

typedef struct {
    const PlStudy *study;
    PlResult *result;
    PlSection *section;
    guint k;
    const PlEstimate **estimates; /* [k] deciding, in the definition's order; never NULL */
    double *scaled;               /* [k] on the scale of the test */
    PlInference *contrast;        /* [k * k] j minus i at i * k + j, i < j */
    PlStatus *status;             /* [k * k] of these */
    double *adjusted;             /* [k * k] p-values */
    double *best;                 /* [k]; NaN: cannot be said */
    guint *order;                 /* [k] best first */
} Ranking;

static double shown(const Ranking *r, double x) {
    return !isfinite(x) ? NAN : r->result->scale == PL_EFFECT_RELATIVE ? expm1(x) : x;
}

static PlAmount amount_of(const Ranking *r) {
    return r->result->scale == PL_EFFECT_RELATIVE ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS;
}

static gboolean less_is_better(const Ranking *r) {
    return r->study->options.alternative == PL_LESS;
}

static void compare(Ranking *r) {
    guint n = 0, k = r->k;
    g_autofree double *p = g_new(double, k *k + 1), *holm = g_new(double, k *k + 1);
    g_autofree size_t *order = g_new(size_t, k * k + 1);
    for (guint i = 0; i < k; i++)
        for (guint j = i + 1; j < k; j++) {
            guint at = i * k + j;
            r->status[at] = pl_contrast(r->study, i, j, &r->contrast[at]);
            if (r->status[at] == PL_OK)
                p[n++] = r->contrast[at].p_value;
        }
    if (n == 0 || pl_adjust_holm(p, n, order, holm) != PL_OK)
        return;
    n = 0;
    for (guint at = 0; at < k * k; at++)
        if (at / k < at % k && r->status[at] == PL_OK)
            r->adjusted[at] = holm[n++];
}

/* The covariance of two estimates from the variance of their difference. */
static void find_best(Ranking *r) {
    guint k = r->k;
    PlArena arena = {0};
    g_autofree double *v = g_new0(double, k *k + 1), *at = g_new0(double, k + 1);
    double df = INFINITY, shrunk;
    gboolean complete = TRUE;
    for (guint i = 0; i < k; i++) {
        double error = r->estimates[i]->std_error;
        at[i] = less_is_better(r) ? -r->scaled[i] : r->scaled[i];
        v[i * k + i] = error * error;
        /* a method without degrees of freedom has those of its units */
        double own = isfinite(r->estimates[i]->df) ? r->estimates[i]->df : (double)r->estimates[i]->n - 1;
        df = fmin(df, own);
    }
    for (guint i = 0; i < k; i++)
        for (guint j = i + 1; j < k; j++) {
            const PlInference *c = &r->contrast[i * k + j];
            complete = complete && r->status[i * k + j] == PL_OK;
            v[i * k + j] = v[j * k + i] = (v[i * k + i] + v[j * k + j] - c->std_error * c->std_error) / 2;
        }
    if (!complete ||
        pl_probability_best(at, v, k, fmax(df, 1), &r->study->options, &arena, r->best, &shrunk) != PL_OK)
        for (guint i = 0; i < k; i++)
            r->best[i] = NAN;
    pl_arena_clear(&arena);
}

static void sort(Ranking *r) {
    double sign = less_is_better(r) ? -1 : 1;
    for (guint i = 0; i < r->k; i++) {
        guint at = i;
        for (; at > 0 && sign * r->scaled[r->order[at - 1]] < sign * r->scaled[i]; at--)
            r->order[at] = r->order[at - 1];
        r->order[at] = i;
    }
}

/* Whether the first one's lead on the next is more than chance. */
static gboolean is_ahead(const Ranking *r) {
    guint at = MIN(r->order[0], r->order[1]) * r->k + MAX(r->order[0], r->order[1]);
    return !isnan(r->best[r->order[0]]) && r->status[at] == PL_OK &&
           r->adjusted[at] <= 1 - r->study->options.conf_level;
}

static void add_effects(Ranking *r) {
    for (guint rank = 0; rank < r->k; rank++) {
        guint i = r->order[rank];
        const PlEstimate *e = r->estimates[i];
        PlFinding *f = pl_section_add(r->section, NULL, "effect", "Effect", amount_of(r));
        f->group = g_strdup(e->treatment);
        f->unit = g_strdup(e->unit);
        f->value = e->estimate;
        f->std_error = e->std_error;
        f->conf_low = e->conf_low;
        f->conf_high = e->conf_high;
        f->conf_level = e->conf_level;
        f->p_value = e->p_value;
        f->p_adjusted = e->p_adjusted;
        f->n = e->n;
    }
    for (guint rank = 0; rank < r->k; rank++) {
        guint i = r->order[rank];
        PlFinding *f = pl_section_add(r->section, NULL, "probability_best", "Probability of being best",
                                      PL_AMOUNT_CHANCE);
        f->group = g_strdup(r->estimates[i]->treatment);
        f->value = r->best[i];
        f->n = r->estimates[i]->n;
        if (rank == 0 && is_ahead(r))
            f->verdict = g_strdup("best");
        if (isnan(f->value))
            f->reason = g_strdup("the treatments cannot all be compared with one another");
    }
}

/* The better one of the two comes first. */
static void add_contrasts(Ranking *r) {
    for (guint a = 0; a < r->k && r->k <= CONTRASTS_FOR; a++)
        for (guint b = a + 1; b < r->k; b++) {
            guint better = r->order[a], other = r->order[b],
                  at = MIN(better, other) * r->k + MAX(better, other);
            gboolean swap = better < other; /* the contrast is of the later one minus the earlier */
            const PlInference *c = &r->contrast[at];
            PlFinding *f = pl_section_add(r->section, NULL, "difference", "Difference", amount_of(r));
            f->group = g_strdup_printf("%s against %s", r->estimates[better]->treatment,
                                       r->estimates[other]->treatment);
            f->unit = g_strdup(r->estimates[better]->unit);
            if (r->status[at] != PL_OK) {
                f->reason = g_strdup(pl_status_text(r->status[at]));
                continue;
            }
            f->value = shown(r, swap ? -c->estimate : c->estimate);
            f->std_error = c->std_error;
            f->conf_low = shown(r, swap ? -c->conf_high : c->conf_low);
            f->conf_high = shown(r, swap ? -c->conf_low : c->conf_high);
            f->conf_level = c->conf_level;
            f->p_value = c->p_value;
            f->p_adjusted = r->adjusted[at];
            f->n = (guint)c->n;
        }
}

/* The best effect need not be the best deal. */
static void say_money(const Ranking *r) {
    const PlSection *economics = pl_result_section(r->result, "economics");
    const PlFinding *most = NULL;
    for (guint i = 0; i < r->k; i++) {
        const PlFinding *net = pl_section_find(economics, r->estimates[i]->treatment, "net_profit");
        if (!net || !isfinite(net->value))
            return;
        most = most && most->value >= net->value ? most : net;
    }
    const char *first = r->estimates[r->order[0]]->treatment;
    if (g_str_equal(most->treatment, first))
        return;
    g_autofree char *net =
        pl_format_amount(most->value, (most->conf_high - most->conf_low) / 2, most->amount, most->unit);
    pl_section_say(r->section,
                   "This ranks effects, not money: the estimate of net profit is highest with %s (%s), not "
                   "with %s.",
                   most->treatment, net, first);
}

static void say(const Ranking *r) {
    const PlEstimate *first = r->estimates[r->order[0]], *second = r->estimates[r->order[1]];
    double best = r->best[r->order[0]];
    g_autofree char *chance = pl_format_amount(best, NAN, PL_AMOUNT_CHANCE, NULL);
    gboolean sure = !(first->p_adjusted > 1 - first->conf_level);
    gboolean helps = sure && (less_is_better(r) ? first->conf_high < 0 : first->conf_low > 0),
             harms = sure && (less_is_better(r) ? first->conf_low > 0 : first->conf_high < 0);
    if (isnan(best)) {
        pl_section_say(r->section,
                       "%s has the largest effect of %u treatments, but how sure that is cannot be said.",
                       first->treatment, r->k);
        return;
    }
    if (is_ahead(r))
        pl_section_say(
            r->section,
            "%s has the best effect on %s of the %u treatments with a probability of %s, and is ahead of %s, "
            "the next one, by more than chance.",
            first->treatment, r->result->label, r->k, chance, second->treatment);
    else
        pl_section_say(
            r->section,
            "Cannot tell which of the %u treatments has the best effect on %s: %s leads with a probability "
            "of %s, but its lead on %s may be chance.",
            r->k, r->result->label, first->treatment, chance, second->treatment);
    if (harms)
        pl_section_say(r->section, "But even %s did worse than the control stores.", first->treatment);
    else if (!helps)
        pl_section_say(r->section, "But %s itself is not shown to do better than the control stores.",
                       first->treatment);
}

static gboolean collect(Ranking *r) {
    const GPtrArray *treatments = r->study->def->treatments;
    for (guint i = 0; i < r->k; i++) {
        const PlTreatment *t = g_ptr_array_index(treatments, i);
        r->estimates[i] = pl_result_deciding(r->result, t->name);
        if (!r->estimates[i] || !isfinite(r->estimates[i]->estimate))
            return FALSE;
        r->scaled[i] = r->result->scale == PL_EFFECT_RELATIVE ? log1p(r->estimates[i]->estimate)
                                                              : r->estimates[i]->estimate;
    }
    return TRUE;
}

void pl_add_ranking(const PlStudy *study, PlResult *result) {
    guint k = study->def->treatments->len;
    if (k < 2 || study->deciding->len < k)
        return;
    g_autofree const PlEstimate **estimates = g_new0(const PlEstimate *, k + 1);
    g_autofree double *scaled = g_new0(double, k + 1), *adjusted = g_new0(double, k *k + 1),
                      *best = g_new0(double, k + 1);
    g_autofree PlInference *contrast = g_new0(PlInference, k * k + 1);
    g_autofree PlStatus *status = g_new0(PlStatus, k * k + 1);
    g_autofree guint *order = g_new0(guint, k + 1);
    Ranking r = {study, result, NULL, k, estimates, scaled, contrast, status, adjusted, best, order};
    r.section = pl_result_add_section(result, "ranking", "Which treatment was best");
    if (!collect(&r)) {
        pl_section_say(r.section,
                       "The treatments cannot be ranked: one of them has no effect that could be estimated.");
        return;
    }
    compare(&r);
    sort(&r);
    find_best(&r);
    add_effects(&r);
    add_contrasts(&r);
    say(&r);
    say_money(&r);
}
