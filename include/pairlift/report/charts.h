/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* Writes the data (NAME.tsv) and the script (NAME.gp) of every chart of the result into
 * `folder`/charts and has ONE gnuplot process draw all of them as SVG and PNG; fills result->charts.
 * When gnuplot is not on the PATH: the scripts and data are written, `missing` is set TRUE and the
 * call succeeds. PL_ERROR_SYSTEM: gnuplot failed (with its message), or a file cannot be written. */
gboolean pl_charts_write(PlResult *result, const char *folder, gboolean *missing,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
