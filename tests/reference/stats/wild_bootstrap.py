# Reference values of tests/unit/stats/test_wild_bootstrap.c: every resample is made and fitted in full, with dummies.
import itertools
import numpy as np

WEBB = [np.sqrt(1.5), 1, np.sqrt(.5), -np.sqrt(.5), -1, -np.sqrt(1.5)]

def dummies(v): return (v[:, None] == np.unique(v)[None, :]).astype(float)

class Model:
    def __init__(self, y, x, d, cluster):
        self.y, self.x, self.cluster = y, x, np.unique(cluster, return_inverse=True)[1]
        full = np.column_stack([x, d]) if d is not None else x[:, None]
        rest = d if d is not None else np.zeros((len(y), 0))
        self.full_pinv, self.full, self.rest = np.linalg.pinv(full), full, rest
        self.rest_pinv = np.linalg.pinv(rest) if rest.shape[1] else np.zeros((0, len(y)))
        self.xt = x - rest @ (self.rest_pinv @ x)
        self.groups = self.cluster.max() + 1

    def fit(self, y):                        # coefficient and CR0 error; y: rows x samples
        b = self.full_pinv @ y
        e = y - self.full @ b
        s = np.stack([self.xt[self.cluster == g] @ e[self.cluster == g] for g in range(self.groups)])
        return b[0], np.sqrt((s ** 2).sum(0)) / (self.xt @ self.xt)

    def p(self, null, weights, side=0):
        b, se = self.fit(self.y[:, None]); t = (b[0] - null) / se[0]
        gamma = self.rest_pinv @ (self.y - null * self.x)
        fitted = null * self.x + self.rest @ gamma
        u = self.y - fitted
        count = 0
        for part in np.array_split(weights, max(1, len(weights) // 4096)):
            ystar = fitted[:, None] + part.T[self.cluster] * u[:, None]
            bs, ses = self.fit(ystar)
            with np.errstate(divide="ignore"): ts = (bs - null) / ses
            if side == 0: count += (np.abs(ts) >= abs(t) - 1e-12 * (1 + abs(t))).sum()
            else: count += (side * ts >= side * t - 1e-12 * (1 + abs(t))).sum()
        return count / len(weights)

    def limit(self, weights, level, direction, side=0):   # nearest crossing outwards from the estimate
        b, se = (v[0] for v in self.fit(self.y[:, None]))
        inside, step = b, se
        outside = b + direction * step
        while self.p(outside, weights, side) > level:
            inside, step = outside, step * 2
            outside = outside + direction * step
        for _ in range(45):
            middle = (inside + outside) / 2
            if self.p(middle, weights, side) > level: inside = middle
            else: outside = middle
        return inside

def show(name, m, points, level=.05):
    w = np.array(list(itertools.product(points, repeat=m.groups)))
    b, se = m.fit(m.y[:, None])
    G = m.groups
    print(name, "estimate %.15g se(CR1) %.15g" % (b[0], se[0] * np.sqrt(G / (G - 1))))
    print("  p two-sided, greater, less:", *["%.12g" % m.p(0, w, s) for s in (0, 1, -1)], "p at 1: %.12g" % m.p(1, w))
    print("  interval %.12g %.12g  low %.12g  high %.12g" % (
        m.limit(w, level, -1), m.limit(w, level, 1), m.limit(w, level, -1, 1), m.limit(w, level, 1, -1)))

t, u = np.meshgrid(np.arange(9), np.arange(12)); t, u = t.ravel(), u.ravel()
y = ((u * 37 + t * 53 + u * t * 11) % 101) / 7
x = ((u < 5) & (t >= 5)).astype(float)
kept = (u * 5 + t * 3) % 10 != 0
for name, use in (("balanced", np.ones(len(y), bool)), ("gaps", kept)):
    d = np.hstack([dummies(u[use]), dummies(t[use])])
    show(name + ", by unit, signs", Model(y[use], x[use], d, u[use]), [1, -1])
    show(name + ", by pair, signs", Model(y[use], x[use], d, u[use] // 2), [1, -1], .1)
    show(name + ", by pair, Webb", Model(y[use], x[use], d, u[use] // 2), WEBB, .1)
maize = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.])
show("maize", Model(maize, np.ones(15), None, np.arange(15)), [1, -1])
