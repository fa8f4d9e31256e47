# Reference values of tests/unit/kpi/test_competitive_price.c, computed without pairlift.
# Rscript tests/reference/kpi/price.R ../shared/data
library(clubSandwich)
data <- commandArgs(TRUE)[1]
show <- function(name, x) cat(sprintf("%-34s %.15g\n", name, x))

# ---- products by month with three competitors
d <- read.csv(file.path(data, "retail_price_comp/retail_price.csv"))
d$own <- d$unit_price
d$other <- rowMeans(d[, c("comp_1", "comp_2", "comp_3")])
d$month <- substr(d$month_year, 4, 10)
measures <- function(name, d, other) {
  r <- d$own / other
  show(paste(name, "index"), weighted.mean(r, d$total_price))
  show(paste(name, "unweighted"), mean(r))
  show(paste(name, "median"), median(r))
  show(paste(name, "gap"), weighted.mean(d$own - other, d$qty))
  show(paste(name, "below"), mean(r < 1 - 1e-9))
  show(paste(name, "equal"), mean(abs(r - 1) < 1e-9))
}
for (k in c("comp_1", "comp_2", "comp_3", "other")) measures(paste("whole", k), d, d[[k]])
now <- d[d$month == "08-2018", ]
for (k in c("comp_1", "other")) measures(paste("now", k), now, now[[k]])
show("now average price", weighted.mean(now$own, now$qty))
for (k in unique(now$product_category_name)) {
  x <- now[now$product_category_name == k, ]
  show(paste("now index of", k), weighted.mean(x$own / x$other, x$total_price))
}
# matching the cheapest competitor, on the units of the month
low <- pmin(now$comp_1, now$comp_2, now$comp_3)
dearer <- low < now$own * (1 - 1e-9)
show("products dearer", sum(dearer))
show("match cost", sum((now$qty * (now$own - low))[dearer]))

m <- lm(log(qty) ~ log(own) + product_id + month, d)
v <- vcovCR(m, cluster = d$product_id, type = "CR2")
ct <- coef_test(m, vcov = v, coefs = "log(own)", test = "Satterthwaite")
ci <- conf_int(m, vcov = v, coefs = "log(own)", test = "Satterthwaite")
show("elasticity", ct$beta); show("se", ct$SE); show("df", ct$df_Satt)
show("low", ci$CI_L); show("high", ci$CI_U)

m <- lm(log(qty) ~ log(own) + log(other) + product_id + month, d)
v <- vcovCR(m, cluster = d$product_id, type = "CR2")
ct <- coef_test(m, vcov = v, coefs = "log(other)", test = "Satterthwaite")
show("cross elasticity", ct$beta); show("se", ct$SE); show("df", ct$df_Satt)

# the largest change of each price from one month to the next
d$t <- as.integer(substr(d$month, 4, 7)) * 12 + as.integer(substr(d$month, 1, 2))
d <- d[order(d$product_id, d$t), ]
n <- nrow(d)
pair <- d$product_id[-1] == d$product_id[-n] & d$t[-1] == d$t[-n] + 1
dp <- (d$own[-1] / d$own[-n] - 1)[pair]
dq <- (d$qty[-1] / d$qty[-n] - 1)[pair]
show("cuts", sum(dp <= -.05)); show("cuts, more units", sum(dp <= -.05 & dq > 0))
show("rises", sum(dp >= .05)); show("rises, fewer units", sum(dp >= .05 & dq < 0))
big <- which.max(abs(log1p(dp)))
show("largest price change", dp[big]); show("units then", dq[big])
cat("of", d$product_id[-1][pair][big], d$month[-1][pair][big], "\n")

# ---- orange juice: brand 1, 83 stores by week
oj <- read.csv(file.path(data, "bayesm_orangejuice/oj_yx.csv"))
b <- oj[oj$brand == 1, ]
m <- lm(logmove ~ log(price1) + factor(store) + factor(week), b)
ct <- coef_test(m, vcov = vcovCR(m, cluster = b$store, type = "CR2"), coefs = "log(price1)",
                test = "Satterthwaite")
show("brand1 elasticity", ct$beta); show("se", ct$SE); show("df", ct$df_Satt)
# all brands: brand-stores and weeks taken out by turns, clusters are brands (CR0 only is simple)
oj$price <- oj[cbind(seq_len(nrow(oj)), match(paste0("price", oj$brand), names(oj)))]
out <- function(x) {
  for (i in 1:400) {
    x <- x - ave(x, oj$store, oj$brand)
    x <- x - ave(x, oj$week)
  }
  x
}
y <- out(oj$logmove); x <- out(log(oj$price))
show("all brands elasticity", sum(x * y) / sum(x * x))
