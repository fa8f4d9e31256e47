/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "findings.h"

#include "../common/temp_folder.h"
#include "pairlift/design/chain_coupon.h"
#include "pairlift/design/chain_names.h"
#include "pairlift/effect/run.h"
#include "pairlift/io/definition.h"
#include "pairlift/io/pairs.h"

#include <math.h>
#include <string.h>

/* An interval at 95 % that holds the truth less or more often than this, by three Monte-Carlo errors, is off.
 */
#define LEAST 0.93
#define MOST  0.97

typedef struct {
    guint n, with_interval, covered;
    double error, square, truth; /* sums of value - truth, its square, and the truth */
} Tally;

static void append_pairs(const PlChain *chain, GString *text) {
    g_string_append(text, "pairs:\n");
    for (int i = 0; i < pl_chain_options(chain)->pairs; i++) {
        char test[PL_CHAIN_NAME], control[PL_CHAIN_NAME];
        pl_chain_store_name(chain, pl_chain_test(chain, i), test);
        pl_chain_store_name(chain, pl_chain_control(chain, i), control);
        g_string_append_printf(text, "  - {test: %s, control: %s}\n", test, control);
    }
}

static gboolean is_of_groups(const FindingsStudy *study) {
    return strstr(study->yaml, "assignment:") != NULL;
}

/* The same stores, as if nobody had paired them. */
static void write_groups(const PlChain *chain, const char *folder) {
    g_autoptr(GString) csv = g_string_new("store,group\n");
    for (int s = 0; s < pl_chain_options(chain)->stores; s++) {
        char name[PL_CHAIN_NAME];
        pl_chain_store_name(chain, s, name);
        g_string_append_printf(csv, "%s,%s\n", name, pl_chain_is_test(chain, s) ? "promotion" : "none");
    }
    g_free(temp_folder_write(folder, "stores.csv", csv->str));
}

/* The definition of the chain's experiment. Its pairs are written into it; the sales come as a panel. */
static PlDefinition *define(const FindingsStudy *study, const PlChain *chain, const char *folder) {
    g_autoptr(GString) text = g_string_new("experiment: study\n"
                                           "data: [{table: sales, file: sales.csv}]\n"
                                           "analysis: {resamples: 1999, methods: ");
    g_string_append(text, is_of_groups(study) ? "[welch_t]}\n" : "[paired_t]}\n");
    static const char *const names[] = {"before", "during", "after"};
    if (!strstr(study->yaml, "treatments:"))
        g_string_append(text, "treatments: [{name: promotion}]\n");
    g_string_append(text, study->yaml);
    g_string_append(text, "periods:\n");
    for (int p = PL_CHAIN_BEFORE; p <= PL_CHAIN_AFTER; p++) {
        PlChainDays days = pl_chain_period(chain, (PlChainPeriod)p);
        if (days.begin == days.end)
            continue;
        PlDay start = pl_chain_options(chain)->start;
        g_autofree char *from = pl_day_format(start + days.begin, PL_TIME_DATE),
                        *to = pl_day_format(start + days.end - 1, PL_TIME_DATE);
        g_string_append_printf(text, "  %s: {from: %s, to: %s}\n", names[p], from, to);
    }
    if (is_of_groups(study))
        write_groups(chain, folder);
    else
        append_pairs(chain, text);
    g_autofree char *path = temp_folder_write(folder, "study.yaml", text->str);
    g_autoptr(GError) error = NULL;
    PlDefinition *def = pl_definition_load(path, &error);
    if (!def || !pl_pairs_load(def, NULL, &error))
        g_error("%s", error->message);
    return def;
}

/* The table of coupons that the chain hands out. */
static PlCoupons *coupons_of(const PlChain *chain) {
    const PlChainOptions *o = pl_chain_options(chain);
    const PlChainDays during = pl_chain_period(chain, PL_CHAIN_DURING);
    PlCoupons *coupons = g_new0(PlCoupons, 1);
    g_autofree PlChainCell *cells = g_new(PlChainCell, o->products);
    coupons->rows = g_array_new(FALSE, TRUE, sizeof(PlCouponRow));
    coupons->has_distributed = coupons->has_face_value = TRUE;
    for (int store = 0; store < o->stores; store++) {
        if (!pl_chain_is_test(chain, store))
            continue;
        g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, store, 1, FALSE);
        PlChainDay day = {.cells = cells};
        for (int t = 0; t < during.end; t++) {
            pl_chain_walk_next(walk, 0, &day);
            PlCouponRow row = {(guint)store,
                               o->start + t,
                               day.distributed,
                               day.redeemed,
                               pl_chain_coupon(chain, store).cents / 100.0,
                               0};
            if (day.open && t >= during.begin)
                g_array_append_val(coupons->rows, row);
        }
    }
    return coupons;
}

static PlResult *run_chain(const FindingsStudy *study, const PlChain *chain, const char *folder,
                           guint round) {
    g_autoptr(PlDefinition) def = define(study, chain, folder);
    g_autoptr(PlPanel) panel = pl_chain_panel(chain, study_moved_is_promoted(study) ? 0 : PL_CHAIN_ALL, 1);
    g_autoptr(GError) error = NULL;
    g_auto(PlTables) tables = {0};
    def->analysis.seed = round;
    study_moved_tables(study, chain, panel, &tables);
    if (pl_chain_options(chain)->coupon > 0)
        tables.coupons = coupons_of(chain);
    PlResult *result = pl_run(def, panel, &tables, TRUE, 1, (PlStepper){0}, &error);
    if (!result)
        g_error("%s", error->message);
    return result;
}

static const PlFinding *finding_of(const PlResult *result, const Claim *claim) {
    const PlSection *section = pl_result_section(result, claim->section);
    for (guint i = 0; section && i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (!f->group && g_str_equal(f->measure, claim->measure) &&
            (!claim->period || g_strcmp0(f->period, claim->period) == 0))
            return f;
    }
    return NULL;
}

static void add(const FindingsStudy *study, const PlChain *chain, const PlResult *result, Tally *tallies) {
    PlChainTruth *truth = pl_chain_truth_new(chain, 1);
    for (guint c = 0; study->claims[c].section; c++) {
        const PlFinding *f = finding_of(result, &study->claims[c]);
        double true_value = study->claims[c].truth(chain, truth);
        if (!f || isnan(f->value))
            continue;
        Tally *tally = &tallies[c];
        tally->n++;
        /* an odds ratio is estimated, and off to both sides alike, on the scale of its logarithm */
        double error =
            g_str_has_suffix(f->measure, "_odds_ratio") ? log(f->value / true_value) : f->value - true_value;
        tally->error += error;
        tally->square += error * error;
        tally->truth += true_value;
        if (isnan(f->conf_low) || isnan(f->conf_high))
            continue;
        tally->with_interval++;
        tally->covered += f->conf_low <= true_value && true_value <= f->conf_high;
    }
    pl_chain_truth_free(truth);
}

/* Curved functions of what is estimated without bias: their mean is off, which their interval must not be. */
static gboolean is_curved(const Claim *claim) {
    static const char *const curved[] = {"best_price", "profit_change_best", NULL};
    return g_strv_contains(curved, claim->measure);
}

/* One line a claim; FALSE: it is off. */
static gboolean print_claim(const Claim *claim, size_t pairs, const Tally *t) {
    double bias = t->error / t->n, sd = sqrt(t->square / t->n - bias * bias), mc = sd / sqrt(t->n);
    double covered = (double)t->covered / t->with_interval;
    double room = 3 * sqrt(.05 * .95 / t->with_interval);
    gboolean off = t->n == 0 || !(covered >= LEAST - room && covered <= MOST + room) ||
                   (!is_curved(claim) && !(fabs(bias) <= 3 * mc));
    printf("| %zu | `%s.%s`%s%s | %u | %.5g | %.2g (%.1f) | %s%.1f%s |\n", pairs, claim->section,
           claim->measure, claim->period ? ", " : "", claim->period ? claim->period : "", t->n,
           t->truth / t->n, bias, bias / mc, off ? "**" : "", 100 * covered, off ? "**" : "");
    return !off;
}

gboolean findings_study_print(const FindingsStudy *study, guint simulations) {
    guint rounds = MAX((guint)(simulations * study->share), 20), n_claims = 0;
    gboolean ok = TRUE;
    char *folder = temp_folder_new();
    while (study->claims[n_claims].section)
        n_claims++;
    printf(
        "\n## %s\n\n%s\n\n%u chains a row. Bias: the mean of estimate minus truth, and in brackets how many "
        "Monte-Carlo errors that is.\n\n| pairs | finding | chains | true mean | bias | coverage of 95 %% |\n"
        "|---|---|---|---|---|---|\n",
        study->title, study->says, rounds);
    for (const size_t *size = study->sizes; *size; size++) {
        g_autofree Tally *tallies = g_new0(Tally, n_claims);
        for (guint round = 0; round < rounds; round++) {
            PlChainOptions o = pl_chain_defaults();
            o.seed = (gint64)(round * 1000 + *size);
            o.pairs = (int)*size;
            o.stores = 2 * o.pairs;
            o.whole = FALSE;
            if (study->set)
                study->set(&o);
            g_autoptr(PlChain) chain = pl_chain_new(&o, NULL);
            g_autoptr(PlResult) result = run_chain(study, chain, folder, round);
            add(study, chain, result, tallies);
        }
        for (guint c = 0; c < n_claims; c++)
            ok = print_claim(&study->claims[c], *size, &tallies[c]) && ok;
        fflush(stdout);
    }
    temp_folder_remove(folder);
    return ok;
}
