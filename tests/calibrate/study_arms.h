/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

#define ARMS_STUDY_TITLE "Groups, several treatments, factorial designs"

/* Whole runs on chains without pairs: prints how often the intervals of the treatments, of their differences
 * and of an interaction hold the truth, and how often one of three equal treatments is called the best;
 * FALSE: one of them is off. */
gboolean arms_study_print(guint simulations);
