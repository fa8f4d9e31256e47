/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

/* ../shared/expected/elasticity.json, from R's lm, plm, clubSandwich and estimatr. */

typedef struct {
    PlArena arena;
    TextTable table;
    PlVariable on[3];
    PlSample sample;
    PlMethodOptions options;
    PlAnswer answer;
} Case;

static PlStatus run(Case *c) {
    c->answer = (PlAnswer){0};
    return run_answer("elasticity", &c->sample, &c->options, &c->arena, &c->answer);
}

static void end(Case *c) {
    pl_arena_clear(&c->arena);
    free_table(&c->table);
}

static const PlInference *price(const Case *c) {
    return &row_of(&c->answer, "price")->in;
}

static void read_cheese(Case *c) {
    *c = (Case){.options = unset_options(), .table = read_table("data/bayesm_cheese/cheese.csv")};
    c->on[0] = numbers("DISP", number_column(&c->table, "DISP", &c->arena));
    c->sample = (PlSample){.rows = c->table.rows, .on = c->on};
    c->sample.roles[PL_X] = numbers("VOLUME", number_column(&c->table, "VOLUME", &c->arena));
    c->sample.roles[PL_PRICE] = numbers("PRICE", number_column(&c->table, "PRICE", &c->arena));
}

/* Without effects: iid errors and fit, then each kind of clustered error. */
static void check_pooled(Case *c, const json_t *e, PlVariable cluster, const char *slope) {
    c->options.vcov = PL_VCOV_IID;
    cr_assert(eq(int, (int)run(c), PL_OK));
    const PlInference *in = price(c);
    const PlAnswerRow *first = &c->answer.rows[0];
    cr_expect(near(in->estimate, number_at(e, "est"), 1e-10), "%.17g", in->estimate);
    cr_expect(near(in->std_error, number_at(e, "se"), 1e-10));
    cr_expect(near(in->statistic, number_at(e, "t"), 1e-10));
    cr_expect(near(in->p_value, number_at(e, "p"), 1e-8), "%.17g", in->p_value);
    cr_expect(near(in->conf_low, item_at(e, "ci95", 0), 1e-10));
    cr_expect(near(in->conf_high, item_at(e, "ci95", 1), 1e-10));
    cr_expect(near(row_of(&c->answer, "(Intercept)")->in.estimate,
                   number_at(json_object_get(e, "coef"), "(Intercept)"), 1e-10));
    if (slope)
        cr_expect(near(c->answer.rows[1].in.estimate, number_at(json_object_get(e, "coef"), slope), 1e-9));
    cr_expect(near(figure(first, "r_squared"), number_at(e, "r2"), 1e-10));
    cr_expect(near(figure(first, "adj_r_squared"), number_at(e, "adj_r2"), 1e-10));
    cr_expect(near(figure(first, "sigma"), number_at(e, "sigma"), 1e-10));
    cr_expect(eq(dbl, figure(first, "df_residual"), number_at(e, "df")));
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR1S, PL_VCOV_DEFAULT};
    const char *keys[] = {"CR0", "CR1", "CR1S", "CR2"};
    const json_t *errors = json_object_get(e, "cluster");
    c->sample.roles[PL_CLUSTER] = cluster;
    for (size_t i = 0; i < 4; i++) {
        c->options.vcov = types[i];
        cr_assert(eq(int, (int)run(c), PL_OK));
        cr_expect(near(price(c)->std_error, number_at(errors, keys[i]), 1e-10), "%s %.17g", keys[i],
                  price(c)->std_error);
    }
    cr_expect(near(price(c)->df, number_at(errors, "CR2_df"), 1e-8), "%.17g", price(c)->df);
    cr_expect(near(price(c)->p_value, number_at(errors, "CR2_p"), 1e-7), "%.17g, not %.17g; df %.17g, %.17g",
              price(c)->p_value, number_at(errors, "CR2_p"), price(c)->df, number_at(errors, "CR2_df"));
    cr_expect(eq(dbl, figure(&c->answer.rows[0], "n_clusters"), number_at(errors, "n_clusters")));
    c->sample.roles[PL_CLUSTER] = (PlVariable){0};
}

Test(stats_elasticity, cheese_without_store_effects) {
    json_t *root = load_expected("elasticity.json"), *e = json_object_get(root, "cheese");
    Case c;
    read_cheese(&c);
    PlVariable account = level_column(&c.table, "RETAILER", &c.arena);
    check_pooled(&c, json_object_get(e, "pooled"), account, NULL);
    c.sample.n_on = 1;
    check_pooled(&c, json_object_get(e, "pooled_disp"), account, "DISP");
    json_decref(root);
    end(&c);
}

Test(stats_elasticity, cheese_with_store_effects) {
    json_t *root = load_expected("elasticity.json"), *cheese = json_object_get(root, "cheese");
    const char *keys[] = {"within", "within_disp"}, *errors[] = {"se_classic", "se_CR0", "se_CR1", "se_CR2"};
    const PlVcov types[] = {PL_VCOV_IID, PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_DEFAULT};
    Case c;
    read_cheese(&c);
    c.sample.roles[PL_UNIT] = level_column(&c.table, "RETAILER", &c.arena);
    for (size_t n_on = 0; n_on < 2; n_on++) {
        const json_t *e = json_object_get(cheese, keys[n_on]);
        c.sample.n_on = n_on;
        for (size_t i = 0; i < 4; i++) {
            c.options.vcov = types[i];
            cr_assert(eq(int, (int)run(&c), PL_OK));
            cr_expect(near(price(&c)->estimate, number_at(e, "est"), 1e-10));
            cr_expect(near(price(&c)->std_error, number_at(e, errors[i]), 1e-10), "%s %.17g", errors[i],
                      price(&c)->std_error);
            cr_expect(near(figure(&c.answer.rows[0], "r_squared_within"), number_at(e, "within_r2"), 1e-10));
            cr_expect(eq(dbl, figure(&c.answer.rows[0], "df_residual"), number_at(e, "df")));
        }
        cr_expect(near(price(&c)->df, number_at(e, "CR2_df"), 1e-8), "%.17g", price(&c)->df);
        cr_expect(near(price(&c)->df, number_at(e, "estimatr_CR2_df"), 1e-8));
        c.options.vcov = PL_VCOV_CR1S;
        cr_assert(eq(int, (int)run(&c), PL_OK));
    }
    cr_assert(near(row_of(&c.answer, "DISP")->in.estimate, .9142128975486904, 1e-10));
    json_decref(root);
    end(&c);
}

/* log movement goes in as its exponential, so a digit is lost. */
static void read_juice(Case *c, const char *brand) {
    *c = (Case){.options = unset_options(), .table = read_table("data/bayesm_orangejuice/oj_yx.csv")};
    TextTable *t = &c->table;
    size_t kept = 0;
    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(cell(t, r, "brand"), brand) == 0)
            memcpy(t->cells + t->columns * kept++, t->cells + t->columns * r, t->columns * sizeof *t->cells);
    t->rows = kept;
    char own[64];
    snprintf(own, sizeof own, "price%s", brand);
    double *x = number_column(t, "logmove", &c->arena), *lp5 = number_column(t, "price5", &c->arena);
    for (size_t r = 0; r < kept; r++) {
        x[r] = exp(x[r]);
        lp5[r] = log(lp5[r]);
    }
    c->on[0] = numbers("deal", number_column(t, "deal", &c->arena));
    c->on[1] = numbers("feat", number_column(t, "feat", &c->arena));
    c->on[2] = numbers("lp5", lp5);
    c->sample = (PlSample){.rows = kept, .on = c->on};
    c->sample.roles[PL_X] = numbers("move", x);
    c->sample.roles[PL_PRICE] = numbers(own, number_column(t, own, &c->arena));
}

static void check_terms(const Case *c, const json_t *coef, const json_t *errors) {
    const char *keys[] = {"lp", "deal", "feat", "lp5"}, *terms[] = {"price", "deal", "feat", "lp5"};
    for (size_t i = 0; i < c->sample.n_on + 1; i++) {
        const PlInference *in = &row_of(&c->answer, terms[i])->in;
        cr_expect(near(in->estimate, number_at(coef, keys[i]), 1e-10), "%s %.17g", terms[i], in->estimate);
        cr_expect(near(in->std_error, number_at(errors, keys[i]), 1e-10), "%s %.17g", terms[i],
                  in->std_error);
    }
}

Test(stats_elasticity, orange_juice_of_one_brand) {
    json_t *root = load_expected("elasticity.json"), *e = json_object_get(root, "oj_brand1");
    Case c;
    read_juice(&c, "1");
    PlVariable store = level_column(&c.table, "store", &c.arena);
    check_pooled(&c, json_object_get(e, "pooled"), store, NULL);
    c.sample.n_on = 2;
    check_pooled(&c, json_object_get(e, "pooled_deal_feat"), store, "deal");
    c.sample.n_on = 3;
    check_pooled(&c, json_object_get(e, "pooled_cross"), store, NULL);
    const char *within[] = {"within_store", "within_store_cross", "twoway"};
    c.sample.roles[PL_UNIT] = store;
    for (size_t i = 0; i < 3; i++) {
        const json_t *set = json_object_get(e, within[i]);
        c.sample.n_on = i == 1 ? 3 : 2;
        if (i == 2)
            c.sample.roles[PL_TIME] = level_column(&c.table, "week", &c.arena);
        c.options.vcov = PL_VCOV_IID;
        cr_assert(eq(int, (int)run(&c), PL_OK));
        check_terms(&c, json_object_get(set, "coef"), json_object_get(set, "se_classic"));
        cr_expect(near(figure(&c.answer.rows[0], "r_squared_within"), number_at(set, "within_r2"), 1e-9));
        cr_expect(eq(dbl, figure(&c.answer.rows[0], "df_residual"), number_at(set, "df")));
        c.options.vcov = PL_VCOV_CR0;
        cr_assert(eq(int, (int)run(&c), PL_OK));
        check_terms(&c, json_object_get(set, "coef"), json_object_get(set, "se_arellano_HC0"));
    }
    json_decref(root);
    end(&c);
}

Test(stats_elasticity, every_brand_of_orange_juice) {
    json_t *root = load_expected("elasticity.json"),
           *all = json_object_get(root, "oj_all_own_price_store_FE");
    for (int brand = 1; brand <= 11; brand++) {
        char name[16], key[32];
        snprintf(name, sizeof name, "%d", brand);
        snprintf(key, sizeof key, "brand%d", brand);
        Case c;
        read_juice(&c, name);
        c.sample.n_on = 2;
        c.sample.roles[PL_UNIT] = level_column(&c.table, "store", &c.arena);
        c.options.vcov = PL_VCOV_CR0;
        const json_t *e = json_object_get(all, key);
        cr_assert(eq(int, (int)run(&c), PL_OK));
        cr_expect(near(price(&c)->estimate, number_at(e, "est"), 1e-10));
        cr_expect(near(price(&c)->std_error, number_at(e, "se_cl"), 1e-10));
        end(&c);
    }
    json_decref(root);
}

Test(stats_elasticity, retail_prices_with_a_competitor) {
    json_t *root = load_expected("elasticity.json"), *e = json_object_get(root, "retail_price");
    Case c = {.options = unset_options(), .table = read_table("data/retail_price_comp/retail_price.csv")};
    double *lc = number_column(&c.table, "comp_1", &c.arena);
    for (size_t r = 0; r < c.table.rows; r++)
        lc[r] = log(lc[r]);
    c.on[0] = numbers("lc", lc);
    c.sample = (PlSample){.rows = c.table.rows, .on = c.on};
    c.sample.roles[PL_X] = numbers("qty", number_column(&c.table, "qty", &c.arena));
    c.sample.roles[PL_PRICE] = numbers("unit_price", number_column(&c.table, "unit_price", &c.arena));
    PlVariable product = level_column(&c.table, "product_id", &c.arena);
    check_pooled(&c, json_object_get(e, "pooled"), product, NULL);
    c.sample.n_on = 1;
    check_pooled(&c, json_object_get(e, "pooled_comp"), product, "lc");
    c.sample.roles[PL_UNIT] = product;
    const json_t *within = json_object_get(e, "within");
    const char *keys[] = {"se", "se_HC0"}, *terms[] = {"price", "lc"}, *names[] = {"lp", "lc"};
    const PlVcov types[] = {PL_VCOV_IID, PL_VCOV_CR0};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 2; k++) {
            c.options.vcov = types[i];
            cr_assert(eq(int, (int)run(&c), PL_OK));
            const PlInference *in = &row_of(&c.answer, terms[k])->in;
            cr_expect(near(in->estimate, number_at(json_object_get(within, "coef"), names[k]), 1e-10));
            cr_expect(near(in->std_error, number_at(json_object_get(within, keys[i]), names[k]), 1e-10));
        }
    json_decref(root);
    end(&c);
}

/* Quantity = 100 price^-2 in one store, 300 price^-2 in the other, one factor off. */
static const double prices[] = {1, 2, 4, 1, 2, 4, 3, 3};
static const double sold[] = {100, 25, 6.25, 300, 75, 18.75, 11, 36};
static const size_t store[] = {0, 0, 0, 1, 1, 1, 0, 1};
static const char *const stores[] = {"n", "s"};

static void begin(Case *c, bool unit) {
    *c = (Case){.options = unset_options()};
    c->sample.rows = 8;
    c->sample.roles[PL_X] = numbers("sold", sold);
    c->sample.roles[PL_PRICE] = numbers("asked", prices);
    if (unit)
        c->sample.roles[PL_UNIT] = levels("store", store, 2, stores);
}

/* Stata-like by hand: within stores, log q on log p: sums of deviations. */
Test(stats_elasticity, two_stores_by_hand) {
    Case c;
    begin(&c, true);
    c.options.vcov = PL_VCOV_IID;
    double mean_p[2] = {0}, mean_q[2] = {0}, pp = 0, pq = 0;
    for (size_t i = 0; i < 8; i++) {
        mean_p[store[i]] += log(prices[i]) / 4;
        mean_q[store[i]] += log(sold[i]) / 4;
    }
    for (size_t i = 0; i < 8; i++) {
        pp += pow(log(prices[i]) - mean_p[store[i]], 2);
        pq += (log(prices[i]) - mean_p[store[i]]) * (log(sold[i]) - mean_q[store[i]]);
    }
    cr_assert(eq(int, (int)run(&c), PL_OK));
    cr_assert(eq(sz, c.answer.n_rows, 1));
    cr_assert(near(price(&c)->estimate, pq / pp, 1e-13));
    cr_assert(eq(dbl, price(&c)->df, 5));
    cr_assert(eq(sz, c.answer.n_notes, 0));
    end(&c);
    begin(&c, false);
    cr_assert(eq(int, (int)run(&c), PL_OK));
    cr_assert(eq(sz, c.answer.n_rows, 2));
    cr_assert(eq(str, (char *)c.answer.rows[0].term, "price"));
    cr_assert(eq(sz, c.answer.n_notes, 1));
    end(&c);
}

/* The unit of quantity and price is no matter. */
Test(stats_elasticity, units_do_not_matter) {
    double other_price[8], other_sold[8];
    for (size_t i = 0; i < 8; i++) {
        other_price[i] = prices[i] * 1e-300;
        other_sold[i] = sold[i] * 1e300;
    }
    Case c, d;
    begin(&c, true);
    begin(&d, true);
    c.options.vcov = d.options.vcov = PL_VCOV_IID;
    d.sample.roles[PL_X] = numbers("sold", other_sold);
    d.sample.roles[PL_PRICE] = numbers("asked", other_price);
    cr_assert(run(&c) == PL_OK && run(&d) == PL_OK);
    cr_assert(near(price(&c)->estimate, price(&d)->estimate, 1e-12));
    cr_assert(near(price(&c)->std_error, price(&d)->std_error, 1e-10));
    end(&c);
    end(&d);
}

static void expect_refusal(Case *c, PlStatus status, const char *culprit) {
    cr_expect(eq(int, (int)run(c), (int)status));
    const char *is = c->answer.culprit ? c->answer.culprit : "none";
    cr_expect(eq(int, strcmp(is, culprit ? culprit : "none"), 0), "%s", is);
    end(c);
}

Test(stats_elasticity, refusals_name_the_column) {
    const double zero[8] = {1, 2, 0, 1, 2, 4, 3, 3}, bad[8] = {1, 2, INFINITY, 1, 2, 4, 3, 3},
                 same[8] = {2, 2, 2, 2, 2, 2, 2, 2}, by_store[8] = {2, 2, 2, 3, 3, 3, 2, 3};
    Case c;
    begin(&c, true);
    c.sample.roles[PL_PRICE] = numbers("asked", zero);
    expect_refusal(&c, PL_NOT_POSITIVE, "asked");
    begin(&c, true);
    c.sample.roles[PL_X] = numbers("sold", zero);
    expect_refusal(&c, PL_NOT_POSITIVE, "sold");
    begin(&c, true);
    c.sample.roles[PL_X] = numbers("sold", bad);
    expect_refusal(&c, PL_NOT_FINITE, "sold");
    begin(&c, true);
    c.sample.roles[PL_PRICE] = numbers("asked", same);
    expect_refusal(&c, PL_NO_VARIANCE, "asked");
    begin(&c, true);
    c.sample.roles[PL_PRICE] = numbers("asked", by_store);
    expect_refusal(&c, PL_SINGULAR, "asked");
    begin(&c, true);
    c.sample.roles[PL_X] = numbers("sold", same);
    expect_refusal(&c, PL_NO_VARIANCE, "sold");
    begin(&c, true);
    c.sample.rows = 2;
    expect_refusal(&c, PL_TOO_FEW, NULL);
}
