/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/methods.h"
#include "pairlift/stats/rng.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the tests of this room share: running a method with its memory, and reading the reference files.
 */

static const double darwin[15] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

/* Twelve differences without ties; tests/reference/stats/paired.R has their reference values. */
static const double twelve[12] = {2.31, -0.47, 1.83, 0.92, -1.16, 3.07, 0.58, 1.49, -0.23, 2.74, 0.11, 1.37};

static const PlInferenceOptions two_sided_95 = {
    .conf_level = 0.95, .resamples = 999, .seed = 1, .threads = 1};

static const PlAlternative alternatives[3] = {PL_TWO_SIDED, PL_GREATER, PL_LESS};

static inline PlStatus run_method(const char *id, const double *d, size_t n, PlInferenceOptions options,
                                  PlInference *out) {
    const PlMethod *method = pl_method_find(id);
    PlArena arena = {0};
    PlStatus status = method->test(d, n, &options, &arena, out);
    pl_arena_clear(&arena);
    return status;
}

/* The method on clean data; fails the test on any status but PL_OK. */
static inline PlInference must_run(const char *id, const double *d, size_t n, PlInferenceOptions options) {
    PlInference result = {0};
    PlStatus status = run_method(id, d, n, options, &result);
    cr_assert(eq(int, (int)status, PL_OK), "%s: %s", id, pl_status_text(status));
    return result;
}

static inline bool near(double actual, double expected, double relative) {
    return actual == expected || fabs(actual - expected) <= relative * fmax(fabs(expected), 1e-300);
}

static inline double normal_draw(PlRng *rng) {
    double u = 1 - pl_rng_uniform(rng), v = pl_rng_uniform(rng);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* A path below the shared folder of data and expected values. */
static inline char *shared_path(const char *name, char *path, size_t size) {
    const char *shared = getenv("PAIRLIFT_SHARED");
    snprintf(path, size, "%s/%s", shared ? shared : "../shared", name);
    return path;
}

/* The caller owns the value; skips the test when the file is not there. */
static inline json_t *load_expected(const char *name) {
    char path[4096], file[256];
    snprintf(file, sizeof file, "expected/%s", name);
    json_t *root = json_load_file(shared_path(file, path, sizeof path), 0, NULL);
    if (!root)
        cr_skip_test("no %s", path);
    return root;
}

static inline double number_at(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    bool is_number = json_is_number(value);
    cr_assert(is_number, "%s is not a number", key);
    return json_number_value(value);
}

static inline double item_at(const json_t *object, const char *key, size_t index) {
    const json_t *value = json_array_get(json_object_get(object, key), index);
    bool is_number = json_is_number(value);
    cr_assert(is_number, "%s[%zu] is not a number", key, index);
    return json_number_value(value);
}

/* ---- methods by their columns ---- */

static inline PlVariable numbers(const char *name, const double *values) {
    return (PlVariable){.name = name, .values = values};
}

static inline PlVariable levels(const char *name, const size_t *of_row, size_t n_levels,
                                const char *const *labels) {
    return (PlVariable){.name = name, .levels = of_row, .n_levels = n_levels, .labels = labels};
}

static inline PlMethodOptions unset_options(void) {
    return pl_method_options(two_sided_95);
}

/* The caller clears answer->arena. */
static inline PlStatus run_answer(const char *id, const PlSample *sample, const PlMethodOptions *options,
                                  PlArena *arena, PlAnswer *answer) {
    const PlMethod *method = pl_method_find(id);
    cr_assert(method != NULL, "no method %s", id);
    *answer = (PlAnswer){.arena = arena};
    return method->run(method, sample, options, answer);
}

/* The first row whose term is `term` (NULL: without one); fails the test when there is none. */
static inline const PlAnswerRow *row_of(const PlAnswer *answer, const char *term) {
    for (size_t i = 0; i < answer->n_rows; i++) {
        const char *has = answer->rows[i].term;
        if (has == term || (has && term && strcmp(has, term) == 0))
            return &answer->rows[i];
    }
    cr_assert(0, "no row %s", term ? term : "(none)");
    return NULL;
}

static inline double figure(const PlAnswerRow *row, const char *name) {
    for (size_t i = 0; i < row->n_figures; i++)
        if (strcmp(row->figures[i].name, name) == 0)
            return row->figures[i].value;
    cr_assert(0, "no figure %s", name);
    return NAN;
}
