#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: selftest.sh   holds the lint to its word: each offence below, alone in a small tree, must be named.
set -eu
lint=$(cd "$(dirname "$0")" && pwd)/layers.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
flags=$(pkg-config --cflags glib-2.0 gsl yaml-0.1)
caught=0
missed=0

compile() { # compile SOURCE
    # shellcheck disable=SC2086 # the flags are separate words
    ${CC:-cc} -w -Iinclude $flags -c "$1" -o "build/${1%.c}.o"
}

expect() { # expect PLACE WORDS: the lint fails and says WORDS of PLACE
    if sh "$lint" build >found 2>&1; then
        echo "lint selftest: not caught in $1: $2"
        missed=$((missed + 1))
    elif ! grep -F "$1" found | grep -qF "$2"; then
        echo "lint selftest: wanted \"$2\" of $1, got:"
        cat found
        missed=$((missed + 1))
    else
        caught=$((caught + 1))
    fi
}

bad() { # bad ROOM WORDS TEXT: the lint catches TEXT in the room's source
    cp "src/$1/own.c" saved.c
    cp "build/src/$1/own.o" saved.o
    printf '%s\n' "$3" >>"src/$1/own.c"
    compile "src/$1/own.c"
    expect "src/$1/own.c" "$2"
    mv saved.c "src/$1/own.c"
    mv saved.o "build/src/$1/own.o"
}

lines() { # lines N: as many statements
    awk -v n="$1" 'BEGIN { while (n-- > 0) print "    x++;" }'
}

# ---- a clean tree, with what only looks like an offence
for room in stats model io design effect report cli; do
    mkdir -p "src/$room" "include/pairlift/$room" "build/src/$room"
    printf '/* SPDX-License-Identifier: GPL-3.0-or-later */\nint pl_%s(void);\n' "$room" >"include/pairlift/$room/own.h"
    cat >"src/$room/own.c" <<EOT
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/$room/own.h"

/* printf("no call"); exit(1) */
static const char *text = "} puts(1); /* {";
int pl_$room(void) {
    return text[0] == '{';
}
const int pl_table_$room[] = {
$(awk 'BEGIN { for (i = 0; i < 99; i++) print i "," }')
};
int pl_long_$room(int x) {
$(lines 57)
    return x;
}
EOT
    compile "src/$room/own.c"
done
printf '#include <gsl/gsl_cdf.h>\ndouble pl_p(double x) { return gsl_cdf_ugaussian_P(x); }\n' >>src/stats/own.c
printf '#include <stdio.h>\n#include "pairlift/report/own.h"\nvoid pl_say(void) { puts("x"); pl_report(); }\n' >>src/cli/own.c
printf '#include <yaml.h>\n#include <csv.h>\nvoid pl_csv(struct csv_parser *p) { csv_free(p); }\n' >>src/io/own.c
compile src/stats/own.c && compile src/cli/own.c && compile src/io/own.c
sh "$lint" build >found || { echo "lint selftest: a clean tree is not clean:"; cat found; exit 1; }

# ---- includes, however they are written
bad io 'io may not include stats' '#include "pairlift/stats/own.h"'
bad io 'io may not include stats' '  #  include   <pairlift/stats/own.h>'
echo 'extern int part;' >src/io/part.h
bad model 'model may not include io' '#include "../io/part.h"'
bad effect 'effect may not include io' '#include	"pairlift/io/own.h" /* tab */'
bad report 'GSL lives in' '#include "gsl/gsl_cdf.h"'
bad model 'GSL lives in' '# include  <gsl/gsl_cdf.h>'
bad effect 'libcsv lives in io' '#include "csv.h"'
bad model 'libyaml lives in io' '#include  <yaml.h>'
bad stats 'no GLib in stats' '#include "glib.h"'
bad stats 'no GLib in stats' '#include <glib/gstdio.h>'
echo '#include "pairlift/cli/own.h"' >>include/pairlift/stats/own.h
expect include/pairlift/stats/own.h 'stats may not include cli'
sed -i '$d' include/pairlift/stats/own.h

# ---- calls without an include
bad report 'GSL lives in' 'double gsl_cdf_tdist_P(double, double); double pl_x(void) { return gsl_cdf_tdist_P(1, 2); }'
bad effect 'libcsv lives in io' 'int csv_fini(void *); int pl_x(void) { return csv_fini(0); }'
bad stats 'no GLib in stats' 'void *g_malloc(unsigned long); void *pl_x(void) { return g_malloc(1); }'
bad stats 'neither allocates' 'void *malloc(unsigned long); void *pl_x(void) { return malloc(1); }'
bad stats 'order of a sum' 'double pl_x(const double *x) { double s = 0;
#pragma omp simd reduction(+ : s)
for (int i = 0; i < 9; i++) s += x[i]; return s; }'
bad io 'calls pl_stats of stats' 'int pl_stats(void); int pl_x(void) { return pl_stats(); }'
bad report 'calls pl_effect of effect' 'int pl_effect(void); int (*pl_x)(void) = pl_effect;'

# ---- printing and exiting outside cli
for call in 'printf("x %d", 1)' 'puts("x")' 'putchar(65)' 'perror("x")' 'write(1, "x", 1)' 'dprintf(1, "x")' \
    'fputs("x", stdout)' 'fprintf (stderr, "x")' 'warnx("x")' 'g_print("x")' 'g_printerr ("x")' 'g_warning("x")' \
    'g_message("x")' 'g_return_if_fail(pl_model())'; do
    bad model 'only cli prints' "#include <err.h>
#include <glib.h>
#include <stdio.h>
#include <unistd.h>
void pl_x(void) { $call; }"
done
for call in 'exit(1)' '_exit(1)' '_Exit(1)' 'abort()' 'g_error("x")' 'assert(pl_io())'; do
    bad io 'only cli' "#include <assert.h>
#include <glib.h>
#include <stdlib.h>
#include <unistd.h>
void pl_x(void) { $call; }"
done
bad cli 'no shell' '#include <stdlib.h>
int pl_x(void) { return system("ls"); }'

# ---- functions of 61 lines, however their first line ends
for head in 'int pl_x(int x) {' 'int pl_x(int x) { /* why */' 'int pl_x(int x)
{' 'int pl_x(int x) // why
{' 'int
pl_x(int x) { /* } */' '#define OPEN {
int pl_x(int x) { const char *s = "}"; (void)s;'; do
    bad design 'a function of 61 lines' "$head
$(lines 58)
    return x;
}"
done
bad design 'braces do not balance' '#define OPEN {
int pl_x(void) OPEN
    return 1; }'
bad design '501 lines' "$(awk -v n="$(wc -l <src/design/own.c)" 'BEGIN { while (n++ < 501) print "//" }')"

# ---- files
sed -i 1d src/effect/own.c
expect src/effect/own.c:1 'no SPDX line'
sed -i '1i /* SPDX-License-Identifier: GPL-3.0-or-later */' src/effect/own.c
rm build/src/effect/own.o
expect src/effect/own.c 'its calls were not checked'
compile src/effect/own.c
echo '#include "pairlift/io/other.h"' >>include/pairlift/io/own.h
printf '/* SPDX-License-Identifier: GPL-3.0-or-later */\n#include "pairlift/io/own.h"\n' >include/pairlift/io/other.h
expect pairlift/io/other.h ''

[ "$missed" = 0 ] || exit 1
echo "lint selftest: $caught of $caught offences caught"
