#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: derive.sh SHARED OUT   writes into the folder OUT the tables of those definitions beside this script whose data set
# has them in another shape, with the definitions; then: pairlift kpi OUT/telco-churn.yaml
set -eu
here=$(dirname "$0")
data=$1/data
out=$2
mkdir -p "$out"
for name in hr-attrition telco-churn groceries retail-price; do
    cp "$here/$name.yaml" "$out"
done

# column NAME is c["NAME"]; no cell of these files has a comma in it
columns='NR == 1 { gsub(/["\r]/, ""); for (i = 1; i <= NF; i++) c[$i] = i; next } { gsub(/["\r]/, "") }'

awk -F, "$columns"'
    NR == 2 { print "employee,date,team,score,EnvironmentSatisfaction,RelationshipSatisfaction,WorkLifeBalance" }
    { print $c["EmployeeNumber"] ",2024-06-30," $c["Department"] "," $c["JobSatisfaction"] "," \
        $c["EnvironmentSatisfaction"] "," $c["RelationshipSatisfaction"] "," $c["WorkLifeBalance"] }' \
    "$data/hr_attrition/hr_attrition.csv" >"$out/hr-survey.csv"

awk -F, "$columns"'
    NR == 2 { print "customer,start,end,rep" }
    $c["tenure"] > 0 {
        month = 2020 * 12 - $c["tenure"] # of 2020-01
        printf "%s,%04d-%02d-15,%s,%s\n", $c["customerID"], int(month / 12), month % 12 + 1,
            $c["Churn"] == "Yes" ? "2020-01-15" : "", $c["Contract"]
    }' "$data/telco_churn/telco_churn.csv" >"$out/telco-customers.csv"
printf 'opportunity,opened,closed,outcome,rep\n1,2020-01-01,2020-01-10,won,Ada\n' >"$out/telco-deals.csv"

awk -F, 'BEGIN { print "order,date,customer,product,amount" }
    { sub(/\r$/, ""); for (i = 1; i <= NF; i++) printf "%d,2024-01-%02d,c%d,%s,1\n", NR, 1 + NR % 31, NR, $i }' \
    "$data/groceries/groceries_baskets.txt" >"$out/groceries-lines.csv"

prices=$data/retail_price_comp/retail_price.csv
awk -F, "$columns"'
    NR == 2 { print "date,product,category,units,revenue,price" }
    { print $c["month_year"] "," $c["product_id"] "," $c["product_category_name"] "," $c["qty"] "," $c["total_price"] "," \
        $c["unit_price"] }' "$prices" >"$out/retail-sales.csv"
awk -F, "$columns"'
    NR == 2 { print "date,product,competitor,price" }
    { for (k = 1; k <= 3; k++) print $c["month_year"] "," $c["product_id"] ",comp_" k "," $c["comp_" k] }' \
    "$prices" >"$out/retail-competitors.csv"
