/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/page.h"

#include "pairlift/model/printable.h"

void pl_page_paint(PlPage *page, const char *code, const char *text) {
    if (page->color)
        g_string_append_printf(page->out, "\033[%sm", code);
    pl_append_printable(page->out, text);
    if (page->color)
        g_string_append(page->out, "\033[0m");
}

void pl_page_wrap(PlPage *page, const char *text, guint column, guint indent) {
    g_autoptr(GString) clean = g_string_new(NULL);
    pl_append_printable(clean, text);
    g_auto(GStrv) words = g_strsplit(clean->str, " ", -1);
    gboolean fresh = TRUE;
    for (char **w = words; *w; w++) {
        guint width = (guint)g_utf8_strlen(*w, -1);
        gboolean glued = (*w)[0] == '%'; /* "3 %" stays on its line */
        if (!fresh && !glued && column + 1 + width + (w[1] && w[1][0] == '%' ? 2 : 0) > PL_PAGE_COLUMNS) {
            g_string_append_printf(page->out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!fresh) {
            g_string_append_c(page->out, ' ');
            column++;
        }
        g_string_append(page->out, *w);
        column += width;
        fresh = FALSE;
    }
    g_string_append_c(page->out, '\n');
}

void pl_page_pad(PlPage *page, const char *text, guint width) {
    g_autoptr(GString) clean = g_string_new(NULL);
    pl_append_printable(clean, text);
    glong length = g_utf8_strlen(clean->str, -1);
    if (length >= width) {
        g_autofree char *cut = g_utf8_substring(clean->str, 0, width - 2);
        g_string_append_printf(page->out, "%s\u2026 ", cut);
        return;
    }
    g_string_append_printf(page->out, "%s%*s", clean->str, (int)(width - length), "");
}

void pl_page_heading(PlPage *page, const char *title) {
    g_string_append_c(page->out, '\n');
    pl_page_paint(page, "1", title);
    g_string_append_c(page->out, '\n');
}

void pl_page_end_line(PlPage *page) {
    while (page->out->len > 0 && page->out->str[page->out->len - 1] == ' ')
        g_string_truncate(page->out, page->out->len - 1);
    g_string_append_c(page->out, '\n');
}
