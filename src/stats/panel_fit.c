/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/absorb.h"
#include "pairlift/stats/fixed_effects.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* What is left of the treatment beside the effects, in parts of its squares, when it is a combination of
 * them. */
#define COLLINEAR_WITHIN 1e-16

/* Residuals within this of the outcome are its rounding: the effects fit it exactly. */
#define FITTED_WITHIN (64 * DBL_EPSILON)

/* A cluster without which there is no effect has at least this share of the treatment's squares. */
#define SHARE_TO_LOOK_AT 0.1

const PlRoleUse pl_panel_roles[] = {
    {PL_X, false, "value of each unit and time"},
    {PL_UNIT, false, "the unit, for instance the store"},
    {PL_TIME, false, "the time of the value"},
    {PL_TREATED, false, "1 where the unit is treated at that time, else 0"},
    {PL_CLUSTER, true, "units whose errors belong together; default: the pair, else the unit"},
    {PL_PAIR, true, "the unit's pair, whose effects then stand in place of the units'"},
    {.role = PL_N_ROLES},
};

const char pl_rests_on_one_reason[] =
    "without one of the clusters the effect could not be estimated (for instance only one is treated), so "
    "how "
    "much it varies cannot be told: see synthetic_did, synthetic_control, conformal";

/* True when the rows of some pair are in two clusters. */
static bool splits(const PlVariable *cluster, const PlVariable *pair, size_t rows, size_t *owner) {
    for (size_t r = 0; r < rows; r++) {
        size_t *own = &owner[pair->levels[r]];
        if (*own && *own != cluster->levels[r] + 1)
            return true;
        *own = cluster->levels[r] + 1;
    }
    return false;
}

/* PL_NESTED_CLUSTERS: pairs are given, and clusters part them (de Chaisemartin and Ramirez-Cuellar 2024,
 * doi:10.1257/app.20210252: the two errors of a pair then mirror each other, and the variance comes out at
 * half of what it is). */
PlStatus pl_panel_columns(const PlSample *sample, PlArena *arena, PlAnswer *answer, PlPanelColumns *panel) {
    const PlVariable *roles = sample->roles;
    const PlVariable *cluster = pl_sample_has(sample, PL_CLUSTER) ? &roles[PL_CLUSTER] : NULL;
    bool paired = pl_sample_has(sample, PL_PAIR);
    *panel = (PlPanelColumns){.rows = sample->rows,
                              .y = roles[PL_X].values,
                              .treated = roles[PL_TREATED].values,
                              .unit = &roles[paired ? PL_PAIR : PL_UNIT],
                              .time = &roles[PL_TIME],
                              .cluster = cluster};
    if (paired && roles[PL_TIME].n_levels == 1)
        panel->time = NULL; /* two rows a pair: nothing to compare over time */
    if (!paired || !cluster)
        return PL_OK;
    size_t *owner = pl_arena_sizes(arena, roles[PL_PAIR].n_levels);
    if (!owner)
        return PL_NO_MEMORY;
    return splits(cluster, &roles[PL_PAIR], sample->rows, owner)
               ? pl_answer_refuse(answer, PL_NESTED_CLUSTERS, cluster->name)
               : PL_OK;
}

/* Names the column that a refusal of pl_panel_fit is about. */
PlStatus pl_panel_refuse(const PlSample *sample, PlAnswer *answer, PlStatus status, PlRole culprit) {
    if (culprit == PL_UNIT && pl_sample_has(sample, PL_PAIR))
        culprit = PL_PAIR;
    return pl_answer_refuse(answer, status, culprit < PL_N_ROLES ? sample->roles[culprit].name : NULL);
}

void pl_panel_figures(const PlSample *sample, PlAnswer *answer, PlAnswerRow *row, size_t n_clusters) {
    pl_answer_figure(row, "n_clusters", (double)n_clusters);
    pl_answer_figure(row, "n_units", (double)sample->roles[PL_UNIT].n_levels);
    pl_answer_figure(row, "n_times", (double)sample->roles[PL_TIME].n_levels);
    if (pl_sample_has(sample, PL_PAIR))
        pl_answer_note(answer, "Effects are those of the pairs, in place of the units'.");
}

static PlStatus refuse(PlRole *culprit, PlRole role, PlStatus status) {
    if (culprit)
        *culprit = role;
    return status;
}

static PlStatus check_columns(const PlPanelColumns *p, PlRole *culprit, double *largest) {
    size_t n_treated = 0, other = 0;
    double check = 0;
    *largest = 0;
    if (p->rows == 0)
        return PL_TOO_FEW;
    for (size_t r = 0; r < p->rows; r++) {
        double size = fabs(p->y[r]);
        check += p->y[r] * 0;
        *largest = size > *largest ? size : *largest;
        n_treated += p->treated[r] == 1;
        other += p->treated[r] != 0 && p->treated[r] != 1;
    }
    if (check != 0)
        return refuse(culprit, PL_X, PL_NOT_FINITE);
    if (other)
        return refuse(culprit, PL_TREATED, PL_NOT_BINARY);
    if (n_treated == 0)
        return refuse(culprit, PL_TREATED, PL_NO_TREATED);
    if (n_treated == p->rows)
        return refuse(culprit, PL_TREATED, PL_NO_CONTROL);
    if (p->unit->n_levels < 2)
        return refuse(culprit, PL_UNIT, PL_ONE_LEVEL);
    if (p->time && p->time->n_levels < 2)
        return refuse(culprit, PL_TIME, PL_ONE_LEVEL);
    if (p->cluster && p->cluster->n_levels < 2)
        return refuse(culprit, PL_CLUSTER, PL_ONE_LEVEL);
    return PL_OK;
}

/* Four sums side by side, so that an addition need not wait for the one before. */
static double product(const double *x, const double *y, size_t n) {
    double sum[4] = {0};
    size_t r = 0;
    for (; r + 3 < n; r += 4)
        for (size_t i = 0; i < 4; i++)
            sum[i] += x[r + i] * y[r + i];
    for (; r < n; r++)
        sum[0] += x[r] * y[r];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* The least-squares fit of y ~ treated | unit + time, by taking the effects out of both. Several rows for one
 * unit and time, and gaps, are fine.
 * PL_NOT_FINITE: a value of y. PL_NOT_BINARY, PL_NO_TREATED, PL_NO_CONTROL: treated has something else than 0
 * and 1, no 1, no 0. PL_ONE_LEVEL: of unit, time or cluster. PL_SINGULAR: treated is a combination of the
 * effects (no unit becomes treated while another does not). PL_TOO_FEW: no row, or none beside the
 * parameters. PL_NO_VARIANCE: the fit is exact, or y constant. Else see pl_absorb. */
PlStatus pl_panel_fit(const PlPanelColumns *panel, PlArena *arena, PlPanelFit *fit, PlRole *culprit) {
    double largest = 0, before = 0, noise = 0;
    int exponent = 0;
    size_t rows = panel->rows;
    *fit = (PlPanelFit){.n_sets = panel->time ? 2 : 1};
    PlStatus status = check_columns(panel, culprit, &largest);
    if (status != PL_OK)
        return status;
    const PlVariable *cluster = panel->cluster ? panel->cluster : panel->unit;
    fit->cluster = cluster->levels;
    fit->n_clusters = cluster->n_levels;
    fit->sets[0] = *panel->unit;
    if (panel->time)
        fit->sets[1] = *panel->time;
    frexp(largest, &exponent);
    fit->scale = ldexp(1, exponent < -1000 ? 1000 : -exponent);
    fit->y = pl_arena_doubles(arena, rows);
    fit->x = pl_arena_doubles(arena, rows);
    fit->residuals = pl_arena_doubles(arena, rows);
    if (!fit->y || !fit->x || !fit->residuals)
        return PL_NO_MEMORY;
    for (size_t r = 0; r < rows; r++) {
        fit->y[r] = panel->y[r] * fit->scale;
        fit->x[r] = panel->treated[r];
        before += fit->x[r];
    }
    double *columns[] = {fit->y, fit->x};
    status = pl_absorb(fit->sets, fit->n_sets, rows, columns, 2, arena, &fit->rank);
    if (status != PL_OK)
        return status;
    fit->rank++;
    fit->x_squares = product(fit->x, fit->x, rows);
    fit->y_squares = product(fit->y, fit->y, rows);
    if (fit->x_squares <= COLLINEAR_WITHIN * before)
        return refuse(culprit, PL_TREATED, PL_SINGULAR);
    if (rows <= fit->rank)
        return PL_TOO_FEW;
    fit->coef = product(fit->x, fit->y, rows) / fit->x_squares;
    for (size_t r = 0; r < rows; r++)
        fit->residuals[r] = fit->y[r] - fit->coef * fit->x[r];
    fit->residual_squares = product(fit->residuals, fit->residuals, rows);
    noise = FITTED_WITHIN * largest * fit->scale;
    return fit->residual_squares <= noise * noise * (double)rows ? refuse(culprit, PL_X, PL_NO_VARIANCE)
                                                                 : PL_OK;
}

/* What is left of x when its rows in one cluster are left out and the effects are taken out anew, as a share
 * of its squares. x, and so x with effects taken out, may stand for the treatment. */
static PlStatus without(const PlPanelFit *fit, size_t rows, size_t cluster, PlArena *arena, double *share) {
    PlVariable sets[2];
    size_t kept = 0;
    double *x = pl_arena_doubles(arena, rows);
    for (size_t s = 0; s < fit->n_sets; s++) {
        size_t *to = pl_arena_sizes(arena, rows), *number = pl_arena_sizes(arena, fit->sets[s].n_levels);
        if (!x || !to || !number)
            return PL_NO_MEMORY;
        sets[s] = fit->sets[s];
        sets[s].levels = to;
        sets[s].n_levels = 0;
        kept = 0;
        for (size_t r = 0; r < rows; r++) {
            size_t *level = &number[fit->sets[s].levels[r]];
            if (fit->cluster[r] == cluster)
                continue;
            if (*level == 0)
                *level = ++sets[s].n_levels;
            x[kept] = fit->x[r];
            to[kept++] = *level - 1;
        }
    }
    double before = product(x, x, kept);
    PlStatus status = pl_absorb(sets, fit->n_sets, kept, &x, 1, arena, NULL);
    *share = before > 0 ? product(x, x, kept) / before : 0;
    return status;
}

/* True when the coefficient could not be estimated without some one cluster. For clustered errors that do not
 * find it out themselves; under CR2 and CR3 see pl_cluster_vcov. */
PlStatus pl_panel_rests_on_one(const PlPanelFit *fit, size_t rows, PlArena *arena, bool *rests_on_one) {
    PlArenaMark mark = pl_arena_mark(arena);
    double *share = pl_arena_doubles(arena, fit->n_clusters);
    PlStatus status = share ? PL_OK : PL_NO_MEMORY;
    *rests_on_one = false;
    for (size_t r = 0; r < rows && status == PL_OK; r++)
        share[fit->cluster[r]] += fit->x[r] * fit->x[r];
    for (size_t g = 0; g < fit->n_clusters && status == PL_OK && !*rests_on_one; g++) {
        if (share[g] < SHARE_TO_LOOK_AT * fit->x_squares)
            continue;
        PlArenaMark inner = pl_arena_mark(arena);
        double left = 0;
        status = without(fit, rows, g, arena, &left);
        *rests_on_one = status == PL_OK && left <= 1e-10;
        pl_arena_release(arena, inner);
    }
    pl_arena_release(arena, mark);
    return status;
}
