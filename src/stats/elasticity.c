/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/families.h"
#include "pairlift/stats/regress.h"

#include <math.h>
#include <string.h>

/* PL_NOT_FINITE, PL_NOT_POSITIVE: the culprit is the column. */
static PlStatus logs(const PlVariable *variable, size_t rows, PlAnswer *answer, PlVariable *out) {
    double *log_of = pl_arena_doubles(answer->arena, rows);
    if (!log_of)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < rows; i++) {
        double value = variable->values[i];
        if (!isfinite(value) || value <= 0)
            return pl_answer_refuse(answer, isfinite(value) ? PL_NOT_POSITIVE : PL_NOT_FINITE,
                                    variable->name);
        log_of[i] = log(value);
    }
    *out = (PlVariable){.name = variable->name, .values = log_of};
    return PL_OK;
}

static bool constant(const double *x, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (x[i] != x[0])
            return false;
    return true;
}

static PlStatus regress(const PlSample *sample, const PlMethodOptions *options, PlVariable quantity,
                        PlVariable price, PlAnswer *answer) {
    const PlVariable *roles = sample->roles;
    size_t n = sample->n_on + 1, n_sets = 0;
    PlVariable *columns = pl_arena_take(answer->arena, n, sizeof *columns), sets[2];
    const char **terms = pl_arena_take(answer->arena, n, sizeof *terms);
    if (!columns || !terms)
        return PL_NO_MEMORY;
    columns[0] = price;
    terms[0] = "price";
    for (size_t c = 1; c < n; c++) {
        columns[c] = sample->on[c - 1];
        terms[c] = columns[c].name;
    }
    for (PlRole role = PL_UNIT; role <= PL_TIME; role++)
        if (pl_sample_has(sample, role))
            sets[n_sets++] = roles[role];
    const PlVariable *cluster = pl_sample_has(sample, PL_CLUSTER) ? &roles[PL_CLUSTER]
                                : pl_sample_has(sample, PL_UNIT)  ? &roles[PL_UNIT]
                                                                  : NULL;
    PlRegression regression = {.rows = sample->rows,
                               .y = quantity,
                               .columns = columns,
                               .n_columns = n,
                               .terms = terms,
                               .intercept = true,
                               .intercept_last = true,
                               .sets = sets,
                               .n_sets = n_sets,
                               .cluster = cluster};
    return pl_regress(&regression, options, answer);
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    if (sample->rows < method->min_n)
        return PL_TOO_FEW;
    PlVariable quantity, price;
    PlStatus status = logs(&sample->roles[PL_X], sample->rows, answer, &quantity);
    if (status == PL_OK)
        status = logs(&sample->roles[PL_PRICE], sample->rows, answer, &price);
    if (status != PL_OK)
        return status;
    if (constant(price.values, sample->rows))
        return pl_answer_refuse(answer, PL_NO_VARIANCE, price.name);
    status = regress(sample, options, quantity, price, answer);
    if (status == PL_OK && !pl_sample_has(sample, PL_CLUSTER) && !pl_sample_has(sample, PL_UNIT))
        pl_answer_note(answer, "Errors count every row as independent; rows of one store are not: --unit or "
                               "--cluster says which belong together.");
    return status;
}

static const PlRoleUse roles[] = {
    {PL_X, false, "the quantity sold, above 0"},
    {PL_PRICE, false, "the price, above 0"},
    {PL_UNIT, true, "the store: each gets an effect of its own"},
    {PL_TIME, true, "the time: each gets an effect of its own"},
    {PL_CLUSTER, true, "rows whose errors belong together; default: the unit"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_elasticity = {
    .id = "elasticity",
    .title = "Price elasticity",
    .family = pl_family_regression,
    .estimates = "change of the quantity in per cent for a price higher by one per cent",
    .assumes = "The elasticity is the same at every price and in every store; what else moves the quantity "
               "is in --on, in the effects of stores and times, or unrelated to the price; clusters are "
               "independent.",
    .use =
        "For sales with prices that changed. With --unit only changes within a store count, which is mostly "
        "what is wanted: stores that are dear differ in more than prices. Columns of --on go in as they "
        "are: give a competitor's price as its logarithm to read its coefficient as a cross elasticity. "
        "Not when the price was cut because demand was low or high.",
    .formula = "log x = a_unit + b_time + elasticity * log price + on + e by least squares\n"
               "errors as in ols; with --unit clustered by unit: CR2, Satterthwaite's df",
    .source = "Hoch, Kim, Montgomery and Rossi 1995, doi:10.2307/3152107; Pustejovsky and Tipton "
              "2018, doi:10.1080/07350015.2016.1247004",
    .check =
        "Sliced cheese, 88 stores, 5,555 rows, with store effects and display: -2.388341, standard error "
        "CR0 .1246487, CR1 .1253631, CR2 .1263710 (df 49.8877) (R plm, clubSandwich)",
    .min_n = 3,
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_VCOV | PL_TAKES_ON,
    .run = run,
};
