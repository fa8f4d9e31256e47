# Reference values of tests/unit/stats/test_absorb.c: residuals on dummies by dense least squares, and ranks.
import numpy as np

n = 60
r = np.arange(n)
y = (r * 37 % 101) / 7
sets = {"five": (r * 3 + r // 4 + r * r % 7) % 5, "four": r // 3 % 4, "six": r * 7 // 5 % 6, "parts": r % 20 // 10 * 3 + r * 5 % 3,
        "halves": r % 20 // 10 * 2 + r // 7 % 2, "in_five": (r * 3 + r // 4 + r * r % 7) % 5 // 2}
def dummies(v): return (v[:, None] == np.unique(v)[None, :]).astype(float)
for names in (["five"], ["five", "four"], ["four", "six"], ["parts", "halves"], ["five", "in_five"], ["five", "four", "six"],
              ["parts", "halves", "four"], ["five", "in_five", "six"], ["six", "five", "four", "parts"]):
    d = np.hstack([dummies(sets[s]) for s in names])
    e = y - d @ np.linalg.lstsq(d, y, rcond=1e-10)[0]
    print("{%s}, rank %d, %.17g, %.17g, %.17g" % (", ".join(names), np.linalg.matrix_rank(d), e[0], e[17], e[59]),
          [len(np.unique(sets[s])) for s in names], [sets[s].max() for s in names])
