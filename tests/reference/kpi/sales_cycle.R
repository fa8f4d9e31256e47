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
# each rep against the others: log-rank, one-step hazard ratio, Holm
reps <- sort(unique(crm$sales_agent), method = "radix")
against <- function(which) t(sapply(reps, function(r) {
  d <- survdiff(Surv(days, event) ~ (crm$sales_agent != r), subset = which)
  u <- d$obs[1] - d$exp[1]; v <- d$var[1, 1]
  c(ratio = expm1(u / v), low = expm1(u / v - qnorm(.975) / sqrt(v)), high = expm1(u / v + qnorm(.975) / sqrt(v)),
    p = pchisq(u^2 / v, 1, lower.tail = FALSE))
}))
a <- against(rep(TRUE, nrow(crm))); a <- cbind(a, adjusted = p.adjust(a[, "p"], "holm"))
print(a[c("Reed Clapper", "Darcel Schlecht", "Anna Snelling"), ])
b <- against(won); b <- cbind(b, adjusted = p.adjust(b[, "p"], "holm"))
print(b[c("Reed Clapper", "Darcel Schlecht", "Anna Snelling"), ])
own <- crm$sales_agent == "Reed Clapper"
print(summary(survfit(Surv(days, event) ~ 1, subset = own))$table)
cat("win rate", sum(won & own), sum(event & own), "\n")

# ---- telco: churn of customers by contract, as of their tenure ----
telco <- read.csv(file.path(shared, "data/telco_churn/telco_churn.csv"))
telco <- telco[telco$tenure > 0, ]
s <- survfit(Surv(tenure, Churn == "Yes") ~ Contract, telco)
x <- summary(s, times = c(6, 12))
print(data.frame(x$strata, x$time, 1 - x$surv, 1 - x$upper, 1 - x$lower, x$n.risk))
for (h in c(12, 72)) { # log-rank up to the last month that is shown
  t <- pmin(telco$tenure, h); e <- telco$Churn == "Yes" & telco$tenure <= h
  p <- c()
  for (k in sort(unique(telco$Contract))) {
    d <- survdiff(Surv(t, e) ~ (telco$Contract != k))
    u <- d$obs[1] - d$exp[1]; v <- d$var[1, 1]
    p <- c(p, d$pvalue)
    cat(h, k, expm1(u / v), expm1(u / v - qnorm(.975) / sqrt(v)), expm1(u / v + qnorm(.975) / sqrt(v)), "\n")
  }
}
