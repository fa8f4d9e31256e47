/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* Appends the scorecard, and each KPI's sentences, pictures and tables; nothing for a result without KPIs. */
void pl_kpi_markdown(GString *out, const PlResult *r);
