/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/agreement.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/methods.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

/* A modified z-score beyond this is an outlier: Iglewicz and Hoaglin 1993, How to Detect and Handle
 * Outliers. */
#define OUTLIER_SCORE 3.5
/* The median absolute deviation of a normal distribution, in standard deviations. */
#define NORMAL_MAD 0.6745

/* -1, 0 or 1: what an estimate says at its level. */
static int conclusion(const PlEstimate *e) {
    if (!(e->p_value <= 1 - e->conf_level))
        return 0;
    return e->estimate > 0 ? 1 : -1;
}

static const char *said(int conclusion) {
    return conclusion > 0   ? "an effect above zero"
           : conclusion < 0 ? "an effect below zero"
                            : "nothing certain";
}

static void add_once(GPtrArray *reasons, char *reason) {
    if (g_ptr_array_find_with_equal_func(reasons, reason, g_str_equal, NULL))
        g_free(reason);
    else
        g_ptr_array_add(reasons, reason);
}

static gboolean counts_patterns(const char *method) {
    static const char *const ids[] = {"sign_flip", "signed_rank", "sign_test", NULL};
    return g_strv_contains(ids, method);
}

static double median_of(double *values, guint n) {
    pl_sort(values, n);
    return pl_quantile_sorted(values, n, 0.5);
}

/* The pair farthest off the others; NULL when none is an outlier. */
static const PlPair *outlier(const PlEffects *e) {
    if (e->groups)
        return NULL;
    g_autofree double *values = g_new(double, e->n + 1);
    memcpy(values, e->effects, e->n * sizeof *values);
    double middle = median_of(values, e->n), farthest = 0;
    const PlPair *pair = NULL;
    for (guint i = 0; i < e->n; i++) {
        values[i] = fabs(e->effects[i] - middle);
        if (values[i] > farthest) {
            farthest = values[i];
            pair = e->pairs[i];
        }
    }
    double mad = median_of(values, e->n);
    return e->n >= 4 && NORMAL_MAD * farthest > OUTLIER_SCORE * mad ? pair : NULL;
}

static gboolean drifted(const PlResult *result) {
    for (guint i = 0; i < result->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(result->checks, i);
        if (g_str_equal(c->name, "parallel_trend") && c->status == PL_WARN && !isnan(c->value))
            return TRUE;
    }
    return FALSE;
}

/* The smallest p that a method can have with these data: 2 / 2^n of one that counts signs or swaps, or what
 * it says itself; 0: none is known. */
static double smallest_p(const PlEstimate *e) {
    if (counts_patterns(e->method))
        return e->n < 64 ? ldexp(2, -(int)e->n) : 0;
    for (guint i = 0; i < e->figures->len; i++)
        if (g_str_equal(g_array_index(e->figures, PlNamedNumber, i).name, "smallest_p"))
            return g_array_index(e->figures, PlNamedNumber, i).value;
    return 0;
}

/* Methods of two designs see the data differently: a drift before, or the days beside the averages. */
static char *explain_design(const PlEstimate *e, const PlEstimate *deciding, const PlMethod *method,
                            gboolean groups, const PlResult *result) {
    gboolean pairs = method->groups || method->design == PL_DESIGN_PAIRS;
    if (drifted(result))
        return g_strdup(
            "the two sides drifted apart before already: methods that follow the course take that "
            "for the stores' way, those that compare two averages for effect");
    return g_strdup_printf("%s looks at every %s of the stores, %s at an average a %s",
                           pairs ? deciding->method : e->method, pl_step_name(result->step, 1),
                           pairs ? e->method : deciding->method, groups ? "store" : "pair");
}

/* Why one method can part from the one that decides; the reasons that hold in general come last. */
static void explain(const PlEstimate *e, const PlEstimate *deciding, const PlEffects *effects,
                    const PlResult *result, GPtrArray *reasons) {
    const PlMethod *method = pl_method_find(e->method), *first = pl_method_find(deciding->method);
    double least = smallest_p(e);
    const PlPair *far = outlier(effects);
    guint told = reasons->len;
    gboolean known = FALSE;
    if (e->n < method->liberal_below && conclusion(e) != 0) {
        add_once(reasons, g_strdup_printf("%s rejects too often with fewer than %zu %s", e->method,
                                          method->liberal_below, effects->groups ? "stores" : "pairs"));
        known = TRUE;
    }
    if (conclusion(e) == 0 && least > 1 - e->conf_level) {
        g_autofree char *p = pl_format_p(least);
        add_once(reasons,
                 counts_patterns(e->method)
                     ? g_strdup_printf("with %u pairs the smallest p of %s is %s", e->n, e->method, p)
                     : g_strdup_printf("with so few times the smallest p of %s is %s", e->method, p));
        known = TRUE;
    }
    if (effects->groups && effects->groups->n_blocks > 1 && method->groups &&
        (method->takes ^ first->takes) & PL_TAKES_ABSORB) {
        add_once(reasons,
                 g_strdup("ols compares stores within their block, the others across all of them: blocks "
                          "differ, and the groups are not spread evenly over them"));
        known = TRUE;
    }
    if (far && method->design == PL_DESIGN_PAIRS) {
        add_once(reasons, g_strdup_printf("the pair %s is far off the others, and pulls a mean more than a "
                                          "rank or a sign",
                                          far->id));
        known = TRUE;
    }
    if (!known && method->design != first->design)
        add_once(reasons, explain_design(e, deciding, method, effects->groups != NULL, result));
    else if (!known && reasons->len == told) {
        g_autofree char *here = pl_format_p(deciding->p_value), *there = pl_format_p(e->p_value);
        add_once(reasons, g_strdup_printf("p is %s by %s and %s by %s: methods that assume different things "
                                          "weigh the same %s differently",
                                          here, deciding->method, there, e->method,
                                          effects->groups ? "stores" : "pairs"));
    }
}

static char *join(const GPtrArray *words, const char *between, const char *last) {
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(s, "%s%s",
                               i == 0               ? ""
                               : i + 1 < words->len ? between
                                                    : last,
                               (const char *)g_ptr_array_index(words, i));
    return g_string_free(s, FALSE);
}

void pl_check_agreement(const PlEffects *effects, PlResult *result) {
    const PlEstimate *deciding = pl_result_deciding(result, effects->treatment);
    g_autoptr(GPtrArray) parting = g_ptr_array_new(), reasons = g_ptr_array_new_with_free_func(g_free);
    guint n = 0, unable = 0;
    if (!deciding || isnan(deciding->p_value))
        return;
    for (guint i = 0; i < result->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(result->estimates, i);
        if (!g_str_equal(e->treatment, deciding->treatment) || !g_str_equal(e->metric, deciding->metric) ||
            !g_str_equal(e->period, deciding->period) || isnan(e->p_value))
            continue;
        n++;
        if (conclusion(e) == conclusion(deciding))
            continue;
        g_ptr_array_add(parting, e->method);
        unable += conclusion(e) == 0 && smallest_p(e) > 1 - e->conf_level ? 1 : 0;
        explain(e, deciding, effects, result, reasons);
    }
    const char *whose =
        result->treatments && result->treatments[0] && result->treatments[1] ? deciding->treatment : NULL;
    if (n < 2)
        return;
    if (parting->len == 0) {
        pl_result_check(result, "methods_agree", PL_PASS, 0, "%s%sall %u methods find %s", whose ? whose : "",
                        whose ? ": " : "", n, said(conclusion(deciding)));
        return;
    }
    g_autofree char *names = join(parting, ", ", " and "), *why = join(reasons, "; ", "; ");
    if (unable == parting->len) {
        pl_result_check(result, "methods_agree", PL_PASS, 0,
                        "%s%s%s finds %s, and no method that can be sure parts from it; %s",
                        whose ? whose : "", whose ? ": " : "", deciding->method, said(conclusion(deciding)),
                        why);
        return;
    }
    pl_result_check(result, "methods_agree", PL_WARN, parting->len,
                    "%s%s%s finds %s, but %u of %u methods (%s) %s not: %s", whose ? whose : "",
                    whose ? ": " : "", deciding->method, said(conclusion(deciding)), parting->len, n, names,
                    parting->len == 1 ? "does" : "do", why);
}
