# SPDX-License-Identifier: GPL-3.0-or-later
# Gaps between the visits of households of Complete Journey, for tests/unit/kpi/test_engagement_real.c.
import collections
import csv
import datetime
import statistics

days, december = collections.defaultdict(set), 0
with open("../shared/data/completejourney/transactions_sample.csv") as f:
    for row in csv.DictReader(f):
        day = datetime.date.fromisoformat(row["transaction_timestamp"][:10])
        days[row["household_id"]].add(day)
        december += day >= datetime.date(2017, 12, 1)
now = max(max(d) for d in days.values())
waits = []  # usual gap, known, gaps, median of the closed ones, open
for visits in days.values():
    d = sorted(visits)
    gaps = [(b - a).days for a, b in zip(d, d[1:])]
    open_gap = (now - d[-1]).days
    usual = statistics.median(gaps) if gaps else None
    gap = open_gap if not gaps else statistics.median(gaps + [open_gap]) if open_gap > usual else usual
    waits.append((gap, bool(gaps), len(gaps), usual, open_gap))
left = 1
for t in sorted({w[0] for w in waits if w[1]}):
    left *= 1 - sum(w[0] == t and w[1] for w in waits) / sum(w[0] >= t for w in waits)
    if left <= 0.5:
        break
late = sum(w[4] > 2 * (w[3] if w[2] >= 2 else t) for w in waits)
print("median", t, "of", len(days), "overdue", late, "contacts in December", december)
