/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/survey.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/fisher_exact.h"
#include "pairlift/stats/regress.h"

/* The rate of low answers that is high whatever other groups say. */
#define HALF 0.5

/* A share without an interval is written to so much of 1. */
#define POINTS_SHOWN 0.05

/* A group's low answers to a question about energy. */
typedef struct {
    guint yes, n, other_yes, other_n; /* of the group, of the other groups shown; n 0: hidden */
    double p_value, p_adjusted;       /* that the two differ; NaN: nothing to compare with */
    PlFinding *finding;
} Low;

/* The groups of one column, and what is asked of each. */
typedef struct {
    const PlSurvey *s;
    guint c, n_groups;
    gboolean *shown;     /* [n_groups] in the last wave */
    PlInference *slope;  /* [n_groups] change of the score a wave; p_value NaN: not to be told */
    double *p_adjusted;  /* [n_groups] of the slopes */
    guint n_slopes;      /* that were tested */
    GPtrArray *question; /* const PlField*: about energy, on the scale */
    Low *low;            /* [questions][n_groups] */
    guint n_tests;       /* of low answers */
} Burnout;

static void burnout_clear(Burnout *b) {
    g_free(b->shown);
    g_free(b->slope);
    g_free(b->p_adjusted);
    g_free(b->low);
    g_clear_pointer(&b->question, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Burnout, burnout_clear)

static const char *value_of(const Burnout *b, guint g) {
    return b->s->groups[b->c]->values[g];
}

static void holm(const double *p, guint n, double *adjusted) {
    g_autofree size_t *order = g_new(size_t, n + 1);
    if (pl_adjust_holm(p, n, order, adjusted) != PL_OK)
        memcpy(adjusted, p, n * sizeof *p);
}

/* ---- falling scores ---- */

/* Rows of scores, group by group and wave by wave, of groups that are shown in that wave: a slope of them
 * follows from the means that are shown, and so tells nothing of single answers. */
typedef struct {
    guint *begin; /* [groups + 1] and scratch */
    guint *row, *wave;
} Points;

static void points_clear(Points *p) {
    g_free(p->begin);
    g_free(p->row);
    g_free(p->wave);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Points, points_clear)

/* Sorts n points by group; within a group they stay in the order of the waves. */
static Points sort_points(const PlSurvey *s, guint c, const guint *row, const guint *wave, guint n) {
    guint n_groups = s->n_groups[c];
    Points p = {g_new0(guint, n_groups + 3), g_new(guint, n + 1), g_new(guint, n + 1)};
    for (guint i = 0; i < n; i++)
        p.begin[s->of[c][row[i]] + 2]++;
    for (guint g = 0; g < n_groups; g++)
        p.begin[g + 2] += p.begin[g + 1];
    for (guint i = 0; i < n; i++) {
        guint at = p.begin[s->of[c][row[i]] + 1]++;
        p.row[at] = row[i];
        p.wave[at] = wave[i];
    }
    return p;
}

static Points points_shown(const PlSurvey *s, guint c) {
    guint most = (guint)s->run->study->def->kpis.trend_periods, kept = 0;
    guint from = s->waves->n > most ? s->waves->n - most : 0, all = s->begin[s->waves->n] - s->begin[from];
    g_autofree guint *row = g_new(guint, all + 1), *wave = g_new(guint, all + 1);
    for (guint w = from; w < s->waves->n; w++) {
        guint n = 0;
        g_autofree guint *scored = pl_survey_rows(s, w, w + 1, &s->score, 1, &n);
        g_autoptr(PlAnonymity) a = pl_survey_anonymity(s, scored, n);
        for (guint i = 0; i < n; i++) {
            guint g = s->of[c][scored[i]];
            if (g == PL_NO_LEVEL || a->hidden[c][g])
                continue;
            row[kept] = scored[i];
            wave[kept++] = w;
        }
    }
    return sort_points(s, c, row, wave, kept);
}

/* Least squares of the score on the number of the wave, clustered by employee. `number` is zeroed scratch of
 * all employees, and is so again. */
static gboolean slope_of(const PlSurvey *s, const guint *row, const guint *wave, guint n, guint *number,
                         PlInference *out) {
    g_autofree double *x = g_new(double, n + 1), *y = g_new(double, n + 1);
    g_autofree size_t *person = g_new(size_t, n + 1);
    guint n_people = 0;
    for (guint i = 0; i < n; i++) {
        guint *at = &number[s->employee->level[row[i]]];
        if (*at == 0)
            *at = ++n_people;
        person[i] = *at - 1;
        x[i] = wave[i];
        y[i] = s->score->number[row[i]];
    }
    for (guint i = 0; i < n; i++)
        number[s->employee->level[row[i]]] = 0;
    PlVariable waves = {.name = "wave", .values = x},
               people = {.name = "employee", .levels = person, .n_levels = n_people};
    PlRegression regression = {.rows = n,
                               .y = {.name = "score", .values = y},
                               .columns = &waves,
                               .n_columns = 1,
                               .intercept = TRUE,
                               .intercept_last = TRUE,
                               .cluster = &people};
    PlMethodOptions options =
        pl_method_options((PlInferenceOptions){.conf_level = s->run->conf_level, .threads = 1});
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    gboolean done = n > 0 && x[0] < x[n - 1] && pl_regress(&regression, &options, &answer) == PL_OK &&
                    !(answer.rows[0].lacks & PL_LACKS_P);
    if (done)
        *out = answer.rows[0].in;
    pl_arena_clear(&arena);
    return done;
}

static void find_slopes(Burnout *b) {
    const PlSurvey *s = b->s;
    g_auto(Points) points = points_shown(s, b->c);
    g_autofree guint *number = g_new0(guint, s->employee->n_levels + 1);
    g_autofree double *p = g_new(double, b->n_groups + 1), *adjusted = g_new(double, b->n_groups + 1);
    for (guint g = 0; g < b->n_groups; g++) {
        guint at = points.begin[g], n = points.begin[g + 1] - at;
        b->slope[g] = (PlInference){.estimate = NAN, .p_value = NAN};
        b->p_adjusted[g] = NAN;
        if (b->shown[g] && slope_of(s, points.row + at, points.wave + at, n, number, &b->slope[g]))
            p[b->n_slopes++] = b->slope[g].p_value;
    }
    holm(p, b->n_slopes, adjusted);
    for (guint g = 0, k = 0; g < b->n_groups; g++)
        if (!isnan(b->slope[g].p_value))
            b->p_adjusted[g] = adjusted[k++];
}

static gboolean falls(const Burnout *b, guint g) {
    return b->slope[g].estimate < 0 && b->p_adjusted[g] <= 1 - b->s->run->conf_level;
}

/* ---- low energy ---- */

static PlFinding *add_low(const PlSurvey *s, const char *name) {
    PlFinding *f = pl_section_add(s->run->section, NULL, "low_energy_share",
                                  "Share of the two lowest scores about energy", PL_AMOUNT_SHARE);
    pl_finding_of(f, "question", name, NULL);
    f->period = g_strdup(s->waves->names[s->now]);
    return f;
}

static gboolean on_scale(const PlSurvey *s, const PlField *field) {
    for (guint k = 0; k < s->begin[s->waves->n]; k++) {
        double x = field->number[s->row[k]];
        if (x < s->low || x > s->high)
            return FALSE;
    }
    return TRUE;
}

static gboolean sounds_like_energy(const char *name) {
    static const char *const words[] = {"energy", "workload", "exhaustion", "stress", "balance"};
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(lower, words[i]) != NULL)
            return TRUE;
    return FALSE;
}

static void take_question(const PlSurvey *s, const PlField *field, const char *name, GPtrArray *out) {
    g_autofree char *unknown = field == NULL || field == s->score ? pl_survey_no_question(s, name) : NULL;
    const char *reason = NULL;
    if (unknown != NULL)
        reason = unknown;
    else if (!s->has_scale)
        reason = "the scale is not known: kpis: {satisfaction: {scale: [LOWEST, HIGHEST]}}";
    else if (!on_scale(s, field))
        reason = "some answers are beyond the scale of the score, so its two lowest scores are not known";
    if (reason == NULL)
        g_ptr_array_add(out, (gpointer)field);
    else
        add_low(s, name)->reason = g_strdup(reason);
}

static GPtrArray *find_questions(const PlSurvey *s) {
    const GStrv named = s->run->study->def->kpis.satisfaction.energy;
    GPtrArray *found = g_ptr_array_new();
    for (char **name = named; name != NULL && *name != NULL; name++)
        take_question(s, pl_records_number(s->records, *name), *name, found);
    for (guint f = 0; named == NULL && f < s->records->n_fields; f++) {
        const PlField *field = &s->records->fields[f];
        if (field->kind == PL_FIELD_NUMBER && !field->role && sounds_like_energy(field->name))
            take_question(s, field, field->name, found);
    }
    return found;
}

/* Counts of all groups that are shown for this question, and the finding of everybody. */
static void count_low(Burnout *b, guint q) {
    const PlSurvey *s = b->s;
    const PlField *field = g_ptr_array_index(b->question, q);
    guint n = 0, yes = 0, shown_yes = 0, shown_n = 0;
    g_autofree guint *row = pl_survey_rows(s, s->now, s->now + 1, &field, 1, &n);
    g_autoptr(PlAnonymity) a = pl_survey_anonymity(s, row, n);
    Low *low = b->low + (gsize)q * b->n_groups;
    for (guint i = 0; i < n; i++) {
        guint g = s->n_columns > 0 ? s->of[b->c][row[i]] : PL_NO_LEVEL;
        gboolean is_low = field->number[row[i]] <= s->low + 1;
        yes += is_low;
        if (g == PL_NO_LEVEL || a->hidden[b->c][g] || !b->shown[g])
            continue;
        low[g].n++;
        low[g].yes += is_low;
        shown_yes += is_low;
        shown_n++;
    }
    for (guint g = 0; g < b->n_groups; g++) {
        low[g].other_n = shown_n - low[g].n;
        low[g].other_yes = shown_yes - low[g].yes;
    }
    PlFinding *f = add_low(s, field->name);
    if (n >= s->smallest)
        pl_survey_share(s, f, yes, n);
    else
        f->reason = g_strdup_printf("fewer than %u answers", s->smallest);
}

static void compare_low(Burnout *b) {
    const PlSurvey *s = b->s;
    guint n = b->question->len * b->n_groups, k = 0;
    g_autofree double *p = g_new(double, n + 1), *adjusted = g_new(double, n + 1);
    PlInferenceOptions options = {.conf_level = s->run->conf_level, .threads = 1};
    for (guint i = 0; i < n; i++) {
        Low *low = &b->low[i];
        PlFisher fisher;
        low->p_value = low->p_adjusted = NAN;
        if (low->n == 0 || low->other_n == 0 ||
            pl_fisher_exact((PlRate){low->yes, low->n}, (PlRate){low->other_yes, low->other_n}, &options,
                            &fisher) != PL_OK)
            continue;
        low->p_value = p[b->n_tests++] = fisher.in.p_value;
    }
    holm(p, b->n_tests, adjusted);
    for (guint i = 0; i < n; i++)
        if (!isnan(b->low[i].p_value))
            b->low[i].p_adjusted = adjusted[k++];
}

static double rate(guint yes, guint n) {
    return n > 0 ? (double)yes / n : NAN;
}

/* Clearly more low answers than elsewhere, or clearly more than half. */
static gboolean is_low(const Burnout *b, const Low *low) {
    gboolean more = low->p_adjusted <= 1 - b->s->run->conf_level &&
                    rate(low->yes, low->n) > rate(low->other_yes, low->other_n);
    return low->finding != NULL && (more || low->finding->conf_low > HALF);
}

/* The question about energy to which a group's answers are clearly low; NULL: none. */
static const Low *lowest_of(const Burnout *b, guint g, const char **name) {
    const Low *found = NULL;
    for (guint q = 0; q < b->question->len; q++) {
        const Low *low = &b->low[(gsize)q * b->n_groups + g];
        if (!is_low(b, low) || (found != NULL && low->finding->value <= found->finding->value))
            continue;
        found = low;
        *name = ((const PlField *)g_ptr_array_index(b->question, q))->name;
    }
    return found;
}

/* ---- findings ---- */

static void add_slopes(const Burnout *b) {
    const PlSurvey *s = b->s;
    for (guint g = 0; g < b->n_groups; g++) {
        const PlInference *in = &b->slope[g];
        if (!b->shown[g] || s->waves->n < 2)
            continue;
        PlFinding *f = pl_section_add(s->run->section, NULL, "score_slope", "Change of the mean score a wave",
                                      PL_AMOUNT_NUMBER);
        pl_finding_of(f, s->groups[b->c]->name, value_of(b, g), NULL);
        if (isnan(in->p_value)) {
            f->reason =
                g_strdup("fewer than two waves in which the group is shown, or scores without any spread");
            continue;
        }
        f->value = in->estimate;
        f->std_error = in->std_error;
        f->conf_low = in->conf_low;
        f->conf_high = in->conf_high;
        f->conf_level = in->conf_level;
        f->p_value = in->p_value;
        f->p_adjusted = b->p_adjusted[g];
        f->n = (guint)in->n;
        const char *name;
        if (falls(b, g) && lowest_of(b, g, &name) != NULL)
            f->verdict = g_strdup("warning");
    }
}

static void add_lows(Burnout *b) {
    const PlSurvey *s = b->s;
    for (guint q = 0; q < b->question->len; q++)
        for (guint g = 0; g < b->n_groups; g++) {
            Low *low = &b->low[(gsize)q * b->n_groups + g];
            if (low->n == 0)
                continue;
            const char *name = ((const PlField *)g_ptr_array_index(b->question, q))->name;
            PlFinding *f = low->finding = add_low(s, name);
            pl_finding_of(f, s->groups[b->c]->name, value_of(b, g), "question", name, NULL);
            pl_survey_share(s, f, low->yes, low->n);
            f->p_value = low->p_value;
            f->p_adjusted = low->p_adjusted;
        }
}

/* ---- words ---- */

static char *say_fall(const Burnout *b, guint g) {
    const PlInference *in = &b->slope[g];
    g_autofree char *fall = pl_format_amount_size(-in->estimate, (in->conf_high - in->conf_low) / 2,
                                                  PL_AMOUNT_NUMBER, NULL),
                    *interval =
                        pl_format_amount_interval(-in->conf_high, -in->conf_low, PL_AMOUNT_NUMBER, NULL),
                    *p = pl_format_p(b->p_adjusted[g]);
    return g_strdup_printf("its mean score fell by %s a wave (%s; p adjusted for %u comparisons: %s)", fall,
                           interval, b->n_slopes, p);
}

static void say_group(const Burnout *b, guint g) {
    const char *name = NULL, *role = b->s->groups[b->c]->name;
    const Low *low = lowest_of(b, g, &name);
    g_autofree char *fall = say_fall(b, g);
    PlSection *section = b->s->run->section;
    if (low == NULL) {
        pl_section_say(
            section, "In %s \"%s\", %s%s.", role, value_of(b, g), fall,
            b->question->len > 0 ? ", but low answers about energy are not clearly more frequent there" : "");
        return;
    }
    g_autofree char *share = pl_format_finding(low->finding),
                    *other = pl_format_amount(rate(low->other_yes, low->other_n), POINTS_SHOWN,
                                              PL_AMOUNT_SHARE, NULL);
    pl_section_say(
        section,
        "Early signs of burnout in %s \"%s\": %s, and %s of its %u answers to \"%s\" are among the two "
        "lowest scores%s%s%s. Signs are no diagnosis: talk to the group.",
        role, value_of(b, g), fall, share, low->n, name,
        low->other_n > 0 ? ", in the other groups shown " : "", low->other_n > 0 ? other : "", "");
}

static void say_signs(const Burnout *b) {
    guint n = 0;
    PlSection *section = b->s->run->section;
    for (guint g = 0; g < b->n_groups; g++)
        if (falls(b, g)) {
            say_group(b, g);
            n++;
        }
    if (n > 0 || b->n_groups == 0)
        return;
    if (b->n_slopes == 0)
        pl_section_say(
            section, "Whether a group shows early signs of burnout cannot be told: a falling score needs two "
                     "waves in which it is shown.");
    else
        pl_section_say(
            section,
            "No group by %s shows a falling score that can be told from chance (%u compared), and so none "
            "early signs of burnout as they are looked for here.",
            b->s->groups[b->c]->name, b->n_slopes);
}

/* What the headline says of the group with the clearest signs; NULL: there is none. */
static char *look_at(const Burnout *b) {
    const char *name = NULL, *found_name = NULL;
    const Low *found = NULL;
    guint at = 0;
    for (guint g = 0; g < b->n_groups; g++) {
        const Low *low = falls(b, g) ? lowest_of(b, g, &name) : NULL;
        if (low == NULL || (found != NULL && low->finding->value <= found->finding->value))
            continue;
        found = low;
        found_name = name;
        at = g;
    }
    if (found == NULL)
        return NULL;
    g_autofree char *share = pl_format_amount(found->finding->value, POINTS_SHOWN, PL_AMOUNT_SHARE, NULL);
    return g_strdup_printf(
        "Look at %s \"%s\": its score falls, and %s of its %u answers to \"%s\" are among the two "
        "lowest scores.",
        b->s->groups[b->c]->name, value_of(b, at), share, found->n, found_name);
}

/* Early signs of burnout: groups whose score falls over the waves and whose answers about energy are low. */
char *pl_satisfaction_burnout(const PlSurvey *s) {
    g_auto(Burnout) b = {.s = s, .question = find_questions(s)};
    guint n = 0;
    for (guint c = 0; c < s->n_columns; c++)
        if (strcmp(s->groups[c]->name, "team") == 0)
            b.c = c;
    b.n_groups = s->n_columns > 0 ? s->n_groups[b.c] : 0;
    b.shown = g_new0(gboolean, b.n_groups + 1);
    b.slope = g_new0(PlInference, b.n_groups + 1);
    b.p_adjusted = g_new0(double, b.n_groups + 1);
    b.low = g_new0(Low, (gsize)b.n_groups * b.question->len + 1);
    g_autofree guint *row = pl_survey_rows(s, s->now, s->now + 1, &s->score, 1, &n);
    g_autoptr(PlAnonymity) a = pl_survey_anonymity(s, row, n);
    for (guint g = 0; g < b.n_groups; g++)
        b.shown[g] = !a->hidden[b.c][g];
    if (b.n_groups > 0)
        find_slopes(&b);
    for (guint q = 0; q < b.question->len; q++)
        count_low(&b, q);
    compare_low(&b);
    add_lows(&b);
    add_slopes(&b);
    say_signs(&b);
    return look_at(&b);
}
