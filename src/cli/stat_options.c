/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/stat_options.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "pairlift/cli/verbs.h"
#include "pairlift/model/numbers.h"
#include "pairlift/model/suggest.h"

#define EXAMPLE         "for example: pairlift stat paired_t data.csv --x test --y control"
#define LEAST_RESAMPLES 100
#define MOST_RESAMPLES  100000000

static const char *const alternatives[] = {"two_sided", "greater", "less", NULL};
static const char *const pairwise[] = {"off", "none", "holm", "bh", NULL};
static const char *const vcovs[] = {"default", "iid", "cr0", "cr1", "cr1s", "cr2", "cr3", NULL};
static const char *const weights[] = {"default", "rademacher", "webb", NULL};
static const char *const errors[] = {"default", "placebo", "jackknife", "bootstrap", NULL};
static const char *const spendings[] = {"obf", "pocock", NULL};
static const char *const delimiters[] = {",", ";", "tab", "\t", "|", NULL};
static const char *const decimals[] = {".", ",", NULL};

/* How the text behind an option becomes a field of PlMethodOptions; TEXT is looked at by name. */
typedef enum { TEXT, FLAG, WORD, NUMBER, COUNT } Kind;

#define FIELD(name) offsetof(PlMethodOptions, name)
#define NOWHERE     SIZE_MAX
#define EVERY       UINT_MAX

/* id, name, argument, meaning, which methods take it, kind, words, least, most, field */
#define OPTIONS(X)                                                                                           \
    X(ON, "on", "A,B,...", "columns that explain x; text columns become levels", PL_TAKES_ON, TEXT, NULL, 0, \
      0, NOWHERE)                                                                                            \
    X(ABSORB, "absorb", "A,B,...", "columns whose levels get an effect each", PL_TAKES_ABSORB, TEXT, NULL,   \
      0, 0, NOWHERE)                                                                                         \
    X(CONTROL, "control", "LEVEL",                                                                           \
      "level of --group that the others are compared with (default: the first)", PL_TAKES_CONTROL, TEXT,     \
      NULL, 0, 0, NOWHERE)                                                                                   \
    X(DURING, "during", "FROM:TO", "times under treatment, both included", PL_TAKES_DURING, TEXT, NULL, 0,   \
      0, NOWHERE)                                                                                            \
    X(INTERCEPT, "no-intercept", NULL, "the line goes through the origin", PL_TAKES_INTERCEPT, FLAG, NULL,   \
      0, 0, FIELD(no_intercept))                                                                             \
    X(EXPECTED, "expected", "A:B...", "ratio of the groups that was planned", PL_TAKES_EXPECTED, TEXT, NULL, \
      0, 0, NOWHERE)                                                                                         \
    X(PAIRWISE, "pairwise", "HOW", "add every contrast of two levels, adjusted by none, holm or bh",         \
      PL_TAKES_PAIRWISE, WORD, pairwise, 0, 0, FIELD(pairwise))                                              \
    X(VCOV, "vcov", "HOW", "standard errors: iid, cr0, cr1, cr1s, cr2 or cr3", PL_TAKES_VCOV, WORD, vcovs,   \
      0, 0, FIELD(vcov))                                                                                     \
    X(WEIGHTS, "weights", "HOW", "bootstrap weights: rademacher or webb", PL_TAKES_WEIGHTS, WORD, weights,   \
      0, 0, FIELD(weights))                                                                                  \
    X(ERRORS, "errors", "HOW", "standard errors: placebo, jackknife or bootstrap", PL_TAKES_ERRORS, WORD,    \
      errors, 0, 0, FIELD(errors))                                                                           \
    X(TRIM, "trim", "RATE", "share of pairs to trim at either end (default: chosen by the data)",            \
      PL_TAKES_TRIM, NUMBER, NULL, 0, 0.4999, FIELD(trim))                                                   \
    X(MAX_TRIM, "max-trim", "RATE", "largest share that the data may choose", PL_TAKES_TRIM, NUMBER, NULL,   \
      0, 0.4999, FIELD(max_trim))                                                                            \
    X(NULL_VALUE, "null", "VALUE", "effect to test against (default 0)", PL_TAKES_NULL, NUMBER, NULL,        \
      -1e300, 1e300, FIELD(null_value))                                                                      \
    X(PRIOR_MEAN, "prior-mean", "VALUE", "what the effect was thought to be", PL_TAKES_PRIOR, NUMBER, NULL,  \
      -1e300, 1e300, FIELD(prior_mean))                                                                      \
    X(PRIOR_SD, "prior-sd", "VALUE", "how sure that was; without it nothing is presumed", PL_TAKES_PRIOR,    \
      NUMBER, NULL, 1e-300, 1e300, FIELD(prior_sd))                                                          \
    X(LOOKS, "looks", "N", "planned looks at the data", PL_TAKES_LOOKS, COUNT, NULL, 1, 100000000,           \
      FIELD(looks))                                                                                          \
    X(SPENDING, "spending", "HOW", "how the error is spent over the looks: obf (default) or pocock",         \
      PL_TAKES_SPENDING, WORD, spendings, 0, 0, FIELD(spending))                                             \
    X(TAU, "tau", "SD", "spread of the effects thought possible", PL_TAKES_MIXTURE, NUMBER, NULL, 1e-300,    \
      1e300, FIELD(tau))                                                                                     \
    X(VARIANCE, "variance", "V", "variance of one observation (default: estimated)", PL_TAKES_MIXTURE,       \
      NUMBER, NULL, 1e-300, 1e300, FIELD(variance))                                                          \
    X(TUNED_AT, "tuned-at", "N", "observations at which to be narrowest", PL_TAKES_MIXTURE, NUMBER, NULL, 1, \
      1e15, FIELD(tuned_at))                                                                                 \
    X(ALTERNATIVE, "alternative", "WHICH", "two_sided (default), greater or less", PL_TAKES_ALTERNATIVE,     \
      WORD, alternatives, 0, 0, FIELD(inference.alternative))                                                \
    X(RESAMPLES, "resamples", "N", "random draws (default 10000)", PL_TAKES_RESAMPLES, COUNT, NULL,          \
      LEAST_RESAMPLES, MOST_RESAMPLES, FIELD(inference.resamples))                                           \
    X(CONFIDENCE, "confidence", "LEVEL", "level of the interval (default 0.95)", EVERY, TEXT, NULL, 0, 0,    \
      NOWHERE)                                                                                               \
    X(ALPHA, "alpha", "A", "the same as --confidence 1 - A", EVERY, TEXT, NULL, 0, 0, NOWHERE)               \
    X(DELIMITER, "delimiter", "CHAR", ", ; tab or | (default: read off the header)", EVERY, TEXT,            \
      delimiters, 0, 0, NOWHERE)                                                                             \
    X(DECIMAL, "decimal", "CHAR", ". (default) or ,", EVERY, TEXT, decimals, 0, 0, NOWHERE)

enum {
#define AS_ID(id, ...) OPTION_##id,
    OPTIONS(AS_ID)
#undef AS_ID
        N_OPTIONS
};

static const struct {
    const char *name, *argument;
    unsigned takes;
    Kind kind;
    const char *const *words;
    double least, most;
    size_t field;
} specs[N_OPTIONS] = {
#define AS_SPEC(id, name, argument, meaning, takes, kind, words, least, most, field)                         \
    {name, argument, takes, kind, words, least, most, field},
    OPTIONS(AS_SPEC)
#undef AS_SPEC
};

/* GOption fills static storage; every call of the verb starts from NULL. */
static char *typed[N_OPTIONS], *typed_roles[PL_N_ROLES];
static gboolean flags[N_OPTIONS];

static gboolean is_typed(guint i) {
    return typed[i] != NULL || flags[i];
}

#define ROLE(role, name, meaning)                                                                            \
    { name, 0, 0, G_OPTION_ARG_STRING, &typed_roles[role], meaning, "COLUMN" }

const GOptionEntry pl_stat_entries[] = {
    {"x", 'x', 0, G_OPTION_ARG_STRING, &typed_roles[PL_X], "column with the values, or the test side",
     "COLUMN"},
    {"y", 'y', 0, G_OPTION_ARG_STRING, &typed_roles[PL_Y], "column with the control side", "COLUMN"},
    ROLE(PL_GROUP, "group", "column that tells the groups apart"),
    ROLE(PL_UNIT, "unit", "column that names the store"),
    ROLE(PL_TIME, "time", "column with the time"),
    ROLE(PL_TREATED, "treated", "column that is 1 under treatment, else 0"),
    ROLE(PL_CLUSTER, "cluster", "column whose levels vary together"),
    ROLE(PL_PAIR, "pair", "column that names the pair"),
    ROLE(PL_PRE, "pre", "column with the value before the treatment"),
    ROLE(PL_COST, "cost", "column with the money spent"),
    ROLE(PL_PRICE, "price", "column with the price"),
    ROLE(PL_TRIALS, "n", "column with the trials, when x counts successes"),
    ROLE(PL_SE, "se", "column with the standard error of x"),
    ROLE(PL_EVENT, "event", "column that is 1 where the time ended in the event, else 0"),
#define AS_ENTRY(id, name, argument, meaning, takes, kind, ...)                                              \
    {name,                                                                                                   \
     0,                                                                                                      \
     0,                                                                                                      \
     kind == FLAG ? G_OPTION_ARG_NONE : G_OPTION_ARG_STRING,                                                 \
     kind == FLAG ? (gpointer)&flags[OPTION_##id] : (gpointer)&typed[OPTION_##id],                           \
     meaning,                                                                                                \
     argument},
    OPTIONS(AS_ENTRY)
#undef AS_ENTRY
        {0},
};

void pl_stat_options_reset(void) {
    for (guint i = 0; i < N_OPTIONS; i++) {
        g_clear_pointer(&typed[i], g_free);
        flags[i] = FALSE;
    }
    for (guint r = 0; r < PL_N_ROLES; r++)
        g_clear_pointer(&typed_roles[r], g_free);
}

void pl_stat_call_clear(PlStatCall *call) {
    g_clear_pointer(&call->on, g_strfreev);
    g_clear_pointer(&call->absorb, g_strfreev);
    g_clear_pointer(&call->expected, g_free);
}

static const GOptionEntry *entry_of(const void *storage) {
    for (const GOptionEntry *e = pl_stat_entries; e->long_name; e++)
        if (e->arg_data == storage)
            return e;
    return NULL;
}

const char *pl_stat_role_option(PlRole role) {
    return entry_of(&typed_roles[role])->long_name;
}

char *pl_stat_synopsis(const PlMethod *method) {
    GString *s = g_string_new(NULL);
    for (const PlRoleUse *use = method->roles; use->role != PL_N_ROLES; use++)
        g_string_append_printf(s, use->optional ? " [--%s COLUMN]" : " --%s COLUMN",
                               pl_stat_role_option(use->role));
    for (guint i = 0; i < N_OPTIONS; i++)
        if (specs[i].takes != EVERY && method->takes & specs[i].takes)
            g_string_append_printf(s, specs[i].argument ? " [--%s %s]" : " [--%s]", specs[i].name,
                                   specs[i].argument);
    g_string_erase(s, 0, s->len ? 1 : 0);
    return g_string_free(s, FALSE);
}

static const PlMethod *find_method(const char *id, GError **error) {
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    const PlMethod *method = pl_method_find(id);
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++)
        g_ptr_array_add(ids, (gpointer)m->id);
    g_ptr_array_add(ids, NULL);
    if (method)
        return method;
    g_autofree char *hint = pl_suggest_hint(id, (const char *const *)ids->pdata, "this version has ");
    pl_usage_error(error, hint, "no method \"%s\"", id);
    return NULL;
}

static gboolean takes_role(const PlMethod *method, guint role) {
    for (const PlRoleUse *use = method->roles; use->role != PL_N_ROLES; use++)
        if (use->role == role)
            return TRUE;
    return FALSE;
}

static gboolean not_taken(const PlMethod *method, const char *option, GError **error) {
    g_autofree char *synopsis = pl_stat_synopsis(method);
    g_autofree char *hint = g_strdup_printf("it takes %s", synopsis);
    return pl_usage_error(error, hint, "%s has no --%s", method->id, option);
}

/* Whether all that was typed is taken, and all that is needed was typed. */
static gboolean fits(const PlStatCall *call, GError **error) {
    const PlMethod *method = call->method;
    for (guint r = 0; r < PL_N_ROLES; r++)
        if (typed_roles[r] && !takes_role(method, r))
            return not_taken(method, pl_stat_role_option((PlRole)r), error);
    for (guint i = 0; i < N_OPTIONS; i++)
        if (is_typed(i) && specs[i].takes != EVERY && !(method->takes & specs[i].takes))
            return not_taken(method, specs[i].name, error);
    if (typed[OPTION_DURING] && !typed_roles[PL_TIME])
        return pl_usage_error(error, "--time names the column with the day, week or month",
                              "--during needs --time");
    if (method->design == PL_DESIGN_SERIES && !typed[OPTION_DURING] && typed_roles[PL_TIME])
        return pl_usage_error(error, "for example --during 2024-02-01:2024-02-29", "no --during given");
    for (const PlRoleUse *use = method->roles; use->role != PL_N_ROLES; use++) {
        const char *option = pl_stat_role_option(use->role);
        g_autofree char *hint = g_strdup_printf("--%s names the column with %s", option, use->meaning);
        if (!use->optional && !call->data)
            return pl_usage_error(error, EXAMPLE, "expected METHOD and DATA.csv, got 1 arguments");
        if (!use->optional && !typed_roles[use->role])
            return pl_usage_error(error, hint, "no --%s given", option);
        if (!call->data && typed_roles[use->role])
            return pl_usage_error(error, hint, "--%s names a column, but no CSV file was given", option);
    }
    return TRUE;
}

/* "a, b or c" */
static char *choice(const char *const *words) {
    GString *s = g_string_new(words[0]);
    for (guint w = 1; words[w]; w++)
        g_string_append_printf(s, "%s%s", words[w + 1] ? ", " : " or ", words[w]);
    return g_string_free(s, FALSE);
}

static gboolean read_word(guint i, const char *hint, int *field, GError **error) {
    for (int w = 0; specs[i].words[w]; w++)
        if (g_str_equal(specs[i].words[w], typed[i])) {
            *field = w;
            return TRUE;
        }
    g_autofree char *words = choice(specs[i].words);
    return pl_usage_error(error, hint ? hint : words, "no --%s \"%s\"", specs[i].name, typed[i]);
}

static gboolean read_number(guint i, double *value, GError **error) {
    if (!pl_number_parse(typed[i], strlen(typed[i]), '.', value))
        return pl_usage_error(error, NULL, "--%s \"%s\" is not a number", specs[i].name, typed[i]);
    if (*value >= specs[i].least && *value <= specs[i].most)
        return TRUE;
    return pl_usage_error(error, NULL, "--%s is %s: expected %.12g to %.12g", specs[i].name, typed[i],
                          specs[i].least, specs[i].most);
}

static gboolean read_count(guint i, size_t *count, GError **error) {
    gint64 value;
    if (!g_ascii_string_to_signed(typed[i], 10, G_MININT64, G_MAXINT64, &value, NULL))
        return pl_usage_error(error, NULL, "--%s \"%s\" is not a whole number", specs[i].name, typed[i]);
    g_autofree char *most = pl_format_number(specs[i].most, 0);
    if ((double)value < specs[i].least || (double)value > specs[i].most)
        return pl_usage_error(error, NULL, "--%s is %s: expected %.0f to %s", specs[i].name, typed[i],
                              specs[i].least, most);
    *count = (size_t)value;
    return TRUE;
}

static gboolean read_level(double *level, GError **error) {
    guint i = typed[OPTION_CONFIDENCE] ? OPTION_CONFIDENCE : OPTION_ALPHA;
    double value = 0.05;
    if (typed[OPTION_CONFIDENCE] && typed[OPTION_ALPHA])
        return pl_usage_error(error, "say one of them", "--confidence and --alpha are the same thing");
    if (typed[i] && !pl_number_parse(typed[i], strlen(typed[i]), '.', &value))
        return pl_usage_error(error, "0.95 for 95 %", "--%s \"%s\" is not a number", specs[i].name, typed[i]);
    if (!(value > 0 && value < 1))
        return pl_usage_error(error, value > 1 ? "0.95 for 95 %" : NULL,
                              "--%s is %g: expected between 0 and 1", specs[i].name, value);
    *level = i == OPTION_CONFIDENCE ? value : 1 - value;
    return TRUE;
}

static gboolean read_expected(PlStatCall *call, GError **error) {
    if (!typed[OPTION_EXPECTED])
        return TRUE;
    g_auto(GStrv) parts = g_strsplit_set(typed[OPTION_EXPECTED], ":,", -1);
    call->options.n_expected = g_strv_length(parts);
    call->expected = g_new(double, call->options.n_expected + 1);
    call->options.expected = call->expected;
    for (guint k = 0; parts[k]; k++)
        if (!pl_number_parse(parts[k], strlen(parts[k]), '.', &call->expected[k]) || call->expected[k] <= 0)
            return pl_usage_error(error, "for example --expected 1:1",
                                  "--expected \"%s\": \"%s\" is not a number above 0", typed[OPTION_EXPECTED],
                                  parts[k]);
    return TRUE;
}

static gboolean read_csv(PlCsvOptions *csv, GError **error) {
    int d = 0, p = 0;
    if (typed[OPTION_DELIMITER] && !read_word(OPTION_DELIMITER, ", ; tab or |", &d, error))
        return FALSE;
    if (typed[OPTION_DECIMAL] && !read_word(OPTION_DECIMAL, ". or ,", &p, error))
        return FALSE;
    *csv = (PlCsvOptions){typed[OPTION_DELIMITER] ? ",;\t\t|"[d] : '\0', decimals[p][0]};
    return TRUE;
}

static gboolean read_fields(PlMethodOptions *options, GError **error) {
    for (guint i = 0; i < N_OPTIONS; i++) {
        void *field = (char *)options + (specs[i].field == NOWHERE ? 0 : specs[i].field);
        if (!is_typed(i) || specs[i].field == NOWHERE)
            continue;
        if (specs[i].kind == FLAG)
            *(bool *)field = true;
        else if (specs[i].kind == WORD    ? !read_word(i, NULL, field, error)
                 : specs[i].kind == COUNT ? !read_count(i, field, error)
                                          : !read_number(i, field, error))
            return FALSE;
    }
    return TRUE;
}

static char **names_of(const char *list) {
    return list ? g_strsplit(list, ",", -1) : NULL;
}

gboolean pl_stat_call_read(const PlOptions *o, PlStatCall *call, GError **error) {
    guint n = g_strv_length(o->arguments);
    if (n < 1 || n > 2)
        return pl_usage_error(error, EXAMPLE, "expected METHOD and DATA.csv, got %u arguments", n);
    call->method = find_method(o->arguments[0], error);
    if (!call->method)
        return FALSE;
    call->data = o->arguments[1];
    for (guint r = 0; r < PL_N_ROLES; r++)
        call->roles[r] = typed_roles[r];
    call->on = names_of(typed[OPTION_ON]);
    call->absorb = names_of(typed[OPTION_ABSORB]);
    call->control = typed[OPTION_CONTROL];
    call->during = typed[OPTION_DURING];
    call->options = pl_method_options((PlInferenceOptions){
        .resamples = 10000, .seed = o->seed < 0 ? 1 : (uint64_t)o->seed, .threads = pl_options_threads(o)});
    return fits(call, error) && read_level(&call->options.inference.conf_level, error) &&
           read_fields(&call->options, error) && read_expected(call, error) && read_csv(&call->csv, error);
}
