/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/price_study.h"
#include "pairlift/model/numbers.h"

/* Products whose change a page shows; a change of a price that is worth telling, and one that is a cut. */
enum { SHOWN = 10 };
#define LEAST_CHANGE 0.01
#define CUT          0.05

typedef struct {
    guint product, time; /* the later period */
    double price, units; /* relative changes */
} Change;

static int by_size(gconstpointer a, gconstpointer b) {
    const Change *x = a, *y = b;
    double p = fabs(log1p(x->price)), q = fabs(log1p(y->price));
    return p != q ? (p < q) - (p > q) : (x->product > y->product) - (x->product < y->product);
}

typedef struct {
    GArray *largest;     /* Change, one a product whose price moved */
    guint still, single; /* products whose price did not move; without two periods in a row */
    guint cuts, cuts_more, rises, rises_less;
} Changes;

static void count(Changes *to, const Change *c) {
    if (c->price <= -CUT) {
        to->cuts++;
        to->cuts_more += c->units > 0;
    } else if (c->price >= CUT) {
        to->rises++;
        to->rises_less += c->units < 0;
    }
}

static void end_product(Changes *to, const Change *largest, guint pairs) {
    if (pairs == 0)
        to->single++;
    else if (fabs(largest->price) < LEAST_CHANGE)
        to->still++;
    else
        g_array_append_val(to->largest, *largest);
}

static void find(const PlPriceStudy *s, Changes *to) {
    const PlPriceCell *cell = s->products->cell;
    Change largest = {0};
    guint pairs = 0;
    for (guint i = 0; i < s->products->n; i++) {
        const PlPriceCell *c = &cell[i];
        if (i > 0 && c->product == c[-1].product && c->time == c[-1].time + 1 && c[-1].time >= s->begin &&
            c->time < s->end) {
            Change change = {c->product, c->time, c->price / c[-1].price - 1, c->units / c[-1].units - 1};
            count(to, &change);
            if (pairs++ == 0 || fabs(log1p(change.price)) > fabs(log1p(largest.price)))
                largest = change;
        }
        if (i + 1 == s->products->n || c[1].product != c->product) {
            end_product(to, &largest, pairs);
            pairs = 0;
        }
    }
    g_array_sort(to->largest, by_size);
}

static void add_rows(const PlPriceStudy *s, const Changes *of) {
    for (guint k = 0; k < of->largest->len; k++) {
        const Change *c = &g_array_index(of->largest, Change, k);
        PlFinding *f[] = {
            pl_price_finding(s, "largest_price_change", "Largest change of the price", PL_AMOUNT_LIFT),
            pl_price_finding(s, "units_change_then", "Units at the same time, whatever the cause",
                             PL_AMOUNT_LIFT)};
        for (gsize i = 0; i < G_N_ELEMENTS(f); i++) {
            pl_finding_of(f[i], "product", s->rows->products[c->product], s->buckets->period,
                          s->buckets->names[c->time], NULL);
            f[i]->value = i == 0 ? c->price : c->units;
            f[i]->detail = k >= SHOWN;
        }
    }
}

static void say(const PlPriceStudy *s, const Changes *of) {
    const char *period = s->buckets->period;
    g_autofree char *cuts = pl_format_count(of->cuts, "price cut", "price cuts"),
                    *rises = pl_format_count(of->rises, "rise", "rises"),
                    *more = pl_format_number(of->cuts_more, 0), *less = pl_format_number(of->rises_less, 0),
                    *still = pl_format_number(of->still, 0),
                    *single = pl_format_count(of->single, "product was", "products were"),
                    *all = pl_format_count(of->still + of->largest->len, "product", "products");
    if (of->cuts + of->rises > 0)
        pl_section_say(s->run->section,
                       "From one %s to the next there were %s of 5 %% or more, with more units sold after %s "
                       "of them, and "
                       "%s, with fewer units after %s. This describes and does not prove a cause, as "
                       "seasons, promotions "
                       "and whatever else changed are in it: the verb run tests a price change against "
                       "stores without it.",
                       period, cuts, more, rises, less);
    if (of->still > 0)
        pl_section_say(s->run->section,
                       "The price of %s of %s never changed by 1 %% or more from one %s to the next.", still,
                       all, period);
    if (of->single > 0)
        pl_section_say(s->run->section, "%s never sold in two %ss in a row, so their changes are not known.",
                       single, period);
}

void pl_price_add_changes(const PlPriceStudy *s) {
    if (!s->rows->has_units)
        return;
    Changes changes = {.largest = g_array_new(FALSE, FALSE, sizeof(Change))};
    find(s, &changes);
    add_rows(s, &changes);
    say(s, &changes);
    g_array_unref(changes.largest);
}
