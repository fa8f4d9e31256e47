/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/methods_markdown.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/suggest.h"
#include "pairlift/stats/methods.h"

static gboolean overview(GError **error) {
    g_autoptr(GString) s =
        g_string_new("pairlift tests what a promotion did: one store had it, its pair did not.\n\n"
                     "usage: pairlift VERB FILE [options]\n\n");
    for (const PlVerb *v = pl_verbs; v->name; v++)
        g_string_append_printf(s, "  %-8s %s\n", v->name, v->summary);
    g_string_append(s,
                    "\nstart here:\n"
                    "  pairlift check february.yaml    is the definition right, are the data whole?\n"
                    "  pairlift run february.yaml      did it work? report and charts in out/\n"
                    "  pairlift help definition        every key of the definition file, with an example\n\n"
                    "exit status: 0 done, 2 command line, 3 definition, 4 data, 5 system\n");
    return pl_print(s->str, error);
}

static gboolean unknown_topic(const char *topic, GError **error) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const PlVerb *v = pl_verbs; v->name; v++)
        g_ptr_array_add(names, (gpointer)v->name);
    g_ptr_array_add(names, (gpointer) "definition");
    g_ptr_array_add(names, (gpointer) "methods");
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = pl_suggest_hint(topic, (const char *const *)names->pdata, "there is help on ");
    return pl_usage_error(error, hint, "no help on \"%s\"", topic);
}

gboolean pl_verb_help(int argc, char **argv, GError **error) {
    if (argc < 2 || argv[1][0] == '-')
        return overview(error);
    const PlMethod *method = pl_method_find(argv[1]);
    g_autofree char *text = g_str_equal(argv[1], "definition") ? pl_keys_markdown()
                            : g_str_equal(argv[1], "methods")  ? pl_methods_markdown()
                            : g_str_equal(argv[1], "families") ? pl_methods_table()
                            : method                           ? pl_method_section(method)
                                                               : NULL;
    if (text)
        return pl_print(text, error);
    const PlVerb *verb = pl_verb_find(argv[1]);
    if (!verb)
        return unknown_topic(argv[1], error);
    if (verb->run == pl_verb_help)
        return overview(error);
    char *ask[] = {argv[1], (char *)"--help", NULL};
    return verb->run(2, ask, error);
}
