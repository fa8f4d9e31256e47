# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of mix_index, by leaving out each store in turn: Rscript tests/reference/stats/mix_index.R
options(digits = 17)
total <- c(120, 85.5, 240, 61, 99, 310, 150.25, 77, 180, 95)
part <- c(14, 9.5, 31, 0, 13, 22, 9, 5.5, 12, 8)
here <- c(T, T, T, T, T, F, F, F, F, F)
side <- function(i) {
  x <- total[i]; y <- part[i]; m <- length(x)
  # the linear form of the jackknife: without store s the share is q - e_s / (X - x_s)
  left <- sapply(seq_len(m), function(s) sum(y[-s]) / sum(x[-s]))
  q <- sum(y) / sum(x)
  list(q = q, v = (m - 1) / m * sum((left - q)^2) / q^2, df = sum(x)^2 / sum(x^2) - 1)
}
a <- side(here); b <- side(!here)
v <- a$v + b$v
df <- v^2 / (a$v^2 / a$df + b$v^2 / b$df)
l <- log(a$q / b$q)
w <- sum(total[here]) / sum(total)
index <- function(r) r / (w * r + 1 - w)
cat("index", a$q / (sum(part) / sum(total)), index(exp(l)), "df", df, "p", 2 * pt(-abs(l) / sqrt(v), df), "\n")
cat("interval", index(exp(l + c(-1, 1) * qt(.975, df) * sqrt(v))), "\n")
