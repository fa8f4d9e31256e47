/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* The NIST StRD sets in the shared folder, and log relative errors. */

/* The rows of data/nist/NAME.csv: the last column into x, and a column before it as group 0, 1, ... The
 * caller frees both; skips the test when the file is not there. */
static inline size_t read_nist(const char *name, double **x, size_t **group) {
    char path[4096], file[128], line[256];
    snprintf(file, sizeof file, "data/nist/%s.csv", name);
    FILE *f = fopen(shared_path(file, path, sizeof path), "r");
    if (!f)
        cr_skip_test("no %s", path);
    size_t n = 0, room = 32768;
    *x = malloc(room * sizeof **x);
    *group = malloc(room * sizeof **group);
    if (!fgets(line, sizeof line, f))
        cr_fatal("%s is empty", path);
    while (n < room && fgets(line, sizeof line, f)) {
        char *comma = strrchr(line, ',');
        (*x)[n] = strtod(comma ? comma + 1 : line, NULL);
        (*group)[n++] = comma ? (size_t)strtoul(line, NULL, 10) - 1 : 0;
    }
    fclose(f);
    return n;
}

/* Digits in which got agrees with expected, at most 16. */
static inline double log_relative_error(double got, double expected) {
    return got == expected ? 16 : fmin(16, -log10(fabs(got - expected) / fabs(expected)));
}
