# Reference values of tests/unit/stats/test_cluster_vcov.c, dense and by the definitions, beside cluster_vcov.R;
# CR3 by a pseudo-inverse. usage: cluster_vcov.py FOLDER_OF_SHARED
import csv, sys
import numpy as np

rows = list(csv.DictReader(open(sys.argv[1] + "/data/plm_grunfeld/grunfeld.csv")))
firm = np.array([int(r["firm"]) for r in rows]); year = np.array([int(r["year"]) for r in rows])
y = np.array([float(r["inv"]) for r in rows])
x = np.array([[float(r["value"]), float(r["capital"])] for r in rows])
row = np.arange(len(y)); third = (row * 7 + firm * 3) % 4; group = (firm - 1) // 2; cross = (firm * 5 + year * 3) % 8
kept = ~np.isin((row * 37) % 11, [0, 4, 7])

def dummies(v): return (v[:, None] == np.unique(v)[None, :]).astype(float)

def power(m, p):
    w, q = np.linalg.eigh((m + m.T) / 2)
    f = np.where(w > 1e-10, np.abs(w) ** p, 0)
    return q * f @ q.T

def show(name, use, sets, cluster):
    d = np.hstack([dummies(s[use]) for s in sets]) if sets else np.ones((use.sum(), 1))
    hd = d @ np.linalg.pinv(d)
    xt = x[use] - hd @ x[use]; yt = y[use] - hd @ y[use]
    bread = np.linalg.inv(xt.T @ xt); beta = bread @ xt.T @ yt; e = yt - xt @ beta
    h = hd + xt @ bread @ xt.T; rest = np.eye(len(e)) - h; c = cluster[use]
    print(name, "coef %.15g %.15g" % tuple(beta))
    for kind, p in (("CR0", 0), ("CR2", -.5), ("CR3", -1)):
        a = np.zeros((2, len(e))); score = []
        for g in np.unique(c):
            i = c == g
            a[:, i] = bread @ xt[i].T @ power(rest[np.ix_(i, i)], p) if p else bread @ xt[i].T
            score.append(a[:, i] @ e[i])
        score = np.array(score); v = score.T @ score
        line = "  %s %.15g %.15g cov %.15g" % (kind, *np.sqrt(np.diag(v)), v[0, 1])
        if kind == "CR2":
            for k in (0, 1):
                b = np.array([np.where(c == g, a[k], 0) for g in np.unique(c)])
                pm = b @ rest @ b.T
                line += " df %.15g" % (np.trace(pm) ** 2 / (pm ** 2).sum())
        print(line)

full = np.ones(len(y), bool)
show("pooled", full, [], firm)
show("firm | firm", full, [firm], firm)
show("firm + year | firm", full, [firm, year], firm)
show("unbalanced firm + year | firm", kept, [firm, year], firm)
show("unbalanced firm + year | group", kept, [firm, year], group)
show("unbalanced firm + year | year", kept, [firm, year], year)
show("unbalanced firm + year | cross", kept, [firm, year], cross)
show("unbalanced firm + year + third | firm", kept, [firm, year, third], firm)
show("unbalanced year | firm", kept, [year], firm)
