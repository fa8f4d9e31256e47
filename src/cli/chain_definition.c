/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/chain_definition.h"

#include "pairlift/design/chain_names.h"

static void add_head(GString *s, const PlChain *chain, const char *name, gboolean promoted) {
    const PlChainOptions *o = pl_chain_options(chain);
    const char *of = promoted          ? " of the promoted product"
                     : o->products > 1 ? " of all products together"
                                       : "";
    g_string_append_printf(s, "experiment: %s%s\n", name, promoted ? "-promoted" : "");
    g_string_append_printf(s, "title: A simulated chain of %d stores%s\n", o->stores,
                           promoted ? ", the promoted product" : "");
    if (o->factorial)
        g_string_append_printf(
            s, "question: Do the promotion and the price cut raise sales%s, alone and together?\n", of);
    else if (o->arms)
        g_string_append_printf(s, "question: Which of the treatments raises sales%s the most?\n", of);
    else
        g_string_append_printf(s, "question: Does the %s raise sales%s?\n", o->kind ? o->kind : "promotion",
                               of);
    g_string_append_printf(s,
                           "notes: These stores do not exist; pairlift simulate made them with seed "
                           "%" G_GINT64_FORMAT ". What is true of them is in truth.json.\n"
                           "randomised: yes\n",
                           o->seed);
}

static void add_data(GString *s, const PlChain *chain, gboolean promoted) {
    const PlChainOptions *o = pl_chain_options(chain);
    g_string_append(s, "\ndata:\n  - table: sales\n    file: sales.csv\n    duplicates: keep\n");
    if (o->gaps > 0 || o->closures > 0)
        g_string_append(s, "    gaps: closed\n");
    if (promoted) {
        char product[PL_CHAIN_NAME];
        pl_chain_product_name(chain, 0, product);
        g_string_append_printf(s, "    where: {product: %s}\n", product);
    }
    g_string_append(s, "  - {table: stores, file: stores.csv}\n");
    if (o->coupon > 0)
        g_string_append(s, "  - {table: coupons, file: coupons.csv}\n");
}

static void add_metrics(GString *s, const PlChainOptions *o) {
    g_string_append(s, "\nmetrics:\n"
                       "  - {name: units, sum: units, label: Units sold}\n"
                       "  - {name: revenue, sum: revenue, label: Revenue}\n"
                       "  - {name: price, ratio: [revenue, units], label: Average price}\n");
    if (o->basket > 0)
        g_string_append(s, "  - {name: visits, sum: visits, label: Visits}\n"
                           "  - {name: basket, ratio: [units, visits], label: Items a visit}\n");
    g_string_append(s, "primary: units\n");
}

static void add_period(GString *s, const PlChain *chain, const char *name, PlChainPeriod period) {
    PlChainDays days = pl_chain_period(chain, period);
    const PlDay start = pl_chain_options(chain)->start;
    if (days.begin == days.end)
        return;
    g_autofree char *from = pl_day_format(start + days.begin, PL_TIME_DATE);
    g_autofree char *to = pl_day_format(start + days.end - 1, PL_TIME_DATE);
    g_string_append_printf(s, "  %s: {from: %s, to: %s}\n", name, from, to);
}

static void add_treatments(GString *s, const PlChain *chain, gboolean promoted) {
    const PlChainOptions *o = pl_chain_options(chain);
    char product[PL_CHAIN_NAME], control[PL_CHAIN_NAME];
    pl_chain_product_name(chain, 0, product);
    pl_chain_group_name(chain, 0, control);
    g_string_append(s, "\ntreatments:\n");
    for (int arm = 1; arm <= pl_chain_n_arms(chain); arm++) {
        char name[PL_CHAIN_NAME];
        pl_chain_treatment_name(chain, arm, name);
        g_string_append_printf(s, "  - {name: %s, kind: %s", name, pl_chain_kind(chain, arm));
        if (o->factorial && arm == PL_CHAIN_BOTH)
            g_string_append(s, ", combines: [promo, price]");
        if (o->products > 1 && !promoted)
            g_string_append_printf(s, ", products: [%s]", product);
        g_string_append(s, "}\n");
    }
    if (o->arms)
        g_string_append_printf(s,
                               "assignment: {file: stores.csv, store: store, group: group, control: %s, "
                               "block: region}\n",
                               control);
    else
        g_string_append(s, "pairs_file: pairs.csv\n");
}

static void add_number(GString *s, const char *key, double value) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (value > 0)
        g_string_append_printf(s, "  %s: %s\n", key, g_ascii_formatd(text, sizeof text, "%.10g", value));
}

static void add_economics(GString *s, const PlChain *chain) {
    const PlChainOptions *o = pl_chain_options(chain);
    if (o->margin == 0 && o->fixed_cost == 0 && o->cost_per_store == 0) {
        if (o->coupon > 0)
            g_string_append_printf(s, "\neconomics: {face_value: %.2f}\n", o->coupon);
        return;
    }
    g_string_append(s, "\neconomics:\n");
    if (pl_chain_has_profit(chain))
        g_string_append(s, "  margin_column: profit\n  margin_in: money\n");
    else
        add_number(s, "margin", o->margin);
    add_number(s, "fixed_cost", o->fixed_cost);
    add_number(s, "cost_per_store", o->cost_per_store);
    add_number(s, "face_value", o->coupon);
}

/* What is near in the chain is near in its analysis. */
static void add_distance(GString *s, const PlChainOptions *o) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (o->spillover != 0)
        g_string_append_printf(s, "\nspillover_km: %s\n",
                               g_ascii_formatd(text, sizeof text, "%.10g", o->spillover_km));
}

char *pl_chain_definition(const PlChain *chain, const char *name, gboolean promoted) {
    GString *s = g_string_new(NULL);
    add_head(s, chain, name, promoted);
    add_data(s, chain, promoted);
    add_metrics(s, pl_chain_options(chain));
    g_string_append(s, "\nperiods:\n");
    add_period(s, chain, "before", PL_CHAIN_BEFORE);
    add_period(s, chain, "during", PL_CHAIN_DURING);
    add_period(s, chain, "after", PL_CHAIN_AFTER);
    add_treatments(s, chain, promoted);
    add_economics(s, chain);
    add_distance(s, pl_chain_options(chain));
    return g_string_free(s, FALSE);
}
