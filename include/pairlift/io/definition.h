/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"

/* Reads and validates a definition (YAML). All faults in one go, each with file:line:column;
 * PL_ERROR_DEFINITION. */
PlDefinition *pl_definition_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
