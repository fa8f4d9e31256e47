/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "run.h"

/* A CSV of the shared folder as text cells, for tests whose data have many columns. */
enum { TABLE_COLUMNS = 40 };
typedef struct {
    size_t rows, columns;
    char *header[TABLE_COLUMNS];
    char **cells; /* [rows][columns] */
    char *text;
} TextTable;

/* Splits a line in place; quotes may hide commas, and nothing else. Returns the start of the next line. */
static inline char *split_line(char *at, char **cells, size_t *n) {
    for (*n = 0; *n < TABLE_COLUMNS;) {
        bool quoted = *at == '"';
        cells[(*n)++] = at += quoted;
        at += strcspn(at, quoted ? "\"" : ",\r\n");
        if (quoted)
            *at++ = '\0';
        char end = *at;
        *at = '\0';
        if (end != ',')
            return at + (end ? 1 + (end == '\r') : 0);
        at++;
    }
    return at;
}

/* Skips the test when the file is not there. */
static inline TextTable read_table(const char *name) {
    TextTable t = {0};
    char path[4096];
    FILE *file = fopen(shared_path(name, path, sizeof path), "r");
    if (!file)
        cr_skip_test("no %s", path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file), n;
    rewind(file);
    t.text = malloc(size + 1);
    t.text[fread(t.text, 1, size, file)] = '\0';
    fclose(file);
    char *at = split_line(t.text, t.header, &t.columns);
    size_t lines = 0;
    for (const char *c = at; *c; c++)
        lines += *c == '\n';
    t.cells = calloc((lines + 1) * t.columns + TABLE_COLUMNS, sizeof *t.cells);
    for (; *at; t.rows++)
        at = split_line(at, t.cells + t.rows * t.columns, &n);
    return t;
}

static inline void free_table(TextTable *t) {
    free(t->cells);
    free(t->text);
}

static inline const char *cell(const TextTable *t, size_t row, const char *column) {
    for (size_t c = 0; c < t->columns; c++)
        if (strcmp(t->header[c], column) == 0)
            return t->cells[row * t->columns + c];
    cr_assert(0, "no column %s", column);
    return NULL;
}

static inline double *number_column(const TextTable *t, const char *column, PlArena *arena) {
    double *values = pl_arena_doubles(arena, t->rows);
    for (size_t r = 0; r < t->rows; r++)
        values[r] = strtod(cell(t, r, column), NULL);
    return values;
}

/* Levels in the order of their first rows. */
static inline PlVariable level_column(const TextTable *t, const char *column, PlArena *arena) {
    size_t *of_row = pl_arena_sizes(arena, t->rows), n = 0;
    const char **labels = pl_arena_take(arena, t->rows, sizeof *labels);
    for (size_t r = 0; r < t->rows; r++) {
        const char *text = cell(t, r, column);
        size_t level = r && strcmp(text, labels[of_row[r - 1]]) == 0 ? of_row[r - 1] : 0;
        while (level < n && strcmp(labels[level], text) != 0)
            level++;
        labels[n] = level == n ? text : labels[n];
        n += level == n;
        of_row[r] = level;
    }
    return levels(column, of_row, n, labels);
}
