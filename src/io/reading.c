/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/reading.h"

#include <math.h>
#include <string.h>

#include "pairlift/io/columns.h"

PlReading pl_reading_new(const PlReadingOf *of, const char *name, const char *column, gboolean role,
                         gboolean needed) {
    PlReading reading = {
        .name = g_strdup(name), .column = g_strdup(column), .role = role, .needed = needed, .index = -1};
    reading.kind = role ? pl_role_kind(name) : PL_FIELD_TEXT;
    reading.either = !role;
    reading.words = role ? pl_role_words(of->kind, name) : NULL;
    gsize size = reading.kind == PL_FIELD_TEXT   ? sizeof(guint)
                 : reading.kind == PL_FIELD_DATE ? sizeof(PlDay)
                                                 : sizeof(double);
    reading.values = g_array_new(FALSE, FALSE, (guint)size);
    if (reading.kind == PL_FIELD_TEXT) {
        reading.names = pl_names_new();
        for (const char *const *word = reading.words; word != NULL && *word != NULL; word++)
            pl_names_add(reading.names, *word, strlen(*word));
    }
    return reading;
}

void pl_reading_clear(gpointer data) {
    PlReading *reading = data;
    g_free(reading->name);
    g_free(reading->column);
    g_clear_pointer(&reading->values, g_array_unref);
    g_clear_pointer(&reading->names, pl_names_free);
}

/* The word of a role that a text stands for: under `values`, or the word itself in any case. -1: none. */
static int word_of(const PlReadingOf *of, const PlReading *reading, PlText cell) {
    static const char *const truths[2][6] = {{"no", "n", "0", "false", "f", NULL},
                                             {"yes", "y", "1", "true", "t", NULL}};
    g_autofree char *text = g_strndup(cell.text, cell.length);
    gboolean truth = strcmp(reading->words[0], "no") == 0;
    for (int w = 0; reading->words[w] != NULL; w++) {
        if (g_ascii_strcasecmp(text, reading->words[w]) == 0)
            return w;
        for (guint i = 0; of->table->values != NULL && i < of->table->values->len; i++) {
            const PlEntry *entry = g_ptr_array_index(of->table->values, i);
            if (strcmp(entry->key, reading->words[w]) == 0 &&
                g_strv_contains((const char *const *)entry->values, text))
                return w;
        }
        for (int k = 0; truth && truths[w][k] != NULL; k++)
            if (g_ascii_strcasecmp(text, truths[w][k]) == 0)
                return w;
    }
    return -1;
}

static gboolean read_word(const PlReadingOf *of, const PlCsvRow *row, PlReading *reading, PlText cell,
                          guint *level) {
    /* a file has few spellings: they are looked up after the words themselves */
    guint n_words = g_strv_length((GStrv)reading->words);
    int known = pl_names_find(reading->names, cell.text, cell.length);
    int word = known >= 0 && (guint)known < n_words ? known : word_of(of, reading, cell);
    if (word >= 0) {
        *level = (guint)word;
        return TRUE;
    }
    g_autofree char *words = g_strjoinv(", ", (GStrv)reading->words);
    g_autofree char *hint = g_strdup_printf("under data, values: {%s: [\"%.*s\"]} says what it stands for",
                                            reading->words[0], (int)MIN(cell.length, 60), cell.text);
    g_autofree char *shown = g_utf8_make_valid(cell.text, (gssize)MIN(cell.length, 60));
    pl_diagnostics_add(of->faults.diagnostics, of->faults.file, (PlPos){row->line, 0}, hint,
                       "column \"%s\": \"%s\" is none of %s", reading->column, shown, words);
    return FALSE;
}

static gboolean read_text(const PlReadingOf *of, const PlCsvRow *row, PlReading *reading, PlText cell) {
    guint level = PL_NO_LEVEL;
    if (reading->words != NULL) {
        if (!read_word(of, row, reading, cell, &level))
            return FALSE;
    } else if (pl_names_is(reading->names, reading->last, cell.text, cell.length)) {
        level = reading->last;
    } else {
        int found = pl_names_find(reading->names, cell.text, cell.length);
        if (found < 0 && !g_utf8_validate(cell.text, (gssize)cell.length, NULL)) {
            pl_fault_bad_store(&of->faults, row->line, reading->column, cell);
            return FALSE;
        }
        level = found >= 0 ? (guint)found : pl_names_add(reading->names, cell.text, cell.length);
        reading->last = level;
    }
    g_array_append_val(reading->values, level);
    return TRUE;
}

static gboolean read_empty(const PlReadingOf *of, const PlCsvRow *row, PlReading *reading, PlText cell) {
    const guint no_level = PL_NO_LEVEL;
    const PlDay no_day = PL_NO_DAY;
    const double no_number = NAN;
    gboolean na = memchr(cell.text, 'N', cell.length) != NULL;
    if (reading->needed) {
        pl_diagnostics_add(of->faults.diagnostics, of->faults.file, (PlPos){row->line, 0},
                           "every row needs it; where: keeps only some rows", "column \"%s\" is %s",
                           reading->column, na ? "NA, which means empty" : "empty");
        return FALSE;
    }
    if (na && reading->n_na++ == 0)
        reading->first_na = reading->values->len;
    of->input->empty += reading->kind == PL_FIELD_NUMBER;
    if (reading->kind == PL_FIELD_TEXT)
        g_array_append_val(reading->values, no_level);
    else if (reading->kind == PL_FIELD_DATE)
        g_array_append_val(reading->values, no_day);
    else
        g_array_append_val(reading->values, no_number);
    return TRUE;
}

gboolean pl_reading_take(const PlReadingOf *of, const PlCsvRow *row, PlReading *reading) {
    PlText cell = pl_row_cell(row, (guint)reading->index);
    double number;
    PlDay day;
    if (pl_number_missing(cell.text, cell.length))
        return read_empty(of, row, reading, cell);
    switch (reading->kind) {
    case PL_FIELD_TEXT:
        return read_text(of, row, reading, cell);
    case PL_FIELD_DATE:
        if (pl_date_format_parse(of->format, cell.text, cell.length, &day)) {
            g_array_append_val(reading->values, day);
            return TRUE;
        }
        pl_fault_bad_date(&of->faults, row->line, reading->column, cell, (PlText){0});
        return FALSE;
    default:
        if (pl_number_parse(cell.text, cell.length, of->decimal, &number)) {
            g_array_append_val(reading->values, number);
            return TRUE;
        }
        pl_fault_not_a_number(&of->faults, row->line, reading->column, cell, (PlText){0});
        return FALSE;
    }
}

/* Texts that are all numbers become numbers. */
static gboolean settle(const PlReadingOf *of, PlReading *reading, PlField *field) {
    guint n = reading->values->len, n_names = reading->names->n;
    g_autofree double *of_name = g_new(double, n_names + 1);
    for (guint i = 0; i < n_names; i++)
        if (!pl_number_parse(reading->names->names[i].text, reading->names->names[i].length, of->decimal,
                             &of_name[i]))
            return FALSE;
    if (n_names == 0)
        return FALSE;
    field->kind = PL_FIELD_NUMBER;
    field->number = g_new(double, n + 1);
    for (guint i = 0; i < n; i++) {
        guint level = g_array_index(reading->values, guint, i);
        field->number[i] = level == PL_NO_LEVEL ? NAN : of_name[level];
    }
    return TRUE;
}

void pl_reading_finish(const PlReadingOf *of, PlReading *reading, PlField *field) {
    field->name = g_steal_pointer(&reading->name);
    field->column = g_steal_pointer(&reading->column);
    field->kind = reading->kind;
    field->role = reading->role;
    if (reading->either && settle(of, reading, field))
        return;
    void *values = g_array_free(g_steal_pointer(&reading->values), FALSE);
    if (reading->kind == PL_FIELD_DATE)
        field->day = values;
    else if (reading->kind == PL_FIELD_NUMBER)
        field->number = values;
    else {
        field->n_na = reading->n_na;
        field->first_na = reading->first_na;
        field->level = values;
        field->n_levels = reading->names->n;
        field->levels = g_new0(char *, field->n_levels + 1);
        for (guint i = 0; i < field->n_levels; i++)
            field->levels[i] = g_steal_pointer(&reading->names->names[i].text);
    }
}
