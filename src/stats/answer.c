/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/method.h"

#include <math.h>
#include <string.h>

PlMethodOptions pl_method_options(PlInferenceOptions inference) {
    return (PlMethodOptions){.inference = inference,
                             .trim = NAN,
                             .max_trim = NAN,
                             .null_value = NAN,
                             .prior_mean = NAN,
                             .prior_sd = NAN,
                             .tau = NAN,
                             .variance = NAN,
                             .tuned_at = NAN};
}

PlAnswerRow *pl_answer_add(PlAnswer *answer, const char *term) {
    if (answer->n_rows == answer->capacity) {
        size_t capacity = answer->capacity ? 2 * answer->capacity : 4;
        PlAnswerRow *rows = pl_arena_take(answer->arena, capacity, sizeof *rows);
        if (!rows)
            return NULL;
        if (answer->n_rows)
            memcpy(rows, answer->rows, answer->n_rows * sizeof *rows);
        answer->rows = rows;
        answer->capacity = capacity;
    }
    PlAnswerRow *row = &answer->rows[answer->n_rows++];
    row->term = term;
    return row;
}

void pl_answer_figure(PlAnswerRow *row, const char *name, double value) {
    if (row->n_figures < PL_FIGURES_MAX)
        row->figures[row->n_figures++] = (PlFigure){name, value};
}

void pl_answer_note(PlAnswer *answer, const char *sentence) {
    if (answer->n_notes < PL_NOTES_MAX)
        answer->notes[answer->n_notes++] = sentence;
}

const char *pl_answer_number(PlAnswer *answer, size_t number) {
    size_t digits = 1;
    for (size_t rest = number; rest >= 10; rest /= 10)
        digits++;
    char *text = pl_arena_take(answer->arena, digits + 1, 1);
    for (size_t i = digits; text && i-- > 0; number /= 10)
        text[i] = (char)('0' + number % 10);
    return text;
}

PlStatus pl_answer_refuse(PlAnswer *answer, PlStatus status, const char *culprit) {
    answer->culprit = culprit;
    return status;
}
