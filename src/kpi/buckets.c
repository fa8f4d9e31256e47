/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/buckets.h"

#include <string.h>

#include "pairlift/model/keys_kpi.h"

enum { DAY, WEEK, MONTH, QUARTER, YEAR };

/* Days at the ends of the data that may be without a row (a closed weekend, a holiday) in a complete period.
 */
enum { SLACK_DAYS = 2, WEEK_DAYS = 7, MONTHS = 12, QUARTER_MONTHS = 3 };

/* 1970-01-01 was a Thursday. */
static PlDay monday_of(PlDay day) {
    gint32 weekday = (day + 3) % WEEK_DAYS;
    return day - (weekday < 0 ? weekday + WEEK_DAYS : weekday);
}

/* First day of the period that a day lies in. */
static PlDay begin_of(PlDay day, int period) {
    int year, month, mday;
    if (period == DAY)
        return day;
    if (period == WEEK)
        return monday_of(day);
    pl_day_to_ymd(day, &year, &month, &mday);
    if (period == QUARTER)
        month -= (month - 1) % QUARTER_MONTHS;
    return pl_day_from_ymd(year, period == YEAR ? 1 : month, 1);
}

static PlDay next_of(PlDay begin, int period) {
    int year, month, mday;
    if (period == DAY || period == WEEK)
        return begin + (period == DAY ? 1 : WEEK_DAYS);
    pl_day_to_ymd(begin, &year, &month, &mday);
    month += period == MONTH ? 1 : period == QUARTER ? QUARTER_MONTHS : MONTHS;
    return pl_day_from_ymd(month > MONTHS ? year + 1 : year, month > MONTHS ? month - MONTHS : month, 1);
}

/* The week of ISO 8601 that begins on a Monday: its Thursday's year. */
static char *week_name(PlDay monday) {
    int year, month, mday;
    pl_day_to_ymd(monday + 3, &year, &month, &mday);
    PlDay first = monday_of(pl_day_from_ymd(year, 1, 4));
    return g_strdup_printf("%04d-W%02d", year, (monday - first) / WEEK_DAYS + 1);
}

static char *name_of(PlDay begin, int period) {
    int year, month, mday;
    if (period == DAY)
        return pl_day_format(begin, PL_TIME_DATE);
    if (period == WEEK)
        return week_name(begin);
    pl_day_to_ymd(begin, &year, &month, &mday);
    if (period == MONTH)
        return g_strdup_printf("%04d-%02d", year, month);
    if (period == QUARTER)
        return g_strdup_printf("%04d-Q%d", year, (month - 1) / QUARTER_MONTHS + 1);
    return g_strdup_printf("%04d", year);
}

static void add(PlBuckets *b, PlDay begin, PlDay end, char *name) {
    b->begin = g_renew(PlDay, b->begin, b->n + 1);
    b->end = g_renew(PlDay, b->end, b->n + 1);
    b->names = g_renew(char *, b->names, b->n + 2);
    b->begin[b->n] = begin;
    b->end[b->n] = end;
    b->names[b->n++] = name;
    b->names[b->n] = NULL;
}

/* Days that one row stands for, less the first: weekly rows bear the day on which their week begins. Of the
 * shortest and of the longest month: no first row stands for a month that it lies a whole one after, and the
 * last stands for a month of 31 days as well. */
static PlDay reach_of(PlStep step, gboolean ahead) {
    if (step == PL_STEP_MONTH)
        return ahead ? 30 : 27;
    return step == PL_STEP_WEEK ? WEEK_DAYS - 1 : 0;
}

static int by_day(const void *a, const void *b) {
    PlDay x = *(const PlDay *)a, y = *(const PlDay *)b;
    return (x > y) - (x < y);
}

/* The distinct days up to `as_of`, ascending. */
static GArray *days_of(const PlRecords *records, const PlField *date, PlDay as_of) {
    GArray *days = g_array_new(FALSE, FALSE, sizeof(PlDay));
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    PlDay last = PL_NO_DAY; /* rows of one day mostly follow each other */
    for (guint i = 0; i < records->n; i++) {
        PlDay day = date->day[i];
        if (day == PL_NO_DAY || day == last || day > as_of)
            continue;
        last = day;
        if (g_hash_table_add(seen, GINT_TO_POINTER(day)))
            g_array_append_val(days, day);
    }
    g_array_sort(days, by_day);
    return days;
}

/* The last day that is known of a table. Sales and order lines come every day: they reach to their own last
 * row only, whatever another table or the day of the report says, for what is missing after it is not yet
 * there. Contacts, deals and surveys are rare: days without a row up to `as_of` are days on which nothing
 * happened. */
static PlDay reaches(PlTableKind table, PlDay last, PlDay as_of) {
    return table == PL_TABLE_SALES || table == PL_TABLE_ORDER_LINES ? last : MAX(last, as_of);
}

static void cut_dates(PlBuckets *b, const GArray *days, int period, PlTableKind table, PlDay as_of) {
    static const guint per_year[] = {[DAY] = 0, [WEEK] = 52, [MONTH] = 12, [QUARTER] = 4, [YEAR] = 1};
    PlDay first = g_array_index(days, PlDay, 0), last = g_array_index(days, PlDay, days->len - 1);
    PlStep step = pl_step_detect((const PlDay *)(const void *)days->data, days->len, PL_TIME_DATE);
    for (PlDay at = begin_of(first, period); at <= last; at = next_of(at, period))
        add(b, at, next_of(at, period) - 1, name_of(at, period));
    PlDay until = reaches(table, last, as_of) + reach_of(step, TRUE);
    b->per_year = per_year[period];
    b->first = first - b->begin[0] <= SLACK_DAYS + reach_of(step, FALSE) ? 0 : 1;
    b->last = until + SLACK_DAYS >= b->end[b->n - 1] ? b->n : b->n - 1;
    b->last = MAX(b->last, b->first);
}

static void cut_numbers(PlBuckets *b, const GArray *days, int period, const char *column) {
    static const PlDay weeks[] = {[DAY] = 1, [WEEK] = 1, [MONTH] = 4, [QUARTER] = 13, [YEAR] = 52};
    gboolean is_week = pl_step_named(column) == PL_STEP_WEEK;
    PlDay length = is_week ? weeks[period] : 1;
    PlDay first = g_array_index(days, PlDay, 0), last = g_array_index(days, PlDay, days->len - 1);
    PlDay n = (last - first) / length + 1;
    for (PlDay k = 0; k < n; k++) {
        PlDay end = last - (n - 1 - k) * length, begin = end - length + 1;
        char *name = length == 1 ? g_strdup_printf(is_week ? "week %d" : "%d", end)
                                 : g_strdup_printf("weeks %d to %d", MAX(begin, first), end);
        add(b, begin, end, name);
    }
    b->per_year = is_week ? (guint)(weeks[YEAR] / length) : 0;
    b->first = b->begin[0] < first ? 1 : 0;
    b->last = b->n;
}

static int period_of(const PlKpiRun *run) {
    const char *word = run->goal->period != NULL ? run->goal->period : run->study->def->kpis.period;
    for (int p = 0; pl_period_names[p] != NULL; p++)
        if (g_strcmp0(word, pl_period_names[p]) == 0)
            return p;
    return MONTH;
}

/* More days than any calendar of a shop has; a table of them is small. */
#define DAYS_MOST 4000000
/* Days of half a century: more periods than that are a mistyped year, and a row for each would fill a disk.
 */
#define BUCKETS_MOST 20000

/* Whether days so far apart make a calendar that can be cut. */
static gboolean can_cut(const GArray *days, int period, gboolean dates, gboolean weeks) {
    static const gint64 shortest[] = {
        [DAY] = 1, [WEEK] = WEEK_DAYS, [MONTH] = 28, [QUARTER] = 90, [YEAR] = 365};
    if (days->len == 0)
        return FALSE;
    gint64 span = (gint64)g_array_index(days, PlDay, days->len - 1) - g_array_index(days, PlDay, 0);
    gint64 length = dates                                   ? shortest[period]
                    : weeks && shortest[period] > WEEK_DAYS ? shortest[period] / WEEK_DAYS
                                                            : 1;
    return span <= DAYS_MOST && span / length < BUCKETS_MOST;
}

PlBuckets *pl_buckets_new(const PlKpiRun *run, const PlRecords *records, const PlField *date) {
    gboolean dates = records->time_kind == PL_TIME_DATE;
    PlDay as_of = dates ? run->study->as_of : G_MAXINT32;
    g_autoptr(GArray) days = days_of(records, date, as_of);
    int period = period_of(run);
    if (!can_cut(days, period, dates, pl_step_named(date->column) == PL_STEP_WEEK))
        return NULL;
    PlBuckets *b = g_new0(PlBuckets, 1);
    b->kind = records->time_kind;
    b->period = dates || pl_step_named(date->column) == PL_STEP_WEEK ? pl_period_names[period] : "period";
    if (dates)
        cut_dates(b, days, period, records->table, as_of);
    else
        cut_numbers(b, days, period, date->column);
    b->of_day = g_new(guint, b->end[b->n - 1] - b->begin[0] + 2);
    for (guint k = 0; k < b->n; k++)
        for (PlDay day = b->begin[k]; day <= b->end[k]; day++)
            b->of_day[day - b->begin[0]] = k;
    return b;
}

void pl_buckets_free(PlBuckets *b) {
    if (b == NULL)
        return;
    g_free(b->begin);
    g_free(b->end);
    g_strfreev(b->names);
    g_free(b->of_day);
    g_free(b);
}

guint pl_bucket_of(const PlBuckets *b, PlDay day) {
    if (day == PL_NO_DAY || day < b->begin[0] || day > b->end[b->n - 1])
        return PL_NO_LEVEL;
    return b->of_day[day - b->begin[0]];
}
