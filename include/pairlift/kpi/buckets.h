/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/kpi.h"

/* Time cut into the periods of a trend: calendar days, weeks (from Monday), months, quarters or years. Period
 * numbers are periods themselves; numbers of weeks make months of 4, quarters of 13 and years of 52, counted
 * back from the last. */
typedef struct {
    PlTimeKind kind;
    const char *period; /* "month"; "period" for numbers */
    guint n;
    PlDay *begin, *end; /* [n] first and last day, ascending, without holes */
    char **names;       /* [n] "2024-03", "2024-Q1", "2024-W09", "2024-02-29", "2024", "weeks 141 to 144" */
    guint first, last;  /* complete ones: first <= i < last. Data begin or end within the others. */
    guint per_year;     /* periods that make a year, 0: not known */
    guint *of_day;      /* [end of the last - begin of the first + 1] */
} PlBuckets;

/* Of the days in a field of dates, by the goal's period (NULL: that of all KPIs), up to the study's as-of.
 * NULL: no row has a date, or they are
 * more than 20,000 periods apart. Free with pl_buckets_free. */
PlBuckets *pl_buckets_new(const PlKpiRun *run, const PlRecords *records, const PlField *date);
void pl_buckets_free(PlBuckets *buckets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlBuckets, pl_buckets_free)

/* Index of the bucket of a day; PL_NO_LEVEL: PL_NO_DAY, or outside. */
guint pl_bucket_of(const PlBuckets *buckets, PlDay day);
