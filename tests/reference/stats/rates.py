# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of proportions and fisher_exact in 60 digits, standard library only:
#   python3 tests/reference/stats/rates.py
from decimal import Decimal as D, getcontext
from math import comb
from statistics import NormalDist

getcontext().prec = 60


def wilson(x, n, z):
    p = D(x) / n
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def newcombe(x1, n1, x2, n2, z):
    l1, u1 = wilson(x1, n1, z)
    l2, u2 = wilson(x2, n2, z)
    p1, p2 = D(x1) / n1, D(x2) / n2
    return (p1 - p2 - ((p1 - l1) ** 2 + (u2 - p2) ** 2).sqrt(),
            p1 - p2 + ((u1 - p1) ** 2 + (p2 - l2) ** 2).sqrt())


def touching_z(x1, n1, x2, n2):
    side = 0 if x1 * n2 > x2 * n1 else 1
    low, high = D(0), D(100)
    for _ in range(180):
        z = (low + high) / 2
        limit = newcombe(x1, n1, x2, n2, z)[side]
        if (limit <= 0) == (side == 0):
            high = z
        else:
            low = z
    return low


def fisher(x1, n1, x2, n2, conf=D("0.95")):
    m = x1 + x2
    ks = range(max(0, m - n2), min(m, n1) + 1)
    weight = {k: comb(n1, k) * comb(n2, m - k) for k in ks}

    def above(psi):  # P(X >= x1)
        w = {k: D(weight[k]) * psi ** k for k in ks}
        return sum(w[k] for k in ks if k >= x1) / sum(w.values())

    def below(psi):
        w = {k: D(weight[k]) * psi ** k for k in ks}
        return sum(w[k] for k in ks if k <= x1) / sum(w.values())

    def mean(psi):
        w = {k: D(weight[k]) * psi ** k for k in ks}
        return sum(k * w[k] for k in ks) / sum(w.values())

    def root(f):  # of an increasing f, over log10 psi
        low, high = D(-12), D(12)
        for _ in range(120):
            at = (low + high) / 2
            if f(D(10) ** at) > 0:
                high = at
            else:
                low = at
        return D(10) ** low

    tail = (1 - conf) / 2
    print("  p greater %.17g less %.17g" % (above(D(1)), below(D(1))))
    print("  point probability %.17g" % (D(sum(v for v in weight.values() if v <= weight[x1])) / sum(weight.values())))
    if x1 not in (ks[0], ks[-1]):
        print("  odds ratio %.17g" % root(lambda psi: mean(psi) - x1))
    if x1 != ks[0]:
        print("  low %.17g" % root(lambda psi: above(psi) - tail))
    if x1 != ks[-1]:
        print("  high %.17g" % root(lambda psi: tail - below(psi)))


for case in [(56, 70, 48, 80), (45, 300, 30, 310), (3, 4, 1, 4), (2, 50, 9, 48), (0, 20, 5, 20), (10, 10, 0, 9)]:
    z = touching_z(*case)
    print(case, "touching z %.17g" % z, "Newcombe 95 %% %.17g %.17g" % newcombe(*case, D("1.959963984540054235524594430521")))
    fisher(*case)
