/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* What single keys under `kpis` cannot say, and the words under `values`. */
void pl_definition_validate_kpis(const PlDefinition *def, PlDiagnostics *diagnostics);
/* Whether the definition has anything to compute a KPI from. */
gboolean pl_definition_has_kpis(const PlDefinition *def);
