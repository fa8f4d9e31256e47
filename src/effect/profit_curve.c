/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/effect/prices.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

/* Points of the curve, and how far from today's price it goes at most: an elasticity is no law that holds at
 * any price. */
enum { POINTS = 61 };
#define LEAST_SHARE 0.5
#define MOST_SHARE  2.0
#define ROOM        0.05

/* How far off the best price is looked at. */
#define OFF 0.05

/* Prices seen: between these quantiles of the store-intervals, so that a single odd row is not what "seen"
 * means. */
#define SEEN_FROM 0.01
#define SEEN_TO   0.99

typedef struct {
    const PlPriceMoves *moves;
    const PlElasticity *e;
    PlResult *result;
    PlSection *section;
    const char *name; /* of the treatment, to start a sentence with; or "" */
    PlDraws *draws;
    double *units, *price; /* [1 + draws] without the promotion: units per store and interval, and price */
    double promoted;       /* the price with it */
    double *elasticity;    /* [1 + draws] */
    double *scratch;
    double cost, margin; /* of a unit in money, or NaN and the margin that it leaves at today's price */
    double seen_low, seen_high;
    double best, best_low, best_high; /* NaN: there is none */
    gboolean far;                     /* it is so far from today's that nothing but the direction is told */
    char *unit, *profit_unit;
} Profit;

static void profit_clear(Profit *p) {
    pl_draws_free(p->draws);
    double *values[] = {p->units, p->price, p->elasticity, p->scratch};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        g_free(values[i]);
    g_free(p->unit);
    g_free(p->profit_unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Profit, profit_clear)

static PlFinding *add(const Profit *p, const char *measure, const char *label, PlAmount amount,
                      const char *unit) {
    PlFinding *f = pl_section_add(p->section, p->moves->arm->treatment->name, measure, label, amount);
    f->unit = g_strdup(unit);
    f->n = (guint)p->moves->means.n;
    f->conf_level = p->e->level;
    return f;
}

static void fill(PlFinding *f, const PlDraws *draws, const double *values, double level) {
    PlDrawn drawn = pl_draws_interval(draws, values, level);
    f->value = drawn.estimate;
    f->std_error = drawn.std_error;
    f->conf_low = drawn.low;
    f->conf_high = drawn.high;
    if (isnan(drawn.low))
        f->reason = g_strdup(pl_draws_reason(draws));
}

/* What a unit cost the test stores (without a time before: the control stores), from the gross profit that
 * the data have. NaN: nothing to divide. */
static double cost_from_data(const PlPriceMoves *m) {
    const PlStudy *study = m->study;
    PlRange range = m->has_before ? study->ranges.before : study->ranges.during;
    PlBoundMetric bound[3];
    double sums[3] = {0, 0, 0}; /* units, revenue, gross profit */
    guint n = m->has_before ? m->arm->n_test : m->arm->n_control;
    if (study->panel->gross_profit < 0 || m->by_period || !pl_study_measure(study, "units", &bound[0]) ||
        !pl_study_measure(study, "revenue", &bound[1]))
        return NAN;
    bound[2] = (PlBoundMetric){PL_METRIC_SUM, (guint)study->panel->gross_profit, 0};
    for (guint i = 0; i < n; i++) {
        guint store = m->has_before ? m->arm->test[i] : m->arm->control[i];
        for (guint t = range.begin; t < range.end; t++) {
            double v[3];
            gboolean all = TRUE;
            for (guint k = 0; k < G_N_ELEMENTS(v); k++)
                all = pl_metric_value(study->panel, &bound[k], store, t, t + 1, &v[k]) && all;
            for (guint k = 0; k < G_N_ELEMENTS(v) && all; k++)
                sums[k] += v[k];
        }
    }
    double cost = (sums[1] - sums[2]) / sums[0];
    return isfinite(cost) ? cost : NAN;
}

/* FALSE: nobody says what a unit costs. */
static gboolean find_cost(Profit *p) {
    const PlEconomics *economics = &p->moves->study->def->economics;
    p->cost = economics->unit_cost > 0 ? economics->unit_cost : NAN;
    p->margin = economics->margin;
    if (isnan(p->cost) && economics->margin_column)
        p->cost = cost_from_data(p->moves);
    return isnan(p->cost) ? p->margin > 0 && p->margin < 1 : p->cost > 0;
}

static double cost_at(const Profit *p, guint k) {
    return isnan(p->cost) ? (1 - p->margin) * p->price[k] : p->cost;
}

/* Profit per store and interval at a price in money, in one draw. */
static double profit_at(const Profit *p, double price, guint k) {
    return p->units[k] * pow(price / p->price[k], p->elasticity[k]) * (price - cost_at(p, k));
}

/* Units, price and elasticity of every draw; FALSE: no store takes part. What was sold, and at which price,
 * is known; what is not is how much of it was due to the promotion. So a draw changes the effects alone:
 * drawing the totals without the promotion would leave out how the test stores themselves happened to do.
 * With the effects that the elasticity is made of the curve goes through what was sold at the promoted price.
 */
static gboolean draw_all(Profit *p) {
    const PlPriceMoves *m = p->moves;
    guint n = pl_draws_n(p->draws) + 1, stores = 0;
    g_autofree double *log_units = g_new(double, n), *log_price = g_new(double, n);
    double units = 0, revenue = 0, intervals = m->by_period ? pl_range_length(m->study->ranges.during) : 1;
    p->units = g_new(double, n);
    p->price = g_new(double, n);
    p->elasticity = g_new(double, n);
    p->scratch = g_new(double, n);
    if (!pl_price_moves_draws(m, p->draws, log_units, log_price))
        return FALSE;
    for (guint i = 0; i < m->arm->n_test; i++) {
        guint s = m->arm->test[i];
        if (isnan(m->price_during[s]))
            continue;
        units += m->units_during[s];
        revenue += m->revenue_during[s];
        stores++;
    }
    p->promoted = revenue / units;
    for (guint k = 0; k < n; k++) {
        p->units[k] = units / (stores * intervals) * exp(-log_units[k]);
        p->price[k] = p->promoted * exp(-log_price[k]);
        p->elasticity[k] = log_units[k] / log_price[k];
    }
    return isfinite(p->price[0]) && isfinite(p->promoted);
}

static void add_seen(GArray *seen, double price) {
    if (isfinite(price) && price > 0)
        g_array_append_val(seen, price);
}

static void add_seen_of_store(const PlPriceMoves *m, guint store, const PlBoundMetric *ratio, GArray *seen) {
    const PlRange ranges[] = {m->study->ranges.before, m->study->ranges.during};
    if (m->by_period) {
        add_seen(seen, m->price_during[store]);
        if (m->has_before)
            add_seen(seen, m->price_before[store]);
        return;
    }
    for (gsize r = 0; r < G_N_ELEMENTS(ranges); r++)
        for (guint t = ranges[r].begin; t < ranges[r].end; t++) {
            double price;
            if (pl_metric_value(m->study->panel, ratio, store, t, t + 1, &price))
                add_seen(seen, price);
        }
}

/* The prices that the arm's stores had in the two periods. */
static void find_seen(Profit *p) {
    const PlPriceMoves *m = p->moves;
    g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(double));
    PlBoundMetric units = {0}, ratio = {0};
    if (!m->by_period && pl_study_measure(m->study, "units", &units) &&
        pl_study_measure(m->study, "revenue", &ratio))
        ratio = (PlBoundMetric){PL_METRIC_RATIO, ratio.measure, units.measure};
    for (guint i = 0; i < m->arm->n_test; i++)
        add_seen_of_store(m, m->arm->test[i], &ratio, seen);
    for (guint i = 0; i < m->arm->n_control; i++)
        add_seen_of_store(m, m->arm->control[i], &ratio, seen);
    p->seen_low = fmin(p->price[0], p->promoted);
    p->seen_high = fmax(p->price[0], p->promoted);
    if (seen->len == 0)
        return;
    double *prices = (double *)(gpointer)seen->data;
    pl_sort(prices, seen->len);
    p->seen_low = fmin(p->seen_low, pl_quantile_sorted(prices, seen->len, SEEN_FROM));
    p->seen_high = fmax(p->seen_high, pl_quantile_sorted(prices, seen->len, SEEN_TO));
}

/* cost e / (1 + e) for e < -1: rises with e from the cost on, without end. */
static double best_price(double cost, double e) {
    return isnan(e) ? NAN : e < -1 ? cost * e / (1 + e) : INFINITY;
}

/* The limits are those of the elasticity, so that the two never contradict each other. */
static void find_best(Profit *p) {
    double cost = cost_at(p, 0);
    p->best = p->best_low = p->best_high = NAN;
    if (!(p->e->value < -1))
        return;
    p->best = best_price(cost, p->e->value);
    p->best_low = best_price(cost, p->e->low);
    p->best_high = best_price(cost, p->e->high);
    p->far = p->best < LEAST_SHARE * p->price[0] || p->best > MOST_SHARE * p->price[0];
}

/* Nothing but rounding is no interval. */
static void drop_rounding(PlFinding *f) {
    if (f->conf_high - f->conf_low <= 1e-9 * fabs(f->value))
        f->conf_low = f->conf_high = f->std_error = NAN;
}

static void add_curve(const Profit *p) {
    double today = p->price[0], low = LEAST_SHARE * today, high = MOST_SHARE * today;
    gboolean told = !isnan(p->best) && !p->far;
    double best = told ? p->best : today;
    double from = fmin(fmin(p->seen_low, best), today), to = fmax(fmax(p->seen_high, best), today);
    if (told && isfinite(p->best_low))
        from = fmin(from, p->best_low);
    if (told && isfinite(p->best_high))
        to = fmax(to, p->best_high);
    double room = ROOM * (to - from);
    from = fmax(from - room, low);
    to = fmin(to + room, high);
    PlCurve *c = pl_section_add_curve(p->section, p->moves->arm->treatment->name, "profit_by_price", POINTS);
    c->x_label = g_strdup(p->unit ? p->unit : "");
    c->y_label = g_strdup(p->profit_unit);
    c->x_amount = PL_AMOUNT_PRICE;
    c->y_amount = PL_AMOUNT_MONEY;
    c->observed = g_new0(gboolean, POINTS);
    for (guint i = 0; i < POINTS; i++) {
        double price = from + (to - from) * i / (POINTS - 1.0);
        for (guint k = 0; k <= pl_draws_n(p->draws); k++)
            p->scratch[k] = profit_at(p, price, k);
        PlDrawn drawn = pl_draws_interval(p->draws, p->scratch, p->e->level);
        c->x[i] = price;
        c->y[i] = drawn.estimate;
        c->low[i] = drawn.low;
        c->high[i] = drawn.high;
        c->observed[i] = price >= p->seen_low && price <= p->seen_high;
    }
}

/* Profit at one price less that at today's, in all draws. */
static void add_gain(const Profit *p, const char *measure, const char *label, double price) {
    for (guint k = 0; k <= pl_draws_n(p->draws); k++)
        p->scratch[k] = profit_at(p, price, k) - profit_at(p, p->price[k], k);
    fill(add(p, measure, label, PL_AMOUNT_MONEY, p->profit_unit), p->draws, p->scratch, p->e->level);
}

static void add_prices(const Profit *p) {
    for (guint k = 0; k <= pl_draws_n(p->draws); k++)
        p->scratch[k] = cost_at(p, k);
    PlFinding *cost = add(p, "unit_cost", "Cost of a unit", PL_AMOUNT_PRICE, p->unit);
    if (isnan(p->cost))
        fill(cost, p->draws, p->scratch, p->e->level);
    else
        cost->value = p->cost;
    drop_rounding(cost);
    PlFinding *f = add(p, "best_price", "Price with the highest profit", PL_AMOUNT_PRICE, p->unit);
    PlFinding *change = add(p, "best_price_change", "That price against today's", PL_AMOUNT_LIFT, NULL);
    const char *reason =
        isnan(p->best)
            ? "at an elasticity of -1 or above a higher price always earns more, so there is no best "
              "price that these data could tell"
        : p->far
            ? "it would be more than twice or less than half of today's price, where the curve cannot be "
              "trusted: try a price on the way there first"
        : isnan(p->best_low) ? p->e->reason
                             : NULL;
    f->reason = g_strdup(reason);
    change->reason = g_strdup(reason);
    if (isnan(p->best) || p->far)
        return;
    f->value = p->best;
    f->conf_low = p->best_low;
    f->conf_high = p->best_high;
    change->value = p->best / p->price[0] - 1;
    change->conf_low = p->best_low / p->price[0] - 1;
    change->conf_high = p->best_high / p->price[0] - 1;
}

static char *price_text(const Profit *p, double price, double precision) {
    return pl_format_amount(price, precision, PL_AMOUNT_PRICE, p->unit);
}

/* What to do with the price, as far as the interval of the best one says. */
static const char *direction(const Profit *p) {
    double today = p->price[0];
    if (p->best_low > today)
        return "today's price is below it";
    if (p->best_high < today)
        return "today's price is above it";
    return "whether it lies above or below today's price cannot be told";
}

/* Of a best price that is too far away to be told. */
static void say_far(const Profit *p, GString *text) {
    double today = p->price[0];
    g_autofree char *shown = price_text(p, today, NAN);
    const char *where = p->best_low > today    ? "That it lies above today's is shown"
                        : p->best_high < today ? "That it lies below today's is shown"
                                               : "Whether to go up or down from today's cannot be told";
    g_string_append_printf(
        text,
        "By the curve the price with the highest profit would be %s today's %s, too far from "
        "the prices that were seen to be trusted. %s.",
        p->best > today ? "more than twice" : "less than half of", shown, where);
}

static void say_beyond(const Profit *p, GString *text) {
    if (p->best >= p->seen_low && p->best <= p->seen_high)
        return;
    g_autofree char *seen = pl_format_amount_interval(p->seen_low, p->seen_high, PL_AMOUNT_PRICE, p->unit);
    g_string_append_printf(text,
                           " It lies beyond the prices that were seen (%s), where the same elasticity is an "
                           "assumption: try a price on the way there first.",
                           seen);
}

/* The profit that a price forgoes, as a share of the best. */
static double forgone(const Profit *p, double price) {
    return 1 - profit_at(p, price, 0) / profit_at(p, p->best, 0);
}

static void say_forgone(const Profit *p, GString *text) {
    if (!(profit_at(p, p->best, 0) > 0))
        return;
    double worst = fmax(forgone(p, (1 - OFF) * p->best), forgone(p, (1 + OFF) * p->best));
    g_autofree char *today = pl_format_number(100 * forgone(p, p->price[0]), 1);
    g_autofree char *promoted = pl_format_number(100 * forgone(p, p->promoted), 1);
    g_autofree char *off = pl_format_number(100 * worst, 1);
    g_string_append_printf(
        text,
        " By the curve today's price forgoes %s %% of the best profit, the promoted one %s %%; "
        "being %.0f %% off the best price costs at most %s %%.",
        today, promoted, 100 * OFF, off);
}

/* The best price by the curve need not be better than today's by more than chance. */
static void say_gain(const Profit *p, GString *text) {
    const PlFinding *gain = pl_section_find(p->section, p->moves->arm->treatment->name, "profit_change_best");
    if (!gain || isnan(gain->conf_low) || isnan(gain->conf_high))
        return;
    g_autofree char *size =
        pl_format_amount(gain->value, (gain->conf_high - gain->conf_low) / 2, gain->amount, gain->unit);
    g_autofree char *interval =
        pl_format_amount_interval(gain->conf_low, gain->conf_high, gain->amount, gain->unit);
    g_string_append_printf(text, " Against today's price the best one would earn %s (%s)%s.", size, interval,
                           gain->conf_low > 0 ? "" : ", so it may earn no more");
}

static void say(const Profit *p) {
    GString *text = g_string_new(p->name);
    double cost = cost_at(p, 0);
    g_autofree char *cost_text = price_text(p, cost, NAN), *best = NULL, *interval = NULL, *today = NULL;
    today = price_text(p, p->price[0], NAN);
    if (isnan(p->best)) {
        g_autofree char *e = pl_format_amount(p->e->value, NAN, PL_AMOUNT_NUMBER, NULL);
        g_string_append_printf(
            text,
            p->e->low > -1 ? "At an elasticity of %s, and with -1 outside its interval, a lower price "
                             "does not pay; how far the price could rise, the data do not say."
                           : "At an elasticity of %s a higher price would earn more, but the interval "
                             "does not settle it: which price is best cannot be told.",
            e);
    } else if (p->far) {
        say_far(p, text);
    } else {
        best = price_text(p, p->best, isfinite(p->best_high) ? (p->best_high - p->best_low) / 2 : NAN);
        g_string_append_printf(text, "With a unit cost of %s the profit is highest at a price of %s",
                               cost_text, best);
        if (!isnan(p->best_low)) {
            interval = pl_format_amount_interval(p->best_low, p->best_high, PL_AMOUNT_PRICE, p->unit);
            g_string_append_printf(text, " (%s); today's is %s: %s.", interval, today, direction(p));
        } else {
            g_string_append_printf(text, "; today's is %s. How sure that is, the data do not say.", today);
        }
        say_beyond(p, text);
        say_forgone(p, text);
        say_gain(p, text);
    }
    pl_section_say(p->section, "%s", text->str);
    g_string_free(text, TRUE);
}

static void give_reason(Profit *p, const char *reason) {
    PlFinding *f = add(p, "best_price", "Price with the highest profit", PL_AMOUNT_PRICE, p->unit);
    f->reason = g_strdup(reason);
}

/* Whether the price is all that a treatment is about, as far as the definition says. */
static gboolean is_price_alone(const PlTreatment *t) {
    static const char *const kinds[] = {"price", "discount", "bundle", NULL};
    return !t->combines && (t->price_change != 0 || (t->kind && g_strv_contains(kinds, t->kind)));
}

void pl_add_profit_curve(const PlPriceMoves *moves, const PlElasticity *elasticity, const char *name,
                         PlResult *result, PlSection *section) {
    const char *unit = pl_price_unit(moves->study->def);
    g_auto(Profit) p = {.moves = moves,
                        .e = elasticity,
                        .result = result,
                        .section = section,
                        .name = name,
                        .unit = g_strdup(unit)};
    p.profit_unit = g_strdup_printf("%s%sper store and %s", unit ? unit : "", unit ? " " : "",
                                    pl_step_name(result->step, 1));
    if (isnan(elasticity->value)) {
        give_reason(&p, elasticity->reason);
        return;
    }
    if (!is_price_alone(moves->arm->treatment)) {
        give_reason(&p,
                    "the treatment did more than change the price, so what it did to the units is not the "
                    "price's alone: a best price takes a treatment of kind price");
        return;
    }
    if (!find_cost(&p)) {
        give_reason(&p, "nothing says what a unit costs: set unit_cost, or margin, under economics");
        return;
    }
    p.draws = pl_draws_new(moves->arm, &moves->study->options);
    if (!draw_all(&p)) {
        give_reason(&p, "no store has a price with and without the promotion");
        return;
    }
    find_seen(&p);
    find_best(&p);
    add_prices(&p);
    add_gain(&p, "profit_change_promoted", "Profit, promoted against today's price", p.promoted);
    if (!isnan(p.best) && !p.far)
        add_gain(&p, "profit_change_best", "Profit, best against today's price", p.best);
    add_curve(&p);
    say(&p);
}
