# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact mean and standard deviation of doubles: NIST's NumAcc4 by its rule, the first value replaced by one
that no decimal of 15 digits gives, so that the doubles themselves count. By rational arithmetic; for
tests/unit/stats/test_moments.c.
"""
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
x = [Fraction(v) for v in [10000000.0 + 1 / 3] + [10000000.1, 10000000.3] * 500]
mean = sum(x) / len(x)
variance = sum((v - mean) ** 2 for v in x) / (len(x) - 1)
sd = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
print(repr(float(mean)), repr(float(sd)))
