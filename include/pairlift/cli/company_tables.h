/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/progress.h"
#include "pairlift/design/company.h"

/* A simulated company as the tables of a definition. */

typedef struct {
    guint64 rows, bytes; /* of all tables */
} PlCompanySizes;

/* Writes into `folder` sales.csv, stores.csv, competitor_prices.csv, interactions.csv, customers.csv,
 * survey.csv, order_lines.csv, opportunities.csv, whose columns are named like their roles, and pairs.csv
 * (test,control). PL_ERROR_SYSTEM: a file cannot be written. */
gboolean pl_company_tables_write(const PlCompany *company, const char *folder, PlBar *bar,
                                 PlCompanySizes *sizes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

enum { PL_COMPANY_ID = 16 };
/* "C00012", wide enough for all of them, so that they sort as they are counted. */
void pl_company_id(char letter, guint index, guint count, char id[PL_COMPANY_ID]);
