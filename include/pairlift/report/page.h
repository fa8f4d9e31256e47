/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* The page of a terminal: text from outside on it is printable, and lines are no wider than this. */
enum { PL_PAGE_COLUMNS = 80 };

typedef struct {
    GString *out;
    gboolean color;
} PlPage;

/* `text` in a colour of ANSI ("1;32"), when the page has colours. */
void pl_page_paint(PlPage *page, const char *code, const char *text);
/* The words of `text` and the line's end, continued at `indent`; `column` is where it starts. */
void pl_page_wrap(PlPage *page, const char *text, guint column, guint indent);
/* `text` in `width` columns, at least one blank at the end, cut with an ellipsis. */
void pl_page_pad(PlPage *page, const char *text, guint width);
/* A blank line, and the title in bold. */
void pl_page_heading(PlPage *page, const char *title);
/* Takes the blanks off the end of the line that was written last, and ends it. */
void pl_page_end_line(PlPage *page);
