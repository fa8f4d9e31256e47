/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/survey.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/paired.h"

/* A scale of more points than this is shown by its mean alone. */
enum { POINTS_MOST = 11 };

/* The three measures that a target can be of, and how each is read. */
enum { MEAN, TOP_TWO, RESPONSE, N_MEASURES };
static const struct {
    const char *name, *label;
    PlAmount amount;
} measures[N_MEASURES] = {
    {"mean_score", "Mean score", PL_AMOUNT_NUMBER},
    {"top_two_share", "Share of the top two scores", PL_AMOUNT_SHARE},
    {"response_rate", "Response rate", PL_AMOUNT_SHARE},
};

static gboolean is_top(const PlSurvey *s, double x) {
    return x >= s->high - 1;
}

/* Scores of `n` rows. */
static double *scores_of(const PlSurvey *s, const guint *row, guint n) {
    double *x = g_new(double, n + 1);
    for (guint i = 0; i < n; i++)
        x[i] = s->score->number[row[i]];
    return x;
}

/* Why a measure is not there at all; NULL: it is. */
static const char *lacking(const PlSurvey *s, int measure) {
    if (measure == TOP_TWO && !s->has_scale)
        return "the scale is not known: kpis: {satisfaction: {scale: [LOWEST, HIGHEST]}}";
    if (measure == RESPONSE && !s->has_asked)
        return "every row has a score, so nothing tells who was asked and did not answer: give these "
               "employees rows "
               "with an empty score";
    return NULL;
}

/* Fills a measure of the answers among `asked` rows. */
static void measure_rows(const PlSurvey *s, int measure, const guint *asked, guint n_asked, PlFinding *f) {
    g_autofree double *x = g_new(double, n_asked + 1);
    guint n = 0, top = 0;
    for (guint i = 0; i < n_asked; i++) {
        double score = s->score->number[asked[i]];
        if (isnan(score))
            continue;
        top += s->has_scale && is_top(s, score);
        x[n++] = score;
    }
    if (measure == MEAN)
        pl_survey_mean(s, f, x, n);
    else if (measure == TOP_TWO)
        pl_survey_share(s, f, top, n);
    else { /* all who were asked are counted: no sampling, no interval */
        f->value = n_asked > 0 ? (double)n / n_asked : NAN;
        f->n = n_asked;
    }
}

static guint answers_in(const PlSurvey *s, guint w) {
    guint n = 0;
    for (guint k = s->begin[w]; k < s->begin[w + 1]; k++)
        n += !isnan(s->score->number[s->row[k]]);
    return n;
}

static PlFinding *add_row(const PlSurvey *s, int measure, guint w) {
    PlFinding *f = pl_section_add(s->run->section, NULL, measures[measure].name, measures[measure].label,
                                  measures[measure].amount);
    f->period = g_strdup(s->waves->names[w]);
    return f;
}

/* ---- all employees ---- */

/* A measure wave by wave; NaN where too few answered. */
typedef struct {
    double *value, *low, *high;
} Course;

static Course course_of(const PlSurvey *s, int measure) {
    guint n = s->waves->n;
    Course c = {g_new(double, n + 1), g_new(double, n + 1), g_new(double, n + 1)};
    PlSection *scratch = pl_section_new("scratch", "scratch");
    for (guint w = 0; w < n; w++) {
        PlFinding *f = pl_section_add(scratch, NULL, "scratch", NULL, PL_AMOUNT_NUMBER);
        if (answers_in(s, w) >= s->smallest)
            measure_rows(s, measure, s->row + s->begin[w], s->begin[w + 1] - s->begin[w], f);
        c.value[w] = f->value;
        c.low[w] = f->conf_low;
        c.high[w] = f->conf_high;
    }
    pl_section_free(scratch);
    return c;
}

static void course_clear(Course *c) {
    g_free(c->value);
    g_free(c->low);
    g_free(c->high);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Course, course_clear)

/* Below this response the silent ones are the most. */
#define RESPONSE_LOW 0.5

static void say_response(const PlSurvey *s) {
    guint asked = s->begin[s->now + 1] - s->begin[s->now], n = answers_in(s, s->now);
    if (lacking(s, RESPONSE) == NULL && n < RESPONSE_LOW * asked)
        pl_section_say(
            s->run->section,
            "In %s %u of %u who were asked answered, fewer than half: what the others think is not known.",
            s->waves->names[s->now], n, asked);
}

/* The target's measure, and what is there to make a headline of it. */
typedef struct {
    PlFinding *finding;
    int measure; /* -1: it is lacking, and has no course */
} Target;

static void add_measure(const PlSurvey *s, int measure, Target *target) {
    const PlKpiRun *run = s->run;
    const char *reason = lacking(s, measure);
    PlFinding *f = reason != NULL ? pl_kpi_missing(run, measures[measure].name, measures[measure].label,
                                                   measures[measure].amount, "%s", reason)
                                  : add_row(s, measure, s->now);
    if (reason == NULL)
        measure_rows(s, measure, s->row + s->begin[s->now], s->begin[s->now + 1] - s->begin[s->now], f);
    if (pl_kpi_is_target(run, measures[measure].name))
        *target = (Target){f, reason != NULL ? -1 : measure};
}

static void add_headline(const PlSurvey *s, const Target *target, const char *look) {
    if (target->measure < 0) {
        pl_kpi_headline(s->run, target->finding, NULL, NULL);
        return;
    }
    g_auto(Course) course = course_of(s, target->measure);
    PlKpiSeries series = {s->waves, course.value, course.low, course.high, FALSE};
    pl_kpi_headline(s->run, target->finding, &series, look);
}

/* ---- the same employees ---- */

/* Pairs of scores of those who answered in both waves; -1 in `n_apart`'s place is never: those in one only.
 */
static double *changes_since(const PlSurvey *s, guint before, guint *n, guint *n_apart) {
    g_autofree double *earlier = g_new(double, s->employee->n_levels + 1);
    double *change = g_new(double, s->begin[s->now + 1] - s->begin[s->now] + 1);
    guint n_before = 0, n_now = 0;
    *n = 0;
    for (guint e = 0; e < s->employee->n_levels; e++)
        earlier[e] = NAN;
    for (guint k = s->begin[before]; k < s->begin[before + 1]; k++) {
        earlier[s->employee->level[s->row[k]]] = s->score->number[s->row[k]];
        n_before += !isnan(s->score->number[s->row[k]]);
    }
    for (guint k = s->begin[s->now]; k < s->begin[s->now + 1]; k++) {
        double score = s->score->number[s->row[k]], was = earlier[s->employee->level[s->row[k]]];
        n_now += !isnan(score);
        if (!isnan(score) && !isnan(was))
            change[(*n)++] = score - was;
    }
    *n_apart = n_before + n_now - 2 * *n;
    return change;
}

static void say_change(const PlSurvey *s, const PlFinding *f, guint before) {
    g_autofree char *p = pl_format_p_is(f->p_value), *interval = NULL;
    double size = fabs(f->value), half = (f->conf_high - f->conf_low) / 2;
    g_autofree char *amount = pl_format_amount_size(size, half, PL_AMOUNT_NUMBER, NULL);
    interval = pl_format_amount_interval(f->conf_low, f->conf_high, PL_AMOUNT_NUMBER, NULL);
    const char *from = s->waves->names[before], *to = s->waves->names[s->now];
    if (f->p_value <= 1 - s->run->conf_level)
        pl_section_say(
            s->run->section,
            "The %u employees who answered both in %s and in %s scored %s %s on average (change %s; %s).",
            f->n, from, to, amount, f->value > 0 ? "higher" : "lower", interval, p);
    else
        pl_section_say(
            s->run->section,
            "Whether the %u employees who answered both in %s and in %s score higher or lower now cannot "
            "be told (change %s; %s).",
            f->n, from, to, interval, p);
}

/* Where the means of both waves are shown, the change of those in both tells the sum of those in one only. */
static void add_change(const PlSurvey *s) {
    guint before = s->now, n = 0, n_apart = 0;
    while (before > 0 && answers_in(s, --before) < s->smallest)
        ;
    if (before == s->now || answers_in(s, before) < s->smallest)
        return;
    g_autofree double *change = changes_since(s, before, &n, &n_apart);
    PlFinding *f = pl_section_add(s->run->section, NULL, "change_same_employees",
                                  "Change since the wave before, same employees", PL_AMOUNT_NUMBER);
    f->period = g_strdup(s->waves->names[s->now]);
    if (n < s->smallest || (n_apart > 0 && n_apart < s->smallest)) {
        f->reason = g_strdup_printf(
            n < s->smallest
                ? "fewer than %u employees answered both waves"
                : "fewer than %u employees answered one of the two waves only, whose answers would follow "
                  "from it",
            s->smallest);
        return;
    }
    PlArena arena = {0};
    PlInference in;
    PlInferenceOptions options = {.conf_level = s->run->conf_level, .threads = 1};
    f->n = n;
    if (pl_paired_t(change, n, &options, &arena, &in) == PL_OK) {
        f->value = in.estimate;
        f->std_error = in.std_error;
        f->conf_low = in.conf_low;
        f->conf_high = in.conf_high;
        f->conf_level = in.conf_level;
        f->p_value = in.p_value;
        say_change(s, f, before);
    } else { /* all changed by the same */
        f->value = change[0];
        f->reason = g_strdup("all changed by the same, so there is no spread for an interval");
    }
    pl_arena_clear(&arena);
}

/* ---- distribution ---- */

static gboolean is_whole(const double *x, guint n) {
    for (guint i = 0; i < n; i++)
        if (x[i] != nearbyint(x[i]))
            return FALSE;
    return TRUE;
}

static void add_distribution(const PlSurvey *s) {
    guint n = 0;
    g_autofree guint *row = pl_survey_rows(s, s->now, s->now + 1, &s->score, 1, &n);
    g_autofree double *x = scores_of(s, row, n);
    double low = s->low, high = s->high;
    if (!s->has_scale)
        low = high = x[0];
    for (guint i = 0; !s->has_scale && i < n; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    if (!is_whole(x, n) || low != nearbyint(low) || !(high - low < POINTS_MOST))
        return;
    guint n_points = (guint)(high - low) + 1;
    PlCurve *c = pl_section_add_curve(s->run->section, NULL, "satisfaction_distribution", n_points);
    c->x_label = g_strdup("score");
    c->y_label = g_strdup_printf("Share of the answers in %s", s->waves->names[s->now]);
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_SHARE;
    c->x_names = g_new0(char *, n_points + 1);
    for (guint p = 0; p < n_points; p++) {
        guint yes = 0;
        for (guint i = 0; i < n; i++)
            yes += x[i] == low + p;
        c->x_names[p] = g_strdup_printf("%.0f", low + p);
        PlFinding *f =
            pl_section_add(s->run->section, NULL, "share_of_score", "Share of a score", PL_AMOUNT_SHARE);
        pl_finding_of(f, "score", c->x_names[p], NULL);
        f->period = g_strdup(s->waves->names[s->now]);
        pl_survey_share(s, f, yes, n);
        c->x[p] = low + p;
        c->y[p] = f->value;
        c->low[p] = f->conf_low;
        c->high[p] = f->conf_high;
    }
}

/* ---- wave by wave, in the files only ---- */

static void add_waves(const PlSurvey *s) {
    for (int m = 0; m < N_MEASURES; m++)
        for (guint w = 0; w < s->waves->n && lacking(s, m) == NULL; w++) {
            if (w == s->now)
                continue;
            PlFinding *f = add_row(s, m, w);
            f->detail = TRUE;
            if (answers_in(s, w) < s->smallest)
                f->reason = g_strdup_printf("fewer than %u answers", s->smallest);
            else
                measure_rows(s, m, s->row + s->begin[w], s->begin[w + 1] - s->begin[w], f);
        }
}

/* ---- groups ---- */

/* Rows of a wave that are in a group of a column, hidden ones together when `hidden` is not NULL. */
static guint *rows_in(const PlSurvey *s, guint w, guint c, const gboolean *take, guint *n) {
    guint *row = g_new(guint, s->begin[w + 1] - s->begin[w] + 1);
    *n = 0;
    for (guint k = s->begin[w]; k < s->begin[w + 1]; k++) {
        guint g = s->of[c][s->row[k]];
        if (g != PL_NO_LEVEL && take[g])
            row[(*n)++] = s->row[k];
    }
    return row;
}

static void add_group(const PlSurvey *s, guint w, guint c, const gboolean *take, const char *value) {
    guint n = 0;
    g_autofree guint *row = rows_in(s, w, c, take, &n);
    for (int m = 0; m < N_MEASURES; m++) {
        if (lacking(s, m) != NULL)
            continue;
        PlFinding *f = add_row(s, m, w);
        pl_finding_of(f, s->groups[c]->name, value, NULL);
        f->detail = w != s->now;
        measure_rows(s, m, row, n, f);
        if (w == s->now && pl_kpi_is_target(s->run, f->measure))
            pl_kpi_judge(s->run, f);
    }
}

/* Those hidden, together: they follow from the total anyway, and are enough not to tell a few. */
static void add_others(const PlSurvey *s, const PlAnonymity *a, guint w, guint c) {
    guint people, n = pl_anonymity_hidden(a, c, &people);
    if (n < 2 || people < s->smallest || a->n_columns > 1) /* with several columns it might tell more */
        return;
    g_autofree char *name = g_strdup_printf("others (%u together)", n);
    for (guint g = 0; g < s->n_groups[c]; g++)
        if (strcmp(s->groups[c]->values[g], name) == 0)
            return;
    add_group(s, w, c, a->hidden[c], name);
}

static void say_hidden(const PlSurvey *s, const PlAnonymity *a, guint c) {
    guint people, n = pl_anonymity_hidden(a, c, &people);
    if (a->given_up && c > 0)
        pl_section_say(
            s->run->section,
            "Nothing is shown by %s: there are too many groups to make sure that no answer of a few "
            "follows from what is shown by %s.",
            s->groups[c]->name, s->groups[0]->name);
    else if (n > 0)
        pl_section_say(
            s->run->section,
            "By %s, %u of %u groups with %u answers together %s not shown, so that no answer of fewer than "
            "%u people can be told, not even by subtracting what is shown from the whole.",
            s->groups[c]->name, n, s->n_groups[c], people, n == 1 ? "is" : "are", s->smallest);
}

static void add_groups_of(const PlSurvey *s, guint w) {
    guint n = 0;
    g_autofree guint *row = pl_survey_rows(s, w, w + 1, &s->score, 1, &n);
    g_autoptr(PlAnonymity) a = pl_survey_anonymity(s, row, n);
    for (guint c = 0; c < s->n_columns; c++) {
        g_autofree gboolean *take = g_new0(gboolean, s->n_groups[c] + 1);
        for (guint g = 0; g < s->n_groups[c]; g++) {
            if (a->hidden[c][g])
                continue;
            take[g] = TRUE;
            add_group(s, w, c, take, s->groups[c]->values[g]);
            take[g] = FALSE;
        }
        add_others(s, a, w, c);
        if (w == s->now)
            say_hidden(s, a, c);
    }
}

static void say_too_few(const PlSurvey *s) {
    const PlKpiRun *run = s->run;
    for (int m = 0; m < N_MEASURES; m++) {
        PlFinding *f = pl_kpi_missing(
            run, measures[m].name, measures[m].label, measures[m].amount,
            "no wave has %u answers or more, and fewer are not shown so that nobody can be identified",
            s->smallest);
        if (pl_kpi_is_target(run, measures[m].name))
            pl_kpi_headline(run, f, NULL, NULL);
    }
}

void pl_kpi_satisfaction(const PlKpiRun *run) {
    g_auto(PlSurvey) s = {0};
    if (!pl_survey_begin(run, &s)) {
        PlFinding *f = pl_kpi_missing(run, run->goal->measure, "Satisfaction", PL_AMOUNT_NUMBER,
                                      "no row of the table \"survey\" has a day up to the day looked at");
        pl_kpi_headline(run, f, NULL, NULL);
        return;
    }
    if (s.now == PL_NO_LEVEL) {
        say_too_few(&s);
        return;
    }
    Target target = {NULL, -1};
    for (int m = 0; m < N_MEASURES; m++)
        add_measure(&s, m, &target);
    say_response(&s);
    add_change(&s);
    add_distribution(&s);
    add_groups_of(&s, s.now);
    pl_satisfaction_groups(&s);
    pl_satisfaction_drivers(&s);
    g_autofree char *signs = pl_satisfaction_burnout(&s), *apart = pl_satisfaction_look(&s);
    add_headline(&s, &target, signs != NULL ? signs : apart);
    add_waves(&s);
    for (guint w = 0; w < s.waves->n; w++)
        if (w != s.now)
            add_groups_of(&s, w);
}
