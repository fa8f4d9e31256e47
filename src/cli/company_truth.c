/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/cli/company_texts.h"
#include "pairlift/cli/truth_json.h"

#define YEAR_MONTHS 12
#define HUNDREDTHS  100.0

/* Revenue in hundredths of region x product; the last of each is the sum. */
typedef struct {
    double of[PL_COMPANY_REGIONS + 1][PL_COMPANY_PRODUCTS + 1];
    double year[2], online[2], alike[2]; /* all, online, and of stores that trade in both years throughout */
} Revenue;

static Revenue sum_revenue(const PlCompany *c) {
    Revenue r = {0};
    for (guint i = 0; i < c->sales->len; i++) {
        const PlCompanySale *sale = &g_array_index(c->sales, PlCompanySale, i);
        const double x = (double)sale->cents;
        const int region = pl_company_store_region(sale->store), year = sale->month / YEAR_MONTHS;
        r.of[region][sale->product] += x;
        r.of[region][PL_COMPANY_PRODUCTS] += x;
        r.of[PL_COMPANY_REGIONS][sale->product] += x;
        r.of[PL_COMPANY_REGIONS][PL_COMPANY_PRODUCTS] += x;
        r.year[year] += x;
        if (pl_company_store_is_online(sale->store))
            r.online[year] += x;
        if (sale->store != PL_COMPANY_CLOSED && sale->store != PL_COMPANY_OPENED)
            r.alike[year] += x;
    }
    return r;
}

static json_t *regions(const Revenue *r) {
    json_t *array = json_array();
    for (int g = 0; g < PL_COMPANY_REGIONS; g++) {
        json_t *row = pl_truth_add(array);
        const double sum = r->of[g][PL_COMPANY_PRODUCTS];
        pl_truth_text(row, "region", pl_company_regions[g]);
        pl_truth_real(row, "revenue", sum / HUNDREDTHS);
        pl_truth_real(row, "share", sum / r->of[PL_COMPANY_REGIONS][PL_COMPANY_PRODUCTS]);
    }
    return array;
}

/* A product's share of a region's revenue over its share of all revenue; `taste` is what was built in. */
static json_t *product_index(const Revenue *r) {
    json_t *array = json_array();
    for (int g = 0; g < PL_COMPANY_REGIONS; g++) {
        for (int p = 0; p < PL_COMPANY_PRODUCTS; p++) {
            json_t *row = pl_truth_add(array);
            const double here = r->of[g][p] / r->of[g][PL_COMPANY_PRODUCTS],
                         all = r->of[PL_COMPANY_REGIONS][p] / r->of[PL_COMPANY_REGIONS][PL_COMPANY_PRODUCTS];
            pl_truth_text(row, "region", pl_company_regions[g]);
            pl_truth_text(row, "product", pl_company_products[p].name);
            pl_truth_real(row, "taste", pl_company_products[p].taste[g]);
            pl_truth_real(row, "index", here / all);
        }
    }
    return array;
}

static json_t *sales(const PlCompany *c) {
    const PlCompanyFacts *f = &pl_company_facts;
    const Revenue r = sum_revenue(c);
    json_t *object = json_object();
    char opened[PL_COMPANY_NAME], closed[PL_COMPANY_NAME];
    pl_company_store_name(PL_COMPANY_OPENED, opened);
    pl_company_store_name(PL_COMPANY_CLOSED, closed);
    pl_truth_real(object, "branch_growth_a_year", f->branch_growth - 1);
    pl_truth_real(object, "online_growth_a_year", f->web_growth - 1);
    pl_truth_real(object, "season", f->season);
    pl_truth_real(object, "revenue_2023", r.year[0] / HUNDREDTHS);
    pl_truth_real(object, "revenue_2024", r.year[1] / HUNDREDTHS);
    pl_truth_real(object, "online_share_2023", r.online[0] / r.year[0]);
    pl_truth_real(object, "online_share_2024", r.online[1] / r.year[1]);
    pl_truth_real(object, "like_for_like_2024", r.alike[1] / r.alike[0] - 1);
    pl_truth_text(object, "store_opened", opened);
    pl_truth_date(object, "first_sales_of_it", pl_company_month_day(f->opened_from));
    pl_truth_text(object, "store_closed", closed);
    pl_truth_date(object, "last_sales_of_it", pl_company_month_day(f->closed_after));
    pl_truth_put(object, "regions", regions(&r));
    pl_truth_put(object, "product_index", product_index(&r));
    return object;
}

/* Over the two years: revenue over units, over the mean of the competitor's monthly prices. */
static double price_index(const PlCompany *c, int product, int competitor) {
    double cents = 0, units = 0, price = 0;
    for (guint i = 0; i < c->sales->len; i++) {
        const PlCompanySale *sale = &g_array_index(c->sales, PlCompanySale, i);
        cents += sale->product == product ? (double)sale->cents : 0;
        units += sale->product == product ? sale->units : 0;
    }
    for (guint i = 0; i < c->prices->len; i++) {
        const PlCompanyPrice *p = &g_array_index(c->prices, PlCompanyPrice, i);
        if (p->product == product && p->competitor == competitor)
            price += (double)p->cents / PL_COMPANY_MONTHS;
    }
    return cents / units / price;
}

static json_t *prices(const PlCompany *c) {
    json_t *object = json_object(), *elasticity = json_array(), *constant = json_array(),
           *competitors = json_array();
    for (int p = 0; p < PL_COMPANY_PRODUCTS; p++) {
        const PlCompanyProduct *product = &pl_company_products[p];
        if (product->elasticity != 0) {
            json_t *row = pl_truth_add(elasticity);
            pl_truth_text(row, "product", product->name);
            pl_truth_real(row, "elasticity", product->elasticity);
        } else {
            json_array_append_new(constant, json_string(product->name));
        }
        for (int k = 0; k < PL_COMPANY_COMPETITORS; k++) {
            json_t *row = pl_truth_add(competitors);
            pl_truth_text(row, "competitor", pl_company_competitors[k]);
            pl_truth_text(row, "product", product->name);
            pl_truth_real(row, "price_over_our_list_price", product->rival[k]);
            pl_truth_put(row, "undercuts", json_boolean(product->rival[k] < 1));
            pl_truth_real(row, "price_index", price_index(c, p, k));
        }
    }
    pl_truth_put(object, "elasticities", elasticity);
    pl_truth_put(object, "price_never_changes", constant);
    pl_truth_put(object, "competitors", competitors);
    return object;
}

static json_t *team(const PlCompany *c, int t) {
    const PlCompanyTeam *facts = &pl_company_teams[t];
    double sum[PL_COMPANY_WAVES] = {0};
    int n[PL_COMPANY_WAVES] = {0}, answers = 0;
    for (guint i = 0; i < c->answers->len; i++) {
        const PlCompanyAnswer *a = &g_array_index(c->answers, PlCompanyAnswer, i);
        if (a->team != t || !a->score)
            continue;
        sum[a->wave] += a->score;
        n[a->wave]++;
        answers++;
    }
    json_t *row = json_object(), *means = json_array();
    pl_truth_text(row, "team", facts->name);
    pl_truth_put(row, "employees", json_integer(facts->employees));
    pl_truth_real(row, "response", facts->response);
    pl_truth_real(row, "response_rate", (double)answers / (facts->employees * PL_COMPANY_WAVES));
    pl_truth_real(row, "energy_change_a_wave", facts->energy_a_wave);
    for (int w = 0; w < PL_COMPANY_WAVES; w++)
        json_array_append_new(means, n[w] > 0 ? json_real(sum[w] / n[w]) : json_null());
    pl_truth_put(row, "mean_score_by_wave", means);
    return row;
}

static json_t *satisfaction(const PlCompany *c) {
    json_t *object = json_object(), *drivers = json_array(), *teams = json_array();
    for (int q = 0; q < PL_COMPANY_QUESTIONS; q++) {
        json_t *row = pl_truth_add(drivers);
        pl_truth_text(row, "question", pl_company_questions[q].name);
        pl_truth_real(row, "coefficient", pl_company_questions[q].coefficient);
    }
    for (int t = 0; t < PL_COMPANY_TEAMS; t++)
        json_array_append_new(teams, team(c, t));
    pl_truth_text(object, "burnout_team", "Service");
    pl_truth_text(object, "small_team", "Training");
    pl_truth_text(object, "main_driver", "recognition");
    pl_truth_put(object, "drivers", drivers);
    pl_truth_put(object, "teams", teams);
    return object;
}

char *pl_company_truth_json(const PlCompany *c, const char *name) {
    json_t *root = json_object();
    pl_truth_text(root, "pairlift", PL_VERSION);
    pl_truth_put(root, "truth_format", json_integer(1));
    pl_truth_text(root, "company", name);
    pl_truth_text(
        root, "meaning",
        "What is built into a simulated company, and what can be counted of what was drawn. Rates and shares "
        "are "
        "plain numbers: 0.05 is 5 %. Medians, rates, coefficients and hazards are those that numbers were "
        "drawn from; whole numbers, index, growth and means are counted in the files.");
    pl_truth_put(root, "seed", json_integer(c->options.seed));
    pl_truth_put(root, "deals", json_integer(c->options.deals));
    pl_truth_date(root, "first", pl_company_first());
    pl_truth_date(root, "last", pl_company_last());
    pl_truth_put(root, "sales", sales(c));
    pl_truth_put(root, "prices", prices(c));
    pl_truth_put(root, "engagement", pl_company_engagement(c));
    pl_truth_put(root, "satisfaction", satisfaction(c));
    pl_truth_put(root, "upsell", pl_company_upsell(c));
    pl_truth_put(root, "sales_cycle", pl_company_sales_cycle(c));
    pl_truth_put(root, "experiment", pl_company_experiment(c));
    return pl_truth_dump(root);
}
