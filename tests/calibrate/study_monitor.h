/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

#define MONITOR_STUDY_TITLE "Looking at a running experiment"

/* Simulated chains whose promotion is looked at every day and at planned looks: prints how often any look
 * finds an effect that is not there, how often the intervals of all looks together hold the one that is, and
 * the bias at the end. FALSE: one of them is off. */
gboolean monitor_study_print(guint simulations);
