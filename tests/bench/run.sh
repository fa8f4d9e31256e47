#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: run.sh PAIRLIFT   (ROUNDS=5, LARGE="M 2000 730") ratios against the peers that are installed, all in one run; needs the shared bench
# folder (PAIRLIFT_SHARED, default ../shared), python3 and GNU time. Quote ratios, not seconds: machines are noisy.
set -eu
pairlift=$1
shared=$(cd "${PAIRLIFT_SHARED:-../shared}" 2>/dev/null && pwd) || { echo "bench: no shared folder, nothing to hold against"; exit 0; }
for tool in python3 mawk /usr/bin/time; do
    command -v "$tool" >/dev/null || { echo "bench: $tool is not installed, skipped"; exit 0; }
done
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rounds=${ROUNDS:-5}

definition() { # definition NAME FILE TEST-DAY
    cat >"$work/$1.yaml" <<EOT
experiment: $1
data: [{table: sales, file: $2}]
metrics: [{name: revenue, sum: revenue}, {name: price, mean: price}]
periods: {before: {from: 2023-01-01, to: 2023-02-28}, during: {from: 2023-03-01, to: 2023-03-31}}
pairs: [{test: S000001, control: S000000}, {test: S000003, control: S000002}]
EOT
}

compare() { # compare TITLE FILE MB
    echo
    echo "== $1"
    python3 "$shared/bench/interleave.py" -n "$rounds" -b "$3" "$2"
}

cc -O2 -o "$work/genpanel" "$shared/bench/genpanel.c" -lm 2>/dev/null
for size in "S 200 120" "${LARGE:-M 2000 730}"; do
    # shellcheck disable=SC2086 # three words
    set -- $size
    csv=$work/$1.csv
    "$work/genpanel" "$2" "$3" >"$csv"
    definition "$1" "$csv"
    {
        printf 'mawk\tsh %s/bench/peers/load_awk.sh %s mawk 2023-03-01\n' "$shared" "$csv"
        printf 'pairlift, 1 thread\t%s check %s/%s.yaml -q --threads 1\n' "$pairlift" "$work" "$1"
        printf 'cat\tcat %s\n' "$csv"
        if Rscript -e 'library(data.table)' >/dev/null 2>&1; then
            printf 'fread, 2 threads\tRscript %s/bench/peers/load_datatable.R %s 2 2023-03-01\n' "$shared" "$csv"
        else
            printf '# data.table is not installed, skipped\n'
        fi
    } >"$work/load-$1"
    compare "load and aggregate, panel $1 (ratio to mawk: x_first)" "$work/load-$1" "$(($(wc -c <"$csv") / 1000000))"
done

demo=$here/experiments/dominicks-orange-juice/price-cut.yaml # what make demo runs
"$pairlift" run "$demo" -q -o "$work/out"
{
    if command -v Rscript >/dev/null; then printf 'start R\tRscript -e 1\n'; fi
    printf 'report without charts\t%s run %s -q --no-charts -o %s/plain\n' "$pairlift" "$demo" "$work"
    printf 'report with four charts\t%s run %s -q -o %s/charts\n' "$pairlift" "$demo" "$work"
    printf 'gnuplot alone, same charts\tgnuplot -d before_during.gp methods.gp pair_effects.gp test_vs_control.gp\n'
    printf 'version\t%s --version\n' "$pairlift"
} >"$work/report"
cd "$work/out/charts"
compare "the demo: start to finished report (start R: x_first)" "$work/report" 0
