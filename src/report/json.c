/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>

#include "pairlift/model/keys.h"
#include "pairlift/report/formats.h"

/* 17 significant digits read back to the same double. */
#define DIGITS 17

static json_t *number(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *text(const char *s) {
    return s ? json_string(s) : json_null();
}

static json_t *texts(char **list) {
    json_t *array = json_array();
    for (; list && *list; list++)
        json_array_append_new(array, json_string(*list));
    return array;
}

static json_t *numbers(const double *x, guint n) {
    json_t *array = json_array();
    for (guint i = 0; i < n; i++)
        json_array_append_new(array, number(x[i]));
    return array;
}

/* A date as text, a period number as a number. */
static json_t *day(PlDay when, PlTimeKind kind) {
    if (kind == PL_TIME_NUMBER)
        return json_integer(when);
    g_autofree char *iso = pl_day_format(when, kind);
    return json_string(iso);
}

static json_t *span(const PlSpan *s, PlTimeKind kind) {
    if (!s->given)
        return json_null();
    return json_pack("{s:o, s:o, s:i, s:i}", "from", day(s->first, kind), "to", day(s->last, kind), "days",
                     (int)(s->last - s->first + 1), "intervals", (int)s->intervals);
}

static json_t *inputs(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->inputs->len; i++) {
        const PlResultInput *in = g_ptr_array_index(r->inputs, i);
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:I, s:I}", "table", in->table, "source",
                                               in->source, "sha256", in->sha256, "rows", (json_int_t)in->rows,
                                               "used", (json_int_t)in->used));
    }
    return array;
}

static json_t *design(const PlResult *r) {
    return json_pack("{s:s, s:i, s:i, s:o, s:s, s:o, s:o, s:o, s:o}", "kind", "pairs", "pairs",
                     (int)r->n_pairs, "stores", (int)r->n_stores, "treatments", texts(r->treatments),
                     "interval", pl_step_name(r->step, 1), "before", span(&r->before, r->time_kind), "during",
                     span(&r->during, r->time_kind), "after", span(&r->after, r->time_kind), "randomised",
                     r->randomised == PL_RANDOMISED_UNSAID
                         ? json_null()
                         : json_boolean(r->randomised == PL_RANDOMISED_YES));
}

static json_t *checks(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(r->checks, i);
        json_array_append_new(array, json_pack("{s:s, s:s, s:o, s:s}", "name", c->name, "status",
                                               pl_check_status_name(c->status), "value", number(c->value),
                                               "message", c->message));
    }
    return array;
}

static json_t *estimate(const PlEstimate *e) {
    json_t *o = json_object();
    json_object_set_new(o, "treatment", text(e->treatment));
    json_object_set_new(o, "metric", text(e->metric));
    json_object_set_new(o, "period", text(e->period));
    json_object_set_new(o, "method", text(e->method));
    json_object_set_new(o, "scale", json_string(pl_scale_names[e->scale]));
    json_object_set_new(o, "estimate", number(e->estimate));
    json_object_set_new(o, "std_error", number(e->std_error));
    json_object_set_new(o, "statistic", number(e->statistic));
    json_object_set_new(o, "df", number(e->df));
    json_object_set_new(o, "p_value", number(e->p_value));
    json_object_set_new(o, "p_adjusted", number(e->p_adjusted));
    json_object_set_new(o, "conf_low", number(e->conf_low));
    json_object_set_new(o, "conf_high", number(e->conf_high));
    json_object_set_new(o, "conf_level", number(e->conf_level));
    json_object_set_new(o, "n", json_integer(e->n));
    json_object_set_new(o, "deciding", json_boolean(e->deciding));
    json_object_set_new(o, "unit", text(e->unit));
    json_object_set_new(o, "reason", text(e->reason));
    return o;
}

static json_t *estimates(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->estimates->len; i++)
        json_array_append_new(array, estimate(g_ptr_array_index(r->estimates, i)));
    return array;
}

static json_t *pair(const PlPairEffect *p) {
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "pair",
                     text(p->pair), "test", text(p->test), "control", text(p->control), "treatment",
                     text(p->treatment), "metric", text(p->metric), "period", text(p->period), "test_before",
                     number(p->test_before), "test_during", number(p->test_during), "control_before",
                     number(p->control_before), "control_during", number(p->control_during), "effect",
                     number(p->effect), "correlation_before", number(p->correlation), "reason",
                     text(p->reason));
}

static json_t *pairs(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->pairs->len; i++)
        json_array_append_new(array, pair(g_ptr_array_index(r->pairs, i)));
    return array;
}

static json_t *verdicts(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(r->verdicts, i);
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:s}", "treatment", v->treatment,
                                               "metric", v->metric, "verdict", pl_verdict_name(v->kind),
                                               "sentence", v->sentence, "headline", v->headline));
    }
    return array;
}

static json_t *series(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->series->len; i++) {
        const PlSeries *s = g_ptr_array_index(r->series, i);
        json_t *times = json_array();
        for (guint t = 0; t < s->n; t++)
            json_array_append_new(times, day(s->times[t], r->time_kind));
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:o, s:o, s:o}", "treatment", s->treatment, "metric",
                                        s->metric, "time", times, "test_index", numbers(s->test, s->n),
                                        "control_index", numbers(s->control, s->n)));
    }
    return array;
}

static json_t *charts(const PlResult *r) {
    json_t *array = json_array();
    for (guint i = 0; i < r->charts->len; i++) {
        const PlChart *c = g_ptr_array_index(r->charts, i);
        json_array_append_new(array, json_pack("{s:s, s:s, s:s?, s:o}", "name", c->name, "title", c->title,
                                               "alt", c->alt, "files", texts(c->files)));
    }
    return array;
}

char *pl_report_json(const PlResult *r) {
    json_t *o = json_object();
    json_object_set_new(o, "pairlift", text(r->version));
    json_object_set_new(o, "result_format", json_integer(1));
    json_object_set_new(o, "experiment",
                        json_pack("{s:s?, s:s?, s:s?, s:s?, s:s?}", "name", r->experiment, "title", r->title,
                                  "question", r->question, "goal", r->goal, "notes", r->notes));
    json_object_set_new(o, "definition",
                        json_pack("{s:s?, s:s?, s:b}", "file", r->definition_file, "sha256",
                                  r->definition_sha256, "locked", 0));
    json_object_set_new(o, "inputs", inputs(r));
    json_object_set_new(o, "seed", json_integer(r->seed));
    json_object_set_new(o, "design", design(r));
    json_object_set_new(o, "analysis",
                        json_pack("{s:s?, s:s, s:o, s:s?}", "primary", r->primary, "effect",
                                  pl_scale_names[r->scale], "threshold",
                                  r->threshold > 0 ? json_real(r->threshold) : json_null(), "why_this_method",
                                  r->method_choice));
    json_object_set_new(o, "checks", checks(r));
    json_object_set_new(o, "estimates", estimates(r));
    json_object_set_new(o, "pairs", pairs(r));
    json_object_set_new(o, "verdicts", verdicts(r));
    json_object_set_new(o, "decomposition", json_array());
    json_object_set_new(o, "economics", json_array());
    json_object_set_new(o, "kpis", json_array());
    json_object_set_new(o, "series", series(r));
    json_object_set_new(o, "charts", charts(r));
    char *dump = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS) | JSON_ENSURE_ASCII);
    json_decref(o);
    char *out = g_strconcat(dump, "\n", NULL);
    free(dump);
    return out;
}
