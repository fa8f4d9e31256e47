/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/numbers.h"
#include "pairlift/report/formats.h"
#include "pairlift/report/kpi_markdown.h"
#include "pairlift/report/markdown_text.h"
#include "pairlift/report/words.h"

static void head(GString *out, const PlResult *r) {
    pl_markdown_line(out, "# ", r->title, "\n\n");
    if (r->question)
        pl_markdown_line(out, "**Question:** ", r->question, "\n\n");
    if (r->goal)
        pl_markdown_line(out, "**Goal:** ", r->goal, "\n\n");
    g_autofree char *design = r->kpi_report ? NULL : pl_words_design(r);
    if (design)
        pl_markdown_line(out, "", design, ".\n\n");
    if (r->notes)
        pl_markdown_line(out, "", r->notes, "\n\n");
}

static void verdicts(GString *out, const PlResult *r) {
    for (guint i = 0; i < r->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(r->verdicts, i);
        if (r->verdicts->len > 1)
            pl_markdown_line(out, "## Verdict on ", v->treatment, ": ");
        else
            g_string_append(out, "## Verdict: ");
        pl_markdown_line(out, "", pl_verdict_name(v->kind), "\n\n");
        pl_markdown_line(out, "", v->sentence, "\n\n");
    }
}

static gboolean is_picture(const char *file) {
    return g_str_has_suffix(file, ".svg") || g_str_has_suffix(file, ".png");
}

static void charts(GString *out, const PlResult *r) {
    gboolean drawn = FALSE;
    for (guint i = 0; i < r->charts->len; i++) {
        const PlChart *c = g_ptr_array_index(r->charts, i);
        if (!is_picture(c->files[0]))
            continue;
        drawn = TRUE;
        if (c->section) /* stands there */
            continue;
        pl_markdown_line(out, "![", c->alt ? c->alt : c->title, "](");
        g_string_append_printf(out, "%s)\n\n", c->files[0]);
    }
    if (r->charts->len && !drawn)
        g_string_append(out,
                        "The charts are not drawn: gnuplot is not installed (package gnuplot-nox). Their "
                        "scripts and data are in `charts/`.\n\n");
}

static void estimate_row(GString *out, const PlEstimate *e, const char *label) {
    g_autofree char *effect = pl_words_effect(e), *interval = pl_words_interval(e), *p = pl_words_p(e);
    g_string_append_c(out, '|');
    pl_markdown_cell(out, label);
    pl_markdown_cell(out, effect);
    pl_markdown_cell(out, interval);
    pl_markdown_cell(out, p);
    g_string_append_printf(out, " %u |", e->n);
    pl_markdown_cell(out, e->deciding && !e->reason ? "decides" : e->reason);
    g_string_append_c(out, '\n');
}

/* The head of a table of estimates, whose first column is `of`. */
static void estimates_head(GString *out, const PlResult *r, const char *of) {
    g_string_append_printf(out, "| %s | effect | interval | p | %s | |\n|---|---|---|---|---|---|\n", of,
                           r->groups ? "stores" : "pairs");
}

static void estimates(GString *out, const PlResult *r) {
    const PlEstimate *deciding = pl_result_deciding(r, NULL);
    for (char **t = r->treatments; t && *t && deciding; t++) {
        g_autofree char *title = pl_words_methods_title(r, *t);
        pl_markdown_line(out, "## ", title, "\n\n");
        estimates_head(out, r, "method");
        for (guint i = 0; i < r->estimates->len; i++) {
            const PlEstimate *e = g_ptr_array_index(r->estimates, i);
            if (pl_words_is_main(r, e) && g_str_equal(e->treatment, *t))
                estimate_row(out, e, e->method);
        }
        g_string_append_c(out, '\n');
    }
    if (deciding)
        pl_markdown_line(out, "", r->method_choice, ".\n\n");
}

static void others(GString *out, const PlResult *r) {
    const PlEstimate *deciding = pl_result_deciding(r, NULL);
    gboolean any = FALSE;
    for (guint i = 0; deciding && i < r->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(r->estimates, i);
        if (pl_words_is_main(r, e) || !g_str_equal(e->method, deciding->method))
            continue;
        if (!any) {
            pl_markdown_line(out, "## What else was measured (", deciding->method, ")\n\n");
            estimates_head(out, r, "metric");
        }
        any = TRUE;
        g_autofree char *label = pl_words_other_label(r, e);
        estimate_row(out, e, label);
    }
    if (any)
        g_string_append_c(out, '\n');
}

static void finding_row(GString *out, const PlResult *r, const PlFinding *f) {
    g_autofree char *label = pl_words_finding_label(r, f), *value = pl_words_finding_value(f),
                    *interval = pl_words_finding_interval(f), *p = pl_words_finding_p(f);
    g_autofree char *remark =
        g_strdup_printf("%s%s%s", f->verdict ? f->verdict : "", f->verdict && f->reason ? ": " : "",
                        f->reason ? f->reason : "");
    const char *cells[] = {label, value, interval, p, remark};
    g_string_append_c(out, '|');
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
        pl_markdown_cell(out, cells[i]);
    g_string_append_c(out, '\n');
}

/* Rows of a section that a reader goes through; result.json has all. */
enum { ROWS_SHOWN = 100 };

static void sections(GString *out, const PlResult *r) {
    for (guint i = 0; i < r->sections->len; i++) {
        const PlSection *s = g_ptr_array_index(r->sections, i);
        if (s->kpi)
            continue;
        pl_markdown_line(out, "## ", s->title, s->exploratory ? " (exploratory)\n\n" : "\n\n");
        for (guint k = 0; k < s->sentences->len; k++)
            pl_markdown_line(out, "", g_ptr_array_index(s->sentences, k), "\n\n");
        if (s->findings->len)
            g_string_append(out, "| | value | interval | p | |\n|---|---|---|---|---|\n");
        for (guint k = 0; k < MIN(s->findings->len, ROWS_SHOWN); k++)
            finding_row(out, r, g_ptr_array_index(s->findings, k));
        if (s->findings->len > ROWS_SHOWN)
            g_string_append_printf(out, "\n... and %u more rows in result.json\n",
                                   s->findings->len - ROWS_SHOWN);
        if (s->findings->len)
            g_string_append_c(out, '\n');
    }
}

static void checks(GString *out, const PlResult *r) {
    g_string_append(out, "## Checks\n\n| | check | |\n|---|---|---|\n");
    for (guint i = 0; i < r->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(r->checks, i);
        g_string_append_c(out, '|');
        pl_markdown_cell(out, pl_check_status_name(c->status));
        pl_markdown_cell(out, c->name);
        pl_markdown_cell(out, c->message);
        g_string_append_c(out, '\n');
    }
    g_string_append_c(out, '\n');
}

static void reproduce(GString *out, const PlResult *r) {
    g_string_append(out, "## How to get this again\n\n");
    pl_markdown_line(out, "- pairlift ", r->version, ", ");
    g_string_append_printf(out, "seed %" G_GINT64_FORMAT "\n", r->seed);
    pl_markdown_line(out, "- definition ", r->definition_file, ", sha256 ");
    g_string_append_printf(out, "%s\n", r->definition_sha256);
    for (guint i = 0; i < r->inputs->len; i++) {
        const PlResultInput *in = g_ptr_array_index(r->inputs, i);
        pl_markdown_line(out, "- ", in->source, ", ");
        g_autofree char *rows = pl_format_count(in->rows, "row", "rows"),
                        *used = pl_format_number((double)in->used, 0);
        g_string_append_printf(out, "%s read, %s used, sha256 %s\n", rows, used, in->sha256);
    }
    if (r->kpi_report) {
        g_string_append(out,
                        "\nEvery number is in `result.json` and `kpis.csv`, each chart's script and data "
                        "in `charts/`.\n");
        return;
    }
    g_string_append(out,
                    "\nEvery number is in `result.json`; the estimates are in `estimates.csv`, the pairs in "
                    "`pairs.csv`, and each chart's script and data in `charts/`.\n");
}

char *pl_report_markdown(const PlResult *r) {
    GString *out = g_string_new(NULL);
    head(out, r);
    verdicts(out, r);
    sections(out, r);
    charts(out, r);
    estimates(out, r);
    others(out, r);
    pl_kpi_markdown(out, r);
    checks(out, r);
    reproduce(out, r);
    return g_string_free(out, FALSE);
}
