/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <jansson.h>

/* The docstring stands above the function in src/report/json_text.c. */
json_t *pl_json_text(const char *s);
