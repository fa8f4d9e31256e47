# SPDX-License-Identifier: GPL-3.0-or-later
# Lines or steps with their names at the ends; bands where there is room for them.
room = y_most > y_least ? y_most - y_least : max(abs(y_most), 1)
y_from = y_least - 0.05 * room
y_to = y_most + 0.06 * room
if (y_from < 0 && y_least >= 0) { y_from = 0 }
width = x_most > x_least ? x_most - x_least : 1
x_from = tics > 0 || !steps ? x_least - 0.02 * width : x_least
x_to = x_most + (tics > 0 || !steps ? 0.02 : 0) * width
set xrange [x_from:x_to]
set yrange [y_from:y_to]
set lmargin at screen 0.12
# the names' own room
set rmargin at screen (name_columns == 0 ? 0.96 : 0.975 - 0.0104 * name_columns)
set xlabel x_label textcolor rgb grey
if (tics > 0) { set xlabel offset 0, -1.2 }
set label 4 y_label at screen 0.022, graph 0.5 center rotate by 90 textcolor rgb grey
set grid noxtics
set ytics ()
step = tic_step(y_to - y_from, 7)
do for [i = int(ceil(y_from / step)):int(floor(y_to / step))] {
    set ytics add (tic_text(i * step, step).(y_per_cent ? ' %%' : '') i * step)
}
set xtics ()
if (tics > 0) {
    unset xtics
    # as labels: a tic's text would be read as a format
    do for [i = 1:tics] { set label 40 + i value(sprintf('tic_%d', i)) at first value(sprintf('tic_at_%d', i)), graph -0.055 center textcolor rgb grey }
} else {
    x_step = tic_step(x_to - x_from, 8)
    do for [i = int(ceil(x_from / x_step)):int(floor(x_to / x_step))] {
        set xtics add (tic_text(i * x_step, x_step).(x_per_cent ? ' %%' : '') i * x_step)
    }
}
if (y_from < 0 && y_to > 0) { set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead linewidth 2 linecolor rgb grey back }
if (diagonal) { set arrow 2 from max(x_from, y_from), max(x_from, y_from) to min(x_to, y_to), min(x_to, y_to) nohead linewidth 3 dashtype 2 linecolor rgb grey back }
if (is_number(target)) {
    set arrow 3 from graph 0, first target to graph 1, first target nohead linewidth 3 dashtype 2 linecolor rgb ink front
    set label 3 'Target' at graph 0.01, first target left offset 0, 0.5 textcolor rgb ink front
}
palette = '#0072b2 #d55e00 #009e73 #b87700 #cc79a7 #56b4e9 #8c564b #66707a'
pales = '#d3e3f1 #fbe3d3 #d0ece3 #f5e6cc #f6e3ed #e1f1fb #ecdfdc #e3e6e9'
is_all(i) = int(value(sprintf('is_all_%d', i)))
color(i) = lines == 1 ? blue : is_all(i) ? ink : word(palette, (i - 1) % 8 + 1)
pale_color(i) = lines == 1 ? '#d3e3f1' : is_all(i) ? '#e3e6e9' : word(pales, (i - 1) % 8 + 1)
do for [i = 1:lines] {
    # the spread places are shares of the lines' own range
    place = y_least + value(sprintf('name_at_%d', i)) * room
    set label 20 + i value(sprintf('name_%d', i)) at graph 1.012, first place left textcolor rgb color(i)
}
dot = steps ? 0 : 0.9
plot for [i = 1:lines] file skip 1 using (int($1) == i ? $2 : NaN):4:5 with filledcurves fillstyle transparent solid 0.7 noborder fillcolor rgb pale_color(i) notitle, \
     for [i = 1:lines] file skip 1 using (int($1) == i ? $2 : NaN):3 with linespoints pt 7 ps dot lw (is_all(i) ? 5 : 3.5) lc rgb color(i) notitle
