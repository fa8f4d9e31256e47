/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Outside text and numbers on their way to gnuplot: as a single-quoted literal or as a field of a
 * tab-separated file, never as anything that gnuplot would read as its own language. */

/* `text` on one line, as valid UTF-8 without control characters or marks that turn the direction of
 * writing, shortened with an ellipsis to `columns` (a wide character takes two). NULL gives "". */
char *pl_chart_label(const char *text, guint columns);

/* Columns that a text takes. */
guint pl_chart_columns(const char *text);

/* Appends "NAME = 'TEXT'", "NAME = 12.5" (NaN as NaN), "NAME = 12" (counts, and truths as 0 or 1) to a
 * script. `name` is a literal of the program. */
void pl_chart_set_text(GString *script, const char *name, const char *text);
void pl_chart_set_number(GString *script, const char *name, double value);
void pl_chart_set_count(GString *script, const char *name, guint value);

/* Appends one field to a row of a .tsv file: a tab before it unless it opens a line. A missing number
 * is written NaN, which gnuplot takes as a gap. */
void pl_chart_add_text(GString *data, const char *text);
void pl_chart_add_number(GString *data, double value);
