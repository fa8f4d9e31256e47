/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"
#include "pairlift/io/columns.h"
#include "pairlift/stats/methods.h"

/* A call of `pairlift stat` as it was typed, checked against what the method takes. */
typedef struct {
    const PlMethod *method;
    const char *data;              /* path; NULL: a method that needs none was given none */
    const char *roles[PL_N_ROLES]; /* column names; NULL: not given */
    char **on, **absorb;           /* column names; NULL: not given */
    const char *control, *during;  /* as typed; NULL: not given */
    double *expected;              /* [options.n_expected] */
    PlCsvOptions csv;
    PlMethodOptions options;
} PlStatCall;

void pl_stat_call_clear(PlStatCall *call);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlStatCall, pl_stat_call_clear)

/* Forgets what an earlier command line said. */
void pl_stat_options_reset(void);

/* From what GOption found. The texts stay those of the command line. PL_ERROR_USAGE: no such method, an
 * option that the method does not take or lacks, a value outside its range. */
gboolean pl_stat_call_read(const PlOptions *options, PlStatCall *call,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "--x COLUMN --group COLUMN [--control LEVEL]": what the method takes. Free with g_free. */
char *pl_stat_synopsis(const PlMethod *method);
/* "--group"; the option that names a role's column. */
const char *pl_stat_role_option(PlRole role);
