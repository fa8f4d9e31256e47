# SPDX-License-Identifier: GPL-3.0-or-later
# A KPI period by period: line, band, target; its last value in large type at the end.
room = y_most > y_least ? y_most - y_least : max(abs(y_most), 1)
y_from = y_least - 0.08 * room
y_to = y_most + 0.10 * room
if (y_from < 0 && y_least >= 0) { y_from = 0 }
set xrange [-0.4:points - 0.6]
set yrange [y_from:y_to]
set lmargin at screen 0.12
set rmargin at screen 0.83
set bmargin at screen 0.12
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set grid noxtics
unset xtics
set ytics ()
step = tic_step(y_to - y_from, 7)
do for [i = int(ceil(y_from / step)):int(floor(y_to / step))] {
    set ytics add (tic_text(i * step, step).(per_cent ? ' %%' : '') i * step)
}
if (y_from < 0 && y_to > 0) { set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead linewidth 2 linecolor rgb grey back }
# the words at the right keep their distance
now_size = strlen(now_text) > 9 ? int(30 * 9 / strlen(now_text)) : 30
apart = 0.085 * (y_to - y_from)
if (is_number(target)) {
    set arrow 2 from graph 0, first target to graph 1, first target nohead linewidth 3 dashtype 2 linecolor rgb ink front
    target_y = target
    if (abs(target - now) < apart) { target_y = now + (target >= now ? apart : -apart) }
    if (target_y > y_to) { target_y = now - apart }
    if (target_y < y_from) { target_y = now + apart }
    set label 2 'Target' at graph 1.012, first target_y left offset 0, 0.5 textcolor rgb ink
    set label 3 target_text at graph 1.012, first target_y left offset 0, -0.55 font face.',18' textcolor rgb ink
}
color = status == 1 ? green : status == 2 ? amber : status == 3 ? orange : blue
set label 1 now_text at graph 1.012, first now left font bold.','.now_size textcolor rgb color
bold_labels = bold_labels.' 1:'.now_size
every = max(1, ceil(1.0 * points / floor(909.0 / (12.6 * (name_columns + 2)))))
dot = points <= 60 ? 1.0 : 0.4
plot file skip 1 using 1:3:4 with filledcurves fillcolor rgb '#d3e3f1' notitle, \
     file skip 1 using 1:2 with linespoints pt 7 ps dot lw 4 lc rgb blue notitle, \
     file skip 1 using (int($1) == int(now_x) ? $1 : NaN):2 with points pt 7 ps 2.2 lc rgb color notitle, \
     file skip 1 using (int($1) % every == (points - 1) % every ? $1 : NaN):(y_from):5 with labels center offset 0, -1 tc rgb grey notitle
