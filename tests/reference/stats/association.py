# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values of tests/unit/stats/test_association.c: hypergeometric tails by whole-number arithmetic,
lift and its delta-method limits in 40 digits."""
from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb

getcontext().prec = 40
Z = Decimal("1.959963984540054235524594430520551527955550438954")  # of 95 %


def decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def tails(n, a, b, both):
    low, high, all_ways = max(0, a + b - n), min(a, b), comb(n, a)
    ways = {k: comb(b, k) * comb(n - b, a - k) for k in range(low, high + 1)}
    up = sum(w for k, w in ways.items() if k >= both)
    down = sum(w for k, w in ways.items() if k <= both)
    return decimal(Fraction(up, all_ways)), decimal(Fraction(down, all_ways))


for n, a, b, both in [(9835, 1903, 2513, 736), (9835, 1809, 1715, 377), (9835, 1072, 1903, 466),
                      (50, 12, 30, 3), (20, 15, 14, 9), (20, 15, 14, 14), (1000, 200, 300, 0),
                      (60000, 9000, 12000, 1200)]:
    together, apart = tails(n, a, b, both)
    lift = Fraction(both * n, a * b)
    line = [f"{{{n}, {a}, {b}, {both}}}", f"{together:.17g}", f"{apart:.17g}", f"{decimal(lift):.17g}"]
    if both:
        variance = Fraction(1, both) - Fraction(1, a) - Fraction(1, b) + (2 * lift - 1) / n
        reach = Z * decimal(variance).sqrt()
        line += [f"{decimal(lift) * (-reach).exp():.17g}", f"{decimal(lift) * reach.exp():.17g}"]
    else:
        line += ["0", f"{-Decimal('0.025').ln() / decimal(Fraction(a * b, n)):.17g}"]
    print("{" + ", ".join(line) + "},")
