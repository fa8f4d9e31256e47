/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <string.h>

/* Distinct texts, numbered in order of first appearance; looked up by bytes, without a copy. */
typedef struct {
    char *text; /* NUL after it */
    gsize length;
    guint64 hash;
} PlName;

typedef struct {
    PlName *names;
    guint n, max;
    guint *slots;  /* open addressing: index + 1, 0 free */
    guint n_slots; /* a power of two */
} PlNames;

PlNames *pl_names_new(void);
void pl_names_free(PlNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlNames, pl_names_free)

/* Index of a text, -1: unknown. */
int pl_names_find(const PlNames *names, const char *text, gsize length);
/* Adds a text that is unknown; its index. */
guint pl_names_add(PlNames *names, const char *text, gsize length);

/* Whether name `i` exists and is this text. */
static inline gboolean pl_names_is(const PlNames *names, guint i, const char *text, gsize length) {
    return i < names->n && names->names[i].length == length &&
           memcmp(names->names[i].text, text, length) == 0;
}

/* A 64-bit hash of bytes, good in all bits; the same on every run and machine. */
guint64 pl_hash_bytes(const char *bytes, gsize length);
