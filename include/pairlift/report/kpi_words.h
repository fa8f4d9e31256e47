/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* Phrases of KPIs that text, Markdown and charts share. All texts to free with g_free. */

/* The sections of KPIs, as they come: const PlSection*. */
GPtrArray *pl_kpi_sections(const PlResult *r);

/* "on target", "at risk", "off"; "no target" for none. */
const char *pl_kpi_status_words(PlKpiStatus status);
/* "30 or less" of a row with a target, in the digits it was given in; "" without one. */
char *pl_kpi_target_words(const PlFinding *f);
/* "rising", "no clear trend", "above the year before": of a mark that has a trend. */
const char *pl_kpi_trend_name(const PlKpiMark *mark);
/* "↗ rising (p = 0.012)", "→ no clear trend (p = 0.4)"; "" where no trend was tested. */
char *pl_kpi_trend_words(const PlKpiMark *mark);
/* The course of a curve in blocks of eight heights, at most `most` of its last points, from the least to the
 * greatest value shown; a gap is a blank. "" without two values. */
char *pl_kpi_sparkline(const PlCurve *curve, guint most);
/* "2023-07 ▂▃▅ 2024-06": the sparkline of the section's curve "trend" between the names of its ends. */
char *pl_kpi_course(const PlSection *section, guint most);
/* A number of a list or table, or a chart's. */
char *pl_kpi_value(const PlFinding *f, gboolean with_unit);
/* What the reasons of a table's rows say, each once, with what and whom it is of: "Win rate (Ada, Ben and 3
 * more): too few deals". char*. */
GPtrArray *pl_kpi_reasons(const GPtrArray *rows, guint n_columns);
