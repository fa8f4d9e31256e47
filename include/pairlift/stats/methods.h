/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/method.h"

/* All methods, family by family; ends with NULL. */
extern const PlMethod *const pl_methods[];
const PlMethod *pl_method_find(const char *id); /* NULL: no such method */
