#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: write.sh PAIRLIFT   writes the golden files and the generated documentation anew.
# Read the diff before you commit it: a golden file is evidence for words, never for a number.
set -eu
pairlift=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
folder=experiments/dominicks-orange-juice
for name in price-cut deal-sign two-stores; do
    "$pairlift" run "$folder/$name.yaml" --no-charts -o "$out/report" | sed "s|$out|OUT|" >"tests/golden/$name.txt"
    cp "$out/report/report.md" "tests/golden/$name.md"
    cp "$out/report/estimates.csv" "tests/golden/$name.estimates.csv"
    cp "$out/report/pairs.csv" "tests/golden/$name.pairs.csv"
    "$pairlift" check "$folder/$name.yaml" >"tests/golden/$name.check.txt"
done
"$pairlift" monitor "$folder/price-cut.yaml" --as-of 146 --no-charts -o "$out/report" | sed "s|$out|OUT|" >tests/golden/monitor.txt
"$pairlift" stat signed_rank tests/golden/shoes.csv --x A --y B >tests/golden/stat.txt
"$pairlift" stat sign_flip tests/golden/shoes.csv --x A --y B --json >tests/golden/stat.json
"$pairlift" help >tests/golden/help.txt
"$pairlift" help run >tests/golden/help-run.txt
"$pairlift" help monitor >tests/golden/help-monitor.txt
"$pairlift" help stat >tests/golden/help-stat.txt
"$pairlift" help definition >docs/definition.md
"$pairlift" help methods >docs/methods.md
# the README shows the beginning of the demo's output
sed '/^Effect of/,$d' tests/golden/price-cut.txt | sed '$d' >"$out/shown"
awk -v shown="$out/shown" '
    /^\$ build\/release\/pairlift run/ { print; while ((getline line <shown) > 0) print line; skip = 1; next }
    /^```/ { skip = 0 }
    !skip' README.md >"$out/readme"
# and the methods by family, between two comments
"$pairlift" help families >"$out/families"
awk -v table="$out/families" '
    /^<!-- methods/ { print; while ((getline line <table) > 0) print line; skip = 1; next }
    /^<!-- end of methods/ { skip = 0 }
    !skip' "$out/readme" >README.md
# docs/simulate.md: its options, and the example with its real output
"$pairlift" help simulate >tests/golden/help-simulate.txt
{
    echo '```text'
    sed '1,/^options:/d' tests/golden/help-simulate.txt
    echo '```'
} >"$out/options"
{
    echo '```text'
    echo '$ pairlift simulate'
    "$pairlift" simulate -o "$out/simulation" | sed "s|$out|out|"
    echo '$ pairlift run out/simulation/simulation.yaml'
    "$pairlift" run "$out/simulation/simulation.yaml" --no-charts -o "$out/report" | sed '/^Effect of/,$d' | sed '$d'
    echo '```'
} >"$out/example"
awk -v options="$out/options" -v example="$out/example" '
    /^<!-- (options|example)/ { print; file = /options/ ? options : example; while ((getline line <file) > 0) print line; skip = 1; next }
    /^<!-- end of/ { skip = 0 }
    !skip' docs/simulate.md >"$out/simulate.md"
cp "$out/simulate.md" docs/simulate.md
# the KPIs of the simulated company, and their scorecard in docs/kpis.md
"$pairlift" kpi experiments/field-sales/field-sales.yaml --no-charts -o "$out/report" | sed "s|$out|OUT|" >tests/golden/company.txt
cp "$out/report/report.md" tests/golden/company.md
{
    echo '```text'
    echo '$ pairlift kpi experiments/field-sales/field-sales.yaml'
    sed '/^Sales volume by location$/,$d' tests/golden/company.txt | sed '$d'
    echo '```'
} >"$out/scorecard"
awk -v shown="$out/scorecard" '
    /^<!-- scorecard/ { print; while ((getline line <shown) > 0) print line; skip = 1; next }
    /^<!-- end of scorecard/ { skip = 0 }
    !skip' docs/kpis.md >"$out/kpis.md"
cp "$out/kpis.md" docs/kpis.md
