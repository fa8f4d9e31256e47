/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/survey.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/methods.h"

/* Answers times groups beyond which no group is held against the others: seconds. */
#define COMPARED_MOST 5e7

/* Each group that is shown against the others that are, in the last wave. */
typedef struct {
    guint n;            /* groups shown */
    guint *group;       /* [n] */
    PlInference *in;    /* [n] group less the others; p_value NaN: not to be told */
    double *p_adjusted; /* [n] */
    double h, h_p;      /* Kruskal and Wallis; NaN */
    guint n_answers;    /* of all of them */
} Comparison;

static void comparison_clear(Comparison *c) {
    g_free(c->group);
    g_free(c->in);
    g_free(c->p_adjusted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Comparison, comparison_clear)

/* Scores of the groups shown, and the place of each one's group among them. */
static guint scores_shown(const PlSurvey *s, const PlAnonymity *a, guint c, const guint *row, guint n,
                          double *x, gsize *place, Comparison *out) {
    g_autofree guint *place_of = g_new(guint, a->n_groups[c] + 1);
    guint kept = 0;
    out->group = g_new(guint, a->n_groups[c] + 1);
    for (guint g = 0; g < a->n_groups[c]; g++) {
        place_of[g] = a->hidden[c][g] ? PL_NO_LEVEL : out->n;
        if (!a->hidden[c][g])
            out->group[out->n++] = g;
    }
    for (guint i = 0; i < n; i++) {
        guint g = s->of[c][row[i]];
        if (g == PL_NO_LEVEL || place_of[g] == PL_NO_LEVEL)
            continue;
        x[kept] = s->score->number[row[i]];
        place[kept++] = place_of[g];
    }
    return kept;
}

static void against_others(const PlSurvey *s, const double *x, const gsize *place, guint n, PlArena *arena,
                           Comparison *out) {
    g_autofree double *own = g_new(double, n + 1), *other = g_new(double, n + 1), *p = g_new(double, out->n);
    g_autofree size_t *order = g_new(size_t, out->n);
    PlInferenceOptions options = {.conf_level = s->run->conf_level, .threads = 1};
    gboolean few = (double)n * out->n <= COMPARED_MOST;
    for (guint k = 0; k < out->n; k++) {
        guint n_own = 0, n_other = 0;
        for (guint i = 0; few && i < n; i++)
            *(place[i] == k ? &own[n_own++] : &other[n_other++]) = x[i];
        PlStatus status =
            !few ? PL_TOO_LARGE : pl_welch_t(own, n_own, other, n_other, &options, arena, &out->in[k]);
        if (status != PL_OK)
            out->in[k] = (PlInference){.estimate = NAN, .p_value = NAN, .conf_low = NAN, .conf_high = NAN};
        p[k] = status == PL_OK ? out->in[k].p_value : 1;
    }
    if (pl_adjust_holm(p, out->n, order, out->p_adjusted) != PL_OK)
        memcpy(out->p_adjusted, p, out->n * sizeof *p);
}

static void kruskal_wallis(const PlSurvey *s, guint c, const double *x, const gsize *place, guint n,
                           PlArena *arena, Comparison *out) {
    g_autofree const char **labels = g_new0(const char *, out->n + 1);
    for (guint k = 0; k < out->n; k++)
        labels[k] = s->groups[c]->values[out->group[k]];
    PlSample sample = {.rows = n};
    sample.roles[PL_X] = (PlVariable){.name = "score", .values = x};
    sample.roles[PL_GROUP] =
        (PlVariable){.name = s->groups[c]->name, .levels = place, .n_levels = out->n, .labels = labels};
    PlMethodOptions options =
        pl_method_options((PlInferenceOptions){.conf_level = s->run->conf_level, .threads = 1});
    PlAnswer answer = {.arena = arena};
    const PlMethod *method = pl_method_find("kruskal_wallis");
    if (method->run(method, &sample, &options, &answer) != PL_OK || answer.n_rows == 0)
        return;
    out->h = answer.rows[0].in.statistic;
    out->h_p = answer.rows[0].in.p_value;
}

/* FALSE: fewer than two groups are shown. */
static gboolean compare(const PlSurvey *s, guint c, Comparison *out) {
    guint n = 0;
    g_autofree guint *row = pl_survey_rows(s, s->now, s->now + 1, &s->score, 1, &n);
    g_autoptr(PlAnonymity) a = pl_survey_anonymity(s, row, n);
    g_autofree double *x = g_new(double, n + 1);
    g_autofree gsize *place = g_new(gsize, n + 1);
    *out = (Comparison){.h = NAN, .h_p = NAN};
    out->n_answers = scores_shown(s, a, c, row, n, x, place, out);
    if (out->n < 2)
        return FALSE;
    PlArena arena = {0};
    out->in = g_new0(PlInference, out->n);
    out->p_adjusted = g_new0(double, out->n);
    against_others(s, x, place, out->n_answers, &arena, out);
    kruskal_wallis(s, c, x, place, out->n_answers, &arena, out);
    pl_arena_clear(&arena);
    return TRUE;
}

/* ---- words ---- */

/* The group that is clearly lowest, or -1. */
static int lowest(const PlSurvey *s, const Comparison *cmp) {
    int low = -1;
    for (guint k = 0; k < cmp->n; k++)
        if (cmp->p_adjusted[k] <= 1 - s->run->conf_level && cmp->in[k].estimate < 0 &&
            (low < 0 || cmp->in[k].estimate < cmp->in[low].estimate))
            low = (int)k;
    return low;
}

char *pl_satisfaction_look(const PlSurvey *s) {
    g_auto(Comparison) cmp = {0};
    if (s->n_columns == 0 || !compare(s, 0, &cmp))
        return NULL;
    const char *name = s->groups[0]->name;
    int low = lowest(s, &cmp);
    if (low < 0) {
        g_autofree char *p = isnan(cmp.h_p) ? g_strdup("no test is possible") : pl_format_p_is(cmp.h_p);
        return g_strdup_printf(
            "By %s, no group is clearly below the others (%u compared; Kruskal-Wallis %s).", name, cmp.n, p);
    }
    const PlInference *in = &cmp.in[low];
    g_autofree char *p = pl_format_p(cmp.p_adjusted[low]),
                    *gap = pl_format_amount_size(-in->estimate, (in->conf_high - in->conf_low) / 2,
                                                 PL_AMOUNT_NUMBER, NULL),
                    *interval =
                        pl_format_amount_interval(-in->conf_high, -in->conf_low, PL_AMOUNT_NUMBER, NULL);
    return g_strdup_printf(
        "Look at %s \"%s\": its mean is %s below that of the other groups shown (%s; p adjusted for "
        "%u comparisons: %s).",
        name, s->groups[0]->values[cmp.group[low]], gap, interval, cmp.n, p);
}

/* ---- findings ---- */

static void add_test(const PlSurvey *s, guint c, const Comparison *cmp) {
    PlFinding *f = pl_section_add(s->run->section, NULL, "group_differences",
                                  "Differences between groups (Kruskal-Wallis H)", PL_AMOUNT_NUMBER);
    pl_finding_of(f, "grouping", s->groups[c]->name, NULL);
    f->period = g_strdup(s->waves->names[s->now]);
    f->n = cmp->n_answers;
    f->value = cmp->h;
    f->p_value = cmp->h_p;
    if (isnan(cmp->h))
        f->reason = g_strdup("all answers are equal: there is nothing to rank");
}

static void add_differences(const PlSurvey *s, guint c, const Comparison *cmp) {
    for (guint k = 0; k < cmp->n; k++) {
        PlFinding *f = pl_section_add(s->run->section, NULL, "difference_from_others",
                                      "Mean score less that of the other groups", PL_AMOUNT_NUMBER);
        pl_finding_of(f, s->groups[c]->name, s->groups[c]->values[cmp->group[k]], NULL);
        f->period = g_strdup(s->waves->names[s->now]);
        f->value = cmp->in[k].estimate;
        if (isnan(f->value)) {
            f->reason = g_strdup((double)cmp->n_answers * cmp->n > COMPARED_MOST
                                     ? "there are too many groups to hold each against all others"
                                     : "all answers are equal: there is no spread to judge a difference by");
            continue;
        }
        f->std_error = cmp->in[k].std_error;
        f->conf_low = cmp->in[k].conf_low;
        f->conf_high = cmp->in[k].conf_high;
        f->conf_level = s->run->conf_level;
        f->p_value = cmp->in[k].p_value;
        f->p_adjusted = cmp->p_adjusted[k];
        f->n = (guint)cmp->in[k].n;
    }
}

/* Mean scores by group and wave; NaN: hidden in that wave. [n_groups][waves->n] */
static double *means_by_wave(const PlSurvey *s, guint c) {
    guint n_waves = s->waves->n;
    double *mean = g_new(double, (gsize)n_waves * s->n_groups[c] + 1);
    for (guint w = 0; w < n_waves; w++) {
        guint n = 0;
        g_autofree guint *row = pl_survey_rows(s, w, w + 1, &s->score, 1, &n);
        g_autoptr(PlAnonymity) a = pl_survey_anonymity(s, row, n);
        g_autofree double *sum = g_new0(double, s->n_groups[c] + 1);
        for (guint i = 0; i < n; i++)
            if (s->of[c][row[i]] != PL_NO_LEVEL)
                sum[s->of[c][row[i]]] += s->score->number[row[i]];
        for (guint g = 0; g < s->n_groups[c]; g++)
            mean[(gsize)g * n_waves + w] = a->hidden[c][g] ? NAN : sum[g] / a->count[c][g];
    }
    return mean;
}

static void add_curves(const PlSurvey *s, guint c) {
    guint n_waves = s->waves->n;
    g_autofree double *mean = means_by_wave(s, c);
    for (guint g = 0; g < s->n_groups[c]; g++) {
        const double *own = mean + (gsize)g * n_waves;
        guint there = 0;
        for (guint w = 0; w < n_waves; w++)
            there += !isnan(own[w]);
        if (there < 2)
            continue;
        PlCurve *curve = pl_section_add_curve(s->run->section, NULL, "satisfaction_by_group", n_waves);
        curve->group = g_strdup(s->groups[c]->values[g]);
        curve->x_label = g_strdup("wave");
        curve->y_label = g_strdup_printf("Mean score by %s", s->groups[c]->name);
        curve->x_amount = curve->y_amount = PL_AMOUNT_NUMBER;
        curve->x_names = g_new0(char *, n_waves + 1);
        for (guint w = 0; w < n_waves; w++) {
            curve->x[w] = w;
            curve->y[w] = own[w];
            curve->x_names[w] = g_strdup(s->waves->names[w]);
        }
    }
}

/* Whether the groups differ, which of them from the others, and their course: of each column. */
void pl_satisfaction_groups(const PlSurvey *s) {
    for (guint c = 0; c < s->n_columns; c++) {
        g_auto(Comparison) cmp = {0};
        if (c == 0 && s->waves->n > 1)
            add_curves(s, c);
        if (!compare(s, c, &cmp))
            continue;
        add_test(s, c, &cmp);
        add_differences(s, c, &cmp);
    }
}
