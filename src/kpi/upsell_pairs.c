/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/upsell_pairs.h"
#include "pairlift/kpi/headline.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/student.h"

#include <math.h>

/* Pairs in fewer orders than this are not looked at, however small min_support is: too few for any interval.
 */
#define ORDERS_FEWEST 5

/* Pairs of each direction that are read on a page, and that are listed at all. */
enum { SHOWN_MOST = 20, SHOWN_APART_MOST = 10, LISTED_MOST = 500 };

/* ---- which products, in which orders ---- */

static int by_count(const void *a, const void *b, void *data) {
    const guint *count = data;
    guint x = *(const guint *)a, y = *(const guint *)b;
    return count[x] != count[y] ? (count[x] < count[y] ? 1 : -1) : (x > y) - (x < y);
}

/* Ranks the products that are in enough orders, the most frequent first, and lists the orders of each. */
static void rank_products(PlPairs *p) {
    const PlOrders *o = p->orders;
    guint n = o->product_field->n_levels, n_pieces = o->of_begin[o->n];
    g_autofree guint *count = g_new0(guint, n + 1), *rank = g_new(guint, n + 1);
    for (guint i = 0; i < n_pieces; i++)
        count[o->product[i]]++;
    p->product = g_new(guint, n + 1);
    for (guint l = 0; l < n; l++) {
        rank[l] = PL_NO_LEVEL;
        if (count[l] >= p->least)
            p->product[p->n_products++] = l;
    }
    g_qsort_with_data(p->product, (gint)p->n_products, sizeof *p->product, by_count, count);
    p->begin = g_new0(guint, p->n_products + 2);
    for (guint k = 0; k < p->n_products; k++) {
        rank[p->product[k]] = k;
        p->begin[k + 1] = p->begin[k] + count[p->product[k]];
    }
    p->order = g_new(guint, p->begin[p->n_products] + 1);
    p->rank = g_new(guint, n_pieces + 1);
    g_autofree guint *at = g_memdup2(p->begin, (p->n_products + 1) * sizeof *p->begin);
    for (guint k = 0; k < o->n; k++)
        for (guint i = o->of_begin[k]; i < o->of_begin[k + 1]; i++) {
            p->rank[i] = rank[o->product[i]];
            if (p->rank[i] != PL_NO_LEVEL)
                p->order[at[p->rank[i]]++] = k;
        }
}

/* ---- which pairs are told from chance ---- */

static double orders_of(const PlPairs *p, guint rank) {
    return p->begin[rank + 1] - p->begin[rank];
}

/* Keeps a pair whose own test is at the level; any other would not be after the adjustment either. */
static void consider(PlPairs *p, guint a, guint b, guint both) {
    PlPair pair = {.a = a, .b = b};
    pair.count = (PlPairCount){p->orders->n, orders_of(p, a), orders_of(p, b), both};
    if (pl_association(pair.count, p->run->conf_level, &pair.of) != PL_OK)
        return;
    pair.together = pair.of.lift > 1;
    pair.p = pair.together ? pair.of.p_together : pair.of.p_apart;
    if (pair.p <= 1 - p->run->conf_level)
        g_array_append_val(p->pairs, pair);
}

/* Counts the orders of a product with each less frequent one, product by product: there is never a table of
 * all pairs. Those in enough orders are tested for being together, and those that chance alone would bring
 * together in enough orders for being apart. */
static void count_pairs(PlPairs *p) {
    const PlOrders *o = p->orders;
    g_autofree guint *both = g_new0(guint, p->n_products + 1), *touched = g_new(guint, p->n_products + 1);
    for (guint a = 0; a < p->n_products; a++) {
        guint n_touched = 0, b = a + 1;
        for (guint i = p->begin[a]; i < p->begin[a + 1]; i++)
            for (guint j = o->of_begin[p->order[i]]; j < o->of_begin[p->order[i] + 1]; j++) {
                guint other = p->rank[j];
                if (other == PL_NO_LEVEL || other <= a)
                    continue;
                if (both[other]++ == 0)
                    touched[n_touched++] = other;
            }
        for (; b < p->n_products; b++) {
            double chance = orders_of(p, a) * orders_of(p, b) / o->n;
            if (chance < p->least)
                break;
            if (both[b] < chance)
                consider(p, a, b, both[b]);
        }
        for (guint i = 0; i < n_touched; i++) {
            b = touched[i];
            if (both[b] >= p->least && both[b] > orders_of(p, a) * orders_of(p, b) / o->n)
                consider(p, a, b, both[b]);
            both[b] = 0;
        }
    }
}

/* Either direction of every pair of the products is a test. */
static void adjust(PlPairs *p) {
    guint n = p->pairs->len;
    gsize all = (gsize)p->n_products * (p->n_products - 1);
    g_autofree double *raw = g_new(double, n + 1), *adjusted = g_new(double, n + 1);
    g_autofree gsize *order = g_new(gsize, n + 1);
    for (guint i = 0; i < n; i++)
        raw[i] = g_array_index(p->pairs, PlPair, i).p;
    if (pl_adjust_holm_among(raw, n, MAX(all, n), order, adjusted) != PL_OK)
        return;
    for (guint i = 0; i < n; i++) {
        PlPair *pair = &g_array_index(p->pairs, PlPair, i);
        pair->p_adjusted = adjusted[i];
        pair->told = pair->p_adjusted <= 1 - p->run->conf_level;
    }
}

/* Together before apart, those told from chance first, and of them those with most orders beyond chance. */
static gint by_weight(gconstpointer a, gconstpointer b) {
    const PlPair *x = a, *y = b;
    double d = fabs(y->of.leverage) - fabs(x->of.leverage);
    if (x->together != y->together)
        return x->together ? -1 : 1;
    if (x->told != y->told)
        return x->told ? -1 : 1;
    if (d != 0)
        return d > 0 ? 1 : -1;
    return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

/* ---- the customers behind a pair ---- */

typedef struct {
    const PlPairs *pairs;
    guint n_customers;
    double squares;   /* of the customers' numbers of orders, summed */
    double *n_orders; /* [levels of the customer] */
    guint *place;     /* [levels] + 1 in `of`, while it is filled */
    guint *seen;      /* [orders] stamp */
    guint stamp;
    PlPairCount *of;
} Customers;

static void customers_init(Customers *c, const PlPairs *pairs) {
    const PlOrders *o = pairs->orders;
    guint n = o->customer_field->n_levels;
    *c = (Customers){.pairs = pairs};
    c->n_orders = g_new0(double, n + 1);
    c->place = g_new0(guint, n + 1);
    c->seen = g_new0(guint, o->n + 1);
    c->of = g_new(PlPairCount, n + 1);
    for (guint k = 0; k < o->n; k++)
        c->n_orders[o->customer[k]]++;
    for (guint i = 0; i < n; i++) {
        c->n_customers += c->n_orders[i] > 0;
        c->squares += c->n_orders[i] * c->n_orders[i];
    }
}

static void customers_clear(Customers *c) {
    g_free(c->n_orders);
    g_free(c->place);
    g_free(c->seen);
    g_free(c->of);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Customers, customers_clear)

static PlPairCount *count_of(Customers *c, guint customer, guint *n) {
    if (c->place[customer] == 0) {
        c->of[*n] = (PlPairCount){.baskets = c->n_orders[customer]};
        c->place[customer] = ++*n;
    }
    return &c->of[c->place[customer] - 1];
}

/* The interval of the lift with the customer as the unit; one who orders the same every week is one. */
static void limit_by_customer(Customers *c, PlPair *pair) {
    const PlPairs *p = c->pairs;
    const PlOrders *o = p->orders;
    guint n = 0, with_both = 0;
    double squares = c->squares, level = p->run->conf_level;
    c->stamp++;
    for (guint i = p->begin[pair->a]; i < p->begin[pair->a + 1]; i++) {
        c->seen[p->order[i]] = c->stamp;
        count_of(c, o->customer[p->order[i]], &n)->with_a++;
    }
    for (guint i = p->begin[pair->b]; i < p->begin[pair->b + 1]; i++) {
        PlPairCount *count = count_of(c, o->customer[p->order[i]], &n);
        count->with_b++;
        count->with_both += c->seen[p->order[i]] == c->stamp;
    }
    for (guint i = 0; i < n; i++) {
        with_both += c->of[i].with_both > 0;
        squares -= c->of[i].baskets * c->of[i].baskets;
    }
    for (guint k = 0; k < 2; k++)
        for (guint r = k == 0 ? pair->a : pair->b, i = p->begin[r]; i < p->begin[r + 1]; i++)
            c->place[o->customer[p->order[i]]] = 0;
    pair->customers = with_both;
    pair->low = pair->of.lift_low;
    pair->high = pair->of.lift_high;
    if (pair->count.with_both == 0)
        return;
    pair->low = pair->high = NAN;
    if (with_both < 2)
        return;
    double error = pl_lift_cluster_error(pair->count, c->of, n, c->n_customers, fmax(0, squares));
    double reach = pl_student_quantile((1 - level) / 2, with_both - 1) * error;
    pair->low = pair->of.lift * exp(-reach);
    pair->high = pair->of.lift * exp(reach);
}

/* Keeps the first pairs of each direction; told from chance are those whose interval by customer leaves out
 * 1, too. */
static void settle(PlPairs *p) {
    g_auto(Customers) customers;
    guint listed[2] = {0}, shown[2] = {0}, kept = 0;
    customers_init(&customers, p);
    g_array_sort(p->pairs, by_weight);
    for (guint i = 0; i < p->pairs->len; i++) {
        PlPair pair = g_array_index(p->pairs, PlPair, i);
        if (listed[pair.together]++ >= LISTED_MOST) {
            p->unlisted += pair.told;
            continue;
        }
        limit_by_customer(&customers, &pair);
        gboolean beyond = pair.together ? pair.low > 1 : pair.high < 1;
        p->by_few += pair.told && !beyond;
        pair.told = pair.told && beyond;
        p->n_told[pair.together] += pair.told;
        g_array_index(p->pairs, PlPair, kept++) = pair;
    }
    g_array_set_size(p->pairs, kept);
    g_array_sort(p->pairs, by_weight);
    for (guint i = 0; i < kept; i++) {
        PlPair *pair = &g_array_index(p->pairs, PlPair, i);
        p->n_together += pair->together;
        pair->shown =
            pair->told && shown[pair->together]++ < (pair->together ? SHOWN_MOST : SHOWN_APART_MOST);
    }
}

void pl_upsell_pairs(const PlKpiRun *run, const PlOrders *o) {
    PlPairs p = {.run = run, .orders = o, .pairs = g_array_new(FALSE, FALSE, sizeof(PlPair))};
    double share = run->study->def->kpis.upsell.min_support;
    p.least = (guint)fmax(ORDERS_FEWEST, ceil(share * o->n * (1 - 1e-12)));
    rank_products(&p);
    if (p.n_products >= 2) {
        count_pairs(&p);
        adjust(&p);
        settle(&p);
    }
    pl_upsell_pairs_tell(&p);
    g_array_free(p.pairs, TRUE);
    g_free(p.product);
    g_free(p.begin);
    g_free(p.order);
    g_free(p.rank);
}
