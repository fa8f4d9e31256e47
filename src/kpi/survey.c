/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/survey.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/model/suggest.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/normal.h"
#include "pairlift/stats/proportions.h"
#include "pairlift/stats/student.h"

/* A wave that runs over the end of a period goes on after at most so many days without an answer. */
enum { PAUSE_DAYS = 7 };

/* ---- waves ---- */

/* The rows of a period. */
typedef struct {
    guint n;
    PlDay first, last;
} Period;

/* Whether no employee is in both periods. */
static gboolean has_others(const PlSurvey *s, const guint *bucket, guint a, guint b) {
    g_autofree gboolean *there = g_new0(gboolean, s->employee->n_levels + 1);
    for (guint i = 0; i < s->records->n; i++)
        if (bucket[i] == a && s->employee->level[i] != PL_NO_LEVEL)
            there[s->employee->level[i]] = TRUE;
    for (guint i = 0; i < s->records->n; i++)
        if (bucket[i] == b && s->employee->level[i] != PL_NO_LEVEL && there[s->employee->level[i]])
            return FALSE;
    return TRUE;
}

/* A survey from 28 January to 3 February is one wave, not one in each month. */
static gboolean goes_on(const PlSurvey *s, const PlBuckets *b, const guint *bucket, const Period *period,
                        guint at, guint next) {
    PlDay longest = MAX(b->end[at] - b->begin[at], b->end[next] - b->begin[next]);
    return b->kind == PL_TIME_DATE && next == at + 1 && period[next].first - period[at].last <= PAUSE_DAYS &&
           period[next].last - period[at].first <= longest && has_others(s, bucket, at, next);
}

static void add_wave(PlBuckets *waves, const PlBuckets *b, guint from, guint to) {
    guint w = waves->n++;
    waves->begin[w] = b->begin[from];
    waves->end[w] = b->end[to];
    waves->names[w] =
        from == to ? g_strdup(b->names[from]) : g_strdup_printf("%s to %s", b->names[from], b->names[to]);
}

/* Makes waves of the periods with rows; [b->n] the wave of each. */
static guint *make_waves(PlSurvey *s, const PlBuckets *b, const guint *bucket) {
    g_autofree Period *period = g_new0(Period, b->n + 1);
    const PlField *date = pl_records_date(s->records, "date");
    for (guint i = 0; i < s->records->n; i++) {
        if (bucket[i] == PL_NO_LEVEL)
            continue;
        Period *p = &period[bucket[i]];
        p->first = p->n == 0 ? date->day[i] : MIN(p->first, date->day[i]);
        p->last = p->n == 0 ? date->day[i] : MAX(p->last, date->day[i]);
        p->n++;
    }
    PlBuckets *waves = s->waves = g_new0(PlBuckets, 1);
    waves->kind = b->kind;
    waves->period = "wave";
    waves->begin = g_new0(PlDay, b->n + 1);
    waves->end = g_new0(PlDay, b->n + 1);
    waves->names = g_new0(char *, b->n + 1);
    guint *wave = g_new0(guint, b->n + 1);
    for (guint k = 0; k < b->n; k++) {
        if (period[k].n == 0)
            continue;
        guint last = k;
        if (k + 1 < b->n && period[k + 1].n > 0 && goes_on(s, b, bucket, period, k, k + 1))
            last = k + 1;
        wave[k] = wave[last] = waves->n;
        add_wave(waves, b, k, last);
        k = last;
    }
    waves->last = waves->n;
    return wave;
}

/* ---- one answer an employee and wave ---- */

static gboolean has_score(const PlSurvey *s, guint row) {
    return !isnan(s->score->number[row]);
}

/* Whether row b counts in place of row a: an answer before none, the later of two. */
static gboolean counts_more(const PlSurvey *s, guint a, guint b) {
    const PlField *date = pl_records_date(s->records, "date");
    if (has_score(s, a) != has_score(s, b))
        return has_score(s, b);
    return date->day[b] >= date->day[a];
}

/* Rows by wave, in the order of the file. */
static guint *sort_by_wave(const PlSurvey *s, const guint *wave_of_row, guint *begin) {
    guint n_waves = s->waves->n;
    guint *sorted = g_new(guint, s->records->n + 1);
    memset(begin, 0, (n_waves + 2) * sizeof *begin);
    for (guint i = 0; i < s->records->n; i++)
        if (wave_of_row[i] != PL_NO_LEVEL)
            begin[wave_of_row[i] + 2]++;
    for (guint w = 0; w < n_waves; w++)
        begin[w + 2] += begin[w + 1];
    for (guint i = 0; i < s->records->n; i++)
        if (wave_of_row[i] != PL_NO_LEVEL)
            sorted[begin[wave_of_row[i] + 1]++] = i;
    return sorted;
}

/* Rows that do not count, and the first of them in the file. */
typedef struct {
    guint n, first;
} LeftOut;

static void leave_out(LeftOut *l, guint row) {
    l->first = l->n == 0 ? row : MIN(l->first, row);
    l->n++;
}

static void say_left_out(const PlSurvey *s, LeftOut repeats, LeftOut others) {
    PlResult *result = s->run->study->result;
    if (repeats.n > 0) {
        g_autofree char *rows = pl_format_count(repeats.n, "row", "rows"),
                        *place = pl_records_place(s->records, repeats.first);
        pl_result_check(
            result, "survey_repeats", PL_WARN, repeats.n,
            "%s: %s of the table \"survey\" left out: the employee has another row in the same wave (%s), "
            "and the last answer counts; a shorter \"period\" under kpis keeps waves apart",
            place, rows,
            s->run->goal->period != NULL ? s->run->goal->period : s->run->study->def->kpis.period);
    }
    if (others.n > 0) {
        g_autofree char *rows = pl_format_count(others.n, "row", "rows"),
                        *place = pl_records_place(s->records, others.first);
        pl_result_check(
            result, "survey_rows_left_out", PL_WARN, others.n,
            "%s: %s of the table \"survey\" left out: without an employee or a day, or after the day on "
            "which the KPIs are looked at (as_of)",
            place, rows);
    }
}

static LeftOut without_wave(const PlSurvey *s, const guint *wave_of_row) {
    LeftOut l = {0};
    for (guint i = 0; i < s->records->n; i++)
        if (wave_of_row[i] == PL_NO_LEVEL)
            leave_out(&l, i);
    return l;
}

static void keep_one_each(PlSurvey *s, const guint *wave_of_row) {
    g_autofree guint *begin = g_new0(guint, s->waves->n + 2);
    g_autofree guint *sorted = sort_by_wave(s, wave_of_row, begin);
    g_autofree guint *place = g_new0(guint, s->employee->n_levels + 1); /* in `row` + 1 */
    guint n = 0, n_sorted = s->waves->n > 0 ? begin[s->waves->n] : 0;
    LeftOut repeats = {0};
    s->begin = g_new0(guint, s->waves->n + 2);
    s->row = g_new0(guint, n_sorted + 1);
    for (guint w = 0; w < s->waves->n; w++) {
        s->begin[w] = n;
        for (guint k = begin[w]; k < begin[w + 1]; k++) {
            guint i = sorted[k], *at = &place[s->employee->level[i]];
            if (*at <= s->begin[w]) {
                s->row[n++] = i;
                *at = n;
                continue;
            }
            guint *kept = &s->row[*at - 1], other = *kept;
            if (counts_more(s, other, i))
                *kept = i;
            leave_out(&repeats, *kept == i ? other : i);
        }
    }
    s->begin[s->waves->n] = n;
    say_left_out(s, repeats, without_wave(s, wave_of_row));
}

static void find_now(PlSurvey *s) {
    s->now = PL_NO_LEVEL;
    for (guint w = 0; w < s->waves->n; w++) {
        guint n = 0;
        for (guint k = s->begin[w]; k < s->begin[w + 1]; k++)
            n += has_score(s, s->row[k]);
        s->has_asked = s->has_asked || n < s->begin[w + 1] - s->begin[w];
        if (n >= s->smallest)
            s->now = w;
    }
}

static void find_groups(PlSurvey *s) {
    static const char *const own[] = {"team", NULL};
    g_auto(GStrv) names = pl_kpi_by(s->run, s->records, own);
    guint n = g_strv_length(names);
    s->groups = g_new0(PlKpiGroups *, n + 1);
    s->of = g_new0(guint *, n + 1);
    s->n_groups = g_new0(guint, n + 1);
    for (guint c = 0; c < n; c++) {
        /* its name lives as long as the definition, or is the role's */
        const char *name = s->run->goal->by != NULL ? s->run->goal->by[0] : own[0];
        for (char **by = s->run->goal->by; by != NULL && *by != NULL; by++)
            name = strcmp(*by, names[c]) == 0 ? *by : name;
        PlKpiGroups *g = pl_kpi_groups_new(s->run->study, s->records, name);
        if (g == NULL)
            continue;
        s->groups[s->n_columns] = g;
        s->of[s->n_columns] = g->of_row;
        s->n_groups[s->n_columns++] = g->n;
    }
}

gboolean pl_survey_begin(const PlKpiRun *run, PlSurvey *s) {
    const PlSatisfactionKpi *keys = &run->study->def->kpis.satisfaction;
    *s = (PlSurvey){.run = run,
                    .records = run->study->tables->of[PL_TABLE_SURVEY],
                    .smallest = (guint)keys->smallest_group,
                    .now = PL_NO_LEVEL};
    const PlField *date = pl_records_date(s->records, "date");
    s->employee = pl_records_text(s->records, "employee");
    s->score = pl_records_number(s->records, "score");
    if (keys->scale != NULL) {
        s->has_scale = TRUE;
        s->low = g_ascii_strtod(keys->scale[0], NULL);
        s->high = g_ascii_strtod(keys->scale[1], NULL);
    }
    g_autoptr(PlBuckets) b = date != NULL ? pl_buckets_new(run, s->records, date) : NULL;
    if (b == NULL || s->employee == NULL || s->score == NULL)
        return FALSE;
    g_autofree guint *of_row = g_new(guint, s->records->n + 1);
    for (guint i = 0; i < s->records->n; i++) {
        gboolean counts = s->employee->level[i] != PL_NO_LEVEL &&
                          (b->kind != PL_TIME_DATE || date->day[i] <= run->study->as_of);
        of_row[i] = counts ? pl_bucket_of(b, date->day[i]) : PL_NO_LEVEL;
    }
    g_autofree guint *wave = make_waves(s, b, of_row);
    for (guint i = 0; i < s->records->n; i++)
        of_row[i] = of_row[i] == PL_NO_LEVEL ? PL_NO_LEVEL : wave[of_row[i]];
    keep_one_each(s, of_row);
    find_now(s);
    find_groups(s);
    return TRUE;
}

void pl_survey_clear(PlSurvey *s) {
    for (guint c = 0; c < s->n_columns; c++)
        pl_kpi_groups_free(s->groups[c]);
    g_clear_pointer(&s->waves, pl_buckets_free);
    g_clear_pointer(&s->begin, g_free);
    g_clear_pointer(&s->row, g_free);
    g_clear_pointer(&s->groups, g_free);
    g_clear_pointer(&s->of, g_free);
    g_clear_pointer(&s->n_groups, g_free);
    s->n_columns = 0;
}

/* ---- what is asked of it ---- */

guint *pl_survey_rows(const PlSurvey *s, guint from, guint to, const PlField *const *fields, guint n_fields,
                      guint *n) {
    guint *row = g_new(guint, s->begin[to] - s->begin[from] + 1);
    *n = 0;
    for (guint k = s->begin[from]; k < s->begin[to]; k++) {
        gboolean whole = TRUE;
        for (guint f = 0; f < n_fields && whole; f++)
            whole = !isnan(fields[f]->number[s->row[k]]);
        if (whole)
            row[(*n)++] = s->row[k];
    }
    return row;
}

PlAnonymity *pl_survey_anonymity(const PlSurvey *s, const guint *row, guint n) {
    return pl_anonymity_new((const guint *const *)s->of, s->n_groups, s->n_columns, row, n, s->smallest);
}

char *pl_survey_no_question(const PlSurvey *s, const char *name) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint f = 0; f < s->records->n_fields; f++)
        if (s->records->fields[f].kind == PL_FIELD_NUMBER && !s->records->fields[f].role)
            g_ptr_array_add(names, s->records->fields[f].name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = pl_suggest_hint(name, (const char *const *)names->pdata, "there are: ");
    return g_strdup_printf("the table \"survey\" has no further column of numbers \"%.60s\"%s%s", name,
                           hint != NULL ? "; " : "", hint != NULL ? hint : "");
}

guint pl_survey_wave(const PlSurvey *s, guint row) {
    PlDay day = pl_records_date(s->records, "date")->day[row];
    guint w = 0;
    while (w + 1 < s->waves->n && day > s->waves->end[w])
        w++;
    return w;
}

void pl_survey_mean(const PlSurvey *s, PlFinding *f, const double *x, guint n) {
    double sd = 0, level = s->run->conf_level;
    f->n = n;
    f->conf_level = level;
    if (n == 0 || pl_mean_sd(x, n, &f->value, n > 1 ? &sd : NULL) != PL_OK) {
        f->value = NAN;
        f->reason = g_strdup("there are no answers");
        return;
    }
    if (n < 2 || !(sd > 0)) {
        f->reason = g_strdup(n < 2 ? "one answer has no spread, so there is no interval"
                                   : "all answers are equal, so there is no spread for an interval");
        return;
    }
    f->std_error = sd / sqrt(n);
    double margin = pl_student_quantile((1 - level) / 2, n - 1) * f->std_error;
    f->conf_low = s->has_scale ? fmax(s->low, f->value - margin) : f->value - margin;
    f->conf_high = s->has_scale ? fmin(s->high, f->value + margin) : f->value + margin;
}

void pl_survey_share(const PlSurvey *s, PlFinding *f, guint yes, guint n) {
    f->n = n;
    if (n == 0) {
        f->reason = g_strdup("there are no answers");
        return;
    }
    PlLimits limits = pl_wilson((PlRate){yes, n}, pl_normal_quantile((1 - s->run->conf_level) / 2));
    f->value = (double)yes / n;
    f->conf_level = s->run->conf_level;
    f->conf_low = limits.low;
    f->conf_high = limits.high;
}
