# SPDX-License-Identifier: GPL-3.0-or-later
# Findings below one another, each with its interval and its number at the right; strong ones in blue.
in_ratios = relative && effect_most > 150
at(effect) = in_ratios ? log(max(1 + effect / 100, 1e-6)) : effect
room = effect_most > effect_least ? at(effect_most) - at(effect_least) : 1
x_from = at(effect_least) - 0.06 * room
x_to = at(effect_most) + 0.06 * room
set xrange [x_from:x_to]
set xlabel x_label textcolor rgb grey
set xtics ()
if (in_ratios) {
    set xtics add ('0 %%' 0)
    do for [side = 0:1] {
        steps = side ? '-20 -33 -50 -75 -90 -97 -99' : '25 50 100 300 900 2900 9900 99900 999900'
        last = 0
        do for [step in steps] {
            if (abs(at(real(step)) - last) > 0.1 * (x_to - x_from)) {
                last = at(real(step))
                set xtics add (ratio_text(step) last)
            }
        }
    }
} else {
    step = tic_step(x_to - x_from, 6)
    do for [i = int(ceil(x_from / step)):int(floor(x_to / step))] {
        set xtics add (tic_text(i * step, step).(per_cent ? ' %%' : '') i * step)
    }
}
row_px = 460.0 / (rows + 1)
row_font = min(24, 0.6 * row_px)
set yrange [0.4:rows + 0.7]
set lmargin at screen 0.29
set rmargin at screen 0.70
set grid noytics
set ytics () nomirror scale 0 font face.','.sprintf('%.1f', row_font) textcolor rgb ink
set arrow 1 from 0, graph 0 to 0, graph 1 nohead linewidth 2 linecolor rgb ink back

color(strong) = strong > 0 ? 0x0072b2 : 0x66707a
small = face.','.sprintf('%.1f', 0.8 * row_font)
plot file skip 1 using ($5 > 0 ? x_from : at($3)):1:(($6 > 0 ? x_to : at($4)) - ($5 > 0 ? x_from : at($3))):(0):(color($7)) \
         with vectors nohead lw 5 lc rgb variable notitle, \
     file skip 1 using ($5 > 0 ? x_from + 0.03 * room : NaN):1:(-0.03 * room):(0):(color($7)) \
         with vectors filled head size screen 0.012, 20 lw 5 lc rgb variable notitle, \
     file skip 1 using ($6 > 0 ? x_to - 0.03 * room : NaN):1:(0.03 * room):(0):(color($7)) \
         with vectors filled head size screen 0.012, 20 lw 5 lc rgb variable notitle, \
     file skip 1 using (at($2)):1:($7 > 0 ? 2.6 : 1.8):(color($7)):ytic(8) with points pt 7 ps variable lc rgb variable notitle, \
     file skip 1 using (x_from + 0.02 * room):1:10 with labels boxed left font small tc rgb grey notitle, \
     file skip 1 using (x_to):1:9 with labels right offset screen 0.285, 0 font small tc rgb ink notitle
