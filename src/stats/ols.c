/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/families.h"
#include "pairlift/stats/regress.h"

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    (void)method;
    PlRegression regression = {
        .rows = sample->rows,
        .y = sample->roles[PL_X],
        .columns = sample->on,
        .n_columns = sample->n_on,
        .intercept = !options->no_intercept,
        .sets = sample->absorb,
        .n_sets = sample->n_absorb,
        .cluster = pl_sample_has(sample, PL_CLUSTER) ? &sample->roles[PL_CLUSTER] : NULL,
    };
    return pl_regress(&regression, options, answer);
}

static const PlRoleUse roles[] = {
    {PL_X, false, "the outcome"},
    {PL_CLUSTER, true, "rows whose errors belong together, for instance the store"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_ols = {
    .id = "ols",
    .title = "Linear regression (least squares)",
    .family = pl_family_regression,
    .estimates = "change of the outcome for one unit more of each column, the other columns held",
    .assumes = "The outcome is linear in the columns. Without --cluster: errors are independent and of one "
               "variance. With it: clusters are independent, and there are more than a handful.",
    .use =
        "To hold other columns fixed. Give --cluster whenever several rows come from one store: without it "
        "errors can come out several times too small. --absorb gives every level of a column an effect of "
        "its own without listing it. A term NAME^P is the P-th power of a column, without the rounding "
        "that a column of powers brings. For an outcome of 0 and 1 see logistic.",
    .formula = pl_regress_formula,
    .source = "Businger and Golub 1965, doi:10.1007/BF01436084; Bell and McCaffrey 2002; Pustejovsky and "
              "Tipton 2018, doi:10.1080/07350015.2016.1247004",
    .check = "NIST StRD linear regression, all eleven sets: 13 digits and more; Grunfeld by firm: standard "
             "error of value CR0 .0150027, CR1 .0158143, CR1S .0158943, CR2 .0162451 (df 2.3426), CR3 "
             ".0170025 (R clubSandwich)",
    .groups = true,
    .min_n = 2,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_VCOV | PL_TAKES_ON | PL_TAKES_ABSORB | PL_TAKES_INTERCEPT,
    .run = run,
};
