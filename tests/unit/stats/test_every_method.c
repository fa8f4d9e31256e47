/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

/* What holds for every row of the method table, on one panel that all of them can work on: eight stores over
 * ten times, the last two of them treated from the seventh time on. */

enum { STORES = 8, TIMES = 10, ROWS = STORES * TIMES };

typedef struct {
    double x[ROWS], y[ROWS], pre[ROWS], cost[ROWS], trials[ROWS], price[ROWS], se[ROWS], treated[ROWS],
        event[ROWS], zero_one[ROWS], p[ROWS], time_to[ROWS];
    size_t group[ROWS], unit[ROWS], time[ROWS], cluster[ROWS];
    PlVariable on;
    PlSample sample;
} Everything;

static const char *const names[ROWS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};

static void fill(Everything *e, uint64_t seed) {
    PlRng rng = pl_rng_stream(seed, 1);
    for (size_t r = 0; r < ROWS; r++) {
        size_t u = r / TIMES, t = r % TIMES;
        e->y[r] = 20 + normal_draw(&rng);
        e->x[r] = 10 + .5 * e->y[r] + normal_draw(&rng);
        e->pre[r] = e->x[r] + normal_draw(&rng);
        e->cost[r] = 1 + pl_rng_uniform(&rng);
        e->trials[r] = 30;
        e->price[r] = 2 + pl_rng_uniform(&rng);
        e->se[r] = .5 + pl_rng_uniform(&rng);
        e->zero_one[r] = pl_rng_uniform(&rng) < .4;
        e->event[r] = pl_rng_uniform(&rng) < .6;
        e->time_to[r] = 1 + floor(20 * pl_rng_uniform(&rng));
        e->p[r] = pl_rng_uniform(&rng);
        e->group[r] = u % 2;
        e->unit[r] = u;
        e->time[r] = t;
        e->cluster[r] = u / 2;
        e->treated[r] = u >= STORES - 2 && t >= 6;
    }
}

static bool is_one_of(const char *id, const char *const *ids) {
    for (; *ids; ids++)
        if (strcmp(id, *ids) == 0)
            return true;
    return false;
}

/* The columns that this method takes, and rows that suit it: a series has one row a time. */
static PlSample sample_for(const PlMethod *method, Everything *e) {
    static const char *const of_truths[] = {"proportions", "fisher_exact", "chi_square", "logistic", NULL},
                             *const of_p[] = {"holm", "bh", NULL},
                             *const of_times[] = {"kaplan_meier", "logrank", NULL};
    PlVariable all[PL_N_ROLES] = {
        [PL_X] = numbers("x", is_one_of(method->id, of_truths)  ? e->zero_one
                              : is_one_of(method->id, of_p)     ? e->p
                              : is_one_of(method->id, of_times) ? e->time_to
                                                                : e->x),
        [PL_Y] = numbers("y", e->y),
        [PL_PRE] = numbers("pre", e->pre),
        [PL_COST] = numbers("cost", e->cost),
        [PL_PRICE] = numbers("price", e->price),
        [PL_SE] = numbers("se", e->se),
        [PL_TREATED] = numbers("treated", e->treated),
        [PL_EVENT] = numbers("event", e->event),
        [PL_GROUP] = levels("group", e->group, 2, names),
        [PL_UNIT] = levels("unit", e->unit, STORES, names),
        [PL_TIME] = levels("time", e->time, TIMES, names),
    };
    bool one_unit = method->design == PL_DESIGN_SERIES || strcmp(method->id, "trend") == 0;
    PlSample s = {.rows = one_unit ? TIMES : ROWS};
    for (const PlRoleUse *use = method->roles; use->role != PL_N_ROLES; use++)
        if (use->role != PL_PAIR && use->role != PL_CLUSTER && use->role != PL_TRIALS)
            s.roles[use->role] = all[use->role];
    e->on = numbers("price", e->price);
    if (method->takes & PL_TAKES_ON) {
        s.on = &e->on;
        s.n_on = strcmp(method->id, "elasticity") == 0 ? 0 : 1;
    }
    if (strcmp(method->id, "trimmed_match") == 0)
        s.roles[PL_TIME] = s.roles[PL_TREATED] = s.roles[PL_COST] = (PlVariable){0};
    if (strcmp(method->id, "group_sequential") == 0)
        s.rows = 1;
    return s;
}

static PlMethodOptions options_for(const PlMethod *method) {
    PlMethodOptions o = unset_options();
    o.inference.resamples = 99;
    o.looks = method->takes & PL_TAKES_LOOKS ? 3 : 0;
    if (method->takes & PL_TAKES_DURING && method->design == PL_DESIGN_SERIES) {
        o.during_begin = 7;
        o.during_end = TIMES;
    }
    return o;
}

static PlStatus run_row(const PlMethod *method, const PlSample *s, const PlMethodOptions *o, PlArena *arena,
                        PlAnswer *answer) {
    *answer = (PlAnswer){.arena = arena};
    return method->run(method, s, o, answer);
}

static void expect_finite(const PlMethod *method, const PlAnswer *answer) {
    for (size_t i = 0; i < answer->n_rows; i++) {
        const PlAnswerRow *row = &answer->rows[i];
        const PlInference *in = &row->in;
        bool estimate = row->lacks & PL_LACKS_ESTIMATE || isfinite(in->estimate),
             p = row->lacks & PL_LACKS_P || (in->p_value >= 0 && in->p_value <= 1),
             limits = row->lacks & PL_LACKS_INTERVAL || in->conf_low <= in->conf_high;
        cr_expect(estimate && p && limits, "%s, row %zu: %g, p %g, %g to %g", method->id, i, in->estimate,
                  in->p_value, in->conf_low, in->conf_high);
        cr_expect(row->status == PL_OK || row->reason || row->lacks, "%s", method->id);
        for (size_t k = 0; k < row->n_figures; k++)
            cr_expect(isfinite(row->figures[k].value) != 0, "%s: %s", method->id, row->figures[k].name);
    }
}

Test(stats_every_method, answers_with_finite_numbers) {
    static Everything e;
    fill(&e, 1);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = sample_for(m, &e);
        PlMethodOptions o = options_for(m);
        PlStatus status = run_row(m, &s, &o, &arena, &answer);
        cr_expect(eq(int, (int)status, PL_OK), "%s: %s (%s)", m->id, pl_status_text(status),
                  answer.culprit ? answer.culprit : "");
        cr_expect(answer.n_rows > 0, "%s has no row", m->id);
        expect_finite(m, &answer);
        pl_arena_clear(&arena);
    }
}

/* Memory that runs out anywhere on the way is said, and nothing crashes. */
Test(stats_every_method, survives_memory_that_runs_out_anywhere) {
    static Everything e;
    fill(&e, 2);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = sample_for(m, &e);
        PlMethodOptions o = options_for(m);
        cr_assert(eq(int, (int)run_row(m, &s, &o, &arena, &answer), PL_OK), "%s", m->id);
        pl_arena_clear(&arena);
        size_t refused = 0;
        for (size_t limit = 1; limit < 64u << 20; limit = limit + limit / 3 + 64) {
            arena.limit = limit;
            PlStatus status = run_row(m, &s, &o, &arena, &answer);
            bool said = status == PL_OK || (status == PL_NO_MEMORY && arena.wanted > 0);
            cr_expect(said, "%s with %zu bytes: %s", m->id, limit, pl_status_text(status));
            refused += status == PL_NO_MEMORY;
            pl_arena_clear(&arena);
        }
        cr_expect(refused > 0, "%s takes no memory", m->id);
    }
}

/* A value that is not a number, anywhere in any column of numbers, is never an answer. */
Test(stats_every_method, refuses_what_is_not_a_number) {
    static Everything e;
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        for (size_t role = 0; role < PL_GROUP; role++) {
            fill(&e, 3);
            PlSample s = sample_for(m, &e);
            if (!s.roles[role].values)
                continue;
            ((double *)s.roles[role].values)[2] = role % 2 ? NAN : INFINITY;
            PlArena arena = {0};
            PlAnswer answer;
            PlMethodOptions o = options_for(m);
            if (s.rows <= 2)
                ((double *)s.roles[role].values)[0] = NAN;
            PlStatus status = run_row(m, &s, &o, &arena, &answer);
            cr_expect(ne(int, (int)status, PL_OK), "%s took what is no number as %s", m->id,
                      s.roles[role].name);
            pl_arena_clear(&arena);
        }
}

/* The same bytes for the same seed and any number of threads. */
Test(stats_every_method, does_not_depend_on_threads) {
    static Everything e;
    fill(&e, 4);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        PlAnswer first = {0};
        PlArena arenas[3] = {{0}};
        PlSample s = sample_for(m, &e);
        PlMethodOptions o = options_for(m);
        for (int threads = 1; threads <= 3; threads++) {
            PlAnswer answer;
            o.inference.threads = threads;
            cr_assert(eq(int, (int)run_row(m, &s, &o, &arenas[threads - 1], &answer), PL_OK), "%s", m->id);
            if (threads == 1)
                first = answer;
            for (size_t i = 0; i < first.n_rows; i++) {
                const PlInference *a = &first.rows[i].in, *b = &answer.rows[i].in;
                bool same = a->estimate == b->estimate && a->p_value == b->p_value &&
                            a->conf_low == b->conf_low && a->conf_high == b->conf_high &&
                            a->std_error == b->std_error;
                cr_expect(same, "%s, row %zu, %d threads", m->id, i, threads);
            }
        }
        for (size_t i = 0; i < 3; i++)
            pl_arena_clear(&arenas[i]);
    }
}

Test(stats_every_method, refuses_levels_that_are_none) {
    static Everything e;
    const double bad[] = {0, 1, -1, 2, NAN};
    fill(&e, 5);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        if (strcmp(m->id, "holm") == 0 || strcmp(m->id, "bh") == 0)
            continue; /* an adjustment has no interval */
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            PlArena arena = {0};
            PlAnswer answer;
            PlSample s = sample_for(m, &e);
            PlMethodOptions o = options_for(m);
            o.inference.conf_level = bad[i];
            cr_expect(ne(int, (int)run_row(m, &s, &o, &arena, &answer), PL_OK), "%s at %g", m->id, bad[i]);
            pl_arena_clear(&arena);
        }
    }
}

/* On small samples with and without an effect, at several levels and on every side: p is at most the level
 * exactly when the interval leaves out the effect of nothing, and the estimate lies within. */
Test(stats_every_method, p_and_interval_never_contradict) {
    static Everything e;
    for (uint64_t seed = 10; seed < 40; seed++)
        for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
            fill(&e, seed);
            for (size_t r = 0; r < ROWS; r++) { /* an effect in some, ties in some */
                e.x[r] += (seed % 3) * (e.treated[r] + (double)e.group[r]) / 2;
                e.x[r] = seed % 4 == 0 ? nearbyint(e.x[r]) : e.x[r];
            }
            PlSample s = sample_for(m, &e);
            PlMethodOptions o = options_for(m);
            double level = seed % 2 ? .95 : .8, nothing = strcmp(m->id, "fisher_exact") == 0 ? 1 : 0;
            o.inference.conf_level = level;
            o.inference.alternative = m->takes & PL_TAKES_ALTERNATIVE ? alternatives[seed % 3] : PL_TWO_SIDED;
            PlArena arena = {0};
            PlAnswer answer;
            if (run_row(m, &s, &o, &arena, &answer) == PL_OK)
                for (size_t i = 0; i < answer.n_rows; i++) {
                    const PlAnswerRow *row = &answer.rows[i];
                    const PlInference *in = &row->in;
                    if (row->status != PL_OK || row->lacks & (PL_LACKS_P | PL_LACKS_INTERVAL))
                        continue;
                    bool rejects = in->p_value <= 1 - level,
                         leaves_out = in->conf_low > nothing || in->conf_high < nothing;
                    cr_expect(rejects == leaves_out, "%s, seed %d, row %zu: p %g, %g to %g", m->id, (int)seed,
                              i, in->p_value, in->conf_low, in->conf_high);
                    bool within = in->conf_low <= in->estimate && in->estimate <= in->conf_high;
                    cr_expect(row->lacks & PL_LACKS_ESTIMATE || within, "%s, seed %d: %g not in %g to %g",
                              m->id, (int)seed, in->estimate, in->conf_low, in->conf_high);
                }
            pl_arena_clear(&arena);
        }
}
