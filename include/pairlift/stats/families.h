/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Headings under which the methods stand in docs/methods.md, in the order of src/stats/methods.c. */
extern const char pl_family_paired[], pl_family_groups[], pl_family_panel[], pl_family_series[],
    pl_family_geo[], pl_family_rates[], pl_family_regression[], pl_family_survival[], pl_family_pooling[],
    pl_family_multiplicity[], pl_family_sequential[], pl_family_description[];
