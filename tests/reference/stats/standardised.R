# Reference values of tests/unit/stats/test_standardised.c.
# usage: Rscript standardised.R        needs r-cran-sandwich, r-cran-clubsandwich
suppressMessages(library(clubSandwich))
d <- data.frame(y = c(3.1, 4.7, 2.2, 8.9, 7.3, 6.1, 9.8, 5.5, 4.4, 10.3, 7.9, 3.6, 6.6, 8.2, 5.1, 9.4),
                a = c(1, 2.5, .7, 4.1, 3.9, 2.8, 5.2, 2.2, 1.9, 5.6, 3.3, 1.4, 3.1, 4.4, 2.0, 4.9),
                b = c(.3, -1.2, .8, 1.9, -.4, .1, 1.1, -.9, .6, 2.1, -1.7, .2, 1.3, -.6, .5, -.1))
g <- c(1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6, 7, 7)
m <- lm(y ~ a + b, as.data.frame(scale(d)))
v <- sandwich::vcovHC(m, "HC3")
show <- function(b, se, df) print(format(cbind(b, se, df, p = 2 * pt(-abs(b / se), df), low = b - qt(.975, df) * se,
                                        high = b + qt(.975, df) * se), digits = 17), quote = FALSE)
show(coef(m)[-1], sqrt(diag(v))[-1], 13)
t <- coef_test(m, vcovCR(m, g, type = "CR2"), test = "Satterthwaite")[-1, ]
show(t$beta, t$SE, t$df_Satt)
cat(sprintf("%.17g", c(summary(m)$r.squared, summary(m)$adj.r.squared)), "raw",
    sprintf("%.17g", coef(lm(y ~ a + b, d))[-1]), "\n")
# Feldt's interval, and alpha by another route: from the mean covariance
items <- as.matrix(d)
k <- 3; n <- 16; c <- cov(items)
alpha <- k / (k - 1) * (1 - sum(diag(c)) / sum(c))
cat(sprintf("%.17g", c(alpha, 1 - (1 - alpha) * qf(c(.975, .025), n - 1, (n - 1) * (k - 1)))), "\n")
