/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/keys_kpi.h"

#include <math.h>

#include "pairlift/model/definition.h"

const char *const pl_period_names[] = {"day", "week", "month", "quarter", "year", NULL};
const char *const pl_kpi_names[] = {"sales_volume", "competitive_price", "engagement", "satisfaction",
                                    "upsell",       "sales_cycle",       NULL};
static const char *const directions[] = {"up", "down", NULL};
static const char *const volume_measures[] = {"volume",
                                              "growth",
                                              "growth_year",
                                              "like_for_like",
                                              "online_share",
                                              "growth_last_year",
                                              "like_for_like_last_year",
                                              NULL};
static const char *const price_measures[] = {"price_index", "price_gap", "average_price", NULL};
static const char *const engagement_measures[] = {"interactions_per_customer", "gap_days", "solved_share",
                                                  "overdue_share", NULL};
static const char *const satisfaction_measures[] = {"mean_score", "top_two_share", "response_rate", NULL};
static const char *const upsell_measures[] = {"upsell_rate", "cross_sell_rate", "upsell_value_share",
                                              "attach_rate", NULL};
static const char *const cycle_measures[] = {"median_days", "mean_days", "win_rate", "churn", NULL};

#define AT(structure, field) .offset = offsetof(structure, field)

/* clang-format off */
#define GOAL_KEYS(measures, own) \
    {"target", PL_KEY_NUMBER, FALSE, AT(PlKpiGoal, target), \
     .meaning = "What is to be reached, in the measure's unit; a share of 30 % is 0.3. Without it there is no status."}, \
    {"measure", PL_KEY_WORD, FALSE, AT(PlKpiGoal, measure), own, .choices = measures, \
     .meaning = "The measure that the target is of."}, \
    {"direction", PL_KEY_WORD, FALSE, AT(PlKpiGoal, direction), .choices = directions, \
     .meaning = "Which way is good; default: that of the measure, such as up for sales and down for days."}, \
    {"goal", PL_KEY_TEXT, FALSE, AT(PlKpiGoal, goal), \
     .meaning = "The organisation's goal that this KPI serves; default: \"goal\" of the definition."}, \
    {"period", PL_KEY_WORD, FALSE, AT(PlKpiGoal, period), .choices = pl_period_names, \
     .meaning = "The intervals of its trend; default: \"period\" of kpis."}, \
    {"by", PL_KEY_TEXTS, FALSE, AT(PlKpiGoal, by), .min = 1, \
     .meaning = "Roles or columns to group by, of the table itself, of its stores or of its customers."}, \
    {"at_risk", PL_KEY_NUMBER, FALSE, AT(PlKpiGoal, at_risk), "0.05", 0, 1, \
     .meaning = "How far a value may miss the target, relative to it, and be \"at risk\", not \"off\"."}

static const PlKey volume_keys[] = {
    GOAL_KEYS(volume_measures, "volume"),
    {"online", PL_KEY_TEXT, FALSE, AT(PlVolumeKpi, online), "online",
     .meaning = "The channel that is not a store, as the column with the role channel writes it."},
    {0}};
static const PlKey price_keys[] = {
    GOAL_KEYS(price_measures, "price_index"),
    {"elasticity", PL_KEY_NUMBER, FALSE, AT(PlPriceKpi, elasticity), .min = -100, .max = -1e-6,
     .meaning = "Known price elasticity, such as -2.1, in place of the one estimated from the sales."},
    {0}};
static const PlKey engagement_keys[] = {
    GOAL_KEYS(engagement_measures, "interactions_per_customer"),
    {"overdue", PL_KEY_NUMBER, FALSE, AT(PlEngagementKpi, overdue), "2", 1, 1000,
     .meaning = "A customer is overdue when the last contact is this many times the customer's usual gap ago."},
    {"first_months", PL_KEY_INTEGER, FALSE, AT(PlEngagementKpi, first_months), .min = 1, .max = 120,
     .meaning = "Months in which a customer's gap is measured before it is held against how long the customer stays; "
                "default: two usual gaps, 3 to 12 months."},
    {0}};
static const PlKey satisfaction_keys[] = {
    GOAL_KEYS(satisfaction_measures, "mean_score"),
    {"scale", PL_KEY_TEXTS, FALSE, AT(PlSatisfactionKpi, scale), .min = 2, .max = 2,
     .meaning = "Lowest and highest score, such as [1, 5]; a score beyond them is a fault of the data."},
    {"energy", PL_KEY_TEXTS, FALSE, AT(PlSatisfactionKpi, energy), .min = 1,
     .meaning = "Questions whose low scores are early signs of burnout, on the scale of the score (an answer beyond "
                "it is a fault of the data); default: those named energy, workload, exhaustion, stress or balance."},
    {"drivers", PL_KEY_TEXTS, FALSE, AT(PlSatisfactionKpi, drivers), .min = 1,
     .meaning = "Questions that may drive the score; default: every other column of numbers."},
    {"smallest_group", PL_KEY_INTEGER, FALSE, AT(PlSatisfactionKpi, smallest_group), "5", 2, 1000000,
     .meaning = "Groups with fewer answers are not shown, so that nobody can be identified."},
    {0}};
static const PlKey upsell_keys[] = {
    GOAL_KEYS(upsell_measures, "upsell_rate"),
    {"min_support", PL_KEY_NUMBER, FALSE, AT(PlUpsellKpi, min_support), "0.001", 0, 1,
     .meaning = "Pairs of products that are in a smaller share of the orders are not looked at."},
    {0}};
static const PlKey cycle_keys[] = {
    GOAL_KEYS(cycle_measures, "median_days"),
    {"churn_months", PL_KEY_TEXTS, FALSE, AT(PlCycleKpi, churn_months), .min = 1, .max = 12,
     .meaning = "Months after the purchase at which the customers lost are counted; default: 6 and 9."},
    {"since", PL_KEY_TEXT, FALSE, AT(PlCycleKpi, since),
     .meaning = "Deals opened before this day are not looked at, so that the KPI is of the recent ones; default: all."},
    {0}};

const PlKey pl_kpi_keys[] = {
    {"as_of", PL_KEY_TEXT, FALSE, AT(PlKpis, as_of),
     .meaning = "The day on which open deals, customers and gaps are looked at; default: the last day of the data, in which the \"end\" of customers does not count."},
    {"period", PL_KEY_WORD, FALSE, AT(PlKpis, period), "month", .choices = pl_period_names,
     .meaning = "The intervals of trends."},
    {"currency", PL_KEY_TEXT, FALSE, AT(PlKpis, currency),
     .meaning = "Unit of money in the report, such as EUR; default: that of the column \"currency\"."},
    {"trend_periods", PL_KEY_INTEGER, FALSE, AT(PlKpis, trend_periods), "12", 4, 400,
     .meaning = "How many of the last complete periods the trend is of."},
    {"sales_volume", PL_KEY_MAP, FALSE, AT(PlKpis, sales_volume), .children = volume_keys,
     .meaning = "Sales volume by location."},
    {"competitive_price", PL_KEY_MAP, FALSE, AT(PlKpis, competitive_price), .children = price_keys,
     .meaning = "Own prices against those of competitors."},
    {"engagement", PL_KEY_MAP, FALSE, AT(PlKpis, engagement), .children = engagement_keys,
     .meaning = "Engagement with existing customers."},
    {"satisfaction", PL_KEY_MAP, FALSE, AT(PlKpis, satisfaction), .children = satisfaction_keys,
     .meaning = "Employee satisfaction."},
    {"upsell", PL_KEY_MAP, FALSE, AT(PlKpis, upsell), .children = upsell_keys,
     .meaning = "Up-selling and cross-selling."},
    {"sales_cycle", PL_KEY_MAP, FALSE, AT(PlKpis, sales_cycle), .children = cycle_keys,
     .meaning = "Length of the sales cycle, and the customers lost afterwards."},
    {0}};
/* clang-format on */
