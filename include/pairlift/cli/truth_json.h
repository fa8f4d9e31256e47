/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <jansson.h>

#include "pairlift/model/calendar.h"

/* Words of truth.json. Objects are the caller's, values are given away. */

void pl_truth_put(json_t *object, const char *key, json_t *value);
void pl_truth_text(json_t *object, const char *key, const char *text);
void pl_truth_real(json_t *object, const char *key, double x); /* null where it is no number */
void pl_truth_date(json_t *object, const char *key, PlDay day);
/* A new object at the end of `array`. */
json_t *pl_truth_add(json_t *array);
/* With a newline at the end; takes `root`. Numbers read back to the same double. Free with g_free. */
char *pl_truth_dump(json_t *root);
