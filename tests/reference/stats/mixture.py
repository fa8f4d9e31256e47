# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values for tests/unit/stats/test_msprt.c and test_confidence_sequence.c, from the formulas of the
papers, the likelihood ratio by numerical integration over the mixture."""
import numpy as np
from scipy import integrate, stats

d = np.array([2.31, -0.47, 1.83, 0.92, -1.16, 3.07, 0.58, 1.49, -0.23, 2.74, 0.11, 1.37])


def ratio(mean, variance, n, tau):
    def f(theta):
        return np.exp((-n * (mean - theta) ** 2 + n * mean**2) / (2 * variance)) * stats.norm.pdf(theta, 0, tau)
    top = mean * tau**2 / (tau**2 + variance / n)
    width = 12 / np.sqrt(n / variance + 1 / tau**2)
    return integrate.quad(f, top - width, top + width, epsabs=0, epsrel=1e-13, limit=400)[0]


print("published", repr(ratio(.3, 2, 50, np.sqrt(.1))))
print("twelve, variance 1.5, tau .8", repr(ratio(d.mean(), 1.5, 12, .8)))
v, alpha = d.var(ddof=1), .05
rho2 = (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha))) / 20
print("twelve, tuned at 20, L", repr(ratio(d.mean(), v, 12, np.sqrt(rho2 * v))))
x = 12 * rho2
margin = np.sqrt(v / 12) * np.sqrt(2 * (x + 1) / x * np.log(np.sqrt(x + 1) / alpha))
print("twelve, tuned at 20, interval", repr(d.mean() - margin), repr(d.mean() + margin))
for n in (5000, 1000):
    x = n * rho2 * 20 / 5000
    print("multiplier", n, repr(np.sqrt(2 * (x + 1) / x * np.log(np.sqrt(x + 1) / alpha))))
