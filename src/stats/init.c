/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/init.h"

#include <gsl/gsl_errno.h>
#include <threads.h>

static once_flag handler_off = ONCE_FLAG_INIT;

static void switch_handler_off(void) {
    gsl_set_error_handler_off();
}

void pl_stats_init(void) {
    call_once(&handler_off, switch_handler_off);
}
