#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: run.sh PAIRLIFT   (ROUNDS=5, LARGE="M 2000 730") ratios against the peers that are installed, all in one run; needs the shared bench
# folder (PAIRLIFT_SHARED, default ../shared), python3 and GNU time. Quote ratios, not seconds: machines are noisy.
set -eu
pairlift=$1
shared=$(cd "${PAIRLIFT_SHARED:-../shared}" 2>/dev/null && pwd) || { echo "bench: no shared folder, nothing to hold against"; exit 0; }
for tool in python3 mawk taskset /usr/bin/time; do
    command -v "$tool" >/dev/null || { echo "bench: $tool is not installed, skipped"; exit 0; }
done
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rounds=${ROUNDS:-5}
peers=$shared/bench/peers

definition() { # definition NAME FILE TEST-DAY
    cat >"$work/$1.yaml" <<EOT
experiment: $1
data: [{table: sales, file: $2}]
metrics: [{name: revenue, sum: revenue}, {name: price, mean: price}]
periods: {before: {from: 2023-01-01, to: 2023-02-28}, during: {from: 2023-03-01, to: 2023-03-31}}
pairs: [{test: S000001, control: S000000}, {test: S000003, control: S000002}]
EOT
}

compare() { # compare TITLE FILE MB   the table stays in $work/table
    echo
    echo "== $1"
    python3 "$shared/bench/interleave.py" -n "$rounds" -b "$3" "$2" >"$work/table"
    cat "$work/table"
}

wall() { # wall NAME: its seconds in the last table
    awk -v name="$1" '{ row = substr($0, 1, 26); sub(/ +$/, "", row) } row == name { print $(NF - 6) }' "$work/table"
}

skipped() { # skipped PEER WHY
    echo "$1: $2, skipped" >>"$work/skipped"
}

# ---- load and aggregate
cc -O2 -o "$work/genpanel" "$shared/bench/genpanel.c" -lm 2>/dev/null
for size in "S 200 120" "${LARGE:-M 2000 730}"; do
    # shellcheck disable=SC2086 # three words
    set -- $size
    csv=$work/$1.csv
    "$work/genpanel" "$2" "$3" >"$csv"
    definition "$1" "$csv"
    mawk="sh $peers/load_awk.sh $csv mawk 2023-03-01"
    check="$pairlift check $work/$1.yaml -q --threads 1"
    {
        printf 'mawk\t%s\n' "$mawk"
        # the checksum of the input has a thread of its own, so that one thread takes two cores
        printf 'pairlift, 1 + hash thread\t%s\n' "$check"
        printf 'mawk, one core\ttaskset -c 0 %s\n' "$mawk"
        printf 'pairlift, one core\ttaskset -c 0 %s\n' "$check"
        printf 'cat\tcat %s\n' "$csv"
        if Rscript -e 'library(data.table)' >/dev/null 2>&1; then
            printf 'fread, 2 threads\tRscript %s/load_datatable.R %s 2 2023-03-01\n' "$peers" "$csv"
        else
            printf '# data.table is not installed, skipped\n'
        fi
    } >"$work/load-$1"
    compare "load and aggregate, panel $1 (ratio to mawk: x_first)" "$work/load-$1" "$(($(wc -c <"$csv") / 1000000))"
    if grep '^# ' "$work/load-$1"; then :; fi
    awk -v a="$(wall 'pairlift, one core')" -v b="$(wall 'mawk, one core')" \
        'BEGIN { if (b > 0) printf "on one core each: pairlift takes %.2f x mawk\n", a / b }'
done

# ---- KPIs: about a million order lines, and as many contacts. A peer counts one measure by representative; pairlift computes all
# that the table allows, with intervals, tests and pairs of products.
"$pairlift" simulate --company --deals "${DEALS:-162000}" --seed 3 -o "$work/company" >/dev/null
mawk -F, '{ print; rest = substr($0, length($1) + 1) } NR > 1 { for (k = 2; k <= 5; k++) print $1 "-" k rest }' \
    "$work/company/interactions.csv" >"$work/company/contacts.csv"
kpi_rows() { # kpi_rows TABLE FILE
    csv=$work/company/$2
    printf 'experiment: bench\ndata: [{table: %s, file: %s, duplicates: keep}]\nkpis: {period: month}\n' "$1" "$csv" \
        >"$work/company/$1.yaml"
    {
        printf 'mawk\tmawk -f %s/%s.awk %s\n' "$work" "$1" "$csv"
        printf 'pairlift kpi\t%s kpi %s/company/%s.yaml -q --json\n' "$pairlift" "$work" "$1"
        if Rscript -e 'library(data.table)' >/dev/null 2>&1; then
            printf 'fread, 2 threads\tRscript %s/%s.R %s\n' "$work" "$1" "$csv"
        else
            printf '# data.table is not installed, skipped\n'
        fi
    } >"$work/kpi"
    compare "kpi, $(($(wc -l <"$csv") - 1)) rows of the table $1 (ratio to mawk: x_first)" "$work/kpi" \
        "$(($(wc -c <"$csv") / 1000000))"
    if grep '^# ' "$work/kpi"; then :; fi
}
# columns by name, so that the peers do not depend on their order
cat >"$work/order_lines.awk" <<'EOT'
BEGIN { FS = "," }
NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
{ o = $c["order"]; r = $c["rep"]; if (!(o in seen)) { seen[o] = 1; n[r]++ } if ($c["kind"] == "upsell" && !(o in up)) { up[o] = 1; u[r]++ } }
END { for (r in n) print r, u[r] / n[r] }
EOT
cat >"$work/interactions.awk" <<'EOT'
BEGIN { FS = "," }
NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
{ k = $c["customer"]; n[k]++; if ($c["date"] > last[k]) last[k] = $c["date"] }
END { for (k in n) { t += n[k]; m++ } print t / m }
EOT
cat >"$work/order_lines.R" <<'EOT'
suppressMessages(library(data.table)); setDTthreads(2); d <- fread(commandArgs(TRUE)[1], showProgress = FALSE)
o <- d[, .(rep = rep[1], up = any(kind == "upsell")), by = order]; print(o[, mean(up), by = rep])
EOT
cat >"$work/interactions.R" <<'EOT'
suppressMessages(library(data.table)); setDTthreads(2); d <- fread(commandArgs(TRUE)[1], showProgress = FALSE)
k <- d[, .(n = .N, last = max(date)), by = customer]; print(mean(k$n))
EOT
kpi_rows order_lines order_lines.csv
kpi_rows interactions contacts.csv

# ---- kernels: the peers time theirs themselves, pairlift's is the process less one that only reads
for python in python3 /usr/bin/python3 ''; do
    [ -z "$python" ] || "$python" -c 'import numpy' 2>/dev/null || continue
    break
done
have_scipy=
[ -z "$python" ] || ! "$python" -c 'import scipy.stats' 2>/dev/null || have_scipy=1
have_boot=
Rscript -e 'library(boot)' >/dev/null 2>&1 && have_boot=1

peer() { # peer NAME SCRIPT COMMAND: a row, what it prints kept in NAME.times
    printf '%s\t%s %s/%s >>"%s/%s.times"\n' "$1" "$3" "$peers" "$2" "$work" "$1" >>"$work/kernel"
}

kernel() { # kernel METHOD WORD: WORD is what comes before the seconds in a peer's line
    : >"$work/kernel"
    : >"$work/skipped"
    rm -f "$work"/*.times
    stat="$work/pairs100.csv --x d --threads 1 -q"
    printf 'pairlift, 1 thread\t%s stat %s %s --resamples 100000\n' "$pairlift" "$1" "$stat" >>"$work/kernel"
    printf 'pairlift, start and read\t%s stat paired_t %s\n' "$pairlift" "$stat" >>"$work/kernel"
    case $1 in
    sign_flip)
        if [ -n "$python" ]; then peer numpy perm.py "$python"; else skipped numpy "no python3 with numpy"; fi
        if [ -n "$have_scipy" ]; then peer scipy perm_scipy.py "$python"; else skipped scipy "no python3 with scipy"; fi
        if command -v Rscript >/dev/null; then peer 'R, two kernels' perm.R Rscript; else skipped R "not installed"; fi
        ;;
    bootstrap_bca)
        if [ -n "$have_scipy" ]; then peer scipy bca_scipy.py "$python"; else skipped scipy "no python3 with scipy"; fi
        if command -v Rscript >/dev/null; then peer R bca.R Rscript; else skipped R "not installed"; fi
        if [ -n "$have_boot" ]; then peer boot bca_bootpkg.R Rscript; else skipped boot "not installed"; fi
        ;;
    esac
    compare "stat $1, 100,000 resamples of 100 pairs: whole processes" "$work/kernel" 0
    cat "$work/skipped"
    ours=$(awk -v a="$(wall 'pairlift, 1 thread')" -v b="$(wall 'pairlift, start and read')" 'BEGIN { print (a > b ? a - b : 0) }')
    printf 'kernel alone, seconds: pairlift %.4f' "$ours"
    for times in "$work"/*.times; do
        [ -f "$times" ] || continue
        # the first line only where a script times two kernels; the first round warms up
        sed -nE "s/.*$2 ([0-9.e-]+).*/\2/p" "$times" | sed 1d | sort -g |
            awk -v name="$(basename "$times" .times)" -v ours="$ours" \
                '{ x[NR] = $1 } END { m = x[int((NR + 1) / 2)]; if (m > 0) printf "; %s %.4f (pairlift %.3f x)", name, m, ours / m }'
    done
    echo
}
cp "$shared/bench/pairs100.csv" "$work"
cd "$work" # where the peers look for their data
kernel sign_flip 'perm (numpy kernel|scipy kernel|R kernel)'
kernel bootstrap_bca '(bca scipy|bca R vectorised|total)'
cd "$here"

# ---- exact sign flips: the peer doubles its list of sums for 20 pairs, pairlift counts 25 and 40
head -26 "$work/pairs100.csv" >"$work/pairs25.csv"
head -41 "$work/pairs100.csv" >"$work/pairs40.csv"
{
    printf 'pairlift, 25 pairs\t%s stat sign_flip %s/pairs25.csv --x d -q --threads 1\n' "$pairlift" "$work"
    printf 'pairlift, 40 pairs\t%s stat sign_flip %s/pairs40.csv --x d -q --threads 1\n' "$pairlift" "$work"
    printf 'pairlift, start and read\t%s stat paired_t %s/pairs25.csv --x d -q\n' "$pairlift" "$work"
    if [ -n "$python" ]; then printf 'numpy, 20 pairs\tenv -C %s %s %s/exact20.py\n' "$work" "$python" "$peers"; fi
} >"$work/exact"
compare "exact sign flips: whole processes" "$work/exact" 0

# ---- two-way fixed effects with errors by store; balanced, and with every tenth row gone
mawk -F, -v OFMT=%.15g -v CONVFMT=%.15g 'NR == 1 { print "date,store,y,treated"; next }
    { s = substr($2, 2) + 0; print $1 "," $2 "," log($5 + 1) "," (s % 2 == 1 && $1 >= "2024-01-01" ? 1 : 0) }' "$csv" >"$work/panel.csv"
mawk 'NR == 1 || NR % 10 != 7' "$work/panel.csv" >"$work/holes.csv"
columns="--x y --unit store --time date --treated treated -q"
{
    if Rscript -e 'library(data.table)' >/dev/null 2>&1; then
        printf 'R, matrices (CR1)\tRscript %s/did.R mat %s 2024-01-01 2\n' "$peers" "$csv"
    fi
    printf 'pairlift, CR2\t%s stat fixed_effects %s/panel.csv %s\n' "$pairlift" "$work" "$columns"
    printf 'pairlift, CR2, holes\t%s stat fixed_effects %s/holes.csv %s\n' "$pairlift" "$work" "$columns"
    printf 'pairlift, CR1, holes\t%s stat fixed_effects %s/holes.csv %s --vcov cr1\n' "$pairlift" "$work" "$columns"
    if Rscript -e 'library(fixest)' >/dev/null 2>&1; then
        printf 'fixest\tRscript %s/did.R fixest %s 2024-01-01 2\n' "$peers" "$csv"
    fi
} >"$work/effects"
compare "load and two-way fixed effects, panel ${LARGE:-M 2000 730} (R's matrices: x_first)" "$work/effects" 0

# ---- synthetic control of one store and 199 placebos, 72 days before
"$work/genpanel" 200 120 >"$work/S.csv"
mawk -F, 'NR == 1 { print "store,day,y,treated"; next }
    { d = $1; if (!(d in n)) n[d] = ++days; if (n[d] <= 80) print $2 "," $1 "," $5 / 1000 "," ($2 == "S000000" && n[d] > 72 ? 1 : 0) }' "$work/S.csv" >"$work/synthetic.csv"
mawk -F, 'NR > 1 { print $5 }' "$work/S.csv" >"$work/S.txt"
{
    printf 'pairlift\t%s stat synthetic_control %s/synthetic.csv --x y --unit store --time day --treated treated -q --threads 1\n' "$pairlift" "$work"
    if [ -n "$have_scipy" ]; then
        "$python" -c "import numpy as np; np.loadtxt('$work/S.txt').reshape(120, 200).T.copy().tofile('$work/S.f64')"
        printf 'scipy, three rounds\tenv -C %s %s %s/synthetic_control_nnls.py\n' "$work" "$python" "$peers"
    fi
} >"$work/synthetic"
compare "synthetic control and 199 placebos: whole processes" "$work/synthetic" 0

# ---- from start to the finished report of what make demo runs
demo=$here/experiments/dominicks-orange-juice/price-cut.yaml
"$pairlift" run "$demo" -q -o "$work/out"
cp -r "$work/out/charts" "$work/svg"
for script in "$work"/svg/*.gp; do # the same without the bitmap
    grep -q '^# The same chart once more, as a bitmap' "$script" || { echo "bench: $script has no bitmap to leave out"; exit 1; }
    sed -i '/^# The same chart once more, as a bitmap/,$d' "$script"
done
scripts="before_during.gp methods.gp pair_effects.gp test_vs_control.gp"
{
    if command -v Rscript >/dev/null; then printf 'start R\tRscript -e 1\n'; fi
    printf 'report without charts\t%s run %s -q --no-charts -o %s/plain\n' "$pairlift" "$demo" "$work"
    printf 'report with four charts\t%s run %s -q -o %s/charts\n' "$pairlift" "$demo" "$work"
    printf 'gnuplot alone, svg and png\tenv -C %s/out/charts gnuplot -d %s\n' "$work" "$scripts"
    printf 'gnuplot alone, svg\tenv -C %s/svg gnuplot -d %s\n' "$work" "$scripts"
    printf 'version\t%s --version\n' "$pairlift"
} >"$work/report"
compare "the demo: start to finished report (start R: x_first)" "$work/report" 0
awk -v run="$(wall 'report with four charts')" -v both="$(wall 'gnuplot alone, svg and png')" -v svg="$(wall 'gnuplot alone, svg')" '
    BEGIN {
        printf "of a run with four charts gnuplot takes %.0f %%", 100 * both / run
        printf "; with SVG alone (the run less the time of the bitmaps) %.0f %%\n", 100 * svg / (run - both + svg)
    }'
