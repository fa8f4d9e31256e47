# Reference values of tests/unit/stats/test_fixed_effects.c. needs r-cran-clubsandwich
suppressMessages(library(clubSandwich))
d <- expand.grid(t = 0:8, u = 0:11)
d$y <- ((d$u * 37 + d$t * 53 + d$u * d$t * 11) %% 101) / 7
d$x <- as.numeric(d$u < 5 & d$t >= 5)
d$pair <- d$u %/% 2
show <- function(name, d, cluster) {
  m <- lm(y ~ x + factor(u) + factor(t), d)
  w <- lm(residuals(lm(y ~ factor(u) + factor(t), d)) ~ residuals(lm(x ~ factor(u) + factor(t), d)))
  cat(name, "estimate", sprintf("%.15g", coef(m)["x"]), "r2", sprintf("%.15g", summary(w)$r.squared), "\n")
  for (type in c("CR0", "CR1", "CR2")) {
    v <- vcovCR(m, cluster = cluster, type = type)
    t <- coef_test(m, vcov = v, test = if (type == "CR2") "Satterthwaite" else "naive-t", coefs = "x")
    p <- if (type == "CR2") t$p_Satt else t$p_t
    df <- if (type == "CR2") t$df_Satt else t$df_t
    ci <- coef(m)["x"] + c(-1, 1) * qt(.975, df) * t$SE
    cat(" ", type, sprintf("%.15g", c(t$SE, df, p, ci)), "\n")
  }
  s <- summary(m)$coefficients["x", ]
  cat("  iid", sprintf("%.15g", c(s[2], m$df.residual, s[4])), "\n")
}
show("balanced", d, d$u)
g <- d[(d$u * 5 + d$t * 3) %% 10 != 0, ]
show("gaps", g, g$u)
show("gaps, by pair", g, g$pair)
g <- rbind(g, transform(g[seq(1, nrow(g), 7), ], y = y + 1))
show("gaps and twice", g, g$u)
