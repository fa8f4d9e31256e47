/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/report/stat.h"

/* The rows of an answer as a table for people: a column for each number that some row has. Figures that do
 * not fit beside, and reasons, follow below, row by row. */
void pl_append_stat_table(GString *s, const PlStatResult *r);
