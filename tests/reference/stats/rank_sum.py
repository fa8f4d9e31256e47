# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact two-sided rank-sum p of wa_marketing's promotions by location, given the midranks: whole numbers
throughout (four weeks' sales in units of .01), every choice counted. For tests/unit/stats/test_rank_sum.c.
Usage: rank_sum.py SHARED/data/wa_marketing/wa_marketing.csv
"""
import collections
import csv
import sys
from fractions import Fraction

sales, promotion = collections.defaultdict(int), {}
for row in csv.DictReader(open(sys.argv[1])):
    sales[row["LocationID"]] += round(float(row["SalesInThousands"]) * 100)
    promotion[row["LocationID"]] = row["Promotion"]
groups = {p: [sales[at] for at in sales if promotion[at] == p] for p in "123"}
for a, b in "12", "13", "23":
    x, everything = groups[a], sorted(groups[a] + groups[b])
    rank2 = {v: 2 * everything.index(v) + everything.count(v) + 1 for v in everything}
    ways = [collections.Counter() for _ in range(len(x) + 1)]
    ways[0][0] = 1
    for v in everything:
        for j in range(len(x), 0, -1):
            for s, count in ways[j - 1].items():
                ways[j][s + rank2[v]] += count
    observed, last = sum(rank2[v] for v in x), ways[len(x)]
    up = sum(count for s, count in last.items() if s >= observed)
    down = sum(count for s, count in last.items() if s <= observed)
    print(a, b, repr(float(Fraction(2 * min(up, down), sum(last.values())))))
