/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/init.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>

/* Without the switch this aborts the test. */
Test(stats_init, a_gsl_error_no_longer_aborts) {
    pl_stats_init();
    pl_stats_init();
    gsl_error("provoked", __FILE__, __LINE__, GSL_EDOM);
    gsl_error_handler_t *handler = gsl_set_error_handler(NULL);
    cr_assert(handler != NULL, "GSL's own aborting handler was still set");
}
