/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <string.h>

/* Eight bytes that lie anywhere, the first one lowest on every machine. */
static inline guint64 pl_load_word(const char *p) {
    guint64 word;
    memcpy(&word, p, sizeof word);
    return GUINT64_FROM_LE(word);
}
