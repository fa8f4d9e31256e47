/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/decomposition.h"

#include <math.h>
#include <string.h>

#include "pairlift/effect/arm_effects.h"
#include "pairlift/effect/totals.h"
#include "pairlift/stats/log_mean.h"

enum { MEASURES = 3 };

/* Logarithms of the same price carry this much rounding: what lies within is no change. */
#define NOISE 1e-12

/* The same of a total, and of the ratio of two. */
#define ROUNDING 1e-13

static const char *const roles[MEASURES] = {"visits", "units", "revenue"};

/* A measure over the one before it in the chain. */
typedef struct {
    const char *id, *label, *words;
} Factor;
static const Factor first_of[MEASURES] = {
    {"visits", "Visits", "visits"}, {"units", "Items sold", "items sold"}, {"revenue", "Revenue", "revenue"}};
static const Factor ratio_of[MEASURES][MEASURES] = {
    [0] = {[1] = {"basket", "Items a visit", "items a visit"},
           [2] = {"spend", "Revenue a visit", "revenue a visit"}},
    [1] = {[2] = {"price", "Price an item", "the price an item"}}};

typedef struct {
    const PlStudy *study;
    PlResult *result;
    PlSection *section;
    guint n; /* measures there are, from the first of the chain to the one that is split */
    PlTotalOf measures[MEASURES];
    Factor factors[MEASURES]; /* [n] */
    Factor whole;
    PlAmount amount; /* of the whole: money or units */
    const char *unit;
    PlArena arena;
} Work;

/* Which columns there are; FALSE: fewer than two, so there is nothing to split. */
static gboolean find_chain(Work *w) {
    int last = -1;
    for (int r = 0; r < MEASURES; r++) {
        PlBoundMetric bound;
        if (!pl_study_measure(w->study, roles[r], &bound))
            continue;
        w->measures[w->n] = (PlTotalOf){bound, w->study->def->analysis.effect};
        w->factors[w->n++] = last < 0 ? first_of[r] : ratio_of[last][r];
        last = r;
    }
    if (w->n < 2)
        return FALSE;
    const PlMetric *metric = pl_metric_of_measure(w->study, &w->measures[w->n - 1].metric);
    w->whole = first_of[last];
    w->amount = last == 2 ? PL_AMOUNT_MONEY : PL_AMOUNT_UNITS;
    w->unit = metric ? metric->unit : NULL;
    return TRUE;
}

static char *title_of(const Work *w) {
    GString *text = g_string_new("Why: ");
    for (guint k = 0; k < w->n; k++) {
        const char *separator = k == 0 ? "" : k + 1 == w->n ? " and " : ", ";
        g_string_append_printf(text, "%s%s", separator, w->factors[k].words);
    }
    return g_string_free(text, FALSE);
}

/* The change of a factor's logarithm in a store; without a period before, the logarithm itself. */
static double log_change(const PlTotals *t, guint factor, guint store, gboolean has_before) {
    double during = log(t->during[factor][store]), before = has_before ? log(t->before[factor][store]) : 0;
    if (factor > 0) {
        during -= log(t->during[factor - 1][store]);
        before -= has_before ? log(t->before[factor - 1][store]) : 0;
    }
    return during - before;
}

/* The change in a store of one factor or (-1) of all together. */
static double change_of(const Work *w, const PlTotals *t, int factor, guint store) {
    gboolean has_before = pl_range_length(w->study->ranges.before) > 0;
    double change = 0;
    for (guint k = 0; k < w->n; k++)
        change += factor < 0 || factor == (int)k ? log_change(t, k, store, has_before) : 0;
    return change;
}

/* The stores of the other treatments help to tell what a block does, as they do in the main estimate. */
static void collect_others(const Work *w, const PlTotals *t, const PlArm *arm, int factor, PlArmValues *out) {
    for (guint a = 0; a < w->study->arms->len; a++) {
        const PlArm *other = g_ptr_array_index(w->study->arms, a);
        for (guint i = 0; i < other->n_test && other != arm; i++) {
            if (isnan(t->during[0][other->test[i]]))
                continue;
            out->other[out->n_other] = change_of(w, t, factor, other->test[i]);
            out->other_block[out->n_other] = other->test_block[i];
            out->other_arm[out->n_other++] = a;
        }
    }
}

/* The changes of the stores that take part; in the arena. */
static void collect(Work *w, const PlTotals *t, const PlArm *arm, int factor, PlArmValues *out) {
    guint n_all = arm->n_test + arm->n_control, n_panel = w->study->panel->n_stores;
    double *changes = pl_arena_doubles(&w->arena, n_all + n_panel);
    size_t *blocks = pl_arena_sizes(&w->arena, n_all + n_panel);
    size_t *arms = pl_arena_sizes(&w->arena, n_panel);
    g_assert(changes && blocks &&
             arms); /* the arena has no limit, and GLib ends the program without memory */
    *out = (PlArmValues){.paired = arm->paired,
                         .n_blocks = arm->n_blocks,
                         .test = changes,
                         .control = changes + arm->n_test,
                         .other = changes + n_all,
                         .test_block = blocks,
                         .control_block = blocks + arm->n_test,
                         .other_block = blocks + n_all,
                         .other_arm = arms};
    for (guint i = 0; i < n_all; i++) {
        gboolean is_test = i < arm->n_test;
        guint at = is_test ? i : i - arm->n_test, store = is_test ? arm->test[at] : arm->control[at];
        if (isnan(t->during[0][store]) ||
            (arm->paired && (!is_test || isnan(t->during[0][arm->control[at]]))))
            continue;
        double change = change_of(w, t, factor, store);
        change -= arm->paired ? change_of(w, t, factor, arm->control[at]) : 0;
        guint *n = is_test ? &out->n_test : &out->n_control;
        (is_test ? out->test_block : out->control_block)[*n] =
            is_test ? arm->test_block[at] : arm->control_block[at];
        (is_test ? out->test : out->control)[(*n)++] = change;
    }
    if (!arm->paired && arm->n_blocks > 1)
        collect_others(w, t, arm, factor, out);
}

/* Rounding must not become a finding: equal effects are made equal, and tiny ones zero. */
static void level_noise(double *x, guint n) {
    double low = INFINITY, high = -INFINITY;
    for (guint i = 0; i < n; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    for (guint i = 0; i < n; i++)
        x[i] = fmax(fabs(low), fabs(high)) <= NOISE ? 0 : high - low <= NOISE ? low : x[i];
}

static double lift_limit(double log_limit) {
    return isfinite(log_limit) ? expm1(log_limit) : NAN;
}

/* The deciding test where it is of means, which multiply: sign flips; else Student's or Welch's t. */
static const PlMethod *test_of(const Work *w, const PlArm *arm) {
    const PlMethod *method = pl_deciding_method(w->result, arm->treatment->name);
    return method && g_str_equal(method->id, "sign_flip") ? method : NULL;
}

/* The lift from the stores' logarithms, as the main estimate is made. */
static void set_tested(Work *w, const PlTotals *t, const PlArm *arm, int factor, PlFinding *f) {
    PlInference in;
    PlArmTest test = {.method = test_of(w, arm)};
    PlArmValues values;
    collect(w, t, arm, factor, &values);
    level_noise(values.test, values.n_test);
    level_noise(values.control, values.n_control);
    level_noise(values.other, values.n_other);
    PlStatus status = pl_arm_infer(&values, &test, &w->study->options, &in, NULL);
    f->n = t->n_used;
    if (status != PL_OK) {
        f->value = expm1(pl_arm_point(&values));
        f->reason = status == PL_NO_VARIANCE ? g_strdup("the same in all of them, so there is no interval")
                                             : pl_arm_reason(&values, status);
        return;
    }
    f->value = expm1(in.estimate);
    f->std_error = in.std_error;
    f->conf_low = lift_limit(in.conf_low);
    f->conf_high = lift_limit(in.conf_high);
    f->conf_level = in.conf_level;
    f->p_value = f->p_adjusted = in.p_value;
}

/* The lift of the totals, for a scale without a mean of logarithms. */
static void set_of_totals(const Work *w, const PlTotals *t, const PlDraws *draws, int factor, PlFinding *f) {
    g_autofree double *lift = g_new(double, t->n_draws + 1);
    guint above = factor < 0 ? w->n - 1 : (guint)factor;
    gboolean varies = t->n_draws == 0; /* without draws their reason is the one to give */
    for (guint k = 0; k <= t->n_draws; k++) {
        double with = t->with[above][k], without = t->without[above][k];
        if (factor > 0) {
            with /= t->with[above - 1][k];
            without /= t->without[above - 1][k];
        }
        lift[k] = with / without - 1;
        varies = varies || !(fabs(lift[k] - lift[0]) <= ROUNDING);
    }
    f->n = t->n_used;
    if (!varies) { /* a price that nobody moved */
        f->value = fabs(lift[0]) <= ROUNDING ? 0 : lift[0];
        f->reason = g_strdup("the same in all of them, so there is no interval");
        return;
    }
    pl_finding_set_drawn(f, draws, lift, w->study->options.conf_level);
}

static void add_lifts(Work *w, const PlArm *arm, const PlTotals *t, const PlDraws *draws) {
    gboolean tested = w->study->def->analysis.effect == PL_EFFECT_RELATIVE;
    for (int k = -1; k < (int)w->n; k++) {
        const Factor *factor = k < 0 ? &w->whole : &w->factors[k];
        g_autofree char *id = g_strconcat("lift_", factor->id, NULL);
        PlFinding *f = pl_section_add(w->section, arm->treatment->name, id, factor->label, PL_AMOUNT_LIFT);
        f->period = g_strdup("during");
        if (tested)
            set_tested(w, t, arm, k, f);
        else
            set_of_totals(w, t, draws, k, f);
    }
}

static PlFinding *add_amount(Work *w, const PlArm *arm, const PlTotals *t, const char *id,
                             const char *label) {
    g_autofree char *measure = g_strconcat("amount_", id, NULL);
    gboolean total = g_str_equal(id, "with") || g_str_equal(id, "without");
    PlFinding *f =
        pl_section_add(w->section, arm->treatment->name, measure, label, total ? PL_AMOUNT_TOTAL : w->amount);
    f->unit = g_strdup(w->unit);
    f->period = g_strdup("during");
    f->n = t->n_used;
    return f;
}

/* The waterfall: from the total without the promotion through the factors to the total with it. */
static void add_amounts(Work *w, const PlArm *arm, const PlTotals *t, const PlDraws *draws) {
    double level = w->study->options.conf_level, *parts[MEASURES + 1];
    guint last = w->n - 1;
    for (guint k = 0; k <= w->n; k++)
        parts[k] = g_new(double, t->n_draws + 1);
    gboolean bad = FALSE;
    for (guint d = 0; d <= t->n_draws; d++) {
        double with[MEASURES], without[MEASURES], part[MEASURES];
        for (guint k = 0; k < w->n; k++) {
            with[k] = t->with[k][d];
            without[k] = t->without[k][d];
        }
        bad |= pl_split_change(with, without, w->n, part) != 0 && d == 0;
        for (guint k = 0; k < w->n; k++)
            parts[k][d] = fabs(part[k]) <= ROUNDING * with[last] ? 0 : part[k];
        parts[w->n][d] = with[last] - without[last];
    }
    /* what was sold is known: all that is open of the total without the promotion is the gain */
    g_autofree double *without_it = g_new(double, t->n_draws + 1);
    for (guint d = 0; d <= t->n_draws; d++)
        without_it[d] = t->with[last][0] - parts[w->n][d];
    pl_finding_set_drawn(add_amount(w, arm, t, "without", "Without the promotion"), draws, without_it, level);
    for (guint k = 0; k < w->n; k++) {
        g_autofree char *label = g_strdup_printf("From %s", w->factors[k].words);
        PlFinding *f = add_amount(w, arm, t, w->factors[k].id, label);
        pl_finding_set_drawn(f, draws, parts[k], level);
        if (bad && !f->reason)
            f->reason = g_strdup("a total is not above zero, so the change cannot be split");
    }
    add_amount(w, arm, t, "with", "With the promotion")->value = t->with[last][0];
    g_autofree char *gained = g_strdup_printf("%s gained", w->whole.label);
    pl_finding_set_drawn(add_amount(w, arm, t, "gained", gained), draws, parts[w->n], level);
    for (guint k = 0; k <= w->n; k++)
        g_free(parts[k]);
}

static int sign_of(const PlFinding *f) {
    if (f->conf_low > 0)
        return 1;
    return f->conf_high < 0 ? -1 : 0;
}

/* Names of the factors that have this sign: "visits and the price an item". */
static char *factors_with(const Work *w, const char *treatment, int sign) {
    GString *text = g_string_new(NULL);
    for (int k = (int)w->n - 1; k >= 0; k--) {
        g_autofree char *id = g_strconcat("lift_", w->factors[k].id, NULL);
        const PlFinding *f = pl_section_find(w->section, treatment, id);
        if (isnan(f->value) || sign_of(f) != sign || (sign == 0 && isnan(f->conf_low) && isnan(f->conf_high)))
            continue;
        g_autofree char *rest = g_strdup(text->str);
        g_string_printf(text, "%s%s%s", w->factors[k].words,
                        *rest == '\0'           ? ""
                        : strstr(rest, " and ") ? ", "
                                                : " and ",
                        rest);
    }
    return g_string_free(text, FALSE);
}

static void say_drivers(const Work *w, const char *treatment, GString *text) {
    g_autofree char *up = factors_with(w, treatment, 1), *down = factors_with(w, treatment, -1),
                    *open = factors_with(w, treatment, 0);
    if (*up)
        g_string_append_printf(text, " What raised it: %s.", up);
    if (*down)
        g_string_append_printf(text, " What lowered it: %s.", down);
    if (*open)
        g_string_append_printf(text, " Whether %s changed at all cannot be told.", open);
}

/* "revenue rose by 24 % (20 % to 28 %)" where that is sure. */
static void append_whole(const Work *w, const PlFinding *whole, GString *text) {
    int sign = sign_of(whole);
    if (sign == 0) {
        g_autofree char *moved = pl_format_finding(whole);
        g_string_append_printf(text, "it cannot be told whether %s changed against the controls: %s. It is ",
                               w->whole.words, moved);
        return;
    }
    double half = (whole->conf_high - whole->conf_low) / 2;
    g_autofree char *size = pl_format_amount_size(fabs(whole->value), half, whole->amount, NULL);
    g_autofree char *level = pl_format_amount_size(whole->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
    g_autofree char *moved = pl_format_finding(whole),
                    *open = strchr(moved, '(') ? g_strdup(strchr(moved, '(') + 1) : g_strdup("");
    g_string_append_printf(text, "%s %s by %s against the controls (%s interval %s: ", w->whole.words,
                           sign > 0 ? "rose" : "fell", size, level, open);
}

static void append_gain(const Work *w, const char *treatment, GString *text) {
    const PlFinding *gained = pl_section_find(w->section, treatment, "amount_gained");
    if (isnan(gained->value))
        return;
    g_autofree char *sum = pl_format_finding(gained);
    g_string_append_printf(text, " Over the promotion and all test stores that comes to %s.", sum);
}

/* The verdict is adjusted for the other treatments, the lifts here are not: one must not stand against the
 * other. */
static void say_single(const Work *w, const char *treatment, const PlFinding *whole, GString *text) {
    const PlEstimate *e = pl_result_deciding(w->result, treatment);
    if (e && sign_of(whole) != 0 && e->p_value <= 1 - e->conf_level && e->p_adjusted > 1 - e->conf_level)
        g_string_append(text, " All of this is by single tests: once adjusted for the other treatments it "
                              "may be chance, as the verdict says.");
}

static void say(const Work *w, const PlArm *arm) {
    const char *treatment = arm->treatment->name;
    g_autofree char *id = g_strconcat("lift_", w->whole.id, NULL);
    const PlFinding *whole = pl_section_find(w->section, treatment, id);
    if (isnan(whole->value)) {
        pl_section_say(w->section, "With %s: no store has all of the columns that the split needs.",
                       treatment);
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "With %s, ", treatment);
    append_whole(w, whole, text);
    for (guint k = 0; k < w->n; k++) {
        g_autofree char *factor = g_strconcat("lift_", w->factors[k].id, NULL);
        g_autofree char *size = pl_format_finding(pl_section_find(w->section, treatment, factor));
        g_string_append_printf(text, "%s%s %s", k == 0 ? "" : " times ", w->factors[k].words, size);
    }
    g_string_append_c(text, '.');
    say_drivers(w, treatment, text);
    append_gain(w, treatment, text);
    say_single(w, treatment, whole, text);
    pl_section_say(w->section, "%s", text->str);
}

/* What a further column would show. */
static void say_missing(const Work *w) {
    static const char *const would[MEASURES] = {
        [0] = "visits (role \"visits\" of the table sales), the change in items would be split into visits "
              "and items a visit",
        [1] = "items sold (role \"units\" of the table sales), revenue a visit would be split into items a "
              "visit and the price an item",
        [2] = "revenue (role \"revenue\" of the table sales), the price would have its part, too"};
    for (guint r = 0; r < MEASURES; r++) {
        PlBoundMetric bound;
        if (!pl_study_measure(w->study, roles[r], &bound))
            pl_section_say(w->section, "With a column of %s.", would[r]);
    }
}

static void check_left_out(const Work *w, const PlArm *arm, const PlTotals *t) {
    if (t->n_left_out == 0)
        return;
    pl_result_check(w->result, "decomposition", PL_WARN, t->n_left_out,
                    "%s: %u of %u test stores take no part in the split into %s, because they or their "
                    "control store lack a value above zero of one of the columns: %s",
                    arm->treatment->name, t->n_left_out, arm->n_test, w->n == MEASURES ? "three" : "two",
                    t->left_out);
}

void pl_add_decomposition(const PlStudy *study, PlResult *result) {
    Work w = {.study = study, .result = result};
    if (!find_chain(&w))
        return;
    g_autofree char *title = title_of(&w);
    w.section = pl_result_add_section(result, "decomposition", title);
    for (guint i = 0; i < study->arms->len; i++) {
        const PlArm *arm = g_ptr_array_index(study->arms, i);
        g_autoptr(PlDraws) draws = pl_draws_new(arm, &study->options);
        g_autoptr(PlTotals) totals = pl_totals_new(study, arm, draws, w.measures, w.n, study->ranges.during);
        add_lifts(&w, arm, totals, draws);
        add_amounts(&w, arm, totals, draws);
        say(&w, arm);
        check_left_out(&w, arm, totals);
        pl_arena_clear(&w.arena);
    }
    say_missing(&w);
}
