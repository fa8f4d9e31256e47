/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/company_tables.h"

#include <math.h>

#include "pairlift/io/file_writer.h"

#define FLUSH_BYTES (1 << 20)
#define HUNDREDTHS  100
#define SPREAD      0.6         /* degrees that branches lie around the middle of their region */
#define GOLDEN      0.618033989 /* turns between neighbours, so that no two branches share a place */

/* A file on its way: text is gathered in one buffer while the other one is written. */
typedef struct {
    const PlCompany *company;
    PlFileWriter *writer;
    GString *buffer[PL_FILE_WRITER_BUFFERS];
    PlPiece piece[PL_FILE_WRITER_BUFFERS];
    guint turn;
    guint64 rows;
    char (*dates)[16]; /* [days from the first to the last] */
} Out;

typedef void (*WriteRow)(Out *out, guint i);

static GString *text(Out *out) {
    return out->buffer[out->turn];
}

static void send(Out *out) {
    out->piece[out->turn] = (PlPiece){text(out)->str, text(out)->len};
    pl_file_writer_send(out->writer, &out->piece[out->turn], 1);
    out->turn = (out->turn + 1) % PL_FILE_WRITER_BUFFERS;
}

static const char *date(const Out *out, PlDay day) {
    return day > pl_company_last() ? "" : out->dates[day - pl_company_first()];
}

static void id(GString *s, char letter, guint index, guint count, const char *after) {
    char name[PL_COMPANY_ID];
    pl_company_id(letter, index, count, name);
    g_string_append(s, name);
    g_string_append(s, after);
}

void pl_company_id(char letter, guint index, guint count, char name[PL_COMPANY_ID]) {
    int width = 1;
    for (guint n = count; n >= 10; n /= 10)
        width++;
    g_snprintf(name, PL_COMPANY_ID, "%c%0*u", letter, width, index + 1);
}

static void store_name(GString *s, int store, const char *after) {
    char name[PL_COMPANY_NAME];
    pl_company_store_name(store, name);
    g_string_append(s, name);
    g_string_append(s, after);
}

static void money(GString *s, gint64 cents, const char *after) {
    g_string_append_printf(s, "%" G_GINT64_FORMAT ".%02d%s", cents / HUNDREDTHS, (int)(cents % HUNDREDTHS),
                           after);
}

static void write_sale(Out *out, guint i) {
    const PlCompanySale *sale = &g_array_index(out->company->sales, PlCompanySale, i);
    const PlCompanyProduct *product = &pl_company_products[sale->product];
    GString *s = text(out);
    store_name(s, sale->store, ",");
    g_string_append_printf(s, "%s,%s,%s,%s,", date(out, pl_company_month_day(sale->month)), product->name,
                           product->category, pl_company_store_is_online(sale->store) ? "online" : "store");
    money(s, sale->cents, ",");
    g_string_append_printf(s, "%u\n", sale->units);
}

/* A web shop is nowhere. */
static void write_store(Out *out, guint i) {
    static const double middle[PL_COMPANY_REGIONS][2] = {{53.5, 10}, {51, 13}, {48.5, 11.5}, {51, 7}};
    GString *s = text(out);
    const int store = (int)i, region = pl_company_store_region(store);
    const double turn = 2 * G_PI * GOLDEN * store;
    store_name(s, store, ",");
    g_string_append_printf(s, "%s,", pl_company_regions[region]);
    if (pl_company_store_is_online(store))
        g_string_append(s, "online,,\n");
    else
        g_string_append_printf(s, "store,%.4f,%.4f\n", middle[region][0] + SPREAD * cos(turn),
                               middle[region][1] + SPREAD * sin(turn));
}

static void write_price(Out *out, guint i) {
    const PlCompanyPrice *price = &g_array_index(out->company->prices, PlCompanyPrice, i);
    GString *s = text(out);
    g_string_append_printf(s, "%s,%s,%s,", date(out, pl_company_month_day(price->month)),
                           pl_company_products[price->product].name,
                           pl_company_competitors[price->competitor]);
    money(s, price->cents, "\n");
}

static void write_contact(Out *out, guint i) {
    const PlCompany *c = out->company;
    const PlCompanyContact *contact = &g_array_index(c->contacts, PlCompanyContact, i);
    const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, contact->customer);
    GString *s = text(out);
    id(s, 'C', contact->customer, c->customers->len, ",");
    g_string_append_printf(s, "%s,%s,%s,%s,", date(out, contact->date),
                           pl_company_reps[customer->branch].name, pl_company_contact_kinds[contact->kind],
                           contact->solved ? "yes" : "no");
    store_name(s, customer->branch, "\n");
}

static void write_customer(Out *out, guint i) {
    const PlCompany *c = out->company;
    const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, i);
    GString *s = text(out);
    id(s, 'C', i, c->customers->len, ",");
    g_string_append_printf(s, "%s,%s,%s,%s,%s,", date(out, customer->start), date(out, customer->end),
                           pl_company_reps[customer->branch].name,
                           pl_company_regions[pl_company_store_region(customer->branch)],
                           pl_company_segments[customer->segment].name);
    store_name(s, customer->branch, "\n");
}

/* Whoever did not answer has a row with empty cells: without it nobody could count the response. */
static void write_answer(Out *out, guint i) {
    const PlCompany *c = out->company;
    const PlCompanyAnswer *a = &g_array_index(c->answers, PlCompanyAnswer, i);
    GString *s = text(out);
    id(s, 'E', (guint)a->employee, c->answers->len / PL_COMPANY_WAVES, ",");
    g_string_append_printf(s, "%s,", date(out, pl_company_wave_day(a->wave)));
    if (a->score)
        g_string_append_printf(s, "%d", a->score);
    g_string_append_printf(s, ",%s,", pl_company_teams[a->team].name);
    for (int q = 0; q < PL_COMPANY_QUESTIONS; q++) {
        if (a->score)
            g_string_append_printf(s, "%d", a->answer[q]);
        g_string_append_c(s, ',');
    }
    store_name(s, a->store, "\n");
}

static void write_line(Out *out, const PlCompanyOrder *order, guint i, const PlCompanyLine *line) {
    const PlCompany *c = out->company;
    const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, order->customer);
    const PlCompanyProduct *product = &pl_company_products[line->product];
    GString *s = text(out);
    id(s, 'O', i, c->orders->len, ",");
    g_string_append_printf(s, "%s,", date(out, order->date));
    id(s, 'C', order->customer, c->customers->len, ",");
    g_string_append_printf(s, "%s,", product->name);
    money(s, line->cents, ",");
    g_string_append_printf(s, "%u,%s,%s,%s,%s,", line->quantity, pl_company_reps[customer->branch].name,
                           product->category, pl_company_channels[order->channel],
                           pl_company_line_kinds[line->kind]);
    store_name(s, customer->branch, "\n");
}

static void write_order(Out *out, guint i) {
    const PlCompanyOrder *order = &g_array_index(out->company->orders, PlCompanyOrder, i);
    for (guint k = 0; k < order->n_lines; k++)
        write_line(out, order, i, &g_array_index(out->company->lines, PlCompanyLine, order->first_line + k));
    out->rows += order->n_lines - 1u;
}

static void write_deal(Out *out, guint i) {
    const PlCompany *c = out->company;
    const PlCompanyDeal *deal = &g_array_index(c->deals, PlCompanyDeal, i);
    GString *s = text(out);
    id(s, 'D', i, c->deals->len, ",");
    g_string_append_printf(s, "%s,%s,%s,%s,", date(out, deal->opened), date(out, deal->closed),
                           pl_company_outcomes[deal->outcome], pl_company_reps[deal->branch].name);
    if (deal->customer >= 0)
        id(s, 'C', (guint)deal->customer, c->customers->len, "");
    g_string_append_printf(s, ",%s,", pl_company_products[deal->product].name);
    money(s, deal->cents, ",");
    store_name(s, deal->branch, "\n");
}

static void write_pair(Out *out, guint i) {
    const int test = 2 * (int)i + !out->company->trained[2 * i];
    store_name(text(out), test, ",");
    store_name(text(out), 4 * (int)i + 1 - test, "\n");
}

static gboolean write_table(Out *out, const char *folder, const char *name, const char *header, WriteRow row,
                            guint n, PlCompanySizes *sizes, GError **error) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    guint64 bytes = 0;
    out->writer = pl_file_writer_new(path, error);
    if (!out->writer)
        return FALSE;
    out->rows = n;
    /* a write that has failed ends it; the end of the file says why */
    gboolean ok = pl_file_writer_wait(out->writer);
    g_string_assign(text(out), header);
    for (guint i = 0; ok && i < n; i++) {
        row(out, i);
        if (text(out)->len < FLUSH_BYTES)
            continue;
        send(out);
        ok = pl_file_writer_wait(out->writer);
        g_string_truncate(text(out), 0);
    }
    if (ok)
        send(out);
    ok = pl_file_writer_finish(out->writer, &bytes, error);
    g_clear_pointer(&out->writer, pl_file_writer_free);
    sizes->rows += out->rows;
    sizes->bytes += bytes;
    return ok;
}

static gboolean write_all(Out *out, const char *folder, PlBar *bar, PlCompanySizes *sizes, GError **error) {
    const PlCompany *c = out->company;
    const struct {
        const char *name, *header;
        WriteRow row;
        guint n;
    } tables[] = {
        {"sales.csv", "store,date,product,category,channel,revenue,units\n", write_sale, c->sales->len},
        {"stores.csv", "store,region,channel,latitude,longitude\n", write_store, PL_COMPANY_STORES},
        {"competitor_prices.csv", "date,product,competitor,price\n", write_price, c->prices->len},
        {"interactions.csv", "customer,date,rep,kind,solved,store\n", write_contact, c->contacts->len},
        {"customers.csv", "customer,start,end,rep,region,segment,store\n", write_customer, c->customers->len},
        {"survey.csv", "employee,date,score,team,recognition,energy,workload,manager,pay,store\n",
         write_answer, c->answers->len},
        {"order_lines.csv", "order,date,customer,product,amount,quantity,rep,category,channel,kind,store\n",
         write_order, c->orders->len},
        {"opportunities.csv", "opportunity,opened,closed,outcome,rep,customer,product,amount,store\n",
         write_deal, c->deals->len},
        {"pairs.csv", "test,control\n", write_pair, PL_COMPANY_PAIRS},
    };
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (!write_table(out, folder, tables[i].name, tables[i].header, tables[i].row, tables[i].n, sizes,
                         error))
            return FALSE;
        pl_bar_update(i + 1, G_N_ELEMENTS(tables), bar);
    }
    return TRUE;
}

gboolean pl_company_tables_write(const PlCompany *company, const char *folder, PlBar *bar,
                                 PlCompanySizes *sizes, GError **error) {
    Out out = {.company = company};
    const PlDay first = pl_company_first(), last = pl_company_last();
    *sizes = (PlCompanySizes){0};
    out.dates = g_malloc0_n((gsize)(last - first + 1), sizeof *out.dates);
    for (PlDay day = first; day <= last; day++) {
        g_autofree char *iso = pl_day_format(day, PL_TIME_DATE);
        g_strlcpy(out.dates[day - first], iso, sizeof *out.dates);
    }
    for (guint b = 0; b < PL_FILE_WRITER_BUFFERS; b++)
        out.buffer[b] = g_string_sized_new(FLUSH_BYTES);
    const gboolean ok = write_all(&out, folder, bar, sizes, error);
    for (guint b = 0; b < PL_FILE_WRITER_BUFFERS; b++)
        g_string_free(out.buffer[b], TRUE);
    g_free(out.dates);
    return ok;
}
