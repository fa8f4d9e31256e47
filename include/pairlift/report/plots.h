/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <gio/gio.h>

/* The templates of plots/, embedded by glib-compile-resources (see the Makefile). Called by name,
 * because a linker drops the registering constructor of a static library's unreferenced object. */
GResource *pl_plots_get_resource(void);

#define PL_PLOTS_PREFIX "/pairlift/plots/"
