/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/headline.h"

void pl_kpi_satisfaction(const PlKpiRun *run) {
    const PlRecords *survey = run->study->tables->of[PL_TABLE_SURVEY];
    const PlField *score = pl_records_number(survey, "score"), *date = pl_records_date(survey, "date");
    g_autoptr(PlBuckets) b = pl_buckets_new(run, survey, date);
    if (b == NULL)
        return;
    g_autofree double *sum = g_new0(double, b->n), *n = g_new0(double, b->n), *mean = g_new0(double, b->n);
    for (guint i = 0; i < survey->n; i++) {
        guint k = pl_bucket_of(b, date->day[i]);
        if (k == PL_NO_LEVEL || isnan(score->number[i]))
            continue;
        sum[k] += score->number[i];
        n[k]++;
    }
    for (guint k = 0; k < b->n; k++)
        mean[k] = n[k] > 0 ? sum[k] / n[k] : NAN;
    guint now = b->last > 0 ? b->last - 1 : 0;
    PlFinding *f = pl_section_add(run->section, NULL, "mean_score", "Mean score", PL_AMOUNT_NUMBER);
    f->value = mean[now];
    f->n = (guint)n[now];
    f->period = g_strdup(b->names[now]);
    PlKpiSeries series = {b, mean, NULL, NULL};
    pl_kpi_headline(run, f, &series, NULL);
}
