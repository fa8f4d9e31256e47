/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* The shared CSV files that the tests read have no comma and no line break within quotes. */

/* The field of a line, counted from 0, without its quotes. */
static inline const char *csv_field(const char *line, size_t index, char *out, size_t size) {
    for (; index > 0; index--) {
        line = strchr(line, ',');
        cr_assert(line != NULL);
        line++;
    }
    size_t n = 0;
    for (; *line && *line != ',' && *line != '\n' && *line != '\r'; line++)
        if (*line != '"' && n + 1 < size)
            out[n++] = *line;
    out[n] = 0;
    return out;
}

/* Skips the test when the file is not there; the header is read. */
static inline FILE *open_shared_csv(const char *name) {
    char path[4096], line[4096];
    FILE *file = fopen(shared_path(name, path, sizeof path), "r");
    if (!file)
        cr_skip_test("no %s", path);
    cr_assert(fgets(line, sizeof line, file) != NULL);
    return file;
}
