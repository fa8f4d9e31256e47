/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/keys.h"

/* Why a text is no value of its key. */
typedef struct {
    char *message;
    char *hint; /* NULL: none */
} PlFault;

void pl_fault_clear(PlFault *fault);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlFault, pl_fault_clear)

/* Reads `text` as the value of `key` (a scalar type: PL_KEY_TEXT to PL_KEY_WORD) into `field`, the
 * address that the key's offset points to; a text that stood there is freed. FALSE with `fault`
 * filled and `field` as it was: not a number, out of range, no such choice, empty ... */
gboolean pl_scalar_read(const PlKey *key, const char *text, void *field,
                        PlFault *fault) G_GNUC_WARN_UNUSED_RESULT;

/* The start of a text for a message: long ones end in "...". Free with g_free. */
char *pl_scalar_excerpt(const char *text);
