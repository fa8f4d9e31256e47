/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/json_text.h"

#include "pairlift/model/printable.h"

/* Text as it is where it is UTF-8, and JSON holds nothing else: other bytes, as a path or a label may have
 * them, are written as \xff. NULL is null. */
json_t *pl_json_text(const char *s) {
    if (!s)
        return json_null();
    if (g_utf8_validate(s, -1, NULL))
        return json_string(s);
    g_autoptr(GString) valid = g_string_new(NULL);
    pl_append_printable(valid, s);
    return json_string(valid->str);
}
