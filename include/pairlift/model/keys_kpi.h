/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/keys.h"

/* The keys under `kpis`; their structure is PlKpis. */
extern const PlKey pl_kpi_keys[];

/* "day", "week", "month", "quarter", "year". */
extern const char *const pl_period_names[];
/* The KPIs, as the contract names them. */
extern const char *const pl_kpi_names[];
