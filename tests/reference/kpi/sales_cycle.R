# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of the KPI sales_cycle: Rscript tests/reference/kpi/sales_cycle.R ../shared
library(survival)
options(digits = 15)
shared <- commandArgs(TRUE)[1]

# ---- the CRM pipeline ----
crm <- read.csv(file.path(shared, "data/crm_sales/sales_pipeline.csv"))
crm <- crm[crm$deal_stage != "Prospecting", ]
opened <- as.Date(crm$engage_date)
closed <- as.Date(crm$close_date)
as_of <- max(c(opened, closed), na.rm = TRUE)
won <- crm$deal_stage == "Won"
event <- crm$deal_stage != "Engaging"
closed[!event] <- as_of
days <- as.numeric(closed - opened)
cat("as of", format(as_of), "\n")
print(summary(survfit(Surv(days, event) ~ 1))$table)
ending <- factor(ifelse(event, ifelse(won, "won", "lost"), "open"), c("open", "lost", "won"))
s <- summary(survfit(Surv(days, ending) ~ 1, conf.type = "logit"), times = c(30, 60, 90))
print(s$pstate[, 3]); print(s$lower[, 3]); print(s$upper[, 3])
binomial_median <- function(x, level = .95) { # order statistics
  x <- sort(x); n <- length(x)
  k <- qbinom((1 - level) / 2, n, .5)
  if (pbinom(k - 1, n, .5) > (1 - level) / 2) k <- k - 1
  c(median(x), x[k], x[n - k + 1])
}
print(binomial_median(days[event])); print(binomial_median(days[won])); print(binomial_median(days[event & !won]))
m <- t.test(days[event]); cat("mean", m$estimate, m$conf.int, "\n")
m <- t.test(days[won], days[event & !won]); cat("won less lost", diff(rev(m$estimate)), m$conf.int, m$p.value, "\n")
value <- crm$close_value[won]
m <- t.test(value); cat("deal value", m$estimate, m$conf.int, "\n")
# each rep against the others: log-rank, Holm
reps <- sort(unique(crm$sales_agent), method = "radix")
against <- function(which) sapply(reps, function(r)
  survdiff(Surv(days, event) ~ (crm$sales_agent != r), subset = which)$pvalue)
for (which in list(rep(TRUE, nrow(crm)), won)) {
  a <- against(which); a <- cbind(p = a, adjusted = p.adjust(a, "holm"))
  print(a[c("Reed Clapper", "Darcel Schlecht", "Anna Snelling"), ])
}
own <- crm$sales_agent == "Reed Clapper"
print(summary(survfit(Surv(days, event) ~ 1, subset = own))$table)
cat("win rate", sum(won & own), sum(event & own), "\n")

# ---- telco: churn of customers by contract, as of their tenure ----
telco <- read.csv(file.path(shared, "data/telco_churn/telco_churn.csv"))
telco <- telco[telco$tenure > 0, ]
s <- survfit(Surv(tenure, Churn == "Yes") ~ Contract, telco)
x <- summary(s, times = c(6, 12))
print(data.frame(x$strata, x$time, 1 - x$surv, 1 - x$upper, 1 - x$lower, x$n.risk))

# hazard ratios of a group against the others: Cox with Breslow's ties; limits by the score of the log-rank test
limits <- function(time, event, own) {
  ti <- sort(unique(time[event]))
  n <- sapply(ti, function(t) sum(time >= t)); m <- sapply(ti, function(t) sum(time >= t & own))
  d <- sapply(ti, function(t) sum(time == t & event)); o <- sapply(ti, function(t) sum(time == t & event & own))
  f <- function(b) {
    p <- m * exp(b) / (m * exp(b) + n - m)
    sum(o - d * p) / sqrt(sum(ifelse(n > 1, d * (n - d) / (n - 1), 0) * p * (1 - p)))
  }
  expm1(sapply(c(0, 1, -1), function(k) uniroot(function(b) f(b) - k * qnorm(.975), c(-12, 12), tol = 1e-14)$root))
}
for (r in c("Reed Clapper", "Darcel Schlecht")) print(limits(days, event, crm$sales_agent == r))
print(limits(days[won], event[won], crm$sales_agent[won] == "Anna Snelling"))
for (k in c("Month-to-month", "Two year")) print(limits(telco$tenure, telco$Churn == "Yes", telco$Contract == k))
print(expm1(coef(coxph(Surv(days, event) ~ (crm$sales_agent == "Reed Clapper"), ties = "breslow"))))
