/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "kpi_fixture.h"
#include "pairlift/report/formats.h"

static json_t *kpis_of(const PlResult *r) {
    g_autofree char *text = pl_report_json(r);
    json_t *root = json_loads(text, 0, NULL), *kpis = json_incref(json_object_get(root, "kpis"));
    json_decref(root);
    return kpis;
}

static const char *string_of(const json_t *row, const char *key) {
    return json_string_value(json_object_get(row, key));
}

/* The keys and words that scripts outside rely on. */
Test(kpi_json, rows_have_the_keys_of_the_contract) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_cycle(r, 2);
    static const char *const keys[] = {"kpi", "measure", "group",  "period", "value", "conf_low", "conf_high",
                                       "n",   "unit",    "target", "status", "trend", "sentence"};
    json_t *kpis = kpis_of(r), *row;
    gsize i;
    json_array_foreach(kpis, i, row) {
        for (gsize k = 0; k < G_N_ELEMENTS(keys); k++)
            cr_expect_not_null(json_object_get(row, keys[k]), "%s", keys[k]);
        cr_expect(eq(int, (int)json_typeof(json_object_get(row, "group")), (int)JSON_OBJECT));
        cr_expect(eq(str, (char *)string_of(row, "kpi"), "sales_cycle"));
    }
    json_t *all = json_array_get(kpis, 0), *ada = json_array_get(kpis, 2), *lost = json_array_get(kpis, 4);
    cr_expect(eq(str, (char *)string_of(all, "measure"), "median_days"));
    cr_expect(eq(str, (char *)string_of(all, "period"), "2024-06"));
    cr_expect(eq(str, (char *)string_of(all, "status"), "off"));
    cr_expect(eq(str, (char *)string_of(all, "trend"), "rising"));
    cr_expect(eq(str, (char *)string_of(all, "unit"), "days"));
    cr_expect_not_null(string_of(all, "sentence"));
    cr_expect(eq(dbl, json_number_value(json_object_get(all, "value")), 51.2));
    cr_expect(eq(dbl, json_number_value(json_object_get(all, "target")), 45));
    cr_expect(eq(u32, json_object_size(json_object_get(all, "group")), 0));
    cr_expect(eq(str, (char *)string_of(json_object_get(ada, "group"), "rep"), "Ada"));
    cr_expect(eq(str, (char *)string_of(ada, "status"), "on_target"));
    cr_expect(eq(int, (int)json_typeof(json_object_get(lost, "value")), (int)JSON_NULL));
    cr_expect(eq(int, (int)json_typeof(json_object_get(lost, "status")), (int)JSON_NULL));
    cr_expect_not_null(string_of(lost, "reason"));
    json_decref(kpis);
}

Test(kpi_json, keeps_what_pages_leave_out) {
    g_autoptr(PlResult) r = kpi_result();
    PlSection *s = kpi_add_cycle(r, 120);
    json_t *kpis = kpis_of(r);
    cr_expect(eq(u32, json_array_size(kpis), s->findings->len));
    json_decref(kpis);
}

Test(kpi_csv, has_a_line_a_finding_and_no_formula) {
    g_autoptr(PlResult) r = kpi_result();
    kpi_add_hostile(r);
    kpi_add_cycle(r, 2);
    g_autofree char *csv = pl_report_kpis_csv(r);
    cr_expect_not_null(strstr(csv,
                              "kpi,measure,by,group,period,value,conf_low,conf_high,conf_level,std_error,"
                              "p_value,p_adjusted,n,unit,target,status,trend,sentence,reason\n"));
    cr_expect_not_null(strstr(csv, "\nsales_cycle,median_days,,,2024-06,51.2"));
    cr_expect_not_null(strstr(csv, "\nsales_cycle,days_of_deal,\"rep, product\",\"Ada, cola\","));
    cr_expect_not_null(strstr(csv, ",days,45,off,rising,Median days in 2024-06"));
    /* the name begins with "=": an apostrophe stands before it, and its quotes are doubled */
    cr_expect_not_null(strstr(csv, "\"product_a, product_b\",\"'=cmd|' /C calc'!A1\"\",<b>"));
    cr_expect_null(strstr(csv, "\"=cmd"));
    cr_expect_null(strstr(csv, "nan"));
}
