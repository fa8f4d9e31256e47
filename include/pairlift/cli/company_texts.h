/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <jansson.h>

#include "pairlift/design/company.h"

/* What is true of a simulated company: every number that is built in, and what can be counted of what was
 * drawn. Free with g_free. */
char *pl_company_truth_json(const PlCompany *company, const char *name);
/* Its parts on the customers' side: engagement, upsell, sales_cycle and experiment. */
json_t *pl_company_engagement(const PlCompany *company);
json_t *pl_company_upsell(const PlCompany *company);
json_t *pl_company_sales_cycle(const PlCompany *company);
json_t *pl_company_experiment(const PlCompany *company);

/* The definition of its six key figures, and of the training as an experiment on two of them. Free with
 * g_free. */
char *pl_company_definition(const PlCompany *company, const char *name);
