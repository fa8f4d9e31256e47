/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/chain_options.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/diagnostics.h"

#define MOST_STORES 1000000
#define MOST_DAYS   36525 /* a hundred years */
#define DAYS_A_YEAR 365.25
#define MOST_TIMES  1000
#define MOST_LOG    2
#define MOST_GROWTH 5
#define MOST_PRICES 20000000
#define MOST_ARMS   20
#define MOST_NAME   15    /* PL_CHAIN_NAME without the end */
#define MOST_NEAR   20000 /* every store is held against every other one of its region */

const char *const pl_noise_names[] = {"normal", "heavy", "lognormal", NULL};

#define KEY(field) (FALSE), offsetof(PlChainOptions, field)
#define INT(field) (TRUE), offsetof(PlChainOptions, field)

const PlChainKey pl_chain_keys[] = {
    {"stores", INT(stores), 2, MOST_STORES, FALSE, "stores of the chain"},
    {"pairs", INT(pairs), 0, MOST_STORES / 2, FALSE,
     "pairs of a test and a control store; 0: half the stores"},
    {"regions", INT(regions), 1, 200, FALSE, "regions; the stores of a pair share theirs"},
    {"products", INT(products), 1, 1000, FALSE, "products; the first one is promoted"},
    {"days", INT(days), 0, MOST_DAYS, FALSE, "days in all, ending with the promotion; 0: the three periods"},
    {"before", INT(before), 1, MOST_DAYS, FALSE, "days of the period before"},
    {"during", INT(during), 1, MOST_DAYS, FALSE, "days of the promotion"},
    {"after", INT(after), 0, MOST_DAYS, FALSE, "days of the period after"},
    {"units", KEY(units), 1, 1e6, FALSE, "units that the middle store sells a day"},
    {"size-sd", KEY(size_sd), 0, 2, FALSE, "sd of the stores' sizes, log scale"},
    {"alike", KEY(alike), 0, 1, FALSE, "correlation of the log sizes within a pair"},
    {"lift", KEY(lift), -1, 100, TRUE, "lift of the promoted product's units; 0.05 is 5 %"},
    {"lift-sd", KEY(lift_sd), 0, 2, FALSE, "sd of the lift between stores, log scale"},
    {"dip", KEY(dip), 0, 0.95, FALSE, "share of the promoted product's units lost in the period after"},
    {"price-cut", KEY(price_cut), 0, 0.95, FALSE, "price cut of the promoted product; 0.1 is 10 %"},
    {"elasticity", KEY(elasticity), -20, 0, FALSE, "price elasticity of every product's units"},
    {"price-sd", KEY(price_sd), 0, 1, FALSE, "sd of every store's weekly prices, log scale"},
    {"coupon", KEY(coupon), 0, 1000, FALSE, "face value of a coupon for the promoted product; 0: none"},
    {"redemption", KEY(redemption), 0, 1, FALSE, "share of coupons that are redeemed"},
    {"reach", KEY(reach), 0, 100, FALSE, "coupons handed out for each unit normally sold"},
    {"extra", KEY(extra), 0, 1, FALSE, "share of redeemed coupons that sell a unit more"},
    {"coupon-values", INT(coupon_values), 1, 100, FALSE,
     "face values, from coupon to coupon-to, store by store"},
    {"coupon-to", KEY(coupon_to), 0, 1000, FALSE, "the highest face value; 0: the same as coupon"},
    {"coupon-slope", KEY(coupon_slope), -100, 100, FALSE,
     "log odds of redemption that 1 more of face value adds"},
    {"redemption-sd", KEY(redemption_sd), 0, 3, FALSE, "sd of the log odds of redemption between stores"},
    {"cannibalisation", KEY(cannibalisation), 0, 1, FALSE, "share of the gain taken from other products"},
    {"season", KEY(season), 0, 0.95, FALSE, "height of the yearly wave, highest in mid-December"},
    {"weekday", KEY(weekday), 0, 3, FALSE, "strength of the weekly pattern; 0: none"},
    {"trend", KEY(trend), -2, 2, FALSE, "growth in a year, log scale"},
    {"trend-sd", KEY(trend_sd), 0, 2, FALSE, "sd of the growth between stores, log scale"},
    {"shock-sd", KEY(shock_sd), 0, 1, FALSE, "sd of a day's shock to the chain, log scale"},
    {"region-sd", KEY(region_sd), 0, 1, FALSE, "sd of a day's shock to a region, log scale"},
    {"noise-sd", KEY(noise_sd), 0, 1, FALSE, "sd of a store's day, as a share of its sales"},
    {"autocorrelation", KEY(autocorrelation), -0.99, 0.99, FALSE, "of a store's noise, from day to day"},
    {"test-noise", KEY(test_noise), 0, 10, FALSE, "the test stores' noise, as a multiple of the others'"},
    {"product-sd", KEY(product_sd), 0, 1, FALSE, "sd of one of several products, as a share of its sales"},
    {"gaps", KEY(gaps), 0, 0.5, FALSE, "share of store-days without data"},
    {"closures", KEY(closures), 0, 1, FALSE, "share of stores that close for some days once"},
    {"basket", KEY(basket), 0, 1000, FALSE, "units a visit, for a column of visits; 0: no such column"},
    {"visit-share", KEY(visit_share), 0, 1, FALSE,
     "share of an effect on units that is visits (the rest: baskets)"},
    {"visits-sd", KEY(visits_sd), 0, 0.5, FALSE, "sd of a day's visits that its units do not share"},
    {"lift-gap", KEY(lift_gap), -1, 1, FALSE, "lift of large stores minus that of small ones"},
    {"spillover", KEY(spillover), -0.95, 10, FALSE,
     "change of P1's units in stores without it near one with it"},
    {"spillover-km", KEY(spillover_km), 0, 100, FALSE, "how near is near, in km"},
    {"arms", INT(arms), 0, MOST_ARMS, FALSE, "treatments T1, T2, ... against one control group; 0: pairs"},
    {"arm-step", KEY(arm_step), -1, 1, FALSE, "lift of each treatment minus that of the one before it"},
    {"interaction", KEY(interaction), -0.95, 10, FALSE,
     "what promotion and price cut together do beyond their product"},
    {"margin", KEY(margin), 0, 0.95, FALSE, "gross margin at list prices; 0.3 is 30 %"},
    {"fixed-cost", KEY(fixed_cost), 0, 1e12, FALSE, "what the promotion costs in all"},
    {"cost-per-store", KEY(cost_per_store), 0, 1e9, FALSE, "what it costs in each test store"},
    {0},
};

PlChainOptions pl_chain_defaults(void) {
    return (PlChainOptions){
        .seed = 1,
        .start = pl_day_from_ymd(2024, 1, 1),
        .noise = PL_NOISE_NORMAL,
        .whole = TRUE,
        .stores = 40,
        .regions = 4,
        .products = 1,
        .coupon_values = 1,
        .before = 56,
        .during = 28,
        .after = 14,
        .units = 200,
        .size_sd = 0.5,
        .alike = 0.9,
        .lift = 0.05,
        .dip = 0.02,
        .elasticity = -2,
        .redemption = 0.05,
        .reach = 0.5,
        .extra = 0.5,
        .season = 0.1,
        .weekday = 1,
        .trend = 0.02,
        .shock_sd = 0.05,
        .region_sd = 0.03,
        .noise_sd = 0.12,
        .autocorrelation = 0.3,
        .test_noise = 1,
        .product_sd = 0.1,
        .visit_share = 0.5,
        .visits_sd = 0.03,
        .spillover_km = 5,
        .arm_step = 0.03,
    };
}

double pl_chain_value(const PlChainOptions *options, const PlChainKey *key) {
    return key->whole ? G_STRUCT_MEMBER(int, options, key->offset)
                      : G_STRUCT_MEMBER(double, options, key->offset);
}

static void fault(PlDiagnostics *d, const char *hint, const char *message) {
    pl_diagnostics_add(d, NULL, (PlPos){0, 0}, hint, "%s", message);
}

static void check_ranges(const PlChainOptions *o, PlDiagnostics *d) {
    for (const PlChainKey *key = pl_chain_keys; key->name; key++) {
        double value = pl_chain_value(o, key);
        if (value <= key->most && (value > key->least || (value == key->least && !key->beyond)))
            continue;
        g_autofree char *message =
            g_strdup_printf("--%s is %.10g: expected %s%.10g to %.10g", key->name, value,
                            key->beyond ? "more than " : "", key->least, key->most);
        fault(d, g_str_equal(key->name, "lift") && value > key->most ? "0.05 is 5 %" : NULL, message);
    }
    if (o->noise < 0 || o->noise > PL_NOISE_LOGNORMAL)
        fault(d, NULL, "--noise: expected normal, heavy or lognormal");
    if (o->seed < 0)
        fault(d, NULL, "--seed: expected 0 or more");
}

static void check_days(const PlChainOptions *o, PlDiagnostics *d) {
    gint64 periods = (gint64)o->before + o->during + o->after;
    if (o->days < periods) {
        g_autofree char *message = g_strdup_printf(
            "--days is %d, but --before, --during and --after add up to %" G_GINT64_FORMAT, o->days, periods);
        fault(d, "more days, or shorter periods", message);
    }
    int year, month, mday;
    pl_day_to_ymd(o->start, &year, &month, &mday);
    if (year < 1000 || year > 9000)
        fault(d, "for example 2024-01-01", "--start: expected a day between the years 1000 and 9000");
}

/* What multiplies up to numbers that no shop sells, and then to more than a whole number holds. */
static void check_sizes(const PlChainOptions *o, PlDiagnostics *d) {
    double years = o->days / DAYS_A_YEAR;
    if ((1 + o->lift) * pow(1 - o->price_cut, o->elasticity) > MOST_TIMES)
        fault(d, "a smaller --price-cut, or an --elasticity nearer to 0",
              "--lift, --price-cut and --elasticity together sell over 1000 times as much");
    if (o->price_sd * -o->elasticity > MOST_LOG)
        fault(d, "a smaller --price-sd, or an --elasticity nearer to 0",
              "--price-sd times --elasticity is over 2: sales would be nothing or everything");
    if (fabs(o->trend) * years > MOST_GROWTH || o->trend_sd * years > MOST_LOG)
        fault(d, "fewer --days, or a smaller --trend and --trend-sd",
              "--trend and --trend-sd over so many years leave nothing of a chain, or a chain like no other");
    if (o->price_sd > 0 && (gint64)o->stores * o->products > MOST_PRICES)
        fault(d, "fewer --stores or --products",
              "--price-sd remembers the price of every product in every store: at most 20,000,000 of them");
}

static void check_pairs(const PlChainOptions *o, PlDiagnostics *d) {
    if (o->pairs > o->stores / 2) {
        g_autofree char *message = g_strdup_printf("--pairs is %d, but --stores is %d", o->pairs, o->stores);
        fault(d, "a pair needs two stores", message);
    }
}

/* Face values that differ from store to store. */
static void check_coupons(const PlChainOptions *o, PlDiagnostics *d) {
    gboolean varies = o->coupon_values > 1, moves = o->coupon_slope != 0 || o->redemption_sd > 0;
    if (varies && !(o->coupon > 0 && o->coupon_to > o->coupon))
        fault(d, "--coupon 0.5 --coupon-to 2 --coupon-values 4",
              "--coupon-values needs a --coupon and a higher --coupon-to");
    if (moves && !(o->redemption > 0 && o->redemption < 1))
        fault(d, "--redemption 0.05",
              "--coupon-slope and --redemption-sd need a --redemption between 0 and 1, whose odds they move");
}

/* They go into files and names of files. */
static void check_arm_names(const PlChainOptions *o, PlDiagnostics *d) {
    if (o->arms == 0 || o->factorial || g_strv_length(o->arm_names) != (guint)o->arms) {
        g_autofree char *message =
            g_strdup_printf("--arm-names has %u names, and there are %d treatments to name",
                            g_strv_length(o->arm_names), o->factorial ? 0 : o->arms);
        fault(d, "--arms 3 --arm-names entrance,aisle,checkout", message);
    }
    for (char **name = o->arm_names; *name; name++) {
        gsize good = strspn(*name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_");
        gboolean again = g_str_equal(*name, "control");
        for (char **other = o->arm_names; other < name; other++)
            again = again || g_str_equal(*other, *name);
        if (!**name || (*name)[good] || good > MOST_NAME || again)
            fault(d, "different names of at most 15 letters, digits, - and _, none of them \"control\"",
                  "--arm-names: a name is not possible, or not the only one of its kind");
    }
}

/* Designs without pairs. */
static void check_arms(const PlChainOptions *o, PlDiagnostics *d) {
    if (o->arms == 0)
        return;
    if (o->stores < 2 * (o->arms + 1)) {
        g_autofree char *message =
            g_strdup_printf("--stores is %d: %d groups need two stores each, %d in all", o->stores,
                            o->arms + 1, 2 * (o->arms + 1));
        fault(d, "more --stores", message);
    }
    if (o->pairs > 0)
        fault(d, "leave out --pairs", "--pairs is of a design of pairs, not of groups");
    if (o->factorial && o->arms != 3)
        fault(d, "leave out --arms", "--factorial has three treatments: promo, price and both");
    if (o->factorial && o->price_cut == 0)
        fault(d, "--price-cut 0.1", "--factorial needs a --price-cut to combine the promotion with");
    if (o->factorial && o->coupon > 0)
        fault(d, "leave out --coupon", "--factorial combines a promotion with a price cut, not with coupons");
    const double last = o->factorial ? o->lift : o->lift + (o->arms - 1) * o->arm_step;
    if (last - fabs(o->lift_gap) / 2 <= -1)
        fault(d, "a smaller --arm-step", "--arm-step takes the last treatment's lift to -1 or less");
    if ((1 + last) * (1 + o->interaction) * pow(1 - o->price_cut, o->elasticity) > MOST_TIMES)
        fault(d, "a smaller --interaction", "the last treatment sells over 1000 times as much");
}

static void check_places(const PlChainOptions *o, PlDiagnostics *d) {
    if (o->lift - fabs(o->lift_gap) / 2 <= -1)
        fault(d, "a smaller --lift-gap", "--lift-gap takes a lift to -1 or less");
    if (o->spillover != 0 && o->stores > MOST_NEAR)
        fault(d, "fewer --stores",
              "--spillover looks at the distance of every two stores: at most 20,000 stores");
}

gboolean pl_chain_settle(PlChainOptions *o, GError **error) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    check_ranges(o, d);
    if (pl_diagnostics_count(d) == 0) { /* sums of what is in range */
        o->days = o->days ? o->days : MIN(MOST_DAYS, o->before + o->during + o->after);
        o->arms = o->factorial && o->arms == 0 ? 3 : o->arms;
        o->pairs = o->pairs || o->arms ? o->pairs : o->stores / 2;
        check_days(o, d);
        check_pairs(o, d);
        check_coupons(o, d);
        check_sizes(o, d);
        check_arms(o, d);
        if (o->arm_names)
            check_arm_names(o, d);
        check_places(o, d);
        if (o->cannibalisation > 0 && o->products < 2)
            fault(d, "--products 2", "--cannibalisation needs a second product to take from");
    }
    return pl_diagnostics_ok(d, PL_ERROR_USAGE, error);
}
