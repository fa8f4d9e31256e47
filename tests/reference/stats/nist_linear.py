# How many digits of NIST's linear regression sets are left once the decimals of the files are rounded to doubles: least
# squares in exact rational arithmetic, from the decimals ("dec") and from the doubles ("dbl"), against the expected values.
# tests/unit/stats/test_least_squares.c asks for 13; Pontius and Wampler2 allow no more than 13.5 and 13.2.
# usage: nist_linear.py FOLDER_OF_SHARED
import csv, json, math, sys
from decimal import Decimal
from fractions import Fraction as F

shared = sys.argv[1]
expected = json.load(open(shared + "/expected/nist.json"))["linear"]
degree = {"filip": 10, "norris": 1, "pontius": 2, **{f"wampler{i}": 5 for i in range(1, 6)}}

def solve(a, b):
    n = len(a)
    m = [row[:] + b[i] for i, row in enumerate(a)]
    for i in range(n):
        p = next(r for r in range(i, n) if m[r][i] != 0)
        m[i], m[p] = m[p], m[i]
        m[i] = [v / m[i][i] for v in m[i]]
        for r in range(n):
            if r != i and m[r][i] != 0:
                m[r] = [u - m[r][i] * v for u, v in zip(m[r], m[i])]
    return [row[n:] for row in m]

def fit(name, convert):
    rows = list(csv.DictReader(open(f"{shared}/data/nist/linreg_{name}.csv")))
    y = [convert(r["y"]) for r in rows]
    if name == "longley":
        x = [[F(1)] + [convert(r[f"x{j}"]) for j in range(1, 7)] for r in rows]
    elif name.startswith("noint"):
        x = [[convert(r["x"])] for r in rows]
    else:
        x = [[convert(r["x"]) ** j for j in range(degree[name] + 1)] for r in rows]
    k = len(x[0])
    gram = [[sum(r[i] * r[j] for r in x) for j in range(k)] for i in range(k)]
    z = solve(gram, [[sum(r[i] * v for r, v in zip(x, y))] + [F(i == j) for j in range(k)] for i in range(k)])
    b = [row[0] for row in z]
    rss = sum((v - sum(p * q for p, q in zip(b, r))) ** 2 for v, r in zip(y, x))
    s2 = rss / (len(y) - k)
    return [float(v) for v in b], [math.sqrt(s2 * z[i][1 + i]) for i in range(k)], math.sqrt(s2)

def lre(a, e):
    return 16 if a == e else min(16, -math.log10(abs(a - e) / abs(e) if e else abs(a)))

for name, e in expected.items():
    for label, convert in (("dec", lambda t: F(Decimal(t))), ("dbl", lambda t: F(float(t)))):
        b, se, sd = fit(name, convert)
        print("%-9s %s  coef %.1f  se %.1f  sd %.1f" % (name, label, min(map(lre, b, e["coef"])),
                                                       min(map(lre, se, e["se"])), lre(sd, e["resid_sd"])))
