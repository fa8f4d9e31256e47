/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/advice.h"

#include <math.h>

#include "pairlift/model/numbers.h"

/* A smaller chance is no number to be told. */
#define LEAST_CHANCE 0.01

const char *pl_advice_name(PlAdviceKind kind) {
    static const char *const names[] = {
        [PL_ADVICE_UNKNOWN] = "unknown", [PL_ADVICE_GO_ON] = "go on",   [PL_ADVICE_WIN] = "win",
        [PL_ADVICE_HARM] = "harm",       [PL_ADVICE_FUTILE] = "futile", [PL_ADVICE_OVER] = "over"};
    return names[kind];
}

static const PlPathLook *last_with_error(const PlLookPath *path) {
    for (guint i = path->n; i > 0; i--)
        if (!isnan(path->looks[i - 1].always.p_value))
            return &path->looks[i - 1];
    return NULL;
}

/* The look that has decided, and its numbers. */
static void find_decision(const PlLookPath *path, PlAdvice *a) {
    for (guint k = 0; a->by_plan && k < path->n_made && !a->first; k++) {
        const PlPlannedLook *planned = &path->planned[k];
        if (!planned->crossed)
            continue;
        a->first = a->look = &path->looks[path->made[k]];
        a->low = planned->low;
        a->high = planned->high;
        a->p = planned->p;
    }
    for (guint i = 0; !a->by_plan && i < path->n && !a->first; i++)
        if (path->looks[i].always.p_value <= path->alpha)
            a->first = &path->looks[i];
}

/* The boundary of |z| that the end of the promotion has. */
static double last_boundary(const PlLookPath *path, gboolean by_plan) {
    return by_plan && path->n_planned > 0 ? path->critical[path->n_planned - 1]
                                          : pl_look_multiplier(1, path->alpha);
}

static void ask_futility(const PlLookPath *path, double threshold, PlAdvice *a) {
    const PlLook *look = &a->look->look;
    double z = pl_normal_of_student(look->estimate / look->std_error, look->df);
    double at_end = threshold / (look->std_error * sqrt(look->information));
    if (look->information < 1)
        a->chance = pl_conditional_power(z, look->information, at_end, last_boundary(path, a->by_plan));
    a->left_out = a->high < threshold;
    if (a->left_out || a->chance < PL_FUTILE_BELOW)
        a->kind = PL_ADVICE_FUTILE;
}

/* Intervals until the statistic of an effect that stays as it is, with an error that falls with the square
 * root of time, is beyond the boundary. The error falls more slowly than that, as stores follow themselves.
 */
static int intervals_to_decision(const PlLookPath *path, const PlAdvice *a) {
    const PlLook *look = &a->look->look;
    guint passed = (guint)floor(look->information * path->expected + 0.5);
    for (guint k = passed + 1, j = 0; k <= path->expected; k++) {
        double t = (double)k / path->expected, boundary = pl_look_multiplier(t, path->alpha);
        while (a->by_plan && j < path->n_planned && path->information[j] < t - 1e-9)
            j++;
        if (a->by_plan && (j >= path->n_planned || path->information[j] > t + 1e-9))
            continue;
        if (a->by_plan)
            boundary = path->critical[j];
        double z = pl_normal_of_student(fabs(look->estimate) / look->std_error * sqrt(t / look->information),
                                        look->df);
        if (z >= boundary)
            return (int)(k - passed);
    }
    return -1;
}

static int next_planned(const PlLookPath *path) {
    const PlPathLook *now = pl_look_path_last(path);
    for (guint j = 0; now && j < path->n_planned; j++)
        if (path->information[j] > now->look.information + 1e-9)
            return (int)j;
    return -1;
}

PlAdvice pl_advice(const PlLookPath *path, gboolean by_plan, double threshold, gboolean may_be_futile) {
    PlAdvice a = {.kind = PL_ADVICE_UNKNOWN,
                  .by_plan = by_plan,
                  .chance = NAN,
                  .expected = -1,
                  .next_planned = next_planned(path)};
    a.look = last_with_error(path);
    a.low = a.look ? a.look->always.conf_low : NAN;
    a.high = a.look ? a.look->always.conf_high : NAN;
    a.p = a.look ? a.look->p_running : NAN;
    if (!a.look)
        return a;
    find_decision(path, &a);
    if (a.first) {
        a.kind = a.first->look.estimate > 0 ? PL_ADVICE_WIN : PL_ADVICE_HARM;
        return a;
    }
    gboolean over = pl_look_path_last(path)->look.information >= 1 - 1e-9;
    a.kind = over ? PL_ADVICE_OVER : PL_ADVICE_GO_ON;
    if (by_plan && over && path->n_made > 0) { /* the final inference is the plan's */
        const PlPlannedLook *planned = &path->planned[path->n_made - 1];
        a.look = &path->looks[path->made[path->n_made - 1]];
        a.low = planned->low;
        a.high = planned->high;
        a.p = planned->p;
    }
    if (threshold > 0 && may_be_futile)
        ask_futility(path, threshold, &a);
    if (a.kind == PL_ADVICE_GO_ON)
        a.expected = intervals_to_decision(path, &a);
    return a;
}

static double shown(const PlAdviceWords *w, double effect) {
    return w->scale == PL_EFFECT_RELATIVE ? expm1(effect) : effect;
}

static char *interval_words(const PlAdviceWords *w) {
    const PlAdvice *a = w->advice;
    g_autofree char *level = pl_format_size(1 - w->path->alpha, NAN, PL_EFFECT_RELATIVE, NULL);
    if (!isfinite(a->low) && !isfinite(a->high))
        return g_strdup("no limits yet");
    double low = shown(w, a->low), high = shown(w, a->high);
    g_autofree char *interval = pl_format_interval(low, high, w->scale, w->unit);
    return g_strdup_printf("%s, %s %s", interval, level,
                           a->by_plan && (a->first || a->kind == PL_ADVICE_OVER) ? "over all planned looks"
                                                                                 : "however often one looks");
}

/* "after 14 of 28 days" */
static char *passed_words(const PlAdviceWords *w) {
    guint passed = (guint)floor(w->advice->look->look.information * w->path->expected + 0.5);
    return g_strdup_printf("after %u of %u %s", passed, w->path->expected,
                           pl_step_name(w->step, w->path->expected));
}

static char *size_words(const PlAdviceWords *w, gboolean sign) {
    const PlAdvice *a = w->advice;
    double x = shown(w, a->look->look.estimate), half = (shown(w, a->high) - shown(w, a->low)) / 2;
    half = isfinite(half) ? half : NAN;
    return sign ? pl_format_effect(x, half, w->scale, w->unit)
                : pl_format_size(fabs(x), half, w->scale, w->unit);
}

static gboolean is_over(const PlAdviceWords *w) {
    return pl_look_path_last(w->path)->look.information >= 1 - 1e-9;
}

static void say_decision(const PlAdviceWords *w, GString *s) {
    const PlAdvice *a = w->advice;
    g_autofree char *size = size_words(w, FALSE), *interval = interval_words(w), *passed = passed_words(w);
    g_autofree char *day = pl_day_format(a->first->day, w->time_kind);
    gboolean rose = a->look->look.estimate > 0;
    gboolean over = is_over(w);
    g_string_append_printf(s, "%s%s: %s, with %s, %s %s by %s against the controls (%s).",
                           over ? "Shown" : "You may stop",
                           a->kind == PL_ADVICE_HARM && !over ? ", for harm" : "", passed, w->treatment,
                           w->what, rose ? "rose" : "fell", size, interval);
    if (a->look != a->first)
        g_string_append_printf(s, " It was shown first on %s%s.", day,
                               a->low > 0 || a->high < 0 ? ""
                                                         : "; the limits of the last look include no change "
                                                           "again, so it may have faded since");
    if (isfinite(a->p)) {
        g_autofree char *chance = pl_format_chance(a->p);
        g_string_append_printf(
            s, " Without any effect %s experiments that are looked at like this would get here.", chance);
    }
    if (a->kind == PL_ADVICE_WIN && w->threshold > 0 && !(shown(w, a->low) >= w->threshold)) {
        g_autofree char *threshold = pl_format_size(w->threshold, NAN, w->scale, w->unit);
        g_string_append_printf(s, " It is not shown to reach %s, the smallest effect worth having.",
                               threshold);
    }
    if (w->randomised == PL_RANDOMISED_NO)
        g_string_append(s, " The stores were not assigned at random, so a difference may have other causes.");
}

static void say_futile(const PlAdviceWords *w, GString *s) {
    const PlAdvice *a = w->advice;
    g_autofree char *size = size_words(w, TRUE), *interval = interval_words(w), *passed = passed_words(w);
    g_autofree char *threshold = pl_format_size(w->threshold, NAN, w->scale, w->unit);
    g_autofree char *end = pl_day_format(w->last, w->time_kind);
    g_string_append_printf(
        s,
        "You may stop: an effect of %s, the smallest worth having, %s. %c%s, with %s, %s moved "
        "by %s against the controls (%s)",
        threshold, a->left_out ? "is out of reach" : "can hardly be shown any more, even if it is there",
        g_ascii_toupper(passed[0]), passed + 1, w->treatment, w->what, size, interval);
    if (a->left_out) {
        g_string_append(s, ", an interval that leaves it out.");
    } else {
        g_autofree char *chance = pl_format_size(100 * a->chance, 1, PL_EFFECT_ABSOLUTE, "%");
        g_string_append_printf(s, "; if it were true, the chance to show it by %s would be %s%s.", end,
                               a->chance < LEAST_CHANCE ? "less than " : "about ",
                               a->chance < LEAST_CHANCE ? "1 %" : chance);
    }
    g_string_append(s, " That is advice, no proof that there is no effect; going on is safe, too.");
}

static void say_next(const PlAdviceWords *w, GString *s) {
    const PlAdvice *a = w->advice;
    g_autofree char *end = pl_day_format(w->last, w->time_kind);
    if (a->next_planned >= 0) {
        guint passed = w->path->expected - w->future->len;
        guint at = (guint)floor(w->path->information[a->next_planned] * w->path->expected + 0.5);
        if (at > passed && at - passed <= w->future->len) {
            g_autofree char *day =
                pl_day_format(g_array_index(w->future, PlDay, at - passed - 1), w->time_kind);
            g_string_append_printf(s, " The next planned look is %d of %u, on %s.", a->next_planned + 1,
                                   w->path->n_planned, day);
        }
    }
    if (a->expected > 0 && (guint)a->expected <= w->future->len) {
        g_autofree char *day = pl_day_format(g_array_index(w->future, PlDay, a->expected - 1), w->time_kind);
        g_string_append_printf(
            s, " If the effect stays as it is, a decision is expected by %s at the earliest.", day);
    } else {
        g_string_append_printf(
            s,
            " If the effect stays as it is, no decision is expected before the promotion ends "
            "on %s.",
            end);
    }
}

static void say_open(const PlAdviceWords *w, GString *s) {
    g_autofree char *size = size_words(w, TRUE), *interval = interval_words(w), *passed = passed_words(w);
    gboolean over = w->advice->kind == PL_ADVICE_OVER;
    g_string_append_printf(s, "%s %c%s, with %s, %s moved by %s against the controls (%s).",
                           over ? "The promotion is over, and whether it had an effect cannot be told."
                                : "Go on: it cannot be told yet.",
                           g_ascii_toupper(passed[0]), passed + 1, w->treatment, w->what, size, interval);
    if (w->advice->by_plan && pl_look_path_last(w->path)->p_running <= w->path->alpha)
        g_string_append(
            s, " The limits that hold at any time have left out zero already, but the plan's boundaries "
               "decide.");
    if (!over)
        say_next(w, s);
    else if (w->advice->by_plan)
        g_string_append(
            s, " This is the result of the plan; a test that ignores the looks would find effects too "
               "often.");
}

static void say_unknown(const PlAdviceWords *w, GString *s) {
    const PlPathLook *now = pl_look_path_last(w->path);
    g_string_append_printf(s, "Cannot tell what %s does to %s: %s.", w->treatment, w->what,
                           now && now->reason ? now->reason : "there is no look yet");
}

char *pl_advice_sentence(const PlAdviceWords *w) {
    GString *s = g_string_new(NULL);
    switch (w->advice->kind) {
    case PL_ADVICE_WIN:
    case PL_ADVICE_HARM:
        say_decision(w, s);
        break;
    case PL_ADVICE_FUTILE:
        say_futile(w, s);
        break;
    case PL_ADVICE_GO_ON:
    case PL_ADVICE_OVER:
        say_open(w, s);
        break;
    case PL_ADVICE_UNKNOWN:
        say_unknown(w, s);
        break;
    }
    return g_string_free(s, FALSE);
}

char *pl_advice_headline(const PlAdviceWords *w) {
    if (w->advice->kind == PL_ADVICE_UNKNOWN)
        return g_strdup_printf("Cannot tell what %s does to %s", w->treatment, w->what);
    g_autofree char *size = size_words(w, FALSE);
    if (w->advice->first)
        return g_strdup_printf("%s: with %s, %s %s by %s", is_over(w) ? "Shown" : "You may stop",
                               w->treatment, w->what, w->advice->look->look.estimate > 0 ? "rose" : "fell",
                               size);
    if (w->advice->kind == PL_ADVICE_FUTILE) {
        g_autofree char *threshold = pl_format_size(w->threshold, NAN, w->scale, w->unit);
        return g_strdup_printf("You may stop: %s on %s %s", threshold, w->what,
                               w->advice->left_out ? "is out of reach" : "can hardly be shown any more");
    }
    return g_strdup_printf(w->advice->kind == PL_ADVICE_OVER ? "Cannot tell whether %s changed %s"
                                                             : "Go on: cannot tell yet what %s does to %s",
                           w->treatment, w->what);
}
