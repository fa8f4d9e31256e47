/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/volume.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/order.h"

/* A store whose pauses vary, such as one that sells a few things a week, may pause for longer than it does in
 * all but one of 20 cases. */
#define USUAL      0.95
#define VARIES     2 /* times the middle pause */
#define SLACK_DAYS 2 /* of data by the day: a closed day or two */

/* ---- rows ---- */

static void choose_value(PlVolume *v) {
    const PlField *revenue = pl_records_number(v->sales, "revenue"),
                  *units = pl_records_number(v->sales, "units"), *unit = pl_records_text(v->sales, "unit");
    const char *of_units = unit != NULL && unit->n_levels == 1 ? unit->levels[0] : "units";
    v->value = revenue != NULL ? revenue : units;
    v->units = revenue != NULL ? units : NULL;
    v->units_unit = of_units;
    v->unit = revenue != NULL ? v->run->study->money : of_units;
}

static void tell_left_out(const PlVolume *v, const char *check, guint n, guint first, const char *what) {
    if (n == 0)
        return;
    g_autofree char *place = pl_records_place(v->sales, first),
                    *rows = pl_format_count(n, "row is", "rows are");
    pl_result_check(v->run->study->result, check, PL_WARN, n, "%s: %s; %s left out of the sales volume",
                    place, what, rows);
}

/* Which period a row counts in; those that count in none are told. */
static void choose_rows(PlVolume *v, const PlField *date) {
    guint n_empty = 0, first_empty = 0, n_outside = 0, first_outside = 0;
    v->bucket = g_new(guint, v->sales->n + 1);
    for (guint i = v->sales->n; i-- > 0;) {
        guint *bucket = &v->bucket[i];
        *bucket = pl_bucket_of(v->b, date->day[i]);
        if (*bucket == PL_NO_LEVEL || (v->b->kind == PL_TIME_DATE && date->day[i] > v->run->study->as_of)) {
            *bucket = PL_NO_LEVEL;
            first_outside = i;
            n_outside++;
        } else if (isnan(v->value->number[i]) || v->store->level[i] == PL_NO_LEVEL) {
            *bucket = PL_NO_LEVEL;
            first_empty = i;
            n_empty++;
        }
    }
    g_autofree char *empty = g_strdup_printf("no \"%.60s\" or no store", v->value->column),
                    *day = pl_day_format(v->run->study->as_of, v->b->kind),
                    *outside = g_strdup_printf("no day, or one after %s, on which this is looked at", day);
    tell_left_out(v, "volume_missing", n_empty, first_empty, empty);
    tell_left_out(v, "volume_later", n_outside, first_outside, outside);
}

/* Amounts near the largest number add up to none. */
static void drop_infinite(double *sum, gsize n) {
    for (gsize c = 0; c < n; c++)
        if (isinf(sum[c]))
            sum[c] = NAN;
}

double *pl_volume_by(const PlVolume *v, const guint *of_row, guint n) {
    guint n_cells = n * v->b->n;
    double *sum = g_new(double, n_cells + 1);
    for (guint c = 0; c < n_cells; c++)
        sum[c] = NAN;
    for (guint i = 0; i < v->sales->n; i++) {
        if (v->bucket[i] == PL_NO_LEVEL || of_row[i] == PL_NO_LEVEL)
            continue;
        double *cell = &sum[(gsize)of_row[i] * v->b->n + v->bucket[i]];
        *cell = (isnan(*cell) ? 0 : *cell) + v->value->number[i];
    }
    drop_infinite(sum, n_cells);
    return sum;
}

static double *sum_periods(const PlVolume *v, const PlField *of) {
    double *sum = g_new(double, v->b->n + 1);
    for (guint k = 0; k < v->b->n; k++)
        sum[k] = NAN;
    for (guint i = 0; i < v->sales->n; i++) {
        if (v->bucket[i] == PL_NO_LEVEL || isnan(of->number[i]))
            continue;
        double *cell = &sum[v->bucket[i]];
        *cell = (isnan(*cell) ? 0 : *cell) + of->number[i];
    }
    drop_infinite(sum, v->b->n);
    return sum;
}

/* ---- when stores traded ---- */

/* The trading day of each day of the buckets; the days of each period. */
static guint *make_calendar(PlVolume *v, const PlField *date) {
    PlDay origin = v->b->begin[0];
    gsize span = (gsize)(v->b->end[v->b->n - 1] - origin + 1);
    guint *calendar = g_new0(guint, span + 1), n = 0;
    for (guint i = 0; i < v->sales->n; i++)
        if (v->bucket[i] != PL_NO_LEVEL)
            calendar[date->day[i] - origin] = 1;
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(PlDay));
    v->begin = g_new0(guint, v->b->n + 1);
    v->end = g_new0(guint, v->b->n + 1);
    for (guint k = 0; k < v->b->n; k++) {
        v->begin[k] = n;
        for (PlDay day = v->b->begin[k]; day <= v->b->end[k]; day++) {
            guint traded = calendar[day - origin];
            calendar[day - origin] = n;
            n += traded;
            if (traded)
                g_array_append_val(days, day);
        }
        v->end[k] = n;
    }
    v->step = pl_step_detect((const PlDay *)(const void *)days->data, days->len, v->b->kind);
    return calendar;
}

/* Rows by store: those of store s are at [begin[s], begin[s + 1]). */
static guint *rows_by_store(const PlVolume *v, guint *begin) {
    guint *rows = g_new(guint, v->sales->n + 1);
    for (guint i = 0; i < v->sales->n; i++)
        if (v->bucket[i] != PL_NO_LEVEL)
            begin[v->store->level[i] + 1]++;
    for (guint s = 0; s < v->n_stores; s++)
        begin[s + 1] += begin[s];
    g_autofree guint *next = g_memdup2(begin, (v->n_stores + 1) * sizeof *begin);
    for (guint i = 0; i < v->sales->n; i++)
        if (v->bucket[i] != PL_NO_LEVEL)
            rows[next[v->store->level[i]]++] = i;
    return rows;
}

static int by_number(const void *a, const void *b) {
    guint x = *(const guint *)a, y = *(const guint *)b;
    return (x > y) - (x < y);
}

/* Ascending, each once; how many. */
static guint sort_days(guint *day, guint n) {
    guint kept = 0;
    for (guint i = 1; i < n; i++)
        if (day[i] < day[i - 1]) {
            qsort(day, n, sizeof *day, by_number);
            break;
        }
    for (guint i = 0; i < n; i++)
        if (kept == 0 || day[i] != day[kept - 1])
            day[kept++] = day[i];
    return kept;
}

static guint usual_pause(const guint *day, guint n, guint slack, double *gap) {
    guint n_gaps = n > 0 ? n - 1 : 0;
    for (guint i = 0; i < n_gaps; i++)
        gap[i] = day[i + 1] - day[i];
    if (n_gaps < 2)
        return slack;
    double middle = pl_select(gap, n_gaps, n_gaps / 2),
           usual = pl_select(gap, n_gaps, (guint)(USUAL * (n_gaps - 1)));
    return (guint)(usual > VARIES * middle ? VARIES * usual : usual) - 1 + slack;
}

/* Whether a store's days leave no longer pause in a period than is usual for it. */
static void mark_whole(PlVolume *v, guint s, const guint *day, guint n) {
    for (guint k = 0, i = 0; k < v->b->n; k++) {
        guint next = v->begin[k], longest = 0, seen = 0; /* next: the first day that no row is known for */
        for (; i < n && day[i] < v->end[k]; i++, seen++) {
            longest = MAX(longest, day[i] - next);
            next = day[i] + 1;
        }
        longest = MAX(longest, v->end[k] - next);
        v->whole[(gsize)s * v->b->n + k] = seen > 0 && longest <= v->days[s].pause;
    }
}

static void find_trading(PlVolume *v, const PlField *date) {
    PlDay origin = v->b->begin[0];
    g_autofree guint *calendar = make_calendar(v, date), *begin = g_new0(guint, v->n_stores + 2),
                     *rows = rows_by_store(v, begin), *day = g_new(guint, v->sales->n + 1);
    g_autofree double *gap = g_new(double, v->sales->n + 1);
    v->whole = g_new0(guint8, (gsize)v->n_stores * v->b->n + 1);
    v->days = g_new0(PlStoreDays, v->n_stores + 1);
    for (guint s = 0; s < v->n_stores; s++) {
        guint n = begin[s + 1] - begin[s];
        for (guint i = 0; i < n; i++)
            day[i] = calendar[date->day[rows[begin[s] + i]] - origin];
        n = sort_days(day, n);
        if (n == 0)
            continue;
        v->days[s] = (PlStoreDays){day[0], day[n - 1], 0,
                                   usual_pause(day, n, v->step == PL_STEP_DAY ? SLACK_DAYS : 0, gap)};
        for (guint i = 1; i < n; i++)
            v->days[s].longest = MAX(v->days[s].longest, day[i] - day[i - 1] - 1);
        mark_whole(v, s, day, n);
    }
}

/* ---- in all ---- */

static void find_periods(PlVolume *v) {
    const PlBuckets *b = v->b;
    v->now = b->last > b->first ? b->last - 1 : PL_NO_LEVEL;
    v->before = v->year = PL_NO_LEVEL;
    if (v->now == PL_NO_LEVEL)
        return;
    if (v->now > b->first)
        v->before = v->now - 1;
    if (b->per_year > 0 && v->now >= b->first + b->per_year)
        v->year = v->now - b->per_year;
}

guint pl_volume_reference(const PlVolume *v, guint period) {
    guint back = v->year != PL_NO_LEVEL ? v->b->per_year : 1;
    return period != PL_NO_LEVEL && period >= v->b->first + back ? period - back : PL_NO_LEVEL;
}

char *pl_volume_reference_name(const PlVolume *v) {
    return g_strdup_printf("the %s before", v->year != PL_NO_LEVEL ? "year" : v->b->period);
}

gboolean pl_volume_is_yearly(const PlVolume *v) {
    return pl_kpi_is_target(v->run, "growth_last_year") ||
           pl_kpi_is_target(v->run, "like_for_like_last_year");
}

PlVolumeSpan pl_volume_last_year(const PlVolume *v) {
    guint year = v->b->per_year;
    gboolean reach = year > 0 && v->now != PL_NO_LEVEL && v->b->last - v->b->first >= 2 * year;
    return (PlVolumeSpan){v->now, reach ? v->now - year : PL_NO_LEVEL, year};
}

PlVolumeSpan pl_volume_compared(const PlVolume *v) {
    if (pl_volume_is_yearly(v))
        return pl_volume_last_year(v);
    return (PlVolumeSpan){v->now, pl_volume_reference(v, v->now), 1};
}

char *pl_volume_versus(const PlVolume *v, PlVolumeSpan span) {
    if (span.width > 1)
        return g_strdup_printf("of the last %u %ss on the %u before", span.width, v->b->period, span.width);
    if (span.width == 0) /* of periods that make no years */
        return g_strdup("of the last year on the one before");
    g_autofree char *name = pl_volume_reference_name(v);
    return g_strdup_printf("on %s", name);
}

double pl_volume_sum(const double *of_period, guint last, guint width) {
    double sum = 0;
    for (guint k = last + 1 - width; k <= last; k++)
        sum += of_period[k];
    return sum;
}

double pl_volume_growth(double now, double then) {
    double growth = then > 0 ? now / then - 1 : NAN;
    return isfinite(growth) ? growth : NAN;
}

static void say_nothing(const PlKpiRun *run, const char *format, const char *what) {
    PlFinding *f = pl_kpi_missing(run, run->goal->measure, "Sales volume", PL_AMOUNT_TOTAL, format, what);
    pl_kpi_headline(run, f, NULL, NULL);
}

PlVolume *pl_volume_new(const PlKpiRun *run) {
    const PlRecords *sales = run->study->tables->of[PL_TABLE_SALES];
    const PlField *date = pl_records_date(sales, "date");
    g_autoptr(PlVolume) v = g_new0(PlVolume, 1);
    v->run = run;
    v->sales = sales;
    v->store = pl_records_text(sales, "store");
    choose_value(v);
    if (v->store == NULL) { /* prices, which are of sales too, do without */
        say_nothing(run, "%s",
                    "the table \"sales\" has no column of stores: name it under columns, {store: NAME}");
        return NULL;
    }
    if (v->value == NULL) {
        say_nothing(run, "%s",
                    "the table \"sales\" has neither \"revenue\" nor \"units\": name one of them "
                    "under columns");
        return NULL;
    }
    v->b = pl_buckets_new(run, sales, date);
    if (v->b == NULL) {
        say_nothing(run, "no row of the table \"sales\" has a day in \"%s\", or a year is mistyped",
                    date->column);
        return NULL;
    }
    v->n_stores = v->store->n_levels;
    choose_rows(v, date);
    find_periods(v);
    v->total = sum_periods(v, v->value);
    v->units_total = v->units != NULL ? sum_periods(v, v->units) : NULL;
    v->by_store = pl_volume_by(v, v->store->level, v->n_stores);
    find_trading(v, date);
    return g_steal_pointer(&v);
}

void pl_volume_free(PlVolume *v) {
    if (v == NULL)
        return;
    pl_buckets_free(v->b);
    g_free(v->bucket);
    g_free(v->total);
    g_free(v->units_total);
    g_free(v->by_store);
    g_free(v->whole);
    g_free(v->days);
    g_free(v->begin);
    g_free(v->end);
    g_free(v);
}

guint *pl_volume_of_store(const PlVolume *v, const PlKpiGroups *groups) {
    g_autofree guint *of_store = g_new(guint, v->n_stores + 1);
    g_autofree gboolean *seen = g_new0(gboolean, v->n_stores + 1);
    for (guint s = 0; s < v->n_stores; s++)
        of_store[s] = PL_NO_LEVEL;
    for (guint i = 0; i < v->sales->n; i++) {
        guint s = v->store->level[i], g = groups->of_row[i];
        if (v->bucket[i] == PL_NO_LEVEL)
            continue;
        if (seen[s] && of_store[s] != g)
            return NULL;
        seen[s] = TRUE;
        of_store[s] = g;
    }
    return g_steal_pointer(&of_store);
}

PlFinding *pl_volume_row(const PlVolume *v, const char *measure, const char *label, PlAmount amount,
                         const char *role, const char *value) {
    PlFinding *f = pl_section_add(v->run->section, NULL, measure, label, amount);
    if (role != NULL)
        pl_finding_of(f, role, value, NULL);
    if (v->now != PL_NO_LEVEL)
        f->period = g_strdup(v->b->names[v->now]);
    return f;
}
