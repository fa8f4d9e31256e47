/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/selftest.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

void pl_replay_free(PlReplay *r) {
    g_free(r->method);
    g_free(r->command);
    g_free(r->what);
    g_free(r->source);
    g_free(r);
}

static guint passed(const GPtrArray *replays) {
    guint n = 0;
    for (guint i = 0; i < replays->len; i++)
        n += ((const PlReplay *)g_ptr_array_index(replays, i))->passed ? 1 : 0;
    return n;
}

char *pl_report_selftest_text(const GPtrArray *replays) {
    GString *s = g_string_new(NULL);
    guint n = passed(replays);
    g_string_append_printf(s, "     %-20s %-26s %14s %20s %6s  %s\n", "method", "value", "expected", "got",
                           "digits", "source");
    for (guint i = 0; i < replays->len; i++) {
        const PlReplay *r = g_ptr_array_index(replays, i);
        g_string_append_printf(s, "%-4s %-20s %-26s %14.*g %20.12g %6.1f  %s\n", r->passed ? "ok" : "FAIL",
                               r->method, r->what, MAX(r->needed, 6), r->expected, r->got, r->digits,
                               r->source);
    }
    g_string_append_printf(s, "%u of %u published values are met to the digits that were published.\n", n,
                           replays->len);
    return g_string_free(s, FALSE);
}

static json_t *number(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

char *pl_report_selftest_json(const GPtrArray *replays) {
    json_t *o = json_object(), *checks = json_array();
    for (guint i = 0; i < replays->len; i++) {
        const PlReplay *r = g_ptr_array_index(replays, i);
        json_t *check = json_object();
        json_object_set_new(check, "method", json_string(r->method));
        json_object_set_new(check, "command", json_string(r->command));
        json_object_set_new(check, "value", json_string(r->what));
        json_object_set_new(check, "expected", number(r->expected));
        json_object_set_new(check, "got", number(r->got));
        json_object_set_new(check, "digits", number(r->digits));
        json_object_set_new(check, "needed", json_integer(r->needed));
        json_object_set_new(check, "pass", json_boolean(r->passed));
        json_object_set_new(check, "source", json_string(r->source));
        json_array_append_new(checks, check);
    }
    json_object_set_new(o, "passed", json_integer(passed(replays)));
    json_object_set_new(o, "total", json_integer(replays->len));
    json_object_set_new(o, "checks", checks);
    char *dump = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(17) | JSON_ENSURE_ASCII);
    json_decref(o);
    char *out = g_strconcat(dump, "\n", NULL);
    free(dump);
    return out;
}
