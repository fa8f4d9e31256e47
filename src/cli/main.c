/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/verbs.h"

int main(int argc, char **argv) {
    return pl_main(argc, argv);
}
