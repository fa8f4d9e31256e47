# SPDX-License-Identifier: GPL-3.0-or-later
# The effect since the promotion began, look after look: band, estimate, planned looks, zero and threshold.
x(text) = time_is_date ? strptime('%Y-%m-%d', text) : real(text)
half = time_step * (time_is_date ? 86400 : 1) / 2
x_from = x(time_first) - half
x_to = x(time_last) + half
room = y_high > y_low ? y_high - y_low : 1
y_from = y_low - 0.06 * room
y_to = y_high + 0.06 * room
set xrange [x_from:x_to]
set yrange [y_from:y_to]
set lmargin at screen 0.13
set rmargin at screen 0.84
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set xlabel time_label textcolor rgb grey
set grid noxtics
set ytics ()
step = tic_step(y_to - y_from, 7)
do for [i = int(ceil(y_from / step)):int(floor(y_to / step))] {
    set ytics add (tic_text(i * step, step).(relative ? ' %%' : '') i * step)
}
# at most eight of the looks have their day at the axis
if (time_is_date) {
    days = (x_to - x_from) / 86400
    apart = time_step * max(1, ceil(days / time_step / 8))
    set xtics ()
    do for [i = 0:int(days / apart)] {
        t = x(time_first) + i * apart * 86400
        if (t <= x(time_last) + half / 2) { set xtics add (strftime('%d %b', t) t) }
    }
    years = strftime('%Y', x(time_first))
    if (years ne strftime('%Y', x(time_last))) { years = years.' - '.strftime('%Y', x(time_last)) }
    set xlabel years
} else {
    if (x_to - x_from <= 14) { set xtics 1 }
}
set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead linewidth 2 linecolor rgb ink front
# the words at the right keep their distance
now_y = now
zero_y = 0
apart = 0.07 * (y_to - y_from)
if (abs(now_y) < apart) { now_y = now >= 0 ? apart : -apart }
now_size = strlen(now_text) > 9 ? int(26 * 9 / strlen(now_text)) : 26
set label 1 now_text at graph 1.015, first now_y left font bold.','.now_size textcolor rgb blue
set label 2 'No effect' at graph 1.015, first zero_y left textcolor rgb ink
if (is_number(threshold)) {
    set arrow 3 from graph 0, first threshold to graph 1, first threshold nohead linewidth 2 dashtype 2 linecolor rgb orange front
    # beside the line, or where there is no room on it at its beginning
    beside = abs(threshold - now_y) > apart && abs(threshold) > apart
    if (beside) { set label 3 'Worth having' at graph 1.015, first threshold left textcolor rgb orange }
    if (!beside) { set label 3 'Worth having' at graph 0.01, first threshold left offset 0, 0.6 textcolor rgb orange front }
}
if (looks > 0) {
    set label 5 (looks == 1 ? 'Grey bar: the planned look' : 'Grey bars: planned looks') at graph 1, graph 1.035 right textcolor rgb grey
}
bold_labels = bold_labels.' 1:'.now_size
dot = points <= 60 ? 0.9 : 0.4
bar = looks <= 20 ? 5 : 2
when(column) = time_is_date ? timecolumn(column, '%Y-%m-%d') : column(column)
plot file skip 1 using (when(1)):3:4 with filledcurves fillcolor rgb '#d3e3f1' notitle, \
     file skip 1 using (points == 1 ? when(1) : NaN):3:(0):($4 - $3) with vectors nohead lw 30 lc rgb '#d3e3f1' notitle, \
     file skip 1 using (when(1)):5:(0):($6 - $5) with vectors nohead lw bar lc rgb '#9aa3ab' notitle, \
     file skip 1 using (when(1)):2 with linespoints pt 7 ps dot lw 3 lc rgb blue notitle
