# SPDX-License-Identifier: GPL-3.0-or-later
# Groups below one another, best first: dots with intervals, or bars, against the target.
room = x_most > x_least ? x_most - x_least : max(abs(x_most), 1)
x_from = bars && x_least >= 0 ? 0 : x_least - 0.05 * room
x_to = x_most + 0.05 * room
if (x_from < 0 && x_least >= 0) { x_from = 0 }
set xrange [x_from:x_to]
set xlabel x_label textcolor rgb grey
set xtics ()
step = tic_step(x_to - x_from, 6)
do for [i = int(ceil(x_from / step)):int(floor(x_to / step))] {
    set xtics add (tic_text(i * step, step).(per_cent ? ' %%' : '') i * step)
}
row_px = 440.0 / (rows + 1)
row_font = min(22, 0.74 * row_px)
set yrange [0.4:rows + 0.7]
set lmargin at screen 0.27
set rmargin at screen 0.72
set grid noytics
set ytics () nomirror scale 0 font face.','.sprintf('%.1f', row_font) textcolor rgb ink
if (x_from < 0 && x_to > 0) { set arrow 1 from 0, graph 0 to 0, graph 1 nohead linewidth 2 linecolor rgb grey back }
if (is_number(target)) {
    set tmargin at screen 0.76
    set arrow 2 from target, graph 0 to target, graph 1 nohead linewidth 3 dashtype 2 linecolor rgb ink front
    late = target > x_from + 0.6 * (x_to - x_from)
    if (late) { set label 2 target_text at target, graph 1.03 right textcolor rgb ink }
    if (!late) { set label 2 target_text at target, graph 1.03 left textcolor rgb ink }
}

# on target, at risk and off differ in shape and word, not in colour alone
color(status) = status == 1 ? 0x009e73 : status == 2 ? 0xb87700 : status == 3 ? 0xd55e00 : status == 4 ? 0x66707a : 0x0072b2
mark(status) = status == 2 ? 13 : status == 3 ? 9 : 7
word_of(status) = status == 2 ? '   at risk' : status == 3 ? '   off' : ''
width = max(2, min(5, 0.2 * row_px))
size = max(0.8, min(2.4, 0.09 * row_px))
small = face.','.sprintf('%.1f', 0.86 * row_font)
plot file skip 1 using (bars && is_number($2) ? $2 / 2 : NaN):1:(abs($2) / 2):(0.33):(color($7)) with boxxyerror fillstyle solid 1 lc rgb variable notitle, \
     file skip 1 using ($3):1:($4 - $3):(0):(color($7)) with vectors nohead lw width lc rgb variable notitle, \
     file skip 1 using ($5 > 0 ? $3 + 0.03 * room : NaN):1:(-0.03 * room):(0):(color($7)) with vectors filled head size screen 0.012, 20 lw width lc rgb variable notitle, \
     file skip 1 using ($6 > 0 ? $4 - 0.03 * room : NaN):1:(0.03 * room):(0):(color($7)) with vectors filled head size screen 0.012, 20 lw width lc rgb variable notitle, \
     for [s = 0:4] file skip 1 using (!bars && int($7) == s ? $2 : NaN):1:(color($7)) with points pt mark(s) ps size lc rgb variable notitle, \
     file skip 1 using (x_from):1:ytic(8) with points pt -1 notitle, \
     file skip 1 using (strlen(strcol(10)) > 1 ? x_from + 0.02 * room : NaN):1:10 with labels left font small tc rgb grey notitle, \
     file skip 1 using (x_to):1:(strcol(9).word_of($7)):(color($7)) with labels left offset 1, 0 font small tc rgb variable notitle
