/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/markdown_text.h"

#include <string.h>

#include "pairlift/model/printable.h"

void pl_markdown_text(GString *out, const char *value) {
    g_autoptr(GString) clean = g_string_new(NULL);
    pl_append_printable(clean, value ? value : "");
    for (const char *c = clean->str; *c; c++) {
        if (*c == '<')
            g_string_append(out, "&lt;");
        else if (*c == '&')
            g_string_append(out, "&amp;");
        else if (strchr("\\`*_{}[]|#>~$!", *c))
            g_string_append_printf(out, "\\%c", *c);
        else
            g_string_append_c(out, *c);
    }
}

void pl_markdown_line(GString *out, const char *before, const char *value, const char *after) {
    g_string_append(out, before);
    pl_markdown_text(out, value);
    g_string_append(out, after);
}

void pl_markdown_cell(GString *out, const char *value) {
    pl_markdown_line(out, " ", value, " |");
}
