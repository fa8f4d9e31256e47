#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: layers.sh BUILD_FOLDER   checks the house rules of the architecture; prints each offence and fails.
# Includes are read from the text, calls from the objects, where no spelling hides them.
set -u
build=$1
here=$(dirname "$0")
faults=$(mktemp)
scratch=$(mktemp)
trap 'rm -f "$faults" "$scratch"' EXIT
rooms=$(ls src)

# room: the rooms it may include and call (itself always)
allowed() {
    case $1 in
    stats | model) echo "" ;;
    io | report) echo "model" ;;
    design | kpi) echo "model stats" ;;
    effect) echo "model stats design" ;;
    cli) echo "stats model io design effect kpi report" ;;
    *) echo "" ;;
    esac
}

may() { # may ROOM OTHER
    case " $1 $(allowed "$1") " in *" $2 "*) return 0 ;; esac
    return 1
}

object() { # of a source that is there now, not one that a build folder remembers
    echo "$build/${1%.c}.o"
}

# ---- includes, as <> or "", with blanks or a path before the name
includes() { # includes ROOM: "FILE:LINE PATH" of each
    grep -nHE '^[[:blank:]]*#[[:blank:]]*include' "src/$1"/*.c $(ls "include/pairlift/$1"/*.h 2>/dev/null) |
        sed -nE 's/^([^:]*:[0-9]+):[^<"]*[<"][[:blank:]]*([^>"]*)[>"].*/\1 \2/p'
}

for room in $rooms; do
    includes "$room" | while read -r place path; do
        for other in $rooms; do
            case /$path in
            */pairlift/"$other"/* | */../"$other"/* | */src/"$other"/*)
                may "$room" "$other" || echo "$place: $room may not include $other"
                ;;
            esac
        done
        case $room:/$path in
        stats:*/gsl/* | design:*/gsl/*) ;;
        *:*/gsl/*) echo "$place: GSL lives in stats and design" ;;
        io:*/csv.h | io:*/yaml.h) ;;
        *:*/csv.h) echo "$place: libcsv lives in io" ;;
        *:*/yaml.h) echo "$place: libyaml lives in io" ;;
        stats:*/glib.h | stats:*/glib/* | stats:*/gio/* | stats:*/glib-object.h) echo "$place: no GLib in stats" ;;
        esac
    done
done >>"$faults"

# ---- calls: every name that an object leaves to others
for source in src/*/*.c; do
    if [ -f "$(object "$source")" ]; then
        room=${source#src/}
        nm -g "$(object "$source")" | awk -v room="${room%%/*}" -v source="$source" '{ print $NF, $(NF - 1), room, source }'
    else
        echo "$source: no object in $build, so its calls were not checked" >>"$faults"
    fi
done >"$scratch" # NAME KIND ROOM SOURCE, kind U: undefined

forbid() { # forbid WHERE NAMES REASON   WHERE: "in ROOM..." or "outside ROOM..."; NAMES: an extended regular expression
    # a fortified build calls __printf_chk, and a macro may lead to _IO_putc
    awk -v where="$1" -v names="^($2)$" -v reason="$3" '
        BEGIN { n = split(where, word, " "); for (i = 2; i <= n; i++) listed[word[i]] = 1; inside = word[1] == "in" }
        $2 == "U" && ($3 in listed) == inside {
            plain = $1; sub(/^(__|_IO_)/, "", plain); sub(/_chk$/, "", plain)
            if ($1 ~ names || plain ~ names) print $4 ": calls " $1 ": " reason
        }' "$scratch" >>"$faults"
}
forbid "outside stats design" 'gsl_.*' "GSL lives in stats and design"
forbid "outside io" 'csv_.*' "libcsv lives in io"
forbid "outside io" 'yaml_.*' "libyaml lives in io"
forbid "in stats" 'g_.*' "no GLib in stats"
# but for the arena, which the caller owns
awk '!($3 == "stats" && $4 == "src/stats/arena.c" && $1 == "aligned_alloc")' "$scratch" >"$scratch.part" && mv "$scratch.part" "$scratch"
forbid "in stats" 'malloc|calloc|realloc|aligned_alloc|fopen|open|read' "stats neither allocates nor reads"
forbid "outside cli" 'v?d?printf|puts|putchar(_unlocked)?|perror|psignal|psiginfo|v?(err|warn)x?|error|error_at_line|v?syslog|stdout|stderr' "only cli prints"
forbid "outside cli" 'p?writev?|write|g_print|g_printerr|g_logv?|g_log_(structured|variant|default|writer).*|g_warn_message|g_return_if_fail_warning' "only cli prints"
# g_assert stays: it is for faults of the program itself, never for what comes from outside
forbid "outside cli" 'exit|_exit|_Exit|quick_exit|abort|assert_fail|g_abort' "only cli exits"
forbid "in $(echo $rooms)" 'system|popen|g_spawn_command_line_.*|g_shell_.*' "no shell is ever involved"

awk '$2 != "U" && $1 ~ /^pl_/ && !seen[$1, $3]++ { print $1, $3 }' "$scratch" | sort >"$scratch.own"
awk '$2 == "U" && $1 ~ /^pl_/ { print $1, $3, $4 }' "$scratch" | sort | join - "$scratch.own" |
    while read -r symbol room source other; do
        may "$room" "$other" || echo "$source: calls $symbol of $other, which $room may not"
    done >>"$faults"
rm -f "$scratch.own"

# ---- the text of the files
for file in src/*/*.c include/pairlift/*/*.h; do
    awk -v file="$file" -f "$here/functions.awk" "$file"
done >>"$faults"
for file in src/*/*.c include/pairlift/*/*.h tests/*/*.[ch] tests/unit/*/*.[ch]; do
    [ -f "$file" ] || continue
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$file:1: no SPDX line"
done >>"$faults"

# ---- sums whose order, and so whose last digits, would be the compiler's or the number of threads'
grep -nHE '^[[:blank:]]*#[[:blank:]]*pragma[[:blank:]]+omp.*reduction' src/*/*.c |
    sed -E 's/^([^:]*:[0-9]+):.*/\1: a reduction: the order of a sum must be written out/' >>"$faults"

# ---- circular includes
for file in include/pairlift/*/*.h; do
    sed -nE "s|^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*\"(pairlift/.*)\".*|${file#include/} \1|p" "$file"
done | tsort >/dev/null 2>>"$faults"

if [ -s "$faults" ]; then
    cat "$faults"
    exit 1
fi
echo "lint: clean"
