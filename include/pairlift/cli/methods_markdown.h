/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

#include "pairlift/stats/method.h"

/* The table of methods as Markdown; all free with g_free. */
char *pl_methods_markdown(void);                 /* docs/methods.md */
char *pl_method_section(const PlMethod *method); /* one section of it: `pairlift help paired_t` */
char *pl_methods_table(void);                    /* the README's: a line a family */
