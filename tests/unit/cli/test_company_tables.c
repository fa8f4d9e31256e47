/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/company_tables.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <unistd.h>

#include "../../common/temp_folder.h"

Test(company_tables, numbers_are_as_wide_as_the_last_one) {
    char id[PL_COMPANY_ID];
    pl_company_id('C', 0, 931, id);
    cr_expect_str_eq(id, "C001");
    pl_company_id('C', 930, 931, id);
    cr_expect_str_eq(id, "C931");
    pl_company_id('O', 8, 9, id);
    cr_expect_str_eq(id, "O9");
    pl_company_id('D', 1999999, 2000000, id);
    cr_expect_str_eq(id, "D2000000");
}

Test(company_tables, a_folder_that_is_not_there_is_an_error) {
    const PlCompanyOptions o = {1, 200};
    const PlOptions options = {.quiet = TRUE};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlCompany) company = pl_company_new(&o, &error);
    cr_assert_not_null(company);
    PlBar bar = pl_bar_begin(&options, "writing");
    PlCompanySizes sizes;
    cr_assert(eq(int, pl_company_tables_write(company, "/nowhere/at/all", &bar, &sizes, &error), 0));
    cr_expect(error->domain == PL_ERROR && error->code == PL_ERROR_SYSTEM);
    cr_expect(strstr(error->message, "sales.csv") != NULL, "%s", error->message);
}

/* A disk that is full. */
Test(company_tables, a_write_that_fails_is_an_error) {
    const PlCompanyOptions o = {1, 200};
    const PlOptions options = {.quiet = TRUE};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlCompany) company = pl_company_new(&o, &error);
    char *folder = temp_folder_new();
    g_autofree char *full = g_build_filename(folder, "customers.csv", NULL);
    cr_assert_not_null(company);
    if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS) || symlink("/dev/full", full) != 0)
        cr_skip_test("no /dev/full");
    PlBar bar = pl_bar_begin(&options, "writing");
    PlCompanySizes sizes;
    cr_assert(eq(int, pl_company_tables_write(company, folder, &bar, &sizes, &error), 0));
    cr_expect(error->code == PL_ERROR_SYSTEM && strstr(error->message, "customers.csv") != NULL, "%s",
              error->message);
    temp_folder_remove(folder);
}
