/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* The errors of both name files as they are called in the report: "charts/NAME.gp". */

/* Writes the data (NAME.tsv) and the script (NAME.gp) of every chart of the result into `folder`/charts and
 * lists them in result->charts. PL_ERROR_SYSTEM: a file cannot be written. */
gboolean pl_charts_write(PlResult *result, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Has ONE gnuplot process draw all of them as SVG and PNG, and adds these to result->charts. When gnuplot is
 * not on the PATH, `missing` is set TRUE and the call succeeds. PL_ERROR_SYSTEM: gnuplot failed, with its
 * message and the script that it failed on. */
gboolean pl_charts_draw(PlResult *result, const char *folder, gboolean *missing,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
