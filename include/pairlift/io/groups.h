/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/io/load.h"

/* Appends to def->members what the assignment table says of groups without pairs, each with its file and
 * line, and to `inputs` (NULL: not of interest) the file. A store may stand in several rows that say the
 * same; one without a group takes no part. Where the definition declares no treatments and there are several
 * test groups, the groups name them. PL_ERROR_DATA: unreadable file or missing column; a store in two groups
 * or blocks; a group that is no treatment; no store in the control group, or in a treatment's. */
gboolean pl_groups_load(PlDefinition *def, GPtrArray *inputs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
