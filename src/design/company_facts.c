/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/company_facts.h"

#include <glib.h>

#define FIRST_YEAR 2023
#define MONTHS     12
/* Days since 1970-01-01, so that they can stand in a table; test_company_facts.c holds them to the calendar.
 */
#define DAY_2023_07_01 19539
#define DAY_2024_06_01 19875
#define DAY_2024_06_30 19904
#define DAY_2024_12_31 20088

const char *const pl_company_regions[] = {"North", "East", "South", "West"};
const char *const pl_company_competitors[] = {"Rival", "Corner"};
const char *const pl_company_channels[] = {"field", "phone", "online"};
const char *const pl_company_contact_kinds[] = {"visit", "call", "email"};
const char *const pl_company_line_kinds[] = {"base", "upsell", "cross_sell"};
const char *const pl_company_outcomes[] = {"open", "won", "lost"};
const double pl_company_plan_days[] = {45, 60, 90, 135, 180};
const double pl_company_plan_share[] = {0.14, 0.21, 0.30, 0.21, 0.14};

/* Four to a region. Finn closes fast and loses customers, Nora neglects them, Gus sells up, Hana solves
 * problems and Otto does not, Ada wins and Ivo does not; the others differ by a few days only. */
const PlCompanyRep pl_company_reps[] = {
    {"Ada", 60, 0.60, 0.65, 0, 1, 1},  {"Ben", 62, 0.42, 0.65, 0, 1, 1},    {"Cleo", 58, 0.42, 0.65, 0, 1, 1},
    {"Dora", 65, 0.42, 0.65, 0, 1, 1}, {"Emil", 60, 0.42, 0.65, 0, 1, 1},   {"Finn", 28, 0.42, 0.65, 0, 4, 1},
    {"Gus", 61, 0.42, 0.65, 1, 1, 1},  {"Hana", 59, 0.42, 0.85, 0, 1, 1},   {"Ivo", 63, 0.25, 0.65, 0, 1, 1},
    {"Jana", 60, 0.42, 0.65, 0, 1, 1}, {"Karl", 64, 0.42, 0.65, 0, 1, 1},   {"Lena", 57, 0.42, 0.65, 0, 1, 1},
    {"Milo", 61, 0.42, 0.65, 0, 1, 1}, {"Nora", 60, 0.42, 0.65, 0, 1, 0.2}, {"Otto", 62, 0.42, 0.40, 0, 1, 1},
    {"Pia", 59, 0.42, 0.65, 0, 1, 1},
};

#define NONE (-1)

/* clang-format off */
const PlCompanyProduct pl_company_products[] = {
    {"coffee",    "drinks",   1290, 0.16, -2.4, {1, 1, 1.5, 1},   {0.88, 1.03}, 0.50, NONE, 0},
    {"tea",       "drinks",    690, 0.10,  0,   {1.8, 1, 1, 1},   {1.05, 1.03}, 0.25, NONE, 0},
    {"cocoa",     "drinks",    840, 0.06,  0,   {1, 1, 0.6, 1},   {1.05, 1.03}, 0.20, NONE, 0},
    {"juice",     "drinks",    450, 0.10, -1.2, {1, 1, 1, 1.7},   {1.05, 1.03}, 0.45, NONE, 0},
    {"biscuits",  "snacks",    560, 0.09,  0,   {1, 1, 1, 1},     {1.05, 1.03}, 0.18, 1, 0.50},
    {"nuts",      "snacks",    980, 0.08, -3.0, {1, 1.6, 1, 1},   {0.88, 1.03}, 0.20, NONE, 0},
    {"chocolate", "snacks",    720, 0.09, -0.7, {1, 1, 1, 1},     {1.05, 1.03}, 0.45, NONE, 0},
    {"crisps",    "snacks",    390, 0.08,  0,   {1, 1, 1, 0.7},   {1.05, 1.03}, 0.20, NONE, 0},
    {"filters",   "supplies",  310, 0.06,  0,   {1, 1, 1, 1},     {1.05, 1.03}, 0.10, 0, 0.55},
    {"cups",      "supplies",  640, 0.06,  0,   {1, 1, 1, 1},     {1.05, 1.03}, 0.20, NONE, 0},
    {"sugar",     "supplies",  290, 0.05,  0,   {1, 1, 1, 1},     {1.05, 1.03}, 0.20, NONE, 0},
    {"milk",      "supplies",  370, 0.07,  0,   {1, 1, 1, 1},     {1.05, 1.03}, 0.60, NONE, 0},
};
/* clang-format on */

const PlCompanyTeam pl_company_teams[] = {
    {"Field North", 0, 20, 0.8, 0}, {"Field East", 1, 20, 0.8, 0},  {"Field South", 2, 20, 0.8, 0},
    {"Field West", 3, 20, 0.6, 0},  {"Service", -1, 24, 0.8, -0.3}, {"Training", -1, 4, 0.8, 0},
};

const PlCompanyQuestion pl_company_questions[] = {
    {"recognition", 3.2, 0.8, 0.6}, {"energy", 3.6, 0.6, 0.35}, {"workload", 3.0, 0.8, 0},
    {"manager", 3.5, 0.8, 0},       {"pay", 2.9, 0.8, 0},
};

const PlCompanySegment pl_company_segments[] = {
    {"small", 0.5, 1, 0}, {"medium", 0.35, 1.6, 0.4}, {"large", 0.15, 2.6, 0.9}};

const PlCompanyFacts pl_company_facts = {
    .branch_growth = 1.03,
    .web_growth = 1.4,
    .season = 0.1,
    .branch_units = 900,
    .web_units = 800,
    .unit_sd = 0.06,
    .price_sd = 0.06,
    .promotion_share = 0.15,
    .closed_after = 14,
    .opened_from = 8,
    .lost_longer = 1.3,
    .days_sd = 0.5,
    .hazard = 0.12,
    .best_gap = 90,
    .bend = 4,
    .gap_sd = 0.15,
    .early_days = 274,
    .kind_share = {0.5, 0.35, 0.15},
    .neglect_from = DAY_2024_06_01,
    .orders_a_year = 4.5,
    .orders_sd = 0.3,
    .spending_sd = 0.4,
    .channel_share = {0.6, 0.25, 0.15},
    .channel_upsell = {0, 0.6, -0.4},
    .upsell_base = -1.5,
    .upsell_past = 0.5,
    .cross_sell = 0.2,
    .upsell_price = 1.5,
    .score_mean = 3.4,
    .score_sd = 0.4,
    .wave_sd = 0.5,
    .before_from = DAY_2023_07_01,
    .before_to = DAY_2024_06_30,
    .training_from = DAY_2024_06_30 + 1,
    .training_to = DAY_2024_12_31,
    .training_upsell = 0.9,
    .training_days = 0.75,
};

PlDay pl_company_first(void) {
    return pl_day_from_ymd(FIRST_YEAR, 1, 1);
}

PlDay pl_company_last(void) {
    return pl_company_month_day(PL_COMPANY_MONTHS) - 1;
}

PlDay pl_company_month_day(int month) {
    return pl_day_from_ymd(FIRST_YEAR + month / MONTHS, month % MONTHS + 1, 1);
}

PlDay pl_company_wave_day(int wave) {
    return pl_day_from_ymd(FIRST_YEAR + wave / 4, wave % 4 * 3 + 1, 15);
}

void pl_company_store_name(int store, char name[PL_COMPANY_NAME]) {
    if (pl_company_store_is_online(store))
        g_snprintf(name, PL_COMPANY_NAME, "W%02d", store - PL_COMPANY_WEB + 1);
    else
        g_snprintf(name, PL_COMPANY_NAME, "B%02d", store + 1);
}

int pl_company_store_region(int store) {
    if (store < PL_COMPANY_BRANCHES)
        return store / (PL_COMPANY_BRANCHES / PL_COMPANY_REGIONS);
    if (pl_company_store_is_online(store))
        return store - PL_COMPANY_WEB;
    return store == PL_COMPANY_CLOSED ? 0 : 2; /* one that closes in the north, one that opens in the south */
}

gboolean pl_company_store_is_online(int store) {
    return store >= PL_COMPANY_WEB;
}

gboolean pl_company_store_trades(int store, int month) {
    if (store == PL_COMPANY_CLOSED)
        return month <= pl_company_facts.closed_after;
    return store != PL_COMPANY_OPENED || month >= pl_company_facts.opened_from;
}
