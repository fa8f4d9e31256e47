# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of the KPI sales_volume, in base R: Rscript tests/reference/kpi/volume.R
options(digits = 15)
shared <- Sys.getenv("PAIRLIFT_SHARED", "../shared")
fieller <- function(a, b, level = .95) {
  n <- length(a); t <- qt(1 - (1 - level) / 2, n - 1); r <- mean(a) / mean(b)
  saa <- var(a) / n; sbb <- var(b) / n; sab <- cov(a, b) / n
  g <- t^2 * sbb / mean(b)^2
  half <- t / mean(b) * sqrt(saa - 2 * r * sab + r^2 * sbb - g * (saa - sab^2 / sbb))
  c(r, (r - g * sab / sbb + c(-1, 1) * half) / (1 - g)) - 1
}

cat("== Dominick's orange juice, blocks of 4 weeks\n")
d <- read.csv("experiments/dominicks-orange-juice/sales-all-brands.csv")
block <- function(from) subset(d, week >= from & week <= from + 3)
for (from in c(53, 57, 61)) cat("from", from, sum(block(from)$revenue), sum(block(from)$units), "\n")
now <- tapply(block(61)$revenue, block(61)$store, sum)
then <- tapply(block(57)$revenue, block(57)$store, sum)
cat("stores", length(now), "top", names(which.max(now)), max(now), max(now) / sum(now), max(now) / then[which.max(now)] - 1, "\n")
weeks <- table(unique(block(61)[c("store", "week")])$store)
weeks0 <- table(unique(block(57)[c("store", "week")])$store)
both <- intersect(names(weeks)[weeks == 4], names(weeks0)[weeks0 == 4])
cat("like for like", length(both), fieller(now[both], then[both]), "\n")

cat("== regions of tests/kpi/oj-regions.csv\n")
s <- read.csv("tests/kpi/oj-regions.csv")
d <- merge(subset(d, week >= 53), s)
mix <- function(r, p) {
  x <- tapply(d$revenue, d$store, sum)
  y <- tapply(ifelse(d$product == p, d$revenue, 0), d$store, sum)
  here <- s$region[match(names(x), s$store)] == r
  side <- function(i) {
    m <- sum(i)
    left <- sapply(which(i), function(k) sum(y[i & seq_along(y) != k]) / sum(x[i & seq_along(x) != k]))
    q <- sum(y[i]) / sum(x[i])
    list(q = q, v = (m - 1) / m * sum((left - q)^2) / q^2, df = sum(x[i])^2 / sum(x[i]^2) - 1)
  }
  a <- side(here); b <- side(!here); v <- a$v + b$v
  df <- v^2 / (a$v^2 / a$df + b$v^2 / b$df); l <- log(a$q / b$q); w <- sum(x[here]) / sum(x)
  f <- function(r) r / (w * r + 1 - w)
  c(f(exp(l)), f(exp(l + c(-1, 1) * qt(.975, df) * sqrt(v))), 2 * pt(-abs(l) / sqrt(v), df))
}
cells <- expand.grid(p = unique(d$product), r = unique(s$region), stringsAsFactors = FALSE)
m <- t(mapply(mix, cells$r, cells$p))
o <- order(m[, 4])
print(data.frame(cells, index = m[, 1], low = m[, 2], high = m[, 3], p = m[, 4], bh = p.adjust(m[, 4], "BH"))[o[1:4], ])

cat("== the marketing campaign, week 4 by size of market\n")
w <- read.csv(file.path(shared, "data/wa_marketing/wa_marketing.csv"))
w4 <- subset(w, week == 4)
print(tapply(w4$SalesInThousands, w4$MarketSize, sum))
p <- sapply(sort(unique(w4$MarketSize)), function(g) {
  t <- t.test(w4$SalesInThousands[w4$MarketSize == g], w4$SalesInThousands[w4$MarketSize != g])
  m <- t.test(w4$SalesInThousands[w4$MarketSize == g])
  c(m$estimate, m$conf.int, t$p.value)
})
print(rbind(p, holm = p.adjust(p[4, ], "holm")))

cat("== Complete Journey by month\n")
t <- read.csv(file.path(shared, "data/completejourney/transactions_sample.csv"))
print(tapply(t$sales_value, substr(t$transaction_timestamp, 1, 7), sum))
dec <- subset(t, substr(transaction_timestamp, 1, 7) == "2017-12")
top <- sort(tapply(dec$sales_value, dec$store_id, sum), decreasing = TRUE)
cat("stores", length(top), "\n"); print(top[1:3])
p <- read.csv(file.path(shared, "data/completejourney/products.csv"))
t$department <- p$department[match(t$product_id, p$product_id)]
by <- function(m) with(subset(t, substr(transaction_timestamp, 1, 7) == m), tapply(sales_value, department, sum))
print(sort(by("2017-12"), decreasing = TRUE)[1:3]); print(by("2017-12")["GROCERY"] / by("2017-11")["GROCERY"] - 1)
cat("rows without one", sum(is.na(subset(t, substr(transaction_timestamp, 1, 7) == "2017-12")$department)), "\n")
