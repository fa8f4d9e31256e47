/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Appends text from outside, with everything that Markdown or HTML would act on taken literally. */
void pl_markdown_text(GString *out, const char *value);
/* The same between two texts of the program, which are taken as they are. */
void pl_markdown_line(GString *out, const char *before, const char *value, const char *after);
/* A cell of a table, with the bar that ends it. */
void pl_markdown_cell(GString *out, const char *value);
