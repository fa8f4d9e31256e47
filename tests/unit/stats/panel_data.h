/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "table.h"

#include "pairlift/stats/panel_matrix.h"

/* Six controls, then two treated, ten times, treated from the seventh. tests/reference/stats/synthetic.py has
 * the same numbers. */
enum { SMALL_UNITS = 8, SMALL_CONTROLS = 6, SMALL_TIMES = 10, SMALL_BEFORE = 6 };
static const double small_panel[SMALL_UNITS * SMALL_TIMES] = {
    12.1, 13.4, 11.8, 14.9, 13.1, 12.7, 15.2, 14.1, 13.9, 15.8, /**/
    22.5, 21.7, 24.1, 23.3, 25.2, 24.4, 23.9, 26.1, 25.5, 27.2, /**/
    8.3,  9.9,  7.6,  10.4, 9.1,  11.2, 10.7, 9.5,  12.3, 11.1, /**/
    17.2, 16.1, 18.8, 17.9, 16.5, 19.3, 18.4, 20.2, 19.1, 18.7, /**/
    14.8, 15.9, 15.1, 13.7, 16.6, 17.3, 16.2, 15.4, 18.1, 17.7, /**/
    30.4, 28.9, 31.7, 29.5, 33.1, 30.8, 32.6, 34.2, 31.9, 35.3, /**/
    15.7, 16.9, 16.2, 17.8, 17.1, 17.4, 21.3, 20.6, 22.4, 21.9, /**/
    19.3, 17.6, 20.9, 18.8, 20.5, 21.7, 24.1, 25.3, 23.2, 26.8};

/* A panel as rows of a sample, which a test may spoil. */
typedef struct {
    PlArena arena;
    PlSample sample;
    double *x, *treated;
    size_t *unit, *time;
    const char **units, **times;
} PanelRows;

static inline const char *panel_label(PlArena *arena, char kind, size_t number) {
    char *text = pl_arena_take(arena, 24, 1);
    snprintf(text, 24, "%c%03zu", kind, number);
    return text;
}

/* `controls` of the units come first. */
static inline PanelRows panel_rows(const double *y, size_t units, size_t controls, size_t times,
                                   size_t before) {
    PanelRows p = {0};
    PlArena *arena = &p.arena;
    size_t n = units * times;
    p.x = pl_arena_doubles(arena, n);
    p.treated = pl_arena_doubles(arena, n);
    p.unit = pl_arena_sizes(arena, n);
    p.time = pl_arena_sizes(arena, n);
    p.units = pl_arena_take(arena, units, sizeof *p.units);
    p.times = pl_arena_take(arena, times, sizeof *p.times);
    for (size_t u = 0; u < units; u++)
        p.units[u] = panel_label(arena, 'u', u);
    for (size_t t = 0; t < times; t++)
        p.times[t] = panel_label(arena, 't', t);
    for (size_t r = 0; r < n; r++) {
        p.unit[r] = r / times;
        p.time[r] = r % times;
        p.x[r] = y[r];
        p.treated[r] = r / times >= controls && r % times >= before;
    }
    p.sample.rows = n;
    p.sample.roles[PL_X] = numbers("x", p.x);
    p.sample.roles[PL_TREATED] = numbers("treated", p.treated);
    p.sample.roles[PL_UNIT] = levels("unit", p.unit, units, p.units);
    p.sample.roles[PL_TIME] = levels("time", p.time, times, p.times);
    return p;
}

static inline PanelRows small_rows(void) {
    return panel_rows(small_panel, SMALL_UNITS, SMALL_CONTROLS, SMALL_TIMES, SMALL_BEFORE);
}

static inline void swap_rows(PanelRows *p, size_t a, size_t b) {
    double x = p->x[a], treated = p->treated[a];
    size_t unit = p->unit[a], time = p->time[a];
    p->x[a] = p->x[b], p->treated[a] = p->treated[b], p->unit[a] = p->unit[b], p->time[a] = p->time[b];
    p->x[b] = x, p->treated[b] = treated, p->unit[b] = unit, p->time[b] = time;
}

static inline void shuffle_rows(PanelRows *p, uint64_t seed) {
    PlRng rng = pl_rng_stream(seed, 0);
    for (size_t i = p->sample.rows; i > 1; i--)
        swap_rows(p, i - 1, (size_t)(pl_rng_uniform(&rng) * (double)i));
}

/* The panel of a shared set as rows in its own order; its times are sorted, as they are in the file for each
 * unit. `is_treated` tells by labels. */
static inline PlSample shared_panel(const TextTable *t, const char *x, const char *unit, const char *time,
                                    bool (*is_treated)(const char *unit, const char *time), PlArena *arena) {
    PlSample sample = {.rows = t->rows};
    double *treated = pl_arena_doubles(arena, t->rows);
    for (size_t r = 0; r < t->rows; r++)
        treated[r] = is_treated(cell(t, r, unit), cell(t, r, time));
    sample.roles[PL_X] = numbers(x, number_column(t, x, arena));
    sample.roles[PL_UNIT] = level_column(t, unit, arena);
    sample.roles[PL_TIME] = level_column(t, time, arena);
    sample.roles[PL_TREATED] = numbers("treated", treated);
    return sample;
}

static inline bool treated_in_california(const char *unit, const char *time) {
    return strcmp(unit, "California") == 0 && strcmp(time, "1989") >= 0;
}

static inline bool treated_in_geolift(const char *unit, const char *time) {
    return (strcmp(unit, "chicago") == 0 || strcmp(unit, "portland") == 0) && strcmp(time, "2021-04-01") >= 0;
}

static inline PlSample california(TextTable *t, PlArena *arena) {
    *t = read_table("data/prop99/california_prop99.csv");
    return shared_panel(t, "PacksPerCapita", "State", "Year", treated_in_california, arena);
}

static inline PlSample geolift(TextTable *t, PlArena *arena) {
    *t = read_table("data/geolift/GeoLift_Test.csv");
    return shared_panel(t, "Y", "location", "date", treated_in_geolift, arena);
}

/* Runs the method; fails the test on any status but PL_OK. The caller clears the arena. */
static inline PlAnswer must_answer(const char *id, const PlSample *sample, PlMethodOptions options,
                                   PlArena *arena) {
    PlAnswer answer;
    PlStatus status = run_answer(id, sample, &options, arena, &answer);
    cr_assert(eq(int, (int)status, PL_OK), "%s: %s", id, pl_status_text(status));
    return answer;
}

/* Fails the test unless the method refuses with that status and culprit. */
static inline void must_refuse(const char *id, PanelRows *p, PlStatus status, const char *culprit) {
    PlMethodOptions options = unset_options();
    PlAnswer answer;
    PlStatus is = run_answer(id, &p->sample, &options, &p->arena, &answer);
    cr_assert(eq(int, (int)is, (int)status), "%s: %s", id, pl_status_text(is));
    cr_assert(culprit == answer.culprit || (culprit && answer.culprit && !strcmp(culprit, answer.culprit)),
              "%s: culprit %s", id, answer.culprit);
    pl_arena_clear(&p->arena);
}
