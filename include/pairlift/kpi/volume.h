/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/headline.h"
#include "pairlift/stats/mix_index.h"

/* What the parts of the KPI sales_volume share: sales by store and period. */

/* When a store traded. Days count on the calendar of all stores: those on which anybody sold anything. */
typedef struct {
    guint first, last; /* its first and last trading day */
    guint longest;     /* so many of them it was without a row, at the longest, between two rows */
    guint pause;       /* so many of them without a row are usual for it */
} PlStoreDays;

typedef struct {
    const PlKpiRun *run;
    const PlRecords *sales;
    const PlField *store, *value, *units; /* units: beside a value that is revenue; else NULL */
    const char *unit, *units_unit;        /* of the value (NULL: not known), and of the units */
    PlBuckets *b;
    guint *bucket;      /* [rows] PL_NO_LEVEL: left out */
    guint now;          /* the last complete period; PL_NO_LEVEL: there is none */
    guint before, year; /* the one before it, and the same a year before; PL_NO_LEVEL: not in the data */
    guint n_stores;
    double *total, *units_total; /* [b->n] NaN without rows */
    double *by_store;            /* [n_stores][b->n] NaN without rows */
    guint8 *whole;               /* [n_stores][b->n] traded in the whole of it */
    PlStoreDays *days;           /* [n_stores] */
    guint *begin, *end;          /* [b->n] trading days of a period: begin <= day < end */
    PlStep step;                 /* of the trading days */
} PlVolume;

/* NULL: no row with a date, a store and a volume; the run's section has a headline that says so. */
PlVolume *pl_volume_new(const PlKpiRun *run);
void pl_volume_free(PlVolume *volume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlVolume, pl_volume_free)

/* `now` over `then`, less 1; NaN: one is missing, or `then` is not above 0. */
double pl_volume_growth(double now, double then);
/* The period that like-for-like growth and contributions are held against: a year before, else the one
 * before; PL_NO_LEVEL: none. */
guint pl_volume_reference(const PlVolume *volume, guint period);
/* "the year before", "the month before". */
char *pl_volume_reference_name(const PlVolume *volume);
/* The volume of a group by period, [n][b->n], NaN without rows; free with g_free. */
double *pl_volume_by(const PlVolume *volume, const guint *of_row, guint n);

/* Periods that are compared: `width` of them up to `now` with as many up to `then`. */
typedef struct {
    guint now, then, width;
} PlVolumeSpan;

/* The last year with the one before; `then` is PL_NO_LEVEL where the data do not reach back two years. */
PlVolumeSpan pl_volume_last_year(const PlVolume *volume);
/* Whether the target is of a whole year. */
gboolean pl_volume_is_yearly(const PlVolume *volume);
/* What groups are compared over: what the target is of, if that is a whole year, else the last period with
 * pl_volume_reference. */
PlVolumeSpan pl_volume_compared(const PlVolume *volume);
/* "on the year before", "of the last 12 months on the 12 before". */
char *pl_volume_versus(const PlVolume *volume, PlVolumeSpan span);
/* The sum of one part's values in the periods up to `last`; NaN: one of them has no sales. */
double pl_volume_sum(const double *of_period, guint last, guint width);

/* Like-for-like growth of the stores of a group (of_store NULL: of all). */
typedef struct {
    guint n; /* stores that traded in the whole of all these periods */
    double growth, low, high;
    const char *reason; /* NULL: nothing is missing */
} PlLikeForLike;
PlLikeForLike pl_volume_like_for_like(const PlVolume *volume, PlVolumeSpan span, const guint *of_store,
                                      guint group);

/* The growth of a group's stores over that of all of them, like for like: an index of 1 is the growth of all.
 * What it returns is what pl_mix_index returns for sales of `now` in those of both periods. */
PlStatus pl_volume_lead(const PlVolume *volume, PlVolumeSpan span, const guint *of_store, guint group,
                        PlMixIndex *lead);

/* The group of each store, [n_stores], PL_NO_LEVEL: none; NULL: rows of one store lie in several. Free with
 * g_free. */
guint *pl_volume_of_store(const PlVolume *volume, const PlKpiGroups *groups);

/* A row of a measure, with the period `now`; role NULL: of all. */
PlFinding *pl_volume_row(const PlVolume *volume, const char *measure, const char *label, PlAmount amount,
                         const char *role, const char *value);

/* ---- the parts, in the order of reading ---- */
void pl_volume_headline(const PlVolume *volume);
void pl_volume_places(const PlVolume *volume);
void pl_volume_stores(const PlVolume *volume);
void pl_volume_mix(const PlVolume *volume);
