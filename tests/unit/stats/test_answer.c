/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

Test(stats_answer, rows_keep_what_was_put_into_them_as_the_answer_grows) {
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    const char *terms[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    for (size_t i = 0; i < 9; i++) {
        PlAnswerRow *row = pl_answer_add(&answer, terms[i]);
        row->in.estimate = (double)i;
        pl_answer_figure(row, "square", (double)(i * i));
    }
    cr_assert(eq(sz, answer.n_rows, 9));
    for (size_t i = 0; i < 9; i++) {
        const PlAnswerRow *row = &answer.rows[i];
        cr_assert(eq(str, (char *)row->term, (char *)terms[i]));
        cr_assert(row->in.estimate == (double)i && row->n_figures == 1 &&
                  row->figures[0].value == (double)(i * i));
    }
    pl_arena_clear(&arena);
}

Test(stats_answer, no_memory_is_no_row) {
    PlArena arena = {.limit = 1};
    PlAnswer answer = {.arena = &arena};
    cr_assert(pl_answer_add(&answer, NULL) == NULL && answer.n_rows == 0);
    pl_arena_clear(&arena);
}

Test(stats_answer, figures_and_notes_beyond_the_room_for_them_do_not_overflow) {
    PlAnswer answer = {0};
    PlAnswerRow row = {0};
    for (size_t i = 0; i < 100; i++) {
        pl_answer_figure(&row, "f", 1);
        pl_answer_note(&answer, "n");
    }
    cr_assert(row.n_figures == PL_FIGURES_MAX && answer.n_notes == PL_NOTES_MAX);
    cr_assert(eq(int, (int)pl_answer_refuse(&answer, PL_SINGULAR, "x"), PL_SINGULAR));
    cr_assert(eq(str, (char *)answer.culprit, (char *)"x"));
}
