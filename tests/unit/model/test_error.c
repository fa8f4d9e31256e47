/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/error.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(error, exit_status_of_the_contract) {
    static const struct {
        PlErrorCode code;
        int status;
    } cases[] = {{PL_ERROR_USAGE, 2}, {PL_ERROR_DEFINITION, 3}, {PL_ERROR_DATA, 4}, {PL_ERROR_SYSTEM, 5}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = g_error_new_literal(PL_ERROR, cases[i].code, "x");
        cr_assert(eq(int, pl_error_exit_status(error), cases[i].status));
    }
}

Test(error, foreign_errors_are_of_the_system) {
    g_autoptr(GError) file = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
    g_autoptr(GError) wild = g_error_new_literal(PL_ERROR, 99, "x");
    cr_assert(eq(int, pl_error_exit_status(file), 5));
    cr_assert(eq(int, pl_error_exit_status(wild), 5));
}
