#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes sales.csv and the pairs from bayesm's orange juice data (oj_yx.csv, see SOURCE.md).

usage: prepare.py PATH/TO/oj_yx.csv     (Debian: python3-numpy, python3-scipy)

Brand 2 is Tropicana Premium in cartons of 96 oz: the movement (exp of logmove) is in ounces, the
prices are per ounce. Pairs are chosen on the weeks before the test alone: the assignment of test to
control stores with the least total distance, where the distance is the root mean square difference of
the log units of the two stores over weeks 130 to the last one before the test.
"""
import csv
import math
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment

BRAND, OUNCES, FIRST, LAST = "2", 96, 130, 150

rows = [r for r in csv.DictReader(open(sys.argv[1])) if r["brand"] == BRAND]
sales = {}
for r in rows:
    week = int(r["week"])
    if FIRST <= week <= LAST:
        units = math.exp(float(r["logmove"])) / OUNCES
        # movement is a whole number of cartons but for the rounding of its logarithm
        assert abs(units - round(units)) < 1e-3 * max(units, 1), r
        price = float(r["price" + BRAND]) * OUNCES
        sales.setdefault(int(r["store"]), {})[week] = (round(units), price, int(float(r["deal"])))

with open("sales.csv", "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["store", "week", "units", "revenue", "price", "deal"])
    for store, weeks in sorted(sales.items()):
        for week, (units, price, deal) in sorted(weeks.items()):
            w.writerow([f"S{store:03d}", week, units, f"{units * price:.2f}", f"{price:.2f}", deal])


def arms(before, during):
    """Stores with all weeks and no deal before: on deal throughout, and never, during."""
    test, control = [], []
    for store, weeks in sorted(sales.items()):
        if any(w not in weeks for w in (*before, *during)) or any(weeks[w][2] for w in before):
            continue
        deals = [weeks[w][2] for w in during]
        if all(deals):
            test.append(store)
        elif not any(deals):
            control.append(store)
    return test, control


def pairs(name, before, during):
    test, control = arms(before, during)

    def distance(a, b):
        weeks = [w for w in range(FIRST, before[-1] + 1) if w in sales[a] and w in sales[b]]
        d = [math.log(sales[a][w][0] / sales[b][w][0]) for w in weeks]
        return math.sqrt(sum(x * x for x in d) / len(d))

    cost = np.array([[distance(a, b) for b in control] for a in test])
    chosen = sorted((test[i], control[j], cost[i, j]) for i, j in zip(*linear_sum_assignment(cost)))
    with open(name, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["test", "control"])
        w.writerows([[f"S{a:03d}", f"S{b:03d}"] for a, b, _ in chosen])
    best = min(chosen, key=lambda p: p[2])
    print(name, len(test), "test,", len(control), "control,", len(chosen), "pairs; nearest:", best)


pairs("pairs-deal.csv", range(140, 144), range(144, 146))
pairs("pairs-price-cut.csv", range(140, 146), range(146, 148))
