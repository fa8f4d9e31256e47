/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/words.h"

#include <math.h>

#include "pairlift/model/numbers.h"

/* Half the interval says how many digits an effect deserves. */
static double precision(const PlEstimate *e) {
    return (e->conf_high - e->conf_low) / 2;
}

char *pl_words_effect(const PlEstimate *e) {
    return isnan(e->estimate) ? g_strdup("n/a") : pl_format_effect(e->estimate, precision(e), e->scale, NULL);
}

char *pl_words_interval(const PlEstimate *e) {
    if (isnan(e->p_value))
        return g_strdup("n/a");
    double low = isnan(e->conf_low) ? -INFINITY : e->conf_low;
    double high = isnan(e->conf_high) ? INFINITY : e->conf_high;
    return pl_format_interval(low, high, e->scale, NULL);
}

char *pl_words_p(const PlEstimate *e) {
    g_autofree char *p = pl_format_p(e->p_value), *adjusted = pl_format_p(e->p_adjusted);
    if (e->p_adjusted == e->p_value || isnan(e->p_adjusted))
        return g_steal_pointer(&p);
    return g_strdup_printf("%s (adj. %s)", p, adjusted);
}

static char *span_words(const PlResult *r, const PlSpan *s) {
    g_autofree char *from = pl_day_format(s->first, r->time_kind), *to = pl_day_format(s->last, r->time_kind);
    return s->first == s->last ? g_steal_pointer(&from) : g_strdup_printf("%s to %s", from, to);
}

char *pl_words_design(const PlResult *r) {
    GString *s = g_string_new(NULL);
    if (r->groups)
        g_string_append_printf(s, "%u stores in %u groups", r->n_stores, g_strv_length(r->treatments) + 1);
    else
        g_string_append_printf(s, "%u pair%s of stores", r->n_pairs, r->n_pairs == 1 ? "" : "s");
    const PlSpan *spans[] = {&r->before, &r->during, &r->after};
    static const char *const names[] = {"before", "during", "after"};
    for (guint i = 0; i < G_N_ELEMENTS(spans); i++) {
        if (!spans[i]->given)
            continue;
        g_autofree char *span = span_words(r, spans[i]);
        g_string_append_printf(s, "; %s: %s (%u %s)", names[i], span, spans[i]->intervals,
                               pl_step_name(r->step, spans[i]->intervals));
    }
    return g_string_free(s, FALSE);
}

char *pl_words_methods_title(const PlResult *r, const char *treatment) {
    const PlEstimate *deciding = pl_result_deciding(r, treatment);
    g_autofree char *level =
        pl_format_size(deciding ? deciding->conf_level : 0, NAN, PL_EFFECT_RELATIVE, NULL);
    return g_strdup_printf("Effect of %s on %s, by method (%s intervals, * decides)", treatment, r->primary,
                           level);
}

char *pl_words_other_label(const PlResult *r, const PlEstimate *e) {
    GString *s = g_string_new(e->metric);
    if (!g_str_equal(e->period, "during"))
        g_string_append_printf(s, ", %s", e->period);
    if (r->treatments && r->treatments[0] && r->treatments[1])
        g_string_append_printf(s, ", %s", e->treatment);
    if (e->unit && *e->unit)
        g_string_append_printf(s, " (%s)", e->unit);
    return g_string_free(s, FALSE);
}

gboolean pl_words_is_main(const PlResult *r, const PlEstimate *e) {
    return g_strcmp0(e->metric, r->primary) == 0 && g_str_equal(e->period, "during");
}

char *pl_words_finding_label(const PlResult *r, const PlFinding *f) {
    GString *s = g_string_new(f->label);
    if (f->group)
        g_string_append_printf(s, ": %s", f->group);
    if (f->period && !g_str_equal(f->period, "during"))
        g_string_append_printf(s, ", %s", f->period);
    if (f->treatment && r->treatments && r->treatments[0] && r->treatments[1])
        g_string_append_printf(s, ", %s", f->treatment);
    return g_string_free(s, FALSE);
}

char *pl_words_finding_value(const PlFinding *f) {
    return pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
}

char *pl_words_finding_interval(const PlFinding *f) {
    double low = f->conf_low, high = f->conf_high;
    if (isnan(low) && isnan(high))
        return g_strdup("");
    /* the unit stands beside the value */
    return pl_format_amount_interval(isnan(low) ? -INFINITY : low, isnan(high) ? INFINITY : high, f->amount,
                                     NULL);
}

char *pl_words_finding_p(const PlFinding *f) {
    if (isnan(f->p_value))
        return g_strdup("");
    g_autofree char *p = pl_format_p(f->p_value), *adjusted = pl_format_p(f->p_adjusted);
    if (f->p_adjusted == f->p_value || isnan(f->p_adjusted))
        return g_steal_pointer(&p);
    return g_strdup_printf("%s (adj. %s)", p, adjusted);
}
