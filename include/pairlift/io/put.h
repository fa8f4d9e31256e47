/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Numbers as text, many a second: each writes at `at` without a terminator and gives the end of what it
 * wrote. printf takes ten times as long, most of a large file's time. */

enum { PL_PUT_MOST = 24 }; /* bytes that one number takes at most */

char *pl_put_uint(char *at, guint64 value);
/* 12345 as "123.45": money, or whatever is counted in hundredths. */
char *pl_put_hundredths(char *at, guint64 value);
