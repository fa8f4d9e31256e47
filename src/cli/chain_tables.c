/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/chain_tables.h"

#include <math.h>
#include <string.h>

#include "pairlift/design/chain_coupon.h"
#include "pairlift/design/chain_names.h"
#include "pairlift/design/chain_places.h"
#include "pairlift/io/file_writer.h"
#include "pairlift/io/put.h"

/* A row at most: a date, two names, six numbers and a sign, what stands between. */
#define ROW_MOST    (16 + 2 * (PL_CHAIN_NAME + 1) + 6 * (PL_PUT_MOST + 1) + 1)
#define BATCH_BYTES (4 << 20) /* made before the next is begun; fits the caches of the processors */
#define TASKS       4         /* a thread's chunks in a batch, so that none waits long for the last */

/* One file on its way: two buffers that are filled and written in turn. */
typedef struct {
    PlFileWriter *writer; /* NULL: this chain has no such table */
    gsize chunk_bytes;
    char *buffer[PL_FILE_WRITER_BUFFERS];
    PlPiece *pieces[PL_FILE_WRITER_BUFFERS]; /* [days of the batch * chunks of the batch] */
    guint64 *rows;                           /* [chunks] */
} Table;

typedef struct {
    int day, days, chunk, chunks, turn;
} Batch;

/* The work, cut into chunks of stores and batches of days and chunks: in the file, day follows day and store
 * follows store, whoever made them. */
typedef struct {
    const PlChain *chain;
    const PlChainOptions *o;
    int chunk_stores, n_chunks, batch_days, batch_chunks;
    PlChainWalk **walks;                 /* [n_chunks] */
    char (*dates)[16];                   /* [days] with a comma behind */
    char (*stores)[PL_CHAIN_NAME + 1];   /* [stores] likewise */
    char (*products)[PL_CHAIN_NAME + 1]; /* [products] likewise */
    gint64 *cost;                        /* [products] in hundredths; NULL: no column of gross profit */
    Table sales, coupons;
    char *header; /* of sales.csv */
    guint64 bytes;
    Batch batch;         /* the one that is being made */
    GThreadPool *pool;   /* NULL: this thread makes it alone */
    GAsyncQueue *filled; /* a pointer for each chunk that is made */
} Job;

static void cut(Job *job, int threads) {
    const PlChainOptions *o = job->o;
    const gint64 store_days = MAX(1, BATCH_BYTES / (ROW_MOST * (gint64)o->products));
    const gint64 even = (o->stores + threads * TASKS - 1) / (threads * TASKS);
    job->chunk_stores = (int)CLAMP(store_days / (threads * TASKS), 1, even);
    job->n_chunks = (o->stores + job->chunk_stores - 1) / job->chunk_stores;
    /* several days of all stores, or a day of some: never several days of some, whose order would be lost */
    const gboolean all = store_days >= o->stores;
    job->batch_days = all ? (int)MIN(store_days / o->stores, o->days) : 1;
    job->batch_chunks = all ? job->n_chunks : (int)MAX(1, store_days / job->chunk_stores);
}

static void name_all(Job *job) {
    const PlChainOptions *o = job->o;
    job->dates = g_malloc0_n(o->days, sizeof *job->dates);
    job->stores = g_malloc0_n(o->stores, sizeof *job->stores);
    job->products = g_malloc0_n(o->products, sizeof *job->products);
    for (int t = 0; t < o->days; t++) {
        g_autofree char *date = pl_day_format(o->start + t, PL_TIME_DATE);
        g_snprintf(job->dates[t], sizeof *job->dates, "%s,", date);
    }
    for (int s = 0; s < o->stores; s++) {
        pl_chain_store_name(job->chain, s, job->stores[s]);
        strcat(job->stores[s], ",");
    }
    job->cost = pl_chain_has_profit(job->chain) ? g_new(gint64, o->products) : NULL;
    for (int p = 0; p < o->products; p++) {
        if (job->cost)
            job->cost[p] = llround(pl_chain_cost(job->chain, p) * 100);
        pl_chain_product_name(job->chain, p, job->products[p]);
        strcat(job->products[p], ",");
    }
}

/* `header` names the columns. */
static gboolean open_table(Job *job, Table *table, const char *folder, const char *name, const char *header,
                           int rows_a_day, GError **error) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    table->writer = pl_file_writer_new(path, error);
    if (!table->writer)
        return FALSE;
    table->chunk_bytes = (gsize)job->chunk_stores * (gsize)job->batch_days * (gsize)rows_a_day * ROW_MOST;
    table->rows = g_new0(guint64, job->n_chunks);
    for (int i = 0; i < PL_FILE_WRITER_BUFFERS; i++) {
        table->buffer[i] = g_malloc((gsize)job->batch_chunks * table->chunk_bytes);
        table->pieces[i] = g_new0(PlPiece, (gsize)job->batch_chunks * (gsize)job->batch_days);
    }
    /* in the last buffer, which is not filled before this is written */
    table->pieces[PL_FILE_WRITER_BUFFERS - 1][0] = (PlPiece){header, strlen(header)};
    if (pl_file_writer_wait(table->writer))
        pl_file_writer_send(table->writer, table->pieces[PL_FILE_WRITER_BUFFERS - 1], 1);
    return TRUE;
}

static void close_table(Table *table) {
    pl_file_writer_free(table->writer);
    g_free(table->rows);
    for (int i = 0; i < PL_FILE_WRITER_BUFFERS; i++) {
        g_free(table->buffer[i]);
        g_free(table->pieces[i]);
    }
}

static void clear(Job *job) {
    if (job->pool)
        g_thread_pool_free(job->pool, FALSE, TRUE);
    g_async_queue_unref(job->filled);
    close_table(&job->sales);
    close_table(&job->coupons);
    for (int c = 0; c < job->n_chunks; c++)
        pl_chain_walk_free(job->walks[c]);
    g_free(job->walks);
    g_free(job->dates);
    g_free(job->stores);
    g_free(job->products);
    g_free(job->cost);
    g_free(job->header);
}

static char *put(char *at, const char *text) {
    gsize n = strlen(text);
    memcpy(at, text, n);
    return at + n;
}

static char *put_profit(char *at, guint64 units, gint64 each) {
    *at++ = ',';
    if (each < 0 && units > 0)
        *at++ = '-';
    return pl_put_hundredths(at, units * (guint64)ABS(each));
}

/* Visits are of the store: they stand in the first product's row, so that their sum is right. */
static char *put_visits(char *at, guint64 visits) {
    *at++ = ',';
    return pl_put_uint(at, visits);
}

static char *put_sales(const Job *job, char *at, int t, int store, const PlChainDay *day) {
    for (int p = 0; p < job->o->products; p++) {
        const PlChainCell *cell = &day->cells[p];
        guint64 units = (guint64)cell->units, cents = (guint64)cell->cents;
        at = put(put(put(at, job->dates[t]), job->stores[store]), job->products[p]);
        at = pl_put_uint(at, units);
        *at++ = ',';
        at = pl_put_hundredths(at, units * cents);
        *at++ = ',';
        at = pl_put_hundredths(at, cents);
        if (job->cost)
            at = put_profit(at, units, cell->cents - job->cost[p]);
        if (job->o->basket > 0)
            at = put_visits(at, p == 0 ? (guint64)day->visits : 0);
        *at++ = '\n';
    }
    return at;
}

static char *put_coupons(const Job *job, char *at, int t, int store, const PlChainDay *day) {
    at = put(put(at, job->dates[t]), job->stores[store]);
    at = pl_put_uint(at, day->distributed);
    *at++ = ',';
    at = pl_put_uint(at, day->redeemed);
    *at++ = ',';
    at = pl_put_hundredths(at, (guint64)pl_chain_coupon(job->chain, store).cents);
    *at++ = '\n';
    return at;
}

/* Chunk `i` of a batch. */
static void fill(Job *job, const Batch *batch, int i) {
    const int chunk = batch->chunk + i, first = chunk * job->chunk_stores;
    const int n = MIN(job->chunk_stores, job->o->stores - first);
    const PlChainDays during = pl_chain_period(job->chain, PL_CHAIN_DURING);
    Table *sales = &job->sales, *coupons = &job->coupons;
    char *at = sales->buffer[batch->turn] + (gsize)i * sales->chunk_bytes;
    char *coupon_at = coupons->writer ? coupons->buffer[batch->turn] + (gsize)i * coupons->chunk_bytes : NULL;
    g_autofree PlChainCell *cells = g_new(PlChainCell, job->o->products);
    PlChainDay day = {.cells = cells};
    for (int d = 0; d < batch->days; d++) {
        const int t = batch->day + d;
        const gsize piece = (gsize)d * (gsize)batch->chunks + (gsize)i;
        const char *from = at, *coupon_from = coupon_at;
        for (int k = 0; k < n; k++) {
            pl_chain_walk_next(job->walks[chunk], k, &day);
            if (!day.open)
                continue;
            at = put_sales(job, at, t, first + k, &day);
            sales->rows[chunk] += (guint64)job->o->products;
            if (!coupon_at || t < during.begin || t >= during.end || !pl_chain_is_test(job->chain, first + k))
                continue;
            coupon_at = put_coupons(job, coupon_at, t, first + k, &day);
            coupons->rows[chunk]++;
        }
        sales->pieces[batch->turn][piece] = (PlPiece){from, (gsize)(at - from)};
        if (coupon_at)
            coupons->pieces[batch->turn][piece] = (PlPiece){coupon_from, (gsize)(coupon_at - coupon_from)};
    }
}

static void work(gpointer chunk, gpointer data) {
    Job *job = data;
    fill(job, &job->batch, GPOINTER_TO_INT(chunk) - 1);
    g_async_queue_push(job->filled, chunk);
}

/* All its threads, or none: where the system has no more of them, one is enough. */
static GThreadPool *start_pool(Job *job, int threads) {
    g_autoptr(GError) none = NULL;
    GThreadPool *pool = threads > 1 ? g_thread_pool_new(work, job, threads, TRUE, &none) : NULL;
    if (pool && none) {
        g_thread_pool_free(pool, TRUE, TRUE);
        pool = NULL;
    }
    return pool;
}

/* Options considered: OpenMP, as everywhere else. Its threads spin while they wait, and here they would do so
 * on the processor that the writing thread needs: three times as slow on two processors. */
static void fill_all(Job *job) {
    for (int i = 0; i < job->batch.chunks; i++) {
        if (job->pool)
            g_thread_pool_push(job->pool, GINT_TO_POINTER(i + 1), NULL);
        else
            work(GINT_TO_POINTER(i + 1), job);
    }
    for (int i = 0; i < job->batch.chunks; i++)
        g_async_queue_pop(job->filled);
}

static void send(Table *table, const Batch *batch) {
    if (table->writer)
        pl_file_writer_send(table->writer, table->pieces[batch->turn],
                            (gsize)batch->days * (gsize)batch->chunks);
}

/* Stops when a file cannot be written; finish_table says so. */
static void generate(Job *job, PlBar *bar) {
    const guint64 total = (guint64)job->o->days * (guint64)job->n_chunks;
    guint64 done = 0;
    Batch *b = &job->batch;
    for (; b->day < job->o->days; b->day += b->days) {
        b->days = MIN(job->batch_days, job->o->days - b->day);
        for (b->chunk = 0; b->chunk < job->n_chunks; b->chunk += b->chunks) {
            b->chunks = MIN(job->batch_chunks, job->n_chunks - b->chunk);
            if (!pl_file_writer_wait(job->sales.writer) ||
                (job->coupons.writer && !pl_file_writer_wait(job->coupons.writer)))
                return;
            fill_all(job);
            send(&job->sales, b);
            send(&job->coupons, b);
            b->turn = (b->turn + 1) % PL_FILE_WRITER_BUFFERS;
            done += (guint64)b->days * (guint64)b->chunks;
            pl_bar_update(done, total, bar);
        }
    }
}

static gboolean finish_table(Job *job, Table *table, guint64 *rows, GError **error) {
    guint64 bytes;
    *rows = 0;
    if (!table->writer)
        return TRUE;
    if (!pl_file_writer_finish(table->writer, &bytes, error))
        return FALSE;
    for (int c = 0; c < job->n_chunks; c++)
        *rows += table->rows[c];
    job->bytes += bytes;
    return TRUE;
}

static gboolean write_text(Job *job, const char *folder, const char *name, GString *text, GError **error) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(PlFileWriter) writer = pl_file_writer_new(path, error);
    PlPiece piece = {text->str, text->len};
    guint64 bytes;
    if (!writer)
        return FALSE;
    if (pl_file_writer_wait(writer))
        pl_file_writer_send(writer, &piece, 1);
    job->bytes += text->len;
    return pl_file_writer_finish(writer, &bytes, error);
}

static void add_attributes(const PlChain *chain, int store, GString *text) {
    const PlPlace place = pl_chain_place(chain, store);
    g_string_append_printf(text, ",%s,%.5f,%.5f", pl_chain_is_large(chain, store) ? "large" : "small",
                           place.latitude, place.longitude);
}

static gboolean write_stores(Job *job, const char *folder, GError **error) {
    const PlChain *chain = job->chain;
    const gboolean paired = job->o->arms == 0, attributes = pl_chain_has_attributes(chain);
    g_autoptr(GString) text = g_string_new("store,region,group");
    g_string_append_printf(text, "%s%s\n", paired ? ",pair" : "",
                           attributes ? ",format,latitude,longitude" : "");
    for (int s = 0; s < job->o->stores; s++) {
        char region[PL_CHAIN_NAME], group[PL_CHAIN_NAME];
        pl_chain_region_name(chain, pl_chain_region(chain, s), region);
        pl_chain_group_name(chain, pl_chain_arm(chain, s), group);
        g_string_append_printf(text, "%s%s,%s%s", job->stores[s], region, group, paired ? "," : "");
        if (pl_chain_pair(chain, s) >= 0)
            g_string_append_printf(text, "%d", pl_chain_pair(chain, s) + 1);
        if (attributes)
            add_attributes(chain, s, text);
        g_string_append_c(text, '\n');
    }
    return write_text(job, folder, "stores.csv", text, error);
}

static gboolean write_pairs(Job *job, const char *folder, GError **error) {
    g_autoptr(GString) text = g_string_new("test,control\n");
    for (int pair = 0; pair < job->o->pairs; pair++) {
        char control[PL_CHAIN_NAME];
        pl_chain_store_name(job->chain, pl_chain_control(job->chain, pair), control);
        g_string_append_printf(text, "%s%s\n", job->stores[pl_chain_test(job->chain, pair)], control);
    }
    return write_text(job, folder, "pairs.csv", text, error);
}

static gboolean write_all(Job *job, const char *folder, PlBar *bar, PlChainSizes *sizes, GError **error) {
    job->header = g_strconcat("date,store,product,units,revenue,price", job->cost ? ",profit" : "",
                              job->o->basket > 0 ? ",visits" : "", "\n", NULL);
    if (!write_stores(job, folder, error) || (job->o->arms == 0 && !write_pairs(job, folder, error)) ||
        !open_table(job, &job->sales, folder, "sales.csv", job->header, job->o->products, error) ||
        (job->o->coupon > 0 && !open_table(job, &job->coupons, folder, "coupons.csv",
                                           "date,store,distributed,redeemed,face_value\n", 1, error)))
        return FALSE;
    generate(job, bar);
    if (!finish_table(job, &job->sales, &sizes->sales_rows, error) ||
        !finish_table(job, &job->coupons, &sizes->coupon_rows, error))
        return FALSE;
    sizes->bytes = job->bytes;
    return TRUE;
}

gboolean pl_chain_tables_write(const PlChain *chain, const char *folder, int threads, PlBar *bar,
                               PlChainSizes *sizes, GError **error) {
    Job job = {.chain = chain, .o = pl_chain_options(chain)};
    cut(&job, threads);
    name_all(&job);
    job.walks = g_new0(PlChainWalk *, job.n_chunks);
    for (int c = 0; c < job.n_chunks; c++) {
        const int first = c * job.chunk_stores;
        job.walks[c] = pl_chain_walk_new(chain, first, MIN(job.chunk_stores, job.o->stores - first), FALSE);
    }
    job.filled = g_async_queue_new();
    job.pool = start_pool(&job, threads);
    gboolean ok = write_all(&job, folder, bar, sizes, error);
    clear(&job);
    return ok;
}
