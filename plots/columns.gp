# SPDX-License-Identifier: GPL-3.0-or-later
# Columns beside one another from zero, each with its interval and its number.
set xrange [0.4:columns + 0.6]
set yrange [0:(y_most > 0 ? 1.12 * y_most : 1)]
set lmargin at screen 0.12
set rmargin at screen 0.96
set xlabel x_label textcolor rgb grey offset 0, -1.1
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set grid noxtics
unset xtics
set ytics ()
step = tic_step(y_most > 0 ? 1.12 * y_most : 1, 6)
do for [i = 0:int(1.12 * y_most / step)] { set ytics add (tic_text(i * step, step).(per_cent ? ' %%' : '') i * step) }
font_size = max(9, min(21, 280.0 / columns))
number_font = face.','.sprintf('%.1f', font_size)
plot file skip 1 using 1:($2 / 2):(0.36):($2 / 2) with boxxyerror fillstyle solid 1 lc rgb '#9cc3de' notitle, \
     file skip 1 using 1:3:(0):($4 - $3) with vectors nohead lw 4 lc rgb blue notitle, \
     file skip 1 using ($1 + 0.04):(is_number($4) ? $4 : $2):6 with labels left offset 0.2, 0.5 font number_font tc rgb ink notitle, \
     file skip 1 using 1:(0):5 with labels center offset 0, -1 font number_font tc rgb grey notitle
