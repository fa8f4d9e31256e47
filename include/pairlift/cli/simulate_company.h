/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"
#include "pairlift/design/company.h"

/* `simulate --company`: writes the tables of a simulated company, a definition of their key figures and what
 * is true of them into the folder of the options (default out/NAME); under --json alone prints the truth. */
gboolean pl_simulate_company(const PlCompanyOptions *wanted, const char *name, const PlOptions *o,
                             GError **error);
