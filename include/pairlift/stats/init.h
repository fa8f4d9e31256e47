/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Switches GSL's aborting error handler off, for the whole program. Safe to call repeatedly and from
 * several threads; every test of this room calls it, so a caller need not. */
void pl_stats_init(void);
