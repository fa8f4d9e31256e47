/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* Placebo treatments: groups of controls, as many as there are treated units, which nobody treated. */
typedef struct {
    size_t n, size; /* controls, and how many of them a group has */
    size_t count;   /* groups; 0: there are too few controls */
    bool all;       /* the groups are all there are; else drawn at random */
    uint64_t seed;
} PlPlacebos;

PlPlacebos pl_placebos(size_t n_controls, size_t n_treated, const PlInferenceOptions *options);
void pl_placebo_group(const PlPlacebos *placebos, size_t index, size_t *order);
