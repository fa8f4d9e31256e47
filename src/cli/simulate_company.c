/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/simulate_company.h"

#include "pairlift/cli/company_tables.h"
#include "pairlift/cli/company_texts.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/model/numbers.h"
#include "pairlift/report/folder.h"

static gboolean write_folder(const PlCompany *c, const char *truth, const char *name, const PlOptions *o,
                             const char *out, PlCompanySizes *sizes, GError **error) {
    const gint64 begun = g_get_monotonic_time();
    g_autoptr(PlFolder) folder = pl_folder_new(out, error);
    if (!folder)
        return FALSE;
    PlBar bar = pl_bar_begin(o, "writing");
    const gboolean written = pl_company_tables_write(c, pl_folder_path(folder), &bar, sizes, error);
    pl_bar_end(&bar);
    g_autofree char *file = g_strconcat(name, ".yaml", NULL);
    g_autofree char *definition = pl_company_definition(c, name);
    const gboolean ok = written && pl_folder_write(folder, file, definition, error) &&
                        pl_folder_write(folder, "truth.json", truth, error) &&
                        pl_folder_commit(folder, error);
    if (ok)
        pl_say(o, begun, "wrote the files");
    return ok;
}

static gboolean print_summary(const PlCompany *c, const PlCompanySizes *sizes, const char *out,
                              const char *name, GError **error) {
    g_autofree char *rows = pl_format_count(sizes->rows, "row", "rows");
    g_autofree char *customers = pl_format_count(c->customers->len, "customer", "customers");
    g_autofree char *deals = pl_format_count(c->deals->len, "deal", "deals");
    g_autofree char *orders = pl_format_count(c->orders->len, "order", "orders");
    g_autofree char *contacts = pl_format_count(c->contacts->len, "contact", "contacts");
    g_autofree char *text =
        g_strdup_printf("Simulated a company over two years: %s, %s, %s, %s; %s in all, %.1f MB, "
                        "seed %" G_GINT64_FORMAT "\n\nFiles: %s\nNext:  pairlift kpi %s/%s.yaml\n",
                        deals, customers, contacts, orders, rows, (double)sizes->bytes / 1e6, c->options.seed,
                        out, out, name);
    return pl_print(text, error);
}

gboolean pl_simulate_company(const PlCompanyOptions *wanted, const char *name, const PlOptions *o,
                             GError **error) {
    const gint64 begun = g_get_monotonic_time();
    g_autofree char *out = o->out ? g_strdup(o->out) : g_build_filename("out", name, NULL);
    PlCompanySizes sizes = {0};
    g_autoptr(PlCompany) c = pl_company_new(wanted, error);
    if (!c)
        return FALSE;
    g_autofree char *truth = pl_company_truth_json(c, name);
    pl_say(o, begun, "computed the truth");
    /* as for a chain: --json alone writes nothing anywhere */
    if ((!o->json || o->out) && !write_folder(c, truth, name, o, out, &sizes, error))
        return FALSE;
    if (o->json)
        return pl_print(truth, error);
    return o->quiet || print_summary(c, &sizes, out, name, error);
}
