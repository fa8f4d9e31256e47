/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "pairlift/model/keys.h"
#include "pairlift/report/formats.h"
#include "pairlift/report/json_text.h"

/* 17 significant digits read back to the same double. */
#define DIGITS 17

static json_t *number(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

/* The only two ways into the tree. jansson gives NULL for text that is not UTF-8, which pl_json_text() rules
 * out, and where memory ends, as GLib's own allocator would; a value never goes missing without a word. */
static void put(json_t *object, const char *key, json_t *value) {
    int failed = json_object_set_new(object, key, value);
    g_assert(!failed);
}

static void add(json_t *array, json_t *value) {
    int failed = json_array_append_new(array, value);
    g_assert(!failed);
}

static json_t *texts(char **list) {
    json_t *array = json_array();
    for (; list && *list; list++)
        add(array, pl_json_text(*list));
    return array;
}

static json_t *numbers(const double *x, guint n) {
    json_t *array = json_array();
    for (guint i = 0; i < n; i++)
        add(array, number(x[i]));
    return array;
}

/* A date as text, a period number as a number. */
static json_t *day(PlDay when, PlTimeKind kind) {
    if (kind == PL_TIME_NUMBER)
        return json_integer(when);
    g_autofree char *iso = pl_day_format(when, kind);
    return pl_json_text(iso);
}

static json_t *span(const PlSpan *s, PlTimeKind kind) {
    if (!s->given)
        return json_null();
    json_t *o = json_object();
    put(o, "from", day(s->first, kind));
    put(o, "to", day(s->last, kind));
    put(o, "days", kind == PL_TIME_DATE ? json_integer((json_int_t)s->last - s->first + 1) : json_null());
    put(o, "intervals", json_integer(s->intervals));
    return o;
}

static json_t *inputs(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->inputs->len; i++) {
        const PlResultInput *in = g_ptr_array_index(r->inputs, i);
        json_t *o = json_object();
        put(o, "table", pl_json_text(in->table));
        put(o, "source", pl_json_text(in->source));
        put(o, "sha256", pl_json_text(in->sha256));
        put(o, "rows", json_integer((json_int_t)in->rows));
        put(o, "used", json_integer((json_int_t)in->used));
        add(array, o);
    }
    return array;
}

static json_t *design(const PlResult *r) {
    json_t *o = json_object();
    put(o, "kind", pl_json_text(r->groups ? "groups" : "pairs"));
    put(o, "pairs", json_integer(r->n_pairs));
    put(o, "stores", json_integer(r->n_stores));
    put(o, "treatments", texts(r->treatments));
    put(o, "interval", pl_json_text(pl_step_name(r->step, 1)));
    put(o, "before", span(&r->before, r->time_kind));
    put(o, "during", span(&r->during, r->time_kind));
    put(o, "after", span(&r->after, r->time_kind));
    put(o, "randomised",
        r->randomised == PL_RANDOMISED_UNSAID ? json_null()
                                              : json_boolean(r->randomised == PL_RANDOMISED_YES));
    return o;
}

static json_t *checks(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(r->checks, i);
        json_t *o = json_object();
        put(o, "name", pl_json_text(c->name));
        put(o, "status", pl_json_text(pl_check_status_name(c->status)));
        put(o, "value", number(c->value));
        put(o, "message", pl_json_text(c->message));
        add(array, o);
    }
    return array;
}

static json_t *estimate(const PlEstimate *e) {
    json_t *o = json_object();
    put(o, "treatment", pl_json_text(e->treatment));
    put(o, "metric", pl_json_text(e->metric));
    put(o, "period", pl_json_text(e->period));
    put(o, "method", pl_json_text(e->method));
    put(o, "scale", pl_json_text(pl_scale_names[e->scale]));
    put(o, "estimate", number(e->estimate));
    put(o, "std_error", number(e->std_error));
    put(o, "statistic", number(e->statistic));
    put(o, "df", number(e->df));
    put(o, "p_value", number(e->p_value));
    put(o, "p_adjusted", number(e->p_adjusted));
    put(o, "conf_low", number(e->conf_low));
    put(o, "conf_high", number(e->conf_high));
    put(o, "conf_level", number(e->conf_level));
    put(o, "n", json_integer(e->n));
    put(o, "deciding", json_boolean(e->deciding));
    put(o, "unit", pl_json_text(e->unit));
    put(o, "reason", pl_json_text(e->reason));
    for (guint i = 0; i < e->figures->len; i++) {
        const PlNamedNumber *figure = &g_array_index(e->figures, PlNamedNumber, i);
        put(o, figure->name, number(figure->value));
    }
    return o;
}

static json_t *estimates(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->estimates->len; i++)
        add(array, estimate(g_ptr_array_index(r->estimates, i)));
    return array;
}

static json_t *pair(const PlPairEffect *p) {
    json_t *o = json_object();
    put(o, "pair", pl_json_text(p->pair));
    put(o, "test", pl_json_text(p->test));
    put(o, "control", pl_json_text(p->control));
    put(o, "treatment", pl_json_text(p->treatment));
    put(o, "metric", pl_json_text(p->metric));
    put(o, "period", pl_json_text(p->period));
    put(o, "test_before", number(p->test_before));
    put(o, "test_during", number(p->test_during));
    put(o, "control_before", number(p->control_before));
    put(o, "control_during", number(p->control_during));
    put(o, "effect", number(p->effect));
    put(o, "correlation_before", number(p->correlation));
    put(o, "reason", pl_json_text(p->reason));
    return o;
}

static json_t *pairs(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->pairs->len; i++)
        add(array, pair(g_ptr_array_index(r->pairs, i)));
    return array;
}

static json_t *verdicts(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(r->verdicts, i);
        json_t *o = json_object();
        put(o, "treatment", pl_json_text(v->treatment));
        put(o, "metric", pl_json_text(v->metric));
        put(o, "verdict", pl_json_text(pl_verdict_name(v->kind)));
        put(o, "sentence", pl_json_text(v->sentence));
        put(o, "headline", pl_json_text(v->headline));
        add(array, o);
    }
    return array;
}

static json_t *series(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->series->len; i++) {
        const PlSeries *s = g_ptr_array_index(r->series, i);
        json_t *o = json_object(), *times = json_array();
        for (guint t = 0; t < s->n; t++)
            add(times, day(s->times[t], r->time_kind));
        put(o, "treatment", pl_json_text(s->treatment));
        put(o, "metric", pl_json_text(s->metric));
        put(o, "time", times);
        put(o, "test_index", numbers(s->test, s->n));
        put(o, "control_index", numbers(s->control, s->n));
        add(array, o);
    }
    return array;
}

static json_t *charts(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->charts->len; i++) {
        const PlChart *c = g_ptr_array_index(r->charts, i);
        json_t *o = json_object();
        put(o, "name", pl_json_text(c->name));
        put(o, "title", pl_json_text(c->title));
        put(o, "alt", pl_json_text(c->alt));
        put(o, "section", pl_json_text(c->section));
        put(o, "files", texts(c->files));
        add(array, o);
    }
    return array;
}

static const char *const amounts[] = {
    [PL_AMOUNT_LIFT] = "lift",     [PL_AMOUNT_SHARE] = "share",       [PL_AMOUNT_MONEY] = "money",
    [PL_AMOUNT_UNITS] = "units",   [PL_AMOUNT_PRICE] = "price",       [PL_AMOUNT_TOTAL] = "total",
    [PL_AMOUNT_NUMBER] = "number", [PL_AMOUNT_CHANCE] = "probability"};

static json_t *finding(const PlFinding *f) {
    json_t *o = json_object();
    put(o, "treatment", pl_json_text(f->treatment));
    put(o, "measure", pl_json_text(f->measure));
    put(o, "label", pl_json_text(f->label));
    put(o, "group", pl_json_text(f->group));
    put(o, "period", pl_json_text(f->period));
    put(o, "amount", pl_json_text(amounts[f->amount]));
    put(o, "unit", pl_json_text(f->unit));
    put(o, "estimate", number(f->value));
    put(o, "std_error", number(f->std_error));
    put(o, "conf_low", number(f->conf_low));
    put(o, "conf_high", number(f->conf_high));
    put(o, "conf_level", number(f->conf_level));
    put(o, "p_value", number(f->p_value));
    put(o, "p_adjusted", number(f->p_adjusted));
    put(o, "n", json_integer(f->n));
    put(o, "verdict", pl_json_text(f->verdict));
    put(o, "reason", pl_json_text(f->reason));
    return o;
}

/* {"rep": "Ada"} */
static json_t *group(const PlFinding *f) {
    json_t *o = json_object();
    for (guint i = 0; f->roles != NULL && f->roles[i] != NULL; i++)
        put(o, f->roles[i], pl_json_text(f->values[i]));
    return o;
}

static void put_mark(json_t *o, const PlKpiMark *mark) {
    put(o, "target", mark ? number(mark->target) : json_null());
    put(o, "status", pl_json_text(mark ? pl_kpi_status_name(mark->status) : NULL));
    put(o, "trend", pl_json_text(mark ? mark->trend : NULL));
    put(o, "sentence", pl_json_text(mark ? mark->sentence : NULL));
    put(o, "headline", json_boolean(mark && mark->headline));
    put(o, "goal", pl_json_text(mark ? mark->goal : NULL));
    put(o, "direction", pl_json_text(!mark ? NULL : mark->down ? "down" : "up"));
    put(o, "trend_periods", json_integer(mark ? mark->trend_periods : 0));
    put(o, "trend_slope", mark ? number(mark->trend_slope) : json_null());
    put(o, "trend_low", mark ? number(mark->trend_low) : json_null());
    put(o, "trend_high", mark ? number(mark->trend_high) : json_null());
    put(o, "trend_p_value", mark ? number(mark->trend_p) : json_null());
}

static json_t *kpi(const char *id, const PlFinding *f) {
    json_t *o = json_object();
    put(o, "kpi", pl_json_text(id));
    put(o, "measure", pl_json_text(f->measure));
    put(o, "label", pl_json_text(f->label));
    put(o, "group", group(f));
    put(o, "period", pl_json_text(f->period));
    put(o, "value", number(f->value));
    put(o, "conf_low", number(f->conf_low));
    put(o, "conf_high", number(f->conf_high));
    put(o, "conf_level", number(f->conf_level));
    put(o, "std_error", number(f->std_error));
    put(o, "p_value", number(f->p_value));
    put(o, "p_adjusted", number(f->p_adjusted));
    put(o, "n", json_integer(f->n));
    put(o, "amount", pl_json_text(amounts[f->amount]));
    put(o, "unit", pl_json_text(f->unit));
    put_mark(o, f->mark);
    put(o, "verdict", pl_json_text(f->verdict));
    put(o, "reason", pl_json_text(f->reason));
    return o;
}

static json_t *kpis(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->sections->len; i++) {
        const PlSection *s = g_ptr_array_index(r->sections, i);
        for (guint k = 0; s->kpi && k < s->findings->len; k++)
            add(array, kpi(s->id, g_ptr_array_index(s->findings, k)));
    }
    return array;
}

/* The findings of a section are a key of their own, as the contract has it of two of them. */
static void put_findings(json_t *root, const PlResult *r, const char *id) {
    const PlSection *s = pl_result_section(r, id);
    json_t *array = json_array();
    for (guint i = 0; s && i < s->findings->len; i++)
        add(array, finding(g_ptr_array_index(s->findings, i)));
    put(root, id, array);
}

static json_t *curve(const PlResult *r, const PlCurve *c) {
    json_t *o = json_object(), *x = json_array(), *observed = json_array();
    for (guint i = 0; i < c->n; i++) {
        add(x, c->x_is_time ? day((PlDay)c->x[i], r->time_kind) : number(c->x[i]));
        add(observed, json_boolean(!c->observed || c->observed[i]));
    }
    put(o, "treatment", pl_json_text(c->treatment));
    put(o, "name", pl_json_text(c->name));
    put(o, "group", pl_json_text(c->group));
    put(o, "title", pl_json_text(c->title));
    put(o, "steps", json_boolean(c->steps));
    put(o, "target", number(c->target));
    put(o, "x_names", c->x_names ? texts(c->x_names) : json_null());
    put(o, "x_label", pl_json_text(c->x_label));
    put(o, "y_label", pl_json_text(c->y_label));
    put(o, "x", x);
    put(o, "y", numbers(c->y, c->n));
    put(o, "low", numbers(c->low, c->n));
    put(o, "high", numbers(c->high, c->n));
    put(o, "observed", observed);
    return o;
}

static json_t *section(const PlResult *r, const PlSection *s) {
    json_t *o = json_object(), *sentences = json_array(), *curves = json_array();
    for (guint i = 0; i < s->sentences->len; i++)
        add(sentences, pl_json_text(g_ptr_array_index(s->sentences, i)));
    for (guint i = 0; i < s->curves->len; i++)
        add(curves, curve(r, g_ptr_array_index(s->curves, i)));
    put(o, "id", pl_json_text(s->id));
    put(o, "title", pl_json_text(s->title));
    put(o, "exploratory", json_boolean(s->exploratory));
    put(o, "sentences", sentences);
    put(o, "curves", curves);
    return o;
}

static json_t *sections(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->sections->len; i++)
        add(array, section(r, g_ptr_array_index(r->sections, i)));
    return array;
}

static json_t *experiment(const PlResult *r) {
    json_t *o = json_object();
    put(o, "name", pl_json_text(r->experiment));
    put(o, "title", pl_json_text(r->title));
    put(o, "question", pl_json_text(r->question));
    put(o, "goal", pl_json_text(r->goal));
    put(o, "notes", pl_json_text(r->notes));
    return o;
}

static json_t *definition(const PlResult *r) {
    json_t *o = json_object();
    put(o, "file", pl_json_text(r->definition_file));
    put(o, "sha256", pl_json_text(r->definition_sha256));
    put(o, "locked", json_false());
    return o;
}

static json_t *analysis(const PlResult *r) {
    json_t *o = json_object();
    put(o, "primary", pl_json_text(r->primary));
    put(o, "effect", pl_json_text(pl_scale_names[r->scale]));
    put(o, "threshold", r->threshold > 0 ? number(r->threshold) : json_null());
    put(o, "why_this_method", pl_json_text(r->method_choice));
    return o;
}

char *pl_report_json(const PlResult *r) {
    json_t *o = json_object();
    put(o, "pairlift", pl_json_text(r->version));
    put(o, "result_format", json_integer(1));
    put(o, "experiment", experiment(r));
    put(o, "definition", definition(r));
    put(o, "inputs", inputs(r));
    put(o, "seed", json_integer(r->seed));
    put(o, "design", design(r));
    put(o, "analysis", analysis(r));
    put(o, "checks", checks(r));
    put(o, "estimates", estimates(r));
    put(o, "pairs", pairs(r));
    put(o, "verdicts", verdicts(r));
    put_findings(o, r, "decomposition");
    put_findings(o, r, "economics");
    for (guint i = 0; i < r->sections->len; i++) {
        const PlSection *s = g_ptr_array_index(r->sections, i);
        if (!s->kpi && !g_str_equal(s->id, "decomposition") && !g_str_equal(s->id, "economics"))
            put_findings(o, r, s->id);
    }
    put(o, "sections", sections(r));
    put(o, "kpis", kpis(r));
    put(o, "series", series(r));
    put(o, "charts", charts(r));
    char *dump = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS) | JSON_ENSURE_ASCII);
    json_decref(o);
    g_assert(dump);
    char *out = g_strconcat(dump, "\n", NULL);
    free(dump);
    return out;
}
