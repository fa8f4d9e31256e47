/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file that exists in memory only: its path, to be freed after memory_file_close. */
static inline char *memory_file(const char *text, gsize length) {
    int fd = memfd_create("test", MFD_CLOEXEC);
    if (fd < 0 || write(fd, text, length) != (gssize)length)
        abort();
    return g_strdup_printf("/proc/self/fd/%d", fd);
}

static inline void memory_file_close(const char *path) {
    close(atoi(path + sizeof "/proc/self/fd/" - 1));
}
