/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* Section "economics": what each treatment earned in its test stores and would earn in all stores, what it
 * cost, and how sure it is that it paid. Only if the definition says what it cost or what a sale earns. */
void pl_add_economics(const PlStudy *study, PlResult *result);
