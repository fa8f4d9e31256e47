/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"

/* Calendar months from one day to a later one: whole ones up to the last monthly return of the first day's
 * date (of a month that is too short its last day), and the part of the next that has passed. From 31 January
 * to 28 February 2023 is 1, to 14 March 1.45. So "within 6 months of 17 May" is up to 17 November. */
double pl_months_between(PlDay from, PlDay to);
