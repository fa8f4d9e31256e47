# Reference values of tests/unit/stats/test_ols.c: sixteen rows, and no-intercept, absorbed, clustered and power forms.
# usage: Rscript ols.R        needs r-cran-clubsandwich
suppressMessages(library(clubSandwich))
d <- data.frame(y = c(3.1, 4.7, 2.2, 8.9, 7.3, 6.1, 9.8, 5.5, 4.4, 10.3, 7.9, 3.6, 6.6, 8.2, 5.1, 9.4),
                a = c(1, 2.5, .7, 4.1, 3.9, 2.8, 5.2, 2.2, 1.9, 5.6, 3.3, 1.4, 3.1, 4.4, 2.0, 4.9),
                b = c(.3, -1.2, .8, 1.9, -.4, .1, 1.1, -.9, .6, 2.1, -1.7, .2, 1.3, -.6, .5, -.1),
                g = factor(rep(1:4, each = 4)), h = factor(c(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 3, 2, 1, 1)))
show <- function(name, m, keep = names(coef(m))) {
  s <- summary(m); t <- s$coefficients[keep, , drop = FALSE]; ci <- confint(m)[keep, , drop = FALSE]
  cat(name, "\n"); print(format(cbind(t, ci), digits = 17), quote = FALSE)
  cat(sprintf("%.17g", c(s$r.squared, s$adj.r.squared, s$sigma, s$df[2], s$fstatistic[1], pf(s$fstatistic[1], s$fstatistic[2], s$fstatistic[3], lower.tail = FALSE))), "\n")
}
robust <- function(name, m, keep, type) {
  t <- coef_test(m, vcovCR(m, d$g, type = type), test = if (type == "CR2") "Satterthwaite" else "naive-t")
  cat(name, type, "\n")
  print(format(as.data.frame(t)[keep, -1], digits = 17))
}
m <- lm(y ~ a + b, d)
show("plain", m)
show("no intercept", lm(y ~ 0 + a + b, d))
show("powers", lm(y ~ a + I(a^2) + I(a^3), d))
show("absorb g", lm(y ~ a + b + g, d), c("a", "b"))
show("absorb g, h", lm(y ~ a + b + g + h, d), c("a", "b"))
cat("within", sprintf("%.17g", summary(lm(resid(lm(y ~ g, d)) ~ resid(lm(a ~ g, d)) + resid(lm(b ~ g, d))))$r.squared), "\n")
anova(lm(y ~ g, d), lm(y ~ a + b + g, d)) -> f; cat("F within", sprintf("%.17g", c(f$F[2], f$`Pr(>F)`[2])), "\n")
for (type in c("CR0", "CR1S", "CR2")) robust("plain", m, 1:3, type)
robust("absorb g, h", lm(y ~ a + b + g + h, d), 2:3, "CR2")
