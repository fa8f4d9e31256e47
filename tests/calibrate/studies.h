/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "calibrate.h"

/* In the order of docs/calibration.md; NULL at the end. */
extern const Study *const pl_studies[];
