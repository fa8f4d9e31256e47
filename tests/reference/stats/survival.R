# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of kaplan_meier and logrank: Rscript tests/reference/stats/survival.R
library(survival)
options(digits = 17)
time <- c(6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35,
          1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
event <- c(rep(1, 9), rep(0, 12), rep(1, 21))
arm <- rep(c("6-MP", "placebo"), each = 21)
s <- survfit(Surv(time, event) ~ arm)
print(summary(s)$table)
print(summary(s, times = c(6, 10, 23))[c("strata", "time", "n.risk", "surv", "std.err", "lower", "upper")])
d <- survdiff(Surv(time, event) ~ arm)
cat(d$obs, d$exp, d$var[1, 1], d$chisq, pchisq(d$chisq, 1, lower.tail = FALSE), "\n")
third <- ifelse(seq_along(time) %% 3 == 0, "c", arm)
d <- survdiff(Surv(time, event) ~ third)
cat(d$obs, d$exp, d$chisq, pchisq(d$chisq, 2, lower.tail = FALSE), "\n")
print(summary(survfit(Surv(c(1, 2, 3, 4), c(1, 1, 1, 1)) ~ 1))$table)

# pl_survival_at and the variance of each group against the others together
print(summary(survfit(Surv(time, event) ~ 1, subset = arm == "6-MP"), times = c(5, 6, 9.5, 35))[
  c("time", "n.risk", "surv", "std.err", "lower", "upper")])
d <- survdiff(Surv(time, event) ~ third)
print(diag(d$var))
for (g in unique(third)) print(survdiff(Surv(time, event) ~ (third == g))$chisq)

# pl_incidence: two ways to end; R's standard error is the infinitesimal jackknife, which agrees to rounding
ending <- factor(ifelse(event == 0, 0, 1 + seq_along(time) %% 2), 0:2, c("open", "lost", "won"))
s <- summary(survfit(Surv(time, ending) ~ 1), times = c(1, 6, 10, 15, 23))
print(s$time); print(s$pstate); print(s$std.err)
# the delta method of Marubini and Valsecchi, term by term
ti <- sort(unique(time[event == 1]))
n <- sapply(ti, function(t) sum(time >= t))
d <- sapply(ti, function(t) sum(time == t & event == 1))
own <- sapply(ti, function(t) sum(time == t & ending == "won"))
before <- c(1, cumprod(1 - d / n))[seq_along(ti)]
f <- cumsum(before * own / n)
for (t in c(1, 6, 10, 15)) {
  k <- which(ti <= t); ft <- f[max(k)]
  v <- sum((ft - f[k])^2 * d[k] / (n[k] * (n[k] - d[k]))) + sum(before[k]^2 * own[k] * (n[k] - own[k]) / n[k]^3) -
    2 * sum((ft - f[k]) * before[k] * own[k] / n[k]^2)
  se <- sqrt(v)
  cat(t, ft, se, plogis(qlogis(ft) + c(-1, 1) * qnorm(.975) * se / (ft * (1 - ft))), "\n")
}

# pl_hazard_ratios: Cox's partial likelihood with Breslow's ties, each group against the others; the interval by
# solving the log-rank score for +-1.96 standard deviations
limits <- function(time, event, own) {
  ti <- sort(unique(time[event == 1]))
  f <- function(b) {
    s <- sapply(ti, function(t) {
      n <- sum(time >= t); m <- sum(time >= t & own); d <- sum(time == t & event == 1); o <- sum(time == t & event == 1 & own)
      p <- m * exp(b) / (m * exp(b) + n - m)
      c(o - d * p, if (n > 1) d * (n - d) / (n - 1) * p * (1 - p) else 0)
    })
    sum(s[1, ]) / sqrt(sum(s[2, ]))
  }
  sapply(c(0, 1, -1), function(k) uniroot(function(b) f(b) - k * qnorm(.975), c(-12, 12), tol = 1e-13)$root)
}
for (g in c("6-MP", "placebo", "c")) {
  cox <- coxph(Surv(time, event) ~ (third == g), ties = "breslow")
  cat(g, coef(cox), limits(time, event, third == g), sqrt(survdiff(Surv(time, event) ~ (third == g))$chisq), "\n")
}
