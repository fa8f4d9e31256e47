/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/keys.h"

#include <math.h>

#include "pairlift/model/definition.h"
#include "pairlift/model/keys_kpi.h"

const char *const pl_table_names[] = {[PL_TABLE_SALES] = "sales",
                                      [PL_TABLE_STORES] = "stores",
                                      [PL_TABLE_COMPETITOR_PRICES] = "competitor_prices",
                                      [PL_TABLE_COUPONS] = "coupons",
                                      [PL_TABLE_INTERACTIONS] = "interactions",
                                      [PL_TABLE_CUSTOMERS] = "customers",
                                      [PL_TABLE_SURVEY] = "survey",
                                      [PL_TABLE_ORDER_LINES] = "order_lines",
                                      [PL_TABLE_OPPORTUNITIES] = "opportunities",
                                      NULL};
const char *const pl_gaps_names[] = {[PL_GAPS_ERROR] = "error",
                                     [PL_GAPS_ZERO] = "zero",
                                     [PL_GAPS_CLOSED] = "closed",
                                     [PL_GAPS_INTERPOLATE] = "interpolate",
                                     NULL};
const char *const pl_duplicates_names[] = {
    [PL_DUPLICATES_ERROR] = "error", [PL_DUPLICATES_KEEP] = "keep", [PL_DUPLICATES_DROP] = "drop", NULL};
const char *const pl_scale_names[] = {
    [PL_EFFECT_RELATIVE] = "relative", [PL_EFFECT_ABSOLUTE] = "absolute", NULL};
const char *const pl_alt_names[] = {
    [PL_ALT_TWO_SIDED] = "two_sided", [PL_ALT_GREATER] = "greater", [PL_ALT_LESS] = "less", NULL};
const char *const pl_adjust_names[] = {
    [PL_ADJUST_HOLM] = "holm", [PL_ADJUST_BH] = "bh", [PL_ADJUST_NONE] = "none", NULL};
const char *const pl_treatment_kinds[] = {"promotion", "coupon", "price",  "display", "discount",
                                          "demo",      "sample", "bundle", NULL};

static const char *const delimiter_words[] = {"auto", ",", ";", "tab", "|", NULL};
static const char *const decimal_words[] = {".", ",", NULL};
static const char *const worse_words[] = {"down", "up", NULL};
static const char *const margin_words[] = {"rate", "percent", "money", NULL};
static const char *const spending_words[] = {"obf", "pocock", NULL};
static const char *const pairing_words[] = {"optimal", "greedy", NULL};

#define AT(structure, field) .offset = offsetof(structure, field)
/* 2^53 - 1: a seed above it would not survive the readers of JSON that know only doubles. */
#define SEED_MAX 9007199254740991.0
/* Below 99 resamples no p-value under 0.01 exists; above 10^8 no machine comes back the same day. */
#define RESAMPLES_MIN 99
#define RESAMPLES_MAX 1e8

/* clang-format off */
static const PlKey table_keys[] = {
    {"table", PL_KEY_CHOICE, TRUE, AT(PlTable, table), .choices = pl_table_names,
     .meaning = "Which table this is; an experiment needs \"sales\"."},
    {"file", PL_KEY_TEXTS, FALSE, AT(PlTable, files), .min = 1,
     .meaning = "CSV file, list of files, or pattern such as \"sales-*.csv\", relative to the definition."},
    {"odbc", PL_KEY_TEXT, FALSE, AT(PlTable, odbc),
     .meaning = "ODBC connection, such as \"DSN=warehouse\", in place of \"file\"."},
    {"relation", PL_KEY_TEXT, FALSE, AT(PlTable, relation),
     .meaning = "Table or view of the database, such as \"sales.transactions\"; it is aggregated there."},
    {"query", PL_KEY_TEXT, FALSE, AT(PlTable, query),
     .meaning = "SELECT statement whose rows are the table, in place of \"relation\"."},
    {"columns", PL_KEY_DICT, FALSE, AT(PlTable, columns), .max = 1,
     .meaning = "The column that plays each role, where it is not named like its role."},
    {"delimiter", PL_KEY_WORD, FALSE, AT(PlTable, delimiter), "auto", .choices = delimiter_words,
     .meaning = "What separates the columns of the file; \"auto\" reads it off the header line."},
    {"decimal", PL_KEY_WORD, FALSE, AT(PlTable, decimal), ".", .choices = decimal_words,
     .meaning = "Decimal mark of the file's numbers."},
    {"date_format", PL_KEY_TEXT, FALSE, AT(PlTable, date_format), "%Y-%m-%d",
     .meaning = "How the file writes dates (%Y year, %m month, %d day), or \"number\" for a week or period "
                "number."},
    {"gaps", PL_KEY_CHOICE, FALSE, AT(PlTable, gaps), "error", .choices = pl_gaps_names,
     .meaning = "What a missing store-day means: a fault of the data, no sales, a closed store, or a value to "
                "be filled in between its neighbours. An empty value is missing too, and with it the sum of its "
                "store-day (under zero it is 0); a mean is of the rows that have a value."},
    {"duplicates", PL_KEY_CHOICE, FALSE, AT(PlTable, duplicates), "error", .choices = pl_duplicates_names,
     .meaning = "What happens to a row that repeats an earlier one word for word, wherever that one stands in "
                "the files: it stops the run, counts again, or is left out. \"keep\" is for tables whose rows are "
                "separate sales: nothing is looked for. The others remember each row after the first of its "
                "store-day, in 10 to 15 bytes."},
    {"where", PL_KEY_DICT, FALSE, AT(PlTable, where),
     .meaning = "Keep only the rows whose column holds one of these values."},
    {"values", PL_KEY_DICT, FALSE, AT(PlTable, values),
     .meaning = "What the file writes for won, lost and open (outcome), base, upsell and cross_sell (kind), yes and no "
                "(solved), where it has other words: {open: [Engaging, Prospecting]}."},
    {0}};

static const PlKey metric_keys[] = {
    {"name", PL_KEY_TEXT, TRUE, AT(PlMetric, name),
     .meaning = "What the metric is called here and in the report."},
    {"sum", PL_KEY_TEXT, FALSE, AT(PlMetric, sum), .meaning = "Column that is added up over the rows."},
    {"mean", PL_KEY_TEXT, FALSE, AT(PlMetric, mean), .meaning = "Column that is averaged over the rows."},
    {"ratio", PL_KEY_TEXTS, FALSE, AT(PlMetric, ratio), .min = 2, .max = 2,
     .meaning = "Two columns: the sum of the first divided by the sum of the second."},
    {"kpi", PL_KEY_TEXT, FALSE, AT(PlMetric, kpi),
     .meaning = "A measure of a KPI, from the table that it is made of: upsell_rate, mean_days, mean_score ... "
                "(docs/kpis.md). The table says the store in a column, or its customers do."},
    {"label", PL_KEY_TEXT, FALSE, AT(PlMetric, label),
     .meaning = "Name on charts and in sentences, where it should differ from \"name\"."},
    {"unit", PL_KEY_TEXT, FALSE, AT(PlMetric, unit), .meaning = "Unit on charts, such as EUR or pieces."},
    {0}};

static const PlKey guardrail_keys[] = {
    {"metric", PL_KEY_TEXT, TRUE, AT(PlGuardrail, metric), .meaning = "Name of one of the metrics."},
    {"worse", PL_KEY_WORD, FALSE, AT(PlGuardrail, worse), "down", .choices = worse_words,
     .meaning = "Which direction is the bad one."},
    {"margin", PL_KEY_NUMBER, FALSE, AT(PlGuardrail, margin), "0", .max = INFINITY,
     .meaning = "How much worse is still tolerable: 0.02 is 2 %; under effect: absolute in the metric's own unit. 0: any "
                "change for the worse has to be ruled out."},
    {0}};

static const PlKey period_keys[] = {
    {"from", PL_KEY_TEXT, TRUE, AT(PlPeriod, from),
     .meaning = "First day, such as 2024-02-01, or the first period number."},
    {"to", PL_KEY_TEXT, TRUE, AT(PlPeriod, to), .meaning = "Last day, itself included."},
    {0}};

static const PlKey periods_keys[] = {
    {"before", PL_KEY_MAP, FALSE, AT(PlPeriods, before), .children = period_keys,
     .meaning = "Ordinary trade: what the stores sold without the promotion."},
    {"during", PL_KEY_MAP, FALSE, AT(PlPeriods, during), .children = period_keys,
     .meaning = "The promotion; needed to run the experiment, not to check its data."},
    {"after", PL_KEY_MAP, FALSE, AT(PlPeriods, after), .children = period_keys,
     .meaning = "The time afterwards, in which a dip is looked for."},
    {0}};

static const PlKey treatment_keys[] = {
    {"name", PL_KEY_TEXT, TRUE, AT(PlTreatment, name), .meaning = "What the treatment is called."},
    {"kind", PL_KEY_WORD, FALSE, AT(PlTreatment, kind), "promotion", .choices = pl_treatment_kinds,
     .meaning = "What was done in the test stores."},
    {"products", PL_KEY_TEXTS, FALSE, AT(PlTreatment, products), .min = 1,
     .meaning = "The products (or categories) that were promoted, as the sales table writes them; the others are "
                "looked at for what they lost or gained. Default: those that \"where\" keeps."},
    {"combines", PL_KEY_TEXTS, FALSE, AT(PlTreatment, combines), .min = 2, .max = 2,
     .meaning = "Names of the two treatments that were given together; makes the design factorial, and their "
                "interaction is tested."},
    {"fixed_cost", PL_KEY_NUMBER, FALSE, AT(PlTreatment, fixed_cost), .max = INFINITY,
     .meaning = "Cost of this treatment, in place of the one under economics."},
    {"cost_per_store", PL_KEY_NUMBER, FALSE, AT(PlTreatment, cost_per_store), .max = INFINITY,
     .meaning = "Cost of this treatment in each test store, in place of the one under economics."},
    {"face_value", PL_KEY_NUMBER, FALSE, AT(PlTreatment, face_value), .max = INFINITY,
     .meaning = "What one redeemed coupon of this treatment costs, in place of the one under economics."},
    {"price_change", PL_KEY_NUMBER, FALSE, AT(PlTreatment, price_change), .min = -1, .max = 10,
     .meaning = "The change of the price that was announced, -0.1 for 10 % off; the report says how much of it reached "
                "the buyers."},
    {0}};

static const PlKey pair_keys[] = {
    {"test", PL_KEY_TEXT, TRUE, AT(PlPairDef, test), .meaning = "Store with the promotion."},
    {"control", PL_KEY_TEXT, TRUE, AT(PlPairDef, control), .meaning = "Store without it."},
    {"treatment", PL_KEY_TEXT, FALSE, AT(PlPairDef, treatment),
     .meaning = "Which treatment; needed when there are several."},
    {0}};

static const PlKey assignment_keys[] = {
    {"file", PL_KEY_TEXT, TRUE, AT(PlAssignment, file), .meaning = "CSV file with one row a store."},
    {"store", PL_KEY_TEXT, FALSE, AT(PlAssignment, store), "store", .meaning = "Column with the store."},
    {"group", PL_KEY_TEXT, FALSE, AT(PlAssignment, group), "group",
     .meaning = "Column with the group that the store was assigned to."},
    {"control", PL_KEY_TEXT, FALSE, AT(PlAssignment, control), "control",
     .meaning = "The group that got no promotion, as the column writes it."},
    {"pair", PL_KEY_TEXT, FALSE, AT(PlAssignment, pair),
     .meaning = "Column with the pair's name; with it the stores are compared pair by pair, without it group "
                "by group."},
    {"block", PL_KEY_TEXT, FALSE, AT(PlAssignment, block),
     .meaning = "Column with the block (market, region) within which groups were drawn."},
    {"treatment", PL_KEY_TEXT, FALSE, AT(PlAssignment, treatment),
     .meaning = "Column with the treatment, where the group does not name it."},
    {"delimiter", PL_KEY_WORD, FALSE, AT(PlAssignment, delimiter), "auto", .choices = delimiter_words,
     .meaning = "What separates the columns of the file."},
    {0}};

static const PlKey pairing_keys[] = {
    {"method", PL_KEY_WORD, TRUE, AT(PlPairing, method), .choices = pairing_words,
     .meaning = "Smallest total distance over all pairs, or nearest pair first."},
    {"candidates", PL_KEY_TEXTS, FALSE, AT(PlPairing, candidates), .min = 1,
     .meaning = "The stores that may be chosen; default: all of them."},
    {"distance_file", PL_KEY_TEXT, FALSE, AT(PlPairing, distance_file),
     .meaning = "CSV file with the distance of every two stores, in place of one computed from their sales."},
    {0}};

static const PlKey analysis_keys[] = {
    {"confidence", PL_KEY_NUMBER, FALSE, AT(PlAnalysis, confidence), "0.95", 0.5, 0.999999,
     .meaning = "Confidence level of every interval; one minus it is the significance level."},
    {"alternative", PL_KEY_CHOICE, FALSE, AT(PlAnalysis, alternative), "two_sided", .choices = pl_alt_names,
     .meaning = "Is any difference of interest, or only a rise (greater) or a fall (less)?"},
    {"effect", PL_KEY_CHOICE, FALSE, AT(PlAnalysis, effect), "relative", .choices = pl_scale_names,
     .meaning = "Lift in per cent of what the store sold before, or in units a store and interval."},
    {"methods", PL_KEY_TEXTS, FALSE, AT(PlAnalysis, methods), .min = 1,
     .meaning = "Methods to apply, the first one decides; default: chosen from the design, and the report says "
                "why."},
    {"threshold", PL_KEY_NUMBER, FALSE, AT(PlAnalysis, threshold), "0", .max = INFINITY,
     .meaning = "The smallest effect worth having: a lift (0.01 is 1 %), under effect: absolute in units per store and "
                "interval; makes the verdict \"equivalent\" possible. 0: none."},
    {"adjust", PL_KEY_CHOICE, FALSE, AT(PlAnalysis, adjust), "holm", .choices = pl_adjust_names,
     .meaning = "Correction of the p-values when several treatments or metrics decide."},
    {"resamples", PL_KEY_INTEGER, FALSE, AT(PlAnalysis, resamples), "10000", RESAMPLES_MIN, RESAMPLES_MAX,
     .meaning = "How many random draws the resampling methods make."},
    {"seed", PL_KEY_INTEGER, FALSE, AT(PlAnalysis, seed), "1", 0, SEED_MAX,
     .meaning = "Start of the random numbers; the same seed gives the same result."},
    {0}};

static const PlKey economics_keys[] = {
    {"margin", PL_KEY_NUMBER, FALSE, AT(PlEconomics, margin), "0", 0, 1,
     .meaning = "Gross margin rate; 0.32 is 32 %. Beside margin_column: of the products that \"where\" leaves out."},
    {"margin_column", PL_KEY_TEXT, FALSE, AT(PlEconomics, margin_column),
     .meaning = "Column of the sales table with the margin, in place of \"margin\"."},
    {"margin_in", PL_KEY_WORD, FALSE, AT(PlEconomics, margin_in), "rate", .choices = margin_words,
     .meaning = "What margin_column holds: a rate of revenue (0.32), the same in per cent (32), or gross profit in "
                "money."},
    {"unit_cost", PL_KEY_NUMBER, FALSE, AT(PlEconomics, unit_cost), .max = INFINITY,
     .meaning = "What one unit costs the retailer, in place of \"margin\"."},
    {"cost_column", PL_KEY_TEXT, FALSE, AT(PlEconomics, cost_column),
     .meaning = "Column of the sales table with what the promotion cost in that store and interval, such as media "
                "spend; added to the other costs."},
    {"rollout_stores", PL_KEY_INTEGER, FALSE, AT(PlEconomics, rollout_stores), "0", 0, 1e9,
     .meaning = "Number of stores that the projection is for; 0: those of the data."},
    {"fixed_cost", PL_KEY_NUMBER, FALSE, AT(PlEconomics, fixed_cost), "0", .max = INFINITY,
     .meaning = "Cost of the promotion that does not depend on the number of stores."},
    {"cost_per_store", PL_KEY_NUMBER, FALSE, AT(PlEconomics, cost_per_store), "0", .max = INFINITY,
     .meaning = "Cost of the promotion in each test store."},
    {"face_value", PL_KEY_NUMBER, FALSE, AT(PlEconomics, face_value), "0", .max = INFINITY,
     .meaning = "What one redeemed coupon costs."},
    {0}};

static const PlKey monitor_keys[] = {
    {"looks", PL_KEY_INTEGER, FALSE, AT(PlMonitor, looks), "0", 0, 1000,
     .meaning = "How many looks at the running experiment are planned, evenly spaced over the promotion; 0: one an "
                "interval, at most 20."},
    {"spending", PL_KEY_WORD, FALSE, AT(PlMonitor, spending), "obf", .choices = spending_words,
     .meaning = "How the error is spent over the looks: little at first (obf, O'Brien and Fleming's), or evenly "
                "(pocock)."},
    {"futility", PL_KEY_TRUTH, FALSE, AT(PlMonitor, futility),
     .meaning = "May the experiment stop because the smallest effect worth having has become unlikely? Default: yes, "
                "where \"threshold\" is given."},
    {0}};

const PlKey pl_definition_keys[] = {
    {"experiment", PL_KEY_NAME, TRUE, AT(PlDefinition, experiment), .max = 100,
     .meaning = "Name of the experiment, and of the folder that its report is written to."},
    {"title", PL_KEY_TEXT, FALSE, AT(PlDefinition, title), .meaning = "Heading of the report."},
    {"question", PL_KEY_TEXT, FALSE, AT(PlDefinition, question),
     .meaning = "The question that the experiment answers, in a sentence."},
    {"goal", PL_KEY_TEXT, FALSE, AT(PlDefinition, goal),
     .meaning = "The organisation's goal that the metric serves."},
    {"notes", PL_KEY_TEXT, FALSE, AT(PlDefinition, notes),
     .meaning = "Text that the report shows: where the data come from, what happened on the way."},
    {"randomised", PL_KEY_TRUTH, FALSE, AT(PlDefinition, randomised),
     .meaning = "Were the treatments assigned at random? The report words its conclusion accordingly."},
    {"data", PL_KEY_LIST, TRUE, AT(PlDefinition, data), .children = table_keys, .size = sizeof(PlTable),
     .meaning = "The tables, one entry each."},
    {"metrics", PL_KEY_LIST, FALSE, AT(PlDefinition, metrics), .children = metric_keys,
     .size = sizeof(PlMetric),
     .meaning = "What is measured, per store and day; each metric is a \"sum\", a \"ratio\", a \"mean\" or a "
                "\"kpi\". Needed by all verbs but kpi."},
    {"primary", PL_KEY_TEXT, FALSE, AT(PlDefinition, primary),
     .meaning = "The metric that decides; default: the first."},
    {"guardrails", PL_KEY_LIST, FALSE, AT(PlDefinition, guardrails), .children = guardrail_keys,
     .size = sizeof(PlGuardrail), .meaning = "Metrics that must not get worse by more than a margin."},
    {"periods", PL_KEY_MAP, FALSE, AT(PlDefinition, periods), .children = periods_keys,
     .meaning = "Which days are compared with which."},
    {"treatments", PL_KEY_LIST, FALSE, AT(PlDefinition, treatments), .children = treatment_keys,
     .size = sizeof(PlTreatment),
     .meaning = "What was tried; default: one promotion, named after the experiment."},
    {"pairs", PL_KEY_LIST, FALSE, AT(PlDefinition, pairs), .children = pair_keys, .size = sizeof(PlPairDef),
     .meaning = "Which store is compared with which; or one of the next three."},
    {"pairs_file", PL_KEY_TEXT, FALSE, AT(PlDefinition, pairs_file),
     .meaning = "CSV file with the columns test, control and, for several treatments, treatment."},
    {"assignment", PL_KEY_MAP, FALSE, AT(PlDefinition, assignment), .children = assignment_keys,
     .meaning = "A table that says which group each store belongs to."},
    {"pairing", PL_KEY_MAP, FALSE, AT(PlDefinition, pairing), .children = pairing_keys,
     .meaning = "Lets pairlift choose the pairs from the period before."},
    {"analysis", PL_KEY_MAP, FALSE, AT(PlDefinition, analysis), .children = analysis_keys,
     .meaning = "How the effect is estimated and judged."},
    {"economics", PL_KEY_MAP, FALSE, AT(PlDefinition, economics), .children = economics_keys,
     .meaning = "What turns lift into money."},
    {"cross_prices", PL_KEY_TEXTS, FALSE, AT(PlDefinition, cross_prices), .min = 1,
     .meaning = "Columns of the sales table with the prices of other products or of competitors; the report then says how "
                "units react to them beside the own price."},
    {"segments", PL_KEY_TEXTS, FALSE, AT(PlDefinition, segments), .min = 1,
     .meaning = "Attributes of the stores (columns of the table stores) by which the effect is compared; default: all "
                "of them."},
    {"spillover_km", PL_KEY_NUMBER, FALSE, AT(PlDefinition, spillover_km), "10", 0, 20000,
     .meaning = "How near, in kilometres, a store without the promotion is to a test store for spillover to be looked "
                "for."},
    {"monitor", PL_KEY_MAP, FALSE, AT(PlDefinition, monitor), .children = monitor_keys,
     .meaning = "How the running experiment is looked at (verb monitor)."},
    {"kpis", PL_KEY_MAP, FALSE, AT(PlDefinition, kpis), .children = pl_kpi_keys,
     .meaning = "Targets of the sales KPIs, and how they are grouped."},
    {"report", PL_KEY_ANY, FALSE, AT(PlDefinition, report), .meaning = "Language, theme, logo and title slide of the report."},
    {0}};
/* clang-format on */
