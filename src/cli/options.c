/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/options.h"

#include <string.h>
#include <unistd.h>

#include "pairlift/model/diagnostics.h"
#include "pairlift/model/suggest.h"

/* More threads than this are a slip of the finger. */
#define MOST_THREADS 1024

/* What no command line says: told apart from every number that one might. */
#define ABSENT G_MININT

static const char *const written_formats[] = {"text", "json", "csv", "md", NULL};
static const char *const later_formats[] = {"html", "xlsx", "deck", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};

void pl_options_clear(PlOptions *o) {
    g_clear_pointer(&o->out, g_free);
    g_clear_pointer(&o->format, g_free);
    g_clear_pointer(&o->color, g_free);
    g_clear_pointer(&o->arguments, g_strfreev);
}

gboolean pl_usage_error(GError **error, const char *hint, const char *format, ...) {
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    pl_diagnostics_add(d, NULL, (PlPos){0, 0}, hint, "%s", message);
    return pl_diagnostics_ok(d, PL_ERROR_USAGE, error);
}

/* Those about output that a verb does not have are hidden from it, and refused. */
static GArray *all_entries(PlOptions *o, const GOptionEntry *own, PlOutput output) {
    const int report = output == PL_OUTPUT_REPORT ? G_OPTION_FLAG_NONE : G_OPTION_FLAG_HIDDEN;
    const int out = output == PL_OUTPUT_NONE ? G_OPTION_FLAG_HIDDEN : G_OPTION_FLAG_NONE;
    const GOptionEntry shared[] = {
        {"out", 'o', out, G_OPTION_ARG_FILENAME, &o->out,
         output == PL_OUTPUT_FILES ? "write into DIR (default out/NAME)"
                                   : "write the report into DIR (default out/EXPERIMENT)",
         "DIR"},
        {"format", 0, report, G_OPTION_ARG_STRING, &o->format,
         "what to write: text,json,csv,md (default all)", "LIST"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &o->json,
         output == PL_OUTPUT_REPORT  ? "the result as JSON on standard output; a report only with --out"
         : output == PL_OUTPUT_FILES ? "the truth as JSON on standard output; files only with --out"
                                     : "the result as JSON on standard output",
         NULL},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &o->seed,
         output == PL_OUTPUT_REPORT ? "seed of random numbers instead of the definition's"
                                    : "seed of random numbers",
         "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &o->threads,
         "threads (default: one a processor); the result is the same", "N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "print errors only", NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose, "say what is being done, and how long it took",
         NULL},
        {"no-charts", 0, report, G_OPTION_ARG_NONE, &o->no_charts, "draw no charts", NULL},
        {"no-progress", 0, 0, G_OPTION_ARG_NONE, &o->no_progress, "show no progress bar", NULL},
        {"color", 0, 0, G_OPTION_ARG_STRING, &o->color, "auto, always or never (NO_COLOR counts too)",
         "WHEN"},
        {"help", 'h', 0, G_OPTION_ARG_NONE, &o->help, "show this help", NULL},
        {"version", 'V', 0, G_OPTION_ARG_NONE, &o->version, "print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->arguments, NULL, NULL},
    };
    GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (; own && own->long_name; own++)
        g_array_append_val(entries, *own);
    g_array_append_vals(entries, shared, G_N_ELEMENTS(shared));
    return entries;
}

/* GLib's message names the option; the hint names the one that may have been meant. */
static gboolean explain(const GError *glib, const GArray *entries, GError **error) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < entries->len; i++)
        if (!(g_array_index(entries, GOptionEntry, i).flags & G_OPTION_FLAG_HIDDEN))
            g_ptr_array_add(names, (gpointer)g_array_index(entries, GOptionEntry, i).long_name);
    g_ptr_array_add(names, NULL);
    const char *dashes = strstr(glib->message, "--");
    const char *near = dashes && g_error_matches(glib, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION)
                           ? pl_suggest(dashes + 2, (const char *const *)names->pdata)
                           : NULL;
    g_autofree char *hint =
        near && *near ? g_strdup_printf("did you mean --%s?", near) : g_strdup("see pairlift --help");
    return pl_usage_error(error, hint, "%s", glib->message);
}

static gboolean check_formats(const char *list, GError **error) {
    g_auto(GStrv) formats = g_strsplit(list, ",", -1);
    if (!*formats)
        return pl_usage_error(error, "formats are text, json, csv and md, with commas between",
                              "--format is empty");
    for (char **f = formats; *f; f++) {
        if (g_strv_contains(written_formats, *f))
            continue;
        if (g_strv_contains(later_formats, *f))
            return pl_usage_error(error, "it writes text, json, csv and md",
                                  "this version does not write the format %s", *f);
        return pl_usage_error(error, "formats are text, json, csv and md, with commas between",
                              "no format \"%s\"", *f);
    }
    return TRUE;
}

static gboolean check_values(const PlOptions *o, GError **error) {
    if (o->out && !*o->out)
        return pl_usage_error(error, "is a variable unset?", "--out is empty: expected a folder");
    if (o->color && !g_strv_contains(colors, o->color))
        return pl_usage_error(error, "auto, always or never", "no --color \"%s\"", o->color);
    if (o->threads != ABSENT && (o->threads < 1 || o->threads > MOST_THREADS))
        return pl_usage_error(error, NULL, "--threads is %d: expected 1 to %d", o->threads, MOST_THREADS);
    if (o->seed != ABSENT && o->seed < 0)
        return pl_usage_error(error, NULL, "--seed is %" G_GINT64_FORMAT ": expected 0 or more", o->seed);
    return !o->format || check_formats(o->format, error);
}

static gboolean refuse_output(const PlOptions *o, const char *verb, PlOutput output, GError **error) {
    const char *option = o->out && output == PL_OUTPUT_NONE ? "--out"
                         : o->format                        ? "--format"
                         : o->no_charts                     ? "--no-charts"
                                                            : NULL;
    g_autofree char *hint = g_strdup_printf("see pairlift %s --help", verb);
    return !option || pl_usage_error(error, hint, "%s writes no report, so it has no %s", verb, option);
}

gboolean pl_options_parse(int argc, char **argv, const GOptionEntry *own, PlOutput output, PlOptions *o,
                          GError **error) {
    *o = (PlOptions){.seed = ABSENT, .threads = ABSENT};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GArray) entries = all_entries(o, own, output);
    g_autoptr(GError) glib = NULL;
    const char *verb = argv[0];
    char **copy = g_memdup2(argv, (gsize)argc * sizeof *argv);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, (const GOptionEntry *)entries->data, NULL);
    gboolean parsed = g_option_context_parse(context, &argc, &copy, &glib);
    g_free(copy);
    if (!parsed)
        return explain(glib, entries, error);
    if (!o->arguments)
        o->arguments = g_new0(char *, 1);
    if ((output != PL_OUTPUT_REPORT && !refuse_output(o, verb, output, error)) || !check_values(o, error))
        return FALSE;
    o->seed = o->seed == ABSENT ? -1 : o->seed;
    o->threads = o->threads == ABSENT ? 0 : o->threads;
    return TRUE;
}

char *pl_options_help(const GOptionEntry *own, PlOutput output) {
    g_auto(PlOptions) o = {0};
    g_autoptr(GArray) entries = all_entries(&o, own, output);
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < entries->len; i++) {
        const GOptionEntry *e = &g_array_index(entries, GOptionEntry, i);
        if (!e->description || e->flags & G_OPTION_FLAG_HIDDEN)
            continue;
        g_autofree char *name = g_strdup_printf("--%s%s%s", e->long_name, e->arg_description ? " " : "",
                                                e->arg_description ? e->arg_description : "");
        if (e->short_name)
            g_string_append_printf(s, "  -%c, %-20s %s\n", e->short_name, name, e->description);
        else
            g_string_append_printf(s, "      %-20s %s\n", name, e->description);
    }
    return g_string_free(s, FALSE);
}

gboolean pl_options_color(const PlOptions *o, int stream) {
    if (o->color && !g_str_equal(o->color, "auto"))
        return g_str_equal(o->color, "always");
    const char *no_color = g_getenv("NO_COLOR");
    return !(no_color && *no_color) && isatty(stream);
}

int pl_options_threads(const PlOptions *o) {
    return o->threads ? o->threads : (int)g_get_num_processors();
}

gboolean pl_options_format(const PlOptions *o, const char *name) {
    if (!o->format)
        return TRUE;
    g_auto(GStrv) formats = g_strsplit(o->format, ",", -1);
    return g_strv_contains((const char *const *)formats, name);
}
