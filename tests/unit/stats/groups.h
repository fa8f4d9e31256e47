/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* Three groups of 6, 6 and 7 values, and Student's sleep data as two of 10: tests/reference/stats/groups.R.
 */
static const double three_values[19] = {6, 8, 4, 5, 3, 4, 8, 12, 9, 11, 6, 8, 13, 9, 11, 8, 7, 12, 14.5};
static const size_t three_groups[19] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2};
static const double sleep_values[20] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0,
                                        1.9, 0.8,  1.1,  0.1,  -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
static const size_t sleep_groups[20] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const char *const group_labels[3] = {"a", "b", "c"};

static inline PlSample grouped(const double *x, const size_t *of, size_t n, size_t k) {
    PlSample s = {.rows = n};
    s.roles[PL_X] = numbers("x", x);
    s.roles[PL_GROUP] = levels("g", of, k, group_labels);
    return s;
}

static inline PlStatus run_groups(const char *id, const PlSample *s, const PlMethodOptions *o, PlArena *arena,
                                  PlAnswer *answer) {
    return run_answer(id, s, o, arena, answer);
}

/* What every method on groups refuses. */
static inline void must_refuse_bad_groups(const char *id) {
    const double flat[6] = {2, 2, 2, 2, 2, 2}, nan[6] = {1, 2, 3, NAN, 5, 6};
    const size_t of[6] = {0, 0, 0, 1, 1, 1}, one[6] = {0};
    PlArena arena = {0}, tiny = {.limit = 1};
    PlAnswer answer;
    PlMethodOptions o = unset_options();
    PlSample constant = grouped(flat, of, 6, 2), bad = grouped(nan, of, 6, 2),
             single = grouped(nan, one, 3, 1), good = grouped(sleep_values, sleep_groups, 20, 2);
    cr_expect(eq(int, (int)run_groups(id, &constant, &o, &arena, &answer), PL_NO_VARIANCE), "%s", id);
    cr_expect(eq(int, (int)run_groups(id, &bad, &o, &arena, &answer), PL_NOT_FINITE), "%s", id);
    cr_expect(eq(str, (char *)answer.culprit, (char *)"x"));
    cr_expect(eq(int, (int)run_groups(id, &single, &o, &arena, &answer), PL_ONE_LEVEL), "%s", id);
    cr_expect(eq(str, (char *)answer.culprit, (char *)"g"));
    cr_expect(eq(int, (int)run_groups(id, &good, &o, &tiny, &answer), PL_NO_MEMORY), "%s", id);
    pl_arena_clear(&arena);
    pl_arena_clear(&tiny);
}

/* ---- the real sets of ../shared, by their columns ---- */

/* The numbers of columns a and b (from 0) and the text of column t of a comma-separated file without quoted
 * commas; returns the rows. Skips the test when the file is not there. */
typedef struct {
    double a, b;
    char text[64];
} SharedRow;

static inline size_t read_shared_rows(const char *name, int a, int b, int t, SharedRow *rows, size_t room) {
    char path[4096], line[2048];
    FILE *f = fopen(shared_path(name, path, sizeof path), "r");
    if (!f)
        cr_skip_test("no %s", path);
    size_t n = 0;
    bool header = fgets(line, sizeof line, f) != NULL;
    while (header && n < room && fgets(line, sizeof line, f)) {
        int column = 0;
        for (char *cell = strtok(line, ",\n"); cell; cell = strtok(NULL, ",\n"), column++) {
            if (column == a)
                rows[n].a = strtod(cell, NULL);
            if (column == b)
                rows[n].b = strtod(cell, NULL);
            if (column == t)
                snprintf(rows[n].text, sizeof rows[n].text, "%s", cell);
        }
        n++;
    }
    fclose(f);
    return n;
}

/* wa_marketing's sales by promotion: store-weeks, or the mean of each location's four weeks. */
static inline size_t read_promotions(bool by_location, double *x, size_t *group) {
    static SharedRow rows[600], promotion[600];
    size_t n = read_shared_rows("data/wa_marketing/wa_marketing.csv", 2, 6, -1, rows, 600);
    read_shared_rows("data/wa_marketing/wa_marketing.csv", 4, -1, -1, promotion, 600);
    if (!by_location) {
        for (size_t i = 0; i < n; i++) {
            x[i] = rows[i].b;
            group[i] = (size_t)promotion[i].a - 1;
        }
        return n;
    }
    for (size_t i = 0; i + 3 < n; i += 4) { /* a location's weeks stand together */
        cr_assert(rows[i].a == rows[i + 3].a);
        x[i / 4] = (rows[i].b + rows[i + 1].b + rows[i + 2].b + rows[i + 3].b) / 4;
        group[i / 4] = (size_t)promotion[i].a - 1;
    }
    return n / 4;
}
