/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Adds the section "guardrails" where the definition has guardrails, or a threshold and so an equivalence to
 * test: for each guardrail and treatment a finding with the effect on the metric, its two-sided interval, and
 * as p-value that of the one-sided test of non-inferiority against the margin. It is "safe" where that test
 * rejects at (1 - confidence) / 2, which is where the interval is wholly better than the margin; "harmed"
 * where the interval is wholly beyond it; "worse, perhaps within the margin" where it is wholly worse than no
 * effect; else "cannot tell". The tests are those of the deciding method, on effects shifted by the margin.
 * "All are safe" needs no correction for their number: each has to be shown (intersection-union test; Berger
 * 1982, doi:10.1080/00401706.1982.10487790).
 * "equivalence" is the primary metric's: two one-sided tests against the threshold (Schuirmann 1987,
 * doi:10.1007/BF01068419) at 1 - confidence, its interval that of level 1 - 2 (1 - confidence). */
void pl_add_guardrails(const PlStudy *study, PlResult *result);
