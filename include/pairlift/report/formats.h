/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* Each writer turns a result into the text of one file; the result is not changed. Free with g_free. */
char *pl_report_json(const PlResult *result);
char *pl_report_estimates_csv(const PlResult *result);
char *pl_report_pairs_csv(const PlResult *result);
char *pl_report_kpis_csv(const PlResult *result);
char *pl_report_markdown(const PlResult *result);
/* The terminal summary; `color` adds ANSI colours. */
char *pl_report_text(const PlResult *result, gboolean color);
