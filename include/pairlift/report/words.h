/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/result.h"

/* Phrases that the text and the Markdown report share. All texts to free with g_free. */

/* "+3.1 %", "n/a"; the unit of an absolute effect stands in the title of the table. */
char *pl_words_effect(const PlEstimate *e);
/* "0.9 % to 5.4 %", "0.9 % or more", "n/a". */
char *pl_words_interval(const PlEstimate *e);
/* "0.012"; with the adjusted one where it differs: "0.012 (adj. 0.024)". */
char *pl_words_p(const PlEstimate *e);
/* "32 pairs (64 stores), weeks 140 to 143 before, 144 to 145 during". */
char *pl_words_design(const PlResult *r);
/* "Effect of deal on units, 144 to 145, by method (95 % intervals)". */
char *pl_words_methods_title(const PlResult *r, const char *treatment);
/* "revenue", "units, after", with the treatment where there are several. */
char *pl_words_other_label(const PlResult *r, const PlEstimate *e);
/* The first column of a finding's row: label, group, period, and the treatment where there are several. */
char *pl_words_finding_label(const PlResult *r, const PlFinding *f);
/* "+1,234 USD", its interval, and "p" with the adjusted one, in a few words; "" for an absent p. */
char *pl_words_finding_value(const PlFinding *f);
char *pl_words_finding_interval(const PlFinding *f);
char *pl_words_finding_p(const PlFinding *f);
/* The primary metric during the period: what the verdict is about. */
gboolean pl_words_is_main(const PlResult *r, const PlEstimate *e);
