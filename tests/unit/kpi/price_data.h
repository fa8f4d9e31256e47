/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "kpi_text.h"

/* The two tables of the KPI "competitive_price" derived from real data sets that have both prices in one row.
 */

typedef struct {
    char **lines;  /* [0]: the header */
    char **header; /* names without quotes */
} PriceFile;

static inline char *without_quotes(const char *line) {
    char *bare = g_strdup(line), *to = bare;
    for (const char *from = bare; *from != '\0'; from++)
        if (*from != '"' && *from != '\r')
            *to++ = *from;
    *to = '\0';
    return bare;
}

/* As g_strsplit, whose search the sanitizers make one through the whole text for every line. */
static inline char **lines_of(const char *text) {
    GPtrArray *lines = g_ptr_array_new();
    const char *end = text + strlen(text);
    while (text < end) {
        const char *stop = memchr(text, '\n', (gsize)(end - text));
        stop = stop != NULL ? stop : end;
        g_ptr_array_add(lines, g_strndup(text, (gsize)(stop - text)));
        text = stop + 1;
    }
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

/* Skips the test where the shared data are not there. */
static inline PriceFile price_file(const char *name) {
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    g_autofree char *path = g_build_filename(shared != NULL ? shared : "../shared", "data", name, NULL);
    g_autofree char *text = NULL;
    PriceFile f = {0};
    if (!g_file_get_contents(path, &text, NULL, NULL))
        cr_skip_test("no %s", path);
    f.lines = lines_of(text);
    g_autofree char *bare = without_quotes(f.lines[0]);
    f.header = g_strsplit(bare, ",", -1);
    return f;
}

static inline void price_file_clear(PriceFile *f) {
    g_strfreev(f->lines);
    g_strfreev(f->header);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PriceFile, price_file_clear)

/* The cell of a row's column; NULL: the row is none. */
static inline const char *price_cell(const PriceFile *f, char **cells, const char *name) {
    for (guint c = 0; f->header[c] != NULL; c++)
        if (strcmp(f->header[c], name) == 0)
            return c < g_strv_length(cells) ? cells[c] : NULL;
    cr_assert(0, "no column %s", name);
    return NULL;
}

/* Products by month, three competitors. */
static inline KpiText retail_prices(const char *kpis) {
    g_auto(PriceFile) f = price_file("retail_price_comp/retail_price.csv");
    g_autoptr(GString) sales = g_string_new("date,product,category,units,revenue,price\n"),
                       others = g_string_new("date,product,competitor,price\n");
    for (char **line = f.lines + 1; *line != NULL; line++) {
        g_autofree char *bare = without_quotes(*line);
        g_auto(GStrv) cells = g_strsplit(bare, ",", -1);
        if (g_strv_length(cells) < 2)
            continue;
        const char *date = price_cell(&f, cells, "month_year"),
                   *product = price_cell(&f, cells, "product_id");
        g_string_append_printf(sales, "%s,%s,%s,%s,%s,%s\n", date, product,
                               price_cell(&f, cells, "product_category_name"), price_cell(&f, cells, "qty"),
                               price_cell(&f, cells, "total_price"), price_cell(&f, cells, "unit_price"));
        for (char k = '1'; k <= '3'; k++) {
            const char name[] = {'c', 'o', 'm', 'p', '_', k, '\0'};
            g_string_append_printf(others, "%s,%s,%s,%s\n", date, product, name, price_cell(&f, cells, name));
        }
    }
    g_autofree char *yaml =
        g_strdup_printf("experiment: retail-price\n"
                        "data:\n"
                        "  - {table: sales, file: sales.csv, date_format: \"%%d-%%m-%%Y\"}\n"
                        "  - {table: competitor_prices, file: others.csv, date_format: \"%%d-%%m-%%Y\"}\n"
                        "%s",
                        kpis);
    return kpi_text(yaml, "sales.csv", sales->str, "others.csv", others->str, NULL);
}

/* Orange juice by store and week: all brands sold, or the first only; brands 2 and 5 as competitors of the
 * first. */
static inline KpiText juice_prices(gboolean all, const char *kpis) {
    g_auto(PriceFile) f = price_file("bayesm_orangejuice/oj_yx.csv");
    g_autoptr(GString) sales = g_string_new("store,date,product,units,price\n"),
                       others = g_string_new("store,date,product,competitor,price\n");
    for (char **line = f.lines + 1; *line != NULL; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", -1);
        if (g_strv_length(cells) < 2)
            continue;
        const char *brand = price_cell(&f, cells, "brand"), *store = price_cell(&f, cells, "store"),
                   *week = price_cell(&f, cells, "week");
        g_autofree char *own = g_strconcat("price", brand, NULL);
        if (!all && strcmp(brand, "1") != 0)
            continue;
        g_string_append_printf(sales, "%s,%s,brand%s,%.17g,%s\n", store, week, brand,
                               exp(g_ascii_strtod(price_cell(&f, cells, "logmove"), NULL)),
                               price_cell(&f, cells, own));
        if (strcmp(brand, "1") == 0)
            g_string_append_printf(others, "%s,%s,brand1,brand2,%s\n%s,%s,brand1,brand5,%s\n", store, week,
                                   price_cell(&f, cells, "price2"), store, week,
                                   price_cell(&f, cells, "price5"));
    }
    g_autofree char *yaml = g_strdup_printf(
        "experiment: juice\n"
        "data:\n"
        "  - {table: sales, file: sales.csv, date_format: number, columns: {date: week}}\n"
        "  - {table: competitor_prices, file: others.csv, date_format: number, columns: {date: "
        "week}}\n"
        "%s",
        kpis);
    g_string_replace(sales, "store,date", "store,week", 1);
    g_string_replace(others, "store,date", "store,week", 1);
    return kpi_text(yaml, "sales.csv", sales->str, "others.csv", others->str, NULL);
}
