/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "pairlift/cli/stat_answer.h"
#include "pairlift/cli/stat_options.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/io/columns.h"
#include "pairlift/report/selftest.h"

GResource *pl_selftest_get_resource(void);

#define PREFIX "/pairlift/selftest"
/* A double has no more. */
#define MOST_DIGITS 16.0

enum { METHOD, DATA, OPTIONS, TERM, FIELD, EXPECTED, DIGITS, SOURCE, N_COLUMNS };
static const char *const columns_wanted[] = {"method",   "data",   "options", "term", "field",
                                             "expected", "digits", "source",  NULL};

static gboolean unpack(const char *folder, GError **error) {
    g_auto(GStrv) names = g_resources_enumerate_children(PREFIX, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    for (char **name = names; name && *name; name++) {
        g_autofree char *from = g_strconcat(PREFIX "/", *name, NULL),
                        *to = g_build_filename(folder, *name, NULL);
        g_autoptr(GBytes) bytes = g_resources_lookup_data(from, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
        gsize size = 0;
        const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
        if (!data || !g_file_set_contents(to, data, (gssize)size, error))
            return FALSE;
    }
    return names != NULL;
}

static void remove_folder(const char *folder) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
    g_rmdir(folder);
}

/* What `pairlift stat METHOD DATA OPTIONS` computes. */
static PlStatResult *replay_stat(const char *folder, const PlColumns *c, guint row, GError **error) {
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) options = g_strsplit(c->cells[OPTIONS][row], " ", -1);
    g_auto(PlOptions) o = {0};
    g_ptr_array_add(argv, g_strdup("stat"));
    g_ptr_array_add(argv, g_strdup(c->cells[METHOD][row]));
    if (*c->cells[DATA][row])
        g_ptr_array_add(argv, g_build_filename(folder, c->cells[DATA][row], NULL));
    for (char **option = options; *option; option++)
        if (**option)
            g_ptr_array_add(argv, g_strdup(*option));
    g_ptr_array_add(argv, NULL);
    pl_stat_options_reset();
    PlStatResult *result = NULL;
    if (pl_options_parse((int)argv->len - 1, (char **)argv->pdata, pl_stat_entries, FALSE, &o, error)) {
        o.quiet = o.no_progress = TRUE;
        result = pl_stat_answer(&o, error);
    }
    pl_stat_options_reset();
    return result;
}

static double field_of(const PlStatRow *row, const char *field) {
    const struct {
        const char *name;
        double value;
    } fields[] = {{"estimate", row->estimate},   {"std_error", row->std_error},
                  {"statistic", row->statistic}, {"df", row->df},
                  {"p_value", row->p_value},     {"conf_low", row->conf_low},
                  {"conf_high", row->conf_high}};
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        if (g_str_equal(fields[i].name, field))
            return fields[i].value;
    for (guint i = 0; i < row->figures->len; i++)
        if (g_str_equal(g_array_index(row->figures, PlNamedNumber, i).name, field))
            return g_array_index(row->figures, PlNamedNumber, i).value;
    return NAN;
}

static double value_of(const PlStatResult *result, const char *term, const char *field) {
    for (guint i = 0; result && i < result->table->len; i++) {
        const PlStatRow *row = g_ptr_array_index(result->table, i);
        if (!*term || g_strcmp0(row->term, term) == 0)
            return field_of(row, field);
    }
    return NAN;
}

static double digits_between(double got, double expected) {
    if (isnan(got))
        return 0;
    if (got == expected)
        return MOST_DIGITS;
    double error = fabs(got - expected) / (expected != 0 ? fabs(expected) : 1);
    return fmax(0, fmin(MOST_DIGITS, -log10(error)));
}

/* A value printed with k digits is met when it is the printed one after rounding to k digits. */
static gboolean met(double got, double expected, int digits) {
    if (isnan(got) || expected == 0)
        return !isnan(got) && fabs(got) < pow(10, -digits);
    double unit = pow(10, floor(log10(fabs(expected))) + 1 - digits);
    return fabs(got - expected) <= 0.5000001 * unit;
}

static PlReplay *new_replay(const PlColumns *c, guint row, const PlStatResult *result) {
    PlReplay *r = g_new0(PlReplay, 1);
    const char *term = c->cells[TERM][row];
    r->method = g_strdup(c->cells[METHOD][row]);
    r->command =
        g_strdup_printf("pairlift stat %s %s %s", r->method, c->cells[DATA][row], c->cells[OPTIONS][row]);
    r->what = *term ? g_strdup_printf("%s %s", term, c->cells[FIELD][row]) : g_strdup(c->cells[FIELD][row]);
    r->source = g_strdup(c->cells[SOURCE][row]);
    r->expected = g_ascii_strtod(c->cells[EXPECTED][row], NULL);
    r->needed = (int)g_ascii_strtoll(c->cells[DIGITS][row], NULL, 10);
    r->got = value_of(result, term, c->cells[FIELD][row]);
    r->digits = digits_between(r->got, r->expected);
    r->passed = met(r->got, r->expected, r->needed);
    return r;
}

static GPtrArray *replay_all(const char *folder, GError **error) {
    g_autofree char *path = g_build_filename(folder, "checks.csv", NULL);
    PlCsvOptions csv = {',', '.'};
    g_autoptr(PlColumns) c = pl_columns_read(path, columns_wanted, 0, &csv, error);
    if (!c)
        return NULL;
    g_autoptr(GPtrArray) replays = g_ptr_array_new_with_free_func((GDestroyNotify)pl_replay_free);
    for (guint row = 0; row < c->n_rows; row++) {
        g_autoptr(PlStatResult) result = replay_stat(folder, c, row, error);
        if (!result)
            return NULL;
        g_ptr_array_add(replays, new_replay(c, row, result));
    }
    return g_steal_pointer(&replays);
}

static gboolean selftest(const PlOptions *o, GError **error) {
    g_autofree char *folder = g_dir_make_tmp("pairlift-selftest-XXXXXX", error);
    if (!folder)
        return FALSE;
    g_resources_register(pl_selftest_get_resource());
    g_autoptr(GPtrArray) replays = unpack(folder, error) ? replay_all(folder, error) : NULL;
    remove_folder(folder);
    if (!replays)
        return FALSE;
    g_autofree char *text = o->json ? pl_report_selftest_json(replays) : pl_report_selftest_text(replays);
    if (!(o->quiet && !o->json) && !pl_print(text, error))
        return FALSE;
    for (guint i = 0; i < replays->len; i++)
        if (!((PlReplay *)g_ptr_array_index(replays, i))->passed) {
            g_set_error(
                error, PL_ERROR, PL_ERROR_SYSTEM,
                "pairlift: error: a published value was not met\n  hint: do not trust this build; its "
                "compiler or a library computes differently");
            return FALSE;
        }
    return TRUE;
}

gboolean pl_verb_selftest(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    if (!pl_verb_begin("selftest", argc, argv, &o, &done, error))
        return FALSE;
    if (!done && o.arguments[0])
        return pl_usage_error(error, NULL, "selftest takes no argument, got \"%s\"", o.arguments[0]);
    return done || selftest(&o, error);
}
