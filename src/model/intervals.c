/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/intervals.h"

#include <string.h>

/* Sundays without data from which on "never on a Sunday" is a rule and not a coincidence. */
#define RULE_TIMES 3
#define WEEK       7

/* Monday is 0; day 0, 1970-01-01, was a Thursday. */
static guint weekday(PlDay day) {
    return (guint)((((gint64)day + 3) % WEEK + WEEK) % WEEK);
}

guint pl_closed_weekdays(const PlPanel *panel) {
    guint open = 0, rare = 0;
    if (panel->kind != PL_TIME_DATE || panel->step != PL_STEP_DAY || panel->n_times == 0)
        return 0;
    PlDay first = panel->times[0], last = panel->times[panel->n_times - 1];
    for (guint t = 0; t < panel->n_times; t++)
        open |= 1u << weekday(panel->times[t]);
    for (gint64 day = first; day < (gint64)first + WEEK; day++)
        if (day + WEEK * (RULE_TIMES - 1) > last)
            rare |= 1u << weekday((PlDay)day);
    return ~open & ~rare & 0x7f;
}

char *pl_weekday_names(guint weekdays) {
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    GString *s = g_string_new(NULL);
    for (guint d = 0; d < WEEK; d++)
        if (weekdays & 1u << d)
            g_string_append_printf(s, "%s%s", s->len ? " and " : "", names[d]);
    return g_string_free(s, FALSE);
}

static gint64 gcd(gint64 a, gint64 b) {
    while (b) {
        gint64 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The distance of two neighbouring times: 1 day, 7 days, or what divides all differences of numbers. */
static gint64 distance(const PlPanel *panel) {
    gint64 d = 0;
    if (panel->kind == PL_TIME_DATE)
        return panel->step == PL_STEP_WEEK ? WEEK : 1;
    for (guint t = 1; t < panel->n_times; t++)
        d = gcd((gint64)panel->times[t] - panel->times[t - 1], d);
    return MAX(d, 1);
}

static gboolean has_time(const PlPanel *panel, PlDay day) {
    guint begin, end;
    pl_panel_range(panel, day, day, &begin, &end);
    return begin < end;
}

/* The panel's day of the month, in a month that may be too short for it; the last days of months stay last.
 */
static PlDay day_in_month(const PlPanel *panel, int month_index) {
    int year, month, mday = 0;
    for (guint t = 0; t < panel->n_times; t++) {
        int here;
        pl_day_to_ymd(panel->times[t], &year, &month, &here);
        mday = MAX(mday, here);
    }
    PlDay next_month = pl_day_from_ymd((month_index + 1) / 12, (month_index + 1) % 12 + 1, 1);
    PlDay day = pl_day_from_ymd(month_index / 12, month_index % 12 + 1, 1) + mday - 1;
    return MIN(day, next_month - 1);
}

static void missing_months(const PlPanel *panel, PlDay first, PlDay last, GArray *missing,
                           guint64 *expected) {
    int year, month, mday;
    pl_day_to_ymd(first, &year, &month, &mday);
    for (int index = year * 12 + month - 1; missing->len < PL_MISSING_MOST; index++) {
        PlDay day = day_in_month(panel, index);
        if (day > last)
            return;
        if (day < first)
            continue;
        ++*expected;
        if (!has_time(panel, day))
            g_array_append_val(missing, day);
    }
}

GArray *pl_missing_times(const PlPanel *panel, PlDay first, PlDay last, guint64 *expected) {
    GArray *missing = g_array_new(FALSE, FALSE, sizeof(PlDay));
    guint closed = pl_closed_weekdays(panel);
    *expected = 0;
    if (panel->n_times < 2)
        return missing;
    if (panel->kind == PL_TIME_DATE && panel->step == PL_STEP_MONTH) {
        missing_months(panel, first, last, missing, expected);
        return missing;
    }
    gint64 step = distance(panel), from = first, offset = (from - panel->times[0]) % step;
    from += offset > 0 ? step - offset : -offset;
    for (gint64 t = from; t <= last && missing->len < PL_MISSING_MOST; t += step) {
        PlDay day = (PlDay)t;
        if (closed && closed & 1u << weekday(day))
            continue;
        ++*expected;
        if (!has_time(panel, day))
            g_array_append_val(missing, day);
    }
    return missing;
}

guint64 pl_expected_times(const PlPanel *panel, PlDay first, PlDay last) {
    guint64 expected = 0;
    g_array_unref(pl_missing_times(panel, first, last, &expected));
    return expected;
}

static void new_slab(PlPanel *panel, guint time) {
    panel->rows[time] = g_new0(guint32, panel->n_stores);
    for (guint m = 0; m < panel->n_measures; m++)
        panel->sum[time * panel->n_measures + m] = g_new0(double, panel->n_stores);
    memset(&panel->n_values[time * panel->n_measures], 0, panel->n_measures * sizeof *panel->n_values);
}

static void move_slab(PlPanel *panel, guint from, guint to) {
    gsize row = panel->n_measures * sizeof *panel->sum; /* n_values holds pointers, too */
    panel->times[to] = panel->times[from];
    panel->rows[to] = panel->rows[from];
    memmove(&panel->sum[to * panel->n_measures], &panel->sum[from * panel->n_measures], row);
    memmove(&panel->n_values[to * panel->n_measures], &panel->n_values[from * panel->n_measures], row);
}

/* Merged from the back, so that a slab is moved once and never overwritten. */
void pl_panel_insert_times(PlPanel *panel, const PlDay *times, guint n) {
    guint old = panel->n_times, to = old + n;
    panel->times = g_renew(PlDay, panel->times, to);
    panel->rows = g_renew(guint32 *, panel->rows, to);
    panel->sum = g_renew(double *, panel->sum, (gsize)to * panel->n_measures);
    panel->n_values = g_renew(guint32 *, panel->n_values, (gsize)to * panel->n_measures);
    panel->n_times = to;
    while (n > 0) {
        if (old > 0 && panel->times[old - 1] > times[n - 1]) {
            move_slab(panel, --old, --to);
        } else {
            panel->times[--to] = times[--n];
            new_slab(panel, to);
        }
    }
}

void pl_panel_drop_after(PlPanel *panel, PlDay last) {
    while (panel->n_times > 0 && panel->times[panel->n_times - 1] > last) {
        guint t = --panel->n_times;
        g_free(panel->rows[t]);
        for (guint m = 0; m < panel->n_measures; m++) {
            g_free(panel->sum[t * panel->n_measures + m]);
            g_free(panel->n_values[t * panel->n_measures + m]);
        }
    }
}

gboolean pl_is_within_interval(const PlPanel *panel, PlDay first, PlDay *before, PlDay *after) {
    guint begin, end;
    if (panel->kind != PL_TIME_DATE || panel->step == PL_STEP_DAY || panel->n_times == 0 ||
        has_time(panel, first))
        return FALSE;
    pl_panel_range(panel, panel->times[0], first, &begin, &end);
    if (end == 0 || end == panel->n_times)
        return FALSE;
    *before = panel->times[end - 1];
    *after = panel->times[end];
    return TRUE;
}
