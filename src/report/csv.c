/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/keys.h"
#include "pairlift/report/formats.h"

/* Quoted where RFC 4180 asks for it. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front: a cell from the data never becomes a formula. */
static void text(GString *s, const char *value) {
    const char *v = value ? value : "";
    gboolean formula = strchr("=+-@\t\r", v[0]) && v[0];
    gboolean quote = strpbrk(v, ",\"\r\n") != NULL;
    if (quote)
        g_string_append_c(s, '"');
    if (formula)
        g_string_append_c(s, '\'');
    for (; *v; v++) {
        if (*v == '"')
            g_string_append_c(s, '"');
        g_string_append_c(s, *v);
    }
    if (quote)
        g_string_append_c(s, '"');
    g_string_append_c(s, ',');
}

/* 17 significant digits read back to the same double; absent is empty. */
static void number(GString *s, double x) {
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (isfinite(x))
        g_string_append(s, g_ascii_dtostr(buffer, sizeof buffer, x));
    g_string_append_c(s, ',');
}

static void end_row(GString *s) {
    s->str[s->len - 1] = '\n';
}

char *pl_report_estimates_csv(const PlResult *r) {
    GString *s = g_string_new(
        "treatment,metric,period,method,scale,estimate,std_error,statistic,df,p_value,p_adjusted,"
        "conf_low,conf_high,conf_level,n,deciding,reason\n");
    for (guint i = 0; i < r->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(r->estimates, i);
        const double numbers[] = {e->estimate,   e->std_error, e->statistic, e->df,        e->p_value,
                                  e->p_adjusted, e->conf_low,  e->conf_high, e->conf_level};
        text(s, e->treatment);
        text(s, e->metric);
        text(s, e->period);
        text(s, e->method);
        text(s, pl_scale_names[e->scale]);
        for (guint k = 0; k < G_N_ELEMENTS(numbers); k++)
            number(s, numbers[k]);
        g_string_append_printf(s, "%u,%s,", e->n, e->deciding ? "true" : "false");
        text(s, e->reason);
        end_row(s);
    }
    return g_string_free(s, FALSE);
}

char *pl_report_pairs_csv(const PlResult *r) {
    GString *s =
        g_string_new("pair,test,control,treatment,metric,period,test_before,test_during,control_before,"
                     "control_during,effect,correlation_before,reason\n");
    for (guint i = 0; i < r->pairs->len; i++) {
        const PlPairEffect *p = g_ptr_array_index(r->pairs, i);
        text(s, p->pair);
        text(s, p->test);
        text(s, p->control);
        text(s, p->treatment);
        text(s, p->metric);
        text(s, p->period);
        number(s, p->test_before);
        number(s, p->test_during);
        number(s, p->control_before);
        number(s, p->control_during);
        number(s, p->effect);
        number(s, p->correlation);
        text(s, p->reason);
        end_row(s);
    }
    return g_string_free(s, FALSE);
}

static void kpi_row(GString *s, const char *id, const PlFinding *f) {
    const double numbers[] = {f->value,     f->conf_low, f->conf_high, f->conf_level,
                              f->std_error, f->p_value,  f->p_adjusted};
    g_autofree char *roles = f->roles ? g_strjoinv(", ", f->roles) : NULL;
    const PlKpiMark *mark = f->mark;
    text(s, id);
    text(s, f->measure);
    text(s, roles);
    text(s, f->group);
    text(s, f->period);
    for (guint k = 0; k < G_N_ELEMENTS(numbers); k++)
        number(s, numbers[k]);
    g_string_append_printf(s, "%u,", f->n);
    text(s, f->unit);
    number(s, mark ? mark->target : NAN);
    text(s, mark ? pl_kpi_status_name(mark->status) : NULL);
    text(s, mark ? mark->trend : NULL);
    text(s, mark ? mark->sentence : NULL);
    text(s, f->reason);
    end_row(s);
}

char *pl_report_kpis_csv(const PlResult *r) {
    GString *s =
        g_string_new("kpi,measure,by,group,period,value,conf_low,conf_high,conf_level,std_error,p_value,"
                     "p_adjusted,n,unit,target,status,trend,sentence,reason\n");
    for (guint i = 0; i < r->sections->len; i++) {
        const PlSection *section = g_ptr_array_index(r->sections, i);
        for (guint k = 0; section->kpi && k < section->findings->len; k++)
            kpi_row(s, section->id, g_ptr_array_index(section->findings, k));
    }
    return g_string_free(s, FALSE);
}
