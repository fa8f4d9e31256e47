/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/manifest.h"

#include "pairlift/model/error.h"
#include "place.h"

#include <unistd.h>

TestSuite(manifest, .init = make_place, .fini = remove_place);

static void write_manifest(const char *name) {
    g_autofree char *path = in_place(name);
    g_autoptr(GError) error = NULL;
    cr_assert(pl_manifest_write(path, &error), "%s", error ? error->message : "");
}

Test(manifest, lists_files_at_any_depth_with_their_checksums) {
    put("r/report.md", "abc");
    put("r/charts/deep er/a.gp", "");
    write_manifest("r");
    g_autofree char *path = in_place("r");
    g_autoptr(GHashTable) written = pl_manifest_read(path);
    cr_assert(eq(u32, g_hash_table_size(written), 2));
    /* FIPS 180-4's example, and the empty message */
    cr_expect(eq(str, g_hash_table_lookup(written, "report.md"),
                 (char *)"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    cr_expect(eq(str, g_hash_table_lookup(written, "charts/deep er/a.gp"),
                 (char *)"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    write_manifest("r");
    g_autoptr(GHashTable) again = pl_manifest_read(path);
    cr_expect(eq(u32, g_hash_table_size(again), 2), "it does not list itself");
}

Test(manifest, of_a_folder_that_is_not_there) {
    g_autofree char *path = in_place("none");
    g_autoptr(GError) error = NULL;
    cr_expect(not(pl_manifest_write(path, &error)));
    cr_expect(g_error_matches(error, PL_ERROR, PL_ERROR_SYSTEM));
    g_autoptr(GHashTable) written = pl_manifest_read(path);
    cr_expect(eq(u32, g_hash_table_size(written), 0));
    cr_expect(eq(ptr, pl_manifest_checksum(path), NULL));
}

Test(manifest, what_may_be_replaced_and_what_is_discarded) {
    static const struct {
        const char *name;
        gboolean replaceable;
    } cases[] = {{"none", TRUE},    {"empty", TRUE}, {"report", TRUE},
                 {"thesis", FALSE}, {"odd", FALSE},  {"file", FALSE}};
    g_autofree char *empty = in_place("empty");
    g_mkdir(empty, 0777);
    put("report/charts/a.gp", "x");
    write_manifest("report");
    put("thesis/deep/thesis.doc", "years");
    put("odd/" PL_MANIFEST, "another program's settings\n");
    put("odd/thesis.doc", "years");
    put("file", "x");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = in_place(cases[i].name);
        cr_expect(eq(int, pl_manifest_replaceable(path), cases[i].replaceable), "%s", cases[i].name);
        pl_manifest_discard(path);
        cr_expect(eq(int, is_there(cases[i].name), !cases[i].replaceable), "%s", cases[i].name);
    }
    expect_text("thesis/deep/thesis.doc", "years");
    expect_text("odd/thesis.doc", "years");
}

Test(manifest, a_link_is_not_followed_to_discard_what_it_leads_to) {
    put("report/a.csv", "1");
    put("elsewhere/mine.txt", "kept");
    write_manifest("report");
    g_autofree char *link = in_place("link"), *report = in_place("report"), *inner = in_place("report/inner");
    g_autofree char *elsewhere = in_place("elsewhere");
    cr_assert(eq(int, symlink(report, link), 0));
    cr_assert(eq(int, symlink(elsewhere, inner), 0));
    pl_manifest_discard(link);
    expect_text("report/a.csv", "1");
    cr_expect(is_there("report/" PL_MANIFEST));
    pl_manifest_discard(report);
    cr_expect(not(is_there("report")));
    expect_text("elsewhere/mine.txt", "kept");
}

Test(manifest, a_large_file_is_known_by_its_size_and_time) {
    g_autofree char *text = g_strnfill((16 << 20) + 1, 'x'), *path = in_place("large");
    put("large", text);
    g_autofree char *first = pl_manifest_checksum(path), *again = pl_manifest_checksum(path);
    cr_expect_str_eq(first, again);
    cr_expect(eq(sz, strlen(first), 64));
    g_usleep(20000); /* a clock of the file system may tick only so often */
    text[0] = 'y';
    put("large", text);
    g_autofree char *changed = pl_manifest_checksum(path);
    cr_expect_str_neq(changed, first);
}
