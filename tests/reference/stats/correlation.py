# Reference values of tests/unit/stats/test_correlation.c and test_spearman.c.
# Pearson: limits by Ruben's representation of r (1966, Journal of the Royal Statistical Society B 28, 513-525): with Z normal, W and V chi of
# n - 1 and n - 2 degrees of freedom, all independent, r / sqrt(1 - r^2) has the distribution of
# (Z + rho / sqrt(1 - rho^2) W) / V. The mean over W of the noncentral t's tail is taken by quadrature.
# Spearman: every order of the ranks, and the limits by scipy's root finder.
import itertools, math
import numpy as np
from scipy import optimize, special, stats

def upper_tail(r, rho, n):
    q, d = r / math.sqrt(1 - r * r), rho / math.sqrt(1 - rho * rho)
    # P((Z + d W) / V >= q) = E over W and V of Phi(d W - q V)
    nodes, weights = np.polynomial.legendre.leggauss(400)
    def rule(df):
        a, b = max(0, math.sqrt(df) - 9), math.sqrt(df) + 9
        x = (a + b) / 2 + (b - a) / 2 * nodes
        return x, weights * (b - a) / 2 * stats.chi.pdf(x, df)
    w, pw = rule(n - 1)
    v, pv = rule(n - 2)
    return float(pw @ special.ndtr(d * w[:, None] - q * v[None, :]) @ pv)

def exact_interval(r, n, level):
    low = optimize.brentq(lambda z: upper_tail(r, math.tanh(z), n) - level, math.atanh(r) - 8, math.atanh(r), xtol=1e-15, rtol=1e-14)
    high = optimize.brentq(lambda z: upper_tail(-r, -math.tanh(z), n) - level, math.atanh(r), math.atanh(r) + 8, xtol=1e-15, rtol=1e-14)
    return math.tanh(low), math.tanh(high)

x8, y8 = [49, -67, 8, 16, 6, 23, 28, 41], [3.1, 4.7, 2.2, 8.9, 7.3, 6.1, 9.8, 5.5]
x5, y5 = [1, 2, 3, 4, 5.5], [2.2, 1.9, 3.7, 4.1, 5.2]
for r, n in ((.3, 10), (.9, 5), (-.75, 20), (.05, 200)):
    for rho in (-.5, 0, .2, .8):
        print("tail r %g n %d rho %g: %.17g" % (r, n, rho, upper_tail(r, rho, n)))
for name, x, y in (("eight", x8, y8), ("five", x5, y5)):
    r, p = stats.pearsonr(x, y)
    n = len(x)
    print(name, "r %.17g t %.17g p %.17g" % (r, r * math.sqrt((n - 2) / (1 - r * r)), p), "95 %% %.15g %.15g" % exact_interval(r, n, .025),
          "90 %% %.15g %.15g" % exact_interval(r, n, .05))

def orders(x, y, level):
    n = len(x)
    a, b = stats.rankdata(x).astype(int), stats.rankdata(y).astype(int)
    rho = lambda d: 1 - 6 * d / (n ** 3 - n)
    seen = rho(int(((a - b) ** 2).sum()))
    all_ = np.array([rho(sum((i - v) ** 2 for i, v in enumerate(p))) for p in itertools.permutations(range(n))])
    keep = [v for v in np.unique(all_) if (all_ >= v - 1e-12).mean() > level]
    return seen, (all_ >= seen - 1e-12).mean(), (all_ <= seen + 1e-12).mean(), max(keep)

def limits(r, kept):
    z, c = math.atanh(r), math.atanh(kept)
    d = lambda u: (z - u) / math.sqrt(1 + math.tanh(u) ** 2 / 2)
    return (math.tanh(optimize.brentq(lambda u: d(u) - c, z - 2 * c, z, xtol=1e-15)),
            math.tanh(optimize.brentq(lambda u: d(u) + c, z, z + 2 * c, xtol=1e-15)))

seen, up, down, kept = orders(x8, y8, .025)
print("spearman eight %.17g up %.17g down %.17g kept %.17g limits %.15g %.15g" % (seen, up, down, kept, *limits(seen, kept)))
t = 2.1603686564627922  # R: qt(.025, 13, lower.tail = FALSE); scipy 1.10 has 11 digits of it
x15 = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
y15 = [v * v % 13 + i / 3 for i, v in enumerate(x15)]
r, p = stats.spearmanr(x15, y15)
print("spearman fifteen %.17g p %.17g limits %.15g %.15g" % (r, p, *limits(r, t / math.sqrt(13 + t * t))))
y15t = [min(v, 9) for v in y15]
r, p = stats.spearmanr(x15, y15t)
print("spearman ties %.17g p %.17g" % (r, p))
