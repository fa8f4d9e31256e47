/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* A linear regression as rows of an answer. */
typedef struct {
    size_t rows;
    PlVariable y;              /* numbers */
    const PlVariable *columns; /* numbers, with powers */
    size_t n_columns;
    const char *const *terms; /* [n_columns] of the answer's rows; NULL: the columns' names */
    bool intercept;           /* not with sets, which hold one */
    bool intercept_last;
    const PlVariable *sets; /* levels whose effects are absorbed */
    size_t n_sets;
    const PlVariable *cluster; /* levels; NULL: none */
} PlRegression;

/* The docstring stands above it in src/stats/regress.c. */
PlStatus pl_regress(const PlRegression *regression, const PlMethodOptions *options, PlAnswer *answer);

/* The formula of every method that is such a regression, for its row. */
extern const char pl_regress_formula[];
