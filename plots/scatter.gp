# SPDX-License-Identifier: GPL-3.0-or-later
# Named dots with the intervals of what is upright, arrows where these reach further, and the middle of both.
x_room = x_most > x_least ? x_most - x_least : max(abs(x_most), 1)
y_room = y_most > y_least ? y_most - y_least : max(abs(y_most), 1)
# the outermost dots keep this share of the picture to the edges
pad = margin / (1 - 2 * margin)
x_from = x_least - pad * x_room
x_to = x_most + pad * x_room
y_from = y_least - pad * y_room
y_to = y_most + pad * y_room
set xrange [x_from:x_to]
set yrange [y_from:y_to]
set lmargin at screen 0.12
set rmargin at screen 0.96
set xlabel x_label textcolor rgb grey
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set xtics ()
step = tic_step(x_to - x_from, 8)
do for [i = int(ceil(x_from / step)):int(floor(x_to / step))] {
    set xtics add (tic_text(i * step, step).(x_per_cent ? ' %%' : '') i * step)
}
set ytics ()
step = tic_step(y_to - y_from, 7)
do for [i = int(ceil(y_from / step)):int(floor(y_to / step))] {
    set ytics add (tic_text(i * step, step).(y_per_cent ? ' %%' : '') i * step)
}
set arrow 1 from x_median, graph 0 to x_median, graph 1 nohead linewidth 2 dashtype 2 linecolor rgb '#b4bcc4' back
set arrow 2 from graph 0, first y_median to graph 1, first y_median nohead linewidth 2 dashtype 2 linecolor rgb '#b4bcc4' back
small = face.',18'
plot file skip 1 using 1:3:(0):($4 - $3) with vectors nohead lw 3 lc rgb '#c3d7e6' notitle, \
     file skip 1 using 1:($7 > 0 ? $3 + 0.03 * (y_to - y_from) : NaN):(0):(-0.03 * (y_to - y_from)) with vectors filled head size screen 0.012, 20 lw 3 lc rgb '#c3d7e6' notitle, \
     file skip 1 using 1:($8 > 0 ? $4 - 0.03 * (y_to - y_from) : NaN):(0):(0.03 * (y_to - y_from)) with vectors filled head size screen 0.012, 20 lw 3 lc rgb '#c3d7e6' notitle, \
     file skip 1 using 1:2 with points pt 7 ps 1.8 lc rgb blue notitle, \
     file skip 1 using (int($5) == 1 ? $1 : NaN):2:6 with labels left offset 1, 0 font small tc rgb ink notitle, \
     file skip 1 using (int($5) == 2 ? $1 : NaN):2:6 with labels right offset -1, 0 font small tc rgb ink notitle, \
     file skip 1 using (int($5) == 3 ? $1 : NaN):2:6 with labels center offset 0, 0.9 font small tc rgb ink notitle, \
     file skip 1 using (int($5) == 4 ? $1 : NaN):2:6 with labels center offset 0, -0.9 font small tc rgb ink notitle
