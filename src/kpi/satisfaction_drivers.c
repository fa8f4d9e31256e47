/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/survey.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/standardised.h"

/* Employees a question that a regression needs at least. */
enum { PEOPLE_PER_QUESTION = 5 };

/* Questions that correlate more than this have weights that cannot be told apart. */
#define TOGETHER 0.9

/* Below it a scale is commonly not summed up. */
#define ALPHA_LOW 0.7

/* Questions that are looked at, and the rows that answer all of them and the score. */
typedef struct {
    const PlSurvey *s;
    GPtrArray *question; /* const PlField* */
    guint n, n_scored;   /* rows; those with a score */
    guint *row;
    double **x, *y;  /* [questions][n], within waves */
    size_t *cluster; /* [n] */
    guint n_people;
} Drivers;

static void drivers_clear(Drivers *d) {
    for (guint q = 0; d->x != NULL && q < d->question->len; q++)
        g_free(d->x[q]);
    g_free(d->x);
    g_free(d->y);
    g_free(d->row);
    g_free(d->cluster);
    g_clear_pointer(&d->question, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drivers, drivers_clear)

static const PlField *question(const Drivers *d, guint q) {
    return g_ptr_array_index(d->question, q);
}

static void leave_out(const PlSurvey *s, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void leave_out(const PlSurvey *s, const char *name, const char *format, ...) {
    PlFinding *f = pl_section_add(s->run->section, NULL, "driver", "Link with the score", PL_AMOUNT_NUMBER);
    va_list args;
    va_start(args, format);
    f->reason = g_strdup_vprintf(format, args);
    va_end(args);
    pl_finding_of(f, "question", name, NULL);
}

static gboolean groups_by(const PlSurvey *s, const PlField *field) {
    for (guint c = 0; c < s->n_columns; c++)
        if (strcmp(s->groups[c]->name, field->name) == 0)
            return TRUE;
    return FALSE;
}

/* Those that the definition names, else every other column of numbers. */
static GPtrArray *find_questions(const PlSurvey *s, gboolean tell) {
    const GStrv named = s->run->study->def->kpis.satisfaction.drivers;
    GPtrArray *found = g_ptr_array_new();
    for (char **name = named; name != NULL && *name != NULL; name++) {
        const PlField *field = pl_records_number(s->records, *name);
        if (field != NULL && field != s->score)
            g_ptr_array_add(found, (gpointer)field);
        else if (tell) {
            g_autofree char *reason = pl_survey_no_question(s, *name);
            leave_out(s, *name, "%s", reason);
        }
    }
    for (guint f = 0; named == NULL && f < s->records->n_fields; f++) {
        const PlField *field = &s->records->fields[f];
        if (field->kind == PL_FIELD_NUMBER && !field->role && !groups_by(s, field))
            g_ptr_array_add(found, (gpointer)field);
    }
    return found;
}

/* ---- rows ---- */

/* How many rows differ from the most common answer, where that is more than half of them; else all. Boyer and
 * Moore's vote finds the only value that can be. */
static guint n_unlike_most(const PlField *field, const guint *row, guint n) {
    double most = NAN;
    guint votes = 0, unlike = 0;
    for (guint i = 0; i < n; i++) {
        double x = field->number[row[i]];
        if (votes == 0)
            most = x;
        votes = x == most ? votes + 1 : votes - 1;
    }
    for (guint i = 0; i < n; i++)
        unlike += field->number[row[i]] != most;
    return 2 * unlike < n ? unlike : n;
}

static guint *rows_of(const Drivers *d, guint *n) {
    g_autofree const PlField **fields = g_new0(const PlField *, d->question->len + 1);
    fields[0] = d->s->score;
    for (guint q = 0; q < d->question->len; q++)
        fields[q + 1] = question(d, q);
    return pl_survey_rows(d->s, 0, d->s->waves->n, fields, d->question->len + 1, n);
}

/* Questions of few answers would cost the others theirs, and one on which few differ would show how those few
 * scored. */
static void drop_questions(Drivers *d) {
    const PlSurvey *s = d->s;
    guint n = 0;
    g_autofree guint *scored = pl_survey_rows(s, 0, s->waves->n, &s->score, 1, &d->n_scored);
    for (guint q = d->question->len; q-- > 0;) {
        const PlField *both[] = {s->score, question(d, q)};
        g_autofree guint *row = pl_survey_rows(s, 0, s->waves->n, both, 2, &n);
        if (2 * n >= d->n_scored)
            continue;
        leave_out(s, both[1]->name, "it has an answer in fewer than half of the %u rows with a score",
                  d->n_scored);
        g_ptr_array_remove_index(d->question, q);
    }
    for (guint q = d->question->len; q-- > 0;) {
        g_autofree guint *row = rows_of(d, &n);
        if (n_unlike_most(question(d, q), row, n) >= s->smallest)
            continue;
        leave_out(s, question(d, q)->name, "fewer than %u answers differ from the most common one",
                  s->smallest);
        g_ptr_array_remove_index(d->question, q);
    }
}

/* Within each wave, so that a wave in which all are better is not taken for a link. */
static double *within_waves(const Drivers *d, const PlField *field) {
    const PlSurvey *s = d->s;
    double *x = g_new(double, d->n + 1);
    for (guint from = 0, to; from < d->n; from = to) {
        guint wave = pl_survey_wave(s, d->row[from]);
        double sum = 0;
        for (to = from; to < d->n && pl_survey_wave(s, d->row[to]) == wave; to++)
            sum += field->number[d->row[to]];
        for (guint i = from; i < to; i++)
            x[i] = s->waves->n > 1 ? field->number[d->row[i]] - sum / (to - from) : field->number[d->row[i]];
    }
    return x;
}

static void take_rows(Drivers *d) {
    const PlSurvey *s = d->s;
    d->row = rows_of(d, &d->n);
    d->y = within_waves(d, s->score);
    d->x = g_new0(double *, d->question->len + 1);
    for (guint q = 0; q < d->question->len; q++)
        d->x[q] = within_waves(d, question(d, q));
    g_autofree guint *number = g_new0(guint, s->employee->n_levels + 1);
    d->cluster = g_new(size_t, d->n + 1);
    for (guint i = 0; i < d->n; i++) {
        guint *at = &number[s->employee->level[d->row[i]]];
        if (*at == 0)
            *at = ++d->n_people;
        d->cluster[i] = *at - 1;
    }
}

/* ---- the regression ---- */

static void drop_column(Drivers *d, guint q, const char *reason) {
    leave_out(d->s, question(d, q)->name, "%s", reason);
    g_free(d->x[q]);
    memmove(d->x + q, d->x + q + 1, (d->question->len - q - 1) * sizeof *d->x);
    g_ptr_array_remove_index(d->question, q);
}

/* Leaves out what is a combination of others, one by one. */
static PlStatus fit(Drivers *d, PlArena *arena, PlStandardised *out) {
    PlStatus status = PL_TOO_FEW;
    while (d->question->len > 0) {
        gboolean clustered = d->n_people < d->n;
        pl_arena_clear(arena);
        status =
            pl_standardised((const double *const *)d->x, d->question->len, d->y, d->n,
                            clustered ? d->cluster : NULL, d->n_people, d->s->run->conf_level, arena, out);
        if ((status != PL_SINGULAR && status != PL_NO_VARIANCE) || out->culprit >= d->question->len)
            return status;
        drop_column(d, (guint)out->culprit,
                    status == PL_SINGULAR ? "its answers are a combination of those to other questions"
                                          : "all answers within a wave are equal");
    }
    return status;
}

typedef struct {
    guint q;
    double size;
} Place;

static int by_size(const void *a, const void *b) {
    double x = ((const Place *)a)->size, y = ((const Place *)b)->size;
    return x < y ? 1 : x > y ? -1 : 0;
}

static Place *by_weight(const PlStandardised *out) {
    Place *place = g_new(Place, out->k + 1);
    for (guint q = 0; q < out->k; q++)
        place[q] = (Place){q, fabs(out->coef[q].beta)};
    qsort(place, out->k, sizeof *place, by_size);
    return place;
}

static double *adjusted(const PlStandardised *out) {
    g_autofree double *p = g_new(double, out->k + 1);
    g_autofree size_t *order = g_new(size_t, out->k + 1);
    double *result = g_new(double, out->k + 1);
    for (guint q = 0; q < out->k; q++)
        p[q] = isnan(out->coef[q].p_value) ? 1 : out->coef[q].p_value;
    if (pl_adjust_holm(p, out->k, order, result) != PL_OK)
        memcpy(result, p, out->k * sizeof *p);
    return result;
}

static void add_links(const Drivers *d, const PlStandardised *out, const Place *place,
                      const double *p_adjusted) {
    PlSection *section = d->s->run->section;
    PlCurve *c = pl_section_add_curve(section, NULL, "satisfaction_drivers", (guint)out->k);
    c->x_label = g_strdup("question");
    c->y_label = g_strdup("Link with the score (standard deviations)");
    c->x_amount = c->y_amount = PL_AMOUNT_NUMBER;
    c->x_names = g_new0(char *, out->k + 1);
    for (guint i = 0; i < out->k; i++) {
        const PlBeta *b = &out->coef[place[i].q];
        PlFinding *f = pl_section_add(section, NULL, "driver", "Link with the score", PL_AMOUNT_NUMBER);
        pl_finding_of(f, "question", question(d, place[i].q)->name, NULL);
        f->value = b->beta;
        f->std_error = b->std_error;
        f->conf_low = b->conf_low;
        f->conf_high = b->conf_high;
        f->conf_level = d->s->run->conf_level;
        f->p_value = b->p_value;
        f->p_adjusted = isnan(b->p_value) ? NAN : p_adjusted[place[i].q];
        f->n = (guint)out->rows;
        if (isnan(b->p_value))
            f->reason = g_strdup("the answers leave no spread to judge it by");
        c->x[i] = i;
        c->y[i] = b->beta;
        c->low[i] = b->conf_low;
        c->high[i] = b->conf_high;
        c->x_names[i] = g_strdup(question(d, place[i].q)->name);
    }
    PlFinding *f = pl_section_add(section, NULL, "drivers_r_squared",
                                  "Share of the score's variance that they go with", PL_AMOUNT_SHARE);
    f->value = out->r_squared;
    f->n = (guint)out->rows;
}

/* ---- words ---- */

static void say_clear_links(const Drivers *d, const PlStandardised *out, const Place *place,
                            const double *p) {
    g_autoptr(GString) list = g_string_new(NULL);
    guint n = 0;
    double largest = 0, half = NAN;
    for (guint i = 0; i < out->k; i++) {
        const PlBeta *b = &out->coef[place[i].q];
        if (!isnan(b->conf_low) && fmax(fabs(b->conf_low), fabs(b->conf_high)) > largest) {
            largest = fmax(fabs(b->conf_low), fabs(b->conf_high));
            half = (b->conf_high - b->conf_low) / 2;
        }
        if (isnan(b->p_value) || p[place[i].q] > 1 - d->s->run->conf_level)
            continue;
        g_autofree char *value = pl_format_amount(b->beta, (b->conf_high - b->conf_low) / 2, PL_AMOUNT_NUMBER,
                                                  NULL),
                        *interval =
                            pl_format_amount_interval(b->conf_low, b->conf_high, PL_AMOUNT_NUMBER, NULL);
        g_string_append_printf(list, "%s\"%s\" (%s; %s)", n++ > 0 ? ", " : "", question(d, place[i].q)->name,
                               value, interval);
    }
    g_autofree char *rows = pl_format_count(out->rows, "answer", "answers");
    if (n > 0)
        pl_section_say(
            d->s->run->section,
            "Of %u questions compared, the score clearly goes with %s: so many standard deviations of the "
            "score for one of the question, the others held (%s). A link is no cause: what moves both is "
            "not known.",
            (guint)out->k, list->str, rows);
    else {
        g_autofree char *most = pl_format_amount_size(largest, half, PL_AMOUNT_NUMBER, NULL);
        pl_section_say(
            d->s->run->section,
            "None of %u questions compared can be told to go with the score, with the others held, in %s; "
            "links of up to %s standard deviations are possible.",
            (guint)out->k, rows, most);
    }
}

static void say_missing(const Drivers *d) {
    guint missing = d->n_scored - d->n;
    if (missing == 0)
        return;
    g_autofree char *rows = pl_format_count(missing, "answer", "answers"),
                    *all = pl_format_count(d->n_scored, "answer", "answers");
    pl_section_say(
        d->s->run->section,
        "For what the score goes with, %s of %s are left out: some of these questions were not answered.",
        rows, all);
}

static void say_together(const Drivers *d) {
    for (guint a = 0; a < d->question->len; a++)
        for (guint b = a + 1; b < d->question->len; b++) {
            double r;
            if (pl_correlation(d->x[a], d->x[b], d->n, &r) != PL_OK || fabs(r) < TOGETHER)
                continue;
            pl_section_say(
                d->s->run->section,
                "\"%s\" and \"%s\" are answered almost alike (correlation %.2f): which of the two goes with "
                "the score cannot be told well.",
                question(d, a)->name, question(d, b)->name, r);
        }
}

/* ---- do the questions measure one thing ---- */

static gboolean on_scale(const PlSurvey *s, const PlField *field) {
    for (guint k = 0; s->has_scale && k < s->begin[s->waves->n]; k++) {
        double x = field->number[s->row[k]];
        if (!isnan(x) && (x < s->low || x > s->high || x != nearbyint(x)))
            return FALSE;
    }
    return s->has_scale;
}

static void add_alpha(const PlSurvey *s) {
    gboolean named = s->run->study->def->kpis.satisfaction.drivers != NULL;
    g_autoptr(GPtrArray) item = find_questions(s, FALSE);
    for (guint q = item->len; q-- > 0;)
        if (!named && !on_scale(s, g_ptr_array_index(item, q)))
            g_ptr_array_remove_index(item, q);
    g_ptr_array_insert(item, 0, (gpointer)s->score);
    if (item->len < 2)
        return;
    guint n = 0;
    g_autofree guint *row =
        pl_survey_rows(s, s->now, s->now + 1, (const PlField *const *)item->pdata, item->len, &n);
    g_autofree double **x = g_new0(double *, item->len + 1);
    for (guint q = 0; q < item->len; q++) {
        x[q] = g_new(double, n + 1);
        for (guint i = 0; i < n; i++)
            x[q][i] = ((const PlField *)g_ptr_array_index(item, q))->number[row[i]];
    }
    g_autofree char *label = g_strdup_printf("Cronbach's alpha of the score and %u questions", item->len - 1);
    PlFinding *f = pl_section_add(s->run->section, NULL, "cronbach_alpha", label, PL_AMOUNT_NUMBER);
    PlReliability r;
    f->period = g_strdup(s->waves->names[s->now]);
    f->n = n;
    if (n < s->smallest)
        f->reason = g_strdup_printf("fewer than %u employees answered all of them", s->smallest);
    else if (pl_cronbach_alpha((const double *const *)x, item->len, n, s->run->conf_level, &r) != PL_OK)
        f->reason = g_strdup("all answer alike, so there is nothing that goes together");
    else {
        f->value = r.alpha;
        f->conf_low = r.conf_low;
        f->conf_high = r.conf_high;
        f->conf_level = s->run->conf_level;
        if (r.conf_high < ALPHA_LOW)
            f->reason =
                g_strdup("below 0.7: the questions do not measure one thing, so do not add them up; one that "
                         "asks the other way round has to be turned first");
    }
    for (guint q = 0; q < item->len; q++)
        g_free(x[q]);
}

/* Which questions go with the score: standardised coefficients of a regression on all of them, within waves,
 * clustered by employee where there are several answers of one. */
void pl_satisfaction_drivers(const PlSurvey *s) {
    g_auto(Drivers) d = {.s = s, .question = find_questions(s, TRUE)};
    PlArena arena = {0};
    PlStandardised out;
    if (d.question->len > 0)
        drop_questions(&d);
    if (d.question->len == 0)
        return;
    take_rows(&d);
    if (d.n_people < PEOPLE_PER_QUESTION * d.question->len || d.n_people < s->smallest) {
        pl_kpi_missing(
            s->run, "drivers_r_squared", "Share of the score's variance that they go with", PL_AMOUNT_SHARE,
            "%u employees answered all of %u questions; %u a question are needed to tell which go with the "
            "score",
            d.n_people, d.question->len, PEOPLE_PER_QUESTION);
    } else if (fit(&d, &arena, &out) == PL_OK) {
        g_autofree Place *place = by_weight(&out);
        g_autofree double *p_adjusted = adjusted(&out);
        add_links(&d, &out, place, p_adjusted);
        say_clear_links(&d, &out, place, p_adjusted);
        say_missing(&d);
        say_together(&d);
    } else {
        pl_kpi_missing(s->run, "drivers_r_squared", "Share of the score's variance that they go with",
                       PL_AMOUNT_SHARE, "all scores within a wave are equal, so nothing can go with them");
    }
    pl_arena_clear(&arena);
    add_alpha(s);
}
