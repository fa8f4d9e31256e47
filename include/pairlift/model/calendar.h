/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* A point in time: days since 1970-01-01 (proleptic Gregorian), or the period number itself. */
typedef gint32 PlDay;

typedef enum { PL_TIME_DATE, PL_TIME_NUMBER } PlTimeKind;

/* The interval of the data, read off its distinct dates. */
typedef enum { PL_STEP_DAY, PL_STEP_WEEK, PL_STEP_MONTH, PL_STEP_NUMBER } PlStep;

PlDay pl_day_from_ymd(int year, int month, int day);
void pl_day_to_ymd(PlDay day, int *year, int *month, int *mday);
/* The same day of the month so many months later (before, where negative), or the last of a shorter month. */
PlDay pl_day_months_later(PlDay day, int months);

/* "2024-02-29" exactly; FALSE for anything else, impossible dates included. */
gboolean pl_day_parse_iso(const char *text, gsize length, PlDay *day);

/* ISO date, or the number; free with g_free. */
char *pl_day_format(PlDay day, PlTimeKind kind);

/* "day", "week", "month", "period"; `n` chooses singular or plural. */
const char *pl_step_name(PlStep step, guint n);

/* What the numbers of a column count, by its name: weeks in "week" or "week_no"; else PL_STEP_NUMBER. */
PlStep pl_step_named(const char *column);

/* The step of `n` distinct ascending times: months where all fall on one day of the month, weeks
 * where all differences are multiples of 7, else days; numbers are PL_STEP_NUMBER. */
PlStep pl_step_detect(const PlDay *times, guint n, PlTimeKind kind);

/* A date format of the strptime kind, checked once: %Y %m %d %y %b %B %j %H %M %S %e %% and literals,
 * or "number". */
typedef struct PlDateFormat PlDateFormat;
PlDateFormat *pl_date_format_new(const char *format, char **reason); /* NULL with a reason to free */
void pl_date_format_free(PlDateFormat *format);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlDateFormat, pl_date_format_free)
PlTimeKind pl_date_format_kind(const PlDateFormat *format);
gboolean pl_date_format_parse(const PlDateFormat *format, const char *text, gsize length, PlDay *day);

/* A format that reads `text`, for a hint; NULL when none of the usual ones does. */
const char *pl_date_format_guess(const char *text, gsize length);
