/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Appends `text` with what would leave its line, command the terminal or turn the reading direction
 * around written as \n, \x1b or \u202e, and bytes that are not UTF-8 as \xff. */
void pl_append_printable(GString *out, const char *text);
