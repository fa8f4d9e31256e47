/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "findings.h"

#include "pairlift/design/chain_names.h"
#include "pairlift/design/chain_places.h"

#include <math.h>

#define METRICS                                                                                              \
    "metrics: [{name: revenue, sum: revenue}, {name: units, sum: units}]\n"                                  \
    "primary: revenue\n"

static const PlChainSums *total(const PlChainTruth *truth, gboolean after, PlChainScope scope) {
    return after ? &truth->effect_after[scope].total : &truth->effect_during[scope].total;
}

static double revenue(const PlChainSums *s) {
    return s->revenue_with - s->revenue_without;
}

static double units(const PlChainSums *s) {
    return s->units_with - s->units_without;
}

static double gain(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return revenue(total(truth, FALSE, PL_SCOPE_PROMOTED));
}

static double others(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return revenue(total(truth, FALSE, PL_SCOPE_OTHERS));
}

static double others_units(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return units(total(truth, FALSE, PL_SCOPE_OTHERS));
}

static double others_lift(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return truth->effect_during[PL_SCOPE_OTHERS].lift[PL_TRUE_UNITS];
}

static double net(const PlChain *chain, const PlChainTruth *truth) {
    return gain(chain, truth) + others(chain, truth);
}

static double share(const PlChain *chain, const PlChainTruth *truth) {
    return -others(chain, truth) / gain(chain, truth);
}

static double share_units(const PlChain *chain, const PlChainTruth *truth) {
    return -others_units(chain, truth) / units(total(truth, FALSE, PL_SCOPE_PROMOTED));
}

/* Totals by product as the loader makes them. */
static void break_down(const PlChain *chain, const PlPanel *panel, PlTables *tables) {
    const PlChainOptions *o = pl_chain_options(chain);
    PlBreakdown *b = tables->breakdown = g_new0(PlBreakdown, 1);
    *b = (PlBreakdown){.dimension = g_strdup("product"),
                       .n_items = (guint)o->products,
                       .n_stores = panel->n_stores,
                       .items = g_new0(char *, o->products),
                       .promoted = g_new0(gboolean, o->products),
                       .kept = g_new0(gboolean, o->products),
                       .knows_promoted = TRUE,
                       .has_units = TRUE,
                       .has_revenue = TRUE,
                       .units = g_malloc0_n((gsize)o->products, sizeof *b->units),
                       .revenue = g_malloc0_n((gsize)o->products, sizeof *b->revenue)};
    g_autofree double *values = g_new(double, (gsize)o->stores *(gsize)o->days);
    b->promoted[0] = b->kept[0] = TRUE; /* the panel is of the promoted product alone */
    for (int p = 0; p < PL_N_PERIODS; p++)
        b->open[p] = g_new0(guint, b->n_stores);
    for (int i = 0; i < o->products; i++) {
        char name[PL_CHAIN_NAME];
        pl_chain_product_name(chain, i, name);
        b->items[i] = g_strdup(name);
        for (int m = 0; m < 2; m++) {
            pl_chain_values(chain, m ? PL_CHAIN_REVENUE : PL_CHAIN_UNITS, i, 1, values);
            for (int p = 0; p < PL_N_PERIODS; p++) {
                PlChainDays days = pl_chain_period(chain, (PlChainPeriod)p);
                double *totals = g_new0(double, o->stores);
                (m ? b->revenue : b->units)[i][p] = totals;
                for (int s = 0; s < o->stores; s++)
                    for (int t = days.begin; t < days.end; t++) {
                        double v = values[s * o->days + t];
                        totals[s] += isnan(v) ? 0 : v;
                        b->open[p][s] += i == 0 && m == 0 && !isnan(v) ? 1 : 0;
                    }
            }
        }
    }
}

static void cannibalise(PlChainOptions *o) {
    o->lift = 0.3;
    o->products = 4;
    o->cannibalisation = 0.4;
}

static const Claim product_claims[] = {{"products", "promoted_revenue", NULL, gain},
                                       {"products", "others_revenue", NULL, others},
                                       {"products", "others_units", NULL, others_units},
                                       {"products", "others_lift", NULL, others_lift},
                                       {"products", "net_revenue", NULL, net},
                                       {"products", "cannibalised_share_revenue", NULL, share},
                                       {"products", "cannibalised_share_units", NULL, share_units},
                                       {0}};
static const size_t sizes[] = {4, 10, 20, 40, 0};

const FindingsStudy study_moved_products = {
    "Other products",
    "Chains that `pairlift simulate --lift 0.3 --products 4 --cannibalisation 0.4` makes: what the promoted "
    "product gained,\nwhat the others lost, and which share of the gain that is.",
    "metrics: [{name: revenue, sum: revenue}, {name: units, sum: units}]\nprimary: units\n",
    sizes,
    1,
    cannibalise,
    product_claims};

static double during_revenue(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return revenue(total(truth, FALSE, PL_SCOPE_ALL));
}

static double after_revenue(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return revenue(total(truth, TRUE, PL_SCOPE_ALL));
}

static double net_revenue(const PlChain *chain, const PlChainTruth *truth) {
    return during_revenue(chain, truth) + after_revenue(chain, truth);
}

static double after_lift(const PlChain *chain, const PlChainTruth *truth) {
    (void)chain;
    return truth->effect_after[PL_SCOPE_ALL].lift[PL_TRUE_REVENUE];
}

static double lost(const PlChain *chain, const PlChainTruth *truth) {
    return -after_revenue(chain, truth) / during_revenue(chain, truth);
}

static void dip(PlChainOptions *o) {
    o->lift = 0.2;
    o->dip = 0.08;
}

static const Claim after_claims[] = {{"after", "effect", "after", after_lift},
                                     {"after", "change_revenue", "during", during_revenue},
                                     {"after", "change_revenue", "after", after_revenue},
                                     {"after", "change_revenue", "net", net_revenue},
                                     {"after", "lost_share_revenue", NULL, lost},
                                     {0}};

const FindingsStudy study_moved_after = {"After the promotion",
                                         "Chains that `pairlift simulate --lift 0.2 --dip 0.08` makes: the "
                                         "dip, what remains, and the share that was "
                                         "lost again.",
                                         METRICS,
                                         sizes,
                                         1,
                                         dip,
                                         after_claims};

static double spilled(const PlChain *chain, const PlChainTruth *truth) {
    (void)truth;
    return pl_chain_options(chain)->spillover;
}

static void put_places(const PlChain *chain, const PlPanel *panel, PlTables *tables) {
    PlStoreTable *t = tables->stores = g_new0(PlStoreTable, 1);
    t->n_stores = panel->n_stores;
    t->latitude = g_new0(double, panel->n_stores);
    t->longitude = g_new0(double, panel->n_stores);
    for (guint s = 0; s < panel->n_stores; s++) {
        PlPlace place = pl_chain_place(chain, (int)s);
        t->latitude[s] = place.latitude;
        t->longitude[s] = place.longitude;
    }
}

/* As many stores again take no part: they are compared. */
static void spill(PlChainOptions *o) {
    o->lift = 0.1;
    o->spillover = -0.05;
    o->stores = 5 * o->pairs;
    o->regions = 2;
}

static const Claim near_claims[] = {{"spillover", "spillover", NULL, spilled}, {0}};
static const size_t near_sizes[] = {10, 20, 40, 0};

const FindingsStudy study_moved_near = {"Nearby stores",
                                        "Chains that `pairlift simulate --spillover -0.05` makes, with three "
                                        "stores that take no part to a pair: the "
                                        "change in those\nnear a test store against those farther away.",
                                        METRICS "spillover_km: 5\n",
                                        near_sizes,
                                        1,
                                        spill,
                                        near_claims};

gboolean study_moved_is_promoted(const FindingsStudy *study) {
    return study == &study_moved_products;
}

void study_moved_tables(const FindingsStudy *study, const PlChain *chain, const PlPanel *panel,
                        PlTables *tables) {
    if (study == &study_moved_products)
        break_down(chain, panel, tables);
    if (study == &study_moved_near)
        put_places(chain, panel, tables);
}
