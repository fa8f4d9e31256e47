/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/methods.h"

#include "pairlift/stats/families.h"

#include <string.h>

const char pl_family_paired[] = "Pairs";
const char pl_family_groups[] = "Two and more groups";
const char pl_family_panel[] = "Panel";
const char pl_family_series[] = "Time series";
const char pl_family_geo[] = "Geo experiments";
const char pl_family_rates[] = "Rates";
const char pl_family_regression[] = "Regression and correlation";
const char pl_family_survival[] = "Survival";
const char pl_family_pooling[] = "Pooling";
const char pl_family_multiplicity[] = "Several tests";
const char pl_family_sequential[] = "Looking while it runs";
const char pl_family_description[] = "Description";

/* Each is declared here and defined at the end of its own file in src/stats. */
extern const PlMethod pl_method_paired_t, pl_method_sign_flip, pl_method_signed_rank, pl_method_sign_test,
    pl_method_bootstrap_bca, pl_method_bayes_normal, pl_method_welch_t, pl_method_pooled_t,
    pl_method_rank_sum, pl_method_anova, pl_method_welch_anova, pl_method_kruskal_wallis, pl_method_cuped,
    pl_method_fixed_effects, pl_method_wild_bootstrap, pl_method_tbr, pl_method_tbr_ar1, pl_method_trend,
    pl_method_trimmed_match, pl_method_synthetic_control, pl_method_synthetic_did, pl_method_conformal,
    pl_method_proportions, pl_method_fisher_exact, pl_method_chi_square, pl_method_logistic, pl_method_ols,
    pl_method_elasticity, pl_method_correlation, pl_method_spearman, pl_method_kaplan_meier,
    pl_method_logrank, pl_method_meta, pl_method_holm, pl_method_bh, pl_method_msprt,
    pl_method_confidence_sequence, pl_method_group_sequential, pl_method_describe;

const PlMethod *const pl_methods[] = {
    &pl_method_paired_t,
    &pl_method_sign_flip,
    &pl_method_signed_rank,
    &pl_method_sign_test,
    &pl_method_bootstrap_bca,
    &pl_method_bayes_normal,
    &pl_method_welch_t,
    &pl_method_pooled_t,
    &pl_method_rank_sum,
    &pl_method_anova,
    &pl_method_welch_anova,
    &pl_method_kruskal_wallis,
    &pl_method_cuped,
    &pl_method_fixed_effects,
    &pl_method_wild_bootstrap,
    &pl_method_synthetic_control,
    &pl_method_synthetic_did,
    &pl_method_conformal,
    &pl_method_tbr,
    &pl_method_tbr_ar1,
    &pl_method_trend,
    &pl_method_trimmed_match,
    &pl_method_proportions,
    &pl_method_fisher_exact,
    &pl_method_chi_square,
    &pl_method_logistic,
    &pl_method_ols,
    &pl_method_elasticity,
    &pl_method_correlation,
    &pl_method_spearman,
    &pl_method_kaplan_meier,
    &pl_method_logrank,
    &pl_method_meta,
    &pl_method_holm,
    &pl_method_bh,
    &pl_method_msprt,
    &pl_method_confidence_sequence,
    &pl_method_group_sequential,
    &pl_method_describe,
    NULL,
};

const PlMethod *pl_method_find(const char *id) {
    for (const PlMethod *const *method = pl_methods; *method; method++)
        if (strcmp((*method)->id, id) == 0)
            return *method;
    return NULL;
}
