/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/inference.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(stats_inference, every_status_has_its_own_sentence) {
    for (int i = PL_OK; i <= PL_TOO_LARGE; i++) {
        cr_assert(strlen(pl_status_text((PlStatus)i)) > 0, "status %d", i);
        for (int j = PL_OK; j < i; j++)
            cr_assert(strcmp(pl_status_text((PlStatus)i), pl_status_text((PlStatus)j)) != 0, "%d and %d", i,
                      j);
    }
}

Test(stats_inference, an_unknown_status_is_named_as_such) {
    cr_assert(eq(str, (char *)pl_status_text((PlStatus)(PL_TOO_LARGE + 1)), (char *)"unknown status"));
    cr_assert(eq(str, (char *)pl_status_text((PlStatus)-1), (char *)"unknown status"));
}
