/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "kpi_text.h"

/* What the tests of the KPI sales_volume share. */

#define ID "sales_volume"
#define SALES                                                                                                \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: sales, file: sales.csv}\n"
#define STORES SALES "  - {table: stores, file: stores.csv}\n"

static inline gboolean is_near(double actual, double expected, double relative) {
    return fabs(actual - expected) <= relative * fabs(expected);
}

static inline void must_be(const KpiText *t, const char *measure, const char *group, double expected) {
    const PlFinding *f = kpi_find(t, ID, measure, group);
    cr_expect(is_near(f->value, expected, 1e-12) || (expected == 0 && fabs(f->value) < 1e-12),
              "%s of %s: %.17g", measure, group != NULL ? group : "all", f->value);
}
