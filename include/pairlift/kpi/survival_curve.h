/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/kpi.h"
#include "pairlift/stats/incidence.h"

/* Curves of shares over time as a section shows them: steps from time 0 to the last time observed, with their
 * band, thinned where there are more steps than can be seen. */
PlCurve *pl_curve_of_survival(PlSection *section, const char *name, const PlSurvivalCurve *curve);
PlCurve *pl_curve_of_incidence(PlSection *section, const char *name, const PlIncidenceCurve *curve);
