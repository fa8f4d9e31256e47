#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: layers.sh BUILD_FOLDER   checks the house rules of the architecture; prints each offence and fails.
set -u
build=$1
faults=$(mktemp)
trap 'rm -f "$faults"' EXIT

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
    [ "$1" = "$2" ] && return 0
    case " $(allowed "$1") " in *" $2 "*) return 0 ;; esac
    return 1
}

objects() { # of the sources that are there now, not of those that a build folder remembers
    for source in "src/$1"/*.c; do echo "$build/${source%.c}.o"; done
}

rooms=$(ls src)

for room in $rooms; do
    grep -nHo '#include "pairlift/[a-z]*/' "src/$room"/*.c "include/pairlift/$room"/*.h 2>/dev/null |
        while IFS= read -r line; do
            other=$(echo "$line" | sed 's|.*pairlift/||; s|/$||')
            may "$room" "$other" || echo "$line: $room may not include $other"
        done
done >>"$faults"

for room in $rooms; do
    case $room in stats | design) ;; *) grep -nH '<gsl/' "src/$room"/*.c "include/pairlift/$room"/*.h | sed 's/$/   GSL lives in stats and design/' ;; esac
    case $room in io) ;; *) grep -nH '<csv.h>' "src/$room"/*.c "include/pairlift/$room"/*.h | sed 's/$/   libcsv lives in io/' ;; esac
    case $room in stats) grep -nH '<glib' "src/$room"/*.c "include/pairlift/$room"/*.h | sed 's/$/   no GLib in stats/' ;; esac
    case $room in cli) ;; *) grep -nHE '(^|[^a-z_])(printf|puts|g_print|g_printerr|exit|abort|g_error) *\(|std(out|err)[,)]' "src/$room"/*.c | sed 's/$/   only cli prints and exits/' ;; esac
done >>"$faults" 2>/dev/null

# calls, which includes alone would not show: every undefined pl_ symbol of an object against its room
symbols=$(mktemp)
for room in $rooms; do
    objects "$room" | xargs -r nm -g --defined-only 2>/dev/null | awk -v room="$room" '$3 ~ /^pl_/ {print $3, room}'
done | sort -u >"$symbols"
for room in $rooms; do
    objects "$room" | xargs -r nm -g -u 2>/dev/null | awk '$2 ~ /^pl_/ {print $2}' | sort -u | join - "$symbols" |
        while read -r symbol other; do
            may "$room" "$other" || echo "src/$room: calls $symbol of $other"
        done
done >>"$faults"
[ -s "$symbols" ] || echo "$build: no objects, so no calls were checked" >>"$faults"
rm -f "$symbols"

# functions over 60 lines, files without their licence, files over 500 lines
for file in src/*/*.c; do
    awk -v file="$file" '
        /^[A-Za-z].*\) \{$/ || /^    +.*\) \{$/ && !inside && opened { inside = 1; start = NR }
        /^[A-Za-z].*\($/ || /^[A-Za-z].*,$/ { opened = 1 }
        /^\}/ { if (inside && NR - start + 1 > 60) printf "%s:%d: a function of %d lines\n", file, start, NR - start + 1; inside = 0; opened = 0 }
        END { if (NR > 500) printf "%s: %d lines\n", file, NR }' "$file"
done >>"$faults"
for file in src/*/*.c include/pairlift/*/*.h tests/*/*.c tests/unit/*/*.c; do
    [ -f "$file" ] || continue
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$file:1: no SPDX line"
done >>"$faults"

# circular includes
for file in include/pairlift/*/*.h; do
    sed -n "s|^#include \"\(pairlift/.*\)\"|${file#include/} \1|p" "$file"
done | tsort >/dev/null 2>>"$faults"

if [ -s "$faults" ]; then
    cat "$faults"
    exit 1
fi
echo "lint: clean"
