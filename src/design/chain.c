/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain.h"

#include <math.h>

#include "pairlift/design/chain_coupon.h"
#include "pairlift/design/chain_days.h"
#include "pairlift/design/chain_names.h"
#include "pairlift/design/chain_places.h"
#include "pairlift/stats/rng.h"

/* Streams: those of the stores, then those of pairs, and the chain's own. */
#define STREAM_TRAITS(store) (4 * (guint64)(store))
#define STREAM_COURSE(store) (4 * (guint64)(store) + 1) /* prices and gaps */
#define STREAM_NOISE(store)  (4 * (guint64)(store) + 2)
#define STREAM_VISITS(store) (4 * (guint64)(store) + 3)
#define STREAM_PAIR(pair)    ((G_GUINT64_CONSTANT(1) << 40) + (guint64)(pair))
#define STREAM_ORDER         (G_GUINT64_CONSTANT(1) << 42)
#define STREAM_PRICES        (STREAM_ORDER + 2)

#define DAYS_A_YEAR          365.25
#define LONGEST_CLOSURE      14
#define MOST_COUPONS         100000 /* that a store hands out a day */
#define MOST_UNITS           1e12   /* a store's day: revenue in cents stays a 64-bit number */
#define STORES_A_BLOCK       32
#define T_DF                 3

struct PlChain {
    PlChainOptions o;
    guint *slot;     /* [stores] place in the shuffled order: pair by pair, the test store first */
    guint *store_at; /* [stores] its inverse */
    double *day;     /* [days] */
    double *region;  /* [days * regions] */
    double *share;   /* [products], their sum is 1 */
    int *cents;      /* [products] list prices */
    gboolean *near;  /* [stores] NULL: no spillover */
};

typedef struct {
    PlRng course, noise, visits;
    double level, growth, gain, noise_sd, e;
    double redemption;
    int t, closed_from, closed_to; /* half-open */
    int region;
    gboolean test, cut, near;
    /* the week's prices: of all products (its own or the chain's), and of the first one when it is cut */
    int *cents;
    double *response;
    int cut_cents;
    double cut_response;
} Store;

struct PlChainWalk {
    const PlChain *chain;
    int first;
    gboolean expected;
    Store *stores;
    int *cents;       /* [stores * products] under moving prices, else [products] */
    double *response; /* likewise */
};

/* ---- the chain */

static void shuffle(PlChain *c) {
    guint n = (guint)c->o.stores;
    PlRng rng = pl_rng_stream((guint64)c->o.seed, STREAM_ORDER);
    for (guint i = 0; i < n; i++)
        c->store_at[i] = i;
    for (guint i = n - 1; i > 0; i--) {
        guint j = (guint)(pl_rng_uniform(&rng) * (i + 1)), swap = c->store_at[i];
        c->store_at[i] = c->store_at[j];
        c->store_at[j] = swap;
    }
    for (guint i = 0; i < n; i++)
        c->slot[c->store_at[i]] = i;
}

/* Shares fall from product to product; prices end with a 9. */
static void draw_products(PlChain *c) {
    double sum = 0;
    PlRng rng = pl_rng_stream((guint64)c->o.seed, STREAM_PRICES);
    for (int p = 0; p < c->o.products; p++) {
        sum += c->share[p] = 1 / sqrt(p + 1);
        c->cents[p] = 99 + 10 * (int)(pl_rng_uniform(&rng) * 60);
    }
    for (int p = 0; p < c->o.products; p++)
        c->share[p] /= sum;
}

PlChain *pl_chain_new(const PlChainOptions *options, GError **error) {
    PlChainOptions o = *options;
    if (!pl_chain_settle(&o, error))
        return NULL;
    PlChain *c = g_new0(PlChain, 1);
    c->o = o;
    c->slot = g_new(guint, o.stores);
    c->store_at = g_new(guint, o.stores);
    c->day = g_new(double, o.days);
    c->region = g_new(double, (gsize)o.days *(gsize)o.regions);
    c->share = g_new(double, o.products);
    c->cents = g_new(int, o.products);
    shuffle(c);
    pl_chain_day_factors(&o, c->day, c->region);
    draw_products(c);
    if (o.spillover != 0)
        c->near = pl_chain_find_near(c);
    return c;
}

void pl_chain_free(PlChain *c) {
    if (!c)
        return;
    g_free(c->slot);
    g_free(c->store_at);
    g_free(c->day);
    g_free(c->region);
    g_free(c->share);
    g_free(c->cents);
    g_free(c->near);
    g_free(c);
}

const PlChainOptions *pl_chain_options(const PlChain *c) {
    return &c->o;
}

PlChainDays pl_chain_period(const PlChain *c, PlChainPeriod period) {
    const PlChainOptions *o = &c->o;
    int after = o->days - o->after, during = after - o->during, before = during - o->before;
    const PlChainDays all[] = {{before, during}, {during, after}, {after, o->days}};
    return all[period];
}

int pl_chain_test(const PlChain *c, int pair) {
    return (int)c->store_at[2 * pair];
}

int pl_chain_control(const PlChain *c, int pair) {
    return (int)c->store_at[2 * pair + 1];
}

int pl_chain_set(const PlChain *c, int store) {
    return (int)(c->slot[store] / (c->o.arms ? (guint)c->o.arms + 1 : 2));
}

int pl_chain_pair(const PlChain *c, int store) {
    int pair = pl_chain_set(c, store);
    return pair < c->o.pairs ? pair : -1;
}

int pl_chain_arm(const PlChain *c, int store) {
    const guint size = (guint)c->o.arms + 1, whole = (guint)c->o.stores / size * size;
    if (c->o.arms)
        return c->slot[store] < whole ? (int)(c->slot[store] % size) : 0;
    return pl_chain_pair(c, store) < 0 ? -1 : c->slot[store] % 2 == 0;
}

int pl_chain_n_arms(const PlChain *c) {
    return MAX(1, c->o.arms);
}

gboolean pl_chain_is_test(const PlChain *c, int store) {
    return pl_chain_arm(c, store) > 0;
}

int pl_chain_region(const PlChain *c, int store) {
    return pl_chain_set(c, store) % c->o.regions;
}

gboolean pl_chain_is_near(const PlChain *c, int store) {
    return c->near && c->near[store];
}

gboolean pl_chain_has_profit(const PlChain *c) {
    return c->o.margin > 0 && (c->o.price_cut > 0 || c->o.price_sd > 0);
}

double pl_chain_cost(const PlChain *c, int product) {
    double cents = c->cents[product] * (1 - c->o.margin);
    return (pl_chain_has_profit(c) ? round(cents) : cents) / 100;
}

gboolean pl_chain_has_attributes(const PlChain *c) {
    return c->o.attributes || c->o.lift_gap != 0 || c->o.spillover != 0;
}

/* What the log size is made of, in units of size_sd. */
typedef struct {
    double alike, own;
    PlRng traits; /* past its first number */
} Size;

static Size size_of(const PlChain *c, int store) {
    Size size = {.traits = pl_rng_stream((guint64)c->o.seed, STREAM_TRAITS(store))};
    if (c->o.arms == 0) {
        PlRng pair = pl_rng_stream((guint64)c->o.seed, STREAM_PAIR(pl_chain_set(c, store)));
        size.alike = pl_rng_normal(&pair);
    }
    size.own = pl_rng_normal(&size.traits);
    return size;
}

gboolean pl_chain_is_large(const PlChain *c, int store) {
    Size size = size_of(c, store);
    return (c->o.arms ? size.own : size.alike) > 0;
}

/* ---- a walk */

static void draw_closure(const PlChainOptions *o, Store *s, PlRng *rng) {
    double closes = pl_rng_uniform(rng), length = pl_rng_uniform(rng), from = pl_rng_uniform(rng);
    if (closes >= o->closures)
        return;
    /* a third of the promotion at most, so that there is something left of it */
    int longest = MIN(LONGEST_CLOSURE, MAX(1, o->during / 3));
    int days = 1 + (int)(length * longest);
    s->closed_from = (int)(from * (o->days - days + 1));
    s->closed_to = s->closed_from + days;
}

static double lift_of(const PlChain *c, int store, int arm) {
    const PlChainOptions *o = &c->o;
    double gap = o->lift_gap == 0 ? 0 : o->lift_gap * (pl_chain_is_large(c, store) ? 0.5 : -0.5);
    if (o->factorial)
        return arm == PL_CHAIN_PRICE  ? 0
               : arm == PL_CHAIN_BOTH ? (1 + o->lift + gap) * (1 + o->interaction) - 1
                                      : o->lift + gap;
    return o->lift + gap + MAX(0, arm - 1) * o->arm_step;
}

static void start(PlChainWalk *w, int i) {
    const PlChain *c = w->chain;
    const PlChainOptions *o = &c->o;
    const guint64 seed = (guint64)o->seed;
    const int store = w->first + i;
    Store *s = &w->stores[i];
    const int arm = pl_chain_arm(c, store);
    Size size = size_of(c, store);
    PlRng traits = size.traits;
    double log_size =
        o->size_sd * (o->arms ? size.own : sqrt(o->alike) * size.alike + sqrt(1 - o->alike) * size.own);
    *s = (Store){.course = pl_rng_stream(seed, STREAM_COURSE(store)),
                 .noise = pl_rng_stream(seed, STREAM_NOISE(store)),
                 .visits = pl_rng_stream(seed, STREAM_VISITS(store)),
                 .level = o->units * exp(log_size),
                 .growth = exp(o->trend_sd * pl_rng_normal(&traits) / DAYS_A_YEAR),
                 .gain = exp(log1p(lift_of(c, store, arm)) + o->lift_sd * pl_rng_normal(&traits)),
                 .test = arm > 0,
                 .cut = o->price_cut > 0 && (!o->factorial || arm >= PL_CHAIN_PRICE),
                 .near = pl_chain_is_near(c, store),
                 .region = pl_chain_region(c, store)};
    s->redemption = s->test && o->coupon > 0 ? pl_chain_coupon(c, store).redemption : 0;
    s->noise_sd = o->noise_sd * (s->test ? o->test_noise : 1);
    gsize at = o->price_sd > 0 ? (gsize)i * (gsize)o->products : 0;
    s->cents = w->cents + at;
    s->response = w->response + at;
    draw_closure(o, s, &traits);
}

/* A price and what it does to the units; `times` is what the list price is multiplied by. */
static int price(const PlChainOptions *o, int list, double times, double *response) {
    int cents = MAX(1, (int)lround(list * times));
    *response = cents == list ? 1 : pow((double)cents / list, o->elasticity);
    return cents;
}

static void cut_price(const PlChain *c, Store *s) {
    double times = (double)s->cents[0] / c->cents[0] * (s->cut ? 1 - c->o.price_cut : 1);
    s->cut_cents = price(&c->o, c->cents[0], times, &s->cut_response);
}

static void move_prices(const PlChain *c, Store *s) {
    const PlChainOptions *o = &c->o;
    for (int p = 0; p < o->products; p++)
        s->cents[p] = price(o, c->cents[p], exp(o->price_sd * pl_rng_normal(&s->course)), &s->response[p]);
    cut_price(c, s);
}

PlChainWalk *pl_chain_walk_new(const PlChain *c, int first, int n, gboolean expected) {
    PlChainWalk *w = g_new0(PlChainWalk, 1);
    const gboolean moving = c->o.price_sd > 0;
    const gsize prices = (gsize)c->o.products * (gsize)(moving ? n : 1);
    w->chain = c;
    w->first = first;
    w->expected = expected;
    w->stores = g_new(Store, n);
    w->cents = g_new(int, prices);
    w->response = g_new(double, prices);
    for (int p = 0; p < c->o.products && !moving; p++) {
        w->cents[p] = c->cents[p];
        w->response[p] = 1;
    }
    for (int i = 0; i < n; i++) {
        start(w, i);
        if (!moving)
            cut_price(c, &w->stores[i]);
    }
    return w;
}

void pl_chain_walk_free(PlChainWalk *w) {
    if (!w)
        return;
    g_free(w->stores);
    g_free(w->cents);
    g_free(w->response);
    g_free(w);
}

/* The first day of a period is always there, so that every store has a value in each of them. */
static gboolean has_data(const PlChain *c, Store *s, int t) {
    const PlChainOptions *o = &c->o;
    gboolean gap = o->gaps > 0 && pl_rng_uniform(&s->course) < o->gaps;
    if (!gap && (t < s->closed_from || t >= s->closed_to))
        return TRUE;
    int after = o->days - o->after, during = after - o->during;
    return t == during - o->before || t == during || (t == after && o->after > 0);
}

/* Of mean 0 and variance 1. */
static double innovation(PlRng *rng, int noise) {
    if (noise == PL_NOISE_HEAVY)
        return pl_rng_student(rng, T_DF) / sqrt(T_DF / (T_DF - 2.0));
    if (noise == PL_NOISE_LOGNORMAL) /* of a standard log-normal, mean e^1/2 and variance e^2 - e */
        return (exp(pl_rng_normal(rng)) - sqrt(G_E)) / sqrt(G_E * (G_E - 1));
    return pl_rng_normal(rng);
}

static double next_factor(const PlChainOptions *o, Store *s, int t) {
    if (s->noise_sd == 0)
        return 1;
    double z = innovation(&s->noise, o->noise), rho = t > 0 ? o->autocorrelation : 0;
    s->e = rho * s->e + sqrt(1 - rho * rho) * z;
    return MAX(PL_CHAIN_FLOOR, 1 + s->noise_sd * s->e);
}

/* What the promotion adds to the first product, and takes from the others. */
static void promote(const PlChain *c, const Store *s, PlChainDay *day) {
    const PlChainOptions *o = &c->o;
    PlChainCell *first = &day->cells[0];
    first->cents = s->cut_cents;
    first->with *= s->gain * s->cut_response / s->response[0];
    if (o->coupon > 0) {
        day->distributed = (guint)MIN(MOST_COUPONS, o->reach * first->without + 0.5);
        first->with += day->distributed * s->redemption * o->extra;
    }
    double gained = first->with - first->without, others = 0;
    if (o->cannibalisation == 0 || gained <= 0)
        return;
    for (int p = 1; p < o->products; p++)
        others += day->cells[p].without;
    for (int p = 1; p < o->products; p++)
        day->cells[p].with *= MAX(PL_CHAIN_FLOOR, 1 - o->cannibalisation * gained / others);
}

/* Units of the first product that coupons sell, each of them drawn. */
static double redeem(const PlChainOptions *o, Store *s, PlChainDay *day) {
    guint units = 0;
    for (guint i = 0; i < day->distributed; i++) {
        double u = pl_rng_uniform(&s->noise);
        day->redeemed += u < s->redemption;
        units += u < s->redemption * o->extra;
    }
    return units;
}

static void sell(const PlChainOptions *o, Store *s, double factor, PlChainDay *day) {
    double coupons = o->whole ? redeem(o, s, day) : 0;
    for (int p = 0; p < o->products; p++) {
        PlChainCell *cell = &day->cells[p];
        double units = cell->with;
        if (p == 0 && o->whole)
            units -= day->distributed * s->redemption * o->extra;
        units = fmax(0, units) * factor; /* a rounding error below 0 would become -1 unit */
        if (o->products > 1 && o->product_sd > 0)
            units *= fmax(PL_CHAIN_FLOOR, 1 + o->product_sd * pl_rng_normal(&s->noise));
        units = MIN(units, MOST_UNITS);
        if (o->whole)
            units = floor(units + pl_rng_uniform(&s->noise)) + (p == 0 ? coupons : 0);
        cell->units = units;
    }
}

/* The day's visits; an effect on the units of all products is split on the log scale. */
static void visit(const PlChainWalk *w, Store *s, double factor, PlChainDay *day) {
    const PlChainOptions *o = &w->chain->o;
    double without = 0, with = 0;
    for (int p = 0; p < o->products; p++) {
        without += day->cells[p].without;
        with += day->cells[p].with;
    }
    day->visits_without = without / o->basket;
    day->visits_with = day->visits_without * pow(with / without, o->visit_share);
    if (w->expected)
        return;
    double own = MAX(PL_CHAIN_FLOOR, 1 + o->visits_sd * pl_rng_normal(&s->visits));
    double visits = MIN(MOST_UNITS, day->visits_with * factor * own);
    day->visits = o->whole ? floor(visits + pl_rng_uniform(&s->visits)) : visits;
}

void pl_chain_walk_next(PlChainWalk *w, int i, PlChainDay *day) {
    const PlChain *c = w->chain;
    const PlChainOptions *o = &c->o;
    Store *s = &w->stores[i];
    const int t = s->t++;
    if (o->price_sd > 0 && t % 7 == 0)
        move_prices(c, s);
    const double factor = w->expected ? 1 : next_factor(o, s, t);
    const double expected = s->level * c->day[t] * c->region[t * o->regions + s->region];
    s->level *= s->growth;
    day->open = has_data(c, s, t);
    day->distributed = day->redeemed = 0;
    day->visits = day->visits_without = day->visits_with = 0;
    if (!day->open)
        return;
    for (int p = 0; p < o->products; p++) {
        double units = expected * c->share[p] * s->response[p];
        day->cells[p] = (PlChainCell){units, units, s->cents[p], s->cents[p], 0};
    }
    const int after = o->days - o->after;
    if (s->test && t >= after)
        day->cells[0].with *= 1 - o->dip;
    else if (s->test && t >= after - o->during)
        promote(c, s, day);
    else if (s->near && t >= after - o->during)
        day->cells[0].with *= 1 + o->spillover;
    if (o->basket > 0)
        visit(w, s, factor, day);
    if (!w->expected)
        sell(o, s, factor, day);
}

/* ---- all of it */

static double measured(const PlChainDay *day, const PlChainOptions *o, PlChainMeasure measure, int product) {
    double sum = 0;
    for (int p = 0; p < o->products; p++)
        if (product == PL_CHAIN_ALL || product == p)
            sum += measure == PL_CHAIN_UNITS ? day->cells[p].units
                                             : day->cells[p].units * day->cells[p].cents / 100;
    return sum;
}

void pl_chain_values(const PlChain *c, PlChainMeasure measure, int product, int threads, double *values) {
    const PlChainOptions *o = &c->o;
    const int blocks = (o->stores + STORES_A_BLOCK - 1) / STORES_A_BLOCK;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
    for (int b = 0; b < blocks; b++) {
        const int first = b * STORES_A_BLOCK, n = MIN(STORES_A_BLOCK, o->stores - first);
        g_autoptr(PlChainWalk) walk = pl_chain_walk_new(c, first, n, FALSE);
        g_autofree PlChainCell *cells = g_new(PlChainCell, o->products);
        PlChainDay day = {.cells = cells};
        for (int i = 0; i < n; i++)
            for (int t = 0; t < o->days; t++) {
                pl_chain_walk_next(walk, i, &day);
                values[(gsize)(first + i) * (gsize)o->days + (gsize)t] =
                    day.open ? measured(&day, o, measure, product) : NAN;
            }
    }
}

static PlPanel *empty_panel(const PlChain *c) {
    static const char *const measures[] = {"units", "revenue"};
    const PlChainOptions *o = &c->o;
    g_autofree PlDay *times = g_new(PlDay, o->days);
    g_auto(GStrv) names = g_new0(char *, o->stores + 1);
    for (int t = 0; t < o->days; t++)
        times[t] = o->start + t;
    for (int s = 0; s < o->stores; s++) {
        names[s] = g_malloc(PL_CHAIN_NAME);
        pl_chain_store_name(c, s, names[s]);
    }
    return pl_panel_new((const char *const *)names, (guint)o->stores, times, (guint)o->days, PL_TIME_DATE,
                        measures, G_N_ELEMENTS(measures));
}

PlPanel *pl_chain_panel(const PlChain *c, int product, int threads) {
    const PlChainOptions *o = &c->o;
    PlPanel *panel = empty_panel(c);
    g_autofree double *values = g_new(double, (gsize)o->stores *(gsize)o->days);
    for (guint measure = PL_CHAIN_UNITS; measure <= PL_CHAIN_REVENUE; measure++) {
        pl_chain_values(c, (PlChainMeasure)measure, product, threads, values);
        for (int s = 0; s < o->stores; s++)
            for (int t = 0; t < o->days; t++) {
                double value = values[(gsize)s * (gsize)o->days + (gsize)t];
                if (!isnan(value))
                    pl_panel_set(panel, (guint)s, (guint)t, measure, value);
            }
    }
    return panel;
}
