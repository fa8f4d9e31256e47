/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

#define SEGMENTS_STUDY_TITLE "Kinds of stores, guardrails and equivalence"

/* Whole runs on chains: prints how often the intervals of kinds of stores hold the truth, and how often the
 * tests of differences, guardrails and equivalence reject what is true; FALSE: one of them is off. */
gboolean segments_study_print(guint simulations);
