# SPDX-License-Identifier: GPL-3.0-or-later
# Somers' D of a value with a censored lifetime, for tests/unit/stats/test_concordance.c.
library(survival)
show <- function(time, event, x, name) {
  r <- concordance(Surv(time, event) ~ x)
  d <- 2 * r$concordance - 1; se <- 2 * sqrt(r$var)
  z <- atanh(d); sez <- se / (1 - d^2)
  lim <- tanh(z + c(-1, 1) * qnorm(.975) * sez)
  cat(name, sprintf("{%.17g, %.17g, %.17g, %.17g, %.17g, %g, %g, %g}\n", d, se, lim[1], lim[2],
      2 * pnorm(-abs(z / sez)), r$count["concordant"], r$count["discordant"], r$count["tied.x"]))
}
lung <- read.csv("../shared/data/survival_lung/lung.csv")
print(head(lung, 2))
ok <- !is.na(lung$ph.karno)
show(lung$time[ok], lung$status[ok] == 2, lung$ph.karno[ok], "lung, ph.karno")
show(lung$time, lung$status == 2, lung$age, "lung, age")
i <- 1:40
show((i * 37) %% 23, (i * 7) %% 5 < 3, (i * 11) %% 13, "tied")
