/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/company.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#include "pairlift/stats/least_squares.h"
#include "pairlift/stats/logistic.h"

/* Large companies have what is built in, each number within so many standard errors of its own; a seed is
 * fixed, so that this passes or fails for good. */
#define ERRORS 4.5
#define LARGE  60000
#define YEAR   365.25

static PlCompany *make(gint64 seed, int deals) {
    const PlCompanyOptions o = {seed, deals};
    g_autoptr(GError) error = NULL;
    PlCompany *c = pl_company_new(&o, &error);
    cr_assert_not_null(c, "%s", error ? error->message : "");
    return c;
}

static void near_rate(int hits, int n, double rate, const char *what) {
    const double error = sqrt(rate * (1 - rate) / n);
    cr_expect(fabs((double)hits / n - rate) < ERRORS * error, "%s: %g of %d, expected %g", what,
              (double)hits / n, n, rate);
}

static void near_mean(double sum, double squares, int n, double mean, const char *what) {
    const double found = sum / n, error = sqrt((squares / n - found * found) / n);
    cr_expect(fabs(found - mean) < ERRORS * error, "%s: %g +- %g of %d, expected %g", what, found, error, n,
              mean);
}

static const PlCompanyCustomer *customer_of(const PlCompany *c, guint i) {
    return &g_array_index(c->customers, PlCompanyCustomer, i);
}

Test(design_company, options_beyond_their_ranges_are_refused_together) {
    static const struct {
        PlCompanyOptions o;
        const char *part;
    } cases[] = {
        {{1, 199}, "--deals is 199: expected 200 to 2000000"},
        {{1, 2000001}, "--deals is 2000001"},
        {{-1, 2400}, "--seed: expected 0 or more"},
        {{-1, 0}, "--seed: expected 0 or more"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        PlCompany *c = pl_company_new(&cases[i].o, &error);
        cr_assert_null(c);
        cr_expect(error->domain == PL_ERROR && error->code == PL_ERROR_USAGE);
        cr_expect(strstr(error->message, cases[i].part) != NULL, "%s", error->message);
    }
}

static guint64 mix(guint64 digest, gint64 value) {
    return (digest ^ (guint64)value) * 1099511628211u;
}

/* Of what the files would show of deals, contacts, orders, sales, prices and answers. */
static void digests_of(const PlCompany *c, guint64 digest[6]) {
    for (guint i = 0; i < c->deals->len; i++) {
        const PlCompanyDeal *d = &g_array_index(c->deals, PlCompanyDeal, i);
        digest[0] = mix(mix(mix(digest[0], d->opened), d->closed), d->cents + d->customer);
    }
    for (guint i = 0; i < c->contacts->len; i++) {
        const PlCompanyContact *k = &g_array_index(c->contacts, PlCompanyContact, i);
        digest[1] = mix(mix(digest[1], k->date), k->customer * 10 + k->kind * 2 + k->solved);
    }
    for (guint i = 0; i < c->orders->len; i++) {
        const PlCompanyOrder *o = &g_array_index(c->orders, PlCompanyOrder, i);
        digest[2] = mix(mix(mix(digest[2], o->date), o->customer), o->cents);
    }
    for (guint i = 0; i < c->sales->len; i++)
        digest[3] = mix(digest[3], g_array_index(c->sales, PlCompanySale, i).cents);
    for (guint i = 0; i < c->prices->len; i++)
        digest[4] = mix(digest[4], g_array_index(c->prices, PlCompanyPrice, i).cents);
    for (guint i = 0; i < c->answers->len; i++) {
        const PlCompanyAnswer *a = &g_array_index(c->answers, PlCompanyAnswer, i);
        digest[5] = mix(mix(digest[5], a->score), a->answer[0] * 10 + a->answer[4]);
    }
}

Test(design_company, a_seed_gives_the_same_company_and_another_one_another) {
    guint64 first[6] = {0}, again[6] = {0}, other[6] = {0};
    g_autoptr(PlCompany) a = make(5, 1000);
    g_autoptr(PlCompany) b = make(5, 1000);
    g_autoptr(PlCompany) c = make(6, 1000);
    digests_of(a, first);
    digests_of(b, again);
    digests_of(c, other);
    for (guint i = 0; i < G_N_ELEMENTS(first); i++) {
        cr_expect(eq(u64, first[i], again[i]));
        cr_expect(ne(u64, first[i], other[i]));
    }
}

/* Every day lies in the two years or is not known yet; nothing happens before a purchase or after leaving. */
Test(design_company, records_agree_with_one_another) {
    g_autoptr(PlCompany) c = make(3, 2400);
    const PlDay first = pl_company_first(), last = pl_company_last();
    guint won = 0;
    for (guint i = 0; i < c->deals->len; i++) {
        const PlCompanyDeal *d = &g_array_index(c->deals, PlCompanyDeal, i);
        cr_expect(d->opened >= first && d->opened <= last && d->closed > d->opened);
        cr_expect(eq(int, d->outcome == PL_DEAL_OPEN, d->closed > last));
        cr_expect(eq(int, d->customer >= 0, d->outcome == PL_DEAL_WON));
        if (d->customer >= 0)
            cr_expect(customer_of(c, (guint)d->customer)->deal == i &&
                      customer_of(c, (guint)d->customer)->start == d->closed);
        won += d->customer >= 0;
    }
    cr_expect(eq(u32, won, c->customers->len));
    for (guint i = 0; i < c->contacts->len; i++) {
        const PlCompanyContact *k = &g_array_index(c->contacts, PlCompanyContact, i);
        const PlCompanyCustomer *of = customer_of(c, k->customer);
        cr_expect(k->date >= of->start && k->date <= MIN(of->end, last));
    }
    guint lines = 0;
    for (guint i = 0; i < c->orders->len; i++) {
        const PlCompanyOrder *o = &g_array_index(c->orders, PlCompanyOrder, i);
        const PlCompanyCustomer *of = customer_of(c, o->customer);
        gint64 cents = 0;
        int up = 0;
        for (guint k = 0; k < o->n_lines; k++) {
            const PlCompanyLine *line = &g_array_index(c->lines, PlCompanyLine, o->first_line + k);
            cents += line->cents;
            up += line->kind == PL_LINE_UPSELL;
            cr_expect(line->quantity > 0 && line->cents > 0);
        }
        lines += o->n_lines;
        cr_expect(o->date >= of->start && o->date <= MIN(of->end, last) && cents == o->cents && up <= 1);
    }
    cr_expect(eq(u32, lines, c->lines->len));
    for (guint pair = 0; pair < PL_COMPANY_PAIRS; pair++)
        cr_expect(eq(int, c->trained[2 * pair] + c->trained[2 * pair + 1], 1));
}

Test(design_company, representatives_win_and_close_as_they_should) {
    g_autoptr(PlCompany) c = make(11, LARGE);
    for (int b = 0; b < PL_COMPANY_BRANCHES; b++) {
        const PlCompanyRep *rep = &pl_company_reps[b];
        int n = 0, won = 0, trained = 0;
        double sum[2] = {0}, squares[2] = {0};
        for (guint i = 0; i < c->deals->len; i++) {
            const PlCompanyDeal *d = &g_array_index(c->deals, PlCompanyDeal, i);
            if (d->branch != b)
                continue;
            const double expected = rep->won_days * (d->will_be_won ? 1 : pl_company_facts.lost_longer);
            const double x = log((d->closed - d->opened) / expected);
            const gboolean after = c->trained[b] && d->opened >= pl_company_facts.training_from;
            n++, won += d->will_be_won, trained += after;
            sum[after] += x, squares[after] += x * x;
        }
        near_rate(won, n, rep->win_rate, rep->name);
        near_mean(sum[0], squares[0], n - trained, 0, rep->name);
        if (trained > 0)
            near_mean(sum[1], squares[1], trained, log(pl_company_facts.training_days), rep->name);
    }
}

/* By planned gap, with the one who loses customers apart: as the formula says, which is worked out here
 * again. */
Test(design_company, customers_leave_as_their_gap_and_representative_say) {
    g_autoptr(PlCompany) c = make(12, LARGE);
    static const double hazard[PL_COMPANY_PLANS] = {0.8199996, 0.2316203, 0.12, 0.2316203, 0.8199996};
    for (int p = 0; p < PL_COMPANY_PLANS; p++) {
        int n[2] = {0}, year = 0, half = 0;
        for (guint i = 0; i < c->customers->len; i++) {
            const PlCompanyCustomer *of = customer_of(c, i);
            const gboolean early = pl_company_reps[of->branch].churn > 1;
            if (of->plan != p)
                continue;
            n[early]++;
            year += !early && of->end - of->start <= 365;
            half += early && of->end - of->start <= 182;
        }
        near_rate(year, n[0], -expm1(-hazard[p] * 365 / YEAR), "lost within a year");
        near_rate(half, n[1], -expm1(-4 * hazard[p] * 182 / YEAR), "lost within half a year");
        /* 274 days at four times the hazard, and the rest at it */
        cr_expect(epsilon_eq(dbl, pl_company_lost_by(pl_company_plan_days[p], 5, 365),
                             -expm1(-hazard[p] * (4 * 274 + 91) / YEAR), 1e-6));
    }
}

Test(design_company, contacts_follow_the_plan_and_solve_what_they_should) {
    g_autoptr(PlCompany) c = make(13, LARGE);
    g_autofree PlDay *last = g_new0(PlDay, c->customers->len);
    int n[PL_COMPANY_BRANCHES] = {0}, solved[PL_COMPANY_BRANCHES] = {0}, gaps[PL_COMPANY_PLANS] = {0};
    double days[PL_COMPANY_PLANS] = {0};
    for (guint i = 0; i < c->contacts->len; i++) {
        const PlCompanyContact *k = &g_array_index(c->contacts, PlCompanyContact, i);
        const PlCompanyCustomer *of = customer_of(c, k->customer);
        n[of->branch]++;
        solved[of->branch] += k->solved;
        /* of those who left nobody, in the first year: later gaps are cut short, long ones more often */
        if (last[k->customer] == of->start && of->start < pl_company_first() + 180 &&
            of->end > of->start + 450 && pl_company_reps[of->branch].attended == 1) {
            days[of->plan] += log(k->date - last[k->customer]);
            gaps[of->plan]++;
        }
        last[k->customer] = k->date;
    }
    for (int b = 0; b < PL_COMPANY_BRANCHES; b++)
        near_rate(solved[b], n[b], pl_company_reps[b].solved, pl_company_reps[b].name);
    for (int p = 0; p < PL_COMPANY_PLANS; p++) /* whole days round by up to a half in 45 */
        cr_expect(fabs(days[p] / gaps[p] - log(pl_company_plan_days[p])) <
                      ERRORS * pl_company_facts.gap_sd / sqrt(gaps[p]) + 0.001,
                  "plan %d: %g", p, exp(days[p] / gaps[p]));
}

/* Log of the lift of each two products; 0.99 where nothing is built in, as empty orders are drawn again. */
Test(design_company, two_pairs_of_products_go_together_and_no_others) {
    g_autoptr(PlCompany) c = make(14, LARGE);
    const int products = PL_COMPANY_PRODUCTS;
    g_autofree int *both = g_new0(int, products *products);
    for (guint i = 0; i < c->orders->len; i++) {
        const PlCompanyOrder *o = &g_array_index(c->orders, PlCompanyOrder, i);
        for (guint k = 0; k < o->n_lines; k++)
            for (guint j = 0; j < o->n_lines; j++)
                both[g_array_index(c->lines, PlCompanyLine, o->first_line + k).product * products +
                     g_array_index(c->lines, PlCompanyLine, o->first_line + j).product]++;
    }
    const double n = c->orders->len;
    int together = 0;
    for (int a = 0; a < products; a++) {
        for (int b = 0; b < a; b++) {
            const double pa = both[a * products + a] / n, pb = both[b * products + b] / n,
                         pab = both[a * products + b] / n, lift = pab / (pa * pb);
            double expected = 1 - pl_company_empty_share();
            if (pl_company_products[a].with == b) {
                const PlCompanyProduct *second = &pl_company_products[a];
                const double first = pl_company_products[b].alone;
                expected *= second->given / (first * second->given + (1 - first) * second->alone);
                together++;
            }
            const double error = sqrt((1 - pa) * (1 - pb) / (n * pa * pb)); /* under independence */
            cr_expect(fabs(log(lift / expected)) < ERRORS * error, "%s, %s: lift %g, expected %g",
                      pl_company_products[a].name, pl_company_products[b].name, lift, expected);
        }
    }
    cr_expect(eq(int, together, 2));
    cr_expect(epsilon_eq(dbl, pl_company_empty_share(), 0.0110, 0.00005));
}

enum { N_COEF = 9 };

/* What the log odds add up from, read off the records: not what the generator remembers of them. */
static void fill_row(const PlCompany *c, const PlCompanyOrder *o, double past, double row[N_COEF]) {
    const PlCompanyCustomer *of = customer_of(c, o->customer);
    const char *channel = pl_company_channels[o->channel], *segment = pl_company_segments[of->segment].name;
    row[0] = 1;
    row[1] = past;
    row[2] = strcmp(channel, "phone") == 0;
    row[3] = strcmp(channel, "online") == 0;
    row[4] = strcmp(segment, "medium") == 0;
    row[5] = strcmp(segment, "large") == 0;
    row[6] = strcmp(pl_company_reps[of->branch].name, "Gus") == 0;
    row[7] = c->trained[of->branch] && o->date >= pl_day_from_ymd(2024, 7, 1);
    row[8] = strcmp(pl_company_reps[of->branch].name, "Finn") == 0;
}

Test(design_company, a_logistic_model_finds_who_buys_up) {
    static const double truth[N_COEF] = {-1.5, 0.5, 0.6, -0.4, 0.4, 0.9, 1, 0.9, 0};
    g_autoptr(PlCompany) c = make(15, LARGE / 2);
    const guint n = c->orders->len;
    double *x[N_COEF];
    g_autofree double *up = g_new0(double, n), *sum = g_new0(double, c->customers->len);
    g_autofree int *orders = g_new0(int, c->customers->len);
    for (guint j = 0; j < N_COEF; j++)
        x[j] = g_new(double, n);
    for (guint i = 0; i < n; i++) {
        const PlCompanyOrder *o = &g_array_index(c->orders, PlCompanyOrder, i);
        const guint32 of = o->customer;
        double row[N_COEF];
        fill_row(c, o, orders[of] > 0 ? log(sum[of] / orders[of] / 100) : 0, row);
        for (guint j = 0; j < N_COEF; j++)
            x[j][i] = row[j];
        for (guint k = 0; k < o->n_lines; k++) {
            const PlCompanyLine *line = &g_array_index(c->lines, PlCompanyLine, o->first_line + k);
            up[i] += line->kind == PL_LINE_UPSELL;
            sum[of] += (double)line->cents / 100;
        }
        orders[of]++;
    }
    PlArena arena = {0};
    PlLogisticFit fit;
    const PlLogisticData data = {
        .rows = n, .n_coef = N_COEF, .x = (const double *const *)x, .successes = up, .threads = 1};
    cr_assert(eq(int, pl_logistic_fit(&data, &arena, &fit), PL_OK));
    for (guint j = 0; j < N_COEF; j++)
        cr_expect(fabs(fit.coef[j] - truth[j]) < ERRORS * fit.std_error[j], "%u: %g +- %g, expected %g", j,
                  fit.coef[j], fit.std_error[j], truth[j]);
    pl_arena_clear(&arena);
    for (guint j = 0; j < N_COEF; j++)
        g_free(x[j]);
}

/* Forty companies' answers: the score on all five questions. */
Test(design_company, least_squares_find_what_drives_the_score) {
    enum { SEEDS = 40, MOST = SEEDS * 900, COEFS = PL_COMPANY_QUESTIONS + 1 };
    static const double truth[COEFS] = {0.6, 0.35, 0, 0, 0};
    g_autofree double *x = g_new(double, COEFS *MOST), *y = g_new(double, MOST);
    size_t n = 0;
    int asked[PL_COMPANY_TEAMS] = {0}, answered[PL_COMPANY_TEAMS] = {0};
    for (int seed = 0; seed < SEEDS; seed++) {
        g_autoptr(PlCompany) c = make(seed, 200);
        for (guint i = 0; i < c->answers->len; i++) {
            const PlCompanyAnswer *a = &g_array_index(c->answers, PlCompanyAnswer, i);
            asked[a->team]++;
            if (!a->score)
                continue;
            answered[a->team]++;
            cr_expect(a->score >= 1 && a->score <= 5);
            for (int q = 0; q < PL_COMPANY_QUESTIONS; q++)
                x[q * MOST + n] = a->answer[q];
            y[n++] = a->score;
        }
    }
    PlDesignColumn columns[COEFS] = {{0}};
    for (int q = 0; q < PL_COMPANY_QUESTIONS; q++)
        columns[q].values = x + q * MOST;
    PlArena arena = {0};
    PlLeastSquares fit;
    cr_assert(eq(int, pl_least_squares(columns, COEFS, y, n, 1, &arena, &fit), PL_OK));
    const double sigma = fit.residual_norm / sqrt((double)n);
    for (int q = 0; q < PL_COMPANY_QUESTIONS; q++) /* the ends of the scale take a few per cent */
        cr_expect(fabs(fit.coef[q] - truth[q]) < ERRORS * sigma * fit.unit_error[q] + 0.03 * truth[q],
                  "%s: %g, expected %g", pl_company_questions[q].name, fit.coef[q], truth[q]);
    for (int t = 0; t < PL_COMPANY_TEAMS; t++)
        near_rate(answered[t], asked[t], pl_company_teams[t].response, pl_company_teams[t].name);
    pl_arena_clear(&arena);
}

/* Of what was sold against what would be at the list price; the price is read off revenue and units. */
Test(design_company, units_answer_to_the_price_with_the_products_elasticity) {
    g_autoptr(PlCompany) c = make(16, 200);
    for (int p = 0; p < PL_COMPANY_PRODUCTS; p++) {
        double xx = 0, xy = 0, yy = 0;
        int n = 0;
        for (guint i = 0; i < c->sales->len; i++) {
            const PlCompanySale *sale = &g_array_index(c->sales, PlCompanySale, i);
            if (sale->product != p || sale->units == 0)
                continue;
            const double x = log((double)sale->cents / sale->units / pl_company_products[p].cents),
                         y = log(sale->units / sale->expected);
            xx += x * x, xy += x * y, yy += y * y, n++;
        }
        const double elasticity = pl_company_products[p].elasticity;
        if (elasticity == 0) {
            cr_expect(lt(dbl, xx, 1e-20), "%s has prices that move", pl_company_products[p].name);
            continue;
        }
        const double slope = xy / xx, error = sqrt((yy - slope * xy) / n / xx);
        cr_expect(fabs(slope - elasticity) < ERRORS * error && error < 0.06, "%s: %g +- %g, expected %g",
                  pl_company_products[p].name, slope, error, elasticity);
    }
}
