# SPDX-License-Identifier: GPL-3.0-or-later
# Baskets of The Complete Journey, for tests/unit/kpi/test_upsell_real.c: rates of orders with households as
# clusters, and departments bought together, computed anew from the files.
# Run: Rscript tests/reference/kpi/upsell.R ../shared/data/completejourney
suppressMessages(library(clubSandwich))
folder <- commandArgs(TRUE)[1]
f <- function(v) paste(sprintf("%.15g", v), collapse = ", ")
t <- read.csv(file.path(folder, "transactions_sample.csv"), colClasses = c(basket_id = "character"))
t$day <- as.Date(substr(t$transaction_timestamp, 1, 10))
t$order <- factor(t$basket_id)
o <- data.frame(household = tapply(t$household_id, t$order, `[`, 1), value = tapply(t$sales_value, t$order, sum),
                products = tapply(t$product_id, t$order, function(p) length(unique(p))),
                day = as.Date(tapply(t$day, t$order, min), origin = "1970-01-01"))

share <- function(x, n) {
    r <- x / n; fit <- lm(r ~ 1, weights = n); p <- unname(coef(fit)); N <- sum(n); q <- p * (1 - p)
    t <- max(0, (sum((x - p * n)^2) - sum(q * n * (1 - n / N))) / sum(n^2)); v <- (q * n + t * n^2) / (1 - n / N)
    df <- min(max(1, sum(v)^2 / sum(v^2) - 1), length(x) - 1)
    se <- sqrt(vcovCR(fit, cluster = seq_along(x), type = "CR2", inverse_var = TRUE)[1])
    c(p, se, plogis(qlogis(p) + c(-1, 1) * qt(.975, df) * se / q))
}
ratio <- function(x, m) {
    r <- x / m; fit <- lm(r ~ 1, weights = m); df <- min(sum(m)^2 / sum(m^2), length(m)) - 1
    se <- sqrt(vcovCR(fit, cluster = seq_along(x), type = "CR2", inverse_var = TRUE)[1])
    c(coef(fit), se, coef(fit) + c(-1, 1) * qt(.975, df) * se)
}
by <- function(x) as.vector(tapply(x, o$household, sum))
n <- by(rep(1, nrow(o)))
cat("orders:", nrow(o), " households:", length(n), "\n")
cat("attach_rate:", f(share(by(o$products >= 2), n)), "\n")
cat("order_value:", f(ratio(by(o$value), n)), "\n")
last <- format(o$day, "%Y-%m") == "2017-12"
cat("attach_rate in 2017-12:", f(mean(o$products[last] >= 2)), sum(last), "\n")

# departments in one basket
d <- read.csv(file.path(folder, "products.csv"))
t$department <- d$department[match(t$product_id, d$product_id)]
t$department[is.na(t$department)] <- "none"
has <- function(name) tapply(t$department == name, t$order, any)
for (pair in list(c("GROCERY", "PRODUCE"), c("PRODUCE", "MEAT"), c("PRODUCE", "MEAT-PCKGD"))) {
    a <- has(pair[1]); b <- has(pair[2])
    both <- sum(a & b); na <- sum(a); nb <- sum(b); N <- length(a); lift <- both * N / (na * nb)
    us <- by((a & b) / both - a / na - b / nb + 1 / N); h <- length(us)
    se <- sqrt(sum(us^2) * h / (h - 1)); df <- length(unique(o$household[a & b])) - 1
    cat(pair, "n, a, b, both:", N, na, nb, both, " lift, low, high:",
        f(c(lift, lift * exp(c(-1, 1) * qt(.975, df) * se))), " p together, apart:",
        f(c(phyper(both - 1, na, N - na, nb, lower.tail = FALSE), phyper(both, na, N - na, nb))), "\n")
}
