/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"
#include "pairlift/report/page.h"

/* The scorecard, and each KPI's sentences and tables; nothing for a result without KPIs. */
void pl_kpi_text(PlPage *page, const PlResult *r);
