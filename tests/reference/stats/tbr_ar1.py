# SPDX-License-Identifier: GPL-3.0-or-later
# usage: python3 tbr_ar1.py   (needs mpmath) the reference values of tests/unit/stats/test_tbr_ar1.c.
# The posterior of the summed effect by brute force in 60 digits: for each rho the whole covariance matrix of
# the noise before and during, generalised least squares with dense algebra and the conditional normal
# forecast, mixed over rho by tanh-sinh quadrature. No Prais-Winsten, no recursion.
from mpmath import mp, mpf, matrix, lu_solve, det, quad, sqrt, exp, log, betainc

mp.dps = 60
control = [mpf(x) for x in "101.2 97.5 110.3 104.8 92.1 99.9 107.4 95.6 102.7 111.0 98.3 103.1 96.4 108.8".split()]
test = [mpf(x) for x in "101.9 99.4 110.8 107.1 95.0 99.1 104.9 94.2 101.1 109.7 106.0 111.2 104.9 115.3".split()]
n, T, df = 10, 4, 8
centre = sum(control[:n]) / n


def given(rho):
    V = matrix(n + T, n + T)
    for i in range(n + T):
        for j in range(n + T):
            V[i, j] = rho ** abs(i - j) / (1 - rho ** 2)
    X = matrix([[1, c - centre] for c in control])
    y = matrix(test)
    Vi = V[:n, :n] ** -1
    XtX = X[:n, :].T * Vi * X[:n, :]
    beta = lu_solve(XtX, X[:n, :].T * Vi * y[:n, 0])
    r = y[:n, 0] - X[:n, :] * beta
    S = (r.T * Vi * r)[0]
    K = V[n:, :n] * Vi
    one = matrix([[1] * T])
    middle = (one * (y[n:, 0] - X[n:, :] * beta - K * r))[0]
    h = (one * (X[n:, :] - K * X[:n, :])).T
    var = (h.T * lu_solve(XtX, h))[0] + (one * (V[n:, n:] - K * V[:n, n:]) * one.T)[0]
    weight = det(V[:n, :n]) ** mpf(-0.5) * det(XtX) ** mpf(-0.5) * S ** (-mpf(n - 2) / 2)
    return weight, middle, sqrt(S / df * var)


def t_cdf(x):
    tail = betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + x * x), regularized=True) / 2
    return 1 - tail if x > 0 else tail


# the quadrature's nodes are the same for every integrand: keep them
known = {}


def mix(f):
    def inner(v):
        if v not in known:
            known[v] = given(1 - v * v)
        w, m, s = known[v]
        return 2 * v * w * f(m, s, 1 - v * v)
    return quad(inner, [mpf("1e-12"), mpf("0.3"), mpf("0.9"), sqrt(mpf(2)) - mpf("1e-12")], maxdegree=6)


total = mix(lambda m, s, rho: 1)
cdf = lambda x: mix(lambda m, s, rho: t_cdf((x - m) / s)) / total


def quantile(p, middle):
    low, high = middle - mpf("0.01"), middle + mpf("0.01")
    for _ in range(45):
        at = (low + high) / 2
        low, high = (at, high) if cdf(at) < p else (low, at)
    return low


for name, p, start in [("estimate", mpf("0.5"), mpf("30.637")), ("low", mpf("0.025"), mpf("17.712")), ("high", mpf("0.975"), mpf("43.854"))]:
    print(name, mp.nstr(quantile(p, start), 17))
print("p", mp.nstr(2 * min(cdf(0), 1 - cdf(0)), 17))
print("rho", mp.nstr(mix(lambda m, s, rho: rho) / total, 17))
