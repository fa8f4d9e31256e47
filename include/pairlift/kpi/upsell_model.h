/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/upsell_history.h"
#include "pairlift/stats/prediction_fit.h"
#include "pairlift/stats/roc.h"

/* A model of who will do something, fitted on some customers and judged on the others. */

/* Features and attributes that a model can have. */
enum { PL_COLUMNS_MOST = 40 };

typedef struct {
    const PlHistory *history;
    const PlPopulation *population;
    guint n;
    const guint *row;      /* [n] of the population */
    const double *outcome; /* [n] 0 or 1 */
    const guint *priority; /* [PL_N_FEATURES] those that are to be kept longest come first */
    double conf_level;
    guint64 seed, block; /* of the stream that parts the customers */
} PlModelData;

typedef struct {
    char *reason; /* there is no model, as ...; NULL: there is */
    guint n_columns;
    guint column[PL_COLUMNS_MOST]; /* a feature, or PL_N_FEATURES + an attribute's level */
    double coef[PL_COLUMNS_MOST + 1], std_error[PL_COLUMNS_MOST + 1]; /* the constant first */
    GPtrArray *left_out;                                              /* char*: what, and why */
    guint n_events, n_train, n_test; /* of the data; customers it was fitted to, and judged on */
    PlRoc roc;                       /* on those that it was not fitted to */
    PlPredictionFit fit;             /* bins live in the arena */
    PlArena arena;
} PlModel;

void pl_model_fit(const PlModelData *data, PlModel *out);
void pl_model_clear(PlModel *model);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlModel, pl_model_clear)

/* The chance that a model gives to a customer of a population. */
double pl_model_chance(const PlModel *model, const PlHistory *history, const PlPopulation *population,
                       guint row);
const char *pl_model_label(const PlHistory *history, guint column);
