/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/arm.h"
#include "pairlift/effect/periods.h"
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"

typedef struct {
    guint missing;           /* store-intervals of the stores within the periods that had no value */
    guint filled;            /* of these, filled by the policy (zero, interpolate) */
    guint stores;            /* stores with at least one */
    double worst_share;      /* the largest share of a period that one store misses */
    const char *worst_store; /* its name, owned by the panel; NULL: none */
    char *first;             /* the first of them in words, NULL: none */
} PlGapReport;

void pl_gap_report_clear(PlGapReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlGapReport, pl_gap_report_clear)

/* How a policy treated a gap: "left out as closed". */
const char *pl_gaps_words(int gaps);

/* Treats the missing store-intervals of `stores` within the periods as the
 * sales table's `gaps` says: `error` names them store by store, run by run, the first 20 and a count of the
 * rest; `zero` makes sums 0 (a mean stays missing: no rows are no score); `closed` leaves them out;
 * `interpolate` draws a straight line between the nearest intervals of the same period with a value, and a
 * gap at the period's end is an error. PL_ERROR_DATA. */
gboolean pl_gaps_apply(const PlDefinition *def, PlPanel *panel, const PlStoreSet *stores,
                       const PlRanges *ranges, PlGapReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
