#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the tables and the pairs from bayesm's orange juice data (see SOURCE.md).

usage: prepare.py PATH/TO/oj_yx.csv PATH/TO/oj_storedemo.csv     (Debian: python3-numpy, python3-scipy)

Movement (exp of logmove) is in ounces, prices are per ounce: both are turned into cartons. Pairs are
chosen on the weeks before the test alone: the assignment of test to control stores with the least total
distance, where the distance is the root mean square difference of the log units of the two stores over
the weeks from `first` to the last one before the test.
"""
import csv
import math
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment

# bayesm's numbers of the brands, what they are, and ounces a carton
BRANDS = {
    "1": ("Tropicana Premium 64", 64),
    "2": ("Tropicana Premium 96", 96),
    "3": ("Florida's Natural 64", 64),
    "4": ("Tropicana 64", 64),
    "5": ("Minute Maid 64", 64),
    "6": ("Minute Maid 96", 96),
    "7": ("Citrus Hill 64", 64),
    "8": ("Tree Fresh 64", 64),
    "9": ("Florida Gold 64", 64),
    "10": ("Dominick's 64", 64),
    "11": ("Dominick's 128", 128),
}
DEMOGRAPHICS = {
    "AGE60": "aged_60_plus",
    "EDUC": "college_graduates",
    "INCOME": "log_income",
    "HHLARGE": "large_households",
    "HVAL150": "houses_over_150k",
    "SSTRDIST": "miles_to_warehouse_store",
    "CPDIST5": "miles_to_supermarkets",
}

sales = {}  # brand -> store -> week -> (units, price, deal, feature, margin in per cent)
for r in csv.DictReader(open(sys.argv[1])):
    brand = r["brand"]
    ounces = BRANDS[brand][1]
    units = math.exp(float(r["logmove"])) / ounces
    # movement is a whole number of cartons but for the rounding of its logarithm
    assert abs(units - round(units)) < 1e-3 * max(units, 1), r
    price = float(r["price" + brand]) * ounces
    sales.setdefault(brand, {}).setdefault(int(r["store"]), {})[int(r["week"])] = (
        round(units), price, int(float(r["deal"])), float(r["feat"]), float(r["profit"]))


def write(name, header, rows):
    with open(name, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)


def row(store, week, brand, with_product):
    units, price, deal, _, margin = sales[brand][store][week]
    product = [BRANDS[brand][0]] if with_product else []
    return [f"S{store:03d}", week, *product, units, f"{units * price:.2f}", f"{price:.2f}", deal, f"{margin:.2f}"]


def complete(brand, before, during):
    """Stores with all weeks and neither deal nor feature before."""
    for store, weeks in sorted(sales[brand].items()):
        if all(w in weeks for w in (*before, *during)) and not any(weeks[w][2] for w in before):
            yield store, weeks


def deal_arms(brand, before, during):
    """On deal throughout, and never, during."""
    test, control = [], []
    for store, weeks in complete(brand, before, during):
        deals = [weeks[w][2] for w in during]
        if all(deals):
            test.append(store)
        elif not any(deals):
            control.append(store)
    return test, control


def price_arms(brand, before, during):
    """The same price before; during, no deal and no feature, and at least 4 % cheaper throughout or unchanged."""
    test, control = [], []
    for store, weeks in complete(brand, before, during):
        usual = weeks[before[0]][1]
        change = [weeks[w][1] / usual - 1 for w in during]
        if any(weeks[w][3] > 0.01 for w in (*before, *during)) or any(weeks[w][2] for w in during):
            continue
        if any(abs(weeks[w][1] / usual - 1) > 0.01 for w in before):
            continue
        if max(change) < -0.04:
            test.append(store)
        elif max(map(abs, change)) < 0.01:
            control.append(store)
    return test, control


def pairs(name, brand, arms, first, before):
    test, control = arms

    def distance(a, b):
        weeks = [w for w in range(first, before[-1] + 1) if w in sales[brand][a] and w in sales[brand][b]]
        d = [math.log(sales[brand][a][w][0] / sales[brand][b][w][0]) for w in weeks]
        return math.sqrt(sum(x * x for x in d) / len(d))

    cost = np.array([[distance(a, b) for b in control] for a in test])
    chosen = sorted((test[i], control[j], cost[i, j]) for i, j in zip(*linear_sum_assignment(cost)))
    write(name, ["test", "control"], [[f"S{a:03d}", f"S{b:03d}"] for a, b, _ in chosen])
    best = min(chosen, key=lambda p: p[2])
    print(name, len(test), "test,", len(control), "control,", len(chosen), "pairs; nearest:", best)


# ---- one brand: a deal without a price cut, and a small price cut
write("sales.csv", ["store", "week", "units", "revenue", "price", "deal", "margin"],
      [row(s, w, "2", False) for s in sorted(sales["2"]) for w in sorted(sales["2"][s]) if 130 <= w <= 150])
pairs("pairs-deal.csv", "2", deal_arms("2", range(140, 144), range(144, 146)), 130, range(140, 144))
pairs("pairs-price-cut.csv", "2", deal_arms("2", range(140, 146), range(146, 148)), 130, range(140, 146))

# ---- all brands: the own label cheaper in some stores
before, during = range(57, 61), range(61, 65)
arms = price_arms("11", before, during)
pairs("pairs-own-label.csv", "11", arms, 52, before)
stores = sorted(arms[0] + arms[1])
write("sales-all-brands.csv", ["store", "week", "product", "units", "revenue", "price", "deal", "margin"],
      [row(s, w, b, True) for s in stores for w in range(52, 65) for b in BRANDS if w in sales[b][s]])
demographics = {int(r["STORE"]): r for r in csv.DictReader(open(sys.argv[2]))}
write("stores.csv", ["store", *DEMOGRAPHICS.values()],
      [[f"S{s:03d}", *(f"{float(d[c]):.4f}" for c in DEMOGRAPHICS)] for s, d in sorted(demographics.items())])
