/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* The part of pl_definition_validate that concerns `data`: the sales table, each table's source, its
 * date format, the roles of its columns. */
void pl_definition_validate_tables(const PlDefinition *def, PlDiagnostics *diagnostics);
