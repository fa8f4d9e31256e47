#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values of synthetic_control, synthetic_did and conformal.

Weights on the simplex by scipy's NNLS on the form of the point of smallest norm, then polished on their support;
everything else by the definitions, written out. usage: synthetic.py [SHARED]
"""
import csv, itertools, os, sys
import numpy as np
from scipy.optimize import nnls

SHARED = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PAIRLIFT_SHARED", "../shared")

# The panel of tests/unit/stats/panel_data.h: six controls, then two treated, ten times, treated from the seventh.
SMALL = np.array([
    [12.1, 13.4, 11.8, 14.9, 13.1, 12.7, 15.2, 14.1, 13.9, 15.8],
    [22.5, 21.7, 24.1, 23.3, 25.2, 24.4, 23.9, 26.1, 25.5, 27.2],
    [8.3, 9.9, 7.6, 10.4, 9.1, 11.2, 10.7, 9.5, 12.3, 11.1],
    [17.2, 16.1, 18.8, 17.9, 16.5, 19.3, 18.4, 20.2, 19.1, 18.7],
    [14.8, 15.9, 15.1, 13.7, 16.6, 17.3, 16.2, 15.4, 18.1, 17.7],
    [30.4, 28.9, 31.7, 29.5, 33.1, 30.8, 32.6, 34.2, 31.9, 35.3],
    [15.7, 16.9, 16.2, 17.8, 17.1, 17.4, 21.3, 20.6, 22.4, 21.9],
    [19.3, 17.6, 20.9, 18.8, 20.5, 21.7, 24.1, 25.3, 23.2, 26.8]])


def simplex(points, target, ridge=0.0):
    """argmin |target - w points|^2 + ridge |w|^2 over the simplex; points [n, dim]."""
    n = len(points)
    a = np.vstack([(points - target).T, np.sqrt(ridge) * np.eye(n)])
    s = np.sqrt((a * a).sum(0).mean()) or 1.0
    u = nnls(np.vstack([a, s * np.ones((1, n))]), np.append(np.zeros(len(a)), s), maxiter=100 * n)[0]
    on = np.flatnonzero(u > 0)
    first, rest = on[0], on[1:]
    w = np.zeros(n)
    if len(rest):
        w[rest] = np.linalg.lstsq(a[:, rest] - a[:, [first]], -a[:, first], rcond=None)[0]
    w[first] = 1 - w.sum()
    gradient = a.T @ (a @ w)
    assert w.min() > -1e-12 and (gradient - w @ gradient).min() > -1e-9 * (abs(gradient).max() + s), "not optimal"
    return w


def synthetic_control(y, n0, t0):
    target = y[n0:].mean(0)
    w = simplex(y[:n0, :t0], target[:t0])
    gap = target - w @ y[:n0]
    rms = lambda x: np.sqrt((x * x).mean())
    return gap[t0:].mean(), rms(gap[:t0]), rms(gap[t0:]), w, gap


def placebos(n0, n1):
    for group in itertools.combinations(range(n0), n1):
        yield [u for u in range(n0) if u not in group] + list(group)


def show(name, *values):
    print(name, *(f"{v:.17g}" for v in values))


def report_control(name, y, n0, t0):
    effect, before, during, w, gap = synthetic_control(y, n0, t0)
    fits = [synthetic_control(y[order], n0 - (len(y) - n0), t0) for order in placebos(n0, len(y) - n0)]
    ratio = during / before
    effects, ratios = np.array([f[0] for f in fits]), np.array([f[2] / f[1] for f in fits])
    show(name + " effect, before, during, ratio", effect, before, during, ratio)
    show(name + " se, p", effects.std(), (1 + (ratios >= ratio).sum()) / (1 + len(fits)))
    show(name + " weights", *w)
    for conf in (.6, .8, .9):
        k = int(np.floor((1 - conf) * (1 + len(fits)) + 1e-9))
        if k:
            room = (np.sort(ratios)[-k] * before) ** 2 - gap[t0:].var()
            show(f"{name} interval {conf}", *((effect - np.sqrt(room), effect + np.sqrt(room)) if room >= 0 else ()))


def did_weights(y, n0, t0):
    n1, t1 = len(y) - n0, y.shape[1] - t0
    noise = np.diff(y[:n0, :t0], axis=1).std(ddof=1)
    before = y[:, :t0] - y[:, :t0].mean(1, keepdims=True)
    w = simplex(before[:n0], before[n0:].mean(0), np.sqrt(n1 * t1) * noise ** 2 * t0)
    columns = np.column_stack([y[:n0, :t0], y[:n0, t0:].mean(1)])
    columns = (columns - columns.mean(0)).T
    columns = columns - columns[:-1].mean(0)
    lam = simplex(columns[:-1], columns[-1], 1e-12 * noise ** 2 * n0)
    return w, lam


def did_effect(y, n0, t0, w, lam):
    change = y[:, t0:].mean(1) - y[:, :t0] @ lam
    return change[n0:].mean() - w @ change[:n0]


def synthetic_did(y, n0, t0):
    return did_effect(y, n0, t0, *did_weights(y, n0, t0))


def did_jackknife(y, n0, t0):
    w, lam = did_weights(y, n0, t0)
    effect, n, squares = did_effect(y, n0, t0, w, lam), len(y), 0
    for u in range(n):
        keep = [v for v in range(n) if v != u]
        rest = np.delete(w, u) if u < n0 else w
        squares += (did_effect(y[keep], n0 - (u < n0), t0, rest / rest.sum(), lam) - effect) ** 2
    return np.sqrt((n - 1) / n * squares)


def report_did(name, y, n0, t0):
    n1 = len(y) - n0
    w, lam = did_weights(y, n0, t0)
    effects = np.array([synthetic_did(y[order], n0 - n1, t0) for order in placebos(n0, n1)])
    show(name + " effect, placebo se", synthetic_did(y, n0, t0), effects.std())
    if n1 > 1:
        show(name + " jackknife se", did_jackknife(y, n0, t0))
    show(name + " unit weights", *w)
    show(name + " time weights", *lam)


def conformal_p(y, controls, t0, effect):
    """y [time], controls [control, time] or None: the own mean."""
    target = y - effect * (np.arange(len(y)) >= t0)
    u = abs(target - (target.mean() if controls is None else simplex(controls, target) @ controls))
    sums = np.array([np.roll(u, -k)[t0:].sum() for k in range(len(y))])
    return (sums >= sums[0] - 1e-12 * (abs(y).max() + abs(effect))).mean()


def conformal_effect(y, controls, t0):
    """Least squares in effect and weights: the times during by deviations from their mean."""
    if controls is None:
        return y[t0:].mean() - y[:t0].mean()
    flat = np.vstack([controls, y])
    flat[:, t0:] -= flat[:, t0:].mean(1, keepdims=True)
    return y[t0:].mean() - simplex(flat[:-1], flat[-1]) @ controls[:, t0:].mean(1)


def report_conformal(name, y, controls, t0, alpha, grid):
    p = np.array([conformal_p(y, controls, t0, e) for e in grid])
    on = grid[p > alpha]
    effect = conformal_effect(y, controls, t0)
    show(f"{name} effect, its p, p(0), max p", effect, conformal_p(y, controls, t0, effect),
         conformal_p(y, controls, t0, 0), p.max())
    if len(on):
        holes = (p[(grid >= on[0]) & (grid <= on[-1])] <= alpha).sum()
        show(f"{name} {1 - alpha} on a grid of {grid[1] - grid[0]:g}: low, high, points in holes, at the largest p",
             on[0], on[-1], holes, grid[p.argmax()])


def prop99():
    rows = list(csv.reader(open(f"{SHARED}/data/prop99/california_prop99.csv")))[1:]
    units, times = sorted({r[0] for r in rows}), sorted({r[1] for r in rows})
    units.remove("California")
    units.append("California")
    y = np.zeros((len(units), len(times)))
    for r in rows:
        y[units.index(r[0]), times.index(r[1])] = float(r[2])
    return y


def geolift():
    rows = list(csv.reader(open(f"{SHARED}/data/geolift/GeoLift_Test.csv")))[1:]
    treated = ["chicago", "portland"]
    units, times = sorted({r[0] for r in rows} - set(treated)) + treated, sorted({r[2] for r in rows})
    y = np.zeros((len(units), len(times)))
    for r in rows:
        y[units.index(r[0]), times.index(r[2])] = float(r[1])
    return y


if __name__ == "__main__":
    report_control("small", SMALL, 6, 6)
    report_control("small, one treated", SMALL[:7], 6, 6)
    report_control("prop99", prop99(), 38, 19)
    report_did("did small", SMALL, 6, 6)
    report_did("did small, one treated", SMALL[:7], 6, 6)
    report_did("did prop99", prop99(), 38, 19)
    print("did geolift jackknife", did_jackknife(geolift(), 38, 90))
    report_did("did geolift", geolift(), 38, 90)
    own = np.array([1, -.5, .3, .8, -1.1, .2, -.4, .6, -.2, .1, 2.5, 2])
    report_conformal("conformal own mean", own, None, 10, .1, np.arange(0, 500) / 100)
    print("p(2)", conformal_p(own, None, 10, 2))
    report_conformal("conformal small", SMALL[6:].mean(0), SMALL[:6], 6, .2, np.arange(-1000, 1500) / 100)
    p99, geo = prop99(), geolift()
    for alpha in (.05, .1, .3):
        report_conformal("conformal prop99", p99[38], p99[:38], 19, alpha, np.arange(-60, 20, .05))
    for alpha in (.01, .05):
        report_conformal("conformal geolift", geo[38:].mean(0), geo[:38], 90, alpha, np.arange(-400, 600, 5))
