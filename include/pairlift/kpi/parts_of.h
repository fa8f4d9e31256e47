/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/parts.h"

/* Rows of one table being taken apart. */
typedef struct {
    const PlKpiStudy *study;
    const PlMetric *metric;
    const PlRecords *records;
    const guint *store; /* [records->n]; PL_NO_LEVEL: none */
    PlKpiParts *out;
    PlDiagnostics *faults;
} PlPartsOf;

/* A row's share; rows without a store are counted. */
void pl_part_add(const PlPartsOf *of, guint row, PlDay day, double part, double whole);
/* A field of the records; NULL with a fault that names the role. */
const PlField *pl_part_field(const PlPartsOf *of, const char *role);

void pl_parts_of_sales(const PlPartsOf *of);
void pl_parts_of_interactions(const PlPartsOf *of);
void pl_parts_of_survey(const PlPartsOf *of);
void pl_parts_of_orders(const PlPartsOf *of);
void pl_parts_of_deals(const PlPartsOf *of);
