/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/yaml.h"
#include "pairlift/model/definition.h"

/* Reads the map `root` into `def` as pl_definition_keys says: types, ranges, required keys, defaults;
 * keys that are unknown or given twice. Every value's place goes to def->positions, also of those
 * that could not be read. Faults are added to `diagnostics`, in the order of the file. */
void pl_fields_read(const PlYaml *root, PlDefinition *def, PlDiagnostics *diagnostics);
