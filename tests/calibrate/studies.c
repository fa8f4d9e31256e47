/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studies.h"

extern const Study pl_study_few_treated, pl_study_geo, pl_study_course, pl_study_looks, pl_study_meta,
    pl_study_chain, pl_study_chain_series, pl_study_pairs, pl_study_groups, pl_study_panel,
    pl_study_one_treated, pl_study_series, pl_study_trend, pl_study_rates, pl_study_regression,
    pl_study_survival, pl_study_placebo_pairs, pl_study_placebo_series, pl_study_placebo_panel,
    pl_study_placebo_one;

const Study *const pl_studies[] = {
    &pl_study_chain,         &pl_study_chain_series,  &pl_study_pairs,
    &pl_study_series,        &pl_study_panel,         &pl_study_few_treated,
    &pl_study_one_treated,   &pl_study_groups,        &pl_study_rates,
    &pl_study_regression,    &pl_study_survival,      &pl_study_trend,
    &pl_study_geo,           &pl_study_meta,          &pl_study_course,
    &pl_study_looks,         &pl_study_placebo_pairs, &pl_study_placebo_series,
    &pl_study_placebo_panel, &pl_study_placebo_one,   NULL,
};
