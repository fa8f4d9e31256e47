/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/effect/prices.h"

enum { BEFORE, DURING };

static void add_item(const PlPriceMoves *m, guint item, PlSection *section) {
    const PlBreakdown *b = m->study->tables->breakdown;
    double level = m->study->options.conf_level;
    PlJointMeans means = {0};
    PlFinding *f = pl_section_add(section, m->arm->treatment->name, "cross_elasticity",
                                  "Elasticity of other units", PL_AMOUNT_NUMBER);
    f->group = g_strdup(b->items[item]);
    f->period = g_strdup("during");
    const double *before = b->units[item][BEFORE], *during = b->units[item][DURING];
    if (!during || (m->has_before && !before)) {
        f->reason = g_strdup_printf("\"%s\" was not sold before and during the promotion", b->items[item]);
        return;
    }
    PlStatus status = pl_price_moves_with(m, before, during, &means);
    if (status != PL_OK && status != PL_TOO_FEW) {
        f->reason = g_strdup_printf("\"%s\" was not sold in both stores of any pair", b->items[item]);
        return;
    }
    g_auto(PlElasticity) e = pl_elasticity_of(m, &means, level);
    f->value = e.value;
    f->std_error = e.std_error;
    f->conf_low = e.low;
    f->conf_high = e.high;
    f->conf_level = level;
    f->p_value = e.p_value;
    f->n = (guint)means.n;
    f->reason = g_steal_pointer(&e.reason);
}

/* The change in other products' units for the change of the promoted price. */
void pl_add_cross_prices(const PlPriceMoves *m, PlSection *section) {
    const PlBreakdown *b = m->study->tables ? m->study->tables->breakdown : NULL;
    if (!b || !b->has_units || !m->moved || (!b->knows_promoted && !m->arm->treatment->products))
        return;
    for (guint i = 0; i < b->n_items; i++)
        if (!pl_arm_promotes(m->arm, b, i))
            add_item(m, i, section);
}
