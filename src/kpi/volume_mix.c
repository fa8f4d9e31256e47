/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "pairlift/kpi/volume.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/mix_index.h"

/* Products that are compared: the largest, each of at least this share of the volume. The rest is too little
 * to fit a range to. */
#define SHARE_LEAST 0.001
enum { PRODUCTS_MOST = 100 };
/* Shown on the page; named in a sentence; regions that have one. */
enum { SHOWN = 20, NAMED = 3, REGIONS_SAID = 6 };
/* A share this much larger or smaller is worth a name; a test on many stores sees much less than that. */
#define NOTABLE 0.1

/* A product in a region. */
typedef struct {
    guint region, product; /* of `products` */
    PlMixIndex mix;
    PlStatus status;
    double p_adjusted;
    PlFinding *f;
} Cell;

typedef struct {
    const PlVolume *v;
    const PlKpiGroups *regions, *items;
    guint *of_store; /* [n_stores] */
    guint from;      /* the first period */
    guint *products; /* [n_products] groups of `items`, largest first */
    guint n_products, n_small;
    double *store_total; /* [n_stores] volume in these periods, at least 0 */
    double *store_part;  /* [n_products][n_stores] */
    double *total;       /* [items->n] */
    Cell *cells;         /* [n_products * regions->n], ascending by p */
    guint n_cells, n_tested;
} Mix;

/* ---- sums ---- */

static gboolean counts(const Mix *m, guint row) {
    guint k = m->v->bucket[row];
    return k != PL_NO_LEVEL && k >= m->from && k <= m->v->now;
}

static int by_total(const void *a, const void *b, void *data) {
    const double *total = data;
    double x = total[*(const guint *)a], y = total[*(const guint *)b];
    return x > y ? -1 : x < y;
}

static void choose_products(Mix *m) {
    double all = 0;
    m->total = g_new0(double, m->items->n + 1);
    for (guint i = 0; i < m->v->sales->n; i++)
        if (counts(m, i)) {
            all += m->v->value->number[i];
            if (m->items->of_row[i] != PL_NO_LEVEL)
                m->total[m->items->of_row[i]] += m->v->value->number[i];
        }
    m->products = g_new(guint, m->items->n + 1);
    for (guint g = 0; g < m->items->n; g++)
        m->products[g] = g;
    g_qsort_with_data(m->products, (gint)m->items->n, sizeof *m->products, by_total, m->total);
    while (m->n_products < MIN(m->items->n, PRODUCTS_MOST) &&
           m->total[m->products[m->n_products]] >= SHARE_LEAST * all &&
           m->total[m->products[m->n_products]] > 0)
        m->n_products++;
    m->n_small = m->items->n - m->n_products;
}

/* Stores of no region are nowhere, and not elsewhere. */
static void sum_stores(Mix *m) {
    const PlVolume *v = m->v;
    g_autofree guint *place = g_new(guint, m->items->n + 1);
    m->store_total = g_new0(double, v->n_stores + 1);
    m->store_part = g_new0(double, (gsize)m->n_products * v->n_stores + 1);
    for (guint g = 0; g < m->items->n; g++)
        place[g] = PL_NO_LEVEL;
    for (guint k = 0; k < m->n_products; k++)
        place[m->products[k]] = k;
    for (guint i = 0; i < v->sales->n; i++) {
        guint s = v->store->level[i], g = m->items->of_row[i];
        if (!counts(m, i) || m->of_store[s] == PL_NO_LEVEL)
            continue;
        m->store_total[s] += v->value->number[i];
        if (g != PL_NO_LEVEL && place[g] != PL_NO_LEVEL)
            m->store_part[(gsize)place[g] * v->n_stores + s] += v->value->number[i];
    }
    for (guint s = 0; s < v->n_stores; s++) /* more returned than sold: no mix to speak of */
        if (m->store_total[s] <= 0) {
            m->store_total[s] = 0;
            for (guint k = 0; k < m->n_products; k++)
                m->store_part[(gsize)k * v->n_stores + s] = 0;
        }
}

/* ---- indices ---- */

static int by_p(const void *a, const void *b) {
    const Cell *x = a, *y = b;
    double p = x->status == PL_OK ? x->mix.p_value : 2, q = y->status == PL_OK ? y->mix.p_value : 2;
    if (p != q)
        return p < q ? -1 : 1;
    if (x->product != y->product)
        return x->product < y->product ? -1 : 1;
    return x->region < y->region ? -1 : x->region > y->region;
}

/* Benjamini and Hochberg's p over all that could be tested: of those called different, no more than 1 -
 * conf_level are so by chance, on average. */
static void adjust(Mix *m) {
    g_autofree double *p = g_new(double, m->n_cells + 1), *adjusted = g_new(double, m->n_cells + 1);
    g_autofree gsize *order = g_new(gsize, m->n_cells + 1);
    while (m->n_tested < m->n_cells && m->cells[m->n_tested].status == PL_OK) {
        p[m->n_tested] = m->cells[m->n_tested].mix.p_value;
        m->n_tested++;
    }
    gboolean ok = pl_adjust_bh(p, m->n_tested, order, adjusted) == PL_OK;
    for (guint c = 0; c < m->n_cells; c++)
        m->cells[c].p_adjusted = ok && c < m->n_tested ? adjusted[c] : NAN;
}

static void compute(Mix *m) {
    const PlVolume *v = m->v;
    g_autofree bool *here = g_new0(bool, v->n_stores + 1);
    m->cells = g_new0(Cell, (gsize)m->n_products * m->regions->n + 1);
    for (guint r = 0; r < m->regions->n; r++) {
        for (guint s = 0; s < v->n_stores; s++)
            here[s] = m->of_store[s] == r;
        for (guint k = 0; k < m->n_products; k++) {
            Cell *c = &m->cells[m->n_cells++];
            c->region = r;
            c->product = k;
            c->status = pl_mix_index(m->store_total, &m->store_part[(gsize)k * v->n_stores], here,
                                     v->n_stores, v->run->conf_level, &c->mix);
        }
    }
    qsort(m->cells, m->n_cells, sizeof *m->cells, by_p);
    adjust(m);
}

/* ---- rows ---- */

static const char *why(const Cell *c) {
    if (c->status == PL_TOO_FEW)
        return "not tested: it takes 3 stores here and 3 elsewhere to see how much stores differ anyway";
    if (c->status == PL_NO_VARIANCE)
        return "not tested: all stores sell the same mix";
    if (c->status == PL_NOT_POSITIVE && c->mix.index > 0)
        return "sold nowhere else";
    if (c->status == PL_NOT_POSITIVE)
        return "not sold here";
    return "not computed";
}

static char *window(const Mix *m) {
    const PlVolume *v = m->v;
    return m->from == v->now ? g_strdup(v->b->names[v->now])
                             : g_strdup_printf("%s to %s", v->b->names[m->from], v->b->names[v->now]);
}

static void add_rows(const Mix *m) {
    g_autofree char *period = window(m);
    guint shown = 0;
    for (guint i = 0; i < m->n_cells; i++) {
        Cell *c = &m->cells[i];
        if (!isfinite(c->mix.index))
            continue;
        PlFinding *f = c->f =
            pl_section_add(m->v->run->section, NULL, "product_index", "Index of its share", PL_AMOUNT_NUMBER);
        pl_finding_of(f, m->regions->name, m->regions->values[c->region], m->items->name,
                      m->items->values[m->products[c->product]], NULL);
        f->period = g_strdup(period);
        f->value = c->mix.index;
        f->conf_low = c->mix.low;
        f->conf_high = c->mix.high;
        f->conf_level = m->v->run->conf_level;
        f->p_value = c->mix.p_value;
        f->p_adjusted = c->p_adjusted;
        f->n = (guint)c->mix.n_here;
        f->detail = shown >= SHOWN || c->status != PL_OK;
        shown += !f->detail;
        if (c->status == PL_OK)
            f->verdict = g_strdup(!(c->p_adjusted <= 1 - m->v->run->conf_level) ? "unclear"
                                  : c->mix.index > 1                            ? "more"
                                                                                : "less");
        else
            f->reason = g_strdup(why(c));
    }
}

/* ---- sentences ---- */

/* "cola (1.42, 1.2 to 1.69), tea (...)" of a region's clear cells, those with the smallest p first. */
static char *list(const Mix *m, guint region, gboolean more) {
    g_autoptr(GString) s = g_string_new(NULL);
    guint n = 0;
    for (guint i = 0; i < m->n_tested; i++) {
        const Cell *c = &m->cells[i];
        if (c->region != region || (more ? c->mix.index < 1 + NOTABLE : c->mix.index > 1 - NOTABLE) ||
            !(c->p_adjusted <= 1 - m->v->run->conf_level) || ++n > NAMED)
            continue;
        g_autofree char *index = pl_format_finding(c->f);
        g_string_append_printf(s, "%s%.60s %s", n > 1 ? ", " : "", m->items->values[m->products[c->product]],
                               index);
    }
    if (n > NAMED)
        g_string_append_printf(s, " and %u more", n - NAMED);
    return n > 0 ? g_string_free(g_steal_pointer(&s), FALSE) : NULL;
}

/* Products that the region does not sell at all, though others do. */
static char *list_absent(const Mix *m, guint region) {
    g_autoptr(GString) s = g_string_new(NULL);
    guint n = 0;
    for (guint i = 0; i < m->n_cells; i++) {
        const Cell *c = &m->cells[i];
        if (c->region == region && c->mix.index == 0 && ++n <= NAMED)
            g_string_append_printf(s, "%s%.60s", n > 1 ? ", " : "",
                                   m->items->values[m->products[c->product]]);
    }
    if (n > NAMED)
        g_string_append_printf(s, " and %u more", n - NAMED);
    return n > 0 ? g_string_free(g_steal_pointer(&s), FALSE) : NULL;
}

static gboolean say_region(const Mix *m, guint region) {
    g_autofree char *more = list(m, region, TRUE), *less = list(m, region, FALSE),
                    *absent = list_absent(m, region);
    g_autoptr(GString) s = g_string_new(NULL);
    if (more == NULL && less == NULL && absent == NULL)
        return FALSE;
    g_string_append_printf(s, "In %.60s", m->regions->values[region]);
    if (more != NULL)
        g_string_append_printf(s, " these are more of the sales than everywhere: %s", more);
    if (less != NULL)
        g_string_append_printf(s, "%s less: %s", more != NULL ? ";" : " these are", less);
    if (absent != NULL)
        g_string_append_printf(s, "%s not sold at all: %s", more != NULL || less != NULL ? ";" : "", absent);
    pl_section_say(m->v->run->section, "%s.", s->str);
    return TRUE;
}

static void say_how_many(const Mix *m) {
    const char *place = m->regions->name, *what = m->items->name;
    g_autofree char *period = window(m), *of = pl_format_count(m->n_tested, "combination", "combinations");
    guint n_clear = 0;
    if (m->n_tested == 0) {
        pl_section_say(
            m->v->run->section,
            "Whether a %.60s sells another mix of %.60ss than the others cannot be told: it takes three "
            "stores on either side to see how much stores differ anyway.",
            place, what);
        return;
    }
    for (guint i = 0; i < m->n_tested; i++)
        n_clear += m->cells[i].p_adjusted <= 1 - m->v->run->conf_level;
    pl_section_say(
        m->v->run->section,
        "What sells where (%s; index: share of the sales in a %.60s over the share everywhere): of %s of "
        "%.60s and %.60s tested, with the store as the unit, %u %s from 1 by more than stores differ "
        "anyway.",
        period, place, of, what, place, n_clear, n_clear == 1 ? "differs" : "differ");
    if (m->n_small > 0)
        pl_section_say(
            m->v->run->section,
            "%u more of them are not compared: each has less than %g %% of the volume, or %u larger ones "
            "are there.",
            m->n_small, 100 * SHARE_LEAST, PRODUCTS_MOST);
}

/* The regions, those with the clearest difference first. */
static void say(const Mix *m) {
    g_autofree gboolean *said = g_new0(gboolean, m->regions->n + 1);
    guint n = 0;
    say_how_many(m);
    for (guint i = 0; i < m->n_cells && n < REGIONS_SAID; i++) {
        guint r = m->cells[i].region;
        if (said[r])
            continue;
        said[r] = TRUE;
        n += say_region(m, r);
    }
    if (n > 0)
        pl_section_say(
            m->v->run->section,
            "So a range can be fitted to a %.60s; an index says what sold there as things were stocked "
            "and priced, not what would sell.",
            m->regions->name);
}

/* ---- which region, which product ---- */

/* The first group of whole stores with more than one value. */
static PlKpiGroups *find_regions(const PlVolume *v, guint **of_store) {
    static const char *const own[] = {"region", NULL};
    g_auto(GStrv) by = pl_kpi_by(v->run, v->sales, own);
    for (guint i = 0; by[i] != NULL; i++) {
        g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(v->run->study, v->sales, by[i]);
        if (groups == NULL || groups->n < 2 || g_strcmp0(by[i], "store") == 0)
            continue;
        *of_store = pl_volume_of_store(v, groups);
        if (*of_store != NULL)
            return g_steal_pointer(&groups);
    }
    return NULL;
}

static PlKpiGroups *find_items(const PlVolume *v) {
    static const char *const names[] = {"product", "category"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(v->run->study, v->sales, names[i]);
        if (groups != NULL && groups->n > 1)
            return g_steal_pointer(&groups);
    }
    return NULL;
}

void pl_volume_mix(const PlVolume *v) {
    guint most = (guint)v->run->study->def->kpis.trend_periods;
    g_autofree guint *of_store = NULL;
    g_autoptr(PlKpiGroups) items = v->now != PL_NO_LEVEL ? find_items(v) : NULL;
    if (items == NULL)
        return;
    g_autoptr(PlKpiGroups) regions = find_regions(v, &of_store);
    if (regions == NULL) {
        pl_section_say(
            v->run->section,
            "Which products to fit to which region cannot be told: the stores have no column \"region\"; "
            "name another one of theirs under kpis: {sales_volume: {by: [COLUMN]}}.");
        return;
    }
    Mix m = {.v = v, .regions = regions, .items = items, .of_store = of_store};
    m.from = v->now + 1 - MIN(most, v->now + 1 - v->b->first);
    choose_products(&m);
    sum_stores(&m);
    compute(&m);
    add_rows(&m);
    say(&m);
    g_free(m.products);
    g_free(m.total);
    g_free(m.store_total);
    g_free(m.store_part);
    g_free(m.cells);
}
