/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/truth_json.h"

#include <math.h>
#include <stdlib.h>

#define DIGITS 17

void pl_truth_put(json_t *object, const char *key, json_t *value) {
    int failed = json_object_set_new(object, key, value);
    g_assert(!failed);
}

void pl_truth_text(json_t *object, const char *key, const char *text) {
    pl_truth_put(object, key, json_string(text));
}

void pl_truth_real(json_t *object, const char *key, double x) {
    pl_truth_put(object, key, isfinite(x) ? json_real(x) : json_null());
}

void pl_truth_date(json_t *object, const char *key, PlDay day) {
    g_autofree char *iso = pl_day_format(day, PL_TIME_DATE);
    pl_truth_text(object, key, iso);
}

json_t *pl_truth_add(json_t *array) {
    json_t *row = json_object();
    int failed = json_array_append_new(array, row);
    g_assert(!failed);
    return row;
}

char *pl_truth_dump(json_t *root) {
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS));
    char *line = g_strconcat(text, "\n", NULL);
    free(text);
    json_decref(root);
    return line;
}
