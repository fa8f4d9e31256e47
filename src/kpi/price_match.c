/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/price_study.h"
#include "pairlift/model/numbers.h"

/* Products that a page shows. */
enum { SHOWN = 10 };

/* A product that is dearer than the competitor whose price is the lowest. */
typedef struct {
    guint product, competitor;
    double units, revenue; /* of the period, where the competitor has a price */
    double price, match;   /* own, and the competitor's */
    double cost;           /* what today's units would bring less */
    double more_units[3], more_revenue[3], more_profit[3]; /* estimate, low, high; NaN: not known */
    const PlPriceResponse *response;
    gboolean seen; /* the price lies within those seen: beyond them an elasticity says nothing */
} Match;

typedef struct {
    double units, own, other, revenue;
} Sum;

/* Sums of the period `now` by product and competitor. */
static Sum *sum_up(const PlPriceStudy *s) {
    guint n_others = s->others->n_competitors;
    Sum *sums = g_new0(Sum, (gsize)s->rows->n_products * n_others + 1);
    for (guint i = 0; i < s->cells->n; i++) {
        const PlPriceCell *c = &s->cells->cell[i];
        guint n;
        if (c->time != s->now)
            continue;
        const PlOtherPrice *other = pl_competitors_at(s->others, c->product, c->store, c->time, &n);
        for (guint k = 0; k < n; k++) {
            Sum *sum = &sums[(gsize)c->product * n_others + other[k].competitor];
            sum->units += c->units;
            sum->own += c->units * c->price;
            sum->other += c->units * other[k].price;
            sum->revenue += c->revenue;
        }
    }
    return sums;
}

/* The competitor with the lowest price relative to ours; FALSE: none is below. */
static gboolean cheapest(const PlPriceStudy *s, const Sum *sums, guint product, Match *to) {
    guint n = s->others->n_competitors, best = PL_NO_LEVEL;
    const Sum *of = &sums[(gsize)product * n];
    for (guint k = 0; k < n; k++)
        if (of[k].units > 0 &&
            (best == PL_NO_LEVEL || of[k].other * of[best].own < of[best].other * of[k].own))
            best = k;
    if (best == PL_NO_LEVEL || !(of[best].other < of[best].own * (1 - PL_SAME_PRICE)))
        return FALSE;
    *to = (Match){.product = product,
                  .competitor = best,
                  .units = of[best].units,
                  .revenue = of[best].revenue,
                  .price = of[best].own / of[best].units,
                  .match = of[best].other / of[best].units};
    return TRUE;
}

/* What a unit costs the retailer: as given, or what the margin leaves of the price; NaN: not said. */
static double unit_cost(const PlPriceStudy *s, double price) {
    const PlDefinition *def = s->run->study->def;
    if (pl_definition_given(def, &def->economics.unit_cost))
        return def->economics.unit_cost;
    if (pl_definition_given(def, &def->economics.margin))
        return price * (1 - def->economics.margin);
    return NAN;
}

static void order_ends(double *three) {
    if (three[1] > three[2]) {
        double low = three[2];
        three[2] = three[1];
        three[1] = low;
    }
}

/* Units, revenue and profit at the other price for an elasticity and the ends of its interval; each is
 * monotone in it, so that the ends give the interval. */
static void respond(const PlPriceStudy *s, Match *m) {
    const PlPriceResponse *r = m->response;
    const double elasticity[3] = {r->value < 0 ? r->value : NAN, r->low, r->high};
    double cost = unit_cost(s, m->price), change = log(m->match / m->price);
    for (int k = 0; k < 3; k++) {
        double more = isnan(elasticity[0]) || !m->seen ? NAN : expm1(elasticity[k] * change);
        m->more_units[k] = m->units * more;
        m->more_revenue[k] = m->units * ((1 + more) * m->match - m->price);
        m->more_profit[k] = m->units * ((1 + more) * (m->match - cost) - (m->price - cost));
    }
    order_ends(m->more_units);
    order_ends(m->more_revenue);
    order_ends(m->more_profit);
}

/* What it brings, as far as that is known: in gross profit, else in revenue. */
static double gain_of(const Match *m) {
    return isnan(m->more_profit[0]) ? m->more_revenue[0] : m->more_profit[0];
}

/* What is known to bring most comes first, then what is not known by what it costs. */
static int by_gain(gconstpointer a, gconstpointer b) {
    const Match *x = a, *y = b;
    gboolean known = !isnan(gain_of(x)), known_too = !isnan(gain_of(y));
    double p = known ? gain_of(x) : x->cost, q = known_too ? gain_of(y) : y->cost;
    if (known != known_too)
        return known ? -1 : 1;
    return p != q ? (p < q) - (p > q) : (x->product > y->product) - (x->product < y->product);
}

static GArray *find(const PlPriceStudy *s, const PlPriceResponses *responses) {
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Match));
    g_autofree Sum *sums = sum_up(s);
    for (guint p = 0; p < s->rows->n_products; p++) {
        Match m;
        if (!cheapest(s, sums, p, &m))
            continue;
        m.cost = m.units * (m.price - m.match);
        m.response = isnan(responses->of[p].value) ? &responses->all : &responses->of[p];
        m.seen = m.match >= responses->least[p] * (1 - PL_SAME_PRICE) &&
                 m.match <= responses->most[p] * (1 + PL_SAME_PRICE);
        respond(s, &m);
        g_array_append_val(found, m);
    }
    g_array_sort(found, by_gain);
    return found;
}

typedef struct {
    const PlPriceStudy *study;
    const PlPriceResponses *responses;
    const Match *match; /* NULL: all of them */
    gboolean detail;
    const char *reason;
} Adder;

static PlFinding *add(const Adder *a, const char *measure, const char *label, PlAmount amount, double value) {
    const PlPriceStudy *s = a->study;
    PlFinding *f = pl_price_finding(s, measure, label, amount);
    if (a->match != NULL)
        pl_finding_of(f, "product", s->rows->products[a->match->product], "competitor",
                      s->others->names[a->match->competitor], NULL);
    f->period = g_strdup(s->buckets->names[s->now]);
    f->value = value;
    f->detail = a->detail;
    return f;
}

static void add_three(const Adder *a, const char *measure, const char *label, PlAmount amount,
                      const double *three) {
    PlFinding *f = add(a, measure, label, amount, three[0]);
    f->reason = g_strdup(a->reason);
    if (isnan(three[0]) || isnan(three[1]))
        return;
    f->conf_low = three[1];
    f->conf_high = three[2];
    f->conf_level = a->study->run->conf_level;
}

/* Where a number rests, or why there is none. */
static char *reason_of(const Adder *a, const Match *m) {
    const PlPriceStudy *s = a->study;
    const char *source = m->response->source;
    if (isnan(m->response->value))
        return g_strdup("how units react to the price is not known");
    if (!(m->response->value < 0))
        return g_strdup("units did not fall when prices rose, so what a lower price brings cannot be told");
    if (!m->seen) {
        g_autofree char *range =
            pl_format_amount_interval(a->responses->least[m->product], a->responses->most[m->product],
                                      PL_AMOUNT_PRICE, s->run->study->money);
        return g_strdup_printf("this would be an extrapolation: prices seen were %s", range);
    }
    return strcmp(source, "own") == 0     ? NULL
           : strcmp(source, "given") == 0 ? g_strdup("at the elasticity given in the definition")
                                          : g_strdup("at the elasticity of all products together");
}

static void add_match(Adder *a, const Match *m) {
    g_autofree char *reason = reason_of(a, m);
    gboolean profit = !isnan(unit_cost(a->study, m->price));
    a->match = m;
    a->reason = reason;
    add(a, "own_price", "Own price", PL_AMOUNT_PRICE, m->price);
    add(a, "match_price", "Price of the cheapest competitor", PL_AMOUNT_PRICE, m->match);
    add(a, "match_price_change", "Change of the price to match it", PL_AMOUNT_LIFT, m->match / m->price - 1);
    if (!a->study->rows->has_units)
        return;
    add(a, "match_cost", "Given away on the units sold", PL_AMOUNT_TOTAL, m->cost);
    add_three(a, "match_units_change", "Units expected after matching", PL_AMOUNT_UNITS, m->more_units);
    add_three(a, "match_revenue_change", "Revenue expected after matching", PL_AMOUNT_MONEY, m->more_revenue);
    if (profit)
        add_three(a, "match_profit_change", "Gross profit expected after matching", PL_AMOUNT_MONEY,
                  m->more_profit);
}

typedef struct {
    double cost, revenue[3], profit[3];
    guint n, known, unseen;
} Totals;

/* Sums of the ends: errors of one elasticity go together, and of several this interval is the wider one. */
static Totals total(const GArray *found) {
    Totals t = {0};
    for (guint i = 0; i < found->len; i++) {
        const Match *m = &g_array_index(found, Match, i);
        t.n++;
        t.cost += m->cost;
        t.unseen += !m->seen;
        if (isnan(m->more_revenue[0]))
            continue;
        t.known++;
        for (int k = 0; k < 3; k++) {
            t.revenue[k] += m->more_revenue[k];
            t.profit[k] += m->more_profit[k];
        }
    }
    return t;
}

/* Why nothing is known of any product. */
static const char *why_unknown(const PlPriceResponses *r, const Totals *t) {
    if (isnan(r->all.value))
        return "how units react to the price is not known";
    if (t->unseen == t->n)
        return "all these prices lie beyond those that were seen";
    return "units did not fall when prices rose, or the prices lie beyond those that were seen";
}

static void add_totals(const PlPriceStudy *s, const PlPriceResponses *responses, const Totals *t) {
    g_autofree char *part =
        g_strdup_printf("of %u of %u products: of the others the reaction is not known, or "
                        "the price lies beyond those seen",
                        t->known, t->n);
    double none[3] = {NAN, NAN, NAN};
    Adder a = {s, responses, NULL, FALSE, t->known < t->n ? part : NULL};
    add(&a, "products_dearer", "Products dearer than the cheapest competitor", PL_AMOUNT_NUMBER, t->n)->n =
        t->n;
    if (!s->rows->has_units)
        return;
    add(&a, "match_cost", "Given away on the units sold, if all were matched", PL_AMOUNT_TOTAL, t->cost);
    if (t->known == 0)
        a.reason = why_unknown(responses, t);
    add_three(&a, "match_revenue_change", "Revenue expected from matching", PL_AMOUNT_MONEY,
              t->known > 0 ? t->revenue : none);
    if (!isnan(t->profit[0]))
        add_three(&a, "match_profit_change", "Gross profit expected from matching", PL_AMOUNT_MONEY,
                  t->known > 0 ? t->profit : none);
}

/* What an interval says. */
static const char *direction(const double *three) {
    return isnan(three[1]) || three[1] > 0 || three[2] < 0 ? ""
                                                           : ", so whether it gains or loses cannot be told";
}

/* "; matching raises revenue for 2 of them and lowers it for 1": where the interval says so. */
static char *sure_ones(const GArray *found, gboolean profit) {
    guint gains = 0, losses = 0;
    for (guint i = 0; i < found->len; i++) {
        const Match *m = &g_array_index(found, Match, i);
        const double *three = profit ? m->more_profit : m->more_revenue;
        gains += three[1] > 0;
        losses += three[2] < 0;
    }
    const char *what = profit ? "gross profit" : "revenue";
    if (gains > 0 && losses > 0)
        return g_strdup_printf("; it raises %s for %u of them and lowers it for %u", what, gains, losses);
    if (gains > 0)
        return g_strdup_printf("; it raises %s for %u of them", what, gains);
    return losses > 0 ? g_strdup_printf("; it lowers %s for %u of them", what, losses) : g_strdup("");
}

static void say_expected(const PlPriceStudy *s, const PlPriceResponses *responses, const GArray *found,
                         const Totals *t) {
    gboolean profit = !isnan(t->profit[0]);
    const double *three = profit ? t->profit : t->revenue;
    const char *money = s->run->study->money;
    if (t->known == 0) {
        pl_section_say(s->run->section, "What matching would bring back in units cannot be told: %s.",
                       why_unknown(responses, t));
        return;
    }
    g_autofree char *change = pl_format_amount(three[0], (three[2] - three[1]) / 2, PL_AMOUNT_MONEY, money),
                    *interval = pl_format_amount_interval(three[1], three[2], PL_AMOUNT_MONEY, money),
                    *of_sure = sure_ones(found, profit),
                    *known = pl_format_count(t->known, "product", "products");
    gboolean sure = !isnan(three[1]);
    pl_section_say(
        s->run->section,
        "With the units that lower prices bring, matching the %s whose new price was seen before is "
        "expected to change %s by %s%s%s%s%s%s.",
        known, profit ? "gross profit" : "revenue", change, sure ? " (" : "", sure ? interval : "",
        sure ? ")" : "", direction(three), of_sure);
}

static const Match *dearest(const GArray *found) {
    const Match *most = &g_array_index(found, Match, 0);
    for (guint i = 1; i < found->len; i++)
        if (g_array_index(found, Match, i).cost > most->cost)
            most = &g_array_index(found, Match, i);
    return most;
}

static void say(const PlPriceStudy *s, const PlPriceResponses *responses, const GArray *found,
                const Totals *t) {
    const char *money = s->run->study->money, *period = s->buckets->names[s->now];
    const Match *m = dearest(found);
    g_autofree char *cost = pl_format_amount(t->cost, NAN, PL_AMOUNT_TOTAL, money),
                    *own = pl_format_amount(m->price, NAN, PL_AMOUNT_PRICE, NULL),
                    *match = pl_format_amount(m->match, NAN, PL_AMOUNT_PRICE, money),
                    *first = pl_format_amount(m->cost, NAN, PL_AMOUNT_TOTAL, money),
                    *dearer = pl_format_count(t->n, "product was", "products were");
    if (!s->rows->has_units) {
        pl_section_say(s->run->section, "In %s %s dearer than at the cheapest competitor.", period, dearer);
        return;
    }
    pl_section_say(
        s->run->section,
        "In %s %s dearer than at the cheapest competitor; to match %s on the units sold would have "
        "given away %s. The most goes to \"%s\": %s against %s at %s, %s.",
        period, dearer, t->n == 1 ? "it" : "them all", cost, s->rows->products[m->product], own, match,
        s->others->names[m->competitor], first);
    say_expected(s, responses, found, t);
}

void pl_price_add_matches(PlPriceStudy *s, const PlPriceResponses *responses) {
    g_autoptr(GArray) found = find(s, responses);
    Totals t = total(found);
    if (found->len == 0)
        return;
    add_totals(s, responses, &t);
    for (guint i = 0; i < found->len; i++) {
        Adder a = {s, responses, NULL, i >= SHOWN, NULL};
        add_match(&a, &g_array_index(found, Match, i));
    }
    say(s, responses, found, &t);
}
