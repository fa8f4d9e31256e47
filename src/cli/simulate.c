/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/cli/chain_definition.h"
#include "pairlift/cli/chain_tables.h"
#include "pairlift/cli/chain_texts.h"
#include "pairlift/cli/simulate_company.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/design/chain_names.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/numbers.h"
#include "pairlift/model/suggest.h"
#include "pairlift/report/folder.h"

#define MOST_ENTRIES 80

/* GOption fills static storage; every call of the verb starts from the defaults. */
static struct {
    char *name, *start, *noise, *kind, *arm_names;
    gboolean company;
    int deals; /* 0: not said */
    PlChainOptions chain;
} simulate_options;

GOptionEntry pl_simulate_entries[MOST_ENTRIES];
static char meanings[MOST_ENTRIES][128];

static void clear_options(void) {
    g_clear_pointer(&simulate_options.name, g_free);
    g_clear_pointer(&simulate_options.start, g_free);
    g_clear_pointer(&simulate_options.noise, g_free);
    g_clear_pointer(&simulate_options.kind, g_free);
    g_clear_pointer(&simulate_options.arm_names, g_free);
    g_strfreev(simulate_options.chain.arm_names);
    simulate_options.company = FALSE;
    simulate_options.deals = 0;
    simulate_options.chain = pl_chain_defaults();
}

/* The options of the table, each with its default, then those that are words. */
static void make_entries(void) {
    const GOptionEntry words[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &simulate_options.name,
         "name of the experiment (default simulation)", "NAME"},
        {"start", 0, 0, G_OPTION_ARG_STRING, &simulate_options.start, "the first day (default 2024-01-01)",
         "DATE"},
        {"noise", 0, 0, G_OPTION_ARG_STRING, &simulate_options.noise,
         "normal (default), heavy (Student's t with 3 df) or lognormal", "KIND"},
        {"kind", 0, 0, G_OPTION_ARG_STRING, &simulate_options.kind,
         "the treatment's kind: display, demo, ... (default: promotion, coupon or price)", "KIND"},
        {"arm-names", 0, 0, G_OPTION_ARG_STRING, &simulate_options.arm_names,
         "what the treatments of --arms are called (default T1,T2,...)", "A,B,..."},
        {"factorial", 0, 0, G_OPTION_ARG_NONE, &simulate_options.chain.factorial,
         "four groups: none, promo, price and both of them", NULL},
        {"attributes", 0, 0, G_OPTION_ARG_NONE, &simulate_options.chain.attributes,
         "give the stores a format and a place", NULL},
        {"company", 0, 0, G_OPTION_ARG_NONE, &simulate_options.company,
         "a company with field sales and all its tables, for kpi; with --deals, --name and --seed alone",
         NULL},
        {"deals", 0, 0, G_OPTION_ARG_INT, &simulate_options.deals,
         "with --company: deals opened in two years (default " G_STRINGIFY(PL_COMPANY_DEALS) ")", "N"},
    };
    guint n = 0;
    for (const PlChainKey *key = pl_chain_keys; key->name; key++, n++) {
        double value = pl_chain_value(&simulate_options.chain, key);
        g_snprintf(meanings[n], sizeof meanings[n], "%s (default %g)", key->meaning, value);
        pl_simulate_entries[n] = (GOptionEntry){key->name,
                                                0,
                                                0,
                                                key->whole ? G_OPTION_ARG_INT : G_OPTION_ARG_DOUBLE,
                                                G_STRUCT_MEMBER_P(&simulate_options.chain, key->offset),
                                                meanings[n],
                                                key->whole ? "N" : "X"};
    }
    memcpy(pl_simulate_entries + n, words, sizeof words);
    pl_simulate_entries[n + G_N_ELEMENTS(words)] = (GOptionEntry){0};
}

static gboolean read_words(PlChainOptions *chain, GError **error) {
    const char *name = simulate_options.name, *start = simulate_options.start,
               *noise = simulate_options.noise, *word = simulate_options.kind;
    if (name && (!*name || strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") != strlen(name)))
        return pl_usage_error(error, "letters, digits, - and _", "no --name \"%s\"", name);
    if (start && !pl_day_parse_iso(start, strlen(start), &chain->start))
        return pl_usage_error(error, "for example 2024-01-01", "no --start \"%s\"", start);
    guint kind = 0;
    while (noise && pl_noise_names[kind] && !g_str_equal(noise, pl_noise_names[kind]))
        kind++;
    if (noise && !pl_noise_names[kind]) {
        g_autofree char *hint = pl_suggest_hint(noise, pl_noise_names, "normal, heavy or lognormal: ");
        return pl_usage_error(error, hint, "no --noise \"%s\"", noise);
    }
    chain->noise = noise ? (int)kind : chain->noise;
    for (guint i = 0; word && pl_treatment_kinds[i]; i++)
        chain->kind = g_str_equal(word, pl_treatment_kinds[i]) ? pl_treatment_kinds[i] : chain->kind;
    if (word && !chain->kind) {
        g_autofree char *hint = pl_suggest_hint(word, pl_treatment_kinds, "a kind is one of ");
        return pl_usage_error(error, hint, "no --kind \"%s\"", word);
    }
    if (simulate_options.arm_names)
        chain->arm_names = g_strsplit(simulate_options.arm_names, ",", -1);
    return TRUE;
}

/* Writes everything, and then puts it where it belongs in one step. */
static gboolean write_folder(const PlChain *chain, const char *truth, const char *name, const PlOptions *o,
                             const char *out, PlChainSizes *sizes, GError **error) {
    const gint64 begun = g_get_monotonic_time();
    g_autoptr(PlFolder) folder = pl_folder_new(out, error);
    if (!folder)
        return FALSE;
    PlBar bar = pl_bar_begin(o, "simulating");
    gboolean ok =
        pl_chain_tables_write(chain, pl_folder_path(folder), pl_options_threads(o), &bar, sizes, error);
    pl_bar_end(&bar);
    for (int promoted = 0; ok && promoted <= (pl_chain_options(chain)->products > 1); promoted++) {
        g_autofree char *file = g_strdup_printf("%s%s.yaml", name, promoted ? "-promoted" : "");
        g_autofree char *text = pl_chain_definition(chain, name, promoted);
        ok = pl_folder_write(folder, file, text, error);
    }
    ok = ok && pl_folder_write(folder, "truth.json", truth, error) && pl_folder_commit(folder, error);
    if (ok)
        pl_say(o, begun, "wrote the files");
    return ok;
}

static void add_lifts(const char *of, const PlChainEffect *effect, GString *text) {
    g_autofree char *units = pl_format_effect(effect->lift[PL_TRUE_UNITS], NAN, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *revenue = pl_format_effect(effect->lift[PL_TRUE_REVENUE], NAN, PL_EFFECT_RELATIVE, NULL);
    g_string_append_printf(text, "True lift%s during the promotion: units %s, revenue %s\n", of, units,
                           revenue);
}

static gboolean print_summary(const PlChain *chain, const PlChainTruth *truth, const PlChainSizes *sizes,
                              const char *out, const char *name, GError **error) {
    const PlChainOptions *o = pl_chain_options(chain);
    g_autofree char *stores = pl_format_count((guint64)o->stores, "store", "stores");
    g_autofree char *sides = o->arms ? pl_format_count((guint64)o->arms + 1, "group", "groups")
                                     : pl_format_count((guint64)o->pairs, "pair", "pairs");
    g_autofree char *days = pl_format_count((guint64)o->days, "day", "days");
    g_autofree char *rows = pl_format_count(sizes->sales_rows, "row", "rows");
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text,
                           "Simulated %s (%s) over %s: %s of sales, %.1f MB, seed %" G_GINT64_FORMAT "\n",
                           stores, sides, days, rows, (double)sizes->bytes / 1e6, o->seed);
    for (int a = 0; a < truth->n_arms; a++) {
        char treatment[PL_CHAIN_NAME];
        pl_chain_treatment_name(chain, a + 1, treatment);
        g_autofree char *of = o->arms ? g_strconcat(" of ", treatment, NULL) : g_strdup("");
        add_lifts(of, &truth->arms[a].during[PL_SCOPE_ALL], text);
    }
    g_string_append_printf(text, "\nFiles: %s\nNext:  pairlift run %s/%s.yaml\n", out, out, name);
    return pl_print(text->str, error);
}

/* The first option that was set and is of a chain of stores, NULL: none. */
static const char *of_a_chain(void) {
    const PlChainOptions plain = pl_chain_defaults();
    const struct {
        const char *name;
        gboolean set;
    } words[] = {
        {"start", simulate_options.start != NULL},       {"noise", simulate_options.noise != NULL},
        {"kind", simulate_options.kind != NULL},         {"arm-names", simulate_options.arm_names != NULL},
        {"factorial", simulate_options.chain.factorial}, {"attributes", simulate_options.chain.attributes}};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i].set)
            return words[i].name;
    for (const PlChainKey *key = pl_chain_keys; key->name; key++)
        if (pl_chain_value(&simulate_options.chain, key) != pl_chain_value(&plain, key))
            return key->name;
    return NULL;
}

static gboolean simulate_company(const PlOptions *o, GError **error) {
    const char *other = of_a_chain();
    if (other)
        return pl_usage_error(error, "--company takes --deals, --name and --seed",
                              "--%s is of a chain of stores, not of --company", other);
    const PlCompanyOptions wanted = {o->seed >= 0 ? o->seed : 1,
                                     simulate_options.deals ? simulate_options.deals : PL_COMPANY_DEALS};
    const char *name = simulate_options.name ? simulate_options.name : "company";
    return read_words(&simulate_options.chain, error) && pl_simulate_company(&wanted, name, o, error);
}

static gboolean simulate(const PlOptions *o, GError **error) {
    PlChainOptions *wanted = &simulate_options.chain;
    if (g_strv_length(o->arguments) != 0)
        return pl_usage_error(error, "see pairlift simulate --help",
                              "simulate takes options only, not \"%s\"", o->arguments[0]);
    if (simulate_options.company)
        return simulate_company(o, error);
    if (simulate_options.deals)
        return pl_usage_error(error, "simulate --company --deals 5000", "--deals is of --company");
    if (o->seed >= 0)
        wanted->seed = o->seed;
    if (!read_words(wanted, error))
        return FALSE;
    g_autoptr(PlChain) chain = pl_chain_new(wanted, error);
    if (!chain)
        return FALSE;
    const char *name = simulate_options.name ? simulate_options.name : "simulation";
    g_autofree char *out = o->out ? g_strdup(o->out) : g_build_filename("out", name, NULL);
    const gint64 begun = g_get_monotonic_time();
    g_autoptr(PlChainTruth) truth = pl_chain_truth_new(chain, pl_options_threads(o));
    g_autofree char *json = pl_chain_truth_json(chain, truth, name);
    PlChainSizes sizes = {0};
    pl_say(o, begun, "computed the truth");
    /* as for run: --json alone is for scripts, and writes nothing anywhere */
    if ((!o->json || o->out) && !write_folder(chain, json, name, o, out, &sizes, error))
        return FALSE;
    if (o->json)
        return pl_print(json, error);
    return o->quiet || print_summary(chain, truth, &sizes, out, name, error);
}

gboolean pl_verb_simulate(int argc, char **argv, GError **error) {
    g_auto(PlOptions) o = {0};
    gboolean done = FALSE;
    clear_options();
    make_entries();
    gboolean ok = pl_verb_begin("simulate", argc, argv, &o, &done, error) && (done || simulate(&o, error));
    clear_options();
    return ok;
}
