/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/names.h"
#include "pairlift/model/calendar.h"

/* How the levels of a column are ordered: as numbers when all are, as dates when all are in one format, else
 * by their bytes. */
typedef enum { PL_LEVELS_NUMBERS, PL_LEVELS_DATES, PL_LEVELS_TEXTS } PlLevelOrder;
typedef struct {
    PlLevelOrder order;
    char decimal;
    PlDateFormat *format; /* of dates */
    guint n;
    const char **labels; /* [n] sorted; the texts belong to the names */
    double *keys;        /* [n] of numbers and dates */
    guint *place;        /* [n] of each name: its place in `labels` */
} PlLevels;

PlLevels *pl_levels_sort(const PlNames *names, char decimal);
void pl_levels_free(PlLevels *levels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlLevels, pl_levels_free)

/* The half-open range of the levels from `from` to `to`, both included, neither of which need occur; FALSE
 * when one of them is no number or date among numbers or dates. */
gboolean pl_levels_range(const PlLevels *levels, const char *from, const char *to, guint *begin, guint *end);
